//! Would it be allowed, and by what: `/api/v1/access`.

use http::StatusCode;
use serde::Serialize;

use super::View;
use super::json;
use crate::answer::Answer;
use crate::authorize::explain::NoAnswer;
use crate::authorize::explain::Question;
use crate::request::Query;

/// Answers the question that the query asks.
pub(super) fn decided(view: &View<'_>, query: &Query) -> Answer {
    let question = match read(query) {
        Ok(question) => question,
        Err(complaint) => return json::error(StatusCode::BAD_REQUEST, &complaint),
    };
    match view.access.judge(&question) {
        Ok(answer) => json::ok(&Shown {
            caller: &question.caller,
            action: &question.action,
            resource: query.get("resource").unwrap_or_default(),
            allowed: answer.is_allowed,
            because: &answer.because,
        }),
        Err(no) => json::error(status(&no), &no.to_string()),
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    #[serde(rename = "as")]
    caller: &'a str,
    action: &'a str,
    resource: &'a str,
    allowed: bool,
    because: &'a str,
}

fn read(query: &Query) -> Result<Question, String> {
    let value = |name: &str| {
        let value = query.get(name).filter(|value| !value.is_empty());
        value.map(str::to_owned).ok_or_else(|| {
            format!(
                "`{name}` is missing; ask as in \
                 ?as=alice&action=s3:GetObject&resource=s3://photos/cat.jpg"
            )
        })
    };
    let resource = value("resource")?;
    let place = ["s3://", "arn:aws:s3:::"].iter().find_map(|form| resource.strip_prefix(form));
    let Some(place) = place.filter(|place| !place.is_empty() && !place.starts_with('/')) else {
        return Err(format!("`{resource}` is not of the form s3://bucket/key"));
    };
    let (bucket, key) = place.split_once('/').unwrap_or((place, ""));
    Ok(Question {
        caller: value("as")?,
        action: value("action")?,
        bucket: bucket.to_owned(),
        key: key.to_owned(),
    })
}

fn status(no: &NoAnswer) -> StatusCode {
    match no {
        NoAnswer::NoUser(_) | NoAnswer::NoBucket(_) => StatusCode::NOT_FOUND,
        NoAnswer::NoAction(_) => StatusCode::BAD_REQUEST,
        NoAnswer::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
