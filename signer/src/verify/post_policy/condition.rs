//! `Condition`: one of a policy's, how it is judged and how S3 prints it.

use std::fmt;

use crate::credentials::first_letters;

use super::super::verdict::ConditionOutcome;
use super::super::verdict::Operator;
use super::fields::Fields;

/// A condition. Its texts are spelled as in the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) operator: Operator,
    /// As spelled; operators compare without case in Ceph's s3-tests.
    pub(super) operator_text: String,
    pub(super) arguments: [Argument; 2],
}

/// An argument as it is printed again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Argument {
    Text(String),
    Number(u64),
}

impl Argument {
    pub(super) fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Decimal digits in quotes are a number too (recorded by LocalStack).
    fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
            Self::Text(_) => None,
        }
    }
}

impl Condition {
    /// `{"name": "value"}`, which is printed as if it were written with `eq`.
    pub(super) fn simple(name: &str, value: String) -> Self {
        Self {
            operator: Operator::Eq,
            operator_text: "eq".to_owned(),
            arguments: [Argument::Text(format!("${name}")), Argument::Text(value)],
        }
    }

    /// The field that it is about, as spelled, without the `$`.
    pub(super) fn field(&self) -> Option<&str> {
        match self.operator {
            Operator::Eq | Operator::StartsWith => self.arguments[0].text()?.strip_prefix('$'),
            Operator::ContentLengthRange => None,
        }
    }

    pub(super) fn is_about(&self, name: &str) -> bool {
        self.field().is_some_and(|field| field.eq_ignore_ascii_case(name))
    }

    /// With only the first letters of its value.
    pub(super) fn without_secret(&self) -> Self {
        let [name, value] = self.arguments.clone();
        let value = match value {
            Argument::Text(text) => Argument::Text(first_letters(&text)),
            Argument::Number(_) => value,
        };
        let (operator, operator_text) = (self.operator, self.operator_text.clone());
        Self { operator, operator_text, arguments: [name, value] }
    }

    /// The inclusive bounds, if it is about the size and they are numbers.
    pub(super) fn size_range(&self) -> Option<(u64, u64)> {
        match self.operator {
            Operator::ContentLengthRange => {
                Some((self.arguments[0].number()?, self.arguments[1].number()?))
            }
            Operator::Eq | Operator::StartsWith => None,
        }
    }

    /// Whether a form meets it.
    ///
    /// A field that the form lacks fails, also where every value would do (captured in
    /// s3_direct_upload's issues 29 and 107).
    pub(super) fn judge(&self, fields: &Fields<'_>) -> ConditionOutcome {
        if self.operator == Operator::ContentLengthRange {
            return match self.size_range() {
                Some(_) => ConditionOutcome::AfterTheFile,
                // Not a fault of the document (recorded by LocalStack).
                None => ConditionOutcome::NotANumber,
            };
        }
        let (Some(name), Some(expected)) = (self.field(), self.arguments[1].text()) else {
            return ConditionOutcome::NoDollar;
        };
        let mut values = fields.values(name).peekable();
        if values.peek().is_none() {
            return ConditionOutcome::FieldAbsent;
        }
        match values.find(|value| !self.is_met(name, expected, value)) {
            None => ConditionOutcome::Met,
            Some(found) => ConditionOutcome::FieldDiffers { found: found.to_owned() },
        }
    }

    fn is_met(&self, name: &str, expected: &str, value: &str) -> bool {
        match self.operator {
            // Keys with `$$` never equal (captured in boto3's issue 4514).
            Operator::Eq => {
                let is_odd_key = name.eq_ignore_ascii_case("key") && value.contains("$$");
                value == expected && !is_odd_key
            }
            // A content type with commas is a list (documented in "POST Policy").
            Operator::StartsWith if name.eq_ignore_ascii_case("content-type") => {
                value.split(',').all(|item| item.trim_ascii_start().starts_with(expected))
            }
            Operator::StartsWith => value.starts_with(expected),
            Operator::ContentLengthRange => true,
        }
    }
}

/// As S3 prints it, such as `["eq", "$key", "value"]` (recorded by LocalStack).
impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = &self.arguments;
        write!(f, "[\"{}\", {first}, {second}]", self.operator_text)
    }
}

impl fmt::Display for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "\"{}\"", text.replace('"', "\\\"")),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}
