//! What is written down of buckets and objects.

use serde::Deserialize;
use serde::Serialize;
use stuntbucket_signer::Timestamp;

use crate::digest::Checksum;
use crate::names::Acl;
use crate::names::CanonicalId;
use crate::names::ObjectOwnership;
use crate::names::PublicAccessBlock;

/// A bucket and its settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bucket {
    /// Made by the store, never used twice; the name may be.
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) owner: CanonicalId,
    /// The account that owns it, as twelve digits.
    pub(crate) account: String,
    pub(crate) region: String,
    #[serde(with = "seconds")]
    pub(crate) created: Timestamp,
    pub(crate) acl: Acl,
    /// `None` after the setting was deleted, which is read as `ObjectWriter`.
    pub(crate) ownership: Option<ObjectOwnership>,
    /// `None` after the setting was deleted.
    pub(crate) public_access_block: Option<PublicAccessBlock>,
    /// What a new bucket does not have.
    pub(crate) settings: BucketSettings,
}

/// The settings of a bucket that it has only after somebody put them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BucketSettings {}

impl Bucket {
    /// The ownership in force.
    pub(crate) fn effective_ownership(&self) -> ObjectOwnership {
        self.ownership.unwrap_or(ObjectOwnership::ObjectWriter)
    }

    /// The Block Public Access settings in force.
    pub(crate) fn effective_block(&self) -> PublicAccessBlock {
        self.public_access_block.unwrap_or(PublicAccessBlock::NONE)
    }
}

/// An object: all that S3 tells of it but its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Object {
    // What a listing needs comes first.
    /// In bytes.
    pub(crate) size: u64,
    /// Without quotes.
    pub(crate) etag: String,
    #[serde(with = "seconds")]
    pub(crate) modified: Timestamp,
    pub(crate) owner: CanonicalId,
    pub(crate) storage_class: String,
    pub(crate) checksum: Option<Checksum>,
    // The rest.
    /// System metadata by header name in lower case, such as `content-type`.
    pub(crate) headers: Vec<(String, String)>,
    /// User metadata, named without `x-amz-meta-`, in lower case.
    pub(crate) metadata: Vec<(String, String)>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) acl: Acl,
}

/// Timestamps are written as seconds since 1970.
mod seconds {
    use serde::Deserialize;
    use serde::Deserializer;
    use serde::Serializer;
    use stuntbucket_signer::Timestamp;

    #[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for this signature.
    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(at.unix())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(from).map(Timestamp::from_unix)
    }
}
