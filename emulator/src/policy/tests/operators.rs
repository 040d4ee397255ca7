//! Every condition operator, with values that are there and values that are not.

use super::super::condition::Condition;
use super::super::operator::NAMES;
use super::super::operator::Operator;
use super::super::pattern::Variables;

/// Whether a condition holds for a request that has these values, or none.
fn holds(operator: &str, wanted: &[&str], found: Option<&[&str]>) -> bool {
    let wanted: Vec<String> = wanted.iter().map(|text| (*text).to_owned()).collect();
    let condition = Condition::read(operator, "aws:UserName", &wanted, Variables::Count).unwrap();
    let context = |key: &str| match key {
        "aws:username" => found.map(|found| found.iter().map(|text| (*text).to_owned()).collect()),
        "aws:userid" => Some(vec!["a*b".to_owned()]),
        _ => None,
    };
    condition.judge(&context).holds
}

#[track_caller]
fn check(operator: &str, wanted: &[&str], found: &str, expected: bool) {
    assert_eq!(holds(operator, wanted, Some(&[found])), expected, "{operator} {wanted:?} {found}");
}

#[test]
fn every_operator_compares() {
    for (operator, wanted, found, expected) in [
        ("StringEquals", &["a", "b"][..], "b", true),
        ("StringEquals", &["a"], "A", false),
        ("StringEquals", &["a*"], "ab", false),
        ("StringEquals", &["${aws:userid}"], "a*b", true),
        ("StringEquals", &[], "a", false),
        ("StringNotEquals", &["a", "b"], "b", false),
        ("StringNotEquals", &["a", "b"], "c", true),
        ("StringEqualsIgnoreCase", &["Ä"], "ä", true),
        ("StringNotEqualsIgnoreCase", &["A"], "a", false),
        ("StringLike", &["a*", "?"], "abc", true),
        ("StringLike", &["${aws:userid}"], "a*b", true),
        ("StringLike", &["${aws:userid}"], "axb", false),
        ("StringLike", &["A*"], "abc", false),
        ("StringNotLike", &["a*"], "abc", false),
        ("NumericEquals", &["10"], "10.0", true),
        ("NumericEquals", &["10"], "ten", false),
        ("NumericNotEquals", &["10"], "11", true),
        ("NumericNotEquals", &["10"], "ten", true),
        ("NumericLessThan", &["10"], "9", true),
        ("NumericLessThan", &["10"], "10", false),
        ("NumericLessThanEquals", &["10"], "10", true),
        ("NumericGreaterThan", &["10"], "100", true),
        ("NumericGreaterThan", &["10"], "10", false),
        ("NumericGreaterThanEquals", &["10", "20"], "15", true),
        ("DateEquals", &["2026-01-01T00:00:00Z"], "1767225600", true),
        ("DateNotEquals", &["2026-01-01"], "2026-01-01T00:00:00Z", false),
        ("DateLessThan", &["2026-01-01T00:00:00Z"], "2025-12-31T23:59:59Z", true),
        ("DateLessThanEquals", &["2026-01-01T00:00:00Z"], "2026-01-01T00:00:01Z", false),
        ("DateGreaterThan", &["1767225600"], "2026-01-01T00:00:01Z", true),
        ("DateGreaterThanEquals", &["1767225601"], "2026-01-01T00:00:00Z", false),
        ("Bool", &["true"], "true", true),
        ("Bool", &["False"], "false", true),
        ("Bool", &["false"], "true", false),
        ("BinaryEquals", &["QUJD"], "QUJD", true),
        ("BinaryEquals", &["QUJD"], "QUJE", false),
        ("IpAddress", &["10.0.0.0/8", "::1"], "10.9.8.7", true),
        ("IpAddress", &["10.0.0.0/8"], "11.0.0.1", false),
        ("NotIpAddress", &["10.0.0.0/8"], "11.0.0.1", true),
        ("NotIpAddress", &["10.0.0.0/8"], "10.0.0.1", false),
        ("ArnEquals", &["arn:aws:iam::*:user/al?ce"], "arn:aws:iam::1:user/alice", true),
        ("ArnLike", &["arn:aws:iam::1:*"], "arn:aws:iam::1:user/a:b", true),
        // Each part is compared by itself.
        ("ArnLike", &["arn:aws:*:user/a"], "arn:aws:iam::1:user/a", false),
        ("ArnNotEquals", &["arn:aws:iam::1:root"], "arn:aws:iam::2:root", true),
        ("ArnNotLike", &["arn:aws:iam::1:*"], "arn:aws:iam::1:root", false),
        ("Null", &["false"], "", true),
        ("Null", &["true"], "a", false),
    ] {
        check(operator, wanted, found, expected);
    }
}

/// For each operator: what a missing key means, and that `IfExists` makes it true.
#[test]
fn a_missing_key_fails_unless_the_operator_says_not() {
    for (name, _, _) in NAMES {
        let wanted = match name {
            "Null" => continue,
            "Bool" => "true",
            name if name.starts_with("Numeric") || name.starts_with("Date") => "1",
            name if name.ends_with("IpAddress") => "10.0.0.1",
            _ => "a",
        };
        assert_eq!(holds(name, &[wanted], None), name.contains("Not"), "{name}");
        assert!(holds(&format!("{name}IfExists"), &[wanted], None), "{name}");
        assert!(holds(&format!("ForAllValues:{name}"), &[wanted], None), "{name}");
        assert!(!holds(&format!("ForAnyValue:{name}"), &[wanted], None), "{name}");
    }
    assert!(holds("Null", &["true"], None));
    assert!(!holds("Null", &["false"], None));
}

#[test]
fn sets_count_all_or_any() {
    let wanted = &["a", "b"][..];
    for (operator, found, expected) in [
        ("ForAllValues:StringEquals", &["a", "b"][..], true),
        ("ForAllValues:StringEquals", &["a", "c"], false),
        ("ForAnyValue:StringEquals", &["a", "c"], true),
        ("ForAnyValue:StringEquals", &["c", "d"], false),
        ("ForAllValues:StringNotEquals", &["c", "d"], true),
        ("ForAllValues:StringNotEquals", &["a", "c"], false),
        ("ForAnyValue:StringNotEquals", &["a", "c"], true),
        ("ForAnyValue:StringNotEquals", &["a", "b"], false),
        ("ForAnyValue:StringLikeIfExists", &["c"], false),
        // An empty list is no list.
        ("ForAllValues:StringEquals", &[], true),
        ("ForAnyValue:StringEquals", &[], false),
        ("StringEquals", &["c", "a"], true),
        ("StringNotEquals", &["c", "a"], false),
    ] {
        assert_eq!(holds(operator, wanted, Some(found)), expected, "{operator} {found:?}");
    }
}

#[test]
fn other_names_are_no_operators() {
    for name in ["", "IfExists", "NullIfExists", "ForAllValues:Null", "stringEquals", "NotBool"] {
        assert_eq!(Operator::parse(name), None, "{name}");
    }
}
