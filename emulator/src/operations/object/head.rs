//! HeadObject.

use http::HeaderValue;
use http::StatusCode;
use http::header::CONTENT_LENGTH;

use super::shown;
use super::version;
use super::version::CurrentMarker;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::request::Request;

/// Tells of an object what GetObject would tell, without its bytes.
pub(crate) fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    shown::check(permit, request)?;
    let key = request.key();
    let bucket = permit.bucket()?;
    let which = version::which(request, bucket)?;
    let object = permit.world().store.version(bucket, key, which)?;
    version::check(permit, request, which, object.as_ref(), CurrentMarker::Hides)?;
    let object = object.ok_or_else(|| Fault::NoSuchKey.with("Key", key))?;
    let shown = shown::show(permit, request, &object)?;
    let mut answer = shown.answer;
    if answer.status != StatusCode::NOT_MODIFIED {
        answer.headers.insert(CONTENT_LENGTH, HeaderValue::from(shown.length));
    }
    Ok(answer)
}
