//! DeleteBucket.

use http::StatusCode;

use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::operations::in_place;
use crate::store::Outcome;

/// Deletes a bucket that holds nothing.
pub(crate) async fn answer(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let name = &permit.bucket()?.name;
    let store = &permit.world().store;
    let outcome = in_place(|| store.remove_bucket(name))?;
    store.settled().await?;
    match outcome {
        Outcome::NotEmpty if permit.bucket()?.settings.versioning.is_some() => {
            Err(Fault::BucketNotEmptyOfVersions.with("BucketName", &**name).because(format!(
                "bucket `{name}` holds versions or delete markers, which only a request with \
                 `versionId` removes"
            )))
        }
        Outcome::NotEmpty => Err(Fault::BucketNotEmpty
            .with("BucketName", &**name)
            .because(format!("bucket `{name}` holds objects"))),
        Outcome::NoBucket => Err(Fault::NoSuchBucket.with("BucketName", &**name)),
        Outcome::Done
        | Outcome::Exists
        | Outcome::ExpectationFailed
        | Outcome::NoKey
        | Outcome::Conflict
        | Outcome::NoUpload
        | Outcome::NoPart => Ok(Answer::empty(StatusCode::NO_CONTENT)),
    }
}
