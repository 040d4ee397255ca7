//! Who reads which body: one that is read is not removed.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use super::bodies::Body;
use super::bodies::BodyId;
use super::database::Database;

/// The bodies that are read.
#[derive(Debug, Default)]
pub(super) struct Leases(Mutex<HashMap<BodyId, Readers>>);

#[derive(Debug, Default)]
struct Readers {
    count: usize,
    /// Set when no record owns the body any more, and the last reader shall remove it.
    left_over: Option<Body>,
}

/// Keeps a body's bytes while it lives.
///
/// A lease that was taken before the record was seen to name the body keeps all of it: bytes are
/// removed after the record has stopped to name them, and then the lease is found.
#[derive(Debug)]
pub(super) struct Lease {
    database: Arc<Database>,
    id: BodyId,
}

/// Whether somebody reads a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    ByNobody,
    /// The last reader will remove it.
    BySomebody,
}

impl Leases {
    /// Asks the readers of a body that no record owns to remove it.
    pub(super) fn hand_over(&self, body: Body) -> Read {
        match self.lock().get_mut(&body.id) {
            Some(readers) => {
                readers.left_over = Some(body);
                Read::BySomebody
            }
            None => Read::ByNobody,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<BodyId, Readers>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lease {
    pub(super) fn new(database: &Arc<Database>, id: BodyId) -> Self {
        database.leases.lock().entry(id).or_default().count += 1;
        Self { database: Arc::clone(database), id }
    }

    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    pub(super) fn id(&self) -> BodyId {
        self.id
    }

    /// Takes this reader out, and the body that it was the last to read, if that is left over.
    fn end(&self) -> Option<Body> {
        let mut leases = self.database.leases.lock();
        let readers = leases.get_mut(&self.id)?;
        readers.count -= 1;
        if readers.count > 0 {
            return None;
        }
        leases.remove(&self.id)?.left_over
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(body) = self.end() {
            self.database.destroy_or_warn(body);
        }
    }
}
