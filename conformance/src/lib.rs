//! The same S3 flows on the emulator and on any endpoint, with a report of every difference.
//!
//! A [`Flow`] is data: requests, who sends them, what is spoiled on the way, and what S3 answers. It does
//! not know where it runs. A [`Target`] is an S3 to talk to. A [`Suite`] runs flows on a target and
//! cleans up; a [`Report`] says what came of it, held against what the target is [`Known`] to do
//! otherwise.
//!
//! To run the flows from your own tests, on an S3 of yours:
//!
//! ```no_run
//! use stuntbucket_conformance::{Addressing, Endpoint, EndpointTarget, Known, Report, Suite, flows};
//! use stuntbucket_signer::Credentials;
//!
//! let mut target = EndpointTarget::new(Endpoint {
//!     name: "mine".to_owned(),
//!     url: "http://127.0.0.1:9000".to_owned(),
//!     region: "us-east-1".to_owned(),
//!     addressing: Addressing::Path,
//!     owner: Credentials::new("AKIASTUNTBUCKET00001", "stuntbucket-secret-key-for-tests-only-00"),
//!     stranger: None,
//!     websites: None,
//!     without: Vec::new(),
//!     settle_seconds: 0,
//! })?;
//! let all = flows::all();
//! let run = Suite::new(all.clone()).run(&mut target, &|| false, &mut |_| ())?;
//! let known = Known::default();
//! let judgement = known.judge(&run, &all);
//! let report = Report { run: &run, known: &known, judgement: &judgement };
//! assert!(judgement.is_good(), "{}", report.text());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bytes_text;
mod check;
mod client;
mod compare;
mod compose;
mod emulator;
mod endpoint;
mod exchange;
mod fill;
mod flow;
mod housekeeping;
mod known;
mod profile;
mod record;
mod report;
mod run;
#[cfg(test)]
mod scripted;
mod suite;
mod target;
mod xml;

pub mod flows;

pub use self::compare::Difference;
pub use self::compare::differences;
pub use self::emulator::EmulatorTarget;
pub use self::endpoint::Endpoint;
pub use self::endpoint::EndpointTarget;
pub use self::endpoint::NotAnEndpoint;
pub use self::exchange::Exchange;
pub use self::exchange::Request;
pub use self::exchange::Response;
pub use self::fill::Names;
pub use self::flow::Account;
pub use self::flow::Body;
pub use self::flow::Bucket;
pub use self::flow::Expect;
pub use self::flow::Feature;
pub use self::flow::File;
pub use self::flow::Flow;
pub use self::flow::Form;
pub use self::flow::Identity;
pub use self::flow::Payload;
pub use self::flow::Place;
pub use self::flow::Service;
pub use self::flow::Spoil;
pub use self::flow::Step;
pub use self::flow::Text;
pub use self::known::Judgement;
pub use self::known::Known;
pub use self::known::NotKnown;
pub use self::known::Rotten;
pub use self::profile::Environment;
pub use self::profile::NoProfile;
pub use self::profile::Profile;
pub use self::profile::find as find_profile;
pub use self::record::About;
pub use self::record::BadRecording;
pub use self::record::Recorded;
pub use self::record::Recording;
pub use self::report::Report;
pub use self::run::Deviation;
pub use self::run::Entry;
pub use self::run::Outcome;
pub use self::suite::CannotRun;
pub use self::suite::End;
pub use self::suite::Run;
pub use self::suite::Suite;
pub use self::target::Addressing;
pub use self::target::Target;
pub use self::target::Website;
