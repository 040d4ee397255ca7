//! What came, what was decided, and why; the last entries only.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use serde::Serialize;
use stuntbucket_signer::Timestamp;
use tokio::sync::watch;

use crate::explanation::Explanation;
use crate::explanation::NearestRule;

/// One request and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// Counts the requests of this emulator, from 1.
    pub id: u64,
    /// When it came, by the emulator's clock.
    #[serde(serialize_with = "as_iso")]
    pub at: Timestamp,
    /// The request's method.
    pub method: String,
    /// The `Host` header as sent.
    pub host: String,
    /// Path and query as sent, with session tokens cut to their first four letters.
    pub target: String,
    /// The operation, by its name in the S3 API.
    pub operation: Option<String>,
    /// The caller: a user's name, or `anonymous`.
    pub caller: Option<String>,
    /// The status of the answer.
    pub status: u16,
    /// The error code of the answer.
    pub code: Option<String>,
    /// Why it was refused, for a person: `why` as text.
    pub explanation: Option<String>,
    /// Why it was refused, in parts.
    pub why: Option<Explanation>,
    /// Checks that would have refused the request, were they not relaxed, and what they said.
    pub waived: Vec<String>,
    /// What one should know even though the request was answered.
    pub warnings: Vec<String>,
    /// Where no CORS rule lets a script of another origin in: the one that comes nearest.
    pub cors_rule: Option<NearestRule>,
    /// The canonical request as computed here, if the signature did not match.
    pub canonical_request: Option<String>,
    /// The string to sign as computed here, if the signature did not match.
    pub string_to_sign: Option<String>,
    /// The `x-amz-request-id` of the answer.
    pub request_id: String,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for this signature.
fn as_iso<S: serde::Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&at.iso())
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {} {} {} -> {}", self.id, self.at, self.method, self.target, self.status)?;
        if let Some(code) = &self.code {
            write!(f, " {code}")?;
        }
        if let Some(caller) = &self.caller {
            write!(f, " ({caller})")?;
        }
        let said = self.explanation.iter().chain(&self.warnings);
        for line in said.flat_map(|text| text.lines()) {
            write!(f, "\n    {line}")?;
        }
        for waived in &self.waived {
            write!(f, "\n    accepted only because a check is relaxed: {waived}")?;
        }
        Ok(())
    }
}

/// The last requests of an emulator, oldest first.
///
/// `Display` prints them all, which makes a good message of an assertion.
#[derive(Debug)]
pub struct Journal {
    pages: Arc<Mutex<Pages>>,
    /// Tells followers that there is something new. What it is they read from the pages, so that
    /// one who is slow costs nothing: it misses what the pages have forgotten.
    news: watch::Sender<Following>,
}

#[derive(Debug, Default)]
struct Pages {
    entries: VecDeque<Entry>,
    /// So many ids were given.
    count: u64,
    /// So many entries were kept, also those that are forgotten by now.
    kept: u64,
}

/// Whether more can come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Following {
    Open,
    Ended,
}

/// So many entries are kept.
pub(crate) const ENTRIES_MAX: usize = 1000;

impl Journal {
    pub(crate) fn new() -> Self {
        Self { pages: Arc::default(), news: watch::Sender::new(Following::Open) }
    }

    /// The last requests, at most 1,000, oldest first.
    pub fn entries(&self) -> Vec<Entry> {
        self.pages().entries.iter().cloned().collect()
    }

    /// The request with this id, if it is still kept.
    pub fn entry(&self, id: u64) -> Option<Entry> {
        self.pages().entries.iter().find(|entry| entry.id == id).cloned()
    }

    /// Forgets the requests so far.
    pub fn clear(&self) {
        self.pages().entries.clear();
    }

    /// The number of the next request.
    pub(crate) fn next_id(&self) -> u64 {
        let mut pages = self.pages();
        pages.count += 1;
        pages.count
    }

    /// Keeps an entry. Requests end in another order than they came in; ids tell the order.
    pub(crate) fn keep(&self, entry: Entry) {
        let mut pages = self.pages();
        if pages.entries.len() == ENTRIES_MAX {
            pages.entries.pop_front();
        }
        pages.entries.push_back(entry);
        pages.kept += 1;
        drop(pages);
        if self.news.receiver_count() > 0 {
            self.news.send_modify(|_| ());
        }
    }

    /// Waits for entries that are kept after this moment.
    pub(crate) fn follow(&self) -> Follower {
        let news = self.news.subscribe();
        let seen = self.pages().kept;
        Follower { pages: Arc::clone(&self.pages), news, seen }
    }

    /// Ends all followers, who would otherwise hold up the end of whoever serves them.
    pub(crate) fn end_following(&self) {
        self.news.send_replace(Following::Ended);
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        open(&self.pages)
    }
}

/// Reads on in a journal.
#[derive(Debug)]
pub(crate) struct Follower {
    pages: Arc<Mutex<Pages>>,
    news: watch::Receiver<Following>,
    /// As many entries were kept when it last looked.
    seen: u64,
}

impl Follower {
    /// What was kept since the last look, as far as it is not forgotten; waits until there is
    /// something. `None` when nothing more will come.
    pub(crate) async fn next(&mut self) -> Option<Vec<Entry>> {
        loop {
            // Seen before the look: what comes after it wakes the wait below.
            if *self.news.borrow_and_update() == Following::Ended {
                return None;
            }
            let entries = self.look();
            if !entries.is_empty() {
                return Some(entries);
            }
            // An error means that the journal is gone.
            self.news.changed().await.ok()?;
        }
    }

    fn look(&mut self) -> Vec<Entry> {
        let pages = open(&self.pages);
        let new = usize::try_from(pages.kept - self.seen).unwrap_or(usize::MAX);
        let known = pages.entries.len().saturating_sub(new);
        self.seen = pages.kept;
        pages.entries.range(known..).cloned().collect()
    }
}

// A panic elsewhere cannot leave a page half written.
fn open(pages: &Mutex<Pages>) -> MutexGuard<'_, Pages> {
    pages.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Display for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.entries();
        if entries.is_empty() {
            return f.write_str("no requests");
        }
        for (index, entry) in entries.iter().enumerate() {
            write!(f, "{}{entry}", if index == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::task::Poll;

    use futures_util::FutureExt;

    use super::*;

    fn entry(id: u64) -> Entry {
        Entry {
            id,
            at: Timestamp::from_unix(0),
            method: "GET".to_owned(),
            host: String::new(),
            target: "/".to_owned(),
            operation: None,
            caller: None,
            status: 200,
            code: None,
            explanation: None,
            why: None,
            waived: Vec::new(),
            warnings: Vec::new(),
            cors_rule: None,
            canonical_request: None,
            string_to_sign: None,
            request_id: String::new(),
        }
    }

    /// What a follower says without waiting: ids, or the end.
    fn said(follower: &mut Follower) -> Poll<Option<Vec<u64>>> {
        let ids = |entries: Vec<Entry>| entries.iter().map(|entry| entry.id).collect();
        match follower.next().now_or_never() {
            Some(entries) => Poll::Ready(entries.map(ids)),
            None => Poll::Pending,
        }
    }

    #[test]
    fn a_follower_hears_what_comes_after_it() {
        let journal = Journal::new();
        journal.keep(entry(1));
        let mut follower = journal.follow();
        assert_eq!(said(&mut follower), Poll::Pending);
        journal.keep(entry(3));
        journal.keep(entry(2));
        assert_eq!(said(&mut follower), Poll::Ready(Some(vec![3, 2])));
        assert_eq!(said(&mut follower), Poll::Pending);
    }

    #[test]
    fn a_slow_follower_misses_what_is_forgotten() {
        let journal = Journal::new();
        let mut follower = journal.follow();
        (1..=1500).for_each(|id| journal.keep(entry(id)));
        assert_eq!(said(&mut follower), Poll::Ready(Some((501..=1500).collect())));
        journal.keep(entry(1501));
        journal.clear();
        assert_eq!(said(&mut follower), Poll::Pending);
        journal.keep(entry(1502));
        assert_eq!(said(&mut follower), Poll::Ready(Some(vec![1502])));
    }

    #[test]
    fn following_ends_when_told_and_with_the_journal() {
        let journal = Journal::new();
        let mut follower = journal.follow();
        journal.end_following();
        assert_eq!(said(&mut follower), Poll::Ready(None));
        let journal = Journal::new();
        let mut follower = journal.follow();
        drop(journal);
        assert_eq!(said(&mut follower), Poll::Ready(None));
    }
}
