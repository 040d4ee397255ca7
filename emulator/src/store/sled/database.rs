//! What the parts of the store share: trees, folder, locks, and who waits for what.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::RwLock;
use std::sync::mpsc;

use sled::Tree;

use super::bodies::BodyIds;
use super::failed;
use super::flush::Flushes;
use super::folder::Folder;
use super::garbage::Leftover;
use super::leases::Leases;
use super::locks::KeyLocks;
use crate::config::Durability;
use crate::store::Bucket;
use crate::store::StoreError;

/// An open database. It lives as long as the store and whoever reads from it.
pub(super) struct Database {
    pub(super) sled: sled::Db,
    /// See [`super::keys`] for what is in them.
    pub(super) buckets: Tree,
    pub(super) versions: Tree,
    pub(super) bodies: Tree,
    pub(super) owners: Tree,
    pub(super) garbage: Tree,
    pub(super) uploads: Tree,
    pub(super) parts: Tree,
    pub(super) known_buckets: RwLock<BTreeMap<String, Arc<Bucket>>>,
    pub(super) key_locks: KeyLocks,
    pub(super) leases: Leases,
    pub(super) flushes: Flushes,
    pub(super) ids: BodyIds,
    pub(super) lifetime: Lifetime,
    pub(super) durability: Durability,
    pub(super) spill_above: u64,
    // The last field: a temporary folder is removed after the database was closed.
    pub(super) folder: Folder,
}

/// Whether the store outlives its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lifetime {
    Temporary,
    Persistent,
}

impl Database {
    /// Waits until everything that was done survives a kill. Must not run on an async worker.
    pub(super) fn flush_now(&self) -> Result<(), StoreError> {
        match self.lifetime {
            Lifetime::Temporary => Ok(()),
            Lifetime::Persistent => {
                let (done, wait) = mpsc::sync_channel(1);
                self.flushes.wait(Box::new(move |result| {
                    // Nobody is there to be told if the other side has gone.
                    let _ = done.send(result);
                }));
                wait.recv().map_err(failed("keep what was written"))?
            }
        }
    }

    /// Removes bodies that a record has named, as soon as it is sure not to name them again.
    pub(super) fn leave(&self, leftovers: Vec<Leftover>) {
        match self.lifetime {
            Lifetime::Temporary => self.retire_or_warn(leftovers),
            Lifetime::Persistent => self.flushes.retire_later(leftovers),
        }
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database")
            .field("folder", &self.folder)
            .field("lifetime", &self.lifetime)
            .field("durability", &self.durability)
            .field("spill_above", &self.spill_above)
            .finish_non_exhaustive()
    }
}
