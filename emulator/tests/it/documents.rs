//! What conditions of policies see of the documents that requests bring, and of what is there.

use stuntbucket::Bucket;
use stuntbucket::Clock;
use stuntbucket::ObjectOwnership;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Client;
use crate::client::content_md5;

/// A user of the bucket's account who may do this, on a condition.
fn limited(actions: &str, condition: &str) -> User {
    User::new("limited").policy(format!(
        r#"{{"Version": "2012-10-17", "Statement": [
            {{"Effect": "Allow", "Action": [{actions}], "Resource": "*",
              "Condition": {condition}}},
            {{"Effect": "Allow", "Action": ["s3:ListBucket", "s3:TagResource"], "Resource": "*"}}
        ]}}"#
    ))
}

fn emulator(limited: User) -> Stuntbucket {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(limited)
        .user(User::new("alt").account("000000000002"))
        .bucket(Bucket::new("box").object_lock(true))
        .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
        .start()
        .unwrap();
    s3.put_object("box", "k", "x").unwrap();
    s3
}

fn retention(mode: &str, until: &str) -> String {
    format!("<Retention><Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>")
}

#[test]
fn a_retention_is_allowed_by_what_its_document_says() {
    let s3 = emulator(limited(
        r#""s3:PutObjectRetention""#,
        r#"{"NumericLessThanEquals": {"s3:object-lock-remaining-retention-days": "10"},
            "StringEquals": {"s3:object-lock-mode": "GOVERNANCE"}}"#,
    ));
    let limited = Client::user(&s3, "limited");
    let put = |document: &str| limited.put_document("/box/k?retention", document);
    let (ten, eleven) = ("2026-01-11T00:00:00Z", "2026-01-12T00:00:00Z");
    put(&retention("GOVERNANCE", eleven)).expect(403, "AccessDenied");
    put(&retention("COMPLIANCE", ten)).expect(403, "AccessDenied");
    // Who could not have put any is not told what is wrong with this one.
    put("no document").expect(403, "AccessDenied");
    limited.put("/box/k?retention", b"").expect(403, "AccessDenied");
    assert_eq!(put(&retention("GOVERNANCE", ten)).status, 200, "{}", s3.journal());
    Client::owner(&s3).put_document("/box/k?retention", "none").expect(400, "MalformedXML");
}

#[test]
fn a_legal_hold_is_allowed_by_what_its_document_says() {
    let s3 = emulator(limited(
        r#""s3:PutObjectLegalHold""#,
        r#"{"StringEquals": {"s3:object-lock-legal-hold": "ON"}}"#,
    ));
    let limited = Client::user(&s3, "limited");
    for (status, expected) in [("OFF", 403), ("ON", 200)] {
        let document = format!("<LegalHold><Status>{status}</Status></LegalHold>");
        let answer = limited.put_document("/box/k?legal-hold", &document);
        assert_eq!(answer.status, expected, "{status}: {}", answer.text());
    }
}

/// Observed on S3 by argmin's tests.
#[test]
fn tagging_is_allowed_by_the_tags_of_the_document() {
    let s3 = emulator(limited(
        r#""s3:PutObjectTagging""#,
        r#"{"StringEquals": {"s3:RequestObjectTag/team": "a"},
            "ForAllValues:StringEquals": {"s3:RequestObjectTagKeys": ["team", "other"]}}"#,
    ));
    let limited = Client::user(&s3, "limited");
    let tag = |key: &str, value: &str| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
    for (tags, status) in [
        (tag("team", "b"), 403),
        (tag("other", "a"), 403),
        (tag("team", "a") + &tag("third", ""), 403),
        (tag("team", "a") + &tag("other", ""), 200),
    ] {
        let document = format!("<Tagging><TagSet>{tags}</TagSet></Tagging>");
        let answer = limited.put_document("/box/k?tagging", &document);
        assert_eq!(answer.status, status, "{document}: {}", answer.text());
    }
}

#[test]
fn a_bucket_is_allowed_where_its_document_wants_it_and_with_its_tags() {
    let s3 = emulator(limited(
        r#""s3:CreateBucket""#,
        r#"{"StringEquals": {"s3:LocationConstraint": "eu-west-1", "aws:RequestTag/team": "a"},
            "ForAllValues:StringEquals": {"aws:TagKeys": "team"}}"#,
    ));
    let limited = Client::user(&s3, "limited");
    let create = |region: &str, tags: &str| {
        let document = format!(
            "<CreateBucketConfiguration><LocationConstraint>{region}</LocationConstraint>\
             <Tags>{tags}</Tags></CreateBucketConfiguration>"
        );
        limited.put("/another", document.as_bytes())
    };
    let tag = "<Tag><Key>team</Key><Value>a</Value></Tag>";
    create("eu-west-1", "").expect(403, "AccessDenied");
    create("eu-west-2", tag).expect(403, "AccessDenied");
    let other = format!("{tag}<Tag><Key>more</Key><Value/></Tag>");
    create("eu-west-1", &other).expect(403, "AccessDenied");
    limited.put("/another", b"").expect(403, "AccessDenied");
    limited.put("/another", b"<").expect(403, "AccessDenied");
    assert_eq!(create("eu-west-1", tag).status, 200, "{}", s3.journal());
}

/// Tags of a bucket count once attribute-based access control is on (observed on S3 by argmin's
/// tests, with the texts of what is refused then).
#[test]
fn tags_of_a_bucket_count_where_they_are_switched_on() {
    let s3 = emulator(limited(
        r#""s3:GetObject""#,
        r#"{"StringEquals": {"s3:BucketTag/team": "a", "aws:ResourceTag/team": "a"}}"#,
    ));
    let owner = Client::owner(&s3);
    let tags = "<Tagging><TagSet><Tag><Key>team</Key><Value>a</Value></Tag></TagSet></Tagging>";
    assert_eq!(owner.put_document("/box?tagging", tags).status, 204);
    let limited = Client::user(&s3, "limited");
    let switch = |status: &str| {
        let document = format!("<AbacStatus><Status>{status}</Status></AbacStatus>");
        assert_eq!(owner.put("/box?abac", document.as_bytes()).status, 200);
    };
    limited.get("/box/k").expect(403, "AccessDenied");
    switch("Enabled");
    assert_eq!(limited.get("/box/k").status, 200, "{}", s3.journal());
    let refused = owner.put_document("/box?tagging", tags).expect(400, "BadRequest");
    assert!(refused.text().contains("initiate a TagResource request."), "{}", refused.text());
    owner.send("DELETE", "/box?tagging", &[], b"").expect(400, "BadRequest");
    assert_eq!(owner.get("/box?tagging").status, 200);
    switch("Disabled");
    limited.get("/box/k").expect(403, "AccessDenied");
    assert_eq!(owner.send("DELETE", "/box?tagging", &[], b"").status, 204);
}

/// Observed on S3 by argmin's tests.
#[test]
fn an_upload_goes_on_by_the_encryption_that_it_was_begun_with() {
    let s3 = Stuntbucket::builder().bucket("box").start().unwrap();
    let owner = Client::owner(&s3);
    let document = r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::box/*",
        "Condition": {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}}}"#;
    assert_eq!(owner.put("/box?policy", document.as_bytes()).status, 204);
    owner.send("POST", "/box/k?uploads", &[], b"").expect(403, "AccessDenied");
    let kms = [("x-amz-server-side-encryption", "aws:kms")];
    let begun = owner.send("POST", "/box/k?uploads", &kms, b"");
    let id = begun.element("UploadId").unwrap();
    let part = owner.put(&format!("/box/k?partNumber=1&uploadId={id}"), b"x");
    assert_eq!(part.status, 200, "{}", part.text());
    let document = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{}</ETag></Part>\
         </CompleteMultipartUpload>",
        part.header("etag").unwrap()
    );
    let target = format!("/box/k?uploadId={id}");
    let done = owner.send("POST", &target, &[], document.as_bytes());
    assert_eq!(done.status, 200, "{}", done.text());
}

/// The tags of the source of a copy are not at hand, and those of a part's are; nor are they for
/// GetObjectAttributes (observed on S3 by argmin's tests).
#[test]
fn some_reads_do_not_see_the_tags_that_are_there() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("alt").account("000000000002"))
        .bucket(Bucket::new("box").policy(
            r#"{"Statement": [
                {"Effect": "Allow", "Principal": {"AWS": "000000000002"},
                 "Action": ["s3:GetObject", "s3:GetObjectAttributes"],
                 "Resource": "arn:aws:s3:::box/*",
                 "Condition": {"StringEquals": {"s3:ExistingObjectTag/team": "a"}}},
                {"Effect": "Allow", "Principal": {"AWS": "000000000002"},
                 "Action": "s3:PutObject", "Resource": "arn:aws:s3:::box/*"}]}"#,
        ))
        .start()
        .unwrap();
    let tagged = [("x-amz-tagging", "team=a")];
    assert_eq!(Client::owner(&s3).send("PUT", "/box/k", &tagged, b"x").status, 200);
    let alt = Client::user(&s3, "alt");
    assert_eq!(alt.get("/box/k").status, 200);
    let wanted = [("x-amz-object-attributes", "ETag")];
    alt.send("GET", "/box/k?attributes", &wanted, b"").expect(403, "AccessDenied");
    let source = ("x-amz-copy-source", "box/k");
    let replaced = [source, ("x-amz-tagging-directive", "REPLACE")];
    alt.send("PUT", "/box/copy", &replaced, b"").expect(403, "AccessDenied");
    let id = alt.send("POST", "/box/joined?uploads", &[], b"").element("UploadId").unwrap();
    let target = format!("/box/joined?partNumber=1&uploadId={id}");
    assert_eq!(alt.send("PUT", &target, &[source], b"").status, 200, "{}", s3.journal());
}

/// Reads of an object and its ACL are its owner's; its tags and its lock are the bucket owner's
/// (observed on S3 by argmin's tests for tags).
#[test]
fn what_another_account_wrote_is_tagged_and_locked_by_the_buckets_owner() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("alt").account("000000000002"))
        .bucket(
            Bucket::new("box").object_lock(true).ownership(ObjectOwnership::ObjectWriter).policy(
                r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "000000000002"},
                        "Action": "s3:PutObject", "Resource": "arn:aws:s3:::box/*"}}"#,
            ),
        )
        .start()
        .unwrap();
    let (owner, alt) = (Client::owner(&s3), Client::user(&s3, "alt"));
    let md5 = content_md5(b"x");
    assert_eq!(alt.send("PUT", "/box/k", &[("content-md5", &md5)], b"x").status, 200);
    let tags = "<Tagging><TagSet/></Tagging>";
    let hold = "<LegalHold><Status>OFF</Status></LegalHold>";
    for (target, document) in [("/box/k?tagging", tags), ("/box/k?legal-hold", hold)] {
        alt.put_document(target, document).expect(403, "AccessDenied");
        alt.get(target).expect(403, "AccessDenied");
        assert_eq!(owner.put_document(target, document).status, 200, "{target}");
        assert_eq!(owner.get(target).status, 200, "{target}");
    }
    for target in ["/box/k", "/box/k?acl"] {
        assert_eq!(alt.get(target).status, 200, "{target}");
        owner.get(target).expect(403, "AccessDenied");
    }
    assert_eq!(owner.send("PUT", "/box/k", &[("content-md5", &md5)], b"x").status, 200);
}
