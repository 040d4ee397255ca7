//! `S3Error`: a row of an error table.

use std::borrow::Cow;

/// What S3 answers in one situation, less the elements that the situation adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3Error {
    /// The code, such as `AccessDenied`.
    pub code: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The message, to the letter.
    pub message: Cow<'static, str>,
}
