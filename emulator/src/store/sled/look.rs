//! Looking at objects without locking them: their records, their bytes, and listings.

use std::sync::Arc;

use sled::IVec;

use super::bodies::Body;
use super::database::Database;
use super::encode;
use super::encode::ObjectHead;
use super::failed;
use super::keys;
use super::leases::Lease;
use super::objects::Record;
use super::reader::Reader;
use crate::names::VersionId;
use crate::store::Bucket;
use crate::store::From;
use crate::store::FromVersion;
use crate::store::Object;
use crate::store::Opened;
use crate::store::StoreError;
use crate::store::Version;
use crate::store::Which;

/// A record whose bodies stay while it is looked at.
struct Held {
    bytes: IVec,
    head: ObjectHead,
    /// Where the body begins, if it is in the record.
    start: usize,
    leases: Vec<Lease>,
}

/// What of an object is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    AtRecord,
    AtBytesToo,
}

impl Database {
    pub(super) fn version(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        which: Which,
    ) -> Result<Option<Object>, StoreError> {
        match self.look(bucket, key, which, Look::AtRecord)? {
            Some(held) => self.complete(held.head).map(Some),
            None => Ok(None),
        }
    }

    pub(super) fn open_version(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        which: Which,
    ) -> Result<Option<Opened>, StoreError> {
        let Some(held) = self.look(bucket, key, which, Look::AtBytesToo)? else { return Ok(None) };
        let body = held.head.body;
        let object = self.complete(held.head)?;
        let of_body = body.and_then(|body| {
            let lease = held.leases.into_iter().find(|lease| lease.id() == body.id)?;
            Some((body, lease))
        });
        let reader = match of_body {
            Some((body, lease)) => Reader::apart(self, body, lease, object.size)?,
            None => Reader::inline(held.bytes, held.start),
        };
        Ok(Some((object, Arc::new(reader))))
    }

    /// Holds the record of a version.
    fn look(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        which: Which,
        look: Look,
    ) -> Result<Option<Held>, StoreError> {
        let versions_of = keys::versions_of(bucket.id, key);
        let find = || match which {
            Which::Current => self.current(&versions_of),
            Which::Version(VersionId::Null) => self.null(&versions_of),
            Which::Version(version) => self.made(&versions_of, version),
        };
        while let Some(record) = find()? {
            // By the time it is held, another version may have got the record's name.
            if let Some(held) = self.hold(record, look)?
                && (which == Which::Current || which == Which::Version(held.head.object.version))
            {
                return Ok(Some(held));
            }
        }
        Ok(None)
    }

    /// Takes leases on what a record names. `None` if it is gone by then.
    fn hold(self: &Arc<Self>, record: Record, look: Look) -> Result<Option<Held>, StoreError> {
        let Record { at, mut bytes } = record;
        loop {
            let (head, start) = encode::decode_object(&bytes)?;
            let names = |body: &Body| look == Look::AtBytesToo || head.body != Some(*body);
            let leases: Vec<_> =
                head.bodies().filter(names).map(|body| Lease::new(self, body.id)).collect();
            if leases.is_empty() {
                return Ok(Some(Held { bytes, head, start, leases }));
            }
            // Only if the record still names the bodies, the leases were there in time.
            match self.versions.get(&at).map_err(failed("read a record"))? {
                Some(now) if now == bytes => {
                    return Ok(Some(Held { bytes, head, start, leases }));
                }
                Some(now) => bytes = now,
                None => return Ok(None),
            }
        }
    }

    pub(super) fn complete(&self, head: ObjectHead) -> Result<Object, StoreError> {
        match head.moved() {
            Some(body) => head.complete(Some(&self.all_pieces(body.id)?)),
            None => head.complete(None),
        }
    }

    /// The objects of a bucket: a step for each, and a seek past its older versions.
    pub(super) fn objects(self: &Arc<Self>, bucket: &Bucket, from: &From) -> Listing {
        Listing { records: self.walk(keys::listing(bucket.id, from)), last: None }
    }

    /// The versions of a bucket, by one range of the tree.
    pub(super) fn all_versions(
        self: &Arc<Self>,
        bucket: &Bucket,
        from: &FromVersion,
    ) -> Result<VersionListing, StoreError> {
        let all_from = |from: &From| keys::listing(bucket.id, from);
        let (range, begun_in) = match from {
            FromVersion::Key(from) => (all_from(from), None),
            FromVersion::After(key, version) => {
                let (start, end) = all_from(&From::At(key.clone()));
                let versions_of = keys::versions_of(bucket.id, key);
                let sequence = match version {
                    VersionId::Made { sequence, .. } => Some(*sequence),
                    VersionId::Null => {
                        let null = self.null(&versions_of)?;
                        null.and_then(|record| keys::read_version(&record.at)).map(|(_, at)| at)
                    }
                };
                let after = sequence.map(|sequence| match sequence.checked_sub(1) {
                    Some(next) => keys::version(&versions_of, next),
                    None => all_from(&From::After(key.clone())).0,
                });
                ((after.unwrap_or(start), end), Some(versions_of))
            }
        };
        let records = self.walk(range);
        Ok(VersionListing { records, last: None, last_null: None, begun_in })
    }

    fn walk(self: &Arc<Self>, (start, end): (Vec<u8>, Vec<u8>)) -> Records {
        let iter = self.versions.range(start..end.clone());
        Records {
            database: Arc::clone(self),
            iter,
            end,
            #[cfg(test)]
            cost: Cost::default(),
        }
    }
}

/// A walk over records.
struct Records {
    database: Arc<Database>,
    iter: sled::Iter,
    end: Vec<u8>,
    #[cfg(test)]
    cost: Cost,
}

/// What a walk has taken.
#[cfg(test)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cost {
    /// Records that were met, and perhaps the end.
    steps: usize,
    /// Beginnings anew, past older versions.
    seeks: usize,
}

impl Records {
    fn next(&mut self) -> Result<Option<Record>, StoreError> {
        #[cfg(test)]
        {
            self.cost.steps += 1;
        }
        let next = self.iter.next().transpose().map_err(failed("list objects"))?;
        Ok(next.map(|(at, bytes)| Record { at, bytes }))
    }

    /// Goes on after all versions of the key of this record.
    fn skip_key(&mut self, at: &[u8]) {
        #[cfg(test)]
        {
            self.cost.seeks += 1;
        }
        let start = keys::after_key(at);
        self.iter = self.database.versions.range(start..self.end.clone());
    }

    fn is_current(&self, at: &IVec, versions_of: &[u8]) -> Result<bool, StoreError> {
        Ok(self.database.current(versions_of)?.is_some_and(|current| current.at == at))
    }

    /// Whether this is the record of the version `null` that counts.
    fn is_null(&self, at: &IVec, versions_of: &[u8]) -> Result<bool, StoreError> {
        Ok(self.database.null(versions_of)?.is_some_and(|null| null.at == at))
    }

    /// Key and object of a record. `None` if it has been removed since the walk came by.
    fn read(&self, record: Record) -> Result<Option<(String, Object)>, StoreError> {
        let Some((key, _)) = keys::read_version(&record.at) else {
            return Err(failed("list objects")("a record's name is none"));
        };
        let Some(held) = self.database.hold(record, Look::AtRecord)? else { return Ok(None) };
        Ok(Some((key, self.database.complete(held.head)?)))
    }
}

/// A walk over the current objects of keys.
pub(super) struct Listing {
    records: Records,
    /// The name of the record before. What follows it with the same key is an older version.
    last: Option<IVec>,
}

impl Listing {
    fn step(&mut self) -> Result<Option<(String, Object)>, StoreError> {
        while let Some(record) = self.records.next()? {
            let at = record.at.clone();
            if self.last.as_ref().is_some_and(|last| keys::is_same_key(last, &at)) {
                self.records.skip_key(&at);
                continue;
            }
            // If it has just been removed, the next one of the key is the current one.
            let Some((key, object)) = self.records.read(record)? else { continue };
            self.last = Some(at);
            if !object.is_delete_marker {
                return Ok(Some((key, object)));
            }
        }
        Ok(None)
    }
}

impl Iterator for Listing {
    type Item = Result<(String, Object), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

/// A walk over all versions of keys.
pub(super) struct VersionListing {
    records: Records,
    /// The name of the record before, and that of the last one of a version `null`.
    last: Option<IVec>,
    last_null: Option<IVec>,
    /// What the names of the versions of the key begin with in which the walk has begun.
    begun_in: Option<Vec<u8>>,
}

impl VersionListing {
    fn step(&mut self) -> Result<Option<(String, Version)>, StoreError> {
        while let Some(record) = self.records.next()? {
            let at = record.at.clone();
            let is_of_key_of =
                |other: &Option<IVec>| other.as_ref().is_some_and(|it| keys::is_same_key(it, &at));
            let has_newer = is_of_key_of(&self.last);
            let has_newer_null = is_of_key_of(&self.last_null);
            let Some((key, object)) = self.records.read(record)? else { continue };
            let is_first = self.last.replace(at.clone()).is_none();
            // The walk may have begun in the middle of a key.
            let versions_of = keys::without_sequence(&at);
            let is_latest =
                !has_newer && (!is_first || self.records.is_current(&at, versions_of)?);
            if object.version == VersionId::Null {
                // Of several only the newest counts, which the walk may not have come by.
                let is_unsure = self.begun_in.as_deref() == Some(versions_of);
                if has_newer_null || is_unsure && !self.records.is_null(&at, versions_of)? {
                    continue;
                }
                self.last_null = Some(at);
            }
            return Ok(Some((key, Version { object, is_latest })));
        }
        Ok(None)
    }
}

impl Iterator for VersionListing {
    type Item = Result<(String, Version), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Versioning;
    use crate::store::contract::add;
    use crate::store::contract::bytes_of;
    use crate::store::contract::object_of;
    use crate::store::contract::put;
    use crate::store::contract::remove;
    use crate::store::contract::set_versioning;
    use crate::store::contract::temporary;

    #[test]
    fn a_record_that_is_replaced_before_its_bodies_are_held_is_looked_at_again() {
        let store = temporary();
        let bucket = add(&store, "b");
        let versions_of = keys::versions_of(bucket.id, "k");
        let current = || store.database.current(&versions_of).unwrap().unwrap();
        put(&store, &bucket, "k", &bytes_of(1, 10_000));
        let before = current();
        // Nobody reads the bytes of the first yet, so they are gone.
        put(&store, &bucket, "k", &bytes_of(2, 30_000));
        let held = store.database.hold(before, Look::AtBytesToo).unwrap().unwrap();
        assert_eq!(held.head.object, object_of(&bytes_of(2, 30_000)));
        assert_eq!(held.leases.len(), 1);
        let before = current();
        remove(&store, &bucket, "k");
        assert!(store.database.hold(before, Look::AtBytesToo).unwrap().is_none());
    }

    /// However many versions and folded keys are in between.
    #[test]
    fn a_listing_takes_a_step_and_at_most_a_seek_for_each_key() {
        let store = temporary();
        let bucket = add(&store, "b");
        set_versioning(&store, "b", Versioning::Enabled);
        let with_versions = |prefix: &str| {
            for key in 0..10 {
                for version in 0..30_u64 {
                    put(&store, &bucket, &format!("{prefix}{key}"), &bytes_of(version, 10));
                }
            }
        };
        (0..10).for_each(|key| put(&store, &bucket, &format!("a/{key}"), b"once"));
        with_versions("b/");
        with_versions("c/");
        (0..10).for_each(|key| remove(&store, &bucket, &format!("c/{key}")));
        put(&store, &bucket, "d", b"last");
        let walk = |from: From, count: usize| {
            let mut listing = store.database.objects(&bucket, &from);
            let keys: Vec<_> =
                listing.by_ref().take(count).map(|object| object.unwrap().0).collect();
            (keys.len(), listing.records.cost)
        };
        let cost = |steps, seeks| Cost { steps, seeks };
        let at = |key: &str| From::At(key.to_owned());
        assert_eq!(walk(at(""), 10), (10, cost(10, 0)));
        // A step for the current version, and one for the older one that is passed over.
        assert_eq!(walk(at("b/"), 10), (10, cost(19, 9)));
        // The keys that end in a delete marker are not listed.
        assert_eq!(walk(at("c/"), 10), (1, cost(22, 10)));
        // What is folded costs what its successor does.
        for folded in ["a/", "c/"] {
            assert_eq!(walk(From::AfterPrefix(folded.to_owned()), 1), (1, cost(1, 0)), "{folded}");
        }

        let from = FromVersion::Key(at(""));
        let mut versions = store.database.all_versions(&bucket, &from).unwrap();
        assert_eq!(versions.by_ref().count(), 10 + 600 + 10 + 1);
        // With the end.
        assert_eq!(versions.records.cost, cost(622, 0));
    }
}
