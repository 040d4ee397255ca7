//! Judges what an input holds, with every check relaxed, so that each says what it would refuse.

mod form;
mod repair;
mod request;
mod verified;

use serde::Serialize;
use serde::Serializer;
use stuntbucket::Explanation;
use stuntbucket::Timestamp;
use stuntbucket::offline::Asked;
use stuntbucket::offline::Refused;
use stuntbucket_signer::S3Error;
use stuntbucket_signer::verify::Refusal;

use super::super::REGION;
use super::keys::KnownKeys;
use super::risk::Risk;
use super::sent::Content;
use super::sent::Subject;

/// By what an input is judged.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) now: Timestamp,
    /// For hosts that name none.
    pub(super) region: Option<String>,
    /// The base domains besides those of Amazon S3, in lower case.
    pub(super) bases: Vec<String>,
    pub(super) keys: KnownKeys,
}

impl Setting {
    /// The region of an emulator that would be asked.
    fn own_region(&self) -> &str {
        self.region.as_deref().unwrap_or(REGION)
    }
}

/// What S3 would say of one subject. These names are those of the JSON, too.
#[derive(Debug, Serialize)]
pub(super) struct Explained {
    /// Where in the input it stood.
    pub(super) place: Option<String>,
    pub(super) kind: SubjectKind,
    pub(super) accepted: bool,
    pub(super) method: Option<String>,
    /// Without its query.
    pub(super) url: String,
    pub(super) operation: Option<&'static str>,
    pub(super) bucket: Option<String>,
    pub(super) key: Option<String>,
    /// The region that it was judged for.
    pub(super) region: String,
    pub(super) region_from: RegionFrom,
    pub(super) access_key: Option<String>,
    pub(super) signature: Signature,
    pub(super) refusals: Vec<Answer>,
    pub(super) times: Times,
    /// What whoever has it may do, in sentences.
    pub(super) allows: Vec<String>,
    /// Of a form: each condition of its policy.
    pub(super) conditions: Vec<Condition>,
    pub(super) risks: Vec<Risk>,
}

/// What a subject turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum SubjectKind {
    PresignedUrl,
    SignedRequest,
    UnsignedRequest,
    SignedForm,
    UnsignedForm,
}

/// Who says which region it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum RegionFrom {
    Host,
    /// A flag or a variable.
    Setting,
    /// Nobody, so that it is the one in which an emulator makes its buckets.
    Default,
    /// Nobody who knows, so that what the signature says was taken for true.
    Signature,
}

/// The region to judge for, with what a credential claims.
fn region(asked: &Asked, claimed: Option<&str>, setting: &Setting) -> (String, RegionFrom) {
    if let Some(region) = &asked.region {
        return (region.clone(), RegionFrom::Host);
    }
    if let Some(region) = &setting.region {
        return (region.clone(), RegionFrom::Setting);
    }
    match claimed {
        // Buckets of every region are found there, and only S3 knows of which.
        Some(claimed) if asked.is_global || !asked.is_known_host => {
            (claimed.to_owned(), RegionFrom::Signature)
        }
        _ => (REGION.to_owned(), RegionFrom::Default),
    }
}

/// The region in a credential.
fn region_of(credential: &str) -> Option<&str> {
    credential.split('/').nth(2).filter(|region| !region.is_empty())
}

/// What is known of the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Signature {
    Right,
    Wrong,
    /// There is none.
    None,
    NotJudged(Unjudged),
}

/// Why a signature could not be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unjudged {
    /// Nobody gave the secret of this key.
    UnknownKey(String),
    /// The values of these signed headers are not known.
    HeadersUnknown(Vec<String>),
    /// It cannot be told what was signed.
    Unreadable,
}

impl Signature {
    /// One word.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Wrong => "wrong",
            Self::None => "none",
            Self::NotJudged(_) => "not-judged",
        }
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

/// An answer of S3, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) message: String,
    /// `why` as text.
    pub(super) explanation: String,
    pub(super) why: Explanation,
}

impl Answer {
    fn new(error: S3Error, why: Explanation) -> Self {
        Self {
            status: error.status,
            code: error.code.to_owned(),
            message: error.message.into_owned(),
            explanation: why.to_string(),
            why,
        }
    }
}

impl From<&Refusal> for Answer {
    /// To the letter, but for the letters of a session token.
    fn from(refusal: &Refusal) -> Self {
        let error = match refusal {
            Refusal::PolicyCondition { report, failed } => {
                let failed = report.failed().map_or(failed, |judged| &judged.condition).clone();
                Refusal::PolicyCondition { failed, report: report.clone() }.s3_error()
            }
            _ => refusal.s3_error(),
        };
        Self::new(error, refusal.explanation().into())
    }
}

impl From<Refused> for Answer {
    fn from(refused: Refused) -> Self {
        let why = match refused.note {
            Some(note) => *note,
            None => Explanation::of(refused.error.message.as_ref()),
        };
        Self::new(refused.error, why)
    }
}

/// When it is good.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Times {
    pub(super) signed: Option<Timestamp>,
    /// The last second of a URL, or of the clock that a signed request may be off by.
    pub(super) expires: Option<Timestamp>,
    /// The end of a form's policy.
    pub(super) policy_expires: Option<Timestamp>,
    /// The end of the session that the key belongs to.
    pub(super) session_expires: Option<Timestamp>,
    pub(super) lifetime_seconds: Option<i64>,
    /// Until the first of these ends, counted from the time of judgement; negative if it is over.
    pub(super) seconds_left: Option<i64>,
}

impl Times {
    /// The first of the ends.
    pub(super) fn end(&self) -> Option<Timestamp> {
        let ends = [self.expires, self.policy_expires, self.session_expires];
        ends.into_iter().flatten().min()
    }

    fn seen_from(mut self, now: Timestamp) -> Self {
        self.seconds_left = self.end().map(|end| end.seconds_since(now));
        self
    }
}

impl Serialize for Times {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written {
            signed: Option<String>,
            expires: Option<String>,
            policy_expires: Option<String>,
            session_expires: Option<String>,
            lifetime_seconds: Option<i64>,
            seconds_left: Option<i64>,
        }
        let iso = |at: Option<Timestamp>| at.map(Timestamp::iso);
        Written {
            signed: iso(self.signed),
            expires: iso(self.expires),
            policy_expires: iso(self.policy_expires),
            session_expires: iso(self.session_expires),
            lifetime_seconds: self.lifetime_seconds,
            seconds_left: self.seconds_left,
        }
        .serialize(to)
    }
}

/// A condition of a policy, as a sentence, and whether the form meets it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Condition {
    /// As S3 prints it.
    #[serde(rename = "condition")]
    pub(super) printed: String,
    pub(super) meaning: String,
    pub(super) met: bool,
    /// What is wrong, if it is not met.
    pub(super) problem: Option<String>,
    /// The field that would meet it.
    pub(super) remedy: Option<String>,
}

/// Judges one subject.
pub(super) fn judge(subject: &Subject, setting: &Setting) -> Explained {
    let mut explained = match &subject.content {
        Content::Request(sent) => request::judge(sent, setting),
        Content::Form(form) => form::judge(form, setting),
    };
    explained.place.clone_from(&subject.place);
    explained.accepted = explained.refusals.is_empty();
    explained
}

/// What S3 answers to those who prove nothing, unless the bucket lets everybody.
fn anonymous(what: &str) -> Answer {
    let error = S3Error { code: "AccessDenied", status: 403, message: "Access Denied".into() };
    let why = Explanation::of(format!(
        "The {what} carries no signature, and a bucket refuses everybody who is not known unless \
         its policy or its ACLs let them."
    ));
    Answer::new(error, why.advising("Sign it, or open the bucket on purpose."))
}
