//! `Sink`: a thread that delivers events, behind a queue that never makes anybody wait.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::mpsc::SyncSender;
use std::sync::mpsc::sync_channel;
use std::thread::JoinHandle;

use super::Event;
use super::file;
use super::webhook;
use super::webhook::Address;

/// A thread that delivers events to one place.
#[derive(Debug)]
pub(crate) struct Sink {
    /// What it delivers to, for the log.
    name: &'static str,
    queue: Mutex<Option<SyncSender<Event>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    dropped: AtomicU64,
    /// Whether nobody wants to wait for it any more.
    is_over: Arc<AtomicBool>,
}

/// So many events wait for delivery; what comes then is dropped.
const QUEUED_MAX: usize = 1024;

impl Sink {
    /// Appends the documents to a file, one a line.
    pub(crate) fn file(file: std::fs::File) -> std::io::Result<Self> {
        Self::start("the events file", |events, _| file::deliver(file, events))
    }

    /// Sends the documents to a web server, a request each.
    pub(crate) fn webhook(address: Address) -> std::io::Result<Self> {
        Self::start("the events webhook", move |events, is_over| {
            webhook::deliver(&address, events, is_over);
        })
    }

    fn start(
        name: &'static str,
        deliver: impl FnOnce(Receiver<Event>, &AtomicBool) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (queue, events) = sync_channel(QUEUED_MAX);
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let thread = std::thread::Builder::new()
            .name("stuntbucket-events".to_owned())
            .spawn(move || deliver(events, &over))?;
        Ok(Self {
            name,
            queue: Mutex::new(Some(queue)),
            thread: Mutex::new(Some(thread)),
            dropped: AtomicU64::new(0),
            is_over,
        })
    }

    /// Queues an event if there is room.
    pub(super) fn offer(&self, event: &Event) {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(queue) = &*queue else { return };
        if queue.try_send(event.clone()).is_err() {
            let dropped = self.dropped.fetch_add(1, Ordering::Relaxed) + 1;
            tracing::warn!("{} is too slow: {dropped} events were dropped so far", self.name);
        }
    }

    /// Waits until what is queued was delivered, or given up.
    pub(super) fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("{} failed", self.name);
        }
    }
}
