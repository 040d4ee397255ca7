//! AWS's own SDK. A body that it reads from a file goes over HTTP in chunks that are signed, with a
//! trailer that is signed too, and over HTTPS in chunks that are not.

use std::fs;

use aws_sdk_s3::Client;
use aws_sdk_s3::Config;
use aws_sdk_s3::config::Credentials;
use aws_sdk_s3::config::Region;
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::presigning::PresignedRequest;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumAlgorithm;
use aws_sdk_s3::types::ChecksumMode;
use aws_sdk_s3::types::CompletedMultipartUpload;
use aws_sdk_s3::types::CompletedPart;
use aws_sdk_s3::types::Delete;
use aws_sdk_s3::types::ObjectIdentifier;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::TlsContext;
use aws_smithy_http_client::tls::TrustStore;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::utf8_percent_encode;
use reqwest::Response;
use tempfile::NamedTempFile;

use crate::place::A_MINUTE;
use crate::place::ODD;
use crate::place::Place;
use crate::place::over_http_and_https;
use crate::place::refusal;
use crate::place::refused;

fn client(place: &Place, secret: &str) -> Client {
    let mut roots = TrustStore::empty();
    if let Some(ca) = &place.ca {
        roots = roots.with_pem_certificate(ca.clone());
    }
    let tls = TlsContext::builder().with_trust_store(roots).build().unwrap();
    let http = Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(tls)
        .build_https();
    let keys = Credentials::new(&place.owner.access_key, secret, None, None, "the ready file");
    let config = Config::builder()
        .endpoint_url(&place.endpoint)
        .region(Region::new(place.region.clone()))
        .force_path_style(true)
        .credentials_provider(keys)
        .http_client(http)
        .build();
    Client::from_conf(config)
}

async fn objects_come_and_go(place: Place) {
    let s3 = client(&place, &place.owner.secret_key);
    for key in ["a", ODD] {
        let body = ByteStream::from_static(b"content");
        let put = s3.put_object().bucket(&place.bucket).key(key).content_type("text/x").body(body);
        put.metadata("name", "value").send().await.unwrap();
        let head = s3.head_object().bucket(&place.bucket).key(key).send().await.unwrap();
        assert_eq!((head.content_length(), head.content_type()), (Some(7), Some("text/x")));
        assert_eq!(head.metadata().unwrap()["name"], "value");
        assert_eq!(text_of(&s3, &place, key).await, "content");

        // Sent as it is given.
        let source = format!("{}/{}", place.bucket, utf8_percent_encode(key, NON_ALPHANUMERIC));
        let copy = s3.copy_object().bucket(&place.bucket).key("copy").copy_source(source);
        copy.send().await.unwrap();
        let listed = s3.list_objects_v2().bucket(&place.bucket).send().await.unwrap();
        let keys: Vec<_> = listed.contents().iter().filter_map(|object| object.key()).collect();
        assert_eq!(keys.len(), 2, "{keys:?}");
        assert!(keys.contains(&key) && keys.contains(&"copy"), "{keys:?}");

        let both = [key, "copy"].map(|key| ObjectIdentifier::builder().key(key).build().unwrap());
        let delete = Delete::builder().set_objects(Some(both.to_vec())).build().unwrap();
        let deleted = s3.delete_objects().bucket(&place.bucket).delete(delete).send();
        assert_eq!(deleted.await.unwrap().deleted().len(), 2);
        let missing = s3.get_object().bucket(&place.bucket).key(key).send().await.unwrap_err();
        assert!(missing.into_service_error().is_no_such_key());
    }
}

async fn a_file_is_sent_in_chunks(place: Place) {
    let s3 = client(&place, &place.owner.secret_key);
    // A chunk has 64 KiB: two whole ones and a rest.
    let content = "0123456789abcdef".repeat(9_000);
    let file = NamedTempFile::new().unwrap();
    fs::write(&file, &content).unwrap();
    let body = ByteStream::from_path(file.path()).await.unwrap();
    let put = s3.put_object().bucket(&place.bucket).key(ODD).body(body).send().await.unwrap();
    assert!(put.checksum_crc32().is_some());
    assert_eq!(text_of(&s3, &place, ODD).await, content);
    let head = s3.head_object().bucket(&place.bucket).key(ODD).send().await.unwrap();
    assert_eq!(head.content_encoding(), None);
}

async fn an_upload_in_parts(place: Place) {
    let s3 = client(&place, &place.owner.secret_key);
    // The parts' checksums may be told at the end only if the upload was told of their algorithm.
    let create = s3.create_multipart_upload().bucket(&place.bucket).key(ODD);
    let create = create.checksum_algorithm(ChecksumAlgorithm::Crc32);
    let upload = create.send().await.unwrap();
    let id = upload.upload_id().unwrap();
    let contents = ["a".repeat(5 * 1024 * 1024), "b".repeat(10)];
    let mut parts = Vec::new();
    for (number, content) in (1..).zip(&contents) {
        let part = s3.upload_part().bucket(&place.bucket).key(ODD).upload_id(id);
        let part = part.part_number(number).body(ByteStream::from(content.clone().into_bytes()));
        let sent = part.send().await.unwrap();
        let part = CompletedPart::builder().part_number(number);
        let part = part.set_e_tag(sent.e_tag).set_checksum_crc32(sent.checksum_crc32);
        parts.push(part.build());
    }
    let parts = CompletedMultipartUpload::builder().set_parts(Some(parts)).build();
    let complete = s3.complete_multipart_upload().bucket(&place.bucket).key(ODD).upload_id(id);
    let done = complete.multipart_upload(parts).send().await.unwrap();
    assert!(done.e_tag().unwrap().ends_with("-2\""));
    assert_eq!(text_of(&s3, &place, ODD).await, contents.concat());
}

async fn links(place: Place) {
    let s3 = client(&place, &place.owner.secret_key);
    let a_minute = || PresigningConfig::expires_in(A_MINUTE).unwrap();
    for key in ["a", ODD] {
        let put = s3.put_object().bucket(&place.bucket).key(key).content_type("text/x");
        let link = put.presigned(a_minute()).await.unwrap();
        assert_eq!(send(&place, &link, "sent").await.status(), 200);
        // The type is signed: without its headers the link is worth nothing.
        let bare = place.http().put(link.uri()).body("sent").send().await.unwrap();
        assert_eq!(refusal(bare).await, refused(403, "SignatureDoesNotMatch"));

        let get = s3.get_object().bucket(&place.bucket).key(key);
        let link = get.presigned(a_minute()).await.unwrap();
        let answer = send(&place, &link, "").await;
        assert_eq!(answer.headers()["content-type"], "text/x");
        assert_eq!(answer.text().await.unwrap(), "sent");
        let tampered = link.uri().replace("X-Amz-Expires=60", "X-Amz-Expires=61");
        assert_ne!(tampered, link.uri());
        let answer = place.http().get(tampered).send().await.unwrap();
        assert_eq!(refusal(answer).await, refused(403, "SignatureDoesNotMatch"));
    }
}

async fn a_wrong_secret_is_told(place: Place) {
    let liar = client(&place, "another/secret");
    let body = ByteStream::from_static(b"1");
    let told = liar.put_object().bucket(&place.bucket).key("a").body(body).send().await;
    assert_eq!(told.unwrap_err().code(), Some("SignatureDoesNotMatch"));
}

/// Read with its checksum, which the SDK verifies.
async fn text_of(s3: &Client, place: &Place, key: &str) -> String {
    let get = s3.get_object().bucket(&place.bucket).key(key).checksum_mode(ChecksumMode::Enabled);
    let body = get.send().await.unwrap().body.collect().await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

async fn send(place: &Place, link: &PresignedRequest, body: &'static str) -> Response {
    let mut request = place.http().request(link.method().parse().unwrap(), link.uri()).body(body);
    for (name, value) in link.headers() {
        request = request.header(name, value);
    }
    request.send().await.unwrap()
}

over_http_and_https!(
    objects_come_and_go,
    a_file_is_sent_in_chunks,
    an_upload_in_parts,
    links,
    a_wrong_secret_is_told,
);
