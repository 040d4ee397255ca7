//! The lock of an object: what a write says of it, what the bucket adds, and what a read tells.

use std::borrow::Cow;

use stuntbucket_signer::Timestamp;

use crate::answer::Answer;
use crate::authorize::Permit;
use crate::explanation::Explanation;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::names::Bypass;
use crate::names::LegalHold;
use crate::names::LockMode;
use crate::names::ObjectLock;
use crate::names::Retention;
use crate::operations::settings::retention::check_future;
use crate::request::headers::Parameters;
use crate::route::Action;
use crate::store::Bucket;
use crate::store::BucketLock;

const MODE: &str = "x-amz-object-lock-mode";
const UNTIL: &str = "x-amz-object-lock-retain-until-date";
const LEGAL_HOLD: &str = "x-amz-object-lock-legal-hold";
const BYPASS: &str = "x-amz-bypass-governance-retention";

/// The bucket's object lock, which everything about locks needs.
pub(crate) fn of_bucket(bucket: &Bucket) -> Result<BucketLock, Failure> {
    bucket.settings.object_lock.ok_or_else(|| {
        invalid_request("Bucket is missing Object Lock Configuration").because(format!(
            "bucket `{}` has no object lock; create it with \
             `x-amz-bucket-object-lock-enabled: true`, or enable versioning and put an object lock \
             configuration",
            bucket.name
        ))
    })
}

/// The lock that headers or the fields of a form ask for.
pub(super) fn read(
    permit: &Permit<'_>,
    parameters: &dyn Parameters,
) -> Result<ObjectLock, Failure> {
    let [mode, until, legal_hold] =
        [MODE, UNTIL, LEGAL_HOLD].map(|name| parameters.parameter(name).map(Cow::into_owned));
    if mode.is_none() && until.is_none() && legal_hold.is_none() {
        return Ok(ObjectLock::default());
    }
    of_bucket(permit.bucket()?)?;
    let retention = retention(mode, until, permit.world().clock.now())?;
    let legal_hold = legal_hold.map(|text| read_legal_hold(&text)).transpose()?;
    if retention.is_some() {
        permit.also(Action::PutObjectRetention)?;
    }
    if legal_hold.is_some() {
        permit.also(Action::PutObjectLegalHold)?;
    }
    Ok(ObjectLock { retention, legal_hold })
}

fn retention(
    mode: Option<String>,
    until: Option<String>,
    now: Timestamp,
) -> Result<Option<Retention>, Failure> {
    let missing = |name| {
        let message =
            "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied";
        Err(invalid_argument(message, name))
    };
    let (mode, until) = match (mode, until) {
        (None, None) => return Ok(None),
        (Some(_), None) => return missing(UNTIL),
        (None, Some(_)) => return missing(MODE),
        (Some(mode), Some(until)) => (mode, until),
    };
    let Some(mode) = LockMode::parse(&mode) else {
        return Err(
            invalid_argument("Unknown wormMode directive.", MODE).with("ArgumentValue", mode)
        );
    };
    let Some(at) = Timestamp::parse_iso(&until) else {
        // The text that MinIO has.
        let message = "The retain until date must be provided in ISO 8601 format";
        return Err(invalid_argument(message, UNTIL).with("ArgumentValue", until));
    };
    check_future(at, now, UNTIL)?;
    Ok(Some(Retention { mode, until: at }))
}

fn read_legal_hold(text: &str) -> Result<LegalHold, Failure> {
    LegalHold::parse(text).ok_or_else(|| {
        let message = "Legal Hold must be either of 'ON' or 'OFF'";
        invalid_argument(message, LEGAL_HOLD).with("ArgumentValue", text)
    })
}

/// A PUT of an object that will be locked has to promise its digest. Measured on S3 by several
/// projects, also for locks that come from the bucket: Content-MD5 or a checksum.
pub(super) fn check_promise(
    lock: ObjectLock,
    bucket: &Bucket,
    promises_digest: bool,
) -> Result<(), Failure> {
    let default = bucket.settings.object_lock.and_then(|lock| lock.default_retention);
    let is_locked = lock != ObjectLock::default() || default.is_some();
    if !is_locked || promises_digest {
        return Ok(());
    }
    let message = "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests \
                   with Object Lock parameters";
    Err(invalid_request(message).because(format!(
        "what is written into bucket `{}` with a lock promises its digest; clients that sign the \
         payload's hash only must send one of these headers too",
        bucket.name
    )))
}

/// Whether the request passes over governance.
pub(crate) fn bypass(permit: &Permit<'_>, parameters: &dyn Parameters) -> Result<Bypass, Failure> {
    let is_meant =
        wants_bypass(permit, parameters)? && permit.may(Action::BypassGovernanceRetention);
    Ok(if is_meant { Bypass::Governance } else { Bypass::Nothing })
}

/// Whether the request wants to pass over governance, which it may not say where no locks are.
pub(super) fn wants_bypass(
    permit: &Permit<'_>,
    parameters: &dyn Parameters,
) -> Result<bool, Failure> {
    let Some(value) = parameters.parameter(BYPASS) else { return Ok(false) };
    if permit.bucket()?.settings.object_lock.is_none() {
        let message = "x-amz-bypass-governance-retention is only applicable to Object Lock enabled \
                       buckets.";
        return Err(invalid_argument(message, BYPASS));
    }
    Ok(value.eq_ignore_ascii_case("true"))
}

/// What S3 answers where a lock forbids it.
pub(crate) fn locked(why: impl Into<Explanation>) -> Failure {
    Fault::ObjectLocked.because(why)
}

/// Tells of the lock those who may know.
pub(super) fn set_shown(answer: &mut Answer, permit: &Permit<'_>, lock: &ObjectLock) {
    if let Some(retention) = lock.retention
        && permit.may(Action::GetObjectRetention)
    {
        answer.add(MODE, retention.mode.name());
        answer.add(UNTIL, retention.until.iso_millis());
    }
    if let Some(legal_hold) = lock.legal_hold
        && permit.may(Action::GetObjectLegalHold)
    {
        answer.add(LEGAL_HOLD, legal_hold.name());
    }
}
