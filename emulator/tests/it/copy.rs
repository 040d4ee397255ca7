//! CopyObject, over the wire.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crc_fast::CrcAlgorithm;
use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Answer;
use crate::client::Client;

type Headers<'a> = &'a [(&'a str, &'a str)];

fn world() -> (Stuntbucket, Client) {
    let s3 = Stuntbucket::builder().bucket("box").bucket("other").start().unwrap();
    let client = Client::owner(&s3);
    let headers = [
        ("content-type", "text/plain"),
        ("cache-control", "no-cache"),
        ("x-amz-meta-a", "1"),
        ("x-amz-tagging", "t=1"),
        ("x-amz-storage-class", "STANDARD_IA"),
        ("x-amz-website-redirect-location", "/there"),
        ("x-amz-checksum-sha256", "1YQo81vx2VFUl0q5ccWISq8AkSBQQ0WO80S82TmfdIQ="),
    ];
    let put = client.send("PUT", "/box/k", &headers, b"test-checksum");
    assert_eq!(put.status, 200, "{}", put.text());
    (s3, client)
}

fn copy(client: &Client, target: &str, source: &str, headers: Headers<'_>) -> Answer {
    let mut all = vec![("x-amz-copy-source", source)];
    all.extend_from_slice(headers);
    client.send("PUT", target, &all, b"")
}

fn head(client: &Client, target: &str) -> Answer {
    client.send("HEAD", target, &[("x-amz-checksum-mode", "ENABLED")], b"")
}

#[test]
fn a_copy_is_what_its_source_is() {
    let (_s3, client) = world();
    let ignored = [("content-type", "x/y"), ("x-amz-meta-b", "2"), ("x-amz-tagging", "u=2&v=3")];
    let done = copy(&client, "/other/copy", "/box/k", &ignored);
    assert_eq!(done.status, 200, "{}", done.text());
    let text = done.text();
    assert!(text.contains("<CopyObjectResult xmlns=") && text.contains("<LastModified>"));
    let found = head(&client, "/other/copy");
    let etag = found.header("etag").unwrap();
    let told = format!(
        "<ETag>{etag}</ETag><ChecksumSHA256>1YQo81vx2VFUl0q5ccWISq8AkSBQQ0WO80S82TmfdIQ=\
         </ChecksumSHA256><ChecksumType>FULL_OBJECT</ChecksumType>"
    );
    assert!(text.contains(&told), "{text}");
    for (name, value) in [
        ("content-type", Some("text/plain")),
        ("cache-control", Some("no-cache")),
        ("x-amz-meta-a", Some("1")),
        ("x-amz-meta-b", None),
        ("x-amz-tagging-count", Some("1")),
        ("x-amz-storage-class", None),
        ("x-amz-website-redirect-location", None),
        ("x-amz-checksum-sha256", Some("1YQo81vx2VFUl0q5ccWISq8AkSBQQ0WO80S82TmfdIQ=")),
        ("x-amz-server-side-encryption", Some("AES256")),
    ] {
        assert_eq!(found.header(name), value, "{name}");
    }
    assert_eq!(client.get("/other/copy").text(), "test-checksum");
}

#[test]
fn directives_take_from_the_request() {
    let (_s3, client) = world();
    let headers = [
        ("x-amz-metadata-directive", "REPLACE"),
        ("x-amz-tagging-directive", "REPLACE"),
        ("x-amz-meta-b", "2"),
        ("x-amz-checksum-algorithm", "CRC32"),
    ];
    assert_eq!(copy(&client, "/box/copy", "box/k", &headers).status, 200);
    let found = head(&client, "/box/copy");
    for (name, value) in [
        ("content-type", Some("binary/octet-stream")),
        ("cache-control", None),
        ("x-amz-meta-a", None),
        ("x-amz-meta-b", Some("2")),
        ("x-amz-tagging-count", None),
        ("x-amz-checksum-crc32", Some("lVk/nw==")),
    ] {
        assert_eq!(found.header(name), value, "{name}");
    }
    for (header, message) in [
        ("x-amz-metadata-directive", "Unknown metadata directive."),
        ("x-amz-tagging-directive", "Unknown tagging directive."),
    ] {
        let answer =
            copy(&client, "/box/copy", "box/k", &[(header, "x")]).expect(400, "InvalidArgument");
        assert_eq!(answer.element("Message").as_deref(), Some(message));
    }
    let other = copy(&client, "/box/copy", "box/k", &[("x-amz-checksum-algorithm", "TEST")]);
    other.expect(400, "InvalidRequest");
}

#[test]
fn a_copy_onto_itself_changes_something() {
    let (_s3, client) = world();
    for headers in [
        &[][..],
        &[("x-amz-meta-b", "2")][..],
        &[("x-amz-metadata-directive", "COPY")][..],
        &[("x-amz-tagging-directive", "REPLACE")][..],
    ] {
        let answer = copy(&client, "/box/k", "box/k", headers).expect(400, "InvalidRequest");
        let message = answer.element("Message").unwrap();
        assert!(message.starts_with("This copy request is illegal because"), "{message}");
    }
    for header in [
        ("x-amz-metadata-directive", "REPLACE"),
        ("x-amz-storage-class", "STANDARD"),
        ("x-amz-website-redirect-location", "/there"),
        ("x-amz-server-side-encryption", "AES256"),
    ] {
        assert_eq!(copy(&client, "/box/k", "box/k", &[header]).status, 200, "{header:?}");
        assert_eq!(client.get("/box/k").text(), "test-checksum");
    }
}

#[test]
fn sources_that_are_none() {
    let (s3, client) = world();
    for source in ["b", "box/", "/box", "%2Fbox"] {
        let answer = copy(&client, "/box/copy", source, &[]).expect(400, "InvalidArgument");
        assert_eq!(answer.element("Message").as_deref(), Some("Invalid copy source object key"));
        assert_eq!(answer.element("ArgumentValue").as_deref(), Some("x-amz-copy-source"));
    }
    let none = copy(&client, "/box/copy", "none/k", &[]).expect(404, "NoSuchBucket");
    assert_eq!(none.element("BucketName").as_deref(), Some("none"));
    let none = copy(&client, "/box/copy", "box/none", &[]).expect(404, "NoSuchKey");
    assert_eq!(none.element("Key").as_deref(), Some("none"));
    copy(&client, "/box/k", "box/k?versionId=null", &[]).expect(400, "InvalidRequest");
    assert_eq!(copy(&client, "/box/copy", "box/k?versionId=null", &[]).status, 200);
    s3.put_object("box", "a+b c%2F", "odd").unwrap();
    assert_eq!(copy(&client, "/box/copy", "box/a+b%20c%252F", &[]).status, 200);
    assert_eq!(client.get("/box/copy").text(), "odd");
    client.send("PUT", "/box/cold", &[("x-amz-storage-class", "GLACIER")], b"x");
    copy(&client, "/box/copy", "box/cold", &[]).expect(403, "ObjectNotInActiveTierError");
}

#[test]
fn what_is_wrong_with_a_source() {
    let (_s3, client) = world();
    let id = client.send("POST", "/box/p?uploads", &[], b"").element("UploadId").unwrap();
    let part = format!("/box/p?uploadId={id}&partNumber=1");
    let (empty, unknown) =
        ("Version id cannot be the empty string", "Invalid version id specified");
    let encoding = "Invalid copy source encoding.";
    let of_header = Some("x-amz-copy-source");
    for (target, source, code, message, argument) in [
        ("/box/copy", "box/k?versionId=x", "InvalidRequest", "Invalid Request", (None, None)),
        (&*part, "box/k?versionId=x", "InvalidArgument", unknown, (of_header, Some("x"))),
        ("/box/copy", "box/k?versionId=", "InvalidArgument", empty, (of_header, Some(""))),
        (&*part, "box/k?versionId=", "InvalidArgument", empty, (of_header, Some(""))),
        ("/box/copy", "box/bad%80key", "InvalidArgument", encoding, (of_header, of_header)),
    ] {
        let answer = copy(&client, target, source, &[]).expect(400, code);
        assert_eq!(answer.element("Message").as_deref(), Some(message), "{target} {source}");
        let (name, value) = (answer.element("ArgumentName"), answer.element("ArgumentValue"));
        assert_eq!((name.as_deref(), value.as_deref()), argument, "{target} {source}");
    }
    let body = client.send("PUT", "/box/copy", &[("x-amz-copy-source", "box/k")], b"body");
    assert_eq!(
        body.expect(400, "InvalidRequest").element("Message").as_deref(),
        Some(
            "The request included a body. Requests of this type must not include a non-empty body."
        )
    );
}

#[test]
fn conditions_on_the_source_and_on_the_target() {
    let (s3, client) = world();
    let etag = head(&client, "/box/k").header("etag").unwrap().to_owned();
    let bare = etag.trim_matches('"');
    let now = s3.clock().now();
    let (past, future) = (now.plus_seconds(-100).http(), now.plus_seconds(1_000).http());
    for (headers, failed) in [
        (&[("if-match", bare)][..], None),
        (&[("if-match", "other")][..], Some("x-amz-copy-source-If-Match")),
        (&[("if-unmodified-since", &*past)][..], Some("x-amz-copy-source-If-Unmodified-Since")),
        (&[("if-match", bare), ("if-unmodified-since", &past)][..], None),
        (&[("if-none-match", &*etag)][..], Some("x-amz-copy-source-If-None-Match")),
        (&[("if-none-match", "other")][..], None),
        (
            &[("if-none-match", "other"), ("if-unmodified-since", &past)][..],
            Some("x-amz-copy-source-If-Unmodified-Since"),
        ),
        (&[("if-modified-since", &*past)][..], None),
        (&[("if-modified-since", &*future)][..], None),
        (&[("if-modified-since", &*now.http())][..], Some("x-amz-copy-source-If-Modified-Since")),
    ] {
        let named: Vec<_> = headers
            .iter()
            .map(|(name, value)| (format!("x-amz-copy-source-{name}"), *value))
            .collect();
        let named: Vec<_> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let answer = copy(&client, "/box/copy", "box/k", &named);
        match failed {
            None => assert_eq!(answer.status, 200, "{named:?}: {}", answer.text()),
            Some(condition) => {
                let answer = answer.expect(412, "PreconditionFailed");
                assert_eq!(answer.element("Condition").as_deref(), Some(condition), "{named:?}");
            }
        }
    }
    let absent = copy(&client, "/box/copy", "box/k", &[("if-none-match", "*")]);
    absent.expect(412, "PreconditionFailed");
    assert_eq!(copy(&client, "/box/new", "box/k", &[("if-none-match", "*")]).status, 200);
    assert_eq!(copy(&client, "/box/new", "box/k", &[("if-match", &etag)]).status, 200);
    copy(&client, "/box/new", "box/k", &[("if-match", "\"x\"")]).expect(412, "PreconditionFailed");
}

#[test]
fn the_source_must_be_readable_and_the_target_writable() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("stranger").account("000000000002"))
        .bucket(Bucket::new("box").before_2023(true))
        .bucket(Bucket::new("theirs").owner("stranger"))
        .start()
        .unwrap();
    let (owner, stranger) = (Client::owner(&s3), Client::user(&s3, "stranger"));
    for (key, acl) in [("secret", "private"), ("open", "public-read")] {
        assert_eq!(
            owner.send("PUT", &format!("/box/{key}"), &[("x-amz-acl", acl)], b"x").status,
            200
        );
    }
    copy(&stranger, "/theirs/k", "box/secret", &[]).expect(403, "AccessDenied");
    copy(&stranger, "/theirs/k", "box/none", &[]).expect(403, "AccessDenied");
    copy(&stranger, "/box/k", "box/open", &[]).expect(403, "AccessDenied");
    assert_eq!(copy(&stranger, "/theirs/k", "box/open", &[]).status, 200);
    let expected = [("x-amz-source-expected-bucket-owner", "000000000009")];
    copy(&stranger, "/theirs/k", "box/open", &expected).expect(403, "AccessDenied");
    let nobody =
        copy(&Client::anonymous(&s3), "/box/k", "box/open", &[]).expect(403, "AccessDenied");
    let message = "Anonymous users cannot copy objects. Please authenticate.";
    assert_eq!(nobody.element("Message").as_deref(), Some(message));
    // The ACL is not copied.
    assert_eq!(copy(&owner, "/box/copy", "box/open", &[]).status, 200);
    Client::anonymous(&s3).get("/box/copy").expect(403, "AccessDenied");
}

#[test]
fn a_copy_of_an_object_in_parts_is_one_piece() {
    let (_s3, client) = world();
    let id = client
        .send("POST", "/box/parts?uploads", &[("x-amz-checksum-algorithm", "CRC32")], b"")
        .element("UploadId")
        .unwrap();
    let mut parts = String::new();
    for (number, size) in [(1, 5_242_881), (2, 5_242_881), (3, 10)] {
        let target = format!("/box/parts?uploadId={id}&partNumber={number}");
        let body = vec![b'a'; size];
        let value = crc32(&body);
        let answer = client.send("PUT", &target, &[("x-amz-checksum-crc32", &value)], &body);
        assert_eq!(answer.status, 200, "{}", answer.text());
        parts.push_str(&format!(
            "<Part><PartNumber>{number}</PartNumber><ETag>{}</ETag><ChecksumCRC32>{value}\
             </ChecksumCRC32></Part>",
            answer.header("etag").unwrap()
        ));
    }
    let document = format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>");
    let target = format!("/box/parts?uploadId={id}");
    let done = client.send("POST", &target, &[], document.as_bytes());
    assert_eq!(done.element("ChecksumCRC32").as_deref(), Some("5FRUiw==-3"), "{}", done.text());
    let etag = "&quot;4d45984fc3feb2ac9b22683c49674b56-3&quot;";
    assert_eq!(done.element("ETag").as_deref(), Some(etag));
    let copied = copy(&client, "/box/copy", "box/parts", &[]);
    let etag = "\"a0397ee2df08832642af5d7e57c5760c\"";
    assert_eq!(copied.element("ETag").as_deref(), Some(etag));
    assert_eq!(copied.element("ChecksumCRC32").as_deref(), Some("qSEQSA=="));
    assert_eq!(copied.element("ChecksumType").as_deref(), Some("FULL_OBJECT"));
    assert!(client.get("/box/copy").body == client.get("/box/parts").body);
}

fn crc32(bytes: &[u8]) -> String {
    let crc = crc_fast::checksum(CrcAlgorithm::Crc32IsoHdlc, bytes).to_be_bytes();
    STANDARD.encode(&crc[4..])
}

#[test]
fn a_version_is_copied_by_its_id() {
    let s3 = Stuntbucket::builder()
        .bucket(Bucket::new("box").versioning(true))
        .bucket("other")
        .start()
        .unwrap();
    let client = Client::owner(&s3);
    let id = |answer: &Answer| answer.header("x-amz-version-id").unwrap().to_owned();
    let old = id(&client.put("/box/k", b"old"));
    let new = id(&client.put("/box/k", b"new"));
    let done = copy(&client, "/other/k", "box/k", &[]);
    assert_eq!(done.header("x-amz-copy-source-version-id"), Some(&*new), "{}", done.text());
    assert_eq!(done.header("x-amz-version-id"), None);
    let done = copy(&client, "/other/k", &format!("box/k?versionId={old}"), &[]);
    assert_eq!(done.header("x-amz-copy-source-version-id"), Some(&*old), "{}", done.text());
    assert_eq!(client.get("/other/k").text(), "old");
    // What is current onto its own key is no change, unless it is named as a version.
    copy(&client, "/box/k", "box/k", &[]).expect(400, "InvalidRequest");
    let again = copy(&client, "/box/k", &format!("box/k?versionId={new}"), &[]);
    assert_eq!(again.status, 200, "{}", again.text());
    let restored = copy(&client, "/box/k", &format!("box/k?versionId={old}"), &[]);
    assert_eq!(restored.status, 200, "{}", restored.text());
    assert_eq!(client.get("/box/k").header("x-amz-version-id"), Some(&*id(&restored)));
    assert_eq!(client.get("/box/k").text(), "old");

    let marker = id(&client.send("DELETE", "/box/k", &[], b""));
    let hidden = copy(&client, "/other/k", "box/k", &[]).expect(404, "NoSuchKey");
    assert_eq!(hidden.header("x-amz-delete-marker"), Some("true"));
    assert_eq!(hidden.header("x-amz-version-id"), Some(&*marker));
    let of_marker = copy(&client, "/other/k", &format!("box/k?versionId={marker}"), &[]);
    of_marker.expect(400, "InvalidRequest");
    let gone = format!("box/k?versionId={}", marker.chars().rev().collect::<String>());
    assert!([400, 404].contains(&copy(&client, "/other/k", &gone, &[]).status));
    assert_eq!(copy(&client, "/other/k", &format!("box/k?versionId={new}"), &[]).status, 200);
    assert_eq!(client.get("/other/k").text(), "new");
}

#[test]
fn the_source_is_read_by_the_policies_of_its_bucket() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner").keys("AKIAOWNER", "S"))
        .user(User::new("guest").keys("AKIAGUEST", "S").account("222222222222"))
        .bucket(Bucket::new("box").policy(
            r#"{"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": {"AWS": "222222222222"},
                "Action": "s3:GetObject", "Resource": "arn:aws:s3:::box/open/*"}]}"#,
        ))
        .bucket(Bucket::new("mine").owner("guest"))
        .start()
        .unwrap();
    s3.put_object("box", "open/a", "a").unwrap();
    s3.put_object("box", "shut/a", "a").unwrap();
    let guest = Client::user(&s3, "guest");
    assert_eq!(copy(&guest, "/mine/a", "box/open/a", &[]).status, 200, "{}", s3.journal());
    copy(&guest, "/mine/a", "box/shut/a", &[]).expect(403, "AccessDenied");
    // Whether it is there is not for those who may not list.
    copy(&guest, "/mine/a", "box/open/absent", &[]).expect(403, "AccessDenied");
    copy(&guest, "/mine/a", "box/open/a?versionId=null", &[]).expect(403, "AccessDenied");
    copy(&guest, "/mine/a", "box/open/absent?versionId=null", &[]).expect(403, "AccessDenied");
    assert!(s3.journal().to_string().contains("s3:GetObjectVersion is denied"), "{}", s3.journal());
}
