//! The digester: all that S3 wants to know of a body, in one pass over its bytes.

use md5::Md5;
use sha1::Sha1;
use sha2::Digest;
use sha2::Sha256;

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
    /// The digester's own SHA-256 serves as the checksum.
    Sha256,
}

impl Digester {
    /// Begins before the first byte.
    pub(crate) fn new(sha256: Sha256Wanted, checksum: ChecksumAlgorithm) -> Self {
        let crc = |algorithm| Running::Crc(checksum, Box::new(crc_fast::Digest::new(algorithm)));
        let running = match checksum {
            ChecksumAlgorithm::Crc32 => crc(crc_fast::CrcAlgorithm::Crc32IsoHdlc),
            ChecksumAlgorithm::Crc32c => crc(crc_fast::CrcAlgorithm::Crc32Iscsi),
            ChecksumAlgorithm::Crc64Nvme => crc(crc_fast::CrcAlgorithm::Crc64Nvme),
            ChecksumAlgorithm::Sha1 => Running::Sha1(Sha1::new()),
            ChecksumAlgorithm::Sha256 => Running::Sha256,
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
            Running::Sha256 => {}
        }
    }

    /// Ends after the last byte.
    pub(crate) fn finish(self) -> Digests {
        let sha256: Option<[u8; 32]> = self.sha256.map(|sha256| sha256.finalize().into());
        let checksum = match self.checksum {
            Running::Crc(algorithm, crc) => {
                // A CRC stands in the low bytes, and S3 writes it with the highest byte first.
                let bytes = crc.finalize().to_be_bytes();
                Checksum::of(algorithm, &bytes[bytes.len() - algorithm.bytes()..])
            }
            Running::Sha1(sha1) => Checksum::of(ChecksumAlgorithm::Sha1, &sha1.finalize()),
            Running::Sha256 => Checksum::of(ChecksumAlgorithm::Sha256, &sha256.unwrap_or_default()),
        };
        Digests { md5: self.md5.finalize().into(), sha256, checksum, bytes: self.bytes }
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
