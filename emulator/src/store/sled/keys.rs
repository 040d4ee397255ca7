//! How records are named, so that the order of the names is the order of a listing.
//!
//! ```text
//! buckets    world ++ name
//! versions   world ++ bucket id ++ escaped key ++ 00 00 ++ inverted sequence number
//! bodies     body id ++ number of the piece
//! owners     body id ++ tree ++ name of the record
//! garbage    body id
//! uploads    world ++ bucket id ++ escaped key ++ 00 00 ++ upload id
//! parts      id of the upload's parts ++ number of the part
//! ```
//!
//! Numbers are written big end first. A zero byte in a key becomes `00 FF`, and the key ends with
//! `00 00`, so that no key begins another. The sequence number of a newer version is greater, and
//! so its name stands first: the first record of a key is the current one.

use super::bodies::BodyId;
use crate::store::From;

/// The world of an emulator. Forks of it get further numbers.
const WORLD: u32 = 0;

/// Which record a body belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Bucket(Vec<u8>),
    Version(Vec<u8>),
    Upload(Vec<u8>),
    Part(Vec<u8>),
    /// No record, but the body that lists the parts of an object: its id.
    List(Vec<u8>),
}

/// The name of a bucket's record.
pub(super) fn bucket(name: &str) -> Vec<u8> {
    let mut at = all_buckets();
    at.extend_from_slice(name.as_bytes());
    at
}

/// What the names of all buckets' records begin with.
pub(super) fn all_buckets() -> Vec<u8> {
    WORLD.to_be_bytes().to_vec()
}

/// What the names of all versions of a key begin with, and no others.
pub(super) fn versions_of(bucket_id: u64, key: &str) -> Vec<u8> {
    let mut at = begins_with(bucket_id, key);
    at.extend_from_slice(&KEY_END);
    at
}

/// The name of a version's record.
pub(super) fn version(versions_of: &[u8], sequence: u64) -> Vec<u8> {
    let mut at = versions_of.to_vec();
    at.extend_from_slice(&(!sequence).to_be_bytes());
    at
}

/// The key and the sequence number in the name of a version's record.
pub(super) fn read_version(at: &[u8]) -> Option<(String, u64)> {
    let (escaped, sequence) = at.get(BUCKET_BYTES..)?.split_last_chunk::<8>()?;
    let mut key = Vec::with_capacity(escaped.len());
    let mut bytes = escaped.strip_suffix(&KEY_END)?.iter();
    while let Some(&byte) = bytes.next() {
        key.push(byte);
        if byte == 0 && bytes.next() != Some(&ESCAPED_ZERO) {
            return None;
        }
    }
    Some((String::from_utf8(key).ok()?, !u64::from_be_bytes(*sequence)))
}

/// The name without its sequence number: what all versions of the same key begin with.
pub(super) fn without_sequence(at: &[u8]) -> &[u8] {
    &at[..at.len().saturating_sub(8)]
}

/// Whether two names are of versions of one key.
pub(super) fn is_same_key(a: &[u8], b: &[u8]) -> bool {
    without_sequence(a) == without_sequence(b)
}

/// The first name after those of all versions of the key that this one belongs to.
pub(super) fn after_key(at: &[u8]) -> Vec<u8> {
    after_all(without_sequence(at).to_vec())
}

/// The names of the versions of a bucket from a place in its listing on: at least, and below.
pub(super) fn listing(bucket_id: u64, from: &From) -> (Vec<u8>, Vec<u8>) {
    let start = match from {
        From::At(key) => versions_of(bucket_id, key),
        From::After(key) => after_all(versions_of(bucket_id, key)),
        From::AfterPrefix(prefix) => after_all(begins_with(bucket_id, prefix)),
    };
    (start, after_all(begins_with(bucket_id, "")))
}

/// The name of an upload's record.
pub(super) fn upload(bucket_id: u64, key: &str, id: &str) -> Vec<u8> {
    let mut at = versions_of(bucket_id, key);
    at.extend_from_slice(id.as_bytes());
    at
}

/// The id of the bucket, the key and the upload's id in the name of an upload's record.
pub(super) fn read_upload(at: &[u8]) -> Option<(u64, String, String)> {
    let (_, rest) = at.split_first_chunk::<4>()?;
    let (bucket_id, rest) = rest.split_first_chunk::<8>()?;
    let mut key = Vec::with_capacity(rest.len());
    let mut bytes = rest.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte == 0 && bytes.next()? != ESCAPED_ZERO {
            let id = String::from_utf8(bytes.collect()).ok()?;
            return Some((u64::from_be_bytes(*bucket_id), String::from_utf8(key).ok()?, id));
        }
        key.push(byte);
    }
    None
}

/// What the names of all uploads of a bucket begin with.
pub(super) fn uploads_in(bucket_id: u64) -> Vec<u8> {
    begins_with(bucket_id, "")
}

/// The names of the uploads of a bucket from a place on: at least, and below.
pub(super) fn uploads(bucket_id: u64, from: &From, after_id: Option<&str>) -> (Vec<u8>, Vec<u8>) {
    let (start, end) = listing(bucket_id, from);
    match (from, after_id) {
        (From::After(key), Some(id)) => {
            let mut start = upload(bucket_id, key, id);
            start.push(0);
            (start, end)
        }
        _ => (start, end),
    }
}

/// The name of a part's record. It is short: sled would write a page of many long names into a file
/// of its own, which it would not give back.
pub(super) fn part(parts: BodyId, number: u32) -> Vec<u8> {
    piece(parts, number).to_vec()
}

/// The name of a piece of a body.
pub(super) fn piece(body: BodyId, number: u32) -> [u8; 20] {
    let mut at = [0; 20];
    at[..16].copy_from_slice(&body.to_bytes());
    at[16..].copy_from_slice(&number.to_be_bytes());
    at
}

/// The name of the row which says that a record owns a body.
pub(super) fn owner(body: BodyId, owner: &Owner) -> Vec<u8> {
    let (tree, record) = match owner {
        Owner::Bucket(at) => (b'b', at),
        Owner::Version(at) => (b'v', at),
        Owner::Upload(at) => (b'u', at),
        Owner::Part(at) => (b'p', at),
        Owner::List(at) => (b'l', at),
    };
    let mut at = body.to_bytes().to_vec();
    at.push(tree);
    at.extend_from_slice(record);
    at
}

/// The record that such a row names.
pub(super) fn read_owner(at: &[u8]) -> Option<Owner> {
    match at.get(16..)?.split_first()? {
        (b'b', record) => Some(Owner::Bucket(record.to_vec())),
        (b'v', record) => Some(Owner::Version(record.to_vec())),
        (b'u', record) => Some(Owner::Upload(record.to_vec())),
        (b'p', record) => Some(Owner::Part(record.to_vec())),
        (b'l', record) => Some(Owner::List(record.to_vec())),
        _ => None,
    }
}

const BUCKET_BYTES: usize = size_of_val(&WORLD) + size_of::<u64>();
const KEY_END: [u8; 2] = [0, 0];
const ESCAPED_ZERO: u8 = 0xff;

fn begins_with(bucket_id: u64, prefix: &str) -> Vec<u8> {
    let mut at = Vec::with_capacity(BUCKET_BYTES + prefix.len() + 10);
    at.extend_from_slice(&WORLD.to_be_bytes());
    at.extend_from_slice(&bucket_id.to_be_bytes());
    for &byte in prefix.as_bytes() {
        at.push(byte);
        if byte == 0 {
            at.push(ESCAPED_ZERO);
        }
    }
    at
}

/// The first name after all that begin with `prefix`.
fn after_all(mut prefix: Vec<u8>) -> Vec<u8> {
    while let Some(last) = prefix.pop() {
        if last < u8::MAX {
            prefix.push(last + 1);
            return prefix;
        }
    }
    // Only a prefix of nothing but 0xFF has no end, and a world's number does not begin so.
    vec![u8::MAX]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_newer_version_stands_before_an_older_one_and_after_lesser_keys() {
        let of = |key, sequence| version(&versions_of(7, key), sequence);
        let order = [of("", 1), of("\0", 1), of("a", 2), of("a", 1), of("a\0", 9), of("a\u{1}", 3)];
        assert!(order.is_sorted(), "{order:?}");
    }

    #[test]
    fn owners_are_read_as_written() {
        let body = BodyId { opening: 1, number: 2 };
        for record in [
            Owner::Bucket(bucket("b")),
            Owner::Version(versions_of(1, "k")),
            Owner::Upload(upload(1, "k", "id")),
            Owner::Part(part(body, 1)),
            Owner::List(body.to_bytes().to_vec()),
        ] {
            assert_eq!(read_owner(&owner(body, &record)), Some(record));
        }
        assert_eq!(read_owner(b"short"), None);
    }

    #[test]
    fn names_that_are_none_are_not_read() {
        let good = version(&versions_of(1, "a\0b"), 5);
        assert_eq!(read_version(&good), Some(("a\0b".to_owned(), 5)));
        for end in 0..good.len() {
            assert_eq!(read_version(&good[..end]), None, "{end}");
        }
    }

    #[test]
    fn uploads_are_named_and_found_by_key_and_id() {
        for (key, id) in [("k", "id"), ("", "i"), ("a\0\0b", "id"), ("\0", "")] {
            let at = upload(7, key, id);
            assert_eq!(read_upload(&at), Some((7, key.to_owned(), id.to_owned())));
            assert!(at.starts_with(&uploads_in(7)));
        }
        assert_eq!(read_upload(&uploads_in(7)), None);
        assert_eq!(read_upload(&begins_with(7, "k\0")), None);
        let (start, end) = uploads(7, &From::After("k".to_owned()), Some("b"));
        let is_in = |key, id| {
            let at = upload(7, key, id);
            start <= at && at < end
        };
        assert!(!is_in("k", "a") && !is_in("k", "b"));
        assert!(is_in("k", "b0") && is_in("k", "c") && is_in("k\0", "a"));
    }

    fn key() -> impl Strategy<Value = String> {
        let odd = prop::sample::select(vec!['\0', '\u{1}', 'a', 'ÿ', '\u{10ffff}']);
        prop::collection::vec(odd, 0..6).prop_map(String::from_iter)
    }

    fn named(key: &str, sequence: u64) -> Vec<u8> {
        version(&versions_of(3, key), sequence)
    }

    proptest! {
        #[test]
        fn names_are_ordered_as_keys_are(
            (a, b) in (key(), key()),
            (x, y) in (any::<u64>(), any::<u64>()),
        ) {
            prop_assert_eq!(read_version(&named(&a, x)), Some((a.clone(), x)));
            prop_assert_eq!(named(&a, x).cmp(&named(&b, y)), (&a, !x).cmp(&(&b, !y)));
        }

        #[test]
        fn a_listing_begins_where_it_should(key in key(), mark in key()) {
            let name = named(&key, 1);
            let holds = |from: From| {
                let (start, end) = listing(3, &from);
                start <= name && name < end
            };
            prop_assert_eq!(holds(From::At(mark.clone())), key >= mark);
            prop_assert_eq!(holds(From::After(mark.clone())), key > mark);
            let is_after = key > mark && !key.starts_with(&mark);
            prop_assert_eq!(holds(From::AfterPrefix(mark)), is_after);
        }
    }
}
