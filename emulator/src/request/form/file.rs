//! The parts of a form one after the other, the file among them as a stream.

use std::pin::Pin;
use std::task::Context;
use std::task::Poll;
use std::task::ready;

use bytes::Bytes;
use futures_core::Stream;
use futures_util::future::poll_fn;
use multer::Field;
use multer::Multipart;

use super::file_count;
use super::gate::Gate;
use super::gate::Keeper;
use super::gate::Starved;
use super::head::Disposition;
use crate::body::ByteStream;
use crate::failure::Failure;
use crate::failure::Fault;

/// S3 refuses a form with more than that before its file, boundaries and heads of parts included.
/// Here the head of the file's own part counts too; whether it does on S3 is not recorded.
const BEFORE_FILE_BYTES_MAX: usize = 20_480;

/// How far after the file a second one is looked for.
const AFTER_FILE_BYTES_MAX: usize = 1024 * 1024;

/// The parts of a form.
pub(super) struct Parts {
    multipart: Multipart<'static>,
    keeper: Keeper,
}

impl Parts {
    /// Begins before the first part.
    pub(super) fn new(body: ByteStream, boundary: String) -> Self {
        let (gate, keeper) = Gate::new(body, BEFORE_FILE_BYTES_MAX);
        Self { multipart: Multipart::new(gate, boundary), keeper }
    }

    /// The next part. The one before it must be gone.
    pub(super) async fn next(&mut self) -> Result<Option<Field<'static>>, Failure> {
        let Self { multipart, keeper } = self;
        let next = poll_fn(|cx| keeper.drive(|| multipart.poll_next_field(cx))).await;
        match next {
            Ok(Ok(part)) => Ok(part),
            Ok(Err(error)) => Err(self.malformed(&error)),
            Err(starved) => Err(too_long(starved)),
        }
    }

    /// All bytes of a part that is not the file.
    pub(super) async fn whole(&self, mut part: Field<'static>) -> Result<Vec<u8>, Failure> {
        let mut value = Vec::new();
        loop {
            let next = poll_fn(|cx| self.keeper.drive(|| Pin::new(&mut part).poll_next(cx))).await;
            match next {
                Ok(Some(Ok(bytes))) => value.extend_from_slice(&bytes),
                Ok(Some(Err(error))) => return Err(self.malformed(&error)),
                Ok(None) => return Ok(value),
                Err(starved) => return Err(too_long(starved)),
            }
        }
    }

    /// Goes on with the file, whose length does not matter here.
    pub(super) fn into_file(self, part: Field<'static>) -> FormFile {
        self.keeper.allow(None);
        FormFile { parts: self, file: Some(part) }
    }

    /// What the wire broke of, or else what the parser does not like.
    fn malformed(&self, error: &multer::Error) -> Failure {
        let malformed = || Fault::MalformedPostRequest.because(error.to_string());
        self.keeper.take_failure().unwrap_or_else(malformed)
    }
}

/// The spelling of the error is S3's; recorded in waynehoover/s3_direct_upload#45.
fn too_long(starved: Starved) -> Failure {
    match starved {
        Starved::Forbidden => Fault::MaxPostPreDataLengthExceeded
            .with("MaxPostPreDataLengthBytes", BEFORE_FILE_BYTES_MAX.to_string()),
        Starved::Stuck => {
            Fault::MalformedPostRequest.because("the parts of the form could not be told apart")
        }
    }
}

/// The file of a form: a stream of its bytes.
#[must_use = "a form counts only when its file was read and `finish` found no other"]
pub(crate) struct FormFile {
    parts: Parts,
    /// `None` once it was read to its end.
    file: Option<Field<'static>>,
}

impl FormFile {
    /// Looks for a second file after the first was read, and ignores all other fields there.
    ///
    /// A file that was not read to its end is passed over.
    pub(crate) async fn finish(mut self) -> Result<(), Failure> {
        drop(self.file.take());
        self.parts.keeper.allow(Some(AFTER_FILE_BYTES_MAX));
        let Parts { multipart, keeper } = &mut self.parts;
        loop {
            let next = poll_fn(|cx| keeper.drive(|| multipart.poll_next_field(cx))).await;
            match next {
                Ok(Ok(Some(part))) => {
                    // A part that cannot be read is no second file.
                    if Disposition::read(part.headers()).is_ok_and(|part| part.is_file()) {
                        return Err(file_count(2));
                    }
                }
                Ok(Ok(None)) | Err(Starved::Forbidden) => return Ok(()),
                Ok(Err(error)) => return Err(self.parts.malformed(&error)),
                Err(starved @ Starved::Stuck) => return Err(too_long(starved)),
            }
        }
    }
}

impl Stream for FormFile {
    type Item = Result<Bytes, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { parts, file } = &mut *self;
        let Some(part) = file else { return Poll::Ready(None) };
        let item = match ready!(parts.keeper.drive(|| Pin::new(&mut *part).poll_next(cx))) {
            Ok(Some(Ok(bytes))) => return Poll::Ready(Some(Ok(bytes))),
            Ok(None) => None,
            Ok(Some(Err(error))) => Some(Err(parts.malformed(&error))),
            Err(starved) => Some(Err(too_long(starved))),
        };
        // Nothing comes after the end, or after a failure.
        *file = None;
        Poll::Ready(item)
    }
}
