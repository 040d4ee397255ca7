//! One request, opened: what came of it and why, with the evidence.

use super::html::badge;
use super::html::escaped;
use super::html::explained;
use super::why;
use crate::journal::ENTRIES_MAX;
use crate::journal::Entry;

/// The opened request.
pub(super) fn section(entry: &Entry) -> String {
    let heading = format!(
        "{badge} <b>{method}</b> <span>{target}</span>",
        badge = badge(entry.status),
        method = escaped(&entry.method),
        target = escaped(&entry.target),
    );
    let body = [
        explanation(entry),
        entry.why.as_ref().map(why::shown).unwrap_or_default(),
        entry.cors_rule.as_ref().map(why::nearest_rule).unwrap_or_default(),
        list("What one should know", &entry.warnings),
        list("Accepted only because a check is relaxed", &entry.waived),
        facts(entry),
        evidence(entry),
    ];
    framed(entry.id, &heading, &body.concat())
}

/// In place of a request that is not there.
pub(super) fn missing(id: u64) -> String {
    let body = format!(
        "<p class=\"explanation\">Either it never came, or it was forgotten: \
         the last {ENTRIES_MAX} requests are kept.</p>\n"
    );
    framed(id, "No such request is kept", &body)
}

fn framed(id: u64, heading: &str, body: &str) -> String {
    format!(
        "<section id=\"entry\" aria-labelledby=\"heading\">\n\
         <nav><span>Request #{id}</span> <a href=\"/\">Close</a></nav>\n\
         <h2 id=\"heading\">{heading}</h2>\n\
         {body}\
         </section>"
    )
}

fn explanation(entry: &Entry) -> String {
    match (&entry.code, &entry.why) {
        (code, Some(why)) => why::sentences(code.as_deref(), why),
        (Some(code), None) => {
            let code = escaped(code);
            format!("<p class=\"explanation refused\"><strong>{code}</strong></p>\n")
        }
        (None, None) => String::new(),
    }
}

fn list(heading: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let item = |line: &String| format!("<li>{}</li>", explained(line));
    let items: String = lines.iter().map(item).collect();
    format!("<h3>{heading}</h3>\n<ul class=\"remarks\">{items}</ul>\n")
}

fn facts(entry: &Entry) -> String {
    let at = entry.at.iso();
    let facts = [
        ("Operation", entry.operation.as_deref()),
        ("Caller", entry.caller.as_deref()),
        ("Host", Some(entry.host.as_str())),
        ("Came at", Some(at.as_str())),
        ("Request id", Some(entry.request_id.as_str())),
    ];
    let rows = facts.iter().filter_map(|(name, value)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(format!("<dt>{name}</dt><dd>{}</dd>\n", escaped(value)))
    });
    let rows: String = rows.collect();
    let json = format!("<a href=\"/api/v1/requests/{0}\">/api/v1/requests/{0}</a>", entry.id);
    format!("<dl>\n{rows}<dt>As JSON</dt><dd>{json}</dd>\n</dl>\n")
}

/// Both texts as computed here, for whoever lays them next to the client's.
fn evidence(entry: &Entry) -> String {
    let texts = [
        ("Canonical request", &entry.canonical_request),
        ("String to sign", &entry.string_to_sign),
    ];
    let shown = texts.iter().filter_map(|(name, text)| {
        let text = escaped(text.as_deref()?);
        // A line end right behind `<pre>` would be dropped; this one is there to be.
        Some(format!("<h3>{name}</h3>\n<pre tabindex=\"0\" aria-label=\"{name}\">\n{text}</pre>\n"))
    });
    let shown: String = shown.collect();
    if shown.is_empty() {
        return shown;
    }
    format!(
        "{shown}<p class=\"hint\">This is what the emulator computed. The first line in which \
         your client's differs is what went wrong.</p>\n"
    )
}
