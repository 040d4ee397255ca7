//! GetBucketLogging, PutBucketLogging.

use super::single::Absent;
use super::single::Digest;
use super::single::Form;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::operations::settings::schema::Holds;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::any;
use crate::operations::settings::schema::malformed;
use crate::operations::settings::schema::one;
use crate::operations::settings::schema::perhaps;
use crate::place::FIRST_REGION;
use crate::store::Configuration;
use crate::xml::Element;

static GRANT: &[Part] = &[
    one("Grantee", Holds::Grantee),
    one("Permission", Holds::Words(&["FULL_CONTROL", "READ", "WRITE"])),
];
static GRANTS: &[Part] = &[any("Grant", Holds::Parts(GRANT))];
static PARTITIONED: &[Part] =
    &[perhaps("PartitionDateSource", Holds::Words(&["EventTime", "DeliveryTime"]))];
static KEY_FORMAT: &[Part] = &[
    perhaps("SimplePrefix", Holds::Parts(&[])),
    perhaps("PartitionedPrefix", Holds::Parts(PARTITIONED)),
];
static ENABLED: &[Part] = &[
    one("TargetBucket", Holds::Text),
    one("TargetPrefix", Holds::Text),
    perhaps("TargetGrants", Holds::Parts(GRANTS)),
    perhaps("TargetObjectKeyFormat", Holds::Parts(KEY_FORMAT)),
];
static PARTS: &[Part] = &[perhaps("LoggingEnabled", Holds::Parts(ENABLED))];

pub(super) static FORM: Form = Form {
    about: Configuration::Logging,
    root: "BucketLoggingStatus",
    parts: PARTS,
    digest: Digest::NotNeeded,
    check,
    absent: Absent::Document(""),
};

/// The bucket that the log goes to is there, in the same region.
fn check(permit: &Permit<'_>, status: &Element) -> Result<(), Failure> {
    let Some(enabled) = status.child("LoggingEnabled") else { return Ok(()) };
    if enabled.child("TargetObjectKeyFormat").is_some_and(|format| format.elements().len() > 1) {
        return Err(malformed("keys of a log have one format, and two are named"));
    }
    let name = enabled.child("TargetBucket").map(Element::text).unwrap_or_default();
    let source = permit.bucket()?;
    let Some(target) = permit.world().store.bucket(name)? else {
        return Err(Fault::InvalidTargetBucketForLogging
            .with("TargetBucket", name)
            .because(format!("there is no bucket `{name}`")));
    };
    if target.region == source.region {
        return Ok(());
    }
    let mut failure = Fault::CrossLocationLoggingProhibited
        .with("TargetBucketLocation", &*target.region)
        .because(format!(
            "bucket `{}` is in {}, and its log would go to {}",
            source.name, source.region, target.region
        ));
    // A bucket of the first region has no name for it.
    if source.region != FIRST_REGION {
        failure = failure.with("SourceBucketLocation", &*source.region);
    }
    Err(failure)
}
