//! The report for a program.

use serde::Serialize;

use super::Report;
use crate::exchange::Request;
use crate::exchange::Response;
use crate::run::Outcome;
use crate::suite::End;

#[derive(Serialize)]
struct Document<'a> {
    target: &'a str,
    endpoint: &'a str,
    region: &'a str,
    began: String,
    complete: bool,
    as_promised: bool,
    passed: usize,
    deviated: usize,
    known: usize,
    findings: usize,
    skipped: usize,
    rotten: Vec<String>,
    left_behind: Vec<&'a str>,
    flows: Vec<FlowLine<'a>>,
}

#[derive(Serialize)]
struct FlowLine<'a> {
    name: &'a str,
    source: &'a str,
    verified: bool,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deviation: Option<DeviationLine<'a>>,
}

#[derive(Serialize)]
struct DeviationLine<'a> {
    step: usize,
    call: &'a str,
    complaints: &'a [String],
    request: Option<&'a Request>,
    response: Option<&'a Response>,
    journal: Option<&'a str>,
}

pub(super) fn write(report: &Report<'_>) -> String {
    let counts = report.counts();
    let flows = report.run.entries.iter().map(|entry| {
        let (reason, deviation) = match &entry.outcome {
            Outcome::Passed | Outcome::Interrupted => (None, None),
            Outcome::Skipped { reason, .. } => (Some(reason.as_str()), None),
            Outcome::Deviated(deviation) => (
                report.known.reason(entry.flow.name),
                Some(DeviationLine {
                    step: deviation.step,
                    call: deviation.call,
                    complaints: &deviation.complaints,
                    request: deviation.request.as_ref(),
                    response: deviation.response.as_ref(),
                    journal: deviation.journal.as_deref(),
                }),
            ),
        };
        FlowLine {
            name: entry.flow.name,
            source: entry.flow.source,
            verified: entry.flow.is_verified,
            outcome: report.mark(entry).word(),
            reason,
            deviation,
        }
    });
    let document = Document {
        target: &report.run.target,
        endpoint: &report.run.endpoint,
        region: &report.run.region,
        began: report.run.began.iso(),
        complete: report.run.end == End::Complete,
        as_promised: report.judgement.is_good(),
        passed: counts.passed,
        deviated: counts.deviated,
        known: counts.known,
        findings: counts.findings,
        skipped: counts.skipped,
        rotten: report.judgement.rotten.iter().map(ToString::to_string).collect(),
        left_behind: report.left_behind().collect(),
        flows: flows.collect(),
    };
    // These structs have only names that are texts, so JSON can hold them.
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
