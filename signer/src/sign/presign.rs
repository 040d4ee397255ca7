//! Presigned URLs.

use std::borrow::Cow;

use crate::canonical;
use crate::canonical::ALGORITHM;
use crate::canonical::CanonicalRequest;
use crate::canonical::SignedHeaders;
use crate::credentials::Credentials;
use crate::encode;
use crate::encode::Plus;
use crate::key::SigningKey;
use crate::message::Header;
use crate::message::Message;
use crate::scope::Scope;
use crate::time::Timestamp;

use super::error::Problem;
use super::error::SignError;
use super::url::Target;
use super::url::headers_to_sign;

const PAYLOAD: &str = "x-amz-content-sha256";
/// Seven days.
const LIFETIME_SECONDS_MAX: u64 = 604_800;

/// Presigns a URL: who has it may send this request until `lifetime_seconds` after `now`.
///
/// `url` is absolute and percent-encoded, perhaps with a query, which is signed too. The headers
/// are signed besides `host`: whoever uses the URL must send them with these values.
///
/// # Errors
///
/// If the URL is not absolute or not percent-encoded, has a fragment or is signed already, if a
/// header or the method is none, or if the lifetime is not from 1 second to 7 days.
///
/// ```
/// use stuntbucket_signer::{Credentials, Timestamp, sign};
///
/// let credentials = Credentials::new("AKIDEXAMPLE", "secret");
/// let now = Timestamp::parse_basic("20130524T000000Z").unwrap();
/// let url = sign::presign_url("GET", "http://localhost:9000/b/k", &[], 60, &credentials, "us-east-1", now)?;
/// assert!(url.starts_with("http://localhost:9000/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&"));
/// # Ok::<(), sign::SignError>(())
/// ```
pub fn presign_url(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    lifetime_seconds: u64,
    credentials: &Credentials,
    region: &str,
    now: Timestamp,
) -> Result<String, SignError> {
    if !(1..=LIFETIME_SECONDS_MAX).contains(&lifetime_seconds) {
        return Err(Problem::Lifetime { seconds: lifetime_seconds }.into());
    }
    let target = Target::parse(url)?;
    let headers = headers_to_sign(method, target.host, headers, &[])?;
    let signed = SignedHeaders::of(&headers);
    let scope = Scope::s3(now, region);
    let credential = format!("{}/{scope}", credentials.access_key_id);
    let mut query = String::with_capacity(target.query.len() + 320);
    query.push_str(target.query);
    let mut push = |name: &str, value: &str| {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(name);
        query.push('=');
        query.push_str(&encode::component(value.as_bytes()));
    };
    push("X-Amz-Algorithm", ALGORITHM);
    push("X-Amz-Credential", &credential);
    push("X-Amz-Date", &now.basic());
    push("X-Amz-Expires", &lifetime_seconds.to_string());
    if let Some(token) = &credentials.session_token {
        push("X-Amz-Security-Token", token);
    }
    push("X-Amz-SignedHeaders", &signed.to_string());
    let message = Message { method, path: target.path, query: &query, headers: &headers };
    let payload = payload_line(&headers, target.query);
    let canonical = CanonicalRequest::new(&message, &signed, &payload);
    let text = canonical::string_to_sign(now, &scope, &canonical);
    let signature = SigningKey::derive(&credentials.secret_key, &scope).sign(text.as_bytes());
    let path = if target.path.is_empty() { "/" } else { target.path };
    Ok(format!("{}{path}?{query}&X-Amz-Signature={signature}", target.origin))
}

/// A header or a parameter can promise something about the body; else a URL promises nothing.
fn payload_line<'a>(headers: &[Header<'a>], query: &'a str) -> Cow<'a, [u8]> {
    let is_payload = |header: &&Header<'_>| header.name.eq_ignore_ascii_case(PAYLOAD);
    if let Some(header) = headers.iter().find(is_payload) {
        return Cow::Borrowed(header.value.trim_ascii());
    }
    let parameters = query.split('&').filter_map(|pair| pair.split_once('='));
    match parameters.into_iter().find(|(name, _)| *name == "X-Amz-Content-Sha256") {
        Some((_, value)) => encode::decode(value, Plus::Space),
        None => Cow::Borrowed(b"UNSIGNED-PAYLOAD"),
    }
}
