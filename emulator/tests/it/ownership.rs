//! Object ownership: with which a bucket is created, and who owns what is in it.

use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Client;

/// `private` alone switches ACLs on (observed on S3: versity/versitygw#1869 and #1871).
#[test]
fn a_bucket_is_created_with_the_ownership_that_its_acl_needs() {
    const REFUSED: &str = "InvalidBucketAclWithObjectOwnership";
    let s3 = Stuntbucket::builder().user(User::new("owner")).start().unwrap();
    let owner = Client::owner(&s3);
    let mine = format!("id={}", s3.user("owner").canonical_id());
    let enforced = ("x-amz-object-ownership", "BucketOwnerEnforced");
    let writer = ("x-amz-object-ownership", "ObjectWriter");
    for (index, (headers, expected)) in [
        (&[][..], "BucketOwnerEnforced"),
        (&[("x-amz-acl", "private")], "BucketOwnerPreferred"),
        (&[("x-amz-acl", "private"), enforced], "BucketOwnerEnforced"),
        (&[("x-amz-acl", "private"), writer], "ObjectWriter"),
        (&[("x-amz-acl", "bucket-owner-full-control")], "BucketOwnerEnforced"),
        (&[("x-amz-acl", "bucket-owner-read")], REFUSED),
        (&[("x-amz-acl", "log-delivery-write")], REFUSED),
        (&[("x-amz-acl", "public-read")], REFUSED),
        (&[("x-amz-acl", "public-read"), enforced], REFUSED),
        (&[("x-amz-grant-full-control", &*mine)], REFUSED),
        (&[("x-amz-acl", "log-delivery-write"), writer], "ObjectWriter"),
        (&[("x-amz-acl", "public-read"), writer], "InvalidBucketAclWithBlockPublicAccessError"),
    ]
    .into_iter()
    .enumerate()
    {
        let target = format!("/bucket-{index}");
        let created = owner.send("PUT", &target, headers, b"");
        let code = created.element("Code");
        let controls = owner.get(&format!("{target}?ownershipControls"));
        let found = code.or_else(|| controls.element("ObjectOwnership"));
        assert_eq!(found.as_deref(), Some(expected), "{headers:?}");
    }
    let acl = owner.get("/bucket-1?acl").text();
    assert_eq!(acl.matches("<Grant>").count(), 1, "{acl}");
    let put = owner.send("PUT", "/bucket-1?acl", &[("x-amz-acl", "log-delivery-write")], b"");
    assert_eq!(put.status, 200, "{}", put.text());
}

/// What would leave a foreign writer in control is refused (aws-cloudformation/rain#388).
#[test]
fn where_acls_are_disabled_a_foreign_writer_says_nothing_but_full_control_for_the_owner() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("alt").account("000000000002"))
        .bucket(Bucket::new("photos").policy(
            r#"{"Statement": {"Effect": "Allow", "Principal": {"AWS": "000000000002"},
                "Action": ["s3:PutObject", "s3:PutObjectAcl"],
                "Resource": "arn:aws:s3:::photos/*"}}"#,
        ))
        .start()
        .unwrap();
    let alt = Client::user(&s3, "alt");
    let owners = format!("id={}", s3.user("owner").canonical_id());
    let own = format!("id={}", s3.user("alt").canonical_id());
    for (headers, status) in [
        (&[][..], 200),
        (&[("x-amz-acl", "bucket-owner-full-control")], 200),
        (&[("x-amz-grant-full-control", &*owners)], 200),
        (&[("x-amz-acl", "private")], 400),
        (&[("x-amz-acl", "bucket-owner-read")], 400),
        (&[("x-amz-grant-full-control", &*own)], 400),
    ] {
        let answer = alt.send("PUT", "/photos/a", headers, b"x");
        assert_eq!(answer.status, status, "{headers:?}: {}", answer.text());
        if status == 400 {
            answer.expect(400, "AccessControlListNotSupported");
        }
    }
}
