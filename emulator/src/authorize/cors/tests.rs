//! Rules, what is asked, and what comes of it.

use proptest::prelude::*;

use super::*;
use crate::names::CorsMethod;

fn asked(origin: &str, method: &str, headers: &[&str]) -> Asked {
    Asked {
        origin: origin.to_owned(),
        method: method.to_owned(),
        headers: headers.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn rule(origin: &str) -> CorsRule {
    CorsRule::new(origin).methods([CorsMethod::Get, CorsMethod::Put])
}

#[track_caller]
fn check_origin(pattern: &str, origin: &str, is_allowed: bool) {
    let (rules, asked) = ([rule(pattern)], asked(origin, "GET", &[]));
    assert_eq!(judge(&rules, &asked).is_ok(), is_allowed, "{pattern} {origin}");
}

#[test]
fn origins_are_compared_exactly_but_for_one_wildcard() {
    for (pattern, origin, is_allowed) in [
        ("https://localhost:4200", "https://localhost:4200", true),
        ("https://localhost:4200", "https://localhost:4201", false),
        ("https://localhost:4200", "http://localhost:4200", false),
        ("https://localhost:4200", "https://LOCALHOST:4200", false),
        ("http://test.com", "http://test.com:80", false),
        ("*", "anything at all", true),
        ("*", "null", true),
        ("http://*.origin.com", "http://test.origin.com", true),
        ("http://*.origin.com", "http://.origin.com", true),
        ("http://*.origin.com", "http://test.origin.com/", false),
        ("http://*.origin.com", "http://origin.com", false),
        ("http://*", "https://a", false),
        ("start*", "start", true),
        ("start*end", "startend", true),
        ("start*end", "start1end1", false),
        // The two ends may not overlap.
        ("aba*aba", "aba", false),
        ("*suffix", "foo.suffix", true),
        ("", "", true),
        ("", "http://a", false),
    ] {
        check_origin(pattern, origin, is_allowed);
    }
}

#[track_caller]
fn check_headers(allowed: &[&str], wanted: &[&str], is_allowed: bool) {
    let rules = [allowed.iter().fold(rule("*"), |rule, name| rule.header(*name))];
    let asked = asked("http://a", "PUT", wanted);
    assert_eq!(judge(&rules, &asked).is_ok(), is_allowed, "{allowed:?} {wanted:?}");
}

#[test]
fn every_header_that_is_asked_for_must_be_allowed() {
    check_headers(&[], &[], true);
    check_headers(&[], &["content-type"], false);
    check_headers(&["Content-Type"], &["content-type"], true);
    check_headers(&["content-type"], &["CONTENT-TYPE", "x-amz-date"], false);
    check_headers(&["*"], &["content-type", "x-amz-date"], true);
    check_headers(&["x-amz-*"], &["x-amz-date", "x-amz-meta-a"], true);
    check_headers(&["x-amz-*"], &["x-amz-date", "content-type"], false);
}

#[test]
fn the_first_rule_that_fits_in_everything_decides() {
    let rules = [
        rule("http://a").max_age_seconds(1),
        rule("http://a").header("x-one").max_age_seconds(2),
        CorsRule::new("*").methods([CorsMethod::Delete]),
    ];
    let age = |asked: &Asked| judge(&rules, asked).map(|allowed| allowed.rule.max_age_seconds);
    assert_eq!(age(&asked("http://a", "GET", &[])), Ok(Some(1)));
    assert_eq!(age(&asked("http://a", "GET", &["x-one"])), Ok(Some(2)));
    assert_eq!(age(&asked("http://a", "DELETE", &[])), Ok(None));
    assert!(age(&asked("http://a", "get", &[])).is_err());
    assert!(age(&asked("http://b", "GET", &[])).is_err());
}

/// Recorded by LocalStack: `test_cors_match_headers`, `test_cors_expose_headers`.
#[test]
fn a_browser_is_told_what_s3_tells() {
    let rules = [rule("http://*").header("*").expose("ETag").expose("x-a").max_age_seconds(3000)];
    let exact = asked("http://a", "GET", &["X-Amz-Date", "content-type"]);
    assert_eq!(
        judge(&rules, &exact).unwrap().headers(),
        [
            ("access-control-allow-origin", "http://a".to_owned()),
            ("access-control-allow-credentials", "true".to_owned()),
            ("access-control-allow-methods", "GET, PUT".to_owned()),
            ("access-control-allow-headers", "x-amz-date, content-type".to_owned()),
            ("access-control-expose-headers", "ETag, x-a".to_owned()),
            ("access-control-max-age", "3000".to_owned()),
            (
                "vary",
                "Origin, Access-Control-Request-Headers, Access-Control-Request-Method".to_owned()
            ),
        ]
    );
    let rules = [rule("*")];
    let names: Vec<_> =
        judge(&rules, &asked("http://a", "GET", &[])).unwrap().headers().into_iter().collect();
    assert_eq!(names[0], ("access-control-allow-origin", "*".to_owned()));
    assert_eq!(names[1], ("access-control-allow-methods", "GET, PUT".to_owned()));
    assert_eq!(names.len(), 3);
}

#[track_caller]
fn check_nearly(rules: &[CorsRule], asked: &Asked, expected: &str) {
    assert_eq!(judge(rules, asked).unwrap_err().to_string(), expected);
}

#[test]
fn the_rule_that_nearly_fits_is_named_and_why_it_does_not() {
    check_nearly(&[], &asked("http://a", "GET", &[]), "the bucket has no CORS configuration");
    check_nearly(
        &[rule("http://b"), rule("http://a").id("app")],
        &asked("http://a", "DELETE", &[]),
        "CORS rule 2 (`app`) comes nearest: the method is `DELETE`, and AllowedMethod has `GET`, \
         `PUT`",
    );
    check_nearly(
        &[rule("http://a"), rule("http://a").header("x-b")],
        &asked("http://a", "PUT", &["content-type"]),
        "CORS rule 1 comes nearest: the header `content-type` is asked for, and the rule has no \
         AllowedHeader",
    );
    check_nearly(
        &[rule("http://a").header("x-b")],
        &asked("http://a", "PUT", &["content-type", "x-b"]),
        "CORS rule 1 comes nearest: the header `content-type` is asked for, and AllowedHeader has \
         `x-b`",
    );
    check_nearly(
        &[rule("https://a.example")],
        &asked("http://b.example", "POST", &[]),
        "CORS rule 1 comes nearest: the origin is `http://b.example`, and AllowedOrigin has \
         `https://a.example`; the method is `POST`, and AllowedMethod has `GET`, `PUT`",
    );
}

#[test]
fn the_usual_mistakes_with_origins_are_named() {
    for (allowed, origin, hint) in [
        ("http://localhost:3000/", "http://localhost:3000", "no slash at its end"),
        ("http://localhost:3000/app", "http://localhost:3000", "no path"),
        ("https://localhost:3000", "http://localhost:3000", "only the scheme"),
        ("http://localhost:3000", "http://localhost:5173", "only the port"),
        ("http://localhost", "http://localhost:5173", "only the port"),
        ("http://localhost:80", "http://localhost", "only the port"),
        ("http://127.0.0.1:3000", "http://localhost:3000", "different origins"),
        ("http://LocalHost", "http://localhost", "upper and lower case"),
    ] {
        let nearly = judge(&[rule("http://other"), rule(allowed)], &asked(origin, "GET", &[]))
            .unwrap_err()
            .to_string();
        assert!(nearly.starts_with("CORS rule 2") && nearly.contains(hint), "{nearly}");
    }
}

proptest! {
    #[test]
    fn a_wildcard_stands_for_any_text(start in "[a-c:/.]*", any in ".*", end in "[a-c:/.]*") {
        let text = format!("{start}{any}{end}");
        let pattern = format!("{start}*{end}");
        prop_assert!(fits(&pattern, &text));
        prop_assert!(fits("*", &text));
    }

    #[test]
    fn no_origin_is_too_odd(allowed in ".*", origin in ".*", method in ".*") {
        let rules = [rule(&allowed)];
        let asked = asked(&origin, &method, &[&allowed]);
        if let Err(nearly) = judge(&rules, &asked) {
            prop_assert!(!nearly.to_string().is_empty());
        }
    }
}
