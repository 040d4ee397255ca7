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
use crate::store::Bucket;
use crate::store::From;
use crate::store::Object;
use crate::store::Opened;
use crate::store::StoreError;

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
    pub(super) fn object(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
    ) -> Result<Option<Object>, StoreError> {
        let versions_of = keys::versions_of(bucket.id, key);
        while let Some(record) = self.current(&versions_of)? {
            if let Some(held) = self.hold(record, Look::AtRecord)? {
                return self.complete(held.head).map(Some);
            }
        }
        Ok(None)
    }

    pub(super) fn open_object(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
    ) -> Result<Option<Opened>, StoreError> {
        let versions_of = keys::versions_of(bucket.id, key);
        while let Some(record) = self.current(&versions_of)? {
            let Some(held) = self.hold(record, Look::AtBytesToo)? else { continue };
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
            return Ok(Some((object, Arc::new(reader))));
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

    fn complete(&self, head: ObjectHead) -> Result<Object, StoreError> {
        match head.moved() {
            Some(body) => head.complete(Some(&self.all_pieces(body.id)?)),
            None => head.complete(None),
        }
    }

    /// The objects of a bucket, by one range of the tree.
    pub(super) fn objects(self: &Arc<Self>, bucket: &Bucket, from: &From) -> Listing {
        let (start, end) = keys::listing(bucket.id, from);
        Listing { database: Arc::clone(self), records: self.versions.range(start..end), last: None }
    }
}

/// A walk over the current records of keys.
pub(super) struct Listing {
    database: Arc<Database>,
    records: sled::Iter,
    /// The name of the record before. What follows it with the same key is an older version.
    last: Option<IVec>,
}

impl Iterator for Listing {
    type Item = Result<(String, Object), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (at, bytes) = match self.records.next()? {
                Ok(record) => record,
                Err(error) => return Some(Err(failed("list objects")(error))),
            };
            let is_older = self
                .last
                .as_ref()
                .is_some_and(|last| keys::without_sequence(last) == keys::without_sequence(&at));
            self.last = Some(at.clone());
            if !is_older && let Some(item) = self.item(Record { at, bytes }).transpose() {
                return Some(item);
            }
        }
    }
}

impl Listing {
    /// `None` if the object has been removed since the walk came by.
    fn item(&self, record: Record) -> Result<Option<(String, Object)>, StoreError> {
        let Some((key, _)) = keys::read_version(&record.at) else {
            return Err(failed("list objects")("a record's name is none"));
        };
        let Some(held) = self.database.hold(record, Look::AtRecord)? else { return Ok(None) };
        Ok(Some((key, self.database.complete(held.head)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::add;
    use crate::store::contract::bytes_of;
    use crate::store::contract::object_of;
    use crate::store::contract::put;
    use crate::store::contract::remove;
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
}
