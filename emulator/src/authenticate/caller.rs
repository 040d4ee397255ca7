//! `Caller`: who asks.

use std::sync::Arc;

use crate::keyring::User;
use crate::names::CanonicalId;

/// Who asks.
#[derive(Clone, Debug)]
pub(crate) enum Caller {
    /// Nobody said who it is.
    Anonymous,
    /// The holder of a key that the request proved to be signed with.
    User(Arc<User>),
}

impl Caller {
    /// The canonical id by which ACLs know the caller's account.
    pub(crate) fn canonical_id(&self) -> CanonicalId {
        match self {
            Self::Anonymous => CanonicalId::anonymous(),
            Self::User(user) => user.canonical_id(),
        }
    }

    /// The caller's account, twelve digits.
    pub(crate) fn account(&self) -> Option<&str> {
        match self {
            Self::Anonymous => None,
            Self::User(user) => Some(user.account_id()),
        }
    }

    pub(crate) fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }

    /// The name for the journal.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Anonymous => "anonymous",
            Self::User(user) => user.name(),
        }
    }
}
