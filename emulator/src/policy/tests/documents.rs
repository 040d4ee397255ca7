//! Documents that are policies, and those that are not.

use super::super::error::BYTES_MAX;
use super::read;
use crate::policy::Policy;

#[track_caller]
fn refused(document: &str, message: &str) {
    let error = read(document).unwrap_err();
    assert_eq!(error.message(), message, "{document}");
    assert!(!error.to_string().is_empty());
}

/// A policy of one statement, in which one member is another.
fn with(member: &str, json: &str) -> String {
    let mut members = vec![
        ("Effect", "\"Allow\""),
        ("Principal", "\"*\""),
        ("Action", "\"s3:GetObject\""),
        ("Resource", "\"arn:aws:s3:::b/*\""),
    ];
    let name = member.trim_start_matches("Not");
    members.retain(|(known, _)| *known != name);
    if !json.is_empty() {
        members.push((member, json));
    }
    let members: Vec<_> =
        members.iter().map(|(name, json)| format!("\"{name}\": {json}")).collect();
    format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{{{}}}]}}", members.join(", "))
}

const NOT_JSON: &str = "Policies must be valid JSON and the first byte must be '{'";
const SYNTAX: &str = "Invalid policy syntax.";

#[test]
fn what_is_no_policy_is_refused_in_s3s_words() {
    for document in ["", "invalid json", " {}", "[]", "{", "\"{}\"", "{} x"] {
        refused(document, NOT_JSON);
    }
    refused("{}", "Missing required field Statement");
    refused(r#"{"Policy": {}, "Statement": []}"#, "Unknown field Policy");
    refused(r#"{"Statement": []}"#, "Could not parse the policy: Statement is empty!");
    refused(
        r#"{"Version": "2020-01-01", "Statement": []}"#,
        "The policy must contain a valid version string",
    );
    for document in [
        r#"{"Statement": null}"#,
        r#"{"Statement": "a"}"#,
        r#"{"Statement": {}, "Statement": {}}"#,
        r#"{"Version": 1, "Statement": {}}"#,
    ] {
        refused(document, SYNTAX);
    }
}

#[test]
fn a_statement_is_refused_by_its_members() {
    for (member, json, message) in [
        ("Effect", "", "Missing required field Effect"),
        ("Principal", "", "Missing required field Principal"),
        ("Action", "", "Missing required field Action"),
        ("Resource", "", "Missing required field Resource"),
        ("Effect", "\"allow\"", "Invalid effect: allow"),
        ("Sid", "1", SYNTAX),
        ("Sad", "\"a\"", "Unknown field Sad"),
        ("Action", "null", SYNTAX),
        ("Action", "[]", SYNTAX),
        ("Action", "\"s3:Frobnicate\"", "Policy has invalid action"),
        ("Action", "\"ec2:RunInstances\"", "Policy has invalid action"),
        ("Action", "\"s3:CreateBucket\"", "Policy has invalid action"),
        ("Action", "\"s3:GetObject\", \"NotAction\": \"s3:GetObject\"", SYNTAX),
        ("Resource", "\"*\"", "Policy has invalid resource"),
        ("Resource", "\"arn:aws:s3:::other/*\"", "Policy has invalid resource"),
        ("Resource", "\"arn:aws:s3:::bb/*\"", "Policy has invalid resource"),
        ("NotResource", "\"arn:aws:s3:::other/*\"", "Policy has invalid resource"),
        ("Resource", "\"arn:aws:s3:::b\"", "Action does not apply to any resource(s) in statement"),
        (
            "Action",
            "[\"s3:GetObject\", \"s3:ListBucket\"]",
            "Action does not apply to any resource(s) in statement",
        ),
        ("NotPrincipal", "\"*\"", SYNTAX),
        ("Condition", "null", SYNTAX),
        ("Condition", "{\"Same\": {\"aws:SourceIp\": \"a\"}}", "Invalid Condition type : Same"),
        (
            "Condition",
            "{\"stringequals\": {\"aws:SourceIp\": \"a\"}}",
            "Invalid Condition type : stringequals",
        ),
        (
            "Condition",
            "{\"StringEquals\": {\"s3:VersionStatus\": \"a\"}}",
            "Policy has an invalid condition key",
        ),
        (
            "Condition",
            "{\"StringEquals\": {\"s3:ExistingObjectTag/\": \"a\"}}",
            "Policy has an invalid condition key",
        ),
        (
            "Condition",
            "{\"StringEquals\": {\"s3:prefix\": \"a\"}}",
            "Conditions do not apply to combination of actions and resources in statement",
        ),
        (
            "Condition",
            "{\"IpAddress\": {\"aws:SourceIp\": \"a\"}}",
            "Invalid IP address in Conditions",
        ),
        ("Condition", "{\"Bool\": {\"aws:SecureTransport\": \"maybe\"}}", SYNTAX),
        ("Condition", "{\"Bool\": {\"aws:SecureTransport\": null}}", SYNTAX),
        ("Condition", "{\"DateLessThan\": {\"aws:CurrentTime\": \"soon\"}}", SYNTAX),
    ] {
        refused(&with(member, json), message);
    }
}

#[test]
fn a_principal_is_one_that_exists() {
    for (json, is_one) in [
        ("\"*\"", true),
        ("{\"AWS\": \"*\"}", true),
        ("{\"AWS\": [\"000000000001\", \"arn:aws:iam::000000000002:root\"]}", true),
        ("{\"AWS\": \"arn:aws:iam::000000000001:user/alice\"}", true),
        ("{\"AWS\": \"arn:aws:iam::000000000001:role/path/x\"}", true),
        ("{\"AWS\": \"arn:aws:sts::000000000001:assumed-role/r/s\"}", true),
        ("{\"CanonicalUser\": \"79a59d\"}", true),
        ("{\"Service\": \"cloudfront.amazonaws.com\"}", true),
        ("{\"AWS\": \"arn:aws:iam::000000000001:user/nobody\"}", false),
        ("{\"AWS\": \"arn:aws:iam::000000000001:user/*\"}", false),
        ("{\"AWS\": \"arn:aws:iam::*:root\"}", false),
        ("{\"AWS\": \"arn:aws:s3:::b\"}", false),
        ("{\"AWS\": \"1\"}", false),
        ("{\"AWS\": \"AIDACKCEVSQ6C2EXAMPLE\"}", false),
        ("{\"AWS\": []}", false),
        ("{\"Service\": \"*\"}", false),
        ("{\"Aws\": \"*\"}", false),
        ("{}", false),
        ("\"alice\"", false),
    ] {
        let found = read(&with("Principal", json));
        if is_one {
            assert!(found.is_ok(), "{json}: {found:?}");
        } else {
            assert_eq!(found.unwrap_err().message(), "Invalid principal in policy", "{json}");
        }
    }
}

#[test]
fn wildcards_name_actions_and_buckets() {
    for (member, json) in [
        ("Action", "\"*\""),
        ("Action", "\"s3:*\""),
        ("Action", "\"S3:getobject\""),
        ("Action", "[\"s3:Get*\", \"s3:?utObject\"]"),
        ("Resource", "\"arn:aws:s3:::*\""),
        ("Resource", "\"arn:aws:s3:::*/*\""),
        ("Resource", "[\"arn:aws:s3:::b\", \"arn:aws:s3:::b/${aws:username}/*\"]"),
        ("Condition", "{\"Bool\": {\"aws:SecureTransport\": false}}"),
        ("Condition", "{\"NumericEquals\": {\"s3:signatureAge\": [1, \"2.5\"]}}"),
        ("Condition", "{\"StringEquals\": {\"S3:X-Amz-Content-Sha256\": []}}"),
    ] {
        let document = with(member, json);
        assert!(read(&document).is_ok(), "{document}: {:?}", read(&document));
    }
}

/// Observed on S3 by argmin's tests: one action without the key spoils the statement.
#[test]
fn a_condition_must_go_with_each_action() {
    const REFUSED: &str =
        "Conditions do not apply to combination of actions and resources in statement";
    for (key, actions, goes) in [
        ("s3:ExistingObjectTag/a", "\"s3:GetObject\"", true),
        ("s3:ExistingObjectTag/a", "\"s3:GetObjectAttributes\"", true),
        ("s3:ExistingObjectTag/a", "\"s3:*Tagging\"", true),
        ("s3:ExistingObjectTag/a", "\"s3:PutObject\"", false),
        ("s3:ExistingObjectTag/a", "\"s3:DeleteObject\"", false),
        ("s3:ExistingObjectTag/a", "\"s3:GetObjectRetention\"", false),
        ("s3:ExistingObjectTag/a", "[\"s3:DeleteObject\", \"s3:DeleteObjectTagging\"]", false),
        ("s3:ExistingObjectTag/a", "\"s3:*\"", true),
        ("s3:RequestObjectTag/a", "[\"s3:PutObject\", \"s3:PutObjectTagging\"]", true),
        ("s3:RequestObjectTag/a", "[\"s3:PutObjectAcl\", \"s3:PutObjectTagging\"]", false),
        ("s3:RequestObjectTagKeys", "\"s3:PutObjectRetention\"", false),
        ("s3:x-amz-copy-source", "\"s3:PutObject\"", true),
        ("s3:x-amz-copy-source", "[\"s3:GetObject\", \"s3:PutObject\"]", false),
        ("s3:x-amz-metadata-directive", "[\"s3:GetObjectVersion\", \"s3:PutObject\"]", false),
        ("s3:x-amz-server-side-encryption", "[\"s3:GetObject\", \"s3:PutObject\"]", false),
        ("s3:x-amz-acl", "[\"s3:PutObject\", \"s3:PutObjectAcl\"]", true),
        ("s3:x-amz-grant-read", "[\"s3:GetObject\", \"s3:PutObject\"]", false),
        ("s3:object-lock-remaining-retention-days", "\"s3:PutObjectRetention\"", true),
        ("s3:object-lock-remaining-retention-days", "\"s3:PutObjectLegalHold\"", false),
        ("s3:VersionId", "\"s3:GetObjectVersion\"", true),
        ("s3:VersionId", "\"s3:GetObject\"", false),
        ("aws:SourceArn", "\"s3:GetObject\"", true),
        ("s3:TlsVersion", "\"s3:GetObject\"", true),
    ] {
        let member = format!("{actions}, \"Condition\": {{\"StringLike\": {{\"{key}\": \"a\"}}}}");
        let document = with("Action", &member);
        let found = read(&document).map(|_| ()).map_err(|error| error.message());
        let expected = if goes { Ok(()) } else { Err(REFUSED.to_owned()) };
        assert_eq!(found, expected, "{key} {actions}");
    }
}

#[test]
fn a_policy_is_shown_in_s3s_own_order() {
    let (_, text) = read(
        r#"{"Statement": {"Condition": {"StringLike": {"aws:Referer": ["b", "a"]}},
            "Resource": "arn:aws:s3:::b/*", "Action": ["s3:GetObject"], "Principal": {"AWS": "*"},
            "Effect": "Allow", "Sid": "é \" 1"}, "Id": "i", "Version": "2012-10-17"}"#,
    )
    .unwrap();
    assert_eq!(
        text,
        concat!(
            r#"{"Version":"2012-10-17","Id":"i","Statement":[{"Sid":"é \" 1","Effect":"Allow","#,
            r#""Principal":{"AWS":"*"},"Action":["s3:GetObject"],"Resource":"arn:aws:s3:::b/*","#,
            r#""Condition":{"StringLike":{"aws:Referer":["b","a"]}}}]}"#
        )
    );
    assert_eq!(read(&text).unwrap().1, text);
    assert!(Policy::of_bucket_as_kept(&text).is_ok());
}

#[test]
fn a_policy_has_a_largest_size_without_its_white_space() {
    let sized = |bytes: usize| {
        let document = with("Sid", "\"\"");
        let (_, text) = read(&document).unwrap();
        with("Sid", &format!("\"{}\"", "a".repeat(bytes - text.len())))
    };
    assert!(read(&sized(BYTES_MAX).replace(", ", ",    \n")).is_ok());
    refused(
        &sized(BYTES_MAX + 1),
        "Normalized policy document exceeds the maximum allowed size of 20480 bytes",
    );
}

#[test]
fn a_user_has_another_kind_of_policy() {
    let read = |statement: &str| Policy::of_user(&format!("{{\"Statement\": [{{{statement}}}]}}"));
    let rest = r#""Effect": "Allow", "Action": ["ec2:Run", "s3:*"], "Resource": "*""#;
    assert!(read(rest).is_ok());
    assert!(read(&format!("\"Principal\": \"*\", {rest}")).is_err());
}

#[test]
fn a_deep_document_is_refused_and_no_harm() {
    refused(&format!("{{\"Statement\": {}", "[".repeat(100_000)), NOT_JSON);
}

#[track_caller]
fn check_public(statement: &str, expected: bool) {
    let (policy, _) = read(&format!(
        "{{\"Version\": \"2012-10-17\", \"Statement\": [{{\"Action\": \"s3:GetObject\", \
         \"Resource\": \"arn:aws:s3:::b/*\", {statement}}}]}}"
    ))
    .unwrap();
    assert_eq!(policy.is_public(), expected, "{statement}");
}

#[test]
fn a_policy_is_public_unless_fixed_values_limit_it() {
    let deny = r#""Effect": "Deny", "Principal": "*""#;
    check_public(deny, false);
    for (principal, expected) in [
        ("\"*\"", true),
        ("{\"AWS\": \"*\"}", true),
        ("{\"AWS\": [\"000000000001\", \"*\"]}", true),
        ("{\"Federated\": \"www.amazon.com\"}", true),
        ("{\"AWS\": \"000000000002\"}", false),
        ("{\"Service\": \"cloudfront.amazonaws.com\"}", false),
    ] {
        check_public(&format!("\"Effect\": \"Allow\", \"Principal\": {principal}"), expected);
    }
    for (condition, expected) in [
        (r#""IpAddress": {"aws:SourceIp": "203.0.113.0/24"}"#, false),
        (r#""IpAddress": {"aws:SourceIp": "10.0.0.0/32"}"#, false),
        (r#""IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "0.0.0.0/0"]}"#, true),
        (r#""IpAddress": {"aws:SourceIp": "0.0.0.0/1"}"#, true),
        (r#""NotIpAddress": {"aws:SourceIp": "10.0.0.0/8"}"#, true),
        (r#""IpAddressIfExists": {"aws:SourceIp": "10.0.0.0/8"}"#, true),
        (r#""StringEquals": {"aws:SourceVpc": "vpc-1"}"#, false),
        (r#""StringLike": {"aws:SourceVpc": "vpc-*"}"#, true),
        (r#""StringEquals": {"aws:SourceVpc": "${aws:username}"}"#, true),
        (r#""ForAllValues:StringEquals": {"aws:SourceVpc": "vpc-1"}"#, true),
        (r#""ForAnyValue:StringEquals": {"aws:SourceVpc": "vpc-1"}"#, false),
        (r#""StringEquals": {"aws:PrincipalOrgID": "o-1"}"#, false),
        (r#""ArnEquals": {"aws:SourceArn": "arn:aws:sns:us-east-1:1:t"}"#, false),
        (r#""ArnLike": {"aws:SourceArn": "arn:aws:sns:*:*:t"}"#, true),
        (
            r#""ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-east-1:000000000001:accesspoint/*"}"#,
            false,
        ),
        (r#""ArnLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-east-1:*:accesspoint/a"}"#, true),
        (
            r#""StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-east-1:000000000001:a*"}"#,
            false,
        ),
        (r#""StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-east-1:00000000000*"}"#, true),
        (r#""StringLike": {"s3:DataAccessPointArn": "arn:aws:s3:us-east-1::a*"}"#, true),
        (r#""StringEquals": {"aws:Referer": "https://example.org/"}"#, true),
        (r#""Bool": {"aws:SecureTransport": true}"#, true),
    ] {
        check_public(
            &format!("\"Effect\": \"Allow\", \"Principal\": \"*\", \"Condition\": {{{condition}}}"),
            expected,
        );
    }
}
