//! GetBucketLocation.

use http::StatusCode;

use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::place::FIRST_REGION;
use crate::xml::Xml;

/// Names the bucket's region, which for us-east-1 is an element without content (captured from AWS
/// in 2026).
pub(crate) fn answer(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let region = bucket.settings.old_location.as_ref().unwrap_or(&bucket.region);
    let mut xml = Xml::document();
    if region == FIRST_REGION {
        xml.empty_s3("LocationConstraint");
    } else {
        xml.open_s3("LocationConstraint");
        xml.text(region);
        xml.close();
    }
    Ok(Answer::xml(StatusCode::OK, xml.finish()))
}
