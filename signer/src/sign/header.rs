//! Signing by `Authorization`.

use crate::canonical;
use crate::canonical::ALGORITHM;
use crate::canonical::CanonicalRequest;
use crate::canonical::SignedHeaders;
use crate::credentials::Credentials;
use crate::key::SigningKey;
use crate::message::Header;
use crate::message::Message;
use crate::payload::Payload;
use crate::scope::Scope;
use crate::time::Timestamp;

use super::chunks::ChunkSigner;
use super::error::SignError;
use super::url::Target;
use super::url::headers_to_sign;

const AUTHORIZATION: &str = "authorization";
const DATE: &str = "x-amz-date";
const PAYLOAD: &str = "x-amz-content-sha256";
const TOKEN: &str = "x-amz-security-token";

/// A signature, in the headers that carry it.
#[derive(Clone, Debug)]
pub struct SignedRequest {
    /// To be added to the request: `authorization`, `x-amz-date`, `x-amz-content-sha256`, and
    /// with a session `x-amz-security-token`.
    pub headers: Vec<(&'static str, String)>,
    chunks: Option<ChunkSigner>,
}

impl SignedRequest {
    /// Frames the body, and signs it if its chunks are signed. `None` if `payload` is not in
    /// chunks.
    pub fn chunks(&self) -> Option<ChunkSigner> {
        self.chunks.clone()
    }
}

/// Signs a request by header.
///
/// `url` is absolute and percent-encoded. All of `headers` are signed, and `host`, which is the
/// URL's with its port unless that is the scheme's; a `host` among the headers wins.
///
/// # Errors
///
/// If the URL is not absolute or not percent-encoded, has a fragment or is presigned, if a header
/// or the method is none, or if a header is given that signing adds.
pub fn sign_request(
    method: &str,
    url: &str,
    headers: &[(&str, &str)],
    payload: &Payload,
    credentials: &Credentials,
    region: &str,
    now: Timestamp,
) -> Result<SignedRequest, SignError> {
    let target = Target::parse(url)?;
    let (date, hash) = (now.basic(), payload.header_value());
    let mut to_sign =
        headers_to_sign(method, target.host, headers, &[AUTHORIZATION, DATE, PAYLOAD, TOKEN])?;
    to_sign.push(Header::new(DATE, &date));
    to_sign.push(Header::new(PAYLOAD, &hash));
    if let Some(token) = &credentials.session_token {
        to_sign.push(Header::new(TOKEN, token));
    }
    let signed = SignedHeaders::of(&to_sign);
    let scope = Scope::s3(now, region);
    let message = Message { method, path: target.path, query: target.query, headers: &to_sign };
    let canonical = CanonicalRequest::new(&message, &signed, hash.as_bytes());
    let text = canonical::string_to_sign(now, &scope, &canonical);
    let key = SigningKey::derive(&credentials.secret_key, &scope);
    let signature = key.sign(text.as_bytes());
    let authorization = format!(
        "{ALGORITHM} Credential={}/{scope}, SignedHeaders={signed}, Signature={signature}",
        credentials.access_key_id
    );
    let mut headers =
        vec![(AUTHORIZATION, authorization), (DATE, date), (PAYLOAD, hash.into_owned())];
    headers.extend(credentials.session_token.clone().map(|token| (TOKEN, token)));
    let chunks =
        payload.is_chunked().then(|| ChunkSigner::new(*payload, key, now, scope, signature));
    Ok(SignedRequest { headers, chunks })
}
