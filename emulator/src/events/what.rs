//! `What`: everything that S3 tells of, with its names.

/// Something that S3 tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Put,
    Post,
    Copy,
    CompleteMultipartUpload,
    Delete,
    DeleteMarkerCreated,
    AclPut,
    TaggingPut,
    TaggingDelete,
    RestorePost,
    /// The copy of an archived object can be read.
    RestoreCompleted,
    /// The copy is gone again.
    RestoreDelete,
    ExpirationDelete,
    ExpirationMarkerCreated,
    Transition,
}

/// How it is told.
pub(super) struct Told {
    what: What,
    /// In records, and behind `s3:` in configurations.
    pub(super) name: &'static str,
    /// The version of the record's form.
    pub(super) version: &'static str,
    /// The `detail-type` for EventBridge.
    pub(super) detail_type: &'static str,
    /// The `reason` for EventBridge; empty where it has none.
    pub(super) reason: &'static str,
}

const fn told(
    what: What,
    name: &'static str,
    version: &'static str,
    detail_type: &'static str,
    reason: &'static str,
) -> Told {
    Told { what, name, version, detail_type, reason }
}

/// Names and versions as recorded by LocalStack; for the end of a copy and lifecycle as documented.
#[rustfmt::skip]
static TOLD: [Told; 15] = [
    told(What::Put,                     "ObjectCreated:Put",                     "2.1", "Object Created", "PutObject"),
    told(What::Post,                    "ObjectCreated:Post",                    "2.1", "Object Created", "POST Object"),
    told(What::Copy,                    "ObjectCreated:Copy",                    "2.1", "Object Created", "CopyObject"),
    told(What::CompleteMultipartUpload, "ObjectCreated:CompleteMultipartUpload", "2.1", "Object Created", "CompleteMultipartUpload"),
    told(What::Delete,                  "ObjectRemoved:Delete",                  "2.1", "Object Deleted", "DeleteObject"),
    told(What::DeleteMarkerCreated,     "ObjectRemoved:DeleteMarkerCreated",     "2.1", "Object Deleted", "DeleteObject"),
    told(What::AclPut,                  "ObjectAcl:Put",                         "2.3", "Object ACL Updated", ""),
    told(What::TaggingPut,              "ObjectTagging:Put",                     "2.3", "Object Tags Added", ""),
    told(What::TaggingDelete,           "ObjectTagging:Delete",                  "2.3", "Object Tags Deleted", ""),
    told(What::RestorePost,             "ObjectRestore:Post",                    "2.1", "Object Restore Initiated", ""),
    told(What::RestoreCompleted,        "ObjectRestore:Completed",               "2.1", "Object Restore Completed", ""),
    told(What::RestoreDelete,           "ObjectRestore:Delete",                  "2.3", "Object Restore Expired", ""),
    told(What::ExpirationDelete,        "LifecycleExpiration:Delete",            "2.3", "Object Deleted", "Lifecycle Expiration"),
    told(What::ExpirationMarkerCreated, "LifecycleExpiration:DeleteMarkerCreated", "2.3", "Object Deleted", "Lifecycle Expiration"),
    told(What::Transition,              "LifecycleTransition",                   "2.3", "Object Storage Class Changed", ""),
];

impl What {
    pub(super) fn told(self) -> &'static Told {
        // Every variant stands in the table, which a test holds to them.
        TOLD.iter().find(|told| told.what == self).unwrap_or(&TOLD[0])
    }

    /// The `deletion-type` for EventBridge.
    pub(super) fn deletion(self) -> Option<&'static str> {
        match self {
            Self::Delete | Self::ExpirationDelete => Some("Permanently Deleted"),
            Self::DeleteMarkerCreated | Self::ExpirationMarkerCreated => {
                Some("Delete Marker Created")
            }
            _ => None,
        }
    }

    /// Whether it tells of the object's bytes: their size, and a place in the order of the key's
    /// records.
    pub(super) fn is_of_bytes(self) -> bool {
        !matches!(self, Self::AclPut | Self::TaggingPut | Self::TaggingDelete)
    }

    /// Whether it tells of the copy of an archived object.
    pub(super) fn is_of_copy(self) -> bool {
        matches!(self, Self::RestorePost | Self::RestoreCompleted | Self::RestoreDelete)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::EVENTS;

    #[test]
    fn all_that_is_told_can_be_asked_for() {
        for told in &TOLD {
            assert_eq!(told.what.told().name, told.name);
            assert!(EVENTS.contains(&format!("s3:{}", told.name).as_str()), "{}", told.name);
        }
    }
}
