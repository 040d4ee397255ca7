//! The report as one page, which needs no other file.

use std::fmt::Write;

use super::Report;
use super::escaped;
use super::text::deviation_text;
use crate::run::Outcome;

const STYLE: &str = "body{font:15px system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .5rem;\
border-bottom:1px solid #ddd;vertical-align:top}pre{white-space:pre-wrap;overflow-wrap:anywhere;\
background:#f6f6f6;padding:.5rem}.passed{color:#17692b}.deviated{color:#b00020}.known,.finding{color:#8a5a00}\
.skipped,.interrupted{color:#666}";

pub(super) fn write(report: &Report<'_>) -> String {
    let counts = report.counts();
    let run = report.run;
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>S3 flows on {name}</title>\n\
         <style>{STYLE}</style>\n<h1>S3 flows on {name}</h1>\n<p>{endpoint}, region {region}, {began}</p>\n\
         <p>{counts}</p>\n",
        name = escaped(&run.target),
        endpoint = escaped(&run.endpoint),
        region = escaped(&run.region),
        began = run.began.iso(),
    );
    // Writing to a text cannot fail, here and below.
    for rotten in &report.judgement.rotten {
        let _ = writeln!(page, "<p class=\"deviated\">{}</p>", escaped(&rotten.to_string()));
    }
    page.push_str("<table>\n<tr><th>outcome<th>flow<th>source</tr>\n");
    for entry in &run.entries {
        let word = report.mark(entry).word();
        let more = match &entry.outcome {
            Outcome::Passed | Outcome::Interrupted => String::new(),
            Outcome::Skipped { reason, .. } => format!("<br>{}", escaped(reason)),
            Outcome::Deviated(deviation) => {
                let reason = report.known.reason(entry.flow.name).unwrap_or_default();
                let complaint = deviation.complaints.first().map_or("", String::as_str);
                format!(
                    "<br>{}<details><summary>{}</summary><pre>{}</pre></details>",
                    escaped(reason),
                    escaped(complaint),
                    escaped(&deviation_text(deviation)),
                )
            }
        };
        let _ = writeln!(
            page,
            "<tr><td class=\"{word}\">{word}<td>{}{more}<td>{}</tr>",
            escaped(entry.flow.name),
            escaped(entry.flow.source),
        );
    }
    page.push_str("</table>\n</html>\n");
    page
}
