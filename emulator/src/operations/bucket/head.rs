//! HeadBucket.

use http::StatusCode;

use super::arn;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;

/// Tells that a bucket is there, and where.
pub(crate) fn answer(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    // The headers as recorded by LocalStack: `test_create_bucket_head_bucket`.
    Ok(Answer::empty(StatusCode::OK)
        .with("content-type", "application/xml")
        .with("x-amz-bucket-region", &bucket.region)
        .with("x-amz-bucket-arn", arn(&bucket.name))
        .with("x-amz-access-point-alias", "false"))
}
