//! The command line: flags, environment, configuration file. The only room that reads the
//! environment.

mod arguments;
mod ca_file;
mod config_file;
mod config_tables;
mod cors_key;
mod duration;
mod endpoint;
pub(crate) mod env;
mod environment;
mod error;
pub(crate) mod explain;
mod facts;
mod first_steps;
mod form_page;
mod inspector;
mod json_object;
mod location;
mod log;
pub(crate) mod post_form;
pub(crate) mod presign;
mod ready_file;
pub(crate) mod serve;
mod serve_flags;
mod settings;
mod shell;
mod signals;
mod signer_flags;
mod tls_key;

use std::io;
use std::io::Write;

pub(crate) use arguments::Arguments;
pub(crate) use arguments::Command;
pub(crate) use environment::Environment;
pub(crate) use error::CliError;

/// Where `serve` listens, and where everything else looks for it, unless told otherwise.
const PORT: u16 = 9000;
/// The default of `--region`.
const REGION: &str = "us-east-1";

/// Prints lines on standard output. That nobody reads them is no failure.
pub(crate) fn print(text: &str) -> Result<(), CliError> {
    let mut stdout = io::stdout().lock();
    match writeln!(stdout, "{text}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(CliError::Failed(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
