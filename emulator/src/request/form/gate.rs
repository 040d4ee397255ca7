//! The gate between the wire and the parser of parts: what passes, how much at once, how much in all.
//!
//! The parser takes all that it is offered. The gate offers one piece, lets the parser see to it,
//! and only then offers the next, so that no more than one piece waits in the parser. It also
//! counts, so that the fields before the file cannot be longer than S3 allows.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use futures_core::Stream;

use crate::body::ByteStream;
use crate::failure::Failure;

/// The most that passes at once.
pub(super) const PIECE_BYTES_MAX: usize = 64 * 1024;

/// The wire, as the parser sees it.
pub(super) struct Gate {
    body: ByteStream,
    /// Came, and did not pass yet.
    held: Bytes,
    /// A piece just passed; the parser shall look at it first. (multer 3.1 also overlooks a first
    /// boundary that comes in the same breath as the end of the body.)
    pauses: bool,
    keeper: Keeper,
}

/// The other end of a gate: sets what may pass, and knows why nothing does.
#[derive(Clone)]
pub(super) struct Keeper(Arc<Mutex<State>>);

struct State {
    /// How many bytes may still pass; `None` if it does not matter.
    allowed: Option<usize>,
    /// Why the parser was told to wait, since somebody asked.
    waits: Option<Wait>,
    /// Why the wire broke.
    failure: Option<Failure>,
}

/// Why the parser was told to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Nothing came yet; the task will be woken.
    ForWire,
    /// It shall look at what it got, and ask again at once.
    ForParser,
    /// There is more, and it may not pass.
    Forbidden,
}

/// The wire broke; the keeper has the reason.
#[derive(Debug, thiserror::Error)]
#[error("the body could not be read")]
pub(super) struct Broken;

impl Gate {
    /// A gate that lets this many bytes of the body pass.
    pub(super) fn new(body: ByteStream, allowed: usize) -> (Self, Keeper) {
        let state = State { allowed: Some(allowed), waits: None, failure: None };
        let keeper = Keeper(Arc::new(Mutex::new(state)));
        (Self { body, held: Bytes::new(), pauses: false, keeper: keeper.clone() }, keeper)
    }
}

impl Keeper {
    /// Lets this many bytes more pass, or as many as come.
    pub(super) fn allow(&self, bytes: Option<usize>) {
        self.state().allowed = bytes;
    }

    /// Polls the parser until it has an answer or the wire has nothing for it.
    ///
    /// `Err` tells why no answer will come.
    pub(super) fn drive<T>(&self, mut poll: impl FnMut() -> Poll<T>) -> Poll<Result<T, Starved>> {
        let mut is_last_try = false;
        loop {
            self.state().waits = None;
            if let Poll::Ready(answer) = poll() {
                return Poll::Ready(Ok(answer));
            }
            let waits = self.state().waits;
            match waits {
                Some(Wait::ForWire) => return Poll::Pending,
                Some(Wait::ForParser) => is_last_try = false,
                // Some states of the parser look at new bytes only when they are polled again.
                Some(Wait::Forbidden) if !is_last_try => is_last_try = true,
                Some(Wait::Forbidden) => return Poll::Ready(Err(Starved::Forbidden)),
                None => return Poll::Ready(Err(Starved::Stuck)),
            }
        }
    }

    /// Why the wire broke, if it did.
    pub(super) fn take_failure(&self) -> Option<Failure> {
        self.state().failure.take()
    }

    // A panic elsewhere leaves a whole state behind: each change is one assignment.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why the parser will never have an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Starved {
    /// It would need more bytes than may pass.
    Forbidden,
    /// It waits, and did not ask for anything.
    Stuck,
}

impl Stream for Gate {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let gate = &mut *self;
        let mut state = gate.keeper.0.lock().unwrap_or_else(PoisonError::into_inner);
        if gate.pauses {
            gate.pauses = false;
            state.waits = Some(Wait::ForParser);
            return Poll::Pending;
        }
        while gate.held.is_empty() {
            match gate.body.as_mut().poll_next(cx) {
                Poll::Ready(Some(Ok(bytes))) => gate.held = bytes,
                Poll::Ready(Some(Err(failure))) => {
                    state.failure = Some(failure);
                    return Poll::Ready(Some(Err(Broken)));
                }
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => {
                    state.waits = Some(Wait::ForWire);
                    return Poll::Pending;
                }
            }
        }
        let allowed = state.allowed.unwrap_or(usize::MAX);
        if allowed == 0 {
            state.waits = Some(Wait::Forbidden);
            return Poll::Pending;
        }
        let piece = gate.held.split_to(gate.held.len().min(PIECE_BYTES_MAX).min(allowed));
        state.allowed = state.allowed.map(|allowed| allowed - piece.len());
        gate.pauses = true;
        Poll::Ready(Some(Ok(piece)))
    }
}
