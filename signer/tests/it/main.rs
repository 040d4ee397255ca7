//! The signer from outside: published vectors, refusals, round trips and a foreign signer.

/// Bodies in chunks: round trips, and what is refused.
mod chunks;
/// Texts, keys and files that several modules use.
mod common;
/// What a foreign signer signs, we accept.
mod peers;
/// One file a refusal.
mod refusals;
/// What is switched off is accepted, and noted.
mod relaxed;
/// What we sign we accept; change any byte and we refuse.
mod round_trip;
/// Which mistake makes a foreign signature, found by trying.
mod suspects;
/// Signature Version 2.
mod v2;
/// The documentation's examples and the published suite.
mod vectors;
