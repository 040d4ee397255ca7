//! A store that is as simple as can be, to hold the real one against.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::future;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;

use bytes::Bytes;

use crate::store::BodyWriter;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::KeptBody;
use crate::store::Object;
use crate::store::Objects;
use crate::store::Opened;
use crate::store::Outcome;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::StoredBody;

/// Everything in memory behind one lock.
#[derive(Default)]
pub(super) struct ModelStore(Mutex<State>);

#[derive(Default)]
struct State {
    last_id: u64,
    buckets: BTreeMap<String, (Bucket, Keys)>,
}

type Keys = BTreeMap<String, (Object, Vec<u8>)>;

struct Memory(Vec<u8>);

impl ModelStore {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    /// What is in a bucket, if it is still the same.
    fn keys(&mut self, bucket: &Bucket) -> Option<&mut Keys> {
        let (found, keys) = self.buckets.get_mut(&bucket.name)?;
        (found.id == bucket.id).then_some(keys)
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
            Some(_) => {
                state.buckets.remove(name);
                Ok(Outcome::Done)
            }
        }
    }

    fn begin_body(&self) -> Result<Box<dyn BodyWriter>, StoreError> {
        Ok(Box::new(Memory(Vec::new())))
    }

    fn publish(
        &self,
        bucket: &Bucket,
        key: &str,
        object: Object,
        body: Box<dyn KeptBody>,
        expect: &Expect,
    ) -> Result<Outcome, StoreError> {
        let Memory(bytes) = *body.into_any().downcast().unwrap();
        let mut state = self.state();
        let Some(keys) = state.keys(bucket) else { return Ok(Outcome::NoBucket) };
        match (expect, keys.get(key)) {
            (Expect::Etag(_), None) => return Ok(Outcome::NoKey),
            (Expect::Absent, Some(_)) => return Ok(Outcome::ExpectationFailed),
            (Expect::Etag(etag), Some((current, _))) if current.etag != *etag => {
                return Ok(Outcome::ExpectationFailed);
            }
            _ => {}
        }
        keys.insert(key.to_owned(), (object, bytes));
        Ok(Outcome::Done)
    }

    fn object(&self, bucket: &Bucket, key: &str) -> Result<Option<Object>, StoreError> {
        let mut state = self.state();
        let found = state.keys(bucket).and_then(|keys| keys.get(key));
        Ok(found.map(|(object, _)| object.clone()))
    }

    fn open(&self, bucket: &Bucket, key: &str) -> Result<Option<Opened>, StoreError> {
        let mut state = self.state();
        let found = state.keys(bucket).and_then(|keys| keys.get(key)).cloned();
        Ok(found.map(|(object, bytes)| {
            let body: Arc<dyn StoredBody> = Arc::new(Memory(bytes));
            (object, body)
        }))
    }

    fn change_object(
        &self,
        bucket: &Bucket,
        key: &str,
        change: &mut dyn FnMut(&mut Object),
    ) -> Result<Outcome, StoreError> {
        let mut state = self.state();
        let Some(keys) = state.keys(bucket) else { return Ok(Outcome::NoBucket) };
        let Some((object, _)) = keys.get_mut(key) else { return Ok(Outcome::NoKey) };
        let size = object.size;
        change(object);
        object.size = size;
        Ok(Outcome::Done)
    }

    fn remove(&self, bucket: &Bucket, key: &str, expect: &Expect) -> Result<Outcome, StoreError> {
        let mut state = self.state();
        let Some(keys) = state.keys(bucket) else { return Ok(Outcome::NoBucket) };
        let Some((current, _)) = keys.get(key) else { return Ok(Outcome::NoKey) };
        let is_as_expected = match expect {
            Expect::Anything => true,
            Expect::Absent => false,
            Expect::Etag(etag) => current.etag == *etag,
        };
        if !is_as_expected {
            return Ok(Outcome::ExpectationFailed);
        }
        keys.remove(key);
        Ok(Outcome::Done)
    }

    fn objects<'a>(&'a self, bucket: &Bucket, from: &From) -> Objects<'a> {
        let mut state = self.state();
        let keys = state.keys(bucket).cloned().unwrap_or_default();
        let from = from.clone();
        let is_in = move |key: &str| match &from {
            From::At(start) => key >= start.as_str(),
            From::After(mark) => key > mark.as_str(),
            From::AfterPrefix(prefix) => key > prefix.as_str() && !key.starts_with(prefix.as_str()),
        };
        let keys = keys.into_iter().filter(move |(key, _)| is_in(key));
        Box::new(keys.map(|(key, (object, _))| Ok((key, object))))
    }

    fn settled(&self) -> Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send>> {
        Box::pin(future::ready(Ok(())))
    }

    fn close(&self) {}
}

impl BodyWriter for Memory {
    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn blocks(&self, _more: usize) -> bool {
        false
    }

    fn finish(self: Box<Self>) -> Result<Box<dyn KeptBody>, StoreError> {
        Ok(self)
    }
}

impl KeptBody for Memory {
    fn size(&self) -> u64 {
        self.0.len() as u64
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl StoredBody for Memory {
    fn read_at(&self, offset: u64, bytes_max: usize) -> Result<Bytes, StoreError> {
        let rest = self.0.get(usize::try_from(offset).unwrap()..).unwrap_or_default();
        Ok(Bytes::copy_from_slice(&rest[..rest.len().min(bytes_max)]))
    }

    fn blocks(&self) -> bool {
        false
    }
}

impl fmt::Debug for ModelStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ModelStore")
    }
}
