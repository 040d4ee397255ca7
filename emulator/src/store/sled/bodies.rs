//! Where the bytes of bodies are: in pieces in a tree, or in a file each.

use std::fs;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use serde::Deserialize;
use serde::Serialize;
use sled::IVec;

use super::database::Database;
use super::failed;
use super::keys;
use crate::config::Durability;
use crate::store::StoreError;

/// Names a body. No id is ever used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct BodyId {
    /// A random number, made when the store was opened.
    pub(super) opening: u64,
    /// Counts the bodies since then.
    pub(super) number: u64,
}

/// A body that is not in a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) id: BodyId,
    pub(super) place: Place,
}

/// Where its bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Place {
    Pieces,
    File,
    /// In pieces too; they list the parts of an object and their bodies, which this one owns.
    List,
}

/// Each piece but the last of a body has this size.
///
/// sled writes a page of more than 128 KiB into a file of its own, and often does not remove that
/// again. A page has up to 17 values, and 20 when it has just been joined with a short neighbour,
/// or a few more if others write into that meanwhile. This leaves room for 31.
pub(super) const PIECE_BYTES: usize = 4 * 1024;

impl BodyId {
    pub(super) fn to_bytes(self) -> [u8; 16] {
        let both = (u128::from(self.opening) << 64) | u128::from(self.number);
        both.to_be_bytes()
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (opening, number) = bytes.split_first_chunk::<8>()?;
        Some(Self {
            opening: u64::from_be_bytes(*opening),
            number: u64::from_be_bytes(number.try_into().ok()?),
        })
    }

    /// The name of its file, if it has one.
    pub(super) fn file_name(self) -> String {
        format!("{:016x}{:016x}", self.opening, self.number)
    }
}

impl Place {
    pub(super) fn to_byte(self) -> u8 {
        match self {
            Self::Pieces => b'p',
            Self::File => b'f',
            Self::List => b'l',
        }
    }

    pub(super) fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b'p' => Some(Self::Pieces),
            b'f' => Some(Self::File),
            b'l' => Some(Self::List),
            _ => None,
        }
    }
}

/// Makes the ids of one opening of a store.
#[derive(Debug)]
pub(super) struct BodyIds {
    opening: u64,
    next: AtomicU64,
}

impl BodyIds {
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        Ok(Self { opening: getrandom::u64()?, next: AtomicU64::new(0) })
    }

    pub(super) fn next(&self) -> BodyId {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        BodyId { opening: self.opening, number }
    }
}

/// A body that no record owns yet. Dropping it removes its bytes.
#[derive(Debug)]
pub(super) struct Unowned {
    database: Arc<Database>,
    body: Body,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Remove,
    Keep,
}

impl Unowned {
    /// A body of these bytes, in pieces.
    pub(super) fn pieces(
        database: &Arc<Database>,
        id: BodyId,
        bytes: &[u8],
    ) -> Result<Self, StoreError> {
        Self::in_pieces(database, Body { id, place: Place::Pieces }, bytes)
    }

    /// The list of an object's parts, in pieces.
    pub(super) fn list(
        database: &Arc<Database>,
        id: BodyId,
        bytes: &[u8],
    ) -> Result<Self, StoreError> {
        Self::in_pieces(database, Body { id, place: Place::List }, bytes)
    }

    fn in_pieces(database: &Arc<Database>, body: Body, bytes: &[u8]) -> Result<Self, StoreError> {
        let unowned = Self::begin(database, body)?;
        for (number, piece) in (0..).zip(bytes.chunks(PIECE_BYTES)) {
            database
                .bodies
                .insert(keys::piece(body.id, number), piece)
                .map_err(failed("write a body"))?;
        }
        Ok(unowned)
    }

    /// An empty file to write a body into.
    pub(super) fn file(database: &Arc<Database>) -> Result<(Self, File), StoreError> {
        let id = database.ids.next();
        let unowned = Self::begin(database, Body { id, place: Place::File })?;
        // A file is there at once, whereas its note could be lost with the process.
        database.flush_now()?;
        let file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(database.folder.body(id))
            .map_err(failed("create the file of a body"))?;
        Ok((unowned, file))
    }

    fn begin(database: &Arc<Database>, body: Body) -> Result<Self, StoreError> {
        database.note(body)?;
        Ok(Self { database: Arc::clone(database), body, end: End::Remove })
    }

    pub(super) fn is_in(&self, database: &Arc<Database>) -> bool {
        Arc::ptr_eq(&self.database, database)
    }

    pub(super) fn body(&self) -> Body {
        self.body
    }

    /// From now on its note decides whether it stays: see [`Database::put_record`].
    pub(super) fn leave_to_its_note(mut self) -> Body {
        self.end = End::Keep;
        self.body
    }
}

impl Drop for Unowned {
    fn drop(&mut self) {
        if self.end == End::Remove {
            self.database.destroy_or_warn(self.body);
        }
    }
}

/// Makes a body's file as durable as was asked for.
pub(super) fn finish_file(database: &Database, file: &File) -> Result<(), StoreError> {
    match database.durability {
        // What was written survives the process as it is.
        Durability::Process => Ok(()),
        Durability::Power => {
            let synced = file.sync_all().and_then(|()| database.folder.sync_bodies());
            synced.map_err(failed("write a body"))
        }
    }
}

impl Database {
    /// Removes a body's bytes.
    pub(super) fn remove_bytes(&self, body: Body) -> Result<(), StoreError> {
        match body.place {
            Place::Pieces => self.remove_pieces(body.id),
            Place::List => {
                self.disown_parts(body.id)?;
                self.remove_pieces(body.id)
            }
            Place::File => match fs::remove_file(self.folder.body(body.id)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    Err(failed("remove the file of a body")(error))
                }
                _ => Ok(()),
            },
        }
    }

    fn remove_pieces(&self, body: BodyId) -> Result<(), StoreError> {
        for piece in self.bodies.scan_prefix(body.to_bytes()).keys() {
            let piece = piece.map_err(failed("find the pieces of a body"))?;
            self.bodies.remove(piece).map_err(failed("remove a body"))?;
        }
        Ok(())
    }

    /// The piece of that number.
    pub(super) fn piece(&self, body: BodyId, number: u32) -> Result<IVec, StoreError> {
        let piece = self.bodies.get(keys::piece(body, number)).map_err(failed("read a body"))?;
        piece.ok_or_else(|| failed("read a body")("a piece of it is missing"))
    }

    /// A whole body that is in pieces.
    pub(super) fn all_pieces(&self, body: BodyId) -> Result<Vec<u8>, StoreError> {
        let mut whole = Vec::new();
        for piece in self.bodies.scan_prefix(body.to_bytes()).values() {
            whole.extend_from_slice(&piece.map_err(failed("read a body"))?);
        }
        Ok(whole)
    }
}

/// The piece in which a byte is, and where in it the bytes from there to its end are.
pub(super) fn piece_of(offset: u64) -> Option<(u32, Range<usize>)> {
    let number = u32::try_from(offset / PIECE_BYTES as u64).ok()?;
    let start = usize::try_from(offset % PIECE_BYTES as u64).ok()?;
    Some((number, start..PIECE_BYTES))
}
