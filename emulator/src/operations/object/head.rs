//! HeadObject.

use http::HeaderValue;
use http::StatusCode;
use http::header::CONTENT_LENGTH;

use super::shown;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::request::Request;

/// Tells of an object what GetObject would tell, without its bytes.
pub(crate) fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    shown::check(permit, request)?;
    let key = request.key();
    let object = permit.world().store.object(permit.bucket()?, key)?;
    permit.object(key, object.as_ref())?;
    let object = object.ok_or_else(|| Fault::NoSuchKey.with("Key", key))?;
    let shown = shown::show(permit, request, &object)?;
    let mut answer = shown.answer;
    if answer.status != StatusCode::NOT_MODIFIED {
        answer.headers.insert(CONTENT_LENGTH, HeaderValue::from(shown.length));
    }
    Ok(answer)
}
