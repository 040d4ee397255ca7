//! What STS says no with: its codes differ from S3's where both have one for the same thing.

use stuntbucket_signer::verify::Refusal;

use crate::failure::Failure;
use crate::failure::saying;

/// A request that the signer refused. Codes and texts as users of AWS report them.
pub(super) fn of_signer(refusal: Box<Refusal>) -> Failure {
    let other = || ("IncompleteSignature", 400, refusal.s3_error().message.into_owned());
    let (code, status, message) = match &*refusal {
        Refusal::UnknownKey { .. } | Refusal::TokenMissing { .. } | Refusal::Token { .. } => (
            "InvalidClientTokenId",
            403,
            "The security token included in the request is invalid.".to_owned(),
        ),
        Refusal::TokenExpired { .. } => (
            "ExpiredToken",
            403,
            "The security token included in the request is expired".to_owned(),
        ),
        Refusal::SignatureDiffers(_) => (
            "SignatureDoesNotMatch",
            403,
            "The request signature we calculated does not match the signature you provided. Check \
             your AWS Secret Access Key and signing method. Consult the service documentation for \
             details."
                .to_owned(),
        ),
        Refusal::Skewed { requested_at, at, now } => {
            let (nearest, is) = if at > now {
                (now.plus_seconds(900), "not yet current: {} is still later than")
            } else {
                (now.plus_seconds(-900), "expired: {} is now earlier than")
            };
            let sign = if at > now { '+' } else { '-' };
            let (nearest, now) = (nearest.basic(), now.basic());
            let is = is.replace("{}", requested_at);
            let message = format!("Signature {is} {nearest} ({now} {sign} 15 min.)");
            ("SignatureDoesNotMatch", 403, message)
        }
        _ => other(),
    };
    let mut failure = Failure::from(refusal);
    failure.error = saying(code, status, message).error;
    failure.elements.clear();
    failure
}

pub(super) fn anonymous() -> Failure {
    saying("MissingAuthenticationToken", 403, "Request is missing Authentication Token")
        .because("every action of STS that is offered here needs a signed request")
}

pub(super) fn missing_action() -> Failure {
    saying("MissingAction", 400, "The request is missing an action or a required parameter.")
        .because("the request is signed for `sts` and names no `Action`, in query or form")
}

pub(super) fn unknown_action(name: &str, version: &str) -> Failure {
    saying("InvalidAction", 400, format!("Could not find operation {name} for version {version}"))
        .because("STS has no such action; its one version is 2011-06-15")
}

pub(super) fn form_too_large(bytes_max: usize) -> Failure {
    saying("RequestEntityTooLarge", 413, "The request is too large.")
        .because(format!("a form for STS has at most {bytes_max} bytes here"))
        .in_sts()
}

/// What a parameter does not keep to.
pub(super) enum Constraint<'a> {
    NotNull,
    LengthMin(usize),
    LengthMax(usize),
    ValueMin(u32),
    ValueMax(u32),
    Pattern(&'a str),
}

/// A parameter that does not keep to the model of STS.
pub(super) fn validation(
    member: &str,
    value: Option<&str>,
    constraint: &Constraint<'_>,
) -> Failure {
    let value = value.map_or("null".to_owned(), |value| format!("'{value}'"));
    let must = match constraint {
        Constraint::NotNull => "not be null".to_owned(),
        Constraint::LengthMin(min) => format!("have length greater than or equal to {min}"),
        Constraint::LengthMax(max) => format!("have length less than or equal to {max}"),
        Constraint::ValueMin(min) => format!("have value greater than or equal to {min}"),
        Constraint::ValueMax(max) => format!("have value less than or equal to {max}"),
        Constraint::Pattern(pattern) => format!("satisfy regular expression pattern: {pattern}"),
    };
    invalid(format!(
        "1 validation error detected: Value {value} at '{member}' failed to satisfy constraint: \
         Member must {must}"
    ))
}

pub(super) fn invalid(message: String) -> Failure {
    saying("ValidationError", 400, message.clone()).because(message)
}

pub(super) fn denied(message: String) -> Failure {
    saying("AccessDenied", 403, message.clone()).because(message)
}
