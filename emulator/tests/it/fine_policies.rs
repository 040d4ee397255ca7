//! Policies about one key, one version, one tag, where a request names it elsewhere than in its
//! address.

use stuntbucket::Bucket;
use stuntbucket::CannedAcl;
use stuntbucket::Clock;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Answer;
use crate::client::Client;
use crate::client::content_md5;

const TAGS: &str = "<Tagging><TagSet><Tag><Key>a</Key><Value>2</Value></Tag></TagSet></Tagging>";

/// A user of the bucket's account who may do only this, everywhere.
fn limited(name: &str, actions: &str) -> User {
    User::new(name).policy(format!(
        r#"{{"Statement": {{"Effect": "Allow", "Action": [{actions}], "Resource": "*"}}}}"#
    ))
}

/// Forbids something in the bucket, to everybody.
fn deny(client: &Client, rest: &str) {
    let document = format!(
        r#"{{"Statement": {{"Effect": "Deny", "Principal": "*",
            "Resource": "arn:aws:s3:::box/*", {rest}}}}}"#
    );
    let md5 = content_md5(document.as_bytes());
    let put = client.send("PUT", "/box?policy", &[("content-md5", &md5)], document.as_bytes());
    assert_eq!(put.status, 204, "{}", put.text());
}

fn delete(client: &Client, headers: &[(&str, &str)], key: &str, version: &str) -> Answer {
    let document = format!(
        "<Delete><Object><Key>{key}</Key><VersionId>{version}</VersionId></Object></Delete>"
    );
    let md5 = content_md5(document.as_bytes());
    let mut all = headers.to_vec();
    all.push(("content-md5", &md5));
    client.send("POST", "/box?delete", &all, document.as_bytes())
}

fn copy(client: &Client, source: &str, headers: &[(&str, &str)]) -> Answer {
    let mut all = headers.to_vec();
    all.push(("x-amz-copy-source", source));
    client.send("PUT", "/box/copy", &all, b"")
}

#[test]
fn attributes_are_for_whoever_may_read_the_object_too() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(limited("half", r#""s3:GetObjectAttributes", "s3:GetObjectVersionAttributes""#))
        .user(limited("whole", r#""s3:GetObjectAttributes", "s3:GetObject""#))
        .bucket("box")
        .start()
        .unwrap();
    s3.put_object("box", "k", "x").unwrap();
    let wanted = [("x-amz-object-attributes", "ETag")];
    let ask = |name, target| Client::user(&s3, name).send("GET", target, &wanted, b"");
    ask("half", "/box/k?attributes").expect(403, "AccessDenied");
    ask("half", "/box/k?attributes&versionId=null").expect(403, "AccessDenied");
    assert_eq!(ask("whole", "/box/k?attributes").status, 200);
    ask("whole", "/box/k?attributes&versionId=null").expect(403, "AccessDenied");
}

#[test]
fn tags_are_counted_for_whoever_may_read_them() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(limited("reader", r#""s3:GetObject""#))
        .user(limited("both", r#""s3:GetObject", "s3:GetObjectTagging""#))
        .bucket("box")
        .start()
        .unwrap();
    Client::owner(&s3).send("PUT", "/box/k", &[("x-amz-tagging", "a=1")], b"x");
    for (name, count) in [("owner", Some("1")), ("both", Some("1")), ("reader", None)] {
        let got = Client::user(&s3, name).get("/box/k");
        assert_eq!((got.status, got.header("x-amz-tagging-count")), (200, count), "{name}");
    }
}

#[test]
fn the_tags_that_are_there_decide_about_tagging() {
    let s3 = Stuntbucket::builder().bucket("box").start().unwrap();
    let owner = Client::owner(&s3);
    for (key, tag) in [("kept", "a=1"), ("free", "a=2")] {
        let put = owner.send("PUT", &format!("/box/{key}"), &[("x-amz-tagging", tag)], b"x");
        assert_eq!(put.status, 200);
    }
    deny(
        &owner,
        r#""Action": "s3:*Tagging",
           "Condition": {"StringEquals": {"s3:ExistingObjectTag/a": "1"}}"#,
    );
    owner.get("/box/kept?tagging").expect(403, "AccessDenied");
    owner.put_document("/box/kept?tagging", TAGS).expect(403, "AccessDenied");
    owner.put_document("/box/kept?tagging", "no document").expect(403, "AccessDenied");
    owner.send("DELETE", "/box/kept?tagging", &[], b"").expect(403, "AccessDenied");
    assert_eq!(owner.get("/box/free?tagging").status, 200);
    assert_eq!(owner.put_document("/box/free?tagging", TAGS).status, 200);
    assert_eq!(owner.send("DELETE", "/box/free?tagging", &[], b"").status, 204);
}

#[test]
fn a_copy_takes_tags_along_for_whoever_may_read_and_write_them() {
    let may = r#""s3:GetObject", "s3:PutObject""#;
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(limited("plain", may))
        .user(limited("reader", &format!(r#"{may}, "s3:GetObjectTagging""#)))
        .user(limited("both", &format!(r#"{may}, "s3:GetObjectTagging", "s3:PutObjectTagging""#)))
        .bucket("box")
        .start()
        .unwrap();
    let owner = Client::owner(&s3);
    owner.send("PUT", "/box/tagged", &[("x-amz-tagging", "a=1")], b"x");
    owner.put("/box/plain", b"x");
    for (name, is_let) in [("plain", false), ("reader", false), ("both", true)] {
        let client = Client::user(&s3, name);
        assert_eq!(copy(&client, "box/plain", &[]).status, 200, "{name}");
        let replaced = [("x-amz-tagging-directive", "REPLACE")];
        assert_eq!(copy(&client, "box/tagged", &replaced).status, 200, "{name}");
        let answer = copy(&client, "box/tagged", &[]);
        assert_eq!(answer.status, if is_let { 200 } else { 403 }, "{name}: {}", answer.text());
    }
}

#[test]
fn a_version_is_known_wherever_it_is_named() {
    let s3 = Stuntbucket::builder().bucket(Bucket::new("box").versioning(true)).start().unwrap();
    let owner = Client::owner(&s3);
    let put =
        |body: &[u8]| owner.put("/box/k", body).header("x-amz-version-id").unwrap().to_owned();
    let (kept, free) = (put(b"1"), put(b"2"));
    deny(
        &owner,
        &format!(
            r#""Action": ["s3:GetObjectVersion", "s3:DeleteObjectVersion"],
               "Condition": {{"StringEquals": {{"s3:VersionId": "{kept}"}}}}"#
        ),
    );
    owner.get(&format!("/box/k?versionId={kept}")).expect(403, "AccessDenied");
    copy(&owner, &format!("box/k?versionId={kept}"), &[]).expect(403, "AccessDenied");
    assert_eq!(copy(&owner, &format!("box/k?versionId={free}"), &[]).status, 200);
    let refused = delete(&owner, &[], "k", &kept).text();
    assert!(refused.contains("<Code>AccessDenied</Code>"), "{refused}");
    let gone = delete(&owner, &[], "k", &free).text();
    assert!(gone.contains("<Deleted>"), "{gone}");
}

#[test]
fn governance_is_passed_over_key_by_key() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(limited("remover", r#""s3:DeleteObjectVersion", "s3:BypassGovernanceRetention""#))
        .bucket(Bucket::new("box").object_lock(true))
        .start()
        .unwrap();
    let owner = Client::owner(&s3);
    let md5 = content_md5(b"x");
    let put = |key: &str| {
        let headers = [
            ("content-md5", &*md5),
            ("x-amz-object-lock-mode", "GOVERNANCE"),
            ("x-amz-object-lock-retain-until-date", "2099-01-01T00:00:00Z"),
        ];
        let put = owner.send("PUT", &format!("/box/{key}"), &headers, b"x");
        put.header("x-amz-version-id").unwrap().to_owned()
    };
    let (kept, free) = (put("kept/k"), put("free/k"));
    let document = r#"{"Statement": {"Effect": "Deny", "Principal": "*",
        "Action": "s3:BypassGovernanceRetention", "Resource": "arn:aws:s3:::box/kept/*"}}"#;
    let policy_md5 = content_md5(document.as_bytes());
    let set =
        owner.send("PUT", "/box?policy", &[("content-md5", &policy_md5)], document.as_bytes());
    assert_eq!(set.status, 204, "{}", set.text());
    let bypass = [("x-amz-bypass-governance-retention", "true")];
    let remover = Client::user(&s3, "remover");
    let refused = delete(&remover, &bypass, "kept/k", &kept).text();
    assert!(refused.contains("protected by object lock"), "{refused}");
    let held = delete(&remover, &[], "free/k", &free).text();
    assert!(held.contains("protected by object lock"), "{held}");
    let gone = delete(&remover, &bypass, "free/k", &free).text();
    assert!(gone.contains("<Deleted>"), "{gone}");
}

/// A field that comes twice is a list, and the list is the key that is written.
#[test]
fn a_form_is_judged_by_the_key_that_it_writes() {
    let s3 = Stuntbucket::builder()
        .bucket(Bucket::new("box").before_2023(true).acl(CannedAcl::PublicReadWrite))
        .start()
        .unwrap();
    let owner = Client::owner(&s3);
    let document = r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::box/a,b"}}"#;
    let md5 = content_md5(document.as_bytes());
    let set = owner.send("PUT", "/box?policy", &[("content-md5", &md5)], document.as_bytes());
    assert_eq!(set.status, 204, "{}", set.text());
    let form = |keys: &[&str]| {
        let fields: Vec<_> = keys.iter().map(|key| ("key".to_owned(), (*key).to_owned())).collect();
        crate::form::post_to(&s3, "/box", &fields, "f", b"x")
    };
    form(&["a", "b"]).expect(403, "AccessDenied");
    assert_eq!(form(&["a"]).status, 204);
}

#[test]
fn a_policy_limits_how_long_objects_are_kept() {
    let s3 = Stuntbucket::builder()
        .bucket(Bucket::new("box").object_lock(true))
        .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
        .start()
        .unwrap();
    let owner = Client::owner(&s3);
    owner.send("PUT", "/box/k", &[("content-md5", &content_md5(b"x"))], b"x");
    deny(
        &owner,
        r#""Action": "s3:PutObjectRetention",
           "Condition": {"NumericGreaterThan": {"s3:object-lock-remaining-retention-days": "10"}}"#,
    );
    for (until, status) in [("2026-01-11T00:00:00Z", 200), ("2026-01-11T00:00:01Z", 403)] {
        let document = format!(
            "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>{until}</RetainUntilDate>\
             </Retention>"
        );
        let answer = owner.put_document("/box/k?retention", &document);
        assert_eq!(answer.status, status, "{until}: {}", answer.text());
        let headers = [
            ("content-md5", &*content_md5(b"x")),
            ("x-amz-object-lock-mode", "GOVERNANCE"),
            ("x-amz-object-lock-retain-until-date", until),
        ];
        let answer = owner.send("PUT", "/box/new", &headers, b"x");
        assert_eq!(answer.status, status, "{until}: {}", answer.text());
    }
    let mode = r#""Action": "s3:PutObjectRetention",
        "Condition": {"StringEquals": {"s3:object-lock-mode": "COMPLIANCE"}}"#;
    deny(&owner, mode);
    let document = "<Retention><Mode>COMPLIANCE</Mode>\
                    <RetainUntilDate>2026-01-20T00:00:00Z</RetainUntilDate></Retention>";
    let bypass = [
        ("content-md5", &*content_md5(document.as_bytes())),
        ("x-amz-bypass-governance-retention", "true"),
    ];
    let put = owner.send("PUT", "/box/k?retention", &bypass, document.as_bytes());
    put.expect(403, "AccessDenied");
}

#[test]
fn what_a_new_bucket_gets_is_asked_for_too() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(limited("half", r#""s3:CreateBucket", "s3:PutBucketVersioning""#))
        .user(limited("whole", r#""s3:CreateBucket", "s3:PutBucket*""#))
        .start()
        .unwrap();
    let tagged = b"<CreateBucketConfiguration><Tags><Tag><Key>a</Key><Value>1</Value></Tag></Tags>\
                   </CreateBucketConfiguration>";
    Client::user(&s3, "whole").put("/tagged", tagged).expect(403, "AccessDenied");
    assert_eq!(Client::owner(&s3).put("/tagged", tagged).status, 200);
    let lock = [("x-amz-bucket-object-lock-enabled", "true")];
    let half = Client::user(&s3, "half");
    half.send("PUT", "/locked", &lock, b"").expect(403, "AccessDenied");
    assert_eq!(half.put("/plain", b"").status, 200);
    assert_eq!(Client::user(&s3, "whole").send("PUT", "/locked", &lock, b"").status, 200);
}
