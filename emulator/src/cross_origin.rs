//! `CrossOrigin`: what a script of another origin gets to see of an answer, whatever it is.

use std::sync::Arc;

use http::HeaderName;
use http::Method;

use crate::answer::Answer;
use crate::authorize::cors;
use crate::authorize::cors::Asked;
use crate::notes::Notes;
use crate::place::Place;
use crate::request::Request;
use crate::store::Bucket;

/// A request of a script, as far as CORS is concerned.
#[derive(Debug)]
pub(crate) struct CrossOrigin {
    asked: Asked,
    bucket: Option<Arc<Bucket>>,
    from: From,
}

/// What a browser does with the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// It hides it from a script, unless the answer says otherwise.
    Script,
    /// Perhaps the same: what sent the request says an origin, and not what it is.
    Unknown,
    /// It reads it as the answer to a preflight, which has an explanation of its own.
    Preflight,
    /// It shows it.
    Elsewhere,
}

impl CrossOrigin {
    /// Reads it; `None` if the request names no origin.
    pub(crate) fn read(request: &Request, place: &Place) -> Option<Self> {
        let asked = Asked::read(request)?;
        // Browsers send an origin with forms too, and go to whatever is answered.
        let mode = request.header("sec-fetch-mode");
        let is_same =
            asked.origin.split_once("://").is_some_and(|(_, host)| host == request.host());
        let from = match mode.as_deref() {
            _ if is_same => From::Elsewhere,
            _ if request.method == Method::OPTIONS => From::Preflight,
            Some("cors") => From::Script,
            Some(_) => From::Elsewhere,
            None => From::Unknown,
        };
        Some(Self { asked, bucket: place.known().cloned(), from })
    }

    /// Tells the browser what it may show, also of errors; and the journal where it will show a
    /// CORS error in place of the real one.
    pub(crate) fn tell(&self, answer: &mut Answer, code: Option<&str>, notes: &Notes) {
        let rules = self.bucket.as_ref().map_or(&[][..], |bucket| &bucket.settings.cors);
        match cors::judge(rules, &self.asked) {
            Ok(allowed) => {
                for (name, value) in allowed.headers() {
                    answer.set(HeaderName::from_static(name), value);
                }
            }
            Err(nearly) => {
                if self.from != From::Elsewhere {
                    notes.nearest_rule(nearly.rule());
                }
                let status = answer.status.as_u16();
                match (self.from, code) {
                    (From::Script | From::Unknown, Some(code)) => notes.warn(format!(
                        "a browser will report a CORS error; the real answer was {status} {code} \
                         ({nearly})"
                    )),
                    (From::Script, None) => notes.warn(format!(
                        "a browser will report a CORS error, although the request succeeded with \
                         {status} ({nearly})"
                    )),
                    (From::Unknown, None) | (From::Preflight | From::Elsewhere, _) => {}
                }
            }
        }
    }
}
