//! `Scope`: the day, region and service for which a key is derived.

use std::fmt;

use crate::time::Timestamp;

/// The last part of every scope.
pub(crate) const TERMINAL: &str = "aws4_request";
/// The service of every scope that S3 accepts.
pub(crate) const SERVICE: &str = "s3";

/// What a signature is good for. Prints as `20130524/us-east-1/s3/aws4_request`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    /// The UTC day, eight digits.
    pub date: String,
    /// The region, such as `us-east-1`.
    pub region: String,
    /// The service, `s3`.
    pub service: String,
}

impl Scope {
    /// The scope of an S3 request that is signed at this time for this region.
    pub fn s3(at: Timestamp, region: &str) -> Self {
        Self { date: at.date(), region: region.to_owned(), service: SERVICE.to_owned() }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{TERMINAL}", self.date, self.region, self.service)
    }
}
