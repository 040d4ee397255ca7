//! What is written down of buckets and objects.

use serde::Deserialize;
use serde::Serialize;
use stuntbucket_signer::Timestamp;

use super::Configurations;
use crate::digest::Checksum;
use crate::digest::ChecksumAlgorithm;
use crate::digest::ChecksumType;
use crate::names::Acl;
use crate::names::BucketEncryption;
use crate::names::CanonicalId;
use crate::names::CorsRule;
use crate::names::CustomerKeys;
use crate::names::DefaultRetention;
use crate::names::Encryption;
use crate::names::Lifecycle;
use crate::names::Notification;
use crate::names::ObjectLock;
use crate::names::ObjectOwnership;
use crate::names::PublicAccessBlock;
use crate::names::Subject;
use crate::names::VersionId;
use crate::names::Website;
use crate::names::seconds;

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
pub(crate) struct BucketSettings {
    /// The bucket's policy, as S3 shows it.
    pub(crate) policy: Option<String>,
    /// `None` if versions were never kept.
    pub(crate) versioning: Option<Versioning>,
    /// Whether it was ever said that deletions need no MFA, which is told from then on.
    pub(crate) names_mfa_delete: bool,
    /// `None` without an object lock.
    pub(crate) object_lock: Option<BucketLock>,
    /// The name that its region was given by, where it is an old one: `EU`.
    pub(crate) old_location: Option<String>,
    /// What is kept as it came.
    pub(crate) configurations: Configurations,
    /// What the documents about these two mean.
    pub(crate) lifecycle: Option<Lifecycle>,
    pub(crate) notification: Option<Notification>,
    /// In order; empty means that there is no configuration.
    pub(crate) cors: Vec<CorsRule>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) website: Option<Website>,
    pub(crate) encryption: Option<BucketEncryption>,
    /// What the bucket was made with; the encryption setting may say otherwise.
    pub(crate) customer_keys: CustomerKeys,
}

impl BucketSettings {
    /// Of a bucket that keeps versions.
    pub(crate) fn with_versioning() -> Self {
        Self { versioning: Some(Versioning::Enabled), ..Self::default() }
    }

    /// Of a bucket with an object lock, which keeps versions too.
    pub(crate) fn with_object_lock() -> Self {
        Self { object_lock: Some(BucketLock::default()), ..Self::with_versioning() }
    }
}

/// Whether a bucket keeps versions. Once it did, it can no more have never done so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Versioning {
    /// Each write makes a new version.
    Enabled,
    /// Each write takes the place of the version `null`; the others stay.
    Suspended,
}

/// The object lock of a bucket, which is never taken away again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BucketLock {
    pub(crate) default_retention: Option<DefaultRetention>,
}

impl Bucket {
    /// The ownership in force.
    pub(crate) fn effective_ownership(&self) -> ObjectOwnership {
        self.ownership.unwrap_or(ObjectOwnership::ObjectWriter)
    }

    /// The Block Public Access settings in force.
    pub(crate) fn effective_block(&self) -> PublicAccessBlock {
        self.public_access_block.unwrap_or(PublicAccessBlock::NONE)
    }

    /// The lock of what is written now: as asked for, or with the bucket's default retention.
    pub(crate) fn lock_of_written(&self, asked: ObjectLock, now: Timestamp) -> ObjectLock {
        let default = self.settings.object_lock.and_then(|lock| lock.default_retention);
        let retention = asked.retention.or_else(|| default.map(|default| default.from(now)));
        ObjectLock { retention, ..asked }
    }

    /// The tags that policies look at, which count once attribute-based access control is switched
    /// on (documented for PutBucketAbac; observed on S3 by argmin's tests).
    pub(crate) fn tags_in_policies(&self) -> &[(String, String)] {
        if self.settings.configurations.is_abac_on() { &self.settings.tags } else { &[] }
    }

    /// Whether clients may bring their own keys.
    pub(crate) fn effective_customer_keys(&self) -> CustomerKeys {
        let put = self.settings.encryption.as_ref().and_then(|setting| setting.customer_keys);
        put.unwrap_or(self.settings.customer_keys)
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
    // The version.
    /// Which one it is. The store sets it.
    pub(crate) version: VersionId,
    /// Whether it only says that the key was deleted. It has no bytes then.
    pub(crate) is_delete_marker: bool,
    pub(crate) lock: ObjectLock,
    /// The copy of an archived object that somebody asked for.
    pub(crate) restored: Option<Restored>,
    pub(crate) encryption: Encryption,
    /// Another number for every write, so that two with the same content can be told apart.
    pub(crate) stamp: u64,
    /// Of an object that was uploaded in parts.
    pub(crate) multipart: Option<Multipart>,
}

impl Object {
    /// A version which says that the key was deleted.
    pub(crate) fn delete_marker(owner: CanonicalId, modified: Timestamp) -> Self {
        Self {
            size: 0,
            etag: String::new(),
            modified,
            acl: Acl::private(&owner),
            owner,
            storage_class: String::new(),
            checksum: None,
            headers: Vec::new(),
            metadata: Vec::new(),
            tags: Vec::new(),
            version: VersionId::Null,
            is_delete_marker: true,
            lock: ObjectLock::default(),
            restored: None,
            encryption: Encryption::S3,
            stamp: 0,
            multipart: None,
        }
    }

    /// What lifecycle rules look at.
    pub(crate) fn subject<'a>(&'a self, key: &'a str) -> Subject<'a> {
        Subject {
            key,
            size: self.size,
            modified: self.modified,
            tags: &self.tags,
            storage_class: &self.storage_class,
        }
    }

    /// What the checksum was made of.
    pub(crate) fn checksum_type(&self) -> ChecksumType {
        self.multipart
            .as_ref()
            .map_or(ChecksumType::FullObject, |multipart| multipart.checksum_type)
    }

    /// The checksum's value as headers show it: one that was made of the parts' checksums says of
    /// how many.
    pub(crate) fn checksum_value(&self) -> Option<String> {
        let value = &self.checksum.as_ref()?.value;
        Some(match &self.multipart {
            Some(Multipart { checksum_type: ChecksumType::Composite, parts, .. }) => {
                format!("{value}-{parts}")
            }
            _ => value.clone(),
        })
    }
}

/// What an object keeps of the upload that it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Multipart {
    /// The upload's id, by which a repeated completion is known.
    pub(crate) upload: String,
    pub(crate) parts: usize,
    /// What the object's checksum was made of.
    pub(crate) checksum_type: ChecksumType,
}

/// An upload in parts that is not completed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Upload {
    #[serde(with = "seconds")]
    pub(crate) initiated: Timestamp,
    pub(crate) initiator: Initiator,
    /// As chosen when it was begun.
    pub(crate) checksum: Option<(ChecksumAlgorithm, ChecksumType)>,
    /// What was current at its key when it was begun, by its stamp. The store sets it.
    pub(crate) found: Option<u64>,
    /// The object that it will be. Size, entity tag, checksum and times are not known yet.
    pub(crate) object: Object,
}

/// Who began an upload.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Initiator {
    /// The account, as twelve digits.
    pub(crate) account: String,
    /// The user's ARN, or the canonical id of an account.
    pub(crate) id: String,
    pub(crate) name: String,
}

/// A part of an upload, or of the object that it became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Part {
    pub(crate) number: u32,
    /// In bytes.
    pub(crate) size: u64,
    /// Its MD5 in hex.
    pub(crate) etag: String,
    #[serde(with = "seconds")]
    pub(crate) modified: Timestamp,
    /// Of the upload's algorithm, or CRC64NVME if none was chosen.
    pub(crate) checksum: Checksum,
}

/// A copy of an archived object, which can be read for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Restored {
    #[serde(with = "seconds")]
    pub(crate) ready: Timestamp,
    #[serde(with = "seconds")]
    pub(crate) ends: Timestamp,
}
