//! GetObject.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use http::StatusCode;

use super::restore;
use super::shown;
use super::version;
use super::version::CurrentMarker;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::body::Body;
use crate::body::ByteStream;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::operations::off_workers;
use crate::request::Request;
use crate::store::StoredBody;

/// A file is read in pieces of this size.
const PIECE_BYTES: usize = 256 * 1024;

/// Reads an object.
pub(crate) fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    shown::check(permit, request)?;
    let key = request.key();
    // Opening a file is short enough for an async worker; reading it is not.
    let bucket = permit.bucket()?;
    let which = version::which(request, bucket)?;
    let found = permit.world().store.open_version(bucket, key, which)?;
    let object = found.as_ref().map(|(object, _)| object);
    version::check(permit, request, which, object, CurrentMarker::Hides)?;
    let (object, body) = found.ok_or_else(|| Fault::NoSuchKey.with("Key", key))?;
    restore::check_readable(&object, permit.world().clock.now())?;
    let parts = shown::parts_asked_for(request, &*body)?;
    let shown = shown::show(permit, request, &object, parts)?;
    let mut answer = shown.answer;
    if answer.status == StatusCode::NOT_MODIFIED {
        return Ok(answer);
    }
    answer.body = read(body, shown.offset, shown.length)?;
    Ok(answer)
}

/// Small bodies are there at once; of others the next piece is read when it is wanted.
pub(crate) fn read(body: Arc<dyn StoredBody>, offset: u64, length: u64) -> Result<Body, Failure> {
    let is_small = usize::try_from(length).is_ok_and(|length| length <= PIECE_BYTES);
    if length == 0 {
        return Ok(Body::Empty);
    }
    if is_small && !body.blocks() {
        let first = piece(&*body, offset, length)?;
        if first.len() as u64 == length {
            return Ok(Body::Whole(first));
        }
    }
    Ok(Body::Stream { length, stream: pieces(body, offset, length) })
}

/// The next bytes of a body, at most so many as are left.
pub(super) async fn next(
    body: Arc<dyn StoredBody>,
    offset: u64,
    left: u64,
) -> Result<Bytes, Failure> {
    if !body.blocks() {
        return piece(&*body, offset, left);
    }
    off_workers(move || piece(&*body, offset, left)).await?
}

fn pieces(body: Arc<dyn StoredBody>, offset: u64, length: u64) -> ByteStream {
    Box::pin(stream::try_unfold((offset, length), move |(offset, left)| {
        let body = Arc::clone(&body);
        async move {
            if left == 0 {
                return Ok(None);
            }
            let next = next(body, offset, left).await?;
            let read = next.len() as u64;
            Ok(Some((next, (offset + read, left - read))))
        }
    }))
}

fn piece(body: &dyn StoredBody, offset: u64, left: u64) -> Result<Bytes, Failure> {
    let bytes_max = usize::try_from(left).unwrap_or(PIECE_BYTES).min(PIECE_BYTES);
    let piece = body.read_at(offset, bytes_max)?;
    if piece.is_empty() {
        return Err(Fault::Internal.because("the stored body is shorter than its record says"));
    }
    Ok(piece)
}
