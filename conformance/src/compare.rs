//! Every difference between two recordings, after the normalisations that are declared here.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fmt;

use crate::exchange::Response;
use crate::fill::Names;
use crate::record::Recorded;
use crate::record::Recording;
use crate::xml::Element;

/// Headers that say nothing about S3's promises, or that S3 itself sends in varying ways.
const HEADERS_IGNORED: [&str; 11] = [
    "connection",
    "content-length",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
    "x-amz-bucket-arn",
    "x-amz-id-2",
    "x-amz-request-id",
    "x-amzn-requestid",
    "x-stuntbucket-explain-url",
];
/// Headers of which only the presence is compared.
const HEADERS_VOLATILE: [&str; 4] =
    ["last-modified", "x-amz-copy-source-version-id", "x-amz-expiration", "x-amz-version-id"];
/// Elements of which only the presence is compared.
const ELEMENTS_VOLATILE: [&str; 24] = [
    "CanonicalRequest",
    "CanonicalRequestBytes",
    "ContinuationToken",
    "CreationDate",
    "DeleteMarkerVersionId",
    "DisplayName",
    "Expires",
    "HostId",
    "Initiated",
    "LastModified",
    "NextContinuationToken",
    "NextUploadIdMarker",
    "NextVersionIdMarker",
    "RequestId",
    "RequestTime",
    "ServerTime",
    "SignatureProvided",
    "StringToSign",
    "StringToSignBytes",
    "UploadId",
    "UploadIdMarker",
    "VersionId",
    "VersionIdMarker",
    "X-Amz-Date",
];
/// The end of the path of one more: an account's or a user's name among those that S3 gives.
const INITIATOR: &str = "/Initiator/ID";
/// What stands in the text of an element that is another one each time: a claim that was signed, and in
/// a website's page the ids of the request.
const TEXTS_VOLATILE: [&str; 3] = [", Signature=", "RequestId: ", "HostId: "];
/// The names whose values differ from target to target, the longer values of which contain others.
const NAMES_REPLACED: [&str; 13] = [
    "bucket_url",
    "website_host",
    "missing",
    "other",
    "bucket",
    "host",
    "access_key",
    "stranger_access_key",
    "owner_id",
    "stranger_id",
    "region",
    "today",
    "upload",
];

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The flow.
    pub flow: String,
    /// The exchange, counted from 1, set-up included; 0 where the flows as wholes differ.
    pub exchange: usize,
    /// What differs, such as ``header `etag` ``.
    pub what: String,
    /// How it is in the first recording.
    pub first: String,
    /// How it is in the second.
    pub second: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { flow, exchange, what, first, second } = self;
        write!(f, "{flow}, exchange {exchange}: {what}\n  < {first}\n  > {second}")
    }
}

/// Every difference of the flows that are in both recordings, and the flows that are in one only.
pub fn differences(first: &Recording, second: &Recording) -> Vec<Difference> {
    let mut differences = Vec::new();
    let names: BTreeSet<_> = first.flows.keys().chain(second.flows.keys()).collect();
    for flow in names {
        let (one, other) = (first.flows.get(flow), second.flows.get(flow));
        let mut add = |exchange, what: String, first: String, second: String| {
            differences.push(Difference { flow: flow.clone(), exchange, what, first, second });
        };
        if let (Some(one), Some(other)) = (one, other) {
            of_flow(one, other, &mut add);
        } else {
            let shown = |side: Option<&Recorded>| {
                if side.is_some() { "recorded".to_owned() } else { "not recorded".to_owned() }
            };
            add(0, "flow".to_owned(), shown(one), shown(other));
        }
    }
    differences
}

fn of_flow(one: &Recorded, other: &Recorded, add: &mut dyn FnMut(usize, String, String, String)) {
    let pairs = one.exchanges.iter().zip(&other.exchanges);
    for (index, (first, second)) in pairs.enumerate() {
        let facts = |exchange: &crate::exchange::Exchange, names: &Names| {
            exchange.response.as_ref().map_or_else(no_answer, |response| facts_of(response, names))
        };
        let (first, second) = (facts(first, &one.names), facts(second, &other.names));
        let all: BTreeSet<_> = first.keys().chain(second.keys()).collect();
        for what in all {
            if first.get(what) != second.get(what) {
                let shown =
                    |value: Option<&String>| value.map_or("absent", String::as_str).to_owned();
                add(index + 1, what.clone(), shown(first.get(what)), shown(second.get(what)));
            }
        }
    }
    if one.exchanges.len() != other.exchanges.len() {
        let count = |side: &Recorded| format!("{} exchanges", side.exchanges.len());
        add(0, "length".to_owned(), count(one), count(other));
    }
}

fn no_answer() -> BTreeMap<String, String> {
    BTreeMap::from([("answer".to_owned(), "none".to_owned())])
}

/// Whether the entity tag is another one for each write: so it is with keys that are not S3's.
fn has_keyed_etag(response: &Response) -> bool {
    response.headers.iter().any(|(name, value)| {
        name == "x-amz-server-side-encryption-customer-algorithm"
            || (name == "x-amz-server-side-encryption" && value.starts_with("aws:kms"))
    })
}

/// What is compared of an answer, each fact by its name.
fn facts_of(response: &Response, names: &Names) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::from([("status".to_owned(), response.status.to_string())]);
    for (name, value) in &response.headers {
        let is_ignored = HEADERS_IGNORED.contains(&name.as_str());
        let is_volatile = HEADERS_VOLATILE.contains(&name.as_str())
            || (name == "etag" && has_keyed_etag(response));
        if !is_ignored {
            let value = if is_volatile { "(some)".to_owned() } else { replaced(value, names) };
            facts.insert(format!("header `{name}`"), value);
        }
    }
    let text = response.text();
    match Element::parse(&text) {
        Some(root) => add_elements(&root, &format!("element `{}", root.name), names, &mut facts),
        None => {
            facts.insert("body".to_owned(), replaced(&text, names));
        }
    }
    facts
}

fn add_elements(
    element: &Element,
    path: &str,
    names: &Names,
    facts: &mut BTreeMap<String, String>,
) {
    let is_volatile = ELEMENTS_VOLATILE.contains(&element.name.as_str())
        || path.ends_with(INITIATOR)
        || TEXTS_VOLATILE.iter().any(|text| element.text.contains(text));
    let value = if is_volatile { "(some)".to_owned() } else { replaced(&element.text, names) };
    facts.insert(format!("{path}`"), value);
    let mut counts = BTreeMap::new();
    for child in &element.children {
        let count = counts.entry(&child.name).and_modify(|count| *count += 1).or_insert(1);
        let place = if *count == 1 { String::new() } else { format!("[{count}]") };
        add_elements(child, &format!("{path}/{}{place}", child.name), names, facts);
    }
}

/// The text with the values of this run's names replaced by the names.
fn replaced(text: &str, names: &Names) -> String {
    NAMES_REPLACED.iter().fold(text.to_owned(), |text, name| match names.value(name) {
        Some(value) if !value.is_empty() => text.replace(value, &format!("{{{name}}}")),
        _ => text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Exchange;
    use crate::exchange::Request;
    use crate::record::About;
    use crate::scripted::answer;

    fn recording(bucket: &str, responses: &[Response]) -> Recording {
        let mut names = Names::default();
        names.set("bucket", bucket);
        let request = Request {
            method: "GET".to_owned(),
            url: String::new(),
            headers: Vec::new(),
            body: Vec::new(),
        };
        let exchanges = responses
            .iter()
            .cloned()
            .map(|response| Exchange { request: request.clone(), response: Some(response) });
        let recorded = Recorded { source: String::new(), names, exchanges: exchanges.collect() };
        let about = About {
            target: String::new(),
            endpoint: String::new(),
            region: String::new(),
            began: String::new(),
        };
        Recording { about, flows: [("test/flow".to_owned(), recorded)].into() }
    }

    fn refusal(code: &str, bucket: &str, id: &str) -> Response {
        let mut response = answer(
            404,
            &format!(
                "<Error><Code>{code}</Code><BucketName>{bucket}</BucketName><RequestId>{id}</RequestId></Error>",
            ),
        );
        response.headers.push(("x-amz-request-id".to_owned(), id.to_owned()));
        response
    }

    #[test]
    fn names_and_ids_of_a_run_are_no_differences() {
        let first = recording("one-1", &[refusal("NoSuchKey", "one-1", "A")]);
        let second = recording("two-7", &[refusal("NoSuchKey", "two-7", "B")]);
        assert_eq!(differences(&first, &second), []);
    }

    #[test]
    fn status_headers_and_elements_are_compared() {
        let first = recording("run-1", &[refusal("NoSuchKey", "run-1", "A"), answer(200, "a")]);
        let mut changed = refusal("NoSuchBucket", "run-1", "A");
        changed.status = 403;
        changed.headers.push(("etag".to_owned(), "\"1\"".to_owned()));
        let second = recording("run-1", &[changed, answer(200, "b")]);
        let found: Vec<_> = differences(&first, &second).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "test/flow, exchange 1: element `Error/Code`\n  < NoSuchKey\n  > NoSuchBucket",
                "test/flow, exchange 1: header `etag`\n  < absent\n  > \"1\"",
                "test/flow, exchange 1: status\n  < 404\n  > 403",
                "test/flow, exchange 2: body\n  < a\n  > b",
            ],
        );
    }

    #[test]
    fn an_entity_tag_with_a_key_of_the_client_is_another_each_time() {
        let with = |etag: &str, further: &[(&str, &str)]| {
            let mut response = answer(200, "");
            for (name, value) in [("etag", etag)].iter().chain(further) {
                response.headers.push(((*name).to_owned(), (*value).to_owned()));
            }
            recording("b", &[response])
        };
        let keyed = [("x-amz-server-side-encryption-customer-algorithm", "AES256")];
        assert_eq!(differences(&with("1", &keyed), &with("2", &keyed)), []);
        let plain = [("x-amz-server-side-encryption", "AES256")];
        assert_eq!(differences(&with("1", &plain), &with("2", &plain)).len(), 1);
    }

    #[test]
    fn what_only_one_side_has_is_a_difference() {
        let first = recording("b", &[answer(200, ""), answer(200, "")]);
        let second = recording("b", &[answer(200, "")]);
        let found = differences(&first, &second);
        assert_eq!((found.len(), found[0].what.as_str()), (1, "length"));
        let nothing = Recording { flows: BTreeMap::new(), ..second };
        assert_eq!(differences(&first, &nothing)[0].what, "flow");
    }
}
