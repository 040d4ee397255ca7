//! What a foreign signer signs, we accept.

use std::time::Duration;
use std::time::SystemTime;

use aws_credential_types::Credentials as AwsCredentials;
use aws_sigv4::http_request;
use aws_sigv4::http_request::PayloadChecksumKind;
use aws_sigv4::http_request::PercentEncodingMode;
use aws_sigv4::http_request::SignableBody;
use aws_sigv4::http_request::SignableRequest;
use aws_sigv4::http_request::SignatureLocation;
use aws_sigv4::http_request::SigningSettings;
use aws_sigv4::http_request::UriPathNormalizationMode;
use aws_sigv4::sign::v4;
use proptest::prelude::*;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::Payload;
use stuntbucket_signer::encode;
use stuntbucket_signer::verify::AuthType;

use crate::common::REGION;
use crate::common::Request;
use crate::common::Ring;
use crate::common::accepted;
use crate::common::now;
use crate::common::rules;

/// The settings with which the AWS SDK for Rust signs for S3.
fn settings(location: SignatureLocation) -> SigningSettings {
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode = PercentEncodingMode::Single;
    settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
    settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    settings.signature_location = location;
    if location == SignatureLocation::QueryParams {
        settings.expires_in = Some(Duration::from_mins(15));
    }
    settings
}

/// Lets the foreign signer sign, and applies what it says.
fn signed(
    method: &str,
    url: &str,
    headers: &[(String, String)],
    body: SignableBody<'_>,
    token: Option<&str>,
    location: SignatureLocation,
) -> Request {
    let credentials =
        AwsCredentials::new("AKIDEXAMPLE", "a secret", token.map(str::to_owned), None, "test");
    let identity = credentials.into();
    let seconds = u64::try_from(now().unix()).unwrap();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(REGION)
        .name("s3")
        .time(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
        .settings(settings(location))
        .build()
        .unwrap()
        .into();
    let given = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let request = SignableRequest::new(method, url, given.clone(), body).unwrap();
    let (instructions, _) = http_request::sign(request, &params).unwrap().into_parts();
    let mut signed = Request::of_url(method, url);
    for (name, value) in given.chain(instructions.headers()) {
        signed = signed.with(name, value);
    }
    for (name, value) in instructions.params() {
        if !signed.query.is_empty() {
            signed.query.push('&');
        }
        signed.query.push_str(name);
        signed.query.push('=');
        signed.query.push_str(&encode::component(value.as_bytes()));
    }
    signed
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_the_aws_sdk_signs_is_accepted(
        method in prop::sample::select(&["GET", "PUT", "POST", "DELETE"][..]),
        host in prop::sample::select(&["localhost:9000", "b.s3.amazonaws.com"][..]),
        key in ".{0,20}",
        query in prop::collection::vec(("[A-Za-z.-]{1,6}", ".{0,8}"), 0..4),
        headers in prop::collection::btree_map("x-amz-meta-[a-z]{1,4}", "[ -~]{0,12}", 0..3),
        token in prop::option::of("[A-Za-z0-9+/]{1,20}"),
        body in prop::option::of(prop::collection::vec(any::<u8>(), 0..20)),
        in_query in any::<bool>(),
    ) {
        let pairs: Vec<_> = query
            .iter()
            .map(|(name, value)| format!("{name}={}", encode::component(value.as_bytes())))
            .collect();
        let mut url = format!("http://{host}/b/{}", encode::path(key.as_bytes()));
        if !pairs.is_empty() {
            url.push('?');
            url.push_str(&pairs.join("&"));
        }
        let headers: Vec<_> = headers.into_iter().collect();
        let location =
            if in_query { SignatureLocation::QueryParams } else { SignatureLocation::Headers };
        let (signable, payload) = match &body {
            // A URL has no payload of its own: the SDK presigns with this literal.
            Some(body) if !in_query => (SignableBody::Bytes(body), Payload::of(body)),
            _ => (SignableBody::UnsignedPayload, Payload::Unsigned),
        };
        let request = signed(method, &url, &headers, signable, token.as_deref(), location);
        let mut credentials = Credentials::new("AKIDEXAMPLE", "a secret");
        credentials.session_token = token;
        let holder = accepted(request.judge(&Ring::of(&credentials), &rules(now())));
        prop_assert_eq!(holder.payload(), payload);
        let expected = if in_query { AuthType::Query } else { AuthType::Header };
        prop_assert_eq!(holder.auth_type(), expected);
    }
}

#[test]
fn its_streaming_literals_are_understood() {
    for (body, payload) in [
        (SignableBody::StreamingUnsignedPayloadTrailer, Payload::UnsignedChunksWithTrailer),
        (SignableBody::StreamingSignedPayloadTrailer, Payload::SignedChunksWithTrailer),
    ] {
        let url = "http://localhost:9000/b/k";
        let request = signed("PUT", url, &[], body, None, SignatureLocation::Headers);
        let credentials = Credentials::new("AKIDEXAMPLE", "a secret");
        let holder = accepted(request.judge(&Ring::of(&credentials), &rules(now())));
        assert_eq!(holder.payload(), payload);
        assert_eq!(holder.chunk_seed().is_some(), payload.has_signed_chunks());
    }
}
