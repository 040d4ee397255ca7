//! The folder of a store, and who has it.
//!
//! ```text
//! lock       locked by the process that has the folder
//! pid        names that process
//! db/        sled's
//! bodies/    a file for each long body
//! ```

use std::fs;
use std::fs::File;
use std::fs::TryLockError;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::process;

use tempfile::TempDir;

use super::bodies::BodyId;
use super::failed;
use super::open::OpenError;
use super::open::Patience;

/// A folder that this process has. One that is temporary is removed when the value is dropped.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Temporary { _removes: TempDir },
    Kept { _lock: File },
}

impl Folder {
    /// A new folder among the system's temporary ones.
    pub(super) fn temporary() -> Result<Self, OpenError> {
        let make = || {
            let folder = tempfile::Builder::new().prefix("stuntbucket-").tempdir()?;
            fs::create_dir(folder.path().join("bodies"))?;
            Ok::<_, io::Error>(folder)
        };
        let folder = make().map_err(failed("make a temporary folder"))?;
        let path = folder.path().to_owned();
        Ok(Self { path, kind: Kind::Temporary { _removes: folder } })
    }

    /// The folder at `path`, which is made if it is not there.
    pub(super) fn kept(path: PathBuf, mut patience: Patience) -> Result<Self, OpenError> {
        fs::create_dir_all(path.join("bodies")).map_err(failed("make the folder for data"))?;
        let lock = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path.join("lock"))
            .map_err(failed("open the lock of the folder for data"))?;
        loop {
            match lock.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if patience.lasts() => {}
                Err(TryLockError::WouldBlock) => {
                    let by = holder(&path);
                    return Err(OpenError::Locked { folder: path, by });
                }
                Err(TryLockError::Error(error)) => {
                    return Err(failed("lock the folder for data")(error).into());
                }
            }
        }
        fs::write(path.join("pid"), format!("{}\n", process::id()))
            .map_err(failed("write who has the folder for data"))?;
        let folder = Self { path, kind: Kind::Kept { _lock: lock } };
        folder.remove_half_snapshots().map_err(failed("remove a half-written snapshot"))?;
        Ok(folder)
    }

    /// Where sled's files are.
    pub(super) fn database(&self) -> PathBuf {
        self.path.join("db")
    }

    /// sled's log.
    pub(super) fn log(&self) -> PathBuf {
        self.path.join("db").join("db")
    }

    /// Where the files of bodies are.
    pub(super) fn bodies(&self) -> PathBuf {
        self.path.join("bodies")
    }

    /// The file of a body.
    pub(super) fn body(&self, id: BodyId) -> PathBuf {
        self.bodies().join(id.file_name())
    }

    /// Writes the names of all body files to the disk itself.
    pub(super) fn sync_bodies(&self) -> io::Result<()> {
        sync_names_in(&self.bodies())
    }

    /// The same for everything that an opening may have made.
    pub(super) fn sync(&self) -> io::Result<()> {
        sync_names_in(&self.path)?;
        sync_names_in(&self.database())?;
        self.sync_bodies()
    }

    /// Removes a temporary folder before its time. One that is kept stays.
    pub(super) fn remove_if_temporary(&self) -> io::Result<()> {
        match self.kind {
            Kind::Kept { .. } => Ok(()),
            Kind::Temporary { .. } => match fs::remove_dir_all(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        }
    }

    /// A process that was killed while it opened the database leaves such a file, which sled takes
    /// for a whole one: <https://github.com/spacejam/sled/issues/1527>.
    fn remove_half_snapshots(&self) -> io::Result<()> {
        let files = match fs::read_dir(self.database()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            files => files?,
        };
        for file in files {
            let file = file?;
            let name = file.file_name();
            let name = name.as_encoded_bytes();
            if name.starts_with(b"snap.") && name.ends_with(b".generating") {
                fs::remove_file(file.path())?;
            }
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Kind::Kept { .. } = self.kind {
            // Whoever finds the file and no lock knows that nobody has the folder.
            let _ = fs::remove_file(self.path.join("pid"));
        }
    }
}

fn sync_names_in(folder: &Path) -> io::Result<()> {
    // Windows has no such thing for a folder.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The process that has the folder, if it says so.
fn holder(path: &Path) -> Option<u32> {
    fs::read_to_string(path.join("pid")).ok()?.trim().parse().ok()
}
