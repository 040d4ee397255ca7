use futures::TryStreamExt;
use object_store::Certificate;
use object_store::ClientOptions;
use object_store::Error;
use object_store::ObjectStore;
use object_store::ObjectStoreExt;
use object_store::PutMode;
use object_store::RetryConfig;
use object_store::WriteMultipart;
use object_store::aws::AmazonS3;
use object_store::aws::AmazonS3Builder;
use object_store::path::Path;
use object_store::signer::Signer;
use reqwest::Method;

use crate::place::A_MINUTE;
use crate::place::ODD;
use crate::place::Place;
use crate::place::over_http_and_https;
use crate::place::refusal;
use crate::place::refused;

fn store(place: &Place, secret: &str) -> AmazonS3 {
    let mut options = ClientOptions::new().with_allow_http(true);
    if let Some(ca) = &place.ca {
        options = options.with_root_certificate(Certificate::from_pem(ca).unwrap());
    }
    AmazonS3Builder::new()
        .with_endpoint(&place.endpoint)
        .with_region(&place.region)
        .with_bucket_name(&place.bucket)
        .with_access_key_id(&place.owner.access_key)
        .with_secret_access_key(secret)
        .with_client_options(options)
        .with_retry(RetryConfig { max_retries: 0, ..RetryConfig::default() })
        .build()
        .unwrap()
}

async fn all(place: Place) {
    let store = store(&place, &place.owner.secret_key);
    for key in ["a", ODD] {
        let key = Path::parse(key).unwrap();
        store.put(&key, "content".into()).await.unwrap();
        let exists = store.put_opts(&key, "other".into(), PutMode::Create.into()).await;
        assert!(matches!(exists, Err(Error::AlreadyExists { .. })), "{exists:?}");
        assert_eq!(store.head(&key).await.unwrap().size, 7);
        assert_eq!(store.get_range(&key, 3..5).await.unwrap(), "te");
        let listed: Vec<_> = store.list(key.prefix_of().as_ref()).try_collect().await.unwrap();
        assert_eq!(listed.iter().filter(|item| item.location == key).count(), 1);

        let url = store.signed_url(Method::PUT, &key, A_MINUTE).await.unwrap();
        assert_eq!(place.http().put(url).body("sent").send().await.unwrap().status(), 200);
        let url = store.signed_url(Method::GET, &key, A_MINUTE).await.unwrap();
        let answer = place.http().get(url.clone()).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "sent");
        let tampered = url.as_str().replace("X-Amz-Expires=60", "X-Amz-Expires=61");
        assert_ne!(tampered, url.as_str());
        let answer = place.http().get(tampered).send().await.unwrap();
        assert_eq!(refusal(answer).await, refused(403, "SignatureDoesNotMatch"));

        let copy = Path::from("copy");
        store.copy(&key, &copy).await.unwrap();
        assert_eq!(store.get(&copy).await.unwrap().bytes().await.unwrap(), "sent");
        let keys = futures::stream::iter([Ok(key.clone()), Ok(copy)]);
        // In one request, with the hash of the list in two headers.
        let deleted: Vec<_> = store.delete_stream(Box::pin(keys)).try_collect().await.unwrap();
        assert_eq!(deleted.len(), 2);
        let missing = store.get(&key).await;
        assert!(matches!(missing, Err(Error::NotFound { .. })), "{missing:?}");
    }

    let content = "0123456789abcdef".repeat(700_000);
    let key = Path::from("large");
    let mut upload = WriteMultipart::new(store.put_multipart(&key).await.unwrap());
    upload.write(content.as_bytes());
    let done = upload.finish().await.unwrap();
    assert!(done.e_tag.unwrap().ends_with("-3\""));
    assert_eq!(store.get(&key).await.unwrap().bytes().await.unwrap(), content);

    let liar = self::store(&place, "another/secret");
    let told = liar.put(&key, "1".into()).await;
    assert!(matches!(told, Err(Error::PermissionDenied { .. })), "{told:?}");
    assert!(format!("{told:?}").contains("SignatureDoesNotMatch"));
}

/// The folder in which a key lies, if it lies in one.
trait PrefixOf {
    fn prefix_of(&self) -> Option<Path>;
}

impl PrefixOf for Path {
    fn prefix_of(&self) -> Option<Path> {
        let parts: Vec<_> = self.parts().collect();
        (parts.len() > 1).then(|| parts[..parts.len() - 1].iter().cloned().collect())
    }
}

over_http_and_https!(all);
