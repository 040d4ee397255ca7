//! What the model keeps: buckets, the versions of each key, and uploads with their parts.

use std::collections::BTreeMap;

use super::memory::Memory;
use crate::names::VersionId;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Part;
use crate::store::Upload;
use crate::store::Versioning;
use crate::store::Which;

#[derive(Default)]
pub(super) struct State {
    pub(super) last_id: u64,
    last_version: u64,
    pub(super) buckets: BTreeMap<String, (Bucket, Keys)>,
    /// By the id of the bucket, key and the upload's id.
    pub(super) uploads: BTreeMap<(u64, String, String), (Upload, Parts)>,
}

/// The versions of each key, newest first, with their bytes. No key has none.
pub(super) type Keys = BTreeMap<String, Vec<(Object, Memory)>>;

/// The parts of an upload by their numbers, with their bytes.
pub(super) type Parts = BTreeMap<u32, (Part, Vec<u8>)>;

/// A key that is changed.
pub(super) struct Key<'a> {
    pub(super) versioning: Option<Versioning>,
    next_version: VersionId,
    pub(super) versions: &'a mut Vec<(Object, Memory)>,
}

impl State {
    /// What is in a bucket, if it is still the same.
    pub(super) fn keys(&mut self, bucket: &Bucket) -> Option<&mut Keys> {
        let (found, keys) = self.buckets.get_mut(&bucket.name)?;
        (found.id == bucket.id).then_some(keys)
    }

    pub(super) fn stamp(&mut self, bucket: &Bucket, key: &str) -> Option<u64> {
        let versions = self.keys(bucket).and_then(|keys| keys.get(key))?;
        versions
            .first()
            .filter(|(object, _)| !object.is_delete_marker)
            .map(|(object, _)| object.stamp)
    }

    pub(super) fn publish(
        &mut self,
        bucket: &Bucket,
        key: &str,
        object: Object,
        bytes: Memory,
        expect: &Expect,
    ) -> Result<VersionId, Outcome> {
        let placed = self.in_key(bucket, key, |key| match key.unmet(expect) {
            Some(outcome) => Err(outcome),
            None => Ok(key.place(object, bytes)),
        });
        placed.unwrap_or(Err(Outcome::NoBucket))
    }

    /// Does something with the versions of a key.
    pub(super) fn in_key<T>(
        &mut self,
        bucket: &Bucket,
        key: &str,
        change: impl FnOnce(&mut Key<'_>) -> T,
    ) -> Option<T> {
        self.last_version += 1;
        let next_version = VersionId::Made { sequence: self.last_version, random: [0, 0] };
        let (found, keys) = self.buckets.get_mut(&bucket.name)?;
        if found.id != bucket.id {
            return None;
        }
        let versioning = found.settings.versioning;
        let versions = keys.entry(key.to_owned()).or_default();
        let result = change(&mut Key { versioning, next_version, versions });
        if versions.is_empty() {
            keys.remove(key);
        }
        Some(result)
    }
}

impl Key<'_> {
    /// Makes a version the current one.
    pub(super) fn place(&mut self, mut object: Object, bytes: Memory) -> VersionId {
        object.version = match self.versioning {
            Some(Versioning::Enabled) => self.next_version,
            None | Some(Versioning::Suspended) => {
                self.versions.retain(|(object, _)| object.version != VersionId::Null);
                VersionId::Null
            }
        };
        let version = object.version;
        self.versions.insert(0, (object, bytes));
        version
    }

    pub(super) fn unmet(&self, expect: &Expect) -> Option<Outcome> {
        let current = self.versions.first().filter(|(object, _)| !object.is_delete_marker);
        unmet(expect, current.map(|(object, _)| object))
    }
}

pub(super) fn find(versions: &[(Object, Memory)], which: Which) -> Option<usize> {
    match which {
        Which::Current => (!versions.is_empty()).then_some(0),
        Which::Version(id) => versions.iter().position(|(object, _)| object.version == id),
    }
}

fn unmet(expect: &Expect, current: Option<&Object>) -> Option<Outcome> {
    match (expect, current) {
        (Expect::Etag(_) | Expect::Present, None) => Some(Outcome::NoKey),
        (Expect::Absent, Some(_)) => Some(Outcome::ExpectationFailed),
        (Expect::Etag(etag), Some(current)) if current.etag != *etag => {
            Some(Outcome::ExpectationFailed)
        }
        (Expect::Since { what, found }, current) => unmet(what, current).or_else(|| {
            (current.map(|object| object.stamp) != *found).then_some(Outcome::Conflict)
        }),
        _ => None,
    }
}

pub(super) fn name_of(bucket: &Bucket, key: &str, id: &str) -> (u64, String, String) {
    (bucket.id, key.to_owned(), id.to_owned())
}
