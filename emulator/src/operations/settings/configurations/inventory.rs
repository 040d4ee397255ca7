//! The inventory configurations of a bucket.

use super::by_id::Form;
use super::by_id::check_destination;
use crate::failure::Failure;
use crate::operations::settings::schema::Holds;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::any;
use crate::operations::settings::schema::malformed;
use crate::operations::settings::schema::one;
use crate::operations::settings::schema::perhaps;
use crate::store::Configuration;
use crate::xml::Element;

static KMS: &[Part] = &[one("KeyId", Holds::Name)];
static ENCRYPTION: &[Part] =
    &[perhaps("SSE-S3", Holds::Parts(&[])), perhaps("SSE-KMS", Holds::Parts(KMS))];
static BUCKET: &[Part] = &[
    one("Format", Holds::Words(&["CSV", "ORC", "Parquet"])),
    perhaps("AccountId", Holds::Text),
    one("Bucket", Holds::Text),
    perhaps("Prefix", Holds::Text),
    perhaps("Encryption", Holds::Parts(ENCRYPTION)),
];
static DESTINATION: &[Part] = &[one("S3BucketDestination", Holds::Parts(BUCKET))];
static FILTER: &[Part] = &[one("Prefix", Holds::Text)];
static SCHEDULE: &[Part] = &[one("Frequency", Holds::Words(&["Daily", "Weekly"]))];
static FIELDS: &[Part] = &[any(
    "Field",
    Holds::Words(&[
        "Size",
        "LastModifiedDate",
        "StorageClass",
        "ETag",
        "IsMultipartUploaded",
        "ReplicationStatus",
        "EncryptionStatus",
        "ObjectLockRetainUntilDate",
        "ObjectLockMode",
        "ObjectLockLegalHoldStatus",
        "IntelligentTieringAccessTier",
        "BucketKeyStatus",
        "ChecksumAlgorithm",
        "ObjectAccessControlList",
        "ObjectOwner",
        "LifecycleExpirationDate",
    ]),
)];
static PARTS: &[Part] = &[
    one("Id", Holds::Name),
    one("IsEnabled", Holds::Truth),
    perhaps("Filter", Holds::Parts(FILTER)),
    one("Destination", Holds::Parts(DESTINATION)),
    one("Schedule", Holds::Parts(SCHEDULE)),
    one("IncludedObjectVersions", Holds::Words(&["All", "Current"])),
    perhaps("OptionalFields", Holds::Parts(FIELDS)),
];

pub(super) static FORM: Form = Form {
    about: Configuration::Inventory,
    root: "InventoryConfiguration",
    list_root: "ListInventoryConfigurationsResult",
    parts: PARTS,
    check,
};

fn check(root: &Element) -> Result<(), Failure> {
    let destination =
        root.child("Destination").and_then(|outer| outer.child("S3BucketDestination"));
    let Some(destination) = destination else { return Ok(()) };
    if destination.child("Encryption").is_some_and(|how| how.elements().len() > 1) {
        return Err(malformed("an inventory is encrypted in one way, and two are named"));
    }
    check_destination(destination.child("Bucket").map(Element::text).unwrap_or_default())
}
