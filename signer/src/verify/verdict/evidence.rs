//! The evidence that refusals carry.

use std::borrow::Cow;
use std::fmt;

use crate::credentials::first_letters;
use crate::verify::post_policy::ConditionTest;
use crate::verify::suspects::Search;

/// One of the three components of `Authorization`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorizationPart {
    /// `Credential=`
    Credential,
    /// `SignedHeaders=`
    SignedHeaders,
    /// `Signature=`
    Signature,
}

impl AuthorizationPart {
    pub(in super::super) const ALL: [Self; 3] =
        [Self::Credential, Self::SignedHeaders, Self::Signature];

    /// As it is spelled.
    pub fn name(self) -> &'static str {
        match self {
            Self::Credential => "Credential",
            Self::SignedHeaders => "SignedHeaders",
            Self::Signature => "Signature",
        }
    }
}

/// What is wrong with the components of `Authorization`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorizationFlaw {
    /// One is missing, or empty.
    Missing(AuthorizationPart),
    /// Two or more are missing, or there is an unknown or a repeated one.
    NotThreeParts,
    /// One is not `name=value`.
    Component {
        /// As sent.
        found: String,
    },
}

/// What is wrong with a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialFlaw {
    /// Not `AKID/YYYYMMDD/REGION/SERVICE/aws4_request`.
    NotFiveParts,
    /// The access key is empty.
    NoAccessKey,
    /// The last part is not `aws4_request`.
    Terminal {
        /// As sent.
        found: String,
    },
    /// The service is not `s3`.
    Service {
        /// As sent.
        found: String,
    },
    /// The day is not eight digits.
    DateFormat {
        /// As sent.
        found: String,
    },
    /// The day is not the day of the request.
    OtherDate {
        /// In the scope.
        found: String,
        /// The day of the request.
        expected: String,
    },
    /// The region is not the bucket's.
    Region {
        /// In the scope.
        found: String,
        /// The verifier's.
        expected: String,
    },
}

/// What is wrong with `X-Amz-Expires`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LifetimeFlaw {
    /// It has something else than digits.
    NotANumber,
    /// It is below 0.
    Negative,
    /// It is more than a week.
    TooLong,
}

/// Why a session token is not the key's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFlaw {
    /// The key has another.
    Other,
    /// It is the start of the key's.
    Cut,
    /// It is the key's, with white space about it.
    Space,
    /// It is the key's, with spaces for its pluses.
    PlusAsSpace,
    /// The key has none.
    StaticKey,
}

/// What is the matter with an access key id that nobody has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFlaw {
    /// Nothing that is known.
    Unknown,
    /// It is what programs write for a value that is not there.
    Unset,
    /// It is this one, with white space about it.
    Space {
        /// The access key id.
        known: String,
    },
    /// It is this one, in other letters.
    Case {
        /// The access key id.
        known: String,
    },
    /// It is this one, with one letter more, less or another.
    Misspelt {
        /// The access key id.
        known: String,
    },
    /// It is the secret of this one.
    Secret {
        /// The access key id.
        of: String,
    },
}

/// A token as it was sent. `Debug` shows its first letters.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    pub(in super::super) fn new(token: &[u8]) -> Self {
        Self(String::from_utf8_lossy(token).into_owned())
    }

    /// The whole token. Each call is a place where it could leak.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&first_letters(&self.0), f)
    }
}

/// Both sides of a comparison that failed, as text that can be laid next to the client's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whose key was claimed.
    pub access_key_id: String,
    /// What the signature is of.
    pub signed: Signed,
    /// The string to sign that we computed; of a form, its policy as received.
    pub string_to_sign: SignedText,
    /// The signature that came.
    pub provided: String,
    /// The canonical request that we computed; of a chunk, that of its request. Version 2 and
    /// forms have none.
    pub canonical_request: Option<SignedText>,
    /// What came of looking for the usual mistakes.
    pub search: Search,
}

/// What a signature is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// A request, by header or by query.
    Request,
    /// The policy of a form.
    Policy,
    /// A chunk of a body, counted from 1.
    Chunk(u64),
    /// The trailer of a body.
    Trailer,
}

/// A text whose bytes were signed.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedText {
    text: String,
    /// Only if the text is not what was signed, because that is no UTF-8.
    bytes: Option<Vec<u8>>,
}

impl SignedText {
    pub(in super::super) fn new(bytes: &[u8]) -> Self {
        match String::from_utf8_lossy(bytes) {
            Cow::Borrowed(text) => Self { text: text.to_owned(), bytes: None },
            Cow::Owned(text) => Self { text, bytes: Some(bytes.to_vec()) },
        }
    }

    /// The text; bytes that are no UTF-8 are replaced.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The bytes that are signed.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or(self.text.as_bytes())
    }
}

impl fmt::Debug for SignedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

/// What is wrong with a policy document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyFlaw {
    /// The field is not base64.
    NotBase64,
    /// There is no text.
    Empty,
    /// The text is no JSON, or not of the kinds of JSON that a policy has.
    NotJson {
        /// What is wrong, for a person.
        problem: String,
    },
    /// A word stands without quotes.
    BareWord,
    /// `expiration` is no time in UTC.
    Expiration {
        /// As sent.
        found: String,
    },
    /// A member that a policy does not have.
    UnexpectedMember {
        /// As sent.
        name: String,
    },
    /// There is no `expiration`.
    NoExpiration,
    /// There is no `conditions`, or it is empty.
    NoConditions,
    /// `conditions` is no list.
    ConditionsNotList,
    /// A condition is neither a list nor an object.
    ConditionKind,
    /// A condition in braces has not exactly one member.
    SimpleConditionMembers {
        /// How many it has.
        count: usize,
    },
    /// A condition in braces has a value that is no text.
    SimpleConditionValue,
    /// A condition does not start with an operator.
    NoOperator,
    /// A condition starts with an unknown operator.
    UnknownOperator {
        /// As sent.
        found: String,
    },
    /// A condition has not exactly two arguments.
    ArgumentCount {
        /// Of which operator.
        operator: Operator,
        /// How many it has.
        count: usize,
    },
    /// A range that no size lies in.
    EmptyRange {
        /// As sent.
        min: String,
        /// As sent.
        max: String,
    },
}

/// What a condition in brackets starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The field has exactly this value.
    Eq,
    /// The field's value starts so.
    StartsWith,
    /// The file has so many bytes.
    ContentLengthRange,
}

/// Every condition of a policy with its verdict, and the fields that none is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyReport {
    /// In the order of the document.
    pub conditions: Vec<JudgedCondition>,
    /// In the order of the form, `bucket` last.
    pub uncovered: Vec<String>,
}

impl PolicyReport {
    /// The first condition that is not met.
    pub fn failed(&self) -> Option<&JudgedCondition> {
        self.conditions.iter().find(|judged| !judged.outcome.is_fine())
    }
}

/// A condition with its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedCondition {
    /// The condition as S3 prints it, but for the letters of a session token.
    pub condition: String,
    /// What it asks for.
    pub test: ConditionTest,
    /// The verdict.
    pub outcome: ConditionOutcome,
}

/// What came of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionOutcome {
    /// It is met.
    Met,
    /// It is about the file's size, which is judged after the file.
    AfterTheFile,
    /// The form does not have the field.
    FieldAbsent,
    /// The form has the field with another value.
    FieldDiffers {
        /// The form's value.
        found: String,
    },
    /// The name of the field does not start with `$`.
    NoDollar,
    /// A bound of the range is no number.
    NotANumber,
}

impl ConditionOutcome {
    /// Whether it speaks against the form.
    pub fn is_fine(&self) -> bool {
        matches!(self, Self::Met | Self::AfterTheFile)
    }
}

/// What is wrong with the framing of a body in chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FramingFlaw {
    /// A chunk does not start with its size in hex.
    ChunkSize {
        /// The line, or its start.
        found: String,
    },
    /// A chunk has no signature, or an unsigned one has something else behind its size.
    ChunkSignature {
        /// The line, or its start.
        found: String,
    },
    /// A line does not end where it must.
    LineEnd,
    /// A line of a trailer has no colon, or is none.
    TrailerLine {
        /// The line, or its start.
        found: String,
    },
    /// Something comes after the end, or a trailer where none may be.
    AfterTheEnd,
    /// The body ended before its end.
    EndedEarly {
        /// How many bytes of the object came.
        decoded_bytes: u64,
    },
}

/// What is wrong with a trailer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrailerFlaw {
    /// A declared one did not come.
    Absent {
        /// Its name.
        declared: String,
    },
    /// One came that was not declared.
    NotDeclared {
        /// Its name.
        found: String,
    },
    /// One has no name.
    NoName,
    /// Trailers came without `x-amz-trailer-signature`.
    NotSigned,
}
