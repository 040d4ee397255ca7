//! Ctrl-C: the run stops before its next step and cleans up; a second one ends the process at once.

use std::process;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use super::CliError;

static STOPPED: AtomicBool = AtomicBool::new(false);

/// What a shell expects of a process that ended by Ctrl-C.
const EXIT_INTERRUPTED: i32 = 130;

/// Listens for Ctrl-C from now on.
pub(super) fn listen() -> Result<(), CliError> {
    let handler = || {
        if STOPPED.swap(true, Ordering::SeqCst) {
            process::exit(EXIT_INTERRUPTED);
        }
        eprintln!("stopping: cleaning up first (once more to leave the run's bucket behind)");
    };
    match ctrlc::set_handler(handler) {
        // Both sides of a comparison are stopped by one handler.
        Ok(()) | Err(ctrlc::Error::MultipleHandlers) => Ok(()),
        Err(error) => Err(CliError::from_error(&error)),
    }
}

/// Whether Ctrl-C was pressed.
pub(super) fn is_stopped() -> bool {
    STOPPED.load(Ordering::SeqCst)
}
