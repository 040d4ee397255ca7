//! GetBucketAbac, PutBucketAbac: whether tags of the bucket count in policies.

use super::single::Absent;
use super::single::Digest;
use super::single::Form;
use super::single::nothing_more;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::SWITCH;
use crate::operations::settings::schema::one;
use crate::store::Configuration;

static PARTS: &[Part] = &[one("Status", SWITCH)];

pub(super) static FORM: Form = Form {
    about: Configuration::Abac,
    root: "AbacStatus",
    parts: PARTS,
    digest: Digest::NotNeeded,
    check: nothing_more,
    absent: Absent::Document("<Status>Disabled</Status>"),
};
