//! `Endpoint`: the base URL of an S3, and the URLs of buckets and objects there.

use std::fmt;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::str::FromStr;

use http::Uri;
use stuntbucket_signer::encode;

use super::PORT;
use super::location::Location;

/// Scheme and authority, without a port that the scheme implies: clients leave it out of `Host`,
/// which is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Endpoint {
    scheme: &'static str,
    authority: String,
}

/// Where the bucket's name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// First in the path.
    Path,
    /// In front of the endpoint's host.
    VirtualHosted,
}

impl Endpoint {
    /// The endpoint of an emulator that was not told where to listen.
    pub(super) fn of_default_listener() -> Self {
        Self { scheme: "http", authority: format!("{}:{PORT}", Ipv4Addr::LOCALHOST) }
    }

    /// The style in which a bucket is found without further arrangements: Amazon S3 resolves names
    /// of buckets, and nobody else is sure to.
    pub(super) fn usual_style(&self, bucket: &str) -> Style {
        let host = self.host();
        let is_amazon = host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn");
        // A certificate for `*.s3.amazonaws.com` does not cover a name with a further dot.
        if is_amazon && !bucket.contains('.') { Style::VirtualHosted } else { Style::Path }
    }

    /// The URL of a bucket or an object.
    pub(super) fn url_of(&self, location: &Location, style: Style) -> Result<String, String> {
        let Self { scheme, authority } = self;
        let bucket = encode::component(location.bucket.as_bytes());
        let key = encode::path(location.key.as_bytes());
        match style {
            Style::Path if key.is_empty() => Ok(format!("{scheme}://{authority}/{bucket}")),
            Style::Path => Ok(format!("{scheme}://{authority}/{bucket}/{key}")),
            Style::VirtualHosted if self.is_address() => {
                Err(format!("no bucket can stand in front of the address `{}`", self.host()))
            }
            Style::VirtualHosted => Ok(format!("{scheme}://{bucket}.{authority}/{key}")),
        }
    }

    fn host(&self) -> &str {
        let without_port = self.authority.rsplit_once(':');
        match without_port {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
            _ => &self.authority,
        }
    }

    fn is_address(&self) -> bool {
        self.host().starts_with('[') || self.host().parse::<IpAddr>().is_ok()
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

impl FromStr for Endpoint {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str = "not an endpoint such as http://127.0.0.1:9000";
        let uri: Uri = text.parse().map_err(|_| WRONG)?;
        let (scheme, port) = match uri.scheme_str() {
            Some("http") => ("http", ":80"),
            Some("https") => ("https", ":443"),
            _ => return Err(WRONG),
        };
        let authority = uri.authority().ok_or(WRONG)?.as_str().to_ascii_lowercase();
        if authority.contains('@') || !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err("an endpoint has a scheme, a host and perhaps a port, and nothing else");
        }
        let authority = authority.strip_suffix(port).unwrap_or(&authority).to_owned();
        Ok(Self { scheme, authority })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(endpoint: &str, location: &str, style: Style, expected: &str) {
        let endpoint: Endpoint = endpoint.parse().unwrap();
        assert_eq!(endpoint.url_of(&location.parse().unwrap(), style).as_deref(), Ok(expected));
    }

    #[test]
    fn a_bucket_stands_in_the_path_or_before_the_host() {
        let local = "http://localhost:9000/";
        check(local, "s3://photos", Style::Path, "http://localhost:9000/photos");
        check(local, "s3://photos", Style::VirtualHosted, "http://photos.localhost:9000/");
        check(local, "s3://a/b c/ü?", Style::Path, "http://localhost:9000/a/b%20c/%C3%BC%3F");
        check(local, "s3://a/b", Style::VirtualHosted, "http://a.localhost:9000/b");
        check("http://[::1]:9000", "s3://a/b", Style::Path, "http://[::1]:9000/a/b");
        check("https://S3.test:443", "s3://a/b", Style::Path, "https://s3.test/a/b");
        check("http://s3.test:443", "s3://a/b", Style::Path, "http://s3.test:443/a/b");
    }

    #[test]
    fn nothing_stands_before_an_address() {
        for endpoint in ["http://127.0.0.1:9000", "http://[::1]:9000", "http://[::1]"] {
            let endpoint: Endpoint = endpoint.parse().unwrap();
            let photos = "s3://photos".parse().unwrap();
            assert!(endpoint.url_of(&photos, Style::VirtualHosted).is_err(), "{endpoint:?}");
        }
    }

    #[test]
    fn amazon_resolves_the_names_of_buckets() {
        for (endpoint, bucket, style) in [
            ("https://s3.eu-west-1.amazonaws.com", "photos", Style::VirtualHosted),
            ("https://s3.eu-west-1.amazonaws.com", "my.photos", Style::Path),
            ("http://localhost:9000", "photos", Style::Path),
            ("http://127.0.0.1:9000", "photos", Style::Path),
            ("http://stuntbucket:9000", "photos", Style::Path),
        ] {
            let endpoint: Endpoint = endpoint.parse().unwrap();
            assert_eq!(endpoint.usual_style(bucket), style, "{endpoint:?} {bucket}");
        }
    }

    #[test]
    fn other_urls_are_no_endpoint() {
        for text in ["", "localhost:9000", "ftp://host", "http://", "http://a:b@host"] {
            assert!(text.parse::<Endpoint>().is_err(), "{text}");
        }
        for text in ["http://host/path", "http://host?query", "http://host/?query"] {
            assert!(text.parse::<Endpoint>().unwrap_err().contains("nothing else"), "{text}");
        }
    }
}
