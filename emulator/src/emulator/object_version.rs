//! `ObjectVersion`: a version of an object, as a test asks for it.

use stuntbucket_signer::Timestamp;

use crate::store::Version;

/// A version of an object, or a delete marker.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ObjectVersion {
    /// The id, as it stands in `x-amz-version-id`: `null` of what was written while no versions
    /// were kept.
    pub id: String,
    /// Whether it is the current version.
    pub is_latest: bool,
    /// Whether it only says that the object was deleted.
    pub is_delete_marker: bool,
    /// In bytes.
    pub size: u64,
    /// The entity tag, without quotes; empty for a delete marker.
    pub etag: String,
    /// When it was written.
    pub modified: Timestamp,
}

impl ObjectVersion {
    pub(super) fn of(version: Version) -> Self {
        let Version { object, is_latest } = version;
        Self {
            id: object.version.to_string(),
            is_latest,
            is_delete_marker: object.is_delete_marker,
            size: object.size,
            etag: object.etag,
            modified: object.modified,
        }
    }
}
