//! Why an emulator did not start, or could not be looked into.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use crate::store::OpenError;
use crate::store::StoreError;

/// An emulator did not start.
#[derive(Debug)]
pub struct StartError {
    kind: StartErrorKind,
    message: String,
}

/// What kept an emulator from starting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartErrorKind {
    /// The settings contradict each other.
    Config,
    /// Somebody else listens on the port.
    PortTaken,
    /// Somebody else has the data folder open.
    StoreLocked,
    /// The process may not open more files: each emulator needs a few.
    TooManyFiles,
    /// The data folder cannot be used.
    Store,
    /// Anything else, such as a port that needs more rights.
    Other,
}

impl StartError {
    /// What kept it from starting.
    pub fn kind(&self) -> StartErrorKind {
        self.kind
    }

    pub(super) fn config(message: impl Into<String>) -> Self {
        Self { kind: StartErrorKind::Config, message: message.into() }
    }

    #[cfg(feature = "tls")]
    pub(super) fn other(message: impl Into<String>) -> Self {
        Self { kind: StartErrorKind::Other, message: message.into() }
    }

    pub(super) fn bind(address: SocketAddr, error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::AddrInUse {
            let message = format!(
                "{address} is taken by another program; stop it, or listen elsewhere (port 0 picks \
                 a free one)"
            );
            return Self { kind: StartErrorKind::PortTaken, message };
        }
        Self::io(&format!("cannot listen on {address}"), error)
    }

    pub(super) fn io(doing: &str, error: &io::Error) -> Self {
        if is_out_of_files(error) {
            return Self::too_many_files(doing);
        }
        Self { kind: StartErrorKind::Other, message: format!("{doing}: {error}") }
    }

    fn too_many_files(doing: &str) -> Self {
        let message = format!(
            "{doing}: the process has too many open files; `ulimit -n` shows how many it may have, \
             and an emulator needs about four"
        );
        Self { kind: StartErrorKind::TooManyFiles, message }
    }
}

/// The numbers of `EMFILE` and `ENFILE`, on all Unix systems.
pub(super) fn is_out_of_files(error: &io::Error) -> bool {
    cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24))
}

impl From<OpenError> for StartError {
    fn from(error: OpenError) -> Self {
        let kind = match &error {
            OpenError::Locked { .. } => StartErrorKind::StoreLocked,
            OpenError::TooManyFiles(_) => return Self::too_many_files("cannot open the store"),
            _ => StartErrorKind::Store,
        };
        let mut message = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            message.push_str(&format!(": {cause}"));
            source = cause.source();
        }
        Self { kind, message }
    }
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self { kind: StartErrorKind::Store, message: describe(&error) }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StartError {}

/// What was asked of the store directly could not be done.
#[derive(Debug)]
pub struct StoreFailure(String);

impl StoreFailure {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl From<StoreError> for StoreFailure {
    fn from(error: StoreError) -> Self {
        Self(describe(&error))
    }
}

impl fmt::Display for StoreFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StoreFailure {}

fn describe(error: &StoreError) -> String {
    format!("{error}: {}", error.source)
}
