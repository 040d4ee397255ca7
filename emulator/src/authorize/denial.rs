//! What decided, for a person; and of a denial what S3 tells the caller.

use std::fmt;

use crate::keyring::User;
use crate::names::Permission;
use crate::policy::Evidence;

/// What lets somebody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Allowed {
    /// The account owns it, and no policy limits its user.
    Account,
    /// The root of the account may always do this.
    Root,
    IdentityPolicy(Evidence),
    BucketPolicy(Evidence),
    /// A grant of an ACL.
    Grant {
        what: String,
        wanted: Permission,
        /// Whether Block Public Access would hide it, were it not relaxed.
        is_hidden: bool,
    },
    /// The object is the caller's, in a bucket of another account.
    OwnObject,
}

/// What keeps somebody out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Denial {
    /// A statement of the bucket's policy denies it.
    BucketPolicy(Evidence),
    /// A statement of the caller's own policy denies it.
    IdentityPolicy(Evidence),
    /// The caller's own policy does not allow it; perhaps a statement nearly does.
    NoIdentityPolicy(Option<Evidence>),
    /// Nobody lets the caller in: ACLs, ownership or Block Public Access, told for a person.
    Nobody(String),
}

impl Denial {
    /// What S3 tells a user of the account that owns the bucket, and nobody else; documented in
    /// "Troubleshoot access denied (403 Forbidden) errors".
    pub(super) fn message(&self, user: &User, action: &str, resource: &str) -> Option<String> {
        let why = match self {
            Self::BucketPolicy(_) => "with an explicit deny in a resource-based policy".to_owned(),
            Self::IdentityPolicy(_) => {
                "with an explicit deny in an identity-based policy".to_owned()
            }
            Self::NoIdentityPolicy(_) => {
                format!("because no identity-based policy allows the {action} action")
            }
            Self::Nobody(_) => return None,
        };
        let arn = user.arn();
        Some(format!(
            "User: {arn} is not authorized to perform: {action} on resource: \"{resource}\" {why}"
        ))
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account => write!(f, "the account owns it, and no policy limits the user"),
            Self::Root => write!(f, "the root of the account may always do this"),
            Self::IdentityPolicy(evidence) => {
                write!(f, "{evidence} of the caller's identity policy allows it")
            }
            Self::BucketPolicy(evidence) => {
                write!(f, "{evidence} of the bucket's policy allows it")
            }
            Self::Grant { what, wanted, .. } => {
                write!(f, "the ACL of {what} grants {}", wanted.name())
            }
            Self::OwnObject => write!(f, "the object is the caller's own"),
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BucketPolicy(evidence) => {
                write!(f, "{evidence} of the bucket's policy denies it")
            }
            Self::IdentityPolicy(evidence) => {
                write!(f, "{evidence} of the caller's identity policy denies it")
            }
            Self::NoIdentityPolicy(Some(evidence)) => write!(
                f,
                "{evidence} of a policy would allow it but for its condition, and nothing else \
                 allows it to the user"
            ),
            Self::NoIdentityPolicy(None) => {
                write!(f, "no statement of the caller's identity policy allows it")
            }
            Self::Nobody(why) => f.write_str(why),
        }
    }
}
