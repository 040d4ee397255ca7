//! Authorize: may they. ACLs, object ownership and Block Public Access decide; only this room
//! makes a [`Permit`].

pub(crate) mod acl;
pub(crate) mod cors;
mod given_acl;

use std::sync::Arc;

use self::acl::PublicGrants;
use self::acl::Said;
pub(crate) use self::given_acl::GivenAcl;
pub(crate) use self::given_acl::GivenTo;
use crate::authenticate::Caller;
use crate::events::Happening;
use crate::events::News;
use crate::events::Requester;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::access_denied;
use crate::failure::saying;
use crate::names::Acl;
use crate::names::CanonicalId;
use crate::names::ObjectOwnership;
use crate::names::Permission;
use crate::notes::Notes;
use crate::place::Place;
use crate::relaxation::Relaxation;
use crate::request::Request;
use crate::route::Action;
use crate::route::Asks;
use crate::route::Operation;
use crate::route::Row;
use crate::store::Bucket;
use crate::store::Object;
use crate::world::World;

/// The permission to perform one operation. It holds who asked, and the bucket's rules as they
/// were read.
#[derive(Debug)]
pub(crate) struct Permit<'a> {
    world: &'a World,
    place: &'a Place,
    caller: Caller,
    row: &'static Row,
    /// What the row asks, or its sister for a request that names a version.
    asks: Asks,
    bucket: Option<Arc<Bucket>>,
    notes: Notes,
}

/// Asks the question of the operation's row.
pub(crate) fn check<'a>(
    world: &'a World,
    request: &Request,
    row: &'static Row,
    place: &'a Place,
    caller: Caller,
    notes: &Notes,
) -> Result<Permit<'a>, Failure> {
    let is_about_existing = !matches!(
        row.operation,
        Operation::ListBuckets | Operation::CreateBucket | Operation::Preflight
    );
    let bucket = if is_about_existing { Some(place.bucket()?) } else { None };
    let asks = asks(row, request);
    let permit = Permit { world, place, caller, row, asks, bucket, notes: notes.clone() };
    permit.check_expected_owner(request)?;
    match asks {
        Asks::Row(action) | Asks::WithAcl(action) => permit.bucket_action(action)?,
        // The operation asks once it has the object: see `Permit::object`.
        // A preflight is never signed, and tells of a missing bucket in its own words.
        Asks::Object(_) | Asks::Nothing => {}
        Asks::NotOffered => return Err(Fault::AccessDenied.failure()),
    }
    Ok(permit)
}

/// Whoever names a version needs an action of its own for it.
fn asks(row: &Row, request: &Request) -> Asks {
    match row.asks {
        Asks::Object(action) if request.query.has("versionId") => Asks::Object(match action {
            Action::DeleteObject => Action::DeleteObjectVersion,
            Action::GetObject => Action::GetObjectVersion,
            Action::GetObjectAcl => Action::GetObjectVersionAcl,
            Action::PutObjectAcl => Action::PutObjectVersionAcl,
            other => other,
        }),
        asks => asks,
    }
}

impl<'a> Permit<'a> {
    pub(crate) fn world(&self) -> &'a World {
        self.world
    }

    pub(crate) fn place(&self) -> &'a Place {
        self.place
    }

    pub(crate) fn caller(&self) -> &Caller {
        &self.caller
    }

    pub(crate) fn operation(&self) -> Operation {
        self.row.operation
    }

    /// The bucket, for operations on one that exists.
    pub(crate) fn bucket(&self) -> Result<&Arc<Bucket>, Failure> {
        self.bucket.as_ref().ok_or_else(|| Fault::Internal.because("the operation has no bucket"))
    }

    /// Asks about the object itself, for rows that say so: its own ACL may allow it, and one that
    /// is missing is a secret to whoever may not list the bucket.
    pub(crate) fn object(&self, key: &str, object: Option<&Object>) -> Result<(), Failure> {
        let Asks::Object(action) = self.asks else { return Ok(()) };
        if matches!(action, Action::DeleteObject | Action::DeleteObjectVersion) {
            // Deleting what is not there succeeds, for those who may delete.
            return self.delete(action, key, object);
        }
        let Some(object) = object else {
            self.missing(key)?;
            return Err(self.no_such_key(key));
        };
        let wanted = match action {
            Action::GetObjectAcl | Action::GetObjectVersionAcl => Permission::ReadAcp,
            Action::PutObjectAcl | Action::PutObjectVersionAcl => Permission::WriteAcp,
            _ => Permission::Read,
        };
        self.decide(action, self.judge_object(key, object, wanted))
    }

    /// Whether the caller may be told that something is missing: only who may list the bucket.
    pub(crate) fn missing(&self, key: &str) -> Result<(), Failure> {
        let bucket = self.bucket()?;
        self.judge_bucket(Action::ListBucket).map_err(|why| {
            Fault::AccessDenied.because(format!(
                "there is no object `{key}`, and whoever may not list bucket `{}` is not told so: \
                 {why}",
                bucket.name
            ))
        })
    }

    /// What those are told.
    pub(crate) fn no_such_key(&self, key: &str) -> Failure {
        let bucket = self.bucket.as_ref().map(|bucket| bucket.name.as_str()).unwrap_or_default();
        Fault::NoSuchKey
            .with("Key", key)
            .because(format!("there is no object `{key}` in bucket `{bucket}`"))
    }

    /// Asks for a further action, which only the owner of the bucket may do.
    pub(crate) fn also(&self, action: Action) -> Result<(), Failure> {
        self.decide(action, self.judge_bucket(action))
    }

    /// The same, where the answer only changes what is told or done.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.judge_bucket(action).is_ok()
    }

    /// Refuses anonymous callers, for operations that tell them more than that access is denied.
    pub(crate) fn no_anonymous(&self) -> Result<(), Failure> {
        match self.asks {
            Asks::Object(action) if self.caller.is_anonymous() => self.anonymous(action),
            _ => Ok(()),
        }
    }

    /// Asks for an ACL that a request brings: it must be allowed where it is going. Returns its
    /// grants, for something of `owner`.
    pub(crate) fn give_acl(&self, given: &GivenAcl, owner: &CanonicalId) -> Result<Acl, Failure> {
        let bucket = self.bucket()?;
        if bucket.effective_ownership() == ObjectOwnership::BucketOwnerEnforced
            && !given.fits_disabled_acls(&bucket.owner)
        {
            let note = format!(
                "bucket `{}` has the object ownership BucketOwnerEnforced, the default since April \
                 2023, which disables ACLs; leave the ACL out, or set the ownership to \
                 BucketOwnerPreferred or ObjectWriter",
                bucket.name
            );
            self.unless_relaxed(
                Relaxation::Ownership,
                Fault::AccessControlListNotSupported.because(note),
            )?;
        }
        let acl = given.acl(owner, &bucket.owner).into_owned();
        if bucket.effective_block().block_public_acls && acl.is_public() {
            self.unless_relaxed(
                Relaxation::PublicAccessBlock,
                Fault::AccessDenied.because(
                    "the ACL is public, and Block Public Access is on with BlockPublicAcls, the \
                     default of new buckets since April 2023; delete the bucket's public access \
                     block or set BlockPublicAcls to false",
                ),
            )?;
        }
        Ok(acl)
    }

    /// Who owns what the caller writes into the bucket.
    pub(crate) fn owner_of_written(
        &self,
        given: Option<&GivenAcl>,
    ) -> Result<CanonicalId, Failure> {
        let bucket = self.bucket()?;
        Ok(match bucket.effective_ownership() {
            ObjectOwnership::BucketOwnerEnforced => bucket.owner.clone(),
            ObjectOwnership::BucketOwnerPreferred
                if given.is_some_and(GivenAcl::is_bucket_owner_full_control) =>
            {
                bucket.owner.clone()
            }
            ObjectOwnership::BucketOwnerPreferred | ObjectOwnership::ObjectWriter => {
                self.caller.canonical_id()
            }
        })
    }

    /// The ACL that counts, of something in or of this bucket.
    pub(crate) fn effective_acl(&self, acl: &Acl) -> Result<Acl, Failure> {
        let bucket = self.bucket()?;
        Ok(if bucket.effective_ownership() == ObjectOwnership::BucketOwnerEnforced {
            Acl::private(&bucket.owner)
        } else if public_grants(bucket) == PublicGrants::Ignored {
            acl.without_public()
        } else {
            acl.clone()
        })
    }

    /// Notes what happened to an object of the bucket. It is told to those who asked for it once
    /// the request has succeeded.
    pub(crate) fn happened(&self, happening: Happening) {
        if let Some(bucket) = self.bucket.as_ref().filter(|it| it.settings.notification.is_some()) {
            let news = News::Happened(Arc::clone(bucket), happening);
            self.notes.news(self.requester(), news);
        }
    }

    /// Notes that the bucket's events go elsewhere now, which its new destinations are told.
    pub(crate) fn notification_was_put(&self) -> Result<(), Failure> {
        if let Some(bucket) = self.world.store.bucket(&self.bucket()?.name)? {
            self.notes.news(self.requester(), News::Configured(bucket));
        }
        Ok(())
    }

    /// The caller as events name them.
    fn requester(&self) -> Requester {
        let principal = match &self.caller {
            Caller::Anonymous => "Anonymous".to_owned(),
            Caller::User(user) => format!("AWS:{}", user.credentials().access_key_id),
        };
        Requester {
            principal,
            account: self.caller.account().unwrap_or_default().to_owned(),
            // Only this machine reaches an emulator that is started as usual.
            source_ip: "127.0.0.1".to_owned(),
        }
    }

    /// Lets a failure of a relaxed check pass, and notes it.
    pub(crate) fn unless_relaxed(
        &self,
        check: Relaxation,
        failure: Failure,
    ) -> Result<(), Failure> {
        if !self.world.relaxes(check) {
            return Err(failure);
        }
        self.notes.waive(check, failure.note.as_deref().unwrap_or(failure.error.code));
        Ok(())
    }

    fn decide(&self, action: Action, judged: Result<(), String>) -> Result<(), Failure> {
        let Err(why) = judged else { return Ok(()) };
        let note = format!("{} is denied to {}: {why}", action.name(), self.caller.name());
        self.unless_relaxed(Relaxation::Access, Fault::AccessDenied.because(note))
    }

    fn bucket_action(&self, action: Action) -> Result<(), Failure> {
        match action {
            // Whose buckets are listed depends on who asks; the operation knows what to tell whom.
            Action::ListAllMyBuckets => Ok(()),
            // Every account may have buckets.
            Action::CreateBucket if !self.caller.is_anonymous() => Ok(()),
            _ if self.caller.is_anonymous() => self.anonymous(action),
            _ => self.decide(action, self.judge_bucket(action)),
        }
    }

    /// Some operations tell anonymous callers more than that access is denied, whatever the ACL.
    fn anonymous(&self, action: Action) -> Result<(), Failure> {
        // Written down by versitygw, whose tests follow S3's answers.
        let message = match action {
            Action::CreateBucket
            | Action::PutBucketAcl
            | Action::PutObjectAcl
            | Action::PutObjectVersionAcl => {
                "Anonymous users cannot invoke this API. Please authenticate."
            }
            Action::PutBucketOwnershipControls => {
                "s3:PutBucketOwnershipControls does not support Anonymous requests!"
            }
            Action::GetBucketOwnershipControls => {
                "s3:GetBucketOwnershipControls does not support Anonymous requests!"
            }
            _ => return self.decide(action, self.judge_bucket(action)),
        };
        let note = format!("{} needs a signed request, and this one is anonymous", action.name());
        Err(access_denied(message).because(note))
    }

    /// Whether the caller may do this with the bucket itself, or why not.
    fn judge_bucket(&self, action: Action) -> Result<(), String> {
        let Some(bucket) = &self.bucket else { return Err("there is no bucket".to_owned()) };
        if self.caller.account() == Some(&bucket.account) {
            return Ok(());
        }
        let wanted = match action {
            Action::ListBucket | Action::ListBucketVersions => Permission::Read,
            Action::PutObject => Permission::Write,
            Action::GetBucketAcl => Permission::ReadAcp,
            Action::PutBucketAcl => Permission::WriteAcp,
            _ => {
                return Err(format!(
                    "only the owner of bucket `{}`, account {}, may do it",
                    bucket.name, bucket.account
                ));
            }
        };
        let what = format!("bucket `{}`", bucket.name);
        self.judge_acl(bucket, &bucket.acl, wanted, &what)
    }

    fn judge_object(&self, key: &str, object: &Object, wanted: Permission) -> Result<(), String> {
        let Some(bucket) = &self.bucket else { return Err("there is no bucket".to_owned()) };
        let is_enforced = bucket.effective_ownership() == ObjectOwnership::BucketOwnerEnforced;
        let owner = if is_enforced { &bucket.owner } else { &object.owner };
        let is_of_bucket_owner = self.caller.account() == Some(&bucket.account);
        if is_of_bucket_owner && *owner == bucket.owner {
            return Ok(());
        }
        // An owner may always read and write the ACL, also one that grants nothing.
        let is_acp = matches!(wanted, Permission::ReadAcp | Permission::WriteAcp);
        if is_acp && !is_enforced && *owner == self.caller.canonical_id() {
            return Ok(());
        }
        self.judge_acl(bucket, &object.acl, wanted, &format!("object `{key}`")).map_err(|why| {
            if is_of_bucket_owner {
                format!("{why}; the object was written by another account, which owns it")
            } else {
                why
            }
        })
    }

    fn judge_acl(
        &self,
        bucket: &Bucket,
        acl: &Acl,
        wanted: Permission,
        what: &str,
    ) -> Result<(), String> {
        let grantees = acl::grantees(&self.caller);
        let wanted_name = wanted.name();
        if bucket.effective_ownership() == ObjectOwnership::BucketOwnerEnforced {
            let said = match acl::ask(acl, &self.caller, wanted, PublicGrants::Count) {
                Said::Granted => "a grant is there, and",
                Said::Hidden | Said::Nothing => "nobody else is let in:",
            };
            return Err(format!(
                "{said} the object ownership of bucket `{}`, BucketOwnerEnforced, disables ACLs, so \
                 that only its owner, account {}, has access",
                bucket.name, bucket.account
            ));
        }
        match acl::ask(acl, &self.caller, wanted, public_grants(bucket)) {
            Said::Granted => Ok(()),
            Said::Hidden if self.world.relaxes(Relaxation::PublicAccessBlock) => {
                let check = Relaxation::PublicAccessBlock;
                self.notes.waive(check, format!("IgnorePublicAcls hides a grant on {what}"));
                Ok(())
            }
            Said::Hidden => Err(format!(
                "{what} grants {wanted_name} to everybody, and Block Public Access hides it with \
                 IgnorePublicAcls"
            )),
            Said::Nothing => {
                let hint = if bucket.effective_block().ignore_public_acls {
                    "; Block Public Access `IgnorePublicAcls` would have hidden a public one anyway"
                } else {
                    ""
                };
                Err(format!("no grant of {wanted_name} on {what} for {grantees}{hint}"))
            }
        }
    }

    /// Deleting needs WRITE on the bucket, and the object to be one's own, unless one owns the
    /// bucket.
    fn delete(&self, action: Action, key: &str, object: Option<&Object>) -> Result<(), Failure> {
        let bucket = self.bucket()?;
        if self.caller.account() == Some(&bucket.account) {
            return Ok(());
        }
        // No ACL lets anybody remove a version for good (documented: "Access control list (ACL)
        // overview").
        if action == Action::DeleteObjectVersion {
            return self.also(action);
        }
        let may_write = self.judge_bucket(Action::PutObject);
        let judged = may_write.and_then(|()| match object {
            Some(object) if object.owner != self.caller.canonical_id() => Err(format!(
                "object `{key}` is another account's; WRITE on the bucket lets one delete one's \
                 own objects only"
            )),
            _ => Ok(()),
        });
        self.decide(action, judged)
    }

    /// Holds `x-amz-expected-bucket-owner` against the bucket's owner.
    fn check_expected_owner(&self, request: &Request) -> Result<(), Failure> {
        let header = "x-amz-expected-bucket-owner";
        let Some(bucket) = &self.bucket else { return Ok(()) };
        // Forms ignore it (pinned by argmin's tests).
        if self.row.operation == Operation::PostObject {
            return Ok(());
        }
        let Some(expected) = request.parameter(header) else { return Ok(()) };
        if expected.len() != 12 || !expected.bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!(
                "The value of the expected bucket owner parameter must be an AWS Account ID... \
                 [{expected}]"
            );
            return Err(saying("InvalidBucketOwnerAWSAccountID", 400, message));
        }
        if expected != bucket.account {
            return Err(Fault::AccessDenied.because(format!(
                "`{header}` says {expected}, and bucket `{}` belongs to account {}",
                bucket.name, bucket.account
            )));
        }
        Ok(())
    }
}

fn public_grants(bucket: &Bucket) -> PublicGrants {
    if bucket.effective_block().ignore_public_acls {
        PublicGrants::Ignored
    } else {
        PublicGrants::Count
    }
}
