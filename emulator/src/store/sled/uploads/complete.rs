//! The end of an upload that becomes an object.
//!
//! An upload can have thousands of parts, and the lock of a key is one of many keys. So the parts
//! are looked at before it is taken, and then again a few at a time while they get their further
//! owner. Under the lock the object is published, and then the upload ended. A crash between the
//! two leaves an upload whose object is the current one of its key: see [`Database::sweep_uploads`].

use std::sync::Arc;

use super::joined::list_owner;
use super::records;
use super::records::Bytes;
use super::records::List;
use crate::names::VersionId;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Part;
use crate::store::StoreError;
use crate::store::sled::bodies::Unowned;
use crate::store::sled::buckets::same;
use crate::store::sled::database::Database;
use crate::store::sled::failed;
use crate::store::sled::keys;
use crate::store::sled::keys::Owner;
use crate::store::sled::objects;
use crate::store::sled::objects::Making;
use crate::store::sled::writer::Kept;

/// For so many parts the key is locked at a time.
const LOCKED_PARTS: usize = 64;

/// The names of an upload and of the versions of its key.
pub(in crate::store::sled) struct Names {
    pub(in crate::store::sled) upload: Vec<u8>,
    pub(in crate::store::sled) versions_of: Vec<u8>,
}

impl Names {
    pub(in crate::store::sled) fn of(bucket: &Bucket, key: &str, id: &str) -> Self {
        Self {
            upload: keys::upload(bucket.id, key, id),
            versions_of: keys::versions_of(bucket.id, key),
        }
    }
}

impl Database {
    pub(in crate::store::sled) fn complete_upload(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        id: &str,
        parts: &[Part],
        object: Object,
        expect: &Expect,
    ) -> Result<Result<VersionId, Outcome>, StoreError> {
        let size = parts.iter().map(|part| part.size).sum();
        if object.size != size {
            return Err(failed("publish an object")("its size is not that of its parts"));
        }
        let names = Names::of(bucket, key, id);
        let unowned = match self.join(&names, parts)? {
            Ok(unowned) => unowned,
            Err(outcome) => return Ok(Err(outcome)),
        };

        let known = self.known();
        let Some(now) = same(&known, bucket) else { return Ok(Err(Outcome::NoBucket)) };
        let lock = self.key_locks.lock(&names.versions_of);
        let Some(head) = self.head_of_upload(&names.upload)? else {
            return Ok(Err(Outcome::NoUpload));
        };
        let current = self.current(&names.versions_of)?;
        if let Some(outcome) = objects::unmet(expect, current.as_ref())? {
            return Ok(Err(outcome));
        }
        let (making, body) = (Making::of(now), Kept::Apart { unowned, size });
        let placed = self.place(&names.versions_of, current.as_ref(), making, object, body)?;
        let mut leftovers = placed.leftovers;
        let upload = Owner::Upload(names.upload);
        leftovers.extend(self.mark_as_ended(&upload, &head)?);
        drop(lock);
        drop(known);
        leftovers.extend(self.remove_parts(&upload, head.parts)?);
        self.leave(leftovers);
        Ok(Ok(placed.version))
    }

    /// Makes one body of these parts, whose bytes belong to both from then on.
    pub(in crate::store::sled) fn join(
        self: &Arc<Self>,
        names: &Names,
        parts: &[Part],
    ) -> Result<Result<Unowned, Outcome>, StoreError> {
        let missing = || -> Result<_, StoreError> {
            let is_open = self.head_of_upload(&names.upload)?.is_some();
            Ok(Err(if is_open { Outcome::NoPart } else { Outcome::NoUpload }))
        };
        let Some(head) = self.head_of_upload(&names.upload)? else { return missing() };
        let mut list = List::default();
        for wanted in parts {
            let at = keys::part(head.parts, wanted.number);
            let record = self.parts.get(at).map_err(failed("read a part"))?;
            match record.map(|record| records::decode_part(&record)).transpose()? {
                Some((part, bytes)) if part == *wanted => {
                    list.parts.push(part);
                    list.bytes.push(bytes);
                }
                _ => return missing(),
            }
        }
        let unowned = Unowned::list(self, self.ids.next(), &list.to_bytes()?)?;
        let owner = list_owner(unowned.body().id);
        let some_at_a_time = list.bytes.chunks(LOCKED_PARTS).zip(list.parts.chunks(LOCKED_PARTS));
        for (bytes, parts) in some_at_a_time {
            // While the key is locked, no part is replaced or removed.
            let _lock = self.key_locks.lock(&names.versions_of);
            if self.head_of_upload(&names.upload)?.is_none() {
                return missing();
            }
            for (bytes, part) in bytes.iter().zip(parts) {
                let Bytes::Apart(body) = bytes else { continue };
                let at = keys::part(head.parts, part.number);
                let record = self.parts.get(at).map_err(failed("read a part"))?;
                let now = record.map(|record| records::body_of_part(&record)).transpose()?;
                if now.flatten() != Some(*body) {
                    return missing();
                }
                let row = keys::owner(body.id, &owner);
                self.owners.insert(row, &[]).map_err(failed("note the owner of a body"))?;
            }
        }
        Ok(Ok(unowned))
    }

    /// Whether the current object of a key is what an upload has become.
    pub(super) fn has_become_an_object(
        &self,
        versions_of: &[u8],
        id: &str,
    ) -> Result<bool, StoreError> {
        let current = objects::visible(self.current(versions_of)?.as_ref())?;
        let multipart = current.and_then(|object| object.multipart);
        Ok(multipart.is_some_and(|multipart| multipart.upload == id))
    }
}
