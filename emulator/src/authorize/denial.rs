//! What decided, for a person; and of a denial what S3 tells the caller.

use std::fmt;

use crate::explanation::DecidedBy;
use crate::explanation::Decision;
use crate::explanation::Explanation;
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
    NoIdentityPolicy(Option<Nearly>),
    /// The bucket of another account lets the caller in, and its own policy does not; perhaps a
    /// statement nearly does.
    OwnSideSilent(Allowed, Option<Nearly>),
    /// Nobody lets the caller in.
    Nobody(Closed),
}

/// What closes the bucket's side to whoever is not of its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Closed {
    /// ACLs, ownership or Block Public Access.
    pub(super) by: DecidedBy,
    /// That, for a person.
    pub(super) why: String,
}

impl Closed {
    pub(super) fn new(by: DecidedBy, why: impl Into<String>) -> Self {
        Self { by, why: why.into() }
    }

    /// Says more of it.
    pub(super) fn and(mut self, more: &str) -> Self {
        self.why.push_str(more);
        self
    }
}

/// A statement that nearly lets somebody in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Nearly {
    /// Of the caller's policy, but for its condition.
    Own(Evidence),
    /// Of the bucket's policy, but for its condition.
    Bucket(Evidence),
    /// Of the bucket's policy, for the account, which still has to let its users in.
    Account(Evidence),
}

impl Nearly {
    fn evidence(&self) -> &Evidence {
        match self {
            Self::Own(evidence) | Self::Bucket(evidence) | Self::Account(evidence) => evidence,
        }
    }
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
            Self::OwnSideSilent(..) | Self::Nobody(_) => return None,
        };
        let arn = user.arn();
        Some(format!(
            "User: {arn} is not authorized to perform: {action} on resource: \"{resource}\" {why}"
        ))
    }
}

impl Denial {
    /// What is told of it to a person, and to a program.
    pub(super) fn explanation(&self, action: &str, resource: &str, caller: &str) -> Explanation {
        let (by, evidence) = match self {
            Self::BucketPolicy(evidence) => (DecidedBy::BucketPolicy, Some(evidence)),
            Self::IdentityPolicy(evidence) => (DecidedBy::IdentityPolicy, Some(evidence)),
            Self::NoIdentityPolicy(nearly) | Self::OwnSideSilent(_, nearly) => {
                (DecidedBy::NoIdentityPolicy, nearly.as_ref().map(Nearly::evidence))
            }
            Self::Nobody(closed) => (closed.by, None),
        };
        let decision = Decision {
            action: action.to_owned(),
            resource: resource.to_owned(),
            caller: caller.to_owned(),
            by,
            statement: evidence.map(Evidence::number),
            sid: evidence.and_then(Evidence::sid).map(str::to_owned),
            because: self.to_string(),
        };
        let what = format!("{action} is denied to {caller}: {self}");
        Explanation {
            decision: Some(decision),
            ..Explanation::of(what).advising(advice(by, action, resource))
        }
    }
}

fn advice(by: DecidedBy, action: &str, resource: &str) -> String {
    match by {
        DecidedBy::BucketPolicy => {
            "Change that statement of the bucket's policy: what is denied no other one allows."
                .to_owned()
        }
        DecidedBy::IdentityPolicy => {
            "Change that statement of the user's policy: what is denied no other one allows."
                .to_owned()
        }
        DecidedBy::NoIdentityPolicy => {
            format!("Allow {action} on `{resource}` in the user's policy.")
        }
        DecidedBy::Acl => format!(
            "Ask as the owner, grant it in the ACL, or allow {action} on `{resource}` in the \
             bucket's policy."
        ),
        DecidedBy::ObjectOwnership => format!(
            "Ask as the owner, allow {action} on `{resource}` in the bucket's policy, or set the \
             object ownership to BucketOwnerPreferred or ObjectWriter, so that ACLs count."
        ),
        DecidedBy::BlockPublicAccess => {
            "Ask as the owner, or switch that setting off in the public access block of the bucket."
                .to_owned()
        }
        DecidedBy::Owner => "Ask as the owner.".to_owned(),
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
            Self::NoIdentityPolicy(nearly) => write!(f, "{}", OwnSide(nearly.as_ref())),
            Self::OwnSideSilent(allowed, nearly) => write!(
                f,
                "{allowed}, and across accounts both sides must: {}",
                OwnSide(nearly.as_ref())
            ),
            Self::Nobody(closed) => f.write_str(&closed.why),
        }
    }
}

/// That the caller's own side says nothing, and what nearly would.
struct OwnSide<'a>(Option<&'a Nearly>);

impl fmt::Display for OwnSide<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no statement of the caller's identity policy allows it")?;
        match self.0 {
            None => Ok(()),
            Some(Nearly::Own(evidence)) => {
                write!(f, "; {evidence} would, but for its condition")
            }
            Some(Nearly::Bucket(evidence)) => {
                write!(f, "; {evidence} of the bucket's policy would, but for its condition")
            }
            Some(Nearly::Account(evidence)) => write!(
                f,
                "; {evidence} of the bucket's policy allows it to the account, which still has to \
                 allow it to its user"
            ),
        }
    }
}
