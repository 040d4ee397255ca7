//! GetBucketRequestPayment, PutBucketRequestPayment.

use super::single::Absent;
use super::single::Digest;
use super::single::Form;
use super::single::nothing_more;
use crate::operations::settings::schema::Holds;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::one;
use crate::store::Configuration;

static PARTS: &[Part] = &[one("Payer", Holds::Words(&["BucketOwner", "Requester"]))];

pub(super) static FORM: Form = Form {
    about: Configuration::RequestPayment,
    root: "RequestPaymentConfiguration",
    parts: PARTS,
    digest: Digest::NotNeeded,
    check: nothing_more,
    absent: Absent::Document("<Payer>BucketOwner</Payer>"),
};
