//! A process that is killed while it writes: what it had acknowledged is there, whole, and nothing
//! else is left.
//!
//! The test runs itself as the process that is killed.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::env;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::path::Path;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;

use crate::config::Durability;
use crate::names::VersionId;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::FromVersion;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Settings;
use crate::store::SledStore;
use crate::store::Store;
use crate::store::Versioning;
use crate::store::Which;
use crate::store::contract::add;
use crate::store::contract::bytes_of;
use crate::store::contract::keep;
use crate::store::contract::object_of;
use crate::store::contract::remove_if;
use crate::store::contract::set_versioning;
use crate::store::contract::uploads;
use crate::store::contract::whole;

#[test]
fn what_was_acknowledged_survives_a_kill() {
    kill_and_look("what_was_acknowledged_survives_a_kill", Keeps::Nothing);
}

#[test]
fn versions_survive_a_kill() {
    kill_and_look("versions_survive_a_kill", Keeps::Versions);
}

/// What the bucket keeps of what is overwritten.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keeps {
    Nothing,
    /// Now and then, so that all kinds of versions come together in a key.
    Versions,
}

#[allow(clippy::disallowed_methods)] // How the child learns that it is one.
fn kill_and_look(test: &str, keeps: Keeps) {
    if let Some(folder) = env::var_os(FOLDER) {
        let round = env::var(ROUND).unwrap().parse().unwrap();
        return write_until_killed(Path::new(&folder), round, keeps);
    }
    let folder = tempfile::tempdir().unwrap();
    add(&open(folder.path()), "b");
    let mut expected = Expected::default();
    for round in 1..=ROUNDS {
        let mut writer = start_writer(test, folder.path(), round);
        // Now early, now late, so that segments of sled's log fill up and are used again.
        expected.read_until_killed(&mut writer, 1 + scatter(round) % 300);
        let store = open(folder.path());
        expected.check(&store);
        check_versions(&store);
        check_uploads(&store);
        store.assert_nothing_is_left_over();
    }
}

const FOLDER: &str = "STUNTBUCKET_TEST_CRASH_FOLDER";
const ROUND: &str = "STUNTBUCKET_TEST_CRASH_ROUND";
const ROUNDS: u64 = 24;
const WRITERS: u64 = 4;
const KEYS: u64 = 6;

fn open(folder: &Path) -> SledStore {
    let settings = Settings {
        data_dir: Some(folder.to_owned()),
        spill_above: 64 * 1024,
        durability: Durability::Process,
    };
    SledStore::open(settings).unwrap()
}

fn start_writer(test: &str, folder: &Path, round: u64) -> Child {
    // The name of a test begins after that of its crate.
    let (_, room) = module_path!().split_once("::").unwrap();
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg(format!("{room}::{test}"))
        .env(FOLDER, folder)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn write_until_killed(folder: &Path, round: u64, keeps: Keeps) {
    let store = open(folder);
    let bucket = store.bucket("b").unwrap().unwrap();
    let versions = AtomicU64::new(round << 32);
    thread::scope(|threads| {
        for writer in 0..WRITERS {
            let (store, bucket, versions) = (&store, &bucket, &versions);
            threads.spawn(move || write(store, bucket, writer, versions));
        }
        if keeps == Keeps::Versions {
            threads.spawn(|| change_versioning(&store, &bucket));
        }
    });
}

/// Lets the bucket keep versions and not, and removes such as are hidden by newer ones.
fn change_versioning(store: &SledStore, bucket: &Bucket) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for turn in 0.. {
        let to = [Versioning::Enabled, Versioning::Suspended][turn % 2];
        set_versioning(store, "b", to);
        let all = store.versions(bucket, &FromVersion::Key(From::At(String::new())));
        let hidden = all.map(Result::unwrap).filter(|(_, version)| !version.is_latest);
        for (key, version) in hidden.skip(turn % 3).step_by(3) {
            let id = version.object.version;
            // A null version may have become the current one meanwhile.
            if id != VersionId::Null {
                let _ = store.remove_version(bucket, &key, id, &mut |_| true).unwrap();
            }
        }
        runtime.block_on(store.settled()).unwrap();
    }
}

/// Every version is whole, and no key has two that are called `null`.
fn check_versions(store: &SledStore) {
    let bucket = store.bucket("b").unwrap().unwrap();
    let mut nulls = BTreeSet::new();
    for item in store.versions(&bucket, &FromVersion::Key(From::At(String::new()))) {
        let (key, version) = item.unwrap();
        let which = Which::Version(version.object.version);
        let (object, body) = store.open_version(&bucket, &key, which).unwrap().unwrap();
        assert_eq!(object, version.object);
        let bytes = whole(&*body);
        assert_eq!(bytes.len() as u64, object.size);
        assert!(object.is_delete_marker || object_of(&bytes).etag == object.etag);
        assert!(object.version != VersionId::Null || nulls.insert(key), "two nulls");
    }
}

/// No upload is open whose object is there.
fn check_uploads(store: &SledStore) {
    let bucket = store.bucket("b").unwrap().unwrap();
    for item in store.uploads(&bucket, &From::At(String::new()), None) {
        let (key, id, _) = item.unwrap();
        let current = store.object(&bucket, &key).unwrap();
        let multipart = current.and_then(|object| object.multipart);
        assert!(multipart.is_none_or(|multipart| multipart.upload != id), "{key} {id}");
    }
}

fn write(store: &SledStore, bucket: &Bucket, writer: u64, versions: &AtomicU64) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    loop {
        let version = versions.fetch_add(1, Ordering::Relaxed);
        // The writers share no key, so that the order of the lines is the order of the writes.
        let key = format!("{writer}-{}", scatter(version) % KEYS);
        let is_removal = scatter(version + 1).is_multiple_of(5);
        tell(&format!("begin {key} {}", if is_removal { 0 } else { version }));
        if is_removal {
            let outcome = remove_if(store, bucket, &key, &Expect::Anything);
            assert!(matches!(outcome, Outcome::Done | Outcome::NoKey));
        } else {
            let (object, bytes) = object_at(&key, version);
            let id = version.to_string();
            let outcome = if object.multipart.is_some() {
                uploads::begin(store, bucket, &key, &id);
                let part = |(number, bytes): (u32, &[u8])| {
                    uploads::put_part(store, bucket, (&key, &id), number, bytes)
                };
                let parts: Vec<_> = (1..).zip(bytes.chunks(90_000)).map(part).collect();
                store.complete_upload(bucket, &key, &id, &parts, object, &Expect::Anything)
            } else {
                store.publish(bucket, &key, object, keep(store, &bytes), &Expect::Anything)
            };
            assert!(outcome.unwrap().is_ok());
        }
        runtime.block_on(store.settled()).unwrap();
        tell(&format!("done {key}"));
    }
}

fn tell(line: &str) {
    // In one piece, past the harness. Nobody listens any more once the test has failed.
    if io::stdout().lock().write_all(format!("\n{MARK}{line}\n").as_bytes()).is_err() {
        std::process::exit(1);
    }
}

const MARK: &str = "crash: ";

/// The object that a version of a key is: its size and its bytes follow from both.
fn object_at(key: &str, version: u64) -> (Object, Vec<u8>) {
    let seed = key.bytes().fold(version, |seed, byte| scatter(seed ^ u64::from(byte)));
    let bound = [1_000, 7_000, 60_000, 700_000][(seed % 4) as usize];
    let size = usize::try_from(scatter(seed) % bound).unwrap();
    let bytes = bytes_of(seed, size);
    let mut object = object_of(&bytes);
    object.metadata.push(("version".to_owned(), version.to_string()));
    if seed.is_multiple_of(7) {
        object.metadata.push(("long".to_owned(), "m".repeat(9_000)));
    }
    if scatter(version + 2).is_multiple_of(3) {
        object.multipart = uploads::object_in_parts(&version.to_string(), b"", 1).multipart;
    }
    (object, bytes)
}

fn scatter(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 8
}

/// What must be there. Version 0 is no object.
#[derive(Default)]
struct Expected {
    acknowledged: BTreeMap<String, u64>,
    /// May have happened or not.
    begun: BTreeMap<String, u64>,
}

impl Expected {
    fn read_until_killed(&mut self, writer: &mut Child, acknowledgements: u64) {
        let mut left = acknowledgements;
        for line in BufReader::new(writer.stdout.take().unwrap()).lines() {
            // The last line may be cut off.
            let line = line.unwrap();
            let Some(words) = line.strip_prefix(MARK) else { continue };
            match words.split(' ').collect::<Vec<_>>()[..] {
                ["begin", key, version] => {
                    self.begun.insert(key.to_owned(), version.parse().unwrap());
                }
                ["done", key] => {
                    if let Some(version) = self.begun.remove(key) {
                        self.acknowledged.insert(key.to_owned(), version);
                    }
                    left = left.saturating_sub(1);
                    if left == 0 {
                        writer.kill().unwrap();
                    }
                }
                _ => panic!("{line}"),
            }
        }
        assert!(!writer.wait().unwrap().success());
        assert_eq!(left, 0, "the writer has ended too early");
    }

    fn check(&mut self, store: &SledStore) {
        let bucket = store.bucket("b").unwrap().unwrap();
        let mut found = BTreeMap::new();
        for item in store.objects(&bucket, &From::At(String::new())) {
            let (key, object) = item.unwrap();
            let version = object.metadata.iter().find(|(name, _)| name == "version").unwrap();
            let version = version.1.parse().unwrap();
            let (written, bytes) = object_at(&key, version);
            let (opened, body) = store.open(&bucket, &key).unwrap().unwrap();
            let written = Object { version: object.version, ..written };
            assert!(object == written && opened == written, "the record of {key} is torn");
            assert!(whole(&*body) == bytes, "the body of {key} is torn");
            found.insert(key, version);
        }
        for (key, version) in &self.begun {
            if found.get(key).copied().unwrap_or(0) == *version {
                self.acknowledged.insert(key.clone(), *version);
            }
        }
        self.begun.clear();
        self.acknowledged.retain(|_, version| *version != 0);
        assert_eq!(found, self.acknowledged);
    }
}
