//! hyper's request as what arrived, and what becomes of a body that nobody reads to its end.

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use http::header::EXPECT;
use http::header::TRANSFER_ENCODING;
use http_body::Body;
use http_body_util::BodyExt;
use hyper::body::Incoming;

use super::patience::Patience;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::request::Arrived;
use crate::request::Framing;
use crate::request::Scheme;
use crate::request::TlsVersion;

/// So much of a refused body is read on, so that clients which send it all before they listen see
/// the answer and not a broken connection.
const DRAIN_BYTES_MAX: u64 = 6 * 1024 * 1024 * 1024;
/// And for so long.
const DRAIN_TIME_MAX: Duration = Duration::from_secs(30);

/// What is known of a request before it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Connection {
    pub(super) scheme: Scheme,
    pub(super) tls: Option<TlsVersion>,
    pub(super) peer: SocketAddr,
}

/// Takes a request apart.
pub(super) fn arrived(request: http::Request<Incoming>, connection: Connection) -> Arrived {
    let (parts, body) = request.into_parts();
    let framing = framing(&parts.headers, &body);
    // S3 ignores other expectations (pinned by argmin's tests: `Expect: garbage`).
    let waits = parts
        .headers
        .get(EXPECT)
        .is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"));
    Arrived {
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        method: parts.method,
        scheme: connection.scheme,
        tls: connection.tls,
        headers: parts.headers,
        body: Box::pin(Inbound {
            body: Some(body),
            state: State::Untouched,
            patience: Patience::default(),
            waits,
        }),
        framing,
        peer: connection.peer,
    }
}

fn framing(headers: &HeaderMap, body: &Incoming) -> Framing {
    if headers.contains_key(TRANSFER_ENCODING) {
        Framing::Chunked
    } else if headers.contains_key(CONTENT_LENGTH) {
        // hyper has judged the header, and knows how much is to come.
        Framing::Length(body.size_hint().exact().unwrap_or_default())
    } else {
        Framing::None
    }
}

/// A request's body. If it is dropped before its end, the rest is read in the background: the
/// answer goes out at once, and the client that is still sending gets to read it.
struct Inbound {
    body: Option<Incoming>,
    state: State,
    patience: Patience,
    /// Whether the client waits to be told to go on.
    waits: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Untouched,
    Begun,
    Ended,
}

impl Stream for Inbound {
    type Item = Result<Bytes, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.state == State::Ended {
            return Poll::Ready(None);
        }
        let this = &mut *self;
        this.state = State::Begun;
        let Some(body) = &mut this.body else { return Poll::Ready(None) };
        loop {
            let frame = match Pin::new(&mut *body).poll_frame(cx) {
                Poll::Ready(frame) => frame,
                Poll::Pending => {
                    std::task::ready!(this.patience.poll_end(cx));
                    // Nothing came for too long, and nothing is waited for any more.
                    this.state = State::Ended;
                    return Poll::Ready(Some(Err(Fault::RequestTimeout.failure())));
                }
            };
            this.patience.renew();
            let piece = match frame {
                // HTTP's own trailers mean nothing to S3.
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(bytes) => Some(Ok(bytes)),
                    Err(_) => continue,
                },
                Some(Err(error)) => Some(Err(Fault::IncompleteBody
                    .because(format!("the connection ended before the body did: {error}")))),
                None => None,
            };
            if !matches!(piece, Some(Ok(_))) {
                this.state = State::Ended;
            }
            return Poll::Ready(piece);
        }
    }
}

impl Drop for Inbound {
    fn drop(&mut self) {
        // A client that waits for `100 Continue` is spared the upload.
        let is_spared = self.waits && self.state == State::Untouched;
        let Some(body) = self.body.take() else { return };
        if self.state == State::Ended || is_spared || body.is_end_stream() {
            return;
        }
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                // After that time the connection is closed, which is all that is left to do.
                let _ = tokio::time::timeout(DRAIN_TIME_MAX, drain(body)).await;
            });
        }
    }
}

async fn drain(mut body: Incoming) {
    let mut left = DRAIN_BYTES_MAX;
    while let Some(Ok(frame)) = body.frame().await {
        let read = frame.data_ref().map_or(0, Bytes::len) as u64;
        match left.checked_sub(read) {
            Some(less) => left = less,
            None => return,
        }
    }
}
