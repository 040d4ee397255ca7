//! The emulator as its users see it: over the wire, in a test, on the command line.

mod asks; // each operation that needs a permission asks for it
mod client; // a small HTTP client that sends what it is told, byte for byte
mod embedding; // the API for tests
mod form; // what a browser sends
mod lock; // object lock: retention, legal hold, bypass, by the clock
#[cfg(feature = "cli")]
mod program; // the binary: facts, ready file, clean stop, bad flags
#[cfg(feature = "cli")]
mod restart; // what was answered survives kill -9
mod versions; // versions: kept, suspended, listed, hidden, removed
mod wire; // heads, bodies that end early, early refusals
