//! What a form says about itself: its boundary, and the names of its parts.

use http::HeaderMap;
use http::header::CONTENT_DISPOSITION;

use crate::failure::Failure;
use crate::failure::Fault;
use crate::request::text;

/// The boundary between the parts of a form, from its `Content-Type`.
///
/// Other types are refused as recorded by LocalStack in `test_post_object_with_wrong_content_type`;
/// a missing or empty boundary is pinned by argmin's tests against AWS.
pub(super) fn boundary(content_type: &str) -> Result<String, Failure> {
    let (media_type, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !media_type.trim().eq_ignore_ascii_case("multipart/form-data") {
        let condition = "Bucket POST must be of the enclosure-type multipart/form-data";
        return Err(Fault::PreconditionFailed.with("Condition", condition).because(format!(
            "the form came as `{}`, and S3 takes forms as `multipart/form-data` only: give it \
                 `enctype=\"multipart/form-data\"`, or send a `FormData`",
            media_type.trim()
        )));
    }
    match parameter(parameters, "boundary") {
        Some(boundary) if !boundary.is_empty() => Ok(boundary),
        _ => Err(Fault::MalformedPostRequest.because("the `Content-Type` has no boundary")),
    }
}

/// The `Content-Disposition` of a part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Disposition {
    kind: String,
    pub(super) name: String,
    pub(super) filename: Option<String>,
}

impl Disposition {
    /// Reads it; a part without a name is none of a form.
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, Failure> {
        let malformed = || Fault::MalformedPostRequest.because("a part of the form has no name");
        let header = headers.get(CONTENT_DISPOSITION).ok_or_else(malformed)?;
        Self::parse(&text(header.as_bytes())).ok_or_else(malformed)
    }

    fn parse(header: &str) -> Option<Self> {
        let (kind, parameters) = header.split_once(';')?;
        let name = parameter(parameters, "name")?;
        let filename = parameter(parameters, "filename");
        Some(Self { kind: kind.trim().to_owned(), name, filename })
    }

    /// Whether the part is the file. A part of another disposition is a field, whatever its name
    /// (Stack Overflow 18541652), and so is one that has a file's name but is not called `file`.
    pub(super) fn is_file(&self) -> bool {
        self.kind.eq_ignore_ascii_case("form-data") && self.name.eq_ignore_ascii_case("file")
    }
}

/// The value of a parameter in `a=1; b="2"`, without its quotes.
fn parameter(mut parameters: &str, name: &str) -> Option<String> {
    loop {
        parameters = parameters.trim_start_matches([';', ' ', '\t']);
        if parameters.is_empty() {
            return None;
        }
        let (known, value, rest) = first_parameter(parameters);
        if known.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        parameters = rest;
    }
}

/// The first parameter's name and value, and what comes after it.
fn first_parameter(parameters: &str) -> (&str, String, &str) {
    let end = parameters.find(['=', ';']).unwrap_or(parameters.len());
    let (name, rest) = parameters.split_at(end);
    let name = name.trim();
    let Some(value) = rest.strip_prefix('=').map(|value| value.trim_start_matches([' ', '\t']))
    else {
        return (name, String::new(), rest);
    };
    if let Some((value, rest)) = value.strip_prefix('"').and_then(quoted) {
        return (name, value, rest);
    }
    let (value, rest) = value.split_at(value.find(';').unwrap_or(value.len()));
    (name, value.trim().to_owned(), rest)
}

/// A text up to its closing quote, and what comes after it.
///
/// Browsers write a quote as `%22`, other clients as `\"`, and both write a backslash as it is: only
/// `\"` is an escape, unless the text would have no end then.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quotes = || text.match_indices('"').map(|(index, _)| index);
    let end =
        quotes().find(|index| !text[..*index].ends_with('\\')).or_else(|| quotes().next_back())?;
    Some((text[..end].replace("\\\"", "\""), &text[end + 1..]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check_boundary(content_type: &str, expected: Result<&str, &str>) {
        let found = boundary(content_type);
        let found = found.as_deref().map_err(|failure| failure.error.code);
        assert_eq!(found.map(String::from), expected.map(String::from), "{content_type}");
    }

    #[test]
    fn boundaries() {
        for (content_type, expected) in [
            ("multipart/form-data; boundary=abc", Ok("abc")),
            ("Multipart/Form-Data;charset=UTF-8; BOUNDARY=\"a b;c\"", Ok("a b;c")),
            (
                "multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW ",
                Ok("----WebKitFormBoundary7MA4YWxkTrZu0gW"),
            ),
            ("multipart/form-data", Err("MalformedPOSTRequest")),
            ("multipart/form-data; boundary=", Err("MalformedPOSTRequest")),
            ("multipart/form-data; boundary=\"\"", Err("MalformedPOSTRequest")),
            ("multipart/form-data; charset=UTF-8", Err("MalformedPOSTRequest")),
            ("application/x-www-form-urlencoded", Err("PreconditionFailed")),
            ("multipart/mixed; boundary=abc", Err("PreconditionFailed")),
            ("", Err("PreconditionFailed")),
        ] {
            check_boundary(content_type, expected);
        }
    }

    #[track_caller]
    fn check(header: &str, expected: Option<(&str, Option<&str>)>) {
        let found = Disposition::parse(header);
        let found = found.as_ref().map(|found| (found.name.as_str(), found.filename.as_deref()));
        assert_eq!(found, expected, "{header}");
    }

    #[test]
    fn dispositions() {
        for (header, expected) in [
            ("form-data; name=\"key\"", Some(("key", None))),
            ("form-data; name=key", Some(("key", None))),
            ("form-data;name=file;filename=a.txt", Some(("file", Some("a.txt")))),
            ("form-data; filename=\"a name=b\"; name=\"file\"", Some(("file", Some("a name=b")))),
            ("form-data; name=\"file\"; filename=\"\"", Some(("file", Some("")))),
            (
                "form-data; name=\"file\"; filename=\"é ü 漢.png\"",
                Some(("file", Some("é ü 漢.png"))),
            ),
            ("form-data; name=\"file\"; filename=\"q%22uo'te\"", Some(("file", Some("q%22uo'te")))),
            ("form-data; name=\"file\"; filename=\"q\\\"uote\"", Some(("file", Some("q\"uote")))),
            (
                "form-data; name=\"file\"; filename=\"semi;colon\"",
                Some(("file", Some("semi;colon"))),
            ),
            ("form-data; name=\"file\"; filename=\"C:\\dir\\\"", Some(("file", Some("C:\\dir\\")))),
            ("form-data; filename*=utf-8''x; name=\"file\"", Some(("file", None))),
            ("form-data; NAME=\"file\"", Some(("file", None))),
            ("form-data; name=\"\"", Some(("", None))),
            ("form-data; name", Some(("", None))),
            ("form-data", None),
            ("form-data; filename=\"a\"", None),
        ] {
            check(header, expected);
        }
    }

    proptest! {
        #[test]
        fn no_header_is_too_odd(text in ".*", like_one in "form-data(;| |name|filename|=|\"|\\\\|a|é)*") {
            let _ = (boundary(&text), Disposition::parse(&text), Disposition::parse(&like_one));
            let _ = boundary(&format!("multipart/form-data;{text}"));
        }
    }
}
