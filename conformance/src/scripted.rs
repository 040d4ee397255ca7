//! A target for this crate's own tests, which answers from a script.

use std::collections::VecDeque;
use std::io;

use stuntbucket_signer::Credentials;
use stuntbucket_signer::Timestamp;

use crate::exchange::Request;
use crate::exchange::Response;
use crate::flow::Account;
use crate::flow::Feature;
use crate::target::Addressing;
use crate::target::Target;
use crate::target::Website;

/// Answers with what it was told to, and keeps what it was asked.
#[derive(Debug)]
pub(crate) struct Scripted {
    pub(crate) answers: VecDeque<io::Result<Response>>,
    pub(crate) asked: Vec<Request>,
    pub(crate) lacking: Vec<Feature>,
    pub(crate) now: Timestamp,
}

impl Default for Scripted {
    fn default() -> Self {
        Self {
            answers: VecDeque::new(),
            asked: Vec::new(),
            lacking: Vec::new(),
            now: Timestamp::from_unix(1_767_225_600),
        }
    }
}

impl Scripted {
    /// A target that gives these answers, one after the other.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Response>) -> Self {
        Self { answers: answers.into_iter().map(Ok).collect(), ..Self::default() }
    }
}

/// An answer of a status and a body.
pub(crate) fn answer(status: u16, body: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "application/xml".to_owned())];
    Response { status, headers, body: body.as_bytes().to_vec() }
}

impl Target for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    fn endpoint(&self) -> &'static str {
        "http://127.0.0.1:9000"
    }

    fn region(&self) -> &'static str {
        "us-east-1"
    }

    fn addressing(&self) -> Addressing {
        Addressing::Path
    }

    fn lacks(&self, feature: Feature) -> Option<String> {
        self.lacking.contains(&feature).then(|| "the script says so".to_owned())
    }

    fn credentials(&self, _: Account) -> Option<Credentials> {
        Some(Credentials::new("AKIASTUNTBUCKET00001", "secret"))
    }

    fn website(&self, bucket: &str) -> Option<Website> {
        Some(Website { url: format!("http://{bucket}.s3-website.test"), host: None })
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn advance(&mut self, seconds: u64) {
        self.now = self.now.plus_seconds(i64::try_from(seconds).unwrap());
    }

    fn send(&mut self, request: &Request) -> io::Result<Response> {
        self.asked.push(request.clone());
        self.answers
            .pop_front()
            .unwrap_or_else(|| Err(io::Error::other("the script is at its end")))
    }
}
