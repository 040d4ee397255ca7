//! `Query`: the parameters of a query, read and changed without touching the others.

use std::borrow::Cow;

use stuntbucket_signer::encode;
use stuntbucket_signer::encode::Plus;

/// The decoded parameters in order.
pub(super) fn parameters(query: &str) -> Vec<(String, String)> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    let decoded = parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name).into_owned(), decoded(value).into_owned())
    });
    decoded.collect()
}

/// The decoded value of the first parameter of exactly that name.
pub(super) fn value(query: &str, name: &str) -> Option<String> {
    parameters(query).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// The query with another value for the first parameter of that name, or with the parameter added.
pub(super) fn with(query: &str, name: &str, value: &str) -> String {
    let new = format!("{name}={}", encode::component(value.as_bytes()));
    let mut parts: Vec<&str> = query.split('&').filter(|part| !part.is_empty()).collect();
    let is_it = |part: &&str| decoded(part.split_once('=').map_or(*part, |(name, _)| name)) == name;
    match parts.iter().position(is_it) {
        Some(index) => parts[index] = &new,
        None => parts.push(&new),
    }
    parts.join("&")
}

/// S3 reads a plus in a query as a space.
fn decoded(text: &str) -> Cow<'_, str> {
    Cow::Owned(String::from_utf8_lossy(&encode::decode(text, Plus::Space)).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_parameter_changes_and_the_others_stay() {
        let query = "a=%20&X-Amz-Expires=99&b&X-Amz-Expires=2";
        assert_eq!(value(query, "X-Amz-Expires").as_deref(), Some("99"));
        assert_eq!(
            with(query, "X-Amz-Expires", "1/2"),
            "a=%20&X-Amz-Expires=1%2F2&b&X-Amz-Expires=2"
        );
        assert_eq!(with("", "c", "d"), "c=d");
        assert_eq!(parameters("a+b=%2F&&c").len(), 2);
    }
}
