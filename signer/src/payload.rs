//! `Payload`: what `x-amz-content-sha256` promises about the body.

use std::borrow::Cow;

use sha2::Digest;
use sha2::Sha256;

const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
const SIGNED_CHUNKS: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const SIGNED_CHUNKS_WITH_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
const UNSIGNED_CHUNKS_WITH_TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

/// How the body comes, and what proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payload {
    /// As it is, with this SHA-256.
    Sha256([u8; 32]),
    /// As it is, unproved.
    Unsigned,
    /// In chunks, each signed.
    SignedChunks,
    /// In chunks, each signed, and a signed trailer.
    SignedChunksWithTrailer,
    /// In chunks and a trailer, unproved.
    UnsignedChunksWithTrailer,
}

impl Payload {
    /// Reads the value of `x-amz-content-sha256`.
    ///
    /// The two literals of `AWS4-ECDSA-P256-SHA256` are not among them: `SigV4a` is not offered.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            UNSIGNED => Some(Self::Unsigned),
            SIGNED_CHUNKS => Some(Self::SignedChunks),
            SIGNED_CHUNKS_WITH_TRAILER => Some(Self::SignedChunksWithTrailer),
            UNSIGNED_CHUNKS_WITH_TRAILER => Some(Self::UnsignedChunksWithTrailer),
            _ => sha256_from_hex(text).map(Self::Sha256),
        }
    }

    /// The promise that fits a whole body.
    pub fn of(body: &[u8]) -> Self {
        Self::Sha256(Sha256::digest(body).into())
    }

    /// The value of `x-amz-content-sha256`.
    pub fn header_value(&self) -> Cow<'static, str> {
        match self {
            Self::Sha256(hash) => Cow::Owned(hex::encode(hash)),
            Self::Unsigned => Cow::Borrowed(UNSIGNED),
            Self::SignedChunks => Cow::Borrowed(SIGNED_CHUNKS),
            Self::SignedChunksWithTrailer => Cow::Borrowed(SIGNED_CHUNKS_WITH_TRAILER),
            Self::UnsignedChunksWithTrailer => Cow::Borrowed(UNSIGNED_CHUNKS_WITH_TRAILER),
        }
    }

    /// Whether the body is framed (`aws-chunked`).
    pub fn is_chunked(&self) -> bool {
        self.has_signed_chunks() || *self == Self::UnsignedChunksWithTrailer
    }

    /// Whether each chunk carries a signature.
    pub fn has_signed_chunks(&self) -> bool {
        matches!(self, Self::SignedChunks | Self::SignedChunksWithTrailer)
    }

    /// Whether header-like lines may follow the last chunk.
    pub fn has_trailer(&self) -> bool {
        matches!(self, Self::SignedChunksWithTrailer | Self::UnsignedChunksWithTrailer)
    }
}

/// Only lower-case digits count: the value is a line of the canonical request as it is.
fn sha256_from_hex(text: &str) -> Option<[u8; 32]> {
    let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    let mut hash = [0; 32];
    (is_lower && hex::decode_to_slice(text, &mut hash).is_ok()).then_some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_promise_reads_back_as_it_is_written() {
        for payload in [
            Payload::of(b""),
            Payload::Unsigned,
            Payload::SignedChunks,
            Payload::SignedChunksWithTrailer,
            Payload::UnsignedChunksWithTrailer,
        ] {
            assert_eq!(Payload::parse(&payload.header_value()), Some(payload));
        }
    }

    #[test]
    fn other_values_promise_nothing() {
        let upper = Payload::of(b"").header_value().to_uppercase();
        for text in ["", "required", "STREAMING-UNSIGNED-PAYLOAD", "e3b0c442", upper.as_str()] {
            assert_eq!(Payload::parse(text), None, "{text}");
        }
    }
}
