//! Lifecycle rules, and what they make of an object at a time.

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

/// A rule that is enabled. What it says of noncurrent versions, delete markers and uploads stands in
/// the document that the bucket keeps; it will act where the rest does, in the sweep.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) filter: Filter,
    pub(crate) expiration: Option<When>,
    pub(crate) transitions: Vec<Transition>,
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
                has_come(transition.when) && self.is_large_enough(rule, transition, object)
            })
            .max_by_key(|(_, transition)| transition.when.of(object.modified))
            .filter(|(_, transition)| transition.storage_class != object.storage_class)
            .map_or(Fate::Stays, |(_, transition)| Fate::Moves(transition.storage_class.clone()))
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
    fn is_large_enough(&self, rule: &Rule, transition: &Transition, object: &Subject<'_>) -> bool {
        let is_archive = matches!(&*transition.storage_class, "GLACIER" | "DEEP_ARCHIVE");
        object.size >= MOVED_BYTES_MIN
            || rule.filter.larger_than.is_some()
            || rule.filter.smaller_than.is_some()
            || (is_archive && self.minimum == MinimumSize::VariesByClass)
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

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    fn time(iso: &str) -> Timestamp {
        Timestamp::parse_iso(iso).unwrap()
    }

    fn object(size: u64, modified: &str) -> Subject<'static> {
        static TAGS: LazyLock<Vec<(String, String)>> =
            LazyLock::new(|| vec![("kind".to_owned(), "log".to_owned())]);
        let modified = time(modified);
        Subject { key: "logs/a", size, modified, tags: &TAGS, storage_class: "STANDARD" }
    }

    fn lifecycle(rules: Vec<Rule>) -> Lifecycle {
        Lifecycle { rules, minimum: MinimumSize::AllClasses }
    }

    fn ending(id: &str, when: When, filter: Filter) -> Rule {
        Rule { id: id.to_owned(), filter, expiration: Some(when), ..Rule::default() }
    }

    #[test]
    fn days_are_rounded_up_to_midnight() {
        for (modified, expected) in [
            ("2026-01-15T10:30:00Z", "2026-01-19T00:00:00Z"),
            ("2026-01-15T00:00:00Z", "2026-01-18T00:00:00Z"),
            ("2026-01-15T00:00:01Z", "2026-01-19T00:00:00Z"),
        ] {
            assert_eq!(When::Days(3).of(time(modified)), time(expected), "{modified}");
        }
    }

    #[test]
    fn an_object_ends_at_its_midnight_and_not_before() {
        let rules = lifecycle(vec![ending("a rule", When::Days(1), Filter::default())]);
        let object = object(1, "2026-01-15T10:30:00Z");
        let fate = |now| rules.fate(&object, time(now));
        assert_eq!(fate("2026-01-16T23:59:59Z"), Fate::Stays);
        assert_eq!(fate("2026-01-17T00:00:00Z"), Fate::Ends);
        assert_eq!(
            rules.expiration_header(&object).unwrap(),
            "expiry-date=\"Sat, 17 Jan 2026 00:00:00 GMT\", rule-id=\"a rule\""
        );
    }

    #[test]
    fn of_several_rules_the_first_to_come_counts() {
        let date = When::Date(time("2026-01-16T00:00:00Z").unix());
        let rules = lifecycle(vec![
            ending("late", When::Days(10), Filter::default()),
            ending("date", date, Filter::default()),
        ]);
        let (at, id) = rules.expiration(&object(1, "2026-01-15T10:30:00Z")).unwrap();
        assert_eq!((at, id), (time("2026-01-16T00:00:00Z"), "date"));
    }

    #[track_caller]
    fn check_filter(filter: &Filter, takes: bool) {
        assert_eq!(filter.takes(&object(10, "2026-01-15T10:30:00Z")), takes, "{filter:?}");
    }

    #[test]
    fn all_conditions_of_a_filter_must_hold() {
        let tag = |value: &str| vec![("kind".to_owned(), value.to_owned())];
        check_filter(&Filter { prefix: "logs/".to_owned(), ..Filter::default() }, true);
        check_filter(&Filter { prefix: "log/".to_owned(), ..Filter::default() }, false);
        check_filter(&Filter { tags: tag("log"), ..Filter::default() }, true);
        check_filter(&Filter { tags: tag("Log"), ..Filter::default() }, false);
        check_filter(&Filter { larger_than: Some(9), ..Filter::default() }, true);
        check_filter(&Filter { larger_than: Some(10), ..Filter::default() }, false);
        check_filter(&Filter { smaller_than: Some(11), ..Filter::default() }, true);
        check_filter(&Filter { smaller_than: Some(10), ..Filter::default() }, false);
        let mixed = Filter { tags: tag("log"), larger_than: Some(10), ..Filter::default() };
        check_filter(&mixed, false);
    }

    #[test]
    fn the_last_transition_that_came_decides() {
        let transition = |days, class: &str| Transition {
            when: When::Days(days),
            storage_class: class.to_owned(),
        };
        let rule = Rule {
            transitions: vec![transition(30, "STANDARD_IA"), transition(60, "GLACIER")],
            ..Rule::default()
        };
        let rules = lifecycle(vec![rule]);
        let large = object(MOVED_BYTES_MIN, "2026-01-01T00:00:00Z");
        let fate = |now| rules.fate(&large, time(now));
        assert_eq!(fate("2026-01-30T00:00:00Z"), Fate::Stays);
        assert_eq!(fate("2026-01-31T00:00:00Z"), Fate::Moves("STANDARD_IA".to_owned()));
        assert_eq!(fate("2026-03-02T00:00:00Z"), Fate::Moves("GLACIER".to_owned()));
        let small = object(1, "2026-01-01T00:00:00Z");
        assert_eq!(rules.fate(&small, time("2026-03-02T00:00:00Z")), Fate::Stays);
        let varies = Lifecycle { minimum: MinimumSize::VariesByClass, ..rules };
        let fate = varies.fate(&small, time("2026-03-02T00:00:00Z"));
        assert_eq!(fate, Fate::Moves("GLACIER".to_owned()));
    }
}
