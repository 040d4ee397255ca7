use reqwest::Client;
use reqwest::header::ETAG;
use rusty_s3::Bucket;
use rusty_s3::Credentials;
use rusty_s3::S3Action;
use rusty_s3::actions::CompleteMultipartUpload;
use rusty_s3::actions::CreateMultipartUpload;
use rusty_s3::actions::ListObjectsV2;
use rusty_s3::actions::UploadPart;

use crate::place::A_MINUTE;
use crate::place::ODD;
use crate::place::Place;
use crate::place::over_http_and_https;
use crate::place::refusal;
use crate::place::refused;

struct Signer {
    bucket: Bucket,
    keys: Credentials,
    http: Client,
}

impl Signer {
    fn of(place: &Place) -> Self {
        Self { bucket: place.signer(), keys: place.keys(), http: place.http() }
    }

    async fn text_of(&self, key: &str) -> String {
        let url = self.bucket.get_object(Some(&self.keys), key).sign(A_MINUTE);
        let answer = self.http.get(url).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.text().await.unwrap()
    }
}

async fn objects_come_and_go(place: Place) {
    let signer = Signer::of(&place);
    let Signer { bucket, keys, http } = &signer;
    for key in ["a", ODD] {
        let mut put = bucket.put_object(Some(keys), key);
        // Every header that is inserted is signed.
        put.headers_mut().insert("content-type", "text/x");
        let url = put.sign(A_MINUTE);
        let send = |of_type| http.put(url.clone()).header("content-type", of_type).body("content");
        assert_eq!(send("text/x").send().await.unwrap().status(), 200);
        let answer = send("text/y").send().await.unwrap();
        assert_eq!(refusal(answer).await, refused(403, "SignatureDoesNotMatch"));
        assert_eq!(signer.text_of(key).await, "content");

        let list = ListObjectsV2::new(bucket, Some(keys)).sign(A_MINUTE);
        let listed = http.get(list).send().await.unwrap().text().await.unwrap();
        let listed = ListObjectsV2::parse_response(&listed).unwrap();
        assert_eq!(listed.contents.iter().map(|item| &*item.key).collect::<Vec<_>>(), [key]);

        let head = bucket.head_object(Some(keys), key).sign(A_MINUTE);
        assert_eq!(http.head(head).send().await.unwrap().headers()["content-type"], "text/x");
        let delete = bucket.delete_object(Some(keys), key).sign(A_MINUTE);
        assert_eq!(http.delete(delete).send().await.unwrap().status(), 204);
        let get = bucket.get_object(Some(keys), key).sign(A_MINUTE);
        let answer = http.get(get).send().await.unwrap();
        assert_eq!(refusal(answer).await, refused(404, "NoSuchKey"));
    }
}

/// All of it by links: rusty-s3 writes `uploads=1`.
async fn an_upload_in_parts(place: Place) {
    let signer = Signer::of(&place);
    let Signer { bucket, keys, http } = &signer;
    let create = CreateMultipartUpload::new(bucket, Some(keys), ODD).sign(A_MINUTE);
    let created = http.post(create).send().await.unwrap().text().await.unwrap();
    let upload = CreateMultipartUpload::parse_response(&created).unwrap();
    let parts = ["a".repeat(5 * 1024 * 1024), "b".repeat(10)];
    let mut etags = Vec::new();
    for (number, part) in (1..).zip(&parts) {
        let url = UploadPart::new(bucket, Some(keys), ODD, number, upload.upload_id());
        let sent = http.put(url.sign(A_MINUTE)).body(part.clone()).send().await.unwrap();
        etags.push(sent.headers()[ETAG].to_str().unwrap().to_owned());
    }
    let etags = etags.iter().map(|etag| &**etag);
    let complete = CompleteMultipartUpload::new(bucket, Some(keys), ODD, upload.upload_id(), etags);
    let url = complete.sign(A_MINUTE);
    let done = http.post(url).body(complete.body()).send().await.unwrap();
    assert_eq!(done.status(), 200);
    assert_eq!(signer.text_of(ODD).await, parts.concat());
}

async fn refusals(place: Place) {
    let Signer { bucket, keys, http } = Signer::of(&place);
    let get = |url: String| async { refusal(http.get(url).send().await.unwrap()).await };
    let url = bucket.get_object(Some(&keys), "a").sign(A_MINUTE).to_string();
    assert_eq!(get(url.replace("/a?", "/b?")).await, refused(403, "SignatureDoesNotMatch"));
    assert_eq!(get(url.replace("X-Amz-Expires=60", "X-Amz-Expires=61")).await.0, 403);
    let url = bucket.get_object(Some(&keys), "a").sign(std::time::Duration::from_secs(1));
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    assert_eq!(get(url.to_string()).await, refused(403, "AccessDenied"));
    let liar = Credentials::new(&place.owner.access_key, "another/secret");
    let url = bucket.get_object(Some(&liar), "a").sign(A_MINUTE);
    assert_eq!(get(url.to_string()).await, refused(403, "SignatureDoesNotMatch"));
}

over_http_and_https!(objects_come_and_go, an_upload_in_parts, refusals);
