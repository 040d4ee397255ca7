//! The Intelligent-Tiering configurations of a bucket.

use super::analytics::FILTER;
use super::by_id::Form;
use crate::operations::settings::schema::Holds;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::SWITCH;
use crate::operations::settings::schema::one;
use crate::operations::settings::schema::perhaps;
use crate::operations::settings::schema::some;
use crate::store::Configuration;

static TIERING: &[Part] = &[
    one("Days", Holds::Number),
    one("AccessTier", Holds::Words(&["ARCHIVE_ACCESS", "DEEP_ARCHIVE_ACCESS"])),
];
static PARTS: &[Part] = &[
    one("Id", Holds::Name),
    perhaps("Filter", Holds::Filter(FILTER)),
    one("Status", SWITCH),
    some("Tiering", Holds::Parts(TIERING)),
];

pub(super) static FORM: Form = Form {
    about: Configuration::IntelligentTiering,
    root: "IntelligentTieringConfiguration",
    list_root: "ListBucketIntelligentTieringConfigurationsOutput",
    parts: PARTS,
    check: |_| Ok(()),
};
