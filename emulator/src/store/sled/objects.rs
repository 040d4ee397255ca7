//! Objects: publishing, changing and removing the record of a key.

use std::sync::Arc;

use sled::IVec;

use super::bodies::Body;
use super::bodies::Unowned;
use super::buckets::same;
use super::database::Database;
use super::encode;
use super::encode::Content;
use super::failed;
use super::garbage::Leftover;
use super::keys;
use super::keys::Owner;
use super::writer::Kept;
use crate::names::VersionId;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::KeptBody;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Removed;
use crate::store::StoreError;
use crate::store::Versioning;
use crate::store::Which;

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
    ) -> Result<Result<VersionId, Outcome>, StoreError> {
        if body.size() != object.size {
            return Err(failed("publish an object")("its size is not that of its body"));
        }
        let body = Kept::of(self, body)?;
        let versions_of = keys::versions_of(bucket.id, key);
        let known = self.known();
        let Some(now) = same(&known, bucket) else {
            return Ok(Err(Outcome::NoBucket));
        };
        let lock = self.key_locks.lock(&versions_of);
        let current = self.current(&versions_of)?;
        if let Some(outcome) = unmet(expect, current.as_ref())? {
            return Ok(Err(outcome));
        }
        let making = Making::of(now);
        let placed = self.place(&versions_of, current.as_ref(), making, object, body)?;
        drop(lock);
        drop(known);
        self.leave(placed.leftovers);
        Ok(Ok(placed.version))
    }

    /// Makes an object the current version of a key, which must be locked.
    pub(super) fn place(
        self: &Arc<Self>,
        versions_of: &[u8],
        current: Option<&Record>,
        making: Making,
        mut object: Object,
        body: Kept,
    ) -> Result<Placed, StoreError> {
        let current = current.map(Top::of).transpose()?;
        let sequence = current.as_ref().map_or(0, |top| top.sequence) + 1;
        let replaced = match current {
            // The new record takes the place of the one before: there is no moment at which a
            // listing finds both, or none.
            Some(top) if making == Making::Null && top.version == VersionId::Null => Some(top),
            _ => None,
        };
        let at = match &replaced {
            Some(top) => top.at.to_vec(),
            None => keys::version(versions_of, sequence),
        };
        let version = match making {
            Making::Null => VersionId::Null,
            Making::New => VersionId::Made { sequence, random: random()? },
        };
        object.version = version;
        let content = match &body {
            Kept::Inline(bytes) => Content::Inline(bytes),
            Kept::Apart { unowned, .. } => Content::Apart(unowned.body()),
        };
        let encoded = encode::encode_object(&at, object, content, || self.ids.next())?;
        let mut new = Vec::new();
        if let Kept::Apart { unowned, .. } = body {
            new.push(unowned);
        }
        if let Some((id, bytes)) = encoded.moved {
            new.push(Unowned::pieces(self, id, &bytes)?);
        }
        let old = replaced.map(|top| top.bodies).unwrap_or_default();
        let owner = Owner::Version(at);
        self.put_record(&owner, encoded.record, new, &old)?;
        let mut leftovers = named_by(&owner, old);
        if making == Making::Null {
            leftovers.extend(self.remove_older_nulls(versions_of)?);
        }
        Ok(Placed { version, leftovers })
    }

    pub(super) fn change_object(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        which: Which,
        change: &mut dyn FnMut(&mut Object),
    ) -> Result<Outcome, StoreError> {
        let versions_of = keys::versions_of(bucket.id, key);
        let known = self.known();
        if same(&known, bucket).is_none() {
            return Ok(Outcome::NoBucket);
        }
        let lock = self.key_locks.lock(&versions_of);
        let Some(record) = self.find_locked(&versions_of, which)? else {
            return Ok(Outcome::NoKey);
        };
        let (head, start) = encode::decode_object(&record.bytes)?;
        if head.object.is_delete_marker {
            return Ok(Outcome::NoKey);
        }
        let (body, moved_before) = (head.body, head.moved());
        let parts = match moved_before {
            Some(body) => Some(self.all_pieces(body.id)?),
            None => None,
        };
        let mut object = head.complete(parts.as_deref())?;
        let (size, version) = (object.size, object.version);
        change(&mut object);
        // The bytes stay, and it stays the version that it is.
        (object.size, object.version, object.is_delete_marker) = (size, version, false);

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
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        marker: Object,
        expect: &Expect,
    ) -> Result<Result<Removed, Outcome>, StoreError> {
        let versions_of = keys::versions_of(bucket.id, key);
        let known = self.known();
        let Some(now) = same(&known, bucket) else {
            return Ok(Err(Outcome::NoBucket));
        };
        let lock = self.key_locks.lock(&versions_of);
        let current = self.current(&versions_of)?;
        if let Some(outcome) = unmet(expect, current.as_ref())? {
            return Ok(Err(outcome));
        }
        let (removed, leftovers) = if now.settings.versioning.is_some() {
            let (making, nothing) = (Making::of(now), Kept::Inline(Vec::new()));
            let placed = self.place(&versions_of, current.as_ref(), making, marker, nothing)?;
            (Removed::Marked(placed.version), placed.leftovers)
        } else if current.is_some() {
            (Removed::ForGood, self.remove_null(&versions_of)?)
        } else {
            return Ok(Err(Outcome::NoKey));
        };
        drop(lock);
        drop(known);
        self.leave(leftovers);
        Ok(Ok(removed))
    }

    pub(super) fn remove_version(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        version: VersionId,
        may_go: &mut dyn FnMut(&Object) -> bool,
    ) -> Result<Result<Object, Outcome>, StoreError> {
        let versions_of = keys::versions_of(bucket.id, key);
        let known = self.known();
        if same(&known, bucket).is_none() {
            return Ok(Err(Outcome::NoBucket));
        }
        let lock = self.key_locks.lock(&versions_of);
        let Some(record) = self.find_locked(&versions_of, Which::Version(version))? else {
            return Ok(Err(Outcome::NoKey));
        };
        let (head, _) = encode::decode_object(&record.bytes)?;
        let object = self.complete(head)?;
        if !may_go(&object) {
            return Ok(Err(Outcome::ExpectationFailed));
        }
        let leftovers = match version {
            VersionId::Null => self.remove_null(&versions_of)?,
            VersionId::Made { .. } => self.remove_record_of(&record)?,
        };
        drop(lock);
        drop(known);
        self.leave(leftovers);
        Ok(Ok(object))
    }

    /// A record of a key that is locked.
    fn find_locked(&self, versions_of: &[u8], which: Which) -> Result<Option<Record>, StoreError> {
        match which {
            Which::Current => self.current(versions_of),
            Which::Version(VersionId::Null) => Ok(self.nulls(versions_of)?.into_iter().next()),
            Which::Version(version) => self.made(versions_of, version),
        }
    }

    /// The record of a version that is not `null`.
    pub(super) fn made(
        &self,
        versions_of: &[u8],
        version: VersionId,
    ) -> Result<Option<Record>, StoreError> {
        let VersionId::Made { sequence, .. } = version else { return Ok(None) };
        let at = keys::version(versions_of, sequence);
        let Some(bytes) = self.versions.get(&at).map_err(failed("read a record"))? else {
            return Ok(None);
        };
        // Another one may have got the number of one that was removed.
        let is_it = encode::decode_object(&bytes)?.0.object.version == version;
        Ok(is_it.then(|| Record { at: at.into(), bytes }))
    }

    /// The records of the version `null`, newest first. Only the first counts: it may be that a
    /// crash came before the others were removed.
    fn nulls(&self, versions_of: &[u8]) -> Result<Vec<Record>, StoreError> {
        let mut nulls = Vec::new();
        for record in self.records(versions_of) {
            let record = record?;
            if encode::decode_object(&record.bytes)?.0.object.version == VersionId::Null {
                nulls.push(record);
            }
        }
        Ok(nulls)
    }

    /// The record of the version `null`, of a key that is not locked.
    pub(super) fn null(&self, versions_of: &[u8]) -> Result<Option<Record>, StoreError> {
        for record in self.records(versions_of) {
            let record = record?;
            if encode::decode_object(&record.bytes)?.0.object.version == VersionId::Null {
                return Ok(Some(record));
            }
        }
        // It may have been written again behind the walk, and removed in front of it.
        let _lock = self.key_locks.lock(versions_of);
        self.find_locked(versions_of, Which::Version(VersionId::Null))
    }

    /// Removes the version `null`. The newest record goes last, or an older one would come to
    /// light.
    fn remove_null(&self, versions_of: &[u8]) -> Result<Vec<Leftover>, StoreError> {
        let mut leftovers = Vec::new();
        for record in self.nulls(versions_of)?.iter().rev() {
            leftovers.extend(self.remove_record_of(record)?);
        }
        Ok(leftovers)
    }

    /// Removes the records of the version `null` that do not count.
    fn remove_older_nulls(&self, versions_of: &[u8]) -> Result<Vec<Leftover>, StoreError> {
        let mut leftovers = Vec::new();
        for record in self.nulls(versions_of)?.iter().skip(1) {
            leftovers.extend(self.remove_record_of(record)?);
        }
        Ok(leftovers)
    }

    fn remove_record_of(&self, record: &Record) -> Result<Vec<Leftover>, StoreError> {
        let old: Vec<_> = encode::decode_object(&record.bytes)?.0.bodies().collect();
        let owner = Owner::Version(record.at.to_vec());
        self.remove_record(&owner, &old)?;
        Ok(named_by(&owner, old))
    }
}

/// Which version a write makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Making {
    /// `null`, in place of the one that is there.
    Null,
    /// A further one.
    New,
}

impl Making {
    pub(super) fn of(bucket: &Bucket) -> Self {
        match bucket.settings.versioning {
            None | Some(Versioning::Suspended) => Self::Null,
            Some(Versioning::Enabled) => Self::New,
        }
    }
}

/// What was made.
pub(super) struct Placed {
    pub(super) version: VersionId,
    pub(super) leftovers: Vec<Leftover>,
}

/// The current record of a key, as far as a new one has to know it.
struct Top {
    at: IVec,
    sequence: u64,
    version: VersionId,
    bodies: Vec<Body>,
}

impl Top {
    fn of(record: &Record) -> Result<Self, StoreError> {
        let (head, _) = encode::decode_object(&record.bytes)?;
        let Some((_, sequence)) = keys::read_version(&record.at) else {
            return Err(failed("read a record")("its name is none"));
        };
        let bodies = head.bodies().collect();
        Ok(Self { at: record.at.clone(), sequence, version: head.object.version, bodies })
    }
}

fn random() -> Result<[u64; 2], StoreError> {
    let number = || getrandom::u64().map_err(failed("make a random number"));
    Ok([number()?, number()?])
}

/// Why a change must not be made, if it must not.
pub(super) fn unmet(
    expect: &Expect,
    current: Option<&Record>,
) -> Result<Option<Outcome>, StoreError> {
    if *expect == Expect::Anything {
        return Ok(None);
    }
    Ok(expect.unmet(visible(current)?.as_ref()))
}

/// The stamp of the object that is current, if one is.
pub(super) fn stamp_of(current: Option<&Record>) -> Result<Option<u64>, StoreError> {
    Ok(visible(current)?.map(|object| object.stamp))
}

/// The object of a current record, as far as it is kept there. A delete marker is none.
pub(super) fn visible(current: Option<&Record>) -> Result<Option<Object>, StoreError> {
    let Some(record) = current else { return Ok(None) };
    let object = encode::decode_object(&record.bytes)?.0.object;
    Ok((!object.is_delete_marker).then_some(object))
}

pub(super) fn named_by(owner: &Owner, bodies: impl IntoIterator<Item = Body>) -> Vec<Leftover> {
    bodies.into_iter().map(|body| Leftover { body, owner: owner.clone() }).collect()
}
