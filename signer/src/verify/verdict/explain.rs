//! Each refusal in words: what happened, and what to change.

use std::fmt;

use crate::credentials::first_letters;

use super::AuthType;
use super::evidence::AuthorizationFlaw;
use super::evidence::CredentialFlaw;
use super::evidence::FramingFlaw;
use super::evidence::JudgedCondition;
use super::evidence::LifetimeFlaw;
use super::evidence::Operator;
use super::evidence::PolicyFlaw;
use super::evidence::PolicyReport;
use super::evidence::TrailerFlaw;
use super::explanation::Explanation;
use super::hints;
use super::refusal::Refusal;
use crate::verify::post_policy::ConditionTest;

impl Refusal {
    /// What happened, what to change, and what shows it.
    #[rustfmt::skip]
    pub fn explanation(&self) -> Explanation {
        match self {
            Self::TwoMechanisms { .. } => two("The request is signed twice, by an `Authorization` header and in its query.", "Send one of them: a presigned URL goes without the header."),
            Self::UnknownScheme { authorization } => two(format!("`Authorization` starts with `{}`, which is no scheme of S3.", scheme(authorization)), "Sign with `AWS4-HMAC-SHA256`, or leave the header away to be anonymous."),
            Self::SchemeNotSeparated { .. } => two("`Authorization` does not have exactly one space behind `AWS4-HMAC-SHA256`.", "Write `AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...`."),
            Self::SigV2NotHonoured { place, region } => two(format!("The request carries a Signature Version 2 in {}, and S3 honours that in no region that was opened after January 2014, such as {region}.", place_name(*place)), "Sign with Signature Version 4 (`AWS4-HMAC-SHA256`); boto3 does with `Config(signature_version=\"s3v4\")`."),
            Self::SigV2Authorization { authorization } => two(format!("`Authorization` is `{authorization}`, which is not of Signature Version 2 as it begins."), "Write `AWS AKID:signature`, or sign with Version 4."),
            Self::SigV2Expires { found } => two(format!("`Expires` of the URL is `{found}`, which is no number of seconds since 1970."), "Presign the URL with such a number; only Version 4 counts from the time of signing."),
            Self::SigV2Expired { expires, .. } if expires.unix() < hints::DURATION_SECONDS_MAX => two(format!("`Expires` of the URL is `{}`, which is a moment of the year {}; it looks like a duration.", expires.unix(), &expires.iso()[..4]), "Write the moment at which the URL ends, in seconds since 1970: Version 2 does not count from the time of signing."),
            Self::SigV2Expired { expires, now } => two(format!("The URL was good until {expires}, and is used at {now}, {} later.", seconds(now.seconds_since(*expires))), "Presign a new one, or for longer."),
            Self::SigV2SignedChunks { value } => two(format!("The request is signed with Version 2 and promises signed chunks (`{value}`), which can only follow a signature of Version 4."), "Sign the request with Version 4, or send the body as it is."),
            Self::SigV2Kms => two("The request asks for encryption with a key of KMS and is signed with Version 2.", "Sign it with Version 4."),
            Self::SigV4a(place) => two(format!("The request carries a Signature Version 4a (`AWS4-ECDSA-P256-SHA256`) in {}, which is not offered here.", place_name(*place)), "Sign with `AWS4-HMAC-SHA256`."),
            Self::DateWithoutSignature { x_amz_date } => two(format!("The request has `x-amz-date: {x_amz_date}` and no signature, which S3 takes for a signed request that is broken."), "Add `Authorization`, or leave `x-amz-date` away."),
            Self::AnonymousSignedChunks { value } => two(format!("The request promises signed chunks (`{value}`) and is itself not signed."), "Sign the request, or send `UNSIGNED-PAYLOAD`."),
            Self::Authorization(flaw) => authorization(flaw),
            Self::Credential { place, credential: text, flaw } => credential(*place, text, flaw),
            Self::NoDate { found: None } => two("The request is signed and has neither `x-amz-date` nor `Date`.", "Send and sign `x-amz-date`, such as `20130524T000000Z`."),
            Self::NoDate { found: Some(found) } => two(format!("The date `{found}` of the request cannot be read."), "Send `x-amz-date` in the form `20130524T000000Z`."),
            Self::QueryParametersMissing { is_escaped: true, .. } | Self::SigV2ParametersMissing { is_escaped: true, .. } => two("The URL has `&amp;` for `&`, as in the source of a page, so that its parameters are called `amp;...`.", "Write `&`: unescape a URL that is copied from HTML or XML."),
            Self::QueryParametersMissing { missing, .. } => two(format!("The URL is signed only in part: it lacks `{}`.", missing.join("`, `")), hints::missing(missing)),
            Self::SigV2ParametersMissing { missing, .. } => two(format!("The URL is signed only in part: it lacks `{}`.", missing.join("`, `")), hints::CUT_BY_SHELL),
            Self::QueryAlgorithm { found } if found.starts_with("3D") => two(format!("`X-Amz-Algorithm` is `{found}`: `=3D` is how a mail in quoted-printable writes `=`."), "Decode the mail before the URL is taken from it, or copy the link and not its source."),
            Self::QueryAlgorithm { found } => two(format!("`X-Amz-Algorithm` is `{found}`."), "Use `AWS4-HMAC-SHA256`."),
            Self::QueryDateMalformed { date } => two(format!("`X-Amz-Date` is `{date}`, which is no time."), "Write it in the form `20130524T000000Z`."),
            Self::Lifetime { found, flaw } => two(format!("`X-Amz-Expires` is `{found}`, which is {}.", match flaw { LifetimeFlaw::NotANumber => "no number", LifetimeFlaw::Negative => "negative", LifetimeFlaw::TooLong => "more than seven days" }), hints::lifetime(found)),
            Self::Skewed { requested_at, at, now } => two(format!("The request was signed at `{requested_at}`, which is {} {} the verifier's time, {now}; 900 s are allowed.", seconds(at.seconds_since(*now).abs()), if at > now { "after" } else { "before" }), hints::clock(at.seconds_since(*now), "Set the clock of the client, or sign each request anew before it is sent.")),
            Self::NotYetValid { at, now, .. } => two(format!("The URL says that it was signed at {at}, which is {} after the verifier's time, {now}; 900 s are allowed.", seconds(at.seconds_since(*now))), hints::clock(at.seconds_since(*now), "Set the clock of the signer.")),
            Self::Expired { lifetime_seconds, expires, now } => two(format!("The URL was good for {} until {expires}, and is used at {now}, {} later.", seconds((*lifetime_seconds).try_into().unwrap_or(i64::MAX)), seconds(now.seconds_since(*expires))), hints::expired(*lifetime_seconds, *expires, *now)),
            Self::PayloadHashMissing => two("The request is signed by header and has no `x-amz-content-sha256`.", "Send the SHA-256 of the body in it, or `UNSIGNED-PAYLOAD`."),
            Self::PayloadHashMalformed { value } => two(format!("`x-amz-content-sha256` is `{value}`, which is neither 64 lower-case hexadecimal digits nor one of the literals."), hints::payload_hash(value)),
            Self::UnknownKey { access_key_id, flaw } => hints::unknown_key(access_key_id, flaw),
            Self::TokenMissing { access_key_id } => two(format!("`{access_key_id}` is a temporary key, and the request has no session token."), "Sign it too: as the header `x-amz-security-token`, or in the query of a link before that is signed."),
            Self::Token { token, flaw } => hints::token(&first_letters(token.expose()), *flaw),
            Self::TokenExpired { expired, now, .. } => two(format!("The session of the key ended at {expired}, and now it is {now}."), "Get new temporary keys; a URL dies with the session that signed it."),
            Self::HeadersNotSigned { names } => two(format!("The request has headers that S3 wants signed and that `SignedHeaders` does not list: `{}`.", names.join("`, `")), "Sign them, or do not send them."),
            Self::SignatureDiffers(difference) => super::explain_signature::explanation(difference),
            Self::FormFieldMissing { name } => two(format!("The form is signed in part: it has no field `{name}` before the file."), "Add the field, and put the file last."),
            Self::FormAlgorithm { found } => two(format!("The form's `x-amz-algorithm` is `{found}`."), "Use `AWS4-HMAC-SHA256`."),
            Self::FormDateMalformed { date } => two(format!("The form's `x-amz-date` is `{date}`, which is no time."), "Write it in the form `20130524T000000Z`."),
            Self::Policy(flaw) => policy(flaw),
            Self::PolicyExpired { expiration, now } => two(format!("The policy of the form ended at {expiration}, and now it is {now}."), "Make a new form, or one that is good for longer."),
            Self::PolicyCondition { failed, report } => {
                let remedy = report.failed().and_then(JudgedCondition::remedy);
                let advice = match (report.failed().map(|judged| &judged.test), remedy) {
                    (Some(ConditionTest::Equals { field, value }), _) if field == "bucket" => format!("Post the form to the bucket `{value}`, or change the policy."),
                    (_, Some(remedy)) => format!("Send {remedy}, or change the policy."),
                    (_, None) => "Change the policy: no form can meet that.".to_owned(),
                };
                let advice = if report.uncovered.is_empty() { advice } else { format!("{advice} Besides, the policy has no condition for `{}`.", report.uncovered.join("`, `")) };
                let failed = report.failed().map_or(failed, |judged| &judged.condition);
                two(format!("The form does not meet the condition `{failed}` of its policy."), advice).with(report)
            }
            Self::ExtraFields(report) => two(format!("The policy has no condition for `{}`.", report.uncovered.join("`, `")), "Add one for each, or do not send the field; fields behind the file need none.").with(report),
            Self::FileTooLarge { bytes, bytes_max } => two(format!("The file has {bytes} bytes, and the policy allows at most {bytes_max}."), "Send a smaller file, or widen `content-length-range`."),
            Self::FileTooSmall { bytes, bytes_min } => two(format!("The file has {bytes} bytes, and the policy wants at least {bytes_min}."), "Send a larger file, or widen `content-length-range`."),
            Self::Framing(flaw) => framing(flaw),
            Self::DecodedLength { declared, found } => two(format!("`x-amz-decoded-content-length` declares {declared} bytes, and the chunks hold {found}."), "Declare the size of the object, without the framing."),
            Self::ChunkTooSmall { chunk, bytes } => two(format!("Chunk {} has {bytes} bytes, and chunk {chunk} came after it.", chunk.saturating_sub(1)), "Cut the body in chunks of at least 8192 bytes; only the last may be smaller."),
            Self::Trailer(flaw) => trailer(flaw),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.explanation().fmt(f)
    }
}

pub(super) fn two(what: impl Into<String>, advice: impl Into<String>) -> Explanation {
    Explanation::new(what, advice)
}

impl Explanation {
    fn with(mut self, report: &PolicyReport) -> Self {
        self.conditions.clone_from(&report.conditions);
        self
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
fn authorization(flaw: &AuthorizationFlaw) -> Explanation {
    let what = match flaw {
        AuthorizationFlaw::Missing(part) => format!("`Authorization` has no `{}=`, or an empty one.", part.name()),
        AuthorizationFlaw::NotThreeParts => "`Authorization` does not have each of its three components once.".to_owned(),
        AuthorizationFlaw::Component { found } => format!("`Authorization` has the component `{found}`, which is not `name=value`."),
    };
    two(what, "Write `AWS4-HMAC-SHA256 Credential=..., SignedHeaders=..., Signature=...`.")
}

#[rustfmt::skip]
fn credential(place: AuthType, text: &str, flaw: &CredentialFlaw) -> Explanation {
    let place = match place {
        AuthType::Header => "`Credential` of `Authorization`",
        AuthType::Query => "`X-Amz-Credential` of the URL",
        AuthType::Form => "field `x-amz-credential`",
    };
    if let Some(secret) = hints::secret_for_key(text).filter(|_| *flaw == CredentialFlaw::NotFiveParts) {
        return two(format!("The {place} begins with `{}`, which has a slash as secrets have it and access keys have not: access key and secret are exchanged.", first_letters(secret)), "Give the client the access key for its access key, and the secret for its secret; and make a new secret if this one was logged.");
    }
    let two = |what: String, advice: String| two(format!("The {place} is `{text}`, {what}"), advice);
    match flaw {
        CredentialFlaw::NotFiveParts if text.contains("%2F") => two("whose slashes are still encoded: the URL was encoded twice.".to_owned(), "Use the URL as it was presigned: something encoded each `%` of it as `%25`.".to_owned()),
        CredentialFlaw::NotFiveParts => two("which does not have five parts.".to_owned(), "Write `AKID/YYYYMMDD/REGION/s3/aws4_request`, with its slashes encoded once in a URL.".to_owned()),
        CredentialFlaw::NoAccessKey => two("which names no access key.".to_owned(), "Check where the client takes its keys from.".to_owned()),
        CredentialFlaw::Terminal { found } => two(format!("which ends in `{found}`."), "End it in `aws4_request`.".to_owned()),
        CredentialFlaw::Service { found } => two(format!("which is for the service `{found}`."), "Sign for `s3`.".to_owned()),
        CredentialFlaw::DateFormat { found } => two(format!("which has `{found}` for its day."), "Write the UTC day as eight digits.".to_owned()),
        CredentialFlaw::OtherDate { found, expected } => two(format!("which is for the day `{found}`, and the request is of `{expected}`."), "Take both from one reading of the clock, in UTC.".to_owned()),
        CredentialFlaw::Region { found, expected } => two(format!("which is for the region `{found}`, and this is `{expected}`."), format!("Set the region of the client to `{expected}`.")),
    }
}

#[rustfmt::skip]
fn policy(flaw: &PolicyFlaw) -> Explanation {
    match flaw {
        PolicyFlaw::NotBase64 => two("The field `policy` is not base64.", "Encode the JSON text once, in standard base64."),
        PolicyFlaw::Empty => two("The policy is empty.", "Write a JSON object with `expiration` and `conditions`."),
        PolicyFlaw::NotJson { problem } => two(format!("The policy is not such JSON as S3 reads: {problem}."), "Use objects, lists, texts and whole numbers only."),
        PolicyFlaw::BareWord => two("The policy has a word without quotes.", "Put texts in double quotes."),
        PolicyFlaw::Expiration { found } => two(format!("The policy's `expiration` is `{found}`."), "Write it in UTC, such as `2015-12-30T12:00:00.000Z`."),
        PolicyFlaw::UnexpectedMember { name } => two(format!("The policy has a member `{name}`."), "A form's policy has `expiration` and `conditions` only; it is no bucket policy."),
        PolicyFlaw::NoExpiration => two("The policy has no `expiration`.", "Add it, in lower case."),
        PolicyFlaw::NoConditions => two("The policy has no `conditions`, or none in it.", "Add at least one for the bucket and one for the key."),
        PolicyFlaw::ConditionsNotList => two("The policy's `conditions` is no list.", "Put the conditions in brackets."),
        PolicyFlaw::ConditionKind => two("A condition of the policy is neither a list nor an object.", "Write `[\"eq\", \"$field\", \"value\"]` or `{\"field\": \"value\"}`."),
        PolicyFlaw::SimpleConditionMembers { count } => two(format!("A condition in braces has {count} members."), "Give each field a condition of its own."),
        PolicyFlaw::SimpleConditionValue => two("A condition in braces has a value that is no text.", "Put the value in quotes."),
        PolicyFlaw::NoOperator => two("A condition in brackets does not start with an operator.", "Start it with `eq`, `starts-with` or `content-length-range`."),
        PolicyFlaw::UnknownOperator { found } => two(format!("A condition has the operator `{found}`."), "Use `eq`, `starts-with` or `content-length-range`."),
        PolicyFlaw::ArgumentCount { operator, count } => two(format!("A condition with `{}` has {count} arguments.", operator.name()), "Give it two."),
        PolicyFlaw::EmptyRange { min, max } => two(format!("No file has from {min} to {max} bytes."), "Give `content-length-range` a smaller and a larger number of bytes, none negative."),
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

#[rustfmt::skip]
fn framing(flaw: &FramingFlaw) -> Explanation {
    let what = match flaw {
        FramingFlaw::ChunkSize { found } => format!("A chunk starts with `{found}`, which is no size in hexadecimal digits."),
        FramingFlaw::ChunkSignature { found } => format!("A chunk starts with `{found}`: behind the size of a signed chunk, the last one too, stands `;chunk-signature=` with 64 digits, and behind that of an unsigned one nothing."),
        FramingFlaw::LineEnd => "A line of the framing, or the data of a chunk, does not end in CR LF.".to_owned(),
        FramingFlaw::TrailerLine { found } => format!("The trailer has the line `{found}`, which is not `name:value`."),
        FramingFlaw::AfterTheEnd => "The body goes on after its last chunk.".to_owned(),
        FramingFlaw::EndedEarly { decoded_bytes } => format!("The body ended before its last chunk did, after {decoded_bytes} bytes of the object."),
    };
    two(what, "Frame the body as `aws-chunked`, in the way that `x-amz-content-sha256` names.")
}

#[rustfmt::skip]
fn trailer(flaw: &TrailerFlaw) -> Explanation {
    match flaw {
        TrailerFlaw::Absent { declared } => two(format!("`x-amz-trailer` declares `{declared}`, which did not come after the last chunk."), "Send it, or do not declare it."),
        TrailerFlaw::NotDeclared { found } => two(format!("The trailer `{found}` came after the last chunk, and `x-amz-trailer` does not declare it."), "Declare it."),
        TrailerFlaw::NoName => two("A trailer has no name.", "Write `name:value`, and name it in `x-amz-trailer`."),
        TrailerFlaw::NotSigned => two("The trailer came without `x-amz-trailer-signature`.", "Sign it, or send `STREAMING-UNSIGNED-PAYLOAD-TRAILER`."),
    }
}
