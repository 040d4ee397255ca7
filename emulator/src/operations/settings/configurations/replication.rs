//! GetBucketReplication, PutBucketReplication, DeleteBucketReplication.

use super::single::Absent;
use super::single::Digest;
use super::single::Form;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_request;
use crate::operations::settings::configurations::analytics::FILTER;
use crate::operations::settings::schema::Holds;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::SWITCH;
use crate::operations::settings::schema::made;
use crate::operations::settings::schema::one;
use crate::operations::settings::schema::perhaps;
use crate::operations::settings::schema::some;
use crate::request::headers::STORAGE_CLASSES;
use crate::store::Bucket;
use crate::store::Configuration;
use crate::store::Versioning;
use crate::xml::Element;

static STATUS: &[Part] = &[one("Status", SWITCH)];
static MINUTES: &[Part] = &[one("Minutes", Holds::Number)];
static TIME: &[Part] = &[one("Status", SWITCH), one("Time", Holds::Parts(MINUTES))];
static METRICS: &[Part] =
    &[one("Status", SWITCH), perhaps("EventThreshold", Holds::Parts(MINUTES))];
static TRANSLATION: &[Part] = &[one("Owner", Holds::Words(&["Destination"]))];
static ENCRYPTION: &[Part] = &[perhaps("ReplicaKmsKeyID", Holds::Name)];
static SELECTION: &[Part] = &[
    perhaps("SseKmsEncryptedObjects", Holds::Parts(STATUS)),
    perhaps("ReplicaModifications", Holds::Parts(STATUS)),
];
const CLASSES_OF_REPLICAS: Holds = Holds::Words(&STORAGE_CLASSES);
static DESTINATION: &[Part] = &[
    one("Bucket", Holds::Name),
    perhaps("Account", Holds::Text),
    perhaps("StorageClass", CLASSES_OF_REPLICAS),
    perhaps("AccessControlTranslation", Holds::Parts(TRANSLATION)),
    perhaps("EncryptionConfiguration", Holds::Parts(ENCRYPTION)),
    perhaps("ReplicationTime", Holds::Parts(TIME)),
    perhaps("Metrics", Holds::Parts(METRICS)),
];
static RULE: &[Part] = &[
    made("ID"),
    perhaps("Priority", Holds::Number),
    perhaps("Prefix", Holds::Text),
    perhaps("Filter", Holds::Filter(FILTER)),
    one("Status", SWITCH),
    perhaps("SourceSelectionCriteria", Holds::Parts(SELECTION)),
    perhaps("ExistingObjectReplication", Holds::Parts(STATUS)),
    one("Destination", Holds::Parts(DESTINATION)),
    perhaps("DeleteMarkerReplication", Holds::Parts(STATUS)),
];
static PARTS: &[Part] = &[one("Role", Holds::Name), some("Rule", Holds::Parts(RULE))];

pub(super) static FORM: Form = Form {
    about: Configuration::Replication,
    root: "ReplicationConfiguration",
    parts: PARTS,
    digest: Digest::Needed,
    check,
    absent: Absent::Refusal(Fault::ReplicationConfigurationNotFound),
};

/// Both ends have versions, and are two.
fn check(permit: &Permit<'_>, root: &Element) -> Result<(), Failure> {
    let source = permit.bucket()?;
    if !has_versions(source) {
        let message =
            "Versioning must be 'Enabled' on the bucket to apply a replication configuration";
        return Err(invalid_request(message).because("only versions are replicated"));
    }
    for rule in root.children("Rule") {
        let destination = rule.child("Destination").and_then(|inner| inner.child("Bucket"));
        let arn = destination.map(Element::text).unwrap_or_default();
        let name = arn.strip_prefix("arn:aws:s3:::").unwrap_or(arn);
        if name == source.name {
            // Captured from AWS in 2026.
            let message = "Destination bucket cannot be the same as the source bucket.";
            return Err(invalid_request(message));
        }
        let bucket = permit.world().store.bucket(name)?;
        if !bucket.is_some_and(|bucket| has_versions(&bucket)) {
            return Err(invalid_request("Destination bucket must have versioning enabled.")
                .because(format!("bucket `{name}` is not there, or keeps no versions")));
        }
    }
    Ok(())
}

fn has_versions(bucket: &Bucket) -> bool {
    bucket.settings.versioning == Some(Versioning::Enabled)
}
