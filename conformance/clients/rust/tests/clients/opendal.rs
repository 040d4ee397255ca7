//! opendal signs no body at all.

use opendal::ErrorKind;
use opendal::HttpTransporter;
use opendal::Operator;
use opendal::services::S3;
use opendal_http_transport_reqwest::ReqwestTransport;

use crate::place::A_MINUTE;
use crate::place::ODD;
use crate::place::Place;
use crate::place::over_http_and_https;
use crate::place::refusal;
use crate::place::refused;

fn operator(place: &Place, secret: &str) -> Operator {
    let service = S3::default()
        .bucket(&place.bucket)
        .endpoint(&place.endpoint)
        .region(&place.region)
        .access_key_id(&place.owner.access_key)
        .secret_access_key(secret)
        .disable_config_load();
    let operator = Operator::new(service).unwrap();
    let transport = HttpTransporter::new(ReqwestTransport::new(place.http()));
    let context = operator.context().with_http_transport(transport);
    operator.with_context(context)
}

async fn objects_come_and_go(place: Place) {
    let operator = operator(&place, &place.owner.secret_key);
    for key in ["a", ODD] {
        operator.write_with(key, "content").content_type("text/x").await.unwrap();
        let found = operator.stat(key).await.unwrap();
        assert_eq!((found.content_length(), found.content_type()), (7, Some("text/x")));
        assert_eq!(operator.read_with(key).range(3..5).await.unwrap().to_vec(), b"te");
        let listed = operator.list_with("/").recursive(true).await.unwrap();
        assert!(listed.iter().any(|entry| entry.path() == key), "{listed:?}");
        operator.delete(key).await.unwrap();
        assert_eq!(operator.read(key).await.unwrap_err().kind(), ErrorKind::NotFound);
    }
}

async fn an_upload_in_parts(place: Place) {
    let operator = operator(&place, &place.owner.secret_key);
    let content = vec![7; 11 * 1024 * 1024];
    let mut writer = operator.writer_with("large").chunk(5 * 1024 * 1024).await.unwrap();
    writer.write(content.clone()).await.unwrap();
    writer.close().await.unwrap();
    assert!(operator.stat("large").await.unwrap().etag().unwrap().ends_with("-3\""));
    assert_eq!(operator.read("large").await.unwrap().to_vec(), content);
}

async fn links(place: Place) {
    let operator = operator(&place, &place.owner.secret_key);
    for key in ["a", ODD] {
        let link = operator.presign_write(key, A_MINUTE).await.unwrap();
        let sent = place.http().put(link.uri().to_string()).body("sent").send().await.unwrap();
        assert_eq!(sent.status(), 200);
        let link = operator.presign_read(key, A_MINUTE).await.unwrap();
        let url = link.uri().to_string();
        let read = place.http().get(&url).send().await.unwrap();
        assert_eq!(read.text().await.unwrap(), "sent");
        let tampered = url.replace("X-Amz-Expires=60", "X-Amz-Expires=61");
        assert_ne!(tampered, url);
        let answer = place.http().get(tampered).send().await.unwrap();
        assert_eq!(refusal(answer).await, refused(403, "SignatureDoesNotMatch"));
    }
}

async fn a_wrong_secret_is_told(place: Place) {
    let told = operator(&place, "another/secret").write("a", "1").await.unwrap_err();
    assert_eq!(told.kind(), ErrorKind::PermissionDenied);
    assert!(told.to_string().contains("SignatureDoesNotMatch"), "{told}");
}

over_http_and_https!(objects_come_and_go, an_upload_in_parts, links, a_wrong_secret_is_told);
