//! Documents of a bucket that were validated once and are given back as they are.

use std::collections::BTreeMap;
use std::ops::Bound;

use serde::Deserialize;
use serde::Serialize;

/// What a document is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Configuration {
    Abac,
    Accelerate,
    Analytics,
    IntelligentTiering,
    Inventory,
    Lifecycle,
    Logging,
    Metrics,
    Notification,
    Replication,
    RequestPayment,
}

/// The documents of one bucket: what stands inside the root, without its declaration. Those of
/// which a bucket has only one have the empty id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Configurations(BTreeMap<(Configuration, String), String>);

impl Configurations {
    pub(crate) fn find(&self, about: Configuration, id: &str) -> Option<&str> {
        self.0.get(&(about, id.to_owned())).map(String::as_str)
    }

    /// Whether tags of the bucket count in policies.
    pub(crate) fn is_abac_on(&self) -> bool {
        self.find(Configuration::Abac, "") == Some("<Status>Enabled</Status>")
    }

    /// Whether Transfer Acceleration is on; `None` if nobody ever said so.
    pub(crate) fn is_accelerated(&self) -> Option<bool> {
        let status = self.find(Configuration::Accelerate, "")?;
        Some(status == "<Status>Enabled</Status>")
    }

    /// Whether whoever asks pays for it.
    pub(crate) fn is_requester_pays(&self) -> bool {
        self.find(Configuration::RequestPayment, "") == Some("<Payer>Requester</Payer>")
    }

    pub(crate) fn put(&mut self, about: Configuration, id: &str, document: String) {
        self.0.insert((about, id.to_owned()), document);
    }

    pub(crate) fn remove(&mut self, about: Configuration, id: &str) {
        self.0.remove(&(about, id.to_owned()));
    }

    /// The documents about this after an id, in the order of their ids.
    pub(crate) fn after(
        &self,
        about: Configuration,
        id: &str,
    ) -> impl Iterator<Item = (&str, &str)> {
        let from = Bound::Excluded((about, id.to_owned()));
        self.0
            .range((from, Bound::Unbounded))
            .take_while(move |((other, _), _)| *other == about)
            .map(|((_, id), document)| (id.as_str(), document.as_str()))
    }
}
