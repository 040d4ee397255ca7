//! What every store must do: named checks, run on the real store and on a model of it, and the
//! same random operations on both.

mod checks;
mod model;
mod races;
mod random;
pub(super) mod uploads;
mod versions;

use crate::store::BucketSettings;
use std::path::Path;

use md5::Digest;
use md5::Md5;
use stuntbucket_signer::Timestamp;

use self::checks::CHECKS;
use self::checks::Check;
use self::model::ModelStore;
use super::Bucket;
use super::Expect;
use super::From;
use super::KeptBody;
use super::Object;
use super::Outcome;
use super::Settings;
use super::SledStore;
use super::Store;
use super::StoredBody;
use super::Versioning;
use crate::config::Durability;
use crate::names::Acl;
use crate::names::CanonicalId;
use crate::names::Encryption;
use crate::names::ObjectLock;
use crate::names::VersionId;

fn all_checks() -> impl Iterator<Item = &'static (&'static str, Check)> {
    CHECKS.iter().chain(races::CHECKS).chain(uploads::CHECKS).chain(versions::CHECKS)
}

#[test]
fn the_model_keeps_the_contract() {
    for (name, check) in all_checks() {
        eprintln!("checking: {name}");
        check(&ModelStore::default());
    }
}

#[test]
fn a_temporary_store_keeps_the_contract() {
    for (name, check) in all_checks() {
        eprintln!("checking: {name}");
        let store = temporary();
        check(&store);
        store.assert_nothing_is_left_over();
    }
}

#[test]
fn a_store_that_stays_keeps_the_contract() {
    for (name, check) in all_checks() {
        eprintln!("checking: {name}");
        let folder = tempfile::tempdir().unwrap();
        let store = kept_in(folder.path());
        check(&store);
        store.assert_nothing_is_left_over();
    }
}

#[test]
fn a_store_for_power_cuts_keeps_the_contract() {
    for (name, check) in all_checks() {
        eprintln!("checking: {name}");
        let folder = tempfile::tempdir().unwrap();
        check(&SledStore::open(settings(Some(folder.path()), Durability::Power)).unwrap());
    }
}

/// So low that short bodies meet every way of keeping them: in the record, in several pieces, in
/// a file.
pub(super) const SPILL_ABOVE: usize = 20_000;

pub(super) fn settings(data_dir: Option<&Path>, durability: Durability) -> Settings {
    let data_dir = data_dir.map(Path::to_owned);
    Settings { data_dir, spill_above: SPILL_ABOVE as u64, durability }
}

pub(super) fn temporary() -> SledStore {
    SledStore::open(settings(None, Durability::Process)).unwrap()
}

pub(super) fn kept_in(folder: &Path) -> SledStore {
    SledStore::open(settings(Some(folder), Durability::Process)).unwrap()
}

pub(super) fn bucket_named(name: &str) -> Bucket {
    let owner = CanonicalId::anonymous();
    Bucket {
        id: 0,
        name: name.to_owned(),
        account: "123456789012".to_owned(),
        region: "us-east-1".to_owned(),
        created: Timestamp::from_unix(1_700_000_000),
        acl: Acl::private(&owner),
        owner,
        ownership: None,
        public_access_block: None,
        settings: BucketSettings::default(),
    }
}

/// What would be written down of an object with these bytes.
pub(super) fn object_of(bytes: &[u8]) -> Object {
    let owner = CanonicalId::anonymous();
    Object {
        size: bytes.len() as u64,
        etag: hex::encode(Md5::digest(bytes)),
        modified: Timestamp::from_unix(1_700_000_001),
        acl: Acl::private(&owner),
        restored: None,
        owner,
        storage_class: "STANDARD".to_owned(),
        checksum: None,
        headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
        metadata: vec![("colour".to_owned(), "blue".to_owned())],
        tags: Vec::new(),
        version: VersionId::Null,
        is_delete_marker: false,
        lock: ObjectLock::default(),
        encryption: Encryption::S3,
        stamp: bytes
            .iter()
            .fold(1, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte))),
        multipart: None,
    }
}

/// What would be written down of a delete marker.
pub(super) fn marker() -> Object {
    Object::delete_marker(CanonicalId::anonymous(), Timestamp::from_unix(1_700_000_002))
}

/// Lets a bucket keep versions, or no more.
#[track_caller]
pub(super) fn set_versioning(store: &dyn Store, name: &str, versioning: Versioning) {
    let mut change = |bucket: &mut Bucket| bucket.settings.versioning = Some(versioning);
    assert_eq!(store.change_bucket(name, &mut change).unwrap(), Outcome::Done);
}

/// Bytes that say which they are: no two pieces of them are alike.
pub(super) fn bytes_of(seed: u64, size: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut bytes = Vec::with_capacity(size + 8);
    while bytes.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.truncate(size);
    bytes
}

/// Adds a bucket of that name, which must not be there.
#[track_caller]
pub(super) fn add(store: &dyn Store, name: &str) -> Bucket {
    assert_eq!(store.add_bucket(bucket_named(name)).unwrap(), Outcome::Done);
    Bucket::clone(&store.bucket(name).unwrap().unwrap())
}

pub(super) fn keep(store: &dyn Store, bytes: &[u8]) -> Box<dyn KeptBody> {
    let mut writer = store.begin_body().unwrap();
    for frame in bytes.chunks(6_000) {
        writer.write(frame).unwrap();
    }
    writer.finish().unwrap()
}

pub(super) fn put_if(
    store: &dyn Store,
    bucket: &Bucket,
    key: &str,
    bytes: &[u8],
    expect: &Expect,
) -> Outcome {
    let body = keep(store, bytes);
    assert_eq!(body.size(), bytes.len() as u64);
    outcome(store.publish(bucket, key, object_of(bytes), body, expect).unwrap())
}

pub(super) fn outcome<T>(result: Result<T, Outcome>) -> Outcome {
    result.err().unwrap_or(Outcome::Done)
}

pub(super) fn remove_if(store: &dyn Store, bucket: &Bucket, key: &str, expect: &Expect) -> Outcome {
    outcome(store.remove(bucket, key, marker(), expect).unwrap())
}

#[track_caller]
pub(super) fn put(store: &dyn Store, bucket: &Bucket, key: &str, bytes: &[u8]) {
    assert_eq!(put_if(store, bucket, key, bytes, &Expect::Anything), Outcome::Done);
}

#[track_caller]
pub(super) fn remove(store: &dyn Store, bucket: &Bucket, key: &str) {
    assert_eq!(remove_if(store, bucket, key, &Expect::Anything), Outcome::Done);
}

/// All bytes of a body, read in steps that meet no border of pieces.
pub(super) fn whole(body: &dyn StoredBody) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let frame = body.read_at(bytes.len() as u64, 9_999).unwrap();
        if frame.is_empty() {
            return bytes;
        }
        bytes.extend_from_slice(&frame);
    }
}

/// The bytes at a key, which must be whole.
#[track_caller]
pub(super) fn content(store: &dyn Store, bucket: &Bucket, key: &str) -> Option<Vec<u8>> {
    let (object, body) = store.open(bucket, key).unwrap()?;
    let bytes = whole(&*body);
    assert_eq!(object.etag, object_of(&bytes).etag, "`{key}` is torn");
    Some(bytes)
}

pub(super) fn listed(store: &dyn Store, bucket: &Bucket, from: &From) -> Vec<String> {
    store.objects(bucket, from).map(|item| item.unwrap().0).collect()
}
