//! Uploads in parts: their records, and those of their parts.
//!
//! A part is a record with a body, as an object is. An upload that ends becomes an empty record
//! first, which nobody sees any more; then its parts go, and the record last. So whatever a crash
//! leaves of that is found by going through the records of uploads.

mod joined;
mod records;

use std::sync::Arc;

use sled::IVec;

pub(super) use self::joined::Joined;
pub(super) use self::records::body_of_part;
#[cfg(test)]
pub(super) use self::records::decode_upload;
#[cfg(test)]
pub(super) use self::records::ended;
pub(super) use self::records::moved_of_upload;

use self::records::UploadHead;
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
        let _lock = self.key_locks.lock(&keys::versions_of(bucket.id, key));
        let Some(head) = self.head_of_upload(&upload)? else { return Ok(None) };
        let Some(first) = after.checked_add(1) else { return Ok(Some(Vec::new())) };
        let rows =
            self.parts.range(keys::part(head.parts, first)..=keys::part(head.parts, u32::MAX));
        let parts = rows.values().take(count_max).map(|record| {
            let record = record.map_err(failed("list parts"))?;
            Ok(records::decode_part(&record)?.0)
        });
        parts.collect::<Result<_, _>>().map(Some)
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
        let leftovers = self.end(at, &head)?;
        drop(lock);
        self.leave(leftovers);
        Ok(Outcome::Done)
    }

    /// Ends an upload, whose key is locked, or whose end had begun.
    fn end(&self, at: Vec<u8>, head: &UploadHead) -> Result<Vec<Leftover>, StoreError> {
        let owner = Owner::Upload(at);
        let mut leftovers = Vec::new();
        if head.is_open() {
            let old = head.moved();
            self.put_record(&owner, records::ended(head.parts)?, Vec::new(), old.as_slice())?;
            leftovers.extend(objects::named_by(&owner, old));
        }
        for row in self.parts.scan_prefix(head.parts.to_bytes()) {
            let (part, record) = row.map_err(failed("list parts"))?;
            let old = records::body_of_part(&record)?;
            let owner = Owner::Part(part.to_vec());
            self.remove_record(&owner, old.as_slice())?;
            leftovers.extend(objects::named_by(&owner, old));
        }
        self.remove_record(&owner, &[])?;
        Ok(leftovers)
    }

    /// Ends all uploads of a bucket that is gone, so that none is added.
    pub(super) fn end_uploads_in(&self, bucket_id: u64) -> Result<(), StoreError> {
        for row in self.uploads.scan_prefix(keys::uploads_in(bucket_id)) {
            let (at, record) = row.map_err(failed("list uploads"))?;
            let leftovers = self.end(at.to_vec(), &records::decode_upload(&record)?)?;
            self.leave(leftovers);
        }
        Ok(())
    }

    /// Removes the uploads that a crash has left while they, or their buckets, came to their end.
    /// Nobody else uses the store yet.
    pub(super) fn sweep_uploads(&self) -> Result<(), StoreError> {
        let ids: Vec<u64> = self.known().values().map(|bucket| bucket.id).collect();
        for row in &self.uploads {
            let (at, record) = row.map_err(failed("read the uploads"))?;
            let head = records::decode_upload(&record)?;
            let is_in_bucket = keys::read_upload(&at).is_some_and(|(id, ..)| ids.contains(&id));
            if !head.is_open() || !is_in_bucket {
                let leftovers = self.end(at.to_vec(), &head)?;
                self.leave(leftovers);
            }
        }
        Ok(())
    }
}
