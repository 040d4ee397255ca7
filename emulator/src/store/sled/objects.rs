//! Objects: publishing, changing and removing the record of a key.

use std::sync::Arc;

use sled::IVec;

use super::bodies::Body;
use super::bodies::Unowned;
use super::database::Database;
use super::encode;
use super::encode::Content;
use super::failed;
use super::garbage::Leftover;
use super::keys;
use super::keys::Owner;
use super::writer::Kept;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::KeptBody;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::StoreError;

/// A record of a key, with its name.
pub(super) struct Record {
    pub(super) at: IVec,
    pub(super) bytes: IVec,
}

impl Database {
    /// The current record of a key, given what the names of its versions begin with.
    pub(super) fn current(&self, versions_of: &[u8]) -> Result<Option<Record>, StoreError> {
        self.records(versions_of).next().transpose()
    }

    /// The records of a key, the current one first.
    fn records(
        &self,
        versions_of: &[u8],
    ) -> impl Iterator<Item = Result<Record, StoreError>> + use<> {
        self.versions.scan_prefix(versions_of).map(|record| {
            let (at, bytes) = record.map_err(failed("read a record"))?;
            Ok(Record { at, bytes })
        })
    }

    pub(super) fn publish(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        object: Object,
        body: Box<dyn KeptBody>,
        expect: &Expect,
    ) -> Result<Outcome, StoreError> {
        if body.size() != object.size {
            return Err(failed("publish an object")("its size is not that of its body"));
        }
        let elsewhere = || failed("publish an object")("its body was kept by another store");
        let body = body.into_any().downcast::<Kept>().map_err(|_| elsewhere())?;
        if let Kept::Apart { unowned, .. } = &*body
            && !unowned.is_in(self)
        {
            return Err(elsewhere());
        }
        let versions_of = keys::versions_of(bucket.id, key);
        // The name's length counts, and all sequence numbers are equally long.
        let any_at = keys::version(&versions_of, 0);
        let content = match &*body {
            Kept::Inline(bytes) => Content::Inline(bytes),
            Kept::Apart { unowned, .. } => Content::Apart(unowned.body()),
        };
        let encoded = encode::encode_object(&any_at, object, content, || self.ids.next())?;
        let mut new = Vec::new();
        if let Kept::Apart { unowned, .. } = *body {
            new.push(unowned);
        }
        if let Some((id, bytes)) = encoded.moved {
            new.push(Unowned::pieces(self, id, &bytes)?);
        }

        let known = self.known();
        if known.get(&bucket.name).is_none_or(|known| known.id != bucket.id) {
            return Ok(Outcome::NoBucket);
        }
        let lock = self.key_locks.lock(&versions_of);
        let current = self.current(&versions_of)?;
        if let Some(outcome) = unmet(expect, current.as_ref())? {
            return Ok(outcome);
        }
        // Where no versions are kept, the new record takes the place of the one before: there is
        // no moment at which a listing finds both, or none.
        let at = match &current {
            Some(record) => record.at.to_vec(),
            None => keys::version(&versions_of, 1),
        };
        let old = bodies_of(current.as_ref())?;
        let owner = Owner::Version(at);
        self.put_record(&owner, encoded.record, new, &old)?;
        let mut leftovers = named_by(&owner, old);
        leftovers.extend(self.remove_older(&versions_of)?);
        drop(lock);
        drop(known);
        self.leave(leftovers);
        Ok(Outcome::Done)
    }

    pub(super) fn change_object(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        change: &mut dyn FnMut(&mut Object),
    ) -> Result<Outcome, StoreError> {
        let versions_of = keys::versions_of(bucket.id, key);
        let known = self.known();
        if known.get(&bucket.name).is_none_or(|known| known.id != bucket.id) {
            return Ok(Outcome::NoBucket);
        }
        let lock = self.key_locks.lock(&versions_of);
        let Some(record) = self.current(&versions_of)? else { return Ok(Outcome::NoKey) };
        let (head, start) = encode::decode_object(&record.bytes)?;
        let (body, moved_before) = (head.body, head.moved());
        let parts = match moved_before {
            Some(body) => Some(self.all_pieces(body.id)?),
            None => None,
        };
        let mut object = head.complete(parts.as_deref())?;
        let size = object.size;
        change(&mut object);
        // The bytes stay.
        object.size = size;

        let content = match body {
            Some(body) => Content::Apart(body),
            None => Content::Inline(&record.bytes[start..]),
        };
        let encoded = encode::encode_object(&record.at, object, content, || self.ids.next())?;
        let new = match encoded.moved {
            Some((id, bytes)) => vec![Unowned::pieces(self, id, &bytes)?],
            None => Vec::new(),
        };
        let owner = Owner::Version(record.at.to_vec());
        self.put_record(&owner, encoded.record, new, moved_before.as_slice())?;
        drop(lock);
        drop(known);
        self.leave(named_by(&owner, moved_before));
        Ok(Outcome::Done)
    }

    pub(super) fn remove(
        &self,
        bucket: &Bucket,
        key: &str,
        expect: &Expect,
    ) -> Result<Outcome, StoreError> {
        let versions_of = keys::versions_of(bucket.id, key);
        let known = self.known();
        if known.get(&bucket.name).is_none_or(|known| known.id != bucket.id) {
            return Ok(Outcome::NoBucket);
        }
        let lock = self.key_locks.lock(&versions_of);
        let Some(current) = self.current(&versions_of)? else { return Ok(Outcome::NoKey) };
        if let Some(outcome) = unmet(expect, Some(&current))? {
            return Ok(outcome);
        }
        // The current record goes last, or an older one would come to light.
        let mut leftovers = self.remove_older(&versions_of)?;
        leftovers.extend(self.remove_version(&current)?);
        drop(lock);
        drop(known);
        self.leave(leftovers);
        Ok(Outcome::Done)
    }

    /// Removes what stands behind the current record of a key, and so does not count.
    fn remove_older(&self, versions_of: &[u8]) -> Result<Vec<Leftover>, StoreError> {
        let mut leftovers = Vec::new();
        for record in self.records(versions_of).skip(1) {
            leftovers.extend(self.remove_version(&record?)?);
        }
        Ok(leftovers)
    }

    fn remove_version(&self, record: &Record) -> Result<Vec<Leftover>, StoreError> {
        let old = bodies_of(Some(record))?;
        let owner = Owner::Version(record.at.to_vec());
        self.remove_record(&owner, &old)?;
        Ok(named_by(&owner, old))
    }
}

/// Why a change must not be made, if it must not.
fn unmet(expect: &Expect, current: Option<&Record>) -> Result<Option<Outcome>, StoreError> {
    Ok(match (expect, current) {
        (Expect::Anything, _) | (Expect::Absent, None) => None,
        (Expect::Absent, Some(_)) => Some(Outcome::ExpectationFailed),
        (Expect::Etag(_), None) => Some(Outcome::NoKey),
        (Expect::Etag(etag), Some(record)) => {
            let (head, _) = encode::decode_object(&record.bytes)?;
            (head.object.etag != *etag).then_some(Outcome::ExpectationFailed)
        }
    })
}

fn bodies_of(record: Option<&Record>) -> Result<Vec<Body>, StoreError> {
    match record {
        Some(record) => Ok(encode::decode_object(&record.bytes)?.0.bodies().collect()),
        None => Ok(Vec::new()),
    }
}

fn named_by(owner: &Owner, bodies: impl IntoIterator<Item = Body>) -> Vec<Leftover> {
    bodies.into_iter().map(|body| Leftover { body, owner: owner.clone() }).collect()
}
