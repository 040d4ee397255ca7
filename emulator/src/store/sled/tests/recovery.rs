//! What an opening finds: other holders, other formats, and what a crash has left.

use std::any::Any;
use std::fs;
use std::io;
use std::process;

use super::audit::Audit;
use crate::config::Durability;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::KeptBody;
use crate::store::OpenError;
use crate::store::Outcome;
use crate::store::SledStore;
use crate::store::Store;
use crate::store::contract::add;
use crate::store::contract::bytes_of;
use crate::store::contract::content;
use crate::store::contract::keep;
use crate::store::contract::kept_in;
use crate::store::contract::listed;
use crate::store::contract::object_of;
use crate::store::contract::put;
use crate::store::contract::remove;
use crate::store::contract::settings;
use crate::store::contract::temporary;
use crate::store::sled::bodies::Body;
use crate::store::sled::bodies::Place;
use crate::store::sled::bodies::Unowned;
use crate::store::sled::encode;
use crate::store::sled::encode::Content;
use crate::store::sled::failed;
use crate::store::sled::keys;
use crate::store::sled::keys::Owner;
use crate::store::sled::open;
use crate::store::sled::open::Patience;
use crate::store::sled::writer::Kept;

/// One in the record, one in pieces, one in a file.
const SIZES: [usize; 3] = [100, 15_000, 30_000];

#[test]
fn what_a_crash_has_left_is_swept() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    let bucket = add(&store, "b");
    for (seed, size) in (0..).zip(SIZES) {
        put(&store, &bucket, &format!("k{seed}"), &bytes_of(seed, size));
        // A body that was whole, but not yet named.
        if let Ok(kept) = keep(&store, &bytes_of(9, size)).into_any().downcast::<Kept>()
            && let Kept::Apart { unowned, .. } = *kept
        {
            unowned.leave_to_its_note();
        }
    }
    let database = &store.database;
    let of_k1 = keys::version(&keys::versions_of(bucket.id, "k1"), 1);
    for owner in [Owner::Version(of_k1), Owner::Version(vec![1]), Owner::Bucket(vec![2])] {
        // A body that was about to be named, and one that is no longer.
        let (unowned, _) = Unowned::file(database).unwrap();
        let row = keys::owner(unowned.leave_to_its_note().id, &owner);
        database.owners.insert(row, &[]).unwrap();
    }
    // A file that is gone already, and one that was not yet made.
    database.note(Body { id: database.ids.next(), place: Place::File }).unwrap();
    // A body that is still named, since its record was not yet replaced.
    let in_a_file = keys::versions_of(bucket.id, "k2");
    let record = database.current(&in_a_file).unwrap().unwrap();
    let (head, _) = encode::decode_object(&record.bytes).unwrap();
    database.note(head.body.unwrap()).unwrap();
    drop(store);

    let store = kept_in(folder.path());
    assert_eq!(Audit::of(&store.database).notes, 0);
    store.assert_nothing_is_left_over();
    for (seed, size) in (0..).zip(SIZES) {
        assert_eq!(content(&store, &bucket, &format!("k{seed}")).unwrap(), bytes_of(seed, size));
    }
}

#[test]
fn a_row_that_is_no_owner_does_not_keep_a_body() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    let (unowned, _) = Unowned::file(&store.database).unwrap();
    let mut row = unowned.leave_to_its_note().id.to_bytes().to_vec();
    row.push(b'?');
    store.database.owners.insert(row, &[]).unwrap();
    drop(store);
    kept_in(folder.path()).assert_nothing_is_left_over();
}

#[test]
fn of_two_records_of_a_key_the_newer_counts() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    let bucket = add(&store, "b");
    put(&store, &bucket, "k", b"older");
    put(&store, &bucket, "k2", b"next");
    let versions_of = keys::versions_of(bucket.id, "k");
    let at = keys::version(&versions_of, 2);
    // As if a crash came between the insertion of the newer and the removal of the older.
    let body = Unowned::pieces(&store.database, store.database.ids.next(), b"newer").unwrap();
    let content_of = Content::Apart(body.body());
    let record = encode::encode_object(&at, object_of(b"newer"), content_of, || unreachable!());
    let record = record.unwrap().record;
    store.database.put_record(&Owner::Version(at), record, vec![body], &[]).unwrap();
    drop(store);

    let store = kept_in(folder.path());
    assert_eq!(content(&store, &bucket, "k").unwrap(), b"newer");
    assert_eq!(listed(&store, &bucket, &From::At(String::new())), ["k", "k2"]);
    put(&store, &bucket, "k", b"newest");
    assert_eq!(store.database.versions.scan_prefix(&versions_of).count(), 1);
    assert_eq!(content(&store, &bucket, "k").unwrap(), b"newest");
    store.assert_nothing_is_left_over();
    remove(&store, &bucket, "k");
    assert_eq!(content(&store, &bucket, "k"), None);
}

#[test]
fn opened_again_everything_is_there() {
    for durability in [Durability::Process, Durability::Power] {
        let folder = tempfile::tempdir().unwrap();
        let open = || SledStore::open(settings(Some(folder.path()), durability)).unwrap();
        let store = open();
        let bucket = add(&store, "b");
        for size in SIZES {
            put(&store, &bucket, &size.to_string(), &bytes_of(1, size));
        }
        let mut change = |bucket: &mut Bucket| {
            let grant = bucket.acl.grants[0].clone();
            bucket.acl.grants = vec![grant; 300];
        };
        assert_eq!(store.change_bucket("b", &mut change).unwrap(), Outcome::Done);
        let buckets = store.buckets().unwrap();
        drop(store);

        let store = open();
        assert_eq!(store.buckets().unwrap(), buckets);
        for size in SIZES {
            assert_eq!(content(&store, &bucket, &size.to_string()).unwrap(), bytes_of(1, size));
            remove(&store, &bucket, &size.to_string());
        }
        assert_eq!(store.remove_bucket("b").unwrap(), Outcome::Done);
        store.assert_nothing_is_left_over();
        drop(store);
        // No bucket gets the id of one that was there.
        assert!(add(&open(), "b").id > bucket.id);
    }
}

#[test]
fn a_half_written_snapshot_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let bucket = add(&kept_in(folder.path()), "b");
    let half = folder.path().join("db").join("snap.000000000000FFFF.generating");
    let other = folder.path().join("db").join("other.generating");
    fs::write(&half, b"half").unwrap();
    fs::write(&other, b"not ours").unwrap();
    let store = kept_in(folder.path());
    assert_eq!(*store.bucket("b").unwrap().unwrap(), bucket);
    assert!(!half.exists() && other.exists());
}

#[test]
fn a_folder_in_use_names_its_holder() {
    let folder = tempfile::tempdir().unwrap();
    let open =
        || SledStore::open_with(settings(Some(folder.path()), Durability::Process), Patience::NONE);
    let store = kept_in(folder.path());
    let error = open().unwrap_err();
    assert!(matches!(error, OpenError::Locked { by: Some(pid), .. } if pid == process::id()));
    let text = format!("`{}` is in use by process {}", folder.path().display(), process::id());
    assert_eq!(error.to_string(), text);
    fs::remove_file(folder.path().join("pid")).unwrap();
    assert!(matches!(open().unwrap_err(), OpenError::Locked { by: None, .. }));
    drop(store);
    kept_in(folder.path());
}

#[test]
fn another_format_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    open::set_number(&store.database.sled, "format", 7).unwrap();
    drop(store);
    let settings = settings(Some(folder.path()), Durability::Process);
    let error = SledStore::open(settings).unwrap_err();
    assert!(matches!(error, OpenError::NoSuchVersion { found: 7, known: 1 }));
    assert_eq!(error.to_string(), "the data has format 7, and this version reads format 1 only");
}

#[test]
fn too_many_files_are_told_from_other_failures() {
    let error = |code| io::Error::from_raw_os_error(code);
    for (failure, is_too_many) in [
        (failed("try")(error(24)), true),
        (failed("try")(error(23)), true),
        (failed("try")(sled::Error::Io(error(24))), true),
        (failed("try")(error(2)), false),
        (failed("try")("no reason"), false),
    ] {
        let text = failure.to_string();
        let is = matches!(OpenError::from(failure), OpenError::TooManyFiles(_));
        assert_eq!(is, is_too_many, "{text}");
    }
}

#[test]
fn a_folder_that_is_a_file_is_another_failure() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let error = SledStore::open(settings(Some(file.path()), Durability::Process)).unwrap_err();
    assert!(matches!(error, OpenError::Other(_)), "{error:?}");
}

#[test]
fn what_was_done_settles() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(temporary().settled()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    let bucket = add(&store, "b");
    // More at once than sled's own asynchronous flush can take.
    let waiting: Vec<_> = (0..50)
        .map(|n: u64| {
            put(&store, &bucket, &n.to_string(), &bytes_of(n, 2_000));
            store.settled()
        })
        .collect();
    for settled in waiting {
        runtime.block_on(settled).unwrap();
    }
    let before_the_end = store.settled();
    store.close();
    runtime.block_on(before_the_end).unwrap();
    let error = runtime.block_on(store.settled()).unwrap_err();
    assert_eq!(error.to_string(), "the store could not keep what was written");
}

#[test]
fn a_body_that_cannot_be_the_objects_is_refused() {
    struct Foreign;
    impl KeptBody for Foreign {
        fn size(&self) -> u64 {
            0
        }
        fn into_any(self: Box<Self>) -> Box<dyn Any> {
            self
        }
    }
    let store = temporary();
    let bucket = add(&store, "b");
    let put = |body| store.publish(&bucket, "k", object_of(b""), body, &Expect::Anything);
    assert!(put(Box::new(Foreign)).is_err());
    // The type is right, but the bytes are elsewhere.
    let elsewhere = temporary();
    let bytes = bytes_of(1, 15_000);
    let body = keep(&elsewhere, &bytes);
    assert!(store.publish(&bucket, "k", object_of(&bytes), body, &Expect::Anything).is_err());
    assert!(put(keep(&store, b"of another size")).is_err());
    assert_eq!(store.object(&bucket, "k").unwrap(), None);
    store.assert_nothing_is_left_over();
}
