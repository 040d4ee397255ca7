//! What ACLs allow, and what Block Public Access hides of them. Pure: no request, no store.

use crate::authenticate::Caller;
use crate::names::Acl;
use crate::names::Grant;
use crate::names::Grantee;
use crate::names::Group;
use crate::names::Permission;

/// What an ACL says to a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// A grant allows it.
    Granted,
    /// A grant would allow it, and `IgnorePublicAcls` hides it.
    Hidden,
    /// No grant allows it.
    Nothing,
}

/// Whether grants for everybody count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicGrants {
    Count,
    /// `IgnorePublicAcls` is on.
    Ignored,
}

/// Asks an ACL whether the caller has this permission.
pub(crate) fn ask(acl: &Acl, caller: &Caller, wanted: Permission, public: PublicGrants) -> Said {
    let id = caller.canonical_id();
    let mut said = Said::Nothing;
    for grant in acl.grants.iter().filter(|grant| grant.permission.covers(wanted)) {
        let (is_for_caller, is_public) = match &grant.grantee {
            Grantee::Account(account) => (*account == id, false),
            Grantee::Group(Group::AllUsers) => (true, true),
            Grantee::Group(Group::AuthenticatedUsers) => (!caller.is_anonymous(), true),
            Grantee::Group(Group::LogDelivery) => (false, false),
        };
        if is_for_caller && (!is_public || public == PublicGrants::Count) {
            return Said::Granted;
        }
        if is_for_caller {
            said = Said::Hidden;
        }
    }
    said
}

/// Whom a refusal names where it says that nobody granted anything.
pub(crate) fn grantees(caller: &Caller) -> String {
    match caller {
        Caller::Anonymous => "AllUsers".to_owned(),
        Caller::User(user) => {
            format!("account {}, AuthenticatedUsers or AllUsers", user.account_id())
        }
    }
}

/// Whether an ACL says no more than that its owner has full control. Only such a one may be given
/// where ACLs are disabled.
pub(crate) fn is_owner_alone(acl: &Acl, owner: &crate::names::CanonicalId) -> bool {
    let is_owners = |grant: &Grant| {
        grant.grantee == Grantee::Account(owner.clone())
            && grant.permission == Permission::FullControl
    };
    !acl.grants.is_empty() && acl.grants.iter().all(is_owners)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::keyring::User;
    use crate::names::CannedAcl;

    #[track_caller]
    fn check(canned: CannedAcl, caller: &Caller, wanted: Permission, expected: [Said; 2]) {
        let owner = User::new("owner").canonical_id();
        let acl = canned.grants(&owner, &owner);
        let said = [PublicGrants::Count, PublicGrants::Ignored]
            .map(|public| ask(&acl, caller, wanted, public));
        assert_eq!(said, expected, "{canned:?} {caller:?} {wanted:?}");
    }

    #[test]
    fn canned_acls_answer_as_the_user_guide_says() {
        use Permission::*;
        use Said::*;
        let owner = Caller::User(Arc::new(User::new("owner")));
        let stranger = Caller::User(Arc::new(User::new("eve").account("000000000002")));
        let nobody = Caller::Anonymous;
        for permission in [Read, Write, ReadAcp, WriteAcp, FullControl] {
            check(CannedAcl::Private, &owner, permission, [Granted, Granted]);
            check(CannedAcl::Private, &stranger, permission, [Nothing, Nothing]);
            check(CannedAcl::Private, &nobody, permission, [Nothing, Nothing]);
        }
        for caller in [&stranger, &nobody] {
            check(CannedAcl::PublicRead, caller, Read, [Granted, Hidden]);
            check(CannedAcl::PublicRead, caller, Write, [Nothing, Nothing]);
            check(CannedAcl::PublicRead, caller, ReadAcp, [Nothing, Nothing]);
            check(CannedAcl::PublicReadWrite, caller, Write, [Granted, Hidden]);
        }
        check(CannedAcl::AuthenticatedRead, &stranger, Read, [Granted, Hidden]);
        check(CannedAcl::AuthenticatedRead, &nobody, Read, [Nothing, Nothing]);
        check(CannedAcl::LogDeliveryWrite, &nobody, Write, [Nothing, Nothing]);
    }

    #[test]
    fn only_the_owners_full_control_goes_where_acls_are_disabled() {
        let owner = User::new("owner").canonical_id();
        assert!(is_owner_alone(&Acl::private(&owner), &owner));
        assert!(!is_owner_alone(&CannedAcl::PublicRead.grants(&owner, &owner), &owner));
        assert!(!is_owner_alone(&Acl::default(), &owner));
    }
}
