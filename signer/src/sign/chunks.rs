//! A body in chunks (`aws-chunked`), with trailers, signed or not.

use std::fmt::Write as _;

use sha2::Digest;
use sha2::Sha256;

use crate::canonical;
use crate::key::Signature;
use crate::key::SigningKey;
use crate::payload::Payload;
use crate::scope::Scope;
use crate::time::Timestamp;

const SIGNATURE_DIGITS: u64 = 64;
const CHUNK_SIGNATURE: &str = ";chunk-signature=";
const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature:";

/// Frames a body, chunk after chunk; each signature is made with the one before it.
///
/// Of signed chunks each but the last must have at least 8192 bytes.
#[derive(Clone, Debug)]
pub struct ChunkSigner {
    payload: Payload,
    key: SigningKey,
    at: Timestamp,
    scope: Scope,
    previous: Signature,
}

impl ChunkSigner {
    pub(super) fn new(
        payload: Payload,
        key: SigningKey,
        at: Timestamp,
        scope: Scope,
        seed: Signature,
    ) -> Self {
        Self { payload, key, at, scope, previous: seed }
    }

    /// One framed chunk. No data makes no chunk, since an empty one would end the body.
    pub fn chunk(&mut self, data: &[u8]) -> Vec<u8> {
        if data.is_empty() {
            return Vec::new();
        }
        let mut framed = self.size_line(data);
        framed.reserve(data.len() + 2);
        framed.extend_from_slice(data);
        framed.extend_from_slice(b"\r\n");
        framed
    }

    /// The last chunk, and the trailers if the payload has any: names and values.
    pub fn finish(mut self, trailers: &[(&str, &str)]) -> Vec<u8> {
        let mut framed = self.size_line(b"");
        if self.payload.has_trailer() {
            let mut signed = String::new();
            for (name, value) in trailers {
                let name = name.to_ascii_lowercase();
                framed.extend_from_slice(format!("{name}:{value}\r\n").as_bytes());
                // Writing to a `String` cannot fail.
                let _ = writeln!(signed, "{name}:{value}");
            }
            if self.payload.has_signed_chunks() && !trailers.is_empty() {
                let text =
                    canonical::trailer_string_to_sign(self.at, &self.scope, self.previous, &signed);
                let signature = self.key.sign(text.as_bytes());
                framed.extend_from_slice(format!("{TRAILER_SIGNATURE}{signature}\r\n").as_bytes());
            }
        }
        framed.extend_from_slice(b"\r\n");
        framed
    }

    /// How many bytes the framed body has: the `content-length` of the request. All chunks but
    /// the last have `chunk_bytes`, which is not 0.
    pub fn framed_len(
        decoded_bytes: u64,
        chunk_bytes: u64,
        trailers: &[(&str, &str)],
        payload: &Payload,
    ) -> u64 {
        let chunk_bytes = chunk_bytes.max(1);
        let signature = if payload.has_signed_chunks() {
            CHUNK_SIGNATURE.len() as u64 + SIGNATURE_DIGITS
        } else {
            0
        };
        let size_line = |bytes: u64| hex_digits(bytes) + signature + 2;
        let framed = |bytes: u64| size_line(bytes) + bytes + 2;
        let rest = decoded_bytes % chunk_bytes;
        let mut length = (decoded_bytes / chunk_bytes) * framed(chunk_bytes) + size_line(0) + 2;
        if rest > 0 {
            length += framed(rest);
        }
        if payload.has_trailer() && !trailers.is_empty() {
            let lines = trailers.iter().map(|(name, value)| name.len() + value.len() + 3);
            length += lines.sum::<usize>() as u64;
            if payload.has_signed_chunks() {
                length += TRAILER_SIGNATURE.len() as u64 + SIGNATURE_DIGITS + 2;
            }
        }
        length
    }

    fn size_line(&mut self, data: &[u8]) -> Vec<u8> {
        if !self.payload.has_signed_chunks() {
            return format!("{:x}\r\n", data.len()).into_bytes();
        }
        let sha256 = Sha256::digest(data).into();
        let text = canonical::chunk_string_to_sign(self.at, &self.scope, self.previous, &sha256);
        self.previous = self.key.sign(text.as_bytes());
        format!("{:x}{CHUNK_SIGNATURE}{}\r\n", data.len(), self.previous).into_bytes()
    }
}

fn hex_digits(number: u64) -> u64 {
    u64::from(number.checked_ilog2().unwrap_or(0) / 4 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sizes of the documentation's example and of its edition with a trailer.
    #[test]
    fn the_framed_length_is_known_beforehand() {
        let trailers = [("x-amz-checksum-crc32c", "sOO8/Q==")];
        for (decoded, payload, framed) in [
            (66_560, Payload::SignedChunks, 66_824),
            (66_560, Payload::SignedChunksWithTrailer, 66_946),
            (0, Payload::UnsignedChunksWithTrailer, 37),
        ] {
            assert_eq!(ChunkSigner::framed_len(decoded, 65_536, &trailers, &payload), framed);
        }
    }
}
