//! New entries of the journal as server-sent events.

use bytes::Bytes;
use futures_util::stream;
use http::StatusCode;

use super::json;
use crate::answer::Answer;
use crate::body::Body;
use crate::failure::Failure;
use crate::journal::Entry;
use crate::journal::Follower;
use crate::journal::Journal;

/// What is sent at once, so that a browser knows that it is connected; and that it shall come back
/// after a second when the emulator was started anew.
const GREETING: &str = "retry: 1000\n\n";

/// A stream that lasts until the journal, the client or the server ends it.
pub(super) fn events(journal: &Journal) -> Answer {
    let mut answer = Answer::text(StatusCode::OK, "text/event-stream", String::new());
    answer.body =
        Body::Open(Box::pin(stream::unfold(State::Greeting(journal.follow()), State::next)));
    answer
}

enum State {
    Greeting(Follower),
    Following(Follower),
}

impl State {
    async fn next(self) -> Option<(Result<Bytes, Failure>, Self)> {
        match self {
            Self::Greeting(follower) => {
                Some((Ok(Bytes::from_static(GREETING.as_bytes())), Self::Following(follower)))
            }
            Self::Following(mut follower) => {
                let events: String = follower.next().await?.iter().map(event).collect();
                Some((Ok(Bytes::from(events)), Self::Following(follower)))
            }
        }
    }
}

/// JSON has no line ends outside of its strings, and there they are escaped: it is one line.
fn event(entry: &Entry) -> String {
    format!("id: {}\ndata: {}\n\n", entry.id, json::written(entry))
}
