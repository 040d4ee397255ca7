//! `Policy`: reads the document of a form.

use std::borrow::Cow;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::GeneralPurpose;
use base64::engine::GeneralPurposeConfig;
use serde_json::Map;
use serde_json::Value;

use crate::time::Timestamp;

use super::super::verdict::Operator;
use super::super::verdict::PolicyFlaw;
use super::condition::Argument;
use super::condition::Condition;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A policy document that could be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Policy {
    pub(super) expiration: Timestamp,
    pub(super) conditions: Vec<Condition>,
}

impl Policy {
    /// Reads the field `policy`.
    pub(super) fn parse(field: &str) -> Result<Self, PolicyFlaw> {
        let base64: Vec<u8> = field.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let text = BASE64.decode(base64).map_err(|_| PolicyFlaw::NotBase64)?;
        let text = String::from_utf8(text).map_err(|_| not_json("it is not UTF-8"))?;
        if text.trim_ascii().is_empty() {
            return Err(PolicyFlaw::Empty);
        }
        let json = with_json_escapes(&text);
        match serde_json::from_str(&json) {
            Ok(Value::Object(members)) => Self::of_members(&members),
            Ok(_) => Err(not_json("it is no object")),
            Err(error) if is_at_bare_word(&json, &error) => Err(PolicyFlaw::BareWord),
            Err(error) => Err(not_json(&error.to_string())),
        }
    }

    fn of_members(members: &Map<String, Value>) -> Result<Self, PolicyFlaw> {
        for name in members.keys() {
            // Another spelling of the two counts as their absence, not as an unknown member.
            let is_known = ["expiration", "conditions"].contains(&&*name.to_lowercase());
            if !is_known {
                return Err(PolicyFlaw::UnexpectedMember { name: name.clone() });
            }
        }
        let expiration = expiration(members.get("expiration").ok_or(PolicyFlaw::NoExpiration)?)?;
        let conditions = match members.get("conditions").ok_or(PolicyFlaw::NoConditions)? {
            Value::Array(conditions) if conditions.is_empty() => {
                return Err(PolicyFlaw::NoConditions);
            }
            Value::Array(conditions) => {
                conditions.iter().map(condition).collect::<Result<_, _>>()?
            }
            _ => return Err(PolicyFlaw::ConditionsNotList),
        };
        Ok(Self { expiration, conditions })
    }
}

fn not_json(problem: &str) -> PolicyFlaw {
    PolicyFlaw::NotJson { problem: problem.to_owned() }
}

fn expiration(value: &Value) -> Result<Timestamp, PolicyFlaw> {
    match value {
        Value::String(text) => {
            Timestamp::parse_iso(text).ok_or_else(|| PolicyFlaw::Expiration { found: text.clone() })
        }
        _ => Err(not_json("`expiration` is no text")),
    }
}

fn condition(value: &Value) -> Result<Condition, PolicyFlaw> {
    match value {
        Value::Object(members) => simple(members),
        Value::Array(items) => bracketed(items),
        _ => Err(PolicyFlaw::ConditionKind),
    }
}

fn simple(members: &Map<String, Value>) -> Result<Condition, PolicyFlaw> {
    let mut members_left = members.iter();
    match (members_left.next(), members_left.next()) {
        (Some((name, Value::String(value))), None) => Ok(Condition::simple(name, value.clone())),
        (Some((_, Value::Number(number))), None) if !number.is_f64() => {
            Err(PolicyFlaw::SimpleConditionValue)
        }
        (Some((name, Value::Number(_) | Value::Null | Value::Bool(_))), None) => {
            Err(not_json(&format!("the value of `{name}` is no text")))
        }
        (Some((_, Value::Array(_) | Value::Object(_))), None) => {
            Err(PolicyFlaw::SimpleConditionValue)
        }
        (None, _) | (Some(_), Some(_)) => {
            Err(PolicyFlaw::SimpleConditionMembers { count: members.len() })
        }
    }
}

fn bracketed(items: &[Value]) -> Result<Condition, PolicyFlaw> {
    let Some((Value::String(operator_text), arguments)) = items.split_first() else {
        return Err(PolicyFlaw::NoOperator);
    };
    let operator = match operator_text.to_lowercase().as_str() {
        "eq" => Operator::Eq,
        "starts-with" => Operator::StartsWith,
        "content-length-range" => Operator::ContentLengthRange,
        _ => return Err(PolicyFlaw::UnknownOperator { found: operator_text.clone() }),
    };
    let [first, second] = arguments else {
        return Err(PolicyFlaw::ArgumentCount { operator, count: arguments.len() });
    };
    let arguments = match operator {
        Operator::Eq | Operator::StartsWith => [text(first)?, text(second)?],
        Operator::ContentLengthRange => [bound(first)?, bound(second)?],
    };
    let condition = Condition { operator, operator_text: operator_text.clone(), arguments };
    match condition.size_range() {
        Some((min, max)) if min > max => {
            Err(PolicyFlaw::EmptyRange { min: min.to_string(), max: max.to_string() })
        }
        Some(_) | None => Ok(condition),
    }
}

fn text(value: &Value) -> Result<Argument, PolicyFlaw> {
    match value {
        Value::String(text) => Ok(Argument::Text(text.clone())),
        _ => Err(not_json(&format!("`{value}` is no text"))),
    }
}

fn bound(value: &Value) -> Result<Argument, PolicyFlaw> {
    match value {
        Value::String(text) => Ok(Argument::Text(text.clone())),
        Value::Number(number) => match number.as_u64() {
            Some(number) => Ok(Argument::Number(number)),
            None => Err(not_json(&format!("`{number}` is no whole number from 0 on"))),
        },
        _ => Err(not_json(&format!("`{value}` is no number"))),
    }
}

/// Turns the two escapes that policies have beyond JSON, `\$` and `\v`, into such as JSON has
/// (documented in "POST Policy").
fn with_json_escapes(text: &str) -> Cow<'_, str> {
    if !text.contains("\\$") && !text.contains("\\v") {
        return Cow::Borrowed(text);
    }
    let mut json = String::with_capacity(text.len() + 8);
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            json.push(character);
            continue;
        }
        match characters.next() {
            Some('$') => json.push('$'),
            Some('v') => json.push_str("\\u000b"),
            Some(escaped) => json.extend(['\\', escaped]),
            None => json.push('\\'),
        }
    }
    Cow::Owned(json)
}

/// Whether the parser stopped at, or in, a word that has no quotes.
fn is_at_bare_word(json: &str, error: &serde_json::Error) -> bool {
    let lines_before = error.line().saturating_sub(1);
    let line_start: usize = json.split_inclusive('\n').take(lines_before).map(str::len).sum();
    let at = line_start + error.column().saturating_sub(1);
    let Some((before, [byte, ..])) = json.as_bytes().split_at_checked(at) else { return false };
    error.is_syntax() && !ends_in_string(before) && (byte.is_ascii_alphabetic() || *byte == b'\'')
}

/// Whether quotes are open at the end of this JSON.
fn ends_in_string(json: &[u8]) -> bool {
    let mut is_in_string = false;
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => is_in_string = !is_in_string,
            b'\\' if is_in_string => {
                bytes.next();
            }
            _ => {}
        }
    }
    is_in_string
}
