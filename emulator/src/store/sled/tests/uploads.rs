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
use crate::store::contract::uploads::end;
use crate::store::contract::uploads::join;
use crate::store::contract::uploads::object_in_parts;
use crate::store::contract::uploads::put_part;
use crate::store::contract::whole;
use crate::store::sled::bodies::Unowned;
use crate::store::sled::keys;
use crate::store::sled::keys::Owner;
use crate::store::sled::uploads;
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
            join(&store, &bucket, ("k", id), &parts, &bytes.concat());
            end(&store, &bucket, "k", id);
        }
    }
    drop(store);

    let store = kept_in(folder.path());
    assert!(content(&store, &bucket, "k").unwrap() == bytes.concat());
    let parts = store.parts(&bucket, "k", "open", 0, 9).unwrap().unwrap();
    join(&store, &bucket, ("k", "open"), &parts, &bytes.concat());
    end(&store, &bucket, "k", "open");
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
    let joined = store.join(&bucket, "k", "id", &parts).unwrap().unwrap();
    let Kept::Apart { unowned, .. } = *joined.into_any().downcast::<Kept>().unwrap() else {
        panic!("a list is a body");
    };
    unowned.leave_to_its_note();
    // A list that was cut off.
    let id = store.database.ids.next();
    Unowned::list(&store.database, id, &[0x92, 0xdc]).unwrap().leave_to_its_note();
    drop(store);

    let store = kept_in(folder.path());
    store.assert_nothing_is_left_over();
    assert_eq!(store.parts(&bucket, "k", "id", 0, 9).unwrap().unwrap(), parts);
    join(&store, &bucket, at, &parts, &bytes.concat());
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
        join(&store, &bucket, ("k", "id"), &parts, &bytes.concat());
        end(&store, &bucket, "k", "id");
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
    let body = store.join(&bucket, &key, &id, &parts).unwrap().unwrap();
    let object = object_in_parts(&id, &bytes.concat(), parts.len());
    let done = store.publish(&bucket, &key, object, body, &Expect::Anything).unwrap();
    assert_eq!(done, Ok(VersionId::Null));
    end(&store, &bucket, &key, &id);
    assert_eq!((store.database.uploads.len(), store.database.parts.len()), (0, 0));
    assert!(content(&store, &bucket, &key).unwrap() == bytes.concat());
    assert_eq!(store.open(&bucket, &key).unwrap().unwrap().1.parts().len(), 10_000);
    store.assert_nothing_is_left_over();
    remove(&store, &bucket, &key);
    assert_eq!(store.database.bodies.len(), 0);
    store.assert_nothing_is_left_over();
}
