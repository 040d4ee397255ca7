//! Condition operators, taken apart: what is compared, how, and what a missing key means.

use std::cmp::Ordering;

/// An operator such as `ForAnyValue:StringNotLikeIfExists`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) set: Set,
    pub(super) test: Test,
    /// Whether it is the `Not` of its test.
    pub(super) sign: Sign,
    pub(super) missing: Missing,
}

/// How many of a key's values must pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    /// The key is meant to have one value.
    Single,
    /// `ForAllValues`.
    All,
    /// `ForAnyValue`.
    Any,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Test {
    Text,
    TextIgnoringCase,
    /// With wildcards.
    TextLike,
    Number(Order),
    Date(Order),
    Bool,
    Binary,
    Address,
    Arn,
    /// Whether the key is missing.
    Null,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Equals,
    Less,
    LessOrEquals,
    Greater,
    GreaterOrEquals,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Plain,
    Not,
}

/// What a condition is whose key is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// As the operator has it: false, or true for a `Not`.
    AsUsual,
    /// True, for `...IfExists`.
    IsTrue,
}

impl Order {
    pub(super) fn holds(self, found: Ordering) -> bool {
        match self {
            Self::Equals => found == Ordering::Equal,
            Self::Less => found == Ordering::Less,
            Self::LessOrEquals => found != Ordering::Greater,
            Self::Greater => found == Ordering::Greater,
            Self::GreaterOrEquals => found != Ordering::Less,
        }
    }
}

impl Operator {
    /// Reads a name, whose letters are compared with their case.
    pub(super) fn parse(name: &str) -> Option<Self> {
        let (set, name) = if let Some(rest) = name.strip_prefix("ForAllValues:") {
            (Set::All, rest)
        } else if let Some(rest) = name.strip_prefix("ForAnyValue:") {
            (Set::Any, rest)
        } else {
            (Set::Single, name)
        };
        let (missing, name) = match name.strip_suffix("IfExists") {
            Some(rest) => (Missing::IsTrue, rest),
            None => (Missing::AsUsual, name),
        };
        let (_, test, sign) = NAMES.iter().find(|(known, _, _)| *known == name)?;
        let is_possible =
            *test != Test::Null || (set == Set::Single && missing == Missing::AsUsual);
        is_possible.then_some(Self { set, test: *test, sign: *sign, missing })
    }
}

pub(super) const NAMES: [(&str, Test, Sign); 27] = [
    ("StringEquals", Test::Text, Sign::Plain),
    ("StringNotEquals", Test::Text, Sign::Not),
    ("StringEqualsIgnoreCase", Test::TextIgnoringCase, Sign::Plain),
    ("StringNotEqualsIgnoreCase", Test::TextIgnoringCase, Sign::Not),
    ("StringLike", Test::TextLike, Sign::Plain),
    ("StringNotLike", Test::TextLike, Sign::Not),
    ("NumericEquals", Test::Number(Order::Equals), Sign::Plain),
    ("NumericNotEquals", Test::Number(Order::Equals), Sign::Not),
    ("NumericLessThan", Test::Number(Order::Less), Sign::Plain),
    ("NumericLessThanEquals", Test::Number(Order::LessOrEquals), Sign::Plain),
    ("NumericGreaterThan", Test::Number(Order::Greater), Sign::Plain),
    ("NumericGreaterThanEquals", Test::Number(Order::GreaterOrEquals), Sign::Plain),
    ("DateEquals", Test::Date(Order::Equals), Sign::Plain),
    ("DateNotEquals", Test::Date(Order::Equals), Sign::Not),
    ("DateLessThan", Test::Date(Order::Less), Sign::Plain),
    ("DateLessThanEquals", Test::Date(Order::LessOrEquals), Sign::Plain),
    ("DateGreaterThan", Test::Date(Order::Greater), Sign::Plain),
    ("DateGreaterThanEquals", Test::Date(Order::GreaterOrEquals), Sign::Plain),
    ("Bool", Test::Bool, Sign::Plain),
    ("BinaryEquals", Test::Binary, Sign::Plain),
    ("IpAddress", Test::Address, Sign::Plain),
    ("NotIpAddress", Test::Address, Sign::Not),
    ("ArnEquals", Test::Arn, Sign::Plain),
    ("ArnNotEquals", Test::Arn, Sign::Not),
    ("ArnLike", Test::Arn, Sign::Plain),
    ("ArnNotLike", Test::Arn, Sign::Not),
    ("Null", Test::Null, Sign::Plain),
];
