//! ACLs that a request brings, and what is none.

use stuntbucket::CannedAcl;
use stuntbucket::CanonicalId;
use stuntbucket::PublicAccessBlock;
use stuntbucket::Stuntbucket;

use crate::access::block_document;
use crate::access::md5;
use crate::access::two_accounts;
use crate::client::Answer;
use crate::client::Client;

const POLICY: &str = "<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                      <Owner><ID>OWNER</ID></Owner><AccessControlList><Grant><Grantee \
                      xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                      xsi:type=\"CanonicalUser\"><ID>OWNER</ID></Grantee><Permission>FULL_CONTROL\
                      </Permission></Grant><Grant><Grantee \
                      xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Group\">\
                      <URI>http://acs.amazonaws.com/groups/s3/LogDelivery</URI></Grantee>\
                      <Permission>READ</Permission></Grant></AccessControlList>\
                      </AccessControlPolicy>";

/// The element names and texts of an error after its message.
#[track_caller]
fn check_refused(
    answer: &Answer,
    what: &str,
    (status, code, message): (u16, &str, &str),
    elements: &[(&str, &str)],
) {
    let text = answer.text();
    assert_eq!(answer.status, status, "{what}: {text}");
    let elements: Vec<_> =
        elements.iter().map(|(name, value)| format!("<{name}>{value}</{name}>")).collect();
    let elements = elements.concat();
    let expected = format!("<Code>{code}</Code><Message>{message}</Message>{elements}<RequestId>");
    assert!(text.replace("&quot;", "\"").contains(&expected), "{what}: {text}\nnot {expected}");
}

type Refused = (u16, &'static str, &'static str);
const ARGUMENT: Refused = (400, "InvalidArgument", "");
const FORMAT: Refused = (400, "InvalidArgument", "Argument format not recognized");
const GROUP: Refused = (400, "InvalidArgument", "Invalid group uri");
const ID: Refused = (400, "InvalidArgument", "Invalid id");
const EMAIL: Refused =
    (405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
const MALFORMED: Refused = (
    400,
    "MalformedACLError",
    "The XML you provided was not well-formed or did not validate against our published schema",
);

/// Recorded by LocalStack: `test_s3_bucket_acl_exceptions`, `test_s3_object_acl_exceptions`.
#[test]
fn what_is_no_acl_is_refused_alike_for_buckets_and_objects() {
    let s3 = two_accounts(CannedAcl::Private, CannedAcl::Private);
    let owner = Client::owner(&s3);
    let id = s3.user("owner").canonical_id();
    let absent = "a".repeat(64);
    for target in ["/photos?acl", "/photos/key1?acl"] {
        let absent_grant = format!("id=\"{absent}\"");
        for (headers, refused, elements) in [
            (
                &[("x-amz-acl", "fake-acl")][..],
                ARGUMENT,
                &[("ArgumentName", "x-amz-acl"), ("ArgumentValue", "fake-acl")][..],
            ),
            (
                &[("x-amz-grant-write", "uri=\"http://acs.amazonaws.com/groups/s3/FakeGroup\"")],
                GROUP,
                &[
                    ("ArgumentName", "uri"),
                    ("ArgumentValue", "http://acs.amazonaws.com/groups/s3/FakeGroup"),
                ],
            ),
            (
                &[("x-amz-grant-write", "fakekey=\"1234\"")],
                FORMAT,
                &[("ArgumentName", "x-amz-grant-write"), ("ArgumentValue", "fakekey=\"1234\"")],
            ),
            (
                &[("x-amz-grant-read-acp", "no")],
                FORMAT,
                &[("ArgumentName", "x-amz-grant-read-acp"), ("ArgumentValue", "no")],
            ),
            (
                &[("x-amz-grant-write", "id=\"wrong-id\"")],
                ID,
                &[("ArgumentName", "id"), ("ArgumentValue", "wrong-id")],
            ),
            (
                &[("x-amz-grant-read", &absent_grant)],
                ID,
                &[("ArgumentName", "id"), ("ArgumentValue", &absent)],
            ),
            (&[("x-amz-grant-read", "emailAddress=\"a@example.com\"")], EMAIL, &[]),
            (
                &[],
                (400, "MissingSecurityHeader", "Your request was missing a required header"),
                &[("MissingHeaderName", "x-amz-acl")],
            ),
            (
                &[("x-amz-acl", "private"), ("x-amz-grant-read", "id=\"x\"")],
                ID,
                &[("ArgumentName", "id"), ("ArgumentValue", "x")],
            ),
            (
                &[
                    ("x-amz-acl", "private"),
                    ("x-amz-grant-read", "uri=http://acs.amazonaws.com/groups/s3/LogDelivery"),
                ],
                (
                    400,
                    "InvalidRequest",
                    "Specifying both Canned ACLs and Header Grants is not allowed",
                ),
                &[],
            ),
        ] {
            let answer = owner.send("PUT", target, headers, b"");
            check_refused(&answer, &format!("{target} {headers:?}"), refused, elements);
        }
        let document = POLICY.replace("OWNER", id.as_str());
        let put = |document: &str, headers: &[(&str, &str)]| {
            let md5 = md5(document.as_bytes());
            let headers = [&[("content-md5", &*md5)], headers].concat();
            owner.send("PUT", target, &headers, document.as_bytes())
        };
        assert_eq!(put(&document, &[]).status, 200);
        let both = put(&document, &[("x-amz-acl", "private")]);
        let refused = (400, "UnexpectedContent", "This request does not support content");
        check_refused(&both, target, refused, &[]);
        let user =
            |value: &'static str| [("ArgumentName", "CanonicalUser/ID"), ("ArgumentValue", value)];
        let owner_element = format!("<Owner><ID>{id}</ID></Owner>");
        let grantee = format!("<ID>{id}</ID></Grantee>");
        for (from, to, refused, elements) in [
            (&*owner_element, "", MALFORMED, &[][..]),
            ("FULL_CONTROL", "FULL", MALFORMED, &[]),
            ("FULL_CONTROL", "full_control", MALFORMED, &[]),
            ("\"CanonicalUser\"", "\"Unknown\"", MALFORMED, &[]),
            ("</AccessControlPolicy>", "", MALFORMED, &[]),
            (&owner_element, "<Owner><ID>wrong</ID></Owner>", ID, &user("wrong")),
            (&grantee, "<ID>wrong-id</ID></Grantee>", ID, &user("wrong-id")),
            (
                "/s3/LogDelivery",
                "/s3/FakeGroup",
                GROUP,
                &[
                    ("ArgumentName", "Group/URI"),
                    ("ArgumentValue", "http://acs.amazonaws.com/groups/s3/FakeGroup"),
                ],
            ),
        ] {
            let answer = put(&document.replacen(from, to, 1), &[]);
            check_refused(&answer, &format!("{target} {from} -> {to}"), refused, elements);
        }
        check_refused(&put("<AccessControlPolicy/>", &[]), target, MALFORMED, &[]);
    }
}

/// Order recorded by LocalStack: `test_s3_bucket_acl`.
#[test]
fn an_acl_is_shown_as_it_was_given() {
    let s3 = two_accounts(CannedAcl::PublicReadWrite, CannedAcl::PublicReadWrite);
    let owner = Client::owner(&s3);
    let id = s3.user("owner").canonical_id();
    let group = |name: &str, permission: &str| {
        format!(
            "<Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xsi:type=\"Group\"><URI>http://acs.amazonaws.com/groups/{name}</URI></Grantee>\
             <Permission>{permission}</Permission></Grant>"
        )
    };
    let public = [group("global/AllUsers", "READ"), group("global/AllUsers", "WRITE")].concat();
    for target in ["/photos?acl", "/photos/key1?acl"] {
        let text = owner.get(target).text();
        let expected = format!("<Permission>FULL_CONTROL</Permission></Grant>{public}</Acc");
        assert!(text.contains(&expected), "{text}");
        assert!(text.contains(&format!("<Owner><ID>{id}</ID></Owner>")), "{text}");
        let one = [("x-amz-grant-read", "uri=http://acs.amazonaws.com/groups/s3/LogDelivery")];
        assert_eq!(owner.send("PUT", target, &one, b"").status, 200);
        let text = owner.get(target).text();
        let expected =
            format!("<AccessControlList>{}</AccessControlList>", group("s3/LogDelivery", "READ"));
        assert!(text.contains(&expected), "{text}");
        // Nothing is left of what was granted, and the owner may still grant again.
        let none = format!(
            "<AccessControlPolicy><Owner><ID>{id}</ID></Owner><AccessControlList/>\
             </AccessControlPolicy>"
        );
        let md5 = md5(none.as_bytes());
        let answer = owner.send("PUT", target, &[("content-md5", &md5)], none.as_bytes());
        assert_eq!((answer.status, answer.body.len()), (200, 0));
        assert!(owner.get(target).text().contains("<AccessControlList></AccessControlList>"));
        assert_eq!(owner.send("PUT", target, &[("x-amz-acl", "private")], b"").status, 200);
    }
}

#[test]
fn an_acl_has_at_most_a_hundred_grants() {
    let s3 = two_accounts(CannedAcl::Private, CannedAcl::Private);
    let owner = Client::owner(&s3);
    let id = s3.user("owner").canonical_id();
    for (count, status) in [(100, 200), (101, 400)] {
        let grant = format!(
            "<Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xsi:type=\"CanonicalUser\"><ID>{id}</ID></Grantee><Permission>READ</Permission></Grant>"
        );
        let document = format!(
            "<AccessControlPolicy><Owner><ID>{id}</ID></Owner><AccessControlList>{}\
             </AccessControlList></AccessControlPolicy>",
            grant.repeat(count)
        );
        let md5 = md5(document.as_bytes());
        let headers = [("content-md5", &*md5)];
        let answer = owner.send("PUT", "/photos/key1?acl", &headers, document.as_bytes());
        assert_eq!(answer.status, status, "{count} {}", answer.text());
        let given = vec![format!("id={id}"); count].join(",");
        for target in ["/photos?acl", "/photos/key1?acl", "/photos/new"] {
            let answer = owner.send("PUT", target, &[("x-amz-grant-read", &given)], b"");
            assert_eq!(answer.status, status, "{target} {count} {}", answer.text());
        }
    }
}

/// Neither a digest nor a checksum is asked for (s3tools/s3cmd#1304 shows S3's answer to one that
/// comes without).
#[test]
fn a_document_may_come_without_a_digest() {
    let s3 = two_accounts(CannedAcl::Private, CannedAcl::Private);
    let owner = Client::owner(&s3);
    let document = POLICY.replace("OWNER", s3.user("owner").canonical_id().as_str());
    for target in ["/photos?acl", "/photos/key1?acl"] {
        assert_eq!(owner.put(target, document.as_bytes()).status, 200);
        let other = [crate::client::DIGEST];
        owner.send("PUT", target, &other, document.as_bytes()).expect(400, "BadDigest");
    }
}

/// s3-tests: `_test_object_ownership_bucket_owner_enforced`; documented in the user guide.
#[test]
fn where_acls_are_disabled_only_what_changes_nothing_is_taken() {
    let s3 = Stuntbucket::builder().bucket("photos").start().unwrap();
    let owner = Client::owner(&s3);
    let anonymous = CanonicalId::anonymous();
    let mine = format!("id={}", s3.user("owner").canonical_id());
    let other = format!("id={anonymous}");
    owner.put("/photos/a", b"x");
    for target in ["/photos?acl", "/photos/a?acl", "/photos/new"] {
        for (headers, code) in [
            (("x-amz-acl", "bucket-owner-full-control"), ""),
            (("x-amz-grant-full-control", &*mine), ""),
            (("x-amz-acl", "private"), "AccessControlListNotSupported"),
            (("x-amz-acl", "bucket-owner-read"), "AccessControlListNotSupported"),
            (("x-amz-acl", "public-read"), "AccessControlListNotSupported"),
            (("x-amz-acl", "authenticated-read"), "AccessControlListNotSupported"),
            (("x-amz-grant-read", &*mine), "AccessControlListNotSupported"),
            (("x-amz-grant-read", &*other), "AccessControlListNotSupported"),
            (("x-amz-acl", "fake"), "InvalidArgument"),
            (("x-amz-grant-read", "id=wrong"), "InvalidArgument"),
        ] {
            let answer = owner.send("PUT", target, &[headers], b"");
            let found = answer.element("Code").unwrap_or_default();
            assert_eq!(found, code, "{target} {headers:?}");
            assert_eq!(answer.status, if code.is_empty() { 200 } else { 400 });
        }
    }
    for target in ["/photos?acl", "/photos/a?acl"] {
        let text = owner.get(target).text();
        assert_eq!(text.matches("<Grant>").count(), 1, "{text}");
        assert!(text.contains("FULL_CONTROL"), "{text}");
    }
}

/// s3-tests: `test_block_public_put_bucket_acls`, `test_block_public_object_canned_acls`,
/// `test_ignore_public_acls`.
#[test]
fn block_public_access_refuses_and_hides_public_grants() {
    let s3 = two_accounts(CannedAcl::PublicRead, CannedAcl::PublicRead);
    let owner = Client::owner(&s3);
    let nobody = Client::anonymous(&s3);
    let block = |block: PublicAccessBlock| {
        let document = block_document(block);
        let md5 = md5(document.as_bytes());
        let headers = [("content-md5", &*md5)];
        let target = "/photos?publicAccessBlock";
        assert_eq!(owner.send("PUT", target, &headers, document.as_bytes()).status, 200);
    };
    assert_eq!(nobody.get("/photos/key1").status, 200);
    block(PublicAccessBlock { block_public_acls: true, ..PublicAccessBlock::NONE });
    for target in ["/photos?acl", "/photos/key1?acl", "/photos/new"] {
        for (name, value, status) in [
            ("x-amz-acl", "public-read", 403),
            ("x-amz-acl", "public-read-write", 403),
            ("x-amz-acl", "authenticated-read", 403),
            (
                "x-amz-grant-read",
                "uri=http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
                403,
            ),
        ] {
            let answer = owner.send("PUT", target, &[(name, value)], b"");
            assert_eq!(answer.status, status, "{target} {value}");
            assert_eq!(answer.element("Message").unwrap(), "Access Denied");
        }
    }
    // What is there already still counts.
    assert_eq!(nobody.get("/photos/key1").status, 200);
    assert_eq!(owner.send("PUT", "/photos/new", &[("x-amz-acl", "private")], b"").status, 200);
    block(PublicAccessBlock { ignore_public_acls: true, ..PublicAccessBlock::NONE });
    for client in [&nobody, &Client::user(&s3, "alt")] {
        client.get("/photos/key1").expect(403, "AccessDenied");
        client.get("/photos").expect(403, "AccessDenied");
    }
    let explanation = s3.journal().entries().pop().unwrap().explanation.unwrap();
    assert!(explanation.contains("IgnorePublicAcls"), "{explanation}");
    for target in ["/photos?acl", "/photos/key1?acl"] {
        assert!(!owner.get(target).text().contains("AllUsers"));
    }
    block(PublicAccessBlock::NONE);
    assert_eq!(nobody.get("/photos/key1").status, 200);
}
