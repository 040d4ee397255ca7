//! `StuntbucketBuilder`: what an emulator is started with.

use std::net::SocketAddr;
use std::path::PathBuf;

use super::StartError;
use super::Stuntbucket;
use crate::clock::Clock;
use crate::config::Bucket;
#[cfg(feature = "tls")]
use crate::config::Certificate;
use crate::config::Config;
use crate::config::Durability;
use crate::config::ExplainHeader;
#[cfg(feature = "tls")]
use crate::config::Secret;
use crate::config::TimeTravel;
use crate::keyring::User;
use crate::relaxation::Relaxation;

/// Sets up an emulator. Every setting has a default.
///
/// ```
/// use std::time::Duration;
/// use stuntbucket::{Bucket, Clock, Stuntbucket, User};
///
/// let s3 = Stuntbucket::builder()
///     .region("eu-west-1")
///     .user(User::new("alice"))
///     .bucket(Bucket::new("uploads").owner("alice"))
///     .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
///     .start()?;
/// s3.clock().advance(Duration::from_secs(16 * 60));
/// assert_eq!(s3.clock().now().iso(), "2026-01-01T00:16:00Z");
/// # Ok::<(), stuntbucket::StartError>(())
/// ```
#[derive(Debug, Default)]
#[must_use = "nothing runs before `start`"]
pub struct StuntbucketBuilder {
    config: Config,
}

impl StuntbucketBuilder {
    /// Sets where S3 is served. By default a free port of 127.0.0.1.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.config.listen = vec![address];
        self
    }

    /// Adds a further address, which is left out where the machine does not have it.
    pub fn also_listen(mut self, address: SocketAddr) -> Self {
        self.config.listen.push(address);
        self
    }

    /// Serves S3 under HTTPS, with certificates of an authority that is made at start and gone at
    /// the end. [`Stuntbucket::ca_certificate`] is what clients must trust.
    ///
    /// They are good for `localhost`, 127.0.0.1, ::1, each [`domain`](Self::domain) and whatever
    /// stands before them. The inspector stays plain HTTP.
    ///
    /// ```
    /// use stuntbucket::Stuntbucket;
    ///
    /// let s3 = Stuntbucket::builder().tls().start()?;
    /// assert!(s3.endpoint().starts_with("https://127.0.0.1:"));
    /// assert!(s3.ca_certificate().unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    /// # Ok::<(), stuntbucket::StartError>(())
    /// ```
    #[cfg(feature = "tls")]
    pub fn tls(mut self) -> Self {
        self.config.certificate = Certificate::Made;
        self
    }

    /// Serves S3 under HTTPS with this chain of certificates, the server's own first, and its
    /// private key, both in PEM.
    #[cfg(feature = "tls")]
    pub fn tls_with(
        mut self,
        certificate_pem: impl Into<String>,
        key_pem: impl Into<String>,
    ) -> Self {
        let (certificate_pem, key_pem) = (certificate_pem.into(), Secret(key_pem.into()));
        self.config.certificate = Certificate::Given { certificate_pem, key_pem };
        self
    }

    /// Serves the inspector too: a page and JSON that show what came and why it was refused.
    pub fn inspect(mut self, address: SocketAddr) -> Self {
        self.config.inspect = Some(address);
        self
    }

    /// Sets the region of endpoints whose names carry none. By default `us-east-1`.
    pub fn region(mut self, name: impl Into<String>) -> Self {
        self.config.region = name.into();
        self
    }

    /// Adds a base domain, before which names of buckets may stand. `localhost` and the names of
    /// Amazon S3 always work.
    pub fn domain(mut self, name: impl Into<String>) -> Self {
        self.config.domains.push(name.into());
        self
    }

    /// Adds a user. The first one owns the buckets that name no owner; without any user there is
    /// one, `owner`, with [`DEFAULT_ACCESS_KEY`](crate::DEFAULT_ACCESS_KEY).
    pub fn user(mut self, user: User) -> Self {
        self.config.users.push(user);
        self
    }

    /// Creates a bucket before the first request, unless the data folder has it already.
    pub fn bucket(mut self, bucket: impl Into<Bucket>) -> Self {
        self.config.buckets.push(bucket.into());
        self
    }

    /// Sets the clock that all checks read. By default the system's.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.config.clock = clock;
        self
    }

    /// Drops the real clock everywhere: skew is judged by the emulator's clock alone, and `Date`
    /// shows it. Clients must then sign by that clock too.
    pub fn full_time_travel(mut self) -> Self {
        self.config.time_travel = TimeTravel::Full;
        self
    }

    /// Keeps everything in this folder. What was answered then survives the death of the process.
    /// By default all is gone with the emulator.
    pub fn data_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.config.data_dir = Some(folder.into());
        self
    }

    /// Makes answered writes survive a power cut too, where a data folder is set.
    pub fn sync_to_disk(mut self, is_on: bool) -> Self {
        self.config.durability = if is_on { Durability::Power } else { Durability::Process };
        self
    }

    /// Gives bodies of more bytes a file of their own. By default 65,536.
    pub fn spill_above(mut self, bytes: u64) -> Self {
        self.config.spill_above = bytes;
        self
    }

    /// Switches a check off. The journal says of each request that only passed because of it.
    pub fn relax(mut self, check: Relaxation) -> Self {
        self.config.relaxed.push(check);
        self
    }

    /// Whether refusals carry `x-stuntbucket-explain-url` while the inspector is served. By
    /// default they do.
    pub fn explain_header(mut self, is_on: bool) -> Self {
        self.config.explain_header = if is_on { ExplainHeader::On } else { ExplainHeader::Off };
        self
    }

    /// Appends the document of every event to a file, one a line.
    pub fn events_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.config.events.file = Some(path.into());
        self
    }

    /// Sends the document of every event to a URL such as `http://127.0.0.1:3000/events`.
    pub fn events_webhook(mut self, url: impl Into<String>) -> Self {
        self.config.events.webhook = Some(url.into());
        self
    }

    /// Adds an ARN to which notification configurations may send. Without any, all are taken for
    /// existing.
    pub fn event_destination(mut self, arn: impl Into<String>) -> Self {
        self.config.events.destinations.push(arn.into());
        self
    }

    /// Starts the emulator: it answers requests when this returns.
    ///
    /// # Errors
    ///
    /// If a port is taken, the settings contradict each other, or the store cannot be opened; see
    /// [`StartErrorKind`](crate::StartErrorKind).
    pub fn start(self) -> Result<Stuntbucket, StartError> {
        super::start::start(self.config)
    }
}
