//! Forms and recordings in JSON.

use serde_json::Map;
use serde_json::Value;

use super::super::sent::Body;
use super::super::sent::Known;
use super::super::sent::Sent;
use super::url;

/// What the SDKs give for a form: where it is sent, and its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct JsonForm {
    pub(super) url: String,
    pub(super) fields: Vec<(String, String)>,
}

/// A request of a recording.
#[derive(Clone, Debug)]
pub(super) struct Recorded {
    pub(super) sent: Sent,
    /// The parts of a form, if the recording lists them.
    pub(super) parts: Vec<(String, String)>,
    /// When, as written.
    pub(super) at: Option<String>,
    /// The status of the answer.
    pub(super) status: Option<u64>,
}

/// Finds a form in a document: `{"url": ..., "fields": {...}}`, also deeper, also as the SDK for
/// PHP spells it.
pub(super) fn form(document: &Value) -> Option<JsonForm> {
    match document {
        Value::Object(members) => form_of(members).or_else(|| members.values().find_map(form)),
        Value::Array(items) => items.iter().find_map(form),
        _ => None,
    }
}

fn form_of(members: &Map<String, Value>) -> Option<JsonForm> {
    let attributes = members.get("formAttributes").or_else(|| members.get("attributes"));
    let action = members.get("url").or_else(|| members.get("action"));
    let action = action.or_else(|| attributes?.get("action"))?;
    let names = ["fields", "inputs", "formInputs"];
    let fields = names.iter().find_map(|name| members.get(*name))?;
    Some(JsonForm { url: action.as_str()?.to_owned(), fields: fields_of(fields)? })
}

fn fields_of(fields: &Value) -> Option<Vec<(String, String)>> {
    match fields {
        Value::Object(members) => {
            Some(members.iter().map(|(name, value)| (name.clone(), text(value))).collect())
        }
        Value::Array(items) => items.iter().map(field).collect(),
        _ => None,
    }
}

/// `{"name": ..., "value": ...}` or `[name, value]`.
fn field(item: &Value) -> Option<(String, String)> {
    match item {
        Value::Object(members) => {
            let name = members.get("name").or_else(|| members.get("key"))?;
            Some((name.as_str()?.to_owned(), text(members.get("value").unwrap_or(&Value::Null))))
        }
        Value::Array(pair) => Some((pair.first()?.as_str()?.to_owned(), text(pair.get(1)?))),
        _ => None,
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The requests of a HAR file; `None` if it is none.
pub(super) fn recording(document: &Value) -> Option<Vec<Recorded>> {
    let entries = document.get("log")?.get("entries")?.as_array()?;
    Some(entries.iter().filter_map(recorded).collect())
}

fn recorded(entry: &Value) -> Option<Recorded> {
    let request = entry.get("request")?;
    let mut sent = url::read(request.get("url")?.as_str()?).ok()?;
    sent.method = Some(request.get("method")?.as_str()?.to_owned());
    let headers = request.get("headers").and_then(Value::as_array);
    for (name, value) in headers.into_iter().flatten().filter_map(field) {
        // HTTP/2 and 3 have the host in a field of their own, which is in the URL as well.
        if !name.starts_with(':') && !name.eq_ignore_ascii_case("host") {
            sent.headers.push((name, value));
        }
    }
    // A recording without headers leaves them out; no browser sends none.
    sent.headers_are = if sent.headers.len() > 1 { Known::Whole } else { Known::InPart };
    let post = request.get("postData");
    let parts = post.and_then(|post| post.get("params")).and_then(Value::as_array);
    let parts = parts.into_iter().flatten().filter_map(field).collect();
    if let Some(post) = post {
        let mime_type = post.get("mimeType").and_then(Value::as_str);
        if let (None, Some(mime_type)) = (sent.header("content-type"), mime_type) {
            sent.headers.push(("Content-Type".to_owned(), mime_type.to_owned()));
        }
    }
    let body = post.and_then(|post| post.get("text")).and_then(Value::as_str);
    let has_body = matches!(sent.method.as_deref(), Some("PUT" | "POST" | "PATCH"));
    sent.body = match body {
        Some(text) => Body::Whole(text.as_bytes().to_vec()),
        None if has_body => Body::Unknown,
        None => Body::Whole(Vec::new()),
    };
    Some(Recorded {
        sent,
        parts,
        at: entry.get("startedDateTime").and_then(Value::as_str).map(str::to_owned),
        status: entry.get("response").and_then(|response| response.get("status")?.as_u64()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_form_is_found_in_the_ways_in_which_sdks_write_it() {
        let fields = vec![("key".to_owned(), "k".to_owned())];
        let expected = Some(JsonForm { url: "https://h/b".to_owned(), fields });
        for document in [
            json!({"url": "https://h/b", "fields": {"key": "k"}}),
            json!({"data": [{"url": "https://h/b", "fields": {"key": "k"}}]}),
            json!({"formAttributes": {"action": "https://h/b"}, "formInputs": {"key": "k"}}),
            json!({"action": "https://h/b", "fields": [{"name": "key", "value": "k"}]}),
            json!({"url": "https://h/b", "fields": [["key", "k"]]}),
        ] {
            assert_eq!(form(&document), expected, "{document}");
        }
        for document in [json!({}), json!([1]), json!({"url": 1, "fields": {}}), json!("url")] {
            assert_eq!(form(&document), None, "{document}");
        }
    }

    #[test]
    fn a_recording_has_requests() {
        let document = json!({"log": {"entries": [
            {"startedDateTime": "2026-01-01T00:00:00Z", "response": {"status": 403},
             "request": {"method": "POST", "url": "https://b.h/", "headers":
                [{"name": ":authority", "value": "b.h"}, {"name": "Origin", "value": "o"}],
                "postData": {"mimeType": "multipart/form-data; boundary=x", "text": "--x--"}}},
            {"request": {"method": "GET", "url": "data:text/plain,x"}},
            {"request": {"method": "GET", "url": "https://h/k", "headers": []}},
        ]}});
        let requests = recording(&document).unwrap();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[0].status, Some(403));
        assert_eq!(
            requests[0].sent.header("content-type"),
            Some("multipart/form-data; boundary=x")
        );
        assert_eq!(requests[0].sent.host(), "b.h");
        assert_eq!(requests[1].sent.headers_are, Known::InPart);
        assert!(recording(&json!({"log": 1})).is_none());
    }

    /// JSON of any form, with the names that are looked for.
    fn documents() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<u8>().prop_map(Value::from),
            "(https://h/|a|é|POST)*".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 5, |inner| {
            let name = "log|entries|request|url|method|headers|name|value|fields|postData|params|text|response|status";
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(name, inner, 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn no_document_is_too_odd(document in documents()) {
            let _ = (form(&document), recording(&document));
            let _ = recording(&json!({"log": {"entries": [document]}}));
        }
    }
}
