//! The query: its parameters in order, as sent and decoded.

use std::borrow::Cow;

use stuntbucket_signer::encode;

/// The parameters of a query, in order. A parameter may be there several times.
#[derive(Debug)]
pub(crate) struct Query {
    raw: String,
    parameters: Vec<(String, String)>,
}

impl Query {
    /// Reads a query as sent, without its question mark.
    pub(crate) fn new(raw: String) -> Self {
        let parameters = raw
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (name, value) = part.split_once('=').unwrap_or((part, ""));
                (decoded(name), decoded(value))
            })
            .collect();
        Self { raw, parameters }
    }

    /// As sent.
    pub(crate) fn raw(&self) -> &str {
        &self.raw
    }

    /// Whether the parameter is there, with or without a value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|(known, _)| known == name)
    }

    /// The value of the first parameter of that name; empty if it has none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The same, for parameters that stand for headers.
    pub(crate) fn get_ignoring_case(&self, name: &str) -> Option<Cow<'_, str>> {
        self.iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| Cow::Borrowed(value))
    }

    /// All parameters, decoded, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether the query claims an identity, by either version of signatures.
    pub(crate) fn is_signed(&self) -> bool {
        ["X-Amz-Signature", "X-Amz-Algorithm", "AWSAccessKeyId", "Signature"]
            .iter()
            .any(|name| self.has(name))
    }
}

/// S3 reads a plus in a query as a space.
fn decoded(text: &str) -> String {
    String::from_utf8_lossy(&encode::decode(text, encode::Plus::Space)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn parameters_are_decoded_and_keep_their_order() {
        let query = Query::new("uploads&prefix=a+b%2Fc&x=&prefix=second&&é=1".to_owned());
        assert!(query.has("uploads"));
        assert_eq!(query.get("uploads"), Some(""));
        assert_eq!(query.get("prefix"), Some("a b/c"));
        assert_eq!(query.get("absent"), None);
        assert_eq!(query.iter().count(), 5);
    }
}
