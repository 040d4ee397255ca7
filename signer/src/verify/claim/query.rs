//! Reads a claim from the query: a presigned URL.

use std::borrow::Cow;

use crate::canonical::ALGORITHM;
use crate::canonical::PRESIGNED_PARAMETERS;
use crate::canonical::SignedHeaders;
use crate::encode;
use crate::encode::Plus;
use crate::encode::Slash;
use crate::message::Message;
use crate::time::Timestamp;

use super::super::verdict::AuthType;
use super::super::verdict::LifetimeFlaw;
use super::super::verdict::Refusal;
use super::Claim;
use super::Credential;
use super::Moment;
use super::header::ALGORITHM_V4A;

/// The longest lifetime: seven days, inclusive, though S3's text says "less than".
const LIFETIME_SECONDS_MAX: u64 = 604_800;
/// How many of [`PRESIGNED_PARAMETERS`] must be there. The last one is the session token.
const REQUIRED: usize = 6;

/// The mechanism that a query uses.
pub(super) enum QueryAuth<'a> {
    V4(Parameters<'a>),
    V2,
}

/// The first value of each parameter, undecoded, in the order of [`PRESIGNED_PARAMETERS`].
#[derive(Default)]
pub(super) struct Parameters<'a> {
    values: [Option<&'a str>; PRESIGNED_PARAMETERS.len()],
    payload: Option<&'a str>,
}

impl<'a> QueryAuth<'a> {
    /// Any one of the required parameters makes a query a signed one.
    pub(super) fn find(query: &'a str) -> Option<Self> {
        let mut parameters = Parameters::default();
        let mut is_v2 = false;
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let name = encode::once(name, Slash::Encoded);
            if let Some(index) = PRESIGNED_PARAMETERS.iter().position(|known| *known == name) {
                // Of two the first decides (pinned by argmin's tests against AWS).
                parameters.values[index].get_or_insert(value);
            } else if name == "X-Amz-Content-Sha256" {
                parameters.payload.get_or_insert(value);
            } else {
                is_v2 |= name == "AWSAccessKeyId" || name == "Signature";
            }
        }
        if parameters.values[..REQUIRED].iter().any(Option::is_some) {
            Some(Self::V4(parameters))
        } else {
            is_v2.then_some(Self::V2)
        }
    }
}

pub(super) fn read<'a>(
    message: &Message<'a>,
    parameters: &Parameters<'a>,
    service: &str,
) -> Result<Claim<'a>, Box<Refusal>> {
    let [algorithm, credential, date, lifetime, signed_headers, signature, token] =
        parameters.values;
    let (
        Some(algorithm),
        Some(credential),
        Some(date),
        Some(lifetime),
        Some(signed_headers),
        Some(signature),
    ) = (algorithm, credential, date, lifetime, signed_headers, signature)
    else {
        let required = PRESIGNED_PARAMETERS.iter().zip(parameters.values).take(REQUIRED);
        let missing = required.filter(|(_, value)| value.is_none()).map(|(name, _)| *name);
        return Err(Box::new(Refusal::QueryParametersMissing {
            missing: missing.collect(),
            is_escaped: message.query.contains("&amp;"),
        }));
    };
    judge_algorithm(decoded(algorithm))?;
    let credential = Credential::parse(decoded(credential), service).map_err(|(text, flaw)| {
        Refusal::Credential { place: AuthType::Query, credential: text, flaw }
    })?;
    let date = decoded(date);
    let at = Timestamp::parse_basic(&date)
        .ok_or_else(|| Refusal::QueryDateMalformed { date: date.into_owned() })?;
    let lifetime_seconds = lifetime_seconds(decoded(lifetime))?;
    let token = token.map(|token| encode::decode(token, Plus::Space));
    Ok(Claim {
        auth_type: AuthType::Query,
        credential,
        moment: Moment::Query { at, lifetime_seconds },
        signed_headers: match decoded(signed_headers) {
            Cow::Borrowed(list) => SignedHeaders::parse(list),
            Cow::Owned(list) => SignedHeaders::parse_owned(&list),
        },
        signature: decoded(signature),
        token: token.or_else(|| message.header("x-amz-security-token").map(Cow::Borrowed)),
        payload_parameter: parameters.payload.map(decoded),
    })
}

fn judge_algorithm(algorithm: Cow<'_, str>) -> Result<(), Box<Refusal>> {
    match &*algorithm {
        ALGORITHM => Ok(()),
        ALGORITHM_V4A => Err(Box::new(Refusal::SigV4a(AuthType::Query))),
        _ => Err(Box::new(Refusal::QueryAlgorithm { found: algorithm.into_owned() })),
    }
}

fn lifetime_seconds(text: Cow<'_, str>) -> Result<u64, Box<Refusal>> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, &*text),
    };
    let flaw = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        LifetimeFlaw::NotANumber
    } else if is_negative {
        LifetimeFlaw::Negative
    } else {
        match digits.parse() {
            Ok(seconds) if seconds <= LIFETIME_SECONDS_MAX => return Ok(seconds),
            _ => LifetimeFlaw::TooLong,
        }
    };
    Err(Box::new(Refusal::Lifetime { found: text.into_owned(), flaw }))
}

/// A value of the query as text. What is not UTF-8 cannot be a right value, so it may change.
fn decoded(text: &str) -> Cow<'_, str> {
    match encode::decode(text, Plus::Space) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(bytes) => Cow::Owned(
            String::from_utf8(bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
        ),
    }
}
