//! DeleteObject.

use http::StatusCode;

use super::check_version_id;
use super::upload::expectation_failed;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::request::Request;
use crate::store::Expect;
use crate::store::Outcome;

/// Deletes an object. That there is none is as good.
pub(crate) async fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    check_version_id(request)?;
    let expect = read(request)?;
    let key = request.key();
    let bucket = permit.bucket()?;
    let store = &permit.world().store;
    permit.object(key, store.object(bucket, key)?.as_ref())?;
    let outcome = store.remove(bucket, key, &expect)?;
    store.settled().await?;
    match outcome {
        Outcome::ExpectationFailed => Err(expectation_failed(&expect)),
        Outcome::NoKey if request.header("if-match").is_some() => Err(Fault::NoSuchKey
            .with("Key", key)
            .because("`If-Match` names an object, and there is none")),
        Outcome::NoBucket => Err(Fault::NoSuchBucket.with("BucketName", &*bucket.name)),
        Outcome::NoKey | Outcome::Done | Outcome::Exists | Outcome::NotEmpty => {
            Ok(Answer::empty(StatusCode::NO_CONTENT))
        }
    }
}

fn read(request: &Request) -> Result<Expect, Failure> {
    let bypass = "x-amz-bypass-governance-retention";
    if request.header(bypass).is_some() {
        let message = "x-amz-bypass-governance-retention is only applicable to Object Lock enabled \
                       buckets.";
        return Err(invalid_argument(message, bypass));
    }
    // Conditions of directory buckets; where both are there, S3 names the first.
    for header in ["x-amz-if-match-last-modified-time", "x-amz-if-match-size"] {
        if request.header(header).is_some() {
            return Err(Fault::NotImplementedHeader.with("Header", header));
        }
    }
    Ok(match request.header("if-match").as_deref() {
        // Documented for DeleteObject: with `*` any object will do, but one must be there.
        None | Some("*") => Expect::Anything,
        Some(etag) => Expect::Etag(etag.trim().trim_matches('"').to_owned()),
    })
}
