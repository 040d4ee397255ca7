//! AbortMultipartUpload.

use std::sync::Arc;

use http::StatusCode;

use super::find;
use super::no_such_upload;
use super::upload_id;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::operations::off_workers;
use crate::request::Request;
use crate::store::Outcome;

/// Ends an upload, and frees its parts.
pub(in crate::operations) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
) -> Result<Answer, Failure> {
    find(permit, request)?;
    if end(permit, request).await? == Outcome::NoUpload {
        return Err(no_such_upload(request));
    }
    permit.world().store.settled().await?;
    Ok(Answer::empty(StatusCode::NO_CONTENT))
}

/// Ends an upload off the async workers: it can have thousands of parts.
pub(super) async fn end(permit: &Permit<'_>, request: &Request) -> Result<Outcome, Failure> {
    let store = Arc::clone(&permit.world().store);
    let bucket = Arc::clone(permit.bucket()?);
    let key = request.key().to_owned();
    let id = upload_id(request).to_owned();
    Ok(off_workers(move || store.end_upload(&bucket, &key, &id)).await??)
}
