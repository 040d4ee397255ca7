//! Settings of buckets, and the ACLs of objects: a document each, read and written.

pub(super) mod acl;
pub(super) mod configurations;
pub(super) mod cors;
pub(super) mod encryption;
pub(super) mod object_lock;
pub(super) mod ownership_controls;
pub(super) mod policy;
pub(super) mod public_access_block;
pub(super) mod retention;
mod schema;
pub(super) mod tagging;
pub(super) mod versioning;
pub(super) mod website;

use http::StatusCode;

use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::store::Bucket;
use crate::store::Outcome;

/// Changes the bucket that the permit is for, and answers with this status.
async fn change(
    permit: &Permit<'_>,
    status: StatusCode,
    mut change: impl FnMut(&mut Bucket) + Send,
) -> Result<Answer, Failure> {
    let name = &permit.bucket()?.name;
    let store = &permit.world().store;
    let outcome = store.change_bucket(name, &mut change)?;
    if outcome == Outcome::NoBucket {
        return Err(Fault::NoSuchBucket.with("BucketName", &**name));
    }
    store.settled().await?;
    Ok(Answer::empty(status))
}
