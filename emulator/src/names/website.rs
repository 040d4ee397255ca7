//! What a bucket is as a website.

use serde::Deserialize;
use serde::Serialize;

/// The website setting of a bucket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Website {
    /// Everything is elsewhere.
    RedirectAll(Elsewhere),
    /// Documents of the bucket.
    Documents(Documents),
}

/// A host, and how it is spoken to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Elsewhere {
    pub(crate) host: String,
    /// `http` or `https`.
    pub(crate) protocol: Option<String>,
}

/// A website of documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Documents {
    /// The end of the key of every folder's own document.
    pub(crate) index_suffix: String,
    /// The key of what is shown in place of an error.
    pub(crate) error_key: Option<String>,
    pub(crate) rules: Vec<RoutingRule>,
}

/// A rule that sends a browser elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RoutingRule {
    pub(crate) condition: Option<Condition>,
    pub(crate) redirect: Redirect,
}

/// When a rule applies: if all that is there is so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Condition {
    pub(crate) key_prefix: Option<String>,
    /// A status from 400 on.
    pub(crate) error_status: Option<u16>,
}

/// Where a rule leads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Redirect {
    pub(crate) host: Option<String>,
    /// `http` or `https`.
    pub(crate) protocol: Option<String>,
    /// A status from 301 to 399.
    pub(crate) status: Option<u16>,
    pub(crate) key: Option<NewKey>,
}

/// What becomes of the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum NewKey {
    /// `ReplaceKeyWith`.
    Whole(String),
    /// `ReplaceKeyPrefixWith`.
    Prefix(String),
}
