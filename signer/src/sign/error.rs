//! `SignError`: what cannot be signed.

use std::fmt;

/// Why a request or a URL cannot be signed. The text names the thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignError(pub(super) Problem);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    NotAbsolute { url: String },
    NoHost { url: String },
    UserInfo { host: String },
    Fragment { url: String },
    NotEncoded { url: String, character: char },
    AlreadySigned { parameter: &'static str },
    Method { method: String },
    HeaderName { name: String },
    HeaderValue { name: String },
    AddedBySigning { name: String },
    Lifetime { seconds: u64 },
}

impl From<Problem> for SignError {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

#[rustfmt::skip]
impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Problem::NotAbsolute { url } => write!(f, "the URL `{url}` does not start with `http://` or `https://`"),
            Problem::NoHost { url } => write!(f, "the URL `{url}` has no host"),
            Problem::UserInfo { host } => write!(f, "the URL has a user in front of its host, `{host}`"),
            Problem::Fragment { url } => write!(f, "the URL `{url}` has a fragment, which is never sent; a `#` in a key is written `%23`"),
            Problem::NotEncoded { url, character } => write!(f, "the URL `{url}` is not percent-encoded: it has {character:?}"),
            Problem::AlreadySigned { parameter } => write!(f, "the URL has the parameter `{parameter}` already, which signing adds"),
            Problem::Method { method } => write!(f, "the method `{method}` is none"),
            Problem::HeaderName { name } => write!(f, "the header name {name:?} is none"),
            Problem::HeaderValue { name } => write!(f, "the value of the header `{name}` has a line end"),
            Problem::AddedBySigning { name } => write!(f, "the header `{name}` is given, and signing adds it"),
            Problem::Lifetime { seconds } => write!(f, "a URL is good for 1 second to 7 days (604800 seconds), not for {seconds} seconds"),
        }
    }
}

impl std::error::Error for SignError {}
