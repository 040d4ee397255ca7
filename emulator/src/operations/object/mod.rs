//! Operations on objects.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod head;
pub(super) mod post;
pub(super) mod put;
mod refused;
mod shown;
mod upload;

use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::request::Request;

/// The encryption that S3 gives every object.
const ENCRYPTION: (&str, &str) = ("x-amz-server-side-encryption", "AES256");

/// Objects of buckets without versioning have one version, called `null`.
pub(super) fn check_version_id(request: &Request) -> Result<(), Failure> {
    match request.query.get("versionId") {
        None | Some("null") => Ok(()),
        Some("") => Err(invalid_argument("Version id cannot be the empty string", "versionId")
            .with("ArgumentValue", "")),
        Some(id) => Err(invalid_argument("Invalid version id specified", "versionId")
            .with("ArgumentValue", id)
            .because("the bucket was never versioned, so its objects have the version `null`")),
    }
}
