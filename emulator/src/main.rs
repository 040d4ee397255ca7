//! The program `stuntbucket`: an emulator on its own, and tools that sign for it.

mod cli;

use std::io;
use std::io::Write;
use std::process::ExitCode;

use stuntbucket::Clock;

use crate::cli::Arguments;
use crate::cli::CliError;
use crate::cli::Command;
use crate::cli::Environment;

fn main() -> ExitCode {
    let environment = Environment::of_process();
    let result =
        Arguments::read(std::env::args_os()).and_then(|command| run(&command, &environment));
    match result {
        Ok(exit_code) => exit_code,
        Err(error) => {
            // If nobody reads standard error any more, the exit code still tells.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn run(command: &Command, environment: &Environment) -> Result<ExitCode, CliError> {
    let now = Clock::system().now();
    match command {
        Command::Explain(flags) => return cli::explain::run(flags, environment, now),
        Command::Serve(flags) => cli::serve::run(flags, environment),
        Command::Presign(flags) => cli::print(&cli::presign::url(flags, environment, now)?),
        Command::PostForm(flags) => cli::print(&cli::post_form::form(flags, environment, now)?),
        Command::Env(flags) => cli::print(&cli::env::variables(flags, environment)?),
    }?;
    Ok(ExitCode::SUCCESS)
}
