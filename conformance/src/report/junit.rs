//! The report as JUnit XML, which build servers read.

use std::fmt::Write;

use super::Mark;
use super::Report;
use super::answered;
use super::escaped;
use super::text::deviation_text;
use crate::known::Rotten;
use crate::run::Outcome;

pub(super) fn write(report: &Report<'_>) -> String {
    let counts = report.counts();
    let rotten = &report.judgement.rotten;
    let gone = rotten.iter().filter(|entry| matches!(entry, Rotten::MatchesNoFlow(_))).count();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" \
         skipped=\"{}\" timestamp=\"{}\">\n",
        escaped(&report.run.target),
        report.run.entries.len() + gone,
        counts.deviated + rotten.len(),
        counts.skipped + counts.known + counts.findings,
        report.run.began.iso(),
    );
    for entry in &report.run.entries {
        let (family, name) = entry.flow.name.split_once('/').unwrap_or(("", entry.flow.name));
        // Writing to a text cannot fail.
        let _ = write!(
            xml,
            "  <testcase classname=\"{}\" name=\"{}\">",
            escaped(family),
            escaped(name)
        );
        let is_rotten =
            |other: &&Rotten<'_>| matches!(other, Rotten::Passes(name) if *name == entry.flow.name);
        match (report.mark(entry), &entry.outcome) {
            (Mark::Deviated, Outcome::Deviated(deviation)) => {
                xml.push_str(&failure(
                    &deviation.complaints.join("; "),
                    &deviation_text(deviation),
                ));
            }
            (Mark::Known, _) => {
                let reason = report.known.reason(entry.flow.name).unwrap_or_default();
                xml.push_str(&skipped(&format!("known deviation: {reason}")));
            }
            (Mark::Finding, Outcome::Deviated(deviation)) => {
                xml.push_str(&skipped(&format!("a finding: {}", answered(deviation))));
            }
            (_, Outcome::Skipped { reason, .. }) => xml.push_str(&skipped(reason)),
            (_, Outcome::Interrupted) => xml.push_str(&skipped("the run was stopped")),
            _ => {
                if let Some(rotten) = rotten.iter().find(is_rotten) {
                    xml.push_str(&failure(&rotten.to_string(), ""));
                }
            }
        }
        xml.push_str("</testcase>\n");
    }
    for entry in rotten.iter().filter(|entry| matches!(entry, Rotten::MatchesNoFlow(_))) {
        let failure = failure(&entry.to_string(), "");
        let name = escaped(entry.name());
        let _ =
            writeln!(xml, "  <testcase classname=\"known\" name=\"{name}\">{failure}</testcase>");
    }
    xml.push_str("</testsuite>\n");
    xml
}

fn failure(message: &str, text: &str) -> String {
    format!("<failure message=\"{}\">{}</failure>", escaped(message), escaped(text))
}

fn skipped(message: &str) -> String {
    format!("<skipped message=\"{}\"/>", escaped(message))
}
