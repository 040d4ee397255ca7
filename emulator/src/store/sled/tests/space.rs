//! Space is given back, and nothing stays behind.

use std::fs;
use std::path::PathBuf;
use std::sync::mpsc;

use super::audit::Audit;
use crate::config::Durability;
use crate::store::Expect;
use crate::store::From;
use crate::store::Settings;
use crate::store::SledStore;
use crate::store::Store;
use crate::store::contract::SPILL_ABOVE;
use crate::store::contract::add;
use crate::store::contract::bytes_of;
use crate::store::contract::content;
use crate::store::contract::keep;
use crate::store::contract::kept_in;
use crate::store::contract::listed;
use crate::store::contract::object_of;
use crate::store::contract::put;
use crate::store::contract::remove;
use crate::store::contract::temporary;
use crate::store::contract::whole;
use crate::store::sled::bodies::PIECE_BYTES;

const PIECES: usize = 15_000;
const FILE: usize = SPILL_ABOVE + 1;

#[test]
fn sled_makes_no_files_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        data_dir: Some(folder.path().to_owned()),
        spill_above: u64::MAX,
        durability: Durability::Process,
    };
    let store = SledStore::open(settings).unwrap();
    let bucket = add(&store, "b");
    // The longest names, and records that are as long as they may be, side by side.
    let keys: Vec<_> = (0..40).map(|n| format!("{n:04}{}", "\0".repeat(1020))).collect();
    for round in 0..6 {
        for (number, key) in (0..).zip(&keys) {
            let size = [1024, 900, 5_000, 65_536, 150_000][(number + round) % 5];
            let bytes = bytes_of(number as u64, size);
            let mut object = object_of(&bytes);
            object.metadata.push(("long".to_owned(), "m".repeat(3_000 + 400 * (number % 9))));
            let body = keep(&store, &bytes);
            let outcome = store.publish(&bucket, key, object, body, &Expect::Anything);
            assert!(outcome.unwrap().is_ok());
        }
        store.database.flush_now().unwrap();
    }
    let values = |tree: &sled::Tree| {
        tree.iter().map(|row| row.unwrap()).map(|(at, value)| at.len() + value.len()).max()
    };
    for tree in [&store.database.versions, &store.database.bodies, &store.database.owners] {
        assert!(values(tree).is_some_and(|longest| longest <= PIECE_BYTES + 20));
    }
    store.assert_nothing_is_left_over();
    assert_eq!(Audit::of(&store.database).files.len(), 0, "files are for bodies above 1 MiB here");
    for key in &keys {
        remove(&store, &bucket, key);
    }
    store.assert_nothing_is_left_over();
}

/// sled splits a page of 17 values when it comes by the next time. If the page after it has become
/// short before that, it first joins the two. Nothing that it ever writes is longer.
#[test]
fn the_longest_page_of_pieces_is_no_file() {
    let store = temporary();
    let bodies = &store.database.bodies;
    let insert = |at: &[u8]| bodies.insert(at, &bytes_of(1, PIECE_BYTES)[..]).unwrap();
    let names: Vec<_> = (0..17).map(|n| [b'a' + n, 0]).collect();
    for name in &names {
        insert(name);
    }
    // The next that comes by splits the page: nine values are left of the split.
    bodies.get(names[0]).unwrap();
    for number in 1..=8 {
        insert(&[names[8][0], number]);
    }
    for name in &names[12..] {
        bodies.remove(name).unwrap();
    }
    bodies.get(names[11]).unwrap();
    store.database.sled.flush().unwrap();
    assert_eq!(Audit::of(&store.database).blobs, 0);
    assert_eq!(bodies.len(), 20);
}

#[test]
fn the_space_of_removed_files_is_given_back() {
    let folder = tempfile::tempdir().unwrap();
    for store in [temporary(), kept_in(folder.path())] {
        let bucket = add(&store, "b");
        for round in 0..3 {
            for key in ["a", "b", "c"] {
                put(&store, &bucket, key, &bytes_of(round, FILE));
            }
        }
        store.assert_nothing_is_left_over();
        assert_eq!(Audit::of(&store.database).files.len(), 3);
        for key in ["a", "b", "c"] {
            remove(&store, &bucket, key);
        }
        store.assert_nothing_is_left_over();
        assert_eq!(Audit::of(&store.database).files.len(), 0);
    }
}

#[test]
fn what_is_replaced_stays_until_that_is_flushed() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    let bucket = add(&store, "b");
    put(&store, &bucket, "k", &bytes_of(1, FILE));
    put(&store, &bucket, "l", &bytes_of(2, PIECES));
    let (is_held_up, wait_for_it) = mpsc::channel();
    let (go_on, wait_to_go_on) = mpsc::channel::<()>();
    store.database.flushes.wait(Box::new(move |_| {
        is_held_up.send(()).unwrap();
        // Ends with an error when the other side is dropped.
        let _ = wait_to_go_on.recv();
    }));
    wait_for_it.recv().unwrap();
    put(&store, &bucket, "k", b"short");
    remove(&store, &bucket, "l");
    let audit = Audit::of(&store.database);
    assert_eq!((audit.files.len(), audit.pieces.len(), audit.notes), (1, 1, 2));
    drop(go_on);
    store.assert_nothing_is_left_over();
}

#[test]
fn the_last_reader_removes_what_was_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    for store in [temporary(), kept_in(folder.path())] {
        let bucket = add(&store, "b");
        put(&store, &bucket, "k", &bytes_of(1, PIECES));
        let readers = [1, 2].map(|_| store.open(&bucket, "k").unwrap().unwrap().1);
        put(&store, &bucket, "k", b"short");
        store.database.flush_now().unwrap();
        store.database.flush_now().unwrap();
        for reader in readers {
            assert_eq!(Audit::of(&store.database).pieces.len(), 1);
            assert_eq!(whole(&*reader), bytes_of(1, PIECES));
            drop(reader);
        }
        store.assert_nothing_is_left_over();
        assert_eq!(Audit::of(&store.database).pieces.len(), 0);
    }
}

#[test]
fn bodies_that_no_key_names_are_removed() {
    let store = temporary();
    for size in [10, PIECES, FILE] {
        let kept = keep(&store, &bytes_of(1, size));
        let mut writer = store.begin_body().unwrap();
        writer.write(&bytes_of(2, size)).unwrap();
        drop((kept, writer));
        store.assert_nothing_is_left_over();
        assert_eq!(Audit::of(&store.database).files.len(), 0);
    }
}

#[test]
fn a_body_blocks_when_it_goes_into_a_file() {
    let store = temporary();
    let mut writer = store.begin_body().unwrap();
    assert!(!writer.blocks(FILE - 1));
    assert!(writer.blocks(FILE));
    writer.write(&bytes_of(1, FILE - 1)).unwrap();
    assert!(!writer.blocks(0));
    assert!(writer.blocks(1));
    writer.write(&[0]).unwrap();
    assert!(writer.blocks(0));
    let bucket = add(&store, "b");
    put(&store, &bucket, "pieces", &bytes_of(1, FILE - 1));
    put(&store, &bucket, "file", &bytes_of(1, FILE));
    let blocks = |key| store.open(&bucket, key).unwrap().unwrap().1.blocks();
    assert_eq!((blocks("pieces"), blocks("file")), (false, true));
}

#[test]
fn a_temporary_store_is_removed_with_its_last_reader() {
    for _ in 0..20 {
        let store = temporary();
        let folder = folder_of(&store);
        let bucket = add(&store, "b");
        for (key, size) in [("pieces", PIECES), ("file", FILE), ("inline", 5)] {
            put(&store, &bucket, key, &bytes_of(1, size));
        }
        let reader = store.open(&bucket, "pieces").unwrap().unwrap().1;
        drop(store);
        assert!(folder.exists());
        assert_eq!(whole(&*reader), bytes_of(1, PIECES));
        drop(reader);
        assert!(!folder.exists());
    }
}

#[test]
fn a_temporary_store_that_is_closed_is_removed_under_its_readers() {
    let store = temporary();
    let folder = folder_of(&store);
    let bucket = add(&store, "b");
    let mut readers = Vec::new();
    for (key, size) in [("pieces", PIECES), ("file", FILE), ("inline", 5)] {
        put(&store, &bucket, key, &bytes_of(1, size));
        readers.push((store.open(&bucket, key).unwrap().unwrap().1, size));
    }
    store.close();
    store.close();
    assert!(!folder.exists());
    for (reader, size) in readers {
        assert_eq!(whole(&*reader), bytes_of(1, size));
    }
    drop(store);
    assert!(!folder.exists());
}

#[test]
fn a_store_that_stays_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = kept_in(folder.path());
    let bucket = add(&store, "b");
    put(&store, &bucket, "k", b"1");
    store.close();
    assert!(folder.path().join("pid").exists());
    drop(store);
    assert!(!folder.path().join("pid").exists());
    let store = kept_in(folder.path());
    assert_eq!(listed(&store, &bucket, &From::At(String::new())), ["k"]);
    assert_eq!(content(&store, &bucket, "k").unwrap(), b"1");
    assert!(fs::exists(folder.path().join("db")).unwrap());
}

fn folder_of(store: &SledStore) -> PathBuf {
    store.database.folder.bodies().parent().unwrap().to_owned()
}
