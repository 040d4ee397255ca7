//! Signing with Signature Version 2, which regions that were opened before 2014 still honour.

use std::borrow::Cow;

use crate::canonical_v2::Carrier;
use crate::canonical_v2::StringToSign;
use crate::credentials::Credentials;
use crate::encode;
use crate::key::SignatureV2;
use crate::message::Header;
use crate::message::Message;
use crate::time::Timestamp;

use super::error::SignError;
use super::url::Target;
use super::url::headers_to_sign;

const AUTHORIZATION: &str = "authorization";
const DATE: &str = "date";
const TOKEN: &str = "x-amz-security-token";

/// Signs a request by header, with Version 2, and returns the headers to add: `authorization`,
/// `date`, and with a session `x-amz-security-token`.
///
/// `host_bucket` is the bucket, if it stands in the host of `url`. Of `headers` those count that
/// start with `x-amz-`, `content-md5` and `content-type`.
///
/// # Errors
///
/// As of [`sign_request`](super::sign_request).
pub fn sign_request_v2(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    host_bucket: Option<&str>,
    credentials: &Credentials,
    now: Timestamp,
) -> Result<Vec<(&'static str, String)>, SignError> {
    let target = Target::parse(url)?;
    let date = now.http();
    let mut to_sign = headers_to_sign(method, target.host, headers, &[AUTHORIZATION, DATE, TOKEN])?;
    to_sign.push(Header::new(DATE, &date));
    if let Some(token) = &credentials.session_token {
        to_sign.push(Header::new(TOKEN, token));
    }
    let message = Message { method, path: target.path, query: target.query, headers: &to_sign };
    let text = StringToSign::new(&message, host_bucket, &Carrier::Header).to_bytes();
    let signature = SignatureV2::sign(&credentials.secret_key, &text);
    let authorization = format!("AWS {}:{signature}", credentials.access_key_id);
    let mut added = vec![(AUTHORIZATION, authorization), (DATE, date.clone())];
    added.extend(credentials.session_token.clone().map(|token| (TOKEN, token)));
    Ok(added)
}

/// Presigns a URL with Version 2: who has it may send this request until `expires`.
///
/// `host_bucket` is the bucket, if it stands in the host of `url`. Whoever uses the URL must send
/// `headers` with these values, as far as Version 2 signs them.
///
/// # Errors
///
/// As of [`presign_url`](super::presign_url).
///
/// ```
/// use stuntbucket_signer::{Credentials, Timestamp, sign};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "secret");
/// let expires = Timestamp::from_unix(1_369_440_000);
/// let url = sign::presign_url_v2("GET", "http://localhost:9000/b/k", &[], None, &credentials, expires)?;
/// assert!(url.starts_with("http://localhost:9000/b/k?AWSAccessKeyId=AKIDEXAMPLE&Expires=1369440000&"));
/// # Ok::<(), sign::SignError>(())
/// ```
pub fn presign_url_v2(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    host_bucket: Option<&str>,
    credentials: &Credentials,
    expires: Timestamp,
) -> Result<String, SignError> {
    let target = Target::parse(url)?;
    let headers = headers_to_sign(method, target.host, headers, &[])?;
    let expires = expires.unix().to_string();
    let mut query = target.query.to_owned();
    let mut push = |name: &str, value: &str| {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        query.push_str(&encode::component(value.as_bytes()));
    };
    push("AWSAccessKeyId", &credentials.access_key_id);
    push("Expires", &expires);
    if let Some(token) = &credentials.session_token {
        push(TOKEN, token);
    }
    let message = Message { method, path: target.path, query: &query, headers: &headers };
    let carrier = Carrier::Query { expires: Cow::Borrowed(&expires) };
    let text = StringToSign::new(&message, host_bucket, &carrier).to_bytes();
    let signature = SignatureV2::sign(&credentials.secret_key, &text).to_string();
    let path = if target.path.is_empty() { "/" } else { target.path };
    let signature = encode::component(signature.as_bytes());
    Ok(format!("{}{path}?{query}&Signature={signature}", target.origin))
}
