//! Reads a claim from `Authorization` and the date headers.

use std::borrow::Cow;

use crate::canonical::ALGORITHM;
use crate::canonical::SignedHeaders;
use crate::message::Message;
use crate::time::Timestamp;

use super::super::v2;
use super::super::verdict::AuthType;
use super::super::verdict::AuthorizationFlaw;
use super::super::verdict::AuthorizationPart;
use super::super::verdict::Refusal;
use super::AnyClaim;
use super::Claim;
use super::Credential;
use super::Moment;

/// The scheme of SigV4a.
pub(in super::super) const ALGORITHM_V4A: &str = "AWS4-ECDSA-P256-SHA256";

pub(super) fn read<'a>(
    message: &Message<'a>,
    authorization: &'a [u8],
    service: &str,
) -> Result<AnyClaim<'a>, Box<Refusal>> {
    let Ok(text) = std::str::from_utf8(authorization) else {
        let authorization = String::from_utf8_lossy(authorization).into_owned();
        return Err(Box::new(Refusal::UnknownScheme { authorization }));
    };
    if text == "AWS" || text.starts_with("AWS ") {
        return Ok(AnyClaim::V2(v2::Found::Header(text)));
    }
    let parts = Parts::read(after_scheme(text)?)?;
    let credential =
        Credential::parse(Cow::Borrowed(parts.credential), service).map_err(|(text, flaw)| {
            Refusal::Credential { place: AuthType::Header, credential: text, flaw }
        })?;
    Ok(AnyClaim::V4(Claim {
        auth_type: AuthType::Header,
        credential,
        moment: moment(message)?,
        signed_headers: SignedHeaders::parse(parts.signed_headers),
        signature: Cow::Borrowed(parts.signature),
        token: message.header("x-amz-security-token").map(Cow::Borrowed),
        payload_parameter: None,
    }))
}

/// What stands behind `AWS4-HMAC-SHA256 `.
fn after_scheme(text: &str) -> Result<&str, Box<Refusal>> {
    let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
    match scheme {
        ALGORITHM if rest.is_empty() || rest.starts_with(' ') => {
            Err(Refusal::SchemeNotSeparated { authorization: text.to_owned() })
        }
        ALGORITHM => Ok(rest),
        ALGORITHM_V4A => Err(Refusal::SigV4a(AuthType::Header)),
        _ => Err(Refusal::UnknownScheme { authorization: text.to_owned() }),
    }
    .map_err(Box::new)
}

/// The three components, each of which must be there once.
struct Parts<'a> {
    credential: &'a str,
    signed_headers: &'a str,
    signature: &'a str,
}

impl<'a> Parts<'a> {
    fn read(text: &'a str) -> Result<Self, Box<Refusal>> {
        let mut values = [None; 3];
        for part in text.split(',') {
            let part = part.trim_ascii();
            let Some((name, value)) = part.split_once('=') else {
                return Err(
                    malformed(AuthorizationFlaw::Component { found: part.to_owned() }).into()
                );
            };
            let known = AuthorizationPart::ALL.iter().position(|known| known.name() == name);
            let slot = known.map(|index| &mut values[index]);
            // Unknown and repeated names: pinned by argmin's tests against AWS.
            let Some(slot) = slot.filter(|slot| slot.is_none()) else {
                return Err(malformed(AuthorizationFlaw::NotThreeParts).into());
            };
            *slot = Some(value);
        }
        // An empty list or signature is as good as none; S3's text for an empty SignedHeaders is
        // not known (that it is refused is pinned by argmin's tests against AWS).
        let values = [values[0], values[1], values[2]].map(|value| value.filter(|v| !v.is_empty()));
        match values {
            [Some(credential), Some(signed_headers), Some(signature)] => {
                Ok(Self { credential, signed_headers, signature })
            }
            _ => Err(malformed(missing(values)).into()),
        }
    }
}

fn missing(values: [Option<&str>; 3]) -> AuthorizationFlaw {
    let mut missing =
        AuthorizationPart::ALL.into_iter().zip(values).filter(|(_, value)| value.is_none());
    match (missing.next(), missing.next()) {
        (Some((part, _)), None) => AuthorizationFlaw::Missing(part),
        _ => AuthorizationFlaw::NotThreeParts,
    }
}

fn malformed(flaw: AuthorizationFlaw) -> Refusal {
    Refusal::Authorization(flaw)
}

/// `x-amz-date` decides, else `Date`, which may have either form (pinned by argmin's tests
/// against AWS).
fn moment<'a>(message: &Message<'a>) -> Result<Moment<'a>, Box<Refusal>> {
    let x_amz_date = message.header("x-amz-date");
    let Some(value) = x_amz_date.or_else(|| message.header("date")) else {
        return Err(Box::new(Refusal::NoDate { found: None }));
    };
    let text = String::from_utf8_lossy(value.trim_ascii());
    let at = match x_amz_date {
        Some(_) => Timestamp::parse_basic(&text),
        None => Timestamp::parse_basic(&text).or_else(|| Timestamp::parse_http(&text)),
    };
    match at {
        Some(at) => Ok(Moment::Header { at, text }),
        None => Err(Box::new(Refusal::NoDate { found: Some(text.into_owned()) })),
    }
}
