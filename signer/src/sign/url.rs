//! `Target`: the parts of a URL, and of the request to it, that are signed.

use crate::canonical::PRESIGNED_PARAMETERS;
use crate::encode;
use crate::encode::Slash;
use crate::message::Header;

use super::error::Problem;
use super::error::SignError;

/// A URL in the parts that the signature is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    /// The value of `Host`: with the port, unless it is the one that the scheme implies.
    pub(super) host: &'a str,
    /// Scheme and host as given.
    pub(super) origin: &'a str,
    /// As sent; perhaps empty.
    pub(super) path: &'a str,
    /// As sent, without the `?`.
    pub(super) query: &'a str,
}

impl<'a> Target<'a> {
    /// Takes an absolute, percent-encoded URL apart.
    pub(super) fn parse(url: &'a str) -> Result<Self, SignError> {
        let (rest, default_port) = match (url.strip_prefix("https://"), url.strip_prefix("http://"))
        {
            (Some(rest), _) => (rest, ":443"),
            (None, Some(rest)) => (rest, ":80"),
            (None, None) => return Err(Problem::NotAbsolute { url: url.to_owned() }.into()),
        };
        if url.contains('#') {
            return Err(Problem::Fragment { url: url.to_owned() }.into());
        }
        let is_sent_as_is = |character: char| character.is_ascii_graphic() && character != '"';
        if let Some(character) = url.chars().find(|character| !is_sent_as_is(*character)) {
            return Err(Problem::NotEncoded { url: url.to_owned(), character }.into());
        }
        let host_end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, rest) = rest.split_at(host_end);
        let origin = &url[..url.len() - rest.len()];
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        if host.contains('@') {
            return Err(Problem::UserInfo { host: host.to_owned() }.into());
        }
        let host = host.strip_suffix(default_port).unwrap_or(host);
        if host.is_empty() || host.starts_with(':') {
            return Err(Problem::NoHost { url: url.to_owned() }.into());
        }
        for pair in query.split('&') {
            let name = encode::once(pair.split('=').next().unwrap_or_default(), Slash::Encoded);
            if let Some(parameter) = PRESIGNED_PARAMETERS.iter().find(|known| **known == name) {
                return Err(Problem::AlreadySigned { parameter }.into());
            }
        }
        Ok(Self { host, origin, path, query })
    }
}

/// The headers to sign: the given ones and `host`, unless that is among them.
pub(super) fn headers_to_sign<'a>(
    method: &str,
    host: &'a str,
    headers: &[(&'a str, &'a str)],
    added: &[&str],
) -> Result<Vec<Header<'a>>, SignError> {
    if !is_token(method) {
        return Err(Problem::Method { method: method.to_owned() }.into());
    }
    let mut signed = Vec::with_capacity(headers.len() + 1 + added.len());
    if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        signed.push(Header::new("host", host));
    }
    for (name, value) in headers {
        if !is_token(name) {
            return Err(Problem::HeaderName { name: (*name).to_owned() }.into());
        }
        if value.contains(['\r', '\n', '\0']) {
            return Err(Problem::HeaderValue { name: (*name).to_owned() }.into());
        }
        if added.iter().any(|added| added.eq_ignore_ascii_case(name)) {
            return Err(Problem::AddedBySigning { name: (*name).to_owned() }.into());
        }
        signed.push(Header::new(name, value));
    }
    Ok(signed)
}

/// A token of HTTP, as methods and header names are.
fn is_token(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_keeps_a_port_that_is_not_implied() {
        for (url, host, path, query) in [
            ("https://s3.amazonaws.com", "s3.amazonaws.com", "", ""),
            ("https://s3.amazonaws.com:443/a?b=c", "s3.amazonaws.com", "/a", "b=c"),
            ("http://h:443/", "h:443", "/", ""),
            ("http://h:80?x?y", "h", "", "x?y"),
            ("http://[::1]:9000//a/../b", "[::1]:9000", "//a/../b", ""),
        ] {
            let target = Target::parse(url).unwrap();
            assert_eq!((target.host, target.path, target.query), (host, path, query), "{url}");
        }
    }

    #[test]
    fn a_url_that_cannot_be_signed_is_named() {
        for (url, complaint) in [
            ("s3://bucket/key", "the URL `s3://bucket/key` does not start with"),
            ("https:///key", "the URL `https:///key` has no host"),
            ("http://:9000/", "has no host"),
            ("http://me@h/", "has a user in front of its host, `me@h`"),
            ("http://h/a#b", "has a fragment"),
            ("http://h/a b", "it has ' '"),
            ("http://h/\u{e9}", "it has 'é'"),
            ("http://h/?X-Amz-Date=1", "`X-Amz-Date` already"),
            ("http://h/?a&X%2DAmz-Signature", "`X-Amz-Signature` already"),
        ] {
            let error = Target::parse(url).unwrap_err().to_string();
            assert!(error.contains(complaint), "{url}: {error}");
        }
    }

    #[test]
    fn a_header_that_cannot_be_signed_is_named() {
        for (method, name, value, complaint) in [
            ("GE T", "a", "b", "the method `GE T`"),
            ("GET", "a b", "c", "header name \"a b\""),
            ("GET", "a", "b\r\nc: d", "the value of the header `a`"),
            ("GET", "X-Amz-Date", "", "`X-Amz-Date` is given"),
        ] {
            let error = headers_to_sign(method, "h", &[(name, value)], &["x-amz-date"]);
            let error = error.unwrap_err().to_string();
            assert!(error.contains(complaint), "{error}");
        }
    }
}
