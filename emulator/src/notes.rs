//! `Notes`: what the stages of one request want said of it in the journal.

use std::fmt::Display;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use crate::events::News;
use crate::events::Requester;
use crate::explanation::NearestRule;
use crate::relaxation::Relaxation;

/// What is noted while a request is answered. Clones are handles on the same notes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(Arc<Mutex<Noted>>);

/// The notes themselves.
#[derive(Clone, Debug, Default)]
pub(crate) struct Noted {
    pub(crate) operation: Option<&'static str>,
    pub(crate) caller: Option<String>,
    pub(crate) waived: Vec<String>,
    pub(crate) warnings: Vec<String>,
    pub(crate) cors_rule: Option<NearestRule>,
    news: Vec<(Requester, News)>,
}

impl Notes {
    pub(crate) fn operation(&self, name: &'static str) {
        self.noted().operation = Some(name);
    }

    pub(crate) fn caller(&self, name: &str) {
        self.noted().caller = Some(name.to_owned());
    }

    /// A relaxed check would have refused the request, and this is what it would have said.
    pub(crate) fn waive(&self, check: Relaxation, said: impl Display) {
        self.noted().waived.push(format!("`{check}`: {said}"));
    }

    /// The request is answered, and still something about it is odd.
    pub(crate) fn warn(&self, warning: impl Into<String>) {
        self.noted().warnings.push(warning.into());
    }

    /// No CORS rule lets the script in that asks, and this one comes nearest.
    pub(crate) fn nearest_rule(&self, rule: Option<NearestRule>) {
        self.noted().cors_rule = rule;
    }

    /// Something happened that others may want to hear.
    pub(crate) fn news(&self, by: Requester, news: News) {
        self.noted().news.push((by, news));
    }

    /// What happened.
    pub(crate) fn take_news(&self) -> Vec<(Requester, News)> {
        std::mem::take(&mut self.noted().news)
    }

    /// All that was noted.
    pub(crate) fn take(&self) -> Noted {
        std::mem::take(&mut *self.noted())
    }

    // Every change is one assignment or one push.
    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
