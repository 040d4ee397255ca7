//! An Amazon S3 for your tests that says no where S3 would say no, and tells you why.
//!
//! ```
//! use stuntbucket::Stuntbucket;
//!
//! let s3 = Stuntbucket::builder().bucket("photos").start()?;
//!
//! // Point any S3 client at `s3.endpoint()` with `s3.credentials()`; then look:
//! s3.put_object("photos", "cat.jpg", "meow")?;
//! assert_eq!(s3.object("photos", "cat.jpg")?.as_deref(), Some(&b"meow"[..]));
//! assert!(s3.journal().entries().is_empty(), "{}", s3.journal());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An emulator is a value: its own port, keys, buckets, clock and journal. It is ready when
//! [`Stuntbucket::start`] returns, works in a plain `#[test]` and under any async runtime, stops
//! when it is dropped, and leaves nothing behind.
//!
//! Signatures, expiry, POST policies, ACLs, bucket and identity policies, object ownership and Block
//! Public Access are enforced as S3 enforces them today; [`StuntbucketBuilder::relax`] switches a check off, by name and
//! loudly. Why a request was refused stands in [`Stuntbucket::journal`].

// The edge.
mod config;
mod emulator;
mod inspector;
mod pipeline;
mod server;

// The way of a request.
mod answer;
mod authenticate;
mod authorize;
mod cross_origin;
mod operations;
mod place;
mod policy;
mod request;
mod route;
mod store;
mod sts;

// What the rooms share.
mod body;
mod clock;
mod digest;
mod events;
mod explanation;
mod failure;
mod ids;
mod journal;
mod keyring;
mod names;
mod notes;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod offline;
mod relaxation;
mod world;
mod xml;

pub use stuntbucket_signer::Credentials;
pub use stuntbucket_signer::SecretKey;
pub use stuntbucket_signer::Timestamp;
pub use stuntbucket_signer::verify::Certainty;
pub use stuntbucket_signer::verify::Compared;
pub use stuntbucket_signer::verify::ConditionOutcome;
pub use stuntbucket_signer::verify::ConditionTest;
pub use stuntbucket_signer::verify::Diff;
pub use stuntbucket_signer::verify::DiffLine;
pub use stuntbucket_signer::verify::JudgedCondition;
pub use stuntbucket_signer::verify::Side;

pub use self::clock::Clock;
pub use self::config::Bucket;
pub use self::emulator::Access;
pub use self::emulator::AccessError;
pub use self::emulator::ObjectVersion;
pub use self::emulator::StartError;
pub use self::emulator::StartErrorKind;
pub use self::emulator::StoreFailure;
pub use self::emulator::Stuntbucket;
pub use self::emulator::StuntbucketBuilder;
pub use self::emulator::UserError;
pub use self::events::Event;
pub use self::events::Events;
pub use self::explanation::DecidedBy;
pub use self::explanation::Decision;
pub use self::explanation::Explanation;
pub use self::explanation::Miss;
pub use self::explanation::NearestRule;
pub use self::journal::Entry;
pub use self::journal::Journal;
pub use self::keyring::DEFAULT_ACCESS_KEY;
pub use self::keyring::DEFAULT_ACCOUNT;
pub use self::keyring::DEFAULT_SECRET_KEY;
pub use self::keyring::KeyStatus;
pub use self::keyring::User;
pub use self::names::CannedAcl;
pub use self::names::CanonicalId;
pub use self::names::CorsMethod;
pub use self::names::CorsRule;
pub use self::names::ObjectOwnership;
pub use self::names::PublicAccessBlock;
pub use self::relaxation::Relaxation;

/// The examples of the documents run too.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../../README.md")]
    struct Readme;
    #[doc = include_str!("../../docs/embedding.md")]
    struct Embedding;
}
