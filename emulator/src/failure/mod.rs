//! A failed request: S3's error for the client, and the explanation for a person.

mod table;

use std::borrow::Cow;

use http::HeaderName;
use http::HeaderValue;
use stuntbucket_signer::S3Error;
use stuntbucket_signer::verify::Refusal;

pub(crate) use self::table::Fault;
use crate::explanation::Explanation;
use crate::policy::PolicyError;
use crate::store::StoreError;

/// A failed request.
#[derive(Debug)]
pub(crate) struct Failure {
    /// What the client is told.
    pub(crate) error: S3Error,
    /// Further elements of the error's XML, in the order in which S3 sends them.
    pub(crate) elements: Vec<(&'static str, String)>,
    /// Headers that S3 adds to this answer, such as `x-amz-bucket-region`.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The explanation, which goes to the journal and the log, and never to the client.
    pub(crate) note: Option<Box<Explanation>>,
    /// The signer's evidence, for whoever wants to lay both sides next to each other.
    pub(crate) refusal: Option<Box<Refusal>>,
    /// Whose error document it is.
    pub(crate) service: Service,
    /// How the error document begins.
    pub(crate) prolog: Prolog,
}

/// The services that this emulator plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    S3,
    Sts,
}

/// What stands before the root of an error document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Prolog {
    /// The XML declaration.
    Declaration,
    Nothing,
}

impl Failure {
    fn new(error: S3Error) -> Self {
        Self {
            error,
            elements: Vec::new(),
            headers: Vec::new(),
            note: None,
            refusal: None,
            service: Service::S3,
            prolog: Prolog::Declaration,
        }
    }

    /// Adds an element of the error's XML, such as `<Key>`.
    pub(crate) fn with(mut self, element: &'static str, text: impl Into<String>) -> Self {
        self.elements.push((element, text.into()));
        self
    }

    /// Adds a header of the answer. Text that cannot stand in a header is left out.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// The same, told by STS.
    pub(crate) fn in_sts(mut self) -> Self {
        self.service = Service::Sts;
        self
    }

    /// The same in a document without an XML declaration.
    pub(crate) fn undeclared(mut self) -> Self {
        self.prolog = Prolog::Nothing;
        self
    }

    /// Explains the failure to a person.
    pub(crate) fn because(mut self, note: impl Into<Explanation>) -> Self {
        self.note = Some(Box::new(note.into()));
        self
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self {
            elements: refusal.elements(),
            note: Some(Box::new(refusal.explanation().into())),
            ..Self::new(refusal.s3_error())
        }
        .with_refusal(Box::new(refusal))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Fault::Internal.because(format!("{error}: {}", error.source))
    }
}

impl From<Box<Refusal>> for Failure {
    fn from(refusal: Box<Refusal>) -> Self {
        Self::from(*refusal)
    }
}

impl Failure {
    fn with_refusal(mut self, refusal: Box<Refusal>) -> Self {
        self.refusal = Some(refusal);
        self
    }
}

impl Fault {
    /// The situation as a failed request.
    pub(crate) fn failure(self) -> Failure {
        Failure::new(self.row())
    }

    /// The same with an element of the error's XML.
    pub(crate) fn with(self, element: &'static str, text: impl Into<String>) -> Failure {
        self.failure().with(element, text)
    }

    /// The same with an explanation for a person.
    pub(crate) fn because(self, note: impl Into<Explanation>) -> Failure {
        self.failure().because(note)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        fault.failure()
    }
}

impl Failure {
    /// Why, in one text: the explanation, else the code.
    pub(crate) fn reason(&self) -> String {
        self.note.as_ref().map_or_else(|| self.error.code.to_owned(), ToString::to_string)
    }
}

/// `InvalidArgument`, whose message is a different one in every situation.
pub(crate) fn invalid_argument(
    message: impl Into<Cow<'static, str>>,
    name: &'static str,
) -> Failure {
    saying("InvalidArgument", 400, message).with("ArgumentName", name)
}

/// `InvalidRequest`, whose message is a different one in every situation.
pub(crate) fn invalid_request(message: impl Into<Cow<'static, str>>) -> Failure {
    saying("InvalidRequest", 400, message)
}

/// `BadDigest`, whose message names the algorithm.
pub(crate) fn bad_digest(message: impl Into<Cow<'static, str>>) -> Failure {
    saying("BadDigest", 400, message)
}

/// `AccessDenied` with another message than `Access Denied`.
pub(crate) fn access_denied(message: impl Into<Cow<'static, str>>) -> Failure {
    saying("AccessDenied", 403, message)
}

/// `MalformedPolicy`, whose message says what is wrong with it.
pub(crate) fn malformed_policy(error: &PolicyError) -> Failure {
    saying("MalformedPolicy", 400, error.message()).because(error.to_string())
}

/// Any other error whose message is made for the occasion.
pub(crate) fn saying(
    code: &'static str,
    status: u16,
    message: impl Into<Cow<'static, str>>,
) -> Failure {
    Failure::new(S3Error { code, status, message: message.into() })
}
