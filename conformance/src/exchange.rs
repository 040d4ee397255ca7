//! `Request` and `Response`: what goes over the wire, as it is on the wire.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

use crate::bytes_text;

/// A request, signed and perhaps spoiled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The method.
    pub method: String,
    /// Scheme, host, path and query, as they are sent.
    pub url: String,
    /// Names in lower case, without `host` and `content-length`, which follow from the rest.
    pub headers: Vec<(String, String)>,
    /// The bytes after the headers.
    #[serde(with = "bytes_text")]
    pub body: Vec<u8>,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Names in lower case, in the order received.
    pub headers: Vec<(String, String)>,
    /// The bytes after the headers.
    #[serde(with = "bytes_text")]
    pub body: Vec<u8>,
}

/// A request and what came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// What was sent.
    pub request: Request,
    /// What came back; nothing if the connection failed.
    pub response: Option<Response>,
}

impl Request {
    /// The value of the first header of that name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }
}

impl Response {
    /// The value of the first header of that name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }

    /// The body as text.
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }
}

/// The request as one would write it down. A session token and a long body are cut short.
impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.url)?;
        write_rest(f, &self.headers, &self.body)
    }
}

/// The answer as one would write it down. A long body is cut short.
impl fmt::Display for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.status)?;
        write_rest(f, &self.headers, &self.body)
    }
}

/// As much of a body as a report shows.
const SHOWN_BYTES_MAX: usize = 2000;

fn write_rest(
    f: &mut fmt::Formatter<'_>,
    headers: &[(String, String)],
    body: &[u8],
) -> fmt::Result {
    for (name, value) in headers {
        if name == "x-amz-security-token" {
            writeln!(f, "{name}: (left out)")?;
        } else {
            writeln!(f, "{name}: {value}")?;
        }
    }
    let shown = &body[..body.len().min(SHOWN_BYTES_MAX)];
    if !shown.is_empty() {
        writeln!(f, "\n{}", String::from_utf8_lossy(shown))?;
    }
    if body.len() > shown.len() {
        writeln!(f, "({} bytes in all)", body.len())?;
    }
    Ok(())
}

fn first<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_token_and_a_long_body_are_cut_short() {
        let request = Request {
            method: "PUT".to_owned(),
            url: "http://localhost/b/k".to_owned(),
            headers: vec![("x-amz-security-token".to_owned(), "FQoGsecret".to_owned())],
            body: vec![b'a'; 3000],
        };
        let shown = request.to_string();
        assert!(shown.starts_with("PUT http://localhost/b/k\n"), "{shown}");
        assert!(!shown.contains("FQoG"), "{shown}");
        assert!(shown.ends_with("(3000 bytes in all)\n"), "{shown}");
    }
}
