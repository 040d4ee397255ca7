//! A policy as S3 shows it: without white space, the members in its own order.

use super::PolicyError;
use super::error::BYTES_MAX;
use super::json::Json;

/// The order of members, recorded by LocalStack: `test_s3_bucket_policy`.
const OF_POLICY: [&str; 3] = ["Version", "Id", "Statement"];
pub(super) const MEMBERS_OF_STATEMENT: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The text that is kept and shown.
pub(super) fn normalised(json: &Json) -> Result<String, PolicyError> {
    let text = serde_json::to_string(&in_order(json.clone()))
        .map_err(|error| PolicyError::Syntax(error.to_string()))?;
    if text.len() > BYTES_MAX {
        return Err(PolicyError::TooLong(text.len()));
    }
    Ok(text)
}

fn in_order(policy: Json) -> Json {
    let members = sorted(policy, &OF_POLICY).into_iter().map(|(name, value)| {
        let value = match (name.as_str(), value) {
            ("Statement", Json::List(statements)) => {
                Json::List(statements.into_iter().map(statement).collect())
            }
            ("Statement", single) => Json::List(vec![statement(single)]),
            (_, other) => other,
        };
        (name, value)
    });
    Json::Object(members.collect())
}

fn statement(json: Json) -> Json {
    Json::Object(sorted(json, &MEMBERS_OF_STATEMENT))
}

fn sorted(json: Json, order: &[&str]) -> Vec<(String, Json)> {
    let Json::Object(mut members) = json else { return Vec::new() };
    members.sort_by_key(|(name, _)| order.iter().position(|known| known == name));
    members
}
