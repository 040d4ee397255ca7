//! The store on sled and files: records and short bodies in a few trees, each long body in a file.

mod bodies;
mod buckets;
mod database;
mod encode;
mod flush;
mod folder;
mod garbage;
mod keys;
mod leases;
mod locks;
mod look;
mod objects;
mod open;
mod reader;
#[cfg(test)]
mod tests;
mod uploads;
mod writer;

use std::error::Error;
use std::future;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::oneshot;

pub(crate) use self::open::OpenError;

use self::database::Database;
use self::database::Lifetime;
use self::flush::Flusher;
use self::open::Patience;
use self::writer::Writer;
use super::BodyWriter;
use super::Bucket;
use super::Expect;
use super::From;
use super::FromVersion;
use super::KeptBody;
use super::Object;
use super::Objects;
use super::Opened;
use super::Outcome;
use super::Part;
use super::Removed;
use super::Store;
use super::StoreError;
use super::Upload;
use super::Uploads;
use super::Versions;
use super::Which;
use crate::config::Durability;
use crate::names::VersionId;

/// How a store is opened.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where it stays; without it, the store is temporary.
    pub(crate) data_dir: Option<PathBuf>,
    /// Bodies above this size, in bytes, get a file of their own. At most 1 MiB is heeded.
    pub(crate) spill_above: u64,
    /// What is done survives this once it has settled. A temporary store promises nothing.
    pub(crate) durability: Durability,
}

/// The store of an emulator.
#[derive(Debug)]
pub(crate) struct SledStore {
    database: Arc<Database>,
    /// Of a store that stays.
    flusher: Option<Flusher>,
}

impl SledStore {
    /// Opens the store, or a new one.
    pub(crate) fn open(settings: Settings) -> Result<Self, OpenError> {
        Self::open_with(settings, Patience::FIVE_SECONDS)
    }

    fn open_with(settings: Settings, patience: Patience) -> Result<Self, OpenError> {
        let database = open::open(settings, patience)?;
        let flusher = match database.lifetime {
            Lifetime::Temporary => None,
            Lifetime::Persistent => Some(Flusher::start(Arc::clone(&database))?),
        };
        Ok(Self { database, flusher })
    }
}

impl Store for SledStore {
    fn buckets(&self) -> Result<Vec<Bucket>, StoreError> {
        Ok(self.database.known().values().map(|bucket| Bucket::clone(bucket)).collect())
    }

    fn bucket(&self, name: &str) -> Result<Option<Arc<Bucket>>, StoreError> {
        Ok(self.database.known().get(name).cloned())
    }

    fn add_bucket(&self, bucket: Bucket) -> Result<Outcome, StoreError> {
        self.database.add_bucket(bucket)
    }

    fn change_bucket(
        &self,
        name: &str,
        change: &mut dyn FnMut(&mut Bucket),
    ) -> Result<Outcome, StoreError> {
        self.database.change_bucket(name, change)
    }

    fn remove_bucket(&self, name: &str) -> Result<Outcome, StoreError> {
        self.database.remove_bucket(name)
    }

    fn begin_body(&self) -> Result<Box<dyn BodyWriter>, StoreError> {
        Ok(Box::new(Writer::new(Arc::clone(&self.database))))
    }

    fn publish(
        &self,
        bucket: &Bucket,
        key: &str,
        object: Object,
        body: Box<dyn KeptBody>,
        expect: &Expect,
    ) -> Result<Result<VersionId, Outcome>, StoreError> {
        self.database.publish(bucket, key, object, body, expect)
    }

    fn version(
        &self,
        bucket: &Bucket,
        key: &str,
        which: Which,
    ) -> Result<Option<Object>, StoreError> {
        self.database.version(bucket, key, which)
    }

    fn open_version(
        &self,
        bucket: &Bucket,
        key: &str,
        which: Which,
    ) -> Result<Option<Opened>, StoreError> {
        self.database.open_version(bucket, key, which)
    }

    fn change_object(
        &self,
        bucket: &Bucket,
        key: &str,
        which: Which,
        change: &mut dyn FnMut(&mut Object),
    ) -> Result<Outcome, StoreError> {
        self.database.change_object(bucket, key, which, change)
    }

    fn remove(
        &self,
        bucket: &Bucket,
        key: &str,
        marker: Object,
        expect: &Expect,
    ) -> Result<Result<Removed, Outcome>, StoreError> {
        self.database.remove(bucket, key, marker, expect)
    }

    fn remove_version(
        &self,
        bucket: &Bucket,
        key: &str,
        version: VersionId,
        may_go: &mut dyn FnMut(&Object) -> bool,
    ) -> Result<Result<Object, Outcome>, StoreError> {
        self.database.remove_version(bucket, key, version, may_go)
    }

    fn objects<'a>(&'a self, bucket: &Bucket, from: &From) -> Objects<'a> {
        Box::new(self.database.objects(bucket, from))
    }

    fn versions<'a>(&'a self, bucket: &Bucket, from: &FromVersion) -> Versions<'a> {
        match self.database.all_versions(bucket, from) {
            Ok(walk) => Box::new(walk),
            Err(error) => Box::new(std::iter::once(Err(error))),
        }
    }

    fn settled(&self) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>> {
        if self.flusher.is_none() {
            return Box::pin(future::ready(Ok(())));
        }
        let (done, wait) = oneshot::channel();
        self.database.flushes.wait(Box::new(move |result| {
            // A request that nobody waits for any more need not be told.
            let _ = done.send(result);
        }));
        Box::pin(async move {
            wait.await.unwrap_or_else(|error| Err(failed("keep what was written")(error)))
        })
    }

    fn close(&self) {
        if let Some(flusher) = &self.flusher {
            flusher.close();
        }
        if let Err(error) = self.database.folder.remove_if_temporary() {
            tracing::warn!(%error, "the folder of a temporary store could not be removed");
        }
    }

    fn begin_upload(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        upload: Upload,
    ) -> Result<Outcome, StoreError> {
        self.database.begin_upload(bucket, key, id, upload)
    }

    fn upload(&self, bucket: &Bucket, key: &str, id: &str) -> Result<Option<Upload>, StoreError> {
        self.database.upload(bucket, key, id)
    }

    fn uploads<'a>(&'a self, bucket: &Bucket, from: &From, after_id: Option<&str>) -> Uploads<'a> {
        Box::new(self.database.uploads(bucket, from, after_id))
    }

    fn put_part(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        part: Part,
        body: Box<dyn KeptBody>,
    ) -> Result<Outcome, StoreError> {
        self.database.put_part(bucket, key, id, part, body)
    }

    fn parts(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        after: u32,
        count_max: usize,
    ) -> Result<Option<Vec<Part>>, StoreError> {
        self.database.parts(bucket, key, id, after, count_max)
    }

    fn complete_upload(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        parts: &[Part],
        object: Object,
        expect: &Expect,
    ) -> Result<Result<VersionId, Outcome>, StoreError> {
        self.database.complete_upload(bucket, key, id, parts, object, expect)
    }

    fn end_upload(&self, bucket: &Bucket, key: &str, id: &str) -> Result<Outcome, StoreError> {
        self.database.end_upload(bucket, key, id)
    }
}

/// Says what the store was about to do when something failed.
fn failed<E: Into<Box<dyn Error + Send + Sync>>>(doing: &'static str) -> impl Fn(E) -> StoreError {
    move |error| StoreError { doing, source: error.into() }
}
