//! Operations on buckets themselves.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod head;
pub(super) mod list;
pub(super) mod location;
mod namespace;

/// The ARN of a bucket.
fn arn(name: &str) -> String {
    format!("arn:aws:s3:::{name}")
}
