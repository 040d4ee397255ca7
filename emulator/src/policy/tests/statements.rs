//! What statements say: effects, principals, actions, resources.

use super::read;
use crate::policy::Asker;
use crate::policy::Policy;
use crate::policy::Question;
use crate::policy::Reach;
use crate::policy::Ruling;

const ALICE: Asker<'_> = Asker::User {
    account: "000000000001",
    arn: "arn:aws:iam::000000000001:user/alice",
    canonical_id: "canonical-1",
};
const ROOT: Asker<'_> = Asker::User {
    account: "000000000001",
    arn: "arn:aws:iam::000000000001:root",
    canonical_id: "canonical-1",
};
const EVE: Asker<'_> = Asker::User {
    account: "000000000002",
    arn: "arn:aws:iam::000000000002:user/eve",
    canonical_id: "canonical-2",
};

fn said(policy: &Policy, asker: Asker<'_>, action: &str, resource: &str) -> Ruling {
    let context = |key: &str| match key {
        "aws:username" => Some(vec!["alice".to_owned()]),
        "aws:securetransport" => Some(vec!["false".to_owned()]),
        _ => None,
    };
    policy.judge(&Question { action, resource, asker, context: &context })
}

/// What is said in one letter: D(enied), A(llowed), a(llowed through the account), -.
fn letter(ruling: &Ruling) -> char {
    match ruling {
        Ruling::Denied(_) => 'D',
        Ruling::Allowed(_, Reach::Named) => 'A',
        Ruling::Allowed(_, Reach::Account) => 'a',
        Ruling::Silent(_) => '-',
    }
}

/// A policy whose statements are given without what they share.
fn policy(statements: &[&str]) -> Policy {
    let statements: Vec<_> = statements.iter().map(|rest| format!("{{{rest}}}")).collect();
    let document =
        format!("{{\"Version\": \"2012-10-17\", \"Statement\": [{}]}}", statements.join(","));
    read(&document).unwrap_or_else(|error| panic!("{document}: {error}")).0
}

#[track_caller]
fn check_principals(effect: &str, principals: &str, expected: &str) {
    let policy = policy(&[&format!(
        "\"Effect\": \"{effect}\", {principals}, \"Action\": \"s3:*\", \
         \"Resource\": \"arn:aws:s3:::b/*\""
    )]);
    let found: String = [Asker::Anonymous, ALICE, ROOT, EVE]
        .map(|asker| letter(&said(&policy, asker, "s3:GetObject", "arn:aws:s3:::b/k")))
        .iter()
        .collect();
    assert_eq!(found, expected, "{effect} {principals}");
}

#[test]
fn principals_are_named_in_several_ways() {
    for (principals, expected) in [
        (r#""Principal": "*""#, "AAAA"),
        (r#""Principal": {"AWS": "*"}"#, "AAAA"),
        (r#""Principal": {"AWS": "000000000001"}"#, "-aa-"),
        (r#""Principal": {"AWS": "arn:aws:iam::000000000001:root"}"#, "-aa-"),
        (r#""Principal": {"CanonicalUser": "canonical-2"}"#, "---a"),
        (r#""Principal": {"AWS": "arn:aws:iam::000000000001:user/alice"}"#, "-A--"),
        (
            r#""Principal": {"AWS": ["000000000001", "arn:aws:iam::000000000001:user/alice"]}"#,
            "-Aa-",
        ),
        (r#""Principal": {"AWS": ["000000000001", "000000000002"]}"#, "-aaa"),
        (r#""Principal": {"Service": "s3.amazonaws.com"}"#, "----"),
    ] {
        check_principals("Allow", principals, expected);
        let denied: String =
            expected.chars().map(|letter| if letter == '-' { '-' } else { 'D' }).collect();
        check_principals("Deny", principals, &denied);
    }
    for (principals, expected) in [
        (r#""NotPrincipal": {"AWS": "000000000001"}"#, "D--D"),
        (r#""NotPrincipal": {"AWS": "arn:aws:iam::000000000001:user/alice"}"#, "D-DD"),
        (r#""NotPrincipal": "*""#, "----"),
    ] {
        check_principals("Deny", principals, expected);
    }
}

#[track_caller]
fn check(rest: &str, action: &str, resource: &str, expected: bool) {
    let policy = policy(&[&format!("\"Effect\": \"Allow\", \"Principal\": \"*\", {rest}")]);
    let found = letter(&said(&policy, ALICE, action, &format!("arn:aws:s3:::{resource}")));
    assert_eq!(found == 'A', expected, "{rest} {action} {resource}");
}

#[test]
fn actions_and_resources_are_patterns() {
    let both = r#""Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]"#;
    for (actions, action, expected) in [
        (r#""Action": "*""#, "s3:GetObject", true),
        (r#""Action": "S3:GETOBJECT""#, "s3:GetObject", true),
        (r#""Action": "s3:GetObject""#, "s3:GetObjectAcl", false),
        (r#""Action": "s3:Get*""#, "s3:GetObjectAcl", true),
        (r#""Action": ["s3:GetObject", "s3:?utObject"]"#, "s3:PutObject", true),
        (r#""NotAction": "s3:Delete*""#, "s3:PutObject", true),
        (r#""NotAction": "s3:Delete*""#, "s3:DeleteObject", false),
    ] {
        check(&format!("{actions}, {both}"), action, "b/k", expected);
    }
    for (resources, resource, expected) in [
        (r#""Resource": "arn:aws:s3:::b/*""#, "b/a/b/c", true),
        (r#""Resource": "arn:aws:s3:::b/*""#, "b", false),
        (r#""Resource": "arn:aws:s3:::b*""#, "b", true),
        (r#""Resource": "arn:aws:s3:::b/A""#, "b/a", false),
        (r#""Resource": "arn:aws:s3:::b/*.jpg""#, "b/x/cat.jpg", true),
        (r#""Resource": "arn:aws:s3:::b/${aws:username}/*""#, "b/alice/x", true),
        (r#""Resource": "arn:aws:s3:::b/${aws:username}/*""#, "b/eve/x", false),
        (r#""Resource": "arn:aws:s3:::b/${aws:userid}/*""#, "b//x", false),
        (r#""NotResource": "arn:aws:s3:::b/private/*""#, "b/public", true),
        (r#""NotResource": "arn:aws:s3:::b/private/*""#, "b/private/x", false),
    ] {
        check(&format!("\"Action\": \"s3:*\", {resources}"), "s3:GetObject", resource, expected);
    }
}

#[test]
fn an_old_policy_takes_variables_literally() {
    let document = r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::b/${aws:username}"}}"#;
    let (policy, _) = read(document).unwrap();
    let said = |key: &str| letter(&said(&policy, ALICE, "s3:GetObject", key));
    assert_eq!(said("arn:aws:s3:::b/alice"), '-');
    assert_eq!(said("arn:aws:s3:::b/${aws:username}"), 'A');
}

#[test]
fn the_deciding_statement_is_named_with_its_conditions() {
    const ALL: &str =
        r#""Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]"#;
    let ask = |statements: &[&str]| {
        let statements: Vec<_> = statements.iter().map(|rest| format!("{ALL}, {rest}")).collect();
        let statements: Vec<_> = statements.iter().map(String::as_str).collect();
        match said(&policy(&statements), ALICE, "s3:GetObject", "arn:aws:s3:::b/k") {
            Ruling::Denied(evidence) => format!("denied by {evidence}"),
            Ruling::Allowed(evidence, _) => format!("allowed by {evidence}"),
            Ruling::Silent(Some(evidence)) => format!("but for {evidence}"),
            Ruling::Silent(None) => "nothing".to_owned(),
        }
    };
    let insecure = r#""Sid": "DenyInsecure", "Effect": "Deny",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}"#;
    let secure = r#""Effect": "Allow", "Condition": {"Bool": {"aws:SecureTransport": "true"},
        "StringEquals": {"aws:username": "alice"}}"#;
    assert_eq!(
        ask(&[r#""Effect": "Allow""#, insecure]),
        "denied by statement `DenyInsecure` (`Bool` of aws:SecureTransport holds: \
         aws:SecureTransport was `false`)"
    );
    assert_eq!(ask(&[r#""Effect": "Allow""#]), "allowed by statement 1");
    assert_eq!(
        ask(&[secure]),
        "but for statement 1 (`Bool` of aws:SecureTransport does not hold: aws:SecureTransport was \
         `false`)"
    );
    assert_eq!(
        ask(&[r#""Effect": "Deny", "Condition": {"Null": {"aws:TokenIssueTime": "true"}}"#]),
        "denied by statement 1 (`Null` of aws:TokenIssueTime holds: the request has no \
         aws:TokenIssueTime)"
    );
}
