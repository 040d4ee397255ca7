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
    let store = &permit.world().store;
    // Where the parts are is written with the bytes.
    let found = match request.query.get("partNumber") {
        Some(_) => {
            store.open_version(bucket, key, which)?.map(|(object, body)| (object, Some(body)))
        }
        None => store.version(bucket, key, which)?.map(|object| (object, None)),
    };
    let object = found.as_ref().map(|(object, _)| object);
    version::check(permit, request, which, object, CurrentMarker::Hides)?;
    let (object, body) = found.ok_or_else(|| Fault::NoSuchKey.with("Key", key))?;
    let parts = match &body {
        Some(body) => shown::parts_asked_for(request, &**body)?,
        None => &[],
    };
    let shown = shown::show(permit, request, &object, parts)?;
    let mut answer = shown.answer;
    if answer.status != StatusCode::NOT_MODIFIED {
        answer.headers.insert(CONTENT_LENGTH, HeaderValue::from(shown.length));
    }
    Ok(answer)
}
