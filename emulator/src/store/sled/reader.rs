//! Bodies on their way out. What was opened stays readable, whatever happens to its key.

use std::fs::File;
use std::io;
use std::sync::Arc;

use bytes::Bytes;
use bytes::BytesMut;
use sled::IVec;

use super::bodies;
use super::bodies::Body;
use super::bodies::BodyId;
use super::bodies::Place;
use super::database::Database;
use super::failed;
use super::leases::Lease;
use super::uploads::Joined;
use crate::store::Part;
use crate::store::StoreError;
use crate::store::StoredBody;

/// The bytes of an object that was opened.
pub(super) enum Reader {
    Inline(Bytes),
    /// The lease keeps the pieces.
    Pieces {
        lease: Lease,
        size: u64,
    },
    /// An open file stays, also without a name.
    File {
        file: File,
        size: u64,
    },
    /// Bytes that are joined of parts.
    Joined(Joined),
}

impl Reader {
    /// Reads a body that is in a record, from `start` on.
    pub(super) fn inline(record: IVec, start: usize) -> Self {
        Self::Inline(Bytes::from_owner(record).slice(start..))
    }

    /// Reads a body that is on lease.
    pub(super) fn apart(
        database: &Arc<Database>,
        body: Body,
        lease: Lease,
        size: u64,
    ) -> Result<Self, StoreError> {
        Ok(match body.place {
            Place::Pieces => Self::Pieces { lease, size },
            Place::File => {
                let file = File::open(database.folder.body(body.id))
                    .map_err(failed("open the file of a body"))?;
                Self::File { file, size }
            }
            Place::List => Self::Joined(Joined::new(lease)),
        })
    }
}

impl StoredBody for Reader {
    fn read_at(&self, offset: u64, bytes_max: usize) -> Result<Bytes, StoreError> {
        match self {
            Self::Inline(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let end = start.saturating_add(bytes_max).min(bytes.len());
                Ok(bytes.slice(start..end))
            }
            Self::Pieces { lease, size } => {
                let length = length(offset, bytes_max, *size);
                read_pieces(lease.database(), lease.id(), offset, length)
            }
            Self::File { file, size } => read_file(file, offset, length(offset, bytes_max, *size)),
            Self::Joined(joined) => joined.read_at(offset, bytes_max),
        }
    }

    fn blocks(&self) -> bool {
        match self {
            Self::Inline(_) | Self::Pieces { .. } => false,
            // The list of parts is read with the first bytes, and can be long.
            Self::File { .. } | Self::Joined(_) => true,
        }
    }

    fn parts(&self) -> Result<&[Part], StoreError> {
        match self {
            Self::Joined(joined) => joined.parts(),
            Self::Inline(_) | Self::Pieces { .. } | Self::File { .. } => Ok(&[]),
        }
    }
}

/// How many bytes from `offset` on are there to give.
pub(super) fn length(offset: u64, bytes_max: usize, size: u64) -> usize {
    usize::try_from(size.saturating_sub(offset)).map_or(bytes_max, |left| left.min(bytes_max))
}

pub(super) fn read_file(file: &File, offset: u64, length: usize) -> Result<Bytes, StoreError> {
    let mut bytes = BytesMut::zeroed(length);
    read_exactly(file, offset, &mut bytes).map_err(failed("read a body"))?;
    Ok(bytes.freeze())
}

pub(super) fn read_pieces(
    database: &Database,
    id: BodyId,
    offset: u64,
    length: usize,
) -> Result<Bytes, StoreError> {
    let piece_at = |offset| -> Result<Bytes, StoreError> {
        let too_far = || failed("read a body")("no body has that many pieces");
        let (number, bytes) = bodies::piece_of(offset).ok_or_else(too_far)?;
        let piece = database.piece(id, number)?;
        if piece.len() <= bytes.start {
            return Err(failed("read a body")("a piece of it is cut off"));
        }
        Ok(Bytes::from_owner(piece).slice(bytes.start..))
    };
    if length == 0 {
        return Ok(Bytes::new());
    }
    let mut first = piece_at(offset)?;
    if first.len() >= length {
        first.truncate(length);
        return Ok(first);
    }
    let mut bytes = BytesMut::with_capacity(length);
    bytes.extend_from_slice(&first);
    while bytes.len() < length {
        let piece = piece_at(offset + bytes.len() as u64)?;
        bytes.extend_from_slice(&piece[..piece.len().min(length - bytes.len())]);
    }
    Ok(bytes.freeze())
}

#[cfg(unix)]
fn read_exactly(file: &File, offset: u64, into: &mut [u8]) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    file.read_exact_at(into, offset)
}

#[cfg(windows)]
fn read_exactly(file: &File, mut offset: u64, mut into: &mut [u8]) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !into.is_empty() {
        let count = file.seek_read(into, offset)?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        into = &mut into[count..];
        offset += count as u64;
    }
    Ok(())
}
