//! `Target`: an S3 to talk to, in this process or anywhere.

use std::io;

use stuntbucket_signer::Credentials;
use stuntbucket_signer::Timestamp;

use crate::exchange::Request;
use crate::exchange::Response;
use crate::flow::Account;
use crate::flow::Feature;

/// An S3 to talk to.
pub trait Target {
    /// The name in reports.
    fn name(&self) -> &str;

    /// Scheme and host, with the port if it is not the scheme's own: `http://127.0.0.1:9000`.
    fn endpoint(&self) -> &str;

    /// The region that signatures name.
    fn region(&self) -> &str;

    /// Where the name of the bucket goes.
    fn addressing(&self) -> Addressing;

    /// Why a flow that needs `feature` makes no sense here; nothing if it does.
    fn lacks(&self, feature: Feature) -> Option<String>;

    /// The keys of an account. The owner has some on every target.
    fn credentials(&self, account: Account) -> Option<Credentials>;

    /// Where the website of a bucket is. Called only where [`Feature::Website`] is offered.
    fn website(&self, bucket: &str) -> Option<Website>;

    /// The time by which this target judges.
    fn now(&self) -> Timestamp;

    /// Moves its clock forward. Called only where [`Feature::Clock`] is offered.
    fn advance(&mut self, seconds: u64);

    /// Sends the bytes as they are and reads the whole answer.
    fn send(&mut self, request: &Request) -> io::Result<Response>;

    /// Waits until a changed setting of a bucket holds everywhere, where that takes time.
    fn settle(&mut self) {}

    /// What the target itself says about the last requests, for the report of a deviation.
    fn journal(&self) -> Option<String> {
        None
    }
}

/// Where the website of a bucket is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Website {
    /// Scheme and host, to which the request goes.
    pub url: String,
    /// The host that the request names, where that is another.
    pub host: Option<String>,
}

impl Website {
    /// The name by which the website knows itself.
    pub(crate) fn host(&self) -> &str {
        let of_url = || self.url.split_once("://").map_or("", |(_, host)| host);
        self.host.as_deref().unwrap_or_else(of_url)
    }
}

/// Where the name of the bucket goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addressing {
    /// `https://endpoint/bucket/key`.
    Path,
    /// `https://bucket.endpoint/key`.
    VirtualHosted,
}

impl Addressing {
    /// The URL of a target in path style, such as `/bucket/key?acl`.
    pub(crate) fn url(self, endpoint: &str, path: &str) -> String {
        let named =
            path.strip_prefix('/').filter(|rest| !rest.is_empty() && !rest.starts_with('?'));
        let split = endpoint.split_once("://");
        let (Self::VirtualHosted, Some(named), Some((scheme, host))) = (self, named, split) else {
            return format!("{endpoint}{path}");
        };
        let end = named.find(['/', '?']).unwrap_or(named.len());
        let (bucket, rest) = named.split_at(end);
        let slash = if rest.starts_with('/') { "" } else { "/" };
        format!("{scheme}://{bucket}.{host}{slash}{rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bucket_goes_into_the_path_or_before_the_host() {
        for (path, in_path, before_host) in [
            ("/", "https://s3.test/", "https://s3.test/"),
            (
                "/?x-id=ListBuckets",
                "https://s3.test/?x-id=ListBuckets",
                "https://s3.test/?x-id=ListBuckets",
            ),
            ("/b", "https://s3.test/b", "https://b.s3.test/"),
            ("/b?acl", "https://s3.test/b?acl", "https://b.s3.test/?acl"),
            ("/b/", "https://s3.test/b/", "https://b.s3.test/"),
            ("/b//k%2F?acl", "https://s3.test/b//k%2F?acl", "https://b.s3.test//k%2F?acl"),
        ] {
            assert_eq!(Addressing::Path.url("https://s3.test", path), in_path);
            assert_eq!(Addressing::VirtualHosted.url("https://s3.test", path), before_host);
        }
    }
}
