//! The checks about versions, each for one sentence of the contract.

use std::thread;

use super::add;
use super::bytes_of;
use super::checks::Check;
use super::keep;
use super::listed;
use super::marker;
use super::object_of;
use super::put;
use super::put_if;
use super::remove_if;
use super::set_versioning;
use super::whole;
use crate::names::LegalHold;
use crate::names::VersionId;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::FromVersion;
use crate::store::Outcome;
use crate::store::Removed;
use crate::store::Store;
use crate::store::Versioning;
use crate::store::Which;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("every write of a versioned key stays", every_write_stays),
    ("a delete marker hides and is removed again", a_delete_marker_hides),
    ("a suspended bucket replaces the null version only", a_suspended_bucket_replaces_null),
    ("a version that is removed uncovers the one before", a_removed_version_uncovers),
    ("a version that may not go stays", a_version_that_may_not_go_stays),
    ("ids name versions of their own key only", ids_name_their_own_key),
    ("versions are changed by their id", versions_are_changed_by_id),
    ("walks over versions begin where they are told", walks_begin_where_told),
    ("delete markers are no objects to expectations", markers_are_no_objects),
    ("a versioned bucket is empty without versions", a_bucket_is_empty_without_versions),
    ("the null version is always found", the_null_version_is_always_found),
];

fn versioned(store: &dyn Store) -> Bucket {
    let bucket = add(store, "b");
    set_versioning(store, "b", Versioning::Enabled);
    bucket
}

#[track_caller]
fn put_version(store: &dyn Store, bucket: &Bucket, key: &str, bytes: &[u8]) -> VersionId {
    let body = keep(store, bytes);
    store.publish(bucket, key, object_of(bytes), body, &Expect::Anything).unwrap().unwrap()
}

#[track_caller]
fn mark(store: &dyn Store, bucket: &Bucket, key: &str) -> VersionId {
    match store.remove(bucket, key, marker(), &Expect::Anything).unwrap() {
        Ok(Removed::Marked(version)) => version,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn bytes_at(store: &dyn Store, bucket: &Bucket, key: &str, version: VersionId) -> Vec<u8> {
    let (object, body) = store.open_version(bucket, key, Which::Version(version)).unwrap().unwrap();
    assert_eq!(object.version, version);
    whole(&*body)
}

#[track_caller]
fn erase(store: &dyn Store, bucket: &Bucket, key: &str, version: VersionId) {
    let removed = store.remove_version(bucket, key, version, &mut |_| true).unwrap();
    assert_eq!(removed.unwrap().version, version);
}

/// Key, id, and whether it is the latest, of all versions.
fn walked(
    store: &dyn Store,
    bucket: &Bucket,
    from: &FromVersion,
) -> Vec<(String, VersionId, bool)> {
    let all = store.versions(bucket, from).map(Result::unwrap);
    all.map(|(key, version)| (key, version.object.version, version.is_latest)).collect()
}

fn all() -> FromVersion {
    FromVersion::Key(From::At(String::new()))
}

fn keys(store: &dyn Store, bucket: &Bucket) -> Vec<String> {
    listed(store, bucket, &From::At(String::new()))
}

fn every_write_stays(store: &dyn Store) {
    let bucket = versioned(store);
    let sizes = [0, 1, 5_000, 30_000, 2];
    let ids: Vec<_> = (0..)
        .zip(sizes)
        .map(|(seed, size)| put_version(store, &bucket, "k", &bytes_of(seed, size)))
        .collect();
    for ((seed, size), id) in (0..).zip(sizes).zip(&ids) {
        assert_eq!(bytes_at(store, &bucket, "k", *id), bytes_of(seed, size));
        assert_eq!(VersionId::parse(&id.to_string()), Some(*id));
    }
    let newest_first: Vec<_> = walked(store, &bucket, &all()).into_iter().map(|it| it.1).collect();
    assert!(newest_first.iter().eq(ids.iter().rev()));
    assert_eq!(store.object(&bucket, "k").unwrap().unwrap().version, ids[4]);
    assert_eq!(keys(store, &bucket), ["k"]);
}

fn a_delete_marker_hides(store: &dyn Store) {
    let bucket = versioned(store);
    let first = put_version(store, &bucket, "k", b"1");
    put_version(store, &bucket, "l", b"2");
    let id = mark(store, &bucket, "k");
    assert_eq!(store.object(&bucket, "k").unwrap(), None);
    assert!(store.open(&bucket, "k").unwrap().is_none());
    assert!(store.version(&bucket, "k", Which::Current).unwrap().unwrap().is_delete_marker);
    assert_eq!(keys(store, &bucket), ["l"]);
    assert_eq!(bytes_at(store, &bucket, "k", first), b"1");
    assert_eq!(bytes_at(store, &bucket, "k", id), b"");
    // One more, and one of a key that never was.
    mark(store, &bucket, "k");
    mark(store, &bucket, "never");
    assert_eq!(walked(store, &bucket, &all()).len(), 5);
    let change = store.change_object(&bucket, "k", Which::Version(id), &mut |_| {});
    assert_eq!(change.unwrap(), Outcome::NoKey);
    let latest = store.version(&bucket, "k", Which::Current).unwrap().unwrap().version;
    erase(store, &bucket, "k", latest);
    erase(store, &bucket, "k", id);
    assert_eq!(keys(store, &bucket), ["k", "l"]);
}

fn a_suspended_bucket_replaces_null(store: &dyn Store) {
    let bucket = add(store, "b");
    put(store, &bucket, "k", b"before");
    set_versioning(store, "b", Versioning::Enabled);
    assert_eq!(bytes_at(store, &bucket, "k", VersionId::Null), b"before");
    let made = put_version(store, &bucket, "k", b"made");
    set_versioning(store, "b", Versioning::Suspended);
    for bytes in [&b"null"[..], &bytes_of(1, 5_000), &bytes_of(2, 40_000), b"last"] {
        assert_eq!(put_version(store, &bucket, "k", bytes), VersionId::Null);
        assert_eq!(bytes_at(store, &bucket, "k", VersionId::Null), bytes);
    }
    let expected = |null_is_latest| {
        vec![("k".to_owned(), VersionId::Null, null_is_latest), ("k".to_owned(), made, false)]
    };
    assert_eq!(walked(store, &bucket, &all()), expected(true));
    assert_eq!(mark(store, &bucket, "k"), VersionId::Null);
    assert_eq!(walked(store, &bucket, &all()), expected(true));
    assert_eq!(keys(store, &bucket), [""; 0]);
    // Beneath a further version it is replaced too.
    set_versioning(store, "b", Versioning::Enabled);
    let newer = put_version(store, &bucket, "k", b"newer");
    set_versioning(store, "b", Versioning::Suspended);
    put(store, &bucket, "k", b"null again");
    let ids: Vec<_> = walked(store, &bucket, &all()).into_iter().map(|it| it.1).collect();
    assert_eq!(ids, [VersionId::Null, newer, made]);
    erase(store, &bucket, "k", VersionId::Null);
    assert_eq!(store.object(&bucket, "k").unwrap().unwrap().version, newer);
}

fn a_removed_version_uncovers(store: &dyn Store) {
    let bucket = versioned(store);
    let ids: Vec<_> =
        (0..4).map(|n| put_version(store, &bucket, "k", &bytes_of(n, 3_000))).collect();
    let (_, reader) = store.open_version(&bucket, "k", Which::Version(ids[3])).unwrap().unwrap();
    erase(store, &bucket, "k", ids[3]);
    erase(store, &bucket, "k", ids[1]);
    assert_eq!(whole(&*reader), bytes_of(3, 3_000));
    assert_eq!(store.object(&bucket, "k").unwrap().unwrap().version, ids[2]);
    for gone in [ids[1], ids[3], VersionId::Null] {
        assert_eq!(store.version(&bucket, "k", Which::Version(gone)).unwrap(), None);
        let removed = store.remove_version(&bucket, "k", gone, &mut |_| true).unwrap();
        assert_eq!(removed.unwrap_err(), Outcome::NoKey);
    }
    // What is written next is none of those that were removed.
    let next = put_version(store, &bucket, "k", b"next");
    assert_eq!(store.version(&bucket, "k", Which::Version(ids[3])).unwrap(), None);
    assert!(!ids.contains(&next));
}

fn a_version_that_may_not_go_stays(store: &dyn Store) {
    let bucket = versioned(store);
    let id = put_version(store, &bucket, "k", b"1");
    let hold = store.change_object(&bucket, "k", Which::Version(id), &mut |object| {
        object.lock.legal_hold = Some(LegalHold::On);
    });
    assert_eq!(hold.unwrap(), Outcome::Done);
    let mut is_free = |object: &crate::store::Object| object.lock.legal_hold.is_none();
    let removed = store.remove_version(&bucket, "k", id, &mut is_free).unwrap();
    assert_eq!(removed.unwrap_err(), Outcome::ExpectationFailed);
    assert_eq!(bytes_at(store, &bucket, "k", id), b"1");
}

fn ids_name_their_own_key(store: &dyn Store) {
    let bucket = versioned(store);
    let of_k = put_version(store, &bucket, "k", b"1");
    let of_l = put_version(store, &bucket, "l", b"1");
    assert_ne!(of_k, of_l);
    assert_eq!(store.version(&bucket, "k", Which::Version(of_l)).unwrap(), None);
    assert_eq!(store.version(&bucket, "m", Which::Version(of_l)).unwrap(), None);
    let none = VersionId::Made { sequence: u64::MAX, random: [1, 2] };
    assert_eq!(store.version(&bucket, "k", Which::Version(none)).unwrap(), None);
}

fn versions_are_changed_by_id(store: &dyn Store) {
    let bucket = versioned(store);
    let old = put_version(store, &bucket, "k", &bytes_of(1, 3_000));
    let new = put_version(store, &bucket, "k", b"new");
    for tags in [1, 300, 2] {
        let changed = store.change_object(&bucket, "k", Which::Version(old), &mut |object| {
            object.tags = vec![("tag".to_owned(), "v".repeat(60)); tags];
            object.version = new;
        });
        assert_eq!(changed.unwrap(), Outcome::Done);
        let found = store.version(&bucket, "k", Which::Version(old)).unwrap().unwrap();
        assert_eq!((found.tags.len(), found.version), (tags, old));
        assert_eq!(bytes_at(store, &bucket, "k", old), bytes_of(1, 3_000));
        assert!(store.object(&bucket, "k").unwrap().unwrap().tags.is_empty());
    }
}

fn walks_begin_where_told(store: &dyn Store) {
    let bucket = add(store, "b");
    put(store, &bucket, "a", b"");
    set_versioning(store, "b", Versioning::Enabled);
    let mut names = Vec::new();
    for key in ["a", "a", "a/1", "b", "b"] {
        let id = put_version(store, &bucket, key, b"");
        names.push((key.to_owned(), id));
    }
    let whole = walked(store, &bucket, &all());
    let expected = [(1, true), (0, false), (9, false), (2, true), (4, true), (3, false)].map(
        |(at, is_latest)| match names.get(at) {
            Some((key, id)) => (key.clone(), *id, is_latest),
            None => ("a".to_owned(), VersionId::Null, is_latest),
        },
    );
    assert_eq!(whole, expected);
    for (at, (key, id, _)) in whole.iter().enumerate() {
        let after = FromVersion::After(key.clone(), *id);
        assert_eq!(walked(store, &bucket, &after), whole[at + 1..], "{at}");
    }
    for (from, begins) in [
        (From::After("a".to_owned()), 3),
        (From::At("a/1".to_owned()), 3),
        (From::AfterPrefix("a".to_owned()), 4),
        (From::After("b".to_owned()), 6),
    ] {
        assert_eq!(walked(store, &bucket, &FromVersion::Key(from)), whole[begins..]);
    }
}

fn markers_are_no_objects(store: &dyn Store) {
    let bucket = versioned(store);
    put(store, &bucket, "k", b"1");
    assert_eq!(put_if(store, &bucket, "k", b"2", &Expect::Absent), Outcome::ExpectationFailed);
    mark(store, &bucket, "k");
    for expect in [Expect::Present, Expect::Etag(object_of(b"1").etag)] {
        assert_eq!(put_if(store, &bucket, "k", b"2", &expect), Outcome::NoKey);
        assert_eq!(remove_if(store, &bucket, "k", &expect), Outcome::NoKey);
    }
    assert_eq!(put_if(store, &bucket, "k", b"2", &Expect::Absent), Outcome::Done);
}

fn a_bucket_is_empty_without_versions(store: &dyn Store) {
    let bucket = versioned(store);
    let id = mark(store, &bucket, "k");
    assert_eq!(store.remove_bucket("b").unwrap(), Outcome::NotEmpty);
    erase(store, &bucket, "k", id);
    assert_eq!(store.remove_bucket("b").unwrap(), Outcome::Done);
    let gone = store.remove_version(&bucket, "k", id, &mut |_| true).unwrap();
    assert_eq!(gone.unwrap_err(), Outcome::NoBucket);
}

fn the_null_version_is_always_found(store: &dyn Store) {
    let bucket = add(store, "b");
    put(store, &bucket, "k", b"first");
    thread::scope(|threads| {
        let writer = threads.spawn(|| {
            for seed in 0..60 {
                set_versioning(store, "b", Versioning::Enabled);
                put(store, &bucket, "k", &bytes_of(seed, 2_000));
                set_versioning(store, "b", Versioning::Suspended);
                put(store, &bucket, "k", &bytes_of(seed, 3_000));
            }
        });
        while !writer.is_finished() {
            bytes_at(store, &bucket, "k", VersionId::Null);
        }
    });
    assert_eq!(walked(store, &bucket, &all()).len(), 61);
}
