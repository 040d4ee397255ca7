//! The thread of a store with `--data` that makes what was done survive, for all who wait at once.
//!
//! sled's own `flush_async` is not used: from seven calls at a time on, none of them ends.

use std::collections::VecDeque;
use std::fs::File;
use std::mem;
use std::sync::Arc;
use std::sync::Condvar;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::thread;
use std::thread::JoinHandle;

use super::database::Database;
use super::failed;
use super::garbage::Leftover;
use crate::config::Durability;
use crate::store::StoreError;

/// What waits for the next flush.
#[derive(Default)]
pub(super) struct Flushes {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

/// Called once the flush has been made, or has failed.
pub(super) type Waiter = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

#[derive(Default)]
struct Waiting {
    waiters: Vec<Waiter>,
    leftovers: Vec<Leftover>,
    state: State,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Open,
    Closing,
    Closed,
}

/// The thread. Dropping it ends it, after a last flush.
#[derive(Debug)]
pub(super) struct Flusher {
    database: Arc<Database>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Flushes {
    /// Calls `waiter` after a flush that begins from now on.
    pub(super) fn wait(&self, waiter: Waiter) {
        let mut waiting = self.lock();
        if waiting.state == State::Closed {
            drop(waiting);
            return waiter(Err(failed("keep what was written")("the store is closed")));
        }
        waiting.waiters.push(waiter);
        drop(waiting);
        self.changed.notify_one();
    }

    /// Removes these after a flush that begins from now on.
    pub(super) fn retire_later(&self, mut leftovers: Vec<Leftover>) {
        let mut waiting = self.lock();
        // Once closed, nothing is flushed any more. There are notes for the next opening.
        if waiting.state != State::Closed && !leftovers.is_empty() {
            waiting.leftovers.append(&mut leftovers);
            drop(waiting);
            self.changed.notify_one();
        }
    }

    /// What came since the last call. Waits until there is some, if nothing else is to be done;
    /// `None` when the store is to be closed, and there is nothing left.
    fn next(&self, otherwise: Otherwise) -> Option<(Vec<Waiter>, Vec<Leftover>)> {
        let mut waiting = self.lock();
        loop {
            let is_idle = waiting.waiters.is_empty() && waiting.leftovers.is_empty();
            if !is_idle || otherwise == Otherwise::Busy {
                return Some((mem::take(&mut waiting.waiters), mem::take(&mut waiting.leftovers)));
            }
            if waiting.state != State::Open {
                waiting.state = State::Closed;
                return None;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flusher {
    pub(super) fn start(database: Arc<Database>) -> Result<Self, StoreError> {
        let its = Arc::clone(&database);
        let thread = thread::Builder::new()
            .name("stuntbucket-flush".to_owned())
            .spawn(move || run(&its))
            .map_err(failed("start a thread"))?;
        Ok(Self { database, thread: Mutex::new(Some(thread)) })
    }

    /// Ends the thread. Later calls do nothing.
    pub(super) fn close(&self) {
        // The last waiter wants everything flushed that was done so far.
        self.database.flushes.wait(Box::new(|_| {}));
        let mut waiting = self.database.flushes.lock();
        if waiting.state == State::Open {
            waiting.state = State::Closing;
        }
        drop(waiting);
        self.database.flushes.changed.notify_one();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::warn!("the thread that writes the store to disk has failed");
        }
    }
}

impl Drop for Flusher {
    fn drop(&mut self) {
        self.close();
    }
}

/// Whether the thread has something to do but to flush.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Otherwise {
    Idle,
    Busy,
}

/// Then it looks whether somebody waits.
const RETIRED_AT_ONCE: usize = 256;

fn run(database: &Database) {
    let _end = AtEnd(&database.flushes);
    let mut due = VecDeque::new();
    loop {
        let otherwise = if due.is_empty() { Otherwise::Idle } else { Otherwise::Busy };
        let Some((waiters, leftovers)) = database.flushes.next(otherwise) else { return };
        if !waiters.is_empty() || !leftovers.is_empty() {
            let result = database.flush();
            // After a failure the notes of the leftovers stay.
            due.extend(leftovers.into_iter().filter(|_| result.is_ok()));
            for waiter in waiters {
                waiter(result.clone().map_err(failed("keep what was written")));
            }
        }
        let now = due.len().min(RETIRED_AT_ONCE);
        database.retire_or_warn(due.drain(..now));
    }
}

/// However the thread ends, nobody waits for it any more.
struct AtEnd<'a>(&'a Flushes);

impl Drop for AtEnd<'_> {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.state = State::Closed;
        waiting.waiters.clear();
    }
}

impl Database {
    /// Writes to disk what sled still has in memory.
    pub(super) fn flush(&self) -> Result<(), sled::Error> {
        self.sled.flush()?;
        if self.durability == Durability::Power {
            // sled itself leaves this to a timer.
            File::open(self.folder.log())?.sync_data()?;
        }
        Ok(())
    }
}
