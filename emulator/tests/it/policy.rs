//! Policies of buckets and users, as callers meet them.

use stuntbucket::Bucket;
use stuntbucket::Clock;
use stuntbucket::DecidedBy;
use stuntbucket::PublicAccessBlock;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Answer;
use crate::client::Client;

/// A bucket that blocks nothing, of the account 000000000001.
pub(crate) fn emulator() -> Stuntbucket {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("root").root(true))
        .user(User::new("stranger").account("000000000002"))
        .user(User::new("reader").policy(
            r#"{"Version": "2012-10-17", "Statement": [
                    {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject",
                     "Resource": "arn:aws:s3:::photos/*"},
                    {"Sid": "NoSecrets", "Effect": "Deny", "Action": "s3:*",
                     "Resource": "arn:aws:s3:::photos/secret/*"}
                ]}"#,
        ))
        .bucket(Bucket::new("photos").public_access_block(false))
        .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
        .start()
        .unwrap();
    s3.put_object("photos", "cat.jpg", "meow").unwrap();
    s3.put_object("photos", "secret/plan", "x").unwrap();
    s3
}

/// A statement about the whole bucket, with further members.
pub(crate) fn document(rest: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": [{{
            "Sid": "One", "Resource": ["arn:aws:s3:::photos", "arn:aws:s3:::photos/*"], {rest}}}]}}"#
    )
}

pub(crate) fn put(client: &Client, document: &str) -> Answer {
    let md5 = crate::access::md5(document.as_bytes());
    client.send("PUT", "/photos?policy", &[("content-md5", &md5)], document.as_bytes())
}

#[track_caller]
pub(crate) fn give(s3: &Stuntbucket, rest: &str) {
    let answer = put(&Client::user(s3, "root"), &document(rest));
    assert_eq!(answer.status, 204, "{}", answer.text());
}

pub(crate) fn explanation(s3: &Stuntbucket) -> String {
    s3.journal().entries().pop().unwrap().explanation.unwrap()
}

#[test]
fn a_policy_is_put_shown_judged_and_deleted() {
    let s3 = emulator();
    let owner = Client::owner(&s3);
    let answer = owner.get("/photos?policy").expect(404, "NoSuchBucketPolicy");
    assert_eq!(answer.element("Message").unwrap(), "The bucket policy does not exist");
    assert_eq!(answer.element("BucketName").unwrap(), "photos");
    owner.get("/photos?policyStatus").expect(404, "NoSuchBucketPolicy");
    give(&s3, r#""Principal": "*", "Action": "s3:GetObject", "Effect": "Allow""#);
    let shown = owner.get("/photos?policy");
    assert_eq!((shown.status, shown.header("content-type")), (200, Some("application/json")));
    assert_eq!(
        shown.text(),
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"One","Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":["arn:aws:s3:::photos","arn:aws:s3:::photos/*"]}]}"#
    );
    let status = owner.get("/photos?policyStatus");
    assert!(
        status.text().ends_with(
            "<PolicyStatus xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><IsPublic>true\
             </IsPublic></PolicyStatus>"
        ),
        "{}",
        status.text()
    );
    assert_eq!(Client::anonymous(&s3).get("/photos/cat.jpg").body, b"meow");
    for _ in 0..2 {
        let deleted = owner.send("DELETE", "/photos?policy", &[], b"");
        assert_eq!((deleted.status, deleted.body.len()), (204, 0));
    }
    owner.get("/photos?policy").expect(404, "NoSuchBucketPolicy");
    Client::anonymous(&s3).get("/photos/cat.jpg").expect(403, "AccessDenied");
}

#[test]
fn a_document_that_is_no_policy_changes_nothing() {
    let s3 = emulator();
    let owner = Client::owner(&s3);
    give(&s3, r#""Principal": "*", "Action": "s3:*", "Effect": "Allow""#);
    let nobody = document(
        r#""Effect": "Allow", "Action": "s3:*",
           "Principal": {"AWS": "arn:aws:iam::000000000001:user/nobody"}"#,
    );
    let long = format!(
        "{{\"Id\": \"{}\", \"Statement\": {{\"Effect\": \"Allow\", \"Principal\": \"*\", \
         \"Action\": \"s3:*\", \"Resource\": \"arn:aws:s3:::photos/*\"}}}}",
        "a".repeat(100_000)
    );
    for (document, message) in [
        ("", "Policies must be valid JSON and the first byte must be '{'"),
        ("invalid json", "Policies must be valid JSON and the first byte must be '{'"),
        ("{}", "Missing required field Statement"),
        (&*nobody, "Invalid principal in policy"),
        (&long, "Normalized policy document exceeds the maximum allowed size of 20480 bytes"),
    ] {
        let answer = put(&owner, document).expect(400, "MalformedPolicy");
        assert_eq!(answer.element("Message").unwrap(), message);
    }
    assert!(owner.get("/photos?policy").text().contains("Allow"));
}

#[test]
fn a_public_policy_is_blocked_by_default_and_hidden_where_it_is() {
    let s3 = emulator();
    let owner = Client::owner(&s3);
    let block = |blocks: PublicAccessBlock| {
        let document = crate::access::block_document(blocks);
        let md5 = crate::access::md5(document.as_bytes());
        let headers = [("content-md5", &*md5)];
        let answer = owner.send("PUT", "/photos?publicAccessBlock", &headers, document.as_bytes());
        assert_eq!(answer.status, 200);
    };
    let public = document(r#""Principal": "*", "Action": "s3:GetObject", "Effect": "Allow""#);
    block(PublicAccessBlock { block_public_policy: true, ..PublicAccessBlock::NONE });
    let answer = put(&owner, &public).expect(403, "AccessDenied");
    assert_eq!(answer.element("Message").unwrap(), "Access Denied");
    assert!(explanation(&s3).contains("BlockPublicPolicy"), "{}", explanation(&s3));
    let limited = document(
        r#""Principal": "*", "Action": "s3:GetObject", "Effect": "Allow",
           "Condition": {"IpAddress": {"aws:SourceIp": "127.0.0.1/32"}}"#,
    );
    assert_eq!(put(&owner, &limited).status, 204);
    assert!(owner.get("/photos?policyStatus").text().contains("<IsPublic>false</IsPublic>"));
    assert_eq!(Client::anonymous(&s3).get("/photos/cat.jpg").status, 200);

    block(PublicAccessBlock { restrict_public_buckets: true, ..PublicAccessBlock::NONE });
    assert_eq!(Client::anonymous(&s3).get("/photos/cat.jpg").status, 200);
    assert_eq!(put(&owner, &public).status, 204);
    for client in [Client::anonymous(&s3), Client::user(&s3, "stranger")] {
        let answer = client.get("/photos/cat.jpg").expect(403, "AccessDenied");
        assert_eq!(answer.element("Message").unwrap(), "Access Denied");
        assert!(explanation(&s3).contains("RestrictPublicBuckets"), "{}", explanation(&s3));
    }
    assert_eq!(owner.get("/photos/cat.jpg").status, 200);
}

#[test]
fn a_denial_says_who_denied_what_to_whom() {
    let s3 = emulator();
    let reader = Client::user(&s3, "reader");
    assert_eq!(reader.get("/photos/cat.jpg").status, 200, "{}", s3.journal());
    let message = |answer: Answer| {
        answer.expect(403, "AccessDenied").element("Message").unwrap().replace("&quot;", "\"")
    };
    let user = "User: arn:aws:iam::000000000001:user/reader is not authorized to perform:";
    assert_eq!(
        message(reader.put("/photos/new", b"x")),
        format!(
            "{user} s3:PutObject on resource: \"arn:aws:s3:::photos/new\" because no \
             identity-based policy allows the s3:PutObject action"
        )
    );
    assert_eq!(
        message(reader.get("/photos/secret/plan")),
        format!(
            "{user} s3:GetObject on resource: \"arn:aws:s3:::photos/secret/plan\" with an explicit \
             deny in an identity-based policy"
        )
    );
    assert!(explanation(&s3).contains("statement `NoSecrets`"), "{}", explanation(&s3));
    assert_eq!(
        message(reader.get("/photos/absent")),
        format!(
            "{user} s3:ListBucket on resource: \"arn:aws:s3:::photos\" because no identity-based \
             policy allows the s3:ListBucket action"
        )
    );
    assert_eq!(
        message(reader.get("/")),
        format!(
            "{user} s3:ListAllMyBuckets on resource: \"arn:aws:s3:::*\" because no identity-based \
             policy allows the s3:ListAllMyBuckets action"
        )
    );
    message(reader.put("/another", b""));
    let insecure = r#""Principal": "*", "Action": "s3:*", "Effect": "Deny",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}"#;
    give(&s3, insecure);
    assert_eq!(
        message(Client::owner(&s3).get("/photos/cat.jpg")),
        "User: arn:aws:iam::000000000001:user/owner is not authorized to perform: s3:GetObject on \
         resource: \"arn:aws:s3:::photos/cat.jpg\" with an explicit deny in a resource-based policy"
    );
    assert_eq!(
        explanation(&s3),
        "s3:GetObject is denied to owner: statement `One` (`Bool` of aws:SecureTransport holds: \
         aws:SecureTransport was `false`) of the bucket's policy denies it. Change that statement \
         of the bucket's policy: what is denied no other one allows."
    );
    let why = s3.journal().entries().pop().unwrap().why.unwrap();
    let decision = why.decision.unwrap();
    assert_eq!(decision.by, DecidedBy::BucketPolicy);
    assert_eq!((decision.statement, decision.sid.as_deref()), (Some(1), Some("One")));
    assert_eq!((&*decision.action, &*decision.caller), ("s3:GetObject", "owner"));
    assert_eq!(decision.resource, "arn:aws:s3:::photos/cat.jpg");
    for client in [Client::anonymous(&s3), Client::user(&s3, "stranger")] {
        assert_eq!(message(client.get("/photos/cat.jpg")), "Access Denied");
    }
    // The owner locked out everybody, and the root of the account can still undo it.
    message(Client::owner(&s3).send("DELETE", "/photos?policy", &[], b""));
    let root = Client::user(&s3, "root");
    message(root.get("/photos/cat.jpg"));
    assert_eq!(root.get("/photos?policy").status, 200);
    assert_eq!(root.send("DELETE", "/photos?policy", &[], b"").status, 204);
    assert_eq!(root.get("/photos/cat.jpg").status, 200);
}

#[test]
fn another_account_needs_both_sides() {
    let limited =
        r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#;
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("free").account("000000000002"))
        .user(User::new("limited").account("000000000002").policy(limited))
        .bucket("photos")
        .start()
        .unwrap();
    s3.put_object("photos", "cat.jpg", "meow").unwrap();
    let [free, limited] = ["free", "limited"].map(|name| Client::user(&s3, name));
    free.get("/photos/cat.jpg").expect(403, "AccessDenied");
    limited.get("/photos/cat.jpg").expect(403, "AccessDenied");
    let document = document(
        r#""Principal": {"AWS": "000000000002"}, "Action": ["s3:GetObject", "s3:PutObject",
           "s3:ListBucket", "s3:PutBucketPolicy", "s3:GetBucketPolicy"], "Effect": "Allow""#,
    );
    assert_eq!(put(&Client::owner(&s3), &document).status, 204);
    assert_eq!(free.get("/photos/cat.jpg").status, 200, "{}", s3.journal());
    assert_eq!(limited.get("/photos/cat.jpg").status, 200);
    assert_eq!(free.put("/photos/new", b"x").status, 200);
    let answer = limited.put("/photos/new", b"x").expect(403, "AccessDenied");
    assert_eq!(answer.element("Message").unwrap(), "Access Denied");
    // What another account may do with the policy is always nothing.
    let answer = free.get("/photos?policy").expect(405, "MethodNotAllowed");
    assert_eq!(answer.element("ResourceType").unwrap(), "BUCKETPOLICY");
    put(&free, &document).expect(405, "MethodNotAllowed");
    free.send("DELETE", "/photos?policy", &[], b"").expect(403, "AccessDenied");
}

#[test]
fn a_bucket_lets_users_in_by_name_and_accounts_through_their_users() {
    let s3 = emulator();
    let reader = Client::user(&s3, "reader");
    let account = r#""Principal": {"AWS": "000000000001"}, "Action": "s3:PutObject""#;
    give(&s3, &format!("{account}, \"Effect\": \"Allow\""));
    reader.put("/photos/new", b"x").expect(403, "AccessDenied");
    give(
        &s3,
        r#""Principal": {"AWS": "arn:aws:iam::000000000001:user/reader"},
           "Action": "s3:PutObject", "Effect": "Allow""#,
    );
    assert_eq!(reader.put("/photos/new", b"x").status, 200, "{}", s3.journal());
}

#[test]
fn whoever_may_list_a_prefix_learns_what_is_missing_there() {
    let s3 = emulator();
    give(
        &s3,
        r#""Principal": "*", "Action": ["s3:ListBucket"], "Effect": "Allow",
           "Condition": {"StringLike": {"s3:prefix": "public/*"}}"#,
    );
    for client in [Client::anonymous(&s3), Client::user(&s3, "stranger")] {
        client.get("/photos/public/x").expect(404, "NoSuchKey");
        client.get("/photos/private/x").expect(403, "AccessDenied");
        assert_eq!(client.send("HEAD", "/photos/public/x", &[], b"").status, 404);
        assert_eq!(client.send("HEAD", "/photos/private/x", &[], b"").status, 403);
        client.get("/photos/cat.jpg").expect(403, "AccessDenied");
        assert_eq!(client.get("/photos?prefix=public/").status, 200);
        client.get("/photos?prefix=private/").expect(403, "AccessDenied");
        client.get("/photos").expect(403, "AccessDenied");
    }
    give(&s3, r#""Principal": "*", "Action": "s3:GetObject", "Effect": "Allow""#);
    Client::anonymous(&s3).get("/photos/absent").expect(403, "AccessDenied");
}

#[test]
fn a_write_asks_for_what_it_brings() {
    let allow = |actions: &str| {
        format!(r#"{{"Statement": {{"Effect": "Allow", "Action": [{actions}], "Resource": "*"}}}}"#)
    };
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("writer").policy(allow(r#""s3:PutObject", "s3:CreateBucket""#)))
        .user(User::new("tagger").policy(allow(r#""s3:PutObject", "s3:PutObjectTagging""#)))
        .user(User::new("acls").policy(allow(r#""s3:PutObject", "s3:PutObjectAcl""#)))
        .bucket(Bucket::new("photos").before_2023(true))
        .start()
        .unwrap();
    let acl = [("x-amz-acl", "public-read")];
    let grant = [("x-amz-grant-read", "uri=http://acs.amazonaws.com/groups/global/AllUsers")];
    let tags = [("x-amz-tagging", "a=b")];
    for (name, headers, status) in [
        ("writer", &[][..], 200),
        ("writer", &acl, 403),
        ("writer", &grant, 403),
        ("writer", &tags, 403),
        ("tagger", &tags, 200),
        ("tagger", &acl, 403),
        ("acls", &acl, 200),
        ("acls", &grant, 200),
        ("acls", &tags, 403),
    ] {
        let answer = Client::user(&s3, name).send("PUT", "/photos/a", headers, b"x");
        assert_eq!(answer.status, status, "{name} {headers:?} {}", answer.text());
    }
    let writer = Client::user(&s3, "writer");
    assert_eq!(writer.put("/another", b"").status, 200);
    let owned = [("x-amz-object-ownership", "ObjectWriter")];
    writer.send("PUT", "/further", &owned, b"").expect(403, "AccessDenied");
}

#[test]
fn policies_of_a_configuration_are_checked() {
    let complaint =
        |builder: stuntbucket::StuntbucketBuilder| builder.start().unwrap_err().to_string();
    let user = Stuntbucket::builder().user(User::new("a").policy("{}"));
    assert!(complaint(user).contains("user `a`: policy: a `Statement` is missing"));
    let bucket = Stuntbucket::builder().bucket(Bucket::new("photos").policy(
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:*",
            "Resource": "arn:aws:s3:::other/*"}}"#,
    ));
    assert!(complaint(bucket).contains("bucket `photos`: policy: `arn:aws:s3:::other/*`"));
    let s3 = Stuntbucket::builder()
        .bucket(
            Bucket::new("photos")
                .public_access_block(false)
                .policy(document(r#""Effect": "Allow", "Principal": "*", "Action": "s3:*""#)),
        )
        .start()
        .unwrap();
    assert_eq!(Client::anonymous(&s3).put("/photos/a", b"x").status, 200);
}

#[test]
fn a_relaxed_block_lets_pass_and_says_so() {
    let s3 = Stuntbucket::builder()
        .relax(stuntbucket::Relaxation::PublicAccessBlock)
        .bucket("photos")
        .start()
        .unwrap();
    s3.put_object("photos", "cat.jpg", "meow").unwrap();
    let waived = || s3.journal().entries().pop().unwrap().waived.join(", ");
    let public = document(r#""Effect": "Allow", "Principal": "*", "Action": "s3:GetObject""#);
    assert_eq!(put(&Client::owner(&s3), &public).status, 204);
    assert!(waived().contains("BlockPublicPolicy"), "{}", waived());
    assert_eq!(Client::anonymous(&s3).get("/photos/cat.jpg").status, 200);
    assert!(waived().contains("RestrictPublicBuckets"), "{}", waived());
    assert_eq!(Client::owner(&s3).get("/photos/cat.jpg").status, 200);
    assert_eq!(waived(), "");
}

#[test]
fn relaxed_access_lets_pass_and_says_so() {
    let s3 = Stuntbucket::builder()
        .relax(stuntbucket::Relaxation::Access)
        .bucket(
            Bucket::new("photos")
                .policy(document(r#""Effect": "Deny", "Principal": "*", "Action": "s3:*""#)),
        )
        .start()
        .unwrap();
    assert_eq!(Client::owner(&s3).put("/photos/a", b"x").status, 200);
    let waived = s3.journal().entries().pop().unwrap().waived;
    assert!(waived[0].contains("statement `One`"), "{waived:?}");
    Client::owner(&s3).get("/photos/absent").expect(404, "NoSuchKey");
}
