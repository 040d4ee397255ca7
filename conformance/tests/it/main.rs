//! The flows and the binary as a user sees them.

mod binary; // Exit codes and output of `stuntbucket-conformance`.
mod emulator; // All flows pass on the emulator.
