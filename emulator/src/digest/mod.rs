//! Digests: entity tags and checksums, computed while bytes go by.

mod checksum;
mod digester;

pub(crate) use self::checksum::Checksum;
pub(crate) use self::checksum::ChecksumAlgorithm;
pub(crate) use self::digester::Digester;
pub(crate) use self::digester::Digests;
pub(crate) use self::digester::Sha256Wanted;
