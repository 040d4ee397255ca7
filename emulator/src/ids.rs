//! Ids that nobody can construct beforehand: of requests, hosts and buckets' secrets.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use sha2::Digest;
use sha2::Sha256;
use stuntbucket_signer::Timestamp;

/// Makes the ids of one emulator.
#[derive(Debug)]
pub(crate) struct Ids {
    random: AtomicU64,
    /// How many uploads were begun.
    uploads: AtomicU64,
}

/// The two ids that S3 gives every answer.
#[derive(Clone, Debug)]
pub(crate) struct RequestIds {
    /// `x-amz-request-id`: 16 upper-case letters and digits.
    pub(crate) request_id: String,
    /// `x-amz-id-2`: text as of base64.
    pub(crate) host_id: String,
}

impl RequestIds {
    /// The id of the same request in the form in which other services of AWS give it.
    pub(crate) fn uuid(&self) -> String {
        let digest = Sha256::digest(&self.host_id);
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        // Version 4, variant 1, as RFC 9562 has them.
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let hex = hex::encode(bytes);
        [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
    }
}

const REQUEST_ID_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const HOST_ID_ALPHABET: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// In the order of the bytes.
const UPLOAD_ID_ALPHABET: &[u8; 64] =
    b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const UPLOAD_ID_LETTERS: usize = 128;
/// So many letters of an upload's id keep its place among the others: 102 bits.
const ORDER_LETTERS: usize = 17;

impl Ids {
    /// Ids that differ from those of every other emulator.
    pub(crate) fn random() -> Self {
        // Without a source of randomness the ids are still unique within this emulator.
        let random = AtomicU64::new(getrandom::u64().unwrap_or_default());
        Self { random, uploads: AtomicU64::new(0) }
    }

    /// The ids of the next request.
    pub(crate) fn next(&self) -> RequestIds {
        RequestIds {
            request_id: self.text(REQUEST_ID_ALPHABET, 16),
            host_id: self.text(HOST_ID_ALPHABET, 76),
        }
    }

    /// The id of a rule to which its author gave none: 48 characters, as S3's have.
    pub(crate) fn rule(&self) -> String {
        self.text(HOST_ID_ALPHABET, 48)
    }

    /// 32 hexadecimal digits in place of an MD5 that nobody can compute.
    pub(crate) fn digest(&self) -> String {
        format!("{:016x}{:016x}", self.number(), self.number())
    }

    /// A number that no other write has.
    pub(crate) fn stamp(&self) -> u64 {
        self.number()
    }

    /// The id of an upload that begins now. Ids of later uploads are greater, by their bytes.
    pub(crate) fn upload(&self, now: Timestamp) -> String {
        let seconds = u64::try_from(now.unix()).unwrap_or_default();
        let order =
            (u128::from(seconds) << 64) | u128::from(self.uploads.fetch_add(1, Ordering::Relaxed));
        let mut id = String::with_capacity(UPLOAD_ID_LETTERS);
        for digit in (0..ORDER_LETTERS).rev() {
            let six_bits = (order >> (6 * digit)) & 63;
            id.push(char::from(UPLOAD_ID_ALPHABET[usize::try_from(six_bits).unwrap_or_default()]));
        }
        id.push_str(&self.text(UPLOAD_ID_ALPHABET, UPLOAD_ID_LETTERS - ORDER_LETTERS));
        id
    }

    fn text<const N: usize>(&self, alphabet: &[u8; N], length: usize) -> String {
        let mut text = String::with_capacity(length);
        let mut bits = 0;
        for index in 0..length {
            // Ten characters of six bits fit into a number.
            if index % 10 == 0 {
                bits = self.number();
            }
            let size = alphabet.len() as u64;
            // Less than the alphabet's size, which is a `usize`.
            text.push(char::from(alphabet[usize::try_from(bits % size).unwrap_or_default()]));
            bits /= size;
        }
        text
    }

    /// The next number of the splitmix64 sequence: cheap, without a lock, never the same twice.
    fn number(&self) -> u64 {
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut z = self.random.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_those_of_s3_and_do_not_repeat() {
        let ids = Ids::random();
        let (one, two) = (ids.next(), ids.next());
        assert_eq!((one.request_id.len(), one.host_id.len()), (16, 76));
        assert!(one.request_id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
        assert_ne!(one.request_id, two.request_id);
        assert_ne!(one.host_id, two.host_id);
    }

    #[test]
    fn ids_of_uploads_are_long_and_in_order() {
        let ids = Ids::random();
        let at = Timestamp::from_unix;
        let order: Vec<_> = [1, 1, 2, 1_700_000_000, 1_700_000_001, 1_700_000_001]
            .map(|seconds| ids.upload(at(seconds)))
            .into();
        assert!(order.is_sorted(), "{order:?}");
        assert!(order.iter().all(|id| id.len() == 128));
    }
}
