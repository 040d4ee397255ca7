//! The checks, each for one sentence of the contract.

use super::SPILL_ABOVE;
use super::add;
use super::bucket_named;
use super::bytes_of;
use super::content;
use super::keep;
use super::listed;
use super::object_of;
use super::put;
use super::put_if;
use super::remove;
use super::remove_if;
use super::whole;
use crate::names::Acl;
use crate::names::CanonicalId;
use crate::names::Grant;
use crate::names::Grantee;
use crate::names::ObjectOwnership;
use crate::names::Permission;
use crate::names::VersionId;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Store;
use crate::store::Which;

pub(super) type Check = fn(&dyn Store);

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("a name has one bucket", a_name_has_one_bucket),
    ("a bucket with objects stays", a_bucket_with_objects_stays),
    ("a name that is taken again has another bucket", a_name_taken_again_has_another_bucket),
    ("a bucket's settings change, not its identity", a_buckets_settings_change),
    ("bodies of every size come back", bodies_of_every_size_come_back),
    ("bytes are read from anywhere", bytes_are_read_from_anywhere),
    ("a body without a key is nowhere", a_body_without_a_key_is_nowhere),
    ("keys come in byte order", keys_come_in_byte_order),
    ("walks begin where they are told", walks_begin_where_they_are_told),
    ("long records go through", long_records_go_through),
    ("expectations are held against what is there", expectations_are_held),
    ("a change of a record keeps the bytes", a_change_of_a_record_keeps_the_bytes),
    ("what is not there is an answer", what_is_not_there_is_an_answer),
    ("a reader keeps its version", a_reader_keeps_its_version),
];

/// One for each way in which a body is kept, and the borders between them.
pub(super) const SIZES: [usize; 9] =
    [0, 1, 1024, 1025, 4096, 4097, SPILL_ABOVE, SPILL_ABOVE + 1, 70_000];

fn a_name_has_one_bucket(store: &dyn Store) {
    let bucket = add(store, "one");
    assert_eq!(store.add_bucket(bucket_named("one")).unwrap(), Outcome::Exists);
    add(store, "another");
    let names: Vec<_> = store.buckets().unwrap().into_iter().map(|bucket| bucket.name).collect();
    assert_eq!(names, ["another", "one"]);
    assert_eq!(*store.bucket("one").unwrap().unwrap(), bucket);
    assert_eq!(store.bucket("none").unwrap(), None);
    assert_eq!(store.remove_bucket("one").unwrap(), Outcome::Done);
    assert_eq!(store.remove_bucket("one").unwrap(), Outcome::NoBucket);
}

fn a_bucket_with_objects_stays(store: &dyn Store) {
    let bucket = add(store, "b");
    // The key that has the first place of all, and a neighbour that has none.
    put(store, &bucket, "\0", b"1");
    add(store, "empty");
    assert_eq!(store.remove_bucket("b").unwrap(), Outcome::NotEmpty);
    assert_eq!(store.remove_bucket("empty").unwrap(), Outcome::Done);
    remove(store, &bucket, "\0");
    assert_eq!(store.remove_bucket("b").unwrap(), Outcome::Done);
}

fn a_name_taken_again_has_another_bucket(store: &dyn Store) {
    let before = add(store, "b");
    assert_eq!(store.remove_bucket("b").unwrap(), Outcome::Done);
    let after = add(store, "b");
    assert_ne!(before.id, after.id);
    assert_eq!(put_if(store, &before, "k", b"1", &Expect::Anything), Outcome::NoBucket);
    put(store, &after, "k", b"2");
    assert_eq!(store.object(&before, "k").unwrap(), None);
    assert_eq!(remove_if(store, &before, "k", &Expect::Anything), Outcome::NoBucket);
    let change = store.change_object(&before, "k", Which::Current, &mut |_| {});
    assert_eq!(change.unwrap(), Outcome::NoBucket);
    assert_eq!(listed(store, &before, &From::At(String::new())), [""; 0]);
}

fn a_buckets_settings_change(store: &dyn Store) {
    let mut bucket = add(store, "b");
    for grants in [100, 500, 1] {
        let mut change = |bucket: &mut Bucket| {
            bucket.acl = acl_of(grants);
            bucket.ownership = Some(ObjectOwnership::ObjectWriter);
            (bucket.id, bucket.name) = (99, "other".to_owned());
        };
        assert_eq!(store.change_bucket("b", &mut change).unwrap(), Outcome::Done);
        (bucket.acl, bucket.ownership) = (acl_of(grants), Some(ObjectOwnership::ObjectWriter));
        assert_eq!(*store.bucket("b").unwrap().unwrap(), bucket);
    }
    assert_eq!(store.change_bucket("none", &mut |_| {}).unwrap(), Outcome::NoBucket);
}

fn bodies_of_every_size_come_back(store: &dyn Store) {
    let bucket = add(store, "b");
    // Each size follows each other at the same key.
    for (round, _) in SIZES.iter().enumerate() {
        for (number, _) in SIZES.iter().enumerate() {
            let bytes = bytes_of(number as u64, SIZES[(number * (round + 1)) % SIZES.len()]);
            put(store, &bucket, "k", &bytes);
            assert_eq!(content(store, &bucket, "k").unwrap(), bytes);
        }
    }
    remove(store, &bucket, "k");
    assert_eq!(content(store, &bucket, "k"), None);
}

fn bytes_are_read_from_anywhere(store: &dyn Store) {
    let bucket = add(store, "b");
    for size in SIZES {
        let bytes = bytes_of(1, size);
        put(store, &bucket, "k", &bytes);
        let (_, body) = store.open(&bucket, "k").unwrap().unwrap();
        for offset in [0, 1, 1023, 4095, 4096, 4097, size / 2, size.saturating_sub(1), size] {
            for bytes_max in [1, 100, 4096, 1_000_000] {
                let read = body.read_at(offset as u64, bytes_max).unwrap();
                let rest = bytes.get(offset..).unwrap_or_default();
                assert!(rest.starts_with(&read) && read.len() <= bytes_max);
                assert_eq!(read.is_empty(), rest.is_empty(), "{offset} of {size}");
            }
        }
        assert!(body.read_at(u64::MAX, 10).unwrap().is_empty());
    }
}

fn a_body_without_a_key_is_nowhere(store: &dyn Store) {
    let bucket = add(store, "b");
    for size in SIZES {
        drop(keep(store, &bytes_of(2, size)));
        let mut writer = store.begin_body().unwrap();
        writer.write(&bytes_of(2, size)).unwrap();
        drop(writer);
    }
    assert_eq!(listed(store, &bucket, &From::At(String::new())), [""; 0]);
}

/// Keys with every odd character, prefixes of each other among them.
fn odd_keys() -> Vec<String> {
    let mut keys: Vec<String> =
        (0..=0x2ff).filter_map(char::from_u32).map(|odd| format!("a{odd}")).collect();
    for key in ["\0", "\0\0", "\0\u{1}", "\u{1}", "a", "a\0\0", "a\0a", "é", "a/b", "a/b/c", "a//"]
    {
        keys.push(key.to_owned());
    }
    for last in ["\u{ffff}", "\u{fffd}", "\u{10ffff}", "\u{10ffff}\u{10ffff}"] {
        keys.push(last.to_owned());
    }
    keys.push("\0".repeat(1024));
    keys.push("z".repeat(1024));
    keys
}

fn keys_come_in_byte_order(store: &dyn Store) {
    let neighbours = [add(store, "a"), add(store, "b"), add(store, "c")];
    let mut keys = odd_keys();
    for bucket in &neighbours {
        for key in &keys {
            put(store, bucket, key, key.as_bytes());
        }
    }
    keys.sort();
    keys.dedup();
    assert_eq!(listed(store, &neighbours[1], &From::At(String::new())), keys);
    for key in &keys {
        assert_eq!(content(store, &neighbours[1], key).unwrap(), key.as_bytes());
    }
}

fn walks_begin_where_they_are_told(store: &dyn Store) {
    let bucket = add(store, "b");
    let keys = ["a", "a\0", "a/", "a/b", "a/\u{10ffff}", "a0", "b"];
    for key in keys {
        put(store, &bucket, key, b"");
    }
    for (from, begins) in [
        (From::At(String::new()), 0),
        (From::At("a\0".to_owned()), 1),
        (From::At("a.".to_owned()), 2),
        (From::After("a".to_owned()), 1),
        (From::After("a/".to_owned()), 3),
        (From::After("b".to_owned()), 7),
        (From::AfterPrefix("a/".to_owned()), 5),
        (From::AfterPrefix("a\0".to_owned()), 2),
        (From::AfterPrefix("a/\u{10ffff}".to_owned()), 5),
        (From::AfterPrefix("a".to_owned()), 6),
        (From::AfterPrefix(String::new()), 7),
    ] {
        assert_eq!(listed(store, &bucket, &from), keys[begins..], "{from:?}");
    }
}

fn long_records_go_through(store: &dyn Store) {
    let bucket = add(store, "b");
    let mut object = object_of(b"short");
    object.acl = acl_of(100);
    object.tags = (0..10).map(|n| (format!("{n}{}", "t".repeat(120)), "v".repeat(250))).collect();
    object.headers.push(("cache-control".to_owned(), "h".repeat(6_000)));
    for bytes in [&b"short"[..], &bytes_of(3, 900), &bytes_of(3, 9_000), &bytes_of(3, 90_000)] {
        let object = Object { size: bytes.len() as u64, ..object.clone() };
        let key = "k".repeat(1024);
        let body = keep(store, bytes);
        let done = store.publish(&bucket, &key, object.clone(), body, &Expect::Anything).unwrap();
        assert_eq!(done, Ok(VersionId::Null));
        assert_eq!(store.object(&bucket, &key).unwrap().unwrap(), object);
        let (opened, body) = store.open(&bucket, &key).unwrap().unwrap();
        assert_eq!((opened, whole(&*body)), (object.clone(), bytes.to_vec()));
        let mut walk = store.objects(&bucket, &From::At(String::new()));
        assert_eq!(walk.next().unwrap().unwrap(), (key, object));
    }
}

fn expectations_are_held(store: &dyn Store) {
    let bucket = add(store, "b");
    let etag = |bytes: &[u8]| Expect::Etag(object_of(bytes).etag);
    let put_if = |bytes: &[u8], expect: &Expect| put_if(store, &bucket, "k", bytes, expect);
    let remove_if = |expect: &Expect| remove_if(store, &bucket, "k", expect);

    assert_eq!(put_if(b"1", &etag(b"1")), Outcome::NoKey);
    assert_eq!(remove_if(&etag(b"1")), Outcome::NoKey);
    assert_eq!(remove_if(&Expect::Present), Outcome::NoKey);
    assert_eq!(put_if(b"1", &Expect::Absent), Outcome::Done);
    assert_eq!(put_if(b"2", &Expect::Absent), Outcome::ExpectationFailed);
    assert_eq!(put_if(&bytes_of(1, 50_000), &etag(b"2")), Outcome::ExpectationFailed);
    assert_eq!(content(store, &bucket, "k").unwrap(), b"1");
    assert_eq!(put_if(b"2", &etag(b"1")), Outcome::Done);
    assert_eq!(remove_if(&Expect::Absent), Outcome::ExpectationFailed);
    assert_eq!(put_if(b"2", &Expect::Present), Outcome::Done);
    assert_eq!(remove_if(&etag(b"1")), Outcome::ExpectationFailed);
    assert_eq!(content(store, &bucket, "k").unwrap(), b"2");
    assert_eq!(remove_if(&etag(b"2")), Outcome::Done);
    assert_eq!(put_if(b"3", &Expect::Absent), Outcome::Done);
}

fn a_change_of_a_record_keeps_the_bytes(store: &dyn Store) {
    let bucket = add(store, "b");
    for size in SIZES {
        let bytes = bytes_of(4, size);
        put(store, &bucket, "k", &bytes);
        for grants in [100, 300, 1] {
            let mut change = |object: &mut Object| (object.acl, object.size) = (acl_of(grants), 1);
            let changed = store.change_object(&bucket, "k", Which::Current, &mut change);
            assert_eq!(changed.unwrap(), Outcome::Done);
            let expected = Object { acl: acl_of(grants), ..object_of(&bytes) };
            assert_eq!(store.object(&bucket, "k").unwrap().unwrap(), expected);
            assert_eq!(content(store, &bucket, "k").unwrap(), bytes);
        }
    }
}

fn what_is_not_there_is_an_answer(store: &dyn Store) {
    let bucket = add(store, "b");
    put(store, &bucket, "key", b"");
    for key in ["", "k", "ke", "key\0", "key2"] {
        assert_eq!(store.object(&bucket, key).unwrap(), None);
        assert!(store.open(&bucket, key).unwrap().is_none());
        assert_eq!(remove_if(store, &bucket, key, &Expect::Anything), Outcome::NoKey);
        let change = store.change_object(&bucket, key, Which::Current, &mut |_| {});
        assert_eq!(change.unwrap(), Outcome::NoKey);
    }
}

fn a_reader_keeps_its_version(store: &dyn Store) {
    let bucket = add(store, "b");
    let mut readers = Vec::new();
    for (seed, size) in (0..).zip(SIZES) {
        put(store, &bucket, "k", &bytes_of(seed, size));
        readers.push((store.open(&bucket, "k").unwrap().unwrap().1, bytes_of(seed, size)));
    }
    remove(store, &bucket, "k");
    assert_eq!(store.remove_bucket("b").unwrap(), Outcome::Done);
    for (body, bytes) in readers {
        assert_eq!(whole(&*body), bytes);
    }
}

fn acl_of(grants: usize) -> Acl {
    let grant = |n: usize| Grant {
        grantee: Grantee::Account(CanonicalId::parse(&format!("{n:064x}")).unwrap()),
        permission: Permission::Read,
    };
    Acl { grants: (0..grants).map(grant).collect() }
}
