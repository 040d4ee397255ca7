//! What is asked for: an action on a bucket or a key, and the grant of an ACL that would allow it.

use crate::names::Encryption;
use crate::names::Permission;
use crate::names::VersionId;
use crate::policy::brings_object_tags;
use crate::store::Object;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub(in crate::authorize) struct Ask<'a> {
    /// Such as `s3:GetObject`.
    pub(in crate::authorize) action: &'a str,
    /// `None` where the bucket itself is meant.
    pub(in crate::authorize) key: Option<&'a str>,
    /// The object that is there.
    pub(in crate::authorize) object: Option<&'a Object>,
    /// What an ACL must grant.
    pub(in crate::authorize) acl: ByAcl,
    /// The key that is looked for where a listing would tell it.
    pub(in crate::authorize) sought: Option<&'a str>,
    /// Whether conditions may look at the tags of the object.
    pub(in crate::authorize) tags: ExistingTags,
    /// How the upload is encrypted that the request goes on with.
    pub(in crate::authorize) encryption: Option<&'a Encryption>,
    /// The version that is meant, where the request's query does not say so.
    pub(in crate::authorize) version: Option<VersionId>,
}

/// Whether S3 has the tags of an object at hand when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::authorize) enum ExistingTags {
    Seen,
    Unseen,
}

/// How ACLs can allow an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::authorize) enum ByAcl {
    /// Not at all.
    Never,
    /// A grant on the bucket. WRITE replaces no object of another account.
    OnBucket(Permission),
    /// A grant on the object.
    OnObject(Permission),
    /// WRITE on the bucket, and the object is one's own.
    OfOwnObject,
    /// Not at all, and what another account owns is its bucket's owner's to end, and nobody else's.
    NotToItsOwner,
}

impl<'a> Ask<'a> {
    /// A question about the bucket, or about a key and the object there.
    pub(in crate::authorize) fn of(
        action: &'a str,
        key: Option<&'a str>,
        object: Option<&'a Object>,
    ) -> Self {
        Self {
            action,
            key,
            object,
            acl: ByAcl::of(action),
            sought: None,
            tags: ExistingTags::Seen,
            encryption: None,
            version: None,
        }
    }
}

impl Ask<'_> {
    /// Whether conditions of `s3:ExistingObjectTag` see the tags of the object.
    pub(super) fn looks_at_tags(&self) -> bool {
        self.tags == ExistingTags::Seen && brings_object_tags(self.action)
    }
}

impl ByAcl {
    /// The grant that stands for an action, as the user guide's chapter on ACLs lists them.
    fn of(action: &str) -> Self {
        match action {
            "s3:ListBucket" | "s3:ListBucketVersions" | "s3:ListBucketMultipartUploads" => {
                Self::OnBucket(Permission::Read)
            }
            "s3:PutObject" => Self::OnBucket(Permission::Write),
            "s3:GetBucketAcl" => Self::OnBucket(Permission::ReadAcp),
            "s3:PutBucketAcl" => Self::OnBucket(Permission::WriteAcp),
            "s3:GetObject"
            | "s3:GetObjectVersion"
            | "s3:GetObjectAttributes"
            | "s3:GetObjectVersionAttributes" => Self::OnObject(Permission::Read),
            "s3:GetObjectAcl" | "s3:GetObjectVersionAcl" => Self::OnObject(Permission::ReadAcp),
            "s3:PutObjectAcl" | "s3:PutObjectVersionAcl" => Self::OnObject(Permission::WriteAcp),
            "s3:DeleteObject" => Self::OfOwnObject,
            // No ACL lets anybody remove a version for good (documented: "Access control list (ACL)
            // overview").
            "s3:DeleteObjectVersion" => Self::NotToItsOwner,
            _ => Self::Never,
        }
    }
}
