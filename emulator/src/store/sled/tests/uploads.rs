//! Uploads: what a crash leaves of them, and how much ten thousand parts take.

use super::audit::Audit;
use crate::names::VersionId;
use crate::store::Expect;
use crate::store::From;
use crate::store::SledStore;
use crate::store::Store;
use crate::store::contract::add;
use crate::store::contract::bytes_of;
use crate::store::contract::content;
use crate::store::contract::kept_in;
use crate::store::contract::put;
use crate::store::contract::remove;
use crate::store::contract::temporary;
use crate::store::contract::uploads::begin;
use crate::store::contract::uploads::complete;
use crate::store::contract::uploads::object_in_parts;
use crate::store::contract::uploads::put_part;
use crate::store::contract::whole;
use crate::store::sled::bodies::Unowned;
use crate::store::sled::keys;
use crate::store::sled::keys::Owner;
use crate::store::sled::uploads;
use crate::store::sled::uploads::Names;
use crate::store::sled::writer::Kept;

/// One in the record, one in pieces, one in a file.
const SIZES: [usize; 3] = [100, 15_000, 30_000];

fn open_uploads(store: &SledStore) -> usize {
    let bucket = store.bucket("b").unwrap().unwrap();
    store.uploads(&bucket, &From::At(String::new()), None).count()
}

#[test]
fn uploads_and_their_objects_are_there_when_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    let bucket = add(&store, "b");
    let bytes = SIZES.map(|size| bytes_of(1, size));
    for id in ["open", "done"] {
        begin(&store, &bucket, "k", id);
        let parts: Vec<_> = (1..)
            .zip(&bytes)
            .map(|(number, bytes)| put_part(&store, &bucket, ("k", id), number, bytes))
            .collect();
        if id == "done" {
            complete(&store, &bucket, ("k", id), &parts, &bytes.concat());
        }
    }
    drop(store);

    let store = kept_in(folder.path());
    assert!(content(&store, &bucket, "k").unwrap() == bytes.concat());
    let parts = store.parts(&bucket, "k", "open", 0, 9).unwrap().unwrap();
    complete(&store, &bucket, ("k", "open"), &parts, &bytes.concat());
    assert!(content(&store, &bucket, "k").unwrap() == bytes.concat());
    store.assert_nothing_is_left_over();
}

#[test]
fn what_a_crash_has_left_of_joining_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    let bucket = add(&store, "b");
    let at = ("k", "id");
    begin(&store, &bucket, "k", "id");
    let bytes = SIZES.map(|size| bytes_of(1, size));
    let parts: Vec<_> = (1..)
        .zip(&bytes)
        .map(|(number, bytes)| put_part(&store, &bucket, at, number, bytes))
        .collect();
    // Joined, and not published: the list and its rows are there, and its note.
    let joined = store.database.join(&Names::of(&bucket, "k", "id"), &parts).unwrap().unwrap();
    joined.leave_to_its_note();
    // A list that was cut off.
    let id = store.database.ids.next();
    Unowned::list(&store.database, id, &[0x92, 0xdc]).unwrap().leave_to_its_note();
    drop(store);

    let store = kept_in(folder.path());
    store.assert_nothing_is_left_over();
    assert_eq!(store.parts(&bucket, "k", "id", 0, 9).unwrap().unwrap(), parts);
    complete(&store, &bucket, at, &parts, &bytes.concat());
    assert!(content(&store, &bucket, "k").unwrap() == bytes.concat());
}

#[test]
fn an_upload_whose_end_was_cut_off_ends_when_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    let bucket = add(&store, "b");
    for id in ["one", "two"] {
        begin(&store, &bucket, "k", id);
        for (number, size) in (1..).zip(SIZES) {
            put_part(&store, &bucket, ("k", id), number, &bytes_of(1, size));
        }
    }
    // As if a crash came after the first step of the end.
    let at = keys::upload(bucket.id, "k", "one");
    let record = store.database.uploads.get(&at).unwrap().unwrap();
    let record = uploads::ended(uploads::decode_upload(&record).unwrap().parts).unwrap();
    store.database.put_record(&Owner::Upload(at), record, Vec::new(), &[]).unwrap();
    assert_eq!(open_uploads(&store), 1);
    assert_eq!(store.upload(&bucket, "k", "one").unwrap(), None);
    drop(store);

    let store = kept_in(folder.path());
    assert_eq!(store.database.uploads.len(), 1);
    assert_eq!(store.database.parts.len(), SIZES.len());
    store.assert_nothing_is_left_over();
    // As if a crash came after a bucket was removed, and before its uploads were.
    store.database.buckets.remove(keys::bucket("b")).unwrap();
    drop(store);
    let store = kept_in(folder.path());
    assert_eq!((store.database.uploads.len(), store.database.parts.len()), (0, 0));
    store.assert_nothing_is_left_over();
    assert_eq!(Audit::of(&store.database).files.len(), 0);
}

#[test]
fn an_upload_that_a_crash_has_left_of_its_object_ends_when_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    let bucket = add(&store, "b");
    let bytes = SIZES.map(|size| bytes_of(1, size));
    for key in ["k", "other"] {
        begin(&store, &bucket, key, "id");
        for (number, bytes) in (1..).zip(&bytes) {
            put_part(&store, &bucket, (key, "id"), number, bytes);
        }
    }
    // As if a crash came after the object was published, and before its upload was ended.
    let names = Names::of(&bucket, "k", "id");
    let parts = store.parts(&bucket, "k", "id", 0, 9).unwrap().unwrap();
    let unowned = store.database.join(&names, &parts).unwrap().unwrap();
    let object = object_in_parts("id", &bytes.concat(), parts.len());
    let body = Box::new(Kept::Apart { unowned, size: object.size });
    let published = store.publish(&bucket, "k", object, body, &Expect::Anything).unwrap();
    assert_eq!(published, Ok(VersionId::Null));
    assert_eq!(open_uploads(&store), 2);
    drop(store);

    let store = kept_in(folder.path());
    assert_eq!(open_uploads(&store), 1);
    assert!(store.upload(&bucket, "other", "id").unwrap().is_some());
    assert_eq!(store.database.parts.len(), SIZES.len());
    assert!(content(&store, &bucket, "k").unwrap() == bytes.concat());
    store.assert_nothing_is_left_over();
}

#[test]
fn the_last_reader_removes_the_parts() {
    let folder = tempfile::tempdir().unwrap();
    for store in [temporary(), kept_in(folder.path())] {
        let bucket = add(&store, "b");
        let bytes = SIZES.map(|size| bytes_of(1, size));
        begin(&store, &bucket, "k", "id");
        let parts: Vec<_> = (1..)
            .zip(&bytes)
            .map(|(number, bytes)| put_part(&store, &bucket, ("k", "id"), number, bytes))
            .collect();
        complete(&store, &bucket, ("k", "id"), &parts, &bytes.concat());
        let (_, reader) = store.open(&bucket, "k").unwrap().unwrap();
        put(&store, &bucket, "k", b"short");
        store.database.flush_now().unwrap();
        store.database.flush_now().unwrap();
        assert!(reader.blocks());
        assert!(whole(&*reader) == bytes.concat());
        assert_eq!(Audit::of(&store.database).files.len(), 1);
        drop(reader);
        assert_eq!(Audit::of(&store.database).files.len(), 0);
        store.assert_nothing_is_left_over();
    }
}

#[test]
fn ten_thousand_parts_are_one_record_and_a_list() {
    let store = temporary();
    let bucket = add(&store, "b");
    let key = "k".repeat(1024);
    let id = "i".repeat(128);
    begin(&store, &bucket, &key, &id);
    let bytes: Vec<_> = (0..10_000_u64).map(|seed| bytes_of(seed, 50)).collect();
    let parts: Vec<_> = (1..)
        .zip(&bytes)
        .map(|(number, bytes)| put_part(&store, &bucket, (&key, &id), number, bytes))
        .collect();
    complete(&store, &bucket, (&key, &id), &parts, &bytes.concat());
    assert_eq!((store.database.uploads.len(), store.database.parts.len()), (0, 0));
    assert!(content(&store, &bucket, &key).unwrap() == bytes.concat());
    assert_eq!(store.open(&bucket, &key).unwrap().unwrap().1.parts().unwrap().len(), 10_000);
    store.assert_nothing_is_left_over();
    remove(&store, &bucket, &key);
    assert_eq!(store.database.bodies.len(), 0);
    store.assert_nothing_is_left_over();
}
