//! What a reviewer would raise about a request.

use stuntbucket::offline::Asked;
use stuntbucket_signer::Payload;

use super::super::judge::Times;
use super::super::keys::KnownKeys;
use super::super::query;
use super::super::sent::Sent;
use super::Risk;
use super::is_public;
use super::of_host;
use super::of_lifetime;
use super::of_session;

/// A request, as far as it is known.
#[derive(Debug)]
pub(in super::super) struct RequestLook<'a> {
    pub(in super::super) sent: &'a Sent,
    pub(in super::super) asked: &'a Asked,
    pub(in super::super) method: Option<&'a str>,
    pub(in super::super) is_url: bool,
    pub(in super::super) times: &'a Times,
    pub(in super::super) payload: Option<Payload>,
    pub(in super::super) access_key: Option<&'a str>,
    pub(in super::super) keys: &'a KnownKeys,
}

/// Names of parameters that hold secrets, in parts.
const SECRET_NAMES: [&str; 10] = [
    "password",
    "passwd",
    "secret",
    "api_key",
    "apikey",
    "api-key",
    "access_token",
    "auth_token",
    "private_key",
    "customer-key",
];
const BYTES_OF_SECRET_KEY: usize = 40;

/// Finds the risks of a request.
pub(in super::super) fn of_request(look: &RequestLook<'_>) -> Vec<Risk> {
    let RequestLook { sent, asked, times, .. } = look;
    let parameters = query::parameters(&sent.query);
    let parameter = |name: &str| {
        let found = parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        sent.header(name).or_else(|| found.map(|(_, value)| value.as_str()))
    };
    let is_upload = look.method == Some("PUT") && asked.key.is_some();
    let mut risks = Vec::new();
    if look.is_url {
        risks.extend(of_lifetime(times.lifetime_seconds.or(times.seconds_left), is_upload));
    }
    let has_token = parameter("x-amz-security-token").is_some();
    // A signed request is over in minutes, and its session hardly matters.
    let url_end = times.expires.filter(|_| look.is_url);
    if look.is_url || !has_token {
        risks.extend(of_session(look.access_key, has_token, url_end, times.session_expires));
    }
    if is_upload && look.is_url {
        let signed = parameter("X-Amz-SignedHeaders").unwrap_or_default();
        let is_signed = |name: &str| signed.split(';').any(|signed| signed == name);
        if !is_signed("content-length") {
            risks.push(Risk::UrlWithoutSizeLimit);
        }
        if !is_signed("content-type") {
            risks.push(Risk::UrlWithAnyContentType);
        }
    }
    if is_upload && is_unchecked(look, &parameters) {
        risks.push(Risk::UncheckedUpload);
    }
    if let Some(acl) = parameter("x-amz-acl").filter(|acl| is_public(acl)) {
        risks.push(Risk::PublicAcl { acl: acl.to_owned() });
    }
    risks.extend(active_content(&parameters));
    risks.extend(secrets(look, &parameters));
    let (host, bucket) = (sent.host(), asked.bucket.as_deref());
    risks.extend(of_host(
        sent.scheme.as_deref(),
        host,
        bucket,
        asked.is_virtual_hosted,
        asked.is_known_host,
    ));
    if let (true, Some(bucket), Some(key)) = (asked.is_virtual_hosted, bucket, &asked.key)
        && key.strip_prefix(bucket).is_some_and(|rest| rest.starts_with('/'))
    {
        risks.push(Risk::BucketTwice { bucket: bucket.to_owned() });
    }
    risks
}

fn is_unchecked(look: &RequestLook<'_>, parameters: &[(String, String)]) -> bool {
    let is_check = |name: &str| {
        let name = name.to_ascii_lowercase();
        name == "content-md5" || name == "x-amz-trailer" || name.starts_with("x-amz-checksum-")
    };
    let signed = query::value(&look.sent.query, "X-Amz-SignedHeaders").unwrap_or_default();
    let has_check = signed.split(';').any(is_check)
        || look.sent.headers.iter().chain(parameters).any(|(name, _)| is_check(name));
    // A URL whose claim could not be read promises nothing either.
    let is_unsigned = match look.payload {
        Some(payload) => {
            matches!(payload, Payload::Unsigned | Payload::UnsignedChunksWithTrailer)
        }
        None => look.is_url,
    };
    is_unsigned && !has_check
}

/// Types that a browser runs, unless it is told to save the file.
fn active_content(parameters: &[(String, String)]) -> Option<Risk> {
    let value = |wanted: &str| {
        let found = parameters.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.to_ascii_lowercase())
    };
    let content_type = value("response-content-type")?;
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let is_active = matches!(
        media_type,
        "text/html" | "application/xhtml+xml" | "image/svg+xml" | "text/xml" | "application/xml"
    );
    let is_saved = value("response-content-disposition")
        .is_some_and(|disposition| disposition.starts_with("attachment"));
    (is_active && !is_saved).then(|| Risk::ActiveContent { content_type: media_type.to_owned() })
}

fn secrets(look: &RequestLook<'_>, parameters: &[(String, String)]) -> Vec<Risk> {
    let mut found = Vec::new();
    if look.sent.user_info.is_some() {
        found.push("The name and password before the host".to_owned());
    }
    for (name, value) in parameters {
        let lower = name.to_ascii_lowercase();
        let is_ours = lower.starts_with("x-amz-") && !lower.ends_with("customer-key");
        let has_name = SECRET_NAMES.iter().any(|secret| lower.contains(secret)) && !is_ours;
        if (has_name && !value.is_empty()) || (!is_ours && is_like_secret_key(value)) {
            found.push(format!("The parameter `{name}`"));
        }
    }
    let whole = format!("{}?{}", look.sent.path, look.sent.query);
    let decoded = parameters.iter().any(|(_, value)| look.keys.has_secret_in(value));
    if look.keys.has_secret_in(&whole) || decoded {
        found.push("The secret of the key itself".to_owned());
    }
    found.into_iter().map(|what| Risk::SecretInUrl { what }).collect()
}

/// Whether a value has the form of the secret half of a key: 40 letters of base64, mixed.
fn is_like_secret_key(value: &str) -> bool {
    let has = |is: fn(&u8) -> bool| value.as_bytes().iter().any(is);
    value.len() == BYTES_OF_SECRET_KEY
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}
