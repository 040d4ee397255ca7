//! Opening a store, and why it can fail.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::RwLock;
use std::thread;
use std::time::Duration;

use sled::Tree;

use super::Settings;
use super::bodies::BodyIds;
use super::database::Database;
use super::database::Lifetime;
use super::failed;
use super::flush::Flushes;
use super::folder::Folder;
use super::leases::Leases;
use super::locks::KeyLocks;
use crate::config::Durability;
use crate::store::StoreError;

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// Another process, or another store of this one, has the folder.
    #[error("`{}` is in use by {}", folder.display(), in_words(*by))]
    Locked {
        folder: PathBuf,
        /// The id of the process, if it has written it down.
        by: Option<u32>,
    },
    /// The process, or the machine, has as many open files as it may have.
    #[error("too many files are open; `ulimit -n` tells the limit")]
    TooManyFiles(#[source] StoreError),
    /// The data was written by another version of this program.
    #[error("the data has format {found}, and this version reads format {known} only")]
    NoSuchVersion { found: u64, known: u64 },
    #[error("the store cannot be opened")]
    Other(#[source] StoreError),
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        if is_too_many_files(&error) { Self::TooManyFiles(error) } else { Self::Other(error) }
    }
}

/// How often to look again whether a folder has become free. After a store was closed, sled's
/// threads may keep its file for up to a second.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience(u32);

impl Patience {
    pub(super) const FIVE_SECONDS: Self = Self(100);
    #[cfg(test)]
    pub(super) const NONE: Self = Self(0);

    /// Waits a little; or not, if it has come to an end.
    pub(super) fn lasts(&mut self) -> bool {
        let lasts = self.0 > 0;
        if lasts {
            self.0 -= 1;
            thread::sleep(Duration::from_millis(50));
        }
        lasts
    }
}

/// Raised whenever an older version could not read what is written.
pub(super) const FORMAT: u64 = 1;

/// Opens the database, and removes what a crash has left in it.
pub(super) fn open(settings: Settings, patience: Patience) -> Result<Arc<Database>, OpenError> {
    let (folder, lifetime) = match settings.data_dir {
        None => (Folder::temporary()?, Lifetime::Temporary),
        Some(path) => (Folder::kept(path, patience)?, Lifetime::Persistent),
    };
    let sled = open_sled(&folder, lifetime, patience)?;
    check_format(&sled)?;
    let tree = |name: &str| sled.open_tree(name).map_err(failed("open the database"));
    let database = Arc::new(Database {
        buckets: tree("buckets")?,
        versions: tree("versions")?,
        bodies: tree("bodies")?,
        owners: tree("owners")?,
        garbage: tree("garbage")?,
        uploads: tree("uploads")?,
        parts: tree("parts")?,
        known_buckets: RwLock::new(BTreeMap::new()),
        key_locks: KeyLocks::new(),
        leases: Leases::default(),
        flushes: Flushes::default(),
        ids: BodyIds::random().map_err(failed("make a random number"))?,
        lifetime,
        durability: settings.durability,
        spill_above: settings.spill_above.min(SPILL_ABOVE_MAX),
        folder,
        sled,
    });
    database.sweep()?;
    database.load_buckets()?;
    database.sweep_uploads()?;
    if lifetime == Lifetime::Persistent {
        database.flush().map_err(failed("keep what was written"))?;
    }
    if settings.durability == Durability::Power {
        database.folder.sync().map_err(failed("keep what was written"))?;
    }
    Ok(database)
}

/// Longer bodies would cost sled a multiple of their size in memory and on disk.
const SPILL_ABOVE_MAX: u64 = 1024 * 1024;

fn open_sled(
    folder: &Folder,
    lifetime: Lifetime,
    mut patience: Patience,
) -> Result<sled::Db, StoreError> {
    const MIB: u64 = 1024 * 1024;
    let config = sled::Config::new().path(folder.database());
    let config = match lifetime {
        // sled then leaves out what makes data durable, and removes its folder.
        Lifetime::Temporary => config.temporary(true).cache_capacity(16 * MIB).flush_every_ms(None),
        // The timer is a net under our own thread, and collects sled's garbage.
        Lifetime::Persistent => config.cache_capacity(64 * MIB).flush_every_ms(Some(500)),
    };
    loop {
        match config.open() {
            // This is how sled says that it could not get its lock. We have ours already, so it can
            // only be held by a store of this process that has just been closed.
            Err(sled::Error::Io(error))
                if error.kind() == io::ErrorKind::Other
                    && error.raw_os_error().is_none()
                    && patience.lasts() => {}
            result => return result.map_err(failed("open the database")),
        }
    }
}

fn check_format(about: &Tree) -> Result<(), OpenError> {
    match number(about, "format")? {
        Some(FORMAT) => Ok(()),
        Some(found) => Err(OpenError::NoSuchVersion { found, known: FORMAT }),
        None => Ok(set_number(about, "format", FORMAT)?),
    }
}

/// A number that is kept of the whole database.
pub(super) fn number(about: &Tree, name: &str) -> Result<Option<u64>, StoreError> {
    let doing = "read a number of the database";
    let Some(bytes) = about.get(name).map_err(failed(doing))? else { return Ok(None) };
    let bytes = bytes.as_ref().try_into().map_err(failed(doing))?;
    Ok(Some(u64::from_be_bytes(bytes)))
}

pub(super) fn set_number(about: &Tree, name: &str, number: u64) -> Result<(), StoreError> {
    let written = about.insert(name, &number.to_be_bytes());
    written.map_err(failed("write a number of the database"))?;
    Ok(())
}

fn in_words(pid: Option<u32>) -> String {
    match pid {
        Some(pid) => format!("process {pid}"),
        None => "another process".to_owned(),
    }
}

fn is_too_many_files(error: &StoreError) -> bool {
    let mut next: Option<&(dyn Error + 'static)> = Some(&*error.source);
    while let Some(error) = next {
        let io = match error.downcast_ref::<sled::Error>() {
            Some(sled::Error::Io(io)) => Some(io),
            _ => error.downcast_ref::<io::Error>(),
        };
        if io.and_then(io::Error::raw_os_error).is_some_and(|code| TOO_MANY_FILES.contains(&code)) {
            return true;
        }
        next = error.source();
    }
    false
}

/// `ENFILE` and `EMFILE` on Linux, macOS and the BSDs.
#[cfg(unix)]
const TOO_MANY_FILES: [i32; 2] = [23, 24];
/// `ERROR_TOO_MANY_OPEN_FILES`.
#[cfg(not(unix))]
const TOO_MANY_FILES: [i32; 1] = [4];
