//! What GetObject and HeadObject tell of an object: conditions, range, headers, overrides.

use http::HeaderName;
use http::StatusCode;

use super::encryption;
use super::lock;
use super::restore;
use super::version;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::digest::ChecksumType;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::failure::saying;
use crate::operations::in_place;
use crate::request::Request;
use crate::request::conditions::Judgement;
use crate::request::conditions::ReadConditions;
use crate::request::headers::encoded;
use crate::request::range;
use crate::request::range::Ranged;
use crate::route::Action;
use crate::store::Object;
use crate::store::Part;
use crate::store::StoredBody;

/// A head without a body yet, and the bytes that belong to it.
pub(super) struct Shown {
    pub(super) answer: Answer,
    /// The first byte.
    pub(super) offset: u64,
    /// How many follow. A `304` has none.
    pub(super) length: u64,
}

/// What can be refused before the object is looked at.
pub(super) fn check(permit: &Permit<'_>, request: &Request) -> Result<(), Failure> {
    encryption::check_not_sent(request)?;
    for (name, value) in request.query.iter().filter(|(name, _)| name.starts_with("response-")) {
        check_override(permit, name, value)?;
    }
    Ok(())
}

/// The headers that a query can override.
const OVERRIDES: [(&str, &str); 6] = [
    ("response-content-type", "content-type"),
    ("response-content-language", "content-language"),
    ("response-expires", "expires"),
    ("response-cache-control", "cache-control"),
    ("response-content-disposition", "content-disposition"),
    ("response-content-encoding", "content-encoding"),
];

fn check_override(permit: &Permit<'_>, name: &str, value: &str) -> Result<(), Failure> {
    let Some((known, _)) = OVERRIDES.iter().find(|(known, _)| *known == name) else {
        let message = format!(
            "{name} is not in the set of overridable response headers. Please refer to the S3 API \
             documentation for a complete list of overridable response headers."
        );
        return Err(saying("InvalidArgument", 400, message)
            .with("ArgumentName", name)
            .with("ArgumentValue", value));
    };
    if permit.caller().is_anonymous() {
        return Err(invalid_request(
            "Request specific response headers cannot be used for anonymous GET requests.",
        )
        .because(format!("`{name}` needs a signed request, such as a presigned URL")));
    }
    if value.chars().any(|character| u32::from(character) > 0xff) {
        let message = "Header value cannot be represented using ISO-8859-1.";
        return Err(invalid_argument(message, known).with("ArgumentValue", value));
    }
    Ok(())
}

/// The parts of an object, if a request asks for one of them.
pub(super) fn parts_asked_for<'a>(
    request: &Request,
    body: &'a dyn StoredBody,
) -> Result<&'a [Part], Failure> {
    if !request.query.has("partNumber") {
        return Ok(&[]);
    }
    Ok(in_place(|| body.parts())?)
}

/// Judges conditions and range, and tells of the object. `parts` are those of an object that was
/// uploaded in parts; they are needed only where one is asked for.
pub(super) fn show(
    permit: &Permit<'_>,
    request: &Request,
    object: &Object,
    parts: &[Part],
) -> Result<Shown, Failure> {
    encryption::check_read(permit, request, object)?;
    let conditions = ReadConditions::read(request);
    match conditions.judge(&object.etag, object.modified, permit.world().clock.now()) {
        Judgement::Proceed => {}
        Judgement::NotModified => return Ok(not_modified(object)),
        Judgement::Failed(condition) => {
            return Err(Fault::PreconditionFailed.with("Condition", condition).because(format!(
                "the object has the entity tag \"{}\" and was modified at {}",
                object.etag,
                object.modified.http()
            )));
        }
    }
    let part = part(request, object, parts)?;
    let (first, length) = match part {
        Ranged::Whole | Ranged::Unsatisfiable => (0, object.size),
        Ranged::Part { first, last } => (first, last - first + 1),
    };
    let mut answer = Answer::empty(StatusCode::OK);
    set_dates(&mut answer, object);
    if let Ranged::Part { first, last } = part {
        answer.status = StatusCode::PARTIAL_CONTENT;
        answer.add("content-range", format!("bytes {first}-{last}/{}", object.size));
    }
    let wants_checksum = request
        .parameter("x-amz-checksum-mode")
        .is_some_and(|mode| mode.eq_ignore_ascii_case("ENABLED"));
    if let (Some(multipart), Some(number)) = (&object.multipart, request.query.get("partNumber")) {
        answer.add("x-amz-mp-parts-count", multipart.parts.to_string());
        // Recorded: a part has a checksum of its own only where that of the object is made of them.
        if wants_checksum
            && multipart.checksum_type == ChecksumType::Composite
            && let Some(part) = numbered(number, parts)
        {
            answer.add(part.checksum.algorithm.header(), &part.checksum.value);
            answer.add("x-amz-checksum-type", multipart.checksum_type.name());
        }
    } else if wants_checksum
        && length == object.size
        && let (Some(checksum), Some(value)) = (&object.checksum, object.checksum_value())
    {
        answer.add(checksum.algorithm.header(), value);
        answer.add("x-amz-checksum-type", object.checksum_type().name());
    }
    set_stored(&mut answer, object);
    // Documented: for whoever may read the tags.
    if !object.tags.is_empty() && permit.may_with(Action::GetObjectTagging, object) {
        answer.add("x-amz-tagging-count", object.tags.len().to_string());
    }
    version::set_read(&mut answer, permit.bucket()?, object.version);
    lock::set_shown(&mut answer, permit, &object.lock);
    set_time_bound(&mut answer, permit, request, object)?;
    set_overrides(&mut answer, request);
    Ok(Shown { answer, offset: first, length })
}

fn not_modified(object: &Object) -> Shown {
    let mut answer = Answer::empty(StatusCode::NOT_MODIFIED);
    set_dates(&mut answer, object);
    Shown { answer, offset: 0, length: 0 }
}

/// The bytes that `Range` or `partNumber` asks for.
fn part(request: &Request, object: &Object, parts: &[Part]) -> Result<Ranged, Failure> {
    let header = request.header("range");
    if let Some(number) = request.query.get("partNumber") {
        return numbered_part(number, header.is_some(), object, parts);
    }
    let Some(header) = header else { return Ok(Ranged::Whole) };
    match range::of(&header, object.size) {
        Ranged::Unsatisfiable => Err(Fault::InvalidRange
            .with("RangeRequested", header)
            .with("ActualObjectSize", object.size.to_string())
            .because(format!("the object has {} bytes", object.size))),
        found => Ok(found),
    }
}

/// An object that was written in one piece has one part (recorded by LocalStack:
/// `test_get_object_part`).
fn numbered_part(
    number: &str,
    has_range: bool,
    object: &Object,
    parts: &[Part],
) -> Result<Ranged, Failure> {
    if has_range {
        return Err(invalid_request(
            "Cannot specify both Range header and partNumber query parameter",
        ));
    }
    let parsed = number.parse::<u32>().ok().filter(|number| (1..=10_000).contains(number));
    let Some(parsed) = parsed else {
        let message = "Part number must be an integer between 1 and 10000, inclusive";
        return Err(invalid_argument(message, "partNumber").with("ArgumentValue", number));
    };
    let count = object.multipart.as_ref().map_or(1, |multipart| multipart.parts);
    if usize::try_from(parsed).is_ok_and(|parsed| parsed > count) {
        return Err(saying(
            "InvalidPartNumber",
            416,
            "The requested partnumber is not satisfiable",
        )
        .with("PartNumberRequested", number)
        .with("ActualPartCount", count.to_string()));
    }
    if let Some(part) = numbered(number, parts) {
        let before = parts.iter().take_while(|other| other.number < part.number);
        let first = before.map(|part| part.size).sum::<u64>();
        return Ok(match part.size.checked_sub(1) {
            Some(last) => Ranged::Part { first, last: first + last },
            None => Ranged::Whole,
        });
    }
    Ok(match object.size.checked_sub(1) {
        Some(last) => Ranged::Part { first: 0, last },
        None => Ranged::Whole,
    })
}

/// The part of that number, counted from the first: that numbers which were left out do not count
/// is not recorded.
fn numbered<'a>(number: &str, parts: &'a [Part]) -> Option<&'a Part> {
    let number: usize = number.parse().ok()?;
    parts.get(number.checked_sub(1)?)
}

fn set_dates(answer: &mut Answer, object: &Object) {
    answer.add("last-modified", object.modified.http());
    answer.add("etag", format!("\"{}\"", object.etag));
}

fn set_stored(answer: &mut Answer, object: &Object) {
    encryption::tell(answer, &object.encryption);
    answer.add("accept-ranges", "bytes");
    for (name, value) in &object.headers {
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            answer.set(name, value);
        }
    }
    for (name, value) in &object.metadata {
        if let Ok(name) = HeaderName::from_bytes(format!("x-amz-meta-{name}").as_bytes()) {
            answer.set(name, &*encoded(value));
        }
    }
    if object.storage_class != "STANDARD" {
        answer.add("x-amz-storage-class", &object.storage_class);
    }
}

/// What the clock makes of the object.
fn set_time_bound(
    answer: &mut Answer,
    permit: &Permit<'_>,
    request: &Request,
    object: &Object,
) -> Result<(), Failure> {
    if let Some(value) = restore::header(object, permit.world().clock.now()) {
        answer.add("x-amz-restore", value);
    }
    // Not told of versions that are asked for by their id (recorded by LocalStack).
    let lifecycle = permit.bucket()?.settings.lifecycle.as_ref();
    let expiration = lifecycle.and_then(|it| it.expiration_header(&object.subject(request.key())));
    if let Some(value) = expiration.filter(|_| !request.query.has("versionId")) {
        answer.add("x-amz-expiration", value);
    }
    Ok(())
}

fn set_overrides(answer: &mut Answer, request: &Request) {
    for (parameter, header) in OVERRIDES {
        if let Some(value) = request.query.get(parameter) {
            // The value was found to be ISO-8859-1, in which each character is a byte.
            let bytes: Vec<u8> = value.chars().filter_map(|c| u8::try_from(c).ok()).collect();
            answer.add(header, bytes);
        }
    }
}
