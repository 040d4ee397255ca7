//! The decision: policies, ACLs, object ownership and Block Public Access, held together.

mod ask;

pub(super) use self::ask::Ask;
pub(super) use self::ask::ByAcl;
pub(super) use self::ask::ExistingTags;
use super::acl;
use super::acl::PublicGrants;
use super::acl::Said;
use super::context::Asked;
use super::context::Seen;
use super::denial::Allowed;
use super::denial::Closed;
use super::denial::Denial;
use super::denial::Nearly;
use crate::authenticate::Caller;
use crate::explanation::DecidedBy;
use crate::keyring::User;
use crate::names::Acl;
use crate::names::ObjectOwnership;
use crate::names::Permission;
use crate::policy::Asker;
use crate::policy::Evidence;
use crate::policy::Policy;
use crate::policy::Question;
use crate::policy::Reach;
use crate::policy::Ruling;
use crate::store::Bucket;
use crate::store::Object;

/// Everything that decides about what one caller may do in one bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judge<'a> {
    pub(super) asked: Asked<'a>,
    /// The bucket's policy.
    pub(super) policy: Option<&'a Policy>,
    pub(super) block: Block,
}

/// Whether Block Public Access is enforced, or relaxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Block {
    Enforced,
    Relaxed,
}

/// What the caller's own side says.
enum Identity {
    /// No policy: everything that its account may do.
    Unlimited,
    Allowed(Evidence),
    Silent(Option<Evidence>),
    Denied(Evidence),
}

impl<'a> Judge<'a> {
    /// Whether the caller may do it, and what says so.
    pub(super) fn judge(&self, ask: &Ask<'_>) -> Result<Allowed, Denial> {
        let resource = self.resource(ask);
        let seen = Seen {
            asked: &self.asked,
            tags: ask.object.filter(|_| ask.looks_at_tags()).map_or(&[], |object| &object.tags),
            sought: ask.sought,
            version: ask.version,
            encryption: ask.encryption,
        };
        let question = Question {
            action: ask.action,
            resource: &resource,
            asker: self.asker(),
            context: &seen,
        };
        if self.is_root_about_policy(ask.action) {
            return Ok(Allowed::Root);
        }
        let of_bucket = self.policy.map_or(Ruling::Silent(None), |policy| policy.judge(&question));
        if let Ruling::Denied(evidence) = of_bucket {
            return Err(Denial::BucketPolicy(evidence));
        }
        let Caller::User(user) = self.asked.caller else {
            return self.by_bucket(ask, &of_bucket);
        };
        let own = own_side(user, &question);
        if let Identity::Denied(evidence) = own {
            return Err(Denial::IdentityPolicy(evidence));
        }
        if self.is_owner() {
            self.owner(ask, own, of_bucket)
        } else {
            self.guest(ask, own, &of_bucket)
        }
    }

    /// Whether the caller's own side, and within the owner's account the bucket's policy, lets it
    /// ask for an object at all, though nobody knows yet what is there.
    pub(super) fn judge_unseen(&self, ask: &Ask<'_>) -> Result<(), Denial> {
        match self.judge(ask) {
            Err(
                denial @ (Denial::BucketPolicy(_)
                | Denial::IdentityPolicy(_)
                | Denial::NoIdentityPolicy(_)
                | Denial::OwnSideSilent(..)),
            ) => Err(denial),
            // Nor would the ACL of an object that is there say any more.
            Err(denial) if ask.acl == ByAcl::Never => Err(denial),
            // An object that is not there has no ACL that could say more.
            Ok(_) | Err(Denial::Nobody(_)) => Ok(()),
        }
    }

    /// The ARN that policies know it by.
    pub(super) fn resource(&self, ask: &Ask<'_>) -> String {
        // All buckets of an account are meant where none is named.
        let bucket = self.asked.name.unwrap_or("*");
        match ask.key {
            Some(key) => format!("arn:aws:s3:::{bucket}/{key}"),
            None => format!("arn:aws:s3:::{bucket}"),
        }
    }

    fn asker(&self) -> Asker<'a> {
        match self.asked.caller {
            Caller::Anonymous => Asker::Anonymous,
            Caller::User(user) => Asker::User {
                account: user.account_id(),
                arn: user.known_arn(),
                canonical_id: user.known_canonical_id(),
            },
        }
    }

    /// Whether the bucket is of the caller's account. What has no bucket yet is everybody's own.
    pub(super) fn is_owner(&self) -> bool {
        let account = self.asked.caller.account();
        self.asked.bucket.is_none_or(|bucket| account == Some(&bucket.account))
    }

    /// So that owners cannot lock themselves out, the root of the account may always read, replace
    /// and delete the policy (documented for PutBucketPolicy).
    fn is_root_about_policy(&self, action: &str) -> bool {
        let is_about_policy =
            matches!(action, "s3:GetBucketPolicy" | "s3:PutBucketPolicy" | "s3:DeleteBucketPolicy");
        is_about_policy
            && self.is_owner()
            && matches!(self.asked.caller, Caller::User(user) if user.is_root())
    }

    /// A user of the account that owns the bucket: one side is enough.
    fn owner(&self, ask: &Ask<'_>, own: Identity, of_bucket: Ruling) -> Result<Allowed, Denial> {
        if self.is_foreign(ask) {
            return match own {
                Identity::Silent(near) => Err(Denial::NoIdentityPolicy(near.map(Nearly::Own))),
                _ => self.by_acl(ask).map_err(|closed| {
                    Denial::Nobody(
                        closed.and("; the object was written by another account, which owns it"),
                    )
                }),
            };
        }
        match (own, of_bucket) {
            (Identity::Unlimited, _) => Ok(Allowed::Account),
            (Identity::Allowed(evidence), _) => Ok(Allowed::IdentityPolicy(evidence)),
            // An account that a bucket's policy names still has to let its users in.
            (_, Ruling::Allowed(evidence, Reach::Named)) => Ok(Allowed::BucketPolicy(evidence)),
            (Identity::Silent(near), of_bucket) => {
                let of_bucket = match of_bucket {
                    Ruling::Allowed(evidence, _) => Some(Nearly::Account(evidence)),
                    Ruling::Silent(near) => near.map(Nearly::Bucket),
                    Ruling::Denied(_) => None,
                };
                Err(Denial::NoIdentityPolicy(near.map(Nearly::Own).or(of_bucket)))
            }
            (Identity::Denied(evidence), _) => Err(Denial::IdentityPolicy(evidence)),
        }
    }

    /// A user of another account: both sides must let it in.
    fn guest(&self, ask: &Ask<'_>, own: Identity, of_bucket: &Ruling) -> Result<Allowed, Denial> {
        let allowed = self.by_bucket(ask, of_bucket);
        match (allowed, own) {
            (_, Identity::Denied(evidence)) => Err(Denial::IdentityPolicy(evidence)),
            (Ok(allowed), Identity::Silent(near)) => {
                Err(Denial::OwnSideSilent(allowed, near.map(Nearly::Own)))
            }
            (Err(Denial::Nobody(closed)), Identity::Silent(_)) => Err(Denial::Nobody(closed.and(
                "; nor does the identity policy of the caller, whose side must allow it too",
            ))),
            (allowed, _) => allowed,
        }
    }

    /// What the bucket's side says to somebody who is not of its account.
    fn by_bucket(&self, ask: &Ask<'_>, ruling: &Ruling) -> Result<Allowed, Denial> {
        let Some(bucket) = self.asked.bucket else {
            return Err(Denial::Nobody(no_bucket()));
        };
        if self.block == Block::Enforced
            && let Some(restricted) = self.restricted(bucket)
        {
            let closed = Closed::new(DecidedBy::BlockPublicAccess, restricted);
            return Err(Denial::Nobody(closed));
        }
        let because = match ruling {
            Ruling::Allowed(evidence, _) if !self.is_foreign(ask) => {
                return Ok(Allowed::BucketPolicy(evidence.clone()));
            }
            Ruling::Allowed(evidence, _) => format!(
                "; {evidence} of the bucket's policy does not count, because the object is another \
                 account's than the bucket"
            ),
            Ruling::Silent(Some(evidence)) => {
                format!("; {evidence} of the bucket's policy would allow it but for its condition")
            }
            Ruling::Silent(None) if self.policy.is_some() => {
                "; no statement of the bucket's policy allows it".to_owned()
            }
            Ruling::Silent(None) | Ruling::Denied(_) => String::new(),
        };
        self.by_acl(ask).map_err(|closed| Denial::Nobody(closed.and(&because)))
    }

    /// What RestrictPublicBuckets says to whoever is not of the bucket's account.
    fn restricted(&self, bucket: &Bucket) -> Option<String> {
        let is_restricted = bucket.effective_block().restrict_public_buckets
            && self.policy.is_some_and(Policy::is_public);
        is_restricted.then(|| {
            format!(
                "the policy of bucket `{}` is public, and Block Public Access lets only its owner, \
                 account {}, in with RestrictPublicBuckets",
                bucket.name, bucket.account
            )
        })
    }

    /// What Block Public Access would have said, were it not relaxed.
    pub(super) fn said_by_relaxed_block(&self, allowed: &Allowed) -> Option<String> {
        if self.block == Block::Enforced {
            return None;
        }
        match allowed {
            Allowed::Grant { what, is_hidden: true, .. } => {
                Some(format!("IgnorePublicAcls hides a grant on {what}"))
            }
            _ if self.is_owner() => None,
            _ => self.restricted(self.asked.bucket?),
        }
    }

    /// Whether it is about an object whose owner alone may allow it, and not the bucket's: to read
    /// it, and its ACL. Its tags, its lock and its end are the bucket owner's (observed on S3 by
    /// argmin's tests for tags, documented for the end); to others a policy does not give the end
    /// of what another account owns.
    fn is_foreign(&self, ask: &Ask<'_>) -> bool {
        let (Some(bucket), Some(object)) = (self.asked.bucket, ask.object) else { return false };
        let is_its_owners = match ask.acl {
            ByAcl::OnObject(_) => true,
            ByAcl::OfOwnObject | ByAcl::NotToItsOwner => {
                !self.is_owner() && object.owner != self.asked.caller.canonical_id()
            }
            ByAcl::OnBucket(_) | ByAcl::Never => false,
        };
        is_its_owners && !is_enforced(bucket) && object.owner != bucket.owner
    }

    fn by_acl(&self, ask: &Ask<'_>) -> Result<Allowed, Closed> {
        let Some(bucket) = self.asked.bucket else { return Err(no_bucket()) };
        let on_bucket = || format!("bucket `{}`", bucket.name);
        let is_own = |object: &Object| {
            !is_enforced(bucket) && object.owner == self.asked.caller.canonical_id()
        };
        match (ask.acl, ask.object) {
            (ByAcl::OnBucket(Permission::Write) | ByAcl::OfOwnObject, object) => {
                let written = self.granted(bucket, &bucket.acl, Permission::Write, &on_bucket())?;
                match object {
                    Some(object) if object.owner != self.asked.caller.canonical_id() => {
                        let why = format!(
                            "object `{}` is another account's; WRITE on the bucket lets one create \
                             objects, and replace and delete one's own",
                            ask.key.unwrap_or_default()
                        );
                        Err(Closed::new(DecidedBy::Owner, why))
                    }
                    _ => Ok(written),
                }
            }
            (ByAcl::OnBucket(wanted), _) => self.granted(bucket, &bucket.acl, wanted, &on_bucket()),
            (ByAcl::OnObject(wanted), Some(object)) => {
                // An owner may always read and write the ACL, also one that grants nothing.
                let is_acp = matches!(wanted, Permission::ReadAcp | Permission::WriteAcp);
                if is_acp && is_own(object) {
                    return Ok(Allowed::OwnObject);
                }
                let what = format!("object `{}`", ask.key.unwrap_or_default());
                self.granted(bucket, &object.acl, wanted, &what)
            }
            (ByAcl::OnObject(wanted), None) => {
                let why = format!("there is no object whose ACL could grant {}", wanted.name());
                Err(Closed::new(DecidedBy::Acl, why))
            }
            (ByAcl::Never | ByAcl::NotToItsOwner, _) => {
                let why = format!(
                    "no grant of an ACL allows it; only the owner of bucket `{}`, account {}, may do \
                     it, and whom its policy lets in",
                    bucket.name, bucket.account
                );
                Err(Closed::new(DecidedBy::Owner, why))
            }
        }
    }

    fn granted(
        &self,
        bucket: &Bucket,
        acl: &Acl,
        wanted: Permission,
        what: &str,
    ) -> Result<Allowed, Closed> {
        let caller = self.asked.caller;
        let grantees = acl::grantees(caller);
        let wanted_name = wanted.name();
        if is_enforced(bucket) {
            let said = match acl::ask(acl, caller, wanted, PublicGrants::Count) {
                Said::Granted => "a grant is there, and",
                Said::Hidden | Said::Nothing => "nobody else is let in:",
            };
            let why = format!(
                "{said} the object ownership of bucket `{}`, BucketOwnerEnforced, disables ACLs, so \
                 that only its owner, account {}, has access",
                bucket.name, bucket.account
            );
            return Err(Closed::new(DecidedBy::ObjectOwnership, why));
        }
        let allowed = |is_hidden| Allowed::Grant { what: what.to_owned(), wanted, is_hidden };
        match acl::ask(acl, caller, wanted, public_grants(bucket)) {
            Said::Granted => Ok(allowed(false)),
            Said::Hidden if self.block == Block::Relaxed => Ok(allowed(true)),
            Said::Hidden => {
                let why = format!(
                    "{what} grants {wanted_name} to everybody, and Block Public Access hides it \
                     with IgnorePublicAcls"
                );
                Err(Closed::new(DecidedBy::BlockPublicAccess, why))
            }
            Said::Nothing => {
                let hint = if bucket.effective_block().ignore_public_acls {
                    "; Block Public Access `IgnorePublicAcls` would have hidden a public one anyway"
                } else {
                    ""
                };
                let why = format!("no grant of {wanted_name} on {what} for {grantees}{hint}");
                Err(Closed::new(DecidedBy::Acl, why))
            }
        }
    }
}

fn no_bucket() -> Closed {
    let why = "without a signature there is no account whose buckets are meant";
    Closed::new(DecidedBy::Owner, why)
}

pub(super) fn public_grants(bucket: &Bucket) -> PublicGrants {
    if bucket.effective_block().ignore_public_acls {
        PublicGrants::Ignored
    } else {
        PublicGrants::Count
    }
}

pub(super) fn is_enforced(bucket: &Bucket) -> bool {
    bucket.effective_ownership() == ObjectOwnership::BucketOwnerEnforced
}

fn own_side(user: &User, question: &Question<'_>) -> Identity {
    // A root is its account: no policy of a user limits it.
    let Some(policy) = user.identity_policy().filter(|_| !user.is_root()) else {
        return Identity::Unlimited;
    };
    match policy.judge(question) {
        Ruling::Denied(evidence) => Identity::Denied(evidence),
        Ruling::Allowed(evidence, _) => Identity::Allowed(evidence),
        Ruling::Silent(near) => Identity::Silent(near),
    }
}
