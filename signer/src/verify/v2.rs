//! Signature Version 2, in the header and in the query, where S3 still honours it.
//!
//! The order of the questions is that of Version 4 as far as both have them. That the region is
//! asked for first is a guess.

use std::borrow::Cow;
use std::sync::Arc;

use crate::canonical_v2::Carrier;
use crate::canonical_v2::StringToSign;
use crate::canonical_v2::is_bucket_alone;
use crate::encode;
use crate::encode::Plus;
use crate::key::SignatureV2;
use crate::message::Message;
use crate::payload::Payload;
use crate::time::Timestamp;

use super::keys::Key;
use super::keys::Keys;
use super::rules::Judged;
use super::rules::PAYLOAD_HEADER;
use super::rules::Relaxation;
use super::rules::Rules;
use super::rules::Waived;
use super::suspects;
use super::suspects::Search;
use super::verdict::AuthType;
use super::verdict::Difference;
use super::verdict::KeyHolder;
use super::verdict::Refusal;
use super::verdict::Signed;
use super::verdict::SignedText;

/// The regions that were opened before 2014-01-30, which are those that honour it (documented in
/// "Signing and Authenticating REST Requests").
const REGIONS: [&str; 9] = [
    "us-east-1",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-northeast-1",
    "sa-east-1",
    "us-gov-west-1",
];

/// The parameters of a signed query, each of which must be there.
const PARAMETERS: [&str; 3] = ["Signature", "Expires", "AWSAccessKeyId"];

/// Where a claim of Version 2 was found.
#[derive(Clone, Copy, Debug)]
pub(super) enum Found<'a> {
    /// The value of `Authorization`.
    Header(&'a str),
    Query,
}

/// Judges a request that is signed with Version 2.
pub(super) fn prove(
    message: &Message<'_>,
    found: Found<'_>,
    keys: &dyn Keys,
    rules: &Rules<'_>,
) -> Result<KeyHolder, Box<Refusal>> {
    let mut waived = Waived::new(rules);
    let place = match found {
        Found::Header(_) => AuthType::Header,
        Found::Query => AuthType::Query,
    };
    judge_region(place, rules, &mut waived)?;
    let claim = match found {
        Found::Header(authorization) => Claim::of_header(message, authorization)?,
        Found::Query => Claim::of_query(message)?,
    };
    claim.judge_time(rules, &mut waived)?;
    if let Some(key) = super::find_key(&claim.access_key_id, keys, &mut waived)? {
        let token = claim.token.as_deref();
        super::judge_session(&claim.access_key_id, &key, token, rules, &mut waived)?;
        judge_signature(message, &claim, &key, keys, rules, &mut waived)?;
        super::judge_surplus_token(&key, token, &mut waived)?;
    }
    // Behind the signature: chunks that are promised and not signed make another signature
    // (recorded by LocalStack: `test_put_object_with_md5_and_chunk_signature_bad_headers`).
    let payload = payload(message)?;
    judge_encryption(message, &claim)?;
    Ok(KeyHolder {
        access_key_id: claim.access_key_id,
        auth_type: place,
        payload,
        chunk_seed: None,
        waived: waived.into_refusals(),
    })
}

/// Newer regions, and those that nobody but us knows, want Version 4.
pub(super) fn judge_region(place: AuthType, rules: &Rules<'_>, waived: &mut Waived<'_>) -> Judged {
    if REGIONS.contains(&rules.region) {
        return Ok(());
    }
    let region = rules.region.to_owned();
    waived.refuse(Relaxation::Region, Refusal::SigV2NotHonoured { place, region })
}

/// What a request says of itself.
struct Claim<'a> {
    access_key_id: String,
    signature: Cow<'a, str>,
    token: Option<Cow<'a, [u8]>>,
    moment: Moment<'a>,
}

enum Moment<'a> {
    Header { at: Timestamp, text: Cow<'a, str> },
    Query { expires: Timestamp, text: Cow<'a, str> },
}

impl<'a> Claim<'a> {
    fn of_header(message: &Message<'a>, authorization: &'a str) -> Result<Self, Box<Refusal>> {
        let pair = authorization.strip_prefix("AWS ").and_then(|rest| rest.split_once(':'));
        let pair = pair.map(|(key, signature)| (key.trim_ascii(), signature.trim_ascii()));
        let Some((key, signature)) =
            pair.filter(|(key, signature)| !key.is_empty() && !signature.is_empty())
        else {
            let authorization = authorization.to_owned();
            return Err(Box::new(Refusal::SigV2Authorization { authorization }));
        };
        Ok(Self {
            access_key_id: key.to_owned(),
            signature: Cow::Borrowed(signature),
            token: message.header("x-amz-security-token").map(Cow::Borrowed),
            moment: moment(message)?,
        })
    }

    fn of_query(message: &Message<'a>) -> Result<Self, Box<Refusal>> {
        let values = PARAMETERS.map(|name| parameter(message.query, name));
        let [Some(signature), Some(expires), Some(access_key_id)] = &values else {
            let missing = PARAMETERS.iter().zip(&values).filter(|(_, value)| value.is_none());
            let missing = missing.map(|(name, _)| *name).collect();
            let is_escaped = message.query.contains("&amp;");
            return Err(Box::new(Refusal::SigV2ParametersMissing { missing, is_escaped }));
        };
        let is_number = !expires.is_empty() && expires.bytes().all(|byte| byte.is_ascii_digit());
        let Some(seconds) = expires.parse().ok().filter(|_| is_number) else {
            let found = expires.clone().into_owned();
            return Err(Box::new(Refusal::SigV2Expires { found }));
        };
        let token = decoded_parameter(message.query, "x-amz-security-token").map(Cow::Owned);
        Ok(Self {
            access_key_id: access_key_id.clone().into_owned(),
            signature: signature.clone(),
            token: token.or_else(|| message.header("x-amz-security-token").map(Cow::Borrowed)),
            moment: Moment::Query { expires: Timestamp::from_unix(seconds), text: expires.clone() },
        })
    }

    fn judge_time(&self, rules: &Rules<'_>, waived: &mut Waived<'_>) -> Judged {
        match &self.moment {
            Moment::Header { at, text } => rules.judge_skew(*at, text, waived),
            Moment::Query { expires, .. } if rules.now > *expires => {
                let late = Refusal::SigV2Expired { expires: *expires, now: rules.now };
                waived.refuse(Relaxation::Expiry, late)
            }
            Moment::Query { .. } => Ok(()),
        }
    }

    fn carrier(&self) -> Carrier<'a> {
        match &self.moment {
            Moment::Header { .. } => Carrier::Header,
            Moment::Query { text, .. } => Carrier::Query { expires: text.clone() },
        }
    }
}

/// `x-amz-date` decides, else `Date`; a time before 1970 is none (recorded by Ceph's s3-tests:
/// `bad_date_before_epoch`).
fn moment<'a>(message: &Message<'a>) -> Result<Moment<'a>, Box<Refusal>> {
    let Some(value) = message.header("x-amz-date").or_else(|| message.header("date")) else {
        return Err(Box::new(Refusal::NoDate { found: None }));
    };
    let text = String::from_utf8_lossy(value.trim_ascii());
    let at = Timestamp::parse_http(&text).or_else(|| Timestamp::parse_basic(&text));
    match at.filter(|at| at.unix() >= 0) {
        Some(at) => Ok(Moment::Header { at, text }),
        None => Err(Box::new(Refusal::NoDate { found: Some(text.into_owned()) })),
    }
}

/// The first value of a parameter, decoded.
fn parameter<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let (_, value) = pairs
        .into_iter()
        .find(|(other, _)| *encode::decode(other, Plus::Space) == *name.as_bytes())?;
    Some(match encode::decode(value, Plus::Space) {
        Cow::Borrowed(_) => Cow::Borrowed(value),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    })
}

fn decoded_parameter(query: &str, name: &str) -> Option<Vec<u8>> {
    let parameters = crate::canonical_v2::decoded(query);
    let (_, value) = parameters.into_iter().find(|(other, _)| other.eq_ignore_ascii_case(name))?;
    Some(value.unwrap_or_default().into_bytes())
}

/// Version 2 says nothing about a body, but it can come in chunks that are not signed. Signed
/// chunks are chained to a signature of Version 4.
fn payload(message: &Message<'_>) -> Result<Payload, Box<Refusal>> {
    let value = message.header(PAYLOAD_HEADER).and_then(|value| std::str::from_utf8(value).ok());
    match value.and_then(Payload::parse) {
        Some(payload) if payload.has_signed_chunks() => {
            let value = payload.header_value().into_owned();
            Err(Box::new(Refusal::SigV2SignedChunks { value }))
        }
        Some(Payload::UnsignedChunksWithTrailer) => Ok(Payload::UnsignedChunksWithTrailer),
        Some(_) | None => Ok(Payload::Unsigned),
    }
}

fn judge_signature(
    message: &Message<'_>,
    claim: &Claim<'_>,
    key: &Arc<Key>,
    keys: &dyn Keys,
    rules: &Rules<'_>,
    waived: &mut Waived<'_>,
) -> Judged {
    let mut lines = StringToSign::new(message, rules.host_bucket, &claim.carrier());
    let provided = SignatureV2::parse(&claim.signature);
    let computes =
        |lines: &StringToSign| Some(SignatureV2::sign(&key.secret, &lines.to_bytes())) == provided;
    if computes(&lines) {
        return Ok(());
    }
    if rules.host_bucket.is_none() && is_bucket_alone(message.path) {
        // Whether S3 takes a bucket as it was sent, too, was not seen.
        let with_slash = std::mem::replace(&mut lines.path, message.path.to_owned());
        if computes(&lines) {
            return Ok(());
        }
        lines.path = with_slash;
    }
    let search = if waived.relaxes(Relaxation::Signature) {
        Search::Skipped
    } else {
        let of = suspects::Claimed { access_key_id: &claim.access_key_id, key, keys, rules };
        suspects::of_v2(message, &lines, of, &claim.signature)
    };
    let difference = Difference {
        access_key_id: claim.access_key_id.clone(),
        signed: Signed::Request,
        string_to_sign: SignedText::new(&lines.to_bytes()),
        provided: claim.signature.clone().into_owned(),
        canonical_request: None,
        search,
    };
    waived.refuse(Relaxation::Signature, Refusal::SignatureDiffers(Box::new(difference)))
}

/// Keys of KMS need Version 4 (recorded for reading in botocore's issue 377).
fn judge_encryption(message: &Message<'_>, claim: &Claim<'_>) -> Judged {
    const ENCRYPTION: &str = "x-amz-server-side-encryption";
    let parameter = match claim.moment {
        Moment::Query { .. } => decoded_parameter(message.query, ENCRYPTION),
        Moment::Header { .. } => None,
    };
    let value = parameter.map(Cow::Owned).or_else(|| message.header(ENCRYPTION).map(Cow::Borrowed));
    if value.is_some_and(|value| value.starts_with(b"aws:kms")) {
        return Err(Box::new(Refusal::SigV2Kms));
    }
    Ok(())
}
