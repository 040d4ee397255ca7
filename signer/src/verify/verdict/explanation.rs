//! `Explanation`: a refusal for a person, in parts that a program can show as it likes.

use std::fmt;

use super::super::post_policy::ConditionTest;
use super::super::suspects::Diff;
use super::evidence::ConditionOutcome;
use super::evidence::JudgedCondition;

/// A refusal for a person, in parts. `Display` writes all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What happened: a sentence, in rare cases two.
    pub what: String,
    /// What to change: a sentence or more.
    pub advice: String,
    /// How sure that is.
    pub certainty: Certainty,
    /// Every condition of a form's policy with its verdict.
    pub conditions: Vec<JudgedCondition>,
    /// Where the text that the client signed is known: it beside the verifier's.
    pub diff: Option<Diff>,
}

/// How sure it is that the cause that is told is the one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// Nothing else explains it.
    Certain,
    /// Several mistakes make the client's signature; one of them was made.
    OneOfSeveral,
    /// The cause is not known; what is told is what is likely.
    Probable,
}

impl Explanation {
    pub(super) fn new(what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            advice: advice.into(),
            certainty: Certainty::Certain,
            conditions: Vec::new(),
            diff: None,
        }
    }
}

/// What happened and what to change, as one text.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.what, self.advice)?;
        if !self.conditions.is_empty() {
            write!(f, " The conditions:")?;
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

impl JudgedCondition {
    /// What is wrong, if it speaks against the form.
    pub fn problem(&self) -> Option<String> {
        Some(match &self.outcome {
            ConditionOutcome::Met | ConditionOutcome::AfterTheFile => return None,
            ConditionOutcome::FieldAbsent => {
                "the form has no such field before its file".to_owned()
            }
            ConditionOutcome::FieldDiffers { found } => format!("it is `{found}`"),
            ConditionOutcome::NoDollar => "the name of the field must start with `$`".to_owned(),
            ConditionOutcome::NotANumber => "a bound is no number".to_owned(),
        })
    }

    /// The field that would meet it, if it speaks against the form and any field would.
    pub fn remedy(&self) -> Option<String> {
        if self.outcome.is_fine() {
            return None;
        }
        match &self.test {
            ConditionTest::Equals { field, .. } if field == "bucket" => None,
            ConditionTest::Equals { field, value } => {
                Some(format!("the field `{field}` with the value `{value}`"))
            }
            ConditionTest::StartsWith { field, prefix } if prefix.is_empty() => {
                Some(format!("the field `{field}` with any value"))
            }
            ConditionTest::StartsWith { field, prefix } => {
                Some(format!("the field `{field}` with a value that starts with `{prefix}`"))
            }
            ConditionTest::SizeWithin { .. } | ConditionTest::Impossible => None,
        }
    }
}

impl fmt::Display for JudgedCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let condition = &self.condition;
        match (self.problem(), &self.outcome) {
            (Some(problem), _) => write!(f, "{condition}: FAILED, {problem}")?,
            (None, ConditionOutcome::AfterTheFile) => {
                write!(f, "{condition}: judged after the file")?;
            }
            (None, _) => write!(f, "{condition}: met")?,
        }
        match self.remedy() {
            Some(remedy) => write!(f, "; {remedy} would meet it"),
            None => Ok(()),
        }
    }
}
