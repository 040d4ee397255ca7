//! Rules by the clock.

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
    let transition =
        |days, class: &str| Transition { when: When::Days(days), storage_class: class.to_owned() };
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

fn noncurrent(days: u32, newer_versions: u32) -> Noncurrent {
    Noncurrent { days, newer_versions }
}

#[test]
fn noncurrent_versions_end_by_their_time_and_number() {
    let rule = Rule { noncurrent_expiration: Some(noncurrent(1, 2)), ..Rule::default() };
    let rules = lifecycle(vec![rule]);
    let version = object(1, "2026-01-01T00:00:00Z");
    let fate = |newer, now| {
        let past = Past { since: time("2026-01-10T10:00:00Z"), newer };
        rules.fate_of_noncurrent(&version, past, time(now))
    };
    assert_eq!(fate(2, "2026-01-11T23:59:59Z"), Fate::Stays);
    assert_eq!(fate(2, "2026-01-12T00:00:00Z"), Fate::Ends);
    assert_eq!(fate(1, "2026-01-12T00:00:00Z"), Fate::Stays);
    assert_eq!(rules.fate(&version, time("2027-01-01T00:00:00Z")), Fate::Stays);
}

#[test]
fn noncurrent_versions_move() {
    let moves = vec![(noncurrent(30, 0), "GLACIER".to_owned())];
    let rules = lifecycle(vec![Rule { noncurrent_transitions: moves, ..Rule::default() }]);
    let version = object(MOVED_BYTES_MIN, "2026-01-01T00:00:00Z");
    let past = Past { since: time("2026-01-01T00:00:00Z"), newer: 0 };
    let fate = |now| rules.fate_of_noncurrent(&version, past, time(now));
    assert_eq!(fate("2026-01-30T23:00:00Z"), Fate::Stays);
    assert_eq!(fate("2026-01-31T00:00:00Z"), Fate::Moves("GLACIER".to_owned()));
}

#[test]
fn markers_that_hide_nothing_go() {
    let marker = object(0, "2026-01-15T10:30:00Z");
    let ends = |rule: Rule, now| lifecycle(vec![rule]).ends_lone_marker(&marker, time(now));
    let lone = || Rule { ends_lone_markers: true, ..Rule::default() };
    assert!(ends(lone(), "2026-01-15T10:30:00Z"));
    let aged = || ending("a", When::Days(1), Filter::default());
    assert!(!ends(aged(), "2026-01-16T12:00:00Z"));
    assert!(ends(aged(), "2026-01-17T00:00:00Z"));
    let other = Filter { prefix: "other/".to_owned(), ..Filter::default() };
    assert!(!ends(Rule { filter: other, ..lone() }, "2026-02-01T00:00:00Z"));
}

#[test]
fn uploads_are_aborted_by_the_rule_that_comes_first() {
    let rule = |id: &str, prefix: &str, days| Rule {
        id: id.to_owned(),
        filter: Filter { prefix: prefix.to_owned(), ..Filter::default() },
        abort_days: Some(days),
        ..Rule::default()
    };
    let rules = lifecycle(vec![rule("late", "", 7), rule("tmp", "tmp/", 1)]);
    let initiated = time("2026-01-15T10:30:00Z");
    let (at, id) = rules.abort("tmp/a", initiated).unwrap();
    assert_eq!((at, id), (time("2026-01-17T00:00:00Z"), "tmp"));
    assert_eq!(rules.abort("a", initiated).unwrap().1, "late");
    assert_eq!(lifecycle(vec![Rule::default()]).abort("a", initiated), None);
}
