//! Versions in requests and answers: `versionId`, `x-amz-version-id`, and delete markers.

use http::HeaderName;
use http::header::ALLOW;
use http::header::LAST_MODIFIED;

use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::names::VersionId;
use crate::request::Request;
use crate::route::Operation;
use crate::store::Bucket;
use crate::store::Object;
use crate::store::Which;

const VERSION_ID: HeaderName = HeaderName::from_static("x-amz-version-id");
const DELETE_MARKER: HeaderName = HeaderName::from_static("x-amz-delete-marker");

/// What an operation makes of a key that ends in a delete marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CurrentMarker {
    /// The object is missing.
    Hides,
    /// The operation is not allowed on it.
    Refuses,
}

/// The version that a request is about.
pub(crate) fn which(request: &Request, bucket: &Bucket) -> Result<Which, Failure> {
    match request.query.get("versionId") {
        None => Ok(Which::Current),
        Some(id) => parse(id, bucket, "versionId").map(Which::Version),
    }
}

/// Reads the id of a version. A bucket that never kept versions has `null` only (recorded by
/// LocalStack: `test_delete_object`); the text for an empty one was captured from AWS in 2026.
pub(crate) fn parse(
    id: &str,
    bucket: &Bucket,
    parameter: &'static str,
) -> Result<VersionId, Failure> {
    let refused = |note: String| {
        invalid_argument("Invalid version id specified", parameter)
            .with("ArgumentValue", id)
            .because(note)
    };
    if id.is_empty() {
        return Err(invalid_argument("Version id cannot be the empty string", parameter)
            .with("ArgumentValue", ""));
    }
    match VersionId::parse(id) {
        Some(VersionId::Made { .. }) if bucket.settings.versioning.is_none() => {
            Err(refused(format!(
                "bucket `{}` never kept versions, so its objects have the version `null`",
                bucket.name
            )))
        }
        Some(version) => Ok(version),
        None => Err(refused(format!("`{id}` has not the form of a version's id"))),
    }
}

/// Asks for permission, and refuses what is not there or is a delete marker.
pub(crate) fn check(
    permit: &Permit<'_>,
    request: &Request,
    which: Which,
    found: Option<&Object>,
    current_marker: CurrentMarker,
) -> Result<(), Failure> {
    let key = request.key();
    match (found, which) {
        (Some(marker), Which::Current)
            if marker.is_delete_marker && current_marker == CurrentMarker::Hides =>
        {
            permit.missing(key)?;
            let hidden = permit
                .no_such_key(key)
                .because(format!("the current version of `{key}` is a delete marker"));
            Err(tell_marker(hidden, marker))
        }
        (Some(marker), _) if marker.is_delete_marker => {
            permit.object(key, Some(marker))?;
            Err(not_allowed(permit, request, which, marker))
        }
        (Some(object), _) => permit.object(key, Some(object)),
        (None, Which::Current) => {
            permit.missing(key)?;
            Err(permit.no_such_key(key))
        }
        (None, Which::Version(version)) => {
            permit.missing(key)?;
            Err(Fault::NoSuchVersion
                .with("Key", key)
                .with("VersionId", version.to_string())
                .because(format!("there is no version `{version}` of `{key}`")))
        }
    }
}

/// Recorded by LocalStack: `test_delete_object_versioned`; the headers as documented for
/// GetObject, and as captured from AWS in 2026 for ACLs, which do not tell of a time, nor
/// of a marker that was not named.
fn not_allowed(permit: &Permit<'_>, request: &Request, which: Which, marker: &Object) -> Failure {
    let failure = Fault::MethodNotAllowed
        .with("Method", request.method.as_str())
        .with("ResourceType", "DeleteMarker")
        .because("the version is a delete marker, which can only be deleted")
        .with_header(ALLOW, "DELETE");
    match (permit.operation(), which) {
        (Operation::PutObjectAcl, Which::Current) => failure,
        (Operation::GetObjectAcl | Operation::PutObjectAcl, _) => tell_marker(failure, marker),
        _ => tell_marker(failure.with_header(LAST_MODIFIED, &marker.modified.http()), marker),
    }
}

/// Tells in headers that it is a delete marker which is in the way.
pub(super) fn tell_marker(failure: Failure, marker: &Object) -> Failure {
    failure.with_header(DELETE_MARKER, "true").with_header(VERSION_ID, &marker.version.to_string())
}

/// Tells which version was read, where the bucket keeps or kept versions.
pub(crate) fn set_read(answer: &mut Answer, bucket: &Bucket, version: VersionId) {
    if bucket.settings.versioning.is_some() {
        answer.set(VERSION_ID, version.to_string());
    }
}

/// Tells which version was written. Of `null` nothing is said (recorded by LocalStack:
/// `test_put_object_on_suspended_bucket`).
pub(crate) fn set_written(answer: &mut Answer, version: VersionId) {
    if version != VersionId::Null {
        answer.set(VERSION_ID, version.to_string());
    }
}

/// Tells that the version is a delete marker.
pub(crate) fn set_delete_marker(answer: &mut Answer) {
    answer.set(DELETE_MARKER, "true");
}
