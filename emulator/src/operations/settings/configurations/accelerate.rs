//! GetBucketAccelerateConfiguration, PutBucketAccelerateConfiguration.

use super::single::Absent;
use super::single::Digest;
use super::single::Form;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::invalid_request;
use crate::operations::settings::schema::Holds;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::one;
use crate::store::Configuration;
use crate::xml::Element;

static PARTS: &[Part] = &[one("Status", Holds::Words(&["Enabled", "Suspended"]))];

pub(super) static FORM: Form = Form {
    about: Configuration::Accelerate,
    root: "AccelerateConfiguration",
    parts: PARTS,
    digest: Digest::NotNeeded,
    check,
    absent: Absent::Document(""),
};

fn check(permit: &Permit<'_>, _: &Element) -> Result<(), Failure> {
    if !permit.bucket()?.name.contains('.') {
        return Ok(());
    }
    Err(invalid_request(
        "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
    )
    .because("its certificate does not fit a host name with further dots"))
}
