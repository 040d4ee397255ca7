//! The table of requests.

use super::html::badge;
use super::html::escaped;
use crate::journal::Entry;

/// More rows help nobody; programs get all that is kept.
const ROWS_MAX: usize = 200;

/// The last of the entries, newest first.
pub(super) fn section(entries: &[Entry], opened: Option<u64>) -> String {
    let rows: String =
        entries.iter().rev().take(ROWS_MAX).map(|entry| row(entry, opened)).collect();
    let rest = match entries.len().saturating_sub(ROWS_MAX) {
        0 => String::new(),
        rest => format!(
            "<p class=\"hint\">{rest} older ones are in \
             <a href=\"/api/v1/requests\">/api/v1/requests</a>.</p>\n"
        ),
    };
    format!(
        "<section id=\"requests\" aria-label=\"Requests\">\n\
         <table>\n\
         <thead><tr><th scope=\"col\">Answer</th><th scope=\"col\">Request</th>\
         <th scope=\"col\" class=\"wide\">Operation</th><th scope=\"col\" class=\"wide\">Caller</th>\
         <th scope=\"col\">Code</th><th scope=\"col\" class=\"wide\">Time</th></tr></thead>\n\
         <tbody>\n\
         {rows}\
         </tbody>\n\
         </table>\n\
         {rest}\
         <p class=\"hint\" id=\"none-refused\">None of them was refused.</p>\n\
         </section>"
    )
}

fn row(entry: &Entry, opened: Option<u64>) -> String {
    let Entry { id, status, .. } = entry;
    let current = if opened == Some(*id) { " aria-current=\"true\"" } else { "" };
    let refused = if *status >= 400 { " class=\"refused\"" } else { "" };
    let method = escaped(&entry.method);
    let target = escaped(&entry.target);
    let text = |text: &Option<String>| text.as_deref().map(escaped).unwrap_or_default();
    let at = entry.at.iso();
    // Hours, minutes, seconds: behind the `T` and before the `Z`.
    let time = at.split_once('T').map_or(at.as_str(), |(_, time)| time.trim_end_matches('Z'));
    format!(
        "<tr{refused}{current}><td>{badge}</td>\
         <td class=\"request\"><a href=\"/requests/{id}\" title=\"{target}\">\
         <b>{method}</b> {target}</a></td>\
         <td class=\"wide\">{operation}</td><td class=\"wide\">{caller}</td>\
         <td>{code}{marks}</td>\
         <td class=\"wide\"><time datetime=\"{at}\" title=\"{at}\">{time}</time></td></tr>\n",
        badge = badge(*status),
        operation = text(&entry.operation),
        caller = text(&entry.caller),
        code = text(&entry.code),
        marks = marks(entry),
    )
}

/// What one should open the entry for even though it was answered.
fn marks(entry: &Entry) -> String {
    let mark = |count: usize, one: &str, more: &str| match count {
        0 => String::new(),
        1 => format!(" <span class=\"mark\">1 {one}</span>"),
        _ => format!(" <span class=\"mark\">{count} {more}</span>"),
    };
    mark(entry.warnings.len(), "warning", "warnings")
        + &mark(entry.waived.len(), "check waived", "checks waived")
}
