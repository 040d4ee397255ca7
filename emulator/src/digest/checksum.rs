//! A checksum and its algorithm, by all the names that S3 gives them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::Serialize;

/// An algorithm for `x-amz-checksum-*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum ChecksumAlgorithm {
    Crc32,
    Crc32c,
    Crc64Nvme,
    Sha1,
    Sha256,
    // Known to S3 since 2026.
    Sha512,
    Md5,
    Xxhash64,
    Xxhash3,
    Xxhash128,
}

impl ChecksumAlgorithm {
    /// All of them, in the order in which S3 lists them.
    pub(crate) const ALL: [Self; 10] = [
        Self::Crc32,
        Self::Crc32c,
        Self::Crc64Nvme,
        Self::Sha1,
        Self::Sha256,
        Self::Sha512,
        Self::Md5,
        Self::Xxhash64,
        Self::Xxhash3,
        Self::Xxhash128,
    ];

    /// Whether S3 has known it since 2026 only.
    pub(crate) fn is_of_2026(self) -> bool {
        matches!(self, Self::Sha512 | Self::Md5 | Self::Xxhash64 | Self::Xxhash3 | Self::Xxhash128)
    }

    /// Its name in documents, such as `CRC64NVME`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Crc32 => "CRC32",
            Self::Crc32c => "CRC32C",
            Self::Crc64Nvme => "CRC64NVME",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
            Self::Md5 => "MD5",
            Self::Xxhash64 => "XXHASH64",
            Self::Xxhash3 => "XXHASH3",
            Self::Xxhash128 => "XXHASH128",
        }
    }

    /// The header that carries its value, such as `x-amz-checksum-crc64nvme`.
    pub(crate) const fn header(self) -> &'static str {
        match self {
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32c => "x-amz-checksum-crc32c",
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
            Self::Sha512 => "x-amz-checksum-sha512",
            Self::Md5 => "x-amz-checksum-md5",
            Self::Xxhash64 => "x-amz-checksum-xxhash64",
            Self::Xxhash3 => "x-amz-checksum-xxhash3",
            Self::Xxhash128 => "x-amz-checksum-xxhash128",
        }
    }

    /// The length of its value, in bytes.
    pub(crate) const fn bytes(self) -> usize {
        match self {
            Self::Crc32 | Self::Crc32c => 4,
            Self::Crc64Nvme | Self::Xxhash64 | Self::Xxhash3 => 8,
            Self::Md5 | Self::Xxhash128 => 16,
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }

    /// The element that carries its value in documents, such as `ChecksumCRC64NVME`.
    pub(crate) const fn element(self) -> &'static str {
        match self {
            Self::Crc32 => "ChecksumCRC32",
            Self::Crc32c => "ChecksumCRC32C",
            Self::Crc64Nvme => "ChecksumCRC64NVME",
            Self::Sha1 => "ChecksumSHA1",
            Self::Sha256 => "ChecksumSHA256",
            Self::Sha512 => "ChecksumSHA512",
            Self::Md5 => "ChecksumMD5",
            Self::Xxhash64 => "ChecksumXXHASH64",
            Self::Xxhash3 => "ChecksumXXHASH3",
            Self::Xxhash128 => "ChecksumXXHASH128",
        }
    }

    /// The algorithm of this name, in upper case.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }

    /// The algorithm whose value a header of that name carries, in any case.
    pub(crate) fn of_header(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.header().eq_ignore_ascii_case(name))
    }
}

/// What the checksum of an object in parts is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum ChecksumType {
    /// The checksums of its parts.
    Composite,
    /// All its bytes.
    FullObject,
}

impl ChecksumType {
    /// Its name in headers and documents, such as `FULL_OBJECT`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Composite => "COMPOSITE",
            Self::FullObject => "FULL_OBJECT",
        }
    }
}

/// A checksum of some bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checksum {
    pub(crate) algorithm: ChecksumAlgorithm,
    /// In base64.
    pub(crate) value: String,
}

impl Checksum {
    /// Reads a value in base64; `None` if it is not one of the algorithm's length.
    pub(crate) fn parse(algorithm: ChecksumAlgorithm, value: &str) -> Option<Self> {
        let bytes = STANDARD.decode(value).ok()?;
        (bytes.len() == algorithm.bytes()).then(|| Self::of(algorithm, &bytes))
    }

    /// The value as bytes.
    pub(super) fn bytes(&self) -> Vec<u8> {
        // Every value was encoded, or decoded before, by `STANDARD`.
        STANDARD.decode(&self.value).unwrap_or_default()
    }

    /// Writes a value down.
    pub(super) fn of(algorithm: ChecksumAlgorithm, bytes: &[u8]) -> Self {
        Self { algorithm, value: STANDARD.encode(bytes) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_algorithm_is_found_by_each_of_its_names() {
        for algorithm in ChecksumAlgorithm::ALL {
            let lower = algorithm.name().to_lowercase();
            assert_eq!(algorithm.header(), format!("x-amz-checksum-{lower}"));
            let header = algorithm.header().to_uppercase();
            assert_eq!(ChecksumAlgorithm::of_header(&header), Some(algorithm));
        }
        assert_eq!(ChecksumAlgorithm::of_header("x-amz-checksum-algorithm"), None);
    }

    #[track_caller]
    fn check(algorithm: ChecksumAlgorithm, value: &str, is_one: bool) {
        let parsed = Checksum::parse(algorithm, value);
        assert_eq!(parsed.is_some(), is_one, "{value}");
    }

    #[test]
    fn values_are_base64_of_the_right_length() {
        check(ChecksumAlgorithm::Crc32, "AAAAAA==", true);
        check(ChecksumAlgorithm::Crc32c, "Pf4upw==", true);
        check(ChecksumAlgorithm::Crc64Nvme, "AAAAAAAAAAA=", true);
        for value in ["", "AAAAAA", "AAAAAAA=", "AAAAAAAAAAA=", "AAAA AA==", "test", "AAAAAB=="] {
            check(ChecksumAlgorithm::Crc32, value, false);
        }
        check(ChecksumAlgorithm::Sha256, "invalid", false);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes in prop::array::uniform32(any::<u8>())) {
            let checksum = Checksum::of(ChecksumAlgorithm::Sha256, &bytes);
            let parsed = Checksum::parse(ChecksumAlgorithm::Sha256, &checksum.value);
            prop_assert_eq!(parsed, Some(checksum));
        }

        #[test]
        fn no_text_is_too_odd(text in ".*") {
            for algorithm in ChecksumAlgorithm::ALL {
                let _ = Checksum::parse(algorithm, &text);
            }
        }
    }
}
