//! The pages that S3 writes for browsers where it refuses.

use std::fmt::Write;

use http::HeaderName;
use http::StatusCode;

use crate::answer::Answer;
use crate::failure::Failure;
use crate::ids::RequestIds;

/// A failure as a page, and beside it why the bucket's own page for it could not be shown.
pub(super) fn of(failure: &Failure, ids: &RequestIds, second: Option<&Failure>) -> Answer {
    let status =
        StatusCode::from_u16(failure.error.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = Answer::text(status, "text/html; charset=utf-8", text(failure, ids, second));
    tell(&mut answer, failure);
    answer
}

/// Tells of the failure in headers, which scripts and programs can read.
pub(super) fn tell(answer: &mut Answer, failure: &Failure) {
    answer.add("x-amz-error-code", failure.error.code);
    answer.add("x-amz-error-message", &*failure.error.message);
    for (element, text) in &failure.elements {
        let name = format!("x-amz-error-detail-{element}");
        if let Ok(name) = HeaderName::from_bytes(name.as_bytes()) {
            answer.set(name, text);
        }
    }
    for (name, value) in &failure.headers {
        answer.headers.insert(name.clone(), value.clone());
    }
}

/// The text as recorded by LocalStack: `test_s3_static_website_hosting`.
fn text(failure: &Failure, ids: &RequestIds, second: Option<&Failure>) -> String {
    let status = failure.error.status;
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let title = format!("{status} {}", reason.unwrap_or_default());
    let mut html =
        format!("<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n<ul>\n");
    items(&mut html, failure);
    item(&mut html, "RequestId", &ids.request_id);
    item(&mut html, "HostId", &ids.host_id);
    html.push_str("</ul>\n");
    if let Some(second) = second {
        html.push_str(
            "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n\
             <ul>\n",
        );
        items(&mut html, second);
        html.push_str("</ul>\n");
    }
    html.push_str("<hr/>\n</body>\n</html>\n");
    html
}

fn items(html: &mut String, failure: &Failure) {
    item(html, "Code", failure.error.code);
    item(html, "Message", &failure.error.message);
    for (element, text) in &failure.elements {
        item(html, element, text);
    }
}

fn item(html: &mut String, name: &str, text: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    // Writing to a string cannot fail.
    let _ = writeln!(html, "<li>{name}: {text}</li>");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Fault;

    #[test]
    fn a_page_says_what_an_error_document_says() {
        let ids = RequestIds { request_id: "R".to_owned(), host_id: "H".to_owned() };
        let failure = Fault::NoSuchKey.with("Key", "a<b");
        let second = Fault::NoSuchKey.with("Key", "error.html");
        let html = text(&failure, &ids, Some(&second));
        assert_eq!(
            html,
            "<html>\n<head><title>404 Not Found</title></head>\n<body>\n<h1>404 Not Found</h1>\n\
             <ul>\n<li>Code: NoSuchKey</li>\n<li>Message: The specified key does not exist.</li>\n\
             <li>Key: a&lt;b</li>\n<li>RequestId: R</li>\n<li>HostId: H</li>\n</ul>\n\
             <h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n\
             <ul>\n<li>Code: NoSuchKey</li>\n<li>Message: The specified key does not exist.</li>\n\
             <li>Key: error.html</li>\n</ul>\n<hr/>\n</body>\n</html>\n"
        );
        assert!(!text(&failure, &ids, None).contains("<h3>"));
    }
}
