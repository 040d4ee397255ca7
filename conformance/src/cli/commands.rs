//! `run`, `list`, `record` and `compare`.

use std::fs;
use std::io;
use std::io::Write;
use std::path::Path;

use stuntbucket_conformance::CannotRun;
use stuntbucket_conformance::End;
use stuntbucket_conformance::Environment;
use stuntbucket_conformance::Feature;
use stuntbucket_conformance::Flow;
use stuntbucket_conformance::Known;
use stuntbucket_conformance::Recording;
use stuntbucket_conformance::Report;
use stuntbucket_conformance::Run;
use stuntbucket_conformance::Suite;
use stuntbucket_conformance::Target;
use stuntbucket_conformance::differences;
use stuntbucket_conformance::flows;

use super::CliError;
use super::CompareFlags;
use super::RecordFlags;
use super::RunFlags;
use super::Selection;
use super::Verdict;
use super::interrupt;

/// The lists of known deviations that come with this program.
const KNOWN: [(&str, &str); 2] = [
    ("aws", include_str!("../../targets/aws.toml")),
    ("emulator", include_str!("../../targets/emulator.toml")),
];

pub(super) fn run(flags: &RunFlags, environment: &Environment) -> Result<Verdict, CliError> {
    let known = known(flags.known.as_deref().or_else(|| flags.target.known_name()))?;
    let mut target = flags.target.open(environment)?;
    let run = run_on(&mut *target, flags.selection.flows()?)?;
    let all = flows::all();
    let judgement = known.judge(&run, &all);
    let report = Report { run: &run, known: &known, judgement: &judgement };
    print(&report.text())?;
    let files = [
        (&flags.json, report.json()),
        (&flags.junit, report.junit()),
        (&flags.html, report.html()),
    ];
    for (path, text) in &files {
        if let Some(path) = path {
            write(path, text)?;
        }
    }
    Ok(match (run.end, judgement.is_good()) {
        (End::Interrupted, _) => Verdict::NotToTheEnd,
        (End::Complete, true) => Verdict::AsPromised,
        (End::Complete, false) => Verdict::Deviations,
    })
}

pub(super) fn list(selection: &Selection) -> Result<Verdict, CliError> {
    let flows = selection.flows()?;
    let width = flows.iter().map(|flow| flow.name.len()).max().unwrap_or_default();
    let lines = flows.iter().map(|flow| {
        let needs: Vec<_> = flow.needs.iter().copied().map(Feature::name).collect();
        format!("{:width$}  {:<14}  {}\n", flow.name, needs.join(","), flow.source)
    });
    print(&lines.collect::<String>())?;
    Ok(Verdict::AsPromised)
}

pub(super) fn record(flags: &RecordFlags, environment: &Environment) -> Result<Verdict, CliError> {
    let mut target = flags.target.open(environment)?;
    let run = run_on(&mut *target, flags.selection.flows()?)?;
    let recording = Recording::of(&run);
    recording.write(&flags.out).map_err(|error| CliError::from_error(&error))?;
    let count = recording.flows.len();
    print(&format!("{count} flows of {} are in `{}`\n", run.target, flags.out.display()))?;
    Ok(verdict_of(&run))
}

pub(super) fn compare(
    flags: &CompareFlags,
    environment: &Environment,
) -> Result<Verdict, CliError> {
    let mut recordings = Vec::with_capacity(2);
    for side in [&flags.first, &flags.second] {
        let is_target = matches!(side.as_str(), "emulator" | "aws") || side.contains("://");
        if !is_target {
            let read = Recording::read(Path::new(side));
            recordings.push(read.map_err(|error| CliError::from_error(&error))?);
            continue;
        }
        let mut target = flags.target.open_named(side, environment)?;
        let run = run_on(&mut *target, flags.selection.flows()?)?;
        if run.end == End::Interrupted {
            return Ok(Verdict::NotToTheEnd);
        }
        recordings.push(Recording::of(&run));
    }
    let mut sides = recordings.iter_mut().map(|recording| {
        let only = &flags.selection.only;
        let is_chosen =
            |name: &str| only.is_empty() || only.iter().any(|text| name.contains(text.as_str()));
        recording.flows.retain(|name, _| is_chosen(name));
        &*recording
    });
    // Two sides were read or run above.
    let (Some(first), Some(second)) = (sides.next(), sides.next()) else {
        return Err(CliError::new("compare: two sides are needed"));
    };
    let differences = differences(first, second);
    let mut lines: Vec<_> = differences.iter().map(ToString::to_string).collect();
    lines.push(format!("{} differences\n", differences.len()));
    print(&lines.join("\n"))?;
    Ok(if differences.is_empty() { Verdict::AsPromised } else { Verdict::Deviations })
}

/// Runs the flows, with the estimate before the first request and a line a flow on standard error.
fn run_on(target: &mut dyn Target, flows: Vec<&'static Flow>) -> Result<Run, CliError> {
    interrupt::listen()?;
    let suite = Suite::new(flows);
    eprintln!(
        "{} flows on {}: about {} requests, in buckets named {}-*",
        suite.flows().len(),
        target.endpoint(),
        suite.estimated_requests(target),
        suite.prefix(),
    );
    let mut done = 0_usize;
    let count = suite.flows().len();
    suite
        .run(target, &interrupt::is_stopped, &mut |entry| {
            done += 1;
            eprintln!("[{done}/{count}] {}", entry.flow.name);
        })
        .map_err(|error: CannotRun| CliError::from_error(&error))
}

fn verdict_of(run: &Run) -> Verdict {
    match run.end {
        End::Complete => Verdict::AsPromised,
        End::Interrupted => Verdict::NotToTheEnd,
    }
}

fn known(name: Option<&str>) -> Result<Known, CliError> {
    let Some(name) = name else { return Ok(Known::default()) };
    let text = match KNOWN.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => (*text).to_owned(),
        None => fs::read_to_string(name)
            .map_err(|error| CliError::new(format!("--known: cannot read `{name}`: {error}")))?,
    };
    Known::parse(&text).map_err(|error| CliError::new(format!("--known: `{name}`: {error}")))
}

/// A reader that stopped reading is no reason to fail.
fn print(text: &str) -> Result<(), CliError> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::from_error(&error))
        }
        _ => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> Result<(), CliError> {
    fs::write(path, text)
        .map_err(|error| CliError::new(format!("cannot write `{}`: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_that_come_along_name_flows_and_reasons() {
        let all = flows::all();
        for (name, _) in KNOWN {
            let known = known(Some(name)).unwrap();
            let nothing = Run {
                target: name.to_owned(),
                endpoint: String::new(),
                region: String::new(),
                began: stuntbucket_signer::Timestamp::from_unix(0),
                entries: Vec::new(),
                end: End::Complete,
            };
            assert_eq!(known.judge(&nothing, &all).rotten, [], "{name}");
        }
    }
}
