//! Preflight: a browser asks, unsigned, whether a script of another origin may send a request.
//!
//! The headers of an answer that allows it are those of every other answer; see `cross_origin`.

use http::StatusCode;
use http::header::CONNECTION;

use crate::answer::Answer;
use crate::authorize::Permit;
use crate::authorize::cors;
use crate::authorize::cors::Asked;
use crate::authorize::cors::Nearly;
use crate::explanation::Explanation;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::saying;
use crate::request::Request;
use crate::request::Target;

/// The methods that S3 knows.
const METHODS: [&str; 5] = ["GET", "HEAD", "PUT", "POST", "DELETE"];

/// Says whether the request that follows would be allowed. The signature of a presigned URL is not
/// looked at, and the key need not exist.
pub(crate) fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let Some(asked) = Asked::read(request) else {
        return Err(closing(
            Fault::CorsOriginMissing
                .because("a preflight has an `Origin` header, and this has none"),
        ));
    };
    let wanted = request.header("access-control-request-method");
    let method = wanted.as_deref().unwrap_or("OPTIONS");
    // Recorded by LocalStack: also for the address of an object the bucket is what is refused.
    let of_bucket = |fault: Fault| fault.with("Method", method).with("ResourceType", "BUCKET");
    let Some(bucket) = permit.place().known() else {
        return Err(of_bucket(Fault::CorsBucketNotFound).because("there is no such bucket"));
    };
    if bucket.settings.cors.is_empty() {
        let what = format!("bucket `{}` has no CORS configuration", bucket.name);
        let note = Explanation::of(what).advising(Nearly::NoRules.advice());
        return Err(of_bucket(Fault::CorsNotEnabled).because(note));
    }
    check_method(wanted.as_deref())?;
    check_headers(request)?;
    if let Err(nearly) = cors::judge(&bucket.settings.cors, &asked) {
        let resource = match request.address.target {
            Target::Object { .. } => "OBJECT",
            Target::Bucket(_) | Target::Service => "BUCKET",
        };
        return Err(Fault::CorsNotAllowed
            .with("Method", method)
            .with("ResourceType", resource)
            .because(
                Explanation::of(format!("no CORS rule allows this: {nearly}"))
                    .advising(nearly.advice()),
            ));
    }
    Ok(Answer::empty(StatusCode::OK))
}

/// That S3 answers so to a method that is missing was not recorded; the text for one that is
/// unknown is versitygw's.
fn check_method(wanted: Option<&str>) -> Result<(), Failure> {
    match wanted {
        Some(method) if METHODS.contains(&method) => Ok(()),
        _ => {
            let name = wanted.unwrap_or("null");
            let message = format!("Invalid Access-Control-Request-Method: {name}");
            Err(closing(saying("BadRequest", 400, message).because(
                "a preflight names the method of the request to come in \
                 `Access-Control-Request-Method`",
            )))
        }
    }
}

/// The text is versitygw's.
fn check_headers(request: &Request) -> Result<(), Failure> {
    let Some(headers) = request.header("access-control-request-headers") else { return Ok(()) };
    let is_token = |character: char| {
        character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
    };
    let is_list = headers.split(',').all(|name| name.trim().chars().all(is_token));
    if is_list {
        return Ok(());
    }
    let message =
        format!("Access-Control-Request-Headers \"{headers}\" contains invalid character.");
    Err(closing(saying("BadRequest", 400, message)))
}

/// A bad preflight ends the connection, a refused one does not (recorded by LocalStack:
/// `test_cors_match_origins`).
fn closing(failure: Failure) -> Failure {
    failure.with_header(CONNECTION, "close")
}
