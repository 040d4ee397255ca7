//! The second port: a page and JSON that show what came and why it was refused.
//!
//! It sees the journal, the clock and the settings, and may ask what somebody would be allowed. Of
//! the store and the secrets it knows nothing.

mod access;
mod guard;
mod json;
mod live;
mod page;
mod place;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use http::HeaderValue;
use http::Method;
use http::StatusCode;
use http::header::ALLOW;
use http::header::CACHE_CONTROL;
use http::header::X_CONTENT_TYPE_OPTIONS;

use self::place::Place;
use crate::answer::Answer;
use crate::authorize::explain;
use crate::authorize::explain::NoAnswer;
use crate::authorize::explain::Question;
use crate::body::Body;
use crate::clock::Clock;
use crate::journal::Journal;
use crate::keyring::Keyring;
use crate::relaxation::Relaxation;
use crate::request::Arrived;
use crate::request::Query;
use crate::world::World;

/// Answers a request of the second port.
pub(crate) async fn answer(world: &Arc<World>, arrived: Arrived) -> Answer {
    reply(&View::of(world), arrived).await
}

/// What the inspector sees of an emulator.
struct View<'a> {
    endpoint: &'a str,
    region: &'a str,
    domains: &'a [String],
    relaxed: &'a [Relaxation],
    data_dir: Option<&'a Path>,
    journal: &'a Journal,
    clock: &'a Clock,
    keyring: &'a Keyring,
    access: &'a dyn Judges,
}

/// Decides about somebody's rights.
trait Judges: Sync {
    fn judge(&self, question: &Question) -> Result<explain::Answer, NoAnswer>;
}

impl Judges for World {
    fn judge(&self, question: &Question) -> Result<explain::Answer, NoAnswer> {
        explain::answer(self, question)
    }
}

impl<'a> View<'a> {
    fn of(world: &'a World) -> Self {
        Self {
            endpoint: &world.endpoint,
            region: &world.region,
            domains: &world.domains,
            relaxed: &world.relaxed,
            data_dir: world.data_dir.as_deref(),
            journal: &world.journal,
            clock: &world.clock,
            keyring: &world.keyring,
            access: world,
        }
    }
}

async fn reply(view: &View<'_>, arrived: Arrived) -> Answer {
    let mut answer = match Place::find(&arrived.path) {
        Some(place) => at(place, view, arrived).await,
        None => json::error(StatusCode::NOT_FOUND, &format!("there is no `{}`", arrived.path)),
    };
    // What is shown is of this moment, and is what its type says.
    answer.headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer.headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    answer
}

async fn at(place: Place, view: &View<'_>, arrived: Arrived) -> Answer {
    match arrived.method {
        Method::GET => show(place, view, arrived.query),
        Method::HEAD => {
            let mut answer = show(place, view, arrived.query);
            if let Body::Open(_) = answer.body {
                answer.body = Body::Empty;
            }
            answer
        }
        Method::POST if place == Place::Clock => {
            match guard::check(&arrived.headers, view.domains) {
                Ok(()) => json::move_clock(view.clock, arrived.body).await,
                Err(refusal) => json::error(refusal.status(), &refusal.to_string()),
            }
        }
        method => {
            let allowed = place.methods();
            let complaint = format!("{method} is not among the methods of this place: {allowed}");
            let mut answer = json::error(StatusCode::METHOD_NOT_ALLOWED, &complaint);
            answer.headers.insert(ALLOW, HeaderValue::from_static(allowed));
            answer
        }
    }
}

fn show(place: Place, view: &View<'_>, query: Option<String>) -> Answer {
    match place {
        Place::Page => page::overview(view),
        Place::PageOf(id) => page::opened(view, id),
        Place::Health => json::health(),
        Place::Requests => json::requests(view.journal),
        Place::Request(id) => json::request(view.journal, id),
        Place::Live => live::events(view.journal),
        Place::Clock => json::clock(view.clock),
        Place::Users => json::users(view.keyring),
        Place::Config => json::config(view),
        Place::Access => access::decided(view, &Query::new(query.unwrap_or_default())),
    }
}
