//! Events into a file, one document a line.

use std::fs::File;
use std::io::Write;
use std::sync::mpsc::Receiver;

use super::Event;

/// Appends until nothing more comes. Each line is written as a whole.
pub(super) fn deliver(mut file: File, events: Receiver<Event>) {
    for event in events {
        let line = format!("{}\n", event.document);
        if let Err(error) = file.write_all(line.as_bytes()) {
            tracing::error!("an event could not be written to the events file: {error}");
        }
    }
}
