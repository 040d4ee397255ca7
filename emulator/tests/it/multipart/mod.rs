//! Uploads in parts, over the wire. Values are those that S3 answered with.

mod again; // completions that are repeated, or come together
mod listed; // listings, and the end of uploads
mod object; // uploads that become objects
mod refused; // what is refused, and to whom

use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;

use crate::client::Answer;
use crate::client::Client;

const MIB_5: usize = 5 * 1024 * 1024;

struct World {
    s3: Stuntbucket,
    client: Client,
}

fn world() -> World {
    world_with(Bucket::new("box"))
}

fn world_with(bucket: Bucket) -> World {
    let s3 = Stuntbucket::builder().bucket(bucket).start().unwrap();
    let client = Client::owner(&s3);
    World { s3, client }
}

type Headers<'a> = &'a [(&'a str, &'a str)];

impl World {
    fn create(&self, key: &str, headers: Headers<'_>) -> String {
        let answer = self.client.send("POST", &format!("/box/{key}?uploads"), headers, b"");
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.element("UploadId").unwrap()
    }

    fn part(&self, key: &str, id: &str, number: u32, headers: Headers<'_>, body: &[u8]) -> Answer {
        let target = format!("/box/{key}?partNumber={number}&uploadId={id}");
        self.client.send("PUT", &target, headers, body)
    }

    /// Writes a part and returns its element of the document.
    fn put(&self, key: &str, id: &str, number: u32, headers: Headers<'_>, body: &[u8]) -> String {
        let answer = self.part(key, id, number, headers, body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let etag = answer.header("etag").unwrap();
        format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>")
    }

    fn complete(&self, key: &str, id: &str, headers: Headers<'_>, parts: &str) -> Answer {
        let document = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
        let target = format!("/box/{key}?uploadId={id}");
        self.client.send("POST", &target, headers, document.as_bytes())
    }

    fn abort(&self, key: &str, id: &str) -> Answer {
        self.client.send("DELETE", &format!("/box/{key}?uploadId={id}"), &[], b"")
    }

    fn attributes(&self, key: &str, headers: Headers<'_>) -> Answer {
        let mut all =
            vec![("x-amz-object-attributes", "ETag,Checksum,ObjectParts,StorageClass,ObjectSize")];
        all.extend_from_slice(headers);
        self.client.send("GET", &format!("/box/{key}?attributes"), &all, b"")
    }
}

/// Adds what the part's element says of its checksum.
fn with(part: &str, element: &str, value: &str) -> String {
    part.replace("</Part>", &format!("<{element}>{value}</{element}></Part>"))
}

const ENABLED: Headers<'static> = &[("x-amz-checksum-mode", "ENABLED")];
