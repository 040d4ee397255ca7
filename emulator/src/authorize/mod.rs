//! Authorize: may they. Policies, ACLs, object ownership and Block Public Access decide; only this
//! room makes a [`Permit`].

pub(crate) mod acl;
mod asked_later;
mod context;
pub(crate) mod cors;
mod decide;
mod denial;
pub(crate) mod explain;
mod given_acl;
mod ownership;
mod payer;
mod row;
mod tell;

use std::borrow::Cow;
use std::sync::Arc;

pub(crate) use self::asked_later::TagsOfSource;
use self::context::Asked;
pub(crate) use self::context::Document;
use self::decide::Ask;
use self::decide::Block;
use self::decide::Judge;
use self::denial::Allowed;
use self::denial::Denial;
pub(crate) use self::given_acl::GivenAcl;
pub(crate) use self::given_acl::GivenTo;
use crate::authenticate::Authenticated;
use crate::authenticate::Caller;
use crate::authenticate::Content;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::access_denied;
use crate::notes::Notes;
use crate::place::Place;
use crate::policy::Policy;
use crate::relaxation::Relaxation;
use crate::request::Request;
use crate::request::form::Form;
use crate::route::Action;
use crate::route::Asks;
use crate::route::Operation;
use crate::route::Row;
use crate::store::Bucket;
use crate::store::Object;
use crate::world::World;

/// The permission to perform one operation. It holds who asked, and the bucket's rules as they
/// were read.
#[derive(Clone, Debug)]
pub(crate) struct Permit<'a> {
    world: &'a World,
    request: &'a Request,
    place: &'a Place,
    caller: Caller,
    /// The fields of a form, where parameters are found that other requests have in headers.
    form: Option<Form>,
    /// The key that a form writes.
    form_key: Option<String>,
    document: Document,
    row: &'static Row,
    bucket: Option<Arc<Bucket>>,
    policy: Option<Policy>,
    notes: Notes,
}

/// Asks the question of the operation's row.
pub(crate) fn check<'a>(
    world: &'a World,
    request: &'a Request,
    row: &'static Row,
    place: &'a Place,
    authenticated: &Authenticated,
    notes: &Notes,
) -> Result<Permit<'a>, Failure> {
    let form = match &authenticated.content {
        Content::Form(verified) => Some(verified.form.clone()),
        Content::Body(_) => None,
    };
    ask_row(world, request, row, place, authenticated.caller.clone(), form, notes)
}

/// The same where nobody looks at a signature.
pub(crate) fn check_anonymous<'a>(
    world: &'a World,
    request: &'a Request,
    row: &'static Row,
    place: &'a Place,
    notes: &Notes,
) -> Result<Permit<'a>, Failure> {
    ask_row(world, request, row, place, Caller::Anonymous, None, notes)
}

fn ask_row<'a>(
    world: &'a World,
    request: &'a Request,
    row: &'static Row,
    place: &'a Place,
    caller: Caller,
    form: Option<Form>,
    notes: &Notes,
) -> Result<Permit<'a>, Failure> {
    let is_about_existing = !matches!(
        row.operation,
        Operation::ListBuckets | Operation::CreateBucket | Operation::Preflight
    );
    let bucket = if is_about_existing { Some(place.bucket()?) } else { None };
    let policy = bucket.as_deref().map(policy_of).transpose()?.flatten();
    let notes = notes.clone();
    // As it will be written: a field that comes twice is a list.
    let form_key = form.as_ref().and_then(|form| form.get("key")).map(Cow::into_owned);
    let document = Document::NONE;
    let permit = Permit {
        world,
        request,
        place,
        caller,
        form,
        form_key,
        document,
        row,
        bucket,
        policy,
        notes,
    };
    permit.check_expected_owner(request)?;
    permit.check_payer()?;
    match row.asks {
        Asks::Row(action) => permit.row(action)?,
        Asks::WithAcl(action) | Asks::AndSource(action) => {
            permit.row(action)?;
            permit.also_asked()?;
        }
        // The operation asks once it has the object, the upload, the keys or the document: see
        // `Permit::object`. A preflight is never signed, and tells of a missing bucket in its own
        // words.
        Asks::Object(_)
        | Asks::Upload(_)
        | Asks::Document(_)
        | Asks::EachKey(_)
        | Asks::Nothing => {}
        Asks::NotOffered => return Err(Fault::AccessDenied.failure()),
    }
    Ok(permit)
}

/// The policy of a bucket, which was checked when it was put.
fn policy_of(bucket: &Bucket) -> Result<Option<Policy>, Failure> {
    let read = bucket.settings.policy.as_deref().map(Policy::of_bucket_as_kept);
    read.transpose().map_err(|error| {
        Fault::Internal.because(format!("the policy of bucket `{}`: {error}", bucket.name))
    })
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
        let Asks::Object(action) = self.row.asks else { return Ok(()) };
        // Deleting what is not there succeeds, for those who may delete.
        if object.is_none() && action != Action::DeleteObject {
            self.missing(key)?;
            return Err(self.no_such_key(key));
        }
        if action == Action::GetObjectAttributes {
            // Documented: attributes are for whoever may read the object as well.
            self.decide(&Ask::of(self.of_version(Action::GetObject), Some(key), object))?;
        }
        self.decide(&Ask::of(self.of_version(action), Some(key), object))
    }

    /// Whether the caller may be told that something is missing: only who may list the bucket.
    pub(crate) fn missing(&self, key: &str) -> Result<(), Failure> {
        self.missing_to(&Ask::of(self.action_name(), Some(key), None), key)
    }

    /// The same of somebody who asks this.
    fn missing_to(&self, ask: &Ask<'_>, key: &str) -> Result<(), Failure> {
        let bucket = self.bucket()?;
        let judge = self.judge();
        if let Err(denial) = judge.judge_unseen(ask) {
            self.refuse(ask, &denial)?;
        }
        let listing = Ask { sought: Some(key), ..Ask::of("s3:ListBucket", None, None) };
        if let Err(denial) = judge.judge(&listing) {
            let mut failure = self.denied(&listing, &denial);
            if let Some(note) = &mut failure.note {
                note.what = format!(
                    "there is no object `{key}`, and whoever may not list bucket `{}` is not told \
                     so: {denial}",
                    bucket.name
                );
                note.advice = Some(format!(
                    "Put the object; to be told that it is missing, get {} on `{}`.",
                    listing.action,
                    judge.resource(&listing)
                ));
            }
            self.unless_relaxed(Relaxation::Access, failure)?;
        }
        Ok(())
    }

    /// What those are told.
    pub(crate) fn no_such_key(&self, key: &str) -> Failure {
        let bucket = self.bucket.as_ref().map(|bucket| bucket.name.as_str()).unwrap_or_default();
        Fault::NoSuchKey
            .with("Key", key)
            .because(format!("there is no object `{key}` in bucket `{bucket}`"))
    }

    /// Asks for a further action.
    pub(crate) fn also(&self, action: Action) -> Result<(), Failure> {
        self.decide(&self.ask(action))
    }

    /// The same, where the answer only changes what is told or done.
    pub(crate) fn may(&self, action: Action) -> bool {
        self.judge().judge(&self.ask(action)).is_ok()
    }

    /// The same about an object that is there.
    pub(crate) fn may_with(&self, action: Action, object: &Object) -> bool {
        self.judge().judge(&Ask { object: Some(object), ..self.ask(action) }).is_ok()
    }

    /// Refuses anonymous callers, for operations that tell them more than that access is denied.
    pub(crate) fn no_anonymous(&self) -> Result<(), Failure> {
        match self.row.asks {
            Asks::Object(action) if self.caller.is_anonymous() => self.anonymous(action),
            _ => Ok(()),
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
        self.notes.waive(check, failure.reason());
        Ok(())
    }

    /// Everything that decides about the bucket.
    fn judge(&self) -> Judge<'_> {
        let is_relaxed = self.world.relaxes(Relaxation::PublicAccessBlock);
        Judge {
            asked: Asked {
                request: Some(self.request),
                form: self.form.as_ref(),
                operation: Some(self.row.operation),
                caller: &self.caller,
                bucket: self.bucket.as_deref(),
                document: &self.document,
                name: self.bucket.as_deref().map_or(self.request.bucket(), |it| Some(&it.name)),
                now: self.world.clock.now(),
                region: &self.place.region,
            },
            policy: self.policy.as_ref(),
            block: if is_relaxed { Block::Relaxed } else { Block::Enforced },
        }
    }

    fn decide(&self, ask: &Ask<'_>) -> Result<(), Failure> {
        self.settle(ask, self.judge().judge(ask))
    }

    /// Makes an answer of a verdict, and notes what was relaxed.
    fn settle(&self, ask: &Ask<'_>, verdict: Result<Allowed, Denial>) -> Result<(), Failure> {
        match verdict {
            Ok(allowed) => {
                if let Some(said) = self.judge().said_by_relaxed_block(&allowed) {
                    self.notes.waive(Relaxation::PublicAccessBlock, said);
                }
                Ok(())
            }
            Err(denial) => self.refuse(ask, &denial),
        }
    }

    fn refuse(&self, ask: &Ask<'_>, denial: &Denial) -> Result<(), Failure> {
        self.unless_relaxed(Relaxation::Access, self.denied(ask, denial))
    }

    /// The failure of a denial. Users of the account that owns the bucket are told more.
    fn denied(&self, ask: &Ask<'_>, denial: &Denial) -> Failure {
        let judge = self.judge();
        let resource = judge.resource(ask);
        let note = denial.explanation(ask.action, &resource, self.caller.name());
        let message = match &self.caller {
            Caller::User(user) if judge.is_owner() => denial.message(user, ask.action, &resource),
            Caller::User(_) | Caller::Anonymous => None,
        };
        match message {
            Some(message) => access_denied(message).because(note),
            None => Fault::AccessDenied.because(note),
        }
    }

    /// Holds `x-amz-expected-bucket-owner` against the bucket's owner.
    fn check_expected_owner(&self, request: &Request) -> Result<(), Failure> {
        let header = "x-amz-expected-bucket-owner";
        let Some(bucket) = &self.bucket else { return Ok(()) };
        // Forms ignore it (pinned by argmin's tests).
        if self.row.operation == Operation::PostObject {
            return Ok(());
        }
        asked_later::expected_owner(bucket, request, header)
    }
}
