//! The text that is signed with Signature Version 2.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::encode;
use crate::encode::Plus;
use crate::message::Message;

/// The parameters that belong to the resource. They are documented in "Signing and Authenticating REST Requests", or signed by the AWS SDKs.
const SUBRESOURCES: [&str; 34] = [
    "accelerate",
    "acl",
    "analytics",
    "cors",
    "delete",
    "inventory",
    "lifecycle",
    "location",
    "logging",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "replication",
    "requestPayment",
    "response-cache-control",
    "response-content-disposition",
    "response-content-encoding",
    "response-content-language",
    "response-content-type",
    "response-expires",
    "restore",
    "select",
    "select-type",
    "storageClass",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
];

/// Where the signature travels, and with it the time.
#[derive(Clone, Debug)]
pub(crate) enum Carrier<'a> {
    /// In `Authorization`; the time is `x-amz-date` or `Date`.
    Header,
    /// In the query; the time is `Expires`.
    Query { expires: Cow<'a, str> },
}

/// The lines of the string to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StringToSign {
    pub(crate) method: String,
    pub(crate) content_md5: Vec<u8>,
    pub(crate) content_type: Vec<u8>,
    pub(crate) date: Vec<u8>,
    /// By name in lower case.
    pub(crate) amz: BTreeMap<String, Vec<u8>>,
    pub(crate) path: String,
    /// In order, decoded; `None` is no value.
    pub(crate) subresources: Vec<(String, Option<String>)>,
}

impl StringToSign {
    /// Puts the lines together. `host_bucket` is the bucket, if it stands in the host.
    ///
    /// In a URL every `x-amz-*` parameter counts as a header, and so do `content-type` and
    /// `content-md5` if the request does not have these headers; botocore and the SDKs for
    /// JavaScript put them there. The header is what counts where both are (recorded by
    /// LocalStack: `test_s3_put_presigned_url_with_different_headers`).
    pub(crate) fn new(
        message: &Message<'_>,
        host_bucket: Option<&str>,
        carrier: &Carrier<'_>,
    ) -> Self {
        let is_query = matches!(carrier, Carrier::Query { .. });
        let parameters = if is_query { decoded(message.query) } else { Vec::new() };
        let value = |name: &str| match message.header(name) {
            Some(value) => unfolded(value),
            None => parameters
                .iter()
                .find(|(other, _)| other.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.clone().unwrap_or_default().into_bytes())
                .unwrap_or_default(),
        };
        let date = match carrier {
            Carrier::Query { expires } => expires.as_bytes().to_vec(),
            Carrier::Header if message.header("x-amz-date").is_some() => Vec::new(),
            Carrier::Header => message.header("date").map(unfolded).unwrap_or_default(),
        };
        Self {
            method: message.method.to_owned(),
            content_md5: value("content-md5"),
            content_type: value("content-type"),
            date,
            amz: amz_headers(message, &parameters),
            path: resource_path(message.path, host_bucket),
            subresources: subresources(message.query),
        }
    }

    /// The bytes that are signed.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(256);
        for line in [self.method.as_bytes(), &self.content_md5, &self.content_type, &self.date] {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        for (name, value) in &self.amz {
            text.extend_from_slice(name.as_bytes());
            text.push(b':');
            text.extend_from_slice(value);
            text.push(b'\n');
        }
        text.extend_from_slice(self.path.as_bytes());
        for (index, (name, value)) in self.subresources.iter().enumerate() {
            text.push(if index == 0 { b'?' } else { b'&' });
            text.extend_from_slice(name.as_bytes());
            if let Some(value) = value {
                text.push(b'=');
                text.extend_from_slice(value.as_bytes());
            }
        }
        text
    }
}

/// The path as sent, still percent-encoded, with the bucket before it if that stands in the host.
///
/// A bucket alone is signed with a slash behind it: botocore adds one, and says that S3 accepts
/// nothing else.
fn resource_path(path: &str, host_bucket: Option<&str>) -> String {
    let path = if path.is_empty() { "/" } else { path };
    match host_bucket {
        Some(bucket) => format!("/{bucket}{path}"),
        None if is_bucket_alone(path) => format!("{path}/"),
        None => path.to_owned(),
    }
}

/// Whether a path of path style is a bucket without a slash behind it.
pub(crate) fn is_bucket_alone(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|rest| !rest.is_empty() && !rest.contains('/'))
}

fn amz_headers(
    message: &Message<'_>,
    parameters: &[(String, Option<String>)],
) -> BTreeMap<String, Vec<u8>> {
    let mut lines: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut add = |name: &str, value: Vec<u8>| {
        let name = name.to_ascii_lowercase();
        if !name.starts_with("x-amz-") {
            return;
        }
        match lines.get_mut(&name) {
            Some(values) => {
                values.push(b',');
                values.extend(value);
            }
            None => {
                lines.insert(name, value);
            }
        }
    };
    for header in message.headers {
        add(header.name, unfolded(header.value));
    }
    for (name, value) in parameters {
        add(name, value.clone().unwrap_or_default().into_bytes());
    }
    lines
}

/// An empty value is none: clients of Go write `uploads=` and sign `uploads`.
fn subresources(query: &str) -> Vec<(String, Option<String>)> {
    let mut found = decoded(query);
    found.retain(|(name, _)| SUBRESOURCES.contains(&name.as_str()));
    for (_, value) in &mut found {
        *value = value.take().filter(|value| !value.is_empty());
    }
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found
}

/// The parameters of a query, decoded; `None` is one without `=`.
pub(crate) fn decoded(query: &str) -> Vec<(String, Option<String>)> {
    let text = |text| String::from_utf8_lossy(&encode::decode(text, Plus::Space)).into_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) => (text(name), Some(text(value))),
            None => (text(pair), None),
        })
        .collect()
}

/// Trims both ends; the end of a folded line, with the space about it, is one space.
fn unfolded(value: &[u8]) -> Vec<u8> {
    let mut lines = value.split(|byte| matches!(byte, b'\r' | b'\n')).map(<[u8]>::trim_ascii);
    let mut text = lines.next().unwrap_or_default().to_vec();
    for line in lines.filter(|line| !line.is_empty()) {
        if !text.is_empty() {
            text.push(b' ');
        }
        text.extend_from_slice(line);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Header;

    #[track_caller]
    fn check(path: &str, query: &str, host_bucket: Option<&str>, resource: &str) {
        let message = Message { method: "GET", path, query, headers: &[] };
        let lines = StringToSign::new(&message, host_bucket, &Carrier::Header);
        let text = String::from_utf8(lines.to_bytes()).unwrap();
        assert_eq!(text, format!("GET\n\n\n\n{resource}"));
    }

    #[test]
    fn the_resource_is_the_path_as_sent_and_what_is_asked_of_it() {
        check("", "", None, "/");
        check("/b", "", None, "/b/");
        check("/", "", Some("b"), "/b/");
        check("/b/fran%C3%A7ais/pr%c3%a9", "", None, "/b/fran%C3%A7ais/pr%c3%a9");
        check("/a%20b", "", Some("b"), "/b/a%20b");
        check("/b/", "prefix=x&acl", None, "/b/?acl");
        check("/b/k", "uploadId=a%2Fb&partNumber=1", None, "/b/k?partNumber=1&uploadId=a/b");
        check("/b/k", "uploads=", None, "/b/k?uploads");
        check(
            "/b/k",
            "versionId=null&response-content-type=text%2Fplain",
            None,
            "/b/k?response-content-type=text/plain&versionId=null",
        );
    }

    #[test]
    fn parameters_of_a_url_count_as_headers() {
        let headers = [Header::new("X-Amz-Meta-A", " 1\r\n 2 "), Header::new("x-amz-meta-a", "3")];
        let query = "x-amz-acl=private&content-type=text%2Fplain&Signature=s";
        let message = Message { method: "PUT", path: "/b/k", query, headers: &headers };
        let carrier = Carrier::Query { expires: "9".into() };
        let text = StringToSign::new(&message, None, &carrier).to_bytes();
        let expected = "PUT\n\ntext/plain\n9\nx-amz-acl:private\nx-amz-meta-a:1 2,3\n/b/k";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }
}
