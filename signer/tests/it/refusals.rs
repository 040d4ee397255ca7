//! One file a refusal.

use stuntbucket_signer::Credentials;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::FormVerdict;
use stuntbucket_signer::verify::Refusal;

use crate::common::Facts;
use crate::common::Request;
use crate::common::Ring;
use crate::common::at;
use crate::common::cases;
use crate::common::credentials;
use crate::common::form_fields;
use crate::common::refused;
use crate::common::rules;

/// The documentation's keys, and those of a session that ends on 2013-05-25.
fn keys() -> Ring {
    let mut session = Credentials::new("ASIATESTSESSION00001", "secret/of/a/session/key");
    session.session_token = Some("FQoGsessiontoken==".to_owned());
    Ring::of(&credentials()).with(&session, Some(at("20130525T000000Z")))
}

#[test]
fn each_defect_is_refused_as_s3_refuses_it() {
    let cases = cases("sigv4/refusals");
    assert!(cases.len() >= 78, "{}", cases.len());
    check_all(&cases);
}

/// Judges each file, and compares the refusal with what the file says of it.
#[track_caller]
pub(crate) fn check_all(cases: &[(String, String)]) {
    for (name, text) in cases {
        println!("{name}");
        let (facts, message) = text.split_once("\n\n").unwrap();
        let facts = Facts::new(facts);
        check(&facts, &refusal(&facts, message));
    }
}

#[track_caller]
fn refusal(facts: &Facts<'_>, message: &str) -> Refusal {
    let keys = keys();
    let mut rules = rules(at(facts.get("now")));
    rules.other_now = facts.find("other-now").map(at);
    rules.region = facts.find("region").unwrap_or(rules.region);
    let (request, fields) = Request::parse(message);
    let Some(bucket) = facts.find("bucket") else {
        return refused(request.judge(&keys, &rules));
    };
    match verify::form(&form_fields(fields), bucket, &keys, &rules) {
        FormVerdict::Refused(refusal) => *refusal,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check(facts: &Facts<'_>, refusal: &Refusal) {
    let debug = format!("{refusal:?}");
    let variant = debug.split(|c: char| !c.is_alphanumeric()).next();
    assert_eq!(variant, Some(facts.get("expect")), "{refusal}");
    let error = refusal.s3_error();
    assert_eq!(error.status.to_string(), facts.get("status"));
    assert_eq!(error.code, facts.get("code"));
    assert_eq!(error.message, facts.get("message"));
    let elements = refusal.elements();
    let names: Vec<_> = elements.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.join(", "), facts.find("elements").unwrap_or_default());
    for element in facts.all("element") {
        let (name, value) = element.split_once(" = ").unwrap();
        let found = elements.iter().find(|(other, _)| *other == name).unwrap();
        assert_eq!(found.1, value, "{name}");
    }
    check_explanation(&refusal.to_string());
}

/// What happened, and what to change: two sentences at least.
#[track_caller]
fn check_explanation(text: &str) {
    assert!(text.starts_with(|c: char| c.is_uppercase() || c == '`'), "{text}");
    assert!(text.contains(". "), "{text}");
    assert!(!text.contains("FQoGsessiontoken"), "{text}");
}

/// The bytes are those of the texts, as S3 writes them.
#[test]
fn both_sides_of_a_difference_are_told() {
    let (_, text) =
        cases("sigv4/refusals").into_iter().find(|(name, _)| name == "wrong-secret").unwrap();
    let (facts, message) = text.split_once("\n\n").unwrap();
    let refusal = refusal(&Facts::new(facts), message);
    let elements = refusal.elements();
    let value = |name: &str| &elements.iter().find(|(other, _)| *other == name).unwrap().1;
    for (text, bytes) in
        [("StringToSign", "StringToSignBytes"), ("CanonicalRequest", "CanonicalRequestBytes")]
    {
        let hex: Vec<_> = value(text).bytes().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(*value(bytes), hex.join(" "));
    }
    assert_eq!(refusal.canonical_request(), Some(value("CanonicalRequest").as_str()));
    assert_eq!(refusal.string_to_sign(), Some(value("StringToSign").as_str()));
    assert!(value("CanonicalRequest").starts_with("GET\n/photos/cat.jpg\n\nhost:"));
}
