//! Operations on objects.

pub(super) mod delete;
pub(super) mod get;
pub(super) mod head;
pub(super) mod lock;
pub(super) mod post;
pub(super) mod put;
mod refused;
pub(super) mod restore;
mod shown;
mod upload;
pub(super) mod version;

/// The encryption that S3 gives every object.
const ENCRYPTION: (&str, &str) = ("x-amz-server-side-encryption", "AES256");
