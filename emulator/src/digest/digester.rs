//! The digester: all that S3 wants to know of a body, in one pass over its bytes.

use crc_fast::CrcAlgorithm;
use md5::Md5;
use sha1::Sha1;
use sha2::Digest;
use sha2::Sha256;
use sha2::Sha512;
use xxhash_rust::xxh3::Xxh3;
use xxhash_rust::xxh64::Xxh64;

use super::Checksum;
use super::ChecksumAlgorithm;

/// Computes the digests of bytes that come in pieces.
pub(crate) struct Digester {
    md5: Md5,
    sha256: Option<Sha256>,
    checksum: Running,
    bytes: u64,
}

/// Whether the SHA-256 is asked for, besides the one that a checksum may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sha256Wanted {
    Yes,
    No,
}

/// The digests of a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Digests {
    pub(crate) md5: [u8; 16],
    /// There if it was wanted.
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) checksum: Checksum,
    /// How many there were.
    pub(crate) bytes: u64,
}

/// A checksum on its way.
enum Running {
    Crc(ChecksumAlgorithm, Box<crc_fast::Digest>),
    Sha1(Sha1),
    Sha512(Sha512),
    Xxhash64(Xxh64),
    Xxhash3(Box<Xxh3>),
    Xxhash128(Box<Xxh3>),
    /// The digester's own SHA-256 serves as the checksum.
    Sha256,
    /// So does its own MD5.
    Md5,
}

impl Digester {
    /// Begins before the first byte.
    pub(crate) fn new(sha256: Sha256Wanted, checksum: ChecksumAlgorithm) -> Self {
        let crc = |algorithm| Running::Crc(checksum, Box::new(crc_fast::Digest::new(algorithm)));
        let running = match checksum {
            ChecksumAlgorithm::Crc32 => crc(CrcAlgorithm::Crc32IsoHdlc),
            ChecksumAlgorithm::Crc32c => crc(CrcAlgorithm::Crc32Iscsi),
            ChecksumAlgorithm::Crc64Nvme => crc(CrcAlgorithm::Crc64Nvme),
            ChecksumAlgorithm::Sha1 => Running::Sha1(Sha1::new()),
            ChecksumAlgorithm::Sha256 => Running::Sha256,
            ChecksumAlgorithm::Sha512 => Running::Sha512(Sha512::new()),
            ChecksumAlgorithm::Md5 => Running::Md5,
            ChecksumAlgorithm::Xxhash64 => Running::Xxhash64(Xxh64::new(0)),
            ChecksumAlgorithm::Xxhash3 => Running::Xxhash3(Box::default()),
            ChecksumAlgorithm::Xxhash128 => Running::Xxhash128(Box::default()),
        };
        let needs_sha256 = sha256 == Sha256Wanted::Yes || checksum == ChecksumAlgorithm::Sha256;
        Self {
            md5: Md5::new(),
            sha256: needs_sha256.then(Sha256::new),
            checksum: running,
            bytes: 0,
        }
    }

    /// Takes the next bytes.
    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.md5.update(bytes);
        if let Some(sha256) = &mut self.sha256 {
            sha256.update(bytes);
        }
        match &mut self.checksum {
            Running::Crc(_, crc) => crc.update(bytes),
            Running::Sha1(sha1) => sha1.update(bytes),
            Running::Sha512(sha512) => sha512.update(bytes),
            Running::Xxhash64(xxhash) => xxhash.update(bytes),
            Running::Xxhash3(xxhash) | Running::Xxhash128(xxhash) => xxhash.update(bytes),
            Running::Sha256 | Running::Md5 => {}
        }
    }

    /// Ends after the last byte.
    pub(crate) fn finish(self) -> Digests {
        let sha256: Option<[u8; 32]> = self.sha256.map(|sha256| sha256.finalize().into());
        let md5: [u8; 16] = self.md5.finalize().into();
        let checksum = match self.checksum {
            Running::Crc(algorithm, crc) => {
                // A CRC stands in the low bytes, and S3 writes it with the highest byte first.
                let bytes = crc.finalize().to_be_bytes();
                Checksum::of(algorithm, &bytes[bytes.len() - algorithm.bytes()..])
            }
            Running::Sha1(sha1) => Checksum::of(ChecksumAlgorithm::Sha1, &sha1.finalize()),
            Running::Sha256 => Checksum::of(ChecksumAlgorithm::Sha256, &sha256.unwrap_or_default()),
            Running::Sha512(sha512) => Checksum::of(ChecksumAlgorithm::Sha512, &sha512.finalize()),
            Running::Md5 => Checksum::of(ChecksumAlgorithm::Md5, &md5),
            // In the order in which xxHash itself writes its values, the highest byte first.
            Running::Xxhash64(xxhash) => {
                Checksum::of(ChecksumAlgorithm::Xxhash64, &xxhash.digest().to_be_bytes())
            }
            Running::Xxhash3(xxhash) => {
                Checksum::of(ChecksumAlgorithm::Xxhash3, &xxhash.digest().to_be_bytes())
            }
            Running::Xxhash128(xxhash) => {
                Checksum::of(ChecksumAlgorithm::Xxhash128, &xxhash.digest128().to_be_bytes())
            }
        };
        Digests { md5, sha256, checksum, bytes: self.bytes }
    }
}

/// The CRC that an algorithm is, if it is one.
pub(super) const fn crc_of(algorithm: ChecksumAlgorithm) -> Option<CrcAlgorithm> {
    match algorithm {
        ChecksumAlgorithm::Crc32 => Some(CrcAlgorithm::Crc32IsoHdlc),
        ChecksumAlgorithm::Crc32c => Some(CrcAlgorithm::Crc32Iscsi),
        ChecksumAlgorithm::Crc64Nvme => Some(CrcAlgorithm::Crc64Nvme),
        ChecksumAlgorithm::Sha1
        | ChecksumAlgorithm::Sha256
        | ChecksumAlgorithm::Sha512
        | ChecksumAlgorithm::Md5
        | ChecksumAlgorithm::Xxhash64
        | ChecksumAlgorithm::Xxhash3
        | ChecksumAlgorithm::Xxhash128 => None,
    }
}

impl Digests {
    /// The entity tag of an object that was sent whole: its MD5 in hex, without quotes.
    pub(crate) fn etag(&self) -> String {
        hex::encode(self.md5)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digest(algorithm: ChecksumAlgorithm, pieces: &[&[u8]]) -> Digests {
        let mut digester = Digester::new(Sha256Wanted::No, algorithm);
        for piece in pieces {
            digester.update(piece);
        }
        digester.finish()
    }

    #[track_caller]
    fn check(data: &[u8], values: [&str; 5]) {
        for (algorithm, value) in ChecksumAlgorithm::ALL.into_iter().zip(values) {
            let digests = digest(algorithm, &[data]);
            assert_eq!(digests.checksum, Checksum { algorithm, value: value.to_owned() });
        }
    }

    /// Values that S3 answered with, recorded by LocalStack in `test_s3_checksum_*`.
    #[test]
    fn checksums_are_those_of_s3() {
        check(
            b"",
            [
                "AAAAAA==",
                "AAAAAA==",
                "AAAAAAAAAAA=",
                "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
                "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            ],
        );
        check(
            b"test data..",
            [
                "cZWHwQ==",
                "Pf4upw==",
                "qUVrWYOrIAM=",
                "B++3uSfJMSHWToQMQ1g6lIJY5Eo=",
                "2l26x0trnT0r2AvakoFk2MB7eKVKzYESLMxSAKAzoik=",
            ],
        );
        check(
            b"test-checksum",
            [
                "lVk/nw==",
                "Fz3epA==",
                "1f2xscCCZCU=",
                "jbXkHAsXUrubtL3dqDQ4w+7WXc0=",
                "1YQo81vx2VFUl0q5ccWISq8AkSBQQ0WO80S82TmfdIQ=",
            ],
        );
        // Pinned by argmin's tests against AWS.
        let digests = digest(ChecksumAlgorithm::Crc64Nvme, &[b"post-body"]);
        assert_eq!(digests.checksum.value, "1pmdgt0Q3gY=");
    }

    #[test]
    fn long_bodies_have_the_checksums_of_the_s3_tests() {
        // The parts of ceph/s3-tests' multipart checksums.
        for (letter, crc32, crc64) in [
            (b'A', "JRTCyQ==", "L/E4WYn8v98="),
            (b'B', "QoZTGg==", "xW1l19VobYM="),
            (b'C', "YAgjqw==", "cK5MnNaWrW4="),
        ] {
            let part = vec![letter; 5 * 1024 * 1024];
            let pieces: Vec<&[u8]> = part.chunks(65_521).collect();
            assert_eq!(digest(ChecksumAlgorithm::Crc32, &pieces).checksum.value, crc32);
            assert_eq!(digest(ChecksumAlgorithm::Crc64Nvme, &pieces).checksum.value, crc64);
        }
    }

    /// Values that the algorithms' own documents give for no bytes.
    #[test]
    fn newer_checksums_are_those_of_their_documents() {
        for (algorithm, hex) in [
            (
                ChecksumAlgorithm::Sha512,
                "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
                 47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
            ),
            (ChecksumAlgorithm::Md5, "d41d8cd98f00b204e9800998ecf8427e"),
            (ChecksumAlgorithm::Xxhash64, "ef46db3751d8e999"),
            (ChecksumAlgorithm::Xxhash3, "2d06800538d394c2"),
            (ChecksumAlgorithm::Xxhash128, "99aa06d3014798d86001c324468d497f"),
        ] {
            let expected = Checksum::of(algorithm, &hex::decode(hex).unwrap());
            assert_eq!(digest(algorithm, &[]).checksum, expected);
        }
    }

    #[test]
    fn the_sha256_is_there_when_it_is_wanted() {
        for (wanted, algorithm, is_there) in [
            (Sha256Wanted::Yes, ChecksumAlgorithm::Crc32, true),
            (Sha256Wanted::No, ChecksumAlgorithm::Crc32, false),
            (Sha256Wanted::Yes, ChecksumAlgorithm::Sha256, true),
            (Sha256Wanted::No, ChecksumAlgorithm::Sha256, true),
        ] {
            let digests = Digester::new(wanted, algorithm).finish();
            assert_eq!(digests.sha256.is_some(), is_there, "{wanted:?} {algorithm:?}");
            assert_eq!(digests.etag(), "d41d8cd98f00b204e9800998ecf8427e");
        }
    }

    proptest! {
        #[test]
        fn pieces_do_not_matter(data in prop::collection::vec(any::<u8>(), 0..500), at in 0..500usize) {
            let (left, right) = data.split_at(at.min(data.len()));
            for algorithm in ChecksumAlgorithm::ALL {
                prop_assert_eq!(
                    digest(algorithm, &[&data]),
                    digest(algorithm, &[left, &[], right])
                );
            }
        }
    }
}
