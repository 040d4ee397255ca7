//! What goes wrong with a request after it was signed.

use stuntbucket_signer::encode;

use super::CannotCompose;
use crate::exchange::Request;
use crate::fill::Names;
use crate::flow::Spoil;

/// Changes a signed request. What concerns the signing or the fields of a form was done before.
pub(super) fn apply(
    spoil: Spoil,
    request: &mut Request,
    names: &Names,
) -> Result<(), CannotCompose> {
    let nothing = || CannotCompose::NothingToSpoil(spoil);
    match spoil {
        Spoil::AccessKeyUnknown
        | Spoil::BucketMissing
        | Spoil::CallText(..)
        | Spoil::ChunkBytes(_)
        | Spoil::NotSent(_)
        | Spoil::PolicyEnds(_)
        | Spoil::PolicySays(..)
        | Spoil::SecretWrong
        | Spoil::SentHeader(..)
        | Spoil::RegionWrong
        | Spoil::SignedAt(_)
        | Spoil::SignedBy(_)
        | Spoil::Token(_)
        | Spoil::Field(..)
        | Spoil::FieldRemoved(_)
        | Spoil::PolicyText(..) => {}
        Spoil::BodyText(from, to) => {
            let (from, to) = (names.fill(from)?, names.fill(to)?);
            let body = &request.body;
            let at = find(body, from.as_bytes()).ok_or_else(nothing)?;
            request.body = [&body[..at], to.as_bytes(), &body[at + from.len()..]].concat();
        }
        Spoil::ChunkSignature => {
            let mark = b"chunk-signature=";
            let digit = find(&request.body, mark).ok_or_else(nothing)? + mark.len();
            let old = request.body.get_mut(digit).ok_or_else(nothing)?;
            *old = if *old == b'0' { b'1' } else { b'0' };
        }
        Spoil::Credential(template) => spoil_credential(request, template).ok_or_else(nothing)?,
        Spoil::Header(name, value) => {
            let value = names.fill(value)?;
            match header(request, name) {
                Some(old) => *old = value,
                None => request.headers.push((name.to_owned(), value)),
            }
        }
        Spoil::HeaderCut(name, from) => {
            let value = header(request, name).ok_or_else(nothing)?;
            let end = value.find(from).ok_or_else(nothing)?;
            value.truncate(end);
        }
        Spoil::HeaderText(name, from, to) => {
            let value = header(request, name).ok_or_else(nothing)?;
            *value = with_text(value, from, to).ok_or_else(nothing)?;
        }
        Spoil::HeaderRemoved(name) => {
            let index = request.headers.iter().position(|header| header.0 == name);
            request.headers.remove(index.ok_or_else(nothing)?);
        }
        Spoil::Method(method) => method.clone_into(&mut request.method),
        Spoil::PathText(from, to) => {
            let (path, query) = split_query(&request.url);
            request.url = with_text(path, from, to).ok_or_else(nothing)? + query;
        }
        Spoil::Query(name, value) => {
            let value = names.fill_call(value)?;
            request.url = with_parameter(&request.url, name, Some(&value));
        }
        Spoil::QueryRemoved(name) => request.url = with_parameter(&request.url, name, None),
        Spoil::SignatureCharacter => spoil_signature(request).ok_or_else(nothing)?,
    }
    Ok(())
}

/// Forms were spoiled when their fields were written.
fn spoil_signature(request: &mut Request) -> Option<()> {
    let authorization = request.headers.iter_mut().find(|header| header.0 == "authorization");
    let text = match authorization {
        Some(header) => &mut header.1,
        None if request.url.contains("X-Amz-Signature=") => &mut request.url,
        None => return find(&request.body, b"x-amz-signature").map(|_| ()),
    };
    let mark = "Signature=";
    let start = text.find(mark)? + mark.len();
    let spoiled = with_another_first_digit(&text[start..]);
    text.replace_range(start.., &spoiled);
    Some(())
}

/// Forms were spoiled when their fields were written.
fn spoil_credential(request: &mut Request, template: &str) -> Option<()> {
    const PARAMETER: &str = "X-Amz-Credential=";
    if let Some(value) = header(request, "authorization") {
        let start = value.find("Credential=")? + "Credential=".len();
        let end = start + value[start..].find(',')?;
        let spoiled = credential(&value[start..end], template)?;
        value.replace_range(start..end, &spoiled);
    } else if let Some(start) = request.url.find(PARAMETER) {
        let start = start + PARAMETER.len();
        let end = request.url[start..].find('&').map_or(request.url.len(), |end| start + end);
        let right = encode::decode(&request.url[start..end], encode::Plus::Literal);
        let spoiled = credential(std::str::from_utf8(&right).ok()?, template)?;
        request.url.replace_range(start..end, &encode::component(spoiled.as_bytes()));
    }
    Some(())
}

/// A credential in another form: the template, filled with the parts of the right one.
pub(super) fn credential(right: &str, template: &str) -> Option<String> {
    let mut names = Names::default();
    let mut parts = right.split('/');
    for name in ["key", "day", "region", "service", "end"] {
        names.set(name, parts.next()?);
    }
    names.fill(template).ok()
}

/// The value of a header, to be changed.
fn header<'a>(request: &'a mut Request, name: &str) -> Option<&'a mut String> {
    request.headers.iter_mut().find(|header| header.0 == name).map(|header| &mut header.1)
}

/// The same text with another one inside.
pub(super) fn with_text(text: &str, from: &str, to: &str) -> Option<String> {
    text.contains(from).then(|| text.replacen(from, to, 1))
}

/// The same text with another first digit.
pub(super) fn with_another_first_digit(signature: &str) -> String {
    let digit = if signature.starts_with('0') { '1' } else { '0' };
    std::iter::once(digit).chain(signature.chars().skip(1)).collect()
}

fn with_parameter(url: &str, name: &str, value: Option<&str>) -> String {
    let (path, query) = split_query(url);
    let is_named = |pair: &&str| pair.split('=').next() == Some(name);
    let mut pairs: Vec<&str> =
        query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()).collect();
    let replacement = value.map(|value| format!("{name}={value}"));
    let place = pairs.iter().position(&is_named).unwrap_or(pairs.len());
    pairs.retain(|pair| !is_named(pair));
    if let Some(replacement) = &replacement {
        pairs.insert(place, replacement);
    }
    let separator = if pairs.is_empty() { "" } else { "?" };
    format!("{path}{separator}{}", pairs.join("&"))
}

fn split_query(url: &str) -> (&str, &str) {
    url.split_at(url.find('?').unwrap_or(url.len()))
}

fn find(bytes: &[u8], text: &[u8]) -> Option<usize> {
    bytes.windows(text.len()).position(|window| window == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_replaced_where_it_stands() {
        let url = "http://h/b/k?a=1&X-Amz-Expires=60&c";
        for (name, value, expected) in [
            ("X-Amz-Expires", Some("604801"), "http://h/b/k?a=1&X-Amz-Expires=604801&c"),
            ("X-Amz-Expires", None, "http://h/b/k?a=1&c"),
            ("c", Some(""), "http://h/b/k?a=1&X-Amz-Expires=60&c="),
            ("new", Some("1"), "http://h/b/k?a=1&X-Amz-Expires=60&c&new=1"),
        ] {
            assert_eq!(with_parameter(url, name, value), expected);
        }
        assert_eq!(with_parameter("http://h/?a", "a", None), "http://h/");
    }

    #[test]
    fn a_credential_is_written_otherwise() {
        let right = "AKID/20260101/eu-west-1/s3/aws4_request";
        for (template, expected) in [
            ("{key}/{day}", "AKID/20260101"),
            ("{key}/{day}/{region}/ec2/{end}", "AKID/20260101/eu-west-1/ec2/aws4_request"),
        ] {
            assert_eq!(credential(right, template).as_deref(), Some(expected));
        }
        assert_eq!(credential("AKID/20260101", "{key}"), None);
    }

    #[test]
    fn one_digit_of_a_signature_changes() {
        assert_eq!(with_another_first_digit("0abc"), "1abc");
        assert_eq!(with_another_first_digit("abc"), "0bc");
    }
}
