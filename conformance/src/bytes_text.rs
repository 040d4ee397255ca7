//! Bytes in JSON: as text where they are UTF-8, else as `base64:...`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::Deserializer;
use serde::Serializer;
use serde::de::Error;

const MARK: &str = "base64:";

pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.starts_with(MARK) => serializer.serialize_str(text),
        _ => serializer.serialize_str(&format!("{MARK}{}", STANDARD.encode(bytes))),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    match text.strip_prefix(MARK) {
        Some(encoded) => STANDARD.decode(encoded).map_err(D::Error::custom),
        None => Ok(text.into_bytes()),
    }
}
