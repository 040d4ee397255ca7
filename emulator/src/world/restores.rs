//! `Restores`: the copies of archived objects that somebody waits for, and what is told of them by
//! the emulator's clock.
//!
//! As with lifecycle rules, the first look at the bucket after the time has come tells. What was
//! waited for when the process ended is not told.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use stuntbucket_signer::Timestamp;

use super::World;
use crate::events::Happening;
use crate::events::Origin;
use crate::events::Requester;
use crate::events::What;
use crate::names::VersionId;
use crate::store::Bucket;
use crate::store::StoreError;
use crate::store::Which;

/// The copies that will come or end, by the id of their bucket.
#[derive(Debug, Default)]
pub(crate) struct Restores(Mutex<HashMap<u64, Vec<Awaited>>>);

/// What is expected of a copy.
#[derive(Clone, Debug)]
struct Awaited {
    key: String,
    version: VersionId,
    turn: Turn,
    at: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Comes,
    Ends,
}

impl Restores {
    /// Expects the copy of an archived object at this time.
    pub(crate) fn expect_copy(&self, bucket_id: u64, key: &str, version: VersionId, at: Timestamp) {
        self.expect(bucket_id, Awaited { key: key.to_owned(), version, turn: Turn::Comes, at });
    }

    fn expect(&self, bucket_id: u64, awaited: Awaited) {
        self.all().entry(bucket_id).or_default().push(awaited);
    }

    /// Whether there is something to tell of the bucket.
    pub(super) fn is_due(&self, bucket: &Bucket, now: Timestamp) -> bool {
        self.all().get(&bucket.id).is_some_and(|all| all.iter().any(|it| it.at <= now))
    }

    fn take_due(&self, bucket: &Bucket, now: Timestamp) -> Vec<Awaited> {
        let mut all = self.all();
        let Some(of_bucket) = all.get_mut(&bucket.id) else { return Vec::new() };
        let mut due: Vec<_> = of_bucket.extract_if(.., |awaited| awaited.at <= now).collect();
        if of_bucket.is_empty() {
            all.remove(&bucket.id);
        }
        due.sort_by_key(|awaited| awaited.at.unix());
        due
    }

    /// Tells what has come, and what has ended.
    pub(super) fn tell(&self, world: &World, bucket: &Bucket) -> Result<(), StoreError> {
        let now = world.clock.now();
        loop {
            let due = self.take_due(bucket, now);
            if due.is_empty() {
                return Ok(());
            }
            for awaited in due {
                self.tell_one(world, bucket, awaited)?;
            }
        }
    }

    fn tell_one(&self, world: &World, bucket: &Bucket, awaited: Awaited) -> Result<(), StoreError> {
        let Awaited { key, version, turn, at } = &awaited;
        let found = world.store.version(bucket, key, Which::Version(*version))?;
        // It may have been replaced or removed.
        let Some((object, restored)) = found.and_then(|it| it.restored.map(|copy| (it, copy)))
        else {
            return Ok(());
        };
        let what = match turn {
            // Asked for again in a faster tier, it came sooner.
            Turn::Comes if restored.ready < *at => return Ok(()),
            Turn::Comes => What::RestoreCompleted,
            // Asked for again, it stays longer.
            Turn::Ends if *at < restored.ends => {
                self.expect(bucket.id, Awaited { at: restored.ends, ..awaited });
                return Ok(());
            }
            Turn::Ends => What::RestoreDelete,
        };
        let happening = Happening::new(what, key).of(&object).at_version(*version);
        let happening = happening.restored(&object.storage_class, restored.ends);
        // Recorded by LocalStack: `test_restore_object`.
        let principal = format!("AmazonCustomer:{}", bucket.account);
        let by = Requester { principal, ..Requester::s3() };
        let origin = Origin { by, ids: world.ids.next() };
        world.events.tell(*at, bucket, &happening, &origin);
        if what == What::RestoreCompleted {
            self.expect(bucket.id, Awaited { turn: Turn::Ends, at: restored.ends, ..awaited });
        }
        Ok(())
    }

    // Every change leaves the map whole.
    fn all(&self) -> MutexGuard<'_, HashMap<u64, Vec<Awaited>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
