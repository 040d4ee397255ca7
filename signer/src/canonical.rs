//! From a message to the text that is signed: the canonical request and the string to sign.
//!
//! ```
//! use stuntbucket_signer::canonical::{CanonicalRequest, SignedHeaders};
//! use stuntbucket_signer::{Header, Message};
//!
//! let headers = [Header::new("Host", "examplebucket.s3.amazonaws.com")];
//! let message = Message { method: "GET", path: "/a b", query: "list-type=2", headers: &headers };
//! let names = SignedHeaders::parse("host");
//! let canonical = CanonicalRequest::new(&message, &names, b"UNSIGNED-PAYLOAD");
//! assert_eq!(
//!     canonical.to_string(),
//!     "GET\n/a%20b\nlist-type=2\nhost:examplebucket.s3.amazonaws.com\n\nhost\nUNSIGNED-PAYLOAD",
//! );
//! ```

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::fmt;

use sha2::Digest;
use sha2::Sha256;

use crate::encode;
use crate::encode::Plus;
use crate::encode::Slash;
use crate::key;
use crate::key::Signature;
use crate::message::Header;
use crate::message::Message;
use crate::scope::Scope;
use crate::scope::TERMINAL;
use crate::time::Timestamp;

/// The name of the algorithm, which stands first in every string to sign.
pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The query parameters of a presigned URL. Of each of them only the first counts.
pub(crate) const PRESIGNED_PARAMETERS: [&str; 7] = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
    "X-Amz-Security-Token",
];
/// The one that cannot cover itself.
const SIGNATURE_PARAMETER: &str = "X-Amz-Signature";

/// The names of the headers that a signature covers: lower case, sorted, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedHeaders<'a>(Vec<Cow<'a, str>>);

impl<'a> SignedHeaders<'a> {
    /// Reads a list such as `host;x-amz-date`. Order, case and repetitions do not matter.
    pub fn parse(list: &'a str) -> Self {
        Self::of_names(list.split(';').filter(|name| !name.is_empty()))
    }

    /// Reads a list that does not live long enough to be borrowed.
    pub(crate) fn parse_owned(list: &str) -> Self {
        let names = SignedHeaders::parse(list).0;
        Self(names.into_iter().map(|name| Cow::Owned(name.into_owned())).collect())
    }

    /// The names of these headers.
    pub fn of(headers: &[Header<'a>]) -> Self {
        Self::of_names(headers.iter().map(|header| header.name))
    }

    /// Whether a header is covered, whatever the case of its name.
    pub fn contains(&self, name: &str) -> bool {
        self.0.binary_search_by(|signed| ignoring_case(signed, name)).is_ok()
    }

    fn of_names(names: impl Iterator<Item = &'a str>) -> Self {
        let mut names: Vec<_> = names.map(lower_case).collect();
        names.sort_unstable();
        names.dedup();
        Self(names)
    }
}

/// The names as they stand in `SignedHeaders=`, such as `host;x-amz-date`.
impl fmt::Display for SignedHeaders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(";"))
    }
}

/// A request in the one form that is signed. Both sides make it by themselves and must agree.
#[derive(Clone, PartialEq, Eq)]
pub struct CanonicalRequest(Vec<u8>);

impl CanonicalRequest {
    /// Puts the six parts together. `payload` is the last line: the value of
    /// `x-amz-content-sha256`, or `UNSIGNED-PAYLOAD` for a URL.
    ///
    /// A signed header that the message lacks counts as a query parameter of that name if there is
    /// one, else as empty. S3 does both (recorded by LocalStack:
    /// `test_presigned_url_v4_signed_headers_in_qs`, and its cases of a missing `content-md5`).
    pub fn new(message: &Message<'_>, signed: &SignedHeaders<'_>, payload: &[u8]) -> Self {
        let path = if message.path.is_empty() { "/" } else { message.path };
        let mut text = Vec::with_capacity(512 + path.len() + message.query.len());
        text.extend_from_slice(message.method.as_bytes());
        text.push(b'\n');
        text.extend_from_slice(encode::once(path, Slash::Kept).as_bytes());
        text.push(b'\n');
        push_query(&mut text, message.query);
        text.push(b'\n');
        push_headers(&mut text, message, signed);
        text.push(b'\n');
        for (index, name) in signed.0.iter().enumerate() {
            if index > 0 {
                text.push(b';');
            }
            text.extend_from_slice(name.as_bytes());
        }
        text.push(b'\n');
        text.extend_from_slice(payload);
        Self(text)
    }

    /// The bytes that are hashed. They are UTF-8 unless a header's value is not.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The SHA-256 in lower-case hex, the last line of the string to sign.
    pub fn sha256_hex(&self) -> String {
        key::lower_hex(&Sha256::digest(&self.0).into())
    }
}

impl fmt::Display for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl fmt::Debug for CanonicalRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(&self.0), f)
    }
}

/// The text that the signing key signs, for a request.
pub fn string_to_sign(at: Timestamp, scope: &Scope, canonical: &CanonicalRequest) -> String {
    let Scope { date, region, service } = scope;
    let (at, hash) = (at.basic(), canonical.sha256_hex());
    [ALGORITHM, "\n", &at, "\n", date, "/", region, "/", service, "/", TERMINAL, "\n", &hash]
        .concat()
}

/// The text that is signed for a chunk with this SHA-256. `previous` is the signature of the chunk
/// before it, or of the request.
pub(crate) fn chunk_string_to_sign(
    at: Timestamp,
    scope: &Scope,
    previous: Signature,
    sha256: &[u8; 32],
) -> String {
    let (at, empty, sha256) = (at.basic(), Sha256::digest(b""), hex::encode(sha256));
    let empty = hex::encode(empty);
    format!("{ALGORITHM}-PAYLOAD\n{at}\n{scope}\n{previous}\n{empty}\n{sha256}")
}

/// The text that is signed for a trailer: its lines `name:value`, each with LF. `previous` is the
/// signature of the last chunk.
pub(crate) fn trailer_string_to_sign(
    at: Timestamp,
    scope: &Scope,
    previous: Signature,
    lines: &str,
) -> String {
    let (at, sha256) = (at.basic(), hex::encode(Sha256::digest(lines)));
    format!("{ALGORITHM}-TRAILER\n{at}\n{scope}\n{previous}\n{sha256}")
}

fn push_query(text: &mut Vec<u8>, query: &str) {
    let mut pairs = Vec::with_capacity(8);
    let mut is_seen = [false; PRESIGNED_PARAMETERS.len()];
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = encode::once(name, Slash::Encoded);
        if let Some(index) = PRESIGNED_PARAMETERS.iter().position(|known| *known == name) {
            // S3 lets the first of the X-Amz parameters on the wire decide and ignores another
            // (pinned by argmin's tests against AWS).
            if std::mem::replace(&mut is_seen[index], true) || name == SIGNATURE_PARAMETER {
                continue;
            }
        }
        pairs.push((name, encode::once(value, Slash::Encoded)));
    }
    pairs.sort_unstable();
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            text.push(b'&');
        }
        text.extend_from_slice(name.as_bytes());
        text.push(b'=');
        text.extend_from_slice(value.as_bytes());
    }
}

fn push_headers(text: &mut Vec<u8>, message: &Message<'_>, signed: &SignedHeaders<'_>) {
    let mut present: Vec<_> =
        message.headers.iter().filter(|header| signed.contains(header.name)).collect();
    present.sort_by(|one, other| ignoring_case(one.name, other.name));
    let mut present = present.into_iter().peekable();
    let mut parameters = None;
    for name in &signed.0 {
        text.extend_from_slice(name.as_bytes());
        text.push(b':');
        let mut is_first = true;
        while let Some(header) = present.next_if(|header| header.name.eq_ignore_ascii_case(name)) {
            if !std::mem::take(&mut is_first) {
                text.push(b',');
            }
            push_value(text, header.value);
        }
        if is_first {
            let parameters = parameters.get_or_insert_with(|| by_lower_case_name(message.query));
            if let Some(value) = parameters.get(&**name) {
                push_value(text, &encode::decode(value, Plus::Space));
            }
        }
        text.push(b'\n');
    }
}

/// The first value of each query parameter, undecoded, by its name in lower case.
fn by_lower_case_name(query: &str) -> HashMap<String, &str> {
    let mut values = HashMap::new();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = String::from_utf8_lossy(&encode::decode(name, Plus::Space)).to_ascii_lowercase();
        values.entry(name).or_insert(value);
    }
    values
}

/// Trims both ends and leaves one of several spaces; the line ends of a folded value are spaces.
fn push_value(text: &mut Vec<u8>, value: &[u8]) {
    let mut is_after_space = false;
    for &byte in value.trim_ascii() {
        let is_space = matches!(byte, b' ' | b'\r' | b'\n');
        if !is_space {
            text.push(byte);
        } else if !is_after_space {
            text.push(b' ');
        }
        is_after_space = is_space;
    }
}

fn lower_case(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

fn ignoring_case(one: &str, other: &str) -> Ordering {
    let one = one.bytes().map(|byte| byte.to_ascii_lowercase());
    one.cmp(other.bytes().map(|byte| byte.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_query(sent: &str, signed: &str) {
        let mut text = Vec::new();
        push_query(&mut text, sent);
        assert_eq!(String::from_utf8(text).unwrap(), signed, "{sent}");
    }

    #[test]
    fn queries_are_decoded_encoded_once_and_sorted() {
        check_query("", "");
        check_query("lifecycle", "lifecycle=");
        check_query("prefix=J&max-keys=2", "max-keys=2&prefix=J");
        check_query("prefix=a+b%2Bc%2f", "prefix=a%20b%2Bc%2F");
        check_query("a=2&a=1&&a", "a=&a=1&a=2");
        check_query("Param-3=3&Param=2&%E1%88%B4=1", "%E1%88%B4=1&Param=2&Param-3=3");
        check_query("b=1=2&X-Amz-Signature=00", "b=1%3D2");
    }

    #[test]
    fn of_a_presigned_parameter_the_first_counts() {
        check_query("X-Amz-Expires=9&X-Amz-Expires=1", "X-Amz-Expires=9");
        check_query(
            "X-Amz-Content-Sha256=b&X-Amz-Content-Sha256=a",
            "X-Amz-Content-Sha256=a&X-Amz-Content-Sha256=b",
        );
    }

    #[track_caller]
    fn check_headers(headers: &[(&str, &str)], query: &str, signed: &str, expected: &str) {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        let message = Message { method: "GET", path: "", query, headers: &headers };
        let mut text = Vec::new();
        push_headers(&mut text, &message, &SignedHeaders::parse(signed));
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }

    #[test]
    fn headers_are_joined_trimmed_and_sorted() {
        check_headers(
            &[("X-B", " 1  2 "), ("Host", "h:80"), ("x-b", "\"a   b\""), ("unsigned", "x")],
            "",
            "x-b;HOST;host",
            "host:h:80\nx-b:1 2,\"a b\"\n",
        );
    }

    #[test]
    fn an_absent_header_is_empty_unless_the_query_has_it() {
        check_headers(&[], "", "content-md5", "content-md5:\n");
        check_headers(&[], "X-Amz-Acl=public%2Dread", "x-amz-acl", "x-amz-acl:public-read\n");
    }
}
