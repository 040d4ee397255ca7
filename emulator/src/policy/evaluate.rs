//! What a policy says to a question, and which statement says it.

use std::fmt;

use super::Context;
use super::Effect;
use super::Listed;
use super::Policy;
use super::Statement;
use super::condition::Judged;
use super::pattern::Case;

/// May somebody do something with something?
pub(crate) struct Question<'a> {
    /// Such as `s3:GetObject`.
    pub(crate) action: &'a str,
    /// An ARN.
    pub(crate) resource: &'a str,
    pub(crate) asker: Asker<'a>,
    pub(crate) context: &'a dyn Context,
}

/// Who wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker<'a> {
    Anonymous,
    User { account: &'a str, arn: &'a str, canonical_id: &'a str },
}

/// What a policy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ruling {
    Denied(Evidence),
    Allowed(Evidence, Reach),
    /// Nothing that fits; perhaps a statement that would allow it, were its conditions met.
    Silent(Option<Evidence>),
}

/// By which name a statement means the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// By its own, or as one of all.
    Named,
    /// Through its account, which still has to allow it to its users.
    Account,
}

/// The statement that decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// Counted from one.
    number: usize,
    sid: Option<String>,
    conditions: Vec<Judged>,
}

impl Evidence {
    /// The number of the statement, counted from one.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// The statement's `Sid`, unless it is empty.
    pub(crate) fn sid(&self) -> Option<&str> {
        self.sid.as_deref().filter(|sid| !sid.is_empty())
    }
}

impl Policy {
    /// What the policy says. A statement that denies beats any that allows.
    pub(crate) fn judge(&self, question: &Question<'_>) -> Ruling {
        let mut best = Ruling::Silent(None);
        for (index, statement) in self.statements.iter().enumerate() {
            let Some(reach) = statement.reach(question) else { continue };
            let conditions: Vec<_> = statement
                .conditions
                .iter()
                .map(|condition| condition.judge(question.context))
                .collect();
            let holds = conditions.iter().all(|judged| judged.holds);
            let evidence = Evidence { number: index + 1, sid: statement.sid.clone(), conditions };
            match (statement.effect, holds, &best) {
                (Effect::Deny, true, _) => return Ruling::Denied(evidence),
                (Effect::Allow, true, Ruling::Silent(_)) => {
                    best = Ruling::Allowed(evidence, reach);
                }
                (Effect::Allow, true, Ruling::Allowed(_, Reach::Account))
                    if reach == Reach::Named =>
                {
                    best = Ruling::Allowed(evidence, reach);
                }
                (Effect::Allow, false, Ruling::Silent(None)) => {
                    best = Ruling::Silent(Some(evidence));
                }
                _ => {}
            }
        }
        best
    }
}

impl Statement {
    /// Whether it is about the question, but for its conditions.
    fn reach(&self, question: &Question<'_>) -> Option<Reach> {
        let reach = match &self.principals {
            Some(principals) => principals.reach(&question.asker)?,
            None => Reach::Named,
        };
        let is_meant = self.actions.contains(question.action, Case::IsIgnored, question.context)
            && self.resources.contains(question.resource, Case::Counts, question.context);
        is_meant.then_some(reach)
    }
}

impl Listed {
    pub(super) fn contains(&self, text: &str, case: Case, context: &dyn Context) -> bool {
        match self {
            Self::Any(list) => list.iter().any(|item| item.pattern.matches(text, case, context)),
            Self::NoneOf(list) => {
                !list.iter().any(|item| item.pattern.matches(text, case, context))
            }
        }
    }
}

/// Such as "statement `DenyInsecure`, whose `Bool` of aws:SecureTransport holds: ...".
impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.sid() {
            Some(sid) => write!(f, "statement `{sid}`")?,
            None => write!(f, "statement {}", self.number)?,
        }
        // Of those that fail, the ones that hold are no explanation.
        let fails = self.conditions.iter().any(|judged| !judged.holds);
        let told: Vec<String> = self
            .conditions
            .iter()
            .filter(|judged| judged.holds != fails)
            .map(ToString::to_string)
            .collect();
        if !told.is_empty() {
            write!(f, " ({})", told.join("; "))?;
        }
        Ok(())
    }
}
