//! `JsonObject`: names with texts, written as JSON in the order given.

use serde::Serialize;
use serde::Serializer;

/// Pairs that are written as the members of one object.
#[derive(Debug)]
pub(super) struct JsonObject<'a, N>(pub(super) &'a [(N, String)]);

impl<N: Serialize> Serialize for JsonObject<'_, N> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use super::JsonObject;

    #[test]
    fn the_order_stays() {
        let pairs = [("key", "a\"b".to_owned()), ("acl", String::new())];
        let json = serde_json::to_string(&JsonObject(&pairs)).unwrap();
        assert_eq!(json, r#"{"key":"a\"b","acl":""}"#);
    }
}
