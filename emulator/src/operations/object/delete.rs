//! DeleteObject.

use http::StatusCode;

use super::lock;
use super::upload::expectation_failed;
use super::version;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::events::Happening;
use crate::events::What;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::names::Bypass;
use crate::names::VersionId;
use crate::request::Request;
use crate::store::Expect;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Removed;
use crate::store::Which;

/// What became of a key, or of one of its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deleted {
    /// It is not there, or no more, in a bucket that never kept versions.
    Object,
    /// A delete marker hides it.
    Marked(VersionId),
    /// The version is gone for good, or was not there.
    Version(VersionId, Was),
}

/// What a version was that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Was {
    Object,
    DeleteMarker,
    Missing,
}

/// Deletes an object, or one of its versions. That there is none is as good.
pub(crate) async fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let which = version::which(request, bucket)?;
    let bypass = lock::bypass(permit, request)?;
    let expect = read(request)?;
    let key = request.key();
    let store = &permit.world().store;
    let found = match which {
        Which::Current => store.object(bucket, key)?,
        Which::Version(_) => store.version(bucket, key, which)?,
    };
    permit.object(key, found.as_ref())?;
    let deleted = delete(permit, key, which, &expect, bypass)?;
    store.settled().await?;
    tell(permit, key, deleted, found.is_some());
    let mut answer = Answer::empty(StatusCode::NO_CONTENT);
    match deleted {
        Deleted::Object => {}
        Deleted::Marked(id) => {
            version::set_delete_marker(&mut answer);
            version::set_read(&mut answer, bucket, id);
        }
        Deleted::Version(id, was) => {
            if was == Was::DeleteMarker {
                version::set_delete_marker(&mut answer);
            }
            version::set_read(&mut answer, bucket, id);
        }
    }
    Ok(answer)
}

/// The MD5 of no bytes, which events of delete markers have, as many who handle them have captured.
const ETAG_OF_NOTHING: &str = "d41d8cd98f00b204e9800998ecf8427e";

/// Tells of what is gone or hidden. That nothing was there is no event.
pub(super) fn tell(permit: &Permit<'_>, key: &str, deleted: Deleted, was_there: bool) {
    let happening = match deleted {
        Deleted::Object if was_there => Happening::new(What::Delete, key),
        Deleted::Version(id, Was::Object | Was::DeleteMarker) => {
            Happening::new(What::Delete, key).at_version(id)
        }
        Deleted::Marked(id) => {
            let happening = Happening::new(What::DeleteMarkerCreated, key);
            happening.with_etag(ETAG_OF_NOTHING).at_version(id)
        }
        Deleted::Object | Deleted::Version(_, Was::Missing) => return,
    };
    permit.happened(happening);
}

/// Deletes what the caller may delete.
pub(crate) fn delete(
    permit: &Permit<'_>,
    key: &str,
    which: Which,
    expect: &Expect,
    bypass: Bypass,
) -> Result<Deleted, Failure> {
    match which {
        Which::Current => delete_current(permit, key, expect),
        Which::Version(version) => delete_version(permit, key, version, expect, bypass),
    }
}

fn delete_current(permit: &Permit<'_>, key: &str, expect: &Expect) -> Result<Deleted, Failure> {
    let bucket = permit.bucket()?;
    let owner = permit.owner_of_written(None)?;
    let marker = Object::delete_marker(owner, permit.world().clock.now());
    match permit.world().store.remove(bucket, key, marker, expect)? {
        Ok(Removed::ForGood) => Ok(Deleted::Object),
        Ok(Removed::Marked(version)) => Ok(Deleted::Marked(version)),
        Err(Outcome::NoKey) if *expect == Expect::Anything => Ok(Deleted::Object),
        Err(outcome) => Err(refused(outcome, key, &bucket.name, expect)),
    }
}

fn delete_version(
    permit: &Permit<'_>,
    key: &str,
    version: VersionId,
    expect: &Expect,
    bypass: Bypass,
) -> Result<Deleted, Failure> {
    let bucket = permit.bucket()?;
    let now = permit.world().clock.now();
    let mut held_by = None;
    let mut may_go = |object: &Object| {
        held_by = object.lock.held_by(now, bypass);
        let is_expected = match expect {
            Expect::Etag(etag) => object.etag == *etag,
            Expect::Anything | Expect::Present | Expect::Absent | Expect::Since { .. } => true,
        };
        held_by.is_none() && is_expected
    };
    let removed = permit.world().store.remove_version(bucket, key, version, &mut may_go)?;
    if let Some(why) = held_by {
        return Err(lock::locked(why));
    }
    match removed {
        Ok(object) if object.is_delete_marker => Ok(Deleted::Version(version, Was::DeleteMarker)),
        Ok(_) => Ok(Deleted::Version(version, Was::Object)),
        Err(Outcome::NoKey) if *expect == Expect::Anything => {
            Ok(Deleted::Version(version, Was::Missing))
        }
        Err(outcome) => Err(refused(outcome, key, &bucket.name, expect)),
    }
}

fn refused(outcome: Outcome, key: &str, bucket: &str, expect: &Expect) -> Failure {
    match outcome {
        Outcome::NoBucket => Fault::NoSuchBucket.with("BucketName", bucket),
        Outcome::NoKey => Fault::NoSuchKey
            .with("Key", key)
            .because("`If-Match` names an object, and there is none"),
        Outcome::ExpectationFailed => expectation_failed(expect),
        Outcome::Done
        | Outcome::Exists
        | Outcome::NotEmpty
        | Outcome::Conflict
        | Outcome::NoUpload
        | Outcome::NoPart => Fault::Internal.because("a removal ended as none can"),
    }
}

fn read(request: &Request) -> Result<Expect, Failure> {
    // Conditions of directory buckets; where both are there, S3 names the first.
    for header in ["x-amz-if-match-last-modified-time", "x-amz-if-match-size"] {
        if request.header(header).is_some() {
            return Err(Fault::NotImplementedHeader.with("Header", header));
        }
    }
    Ok(match request.header("if-match").as_deref() {
        None => Expect::Anything,
        // Documented for DeleteObject: with `*` any object will do, but one must be there.
        Some("*") => Expect::Present,
        Some(etag) => Expect::Etag(etag.trim().trim_matches('"').to_owned()),
    })
}
