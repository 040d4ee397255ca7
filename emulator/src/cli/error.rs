//! Why the program ends without having done what it was asked.

use std::fmt;

/// One line for a person, and the exit code that goes with it.
#[derive(Debug)]
pub(crate) enum CliError {
    /// The flags, the environment or the configuration file make no sense.
    Usage(String),
    /// They do, but it could not be done.
    Failed(String),
}

impl CliError {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Usage(_) => 2,
        }
    }
}

impl fmt::Display for CliError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(line) | Self::Failed(line) => f.write_str(line),
        }
    }
}
