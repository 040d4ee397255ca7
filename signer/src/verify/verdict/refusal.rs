//! `Refusal`: every reason not to believe a claim, with what was found and what was expected.

use crate::time::Timestamp;

use super::AuthType;
use super::evidence::AuthorizationFlaw;
use super::evidence::CredentialFlaw;
use super::evidence::Difference;
use super::evidence::FramingFlaw;
use super::evidence::KeyFlaw;
use super::evidence::LifetimeFlaw;
use super::evidence::PolicyFlaw;
use super::evidence::PolicyReport;
use super::evidence::SessionToken;
use super::evidence::SignedText;
use super::evidence::TokenFlaw;
use super::evidence::TrailerFlaw;
use crate::verify::suspects::Search;
use crate::verify::suspects::Suspect;

/// Why a claimed identity is not believed, with what was found and what was expected.
///
/// It speaks two languages: [`Refusal::s3_error`] and [`Refusal::elements`] for the client, and
/// `Display` for a person: one sentence on what happened, the next on what to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Both `Authorization` and a signed query.
    TwoMechanisms {
        /// The header's value.
        authorization: String,
    },
    /// `Authorization` starts with no scheme that S3 knows.
    UnknownScheme {
        /// The header's value.
        authorization: String,
    },
    /// Not exactly one space behind the scheme.
    SchemeNotSeparated {
        /// The header's value.
        authorization: String,
    },
    /// Signature Version 2 in a region that wants Version 4.
    SigV2NotHonoured {
        /// Where it stood.
        place: AuthType,
        /// The verifier's region.
        region: String,
    },
    /// `Authorization` of Version 2 is not `AWS AKID:signature`.
    SigV2Authorization {
        /// The header's value.
        authorization: String,
    },
    /// A presigned URL of Version 2 lacks parameters.
    SigV2ParametersMissing {
        /// Their names.
        missing: Vec<&'static str>,
        /// Whether the query has `&amp;` for `&`.
        is_escaped: bool,
    },
    /// `Expires` of Version 2 is no number of seconds.
    SigV2Expires {
        /// As sent.
        found: String,
    },
    /// A URL of Version 2 is used after its end.
    SigV2Expired {
        /// The last second of its life.
        expires: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// Signed chunks behind a signature of Version 2, with which they cannot be chained.
    SigV2SignedChunks {
        /// The value of `x-amz-content-sha256`.
        value: String,
    },
    /// Encryption with a key of KMS, asked for with Version 2.
    SigV2Kms,
    /// Signature Version 4a, which is not offered.
    SigV4a(AuthType),
    /// `x-amz-date` without a signature: a signed request that lost it.
    DateWithoutSignature {
        /// The header's value.
        x_amz_date: String,
    },
    /// Signed chunks of nobody.
    AnonymousSignedChunks {
        /// The value of `x-amz-content-sha256`.
        value: String,
    },
    /// `Authorization` cannot be read.
    Authorization(AuthorizationFlaw),
    /// The credential cannot be read, or is for something else.
    Credential {
        /// Where it stood.
        place: AuthType,
        /// As sent.
        credential: String,
        /// What is wrong with it.
        flaw: CredentialFlaw,
    },
    /// A signed header request without a time.
    NoDate {
        /// The value that is no time, if there is one.
        found: Option<String>,
    },
    /// A presigned URL lacks parameters.
    QueryParametersMissing {
        /// Their names.
        missing: Vec<&'static str>,
        /// Whether the query has `&amp;` for `&`.
        is_escaped: bool,
    },
    /// `X-Amz-Algorithm` names an unknown one.
    QueryAlgorithm {
        /// As sent.
        found: String,
    },
    /// `X-Amz-Date` is no time.
    QueryDateMalformed {
        /// As sent.
        date: String,
    },
    /// `X-Amz-Expires` is no lifetime.
    Lifetime {
        /// As sent.
        found: String,
        /// What is wrong with it.
        flaw: LifetimeFlaw,
    },
    /// A header was signed too long ago, or too far in the future.
    Skewed {
        /// As sent.
        requested_at: String,
        /// As read.
        at: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// A URL is used too long before its time.
    NotYetValid {
        /// When it says that it was signed.
        at: Timestamp,
        /// The last second of its life.
        expires: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// A URL is used after its lifetime.
    Expired {
        /// How long it was good for.
        lifetime_seconds: u64,
        /// The last second of its life.
        expires: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// A signed header request without `x-amz-content-sha256`.
    PayloadHashMissing,
    /// `x-amz-content-sha256` promises nothing that S3 knows.
    PayloadHashMalformed {
        /// As sent.
        value: String,
    },
    /// No such access key.
    UnknownKey {
        /// As claimed.
        access_key_id: String,
        /// What is the matter with it.
        flaw: KeyFlaw,
    },
    /// A temporary key without its token.
    TokenMissing {
        /// As claimed.
        access_key_id: String,
    },
    /// A session token that is not the key's.
    Token {
        /// As sent.
        token: SessionToken,
        /// Why it is not.
        flaw: TokenFlaw,
    },
    /// The session is over.
    TokenExpired {
        /// As sent.
        token: SessionToken,
        /// When the session ended.
        expired: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// Headers that must be signed are sent and not signed.
    HeadersNotSigned {
        /// Lower case, sorted.
        names: Vec<String>,
    },
    /// Everything is well formed, and the signatures differ.
    SignatureDiffers(Box<Difference>),
    /// A signed form lacks a field.
    FormFieldMissing {
        /// As S3 spells it.
        name: &'static str,
    },
    /// The form's `x-amz-algorithm` names an unknown one.
    FormAlgorithm {
        /// As sent.
        found: String,
    },
    /// The form's `x-amz-date` is no time.
    FormDateMalformed {
        /// As sent.
        date: String,
    },
    /// The policy cannot be read.
    Policy(PolicyFlaw),
    /// The policy is used after its end.
    PolicyExpired {
        /// Its end.
        expiration: Timestamp,
        /// The verifier's time.
        now: Timestamp,
    },
    /// A condition of the policy is not met.
    PolicyCondition {
        /// The first one that failed, as S3 prints it.
        failed: String,
        /// All of them.
        report: PolicyReport,
    },
    /// Fields that no condition of the policy is about.
    ExtraFields(PolicyReport),
    /// The file has more bytes than the policy allows.
    FileTooLarge {
        /// The file's.
        bytes: u64,
        /// The policy's.
        bytes_max: u64,
    },
    /// The file has fewer bytes than the policy allows.
    FileTooSmall {
        /// The file's.
        bytes: u64,
        /// The policy's.
        bytes_min: u64,
    },
    /// A body in chunks is not framed as it should be.
    Framing(FramingFlaw),
    /// The chunks hold another number of bytes than was declared.
    DecodedLength {
        /// By `x-amz-decoded-content-length`.
        declared: u64,
        /// Seen, or announced, so far.
        found: u64,
    },
    /// A chunk that is not the last one is too small.
    ChunkTooSmall {
        /// The number of the chunk that came after it, from 1.
        chunk: u64,
        /// The size of the small one.
        bytes: u64,
    },
    /// What comes after the last chunk is not what was declared.
    Trailer(TrailerFlaw),
}

impl Refusal {
    /// Our canonical request, if the signature differs.
    pub fn canonical_request(&self) -> Option<&str> {
        self.difference()?.canonical_request.as_ref().map(SignedText::text)
    }

    /// Our string to sign, if the signature differs.
    pub fn string_to_sign(&self) -> Option<&str> {
        Some(self.difference()?.string_to_sign.text())
    }

    /// What the client did, if a usual mistake makes its signature come out.
    pub fn suspect(&self) -> Option<&Suspect> {
        match &self.difference()?.search {
            Search::Found(suspect) => Some(suspect),
            Search::Skipped | Search::Fruitless { .. } => None,
        }
    }

    fn difference(&self) -> Option<&Difference> {
        if let Self::SignatureDiffers(difference) = self { Some(difference) } else { None }
    }
}
