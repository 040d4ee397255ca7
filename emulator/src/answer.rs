//! What goes back; the only writer of `<Error>`.

use bytes::Bytes;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::body::Body;
use crate::failure::Failure;
use crate::failure::Prolog;
use crate::failure::Service;
use crate::ids::RequestIds;
use crate::xml::Xml;

/// A response, without hyper.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

/// A failed request whose answer may be there already, if it is not an `<Error>`.
pub(crate) struct Refused {
    pub(crate) failure: Failure,
    pub(crate) page: Option<Box<Answer>>,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self { failure, page: None }
    }
}

impl Answer {
    /// An answer without a body.
    pub(crate) fn empty(status: StatusCode) -> Self {
        Self { status, headers: HeaderMap::new(), body: Body::Empty }
    }

    /// An answer with an XML document.
    pub(crate) fn xml(status: StatusCode, document: String) -> Self {
        Self::text(status, "application/xml", document)
    }

    /// An answer with a text of this media type.
    pub(crate) fn text(status: StatusCode, media_type: &'static str, text: String) -> Self {
        let mut answer = Self::untyped(status, text);
        answer.headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        answer
    }

    /// An answer with a text of which no media type is told: S3 has none for versioning, tags, Block
    /// Public Access and the encryption of buckets (captured from AWS in 2026).
    pub(crate) fn untyped(status: StatusCode, text: String) -> Self {
        let body = Body::Whole(Bytes::from(text));
        Self { body, ..Self::empty(status) }
    }

    /// The same with a header. Text that cannot stand in a header is left out.
    pub(crate) fn with(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        self.add(name, value);
        self
    }

    /// Sets a header by its name in lower case. Text that cannot stand in one is left out.
    pub(crate) fn add(&mut self, name: &'static str, value: impl AsRef<[u8]>) {
        self.set(HeaderName::from_static(name), value);
    }

    /// Sets a header. Text that cannot stand in a header is left out.
    pub(crate) fn set(&mut self, name: HeaderName, value: impl AsRef<[u8]>) {
        if let Ok(value) = HeaderValue::from_bytes(value.as_ref()) {
            self.headers.insert(name, value);
        }
    }

    /// What S3, or STS, answers to a failed request.
    pub(crate) fn from_failure(failure: &Failure, ids: &RequestIds) -> Self {
        let status =
            StatusCode::from_u16(failure.error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = match failure.service {
            Service::S3 => Self::xml(status, s3_error(failure, ids)),
            Service::Sts => Self::text(status, "text/xml", sts_error(failure, ids))
                .with("x-amzn-requestid", ids.uuid()),
        };
        for (name, value) in &failure.headers {
            answer.headers.insert(name.clone(), value.clone());
        }
        answer
    }
}

fn s3_error(failure: &Failure, ids: &RequestIds) -> String {
    let mut xml = match failure.prolog {
        Prolog::Declaration => Xml::document(),
        Prolog::Nothing => Xml::fragment(),
    };
    xml.open("Error");
    xml.leaf("Code", failure.error.code);
    xml.leaf("Message", &failure.error.message);
    for (element, text) in &failure.elements {
        xml.leaf(element, text);
    }
    xml.leaf("RequestId", &ids.request_id);
    xml.leaf("HostId", &ids.host_id);
    xml.close();
    xml.finish()
}

/// The namespace of STS's documents.
pub(crate) const STS_NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

fn sts_error(failure: &Failure, ids: &RequestIds) -> String {
    let is_ours = failure.error.status >= 500;
    let mut xml = Xml::document();
    xml.open_with("ErrorResponse", &[("xmlns", STS_NAMESPACE)]);
    xml.open("Error");
    xml.leaf("Type", if is_ours { "Receiver" } else { "Sender" });
    xml.leaf("Code", failure.error.code);
    xml.leaf("Message", &failure.error.message);
    xml.close();
    xml.leaf("RequestId", ids.uuid());
    xml.finish()
}
