//! `EndpointTarget`: any S3 that is reached over HTTP, with keys for it.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::thread;
use std::time::Duration;
use std::time::SystemTime;

use stuntbucket_signer::Credentials;
use stuntbucket_signer::Timestamp;

use crate::client::Client;
use crate::exchange::Request;
use crate::exchange::Response;
use crate::flow::Account;
use crate::flow::Feature;
use crate::target::Addressing;
use crate::target::Target;
use crate::target::Website;

/// How to reach an S3.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The name in reports.
    pub name: String,
    /// Scheme and host, perhaps with a port.
    pub url: String,
    /// The region that signatures name.
    pub region: String,
    /// Where the name of the bucket goes.
    pub addressing: Addressing,
    /// Keys of the account in whose buckets the flows run.
    pub owner: Credentials,
    /// Keys of a second account.
    pub stranger: Option<Credentials>,
    /// Scheme and host before which the name of a bucket makes its website; nothing if there are none.
    pub websites: Option<String>,
    /// Features that this target lacks, beside the clock.
    pub without: Vec<Feature>,
    /// How long a changed setting of a bucket takes to hold everywhere.
    pub settle_seconds: u64,
}

/// Any S3 that is reached over HTTP.
#[derive(Debug)]
pub struct EndpointTarget {
    endpoint: Endpoint,
    lacking: BTreeMap<Feature, String>,
    client: Client,
}

impl EndpointTarget {
    /// Prepares to talk to an endpoint. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// If the URL is not of the form `https://host` or `https://host:port`.
    pub fn new(mut endpoint: Endpoint) -> Result<Self, NotAnEndpoint> {
        let without_slash = endpoint.url.trim_end_matches('/').len();
        endpoint.url.truncate(without_slash);
        let uri = endpoint.url.parse::<http::Uri>().ok();
        let is_endpoint = uri.as_ref().is_some_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.path() == "/"
                && uri.query().is_none()
        });
        if !is_endpoint {
            return Err(NotAnEndpoint(endpoint.url));
        }
        let mut lacking: BTreeMap<_, _> = endpoint
            .without
            .iter()
            .map(|&feature| (feature, "left out by --without".to_owned()))
            .collect();
        lacking.insert(Feature::Clock, "the time of an endpoint cannot be moved".to_owned());
        let mut lack = |feature, reason: &str| {
            lacking.entry(feature).or_insert_with(|| reason.to_owned());
        };
        if uri.as_ref().and_then(http::Uri::scheme_str) == Some("http") {
            lack(Feature::Https, "the endpoint is spoken to over HTTP");
        }
        if endpoint.stranger.is_none() {
            lack(Feature::SecondAccount, "no --second-profile was given");
        }
        if endpoint.websites.is_none() {
            lack(Feature::Website, "no --websites was given");
        }
        lack(Feature::EndedSession, "there are no keys of a session that is over");
        if endpoint.owner.session_token.is_some() {
            lack(Feature::StaticKeys, "the keys are those of a session");
        } else {
            lack(Feature::TemporaryKeys, "the keys are those of no session");
        }
        Ok(Self { endpoint, lacking, client: Client::new() })
    }
}

impl Target for EndpointTarget {
    fn name(&self) -> &str {
        &self.endpoint.name
    }

    fn endpoint(&self) -> &str {
        &self.endpoint.url
    }

    fn region(&self) -> &str {
        &self.endpoint.region
    }

    fn addressing(&self) -> Addressing {
        self.endpoint.addressing
    }

    fn lacks(&self, feature: Feature) -> Option<String> {
        self.lacking.get(&feature).cloned()
    }

    fn credentials(&self, account: Account) -> Option<Credentials> {
        match account {
            Account::Owner | Account::OwnerInSession => Some(self.endpoint.owner.clone()),
            Account::OwnerInEndedSession => None,
            Account::Stranger => self.endpoint.stranger.clone(),
        }
    }

    fn website(&self, bucket: &str) -> Option<Website> {
        let (scheme, authority) = self.endpoint.websites.as_deref()?.split_once("://")?;
        let named = format!("{bucket}.{authority}");
        let (host, port) = authority.split_at(authority.find(':').unwrap_or(authority.len()));
        // Such names are this machine (RFC 6761), but not every system finds them.
        Some(if host.ends_with(".localhost") {
            Website { url: format!("{scheme}://localhost{port}"), host: Some(named) }
        } else {
            Website { url: format!("{scheme}://{named}"), host: None }
        })
    }

    #[allow(clippy::disallowed_methods)] // An endpoint judges by the real time.
    fn now(&self) -> Timestamp {
        Timestamp::from(SystemTime::now())
    }

    fn advance(&mut self, _: u64) {}

    fn send(&mut self, request: &Request) -> io::Result<Response> {
        self.client.send(request)
    }

    fn settle(&mut self) {
        thread::sleep(Duration::from_secs(self.endpoint.settle_seconds));
    }
}

/// A text that is no endpoint.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAnEndpoint(String);

impl fmt::Display for NotAnEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no endpoint of the form `https://host` or `http://host:port`", self.0)
    }
}

impl std::error::Error for NotAnEndpoint {}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(url: &str) -> Result<EndpointTarget, NotAnEndpoint> {
        EndpointTarget::new(Endpoint {
            name: "test".to_owned(),
            url: url.to_owned(),
            region: "us-east-1".to_owned(),
            addressing: Addressing::Path,
            owner: Credentials::new("AKID", "secret"),
            stranger: None,
            websites: None,
            without: vec![Feature::PublicBuckets],
            settle_seconds: 0,
        })
    }

    #[test]
    fn only_scheme_and_host_are_an_endpoint() {
        for url in ["https://s3.us-east-1.amazonaws.com", "http://127.0.0.1:9000/"] {
            assert_eq!(target(url).unwrap().endpoint(), url.trim_end_matches('/'));
        }
        for url in ["", "localhost:9000", "ftp://h", "http://h/path", "http://h?x", "/"] {
            assert!(target(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_website_is_below_the_host_of_websites() {
        let mut target = target("http://h").unwrap();
        for (websites, url, host) in [
            ("https://s3-website.test", "https://b.s3-website.test", None),
            (
                "http://s3-website.localhost:9000",
                "http://localhost:9000",
                Some("b.s3-website.localhost:9000"),
            ),
        ] {
            target.endpoint.websites = Some(websites.to_owned());
            let host = host.map(str::to_owned);
            assert_eq!(target.website("b"), Some(Website { url: url.to_owned(), host }));
        }
    }

    #[test]
    fn what_lacks_says_why() {
        let target = target("http://h").unwrap();
        assert!(target.lacks(Feature::Clock).unwrap().contains("time"));
        assert!(target.lacks(Feature::Https).unwrap().contains("over HTTP"));
        assert!(target.lacks(Feature::SecondAccount).unwrap().contains("--second-profile"));
        assert!(target.lacks(Feature::PublicBuckets).unwrap().contains("--without"));
        assert!(target.lacks(Feature::Website).unwrap().contains("--websites"));
        assert!(target.lacks(Feature::EndedSession).unwrap().contains("over"));
        assert!(target.lacks(Feature::TemporaryKeys).unwrap().contains("no session"));
        assert_eq!(target.lacks(Feature::NamesWhatItLacks), None);
        assert_eq!(target.lacks(Feature::StaticKeys), None);
    }
}
