//! Locks for the moment in which a key's record is looked at and replaced.

use std::hash::BuildHasher;
use std::hash::RandomState;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

/// One lock for each share of the keys.
#[derive(Debug)]
pub(super) struct KeyLocks {
    stripes: [Mutex<()>; STRIPES],
    hasher: RandomState,
}

const STRIPES: usize = 64;

impl KeyLocks {
    pub(super) fn new() -> Self {
        Self { stripes: std::array::from_fn(|_| Mutex::new(())), hasher: RandomState::new() }
    }

    /// Waits until nobody else changes what has this name.
    pub(super) fn lock(&self, name: &[u8]) -> MutexGuard<'_, ()> {
        let [byte, ..] = self.hasher.hash_one(name).to_le_bytes();
        // A lock guards no data, so a panic leaves nothing half done.
        self.stripes[usize::from(byte) % STRIPES].lock().unwrap_or_else(PoisonError::into_inner)
    }
}
