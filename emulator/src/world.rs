//! World: what the requests of one emulator share.

mod restores;
mod sweep;

use std::path::PathBuf;
use std::sync::Arc;

use http::HeaderValue;
use http::header::HeaderName;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::verify;

pub(crate) use self::restores::Restores;
pub(crate) use self::sweep::Sweeper;
use crate::clock::Clock;
use crate::clock::real_now;
use crate::config::TimeTravel;
use crate::events::Bus;
use crate::ids::Ids;
use crate::journal::Journal;
use crate::keyring::Keyring;
use crate::relaxation::Relaxation;
use crate::store::Bucket;
use crate::store::Store;
use crate::store::StoreError;

/// What the requests of one emulator share. There is no other state.
#[derive(Debug)]
pub(crate) struct World {
    /// The URL under which S3 answers.
    pub(crate) endpoint: String,
    /// The folder that keeps everything; `None` if all is gone at the end.
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) region: String,
    /// All base domains, `localhost` included.
    pub(crate) domains: Vec<String>,
    /// Every name under which S3 answers, with the port: what a client may have signed.
    pub(crate) hosts: Vec<String>,
    pub(crate) clock: Clock,
    pub(crate) time_travel: TimeTravel,
    pub(crate) keyring: Keyring,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) journal: Journal,
    pub(crate) events: Bus,
    pub(crate) sweeper: Sweeper,
    pub(crate) restores: Restores,
    pub(crate) ids: Ids,
    pub(crate) relaxed: Vec<Relaxation>,
    /// The signer's part of `relaxed`.
    pub(crate) relaxed_of_signer: Vec<verify::Relaxation>,
    /// The base URL of the pages that explain refusals, if refusals shall name them.
    pub(crate) explain_at: Option<String>,
}

/// Names the page that explains a refusal.
pub(crate) const EXPLAIN_URL: HeaderName = HeaderName::from_static("x-stuntbucket-explain-url");

impl World {
    /// Whether a check is switched off.
    pub(crate) fn relaxes(&self, check: Relaxation) -> bool {
        self.relaxed.contains(&check)
    }

    /// Whether lifecycle rules must have their way, or copies of archived objects be told of,
    /// before anything else is told of a bucket.
    pub(crate) fn is_sweep_due(&self, bucket: &Bucket) -> bool {
        let now = self.clock.now();
        self.sweeper.is_due(bucket, now) || self.restores.is_due(bucket, now)
    }

    /// Lets the time that has passed have its way. Must not run on an async worker.
    pub(crate) fn sweep(&self, bucket: &Bucket) -> Result<(), StoreError> {
        self.restores.tell(self, bucket)?;
        self.sweeper.sweep(self, bucket)
    }

    /// The second clock by which a signed time may be close enough.
    pub(crate) fn other_clock(&self) -> Option<Timestamp> {
        match self.time_travel {
            TimeTravel::WithRealTime => Some(real_now()),
            TimeTravel::Full => None,
        }
    }

    /// What `Date` shows.
    pub(crate) fn date(&self) -> Timestamp {
        match self.time_travel {
            TimeTravel::WithRealTime => real_now(),
            TimeTravel::Full => self.clock.now(),
        }
    }

    /// The page that explains the request with this id.
    pub(crate) fn explain_url(&self, id: u64) -> Option<HeaderValue> {
        let base = self.explain_at.as_ref()?;
        HeaderValue::from_str(&format!("{base}/requests/{id}")).ok()
    }
}
