//! `Notification`: which events of a bucket go where.

use serde::Deserialize;
use serde::Serialize;

/// Where the events of a bucket go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notification {
    pub(crate) targets: Vec<Target>,
    pub(crate) event_bridge: EventBridge,
}

/// Whether everything goes to EventBridge too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EventBridge {
    On,
    #[default]
    Off,
}

/// One destination with its choice of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) arn: String,
    /// With `s3:`, and perhaps with a star at the end. None stands there twice.
    pub(crate) events: Vec<String>,
    pub(crate) prefix: String,
    pub(crate) suffix: String,
}

/// What receives the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Topic,
    Queue,
    CloudFunction,
}

/// The names that a configuration may ask for, by the service model of S3.
pub(crate) const EVENTS: [&str; 30] = [
    "s3:IntelligentTiering",
    "s3:LifecycleExpiration:*",
    "s3:LifecycleExpiration:Delete",
    "s3:LifecycleExpiration:DeleteMarkerCreated",
    "s3:LifecycleTransition",
    "s3:ObjectAcl:Put",
    "s3:ObjectAnnotation:*",
    "s3:ObjectAnnotation:Delete",
    "s3:ObjectAnnotation:Put",
    "s3:ObjectCreated:*",
    "s3:ObjectCreated:CompleteMultipartUpload",
    "s3:ObjectCreated:Copy",
    "s3:ObjectCreated:Post",
    "s3:ObjectCreated:Put",
    "s3:ObjectRemoved:*",
    "s3:ObjectRemoved:Delete",
    "s3:ObjectRemoved:DeleteMarkerCreated",
    "s3:ObjectRestore:*",
    "s3:ObjectRestore:Completed",
    "s3:ObjectRestore:Delete",
    "s3:ObjectRestore:Post",
    "s3:ObjectTagging:*",
    "s3:ObjectTagging:Delete",
    "s3:ObjectTagging:Put",
    "s3:ReducedRedundancyLostObject",
    "s3:Replication:*",
    "s3:Replication:OperationFailedReplication",
    "s3:Replication:OperationMissedThreshold",
    "s3:Replication:OperationNotTracked",
    "s3:Replication:OperationReplicatedAfterThreshold",
];

impl Target {
    /// Whether an event, named without `s3:`, is chosen.
    pub(crate) fn takes(&self, name: &str, key: &str) -> bool {
        self.events.iter().any(|event| covers(event, &format!("s3:{name}")))
            && key.starts_with(&self.prefix)
            && key.ends_with(&self.suffix)
    }

    /// The events of both, of which one of one key could be chosen by both; S3 refuses that.
    pub(crate) fn shared_events<'a>(&'a self, other: &'a Self) -> Option<(&'a str, &'a str)> {
        let shares_prefix =
            self.prefix.starts_with(&other.prefix) || other.prefix.starts_with(&self.prefix);
        let shares_suffix =
            self.suffix.ends_with(&other.suffix) || other.suffix.ends_with(&self.suffix);
        if !shares_prefix || !shares_suffix {
            return None;
        }
        let mut pairs =
            self.events.iter().flat_map(|one| other.events.iter().map(move |two| (one, two)));
        let shared = pairs.find(|(one, two)| covers(one, two) || covers(two, one));
        shared.map(|(one, two)| (one.as_str(), two.as_str()))
    }

    /// Whether it takes some keys only.
    pub(crate) fn has_filter(&self) -> bool {
        !self.prefix.is_empty() || !self.suffix.is_empty()
    }
}

fn covers(asked: &str, name: &str) -> bool {
    match asked.strip_suffix('*') {
        Some(family) => name.starts_with(family),
        None => asked == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(event: &str, prefix: &str, suffix: &str) -> Target {
        Target {
            id: String::new(),
            kind: Kind::Queue,
            arn: String::new(),
            events: vec![event.to_owned()],
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
        }
    }

    #[test]
    fn events_are_chosen_by_name_and_key() {
        let images = target("s3:ObjectCreated:*", "in/", ".jpg");
        assert!(images.takes("ObjectCreated:Post", "in/cat.jpg"));
        assert!(!images.takes("ObjectRemoved:Delete", "in/cat.jpg"));
        assert!(!images.takes("ObjectCreated:Put", "out/cat.jpg"));
        assert!(!images.takes("ObjectCreated:Put", "in/cat.png"));
        assert!(target("s3:ObjectAcl:Put", "", "").takes("ObjectAcl:Put", "any"));
    }

    #[track_caller]
    fn check(one: &Target, two: &Target, expected: bool) {
        let found = (one.shared_events(two).is_some(), two.shared_events(one).is_some());
        assert_eq!(found, (expected, expected));
    }

    #[test]
    fn targets_overlap_if_one_event_could_be_for_both() {
        let all = target("s3:ObjectCreated:*", "", "");
        check(&all, &target("s3:ObjectCreated:Put", "a", ".b"), true);
        check(&all, &target("s3:ObjectRemoved:*", "", ""), false);
        let (a, b) =
            (target("s3:ObjectCreated:*", "a/", ""), target("s3:ObjectCreated:*", "b/", ""));
        check(&a, &b, false);
        check(&a, &target("s3:ObjectCreated:*", "a/b", ""), true);
        let jpg = target("s3:ObjectCreated:*", "", ".jpg");
        check(&jpg, &target("s3:ObjectCreated:*", "", ".png"), false);
        check(&jpg, &a, true);
    }
}
