//! Timestamps are written as seconds since 1970.

use serde::Deserialize;
use serde::Deserializer;
use serde::Serializer;
use stuntbucket_signer::Timestamp;

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for this signature.
pub(crate) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i64(at.unix())
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
    i64::deserialize(from).map(Timestamp::from_unix)
}
