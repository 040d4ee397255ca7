//! The operations, and how they are drawn.

use proptest::prelude::*;

use crate::store::From;
use crate::store::Versioning;
use crate::store::contract::SPILL_ABOVE;

#[derive(Clone, Debug)]
pub(super) enum Operation {
    AddBucket(&'static str),
    ChangeBucket(&'static str, usize),
    SetVersioning(&'static str, Versioning),
    RemoveBucket(&'static str),
    Put(&'static str, &'static str, Bytes, Expectation),
    /// A body that is written and then dropped.
    Forget(Bytes),
    Change(&'static str, &'static str, Pick, usize),
    Remove(&'static str, &'static str, Expectation),
    RemoveVersion(&'static str, &'static str, Pick),
    /// Opens a version and reads it at the end, or before the store is opened again.
    Open(&'static str, &'static str, Pick),
    CloseReaders,
    /// The number is that of the upload's id.
    Begin(&'static str, &'static str, u32, usize),
    PutPart(&'static str, &'static str, u32, u32, Bytes),
    /// With all parts.
    Complete(&'static str, &'static str, u32, Expectation),
    End(&'static str, &'static str, u32),
    ListUploads(&'static str, From, Option<u32>),
    List(&'static str, From),
    ListVersions(&'static str, From),
    ListVersionsAfter(&'static str, &'static str, Pick),
    Reopen,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes {
    pub(super) seed: u64,
    pub(super) size: usize,
}

/// Which version of a key: the ids of both stores are not the same.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pick {
    Current,
    Null,
    /// The newest is the first.
    Nth(usize),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Expectation {
    Anything,
    Absent,
    Current,
    Other,
}

pub(super) const NAMES: [&str; 2] = ["one", "two"];
const KEYS: [&str; 6] = ["a", "a\0", "a/b", "a/c", "b", "\u{10ffff}"];

pub(super) fn operation() -> impl Strategy<Value = Operation> {
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
    let pick = || {
        prop_oneof![
            2 => Just(Pick::Current),
            1 => Just(Pick::Null),
            3 => (0..4usize).prop_map(Pick::Nth),
        ]
    };
    let versioning = || prop::sample::select(vec![Versioning::Enabled, Versioning::Suspended]);
    prop_oneof![
        2 => name().prop_map(Operation::AddBucket),
        1 => (name(), 0..300usize).prop_map(|(name, tags)| Operation::ChangeBucket(name, tags)),
        2 => (name(), versioning()).prop_map(|(name, to)| Operation::SetVersioning(name, to)),
        1 => name().prop_map(Operation::RemoveBucket),
        12 => (name(), key(), bytes(), expectation())
            .prop_map(|(name, key, bytes, expect)| Operation::Put(name, key, bytes, expect)),
        1 => bytes().prop_map(Operation::Forget),
        3 => (name(), key(), pick(), 0..300usize)
            .prop_map(|(name, key, pick, tags)| Operation::Change(name, key, pick, tags)),
        5 => (name(), key(), expectation())
            .prop_map(|(name, key, expect)| Operation::Remove(name, key, expect)),
        4 => (name(), key(), pick())
            .prop_map(|(name, key, pick)| Operation::RemoveVersion(name, key, pick)),
        3 => (name(), key(), pick()).prop_map(|(name, key, pick)| Operation::Open(name, key, pick)),
        1 => Just(Operation::CloseReaders),
        4 => (name(), key(), 0..2u32, 0..300usize)
            .prop_map(|(name, key, id, tags)| Operation::Begin(name, key, id, tags)),
        8 => (name(), key(), 0..2u32, 1..4u32, bytes())
            .prop_map(|(name, key, id, number, bytes)| Operation::PutPart(name, key, id, number, bytes)),
        4 => (name(), key(), 0..2u32, expectation())
            .prop_map(|(name, key, id, expect)| Operation::Complete(name, key, id, expect)),
        2 => (name(), key(), 0..2u32).prop_map(|(name, key, id)| Operation::End(name, key, id)),
        2 => (name(), from(), prop::option::of(0..2u32))
            .prop_map(|(name, from, id)| Operation::ListUploads(name, from, id)),
        3 => (name(), from()).prop_map(|(name, from)| Operation::List(name, from)),
        2 => (name(), from()).prop_map(|(name, from)| Operation::ListVersions(name, from)),
        2 => (name(), key(), pick())
            .prop_map(|(name, key, pick)| Operation::ListVersionsAfter(name, key, pick)),
        1 => Just(Operation::Reopen),
    ]
}
