//! The explanation of a refusal for a person: what happened, and what to change.

use std::fmt;

use crate::credentials::first_letters;

use super::AuthType;
use super::evidence::AuthorizationFlaw;
use super::evidence::ConditionOutcome;
use super::evidence::CredentialFlaw;
use super::evidence::Difference;
use super::evidence::FramingFlaw;
use super::evidence::LifetimeFlaw;
use super::evidence::Operator;
use super::evidence::PolicyFlaw;
use super::evidence::PolicyReport;
use super::evidence::SigV2Place;
use super::evidence::Signed;
use super::evidence::TokenFlaw;
use super::evidence::TrailerFlaw;
use super::refusal::Refusal;

#[rustfmt::skip]
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TwoMechanisms { .. } => write!(f, "The request is signed twice, by an `Authorization` header and in its query. Send one of them: a presigned URL goes without the header."),
            Self::UnknownScheme { authorization } => write!(f, "`Authorization` starts with `{}`, which is no scheme of S3. Sign with `AWS4-HMAC-SHA256`, or leave the header away to be anonymous.", scheme(authorization)),
            Self::SchemeNotSeparated { .. } => write!(f, "`Authorization` does not have exactly one space behind `AWS4-HMAC-SHA256`. Write `AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...`."),
            Self::SigV2(place) => write!(f, "The request carries a Signature Version 2 in {}, which is not offered here. Sign with Signature Version 4 (`AWS4-HMAC-SHA256`).", match place { SigV2Place::Header => "`Authorization`", SigV2Place::Query => "its query", SigV2Place::Form => "the fields of its form" }),
            Self::SigV4a(place) => write!(f, "The request carries a Signature Version 4a (`AWS4-ECDSA-P256-SHA256`) in {}, which is not offered here. Sign with `AWS4-HMAC-SHA256`.", place_name(*place)),
            Self::DateWithoutSignature { x_amz_date } => write!(f, "The request has `x-amz-date: {x_amz_date}` and no signature, which S3 takes for a signed request that is broken. Add `Authorization`, or leave `x-amz-date` away."),
            Self::AnonymousSignedChunks { value } => write!(f, "The request promises signed chunks (`{value}`) and is itself not signed. Sign the request, or send `UNSIGNED-PAYLOAD`."),
            Self::Authorization(flaw) => authorization(f, flaw),
            Self::Credential { place, credential: text, flaw } => credential(f, *place, text, flaw),
            Self::NoDate { found: None } => write!(f, "The request is signed and has neither `x-amz-date` nor `Date`. Send and sign `x-amz-date`, such as `20130524T000000Z`."),
            Self::NoDate { found: Some(found) } => write!(f, "The date `{found}` of the request cannot be read. Send `x-amz-date` in the form `20130524T000000Z`."),
            Self::QueryParametersMissing { missing } => write!(f, "The URL is signed only in part: it lacks `{}`. Use the whole URL as it was presigned; a shell cuts it at an `&` that is not quoted.", missing.join("`, `")),
            Self::QueryAlgorithm { found } => write!(f, "`X-Amz-Algorithm` is `{found}`. Use `AWS4-HMAC-SHA256`."),
            Self::QueryDateMalformed { date } => write!(f, "`X-Amz-Date` is `{date}`, which is no time. Write it in the form `20130524T000000Z`."),
            Self::Lifetime { found, flaw } => write!(f, "`X-Amz-Expires` is `{found}`, which is {}. Presign the URL for 1 to 604800 seconds.", match flaw { LifetimeFlaw::NotANumber => "no number", LifetimeFlaw::Negative => "negative", LifetimeFlaw::TooLong => "more than seven days" }),
            Self::Skewed { requested_at, at, now } => write!(f, "The request was signed at `{requested_at}`, which is {} {} the verifier's time, {now}; 900 s are allowed. Set the clock of the client, or sign each request anew before it is sent.", seconds(at.seconds_since(*now).abs()), if at > now { "after" } else { "before" }),
            Self::NotYetValid { at, now, .. } => write!(f, "The URL says that it was signed at {at}, which is {} after the verifier's time, {now}; 900 s are allowed. Set the clock of the signer.", seconds(at.seconds_since(*now))),
            Self::Expired { lifetime_seconds, expires, now } => write!(f, "The URL was good for {} until {expires}, and is used at {now}, {} later. Presign a new one, or for longer.", seconds((*lifetime_seconds).try_into().unwrap_or(i64::MAX)), seconds(now.seconds_since(*expires))),
            Self::PayloadHashMissing => write!(f, "The request is signed by header and has no `x-amz-content-sha256`. Send the SHA-256 of the body in it, or `UNSIGNED-PAYLOAD`."),
            Self::PayloadHashMalformed { value } => write!(f, "`x-amz-content-sha256` is `{value}`, which is neither 64 lower-case hexadecimal digits nor one of the literals. Send the SHA-256 of the body, or `UNSIGNED-PAYLOAD`."),
            Self::UnknownKey { access_key_id } => write!(f, "Nobody here has the access key `{access_key_id}`. Use the keys of a user of this server."),
            Self::TokenMissing { access_key_id } => write!(f, "`{access_key_id}` is a temporary key, and the request has no session token. Send it as `x-amz-security-token`, signed."),
            Self::Token { token, flaw: TokenFlaw::Other } => write!(f, "The session token `{}` is not the one of the key. Use access key, secret and token of one and the same session.", first_letters(token.expose())),
            Self::Token { token, flaw: TokenFlaw::StaticKey } => write!(f, "The request has a session token, `{}`, and its key belongs to no session. Remove the token: a left-over AWS_SESSION_TOKEN is the usual cause.", first_letters(token.expose())),
            Self::TokenExpired { expired, now, .. } => write!(f, "The session of the key ended at {expired}, and now it is {now}. Get new temporary keys; a URL dies with the session that signed it."),
            Self::HeadersNotSigned { names } => write!(f, "The request has headers that S3 wants signed and that `SignedHeaders` does not list: `{}`. Sign them, or do not send them.", names.join("`, `")),
            Self::SignatureDiffers(difference) => signature(f, difference),
            Self::FormFieldMissing { name } => write!(f, "The form is signed in part: it has no field `{name}` before the file. Add the field, and put the file last."),
            Self::FormAlgorithm { found } => write!(f, "The form's `x-amz-algorithm` is `{found}`. Use `AWS4-HMAC-SHA256`."),
            Self::FormDateMalformed { date } => write!(f, "The form's `x-amz-date` is `{date}`, which is no time. Write it in the form `20130524T000000Z`."),
            Self::Policy(flaw) => policy(f, flaw),
            Self::PolicyExpired { expiration, now } => write!(f, "The policy of the form ended at {expiration}, and now it is {now}. Make a new form, or one that is good for longer."),
            Self::PolicyCondition { failed, report } => {
                let failed = report.failed().map_or(failed, |judged| &judged.condition);
                write!(f, "The form does not meet the condition `{failed}` of its policy. Change the field or the policy.")?;
                conditions(f, report)
            }
            Self::ExtraFields(report) => {
                write!(f, "The policy has no condition for `{}`. Add one for each, or do not send the field; fields behind the file need none.", report.uncovered.join("`, `"))?;
                conditions(f, report)
            }
            Self::FileTooLarge { bytes, bytes_max } => write!(f, "The file has {bytes} bytes, and the policy allows at most {bytes_max}. Send a smaller file, or widen `content-length-range`."),
            Self::FileTooSmall { bytes, bytes_min } => write!(f, "The file has {bytes} bytes, and the policy wants at least {bytes_min}. Send a larger file, or widen `content-length-range`."),
            Self::Framing(flaw) => framing(f, flaw),
            Self::DecodedLength { declared, found } => write!(f, "`x-amz-decoded-content-length` declares {declared} bytes, and the chunks hold {found}. Declare the size of the object, without the framing."),
            Self::ChunkTooSmall { chunk, bytes } => write!(f, "Chunk {} has {bytes} bytes, and chunk {chunk} came after it. Cut the body in chunks of at least 8192 bytes; only the last may be smaller.", chunk.saturating_sub(1)),
            Self::Trailer(flaw) => trailer(f, flaw),
        }
    }
}

fn scheme(authorization: &str) -> &str {
    authorization.split(' ').next().unwrap_or_default()
}

fn place_name(place: AuthType) -> &'static str {
    match place {
        AuthType::Header => "`Authorization`",
        AuthType::Query => "its query",
        AuthType::Form => "the fields of its form",
    }
}

/// A span of time as a person reads it: seconds, and what that is in larger units.
fn seconds(seconds: i64) -> String {
    match seconds {
        ..=119 => format!("{seconds} s"),
        120..=7199 => format!("{seconds} s ({} min)", seconds / 60),
        7200..=172_799 => format!("{seconds} s ({} h)", seconds / 3600),
        172_800.. => format!("{seconds} s ({} days)", seconds / 86_400),
    }
}

#[rustfmt::skip]
fn authorization(f: &mut fmt::Formatter<'_>, flaw: &AuthorizationFlaw) -> fmt::Result {
    match flaw {
        AuthorizationFlaw::Missing(part) => write!(f, "`Authorization` has no `{}=`, or an empty one. ", part.name())?,
        AuthorizationFlaw::NotThreeParts => write!(f, "`Authorization` does not have each of its three components once. ")?,
        AuthorizationFlaw::Component { found } => write!(f, "`Authorization` has the component `{found}`, which is not `name=value`. ")?,
    }
    write!(f, "Write `AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...`.")
}

#[rustfmt::skip]
fn credential(f: &mut fmt::Formatter<'_>, place: AuthType, text: &str, flaw: &CredentialFlaw) -> fmt::Result {
    let place = match place {
        AuthType::Header => "`Credential` of `Authorization`",
        AuthType::Query => "`X-Amz-Credential` of the URL",
        AuthType::Form => "field `x-amz-credential`",
    };
    write!(f, "The {place} is `{text}`, ")?;
    match flaw {
        CredentialFlaw::NotFiveParts => write!(f, "which does not have five parts. Write `AKID/YYYYMMDD/REGION/s3/aws4_request`, with its slashes encoded once in a URL."),
        CredentialFlaw::NoAccessKey => write!(f, "which names no access key. Check where the client takes its keys from."),
        CredentialFlaw::Terminal { found } => write!(f, "which ends in `{found}`. End it in `aws4_request`."),
        CredentialFlaw::Service { found } => write!(f, "which is for the service `{found}`. Sign for `s3`."),
        CredentialFlaw::DateFormat { found } => write!(f, "which has `{found}` for its day. Write the UTC day as eight digits."),
        CredentialFlaw::OtherDate { found, expected } => write!(f, "which is for the day `{found}`, and the request is of `{expected}`. Take both from one reading of the clock, in UTC."),
        CredentialFlaw::Region { found, expected } => write!(f, "which is for the region `{found}`, and this is `{expected}`. Set the region of the client to `{expected}`."),
    }
}

#[rustfmt::skip]
fn signature(f: &mut fmt::Formatter<'_>, difference: &Difference) -> fmt::Result {
    let Difference { access_key_id, signed, provided, .. } = difference;
    write!(f, "The signature `{provided}` is not the one that the secret of `{access_key_id}` makes for ")?;
    match signed {
        Signed::Request => write!(f, "this request. Lay the client's canonical request and string to sign next to the verifier's: where they are alike the secret is another, else look at host and port, at the encoding of the path, and at each signed header."),
        Signed::Policy => write!(f, "the policy of this form. Sign the base64 text exactly as it is sent, with the secret of that key and the day and region of `x-amz-credential`."),
        Signed::Chunk(number) => write!(f, "chunk {number} of the body. Chain each chunk with the signature before it, the first with that of the request, and sign the bytes that are sent."),
        Signed::Trailer => write!(f, "the trailer. Sign each `name:value` with a line feed, chained with the signature of the last chunk."),
    }
}

#[rustfmt::skip]
fn policy(f: &mut fmt::Formatter<'_>, flaw: &PolicyFlaw) -> fmt::Result {
    match flaw {
        PolicyFlaw::NotBase64 => write!(f, "The field `policy` is not base64. Encode the JSON text once, in standard base64."),
        PolicyFlaw::Empty => write!(f, "The policy is empty. Write a JSON object with `expiration` and `conditions`."),
        PolicyFlaw::NotJson { problem } => write!(f, "The policy is not such JSON as S3 reads: {problem}. Use objects, lists, texts and whole numbers only."),
        PolicyFlaw::BareWord => write!(f, "The policy has a word without quotes. Put texts in double quotes."),
        PolicyFlaw::Expiration { found } => write!(f, "The policy's `expiration` is `{found}`. Write it in UTC, such as `2015-12-30T12:00:00.000Z`."),
        PolicyFlaw::UnexpectedMember { name } => write!(f, "The policy has a member `{name}`. A form's policy has `expiration` and `conditions` only; it is no bucket policy."),
        PolicyFlaw::NoExpiration => write!(f, "The policy has no `expiration`. Add it, in lower case."),
        PolicyFlaw::NoConditions => write!(f, "The policy has no `conditions`, or none in it. Add at least one for the bucket and one for the key."),
        PolicyFlaw::ConditionsNotList => write!(f, "The policy's `conditions` is no list. Put the conditions in brackets."),
        PolicyFlaw::ConditionKind => write!(f, "A condition of the policy is neither a list nor an object. Write `[\"eq\", \"$field\", \"value\"]` or `{{\"field\": \"value\"}}`."),
        PolicyFlaw::SimpleConditionMembers { count } => write!(f, "A condition in braces has {count} members. Give each field a condition of its own."),
        PolicyFlaw::SimpleConditionValue => write!(f, "A condition in braces has a value that is no text. Put the value in quotes."),
        PolicyFlaw::NoOperator => write!(f, "A condition in brackets does not start with an operator. Start it with `eq`, `starts-with` or `content-length-range`."),
        PolicyFlaw::UnknownOperator { found } => write!(f, "A condition has the operator `{found}`. Use `eq`, `starts-with` or `content-length-range`."),
        PolicyFlaw::ArgumentCount { operator, count } => write!(f, "A condition with `{}` has {count} arguments. Give it two.", operator.name()),
        PolicyFlaw::EmptyRange { min, max } => write!(f, "No file has from {min} to {max} bytes. Give `content-length-range` a smaller and a larger number of bytes, none negative."),
    }
}

impl Operator {
    pub(in super::super) fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::StartsWith => "starts-with",
            Self::ContentLengthRange => "content-length-range",
        }
    }
}

fn conditions(f: &mut fmt::Formatter<'_>, report: &PolicyReport) -> fmt::Result {
    write!(f, " The conditions:")?;
    for judged in &report.conditions {
        write!(f, "\n  {}: ", judged.condition)?;
        match &judged.outcome {
            ConditionOutcome::Met => write!(f, "met")?,
            ConditionOutcome::AfterTheFile => write!(f, "judged after the file")?,
            ConditionOutcome::FieldAbsent => write!(f, "FAILED, the form has no such field")?,
            ConditionOutcome::FieldDiffers { found } => write!(f, "FAILED, it is `{found}`")?,
            ConditionOutcome::NoDollar => write!(f, "FAILED, the name must start with `$`")?,
            ConditionOutcome::NotANumber => write!(f, "FAILED, a bound is no number")?,
        }
    }
    Ok(())
}

#[rustfmt::skip]
fn framing(f: &mut fmt::Formatter<'_>, flaw: &FramingFlaw) -> fmt::Result {
    match flaw {
        FramingFlaw::ChunkSize { found } => write!(f, "A chunk starts with `{found}`, which is no size in hexadecimal digits. "),
        FramingFlaw::ChunkSignature { found } => write!(f, "A chunk starts with `{found}`, which is not a size and what `x-amz-content-sha256` promises behind it. "),
        FramingFlaw::LineEnd => write!(f, "A line of the framing, or the data of a chunk, does not end in CR LF. "),
        FramingFlaw::TrailerLine { found } => write!(f, "The trailer has the line `{found}`, which is not `name:value`. "),
        FramingFlaw::AfterTheEnd => write!(f, "The body goes on after its last chunk. "),
        FramingFlaw::EndedEarly { decoded_bytes } => write!(f, "The body ended before its last chunk did, after {decoded_bytes} bytes of the object. "),
    }?;
    write!(f, "Frame the body as `aws-chunked`, in the way that `x-amz-content-sha256` names.")
}

#[rustfmt::skip]
fn trailer(f: &mut fmt::Formatter<'_>, flaw: &TrailerFlaw) -> fmt::Result {
    match flaw {
        TrailerFlaw::Absent { declared } => write!(f, "`x-amz-trailer` declares `{declared}`, which did not come after the last chunk. Send it, or do not declare it."),
        TrailerFlaw::NotDeclared { found } => write!(f, "The trailer `{found}` came after the last chunk, and `x-amz-trailer` does not declare it. Declare it."),
        TrailerFlaw::NoName => write!(f, "A trailer has no name. Write `name:value`, and name it in `x-amz-trailer`."),
        TrailerFlaw::NotSigned => write!(f, "The trailer came without `x-amz-trailer-signature`. Sign it, or send `STREAMING-UNSIGNED-PAYLOAD-TRAILER`."),
    }
}
