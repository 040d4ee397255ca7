use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;

const EXPIRATION: &str = r#""expiration": "2015-12-30T12:00:00Z""#;

/// What a document is answered, for a form with a key that is sent to `b`.
fn message_of(document: &str) -> String {
    let fields = [("key".to_owned(), "k".to_owned())];
    match judged(document, &fields) {
        Ok(_) => "accepted".to_owned(),
        Err(refusal) => refusal.s3_error().message.into_owned(),
    }
}

fn judged(document: &str, fields: &[(String, String)]) -> Result<SizeLimits, Box<Refusal>> {
    let now = Timestamp::parse_iso("2015-12-29T00:00:00Z").unwrap();
    let rules = crate::verify::Rules::new("us-east-1", now);
    let fields = Fields::of_v4(fields, "b");
    judge(&STANDARD.encode(document), &fields, now, &mut Waived::new(&rules))
}

#[track_caller]
fn check_document(document: &str, message: &str) {
    assert_eq!(message_of(document), message, "{document}");
}

#[track_caller]
fn check_condition(condition: &str, message: &str) {
    let document = format!(
        r#"{{{EXPIRATION}, "conditions": [{condition}, {{"bucket": "b"}}, {{"key": "k"}}]}}"#
    );
    check_document(&document, message);
}

#[test]
fn documents_that_cannot_be_read_are_refused_in_words() {
    let good = r#"[{"bucket": "b"}, {"key": "k"}]"#;
    for (document, text) in [
        ("", "Expecting '{' but found End-of-Input"),
        ("{", "Invalid JSON."),
        ("[]", "Invalid JSON."),
        ("{} x", "Token - must be enclosed in quotes."),
        ("{} {", "Invalid JSON."),
        ("{expiration: 1}", "Token - must be enclosed in quotes."),
        (r#"{"conditions": [{"a": "\q"}]}"#, "Invalid JSON."),
        (r#"{"Statement": []}"#, "Unexpected: 'statement'"),
        (&format!(r#"{{"conditions": {good}}}"#), "Policy missing expiration."),
        (&format!(r#"{{"Expiration": "x", "conditions": {good}}}"#), "Policy missing expiration."),
        (&format!("{{{EXPIRATION}}}"), "Policy missing conditions."),
        (&format!(r#"{{{EXPIRATION}, "conditions": []}}"#), "Policy missing conditions."),
        (
            &format!(r#"{{{EXPIRATION}, "conditions": {{}}}}"#),
            "Invalid 'conditions' value: must be a List.",
        ),
        (
            &format!(r#"{{"expiration": "2015-10-17 03:15:59 UTC", "conditions": {good}}}"#),
            "Invalid 'expiration' value: '2015-10-17 03:15:59 UTC'",
        ),
        (&format!(r#"{{"expiration": null, "conditions": {good}}}"#), "Invalid JSON."),
    ] {
        check_document(document, &format!("Invalid Policy: {text}"));
    }
    assert_eq!(Policy::parse("%%%"), Err(crate::verify::PolicyFlaw::NotBase64));
}

#[test]
fn conditions_that_cannot_be_read_are_refused_in_words() {
    for (condition, text) in [
        ("1", "Invalid condition test: must be a List or Object."),
        ("\"eq\"", "Invalid condition test: must be a List or Object."),
        (
            "{}",
            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        ),
        (
            r#"{"a": "1", "b": "2"}"#,
            "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
        ),
        (r#"{"a": 1}"#, "Invalid Simple-Condition: value must be a string."),
        (r#"{"a": 1.5}"#, "Invalid JSON."),
        (r#"{"a": null}"#, "Invalid JSON."),
        ("[]", "Invalid Condition: missing operation identifier."),
        (r#"["unknown-op", "$key", "k"]"#, "Invalid Condition: unknown operation 'unknown-op'."),
        (r#"["eq", "$key"]"#, "Invalid Eq: wrong number of arguments."),
        (r#"["starts-with", "$key", "", ""]"#, "Invalid starts-with: wrong number of arguments."),
        (
            r#"["content-length-range", 0]"#,
            "Invalid content-length-range: wrong number of arguments.",
        ),
        (r#"["content-length-range", 0.5, 1]"#, "Invalid JSON."),
        (r#"["content-length-range", -1, 0]"#, "Invalid JSON."),
        (r#"["content-length-range", 100, 10]"#, "Invalid JSON."),
        (r#"["eq", "$key", true]"#, "Invalid JSON."),
    ] {
        check_condition(condition, &format!("Invalid Policy: {text}"));
    }
}

#[test]
fn a_condition_that_fails_is_printed_as_s3_prints_it() {
    for (condition, printed) in [
        (r#"{"acl": "private"}"#, r#"["eq", "$acl", "private"]"#),
        (r#"["eq", "$acl", "pri\"vate"]"#, r#"["eq", "$acl", "pri\"vate"]"#),
        (r#"["EQ","$Key","other"]"#, r#"["EQ", "$Key", "other"]"#),
        (r#"["eq", "key", "k"]"#, r#"["eq", "key", "k"]"#),
        (r#"["starts-with", "$Content-Type", ""]"#, r#"["starts-with", "$Content-Type", ""]"#),
        (r#"["content-length-range", "test", "10"]"#, r#"["content-length-range", "test", "10"]"#),
        (r#"{"bucket": "other"}"#, r#"["eq", "$bucket", "other"]"#),
    ] {
        let text = format!("Invalid according to Policy: Policy Condition failed: {printed}");
        check_condition(condition, &text);
    }
    for condition in [
        r#"["content-length-range", "5", 10]"#,
        r#"["StArTs-WiTh", "$KEY", ""]"#,
        r#"{"KEY": "k"}"#,
    ] {
        check_condition(condition, "accepted");
    }
}

fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[track_caller]
fn check_form(conditions: &str, fields: &[(&str, &str)], expected: Result<(), &str>) {
    let document = format!(r#"{{{EXPIRATION}, "conditions": {conditions}}}"#);
    let found = judged(&document, &form(fields)).map(|_| ());
    let found = found.map_err(|refusal| refusal.s3_error().message.into_owned());
    let expected = expected.map_err(|text| format!("Invalid according to Policy: {text}"));
    assert_eq!(found, expected, "{conditions} {fields:?}");
}

#[test]
fn every_field_needs_a_condition() {
    let both = r#"[{"bucket": "b"}, {"key": "k"}]"#;
    check_form(both, &[("Key", "k"), ("x-ignore-me", "1"), ("Policy", "..")], Ok(()));
    check_form(
        both,
        &[("key", "k"), ("StorageClass", "x")],
        Err("Extra input fields: StorageClass"),
    );
    check_form(
        r#"[{"key": "k"}]"#,
        &[("key", "k"), ("a", ""), ("A", "")],
        Err("Extra input fields: a, bucket"),
    );
    check_form(
        r#"[{"Bucket": "b"}, {"key": "k"}]"#,
        &[("key", "k")],
        Err("Extra input fields: bucket"),
    );
    check_form(both, &[("key", "k"), ("bucket", "b")], Ok(()));
    check_form(
        both,
        &[("key", "k"), ("bucket", "other")],
        Err(r#"Policy Condition failed: ["eq", "$bucket", "b"]"#),
    );
}

#[test]
fn values_are_compared_as_s3_compares_them() {
    let with = |condition: &str| format!(r#"[{{"bucket": "b"}}, {condition}]"#);
    let key = |value| [("key", value)];
    check_form(&with(r#"{"key": "a,b"}"#), &[("key", "a"), ("KEY", "b")], Ok(()));
    check_form(&with(r#"["starts-with", "$key", "\$foo"]"#), &key("$foo.txt"), Ok(()));
    check_form(&with(r#"["starts-with", "$key", "\\$foo"]"#), &key("\\$foo.txt"), Ok(()));
    check_form(
        &with(r#"{"key": "a$$b"}"#),
        &key("a$$b"),
        Err(r#"Policy Condition failed: ["eq", "$key", "a$$b"]"#),
    );
    let image = with(r#"["starts-with", "$Content-Type", "image/"]"#);
    check_form(&image, &[("content-type", "image/png, image/gif")], Ok(()));
    check_form(
        &image,
        &[("content-type", "image/png,text/html")],
        Err(r#"Policy Condition failed: ["starts-with", "$Content-Type", "image/"]"#),
    );
    check_form(&with(r#"["starts-with", "$acl", ""]"#), &[("acl", "")], Ok(()));
}

#[test]
fn sizes_are_judged_after_the_file() {
    let document = format!(
        r#"{{{EXPIRATION}, "conditions": [{{"bucket": "b"}}, ["content-length-range", 5, "10"]]}}"#
    );
    let limits = judged(&document, &[]).unwrap();
    assert_eq!(limits.bytes_max(), Some(10));
    assert!(limits.check(5).is_ok() && limits.check(10).is_ok());
    let large = limits.check(11).unwrap_err();
    assert_eq!(large.s3_error().code, "EntityTooLarge");
    let elements = [("ProposedSize", "11".to_owned()), ("MaxSizeAllowed", "10".to_owned())];
    assert_eq!(large.elements(), elements);
    let small = limits.check(4).unwrap_err();
    assert_eq!(
        small.s3_error().message,
        "Your proposed upload is smaller than the minimum allowed size"
    );
    let elements = [("ProposedSize", "4".to_owned()), ("MinSizeAllowed", "5".to_owned())];
    assert_eq!(small.elements(), elements);
}

#[test]
fn the_explanation_lists_every_condition() {
    let document = format!(
        r#"{{{EXPIRATION}, "conditions": [{{"bucket": "b"}}, {{"key": "x"}}, {{"acl": "private"}}, ["content-length-range", 0, 9]]}}"#
    );
    let refusal = judged(&document, &form(&[("key", "k")])).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "The form does not meet the condition `[\"eq\", \"$key\", \"x\"]` of its policy. Send the \
         field `key` with the value `x`, or change the policy. The conditions:\n  \
         [\"eq\", \"$bucket\", \"b\"]: met\n  \
         [\"eq\", \"$key\", \"x\"]: FAILED, it is `k`; the field `key` with the value `x` would meet it\n  \
         [\"eq\", \"$acl\", \"private\"]: FAILED, the form has no such field before its file; the field `acl` with the \
         value `private` would meet it\n  \
         [\"content-length-range\", 0, 9]: judged after the file"
    );
}

#[test]
fn the_explanation_shows_no_session_token() {
    let document = format!(
        r#"{{{EXPIRATION}, "conditions": [{{"bucket": "b"}}, {{"x-amz-security-token": "FQoGsecret"}}]}}"#
    );
    let refusal = judged(&document, &form(&[("X-Amz-Security-Token", "AQoDsecret")])).unwrap_err();
    let text = refusal.to_string();
    assert!(text.contains("\"FQoG...\"]: FAILED, it is `AQoD...`"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}
