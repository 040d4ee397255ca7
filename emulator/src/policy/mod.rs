//! Policies of buckets and users: read, judged and written. Pure: no request, no store, no clock.

mod actions;
mod check;
mod condition;
mod error;
mod evaluate;
mod json;
mod keys;
mod network;
mod operator;
mod parse;
mod pattern;
mod principal;
mod public;
#[cfg(test)]
mod tests;
mod when;
mod write;

pub(crate) use self::error::PolicyError;
pub(crate) use self::evaluate::Asker;
pub(crate) use self::evaluate::Evidence;
pub(crate) use self::evaluate::Question;
pub(crate) use self::evaluate::Reach;
pub(crate) use self::evaluate::Ruling;
pub(crate) use self::keys::brings_object_tags;
pub(crate) use self::principal::PrincipalName;

use self::condition::Condition;
use self::pattern::Pattern;
use self::principal::Principals;

/// What a condition or a variable can look at.
pub(crate) trait Context {
    /// The values of a key. The key is in lower case, but for what follows a slash, such as the
    /// name of a tag. `None` where the request has no such thing.
    fn values(&self, key: &str) -> Option<Vec<String>>;
}

impl<F: Fn(&str) -> Option<Vec<String>>> Context for F {
    fn values(&self, key: &str) -> Option<Vec<String>> {
        self(key)
    }
}

/// A key as a [`Context`] is asked for it.
pub(super) fn context_key(name: &str) -> String {
    match name.split_once('/') {
        Some((key, rest)) => format!("{}/{rest}", key.to_ascii_lowercase()),
        None => name.to_ascii_lowercase(),
    }
}

/// An action of S3 by its name without `s3:`, which is compared without case.
pub(crate) fn action_named(name: &str) -> Option<&'static str> {
    let fits = |known: &str| known["s3:".len()..].eq_ignore_ascii_case(name);
    actions::that_fit(fits).next().map(|(name, _)| name)
}

/// A policy that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Policy {
    statements: Vec<Statement>,
}

/// One of its statements.
#[derive(Clone, Debug, PartialEq)]
struct Statement {
    sid: Option<String>,
    effect: Effect,
    /// Policies of users have none: they are for their user.
    principals: Option<Principals>,
    actions: Listed,
    resources: Listed,
    conditions: Vec<Condition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    Allow,
    Deny,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, Debug, PartialEq)]
enum Listed {
    Any(Vec<Text>),
    NoneOf(Vec<Text>),
}

/// A pattern, and how it was written.
#[derive(Clone, Debug, PartialEq)]
struct Text {
    written: String,
    pattern: Pattern,
}

impl Policy {
    /// Reads the policy that somebody wants to give to a bucket. Returns it with its text as S3
    /// shows it. `knows` tells whether a principal exists.
    pub(crate) fn of_bucket(
        document: &[u8],
        bucket: &str,
        knows: &dyn Fn(&PrincipalName) -> bool,
    ) -> Result<(Self, String), PolicyError> {
        let json = parse::json(document)?;
        // The size comes first: what follows takes longer than the document is long.
        let text = write::normalised(&json)?;
        let policy = parse::policy(&json, parse::Kind::Bucket)?;
        check::bucket(&policy, bucket, knows)?;
        Ok((policy, text))
    }

    /// Reads a policy that was checked when it was given to its bucket.
    pub(crate) fn of_bucket_as_kept(document: &str) -> Result<Self, PolicyError> {
        parse::policy(&parse::json(document.as_bytes())?, parse::Kind::Bucket)
    }

    /// Reads the policy of a user.
    pub(crate) fn of_user(document: &str) -> Result<Self, PolicyError> {
        parse::policy(&parse::json(document.trim().as_bytes())?, parse::Kind::User)
    }
}
