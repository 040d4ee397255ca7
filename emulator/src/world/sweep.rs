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
use crate::names::Bypass;
use crate::names::DAY_SECONDS;
use crate::names::Fate;
use crate::names::Lifecycle;
use crate::names::Past;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::FromVersion;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Removed;
use crate::store::StoreError;
use crate::store::Version;
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
        let sweep = Sweep { world, bucket, lifecycle, now };
        sweep.versions()?;
        sweep.uploads()?;
        self.looks().insert(bucket.id, (day(now), lifecycle.clone()));
        Ok(())
    }

    // Every change is one insert.
    fn looks(&self) -> MutexGuard<'_, HashMap<u64, (i64, Lifecycle)>> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One look at a bucket. What was changed since it was judged stays.
#[derive(Clone, Copy)]
struct Sweep<'a> {
    world: &'a World,
    bucket: &'a Bucket,
    lifecycle: &'a Lifecycle,
    now: Timestamp,
}

/// What a walk over the versions of a key, newest first, remembers of it.
struct Walk {
    key: String,
    /// When the version before was written.
    successor: Timestamp,
    noncurrent: u32,
    /// Whether older versions stay.
    keeps_some: bool,
    /// The current version, if it is a delete marker.
    marker: Option<Object>,
}

impl Sweep<'_> {
    fn versions(self) -> Result<(), StoreError> {
        let mut walk: Option<Walk> = None;
        for found in
            self.world.store.versions(self.bucket, &FromVersion::Key(From::At(String::new())))
        {
            let (key, Version { object, .. }) = found?;
            match &mut walk {
                Some(walk) if walk.key == key => {
                    let past = Past { since: walk.successor, newer: walk.noncurrent };
                    walk.successor = object.modified;
                    walk.noncurrent += 1;
                    walk.keeps_some |= !self.noncurrent(&key, &object, past)?;
                }
                walk => {
                    if let Some(last) = walk.take() {
                        self.end_of_key(&last)?;
                    }
                    let successor = object.modified;
                    let marker = if object.is_delete_marker {
                        Some(object)
                    } else {
                        self.current(&key, &object)?;
                        None
                    };
                    let fresh = Walk { key, successor, noncurrent: 0, keeps_some: false, marker };
                    *walk = Some(fresh);
                }
            }
        }
        walk.map_or(Ok(()), |last| self.end_of_key(&last))
    }

    fn current(self, key: &str, object: &Object) -> Result<(), StoreError> {
        match self.lifecycle.fate(&object.subject(key), self.now) {
            Fate::Stays => {}
            Fate::Ends => {
                let expect = Expect::Etag(object.etag.clone());
                let marker = Object::delete_marker(self.bucket.owner.clone(), self.now);
                match self.world.store.remove(self.bucket, key, marker, &expect)? {
                    Ok(Removed::ForGood) => self.tell(&Happening::new(What::ExpirationDelete, key)),
                    Ok(Removed::Marked(version)) => {
                        let what = Happening::new(What::ExpirationMarkerCreated, key);
                        self.tell(&what.at_version(version));
                    }
                    // Somebody else was quicker.
                    Err(_) => {}
                }
            }
            Fate::Moves(class) => self.transition(key, Which::Current, object, &class)?,
        }
        Ok(())
    }

    /// Whether the version is gone now.
    fn noncurrent(self, key: &str, object: &Object, past: Past) -> Result<bool, StoreError> {
        match self.lifecycle.fate_of_noncurrent(&object.subject(key), past, self.now) {
            Fate::Stays => Ok(false),
            Fate::Ends => self.remove(key, object),
            Fate::Moves(class) => {
                if !object.is_delete_marker {
                    self.transition(key, Which::Version(object.version), object, &class)?;
                }
                Ok(false)
            }
        }
    }

    fn end_of_key(self, walk: &Walk) -> Result<(), StoreError> {
        let Some(marker) = walk.marker.as_ref().filter(|_| !walk.keeps_some) else { return Ok(()) };
        if self.lifecycle.ends_lone_marker(&marker.subject(&walk.key), self.now) {
            self.remove(&walk.key, marker)?;
        }
        Ok(())
    }

    /// Removes a version for good, unless a lock holds it.
    fn remove(self, key: &str, object: &Object) -> Result<bool, StoreError> {
        let mut may_go = |found: &Object| found.lock.held_by(self.now, Bypass::Nothing).is_none();
        let removed =
            self.world.store.remove_version(self.bucket, key, object.version, &mut may_go)?;
        if removed.is_ok() {
            let what = Happening::new(What::ExpirationDelete, key);
            self.tell(&what.at_version(object.version));
        }
        Ok(removed.is_ok())
    }

    fn transition(
        self,
        key: &str,
        which: Which,
        object: &Object,
        class: &str,
    ) -> Result<(), StoreError> {
        let moved = self.world.store.change_object(self.bucket, key, which, &mut |found| {
            if found.etag == object.etag {
                class.clone_into(&mut found.storage_class);
            }
        })?;
        if moved == Outcome::Done {
            let happening = Happening::new(What::Transition, key).of(object).in_class(class);
            self.tell(&happening.at_version(object.version));
        }
        Ok(())
    }

    fn uploads(self) -> Result<(), StoreError> {
        let store = &self.world.store;
        for found in store.uploads(self.bucket, &From::At(String::new()), None) {
            let (key, id, upload) = found?;
            let end = self.lifecycle.abort(&key, upload.initiated);
            if end.is_some_and(|(at, _)| at <= self.now) {
                // One that ended meanwhile is as good.
                let _ended = store.end_upload(self.bucket, &key, &id)?;
            }
        }
        Ok(())
    }

    fn tell(self, what: &Happening) {
        let origin = Origin { by: Requester::s3(), ids: self.world.ids.next() };
        self.world.events.tell(self.now, self.bucket, what, &origin);
    }
}

fn day(time: Timestamp) -> i64 {
    time.unix().div_euclid(DAY_SECONDS)
}
