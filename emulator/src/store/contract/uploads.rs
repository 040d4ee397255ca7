//! The checks of uploads in parts, each for one sentence of the contract.

use std::sync::Barrier;
use std::thread;

use super::SPILL_ABOVE;
use super::add;
use super::bytes_of;
use super::content;
use super::keep;
use super::object_of;
use super::outcome;
use super::put;
use super::remove;
use super::set_versioning;
use super::whole;
use crate::digest::Checksum;
use crate::digest::ChecksumAlgorithm;
use crate::digest::ChecksumType;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::FromVersion;
use crate::store::Initiator;
use crate::store::Multipart;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Part;
use crate::store::Store;
use crate::store::Upload;
use crate::store::Versioning;
use crate::store::Which;
use crate::store::contract::checks::Check;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("an upload becomes an object", an_upload_becomes_an_object),
    ("an upload that has ended is gone", an_upload_that_has_ended_is_gone),
    ("a part takes the place of the one before", a_part_takes_the_place_of_the_one_before),
    ("only what is there is completed", only_what_is_there_is_completed),
    ("an upload that is not completed stays", an_upload_that_is_not_completed_stays),
    ("of many completions exactly one is made", of_many_completions_exactly_one_is_made),
    ("uploads come by key and id", uploads_come_by_key_and_id),
    ("an upload tells what it found", an_upload_tells_what_it_found),
    ("an upload is completed or ended", an_upload_is_completed_or_ended),
    ("open uploads do not keep a bucket", open_uploads_do_not_keep_a_bucket),
    ("an upload does not end under its parts", an_upload_does_not_end_under_its_parts),
];

const SIZES: [usize; 6] = [0, 1, 1024, 1025, SPILL_ABOVE, SPILL_ABOVE + 1];

pub(in crate::store) fn upload_of(name: &str) -> Upload {
    let object = object_of(b"");
    Upload {
        initiated: object.modified,
        initiator: Initiator {
            account: "123456789012".to_owned(),
            id: "id".to_owned(),
            name: name.to_owned(),
        },
        checksum: Some((ChecksumAlgorithm::Crc32, ChecksumType::Composite)),
        found: None,
        object,
    }
}

pub(in crate::store) fn part_of(number: u32, bytes: &[u8]) -> Part {
    let Object { size, etag, modified, .. } = object_of(bytes);
    let checksum = Checksum { algorithm: ChecksumAlgorithm::Crc32, value: "AAAAAA==".to_owned() };
    Part { number, size, etag, modified, checksum }
}

#[track_caller]
pub(in crate::store) fn begin(store: &dyn Store, bucket: &Bucket, key: &str, id: &str) {
    assert_eq!(store.begin_upload(bucket, key, id, upload_of(id)).unwrap(), Outcome::Done);
}

#[track_caller]
pub(in crate::store) fn put_part(
    store: &dyn Store,
    bucket: &Bucket,
    (key, id): (&str, &str),
    number: u32,
    bytes: &[u8],
) -> Part {
    let part = part_of(number, bytes);
    let outcome = store.put_part(bucket, key, id, part.clone(), keep(store, bytes)).unwrap();
    assert_eq!(outcome, Outcome::Done);
    part
}

pub(in crate::store) fn object_in_parts(id: &str, bytes: &[u8], parts: usize) -> Object {
    let multipart =
        Multipart { upload: id.to_owned(), parts, checksum_type: ChecksumType::Composite };
    Object { multipart: Some(multipart), ..object_of(bytes) }
}

/// Completes an upload, whose object must have these bytes.
#[track_caller]
pub(in crate::store) fn complete(
    store: &dyn Store,
    bucket: &Bucket,
    at: (&str, &str),
    parts: &[Part],
    bytes: &[u8],
) {
    let done = complete_if(store, bucket, at, parts, bytes, &Expect::Anything);
    assert_eq!(done, Outcome::Done);
}

pub(in crate::store) fn complete_if(
    store: &dyn Store,
    bucket: &Bucket,
    (key, id): (&str, &str),
    parts: &[Part],
    bytes: &[u8],
    expect: &Expect,
) -> Outcome {
    let object = object_in_parts(id, bytes, parts.len());
    outcome(store.complete_upload(bucket, key, id, parts, object, expect).unwrap())
}

#[track_caller]
pub(in crate::store) fn end(store: &dyn Store, bucket: &Bucket, key: &str, id: &str) {
    assert_eq!(store.end_upload(bucket, key, id).unwrap(), Outcome::Done);
}

fn an_upload_becomes_an_object(store: &dyn Store) {
    let bucket = add(store, "b");
    let at = ("k", "id");
    begin(store, &bucket, "k", "id");
    let bytes: Vec<_> = (0..).zip(SIZES).map(|(seed, size)| bytes_of(seed, size)).collect();
    let parts: Vec<_> = (1..)
        .zip(&bytes)
        .map(|(number, bytes)| put_part(store, &bucket, at, number, bytes))
        .collect();
    assert_eq!(store.parts(&bucket, "k", "id", 0, usize::MAX).unwrap().unwrap(), parts);
    assert_eq!(store.parts(&bucket, "k", "id", 2, 3).unwrap().unwrap(), parts[2..5]);
    assert_eq!(store.parts(&bucket, "k", "id", u32::MAX, 3).unwrap().unwrap(), []);
    assert_eq!(store.object(&bucket, "k").unwrap(), None);
    complete(store, &bucket, at, &parts, &bytes.concat());
    assert_eq!(store.upload(&bucket, "k", "id").unwrap(), None);
    assert_eq!(store.parts(&bucket, "k", "id", 0, 9).unwrap(), None);
    let (object, body) = store.open(&bucket, "k").unwrap().unwrap();
    assert_eq!(object, object_in_parts("id", &bytes.concat(), parts.len()));
    assert_eq!(body.parts().unwrap(), parts);
    assert!(whole(&*body) == bytes.concat());
    for offset in [0, 1, 1025, 1026, 2049, 2050, 2051, SPILL_ABOVE + 2050, 2 * SPILL_ABOVE + 2050] {
        for bytes_max in [1, 5_000, 1_000_000] {
            let read = body.read_at(offset as u64, bytes_max).unwrap();
            let rest = bytes.concat().get(offset..).unwrap_or_default().to_vec();
            assert!(rest.starts_with(&read) && read.len() <= bytes_max);
            assert_eq!(read.is_empty(), rest.is_empty(), "{offset}");
        }
    }
    assert!(body.read_at(u64::MAX, 10).unwrap().is_empty());
    let mut change = |object: &mut Object| object.tags.push(("t".to_owned(), "v".repeat(9_000)));
    assert_eq!(
        store.change_object(&bucket, "k", Which::Current, &mut change).unwrap(),
        Outcome::Done
    );
    assert!(content(store, &bucket, "k").unwrap() == bytes.concat());
}

fn an_upload_that_has_ended_is_gone(store: &dyn Store) {
    let bucket = add(store, "b");
    begin(store, &bucket, "k", "id");
    let part = put_part(store, &bucket, ("k", "id"), 1, &bytes_of(1, 30_000));
    for (key, id) in [("k", "i"), ("k", "id2"), ("k", ""), ("k2", "id"), ("", "id")] {
        assert_eq!(store.upload(&bucket, key, id).unwrap(), None);
        assert_eq!(store.parts(&bucket, key, id, 0, 9).unwrap(), None);
        assert_eq!(store.end_upload(&bucket, key, id).unwrap(), Outcome::NoUpload);
    }
    assert_eq!(store.upload(&bucket, "k", "id").unwrap(), Some(upload_of("id")));
    end(store, &bucket, "k", "id");
    assert_eq!(store.end_upload(&bucket, "k", "id").unwrap(), Outcome::NoUpload);
    assert_eq!(store.upload(&bucket, "k", "id").unwrap(), None);
    assert_eq!(store.parts(&bucket, "k", "id", 0, 9).unwrap(), None);
    let parts = [part.clone()];
    let at = ("k", "id");
    let bytes = bytes_of(1, 30_000);
    let completed = complete_if(store, &bucket, at, &parts, &bytes, &Expect::Anything);
    assert_eq!(completed, Outcome::NoUpload);
    let body = keep(store, &bytes_of(1, 30_000));
    assert_eq!(store.put_part(&bucket, "k", "id", part, body).unwrap(), Outcome::NoUpload);
    assert_eq!(store.uploads(&bucket, &From::At(String::new()), None).count(), 0);
}

fn a_part_takes_the_place_of_the_one_before(store: &dyn Store) {
    let bucket = add(store, "b");
    let at = ("k", "id");
    begin(store, &bucket, "k", "id");
    for (seed, size) in (0..).zip(SIZES) {
        let bytes = bytes_of(seed, size);
        let part = put_part(store, &bucket, at, 1, &bytes);
        let parts = [part];
        assert_eq!(store.parts(&bucket, "k", "id", 0, 9).unwrap().unwrap(), parts);
    }
    let (last, size) = (SIZES.len() as u64 - 1, SIZES[SIZES.len() - 1]);
    let parts = store.parts(&bucket, "k", "id", 0, 9).unwrap().unwrap();
    complete(store, &bucket, at, &parts, &bytes_of(last, size));
    assert!(content(store, &bucket, "k").unwrap() == bytes_of(last, size));
}

fn only_what_is_there_is_completed(store: &dyn Store) {
    let bucket = add(store, "b");
    let at = ("k", "id");
    begin(store, &bucket, "k", "id");
    let bytes = bytes_of(1, 30_000);
    let first = put_part(store, &bucket, at, 1, &bytes);
    let other = part_of(1, &bytes_of(2, 30_000));
    let missing = part_of(2, b"");
    let of_nothing = part_of(3, b"");
    for (parts, bytes) in
        [(vec![other], &bytes[..]), (vec![first.clone(), missing], &bytes), (vec![of_nothing], b"")]
    {
        let completed = complete_if(store, &bucket, at, &parts, bytes, &Expect::Anything);
        assert_eq!(completed, Outcome::NoPart);
    }
    assert_eq!(store.object(&bucket, "k").unwrap(), None);
    complete(store, &bucket, at, &[first], &bytes);
    assert!(content(store, &bucket, "k").unwrap() == bytes);
}

fn an_upload_that_is_not_completed_stays(store: &dyn Store) {
    let bucket = add(store, "b");
    let at = ("k", "id");
    put(store, &bucket, "k", b"before");
    begin(store, &bucket, "k", "id");
    let bytes = bytes_of(1, 30_000);
    let parts = [put_part(store, &bucket, at, 1, &bytes)];
    let absent = complete_if(store, &bucket, at, &parts, &bytes, &Expect::Absent);
    assert_eq!(absent, Outcome::ExpectationFailed);
    assert!(content(store, &bucket, "k").unwrap() == b"before");
    assert_eq!(store.parts(&bucket, "k", "id", 0, 9).unwrap().unwrap(), parts);
    complete(store, &bucket, at, &parts, &bytes);
    assert!(content(store, &bucket, "k").unwrap() == bytes);
}

fn of_many_completions_exactly_one_is_made(store: &dyn Store) {
    let bucket = add(store, "b");
    set_versioning(store, "b", Versioning::Enabled);
    for round in 0..20 {
        let id = round.to_string();
        let at = ("k", &*id);
        begin(store, &bucket, "k", &id);
        let bytes = SIZES.map(|size| bytes_of(round, size));
        let parts: Vec<_> = (1..)
            .zip(&bytes)
            .map(|(number, bytes)| put_part(store, &bucket, at, number, bytes))
            .collect();
        let start = Barrier::new(4);
        let complete = || {
            start.wait();
            complete_if(store, &bucket, at, &parts, &bytes.concat(), &Expect::Anything)
        };
        let mut outcomes = thread::scope(|threads| {
            let completions = [(); 4].map(|()| threads.spawn(complete));
            completions.map(|completion| completion.join().unwrap()).to_vec()
        });
        outcomes.retain(|outcome| *outcome != Outcome::NoUpload);
        assert_eq!(outcomes, [Outcome::Done]);
        assert!(content(store, &bucket, "k").unwrap() == bytes.concat());
    }
    let all = FromVersion::Key(From::At(String::new()));
    assert_eq!(store.versions(&bucket, &all).count(), 20);
    assert_eq!(store.uploads(&bucket, &From::At(String::new()), None).count(), 0);
}

fn uploads_come_by_key_and_id(store: &dyn Store) {
    let (before, bucket, after) = (add(store, "a"), add(store, "b"), add(store, "c"));
    let all = [("a", "1"), ("a", "2"), ("a\0", "1"), ("a/b", "1"), ("a/c", "3"), ("b", "0")];
    for (key, id) in all.iter().rev() {
        for bucket in [&before, &bucket, &after] {
            begin(store, bucket, key, id);
        }
    }
    for (from, after_id, begins) in [
        (From::At(String::new()), None, 0),
        (From::At("a\0".to_owned()), None, 2),
        (From::After("a".to_owned()), None, 2),
        (From::After("a".to_owned()), Some("1"), 1),
        (From::After("a".to_owned()), Some("10"), 1),
        (From::After("a".to_owned()), Some("2"), 2),
        (From::After("a".to_owned()), Some(""), 0),
        (From::AfterPrefix("a/".to_owned()), None, 5),
        (From::After("b".to_owned()), None, 6),
    ] {
        let found: Vec<_> = store.uploads(&bucket, &from, after_id).map(Result::unwrap).collect();
        let names: Vec<_> = found.iter().map(|(key, id, _)| (key.as_str(), id.as_str())).collect();
        assert_eq!(names, all[begins..], "{from:?} {after_id:?}");
        assert!(found.iter().all(|(_, id, upload)| *upload == upload_of(id)));
    }
}

fn an_upload_tells_what_it_found(store: &dyn Store) {
    let bucket = add(store, "b");
    let long = |upload: &mut Upload| {
        upload.object.metadata.push(("long".to_owned(), "m".repeat(6_000)));
    };
    begin(store, &bucket, "k", "none");
    assert_eq!(store.upload(&bucket, "k", "none").unwrap().unwrap().found, None);
    put(store, &bucket, "k", b"x");
    let mut upload = upload_of("some");
    long(&mut upload);
    assert_eq!(store.begin_upload(&bucket, "k", "some", upload).unwrap(), Outcome::Done);
    let found = Some(object_of(b"x").stamp);
    let mut expected = Upload { found, ..upload_of("some") };
    long(&mut expected);
    assert_eq!(store.upload(&bucket, "k", "some").unwrap(), Some(expected));
    let put_since = |what: Expect, found| {
        let expect = Expect::Since { what: Box::new(what), found };
        let body = keep(store, b"y");
        let made = store.publish(&bucket, "k", object_of(b"y"), body, &expect).unwrap();
        made.err().unwrap_or(Outcome::Done)
    };
    let etag = || Expect::Etag(object_of(b"x").etag);
    assert_eq!(put_since(etag(), None), Outcome::Conflict);
    assert_eq!(put_since(Expect::Etag("other".to_owned()), found), Outcome::ExpectationFailed);
    assert_eq!(put_since(Expect::Absent, None), Outcome::ExpectationFailed);
    assert_eq!(put_since(etag(), found), Outcome::Done);
    remove(store, &bucket, "k");
    assert_eq!(put_since(etag(), found), Outcome::NoKey);
    assert_eq!(put_since(Expect::Absent, found), Outcome::Conflict);
    assert_eq!(put_since(Expect::Absent, None), Outcome::Done);
}

fn an_upload_is_completed_or_ended(store: &dyn Store) {
    let bucket = add(store, "b");
    for (round, size) in SIZES.iter().cycle().take(30).enumerate() {
        let (key, id) = (format!("k{round}"), round.to_string());
        let at = (&*key, &*id);
        begin(store, &bucket, &key, &id);
        let bytes = bytes_of(5, *size);
        let parts = [put_part(store, &bucket, at, 1, &bytes)];
        let start = Barrier::new(2);
        let (completed, ended) = thread::scope(|threads| {
            let ending = threads.spawn(|| {
                start.wait();
                store.end_upload(&bucket, &key, &id).unwrap()
            });
            start.wait();
            let completed = complete_if(store, &bucket, at, &parts, &bytes, &Expect::Anything);
            (completed, ending.join().unwrap())
        });
        match (completed, ended) {
            (Outcome::Done, Outcome::NoUpload) => {
                assert!(content(store, &bucket, &key).unwrap() == bytes);
            }
            (Outcome::NoUpload, Outcome::Done) => {
                assert_eq!(store.object(&bucket, &key).unwrap(), None);
            }
            other => panic!("round {round}: {other:?}"),
        }
    }
}

fn open_uploads_do_not_keep_a_bucket(store: &dyn Store) {
    let before = add(store, "b");
    begin(store, &before, "k", "id");
    let part = put_part(store, &before, ("k", "id"), 1, &bytes_of(1, 30_000));
    assert_eq!(store.remove_bucket("b").unwrap(), Outcome::Done);
    let after = add(store, "b");
    assert_eq!(store.uploads(&after, &From::At(String::new()), None).count(), 0);
    let begun = store.begin_upload(&before, "k", "new", upload_of("new")).unwrap();
    assert_eq!(begun, Outcome::NoBucket);
    let body = keep(store, &bytes_of(1, 30_000));
    assert_eq!(store.put_part(&before, "k", "id", part, body).unwrap(), Outcome::NoBucket);
}

fn an_upload_does_not_end_under_its_parts(store: &dyn Store) {
    let bucket = add(store, "b");
    for (round, size) in SIZES.iter().cycle().take(30).enumerate() {
        let id = round.to_string();
        begin(store, &bucket, "k", &id);
        let bytes = bytes_of(5, *size);
        let start = Barrier::new(2);
        let put = thread::scope(|threads| {
            let put = threads.spawn(|| {
                let body = keep(store, &bytes);
                start.wait();
                store.put_part(&bucket, "k", &id, part_of(1, &bytes), body).unwrap()
            });
            start.wait();
            end(store, &bucket, "k", &id);
            put.join().unwrap()
        });
        assert!(matches!(put, Outcome::Done | Outcome::NoUpload), "{put:?}");
    }
}
