//! Bodies on their way in: kept in memory until they are long enough for a file.

use std::any::Any;
use std::fmt;
use std::fs::File;
use std::io::Write;
use std::mem;
use std::sync::Arc;

use super::bodies;
use super::bodies::Unowned;
use super::database::Database;
use super::failed;
use crate::store::BodyWriter;
use crate::store::KeptBody;
use crate::store::StoreError;

/// Up to this size a body is in the object's record.
const INLINE_BYTES_MAX: u64 = 1024;

/// A body that is being written.
pub(super) struct Writer {
    database: Arc<Database>,
    so_far: SoFar,
}

enum SoFar {
    Memory(Vec<u8>),
    File { unowned: Unowned, file: File, size: u64 },
}

impl Writer {
    pub(super) fn new(database: Arc<Database>) -> Self {
        Self { database, so_far: SoFar::Memory(Vec::new()) }
    }
}

impl BodyWriter for Writer {
    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        if let SoFar::Memory(so_far) = &mut self.so_far {
            if (so_far.len() + bytes.len()) as u64 <= self.database.spill_above {
                so_far.extend_from_slice(bytes);
                return Ok(());
            }
            let so_far = mem::take(so_far);
            let (unowned, file) = Unowned::file(&self.database)?;
            self.so_far = SoFar::File { unowned, file, size: 0 };
            self.write(&so_far)?;
        }
        if let SoFar::File { file, size, .. } = &mut self.so_far {
            file.write_all(bytes).map_err(failed("write a body"))?;
            *size += bytes.len() as u64;
        }
        Ok(())
    }

    fn blocks(&self, more: usize) -> bool {
        match &self.so_far {
            SoFar::Memory(so_far) => (so_far.len() + more) as u64 > self.database.spill_above,
            SoFar::File { .. } => true,
        }
    }

    fn finish(self: Box<Self>) -> Result<Box<dyn KeptBody>, StoreError> {
        let Self { database, so_far } = *self;
        Ok(Box::new(match so_far {
            SoFar::Memory(bytes) if bytes.len() as u64 <= INLINE_BYTES_MAX => Kept::Inline(bytes),
            SoFar::Memory(bytes) => Kept::Apart {
                unowned: Unowned::pieces(&database, database.ids.next(), &bytes)?,
                size: bytes.len() as u64,
            },
            SoFar::File { unowned, file, size } => {
                bodies::finish_file(&database, &file)?;
                Kept::Apart { unowned, size }
            }
        }))
    }
}

/// A whole body that no key names yet.
pub(super) enum Kept {
    Inline(Vec<u8>),
    Apart { unowned: Unowned, size: u64 },
}

impl Kept {
    /// Takes the store's own type out again.
    pub(super) fn of(
        database: &Arc<Database>,
        body: Box<dyn KeptBody>,
    ) -> Result<Self, StoreError> {
        let elsewhere = || failed("keep a body")("it was kept by another store");
        let body = body.into_any().downcast::<Self>().map_err(|_| elsewhere())?;
        match &*body {
            Self::Apart { unowned, .. } if !unowned.is_in(database) => Err(elsewhere()),
            _ => Ok(*body),
        }
    }
}

impl KeptBody for Kept {
    fn size(&self) -> u64 {
        match self {
            Self::Inline(bytes) => bytes.len() as u64,
            Self::Apart { size, .. } => *size,
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kept({} bytes)", self.size())
    }
}
