//! Bodies that are joined of parts: a list in pieces, which owns the bodies of the parts.
//!
//! The list is written first, then the rows which say that it owns the parts' bodies; when it goes,
//! these rows go first, then the list. So a list of which a crash has left but a piece owns
//! nothing.

use std::fs::File;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;

use bytes::Bytes as Frame;

use super::records::Bytes;
use super::records::List;
use crate::store::Part;
use crate::store::StoreError;
use crate::store::sled::bodies::Body;
use crate::store::sled::bodies::BodyId;
use crate::store::sled::bodies::Place;
use crate::store::sled::database::Database;
use crate::store::sled::failed;
use crate::store::sled::keys;
use crate::store::sled::keys::Owner;
use crate::store::sled::leases::Lease;
use crate::store::sled::reader;

impl Database {
    /// Takes the bodies of its parts from a list that is about to be removed, and removes those
    /// that nobody else owns.
    pub(in crate::store::sled) fn disown_parts(&self, list: BodyId) -> Result<(), StoreError> {
        let owner = list_owner(list);
        for body in self.bodies_of_list(&list.to_bytes())? {
            let row = keys::owner(body.id, &owner);
            self.owners.remove(row).map_err(failed("remove the owner of a body"))?;
            if !self.is_owned(body.id)? {
                self.remove_bytes(body)?;
                self.drop_note(body.id)?;
            }
        }
        Ok(())
    }

    /// The bodies that a list owns; none if it is not whole.
    pub(in crate::store::sled) fn bodies_of_list(
        &self,
        id: &[u8],
    ) -> Result<Vec<Body>, StoreError> {
        let Some(id) = BodyId::from_bytes(id) else { return Ok(Vec::new()) };
        let list = List::read(&self.all_pieces(id)?);
        Ok(list.map(|list| list.bodies().collect()).unwrap_or_default())
    }
}

pub(super) fn list_owner(id: BodyId) -> Owner {
    Owner::List(id.to_bytes().to_vec())
}

/// The bytes of an object that was joined of parts.
pub(in crate::store::sled) struct Joined {
    /// Keeps the list, and so the bodies of the parts.
    lease: Lease,
    /// Read when it is first needed: there can be thousands of parts.
    list: OnceLock<Listed>,
    /// The file that was read last, with the number of its part in the list.
    open: Mutex<Option<(usize, Arc<File>)>>,
}

struct Listed {
    parts: Vec<Part>,
    bytes: Vec<Bytes>,
    /// Where each part ends.
    ends: Vec<u64>,
}

impl Joined {
    pub(in crate::store::sled) fn new(lease: Lease) -> Self {
        Self { lease, list: OnceLock::new(), open: Mutex::new(None) }
    }

    pub(in crate::store::sled) fn parts(&self) -> Result<&[Part], StoreError> {
        Ok(&self.list()?.parts)
    }

    fn list(&self) -> Result<&Listed, StoreError> {
        if let Some(list) = self.list.get() {
            return Ok(list);
        }
        let List { parts, bytes } =
            List::read(&self.lease.database().all_pieces(self.lease.id())?)?;
        let ends = parts.iter().scan(0, |end, part| {
            *end += part.size;
            Some(*end)
        });
        let ends = ends.collect();
        Ok(self.list.get_or_init(|| Listed { parts, bytes, ends }))
    }

    /// Reads from the part that a byte is in.
    pub(in crate::store::sled) fn read_at(
        &self,
        offset: u64,
        bytes_max: usize,
    ) -> Result<Frame, StoreError> {
        let Listed { parts, bytes, ends } = self.list()?;
        // Parts without bytes end where the one before does, and are passed over.
        let index = ends.partition_point(|end| *end <= offset);
        let (Some(end), Some(part), Some(bytes)) =
            (ends.get(index), parts.get(index), bytes.get(index))
        else {
            return Ok(Frame::new());
        };
        let offset = offset - (end - part.size);
        let length = reader::length(offset, bytes_max, part.size);
        match bytes {
            Bytes::Inline(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                Ok(Frame::copy_from_slice(&bytes[start..(start + length).min(bytes.len())]))
            }
            Bytes::Apart(Body { id, place: Place::Pieces | Place::List }) => {
                reader::read_pieces(self.lease.database(), *id, offset, length)
            }
            Bytes::Apart(Body { id, place: Place::File }) => {
                reader::read_file(&*self.file(index, *id)?, offset, length)
            }
        }
    }

    fn file(&self, index: usize, id: BodyId) -> Result<Arc<File>, StoreError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, file)) = &*open
            && *known == index
        {
            return Ok(Arc::clone(file));
        }
        let file = File::open(self.lease.database().folder.body(id))
            .map_err(failed("open the file of a body"))?;
        let file = Arc::new(file);
        *open = Some((index, Arc::clone(&file)));
        Ok(file)
    }
}
