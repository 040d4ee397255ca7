//! Digests of objects in parts, made of the digests of their parts.

use md5::Md5;

use super::Checksum;
use super::ChecksumAlgorithm;
use super::Digester;
use super::Sha256Wanted;
use crate::digest::digester::crc_of;

/// A part, as far as its object's digests are made of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Joint<'a> {
    /// Its MD5 in hex.
    pub(crate) etag: &'a str,
    pub(crate) checksum: &'a Checksum,
    /// In bytes.
    pub(crate) size: u64,
}

/// The entity tag: the MD5 of the parts' MD5s, and how many they are.
pub(crate) fn etag_of_parts<'a>(etags: impl IntoIterator<Item = &'a str>) -> String {
    use md5::Digest;
    let mut md5 = Md5::new();
    let mut count = 0;
    for etag in etags {
        md5.update(hex::decode(etag).unwrap_or_default());
        count += 1;
    }
    format!("{}-{count}", hex::encode(md5.finalize()))
}

/// The checksum of the parts' checksums.
pub(crate) fn composite(algorithm: ChecksumAlgorithm, parts: &[Joint<'_>]) -> Checksum {
    let mut digester = Digester::new(Sha256Wanted::No, algorithm);
    for part in parts {
        digester.update(&part.checksum.bytes());
    }
    digester.finish().checksum
}

/// The checksum of all bytes, made of those of the parts. `None` where the algorithm, or a part
/// with another one, does not allow it.
pub(crate) fn full_object(algorithm: ChecksumAlgorithm, parts: &[Joint<'_>]) -> Option<Checksum> {
    let crc = crc_of(algorithm)?;
    let mut whole = crc_fast::checksum(crc, b"");
    for part in parts {
        if part.checksum.algorithm != algorithm {
            return None;
        }
        let value = part.checksum.bytes().iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
        whole = crc_fast::checksum_combine(crc, whole, value, part.size);
    }
    let bytes = whole.to_be_bytes();
    Some(Checksum::of(algorithm, &bytes[bytes.len() - algorithm.bytes()..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::digest::Digests;

    const MIB_5: usize = 5 * 1024 * 1024;

    fn digests(algorithm: ChecksumAlgorithm, bytes: &[u8]) -> Digests {
        let mut digester = Digester::new(Sha256Wanted::No, algorithm);
        digester.update(bytes);
        digester.finish()
    }

    struct Parts(Vec<(Digests, String)>);

    impl Parts {
        fn of(algorithm: ChecksumAlgorithm, parts: &[&[u8]]) -> Self {
            let parts = parts.iter().map(|bytes| digests(algorithm, bytes));
            Self(parts.map(|digests| (digests.clone(), digests.etag())).collect())
        }

        fn joints(&self) -> Vec<Joint<'_>> {
            let joint = |(digests, etag)| {
                let Digests { checksum, bytes, .. }: &Digests = digests;
                let etag: &String = etag;
                Joint { etag, checksum, size: *bytes }
            };
            self.0.iter().map(|(digests, etag)| joint((digests, etag))).collect()
        }
    }

    /// Three parts of 5 MiB, from Ceph's s3-tests, whose values those of S3 are.
    #[test]
    fn objects_in_parts_have_the_digests_of_s3() {
        let parts = [b'A', b'B', b'C'].map(|letter| vec![letter; MIB_5]);
        let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        let crc32 = Parts::of(ChecksumAlgorithm::Crc32, &parts);
        let values: Vec<_> = crc32.0.iter().map(|(digests, _)| &*digests.checksum.value).collect();
        assert_eq!(values, ["JRTCyQ==", "QoZTGg==", "YAgjqw=="]);
        assert_eq!(composite(ChecksumAlgorithm::Crc32, &crc32.joints()).value, "Z+ry2Q==");
        let full = full_object(ChecksumAlgorithm::Crc32, &crc32.joints());
        assert_eq!(full.unwrap().value, "WgDhBQ==");
        let etags = crc32.joints();
        let etags = etags.iter().map(|part| part.etag);
        assert_eq!(etag_of_parts(etags), "b2add96cc9702bbf4efb0ccdfc6b7747-3");
        let crc64 = Parts::of(ChecksumAlgorithm::Crc64Nvme, &parts);
        let full = full_object(ChecksumAlgorithm::Crc64Nvme, &crc64.joints());
        assert_eq!(full.unwrap().value, "i+6LR0y3eFo=");
        let sha256 = Parts::of(ChecksumAlgorithm::Sha256, &parts);
        let value = composite(ChecksumAlgorithm::Sha256, &sha256.joints()).value;
        assert_eq!(value, "uWBwpe1dxI4Vw8Gf0X9ynOdw/SS6VBzfWm9giiv1sf4=");
        assert_eq!(full_object(ChecksumAlgorithm::Sha256, &sha256.joints()), None);
        assert_eq!(full_object(ChecksumAlgorithm::Crc32, &crc64.joints()), None);
    }

    proptest! {
        #[test]
        fn a_full_checksum_does_not_tell_of_parts(
            parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..5),
        ) {
            let whole = parts.concat();
            let parts: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
            for algorithm in [
                ChecksumAlgorithm::Crc32,
                ChecksumAlgorithm::Crc32c,
                ChecksumAlgorithm::Crc64Nvme,
            ] {
                let full = full_object(algorithm, &Parts::of(algorithm, &parts).joints());
                prop_assert_eq!(full, Some(digests(algorithm, &whole).checksum));
            }
        }
    }
}
