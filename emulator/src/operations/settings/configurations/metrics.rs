//! The metrics configurations of a bucket.

use super::by_id::Form;
use crate::operations::settings::schema::Holds;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::TAG;
use crate::operations::settings::schema::any;
use crate::operations::settings::schema::one;
use crate::operations::settings::schema::perhaps;
use crate::store::Configuration;

static AND: &[Part] = &[
    perhaps("Prefix", Holds::Text),
    any("Tag", Holds::Parts(TAG)),
    perhaps("AccessPointArn", Holds::Name),
];
static FILTER: &[Part] = &[
    perhaps("Prefix", Holds::Text),
    perhaps("Tag", Holds::Parts(TAG)),
    perhaps("AccessPointArn", Holds::Name),
    perhaps("And", Holds::Parts(AND)),
];
static PARTS: &[Part] = &[one("Id", Holds::Name), perhaps("Filter", Holds::Filter(FILTER))];

pub(super) static FORM: Form = Form {
    about: Configuration::Metrics,
    root: "MetricsConfiguration",
    list_root: "ListMetricsConfigurationsResult",
    parts: PARTS,
    check: |_| Ok(()),
};
