//! `Condition`: one operator, one key, and the values to hold the request's against.

use std::fmt;
use std::net::IpAddr;

use super::Context;
use super::PolicyError;
use super::context_key;
use super::network::Network;
use super::operator::Missing;
use super::operator::Operator;
use super::operator::Set;
use super::operator::Sign;
use super::operator::Test;
use super::pattern::Case;
use super::pattern::Pattern;
use super::pattern::Variables;
use super::pattern::Wildcards;
use super::when;

/// A condition of a statement, which holds or not for each request.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    /// The operator's name as written.
    name: String,
    pub(super) operator: Operator,
    /// The key as written.
    written_key: String,
    /// The key as contexts know it.
    pub(super) key: String,
    pub(super) wanted: Vec<Wanted>,
}

/// A value that a policy gives.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wanted {
    Text(Pattern),
    Number(f64),
    /// Seconds since 1970.
    Date(i64),
    Bool(bool),
    Binary(String),
    Network(Network),
    /// The six parts of an ARN.
    Arn(Vec<Pattern>),
}

/// A condition, and what the request had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Judged {
    operator: String,
    key: String,
    found: Option<Vec<String>>,
    pub(super) holds: bool,
}

impl Condition {
    pub(super) fn read(
        operator: &str,
        key: &str,
        values: &[String],
        variables: Variables,
    ) -> Result<Self, PolicyError> {
        let parsed =
            Operator::parse(operator).ok_or_else(|| PolicyError::Operator(operator.to_owned()))?;
        let wanted = values.iter().map(|value| Wanted::read(parsed.test, value, variables));
        Ok(Self {
            name: operator.to_owned(),
            operator: parsed,
            written_key: key.to_owned(),
            key: context_key(key),
            wanted: wanted.collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn judge(&self, context: &dyn Context) -> Judged {
        let found = context.values(&self.key).filter(|values| !values.is_empty());
        Judged {
            operator: self.name.clone(),
            key: self.written_key.clone(),
            holds: self.holds(found.as_deref(), context),
            found,
        }
    }

    fn holds(&self, found: Option<&[String]>, context: &dyn Context) -> bool {
        let Operator { set, test, sign, missing } = self.operator;
        if test == Test::Null {
            let is_missing = found.is_none();
            return self.wanted.contains(&Wanted::Bool(is_missing));
        }
        let Some(found) = found else {
            return match (missing, set) {
                (Missing::IsTrue, _) | (_, Set::All) => true,
                (Missing::AsUsual, Set::Any) => false,
                (Missing::AsUsual, Set::Single) => sign == Sign::Not,
            };
        };
        let is_wanted =
            |value: &String| self.wanted.iter().any(|wanted| wanted.is(test, value, context));
        match (set, sign) {
            (Set::All, Sign::Plain) => found.iter().all(is_wanted),
            (Set::Single | Set::Any, Sign::Plain) => found.iter().any(is_wanted),
            (Set::All | Set::Single, Sign::Not) => !found.iter().any(is_wanted),
            (Set::Any, Sign::Not) => !found.iter().all(is_wanted),
        }
    }
}

impl Wanted {
    fn read(test: Test, text: &str, variables: Variables) -> Result<Self, PolicyError> {
        let wrong = |what: &str| PolicyError::Syntax(format!("`{text}` is not {what}"));
        let pattern = |wildcards| Pattern::new(text, wildcards, variables);
        Ok(match test {
            Test::Text | Test::TextIgnoringCase => Self::Text(pattern(Wildcards::AreLiteral)),
            Test::TextLike => Self::Text(pattern(Wildcards::Count)),
            Test::Number(_) => {
                let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
                Self::Number(number.ok_or_else(|| wrong("a number"))?)
            }
            Test::Date(_) => Self::Date(when::seconds(text).ok_or_else(|| wrong("a date"))?),
            Test::Bool | Test::Null => {
                Self::Bool(bool_of(text).ok_or_else(|| wrong("true or false"))?)
            }
            Test::Binary => Self::Binary(text.to_owned()),
            Test::Address => {
                let network = Network::parse(text);
                Self::Network(network.ok_or_else(|| PolicyError::IpAddress(text.to_owned()))?)
            }
            Test::Arn => Self::Arn(
                text.splitn(6, ':')
                    .map(|part| Pattern::new(part, Wildcards::Count, variables))
                    .collect(),
            ),
        })
    }

    /// Whether a value of the request is this one.
    fn is(&self, test: Test, value: &str, context: &dyn Context) -> bool {
        match self {
            Self::Text(pattern) => {
                let is_blind = test == Test::TextIgnoringCase;
                let case = if is_blind { Case::IsIgnored } else { Case::Counts };
                pattern.matches(value, case, context)
            }
            Self::Number(wanted) => match (test, value.parse::<f64>()) {
                (Test::Number(order), Ok(number)) => {
                    number.partial_cmp(wanted).is_some_and(|found| order.holds(found))
                }
                _ => false,
            },
            Self::Date(wanted) => match (test, when::seconds(value)) {
                (Test::Date(order), Some(seconds)) => order.holds(seconds.cmp(wanted)),
                _ => false,
            },
            Self::Bool(wanted) => bool_of(value) == Some(*wanted),
            Self::Binary(wanted) => wanted == value,
            Self::Network(network) => {
                value.parse::<IpAddr>().is_ok_and(|address| network.contains(address))
            }
            Self::Arn(wanted) => {
                let parts: Vec<&str> = value.splitn(6, ':').collect();
                parts.len() == wanted.len()
                    && wanted
                        .iter()
                        .zip(parts)
                        .all(|(wanted, part)| wanted.matches(part, Case::Counts, context))
            }
        }
    }
}

fn bool_of(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Such as "`Bool` of aws:SecureTransport holds for `false`".
impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.holds { "holds" } else { "does not hold" };
        write!(f, "`{}` of {} {verb}: ", self.operator, self.key)?;
        match &self.found {
            Some(values) => write!(f, "{} was `{}`", self.key, values.join("`, `")),
            None => write!(f, "the request has no {}", self.key),
        }
    }
}
