//! The page: the requests, newest first, and one of them opened.
//!
//! It is whole as it comes, and works without its script, which only saves the loading anew: on a
//! click and on news it fetches the page again and takes over the parts that changed. So there is
//! one writer of HTML, and it is here.

mod entry;
mod first_steps;
mod html;
mod requests;
mod why;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use sha2::Digest;
use sha2::Sha256;

use self::html::escaped;
use super::View;
use crate::answer::Answer;
use crate::clock::Clock;
use crate::clock::real_now;
use crate::relaxation::Relaxation;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// The page without a request opened.
pub(super) fn overview(view: &View<'_>) -> Answer {
    page(view, StatusCode::OK, "Requests", None)
}

/// The page with this request opened.
pub(super) fn opened(view: &View<'_>, id: u64) -> Answer {
    match view.journal.entry(id) {
        Some(entry) => {
            let code = entry.code.as_deref().unwrap_or_default();
            let title = format!("#{id} {} {code}", entry.status);
            page(view, StatusCode::OK, title.trim_end(), Some((id, entry::section(&entry))))
        }
        None => page(view, StatusCode::NOT_FOUND, "Not kept", Some((id, entry::missing(id)))),
    }
}

fn page(view: &View<'_>, status: StatusCode, title: &str, opened: Option<(u64, String)>) -> Answer {
    let mut entries = view.journal.entries();
    // They stand in the order in which they ended.
    entries.sort_unstable_by_key(|entry| entry.id);
    let opened_id = opened.as_ref().map(|(id, _)| *id);
    let list = if entries.is_empty() {
        first_steps::section(view)
    } else {
        requests::section(&entries, opened_id)
    };
    let entry = opened.map(|(_, section)| section).unwrap_or_default();
    let html = format!(
        "<!DOCTYPE html>\n\
         <html lang=\"en\">\n\
         <head>\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title} - Stuntbucket</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <style>{STYLE}</style>\n\
         </head>\n\
         <body>\n\
         {header}\n\
         <main id=\"main\">\n\
         {list}\n\
         {entry}\n\
         </main>\n\
         <script>{SCRIPT}</script>\n\
         </body>\n\
         </html>\n",
        title = escaped(title),
        header = header(view),
    );
    Answer::text(status, "text/html; charset=utf-8", html)
        .with("content-security-policy", policy())
        .with("referrer-policy", "no-referrer")
}

fn header(view: &View<'_>) -> String {
    format!(
        "<header>\n\
         <h1><a href=\"/\">Stuntbucket</a></h1>\n\
         <dl id=\"facts\">\n\
         <div><dt>Endpoint</dt><dd><code>{endpoint}</code></dd></div>\n\
         <div><dt>Region</dt><dd><code>{region}</code></dd></div>\n\
         <div><dt>Clock</dt><dd>{clock}</dd></div>\n\
         {relaxed}\
         </dl>\n\
         <label id=\"filter\"><input type=\"checkbox\" id=\"refused-only\"> refused only</label>\n\
         <span id=\"live\" role=\"status\"></span>\n\
         </header>",
        endpoint = escaped(view.endpoint),
        region = escaped(view.region),
        clock = escaped(&told(view.clock)),
        relaxed = relaxed(view.relaxed),
    )
}

/// What the clock shows, in words that stay true while the page is looked at.
fn told(clock: &Clock) -> String {
    let now = clock.now();
    if clock.is_stopped() {
        return format!("stopped at {now}");
    }
    match now.seconds_since(real_now()) {
        // Between the two looks a second may end.
        -1..=1 => "real time".to_owned(),
        ahead @ 2.. => format!("{ahead} s ahead"),
        behind => format!("{} s behind", behind.unsigned_abs()),
    }
}

fn relaxed(checks: &[Relaxation]) -> String {
    if checks.is_empty() {
        return String::new();
    }
    let names = checks.iter().map(|check| check.name()).collect::<Vec<_>>().join(", ");
    format!("<div class=\"relaxed\"><dt>Relaxed</dt><dd>{}</dd></div>\n", escaped(&names))
}

/// Lets the browser load nothing, and run and style with nothing but what stands above.
fn policy() -> String {
    format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; \
         img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        hash_of(STYLE),
        hash_of(SCRIPT)
    )
}

/// The SHA-256 of an inline style or script, as a policy names it.
pub(super) fn hash_of(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text))
}
