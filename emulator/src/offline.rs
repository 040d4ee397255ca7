//! What can be said of a request without an emulator: where it leads, and what its form holds. For
//! the program's own tools; no part of the library's interface.

use std::net::Ipv4Addr;
use std::net::SocketAddr;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::StreamExt;
use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;
use http::Method;
use http::StatusCode;
use stuntbucket_signer::S3Error;

use crate::explanation::Explanation;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::request::Arrived;
use crate::request::Domains;
use crate::request::Framing;
use crate::request::HostKind;
use crate::request::Region;
use crate::request::Request;
use crate::request::Scheme;
use crate::request::Style;
use crate::request::check_key_length;
use crate::request::form::Form;
use crate::request::form::missing_field;
use crate::route;

/// The head of a request.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// As sent.
    pub method: &'a str,
    /// As sent, percent-encoded.
    pub path: &'a str,
    /// As sent, without the question mark.
    pub query: &'a str,
    /// As sent, with `Host`.
    pub headers: &'a [(String, String)],
}

/// Where a request leads.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The operation, if this emulator has it.
    pub operation: Option<&'static str>,
    /// The bucket.
    pub bucket: Option<String>,
    /// The key, decoded.
    pub key: Option<String>,
    /// The region that the host names.
    pub region: Option<String>,
    /// Whether the host is `s3.amazonaws.com`, where buckets of every region are found.
    pub is_global: bool,
    /// Whether the bucket stands before the host.
    pub is_virtual_hosted: bool,
    /// Whether the host is one of S3's, of the base domains, or an address.
    pub is_known_host: bool,
    /// What S3 answers before it looks at a signature.
    pub refused: Option<Refused>,
}

/// An answer of S3 that is none of the signer's.
#[derive(Clone, Debug)]
pub struct Refused {
    /// What the client is told.
    pub error: S3Error,
    /// The explanation.
    pub note: Option<Box<Explanation>>,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self { error: failure.error, note: failure.note }
    }
}

/// Finds out where a request leads. `bases` are the base domains besides those of Amazon S3.
pub fn asked(head: &Head<'_>, bases: &[String], region: &str) -> Asked {
    let request = match request(head, bases, region) {
        Ok(request) => request,
        Err(failure) => return Asked { refused: Some(failure.into()), ..Asked::default() },
    };
    let (operation, refused) = match route::find(&request) {
        Ok(row) => (Some(row.operation.name()), None),
        // What only this emulator lacks is no refusal of S3.
        Err(failure) if failure.error.status == StatusCode::NOT_IMPLEMENTED => (None, None),
        Err(failure) => (None, Some(failure.into())),
    };
    Asked {
        operation,
        bucket: request.bucket().map(str::to_owned),
        key: request.address.target.key().map(str::to_owned),
        region: match &request.address.region {
            Region::Named(region) => Some(region.clone()),
            Region::Global | Region::Unnamed => None,
        },
        is_global: request.address.region == Region::Global,
        is_virtual_hosted: request.address.style == Style::VirtualHosted,
        is_known_host: request.address.host == HostKind::Known,
        refused,
    }
}

fn request(head: &Head<'_>, bases: &[String], region: &str) -> Result<Request, Failure> {
    let mut headers = HeaderMap::new();
    for (name, value) in head.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        // What no server could receive says nothing about where a request leads.
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value.trim())) {
            headers.append(name, value);
        }
    }
    let arrived = Arrived {
        method: Method::from_bytes(head.method.as_bytes()).unwrap_or_default(),
        path: head.path.to_owned(),
        query: Some(head.query.to_owned()),
        headers,
        body: Box::pin(futures_util::stream::empty()),
        framing: Framing::None,
        scheme: Scheme::Http,
        tls: None,
        peer: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
    };
    Ok(Request::read(arrived, &Domains { bases, region }, &|_| false)?.0)
}

/// What a form holds.
#[derive(Clone, Debug, Default)]
pub struct FormContent {
    /// The fields before the file, with `${filename}` replaced.
    pub fields: Vec<(String, String)>,
    /// The size of the file.
    pub file_bytes: u64,
}

/// Reads the body of a form, of that `Content-Type`.
pub fn form_of(content_type: &str, body: Vec<u8>) -> Result<FormContent, Refused> {
    let headers = [("content-type".to_owned(), content_type.to_owned())];
    let head = Head { method: "POST", path: "/", query: "", headers: &headers };
    let read = async {
        let request = request(&head, &[], "")?;
        let pieces = futures_util::stream::iter([Ok(Bytes::from(body))]);
        let (form, mut file) = Form::read(&request, Box::pin(pieces)).await?;
        let mut file_bytes = 0;
        while let Some(piece) = file.next().await {
            file_bytes += piece?.len() as u64;
        }
        file.finish().await?;
        Ok(FormContent { fields: form.fields, file_bytes })
    };
    // The body is there, so there is nothing to wait for.
    let waiting = || Err(Fault::MalformedPostRequest.because("the form does not end"));
    read.now_or_never().unwrap_or_else(waiting).map_err(|failure: Failure| failure.into())
}

/// What S3 answers to the key that a form names, before it looks at the policy or after.
pub fn judge_form_key(fields: &[(String, String)]) -> Option<Refused> {
    let key = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("key"));
    let failure = match key.map(|(_, key)| key.as_str()) {
        None => missing_field("key").because("the form has no field `key` before its file"),
        Some("") => invalid_argument("User key must have a length greater than 0.", "key")
            .because("the field `key` is empty"),
        Some(key) => check_key_length(key).err()?,
    };
    Some(failure.into())
}

/// What S3 answers to a form that is not sent as `multipart/form-data`.
pub fn judge_form_type(content_type: &str) -> Option<Refused> {
    let refused = form_of(&format!("{content_type}; boundary=b"), Vec::new()).err()?;
    (refused.error.status == StatusCode::PRECONDITION_FAILED).then_some(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_leads_somewhere_without_an_emulator() {
        let headers = [("Host".to_owned(), "photos.s3.eu-west-1.amazonaws.com".to_owned())];
        let head = Head { method: "GET", path: "/a%20b", query: "", headers: &headers };
        let found = asked(&head, &[], "us-east-1");
        assert_eq!(found.operation, Some("GetObject"));
        assert_eq!((found.bucket.as_deref(), found.key.as_deref()), (Some("photos"), Some("a b")));
        assert_eq!(found.region.as_deref(), Some("eu-west-1"));
        assert!(found.is_virtual_hosted && found.is_known_host && found.refused.is_none());
        let head = Head { path: "/%zz", ..head };
        assert_eq!(asked(&head, &[], "us-east-1").refused.unwrap().error.code, "InvalidURI");
    }

    #[test]
    fn a_form_is_read_to_its_end() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na/${filename}\r\n\
                    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"c.txt\"\r\n\r\n\
                    meow\r\n--b--\r\n";
        let form = form_of("multipart/form-data; boundary=b", body.into()).unwrap();
        assert_eq!(form.fields, [("key".to_owned(), "a/c.txt".to_owned())]);
        assert_eq!(form.file_bytes, 4);
        let refused = form_of("multipart/form-data; boundary=b", b"--b\r\n".to_vec()).unwrap_err();
        assert_eq!(refused.error.code, "MalformedPOSTRequest");
        assert!(judge_form_type("multipart/form-data").is_none());
        assert_eq!(judge_form_type("text/plain").unwrap().error.status, 412);
    }
}
