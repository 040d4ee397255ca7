//! Every setting of an emulator, with its default.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::PathBuf;

use crate::clock::Clock;
use crate::keyring::User;
use crate::names::CannedAcl;
use crate::names::CorsRule;
use crate::names::CustomerKeys;
use crate::names::ObjectOwnership;
use crate::names::PublicAccessBlock;
use crate::relaxation::Relaxation;

/// What an emulator is started with.
#[derive(Debug)]
pub(crate) struct Config {
    /// The first is the endpoint. Of the others, those that the machine cannot bind are left out.
    pub(crate) listen: Vec<SocketAddr>,
    pub(crate) certificate: Certificate,
    /// The second port, if any.
    pub(crate) inspect: Option<SocketAddr>,
    pub(crate) region: String,
    /// Base domains beside `localhost` and those of Amazon S3.
    pub(crate) domains: Vec<String>,
    pub(crate) users: Vec<User>,
    pub(crate) buckets: Vec<Bucket>,
    pub(crate) clock: Clock,
    pub(crate) time_travel: TimeTravel,
    /// Where everything is kept; without it a temporary store goes with the emulator.
    pub(crate) data_dir: Option<PathBuf>,
    /// Bodies above this size, in bytes, get a file of their own.
    pub(crate) spill_above: u64,
    pub(crate) durability: Durability,
    pub(crate) relaxed: Vec<Relaxation>,
    /// Whether refusals carry `x-stuntbucket-explain-url`.
    pub(crate) explain_header: ExplainHeader,
    pub(crate) events: Events,
}

/// Where events go, besides to who asks the emulator for them.
#[derive(Debug, Default)]
pub(crate) struct Events {
    /// A file, one document a line.
    pub(crate) file: Option<PathBuf>,
    /// A URL, one request each.
    pub(crate) webhook: Option<String>,
    /// ARNs that exist; without any, all do.
    pub(crate) destinations: Vec<String>,
}

/// Whether S3 is served under HTTPS, and with which certificate.
#[derive(Clone, Debug)]
pub(crate) enum Certificate {
    /// Plain HTTP.
    None,
    /// Of an authority that is made at start.
    #[cfg(feature = "tls")]
    Made,
    /// A chain and its private key, both in PEM.
    #[cfg(feature = "tls")]
    Given { certificate_pem: String, key_pem: Secret },
}

/// A text that is not printed.
#[cfg(feature = "tls")]
#[derive(Clone)]
pub(crate) struct Secret(pub(crate) String);

#[cfg(feature = "tls")]
impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// Which clock the skew of a signature and `Date` read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeTravel {
    /// A signed time is too far away only if it is far from the real clock too; `Date` is real.
    WithRealTime,
    /// The emulator's clock alone counts.
    Full,
}

/// What an answered write survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// The death of the process.
    Process,
    /// A power cut too.
    Power,
}

/// Whether refusals name the page that explains them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExplainHeader {
    On,
    Off,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))],
            certificate: Certificate::None,
            inspect: None,
            region: "us-east-1".to_owned(),
            domains: Vec::new(),
            users: Vec::new(),
            buckets: Vec::new(),
            clock: Clock::system(),
            time_travel: TimeTravel::WithRealTime,
            data_dir: None,
            spill_above: 64 * 1024,
            durability: Durability::Process,
            relaxed: Vec::new(),
            explain_header: ExplainHeader::On,
            events: Events::default(),
        }
    }
}

/// A bucket that is there before the first request.
///
/// By default it is as S3 makes it since April 2023: ACLs are disabled, and Block Public Access is
/// on.
///
/// ```
/// use stuntbucket::Bucket;
/// use stuntbucket::CannedAcl;
/// use stuntbucket::Stuntbucket;
///
/// let s3 = Stuntbucket::builder()
///     .bucket("uploads")
///     .bucket(Bucket::new("public").before_2023(true).acl(CannedAcl::PublicRead))
///     .start()?;
/// assert_eq!(s3.buckets()?, ["public", "uploads"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Bucket {
    pub(crate) name: String,
    pub(crate) owner: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) ownership: ObjectOwnership,
    pub(crate) public_access_block: PublicAccessBlock,
    pub(crate) acl: CannedAcl,
    pub(crate) policy: Option<String>,
    pub(crate) keeps: Keeps,
    /// Names of events, with `s3:`.
    pub(crate) events: Vec<String>,
    pub(crate) cors: Vec<CorsRule>,
    pub(crate) customer_keys: CustomerKeys,
}

/// What a bucket keeps of what is overwritten and deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keeps {
    Nothing,
    Versions,
    /// Versions, which can be locked.
    LockedVersions,
}

impl Bucket {
    /// A bucket of the first user, in the emulator's region.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            owner: None,
            region: None,
            ownership: ObjectOwnership::BucketOwnerEnforced,
            public_access_block: PublicAccessBlock::ALL,
            acl: CannedAcl::Private,
            policy: None,
            keeps: Keeps::Nothing,
            events: Vec::new(),
            cors: Vec::new(),
            customer_keys: CustomerKeys::Blocked,
        }
    }

    /// Gives it to the account of the user of this name.
    pub fn owner(mut self, user: impl Into<String>) -> Self {
        self.owner = Some(user.into());
        self
    }

    /// Puts it into another region than the emulator's.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Sets the object ownership.
    pub fn ownership(mut self, ownership: ObjectOwnership) -> Self {
        self.ownership = ownership;
        self
    }

    /// Sets Block Public Access: all four settings with a `bool`, or each by itself.
    pub fn public_access_block(mut self, block: impl Into<PublicAccessBlock>) -> Self {
        self.public_access_block = block.into();
        self
    }

    /// Gives the bucket a canned ACL.
    pub fn acl(mut self, acl: CannedAcl) -> Self {
        self.acl = acl;
        self
    }

    /// Keeps a version of everything that is overwritten or deleted.
    pub fn versioning(mut self, is_on: bool) -> Self {
        self.keeps = match (is_on, self.keeps) {
            (true, Keeps::Nothing) => Keeps::Versions,
            // An object lock needs versions.
            (true, keeps) => keeps,
            (false, _) => Keeps::Nothing,
        };
        self
    }

    /// Lets versions be locked, which keeps them as [`Bucket::versioning`] does.
    pub fn object_lock(mut self, is_on: bool) -> Self {
        self.keeps = match (is_on, self.keeps) {
            (true, _) => Keeps::LockedVersions,
            (false, Keeps::LockedVersions) => Keeps::Versions,
            (false, keeps) => keeps,
        };
        self
    }

    /// Lets the bucket tell of an event, such as `s3:ObjectCreated:*`, as if a notification
    /// configuration with a queue had been put; [`Stuntbucket::events`](crate::Stuntbucket::events)
    /// has them.
    pub fn event(mut self, name: impl Into<String>) -> Self {
        self.events.push(name.into());
        self
    }

    /// Lets scripts of other origins in, by these rules; [`CorsRule::permissive`] lets all in.
    pub fn cors(mut self, rules: impl IntoIterator<Item = CorsRule>) -> Self {
        self.cors = rules.into_iter().collect();
        self
    }

    /// Whether clients may bring their own keys (SSE-C), which new buckets block since April 2026.
    pub fn sse_c(mut self, is_allowed: bool) -> Self {
        self.customer_keys = if is_allowed { CustomerKeys::Allowed } else { CustomerKeys::Blocked };
        self
    }

    /// Gives the bucket a policy, as JSON. It is checked as `PutBucketPolicy` checks it, but may be
    /// public whatever Block Public Access says; whom it lets in is decided as ever.
    pub fn policy(mut self, json: impl Into<String>) -> Self {
        self.policy = Some(json.into());
        self
    }

    /// Makes it as buckets were before April 2023: writers own their objects, ACLs count, and
    /// nothing is blocked.
    pub fn before_2023(self, is_old: bool) -> Self {
        if is_old {
            self.ownership(ObjectOwnership::ObjectWriter).public_access_block(false)
        } else {
            self
        }
    }
}

impl From<&str> for Bucket {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Bucket {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}
