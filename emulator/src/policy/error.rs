//! Why a document is not a policy, in S3's words and for a person.

use std::fmt;

/// What is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PolicyError {
    /// It is not JSON, for this reason.
    NotJson(String),
    Missing(&'static str),
    UnknownField(String),
    /// What stands where something else should.
    Syntax(String),
    Version(String),
    NoStatements,
    Effect(String),
    Principal(String),
    Action(String),
    Resource(String),
    /// An action that no resource of its statement can be meant by.
    ActionWithoutResource(String),
    Operator(String),
    ConditionKey(String),
    /// A key that no action of its statement has.
    ConditionWithoutAction(String),
    IpAddress(String),
    /// Bytes of the document as it would be kept.
    TooLong(usize),
}

/// S3 keeps no longer policies.
pub(super) const BYTES_MAX: usize = 20_480;

impl PolicyError {
    /// The message of S3's `MalformedPolicy`.
    ///
    /// Recorded by LocalStack (`test_s3_bucket_policy`) and in issues of silverstripe-s3, noobaa
    /// and others. The texts on versions, effects, operators, addresses, empty statements and
    /// conditions that do not apply are those that versitygw gives.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::NotJson(_) => {
                "Policies must be valid JSON and the first byte must be '{'".to_owned()
            }
            Self::Missing(field) => format!("Missing required field {field}"),
            Self::UnknownField(name) => format!("Unknown field {name}"),
            Self::Syntax(_) => "Invalid policy syntax.".to_owned(),
            Self::Version(_) => "The policy must contain a valid version string".to_owned(),
            Self::NoStatements => "Could not parse the policy: Statement is empty!".to_owned(),
            Self::Effect(effect) => format!("Invalid effect: {effect}"),
            Self::Principal(_) => "Invalid principal in policy".to_owned(),
            Self::Action(_) => "Policy has invalid action".to_owned(),
            Self::Resource(_) => "Policy has invalid resource".to_owned(),
            Self::ActionWithoutResource(_) => {
                "Action does not apply to any resource(s) in statement".to_owned()
            }
            Self::Operator(name) => format!("Invalid Condition type : {name}"),
            Self::ConditionKey(_) => "Policy has an invalid condition key".to_owned(),
            Self::ConditionWithoutAction(_) => {
                "Conditions do not apply to combination of actions and resources in statement"
                    .to_owned()
            }
            Self::IpAddress(_) => "Invalid IP address in Conditions".to_owned(),
            Self::TooLong(_) => format!(
                "Normalized policy document exceeds the maximum allowed size of {BYTES_MAX} bytes"
            ),
        }
    }
}

/// For a person.
impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson(why) => write!(f, "the policy is not JSON: {why}"),
            Self::Missing(field) => write!(f, "a `{field}` is missing"),
            Self::UnknownField(name) => write!(f, "a policy has no field `{name}`"),
            Self::Syntax(what) => write!(f, "{what}"),
            Self::Version(version) => {
                write!(f, "the version is 2012-10-17 or 2008-10-17, and not `{version}`")
            }
            Self::NoStatements => write!(f, "there is no statement"),
            Self::Effect(effect) => write!(f, "an effect is Allow or Deny, and not `{effect}`"),
            Self::Principal(name) => write!(
                f,
                "there is no principal `{name}` here; a principal is `*`, twelve digits, \
                 arn:aws:iam::ACCOUNT:root or the ARN of a user of this emulator"
            ),
            Self::Action(name) => write!(f, "S3 has no action `{name}`"),
            Self::Resource(name) => write!(
                f,
                "`{name}` is neither the bucket, arn:aws:s3:::BUCKET, nor something in it, \
                 arn:aws:s3:::BUCKET/KEY"
            ),
            Self::ActionWithoutResource(action) => write!(
                f,
                "no resource of the statement is one that `{action}` is about; actions on objects \
                 want arn:aws:s3:::BUCKET/*, actions on the bucket arn:aws:s3:::BUCKET"
            ),
            Self::Operator(name) => write!(f, "there is no condition operator `{name}`"),
            Self::ConditionKey(name) => write!(f, "there is no condition key `{name}`"),
            Self::ConditionWithoutAction(key) => {
                write!(f, "no action of the statement has the condition key `{key}`")
            }
            Self::IpAddress(text) => {
                write!(f, "`{text}` is neither an IP address nor a range such as 10.0.0.0/8")
            }
            Self::TooLong(bytes) => {
                write!(f, "the policy has {bytes} bytes without white space, and {BYTES_MAX} fit")
            }
        }
    }
}
