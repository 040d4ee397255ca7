//! A store that is as simple as can be, to hold the real one against.

mod memory;
mod state;

use std::fmt;
use std::future;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;

use self::memory::Memory;
use self::state::Keys;
use self::state::Parts;
use self::state::State;
use self::state::find;
use self::state::name_of;
use crate::names::VersionId;
use crate::store::BodyWriter;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::FromVersion;
use crate::store::KeptBody;
use crate::store::Object;
use crate::store::Objects;
use crate::store::Opened;
use crate::store::Outcome;
use crate::store::Part;
use crate::store::Removed;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::StoredBody;
use crate::store::Upload;
use crate::store::Uploads;
use crate::store::Version;
use crate::store::Versions;
use crate::store::Which;

/// Everything in memory behind one lock.
#[derive(Default)]
pub(super) struct ModelStore(Mutex<State>);

impl ModelStore {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl Store for ModelStore {
    fn buckets(&self) -> Result<Vec<Bucket>, StoreError> {
        Ok(self.state().buckets.values().map(|(bucket, _)| bucket.clone()).collect())
    }

    fn bucket(&self, name: &str) -> Result<Option<Arc<Bucket>>, StoreError> {
        Ok(self.state().buckets.get(name).map(|(bucket, _)| Arc::new(bucket.clone())))
    }

    fn add_bucket(&self, mut bucket: Bucket) -> Result<Outcome, StoreError> {
        let mut state = self.state();
        if state.buckets.contains_key(&bucket.name) {
            return Ok(Outcome::Exists);
        }
        state.last_id += 1;
        bucket.id = state.last_id;
        state.buckets.insert(bucket.name.clone(), (bucket, Keys::new()));
        Ok(Outcome::Done)
    }

    fn change_bucket(
        &self,
        name: &str,
        change: &mut dyn FnMut(&mut Bucket),
    ) -> Result<Outcome, StoreError> {
        match self.state().buckets.get_mut(name) {
            None => Ok(Outcome::NoBucket),
            Some((bucket, _)) => {
                let (id, name) = (bucket.id, bucket.name.clone());
                change(bucket);
                (bucket.id, bucket.name) = (id, name);
                Ok(Outcome::Done)
            }
        }
    }

    fn remove_bucket(&self, name: &str) -> Result<Outcome, StoreError> {
        let mut state = self.state();
        match state.buckets.get(name) {
            None => Ok(Outcome::NoBucket),
            Some((_, keys)) if !keys.is_empty() => Ok(Outcome::NotEmpty),
            Some((bucket, _)) => {
                let id = bucket.id;
                state.buckets.remove(name);
                state.uploads.retain(|(bucket_id, ..), _| *bucket_id != id);
                Ok(Outcome::Done)
            }
        }
    }

    fn begin_body(&self) -> Result<Box<dyn BodyWriter>, StoreError> {
        Ok(Box::new(Memory(Vec::new(), Vec::new())))
    }

    fn publish(
        &self,
        bucket: &Bucket,
        key: &str,
        object: Object,
        body: Box<dyn KeptBody>,
        expect: &Expect,
    ) -> Result<Result<VersionId, Outcome>, StoreError> {
        let bytes: Memory = *body.into_any().downcast().unwrap();
        Ok(self.state().publish(bucket, key, object, bytes, expect))
    }

    fn version(
        &self,
        bucket: &Bucket,
        key: &str,
        which: Which,
    ) -> Result<Option<Object>, StoreError> {
        let found = self.open_version(bucket, key, which)?;
        Ok(found.map(|(object, _)| object))
    }

    fn open_version(
        &self,
        bucket: &Bucket,
        key: &str,
        which: Which,
    ) -> Result<Option<Opened>, StoreError> {
        let mut state = self.state();
        let Some(versions) = state.keys(bucket).and_then(|keys| keys.get(key)) else {
            return Ok(None);
        };
        Ok(find(versions, which).map(|at| {
            let (object, bytes) = versions[at].clone();
            let body: Arc<dyn StoredBody> = Arc::new(bytes);
            (object, body)
        }))
    }

    fn change_object(
        &self,
        bucket: &Bucket,
        key: &str,
        which: Which,
        change: &mut dyn FnMut(&mut Object),
    ) -> Result<Outcome, StoreError> {
        let changed = self.state().in_key(bucket, key, |key| {
            let Some(at) = find(key.versions, which) else { return Outcome::NoKey };
            let object = &mut key.versions[at].0;
            if object.is_delete_marker {
                return Outcome::NoKey;
            }
            let (size, version) = (object.size, object.version);
            change(object);
            (object.size, object.version, object.is_delete_marker) = (size, version, false);
            Outcome::Done
        });
        Ok(changed.unwrap_or(Outcome::NoBucket))
    }

    fn remove(
        &self,
        bucket: &Bucket,
        key: &str,
        marker: Object,
        expect: &Expect,
    ) -> Result<Result<Removed, Outcome>, StoreError> {
        let removed = self.state().in_key(bucket, key, |key| match key.unmet(expect) {
            Some(outcome) => Err(outcome),
            None if key.versioning.is_some() => {
                Ok(Removed::Marked(key.place(marker, Memory(Vec::new(), Vec::new()))))
            }
            None if key.versions.is_empty() => Err(Outcome::NoKey),
            None => {
                key.versions.clear();
                Ok(Removed::ForGood)
            }
        });
        Ok(removed.unwrap_or(Err(Outcome::NoBucket)))
    }

    fn remove_version(
        &self,
        bucket: &Bucket,
        key: &str,
        version: VersionId,
        may_go: &mut dyn FnMut(&Object) -> bool,
    ) -> Result<Result<Object, Outcome>, StoreError> {
        let removed = self.state().in_key(bucket, key, |key| {
            match find(key.versions, Which::Version(version)) {
                None => Err(Outcome::NoKey),
                Some(at) if !may_go(&key.versions[at].0) => Err(Outcome::ExpectationFailed),
                Some(at) => Ok(key.versions.remove(at).0),
            }
        });
        Ok(removed.unwrap_or(Err(Outcome::NoBucket)))
    }

    fn objects<'a>(&'a self, bucket: &Bucket, from: &From) -> Objects<'a> {
        let all = self.versions(bucket, &FromVersion::Key(from.clone())).map(Result::unwrap);
        let current =
            all.filter(|(_, version)| version.is_latest && !version.object.is_delete_marker);
        Box::new(current.map(|(key, version)| Ok((key, version.object))))
    }

    fn versions<'a>(&'a self, bucket: &Bucket, from: &FromVersion) -> Versions<'a> {
        let mut state = self.state();
        let keys = state.keys(bucket).cloned().unwrap_or_default();
        let from = from.clone();
        let is_in = move |key: &str, at: usize, versions: &[(Object, Memory)]| match &from {
            FromVersion::Key(From::At(start)) => key >= start.as_str(),
            FromVersion::Key(From::AfterPrefix(prefix)) => {
                key > prefix.as_str() && !key.starts_with(prefix.as_str())
            }
            FromVersion::After(mark, version) if key == mark => {
                find(versions, Which::Version(*version)).is_none_or(|mark| at > mark)
            }
            FromVersion::Key(From::After(mark)) | FromVersion::After(mark, _) => {
                key > mark.as_str()
            }
        };
        let mut all = Vec::new();
        for (key, versions) in keys {
            for (at, (object, _)) in versions.iter().enumerate() {
                if is_in(&key, at, &versions) {
                    let version = Version { object: object.clone(), is_latest: at == 0 };
                    all.push(Ok((key.clone(), version)));
                }
            }
        }
        Box::new(all.into_iter())
    }

    fn settled(&self) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>> {
        Box::pin(future::ready(Ok(())))
    }

    fn close(&self) {}

    fn begin_upload(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        mut upload: Upload,
    ) -> Result<Outcome, StoreError> {
        let mut state = self.state();
        if state.keys(bucket).is_none() {
            return Ok(Outcome::NoBucket);
        }
        upload.found = state.stamp(bucket, key);
        state.uploads.insert(name_of(bucket, key, id), (upload, Parts::new()));
        Ok(Outcome::Done)
    }

    fn upload(&self, bucket: &Bucket, key: &str, id: &str) -> Result<Option<Upload>, StoreError> {
        let state = self.state();
        Ok(state.uploads.get(&name_of(bucket, key, id)).map(|(upload, _)| upload.clone()))
    }

    fn uploads<'a>(&'a self, bucket: &Bucket, from: &From, after_id: Option<&str>) -> Uploads<'a> {
        let is_in = |key: &str, id: &str| match from {
            From::At(start) => key >= start.as_str(),
            From::After(mark) => {
                key > mark.as_str() || key == mark && after_id.is_some_and(|after| id > after)
            }
            From::AfterPrefix(prefix) => key > prefix.as_str() && !key.starts_with(prefix.as_str()),
        };
        let state = self.state();
        let uploads = state.uploads.iter().filter(|((id, ..), _)| *id == bucket.id);
        let uploads: Vec<_> = uploads
            .filter(|((_, key, id), _)| is_in(key, id))
            .map(|((_, key, id), (upload, _))| Ok((key.clone(), id.clone(), upload.clone())))
            .collect();
        Box::new(uploads.into_iter())
    }

    fn put_part(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        part: Part,
        body: Box<dyn KeptBody>,
    ) -> Result<Outcome, StoreError> {
        let Memory(bytes, _) = *body.into_any().downcast().unwrap();
        let mut state = self.state();
        if state.keys(bucket).is_none() {
            return Ok(Outcome::NoBucket);
        }
        let Some((_, parts)) = state.uploads.get_mut(&name_of(bucket, key, id)) else {
            return Ok(Outcome::NoUpload);
        };
        parts.insert(part.number, (part, bytes));
        Ok(Outcome::Done)
    }

    fn parts(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        after: u32,
        count_max: usize,
    ) -> Result<Option<Vec<Part>>, StoreError> {
        let state = self.state();
        let found = state.uploads.get(&name_of(bucket, key, id));
        Ok(found.map(|(_, parts)| {
            let parts = parts.iter().filter(|(number, _)| **number > after);
            parts.take(count_max).map(|(_, (part, _))| part.clone()).collect()
        }))
    }

    fn complete_upload(
        &self,
        bucket: &Bucket,
        key: &str,
        id: &str,
        parts: &[Part],
        object: Object,
        expect: &Expect,
    ) -> Result<Result<VersionId, Outcome>, StoreError> {
        let mut state = self.state();
        let name = name_of(bucket, key, id);
        let Some((_, known)) = state.uploads.get(&name) else {
            return Ok(Err(Outcome::NoUpload));
        };
        let mut whole = Memory(Vec::new(), parts.to_vec());
        for wanted in parts {
            match known.get(&wanted.number) {
                Some((part, bytes)) if part == wanted => whole.0.extend_from_slice(bytes),
                _ => return Ok(Err(Outcome::NoPart)),
            }
        }
        let placed = state.publish(bucket, key, object, whole, expect);
        if placed.is_ok() {
            state.uploads.remove(&name);
        }
        Ok(placed)
    }

    fn end_upload(&self, bucket: &Bucket, key: &str, id: &str) -> Result<Outcome, StoreError> {
        let ended = self.state().uploads.remove(&name_of(bucket, key, id));
        Ok(if ended.is_some() { Outcome::Done } else { Outcome::NoUpload })
    }
}

impl fmt::Debug for ModelStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ModelStore")
    }
}
