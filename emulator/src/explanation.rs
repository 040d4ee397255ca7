//! `Explanation`: why a request was refused, in parts that a program can read and a page can show.

use std::fmt;

use serde::Serialize;
use serde::Serializer;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::ConditionOutcome;
use stuntbucket_signer::verify::ConditionTest;
use stuntbucket_signer::verify::Side;

/// Why a request was refused. `Display` writes all of it as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// What happened: a sentence, in rare cases two.
    pub what: String,
    /// What to change, where that does not go without saying.
    pub advice: Option<String>,
    /// How sure it is.
    #[serde(serialize_with = "certainty")]
    pub certainty: verify::Certainty,
    /// Of a wrong signature, if it is known what the client signed: that beside what was computed
    /// here.
    #[serde(serialize_with = "diff")]
    pub diff: Option<verify::Diff>,
    /// Of a form: each condition of its policy with its verdict.
    #[serde(serialize_with = "conditions")]
    pub conditions: Vec<verify::JudgedCondition>,
    /// Of a denial: what decided.
    pub decision: Option<Decision>,
}

/// What kept a caller out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Decision {
    /// The action that was asked for, such as `s3:GetObject`.
    pub action: String,
    /// What it was asked for, as an ARN.
    pub resource: String,
    /// Who asked: a user's name, or `anonymous`.
    pub caller: String,
    /// What it comes from.
    pub by: DecidedBy,
    /// The statement of a policy, counted from 1, that denies it, or nearly allows it.
    pub statement: Option<usize>,
    /// The statement's `Sid`.
    pub sid: Option<String>,
    /// The statement, grant or setting in words.
    pub because: String,
}

/// What a denial comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DecidedBy {
    /// A statement of the bucket's policy denies it.
    BucketPolicy,
    /// A statement of the caller's own policy denies it.
    IdentityPolicy,
    /// The caller's own policy does not allow it.
    NoIdentityPolicy,
    /// No ACL grants it, and no policy allows it.
    Acl,
    /// The object ownership of the bucket disables ACLs, and no policy allows it.
    ObjectOwnership,
    /// Block Public Access takes it back.
    BlockPublicAccess,
    /// Only the owner may do it, whatever ACLs grant.
    Owner,
}

/// The rule that comes nearest to what a script asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NearestRule {
    /// Counted from 1.
    pub number: usize,
    /// Its `ID`.
    pub id: Option<String>,
    /// In what it differs, at least one thing.
    pub misses: Vec<Miss>,
}

/// In what a rule differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Miss {
    /// The element of the rule: `AllowedOrigin`, `AllowedMethod` or `AllowedHeader`.
    pub element: &'static str,
    /// What was asked for.
    pub asked: String,
    /// What the rule has.
    pub allowed: Vec<String>,
    /// The one thing in which an origin differs from one of these.
    pub hint: Option<String>,
}

impl Explanation {
    /// Says what happened.
    pub fn of(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            advice: None,
            certainty: verify::Certainty::Certain,
            diff: None,
            conditions: Vec::new(),
            decision: None,
        }
    }

    /// Says what to change as well.
    #[must_use]
    pub fn advising(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

impl From<&str> for Explanation {
    fn from(what: &str) -> Self {
        Self::of(what)
    }
}

impl From<String> for Explanation {
    fn from(what: String) -> Self {
        Self::of(what)
    }
}

impl From<verify::Explanation> for Explanation {
    fn from(of_signer: verify::Explanation) -> Self {
        let verify::Explanation { what, advice, certainty, conditions, diff } = of_signer;
        Self { certainty, diff, conditions, ..Self::of(what).advising(advice) }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(advice) = &self.advice {
            // What is no sentence yet becomes one.
            let end = if self.what.ends_with(['.', ')']) { "" } else { "." };
            write!(f, "{end} {advice}")?;
        }
        if !self.conditions.is_empty() {
            f.write_str(" The conditions:")?;
        }
        for condition in &self.conditions {
            write!(f, "\n  {condition}")?;
        }
        match &self.diff {
            Some(diff) => write!(f, "\n{diff}"),
            None => Ok(()),
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for this signature.
fn certainty<S: Serializer>(certainty: &verify::Certainty, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(match certainty {
        verify::Certainty::Certain => "certain",
        verify::Certainty::OneOfSeveral => "one-of-several",
        verify::Certainty::Probable => "probable",
    })
}

#[allow(clippy::ref_option)] // serde asks for this signature.
fn diff<S: Serializer>(diff: &Option<verify::Diff>, to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Written<'a> {
        of: &'static str,
        lines: Vec<Line<'a>>,
    }
    #[derive(Serialize)]
    struct Line<'a> {
        side: &'static str,
        text: &'a str,
        is_first_difference: bool,
    }
    fn line(line: &verify::DiffLine) -> Line<'_> {
        Line {
            side: match line.side {
                Side::Both => "both",
                Side::Client => "client",
                Side::Verifier => "verifier",
            },
            text: &line.text,
            is_first_difference: line.is_first_difference,
        }
    }
    diff.as_ref()
        .map(|diff| Written { of: diff.of.name(), lines: diff.lines.iter().map(line).collect() })
        .serialize(to)
}

/// Each with its verdict and with what would meet it.
fn conditions<S: Serializer>(
    conditions: &[verify::JudgedCondition],
    to: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Written<'a> {
        condition: &'a str,
        met: bool,
        verdict: &'static str,
        problem: Option<String>,
        field: Option<&'a str>,
        value: Option<&'a str>,
        prefix: Option<&'a str>,
        remedy: Option<String>,
    }
    to.collect_seq(conditions.iter().map(|judged| {
        let (field, value, prefix) = match &judged.test {
            ConditionTest::Equals { field, value } => {
                (Some(field.as_str()), Some(value.as_str()), None)
            }
            ConditionTest::StartsWith { field, prefix } => {
                (Some(field.as_str()), None, Some(prefix.as_str()))
            }
            ConditionTest::SizeWithin { .. } | ConditionTest::Impossible => (None, None, None),
        };
        Written {
            condition: &judged.condition,
            met: judged.outcome.is_fine(),
            verdict: verdict(&judged.outcome),
            problem: judged.problem(),
            field,
            value,
            prefix,
            remedy: judged.remedy(),
        }
    }))
}

fn verdict(outcome: &ConditionOutcome) -> &'static str {
    match outcome {
        ConditionOutcome::Met => "met",
        ConditionOutcome::AfterTheFile => "after-the-file",
        ConditionOutcome::FieldAbsent => "field-absent",
        ConditionOutcome::FieldDiffers { .. } => "field-differs",
        ConditionOutcome::NoDollar => "no-dollar",
        ConditionOutcome::NotANumber => "not-a-number",
    }
}
