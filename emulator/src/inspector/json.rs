//! What programs ask the inspector for, under `/api/v1/`.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use futures_util::TryStreamExt;
use http::StatusCode;
use serde::Deserialize;
use serde::Serialize;
use stuntbucket_signer::Timestamp;

use super::View;
use crate::answer::Answer;
use crate::body::ByteStream;
use crate::clock::Clock;
use crate::journal::Journal;
use crate::keyring::Keyring;

/// A longer document is no change of a clock.
const DOCUMENT_BYTES_MAX: usize = 4096;

pub(super) fn health() -> Answer {
    #[derive(Serialize)]
    struct Health {
        status: &'static str,
    }
    ok(&Health { status: "ok" })
}

/// The kept entries, oldest first.
pub(super) fn requests(journal: &Journal) -> Answer {
    ok(&journal.entries())
}

pub(super) fn request(journal: &Journal, id: u64) -> Answer {
    match journal.entry(id) {
        Some(entry) => ok(&entry),
        None => error(StatusCode::NOT_FOUND, &format!("no request with the id {id} is kept")),
    }
}

pub(super) fn clock(clock: &Clock) -> Answer {
    #[derive(Serialize)]
    struct Shown {
        now: String,
        stopped: bool,
    }
    ok(&Shown { now: clock.now().iso(), stopped: clock.is_stopped() })
}

/// Changes the clock as the document says, and shows it.
pub(super) async fn move_clock(clock: &Clock, body: ByteStream) -> Answer {
    match document(body).await.and_then(|document| Move::read(&document)) {
        Ok(change) => {
            change.perform(clock);
            self::clock(clock)
        }
        Err(complaint) => error(StatusCode::BAD_REQUEST, &complaint),
    }
}

/// Who may sign, without what they sign with.
pub(super) fn users(keyring: &Keyring) -> Answer {
    #[derive(Serialize)]
    struct Shown<'a> {
        name: &'a str,
        access_key: String,
        account: &'a str,
        canonical_id: String,
    }
    let users = keyring.users().map(|user| Shown {
        name: user.name(),
        access_key: user.credentials().access_key_id,
        account: user.account_id(),
        canonical_id: user.canonical_id().to_string(),
    });
    ok(&users.collect::<Vec<_>>())
}

pub(super) fn config(view: &View<'_>) -> Answer {
    #[derive(Serialize)]
    struct Shown<'a> {
        region: &'a str,
        endpoint: &'a str,
        domains: &'a [String],
        relaxed: Vec<&'static str>,
        /// `null` where all is gone at the end.
        data: Option<Cow<'a, str>>,
    }
    ok(&Shown {
        region: view.region,
        endpoint: view.endpoint,
        domains: view.domains,
        relaxed: view.relaxed.iter().map(|check| check.name()).collect(),
        data: view.data_dir.map(Path::to_string_lossy),
    })
}

/// A refusal in one line.
pub(super) fn error(status: StatusCode, complaint: &str) -> Answer {
    #[derive(Serialize)]
    struct Refused<'a> {
        error: &'a str,
    }
    answer(status, &Refused { error: complaint })
}

/// A value as text.
pub(super) fn written(value: &impl Serialize) -> String {
    // Nothing here has maps with keys that are no text, the only way to fail.
    serde_json::to_string(value).unwrap_or_default()
}

pub(super) fn ok(value: &impl Serialize) -> Answer {
    answer(StatusCode::OK, value)
}

fn answer(status: StatusCode, value: &impl Serialize) -> Answer {
    Answer::text(status, "application/json", written(value))
}

async fn document(mut body: ByteStream) -> Result<Vec<u8>, String> {
    let mut document = Vec::new();
    loop {
        match body.try_next().await {
            Ok(Some(bytes)) => document.extend_from_slice(&bytes),
            Ok(None) => return Ok(document),
            Err(failure) => return Err(format!("the body broke off: {}", failure.error.message)),
        }
        if document.len() > DOCUMENT_BYTES_MAX {
            return Err(format!("the body is longer than {DOCUMENT_BYTES_MAX} bytes"));
        }
    }
}

/// One change of the clock.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Move {
    #[serde(deserialize_with = "time")]
    Set(Timestamp),
    AdvanceSeconds(u64),
    Stop(Yes),
    Resume(Yes),
}

/// `true`. That a clock shall not stop says nothing.
#[derive(Deserialize)]
#[serde(try_from = "bool")]
struct Yes;

impl TryFrom<bool> for Yes {
    type Error = &'static str;

    fn try_from(is: bool) -> Result<Self, Self::Error> {
        is.then_some(Self).ok_or("`stop` and `resume` are only ever `true`")
    }
}

fn time<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

impl Move {
    fn read(document: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(document).map_err(|error| {
            format!(
                "not one of {{\"set\": \"2026-01-01T00:00:00Z\"}}, {{\"advance_seconds\": 90}}, \
                 {{\"stop\": true}}, {{\"resume\": true}}: {error}"
            )
        })
    }

    fn perform(self, clock: &Clock) {
        match self {
            Self::Set(time) => clock.set(time),
            Self::AdvanceSeconds(seconds) => clock.advance(Duration::from_secs(seconds)),
            Self::Stop(Yes) => clock.stop(),
            Self::Resume(Yes) => clock.resume(),
        }
    }
}
