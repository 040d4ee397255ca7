//! The report for a person at a terminal.

use std::fmt::Write;

use super::Mark;
use super::Report;
use super::answered;
use crate::run::Deviation;
use crate::run::Outcome;
use crate::suite::End;

pub(super) fn write(report: &Report<'_>) -> String {
    let mut text = String::new();
    // Writing to a text cannot fail, here and below.
    for entry in &report.run.entries {
        let mark = report.mark(entry);
        let _ = write!(text, "{:<11} {}", mark.word(), entry.flow.name);
        match &entry.outcome {
            Outcome::Skipped { feature, reason } => {
                let _ = write!(text, "  (needs {}: {reason})", feature.name());
            }
            Outcome::Deviated(_) => {
                if let Some(reason) = report.known.reason(entry.flow.name) {
                    let _ = write!(text, "  ({reason})");
                }
            }
            Outcome::Passed if !entry.flow.is_verified => text.push_str("  (unverified)"),
            Outcome::Passed | Outcome::Interrupted => {}
        }
        text.push('\n');
    }
    for entry in &report.run.entries {
        if let (Mark::Deviated, Outcome::Deviated(deviation)) = (report.mark(entry), &entry.outcome)
        {
            let _ = write!(text, "\n--- {} ---\nsource: {}\n", entry.flow.name, entry.flow.source);
            text.push_str(&deviation_text(deviation));
        }
    }
    for (index, (name, deviation)) in report.findings().enumerate() {
        if index == 0 {
            text.push_str("\nfindings, where nothing had settled what is answered:\n");
        }
        let _ = writeln!(text, "{name}: {}", answered(deviation));
    }
    let run = report.run;
    let _ = writeln!(text, "\n{}: {} ({})", report.counts(), run.target, run.endpoint);
    for rotten in &report.judgement.rotten {
        let _ = writeln!(text, "{rotten}");
    }
    for bucket in report.left_behind() {
        let _ = writeln!(text, "the bucket `{bucket}` could not be removed");
    }
    if report.run.end == End::Interrupted {
        text.push_str("the run was stopped before its end\n");
    }
    text
}

/// The step, the complaints, both sides, and the target's own words.
pub(super) fn deviation_text(deviation: &Deviation) -> String {
    let mut text = match deviation.step {
        0 => format!("set-up: {}\n", deviation.call),
        step => format!("step {step}: {}\n", deviation.call),
    };
    for complaint in &deviation.complaints {
        let _ = writeln!(text, "  * {complaint}");
    }
    if let Some(request) = &deviation.request {
        let _ = write!(text, "\nsent:\n{}", indented(&request.to_string()));
    }
    if let Some(response) = &deviation.response {
        let _ = write!(text, "\nreceived:\n{}", indented(&response.to_string()));
    }
    if let Some(journal) = &deviation.journal {
        let _ = write!(text, "\njournal:\n{}", indented(journal));
    }
    text
}

fn indented(text: &str) -> String {
    let mut indented = String::with_capacity(text.len() + text.len() / 8);
    for line in text.lines() {
        let _ = writeln!(indented, "    {line}");
    }
    indented
}
