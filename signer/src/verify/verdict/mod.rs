//! `Verdict` and `KeyHolder`: what comes out of a verification.

mod evidence;
mod explain;
mod explain_signature;
mod explanation;
mod hints;
mod refusal;
mod table;

use crate::payload::Payload;

use super::chunks::ChunkSeed;
use super::post_policy::SizeLimits;
use super::rules::Relaxation;

pub use self::evidence::AuthorizationFlaw;
pub use self::evidence::AuthorizationPart;
pub use self::evidence::ConditionOutcome;
pub use self::evidence::CredentialFlaw;
pub use self::evidence::Difference;
pub use self::evidence::FramingFlaw;
pub use self::evidence::JudgedCondition;
pub use self::evidence::KeyFlaw;
pub use self::evidence::LifetimeFlaw;
pub use self::evidence::Operator;
pub use self::evidence::PolicyFlaw;
pub use self::evidence::PolicyReport;
pub use self::evidence::SessionToken;
pub use self::evidence::Signed;
pub use self::evidence::SignedText;
pub use self::evidence::TokenFlaw;
pub use self::evidence::TrailerFlaw;
pub use self::explanation::Certainty;
pub use self::explanation::Explanation;
pub use self::refusal::Refusal;

/// The conclusion about one request's signature.
#[must_use = "a verdict that nobody reads lets every request in"]
#[derive(Debug)]
pub enum Verdict {
    /// The request claims no identity.
    Anonymous,
    /// The signature is the one that the named key makes for this request.
    Accepted(KeyHolder),
    /// The request claims an identity and does not prove it.
    Refused(Box<Refusal>),
}

/// The conclusion about one form.
#[must_use = "a verdict that nobody reads lets every form in"]
#[derive(Debug)]
pub enum FormVerdict {
    /// The form claims no identity.
    Anonymous,
    /// The policy is signed by the named key and allows the form, if the file has a right size.
    Accepted(KeyHolder, SizeLimits),
    /// The form claims an identity and does not prove it, or its policy does not allow it.
    Refused(Box<Refusal>),
}

/// How a request proved who it is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthType {
    /// By `Authorization`.
    Header,
    /// By the query: a presigned URL.
    Query,
    /// By the signed policy of a form.
    Form,
}

/// A caller who proved to hold a key. Only verification makes one.
#[derive(Debug)]
pub struct KeyHolder {
    pub(super) access_key_id: String,
    pub(super) auth_type: AuthType,
    pub(super) payload: Payload,
    pub(super) chunk_seed: Option<ChunkSeed>,
    pub(super) waived: Vec<(Relaxation, Refusal)>,
}

impl KeyHolder {
    /// The id of the key.
    pub fn access_key_id(&self) -> &str {
        &self.access_key_id
    }

    /// Where the proof stood.
    pub fn auth_type(&self) -> AuthType {
        self.auth_type
    }

    /// What was promised about the body. Forms: `Unsigned`.
    pub fn payload(&self) -> Payload {
        self.payload
    }

    /// With what the first signed chunk is chained; `Some` iff `payload().has_signed_chunks()`.
    pub fn chunk_seed(&self) -> Option<ChunkSeed> {
        self.chunk_seed.clone()
    }

    /// The checks that would have refused this, were they not relaxed.
    pub fn waived(&self) -> &[(Relaxation, Refusal)] {
        &self.waived
    }
}
