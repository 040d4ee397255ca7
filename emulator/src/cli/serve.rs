//! `serve`: an emulator that runs until it is told to stop.

use std::pin::pin;

use futures_util::future;
use futures_util::future::Either;
use stuntbucket::StartError;
use stuntbucket::StartErrorKind;
use stuntbucket::Stuntbucket;
use tokio::runtime;
use tokio::runtime::Runtime;

use super::CliError;
use super::ca_file::CaFile;
use super::config_file::ConfigFile;
use super::environment::Environment;
use super::facts::Facts;
use super::log;
use super::ready_file::ReadyFile;
use super::serve_flags::ServeFlags;
use super::settings::Settings;
use super::signals::Signals;

/// Starts an emulator, says what it is, and ends when a signal asks for it.
pub(crate) fn run(flags: &ServeFlags, environment: &Environment) -> Result<(), CliError> {
    let file = flags.config.as_deref().map(ConfigFile::read).transpose()?;
    let settings = Settings::new(flags, file.unwrap_or_default());
    log::start(flags.log, environment)?;
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::Failed(format!("cannot start a runtime: {error}")))?;
    // A signal that comes while the emulator starts is not lost, and the ready file not left.
    let mut signals = {
        let _context = runtime.enter();
        Signals::catch()
            .map_err(|error| CliError::Failed(format!("cannot catch signals: {error}")))?
    };
    let ready_file = flags.ready_file.as_deref();
    ready_file.map_or(Ok(()), ReadyFile::remove)?;
    let emulator = settings.builder()?.start()?;
    let ca = emulator.ca_certificate().map(|pem| CaFile::write(pem, settings.data.as_deref()));
    let ca_file = ca.transpose()?;
    let ca = ca_file.as_ref().map(CaFile::path);
    for check in &settings.relaxed {
        tracing::warn!("`{check}` is relaxed: what fails this check alone is accepted");
    }
    ready_file.map_or(Ok(()), |path| ReadyFile::of(&emulator, ca).write(path))?;
    let facts = Facts::of(&emulator, &settings, ca, environment.program());
    super::print(&facts.written(flags.log)?)?;
    runtime.block_on(signals.next());
    ready_file.map_or(Ok(()), ReadyFile::remove)?;
    stop(emulator, runtime, signals)
}

/// Waits until what is in flight is answered, or until a second signal comes.
fn stop(emulator: Stuntbucket, runtime: Runtime, mut signals: Signals) -> Result<(), CliError> {
    tracing::info!("stopping; a second signal ends it at once");
    let shutdown = runtime.spawn_blocking(move || emulator.shutdown());
    let second = pin!(signals.next());
    let ended = match runtime.block_on(future::select(shutdown, second)) {
        Either::Left((ended, _)) => ended.map_err(|error| CliError::Failed(error.to_string())),
        Either::Right(_) => Err(CliError::Failed("stopped before all was answered".to_owned())),
    };
    // A shutdown that still waits must not hold up the end.
    runtime.shutdown_background();
    ended
}

impl From<StartError> for CliError {
    fn from(error: StartError) -> Self {
        match error.kind() {
            StartErrorKind::Config => Self::Usage(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}
