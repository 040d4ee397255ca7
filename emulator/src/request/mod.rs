//! Request: what was asked, as it was sent; nothing lost, nothing rewritten.

mod address;
mod claimed_scope;
pub(crate) mod conditions;
pub(crate) mod form;
pub(crate) mod headers;
mod query;
pub(crate) mod range;

use std::borrow::Cow;
use std::fmt;
use std::net::SocketAddr;

use http::HeaderMap;
use http::Method;
use stuntbucket_signer::Header;

pub(crate) use self::address::Address;
pub(crate) use self::address::Domains;
pub(crate) use self::address::Endpoint;
pub(crate) use self::address::HostKind;
pub(crate) use self::address::Region;
pub(crate) use self::address::Style;
pub(crate) use self::address::Target;
pub(crate) use self::address::check_length as check_key_length;
pub(crate) use self::address::looks_like_region;
pub(crate) use self::claimed_scope::ClaimedScope;
pub(crate) use self::query::Query;
use crate::body::ByteStream;
use crate::failure::Failure;
use crate::failure::Fault;

/// A request as the server hands it over.
pub(crate) struct Arrived {
    pub(crate) method: Method,
    /// As sent, percent-encoded.
    pub(crate) path: String,
    /// As sent, without the question mark.
    pub(crate) query: Option<String>,
    pub(crate) scheme: Scheme,
    /// What the connection agreed on, under HTTPS.
    pub(crate) tls: Option<TlsVersion>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: ByteStream,
    pub(crate) framing: Framing,
    /// Where it came from.
    pub(crate) peer: SocketAddr,
}

/// The scheme of the URL that a client used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    #[cfg_attr(not(feature = "tls"), allow(dead_code))] // Nothing is served under it then.
    Https,
}

/// A version of TLS that is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "tls"), allow(dead_code))] // No connection agrees on one then.
pub(crate) enum TlsVersion {
    V1_2,
    V1_3,
}

impl TlsVersion {
    /// The number by which policies know it.
    pub(crate) fn number(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Http => "http",
            Self::Https => "https",
        })
    }
}

/// How the end of a body is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Neither a length nor chunks: there is no body.
    None,
    /// `Content-Length`, in bytes.
    Length(u64),
    /// `Transfer-Encoding: chunked`.
    Chunked,
}

/// What was asked. Nobody changes it after it was read.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: Query,
    pub(crate) scheme: Scheme,
    pub(crate) tls: Option<TlsVersion>,
    pub(crate) headers: HeaderMap,
    pub(crate) framing: Framing,
    pub(crate) address: Address,
    pub(crate) peer: SocketAddr,
}

/// S3 refuses a larger header section.
const HEADER_SECTION_BYTES_MAX: usize = 8192;

impl Request {
    /// Reads what was asked; `is_bucket` tells whether a bucket of exactly that name exists.
    pub(crate) fn read(
        arrived: Arrived,
        domains: &Domains<'_>,
        is_bucket: &dyn Fn(&str) -> bool,
    ) -> Result<(Self, ByteStream), Failure> {
        let Arrived { method, path, query, scheme, tls, headers, body, framing, peer } = arrived;
        check_header_section(&headers)?;
        let host = headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        let address = Address::read(host, &path, domains, is_bucket)?;
        let query = Query::new(query.unwrap_or_default());
        Ok((Self { method, path, query, scheme, tls, headers, framing, address, peer }, body))
    }

    /// A header's value. Bytes that are not UTF-8 are read as ISO-8859-1.
    pub(crate) fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.headers.get(name).map(|value| text(value.as_bytes()))
    }

    /// A parameter, named in lower case: a header, or in a presigned URL a parameter of the query,
    /// where some SDKs put what would be a header.
    ///
    /// Recorded by LocalStack for metadata, storage class, tagging and ACL, and for `If-Match` and
    /// `If-None-Match` (`test_presigned_url_v4_x_amz_in_qs`); checksums in a query are signed and
    /// not used. Other headers, such as `Cache-Control`, are only read where they belong.
    pub(crate) fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        if let Some(value) = self.header(name) {
            return Some(value);
        }
        let is_hoisted = name.starts_with("x-amz-") || matches!(name, "if-match" | "if-none-match");
        if is_hoisted && self.query.is_signed() { self.query.get_ignoring_case(name) } else { None }
    }

    /// All headers in the order received, for the signer.
    pub(crate) fn signer_headers(&self) -> Vec<Header<'_>> {
        self.headers
            .iter()
            .map(|(name, value)| Header { name: name.as_str(), value: value.as_bytes() })
            .collect()
    }

    /// The host as sent.
    pub(crate) fn host(&self) -> Cow<'_, str> {
        self.header("host").unwrap_or_default()
    }

    /// The bucket that the address names.
    pub(crate) fn bucket(&self) -> Option<&str> {
        self.address.target.bucket()
    }

    /// The key that the address names; only operations on objects ask.
    pub(crate) fn key(&self) -> &str {
        self.address.target.key().unwrap_or_default()
    }
}

/// Text of bytes: UTF-8, else ISO-8859-1, in which every byte is a character.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

fn check_header_section(headers: &HeaderMap) -> Result<(), Failure> {
    // Name, colon, space, value, line end, as a client would write it.
    let bytes: usize =
        headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if bytes > HEADER_SECTION_BYTES_MAX {
        let max = HEADER_SECTION_BYTES_MAX.to_string();
        return Err(Fault::RequestHeaderSectionTooLarge.with("MaxSizeAllowed", max));
    }
    Ok(())
}

#[cfg(test)]
pub(crate) mod tests {
    use http::HeaderName;
    use http::HeaderValue;

    use super::*;

    /// A request for `/bucket/key` with this query and these headers.
    pub(crate) fn request(method: &str, query: &str, headers: &[(&str, &str)]) -> Request {
        let domains = Domains { bases: &[], region: "us-east-1" };
        let header = |(name, value): &(&str, &str)| {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            (name, HeaderValue::from_bytes(value.as_bytes()).unwrap())
        };
        let mut map = HeaderMap::new();
        for (name, value) in headers.iter().map(header) {
            map.append(name, value);
        }
        let arrived = Arrived {
            method: method.parse().unwrap(),
            path: "/bucket/key".to_owned(),
            query: Some(query.to_owned()),
            scheme: Scheme::Http,
            tls: None,
            headers: map,
            body: Box::pin(futures_util::stream::empty()),
            framing: Framing::None,
            peer: SocketAddr::from(([127, 0, 0, 1], 1)),
        };
        Request::read(arrived, &domains, &|_| false).unwrap().0
    }

    /// A GET of this path and query at this host below `localhost`.
    pub(crate) fn request_to(host: &str, target: &str) -> Request {
        let bases = ["localhost".to_owned()];
        let domains = Domains { bases: &bases, region: "us-east-1" };
        let (path, query) = target.split_once('?').map_or((target, None), |(p, q)| (p, Some(q)));
        let arrived = Arrived {
            scheme: Scheme::Http,
            tls: None,
            peer: SocketAddr::from(([127, 0, 0, 1], 1)),
            method: Method::GET,
            path: path.to_owned(),
            query: query.map(str::to_owned),
            headers: HeaderMap::from_iter([(
                http::header::HOST,
                HeaderValue::from_str(host).unwrap(),
            )]),
            body: Box::pin(futures_util::stream::empty()),
            framing: Framing::None,
        };
        Request::read(arrived, &domains, &|_| false).unwrap().0
    }

    #[test]
    fn parameters_of_a_presigned_url_stand_for_headers() {
        let query = "x-amz-meta-a=1&X-Amz-Acl=private&cache-control=no&X-Amz-Signature=s";
        let signed = request("PUT", query, &[("x-amz-acl", "public-read")]);
        assert_eq!(signed.parameter("x-amz-meta-a").as_deref(), Some("1"));
        assert_eq!(signed.parameter("x-amz-acl").as_deref(), Some("public-read"));
        assert_eq!(signed.parameter("cache-control"), None);
        let unsigned = request("PUT", "x-amz-meta-a=1", &[]);
        assert_eq!(unsigned.parameter("x-amz-meta-a"), None);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_read_as_latin_1() {
        assert_eq!(text("é".as_bytes()), "é");
        assert_eq!(text(b"\xe9"), "é");
    }
}
