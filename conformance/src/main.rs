//! `stuntbucket-conformance`: runs, records and compares the flows from a command line.

mod cli;

use std::env;
use std::process::ExitCode;

use stuntbucket_conformance::Environment;

fn main() -> ExitCode {
    let environment = environment();
    match cli::run(env::args_os(), &environment) {
        Ok(verdict) => verdict.exit_code(),
        Err(error) => error.report(),
    }
}

/// The variables. What is not UTF-8 is left out.
#[allow(clippy::disallowed_methods)] // The one place that reads them.
fn environment() -> Environment {
    let utf8 = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Environment(utf8.collect())
}
