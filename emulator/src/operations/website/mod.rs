//! The website endpoint: a bucket as a browser without keys sees it.
//!
//! A road of its own, because its answers are pages: nobody signs, keys of folders lead to index
//! documents, and a refusal is HTML, or the bucket's own error document.

mod page;
mod redirect;

use std::sync::Arc;

use http::HeaderName;
use http::HeaderValue;
use http::Method;
use http::StatusCode;
use http::header::CONTENT_LENGTH;

use crate::answer::Answer;
use crate::answer::Refused;
use crate::authenticate::Caller;
use crate::authorize;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::saying;
use crate::ids::RequestIds;
use crate::names::Documents;
use crate::names::Website;
use crate::notes::Notes;
use crate::operations::object;
use crate::operations::preflight;
use crate::place::Place;
use crate::request::Request;
use crate::request::conditions::Judgement;
use crate::request::conditions::ReadConditions;
use crate::request::headers::encoded;
use crate::request::range;
use crate::request::range::Ranged;
use crate::route;
use crate::route::Operation;
use crate::store::Object;
use crate::store::StoredBody;
use crate::world::World;

/// Answers with a page, whatever happens.
pub(crate) fn serve(
    world: &World,
    request: &Request,
    place: &Place,
    notes: &Notes,
    ids: &RequestIds,
) -> Result<Answer, Refused> {
    let plain = |failure| refused(failure, ids);
    let row = route::find(request).map_err(plain)?;
    notes.operation(row.operation.name());
    // A signature is not looked at.
    notes.caller(Caller::Anonymous.name());
    check_region(place).map_err(plain)?;
    let permit = authorize::check_anonymous(world, request, row, place, notes).map_err(plain)?;
    if row.operation == Operation::Preflight {
        return preflight::answer(&permit, request).map_err(plain);
    }
    let documents = match website(&permit).map_err(plain)? {
        Website::RedirectAll(to) => return Ok(redirect::all(to, request)),
        Website::Documents(documents) => documents,
    };
    let site = Site { permit: &permit, request, documents };
    site.answer().map_err(|failure| site.refuse(failure, ids))
}

/// A failure with the page that S3 writes for it.
fn refused(failure: Failure, ids: &RequestIds) -> Refused {
    Refused { page: Some(Box::new(page::of(&failure, ids, None))), failure }
}

/// The endpoints of a website's region know its buckets only; the answer is as people report it.
fn check_region(place: &Place) -> Result<(), Failure> {
    let Some(bucket) = place.known().filter(|bucket| bucket.region != place.region) else {
        return Ok(());
    };
    let message = "The specified bucket exists in another region. Please direct requests to the \
                   specified endpoint.";
    let endpoint = format!("{}.s3-website-{}.amazonaws.com", bucket.name, bucket.region);
    Err(saying("IncorrectEndpoint", 400, message).with("Endpoint", endpoint).because(format!(
        "bucket `{}` is in {}, and was asked for at a website endpoint of {}",
        bucket.name, bucket.region, place.region
    )))
}

fn website<'a>(permit: &'a Permit<'_>) -> Result<&'a Website, Failure> {
    let bucket = permit.bucket()?;
    bucket.settings.website.as_ref().ok_or_else(|| {
        Fault::NoSuchWebsiteConfiguration
            .with("BucketName", &*bucket.name)
            .because(format!("nobody put a website configuration on bucket `{}`", bucket.name))
    })
}

/// A website of documents, and what is asked of it.
struct Site<'a> {
    permit: &'a Permit<'a>,
    request: &'a Request,
    documents: &'a Documents,
}

/// An object that may be shown.
struct Found {
    object: Object,
    body: Arc<dyn StoredBody>,
}

impl Site<'_> {
    fn answer(&self) -> Result<Answer, Failure> {
        let key = self.request.key();
        if let Some(answer) = redirect::by_rule(self.documents, self.request, None) {
            return Ok(answer);
        }
        let is_folder = key.is_empty() || key.ends_with('/');
        let failure = if is_folder {
            let index = format!("{key}{}", self.documents.index_suffix);
            match self.find(&index) {
                Ok(found) => return self.show(&found),
                Err(failure) => failure,
            }
        } else {
            match self.find(key) {
                Ok(found) => return self.show(&found),
                Err(failure) => {
                    let index = format!("{key}/{}", self.documents.index_suffix);
                    if self.find(&index).is_ok() {
                        return Ok(to_folder(key));
                    }
                    failure
                }
            }
        };
        let status = failure.error.status;
        redirect::by_rule(self.documents, self.request, Some(status)).ok_or(failure)
    }

    /// Finds an object and asks whether everybody may read it.
    fn find(&self, key: &str) -> Result<Found, Failure> {
        let found = self.permit.world().store.open(self.permit.bucket()?, key)?;
        self.permit.object(key, found.as_ref().map(|(object, _)| object))?;
        let (object, body) = found.ok_or_else(|| Fault::NoSuchKey.with("Key", key))?;
        object::encryption::check_read(self.permit, self.request, &object)?;
        Ok(Found { object, body })
    }

    fn show(&self, found: &Found) -> Result<Answer, Failure> {
        let object = &found.object;
        if let Some(to) = redirect::of_object(object) {
            return Ok(to);
        }
        let now = self.permit.world().clock.now();
        let conditions = ReadConditions::read(self.request);
        match conditions.judge(&object.etag, object.modified, now) {
            Judgement::Proceed => {}
            Judgement::NotModified => {
                let mut answer = Answer::empty(StatusCode::NOT_MODIFIED);
                tell_dates(&mut answer, object);
                return Ok(answer);
            }
            Judgement::Failed(condition) => {
                return Err(Fault::PreconditionFailed.with("Condition", condition));
            }
        }
        let range = self.request.header("range");
        match range.as_deref().map_or(Ranged::Whole, |header| range::of(header, object.size)) {
            Ranged::Whole => self.send(StatusCode::OK, found, 0, object.size),
            Ranged::Part { first, last } => {
                let mut answer =
                    self.send(StatusCode::PARTIAL_CONTENT, found, first, last - first + 1)?;
                let part = format!("bytes {first}-{last}/{}", object.size);
                answer.add("content-range", part);
                Ok(answer)
            }
            Ranged::Unsatisfiable => Err(Fault::InvalidRange
                .with("RangeRequested", range.unwrap_or_default())
                .with("ActualObjectSize", object.size.to_string())),
        }
    }

    fn send(
        &self,
        status: StatusCode,
        found: &Found,
        offset: u64,
        length: u64,
    ) -> Result<Answer, Failure> {
        let mut answer = Answer::empty(status);
        tell(&mut answer, &found.object);
        answer.headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
        if self.request.method != Method::HEAD {
            answer.body = object::read_body(Arc::clone(&found.body), offset, length)?;
        }
        Ok(answer)
    }

    /// The page of a refusal: the bucket's error document, or one that S3 writes, which also tells
    /// why the error document is not there.
    fn refuse(&self, failure: Failure, ids: &RequestIds) -> Refused {
        let is_error = failure.error.status >= 400;
        let key = self.documents.error_key.as_ref().filter(|_| is_error);
        let Some(key) = key else {
            return refused(failure, ids);
        };
        let status = StatusCode::from_u16(failure.error.status).unwrap_or(StatusCode::NOT_FOUND);
        let shown = self.find(key).and_then(|found| match redirect::of_object(&found.object) {
            Some(to) => Ok(to),
            None => self.send(status, &found, 0, found.object.size),
        });
        let page = match shown {
            Ok(mut answer) => {
                page::tell(&mut answer, &failure);
                answer
            }
            Err(second) => page::of(&failure, ids, Some(&second)),
        };
        Refused { page: Some(Box::new(page)), failure }
    }
}

/// Recorded by LocalStack: `test_s3_static_website_index`. The headers and the page are as clients
/// report them.
fn to_folder(key: &str) -> Answer {
    let mut answer = Answer::empty(StatusCode::FOUND);
    answer.add("location", format!("/{}/", redirect::path(key)));
    page::tell(&mut answer, &saying("Found", 302, "Resource Found"));
    answer
}

fn tell_dates(answer: &mut Answer, object: &Object) {
    answer.add("last-modified", object.modified.http());
    answer.add("etag", format!("\"{}\"", object.etag));
}

fn tell(answer: &mut Answer, object: &Object) {
    tell_dates(answer, object);
    for (name, value) in object.headers.iter().filter(|(name, _)| !redirect::is_location(name)) {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            answer.set(name, value);
        }
    }
    for (name, value) in &object.metadata {
        if let Ok(name) = HeaderName::from_bytes(format!("x-amz-meta-{name}").as_bytes()) {
            answer.set(name, &*encoded(value));
        }
    }
}
