//! Signs and verifies requests, presigned URLs and POST forms of Amazon S3. No I/O, no clock, no
//! async: the time and the keys are arguments.
//!
//! A client signs:
//!
//! ```
//! use stuntbucket_signer::{Credentials, Timestamp, sign};
//!
//! let credentials = Credentials::new("AKIDEXAMPLE", "a secret");
//! let now = Timestamp::parse_iso("2026-01-01T12:00:00Z").unwrap();
//! let cat = "https://photos.s3.us-east-1.amazonaws.com/cat.jpg";
//! let url = sign::presign_url("GET", cat, &[], 3600, &credentials, "us-east-1", now)?;
//! assert!(url.starts_with("https://photos.s3.us-east-1.amazonaws.com/cat.jpg?X-Amz-Algorithm="));
//! # Ok::<(), sign::SignError>(())
//! ```
//!
//! And a server verifies what arrives, here an hour and a second later:
//!
//! ```
//! use std::sync::Arc;
//!
//! use stuntbucket_signer::verify::{self, Key, Keys, Rules, Verdict};
//! use stuntbucket_signer::{Credentials, Header, Message, SecretKey, Timestamp, sign};
//!
//! struct OneKey;
//!
//! impl Keys for OneKey {
//!     fn find(&self, access_key_id: &str) -> Option<Arc<Key>> {
//!         let key = Key { secret: SecretKey::new("a secret"), session: None };
//!         (access_key_id == "AKIDEXAMPLE").then(|| Arc::new(key))
//!     }
//! }
//!
//! # let credentials = Credentials::new("AKIDEXAMPLE", "a secret");
//! # let now = Timestamp::parse_iso("2026-01-01T12:00:00Z").unwrap();
//! # let cat = "https://photos.s3.us-east-1.amazonaws.com/cat.jpg";
//! # let url = sign::presign_url("GET", cat, &[], 3600, &credentials, "us-east-1", now)?;
//! # let (_, query) = url.split_once('?').unwrap();
//! let headers = [Header::new("Host", "photos.s3.us-east-1.amazonaws.com")];
//! let message = Message { method: "GET", path: "/cat.jpg", query, headers: &headers };
//! let mut rules = Rules::new("us-east-1", now);
//! assert!(matches!(verify::request(&message, &OneKey, &rules), Verdict::Accepted(_)));
//!
//! rules.now = now.plus_seconds(3601);
//! let Verdict::Refused(refusal) = verify::request(&message, &OneKey, &rules) else { panic!() };
//! assert_eq!(refusal.s3_error().message, "Request has expired");
//! assert_eq!(
//!     refusal.to_string(),
//!     "The URL was good for 3600 s (60 min) until 2026-01-01T13:00:00Z, and is used at \
//!      2026-01-01T13:00:01Z, 1 s later. Presign a new one, or for longer.",
//! );
//! # Ok::<(), sign::SignError>(())
//! ```

mod canonical_v2;
mod credentials;
mod key;
mod message;
mod payload;
mod s3_error;
mod scope;
mod time;

pub mod canonical;
pub mod encode;
pub mod sign;
pub mod verify;

pub use self::credentials::Credentials;
pub use self::credentials::SecretKey;
pub use self::key::Signature;
pub use self::key::SigningKey;
pub use self::message::Header;
pub use self::message::Message;
pub use self::payload::Payload;
pub use self::s3_error::S3Error;
pub use self::scope::Scope;
pub use self::time::NotATime;
pub use self::time::Timestamp;
