//! What stays: buckets, objects and their bytes. The trait knows neither sled nor files.

mod configurations;
#[cfg(test)]
mod contract;
mod records;
mod sled;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;

use crate::names::VersionId;

pub(crate) use self::configurations::Configuration;
pub(crate) use self::configurations::Configurations;
pub(crate) use self::records::Bucket;
pub(crate) use self::records::BucketLock;
pub(crate) use self::records::BucketSettings;
pub(crate) use self::records::Initiator;
pub(crate) use self::records::Multipart;
pub(crate) use self::records::Object;
pub(crate) use self::records::Part;
pub(crate) use self::records::Restored;
pub(crate) use self::records::Upload;
pub(crate) use self::records::Versioning;
pub(crate) use self::sled::OpenError;
pub(crate) use self::sled::Settings;
pub(crate) use self::sled::SledStore;

/// What the operations ask of storage.
///
/// Every method is atomic by itself: a reader sees the world before it or after it. A name that is
/// not there is an answer (`None`, `Outcome::NoBucket`), not an error; [`StoreError`] means that
/// the storage itself failed.
///
/// Methods are short enough for an async worker, unless they say otherwise. What a method did is
/// seen by every later call at once; that it survives a crash is known after [`Store::settled`].
pub(crate) trait Store: Send + Sync + fmt::Debug + 'static {
    /// All buckets, by name.
    fn buckets(&self) -> Result<Vec<Bucket>, StoreError>;

    /// The bucket of that name.
    fn bucket(&self, name: &str) -> Result<Option<Arc<Bucket>>, StoreError>;

    /// Adds an empty bucket, whose `id` the store sets. `Outcome::Exists` if the name is taken.
    fn add_bucket(&self, bucket: Bucket) -> Result<Outcome, StoreError>;

    /// Changes a bucket's settings; `change` sees the settings of the very moment.
    fn change_bucket(
        &self,
        name: &str,
        change: &mut dyn FnMut(&mut Bucket),
    ) -> Result<Outcome, StoreError>;

    /// Removes a bucket that holds nothing, and its open uploads; `Outcome::NotEmpty` if it holds
    /// something. May take long.
    fn remove_bucket(&self, name: &str) -> Result<Outcome, StoreError>;

    /// Starts a body that no key names yet. Dropping it, or the kept body, frees its bytes.
    fn begin_body(&self) -> Result<Box<dyn BodyWriter>, StoreError>;

    /// Makes `object` with `body` the current version of `key`, if `expect` holds for the one
    /// there, and tells which version it is. The bucket's versioning at that moment decides whether
    /// it is a new version or takes the place of the version `null`.
    fn publish(
        &self,
        bucket: &Bucket,
        key: &str,
        object: Object,
        body: Box<dyn KeptBody>,
        expect: &Expect,
    ) -> Result<Result<VersionId, Outcome>, StoreError>;

    /// The current object at `key`; none if the key ends in a delete marker.
    fn object(&self, bucket: &Bucket, key: &str) -> Result<Option<Object>, StoreError> {
        let found = self.version(bucket, key, Which::Current)?;
        Ok(found.filter(|object| !object.is_delete_marker))
    }

    /// The same with its bytes: see [`Store::open_version`].
    fn open(&self, bucket: &Bucket, key: &str) -> Result<Option<Opened>, StoreError> {
        let found = self.open_version(bucket, key, Which::Current)?;
        Ok(found.filter(|(object, _)| !object.is_delete_marker))
    }

    /// A version of `key`, which may be a delete marker.
    fn version(
        &self,
        bucket: &Bucket,
        key: &str,
        which: Which,
    ) -> Result<Option<Object>, StoreError>;

    /// A version of `key` with its bytes, which stay readable while the value lives, whatever
    /// happens to the key. May open a file.
    fn open_version(
        &self,
        bucket: &Bucket,
        key: &str,
        which: Which,
    ) -> Result<Option<Opened>, StoreError>;

    /// Changes what is written down of a version; its bytes stay. `Outcome::NoKey` if it is gone,
    /// or is a delete marker, of which nothing can change.
    fn change_object(
        &self,
        bucket: &Bucket,
        key: &str,
        which: Which,
        change: &mut dyn FnMut(&mut Object),
    ) -> Result<Outcome, StoreError>;

    /// Deletes what is current at `key`, if `expect` holds. Where versions are kept, and whether
    /// or not there is one, `marker` becomes the current one; elsewhere the object is removed, and
    /// if there is none, `Outcome::NoKey` says so.
    fn remove(
        &self,
        bucket: &Bucket,
        key: &str,
        marker: Object,
        expect: &Expect,
    ) -> Result<Result<Removed, Outcome>, StoreError>;

    /// Removes a version for good and tells what it was, unless `may_go` objects:
    /// `Outcome::ExpectationFailed`.
    fn remove_version(
        &self,
        bucket: &Bucket,
        key: &str,
        version: VersionId,
        may_go: &mut dyn FnMut(&Object) -> bool,
    ) -> Result<Result<Object, Outcome>, StoreError>;

    /// The objects of a bucket in the order of their keys' bytes, beginning at `from`. Keys that
    /// end in a delete marker are left out.
    fn objects<'a>(&'a self, bucket: &Bucket, from: &From) -> Objects<'a>;

    /// All versions, delete markers too, in the order of their keys' bytes, newest first.
    fn versions<'a>(&'a self, bucket: &Bucket, from: &FromVersion) -> Versions<'a>;

    /// Resolves when everything that was done before the call survives a kill of the process.
    ///
    /// A temporary store promises nothing after its end, and resolves at once.
    fn settled(&self) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>>;

    /// Ends the store. A temporary one is removed from the disk, also if somebody still reads.
    fn close(&self);

    // Uploads in parts. An upload that is not there, or has ended, is `Outcome::NoUpload`.

    /// Begins an upload under an id that nothing else has. Uploads of a key come in the order of
    /// their ids' bytes.
    fn begin_upload(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        upload: Upload,
    ) -> Result<Outcome, StoreError>;

    /// The open upload of that key and id.
    fn upload(&self, bucket: &Bucket, key: &str, id: &str) -> Result<Option<Upload>, StoreError>;

    /// The open uploads of a bucket in the order of their keys' bytes, then of their ids. Behind
    /// `From::After` a key, those of that key whose ids come after `after_id` are there too.
    fn uploads<'a>(&'a self, bucket: &Bucket, from: &From, after_id: Option<&str>) -> Uploads<'a>;

    /// Keeps a part, in place of the one with the same number.
    fn put_part(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        part: Part,
        body: Box<dyn KeptBody>,
    ) -> Result<Outcome, StoreError>;

    /// At most so many parts with higher numbers than `after`, by number; `None` without upload.
    /// May take long.
    fn parts(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        after: u32,
        count_max: usize,
    ) -> Result<Option<Vec<Part>>, StoreError>;

    /// Publishes the object that these parts are, as [`Store::publish`] does, and ends the upload,
    /// in one step: of several calls for one upload one does it, and the others find it ended.
    /// No bytes are copied. `Outcome::NoPart` if a part is not there as it is told; one that is
    /// written meanwhile may come too late. May take long.
    fn complete_upload(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        parts: &[Part],
        object: Object,
        expect: &Expect,
    ) -> Result<Result<VersionId, Outcome>, StoreError>;

    /// Ends an upload and removes its parts. May take long.
    fn end_upload(&self, bucket: &Bucket, key: &str, id: &str) -> Result<Outcome, StoreError>;
}

/// An object and its bytes.
pub(crate) type Opened = (Object, Arc<dyn StoredBody>);

/// A walk over objects.
pub(crate) type Objects<'a> =
    Box<dyn Iterator<Item = Result<(String, Object), StoreError>> + Send + 'a>;

/// A walk over versions.
pub(crate) type Versions<'a> =
    Box<dyn Iterator<Item = Result<(String, Version), StoreError>> + Send + 'a>;

/// A version as a walk meets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) object: Object,
    /// Whether it is the current one of its key.
    pub(crate) is_latest: bool,
}

/// Which version of a key is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Current,
    Version(VersionId),
}

/// What became of a key that was deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removed {
    /// Nothing is left.
    ForGood,
    /// A delete marker of this version is its current one.
    Marked(VersionId),
}

/// Where a walk over versions begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FromVersion {
    /// With the newest version of a key.
    Key(From),
    /// After this version of this key. It may be gone. Only where `null` stood nobody can tell
    /// then: the walk begins with the key.
    After(String, VersionId),
}
/// A walk over uploads: key, id, upload.
pub(crate) type Uploads<'a> =
    Box<dyn Iterator<Item = Result<(String, String, Upload), StoreError>> + Send + 'a>;

/// Where a walk begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// At this key, or the next that is there. The empty key begins with the first.
    At(String),
    /// After this key.
    After(String),
    /// After all keys that begin so.
    AfterPrefix(String),
}

/// A body that is being written.
pub(crate) trait BodyWriter: Send {
    /// Appends bytes.
    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError>;

    /// Whether writing `more` bytes touches a file, and so must not run on an async worker.
    fn blocks(&self, more: usize) -> bool;

    /// Ends the body. Blocks if `blocks(0)`.
    fn finish(self: Box<Self>) -> Result<Box<dyn KeptBody>, StoreError>;
}

/// A whole body that no key names yet.
pub(crate) trait KeptBody: Send {
    /// In bytes.
    fn size(&self) -> u64;

    /// For the store that made it, which takes its own type out again.
    fn into_any(self: Box<Self>) -> Box<dyn std::any::Any>;
}

/// The bytes of an object that was opened.
pub(crate) trait StoredBody: Send + Sync {
    /// Some bytes from `offset`, at most `bytes_max` and at least one, unless the body ends there.
    fn read_at(&self, offset: u64, bytes_max: usize) -> Result<Bytes, StoreError>;

    /// Whether reading touches a file, and so must not run on an async worker.
    fn blocks(&self) -> bool;

    /// The parts that it was joined of, in order; none if it was written in one piece. May take
    /// long where there are some.
    fn parts(&self) -> Result<&[Part], StoreError> {
        Ok(&[])
    }
}

/// What must be true of the object that a change replaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    /// Nothing: the last writer wins.
    Anything,
    /// No object is there (`If-None-Match: *`).
    Absent,
    /// An object is there (`If-Match: *`).
    Present,
    /// An object with this entity tag is there (`If-Match`).
    Etag(String),
    /// The same, and nothing was written or removed since the object with this stamp, or none, was
    /// current. What was is `Outcome::Conflict`.
    Since { what: Box<Expect>, found: Option<u64> },
}

impl Expect {
    /// Why a change must not be made where this object is current, or none, if it must not.
    fn unmet(&self, current: Option<&Object>) -> Option<Outcome> {
        match (self, current) {
            (Self::Anything, _) | (Self::Absent, None) | (Self::Present, Some(_)) => None,
            (Self::Absent, Some(_)) => Some(Outcome::ExpectationFailed),
            (Self::Present | Self::Etag(_), None) => Some(Outcome::NoKey),
            (Self::Etag(etag), Some(object)) => {
                (object.etag != *etag).then_some(Outcome::ExpectationFailed)
            }
            (Self::Since { what, found }, current) => what.unmet(current).or_else(|| {
                (current.map(|object| object.stamp) != *found).then_some(Outcome::Conflict)
            }),
        }
    }
}

/// How a change went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Outcome {
    Done,
    /// An object is there, or another than expected.
    ExpectationFailed,
    /// No object is there, and one was expected or asked for.
    NoKey,
    NoBucket,
    /// The bucket's name is taken.
    Exists,
    /// The bucket holds objects.
    NotEmpty,
    /// The object is as expected, but not the one that was there before.
    Conflict,
    /// No such upload is open.
    NoUpload,
    /// A part of an upload is not there, or another than expected.
    NoPart,
}

/// The storage itself failed.
#[derive(Debug, thiserror::Error)]
#[error("the store could not {doing}")]
pub(crate) struct StoreError {
    /// What it was about to do, such as "write a body".
    pub(crate) doing: &'static str,
    #[source]
    pub(crate) source: Box<dyn std::error::Error + Send + Sync>,
}
