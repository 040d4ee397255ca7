//! Uploads, parts, and lists of parts as bytes.

use serde::Deserialize;
use serde::Serialize;

use crate::store::Part;
use crate::store::StoreError;
use crate::store::Upload;
use crate::store::sled::bodies::Body;
use crate::store::sled::bodies::BodyId;
use crate::store::sled::encode;
use crate::store::sled::encode::Content;
use crate::store::sled::encode::Encoded;

/// What an upload's record says.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::store::sled) struct UploadHead {
    /// `None` of an upload that has ended, and whose parts are being removed.
    upload: Option<Upload>,
    /// By which its parts are named.
    pub(in crate::store::sled) parts: BodyId,
    /// Where the long parts of its object are, which are empty then.
    moved: Option<BodyId>,
}

#[derive(Serialize, Deserialize)]
struct PartHead {
    part: Part,
    /// Where the bytes are, unless they follow in the record.
    body: Option<Body>,
}

/// Where the bytes of a part of an object are.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Bytes {
    Inline(Vec<u8>),
    Apart(Body),
}

/// The parts of an object, in order, with their bytes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct List {
    pub(super) parts: Vec<Part>,
    pub(super) bytes: Vec<Bytes>,
}

/// A record of an upload with the name `at`; `new_id` names its parts, and the body for the long
/// ones of its object.
pub(super) fn encode_upload(
    at: &[u8],
    upload: Upload,
    new_id: impl Fn() -> BodyId,
) -> Result<Encoded, StoreError> {
    let mut head = UploadHead { upload: Some(upload), parts: new_id(), moved: None };
    if let Some(record) = encode::record(at, &head, &[])? {
        return Ok(Encoded { record, moved: None });
    }
    let parts = match &mut head.upload {
        Some(upload) => encode::take_long_parts(&mut upload.object)?,
        None => Vec::new(),
    };
    let id = new_id();
    head.moved = Some(id);
    let record = encode::record(at, &head, &[])?.ok_or_else(encode::too_long)?;
    Ok(Encoded { record, moved: Some((id, parts)) })
}

/// The record of an upload that has ended.
pub(in crate::store::sled) fn ended(parts: BodyId) -> Result<Vec<u8>, StoreError> {
    let head = UploadHead { upload: None, parts, moved: None };
    encode::record(&[], &head, &[])?.ok_or_else(encode::too_long)
}

pub(in crate::store::sled) fn decode_upload(record: &[u8]) -> Result<UploadHead, StoreError> {
    Ok(encode::decode(record)?.0)
}

impl UploadHead {
    /// Whether it has not ended.
    pub(super) fn is_open(&self) -> bool {
        self.upload.is_some()
    }

    /// The body with the object's long parts.
    pub(super) fn moved(&self) -> Option<Body> {
        self.moved.map(encode::in_pieces)
    }

    /// The whole upload, given the body with its long parts.
    pub(super) fn complete(mut self, moved: Option<&[u8]>) -> Result<Option<Upload>, StoreError> {
        if let (Some(upload), Some(bytes)) = (&mut self.upload, moved) {
            encode::put_long_parts_back(&mut upload.object, bytes)?;
        }
        Ok(self.upload)
    }
}

/// The body that the record of an upload names.
pub(in crate::store::sled) fn moved_of_upload(record: &[u8]) -> Result<Option<Body>, StoreError> {
    Ok(decode_upload(record)?.moved())
}

/// How long the names of parts are.
const PART_NAME_BYTES: usize = 20;

/// A record of a part.
pub(super) fn encode_part(part: Part, content: Content<'_>) -> Result<Vec<u8>, StoreError> {
    let (body, inline) = match content {
        Content::Inline(bytes) => (None, bytes),
        Content::Apart(body) => (Some(body), &[][..]),
    };
    encode::record(&[0; PART_NAME_BYTES], &PartHead { part, body }, inline)?
        .ok_or_else(encode::too_long)
}

/// A part, and where its bytes are.
pub(super) fn decode_part(record: &[u8]) -> Result<(Part, Bytes), StoreError> {
    let (PartHead { part, body }, start) = encode::decode(record)?;
    let inline = || record.get(start..).unwrap_or_default().to_vec();
    Ok((part, body.map_or_else(|| Bytes::Inline(inline()), Bytes::Apart)))
}

/// The body that the record of a part names.
pub(in crate::store::sled) fn body_of_part(record: &[u8]) -> Result<Option<Body>, StoreError> {
    Ok(encode::decode::<PartHead>(record)?.0.body)
}

impl List {
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, StoreError> {
        encode::bytes_of(self)
    }

    pub(super) fn read(bytes: &[u8]) -> Result<Self, StoreError> {
        encode::value_of(bytes)
    }

    /// The bodies of the parts that have one.
    pub(super) fn bodies(&self) -> impl Iterator<Item = Body> + '_ {
        self.bytes.iter().filter_map(|bytes| match bytes {
            Bytes::Inline(_) => None,
            Bytes::Apart(body) => Some(*body),
        })
    }
}
