//! Records as bytes, kept so short that sled never moves one into a file, which it would not
//! give back.
//!
//! A record is the length of its head, the head as MessagePack, and then the body, if that is
//! short. The long parts of a head that does not fit move into a body of their own.

use std::mem;

use serde::Deserialize;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::bodies::Body;
use super::bodies::BodyId;
use super::bodies::Place;
use super::failed;
use crate::names::Acl;
use crate::names::Encryption;
use crate::store::Bucket;
use crate::store::BucketSettings;
use crate::store::Object;
use crate::store::StoreError;

/// A record and its name together have at most this many bytes, for the same reason as pieces of
/// bodies have: see [`super::bodies::PIECE_BYTES`]. The longest name of a key of 1024 bytes, a body
/// in the record and what cannot be moved take less.
pub(super) const RECORD_BYTES_MAX: usize = 4 * 1024;

/// What stands in front of the body in an object's record.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ObjectHead {
    pub(super) object: Object,
    /// Where the bytes are, unless they follow in the record.
    pub(super) body: Option<Body>,
    /// Where the long parts of `object` are, which are empty then.
    moved: Option<BodyId>,
}

#[derive(Debug, Serialize, Deserialize)]
struct BucketHead {
    bucket: Bucket,
    moved: Option<BodyId>,
}

/// The parts of an object that can be long.
#[derive(Serialize, Deserialize)]
struct LongParts {
    headers: Vec<(String, String)>,
    metadata: Vec<(String, String)>,
    tags: Vec<(String, String)>,
    acl: Acl,
    encryption: Encryption,
}

/// The parts of a bucket that can be long.
#[derive(Serialize, Deserialize)]
struct LongPartsOfBucket {
    acl: Acl,
    settings: BucketSettings,
}

/// A record, and the body with the parts that it has no room for.
#[derive(Debug)]
pub(super) struct Encoded {
    pub(super) record: Vec<u8>,
    pub(super) moved: Option<(BodyId, Vec<u8>)>,
}

/// The bytes of an object.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'a> {
    Inline(&'a [u8]),
    Apart(Body),
}

/// A record of an object with the name `at`; `new_id` names the body for long parts.
pub(super) fn encode_object(
    at: &[u8],
    object: Object,
    content: Content<'_>,
    new_id: impl FnOnce() -> BodyId,
) -> Result<Encoded, StoreError> {
    let (body, inline) = match content {
        Content::Inline(bytes) => (None, bytes),
        Content::Apart(body) => (Some(body), &[][..]),
    };
    let mut head = ObjectHead { object, body, moved: None };
    if let Some(record) = record(at, &head, inline)? {
        return Ok(Encoded { record, moved: None });
    }
    let parts = take_long_parts(&mut head.object)?;
    let id = new_id();
    head.moved = Some(id);
    let record = record(at, &head, inline)?.ok_or_else(too_long)?;
    Ok(Encoded { record, moved: Some((id, parts)) })
}

/// Takes the long parts out of an object, as the bytes of a body.
pub(super) fn take_long_parts(object: &mut Object) -> Result<Vec<u8>, StoreError> {
    bytes_of(&LongParts {
        headers: mem::take(&mut object.headers),
        metadata: mem::take(&mut object.metadata),
        tags: mem::take(&mut object.tags),
        acl: mem::take(&mut object.acl),
        encryption: mem::take(&mut object.encryption),
    })
}

/// Puts them back.
pub(super) fn put_long_parts_back(object: &mut Object, bytes: &[u8]) -> Result<(), StoreError> {
    let parts: LongParts = value_of(bytes)?;
    object.headers = parts.headers;
    object.metadata = parts.metadata;
    object.tags = parts.tags;
    object.acl = parts.acl;
    object.encryption = parts.encryption;
    Ok(())
}

/// An object's head, and where its body begins if that follows.
pub(super) fn decode_object(record: &[u8]) -> Result<(ObjectHead, usize), StoreError> {
    decode(record)
}

impl ObjectHead {
    /// The body with the object's long parts.
    pub(super) fn moved(&self) -> Option<Body> {
        self.moved.map(in_pieces)
    }

    /// All bodies that the record names.
    pub(super) fn bodies(&self) -> impl Iterator<Item = Body> + use<> {
        self.body.into_iter().chain(self.moved())
    }

    /// The whole object, given the body with its long parts.
    pub(super) fn complete(mut self, moved: Option<&[u8]>) -> Result<Object, StoreError> {
        if let Some(bytes) = moved {
            put_long_parts_back(&mut self.object, bytes)?;
        }
        Ok(self.object)
    }
}

/// A record of a bucket with the name `at`.
pub(super) fn encode_bucket(
    at: &[u8],
    bucket: &Bucket,
    new_id: impl FnOnce() -> BodyId,
) -> Result<Encoded, StoreError> {
    let mut head = BucketHead { bucket: bucket.clone(), moved: None };
    if let Some(record) = record(at, &head, &[])? {
        return Ok(Encoded { record, moved: None });
    }
    let parts = LongPartsOfBucket {
        acl: mem::take(&mut head.bucket.acl),
        settings: mem::take(&mut head.bucket.settings),
    };
    let id = new_id();
    head.moved = Some(id);
    let record = record(at, &head, &[])?.ok_or_else(too_long)?;
    Ok(Encoded { record, moved: Some((id, bytes_of(&parts)?)) })
}

/// The body with the long parts of a bucket's record.
pub(super) fn moved_of_bucket(record: &[u8]) -> Result<Option<Body>, StoreError> {
    let (head, _) = decode::<BucketHead>(record)?;
    Ok(head.moved.map(in_pieces))
}

/// A bucket, given the body with its long parts.
pub(super) fn decode_bucket(record: &[u8], moved: Option<&[u8]>) -> Result<Bucket, StoreError> {
    let (mut head, _) = decode::<BucketHead>(record)?;
    if let Some(bytes) = moved {
        let parts: LongPartsOfBucket = value_of(bytes)?;
        head.bucket.acl = parts.acl;
        head.bucket.settings = parts.settings;
    }
    Ok(head.bucket)
}

pub(super) fn in_pieces(id: BodyId) -> Body {
    Body { id, place: Place::Pieces }
}

/// The record, if it is short enough.
pub(super) fn record<T: Serialize>(
    at: &[u8],
    head: &T,
    inline: &[u8],
) -> Result<Option<Vec<u8>>, StoreError> {
    let head = bytes_of(head)?;
    let Ok(length) = u16::try_from(head.len()) else { return Ok(None) };
    let mut record = Vec::with_capacity(2 + head.len() + inline.len());
    record.extend_from_slice(&length.to_be_bytes());
    record.extend_from_slice(&head);
    record.extend_from_slice(inline);
    Ok((at.len() + record.len() <= RECORD_BYTES_MAX).then_some(record))
}

pub(super) fn decode<T: DeserializeOwned>(record: &[u8]) -> Result<(T, usize), StoreError> {
    let (length, rest) = record.split_first_chunk::<2>().ok_or_else(cut_off)?;
    let length = usize::from(u16::from_be_bytes(*length));
    Ok((value_of(rest.get(..length).ok_or_else(cut_off)?)?, 2 + length))
}

pub(super) fn bytes_of<T: Serialize>(value: &T) -> Result<Vec<u8>, StoreError> {
    rmp_serde::to_vec(value).map_err(failed("write a record"))
}

pub(super) fn value_of<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, StoreError> {
    rmp_serde::from_slice(bytes).map_err(failed("read a record"))
}

pub(super) fn too_long() -> StoreError {
    failed("write a record")("it is too long, even without its long parts")
}

fn cut_off() -> StoreError {
    failed("read a record")("it is cut off")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract::bucket_named;
    use crate::store::contract::object_of;

    const ID: BodyId = BodyId { opening: 1, number: 2 };

    #[track_caller]
    fn check(object: &Object, content: Content<'_>) {
        let at = [7; 2060];
        let encoded = encode_object(&at, object.clone(), content, || ID).unwrap();
        assert!(at.len() + encoded.record.len() <= RECORD_BYTES_MAX);
        let (head, start) = decode_object(&encoded.record).unwrap();
        match content {
            Content::Inline(bytes) => assert_eq!(&encoded.record[start..], bytes),
            Content::Apart(body) => assert_eq!(head.body, Some(body)),
        }
        assert_eq!(head.moved().map(|body| body.id), encoded.moved.as_ref().map(|moved| moved.0));
        let moved = encoded.moved.as_ref().map(|moved| &moved.1[..]);
        assert_eq!(head.complete(moved).unwrap(), *object);
    }

    #[test]
    fn objects_are_read_as_written() {
        let mut object = object_of(b"some bytes");
        let apart = Content::Apart(Body { id: ID, place: Place::File });
        check(&object, apart);
        check(&object, Content::Inline(&[]));
        check(&object, Content::Inline(&[9; 1024]));
        object.metadata = vec![("long".to_owned(), "m".repeat(70_000))];
        check(&object, apart);
        check(&object, Content::Inline(&[9; 1024]));
    }

    #[test]
    fn a_short_record_names_no_other_body() {
        let encoded = encode_bucket(b"at", &bucket_named("short"), || ID).unwrap();
        assert!(encoded.moved.is_none());
        assert_eq!(moved_of_bucket(&encoded.record).unwrap(), None);
    }

    #[test]
    fn a_record_that_is_none_is_an_error() {
        let encoded = encode_bucket(b"at", &bucket_named("short"), || ID).unwrap();
        for end in 0..encoded.record.len() {
            assert!(decode_bucket(&encoded.record[..end], None).is_err(), "{end}");
        }
    }

    #[test]
    fn what_does_not_fit_anyhow_is_an_error() {
        let mut object = object_of(b"");
        object.etag = "e".repeat(RECORD_BYTES_MAX);
        assert!(encode_object(b"at", object, Content::Inline(&[]), || ID).is_err());
    }
}
