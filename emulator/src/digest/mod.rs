//! Digests: entity tags and checksums, computed while bytes go by.

mod checksum;
mod combine;
mod digester;

pub(crate) use self::checksum::Checksum;
pub(crate) use self::checksum::ChecksumAlgorithm;
pub(crate) use self::checksum::ChecksumType;
pub(crate) use self::combine::Joint;
pub(crate) use self::combine::composite;
pub(crate) use self::combine::etag_of_parts;
pub(crate) use self::combine::full_object;
pub(crate) use self::digester::Digester;
pub(crate) use self::digester::Digests;
pub(crate) use self::digester::Sha256Wanted;
