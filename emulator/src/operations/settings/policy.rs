//! GetBucketPolicy, PutBucketPolicy, DeleteBucketPolicy, GetBucketPolicyStatus.

use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::malformed_policy;
use crate::operations::document;
use crate::policy::Policy;
use crate::relaxation::Relaxation;
use crate::store::Bucket;
use crate::xml::Xml;

/// GetBucketPolicy.
pub(crate) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let policy = kept(permit.bucket()?)?;
    Ok(Answer::text(StatusCode::OK, "application/json", policy.to_owned()))
}

/// PutBucketPolicy.
pub(crate) async fn write(permit: &Permit<'_>, body: VerifiedBody) -> Result<Answer, Failure> {
    // An empty one is a malformed policy (recorded by LocalStack: `test_s3_bucket_policy`).
    let document = document::optional(body).await?;
    let bucket = permit.bucket()?;
    let keyring = &permit.world().keyring;
    let read = Policy::of_bucket(&document, &bucket.name, &|name| keyring.knows(name));
    let (policy, text) = read.map_err(|error| malformed_policy(&error))?;
    if bucket.effective_block().block_public_policy && policy.is_public() {
        permit.unless_relaxed(
            Relaxation::PublicAccessBlock,
            Fault::AccessDenied.because(
                "the policy is public, and Block Public Access is on with BlockPublicPolicy, the \
                 default of new buckets since April 2023; delete the bucket's public access block \
                 or set BlockPublicPolicy to false",
            ),
        )?;
    }
    super::change(permit, StatusCode::NO_CONTENT, |bucket| {
        bucket.settings.policy = Some(text.clone());
    })
    .await
}

/// DeleteBucketPolicy. That there is none is as good.
pub(crate) async fn delete(permit: &Permit<'_>) -> Result<Answer, Failure> {
    super::change(permit, StatusCode::NO_CONTENT, |bucket| bucket.settings.policy = None).await
}

/// GetBucketPolicyStatus.
pub(crate) fn read_status(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let policy = Policy::of_bucket_as_kept(kept(permit.bucket()?)?);
    let policy = policy.map_err(|error| Fault::Internal.because(error.to_string()))?;
    let mut xml = Xml::document();
    xml.open_s3("PolicyStatus");
    xml.leaf("IsPublic", policy.is_public().to_string());
    xml.close();
    Ok(Answer::xml(StatusCode::OK, xml.finish()))
}

fn kept(bucket: &Bucket) -> Result<&str, Failure> {
    bucket.settings.policy.as_deref().ok_or_else(|| {
        Fault::NoSuchBucketPolicy
            .with("BucketName", &*bucket.name)
            .because(format!("nobody put a policy on bucket `{}`", bucket.name))
    })
}
