//! `Names`: the values that fill the places of a flow's texts.
//!
//! Every run offers `{bucket}`, `{other}` and `{missing}` (names of buckets: the flow's own, a second
//! one it may make, and one that is never made), `{bucket_url}`, `{host}`, `{region}`, `{create_bucket}`
//! (the document that creates a bucket in this region), `{access_key}`, `{stranger_access_key}`,
//! `{owner_id}`, `{stranger_id}`, `{wrong_region}`, `{website_host}` (the name of the bucket's website, where
//! the target has some), the times `{hour_ago_http}`, `{in_an_hour_http}`, `{now}`, `{today}` and
//! `{tomorrow}`, and in headers `{body_md5}`, the MD5 of the step's own body.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::Serialize;
use stuntbucket_signer::encode;

/// The values by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Names(pub(crate) BTreeMap<String, String>);

impl Names {
    /// Gives a name its value.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// The value of a name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Fills a text with the values as they are.
    pub(crate) fn fill(&self, text: &str) -> Result<String, NoSuchName> {
        self.fill_with(text, str::to_owned)
    }

    /// Fills the target of a call, in which values are percent-encoded.
    pub(crate) fn fill_call(&self, text: &str) -> Result<String, NoSuchName> {
        self.fill_with(text, |value| encode::component(value.as_bytes()))
    }

    fn fill_with(&self, text: &str, spell: fn(&str) -> String) -> Result<String, NoSuchName> {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find('{') {
            let (before, from_brace) = rest.split_at(start);
            filled.push_str(before);
            let Some(name) = name_in_braces(from_brace) else {
                filled.push('{');
                rest = &from_brace[1..];
                continue;
            };
            // `${filename}` is S3's own place.
            if before.ends_with('$') {
                filled.push_str(&from_brace[..name.len() + 2]);
            } else {
                let value = self.value(name).ok_or_else(|| NoSuchName(name.to_owned()))?;
                filled.push_str(&spell(value));
            }
            rest = &from_brace[name.len() + 2..];
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

/// A place for which no step kept a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoSuchName(String);

impl fmt::Display for NoSuchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing is known that fills the place `{{{}}}`", self.0)
    }
}

impl std::error::Error for NoSuchName {}

fn name_in_braces(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('{')?.split_once('}')?;
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (!name.is_empty() && name.bytes().all(is_word)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, filled: &str) {
        let mut names = Names::default();
        names.set("bucket", "b-1");
        names.set("token", "a/b=");
        assert_eq!(names.fill(text).as_deref(), Ok(filled));
    }

    #[test]
    fn words_in_braces_are_filled_and_nothing_else() {
        check("", "");
        check("/{bucket}/k{bucket}", "/b-1/kb-1");
        check("user/${filename}", "user/${filename}");
        check(r#"{"bucket": "{bucket}"}"#, r#"{"bucket": "b-1"}"#);
        check("{Bucket} {} {", "{Bucket} {} {");
        check("{token}", "a/b=");
    }

    #[test]
    fn values_in_a_call_are_encoded() {
        let mut names = Names::default();
        names.set("token", "a/b=");
        let call = names.fill_call("/b?continuation-token={token}");
        assert_eq!(call.as_deref(), Ok("/b?continuation-token=a%2Fb%3D"));
    }

    #[test]
    fn an_unknown_place_is_named() {
        let error = Names::default().fill("/{etag}").unwrap_err();
        assert_eq!(error.to_string(), "nothing is known that fills the place `{etag}`");
    }
}
