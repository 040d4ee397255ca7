//! How objects are encrypted at rest. Nothing is encrypted here; who asks must know what S3 would
//! ask for.

use serde::Deserialize;
use serde::Serialize;

/// With whose key S3 says that it encrypted an object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Encryption {
    /// S3's own, which every object has by default.
    #[default]
    S3,
    /// One of AWS KMS.
    Kms(KmsKey),
    /// The client's, which must come with every read. The key itself is not kept.
    Customer(CustomerKey),
}

/// A key of AWS KMS, which nobody here can look up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KmsKey {
    pub(crate) layers: KmsLayers,
    /// As an ARN.
    pub(crate) arn: String,
    /// Whether a bucket key stands between, which S3 tells only if it does.
    pub(crate) bucket_key: BucketKey,
}

/// How often S3 encrypts with a key of KMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum KmsLayers {
    /// `aws:kms`.
    One,
    /// `aws:kms:dsse`.
    Two,
}

/// Whether S3 makes a key of its own from the one of KMS for a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum BucketKey {
    On,
    Off,
}

/// What is kept of a client's key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CustomerKey {
    /// As S3 shows it: the MD5 in base64.
    pub(crate) md5: String,
    /// By which the key is known again.
    pub(crate) sha256: [u8; 32],
}

impl KmsLayers {
    /// The value of `x-amz-server-side-encryption`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::One => "aws:kms",
            Self::Two => "aws:kms:dsse",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        [Self::One, Self::Two].into_iter().find(|layers| layers.name() == name)
    }
}

/// The encryption setting of a bucket, once somebody put it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct BucketEncryption {
    /// What a write that says nothing gets; `None` is S3's own key.
    pub(crate) kms: Option<DefaultKms>,
    pub(crate) bucket_key: BucketKey,
    /// Whether clients may bring their own keys; `None` leaves it as the bucket was made.
    pub(crate) customer_keys: Option<CustomerKeys>,
}

/// KMS as a bucket's default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DefaultKms {
    pub(crate) layers: KmsLayers,
    /// As it was put, which may be no ARN. Without one it is the account's key for S3.
    pub(crate) key_id: Option<String>,
}

/// Whether clients may bring their own keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CustomerKeys {
    Allowed,
    /// The default of new buckets since April 2026.
    #[default]
    Blocked,
}
