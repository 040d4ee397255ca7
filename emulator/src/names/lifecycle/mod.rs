//! Lifecycle rules, and what they make of an object at a time.

#[cfg(test)]
mod tests;

use serde::Deserialize;
use serde::Serialize;
use stuntbucket_signer::Timestamp;

/// The rules of a bucket, as far as they have an effect here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lifecycle {
    pub(crate) rules: Vec<Rule>,
    pub(crate) minimum: MinimumSize,
}

/// Which objects are too small to be moved to another storage class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum MinimumSize {
    /// Those below 128 KiB.
    #[default]
    AllClasses,
    /// The same, but for the archives, which take all.
    VariesByClass,
}

impl MinimumSize {
    const ALL: [(Self, &'static str); 2] = [
        (Self::AllClasses, "all_storage_classes_128K"),
        (Self::VariesByClass, "varies_by_storage_class"),
    ];

    pub(crate) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, name)| name)
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(minimum, _)| *minimum)
    }
}

/// A rule that is enabled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) filter: Filter,
    pub(crate) expiration: Option<When>,
    pub(crate) transitions: Vec<Transition>,
    /// Whether delete markers go that hide nothing any more.
    pub(crate) ends_lone_markers: bool,
    pub(crate) noncurrent_expiration: Option<Noncurrent>,
    pub(crate) noncurrent_transitions: Vec<(Noncurrent, String)>,
    /// How many days an upload in parts may be open.
    pub(crate) abort_days: Option<u32>,
}

/// When it is the turn of a version that is no longer the current one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Noncurrent {
    /// Since another one is current.
    pub(crate) days: u32,
    /// So many newer noncurrent ones there must be.
    pub(crate) newer_versions: u32,
}

/// How a version came to be noncurrent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Past {
    pub(crate) since: Timestamp,
    /// How many noncurrent versions are newer.
    pub(crate) newer: u32,
}

/// Which objects a rule is about: those that fulfil all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Filter {
    pub(crate) prefix: String,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) larger_than: Option<u64>,
    pub(crate) smaller_than: Option<u64>,
}

/// A day, by an object's age or by the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum When {
    Days(u32),
    /// Seconds since 1970.
    Date(i64),
}

/// A move to another storage class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Transition {
    pub(crate) when: When,
    pub(crate) storage_class: String,
}

/// What rules look at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) key: &'a str,
    pub(crate) size: u64,
    pub(crate) modified: Timestamp,
    pub(crate) tags: &'a [(String, String)],
    pub(crate) storage_class: &'a str,
}

/// What becomes of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Stays,
    Ends,
    Moves(String),
}

pub(crate) const DAY_SECONDS: i64 = 24 * 60 * 60;
/// Objects below this size stay in their storage class.
const MOVED_BYTES_MIN: u64 = 128 * 1024;

impl Lifecycle {
    /// What becomes of an object at this time.
    pub(crate) fn fate(&self, object: &Subject<'_>, now: Timestamp) -> Fate {
        let has_come = |when: When| when.of(object.modified) <= now;
        if self.expiration(object).is_some_and(|(at, _)| at <= now) {
            return Fate::Ends;
        }
        self.rules
            .iter()
            .filter(|rule| rule.filter.takes(object))
            .flat_map(|rule| rule.transitions.iter().map(move |transition| (rule, transition)))
            .filter(|(rule, transition)| {
                has_come(transition.when)
                    && self.is_large_enough(rule, &transition.storage_class, object)
            })
            .max_by_key(|(_, transition)| transition.when.of(object.modified))
            .filter(|(_, transition)| transition.storage_class != object.storage_class)
            .map_or(Fate::Stays, |(_, transition)| Fate::Moves(transition.storage_class.clone()))
    }

    /// What becomes of a version that is not the current one.
    pub(crate) fn fate_of_noncurrent(
        &self,
        version: &Subject<'_>,
        past: Past,
        now: Timestamp,
    ) -> Fate {
        let rules = || self.rules.iter().filter(|rule| rule.filter.takes(version));
        let at = |noncurrent: &Noncurrent| When::Days(noncurrent.days).of(past.since);
        let has_come = |when: &Noncurrent| at(when) <= now && past.newer >= when.newer_versions;
        if rules().filter_map(|rule| rule.noncurrent_expiration.as_ref()).any(has_come) {
            return Fate::Ends;
        }
        rules()
            .flat_map(|rule| rule.noncurrent_transitions.iter().map(move |to| (rule, to)))
            .filter(|(rule, (when, class))| {
                has_come(when) && self.is_large_enough(rule, class, version)
            })
            .max_by_key(|(_, (when, _))| at(when))
            .filter(|(_, (_, class))| class != version.storage_class)
            .map_or(Fate::Stays, |(_, (_, class))| Fate::Moves(class.clone()))
    }

    /// Whether a delete marker goes that is the only version of its key: by a rule about such, or
    /// by the age at which a rule ends objects (documented in "Examples of S3 Lifecycle
    /// configurations").
    pub(crate) fn ends_lone_marker(&self, marker: &Subject<'_>, now: Timestamp) -> bool {
        self.rules.iter().filter(|rule| rule.filter.takes(marker)).any(|rule| {
            let ends_by_age = match rule.expiration {
                Some(when @ When::Days(_)) => when.of(marker.modified) <= now,
                Some(When::Date(_)) | None => false,
            };
            rule.ends_lone_markers || ends_by_age
        })
    }

    /// When an upload in parts is aborted, and by which rule: of several the one that comes first.
    pub(crate) fn abort(&self, key: &str, initiated: Timestamp) -> Option<(Timestamp, &str)> {
        self.rules
            .iter()
            .filter(|rule| key.starts_with(&rule.filter.prefix))
            .filter_map(|rule| Some((When::Days(rule.abort_days?).of(initiated), rule.id.as_str())))
            .min_by_key(|(at, _)| *at)
    }

    /// When an object ends, and by which rule: of several the one that comes first.
    pub(crate) fn expiration(&self, object: &Subject<'_>) -> Option<(Timestamp, &str)> {
        self.rules
            .iter()
            .filter(|rule| rule.filter.takes(object))
            .filter_map(|rule| Some((rule.expiration?.of(object.modified), rule.id.as_str())))
            .min_by_key(|(at, _)| *at)
    }

    /// The value of `x-amz-expiration`. The id stands in it as it is, spaces and all (recorded by
    /// LocalStack, against the documentation).
    pub(crate) fn expiration_header(&self, object: &Subject<'_>) -> Option<String> {
        let (at, id) = self.expiration(object)?;
        Some(format!("expiry-date=\"{}\", rule-id=\"{id}\"", at.http()))
    }

    /// A rule that itself speaks of sizes moves whatever it names (documented).
    fn is_large_enough(&self, rule: &Rule, class: &str, object: &Subject<'_>) -> bool {
        object.size >= MOVED_BYTES_MIN
            || rule.filter.larger_than.is_some()
            || rule.filter.smaller_than.is_some()
            || (is_archive(class) && self.minimum == MinimumSize::VariesByClass)
    }
}

impl When {
    /// The midnight at which it comes for an object of this time: days are counted from it, and
    /// the result is rounded up.
    fn of(self, modified: Timestamp) -> Timestamp {
        match self {
            Self::Date(seconds) => Timestamp::from_unix(seconds),
            Self::Days(days) => {
                midnight_after(modified.plus_seconds(i64::from(days) * DAY_SECONDS))
            }
        }
    }
}

/// Whether what is in the class must be restored before it can be read.
pub(crate) fn is_archive(storage_class: &str) -> bool {
    matches!(storage_class, "GLACIER" | "DEEP_ARCHIVE")
}

/// The next midnight, or this one.
pub(crate) fn midnight_after(time: Timestamp) -> Timestamp {
    let into_day = time.unix().rem_euclid(DAY_SECONDS);
    if into_day == 0 { time } else { time.plus_seconds(DAY_SECONDS - into_day) }
}

impl Filter {
    fn takes(&self, object: &Subject<'_>) -> bool {
        object.key.starts_with(&self.prefix)
            && self.tags.iter().all(|tag| object.tags.contains(tag))
            && self.larger_than.is_none_or(|size| object.size > size)
            && self.smaller_than.is_none_or(|size| object.size < size)
    }
}
