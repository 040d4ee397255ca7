//! Buckets. All of them are kept in memory too, since every request asks for one.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLockReadGuard;
use std::sync::RwLockWriteGuard;

use super::bodies::Body;
use super::bodies::Unowned;
use super::database::Database;
use super::encode;
use super::failed;
use super::garbage::Leftover;
use super::keys;
use super::keys::Owner;
use super::open;
use crate::store::Bucket;
use crate::store::From;
use crate::store::Outcome;
use crate::store::StoreError;

type Known = BTreeMap<String, Arc<Bucket>>;

/// The bucket as it is now, unless it is gone or another has its name.
pub(super) fn same<'a>(known: &'a Known, bucket: &Bucket) -> Option<&'a Bucket> {
    known.get(&bucket.name).map(AsRef::as_ref).filter(|now| now.id == bucket.id)
}

impl Database {
    /// The buckets as they are now. They stay so while the guard lives.
    pub(super) fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.known_buckets.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_mut(&self) -> RwLockWriteGuard<'_, Known> {
        // The map is changed last, in one step, so a panic leaves it as it was.
        self.known_buckets.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn load_buckets(&self) -> Result<(), StoreError> {
        let mut known = self.known_mut();
        for record in self.buckets.scan_prefix(keys::all_buckets()).values() {
            let record = record.map_err(failed("read the buckets"))?;
            let moved = match encode::moved_of_bucket(&record)? {
                Some(body) => Some(self.all_pieces(body.id)?),
                None => None,
            };
            let bucket = encode::decode_bucket(&record, moved.as_deref())?;
            known.insert(bucket.name.clone(), Arc::new(bucket));
        }
        Ok(())
    }

    pub(super) fn add_bucket(self: &Arc<Self>, mut bucket: Bucket) -> Result<Outcome, StoreError> {
        let mut known = self.known_mut();
        if known.contains_key(&bucket.name) {
            return Ok(Outcome::Exists);
        }
        bucket.id = open::number(&self.sled, LAST_ID)?.unwrap_or(0) + 1;
        open::set_number(&self.sled, LAST_ID, bucket.id)?;
        self.put_bucket(&bucket)?;
        known.insert(bucket.name.clone(), Arc::new(bucket));
        Ok(Outcome::Done)
    }

    pub(super) fn change_bucket(
        self: &Arc<Self>,
        name: &str,
        change: &mut dyn FnMut(&mut Bucket),
    ) -> Result<Outcome, StoreError> {
        let mut known = self.known_mut();
        let Some(before) = known.get(name) else { return Ok(Outcome::NoBucket) };
        let mut bucket = Bucket::clone(before);
        change(&mut bucket);
        // Its identity is not a setting.
        bucket.id = before.id;
        bucket.name.clone_from(&before.name);
        self.put_bucket(&bucket)?;
        known.insert(bucket.name.clone(), Arc::new(bucket));
        Ok(Outcome::Done)
    }

    pub(super) fn remove_bucket(&self, name: &str) -> Result<Outcome, StoreError> {
        let mut known = self.known_mut();
        let Some(bucket) = known.get(name) else { return Ok(Outcome::NoBucket) };
        // Whoever publishes an object holds the lock for reading, so none comes in between.
        let (start, end) = keys::listing(bucket.id, &From::At(String::new()));
        let first = self.versions.range(start..end).next().transpose();
        if first.map_err(failed("look whether a bucket is empty"))?.is_some() {
            return Ok(Outcome::NotEmpty);
        }
        let at = keys::bucket(name);
        let old = self.moved_of_bucket(&at)?;
        let owner = Owner::Bucket(at);
        self.remove_record(&owner, old.as_slice())?;
        let id = bucket.id;
        known.remove(name);
        drop(known);
        self.leave(old.into_iter().map(|body| Leftover { body, owner: owner.clone() }).collect());
        self.end_uploads_in(id)?;
        Ok(Outcome::Done)
    }

    /// Writes a bucket's record. The caller holds the lock of all buckets.
    fn put_bucket(self: &Arc<Self>, bucket: &Bucket) -> Result<(), StoreError> {
        let at = keys::bucket(&bucket.name);
        let old = self.moved_of_bucket(&at)?;
        let encoded = encode::encode_bucket(&at, bucket, || self.ids.next())?;
        let new = match encoded.moved {
            Some((id, bytes)) => vec![Unowned::pieces(self, id, &bytes)?],
            None => Vec::new(),
        };
        let owner = Owner::Bucket(at);
        self.put_record(&owner, encoded.record, new, old.as_slice())?;
        self.leave(old.into_iter().map(|body| Leftover { body, owner: owner.clone() }).collect());
        Ok(())
    }

    fn moved_of_bucket(&self, at: &[u8]) -> Result<Option<Body>, StoreError> {
        match self.buckets.get(at).map_err(failed("read a bucket"))? {
            Some(record) => encode::moved_of_bucket(&record),
            None => Ok(None),
        }
    }
}

/// The greatest id that a bucket was ever given.
const LAST_ID: &str = "bucket id";
