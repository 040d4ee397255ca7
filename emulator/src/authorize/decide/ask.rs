//! What is asked for: an action on a bucket or a key, and the grant of an ACL that would allow it.

use crate::names::Permission;
use crate::names::Retention;
use crate::names::VersionId;
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
    /// The version that is meant, where the request's query does not say so.
    pub(in crate::authorize) version: Option<VersionId>,
    /// The retention that a document asks for.
    pub(in crate::authorize) retention: Option<Retention>,
}

/// How ACLs can allow an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::authorize) enum ByAcl {
    /// Not at all.
    Never,
    /// A grant on the bucket.
    OnBucket(Permission),
    /// A grant on the object.
    OnObject(Permission),
    /// WRITE on the bucket, and the object is one's own.
    OfOwnObject,
    /// Not at all, not even to the owner of the object.
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
            version: None,
            retention: None,
        }
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
