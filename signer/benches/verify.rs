//! What a presigned GET costs on either side, beside a foreign signer.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;
use std::time::SystemTime;

use aws_credential_types::Credentials as AwsCredentials;
use aws_sigv4::http_request;
use aws_sigv4::http_request::PercentEncodingMode;
use aws_sigv4::http_request::SignableBody;
use aws_sigv4::http_request::SignableRequest;
use aws_sigv4::http_request::SignatureLocation;
use aws_sigv4::http_request::SigningSettings;
use aws_sigv4::http_request::UriPathNormalizationMode;
use aws_sigv4::sign::v4;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::Header;
use stuntbucket_signer::Message;
use stuntbucket_signer::Scope;
use stuntbucket_signer::SigningKey;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::sign;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::Key;
use stuntbucket_signer::verify::Keys;
use stuntbucket_signer::verify::Rules;
use stuntbucket_signer::verify::Verdict;

const NOW: Timestamp = Timestamp::from_unix(1_369_353_600);
const URL: &str = "https://examplebucket.s3.amazonaws.com/photos/2013/05/cat.jpg";

/// The signing key of the day is kept, as a server does it.
struct CachedKey {
    key: Arc<Key>,
    signing_key: SigningKey,
}

impl Keys for CachedKey {
    fn find(&self, _: &str) -> Option<Arc<Key>> {
        Some(Arc::clone(&self.key))
    }

    fn signing_key(&self, _: &str, _: &Key, _: &Scope) -> SigningKey {
        self.signing_key.clone()
    }
}

fn presigned_get(criterion: &mut Criterion) {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG");
    let presign =
        || sign::presign_url("GET", black_box(URL), &[], 86_400, &credentials, "us-east-1", NOW);
    let url = presign().expect("the URL is whole");
    let (_, query) = url.split_once('?').expect("a presigned URL has a query");
    let headers = [
        Header::new("host", "examplebucket.s3.amazonaws.com"),
        Header::new("user-agent", "bench"),
        Header::new("accept", "*/*"),
    ];
    let message =
        Message { method: "GET", path: "/photos/2013/05/cat.jpg", query, headers: &headers };
    let scope = Scope::s3(NOW, "us-east-1");
    let keys = CachedKey {
        key: Arc::new(Key { secret: credentials.secret_key.clone(), session: None }),
        signing_key: SigningKey::derive(&credentials.secret_key, &scope),
    };
    let rules = Rules::new("us-east-1", NOW);

    let mut group = criterion.benchmark_group("presigned GET");
    group.bench_function("verify, key of the day kept", |bencher| {
        bencher.iter(|| {
            let verdict = verify::request(black_box(&message), &keys, &rules);
            assert!(matches!(verdict, Verdict::Accepted(_)));
        });
    });
    let (start, _) = query.rsplit_once('=').expect("the signature stands last");
    let query = format!("{start}={}", "0".repeat(64));
    let spoiled = Message { query: &query, ..message };
    group.bench_function("refuse, with all mistakes tried in vain", |bencher| {
        bencher.iter(|| {
            let verdict = verify::request(black_box(&spoiled), &keys, &rules);
            assert!(matches!(verdict, Verdict::Refused(_)));
        });
    });
    group.bench_function("presign", |bencher| bencher.iter(presign));

    let identity =
        AwsCredentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG", None, None, "bench")
            .into();
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.signature_location = SignatureLocation::QueryParams;
    settings.expires_in = Some(Duration::from_hours(24));
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("s3")
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW.unix().unsigned_abs()))
        .settings(settings)
        .build()
        .expect("all parameters are there")
        .into();
    group.bench_function("presign with aws-sigv4", |bencher| {
        bencher.iter(|| {
            let none = std::iter::empty();
            let request =
                SignableRequest::new("GET", black_box(URL), none, SignableBody::UnsignedPayload);
            http_request::sign(request.expect("the URL is whole"), &params)
        });
    });
    group.finish();
}

criterion_group!(benches, presigned_get);
criterion_main!(benches);
