//! `Claim`: what a request says of itself, in a header or in its query; nothing of it is believed.

mod credential;
mod header;
mod query;

use std::borrow::Cow;

use crate::canonical::SignedHeaders;
use crate::message::Message;
use crate::payload::Payload;
use crate::scope::Scope;
use crate::time::Timestamp;

pub(super) use self::credential::Credential;
pub(super) use self::header::ALGORITHM_V4A;
use self::query::QueryAuth;
use super::rules::PAYLOAD_HEADER;
use super::v2;
use super::verdict::AuthType;
use super::verdict::Refusal;

/// A claimed identity, in its parts.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    pub(super) auth_type: AuthType,
    pub(super) credential: Credential<'a>,
    pub(super) moment: Moment<'a>,
    pub(super) signed_headers: SignedHeaders<'a>,
    pub(super) signature: Cow<'a, str>,
    /// The session token, if one came.
    pub(super) token: Option<Cow<'a, [u8]>>,
    /// `X-Amz-Content-Sha256` in the query, as the JS SDK sends it.
    payload_parameter: Option<Cow<'a, str>>,
}

/// A claim of either version.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly all claims are of Version 4")]
pub(super) enum AnyClaim<'a> {
    V4(Claim<'a>),
    V2(v2::Found<'a>),
}

/// When a request says that it was signed.
#[derive(Debug)]
pub(super) enum Moment<'a> {
    Header {
        at: Timestamp,
        /// As sent.
        text: Cow<'a, str>,
    },
    Query {
        at: Timestamp,
        lifetime_seconds: u64,
    },
}

impl Moment<'_> {
    pub(super) fn at(&self) -> Timestamp {
        match self {
            Self::Header { at, .. } | Self::Query { at, .. } => *at,
        }
    }
}

impl<'a> Claim<'a> {
    pub(super) fn scope(&self) -> &Scope {
        &self.credential.scope
    }

    /// The last line of the canonical request, and what it promises.
    ///
    /// The header as it was sent comes first, even unsigned and with a URL (pinned by argmin's
    /// tests against AWS: `test_presigned_sigv4_unsigned_amz_content_sha256_*`); then the query's
    /// parameter; a URL without either has `UNSIGNED-PAYLOAD`.
    pub(super) fn payload(
        &self,
        message: &Message<'a>,
    ) -> Result<(Cow<'a, [u8]>, Payload), Box<Refusal>> {
        let line = match (message.header(PAYLOAD_HEADER), &self.payload_parameter) {
            (Some(value), _) => Cow::Borrowed(value.trim_ascii()),
            (None, Some(value)) => Cow::Owned(value.as_bytes().to_vec()),
            (None, None) if self.auth_type == AuthType::Query => {
                return Ok((Cow::Borrowed(b"UNSIGNED-PAYLOAD"), Payload::Unsigned));
            }
            (None, None) => return Err(Box::new(Refusal::PayloadHashMissing)),
        };
        match std::str::from_utf8(&line).ok().and_then(Payload::parse) {
            Some(payload) => Ok((line, payload)),
            None => Err(Box::new(Refusal::PayloadHashMalformed {
                value: String::from_utf8_lossy(&line).into_owned(),
            })),
        }
    }
}

/// Reads the claim of a request that is no form; `None` if it is anonymous.
///
/// Which mechanism applies is asked before anything else: two at once are refused whatever the
/// worth of either (pinned by argmin's tests against AWS).
pub(super) fn of_request<'a>(
    message: &Message<'a>,
    service: &str,
) -> Result<Option<AnyClaim<'a>>, Box<Refusal>> {
    // An empty value is none (recorded by Ceph's s3-tests: bad_authorization_empty).
    let authorization = message.header("authorization").map(<[u8]>::trim_ascii);
    let authorization = authorization.filter(|value| !value.is_empty());
    let query = QueryAuth::find(message.query);
    match (authorization, query) {
        (Some(authorization), Some(_)) => Err(Box::new(Refusal::TwoMechanisms {
            authorization: String::from_utf8_lossy(authorization).into_owned(),
        })),
        (Some(authorization), None) => header::read(message, authorization, service).map(Some),
        (None, Some(QueryAuth::V4(parameters))) => {
            query::read(message, &parameters, service).map(AnyClaim::V4).map(Some)
        }
        (None, Some(QueryAuth::V2)) => Ok(Some(AnyClaim::V2(v2::Found::Query))),
        (None, None) => anonymous(message),
    }
}

/// Without a claim there is nothing to prove, unless the request half looks like a signed one.
fn anonymous<'a>(message: &Message<'a>) -> Result<Option<AnyClaim<'a>>, Box<Refusal>> {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    // Any value counts, also an empty one (pinned by argmin's tests against AWS:
    // test_get_date_*_anonymous).
    if let Some(value) = message.header("x-amz-date") {
        return Err(Box::new(Refusal::DateWithoutSignature { x_amz_date: text(value) }));
    }
    if let Some(value) = message.header(PAYLOAD_HEADER) {
        let payload = std::str::from_utf8(value).ok().and_then(Payload::parse);
        if payload.is_some_and(|payload| payload.has_signed_chunks()) {
            return Err(Box::new(Refusal::AnonymousSignedChunks { value: text(value) }));
        }
    }
    Ok(None)
}
