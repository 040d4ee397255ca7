//! Conditions of policies, and what they see of a request.

use std::time::Duration;

use stuntbucket::Stuntbucket;
use stuntbucket_signer::sign::PostPolicy;

use crate::client::Answer;
use crate::client::Client;
use crate::policy::emulator;
use crate::policy::explanation;
use crate::policy::give;
use crate::policy::put;

/// Whether a condition lets a request through that is otherwise allowed to everybody.
struct Gate<'a> {
    s3: &'a Stuntbucket,
}

impl Gate<'_> {
    #[track_caller]
    fn check(&self, condition: &str, ask: impl Fn() -> Answer, passes: bool) {
        give(
            self.s3,
            &format!(
                r#""Principal": "*", "Action": "s3:*Object*", "Effect": "Deny",
                   "Condition": {condition}"#
            ),
        );
        let answer = ask();
        let expected = if passes { [200, 204] } else { [403, 403] };
        assert!(expected.contains(&answer.status), "{condition}: {}", answer.text());
    }
}

#[test]
fn conditions_see_the_request() {
    let s3 = emulator();
    let gate = Gate { s3: &s3 };
    let owner = Client::owner(&s3);
    let get = || owner.get("/photos/cat.jpg");
    let link = owner.presign("GET", "/photos/cat.jpg", 600);
    let nobody = Client::anonymous(&s3);
    let of_link = || nobody.get(&link);
    let sent = |headers: &'static [(&'static str, &'static str)]| {
        let owner = &owner;
        move || owner.send("PUT", "/photos/new", headers, b"x")
    };
    for (condition, passes) in [
        (r#"{"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}"#, false),
        (r#"{"NotIpAddress": {"aws:SourceIp": "127.0.0.1"}}"#, true),
        (r#"{"StringEquals": {"aws:username": "owner"}}"#, false),
        (
            r#"{"StringEquals": {"aws:PrincipalArn": "arn:aws:iam::000000000001:user/owner"}}"#,
            false,
        ),
        (r#"{"StringEquals": {"aws:PrincipalAccount": "000000000001"}}"#, false),
        (r#"{"StringEquals": {"aws:PrincipalType": "User"}}"#, false),
        (r#"{"StringLike": {"aws:userid": "AIDA*"}}"#, false),
        (r#"{"StringEquals": {"aws:RequestedRegion": "us-east-1"}}"#, false),
        (r#"{"StringEquals": {"s3:ResourceAccount": "000000000001"}}"#, false),
        (r#"{"StringEquals": {"s3:authType": "REST-HEADER"}}"#, false),
        (r#"{"StringEquals": {"s3:authType": "REST-QUERY-STRING"}}"#, true),
        (r#"{"StringEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}}"#, false),
        (r#"{"NumericGreaterThan": {"s3:signatureAge": "1000"}}"#, true),
        (r#"{"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:01Z"}}"#, false),
        (r#"{"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}"#, true),
        (r#"{"NumericEquals": {"aws:EpochTime": "1767225600"}}"#, false),
        (r#"{"StringNotLike": {"aws:Referer": "https://example.org/*"}}"#, false),
        (r#"{"Null": {"aws:UserAgent": "true"}}"#, false),
        (r#"{"Null": {"s3:ExistingObjectTag/team": "true"}}"#, false),
    ] {
        gate.check(condition, get, passes);
    }
    gate.check(r#"{"StringEquals": {"s3:authType": "REST-QUERY-STRING"}}"#, of_link, false);
    gate.check(r#"{"StringEquals": {"s3:authType": "REST-HEADER"}}"#, of_link, true);
    gate.check(r#"{"Null": {"s3:x-amz-content-sha256": "false"}}"#, of_link, true);
    for (condition, headers, passes) in [
        (r#"{"StringLike": {"s3:x-amz-acl": "public*"}}"#, &[][..], true),
        (
            r#"{"StringLike": {"s3:x-amz-acl": "bucket-owner*"}}"#,
            &[("x-amz-acl", "bucket-owner-full-control")],
            false,
        ),
        (
            r#"{"StringEquals": {"s3:x-amz-storage-class": "STANDARD_IA"}}"#,
            &[("x-amz-storage-class", "STANDARD_IA")],
            false,
        ),
        (
            r#"{"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}"#,
            &[("x-amz-server-side-encryption", "AES256")],
            true,
        ),
        (r#"{"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}"#, &[], false),
        (
            r#"{"StringEquals": {"s3:RequestObjectTag/team": "a"}}"#,
            &[("x-amz-tagging", "team=a&x=y")],
            false,
        ),
        (
            r#"{"ForAnyValue:StringEquals": {"s3:RequestObjectTagKeys": ["team"]}}"#,
            &[("x-amz-tagging", "team=a&x=y")],
            false,
        ),
        (
            r#"{"ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["team"]}}"#,
            &[("x-amz-tagging", "team=a&x=y")],
            true,
        ),
        (r#"{"Null": {"s3:if-none-match": "true"}}"#, &[("if-match", "*")], false),
        (r#"{"Bool": {"s3:ObjectCreationOperation": "true"}}"#, &[], false),
        (r#"{"StringEquals": {"s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD"}}"#, &[], true),
    ] {
        gate.check(condition, sent(headers), passes);
    }
    // The tags of the object that is there.
    give(&s3, r#""Principal": "*", "Action": "s3:ListBucket", "Effect": "Allow""#);
    let tagged = [("x-amz-tagging", "team=a")];
    assert_eq!(owner.send("PUT", "/photos/cat.jpg", &tagged, b"meow").status, 200);
    gate.check(r#"{"StringEquals": {"s3:ExistingObjectTag/team": "a"}}"#, get, false);
    gate.check(r#"{"StringEquals": {"s3:ExistingObjectTag/team": "b"}}"#, get, true);
    gate.check(r#"{"StringEquals": {"s3:ExistingObjectTag/Team": "a"}}"#, get, true);
}

#[test]
fn a_link_dies_with_the_rights_of_its_signer_and_by_its_age() {
    let s3 = emulator();
    let owner = Client::owner(&s3);
    let link = owner.presign("GET", "/photos/cat.jpg", 3600);
    let nobody = Client::anonymous(&s3);
    assert_eq!(nobody.get(&link).status, 200);
    give(
        &s3,
        r#""Principal": "*", "Action": ["s3:GetObject", "s3:PutObject"], "Effect": "Deny",
           "Condition": {"NumericGreaterThan": {"s3:signatureAge": "600000"}}"#,
    );
    s3.clock().advance(Duration::from_mins(10));
    assert_eq!(nobody.get(&link).status, 200, "{}", s3.journal());
    s3.clock().advance(Duration::from_secs(1));
    nobody.get(&link).expect(403, "AccessDenied");
    assert!(explanation(&s3).contains("s3:signatureAge was `601000`"), "{}", explanation(&s3));

    let link = Client::owner(&s3).presign("GET", "/photos/cat.jpg", 3600);
    give(
        &s3,
        r#""Principal": {"AWS": "arn:aws:iam::000000000001:user/owner"},
           "Action": "s3:GetObject", "Effect": "Deny""#,
    );
    nobody.get(&link).expect(403, "AccessDenied");
    // The rights of a link are those of its signer, also where the signer has fewer.
    let link = Client::user(&s3, "reader").presign("PUT", "/photos/new", 60);
    nobody.put(&link, b"x").expect(403, "AccessDenied");
}

#[test]
fn a_form_carries_its_signers_rights_and_its_own_kind_of_signature() {
    let s3 = emulator();
    let now = s3.clock().now();
    let policy = PostPolicy::new("photos", now.plus_seconds(600)).key("incoming/a");
    let post = |name: &str| {
        let signed = policy.sign(&s3.user(name).credentials(), s3.region(), now);
        crate::form::post_to(&s3, "/photos", &signed.fields, "a", b"x")
    };
    assert_eq!(post("owner").status, 204, "{}", s3.journal());
    post("reader").expect(403, "AccessDenied");
    assert!(explanation(&s3).contains("s3:PutObject is denied to reader"));
    for (condition, status) in [
        (r#"{"StringEquals": {"s3:authType": "POST"}}"#, 403),
        (r#"{"StringEquals": {"s3:authType": "REST-HEADER"}}"#, 204),
        (r#"{"StringEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}}"#, 403),
        (r#"{"NumericLessThanEquals": {"s3:signatureAge": "0"}}"#, 403),
        (r#"{"Null": {"s3:ObjectCreationOperation": "true"}}"#, 403),
        (r#"{"Null": {"s3:x-amz-acl": "false"}}"#, 204),
    ] {
        let rest = r#""Principal": "*", "Action": "s3:PutObject", "Effect": "Deny""#;
        give(&s3, &format!("{rest}, \"Condition\": {condition}"));
        assert_eq!(post("owner").status, status, "{condition} {}", s3.journal());
    }
    // The key of a form is what the statement is about.
    let document = r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::photos/incoming/*"}}"#;
    assert_eq!(put(&Client::user(&s3, "root"), document).status, 204);
    post("owner").expect(403, "AccessDenied");
}
