//! The log, which goes to standard error.

use std::io;
use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt;

use super::CliError;
use super::environment::Environment;
use super::serve_flags::LogFormat;

/// What is logged, such as `debug`.
const LEVEL: &str = "STUNTBUCKET_LOG";

/// Starts the log of this process.
pub(super) fn start(format: LogFormat, environment: &Environment) -> Result<(), CliError> {
    let level = environment.variable(LEVEL).unwrap_or("info");
    let filter = EnvFilter::try_new(level)
        .map_err(|error| CliError::Usage(format!("{LEVEL}: `{level}`: {error}")))?;
    // Where nobody reads standard error any more, entries are lost in silence.
    let log = fmt().with_writer(io::stderr).with_env_filter(filter).log_internal_errors(false);
    let started = match format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| CliError::Failed(error.to_string()))
}
