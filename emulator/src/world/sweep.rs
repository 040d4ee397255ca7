//! `Sweeper`: lets lifecycle rules have their way, by the emulator's clock.
//!
//! S3 looks at a bucket once a day, at midnight UTC, and so does this: the first look of a day, over
//! the wire or through the embedding API, finds gone what had to go. Nothing runs in the background,
//! so a stopped clock changes nothing.

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
use crate::names::DAY_SECONDS;
use crate::names::Fate;
use crate::names::Lifecycle;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Removed;
use crate::store::StoreError;
use crate::store::Which;

/// Remembers which buckets were looked at on which day.
#[derive(Debug, Default)]
pub(crate) struct Sweeper {
    /// By the bucket's id; with the rules of that look, because other rules want another.
    looks: Mutex<HashMap<u64, (i64, Lifecycle)>>,
    /// Held while one sweeps; the others wait until nothing is left that must not be seen.
    at_work: Mutex<()>,
}

impl Sweeper {
    /// Whether the bucket must be looked at before anything is told of it.
    pub(crate) fn is_due(&self, bucket: &Bucket, now: Timestamp) -> bool {
        let Some(rules) = &bucket.settings.lifecycle else { return false };
        let looks = self.looks();
        let last = looks.get(&bucket.id);
        last.is_none_or(|(on, by)| *on != day(now) || by != rules)
    }

    /// Takes what has to go. Reads all of the bucket, and so must not run on an async worker.
    pub(crate) fn sweep(&self, world: &World, bucket: &Bucket) -> Result<(), StoreError> {
        let _alone = self.at_work.lock().unwrap_or_else(PoisonError::into_inner);
        let now = world.clock.now();
        let Some(lifecycle) = bucket.settings.lifecycle.as_ref() else { return Ok(()) };
        if !self.is_due(bucket, now) {
            return Ok(());
        }
        let store = &world.store;
        // Everything that lifecycle takes is taken here. An object is changed only if it is still
        // the one that was judged.
        for found in store.objects(bucket, &From::At(String::new())) {
            let (key, object) = found?;
            match lifecycle.fate(&object.subject(&key), now) {
                Fate::Stays => {}
                Fate::Ends => {
                    let expect = Expect::Etag(object.etag.clone());
                    let marker = Object::delete_marker(bucket.owner.clone(), now);
                    let what = match store.remove(bucket, &key, marker, &expect)? {
                        Ok(Removed::ForGood) => What::ExpirationDelete,
                        Ok(Removed::Marked(_)) => What::ExpirationMarkerCreated,
                        // Somebody else was quicker.
                        Err(_) => continue,
                    };
                    tell(world, bucket, &Happening::new(what, &key));
                }
                Fate::Moves(class) => {
                    let moved =
                        store.change_object(bucket, &key, Which::Current, &mut |current| {
                            if current.etag == object.etag {
                                current.storage_class.clone_from(&class);
                            }
                        })?;
                    if moved == Outcome::Done {
                        let what = Happening::new(What::Transition, &key).of(&object);
                        tell(world, bucket, &what);
                    }
                }
            }
        }
        self.looks().insert(bucket.id, (day(now), lifecycle.clone()));
        Ok(())
    }

    // Every change is one insert.
    fn looks(&self) -> MutexGuard<'_, HashMap<u64, (i64, Lifecycle)>> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell(world: &World, bucket: &Bucket, what: &Happening) {
    let origin = Origin { by: Requester::s3(), ids: world.ids.next() };
    world.events.tell(world.clock.now(), bucket, what, &origin);
}

fn day(time: Timestamp) -> i64 {
    time.unix().div_euclid(DAY_SECONDS)
}
