//! An answer's body as hyper takes it.

use std::pin::Pin;
use std::task::Context;
use std::task::Poll;

use bytes::Bytes;
use http_body::Frame;
use http_body::SizeHint;

use crate::body::Body;
use crate::body::ByteStream;
use crate::failure::Failure;

/// The body of a response.
pub(super) enum HttpBody {
    Whole(Option<Bytes>),
    Stream { left: u64, stream: ByteStream },
    Open(ByteStream),
}

/// Why a body ends before its end, for hyper, which then cuts the connection.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Cut(String);

impl From<Body> for HttpBody {
    fn from(body: Body) -> Self {
        match body {
            Body::Empty => Self::Whole(None),
            Body::Whole(bytes) => Self::Whole(Some(bytes).filter(|bytes| !bytes.is_empty())),
            Body::Stream { length, stream } => Self::Stream { left: length, stream },
            Body::Open(stream) => Self::Open(stream),
        }
    }
}

impl http_body::Body for HttpBody {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Stream { left, stream } => {
                let next = std::task::ready!(stream.as_mut().poll_next(cx));
                if let Some(Ok(bytes)) = &next {
                    *left = left.saturating_sub(bytes.len() as u64);
                }
                Poll::Ready(next.map(frame))
            }
            Self::Open(stream) => stream.as_mut().poll_next(cx).map(|next| next.map(frame)),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(bytes) => bytes.is_none(),
            Self::Stream { left, .. } => *left == 0,
            Self::Open(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Stream { left, .. } => SizeHint::with_exact(*left),
            Self::Open(_) => SizeHint::default(),
        }
    }
}

fn frame(piece: Result<Bytes, Failure>) -> Result<Frame<Bytes>, Cut> {
    piece.map(Frame::data).map_err(|failure| {
        let why = failure.reason();
        tracing::error!("an answer is cut short: {why}");
        Cut(why)
    })
}
