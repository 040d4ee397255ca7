//! Host and path -> the service, a bucket or an object, in both styles.

use stuntbucket_signer::encode;

use crate::failure::Failure;
use crate::failure::Fault;

/// Where a request is addressed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) target: Target,
    pub(crate) style: Style,
    pub(crate) region: Region,
    /// Whether the host is one that this emulator knows.
    pub(crate) host: HostKind,
    pub(crate) endpoint: Endpoint,
}

/// What a host serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// The API.
    Rest,
    /// The API, by Transfer Acceleration.
    Accelerate,
    /// Pages, for browsers.
    Website,
    /// The API of S3 Express, which has directory buckets.
    Express,
}

/// What a request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Service,
    Bucket(String),
    Object { bucket: String, key: String },
}

/// Where the bucket's name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Path,
    VirtualHosted,
}

/// The region that a host name carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Region {
    /// `s3.REGION.amazonaws.com`: the endpoint of that region.
    Named(String),
    /// `s3.amazonaws.com`: the endpoint of us-east-1, which knows the way to the others.
    Global,
    /// `localhost`, an address, `--domain`: it stands for the bucket's own region.
    Unnamed,
}

/// Whether a host name is one that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HostKind {
    Known,
    Unknown,
}

/// The names under which an emulator answers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Domains<'a> {
    /// Base domains, in lower case.
    pub(crate) bases: &'a [String],
    /// The emulator's own region, which need not look like one of AWS.
    pub(crate) region: &'a str,
}

impl Target {
    pub(crate) fn bucket(&self) -> Option<&str> {
        match self {
            Self::Service => None,
            Self::Bucket(bucket) | Self::Object { bucket, .. } => Some(bucket),
        }
    }

    pub(crate) fn key(&self) -> Option<&str> {
        match self {
            Self::Service | Self::Bucket(_) => None,
            Self::Object { key, .. } => Some(key),
        }
    }
}

/// S3 refuses longer keys.
const KEY_BYTES_MAX: usize = 1024;

impl Address {
    /// Finds out where `host` and `path`, both as sent, lead to.
    pub(crate) fn read(
        host: Option<&str>,
        path: &str,
        domains: &Domains<'_>,
        is_bucket: &dyn Fn(&str) -> bool,
    ) -> Result<Self, Failure> {
        let name = host.map(without_port).unwrap_or_default().to_ascii_lowercase();
        let found = find(&name, domains).unwrap_or_else(|| Found {
            // S3 takes a host that it does not know for a bucket behind a CNAME. Here it is one
            // only if such a bucket exists.
            bucket: is_bucket(&name).then(|| name.clone()),
            region: Region::Unnamed,
            host: HostKind::Unknown,
            endpoint: Endpoint::Rest,
        });
        let Found { bucket, region, host, endpoint } = found;
        // A website's bucket stands in the host, or is the host.
        let bucket = match endpoint {
            Endpoint::Website => bucket.or_else(|| Some(name.clone())),
            Endpoint::Rest | Endpoint::Accelerate | Endpoint::Express => bucket,
        };
        let path = path.strip_prefix('/').unwrap_or(path);
        let (style, bucket, key) = if let Some(bucket) = bucket {
            (Style::VirtualHosted, bucket, path)
        } else {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            (Style::Path, decoded(bucket)?, key)
        };
        let key = decoded(key)?;
        let target = if bucket.is_empty() && key.is_empty() {
            Target::Service
        } else if key.is_empty() {
            Target::Bucket(bucket)
        } else {
            check_length(&key)?;
            Target::Object { bucket, key }
        };
        Ok(Self { target, style, region, host, endpoint })
    }
}

/// Refuses keys that S3 cannot keep.
pub(crate) fn check_length(key: &str) -> Result<(), Failure> {
    if key.len() > KEY_BYTES_MAX {
        return Err(Fault::KeyTooLong
            .with("Size", key.len().to_string())
            .with("MaxSizeAllowed", KEY_BYTES_MAX.to_string()));
    }
    Ok(())
}

fn without_port(host: &str) -> &str {
    // An IPv6 address has colons of its own, in brackets.
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

struct Found {
    bucket: Option<String>,
    region: Region,
    host: HostKind,
    endpoint: Endpoint,
}

/// Finds the longest base that the host ends with; what stands before it is a bucket.
fn find(host: &str, domains: &Domains<'_>) -> Option<Found> {
    if host.is_empty() || is_ip(host) {
        return Some(Found {
            bucket: None,
            region: Region::Unnamed,
            host: HostKind::Known,
            endpoint: Endpoint::Rest,
        });
    }
    amazon(host).or_else(|| {
        let mut best: Option<(usize, Found)> = None;
        for base in domains.bases {
            let Some(before) = before(host, base) else { continue };
            let (found, length) = under(before, domains);
            let length = length + base.len();
            if best.as_ref().is_none_or(|(longest, _)| length > *longest) {
                best = Some((length, found));
            }
        }
        best.map(|(_, found)| found)
    })
}

fn is_ip(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok() || host.starts_with('[')
}

/// What stands before `.base` in the host; empty if the host is the base.
fn before<'a>(host: &'a str, base: &str) -> Option<&'a str> {
    let rest = host.strip_suffix(base)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_suffix('.') }
}

/// Reads what stands before a base domain: `s3`, `s3.REGION`, `s3-website`, with or without a
/// bucket before it. Returns how long the part of the base is.
fn under(before: &str, domains: &Domains<'_>) -> (Found, usize) {
    let labels: Vec<&str> = before.split('.').filter(|label| !label.is_empty()).collect();
    let is_region = |label: &str| label == domains.region || looks_like_region(label);
    let named = |region: &str| Region::Named(region.to_owned());
    let (base_labels, region, endpoint) = match labels.as_slice() {
        [.., "s3", region] if is_region(region) => (2, named(region), Endpoint::Rest),
        [.., "s3"] => (1, Region::Unnamed, Endpoint::Rest),
        [.., "s3-website"] => (1, Region::Unnamed, Endpoint::Website),
        [.., "s3-website", region] if is_region(region) => (2, named(region), Endpoint::Website),
        [.., label] => match label.strip_prefix("s3-website-") {
            Some(region) if is_region(region) => (1, named(region), Endpoint::Website),
            _ => (0, Region::Unnamed, Endpoint::Rest),
        },
        [] => (0, Region::Unnamed, Endpoint::Rest),
    };
    let (bucket, base) = labels.split_at(labels.len() - base_labels);
    let bucket = (!bucket.is_empty()).then(|| bucket.join("."));
    (Found { bucket, region, host: HostKind::Known, endpoint }, base.join(".").len())
}

/// Reads the host names of Amazon S3, old and new.
fn amazon(host: &str) -> Option<Found> {
    let labels = host
        .strip_suffix(".amazonaws.com")
        .or_else(|| host.strip_suffix(".amazonaws.com.cn"))?
        .split('.')
        .collect::<Vec<_>>();
    let named = |region: &str| Region::Named(region.to_owned());
    let (base_labels, region, endpoint) = match labels.as_slice() {
        [.., "s3" | "s3-fips", "dualstack", region] if looks_like_region(region) => {
            (3, named(region), Endpoint::Rest)
        }
        [.., "s3" | "s3-fips", region] if looks_like_region(region) => {
            (2, named(region), Endpoint::Rest)
        }
        [.., "s3-website", region] if looks_like_region(region) => {
            (2, named(region), Endpoint::Website)
        }
        // A zone's own host, or the one for buckets: `s3express-use1-az4`, `s3express-control`.
        [.., zone, region] if zone.starts_with("s3express-") && looks_like_region(region) => {
            (2, named(region), Endpoint::Express)
        }
        [.., "s3"] => (1, Region::Global, Endpoint::Rest),
        [.., "s3-accelerate", "dualstack"] => (2, Region::Unnamed, Endpoint::Accelerate),
        [.., "s3-accelerate"] => (1, Region::Unnamed, Endpoint::Accelerate),
        [.., "s3-external-1"] => (1, named("us-east-1"), Endpoint::Rest),
        [.., label] => {
            let (region, endpoint) = match label.strip_prefix("s3-website-") {
                Some(region) => (region, Endpoint::Website),
                None => (label.strip_prefix("s3-")?, Endpoint::Rest),
            };
            looks_like_region(region).then(|| (1, named(region), endpoint))?
        }
        [] => return None,
    };
    let bucket = &labels[..labels.len() - base_labels];
    let bucket = (!bucket.is_empty()).then(|| bucket.join("."));
    Some(Found { bucket, region, host: HostKind::Known, endpoint })
}

/// Whether a label has the form of a region's name, such as `eu-west-1` or `us-gov-east-1`.
pub(crate) fn looks_like_region(label: &str) -> bool {
    let parts: Vec<&str> = label.split('-').collect();
    let is_word = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    match parts.as_slice() {
        [first, middle @ .., last] => {
            (2..=4).contains(&first.len())
                && is_word(first)
                && !middle.is_empty()
                && middle.iter().all(is_word)
                && last.len() <= 2
                && !last.is_empty()
                && last.bytes().all(|b| b.is_ascii_digit())
        }
        [] | [_] => false,
    }
}

fn decoded(text: &str) -> Result<String, Failure> {
    let invalid = || Fault::InvalidUri.with("URI", text);
    let bytes = text.as_bytes();
    for (index, _) in text.match_indices('%') {
        let digits = bytes.get(index + 1..index + 3).ok_or_else(invalid)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(invalid());
        }
    }
    // S3 reads a plus in a path as a space too.
    let decoded = encode::decode(text, encode::Plus::Space).into_owned();
    String::from_utf8(decoded).map_err(|_| invalid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(host: &str, path: &str, style: Style, bucket: &str, key: &str, region: &Region) {
        let bases = ["localhost".to_owned(), "s3.test".to_owned(), "test".to_owned()];
        let domains = Domains { bases: &bases, region: "local" };
        let is_bucket = |name: &str| name == "cname.example.org";
        let address = Address::read(Some(host), path, &domains, &is_bucket).unwrap();
        let found = (address.target.bucket().unwrap_or(""), address.target.key().unwrap_or(""));
        assert_eq!((found, address.style), ((bucket, key), style), "{host}{path}");
        assert_eq!(&address.region, region, "{host}{path}");
    }

    #[test]
    fn hosts_and_paths_lead_to_buckets_and_keys() {
        let none = &Region::Unnamed;
        let eu = &Region::Named("eu-west-1".to_owned());
        for (host, path, bucket, key, region) in [
            ("127.0.0.1:9000", "/", "", "", none),
            ("127.0.0.1:9000", "/b", "b", "", none),
            ("127.0.0.1:9000", "/b/", "b", "", none),
            ("127.0.0.1", "/b/k/l", "b", "k/l", none),
            ("127.0.0.1", "/b//x", "b", "/x", none),
            ("127.0.0.1", "/b/a+b%2Bc%2F", "b", "a b+c/", none),
            ("[::1]:9000", "/b/k", "b", "k", none),
            ("localhost:9000", "/b/%E2%82%AC", "b", "€", none),
            ("s3.localhost", "/b/k", "b", "k", none),
            ("s3.eu-west-1.localhost", "/b/k", "b", "k", eu),
            ("s3.amazonaws.com", "/b/k", "b", "k", &Region::Global),
            ("s3.eu-west-1.amazonaws.com", "/b/k", "b", "k", eu),
            ("s3-eu-west-1.amazonaws.com", "/b/k", "b", "k", eu),
            ("s3.dualstack.eu-west-1.amazonaws.com", "/b/k", "b", "k", eu),
            ("unknown.example.org", "/b/k", "b", "k", none),
        ] {
            check(host, path, Style::Path, bucket, key, region);
        }
        for (host, path, bucket, key, region) in [
            ("b.localhost:9000", "/k", "b", "k", none),
            ("my.dotted.bucket.localhost", "/", "my.dotted.bucket", "", none),
            ("b.s3.localhost", "/k", "b", "k", none),
            ("b.s3.local.localhost", "/k", "b", "k", &Region::Named("local".to_owned())),
            ("B.S3.EU-WEST-1.amazonaws.com", "//k", "b", "/k", eu),
            ("b.s3-eu-west-1.amazonaws.com", "/k", "b", "k", eu),
            ("b.s3.amazonaws.com", "/k", "b", "k", &Region::Global),
            ("b.s3-external-1.amazonaws.com", "/k", "b", "k", &Region::Named("us-east-1".into())),
            ("b.s3-accelerate.amazonaws.com", "/k", "b", "k", none),
            ("b.s3-accelerate.dualstack.amazonaws.com", "/k", "b", "k", none),
            ("b.s3.test", "/k", "b", "k", none),
            ("b.test", "/k", "b", "k", none),
            ("cname.example.org", "/k", "cname.example.org", "k", none),
        ] {
            check(host, path, Style::VirtualHosted, bucket, key, region);
        }
    }

    #[test]
    fn paths_that_are_no_text_are_refused() {
        let domains = Domains { bases: &[], region: "local" };
        for path in ["/b/%zz", "/b/%f", "/b/%ff", "/%ff"] {
            let failure = Address::read(None, path, &domains, &|_| false).unwrap_err();
            assert_eq!(failure.error.code, "InvalidURI", "{path}");
        }
        let long = format!("/b/{}", "k".repeat(1025));
        let failure = Address::read(None, &long, &domains, &|_| false).unwrap_err();
        assert_eq!(failure.error.code, "KeyTooLongError");
    }

    #[test]
    fn website_hosts_lead_to_websites() {
        let bases = ["localhost".to_owned(), "s3.test".to_owned(), "test".to_owned()];
        let domains = Domains { bases: &bases, region: "local" };
        let eu = Region::Named("eu-west-1".to_owned());
        for (host, bucket, region) in [
            ("b.s3-website-eu-west-1.amazonaws.com", "b", &eu),
            ("a.b.s3-website.eu-west-1.amazonaws.com", "a.b", &eu),
            ("b.s3-website.localhost:9000", "b", &Region::Unnamed),
            ("b.s3-website.test", "b", &Region::Unnamed),
            ("b.s3-website.eu-west-1.localhost", "b", &eu),
            ("b.s3-website-local.localhost", "b", &Region::Named("local".to_owned())),
            ("s3-website.localhost", "s3-website.localhost", &Region::Unnamed),
        ] {
            for (path, key) in [("/", None), ("/dir/a%20b", Some("dir/a b"))] {
                let address = Address::read(Some(host), path, &domains, &|_| false).unwrap();
                assert_eq!(address.endpoint, Endpoint::Website, "{host}");
                assert_eq!((address.target.bucket(), &address.region), (Some(bucket), region));
                assert_eq!(address.target.key(), key);
            }
        }
        let rest = Address::read(Some("b.s3.test"), "/", &domains, &|_| false).unwrap();
        assert_eq!(rest.endpoint, Endpoint::Rest);
    }

    #[test]
    fn hosts_of_directory_buckets_are_known_as_such() {
        let domains = Domains { bases: &[], region: "local" };
        for (host, bucket) in [
            ("s3express-control.us-west-2.amazonaws.com", None),
            (
                "b--usw2-az1--x-s3.s3express-usw2-az1.us-west-2.amazonaws.com",
                Some("b--usw2-az1--x-s3"),
            ),
        ] {
            let address = Address::read(Some(host), "/", &domains, &|_| false).unwrap();
            assert_eq!((address.endpoint, address.target.bucket()), (Endpoint::Express, bucket));
        }
    }
}
