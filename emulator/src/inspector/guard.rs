//! Keeps web pages of strangers from changing anything through the browser of whoever tests.
//!
//! A page of any site can make a browser send a form here, and a site whose name was re-pointed to
//! this machine (DNS rebinding) can even send JSON as if it were our own page. So a change has to
//! be JSON, which other sites may not send without asking first, which we never allow; and it has
//! to be addressed to a name that no stranger can own.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use http::HeaderMap;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use http::header::HOST;

/// Why a change is not even looked at.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// What it says it is, if anything.
    NotJson(Option<String>),
    /// The host it is addressed to.
    StrangeHost(String),
}

/// Judges a request that would change something. The emulator's own domains were named by
/// whoever started it, so they are no stranger's.
pub(super) fn check(headers: &HeaderMap, domains: &[String]) -> Result<(), Refusal> {
    let text = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let media_type = text(CONTENT_TYPE);
    let essence = media_type.as_deref().unwrap_or_default().split(';').next().unwrap_or_default();
    if !essence.trim().eq_ignore_ascii_case("application/json") {
        return Err(Refusal::NotJson(media_type.map(Cow::into_owned)));
    }
    let host = text(HOST).unwrap_or_default().to_ascii_lowercase();
    let name = without_port(&host).trim_end_matches('.');
    if is_address(name) || is_under(name, "localhost") || domains.iter().any(|d| is_under(name, d))
    {
        Ok(())
    } else {
        Err(Refusal::StrangeHost(host))
    }
}

fn without_port(host: &str) -> &str {
    // An IPv6 address has colons of its own, in brackets.
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_address(name: &str) -> bool {
    let bare = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    bare.parse::<IpAddr>().is_ok()
}

fn is_under(name: &str, domain: &str) -> bool {
    match name.strip_suffix(&domain.to_ascii_lowercase()) {
        Some(before) => before.is_empty() || before.ends_with('.'),
        None => false,
    }
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NotJson(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::StrangeHost(_) => StatusCode::FORBIDDEN,
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(None) => write!(f, "a change needs `Content-Type: application/json`"),
            Self::NotJson(Some(other)) => {
                write!(f, "a change needs `Content-Type: application/json`, and this is `{other}`")
            }
            Self::StrangeHost(host) => write!(
                f,
                "a change needs a `Host` that is an IP address, localhost or a domain of this \
                 emulator, and this is `{host}`"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[track_caller]
    fn check_host(host: &str) -> Result<(), Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
        headers.insert(HOST, HeaderValue::from_str(host).unwrap());
        check(&headers, &["localhost".to_owned(), "S3.test".to_owned()])
    }

    #[test]
    fn a_change_is_addressed_to_a_name_that_no_stranger_owns() {
        for host in [
            "127.0.0.1:9001",
            "10.1.2.3",
            "[::1]:9001",
            "[::1]",
            "localhost:9001",
            "LOCALHOST",
            "inspector.localhost:1",
            "localhost.",
            "s3.test",
            "inspector.s3.test:9001",
        ] {
            assert_eq!(check_host(host), Ok(()), "{host}");
        }
        for host in
            ["", "evil.test", "evil.test:9001", "notlocalhost", "localhost.evil.test", "[x]"]
        {
            assert_eq!(check_host(host), Err(Refusal::StrangeHost(host.to_owned())), "{host}");
        }
    }

    #[test]
    fn a_form_is_no_change() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("127.0.0.1:9001"));
        assert_eq!(check(&headers, &[]), Err(Refusal::NotJson(None)));
        for text in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(text));
            assert_eq!(check(&headers, &[]), Err(Refusal::NotJson(Some(text.to_owned()))));
        }
    }
}
