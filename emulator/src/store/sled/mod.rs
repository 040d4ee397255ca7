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
use super::KeptBody;
use super::Object;
use super::Objects;
use super::Opened;
use super::Outcome;
use super::Store;
use super::StoreError;
use crate::config::Durability;

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
        let database = Arc::new(open::open(settings, patience)?);
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
    ) -> Result<Outcome, StoreError> {
        self.database.publish(bucket, key, object, body, expect)
    }

    fn object(&self, bucket: &Bucket, key: &str) -> Result<Option<Object>, StoreError> {
        self.database.object(bucket, key)
    }

    fn open(&self, bucket: &Bucket, key: &str) -> Result<Option<Opened>, StoreError> {
        self.database.open_object(bucket, key)
    }

    fn change_object(
        &self,
        bucket: &Bucket,
        key: &str,
        change: &mut dyn FnMut(&mut Object),
    ) -> Result<Outcome, StoreError> {
        self.database.change_object(bucket, key, change)
    }

    fn remove(&self, bucket: &Bucket, key: &str, expect: &Expect) -> Result<Outcome, StoreError> {
        self.database.remove(bucket, key, expect)
    }

    fn objects<'a>(&'a self, bucket: &Bucket, from: &From) -> Objects<'a> {
        Box::new(self.database.objects(bucket, from))
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
}

/// Says what the store was about to do when something failed.
fn failed<E: Into<Box<dyn Error + Send + Sync>>>(doing: &'static str) -> impl Fn(E) -> StoreError {
    move |error| StoreError { doing, source: error.into() }
}
