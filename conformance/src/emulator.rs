//! `EmulatorTarget`: the emulator in this process.

use std::fmt;
use std::io;
use std::time::Duration;

use stuntbucket::Clock;
use stuntbucket::Relaxation;
use stuntbucket::StartError;
use stuntbucket::Stuntbucket;
use stuntbucket::User;
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

/// As much of the journal's end as a report shows.
const JOURNAL_LINES_SHOWN: usize = 60;

/// However far the flows move the clock, a session that goes on does not end.
const CENTURY_SECONDS: i64 = 100 * 365 * 24 * 60 * 60;

/// The emulator in this process: two accounts, a clock that the flows move, and a journal.
pub struct EmulatorTarget {
    s3: Stuntbucket,
    endpoint: String,
    client: Client,
}

impl EmulatorTarget {
    /// Starts an emulator of its own.
    ///
    /// # Errors
    ///
    /// If it cannot start.
    pub fn start() -> Result<Self, StartError> {
        let clock = Clock::stopped_at("2026-01-01T00:00:00Z");
        let session = |name: &str, ends_in_seconds| {
            let end = clock.now().plus_seconds(ends_in_seconds);
            User::new(name).session_token(format!("token-of-{name}")).session_expires(end)
        };
        let s3 = Stuntbucket::builder()
            .user(User::new("owner"))
            .user(session("owner-in-session", CENTURY_SECONDS))
            .user(session("owner-in-ended-session", -1))
            .user(User::new("stranger").account("000000000002"))
            .region("us-east-1")
            .clock(clock.clone())
            // Flows about keys of clients run here too, though it is spoken to over HTTP.
            .relax(Relaxation::Https)
            .start()?;
        let endpoint = s3.endpoint();
        Ok(Self { s3, endpoint, client: Client::new() })
    }
}

impl Target for EmulatorTarget {
    fn name(&self) -> &'static str {
        "emulator"
    }

    fn endpoint(&self) -> &str {
        &self.endpoint
    }

    fn region(&self) -> &'static str {
        "us-east-1"
    }

    fn addressing(&self) -> Addressing {
        Addressing::Path
    }

    /// Nothing: on the emulator no flow is skipped.
    fn lacks(&self, _: Feature) -> Option<String> {
        None
    }

    fn credentials(&self, account: Account) -> Option<Credentials> {
        let name = match account {
            Account::Owner => "owner",
            Account::OwnerInEndedSession => "owner-in-ended-session",
            Account::OwnerInSession => "owner-in-session",
            Account::Stranger => "stranger",
        };
        Some(self.s3.user(name).credentials())
    }

    /// By its `Host`, since not every system finds the names below `localhost`.
    fn website(&self, bucket: &str) -> Option<Website> {
        let host = Some(format!("{bucket}.s3-website.localhost"));
        Some(Website { url: self.endpoint.clone(), host })
    }

    fn now(&self) -> Timestamp {
        self.s3.clock().now()
    }

    fn advance(&mut self, seconds: u64) {
        self.s3.clock().advance(Duration::from_secs(seconds));
    }

    fn send(&mut self, request: &Request) -> io::Result<Response> {
        self.client.send(request)
    }

    fn journal(&self) -> Option<String> {
        // The journal is that of the whole run; a deviation concerns its end.
        let journal = self.s3.journal().to_string();
        let lines: Vec<_> = journal.lines().collect();
        Some(lines[lines.len().saturating_sub(JOURNAL_LINES_SHOWN)..].join("\n"))
    }
}

impl fmt::Debug for EmulatorTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorTarget").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}
