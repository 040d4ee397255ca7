//! What must be removed sooner or later, and what tells so after a crash.
//!
//! After a crash sled has all that was done up to some moment, and nothing that was done later.
//! So the order of things is enough, and no transaction is needed:
//!
//! 1. a note in `garbage` says that a new body may be without an owner; then its bytes are written;
//! 2. with the key locked, a row in `owners` says which record owns it, and a note is made of each
//!    body that the record there names now;
//! 3. the record is inserted, which is the moment of truth; the new body's note is dropped;
//! 4. after the next flush, the rows, bytes and notes of the replaced bodies are removed, in this
//!    order, the bytes not before their last reader is gone.
//!
//! Whatever a crash leaves of that has a note, and [`Database::sweep`] looks at these alone.

use super::bodies::Body;
use super::bodies::BodyId;
use super::bodies::Place;
use super::bodies::Unowned;
use super::database::Database;
use super::encode;
use super::failed;
use super::keys;
use super::keys::Owner;
use super::leases::Read;
use super::uploads;
use crate::store::StoreError;

/// A body that a record named before it was replaced or removed.
#[derive(Debug)]
pub(super) struct Leftover {
    pub(super) body: Body,
    pub(super) owner: Owner,
}

impl Database {
    /// Notes that a body may be without an owner.
    pub(super) fn note(&self, body: Body) -> Result<(), StoreError> {
        let place = [body.place.to_byte()];
        self.garbage.insert(body.id.to_bytes(), &place).map_err(failed("note a body"))?;
        Ok(())
    }

    pub(super) fn drop_note(&self, id: BodyId) -> Result<(), StoreError> {
        self.garbage.remove(id.to_bytes()).map_err(failed("drop the note of a body"))?;
        Ok(())
    }

    /// Inserts a record, in place of one that named the bodies `old`. Both steps 2 and 3 of the
    /// order above. The record must be locked.
    pub(super) fn put_record(
        &self,
        owner: &Owner,
        record: Vec<u8>,
        new: Vec<Unowned>,
        old: &[Body],
    ) -> Result<(), StoreError> {
        for unowned in &new {
            let row = keys::owner(unowned.body().id, owner);
            self.owners.insert(row, &[]).map_err(failed("note the owner of a body"))?;
        }
        for body in old {
            self.note(*body)?;
        }
        // If the insertion fails, nobody knows whether the record is there. The note stays then.
        let new: Vec<_> = new.into_iter().map(Unowned::leave_to_its_note).collect();
        let (tree, at) = self.place_of(owner);
        tree.insert(at, record).map_err(failed("write a record"))?;
        for body in new {
            self.drop_note(body.id)?;
        }
        Ok(())
    }

    /// Removes a record that names the bodies `old`. It must be locked.
    pub(super) fn remove_record(&self, owner: &Owner, old: &[Body]) -> Result<(), StoreError> {
        for body in old {
            self.note(*body)?;
        }
        let (tree, at) = self.place_of(owner);
        tree.remove(at).map_err(failed("remove a record"))?;
        Ok(())
    }

    /// Step 4, when the time has come. Errors are not of interest to whoever comes by then.
    pub(super) fn retire_or_warn(&self, leftovers: impl IntoIterator<Item = Leftover>) {
        for leftover in leftovers {
            if let Err(error) = self.retire(&leftover) {
                warn(leftover.body, &error);
            }
        }
    }

    fn retire(&self, leftover: &Leftover) -> Result<(), StoreError> {
        let Leftover { body, owner } = leftover;
        let row = keys::owner(body.id, owner);
        self.owners.remove(row).map_err(failed("remove the owner of a body"))?;
        if self.is_owned(body.id)? {
            return self.drop_note(body.id);
        }
        match self.leases.hand_over(*body) {
            Read::BySomebody => Ok(()),
            Read::ByNobody => self.destroy(*body),
        }
    }

    pub(super) fn is_owned(&self, id: BodyId) -> Result<bool, StoreError> {
        let row = self.owners.scan_prefix(id.to_bytes()).next().transpose();
        Ok(row.map_err(failed("find the owners of a body"))?.is_some())
    }

    /// Removes a body that nobody owns or reads.
    fn destroy(&self, body: Body) -> Result<(), StoreError> {
        self.remove_bytes(body)?;
        self.drop_note(body.id)
    }

    /// The same. What is left after an error is removed when the store is opened again.
    pub(super) fn destroy_or_warn(&self, body: Body) {
        if let Err(error) = self.destroy(body) {
            warn(body, &error);
        }
    }

    /// Removes what a crash has left. Nobody else uses the store yet.
    pub(super) fn sweep(&self) -> Result<(), StoreError> {
        let doing = failed("read the notes of bodies");
        for (id, place) in self.garbage.iter().collect::<Result<Vec<_>, _>>().map_err(doing)? {
            let place = place.first().and_then(|byte| Place::from_byte(*byte));
            let (Some(id), Some(place)) = (BodyId::from_bytes(&id), place) else {
                return Err(failed("read the notes of bodies")("one of them is not a note"));
            };
            self.sweep_owners(id)?;
            if !self.is_owned(id)? {
                self.remove_bytes(Body { id, place })?;
            }
            self.drop_note(id)?;
        }
        Ok(())
    }

    /// Removes the rows of owners whose record does not name the body.
    fn sweep_owners(&self, id: BodyId) -> Result<(), StoreError> {
        for row in self.owners.scan_prefix(id.to_bytes()).keys() {
            let row = row.map_err(failed("find the owners of a body"))?;
            let names_it = match keys::read_owner(&row) {
                Some(owner) => self.bodies_of(&owner)?.iter().any(|body| body.id == id),
                None => false,
            };
            if !names_it {
                self.owners.remove(row).map_err(failed("remove the owner of a body"))?;
            }
        }
        Ok(())
    }

    /// The bodies that a record names, if it is there.
    fn bodies_of(&self, owner: &Owner) -> Result<Vec<Body>, StoreError> {
        if let Owner::List(id) = owner {
            return self.bodies_of_list(id);
        }
        let (tree, at) = self.place_of(owner);
        let Some(record) = tree.get(at).map_err(failed("read a record"))? else {
            return Ok(Vec::new());
        };
        Ok(match owner {
            Owner::Bucket(_) => encode::moved_of_bucket(&record)?.into_iter().collect(),
            Owner::Version(_) => encode::decode_object(&record)?.0.bodies().collect(),
            Owner::Upload(_) => uploads::moved_of_upload(&record)?.into_iter().collect(),
            Owner::Part(_) => uploads::body_of_part(&record)?.into_iter().collect(),
            Owner::List(_) => Vec::new(),
        })
    }

    fn place_of<'a>(&'a self, owner: &'a Owner) -> (&'a sled::Tree, &'a [u8]) {
        match owner {
            Owner::Bucket(at) => (&self.buckets, at),
            Owner::Version(at) => (&self.versions, at),
            Owner::Upload(at) => (&self.uploads, at),
            Owner::Part(at) => (&self.parts, at),
            Owner::List(at) => (&self.bodies, at),
        }
    }
}

fn warn(body: Body, error: &StoreError) {
    tracing::warn!(
        body = body.id.file_name(),
        %error,
        source = %error.source,
        "a body that is no longer needed stays until the store is opened again"
    );
}
