//! The command line: what is asked, and the exit codes 0 (all as promised), 1 (deviations), 2 (could
//! not run).

mod commands;
mod interrupt;
mod target_flags;

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::Parser;
use clap::Subcommand;
use stuntbucket_conformance::Environment;
use stuntbucket_conformance::Flow;
use stuntbucket_conformance::flows;

use self::target_flags::TargetFlags;

/// The same S3 flows on the emulator and on any endpoint, with a report of every difference.
#[derive(Debug, Parser)]
#[command(name = "stuntbucket-conformance", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the flows on a target and reports every deviation
    Run(RunFlags),
    /// Lists the flows, with what they need and where their promise is known from
    List(Selection),
    /// Runs the flows and writes down what was said
    Record(RecordFlags),
    /// Names every difference between two targets or recordings
    Compare(CompareFlags),
}

#[derive(Debug, Args)]
struct RunFlags {
    #[command(flatten)]
    target: TargetFlags,

    #[command(flatten)]
    selection: Selection,

    /// What the target is known to do otherwise: a file, or one of `aws`, `emulator`
    #[arg(long, value_name = "FILE|NAME")]
    known: Option<String>,

    /// Writes the report as JSON too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Writes the report as JUnit XML too
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,

    /// Writes the report as a page too
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct RecordFlags {
    #[command(flatten)]
    target: TargetFlags,

    #[command(flatten)]
    selection: Selection,

    /// The folder for the recording
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Debug, Args)]
struct CompareFlags {
    /// A recording's folder, `emulator`, `aws`, or the URL of an endpoint
    first: String,

    /// The other one
    second: String,

    #[command(flatten)]
    target: TargetFlags,

    #[command(flatten)]
    selection: Selection,
}

/// Which flows.
#[derive(Debug, Args)]
struct Selection {
    /// Only flows whose name has this inside, such as post-form/; repeatable
    #[arg(long, value_name = "TEXT")]
    only: Vec<String>,
}

impl Selection {
    fn flows(&self) -> Result<Vec<&'static Flow>, CliError> {
        let mut flows = flows::all();
        if !self.only.is_empty() {
            flows.retain(|flow| self.only.iter().any(|text| flow.name.contains(text.as_str())));
        }
        if flows.is_empty() {
            return Err(CliError::new(format!("--only: no flow has {:?} in its name", self.only)));
        }
        Ok(flows)
    }
}

/// How a command that could run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    AsPromised,
    Deviations,
    NotToTheEnd,
}

impl Verdict {
    pub(crate) fn exit_code(self) -> ExitCode {
        match self {
            Self::AsPromised => ExitCode::SUCCESS,
            Self::Deviations => ExitCode::from(1),
            Self::NotToTheEnd => ExitCode::from(2),
        }
    }
}

/// Why a command could not run. The exit code is 2, but for `--help` and `--version`.
#[derive(Debug)]
pub(crate) enum CliError {
    Usage(clap::Error),
    Failed(String),
}

impl CliError {
    fn new(message: impl Into<String>) -> Self {
        Self::Failed(message.into())
    }

    /// Wraps what has a text of its own.
    fn from_error(error: &impl fmt::Display) -> Self {
        Self::Failed(error.to_string())
    }

    /// Says it, and turns it into the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        match self {
            Self::Usage(error) => {
                // Without an output there is nobody to tell.
                let _ = error.print();
                ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
            }
            Self::Failed(message) => {
                eprintln!("stuntbucket-conformance: {message}");
                ExitCode::from(2)
            }
        }
    }
}

/// Does what the arguments ask.
pub(crate) fn run(
    arguments: impl Iterator<Item = OsString>,
    environment: &Environment,
) -> Result<Verdict, CliError> {
    let arguments = Arguments::try_parse_from(arguments).map_err(CliError::Usage)?;
    match arguments.command {
        Command::Run(flags) => commands::run(&flags, environment),
        Command::List(selection) => commands::list(&selection),
        Command::Record(flags) => commands::record(&flags, environment),
        Command::Compare(flags) => commands::compare(&flags, environment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(line: &str) -> Result<Verdict, CliError> {
        let line = format!("stuntbucket-conformance {line}");
        super::run(line.split_whitespace().map(OsString::from), &Environment::default())
    }

    #[track_caller]
    fn check(line: &str, complaint: &str) {
        let text = match run(line) {
            Ok(verdict) => panic!("{verdict:?}"),
            Err(CliError::Usage(error)) => error.to_string(),
            Err(CliError::Failed(message)) => message,
        };
        assert!(text.contains(complaint), "{text}");
    }

    #[test]
    fn what_cannot_run_says_why() {
        check("", "Usage");
        check("run", "no target");
        check("run --endpoint localhost:9000 --known /nowhere.toml", "/nowhere.toml");
        check("run --endpoint http://h", "no keys");
        check("run --endpoint http://h --target aws", "cannot be used with");
        check("run --endpoint http://h --without magic", "magic");
        check("list --only nothing-like-this", "no flow has");
        check("record --endpoint http://h", "--out");
        check("compare /nowhere-1 /nowhere-2", "/nowhere-1");
    }

    #[test]
    fn flows_are_listed() {
        assert_eq!(run("list --only post-form/").unwrap(), Verdict::AsPromised);
    }

    #[test]
    fn a_selection_takes_what_any_text_matches() {
        let selection =
            Selection { only: vec!["post-form/".to_owned(), "presigned/expired".to_owned()] };
        let flows = selection.flows().unwrap();
        assert!(flows.iter().any(|flow| flow.name == "presigned/expired"));
        let is_chosen = |flow: &&Flow| {
            flow.name.starts_with("post-form/") || flow.name.starts_with("presigned/expired")
        };
        assert!(flows.iter().all(is_chosen));
    }
}
