//! Uploads in parts: their records, and those of their parts.
//!
//! A part is a record with a body, as an object is. An upload that ends becomes an empty record
//! first, which nobody sees any more; then its parts go, without the key's lock, and the record
//! last. So whatever a crash leaves of that is found by going through the records of uploads.

mod complete;
mod joined;
mod records;

use std::sync::Arc;

use sled::IVec;

#[cfg(test)]
pub(super) use self::complete::Names;
pub(super) use self::joined::Joined;
pub(super) use self::records::body_of_part;
#[cfg(test)]
pub(super) use self::records::decode_upload;
#[cfg(test)]
pub(super) use self::records::ended;
pub(super) use self::records::moved_of_upload;

use self::records::UploadHead;
use super::bodies::BodyId;
use super::bodies::Unowned;
use super::buckets::same;
use super::database::Database;
use super::encode::Content;
use super::failed;
use super::garbage::Leftover;
use super::keys;
use super::keys::Owner;
use super::objects;
use super::writer::Kept;
use crate::store::Bucket;
use crate::store::From;
use crate::store::KeptBody;
use crate::store::Outcome;
use crate::store::Part;
use crate::store::StoreError;
use crate::store::Upload;

impl Database {
    pub(super) fn begin_upload(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        id: &str,
        mut upload: Upload,
    ) -> Result<Outcome, StoreError> {
        let versions_of = keys::versions_of(bucket.id, key);
        let known = self.known();
        if same(&known, bucket).is_none() {
            return Ok(Outcome::NoBucket);
        }
        let _lock = self.key_locks.lock(&versions_of);
        upload.found = objects::stamp_of(self.current(&versions_of)?.as_ref())?;
        let at = keys::upload(bucket.id, key, id);
        let encoded = records::encode_upload(&at, upload, || self.ids.next())?;
        let new = match encoded.moved {
            Some((id, bytes)) => vec![Unowned::pieces(self, id, &bytes)?],
            None => Vec::new(),
        };
        self.put_record(&Owner::Upload(at), encoded.record, new, &[])?;
        Ok(Outcome::Done)
    }

    pub(super) fn upload(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
    ) -> Result<Option<Upload>, StoreError> {
        let _lock = self.key_locks.lock(&keys::versions_of(bucket.id, key));
        self.upload_at(&keys::upload(bucket.id, key, id))
    }

    /// The upload of that name, which must be locked.
    fn upload_at(&self, at: &[u8]) -> Result<Option<Upload>, StoreError> {
        let Some(head) = self.head_of_upload(at)? else { return Ok(None) };
        let moved = match head.moved() {
            Some(body) => Some(self.all_pieces(body.id)?),
            None => None,
        };
        head.complete(moved.as_deref())
    }

    /// `None` if there is no record, or the upload has ended.
    fn head_of_upload(&self, at: &[u8]) -> Result<Option<UploadHead>, StoreError> {
        let record = self.uploads.get(at).map_err(failed("read an upload"))?;
        let head = record.map(|record| records::decode_upload(&record)).transpose()?;
        Ok(head.filter(UploadHead::is_open))
    }

    /// The uploads of a bucket, by one range of the tree.
    pub(super) fn uploads(
        self: &Arc<Self>,
        bucket: &Bucket,
        from: &From,
        after_id: Option<&str>,
    ) -> impl Iterator<Item = Result<(String, String, Upload), StoreError>> + use<> {
        let (start, end) = keys::uploads(bucket.id, from, after_id);
        let database = Arc::clone(self);
        let names = self.uploads.range(start..end).keys();
        names.filter_map(move |at| database.listed(at).transpose())
    }

    /// `None` if the upload has ended since the walk came by.
    fn listed(
        &self,
        at: Result<IVec, sled::Error>,
    ) -> Result<Option<(String, String, Upload)>, StoreError> {
        let at = at.map_err(failed("list uploads"))?;
        let Some((bucket_id, key, id)) = keys::read_upload(&at) else {
            return Err(failed("list uploads")("an upload's name is none"));
        };
        let _lock = self.key_locks.lock(&keys::versions_of(bucket_id, &key));
        Ok(self.upload_at(&at)?.map(|upload| (key, id, upload)))
    }

    pub(super) fn put_part(
        self: &Arc<Self>,
        bucket: &Bucket,
        key: &str,
        id: &str,
        part: Part,
        body: Box<dyn KeptBody>,
    ) -> Result<Outcome, StoreError> {
        if body.size() != part.size {
            return Err(failed("keep a part")("its size is not that of its body"));
        }
        let body = Kept::of(self, body)?;
        let upload = keys::upload(bucket.id, key, id);
        let number = part.number;
        let content = match &body {
            Kept::Inline(bytes) => Content::Inline(bytes),
            Kept::Apart { unowned, .. } => Content::Apart(unowned.body()),
        };
        let record = records::encode_part(part, content)?;
        let new = match body {
            Kept::Inline(_) => Vec::new(),
            Kept::Apart { unowned, .. } => vec![unowned],
        };

        let known = self.known();
        if same(&known, bucket).is_none() {
            return Ok(Outcome::NoBucket);
        }
        let lock = self.key_locks.lock(&keys::versions_of(bucket.id, key));
        let Some(head) = self.head_of_upload(&upload)? else { return Ok(Outcome::NoUpload) };
        let at = keys::part(head.parts, number);
        let old = match self.parts.get(&at).map_err(failed("read a part"))? {
            Some(record) => records::body_of_part(&record)?,
            None => None,
        };
        let owner = Owner::Part(at);
        self.put_record(&owner, record, new, old.as_slice())?;
        drop(lock);
        drop(known);
        self.leave(objects::named_by(&owner, old));
        Ok(Outcome::Done)
    }

    pub(super) fn parts(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        after: u32,
        count_max: usize,
    ) -> Result<Option<Vec<Part>>, StoreError> {
        let upload = keys::upload(bucket.id, key, id);
        let Some(head) = self.head_of_upload(&upload)? else { return Ok(None) };
        let Some(first) = after.checked_add(1) else { return Ok(Some(Vec::new())) };
        let rows =
            self.parts.range(keys::part(head.parts, first)..=keys::part(head.parts, u32::MAX));
        let parts = rows.values().take(count_max).map(|record| {
            let record = record.map_err(failed("list parts"))?;
            Ok(records::decode_part(&record)?.0)
        });
        let parts = parts.collect::<Result<_, _>>()?;
        // Parts go only after the upload was seen to have ended.
        Ok(self.head_of_upload(&upload)?.map(|_| parts))
    }

    pub(super) fn end_upload(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
    ) -> Result<Outcome, StoreError> {
        let at = keys::upload(bucket.id, key, id);
        let lock = self.key_locks.lock(&keys::versions_of(bucket.id, key));
        let Some(head) = self.head_of_upload(&at)? else { return Ok(Outcome::NoUpload) };
        let upload = Owner::Upload(at);
        let mut leftovers = self.mark_as_ended(&upload, &head)?;
        drop(lock);
        leftovers.extend(self.remove_parts(&upload, head.parts)?);
        self.leave(leftovers);
        Ok(Outcome::Done)
    }

    /// The moment in which an upload ends. Its key must be locked.
    fn mark_as_ended(
        &self,
        upload: &Owner,
        head: &UploadHead,
    ) -> Result<Vec<Leftover>, StoreError> {
        let old = head.moved();
        self.put_record(upload, records::ended(head.parts)?, Vec::new(), old.as_slice())?;
        Ok(objects::named_by(upload, old))
    }

    /// Removes the parts of an upload that has ended, and its record.
    fn remove_parts(&self, upload: &Owner, parts: BodyId) -> Result<Vec<Leftover>, StoreError> {
        let mut leftovers = Vec::new();
        for row in self.parts.scan_prefix(parts.to_bytes()) {
            let (part, record) = row.map_err(failed("list parts"))?;
            let old = records::body_of_part(&record)?;
            let owner = Owner::Part(part.to_vec());
            self.remove_record(&owner, old.as_slice())?;
            leftovers.extend(objects::named_by(&owner, old));
        }
        self.remove_record(upload, &[])?;
        Ok(leftovers)
    }

    /// Ends an upload that nobody can change any more.
    fn end_now(&self, at: &[u8], head: &UploadHead) -> Result<(), StoreError> {
        let upload = Owner::Upload(at.to_vec());
        let mut leftovers = Vec::new();
        if head.is_open() {
            leftovers = self.mark_as_ended(&upload, head)?;
        }
        leftovers.extend(self.remove_parts(&upload, head.parts)?);
        self.leave(leftovers);
        Ok(())
    }

    /// Ends all uploads of a bucket that is gone, so that none is added.
    pub(super) fn end_uploads_in(&self, bucket_id: u64) -> Result<(), StoreError> {
        for row in self.uploads.scan_prefix(keys::uploads_in(bucket_id)) {
            let (at, record) = row.map_err(failed("list uploads"))?;
            self.end_now(&at, &records::decode_upload(&record)?)?;
        }
        Ok(())
    }

    /// Removes the uploads that a crash has left while they, or their buckets, came to their end,
    /// and those that it has left of an object that was published. Nobody else uses the store yet.
    pub(super) fn sweep_uploads(&self) -> Result<(), StoreError> {
        let ids: Vec<u64> = self.known().values().map(|bucket| bucket.id).collect();
        for row in &self.uploads {
            let (at, record) = row.map_err(failed("read the uploads"))?;
            let head = records::decode_upload(&record)?;
            let stays = match keys::read_upload(&at) {
                Some((bucket_id, key, id)) if head.is_open() && ids.contains(&bucket_id) => {
                    !self.has_become_an_object(&keys::versions_of(bucket_id, &key), &id)?
                }
                _ => false,
            };
            if !stays {
                self.end_now(&at, &head)?;
            }
        }
        Ok(())
    }
}
