//! The analytics configurations of a bucket.

use super::by_id::Form;
use super::by_id::check_destination;
use crate::failure::Failure;
use crate::operations::settings::schema::Holds;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::TAG;
use crate::operations::settings::schema::any;
use crate::operations::settings::schema::one;
use crate::operations::settings::schema::perhaps;
use crate::store::Configuration;
use crate::xml::Element;

static AND: &[Part] = &[perhaps("Prefix", Holds::Text), any("Tag", Holds::Parts(TAG))];
pub(super) static FILTER: &[Part] = &[
    perhaps("Prefix", Holds::Text),
    perhaps("Tag", Holds::Parts(TAG)),
    perhaps("And", Holds::Parts(AND)),
];
static BUCKET: &[Part] = &[
    one("Format", Holds::Words(&["CSV"])),
    perhaps("BucketAccountId", Holds::Text),
    one("Bucket", Holds::Text),
    perhaps("Prefix", Holds::Text),
];
static DESTINATION: &[Part] = &[one("S3BucketDestination", Holds::Parts(BUCKET))];
static EXPORT: &[Part] = &[
    one("OutputSchemaVersion", Holds::Words(&["V_1"])),
    one("Destination", Holds::Parts(DESTINATION)),
];
static ANALYSIS: &[Part] = &[perhaps("DataExport", Holds::Parts(EXPORT))];
static PARTS: &[Part] = &[
    one("Id", Holds::Name),
    perhaps("Filter", Holds::Filter(FILTER)),
    one("StorageClassAnalysis", Holds::Parts(ANALYSIS)),
];

pub(super) static FORM: Form = Form {
    about: Configuration::Analytics,
    root: "AnalyticsConfiguration",
    list_root: "ListBucketAnalyticsConfigurationResult",
    parts: PARTS,
    check,
};

fn check(root: &Element) -> Result<(), Failure> {
    let destination = root
        .child("StorageClassAnalysis")
        .and_then(|analysis| analysis.child("DataExport"))
        .and_then(|export| export.child("Destination"))
        .and_then(|destination| destination.child("S3BucketDestination"));
    match destination.and_then(|destination| destination.child("Bucket")) {
        Some(arn) => check_destination(arn.text()),
        None => Ok(()),
    }
}
