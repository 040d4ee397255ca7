//! Bytes that come and go in pieces, without hyper.

use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;

use crate::failure::Failure;

/// A body in pieces. An error ends it.
pub(crate) type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, Failure>> + Send>>;

/// The body of an answer.
pub(crate) enum Body {
    Empty,
    Whole(Bytes),
    /// Sent with this `Content-Length`; if the stream fails, the connection is cut.
    Stream {
        length: u64,
        stream: ByteStream,
    },
    /// As long as the stream lasts, such as events.
    Open(ByteStream),
}

impl Body {
    /// In bytes, if it is known.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Empty => Some(0),
            Self::Whole(bytes) => Some(bytes.len() as u64),
            Self::Stream { length, .. } => Some(*length),
            Self::Open(_) => None,
        }
    }
}

/// A body of no bytes.
#[cfg(test)]
pub(crate) fn empty() -> ByteStream {
    Box::pin(futures_util::stream::empty())
}
