//! Grants, canned ACLs, object ownership and Block Public Access, as S3 names them.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

/// The id of an account as ACLs know it: 64 hexadecimal digits, or the one of anonymous callers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CanonicalId(String);

impl CanonicalId {
    /// The owner of objects that were written without a signature.
    pub const ANONYMOUS: &'static str = "65a011a29cdf8ec533ec3d1ccaae921c";

    /// The canonical id of anonymous callers.
    pub fn anonymous() -> Self {
        Self(Self::ANONYMOUS.to_owned())
    }

    /// An id as it stands in a document; `None` if it cannot be one.
    pub fn parse(id: &str) -> Option<Self> {
        let is_hex = id.len() == 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_hex || id == Self::ANONYMOUS).then(|| Self(id.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CanonicalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a grant allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Permission {
    /// List a bucket, or read an object.
    Read,
    /// Write into a bucket; without effect on an object.
    Write,
    /// Read the ACL.
    ReadAcp,
    /// Write the ACL.
    WriteAcp,
    /// All of these.
    FullControl,
}

impl Permission {
    const NAMES: [(Self, &'static str); 5] = [
        (Self::Read, "READ"),
        (Self::Write, "WRITE"),
        (Self::ReadAcp, "READ_ACP"),
        (Self::WriteAcp, "WRITE_ACP"),
        (Self::FullControl, "FULL_CONTROL"),
    ];

    /// S3's word for it, such as `READ_ACP`.
    pub fn name(self) -> &'static str {
        name_in(&Self::NAMES, self)
    }

    /// The permission of that name, which is compared with its case.
    pub fn parse(name: &str) -> Option<Self> {
        named_in(&Self::NAMES, name)
    }

    /// Whether a grant of this permission gives `wanted`.
    pub fn covers(self, wanted: Self) -> bool {
        self == wanted || self == Self::FullControl
    }
}

/// A group that a grant can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Group {
    /// Anyone, with or without a signature.
    AllUsers,
    /// Anyone with a valid signature, of any account.
    AuthenticatedUsers,
    /// S3's own log writer.
    LogDelivery,
}

impl Group {
    const NAMES: [(Self, &'static str); 3] = [
        (Self::AllUsers, "http://acs.amazonaws.com/groups/global/AllUsers"),
        (Self::AuthenticatedUsers, "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"),
        (Self::LogDelivery, "http://acs.amazonaws.com/groups/s3/LogDelivery"),
    ];

    /// The URI that stands for the group in documents and headers.
    pub fn uri(self) -> &'static str {
        name_in(&Self::NAMES, self)
    }

    /// The group of that URI.
    pub fn parse(uri: &str) -> Option<Self> {
        named_in(&Self::NAMES, uri)
    }
}

/// Whom a grant is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Grantee {
    /// An account.
    Account(CanonicalId),
    /// A group.
    Group(Group),
}

/// One line of an ACL.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Grant {
    /// Whom it is for.
    pub grantee: Grantee,
    /// What it allows.
    pub permission: Permission,
}

/// The grants of a bucket or an object; who owns it stands in its record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acl {
    /// In the order in which they were given.
    pub grants: Vec<Grant>,
}

impl Acl {
    /// The ACL of everything that was made without one.
    pub fn private(owner: &CanonicalId) -> Self {
        let grantee = Grantee::Account(owner.clone());
        Self { grants: vec![Grant { grantee, permission: Permission::FullControl }] }
    }

    /// Whether a grant is for everybody, as Block Public Access understands it.
    pub fn is_public(&self) -> bool {
        self.grants.iter().any(Grant::is_public)
    }

    /// The same without the grants for everybody, which `IgnorePublicAcls` hides.
    pub fn without_public(&self) -> Self {
        Self { grants: self.grants.iter().filter(|grant| !grant.is_public()).cloned().collect() }
    }
}

impl Grant {
    fn is_public(&self) -> bool {
        matches!(self.grantee, Grantee::Group(Group::AllUsers | Group::AuthenticatedUsers))
    }
}

/// A ready-made ACL, named in a header, a form field or the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CannedAcl {
    /// The owner alone.
    Private,
    /// Everybody may read.
    PublicRead,
    /// Everybody may read and write.
    PublicReadWrite,
    /// Every signed caller may read.
    AuthenticatedRead,
    /// Amazon EC2 may read.
    AwsExecRead,
    /// The bucket's owner may read the object.
    BucketOwnerRead,
    /// The bucket's owner may do all with the object.
    BucketOwnerFullControl,
    /// S3's log writer may write into the bucket.
    LogDeliveryWrite,
}

/// The canonical id of the EC2 account `za-team`, to whom `aws-exec-read` gives READ.
const EC2_ZA_TEAM: &str = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c";

impl CannedAcl {
    const NAMES: [(Self, &'static str); 8] = [
        (Self::Private, "private"),
        (Self::PublicRead, "public-read"),
        (Self::PublicReadWrite, "public-read-write"),
        (Self::AuthenticatedRead, "authenticated-read"),
        (Self::AwsExecRead, "aws-exec-read"),
        (Self::BucketOwnerRead, "bucket-owner-read"),
        (Self::BucketOwnerFullControl, "bucket-owner-full-control"),
        (Self::LogDeliveryWrite, "log-delivery-write"),
    ];

    /// S3's word for it, such as `public-read`.
    pub fn name(self) -> &'static str {
        name_in(&Self::NAMES, self)
    }

    /// The canned ACL of that name.
    pub fn parse(name: &str) -> Option<Self> {
        named_in(&Self::NAMES, name)
    }

    /// The grants that it stands for on something of `owner` in a bucket of `bucket_owner`.
    pub fn grants(self, owner: &CanonicalId, bucket_owner: &CanonicalId) -> Acl {
        let group = |group, permission| Grant { grantee: Grantee::Group(group), permission };
        let account = |id: &CanonicalId, permission| Grant {
            grantee: Grantee::Account(id.clone()),
            permission,
        };
        let mut acl = Acl::private(owner);
        match self {
            Self::PublicRead => acl.grants.push(group(Group::AllUsers, Permission::Read)),
            Self::PublicReadWrite => acl.grants.extend([
                group(Group::AllUsers, Permission::Read),
                group(Group::AllUsers, Permission::Write),
            ]),
            Self::AuthenticatedRead => {
                acl.grants.push(group(Group::AuthenticatedUsers, Permission::Read));
            }
            Self::AwsExecRead => {
                acl.grants.push(account(&CanonicalId(EC2_ZA_TEAM.to_owned()), Permission::Read));
            }
            // With one owner for both, the second grant would say less than the first.
            Self::BucketOwnerRead if owner != bucket_owner => {
                acl.grants.push(account(bucket_owner, Permission::Read));
            }
            Self::BucketOwnerFullControl if owner != bucket_owner => {
                acl.grants.push(account(bucket_owner, Permission::FullControl));
            }
            Self::Private | Self::BucketOwnerRead | Self::BucketOwnerFullControl => {}
            Self::LogDeliveryWrite => acl.grants.extend([
                group(Group::LogDelivery, Permission::Write),
                group(Group::LogDelivery, Permission::ReadAcp),
            ]),
        }
        acl
    }
}

/// Who owns the objects of a bucket, and whether ACLs count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ObjectOwnership {
    /// The bucket's owner owns everything; ACLs are disabled. The default since April 2023.
    BucketOwnerEnforced,
    /// The writer owns, unless the write says `bucket-owner-full-control`.
    BucketOwnerPreferred,
    /// The writer owns.
    ObjectWriter,
}

impl ObjectOwnership {
    const NAMES: [(Self, &'static str); 3] = [
        (Self::BucketOwnerEnforced, "BucketOwnerEnforced"),
        (Self::BucketOwnerPreferred, "BucketOwnerPreferred"),
        (Self::ObjectWriter, "ObjectWriter"),
    ];

    /// S3's word for it.
    pub fn name(self) -> &'static str {
        name_in(&Self::NAMES, self)
    }

    /// The setting of that name.
    pub fn parse(name: &str) -> Option<Self> {
        named_in(&Self::NAMES, name)
    }
}

/// The four settings of Block Public Access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // S3's own document has these four members.
pub struct PublicAccessBlock {
    /// Refuses ACLs that are public.
    pub block_public_acls: bool,
    /// Takes public grants for absent.
    pub ignore_public_acls: bool,
    /// Refuses bucket policies that are public.
    pub block_public_policy: bool,
    /// Lets only the owner's account in while the policy is public.
    pub restrict_public_buckets: bool,
}

impl PublicAccessBlock {
    /// What a new bucket has since April 2023.
    pub const ALL: Self = Self::every(true);
    /// What a bucket without the setting has.
    pub const NONE: Self = Self::every(false);

    const fn every(is_on: bool) -> Self {
        Self {
            block_public_acls: is_on,
            ignore_public_acls: is_on,
            block_public_policy: is_on,
            restrict_public_buckets: is_on,
        }
    }
}

impl From<bool> for PublicAccessBlock {
    fn from(is_on: bool) -> Self {
        Self::every(is_on)
    }
}

pub(super) fn name_in<T: Copy + PartialEq>(names: &[(T, &'static str)], wanted: T) -> &'static str {
    names.iter().find(|(item, _)| *item == wanted).map_or("", |(_, name)| name)
}

pub(super) fn named_in<T: Copy>(names: &[(T, &'static str)], wanted: &str) -> Option<T> {
    names.iter().find(|(_, name)| *name == wanted).map(|(item, _)| *item)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for (item, name) in CannedAcl::NAMES {
            assert_eq!((CannedAcl::parse(name), item.name()), (Some(item), name));
        }
        for (item, name) in Permission::NAMES {
            assert_eq!((Permission::parse(name), item.name()), (Some(item), name));
        }
        for (item, name) in Group::NAMES {
            assert_eq!((Group::parse(name), item.uri()), (Some(item), name));
        }
        assert_eq!(CannedAcl::parse("Public-Read"), None);
    }

    #[test]
    fn canned_acls_grant_what_the_user_guide_says() {
        let owner = CanonicalId("a".repeat(64));
        let other = CanonicalId("b".repeat(64));
        let check =
            |canned: CannedAcl, bucket_owner: &CanonicalId, grants: usize, is_public: bool| {
                let acl = canned.grants(&owner, bucket_owner);
                assert_eq!((acl.grants.len(), acl.is_public()), (grants, is_public), "{canned:?}");
                assert!(!acl.without_public().is_public());
            };
        check(CannedAcl::Private, &owner, 1, false);
        check(CannedAcl::PublicRead, &owner, 2, true);
        check(CannedAcl::PublicReadWrite, &owner, 3, true);
        check(CannedAcl::AuthenticatedRead, &owner, 2, true);
        check(CannedAcl::AwsExecRead, &owner, 2, false);
        check(CannedAcl::BucketOwnerRead, &owner, 1, false);
        check(CannedAcl::BucketOwnerRead, &other, 2, false);
        check(CannedAcl::BucketOwnerFullControl, &other, 2, false);
        check(CannedAcl::LogDeliveryWrite, &owner, 3, false);
    }
}
