//! The checks of what is asked for at the same time, each for one sentence of the contract.

use std::sync::Barrier;
use std::thread;

use super::add;
use super::bytes_of;
use super::checks::Check;
use super::checks::SIZES;
use super::content;
use super::keep;
use super::listed;
use super::object_of;
use super::outcome;
use super::put;
use super::put_if;
use super::remove;
use crate::store::Expect;
use crate::store::From;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Store;
use crate::store::Which;

pub(super) const CHECKS: &[(&str, Check)] = &[
    ("readers see whole versions only", readers_see_whole_versions_only),
    ("of many creations exactly one wins", of_many_creations_exactly_one_wins),
    ("of many changes all are made", of_many_changes_all_are_made),
    ("a bucket does not go under a put", a_bucket_does_not_go_under_a_put),
    ("a listing beside overwrites misses nothing", a_listing_beside_overwrites_misses_nothing),
];

fn readers_see_whole_versions_only(store: &dyn Store) {
    let bucket = add(store, "b");
    put(store, &bucket, "k", b"first");
    thread::scope(|threads| {
        let writer = threads.spawn(|| {
            for (seed, size) in (0..60).zip(SIZES.iter().cycle()) {
                put(store, &bucket, "k", &bytes_of(seed, *size));
            }
        });
        while !writer.is_finished() {
            assert!(content(store, &bucket, "k").is_some());
        }
    });
}

fn of_many_creations_exactly_one_wins(store: &dyn Store) {
    let bucket = add(store, "b");
    for (round, size) in SIZES.into_iter().enumerate() {
        let key = format!("k{round}");
        let start = Barrier::new(4);
        let create = |seed| {
            start.wait();
            put_if(store, &bucket, &key, &bytes_of(seed, size + 1), &Expect::Absent)
        };
        let outcomes = thread::scope(|threads| {
            let creations = [0, 1, 2, 3].map(|seed| threads.spawn(move || create(seed)));
            creations.map(|creation| creation.join().unwrap())
        });
        let winners: Vec<u64> =
            (0..).zip(outcomes).filter(|(_, o)| *o == Outcome::Done).map(|(n, _)| n).collect();
        assert_eq!(winners.len(), 1, "{outcomes:?}");
        assert_eq!(content(store, &bucket, &key).unwrap(), bytes_of(winners[0], size + 1));
    }
}

fn of_many_changes_all_are_made(store: &dyn Store) {
    let bucket = add(store, "b");
    put(store, &bucket, "k", b"");
    thread::scope(|threads| {
        for _ in 0..4 {
            threads.spawn(|| {
                for _ in 0..25 {
                    let mut change = |object: &mut Object| {
                        object.tags.push(("tag".to_owned(), "v".repeat(100)));
                    };
                    let outcome = store.change_object(&bucket, "k", Which::Current, &mut change);
                    assert_eq!(outcome.unwrap(), Outcome::Done);
                    // Long by then, and read while others replace it.
                    assert!(store.object(&bucket, "k").unwrap().is_some());
                    assert_eq!(listed(store, &bucket, &From::At(String::new())), ["k"]);
                }
            });
        }
    });
    assert_eq!(store.object(&bucket, "k").unwrap().unwrap().tags.len(), 100);
}

fn a_bucket_does_not_go_under_a_put(store: &dyn Store) {
    for (round, size) in SIZES.iter().cycle().take(45).enumerate() {
        let bucket = add(store, "b");
        let start = Barrier::new(2);
        let (put, removed) = thread::scope(|threads| {
            let put = threads.spawn(|| {
                let body = keep(store, &bytes_of(5, *size));
                start.wait();
                let object = object_of(&bytes_of(5, *size));
                outcome(store.publish(&bucket, "k", object, body, &Expect::Anything).unwrap())
            });
            start.wait();
            let removed = store.remove_bucket("b").unwrap();
            (put.join().unwrap(), removed)
        });
        match (put, removed) {
            (Outcome::Done, Outcome::NotEmpty) => {
                remove(store, &bucket, "k");
                assert_eq!(store.remove_bucket("b").unwrap(), Outcome::Done);
            }
            (Outcome::NoBucket, Outcome::Done) => {}
            other => panic!("round {round}: {other:?}"),
        }
    }
}

fn a_listing_beside_overwrites_misses_nothing(store: &dyn Store) {
    let bucket = add(store, "b");
    let keys: Vec<_> = (0..60).map(|n| format!("k{n:02}")).collect();
    for key in &keys {
        put(store, &bucket, key, b"0");
    }
    thread::scope(|threads| {
        let writer = threads.spawn(|| {
            for (seed, key) in (0..300).zip(keys.iter().cycle()) {
                put(store, &bucket, key, &bytes_of(seed, 1_500));
            }
        });
        while !writer.is_finished() {
            assert_eq!(listed(store, &bucket, &From::At(String::new())), keys);
        }
    });
}
