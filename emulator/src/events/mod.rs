//! Events: what S3 tells of changes, and how a test hears it.
//!
//! A bucket's notification configuration chooses. What is chosen can be read from [`Events`], and
//! goes to a file and to a webhook where they are set. No request waits for any of them: what does
//! not fit into a queue is dropped, counted and logged.

mod document;
mod file;
mod sink;
mod webhook;
mod what;

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use serde_json::Value;
use stuntbucket_signer::Timestamp;

pub(crate) use self::sink::Sink;
pub(crate) use self::webhook::Address;
pub(crate) use self::what::What;
use crate::ids::RequestIds;
use crate::names::EventBridge;
use crate::names::Kind;
use crate::names::VersionId;
use crate::store::Bucket;
use crate::store::Object;

/// An event on its way to one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Its name in records, such as `ObjectCreated:Post`; `TestEvent` for the one that S3 sends
    /// when a destination was configured.
    pub name: String,
    /// The bucket.
    pub bucket: String,
    /// The key, as it is; empty for a `TestEvent`. In the document it is encoded.
    pub key: String,
    /// The ARN of the queue, topic or function, or `eventbridge`.
    pub destination: String,
    /// The JSON that S3 sends there.
    pub document: String,
}

/// The events of an emulator that nobody has taken yet, oldest first. Clones share them.
///
/// As an iterator it waits for the next event, and ends with the emulator.
///
/// ```
/// use stuntbucket::Bucket;
/// use stuntbucket::Stuntbucket;
///
/// let bucket = Bucket::new("uploads").event("s3:ObjectCreated:*");
/// let s3 = Stuntbucket::builder().bucket(bucket).start()?;
/// // Let the code under test upload something, and then:
/// for event in s3.events().take_all() {
///     println!("{} of {}: {}", event.name, event.key, event.document);
/// }
/// # Ok::<(), stuntbucket::StartError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Events(Arc<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    events: Mutex<Untaken>,
    news: Condvar,
}

#[derive(Debug, Default)]
struct Untaken {
    events: VecDeque<Event>,
    dropped: u64,
    is_over: bool,
}

/// So many events wait to be taken; then the oldest go.
const UNTAKEN_MAX: usize = 10_000;

impl Events {
    /// Takes the events so far. An event is there before the answer to its request is.
    pub fn take_all(&self) -> Vec<Event> {
        self.untaken().events.drain(..).collect()
    }

    /// How many events were dropped because nobody took them: of more than 10,000 the oldest go.
    pub fn dropped(&self) -> u64 {
        self.untaken().dropped
    }

    fn push(&self, event: Event) {
        let mut untaken = self.untaken();
        if untaken.events.len() == UNTAKEN_MAX {
            untaken.events.pop_front();
            untaken.dropped += 1;
        }
        untaken.events.push_back(event);
        drop(untaken);
        self.0.news.notify_one();
    }

    fn end(&self) {
        self.untaken().is_over = true;
        self.0.news.notify_all();
    }

    // Every change leaves the queue whole.
    fn untaken(&self) -> MutexGuard<'_, Untaken> {
        self.0.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Iterator for Events {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let waits = |untaken: &mut Untaken| untaken.events.is_empty() && !untaken.is_over;
        let woken = self.0.news.wait_while(self.untaken(), waits);
        woken.unwrap_or_else(PoisonError::into_inner).events.pop_front()
    }
}

/// Something that happened to an object.
#[derive(Clone, Debug)]
pub(crate) struct Happening {
    what: What,
    key: String,
    size: Option<u64>,
    etag: Option<String>,
    version: Option<String>,
    storage: Option<Storage>,
}

/// What is told of an archived object, or of one that has moved.
#[derive(Clone, Debug)]
struct Storage {
    /// Of a restored object its own, of one that has moved the new one.
    class: String,
    /// When the copy of a restored object ends.
    ends: Option<Timestamp>,
}

impl Happening {
    pub(crate) fn new(what: What, key: &str) -> Self {
        Self { what, key: key.to_owned(), size: None, etag: None, version: None, storage: None }
    }

    /// The same with what is written down of the object.
    pub(crate) fn of(self, object: &Object) -> Self {
        self.with(object.size, &object.etag)
    }

    /// The same with size and entity tag.
    pub(crate) fn with(mut self, size: u64, etag: &str) -> Self {
        self.size = Some(size);
        self.etag = Some(etag.to_owned());
        self
    }

    /// The same with a storage class.
    pub(crate) fn in_class(mut self, class: &str) -> Self {
        self.storage = Some(Storage { class: class.to_owned(), ends: None });
        self
    }

    /// The same with the storage class of an archived object, and the end of its copy.
    pub(crate) fn restored(mut self, class: &str, ends: Timestamp) -> Self {
        self.storage = Some(Storage { class: class.to_owned(), ends: Some(ends) });
        self
    }

    /// The same with the entity tag alone.
    pub(crate) fn with_etag(mut self, etag: &str) -> Self {
        self.etag = Some(etag.to_owned());
        self
    }

    /// The same with the version, where the bucket keeps versions.
    pub(crate) fn at_version(mut self, version: VersionId) -> Self {
        self.version = (version != VersionId::Null).then(|| version.to_string());
        self
    }
}

/// What a request has to tell.
#[derive(Clone, Debug)]
pub(crate) enum News {
    /// To whom the bucket's configuration names.
    Happened(Arc<Bucket>, Happening),
    /// To the destinations that the bucket's configuration has now.
    Configured(Arc<Bucket>),
}

/// Who made something happen, and by which request.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    pub(crate) by: Requester,
    pub(crate) ids: RequestIds,
}

/// What S3 calls itself.
const S3: &str = "s3.amazonaws.com";

/// Who made something happen, as events name them.
#[derive(Clone, Debug)]
pub(crate) struct Requester {
    pub(crate) principal: String,
    /// The account, if there is one.
    pub(crate) account: String,
    /// Where the request came from; none if it was S3 itself.
    pub(crate) source_ip: Option<String>,
}

impl Requester {
    /// S3 itself.
    pub(crate) fn s3() -> Self {
        Self { principal: S3.to_owned(), account: S3.to_owned(), source_ip: None }
    }
}

/// Takes events to those who wait for them.
#[derive(Debug)]
pub(crate) struct Bus {
    pub(crate) events: Events,
    sinks: Vec<Sink>,
    /// ARNs that exist; without any, all do.
    pub(crate) destinations: Vec<String>,
    /// Seconds and a count, of the last record.
    sequence: Mutex<(i64, u32)>,
}

impl Bus {
    pub(crate) fn new(sinks: Vec<Sink>, destinations: Vec<String>) -> Self {
        let events = Events(Arc::default());
        Self { events, sinks, destinations, sequence: Mutex::new((0, 0)) }
    }

    /// Tells what came of a request.
    pub(crate) fn publish(&self, now: Timestamp, news: &News, origin: &Origin) {
        match news {
            News::Happened(bucket, happening) => self.tell(now, bucket, happening, origin),
            News::Configured(bucket) => self.test(now, bucket, origin),
        }
    }

    /// Tells those whom the bucket's configuration names.
    pub(crate) fn tell(
        &self,
        now: Timestamp,
        bucket: &Bucket,
        happening: &Happening,
        origin: &Origin,
    ) {
        let Some(notification) = &bucket.settings.notification else { return };
        let name = happening.what.told().name;
        let sequencer = self.sequencer(now);
        let send = |destination: &str, document: &Value| {
            self.send(Event {
                name: name.to_owned(),
                bucket: bucket.name.clone(),
                key: happening.key.clone(),
                destination: destination.to_owned(),
                document: document.to_string(),
            });
        };
        for target in notification.targets.iter().filter(|it| it.takes(name, &happening.key)) {
            let document = document::records(now, bucket, target, happening, origin, &sequencer);
            send(&target.arn, &document);
        }
        if notification.event_bridge == EventBridge::On {
            let document = document::event_bridge(now, bucket, happening, origin, &sequencer);
            send("eventbridge", &document);
        }
    }

    /// Sends queues and topics that were just configured what S3 sends first.
    fn test(&self, now: Timestamp, bucket: &Bucket, origin: &Origin) {
        let Some(notification) = &bucket.settings.notification else { return };
        for target in notification.targets.iter().filter(|it| it.kind != Kind::CloudFunction) {
            self.send(Event {
                name: "TestEvent".to_owned(),
                bucket: bucket.name.clone(),
                key: String::new(),
                destination: target.arn.clone(),
                document: document::test(now, bucket, origin).to_string(),
            });
        }
    }

    /// Ends it: nobody waits any more, and what is queued is delivered as far as it can be.
    pub(crate) fn end(&self) {
        self.events.end();
        for sink in &self.sinks {
            sink.end();
        }
    }

    fn send(&self, event: Event) {
        for sink in &self.sinks {
            sink.offer(&event);
        }
        self.events.push(event);
    }

    /// Sorts as a text after all that were made before.
    fn sequencer(&self, now: Timestamp) -> String {
        let mut last = self.sequence.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = now.unix().max(last.0);
        *last = (seconds, last.1.wrapping_add(1));
        format!("{seconds:010X}{:08X}", last.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(key: &str) -> Event {
        let text = String::new;
        Event {
            name: text(),
            bucket: text(),
            key: key.to_owned(),
            destination: text(),
            document: text(),
        }
    }

    #[test]
    fn events_wait_until_they_are_taken_and_the_oldest_go() {
        let events = Events(Arc::default());
        for number in 0..=UNTAKEN_MAX {
            events.push(event(&number.to_string()));
        }
        assert_eq!((events.dropped(), events.clone().next().unwrap().key.as_str()), (1, "1"));
        assert_eq!(events.take_all().len(), UNTAKEN_MAX - 1);
        assert_eq!(events.take_all(), []);
    }

    #[test]
    fn whoever_waits_is_woken_by_an_event_and_by_the_end() {
        let events = Events(Arc::default());
        let waiting = events.clone();
        let waiter = std::thread::spawn(move || waiting.map(|event| event.key).collect::<Vec<_>>());
        events.push(event("a"));
        events.push(event("b"));
        events.end();
        assert_eq!(waiter.join().unwrap(), ["a", "b"]);
    }
}
