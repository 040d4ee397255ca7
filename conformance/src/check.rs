//! Holds an answer against what a step expects of it.

use crate::exchange::Response;
use crate::fill::Names;
use crate::flow::Expect;
use crate::flow::Place;
use crate::flow::Text;
use crate::xml::Element;

/// What is not true of the answer, each in words; nothing if all is as expected.
pub(crate) fn complaints(
    expect: &[Expect],
    response: &Response,
    names: &Names,
    method: &str,
) -> Vec<String> {
    let root = Element::parse(&response.text());
    let mut complaints = Vec::new();
    for expected in expect {
        match expected {
            Expect::Status(status) => complaints.extend(status_complaint(*status, response)),
            Expect::Refused(status, code, message) => {
                complaints.extend(status_complaint(*status, response));
                // An answer to HEAD has no body, so its status is all that can be seen.
                if method != "HEAD" {
                    complaints.extend(refusal_complaints(
                        code,
                        message,
                        root.as_ref(),
                        response,
                        names,
                    ));
                }
            }
            Expect::Header(name, text) => {
                let found = response.header(name);
                complaints.extend(text_complaint(&format!("header `{name}`"), found, *text, names));
            }
            Expect::Root(name) => {
                let found = root.as_ref().map(|root| root.name.as_str());
                complaints.extend(text_complaint("root element", found, Text::Is(name), names));
            }
            Expect::Xml(path, text) => {
                let found = root.as_ref().and_then(|root| root.at(path));
                let found = found.map(|element| element.text.as_str());
                complaints.extend(text_complaint(
                    &format!("element `{path}`"),
                    found,
                    *text,
                    names,
                ));
            }
            Expect::Count(path, count) => {
                let found = root.as_ref().map_or(0, |root| root.count(path));
                if found != *count {
                    complaints.push(format!("{found} elements `{path}`, expected {count}"));
                }
            }
            Expect::BodyText(text) => {
                let found = response.text();
                let found = (!found.is_empty()).then_some(&*found);
                complaints.extend(text_complaint("body", found, *text, names));
            }
            Expect::BodyFill { byte, count } => {
                let body = &response.body;
                if body.len() != *count || body.iter().any(|other| other != byte) {
                    let found = body.len();
                    complaints.push(format!(
                        "the body of {found} bytes is not {count} times the byte {byte:#04x}",
                    ));
                }
            }
        }
    }
    complaints
}

/// The value at a place of the answer.
pub(crate) fn value_at(place: Place, response: &Response) -> Option<String> {
    match place {
        Place::Header(name) => response.header(name).map(str::to_owned),
        Place::Xml(path) => {
            let root = Element::parse(&response.text())?;
            root.at(path).map(|element| element.text.clone())
        }
    }
}

fn status_complaint(expected: u16, response: &Response) -> Option<String> {
    let found = response.status;
    (found != expected).then(|| format!("status {found}, expected {expected}"))
}

/// S3's error document: code, message, perhaps more, and two ids at the end; never a `Resource`, which
/// only its documentation shows (versity/versitygw#2083 quotes a document from the wire).
fn refusal_complaints(
    code: &'static str,
    message: &'static str,
    root: Option<&Element>,
    response: &Response,
    names: &Names,
) -> Vec<String> {
    let Some(root) = root.filter(|root| root.name == "Error") else {
        return vec![format!("no error document, expected one with the code `{code}`")];
    };
    let text = |path: &str| root.at(path).map(|element| element.text.as_str());
    let content_type = response.header("content-type");
    [
        text_complaint("element `Code`", text("Code"), Text::Is(code), names),
        text_complaint("element `Message`", text("Message"), Text::Is(message), names),
        text_complaint("element `RequestId`", text("RequestId"), Text::Present, names),
        text_complaint("element `HostId`", text("HostId"), Text::Present, names),
        text_complaint("element `Resource`", text("Resource"), Text::Absent, names),
        text_complaint("header `content-type`", content_type, Text::Is("application/xml"), names),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn text_complaint(
    what: &str,
    found: Option<&str>,
    expected: Text,
    names: &Names,
) -> Option<String> {
    let (Text::Contains(text) | Text::EndsWith(text) | Text::Is(text) | Text::StartsWith(text)) =
        expected
    else {
        let is_true = match expected {
            Text::Absent => found.is_none(),
            _ => found.is_some_and(|found| !found.is_empty()),
        };
        let wish = if matches!(expected, Text::Absent) { "none" } else { "some text" };
        return (!is_true).then(|| format!("{what} is {}, expected {wish}", shown(found)));
    };
    let text = match names.fill(text) {
        Ok(text) => text,
        Err(error) => return Some(format!("{what}: {error}")),
    };
    let (is_true, relation) = match expected {
        Text::Contains(_) => (found.is_some_and(|found| found.contains(&text)), "something with"),
        Text::EndsWith(_) => (found.is_some_and(|found| found.ends_with(&text)), "an end in"),
        Text::StartsWith(_) => {
            (found.is_some_and(|found| found.starts_with(&text)), "a start with")
        }
        _ => (found == Some(&*text), "exactly"),
    };
    (!is_true).then(|| format!("{what} is {}, expected {relation} `{text}`", shown(found)))
}

fn shown(found: Option<&str>) -> String {
    found.map_or_else(|| "absent".to_owned(), |found| format!("`{found}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(message: &str) -> Response {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code><Message>{message}\
             </Message><RequestId>R</RequestId><HostId>H</HostId></Error>",
        );
        let headers = vec![("content-type".to_owned(), "application/xml".to_owned())];
        Response { status: 403, headers, body: body.into_bytes() }
    }

    #[track_caller]
    fn check(response: &Response, expect: Expect, complaint: Option<&str>) {
        let mut names = Names::default();
        names.set("region", "us-east-1");
        let found = complaints(&[expect], response, &names, "GET");
        assert_eq!(found, complaint.into_iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_refusal_is_judged_to_the_letter() {
        let response = refusal("Access Denied");
        let expect = Expect::Refused(403, "AccessDenied", "Access Denied");
        check(&response, expect, None);
        check(
            &refusal("for us-east-1"),
            Expect::Refused(403, "AccessDenied", "for {region}"),
            None,
        );
        check(
            &refusal("Access Denied."),
            expect,
            Some("element `Message` is `Access Denied.`, expected exactly `Access Denied`"),
        );
        let plain = Response { status: 403, headers: Vec::new(), body: b"no".to_vec() };
        let complaint = "no error document, expected one with the code `AccessDenied`";
        check(&plain, expect, Some(complaint));
        let head = complaints(&[expect], &plain, &Names::default(), "HEAD");
        assert!(head.is_empty(), "{head:?}");
    }

    #[test]
    fn every_relation_of_texts_can_fail() {
        let response = refusal("Access Denied");
        let code = |text| Expect::Xml("Code", text);
        check(
            &response,
            code(Text::Absent),
            Some("element `Code` is `AccessDenied`, expected none"),
        );
        check(&response, code(Text::StartsWith("Acc")), None);
        check(&response, code(Text::EndsWith("Denied")), None);
        check(&response, code(Text::Contains("sD")), None);
        check(
            &response,
            code(Text::StartsWith("No")),
            Some("element `Code` is `AccessDenied`, expected a start with `No`"),
        );
        check(
            &response,
            Expect::Header("etag", Text::Present),
            Some("header `etag` is absent, expected some text"),
        );
        check(
            &response,
            Expect::Header("content-type", Text::Is("{type}")),
            Some("header `content-type`: nothing is known that fills the place `{type}`"),
        );
        check(&response, Expect::Count("Code", 2), Some("1 elements `Code`, expected 2"));
        check(&response, Expect::Root("Error"), None);
        check(&response, Expect::Status(200), Some("status 403, expected 200"));
    }

    #[test]
    fn a_body_is_judged_as_bytes_or_as_text() {
        let answer = |body: &str| Response {
            status: 200,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        check(&answer("aaa"), Expect::BodyFill { byte: b'a', count: 3 }, None);
        let complaint = "the body of 3 bytes is not 3 times the byte 0x61";
        check(&answer("aab"), Expect::BodyFill { byte: b'a', count: 3 }, Some(complaint));
        check(&answer(""), Expect::BodyText(Text::Absent), None);
        check(&answer("meow"), Expect::BodyText(Text::Is("meow")), None);
    }
}
