//! Writes what was found, for a person.

use std::fmt::Write;

use stuntbucket::Timestamp;

use super::judge::Explained;
use super::judge::RegionFrom;
use super::judge::Signature;
use super::judge::SubjectKind;
use super::judge::Unjudged;
use super::risk::span;

/// The whole text, without a line end at its end.
pub(super) fn text(explained: &[Explained], now: Timestamp) -> String {
    let mut text = String::new();
    for (index, one) in explained.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        if let Some(place) = &one.place {
            line(&mut text, 0, &format!("=== {place} ==="));
        }
        what(&mut text, one);
        says(&mut text, one);
        when(&mut text, one, now);
        risks(&mut text, one);
    }
    text.truncate(text.trim_end().len());
    text
}

fn heading(text: &mut String, title: &str) {
    if !text.is_empty() && !text.ends_with("===\n") && !text.ends_with("\n\n") {
        text.push('\n');
    }
    line(text, 0, title);
}

/// Lines, each of them moved in.
fn line(text: &mut String, indent: usize, content: &str) {
    for content in content.lines() {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{:indent$}{content}", "");
    }
}

fn what(text: &mut String, one: &Explained) {
    heading(text, "What it is");
    let kind = match one.kind {
        SubjectKind::PresignedUrl => "a presigned URL",
        SubjectKind::SignedRequest => "a signed request",
        SubjectKind::UnsignedRequest => "a request without a signature",
        SubjectKind::SignedForm => "a signed form",
        SubjectKind::UnsignedForm => "a form without a signature",
    };
    let method = one.method.as_deref().unwrap_or("method not known");
    line(text, 2, &format!("{kind}: {method} {}", one.url));
    let region = match one.region_from {
        RegionFrom::Host | RegionFrom::Setting => one.region.clone(),
        RegionFrom::Default => format!("{} (the host names none; --region does)", one.region),
        RegionFrom::Signature => {
            format!("{} (as the signature says; --region tells the bucket's)", one.region)
        }
    };
    for (name, value) in [
        ("operation", one.operation),
        ("bucket", one.bucket.as_deref()),
        ("key", one.key.as_deref()),
        ("judged for region", Some(region.as_str())),
        ("signed with", one.access_key.as_deref()),
    ] {
        if let Some(value) = value {
            line(text, 2, &format!("{name}: {value}"));
        }
    }
    if one.conditions.is_empty() {
        for sentence in &one.allows {
            line(text, 2, sentence);
        }
        return;
    }
    // Of a form the conditions follow with their verdicts.
    line(text, 2, one.allows.first().map_or("", String::as_str));
    for condition in &one.conditions {
        let remedy = condition.remedy.as_deref().map(|remedy| format!("; {remedy} would meet it"));
        let remedy = remedy.unwrap_or_default();
        let problem = condition.problem.as_deref();
        let problem = problem.map(|problem| format!(" NOT MET: {problem}{remedy}."));
        line(text, 4, &format!("- {}{}", condition.meaning, problem.unwrap_or_default()));
    }
}

const ACCEPTED: &str = "Accepted, as far as this can be judged without the bucket.";

fn says(text: &mut String, one: &Explained) {
    heading(text, "What S3 says");
    match one.refusals.len() {
        0 => match &one.signature {
            Signature::NotJudged(Unjudged::HeadersUnknown(names)) => line(
                text,
                2,
                &format!(
                    "Accepted only if the headers come with it that are signed, each with its signed \
                     value: `{}`.",
                    names.join("`, `")
                ),
            ),
            _ => line(text, 2, ACCEPTED),
        },
        1 => line(text, 2, "Refused:"),
        count => line(text, 2, &format!("Refused. Of these {count} S3 tells the first:")),
    }
    for (index, answer) in one.refusals.iter().enumerate() {
        let (status, code, message) = (answer.status, &answer.code, &answer.message);
        line(text, 2, &format!("{}. {status} {code}: {message}", index + 1));
        line(text, 5, &answer.explanation);
    }
    line(text, 2, &signature(&one.signature));
}

/// A sentence about a signature.
pub(super) fn signature(signature: &Signature) -> String {
    match signature {
        Signature::Right => "The signature is the right one.".to_owned(),
        Signature::Wrong => "The signature is wrong.".to_owned(),
        Signature::None => "There is no signature.".to_owned(),
        Signature::NotJudged(why) => format!("The signature was not judged: {}", unjudged(why)),
    }
}

fn unjudged(why: &Unjudged) -> String {
    match why {
        Unjudged::UnknownKey(id) => {
            format!("the secret of `{id}` is not known here. Give it with --user {id}:SECRET.")
        }
        Unjudged::HeadersUnknown(names) => {
            let flags: Vec<_> = names.iter().map(|name| format!("--header {name}:VALUE")).collect();
            format!(
                "it covers headers that a URL does not show. Give them with {}.",
                flags.join(" ")
            )
        }
        Unjudged::Unreadable => "it cannot be told what it is of.".to_owned(),
    }
}

fn when(text: &mut String, one: &Explained, now: Timestamp) {
    heading(text, "When");
    line(text, 2, &format!("judged at {now}"));
    let times = &one.times;
    let from_now = |at: Timestamp| {
        let seconds = at.seconds_since(now);
        if seconds == 0 {
            return "now".to_owned();
        }
        if seconds >= 0 {
            format!("in {}", span(seconds))
        } else {
            format!("{} ago", span(-seconds))
        }
    };
    for (name, at) in [
        ("signed at", times.signed),
        (
            if one.kind == SubjectKind::SignedRequest { "good until" } else { "expires at" },
            times.expires,
        ),
        ("policy ends at", times.policy_expires),
        ("session ends at", times.session_expires),
    ] {
        if let Some(at) = at {
            line(text, 2, &format!("{name} {at}, {}", from_now(at)));
        }
    }
    if let Some(seconds) = times.lifetime_seconds {
        line(text, 2, &format!("lifetime: {} ({seconds} s)", span(seconds)));
    }
}

fn risks(text: &mut String, one: &Explained) {
    heading(text, "Risks");
    if one.risks.is_empty() {
        line(text, 2, "none found");
    }
    for risk in &one.risks {
        line(text, 2, &format!("- {}: {risk}", risk.name()));
    }
}
