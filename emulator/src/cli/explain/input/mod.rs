//! Reads an input, whatever it is: finds out what, and what is in it to judge.

mod curl;
mod html;
mod json;
mod raw;
mod url;
mod words;

#[cfg(test)]
mod tests;

use std::path::Path;

use serde_json::Value;
use stuntbucket::offline;

use super::query;
use super::sent::Body;
use super::sent::Content;
use super::sent::Known;
use super::sent::Sent;
use super::sent::SentForm;
use super::sent::Subject;

/// What an input turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Url,
    HtmlForm,
    JsonForm,
    Har,
    Curl,
    RawRequest,
}

impl Kind {
    /// As the JSON calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::HtmlForm => "html-form",
            Self::JsonForm => "json-form",
            Self::Har => "har",
            Self::Curl => "curl",
            Self::RawRequest => "raw-request",
        }
    }
}

/// An input, read.
#[derive(Clone, Debug)]
pub(super) struct Input {
    pub(super) kind: Kind,
    pub(super) subjects: Vec<Subject>,
}

/// What the flags say where an input does not.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    /// Where a request goes that does not say it, as a URL.
    pub(super) endpoint: Option<String>,
    /// Base domains, whose requests in a recording are such to S3.
    pub(super) bases: Vec<String>,
    pub(super) method: Option<String>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) fields: Vec<(String, String)>,
}

/// What stands for the name of a file that nobody chose yet.
const FILENAME: &str = "example.bin";

const EXPECTED: &str = "expected a presigned URL, a form (HTML, or JSON with `url` and `fields`), a \
                        HAR file, a curl line or a saved HTTP request";

/// Whether an argument is the input itself, and not a file with it.
pub(super) fn is_itself(argument: &str) -> bool {
    let text = url::bare(argument).trim_start();
    url::is_like_one(text)
        || text.starts_with(['<', '{'])
        || is_curl(text)
        || raw::is_like_one(text)
}

/// Reads an input.
pub(super) fn read(bytes: &[u8], given: &Given) -> Result<Input, String> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(format!("the input is empty; {EXPECTED}"));
    }
    if is_curl(text) {
        let subject = subject(curl::read(text)?, None, given)?;
        return Ok(Input { kind: Kind::Curl, subjects: vec![subject] });
    }
    if raw::is_like_one(text) {
        let request = raw::read(bytes.trim_ascii_start())?;
        let subject = subject(Parsed::Request(request), None, given)?;
        return Ok(Input { kind: Kind::RawRequest, subjects: vec![subject] });
    }
    if url::is_like_one(url::bare(text)) {
        let request = bare_url(text)?;
        let subject = subject(Parsed::Request(request), None, given)?;
        return Ok(Input { kind: Kind::Url, subjects: vec![subject] });
    }
    if text.starts_with(['{', '[']) {
        return document(text, given);
    }
    if text.to_ascii_lowercase().contains("<form") {
        return page(text, given);
    }
    Err(format!("this is nothing that can be explained; {EXPECTED}"))
}

fn is_curl(text: &str) -> bool {
    let text = text.trim_start_matches(['$', '#', ' ']);
    text.strip_prefix("curl").is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// A URL with nothing around it but what people copy along.
fn bare_url(text: &str) -> Result<Sent, String> {
    let sent = url::read(url::bare(text))?;
    let name = |(name, _): &(String, String)| name.starts_with("amp;");
    if query::parameters(&sent.query).iter().any(name) {
        return Err("the URL has `&amp;` where `&` should be: it was copied out of HTML or XML; \
                    copy it decoded"
            .to_owned());
    }
    Ok(sent)
}

fn document(text: &str, given: &Given) -> Result<Input, String> {
    let document: Value = serde_json::from_str(text)
        .map_err(|error| format!("this is no JSON ({error}); {EXPECTED}"))?;
    if let Some(requests) = json::recording(&document) {
        return recording(requests, given);
    }
    let form = json::form(&document)
        .ok_or_else(|| format!("the JSON has no `url` with `fields`, and no `log`; {EXPECTED}"))?;
    let request = to_address(&form.url, given)?;
    let form = SentForm { request: posted(request), fields: form.fields, ..SentForm::default() };
    let subject = Subject { place: None, content: Content::Form(completed(form, given)) };
    Ok(Input { kind: Kind::JsonForm, subjects: vec![subject] })
}

fn recording(requests: Vec<json::Recorded>, given: &Given) -> Result<Input, String> {
    let count = requests.len();
    let mut subjects = Vec::new();
    for (index, recorded) in requests.into_iter().enumerate() {
        let json::Recorded { sent, parts, at, status } = recorded;
        if !is_to_s3(&sent, &parts, given) {
            continue;
        }
        let at = at.map(|at| format!(", recorded at {at}")).unwrap_or_default();
        let status = status.filter(|status| *status > 0);
        let status = status.map(|status| format!(", answered {status}")).unwrap_or_default();
        let place = format!("request {} of {count}{at}{status}", index + 1);
        let has_text = matches!(&sent.body, Body::Whole(body) if !body.is_empty());
        let parsed = if is_multipart(&sent) && !has_text {
            // Without parts there is nothing to judge.
            if parts.is_empty() {
                continue;
            }
            Parsed::Parts { sent, parts }
        } else {
            Parsed::Request(without_doubtful_body(sent))
        };
        subjects.push(subject(parsed, Some(place), given)?);
    }
    if subjects.is_empty() {
        return Err(format!("the HAR file has no request to S3 among its {count}"));
    }
    Ok(Input { kind: Kind::Har, subjects })
}

/// Recordings keep text, so that the bytes of a body that is none are lost.
fn without_doubtful_body(mut sent: Sent) -> Sent {
    if matches!(&sent.body, Body::Whole(body) if !body.is_ascii()) && !is_multipart(&sent) {
        sent.body = Body::Unknown;
    }
    sent
}

/// Whether a recorded request is one to S3: by its host, or since it is signed as such.
fn is_to_s3(sent: &Sent, parts: &[(String, String)], given: &Given) -> bool {
    if sent.method.as_deref() == Some("OPTIONS") {
        return false;
    }
    let host = sent.host().rsplit_once(':').map_or(sent.host(), |(host, _)| host);
    let is_under = |base: &str| {
        host.strip_suffix(base).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let is_amazon = is_under("amazonaws.com") || is_under("amazonaws.com.cn");
    let is_s3_name = host.split('.').any(|label| label == "s3" || label.starts_with("s3-"));
    let is_signed = query::parameters(&sent.query)
        .iter()
        .any(|(name, _)| name == "X-Amz-Signature" || name == "AWSAccessKeyId");
    let authorization = sent.header("authorization").unwrap_or_default();
    let is_signed =
        is_signed || authorization.starts_with("AWS4-") || authorization.starts_with("AWS ");
    let has_policy = parts.iter().any(|(name, _)| name.eq_ignore_ascii_case("policy"))
        || (is_multipart(sent)
            && matches!(&sent.body, Body::Whole(body)
                if String::from_utf8_lossy(body).to_ascii_lowercase().contains("name=\"policy\"")));
    (is_amazon && is_s3_name)
        || given.bases.iter().any(|base| is_under(base))
        || is_signed
        || has_policy
}

fn page(text: &str, given: &Given) -> Result<Input, String> {
    let forms = html::forms(text);
    let count = forms.len();
    let is_for_s3 = |form: &html::HtmlForm| {
        let has =
            |wanted: &str| form.fields.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        // Behind the file they do not count, and yet say what the form is for.
        let late = |wanted: &str| form.after_file.iter().any(|name| name == wanted);
        has("policy") || has("key") || late("policy") || late("key")
    };
    let mut subjects = Vec::new();
    for (index, form) in forms.into_iter().enumerate().filter(|(_, form)| is_for_s3(form)) {
        let place = (count > 1).then(|| format!("form {} of {count}", index + 1));
        let mut request = to_address(&form.action, given)?;
        request.method = Some(form.method.to_ascii_uppercase());
        let refused = offline::judge_form_type(&form.enctype);
        let form = SentForm {
            request,
            fields: form.fields,
            after_file: form.after_file,
            file_bytes: None,
            refused,
        };
        let content = Content::Form(completed(form, given));
        subjects.push(Subject { place, content });
    }
    if subjects.is_empty() {
        return Err("the page has no form for S3: none has a field `key` or `policy`".to_owned());
    }
    Ok(Input { kind: Kind::HtmlForm, subjects })
}

/// What the readers of requests find.
#[derive(Clone, Debug)]
enum Parsed {
    Request(Sent),
    /// A form in its parts, files as `@name`.
    Parts {
        sent: Sent,
        parts: Vec<(String, String)>,
    },
}

fn subject(parsed: Parsed, place: Option<String>, given: &Given) -> Result<Subject, String> {
    let content = match parsed {
        Parsed::Request(sent) => {
            let sent = addressed(sent, given)?;
            if is_multipart(&sent) {
                Content::Form(form_of(sent, given)?)
            } else {
                Content::Request(sent)
            }
        }
        Parsed::Parts { sent, parts } => {
            Content::Form(completed(form_of_parts(addressed(sent, given)?, parts), given))
        }
    };
    Ok(Subject { place, content })
}

/// With the host and the headers that the flags give.
fn addressed(mut sent: Sent, given: &Given) -> Result<Sent, String> {
    if sent.header("host").is_none() {
        let endpoint = given.endpoint.as_deref().ok_or(
            "the request has no `Host`, so that nobody knows where it goes; say it with --endpoint",
        )?;
        let at = url::read(endpoint)?;
        sent.headers.extend(at.headers);
        sent.scheme = sent.scheme.or(at.scheme);
    }
    if sent.method.is_none() {
        sent.method.clone_from(&given.method);
    }
    sent.headers.extend(given.headers.iter().cloned());
    Ok(sent)
}

fn to_address(action: &str, given: &Given) -> Result<Sent, String> {
    if url::is_like_one(action) {
        return url::read(action);
    }
    if let Some(rest) = action.strip_prefix("//") {
        return url::read(&format!("https://{rest}"));
    }
    let endpoint = given.endpoint.as_deref().ok_or_else(|| {
        format!("the form goes to `{action}`, which names no host; say it with --endpoint")
    })?;
    let separator = if action.starts_with('/') { "" } else { "/" };
    url::read(&format!("{endpoint}{separator}{action}"))
}

fn posted(mut request: Sent) -> Sent {
    request.method = Some("POST".to_owned());
    request
}

fn is_multipart(sent: &Sent) -> bool {
    let content_type = sent.header("content-type").unwrap_or_default().to_ascii_lowercase();
    sent.method.as_deref() == Some("POST") && content_type.starts_with("multipart/form-data")
}

/// The form in the body of a request.
fn form_of(mut sent: Sent, given: &Given) -> Result<SentForm, String> {
    let content_type = sent.header("content-type").unwrap_or_default().to_owned();
    let body = match std::mem::take(&mut sent.body) {
        Body::Whole(body) if !body.is_empty() => body,
        Body::Whole(_) | Body::Unknown => {
            return Err("the request sends a form, and its body is not there in full".to_owned());
        }
    };
    let mut form = SentForm { request: sent, ..SentForm::default() };
    match offline::form_of(&content_type, body) {
        Ok(content) => {
            form.fields = content.fields;
            form.file_bytes = Some(content.file_bytes);
        }
        Err(refused) => form.refused = Some(refused),
    }
    Ok(completed(form, given))
}

/// A form whose parts are listed. Only `file` is the file, and what comes after it does not count.
fn form_of_parts(sent: Sent, parts: Vec<(String, String)>) -> SentForm {
    let mut form = SentForm { request: posted(sent), ..SentForm::default() };
    let mut filename = None;
    let mut has_file = false;
    for (name, value) in parts {
        if has_file {
            form.after_file.push(name);
        } else if name.eq_ignore_ascii_case("file") {
            has_file = true;
            let path = value.strip_prefix('@').map(|path| path.split(';').next().unwrap_or(path));
            let file = path.and_then(|path| Path::new(path).file_name());
            filename = file.map(|file| file.to_string_lossy().into_owned());
        } else {
            let value = value.split_once(";type=").map_or(value.as_str(), |(value, _)| value);
            form.fields.push((name, value.to_owned()));
        }
    }
    name_file(&mut form, filename.as_deref().unwrap_or(FILENAME));
    form
}

/// With the fields of the flags, and a name for the file.
fn completed(mut form: SentForm, given: &Given) -> SentForm {
    form.fields.extend(given.fields.iter().cloned());
    form.request.headers_are = Known::Whole;
    name_file(&mut form, FILENAME);
    form
}

/// S3 puts the file's name in its places before it reads the policy.
fn name_file(form: &mut SentForm, filename: &str) {
    for (_, value) in &mut form.fields {
        *value = value.replace("${filename}", filename);
    }
}
