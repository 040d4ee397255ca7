//! Random operations on the real store and on the model: both must say the same.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use tempfile::TempDir;

use super::SPILL_ABOVE;
use super::bucket_named;
use super::bytes_of;
use super::keep;
use super::kept_in;
use super::model::ModelStore;
use super::object_of;
use super::temporary;
use super::whole;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::SledStore;
use crate::store::Store;
use crate::store::StoredBody;

#[derive(Clone, Debug)]
enum Operation {
    AddBucket(&'static str),
    ChangeBucket(&'static str, usize),
    RemoveBucket(&'static str),
    Put(&'static str, &'static str, Bytes, Expectation),
    /// A body that is written and then dropped.
    Forget(Bytes),
    Change(&'static str, &'static str, usize),
    Remove(&'static str, &'static str, Expectation),
    /// Opens an object and reads it at the end, or before the store is opened again.
    Open(&'static str, &'static str),
    CloseReaders,
    List(&'static str, From),
    Reopen,
}

#[derive(Clone, Copy, Debug)]
struct Bytes {
    seed: u64,
    size: usize,
}

#[derive(Clone, Copy, Debug)]
enum Expectation {
    Anything,
    Absent,
    Current,
    Other,
}

const NAMES: [&str; 2] = ["one", "two"];
const KEYS: [&str; 6] = ["a", "a\0", "a/b", "a/c", "b", "\u{10ffff}"];

fn operation() -> impl Strategy<Value = Operation> {
    let name = || prop::sample::select(NAMES.to_vec());
    let key = || prop::sample::select(KEYS.to_vec());
    let bytes = || {
        let sizes = prop_oneof![0..=1_100usize, 1_025..=SPILL_ABOVE, SPILL_ABOVE..=60_000];
        (0..1_000u64, sizes).prop_map(|(seed, size)| Bytes { seed, size })
    };
    let expectation = || {
        prop_oneof![
            6 => Just(Expectation::Anything),
            1 => Just(Expectation::Absent),
            2 => Just(Expectation::Current),
            1 => Just(Expectation::Other),
        ]
    };
    let from = || {
        (0..3, prop::sample::select(vec!["", "a", "a\0", "a/", "b", "c"])).prop_map(|(kind, at)| {
            match kind {
                0 => From::At(at.to_owned()),
                1 => From::After(at.to_owned()),
                _ => From::AfterPrefix(at.to_owned()),
            }
        })
    };
    prop_oneof![
        2 => name().prop_map(Operation::AddBucket),
        1 => (name(), 0..300usize).prop_map(|(name, tags)| Operation::ChangeBucket(name, tags)),
        1 => name().prop_map(Operation::RemoveBucket),
        12 => (name(), key(), bytes(), expectation())
            .prop_map(|(name, key, bytes, expect)| Operation::Put(name, key, bytes, expect)),
        1 => bytes().prop_map(Operation::Forget),
        3 => (name(), key(), 0..300usize)
            .prop_map(|(name, key, tags)| Operation::Change(name, key, tags)),
        5 => (name(), key(), expectation())
            .prop_map(|(name, key, expect)| Operation::Remove(name, key, expect)),
        3 => (name(), key()).prop_map(|(name, key)| Operation::Open(name, key)),
        1 => Just(Operation::CloseReaders),
        3 => (name(), from()).prop_map(|(name, from)| Operation::List(name, from)),
        1 => Just(Operation::Reopen),
    ]
}

/// The two stores, and what is read from the real one meanwhile.
struct Both {
    model: ModelStore,
    /// `None` only while it is opened again.
    real: Option<SledStore>,
    folder: Option<TempDir>,
    readers: Vec<(Arc<dyn StoredBody>, Vec<u8>)>,
}

impl Both {
    fn new(folder: Option<TempDir>) -> Self {
        let real = folder.as_ref().map_or_else(temporary, |folder| kept_in(folder.path()));
        let both = Self { model: ModelStore::default(), real: Some(real), folder, readers: vec![] };
        // Most operations want a bucket that is there.
        both.same(|store| store.add_bucket(bucket_named(NAMES[0])).unwrap());
        both
    }

    fn real(&self) -> &SledStore {
        self.real.as_ref().unwrap()
    }

    #[track_caller]
    fn same<T: PartialEq + std::fmt::Debug>(&self, ask: impl Fn(&dyn Store) -> T) {
        assert_eq!(ask(self.real()), ask(&self.model));
    }

    fn run(&mut self, operation: Operation) {
        match operation {
            Operation::AddBucket(name) => {
                self.same(|store| store.add_bucket(bucket_named(name)).unwrap());
            }
            Operation::ChangeBucket(name, grants) => {
                self.same(|store| {
                    store.change_bucket(name, &mut |to| many_grants(to, grants)).unwrap()
                });
            }
            Operation::RemoveBucket(name) => {
                self.same(|store| store.remove_bucket(name).unwrap());
            }
            Operation::Forget(Bytes { seed, size }) => {
                drop(keep(self.real(), &bytes_of(seed, size)));
            }
            Operation::Put(name, key, bytes, expect) => self.in_bucket(name, |store, bucket| {
                put(store, bucket, key, bytes, &expected(store, bucket, key, expect))
            }),
            Operation::Change(name, key, tags) => self.in_bucket(name, |store, bucket| {
                store.change_object(bucket, key, &mut |object| many_tags(object, tags)).unwrap()
            }),
            Operation::Remove(name, key, expect) => self.in_bucket(name, |store, bucket| {
                store.remove(bucket, key, &expected(store, bucket, key, expect)).unwrap()
            }),
            Operation::Open(name, key) => self.open(name, key),
            Operation::CloseReaders => self.close_readers(),
            Operation::List(name, from) => self.in_bucket(name, |store, bucket| {
                store.objects(bucket, &from).map(Result::unwrap).collect::<Vec<_>>()
            }),
            Operation::Reopen => self.reopen(),
        }
    }

    #[track_caller]
    fn in_bucket<T: PartialEq + std::fmt::Debug>(
        &self,
        name: &str,
        ask: impl Fn(&dyn Store, &Bucket) -> T,
    ) {
        self.same(|store| store.bucket(name).unwrap().map(|bucket| ask(store, &bucket)));
    }

    fn open(&mut self, name: &str, key: &str) {
        let open = |store: &dyn Store| store.open(&*store.bucket(name).unwrap()?, key).unwrap();
        match (open(self.real()), open(&self.model)) {
            (None, None) => {}
            (Some((object, body)), Some((of_model, bytes))) => {
                assert_eq!(object, of_model);
                self.readers.push((body, whole(&*bytes)));
            }
            (real, model) => panic!("{:?} {:?}", real.map(|it| it.0), model.map(|it| it.0)),
        }
    }

    fn close_readers(&mut self) {
        for (body, bytes) in self.readers.drain(..) {
            assert!(whole(&*body) == bytes, "what a reader has opened has changed");
        }
    }

    fn reopen(&mut self) {
        if let Some(folder) = &self.folder {
            let path: &Path = folder.path();
            let path = path.to_owned();
            self.close_readers();
            self.real = None;
            self.real = Some(kept_in(&path));
        }
    }

    fn end(mut self) {
        self.same(|store| store.buckets().unwrap());
        for name in NAMES {
            self.in_bucket(name, |store, bucket| {
                let all = store.objects(bucket, &From::At(String::new())).map(Result::unwrap);
                let with_bytes = all.map(|(key, object)| {
                    let (opened, body) = store.open(bucket, &key).unwrap().unwrap();
                    assert_eq!(opened, object);
                    (key, object, whole(&*body))
                });
                with_bytes.collect::<Vec<_>>()
            });
        }
        self.close_readers();
        self.real().assert_nothing_is_left_over();
    }
}

fn put(store: &dyn Store, bucket: &Bucket, key: &str, bytes: Bytes, expect: &Expect) -> Outcome {
    let bytes = bytes_of(bytes.seed, bytes.size);
    store.publish(bucket, key, object_of(&bytes), keep(store, &bytes), expect).unwrap()
}

fn expected(store: &dyn Store, bucket: &Bucket, key: &str, expect: Expectation) -> Expect {
    match expect {
        Expectation::Anything => Expect::Anything,
        Expectation::Absent => Expect::Absent,
        Expectation::Other => Expect::Etag("other".to_owned()),
        Expectation::Current => {
            let current = store.object(bucket, key).unwrap();
            Expect::Etag(current.map_or_else(String::new, |object| object.etag))
        }
    }
}

fn many_tags(object: &mut Object, count: usize) {
    object.tags = (0..count).map(|n| (format!("tag {n}"), "v".repeat(60))).collect();
}

fn many_grants(bucket: &mut Bucket, count: usize) {
    let grant = bucket.acl.grants.first().cloned();
    bucket.acl.grants = grant.into_iter().cycle().take(count.max(1)).collect();
}

fn both_say_the_same(folder: Option<TempDir>, operations: Vec<Operation>) {
    let mut both = Both::new(folder);
    for operation in operations {
        both.run(operation);
    }
    both.end();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn a_temporary_store_does_as_the_model_does(
        operations in prop::collection::vec(operation(), 1..80),
    ) {
        both_say_the_same(None, operations);
    }

    #[test]
    fn a_store_that_stays_does_as_the_model_does(
        operations in prop::collection::vec(operation(), 1..80),
    ) {
        both_say_the_same(Some(tempfile::tempdir().unwrap()), operations);
    }
}
