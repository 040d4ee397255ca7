//! Random operations on the real store and on the model: both must say the same.

mod operation;

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use tempfile::TempDir;

use self::operation::Bytes;
use self::operation::Expectation;
use self::operation::NAMES;
use self::operation::Operation;
use self::operation::Pick;
use self::operation::operation;
use super::bucket_named;
use super::bytes_of;
use super::keep;
use super::kept_in;
use super::model::ModelStore;
use super::object_of;
use super::outcome;
use super::remove_if;
use super::temporary;
use super::uploads;
use super::whole;
use crate::names::VersionId;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::FromVersion;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::SledStore;
use crate::store::Store;
use crate::store::StoredBody;
use crate::store::Which;

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
            Operation::SetVersioning(name, to) => {
                self.same(|store| {
                    let mut change = |bucket: &mut Bucket| bucket.settings.versioning = Some(to);
                    store.change_bucket(name, &mut change).unwrap()
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
            Operation::Change(name, key, pick, tags) => self.in_bucket(name, |store, bucket| {
                let which = picked(store, bucket, key, pick);
                let mut change = |object: &mut Object| many_tags(object, tags);
                store.change_object(bucket, key, which, &mut change).unwrap()
            }),
            Operation::Remove(name, key, expect) => self.in_bucket(name, |store, bucket| {
                remove_if(store, bucket, key, &expected(store, bucket, key, expect))
            }),
            Operation::RemoveVersion(name, key, pick) => self.in_bucket(name, |store, bucket| {
                let Which::Version(version) = picked(store, bucket, key, pick) else { return None };
                let removed = store.remove_version(bucket, key, version, &mut |_| true).unwrap();
                Some(removed.map(without_id))
            }),
            Operation::Open(name, key, pick) => self.open(name, key, pick),
            Operation::CloseReaders => self.close_readers(),
            Operation::Begin(name, key, id, tags) => self.in_bucket(name, |store, bucket| {
                let mut upload = uploads::upload_of("name");
                many_tags(&mut upload.object, tags);
                // Nothing else may have the id.
                let is_new = store.upload(bucket, key, &id.to_string()).unwrap().is_none();
                is_new.then(|| store.begin_upload(bucket, key, &id.to_string(), upload).unwrap())
            }),
            Operation::PutPart(name, key, id, number, bytes) => {
                self.in_bucket(name, |store, bucket| {
                    let bytes = bytes_of(bytes.seed, bytes.size);
                    let part = uploads::part_of(number, &bytes);
                    let body = keep(store, &bytes);
                    store.put_part(bucket, key, &id.to_string(), part, body).unwrap()
                });
            }
            Operation::Complete(name, key, id, expect) => self.in_bucket(name, |store, bucket| {
                complete(store, bucket, key, &id.to_string(), expect)
            }),
            Operation::End(name, key, id) => self.in_bucket(name, |store, bucket| {
                store.end_upload(bucket, key, &id.to_string()).unwrap()
            }),
            Operation::ListUploads(name, from, id) => self.in_bucket(name, |store, bucket| {
                let id = id.map(|id| id.to_string());
                let uploads = store.uploads(bucket, &from, id.as_deref()).map(Result::unwrap);
                let with_parts = uploads.map(|(key, id, upload)| {
                    let parts = store.parts(bucket, &key, &id, 0, 9).unwrap();
                    (key, id, upload, parts)
                });
                with_parts.collect::<Vec<_>>()
            }),
            Operation::List(name, from) => self.in_bucket(name, |store, bucket| {
                let all = store.objects(bucket, &from).map(Result::unwrap);
                all.map(|(key, object)| (key, without_id(object))).collect::<Vec<_>>()
            }),
            Operation::ListVersions(name, from) => self.in_bucket(name, |store, bucket| {
                walked(store, bucket, &FromVersion::Key(from.clone()))
            }),
            Operation::ListVersionsAfter(name, key, pick) => {
                self.in_bucket(name, |store, bucket| match picked(store, bucket, key, pick) {
                    Which::Current => Vec::new(),
                    Which::Version(version) => {
                        walked(store, bucket, &FromVersion::After(key.to_owned(), version))
                    }
                });
            }
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

    fn open(&mut self, name: &str, key: &str, pick: Pick) {
        let open = |store: &dyn Store| {
            let bucket = store.bucket(name).unwrap()?;
            store.open_version(&bucket, key, picked(store, &bucket, key, pick)).unwrap()
        };
        match (open(self.real()), open(&self.model)) {
            (None, None) => {}
            (Some((object, body)), Some((of_model, bytes))) => {
                assert_eq!(without_id(object), without_id(of_model));
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
                let from = FromVersion::Key(From::At(String::new()));
                let all = store.versions(bucket, &from).map(Result::unwrap);
                let with_bytes = all.map(|(key, version)| {
                    let which = Which::Version(version.object.version);
                    let (opened, body) = store.open_version(bucket, &key, which).unwrap().unwrap();
                    assert_eq!(opened, version.object);
                    (key, without_id(opened), version.is_latest, whole(&*body))
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
    outcome(store.publish(bucket, key, object_of(&bytes), keep(store, &bytes), expect).unwrap())
}

fn picked(store: &dyn Store, bucket: &Bucket, key: &str, pick: Pick) -> Which {
    match pick {
        Pick::Current => Which::Current,
        Pick::Null => Which::Version(VersionId::Null),
        Pick::Nth(at) => {
            let from = FromVersion::Key(From::At(key.to_owned()));
            let versions = store.versions(bucket, &from).map(Result::unwrap);
            let mut of_key = versions.take_while(|(found, _)| found == key);
            // One that nobody has made.
            let none = VersionId::Made { sequence: 1_000_000, random: [7, 7] };
            Which::Version(of_key.nth(at).map_or(none, |(_, version)| version.object.version))
        }
    }
}

fn walked(store: &dyn Store, bucket: &Bucket, from: &FromVersion) -> Vec<(String, Object, bool)> {
    let all = store.versions(bucket, from).map(Result::unwrap);
    all.map(|(key, version)| (key, without_id(version.object), version.is_latest)).collect()
}

/// Each store makes ids of its own.
fn without_id(mut object: Object) -> Object {
    if object.version != VersionId::Null {
        object.version = VersionId::Made { sequence: 0, random: [0, 0] };
    }
    object
}

fn complete(
    store: &dyn Store,
    bucket: &Bucket,
    key: &str,
    id: &str,
    expect: Expectation,
) -> Option<Outcome> {
    let upload = store.upload(bucket, key, id).unwrap()?;
    let parts = store.parts(bucket, key, id, 0, 9).unwrap()?;
    let mut object = uploads::object_in_parts(id, b"", parts.len());
    object.size = parts.iter().map(|part| part.size).sum();
    let what = Box::new(expected(store, bucket, key, expect));
    let expect = match *what {
        Expect::Anything => Expect::Anything,
        _ => Expect::Since { what, found: upload.found },
    };
    Some(outcome(store.complete_upload(bucket, key, id, &parts, object, &expect).unwrap()))
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
