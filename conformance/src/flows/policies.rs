//! Policies of buckets: the document, and whom it lets in.

use crate::flow::Account;
use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Identity;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Contains;
use crate::flow::Text::Is;

use super::DENIED;
use super::GET_CAT;
use super::PUT_CAT;

/// A policy of one statement about every object of the bucket, with these members.
macro_rules! policy {
    ($members:literal) => {
        Body::Text(concat!(
            r#"{"Version": "2012-10-17", "Statement": [{"Sid": "One", "#,
            r#""Resource": "arn:aws:s3:::{bucket}/*", "#,
            $members,
            "}]}"
        ))
    };
}

pub(super) const PUT: Step = Step {
    call: "PUT /{bucket}?policy",
    headers: &[("content-md5", "{body_md5}")],
    body: policy!(r#""Effect": "Allow", "Principal": "*", "Action": "s3:GetObject""#),
    expect: &[Status(204), BodyText(Absent)],
    ..Step::PLAIN
};
const GET: Step = Step { call: "GET /{bucket}?policy", ..Step::PLAIN };
pub(super) const DELETE: Step = Step {
    call: "DELETE /{bucket}?policy",
    expect: &[Status(204), BodyText(Absent)],
    ..Step::PLAIN
};
const UNBLOCK: Step =
    Step { call: "DELETE /{bucket}?publicAccessBlock", expect: &[Status(204)], ..Step::PLAIN };
const NOBODY_GETS_CAT: Step = Step { identity: Identity::Anonymous, ..GET_CAT };
const STRANGER_GETS_CAT: Step = Step { identity: Identity::Signed(Account::Stranger), ..GET_CAT };

const NONE: &[Expect] = &[
    Refused(404, "NoSuchBucketPolicy", "The bucket policy does not exist"),
    Xml("BucketName", Is("{bucket}")),
];
/// Within an account the message names who is refused what, and why.
pub(super) const REFUSED: &[Expect] = &[Status(403), Xml("Code", Is("AccessDenied"))];
const NO_SUCH_CONDITION: &[Expect] = &[Refused(
    400,
    "MalformedPolicy",
    "Conditions do not apply to combination of actions and resources in statement",
)];
const ARGMIN: &str =
    "pinned by argmin's tests against AWS: https://github.com/justincormack/argmin";
const GUIDE: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/\
                     example-bucket-policies.html";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "policy/put-get-delete",
        source: "recorded by LocalStack: test_bucket_policy_crud",
        steps: &[
            Step { expect: NONE, ..GET },
            Step { call: "GET /{bucket}?policyStatus", expect: NONE, ..GET },
            Step {
                body: policy!(
                    r#""Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObjectTagging""#
                ),
                ..PUT
            },
            Step {
                expect: &[
                    Status(200),
                    Header("content-type", Is("application/json")),
                    BodyText(Contains(r#""Action":"s3:DeleteObjectTagging""#)),
                ],
                ..GET
            },
            DELETE,
            DELETE,
            Step { expect: NONE, ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/documents-that-are-none",
        source: "recorded by LocalStack: test_bucket_policy_crud",
        steps: &[
            Step {
                body: Body::Text("invalid json"),
                expect: &[Refused(
                    400,
                    "MalformedPolicy",
                    "Policies must be valid JSON and the first byte must be '{'",
                )],
                ..PUT
            },
            Step {
                body: Body::Text("{}"),
                expect: &[Refused(400, "MalformedPolicy", "Missing required field Statement")],
                ..PUT
            },
            Step { expect: NONE, ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/conditions-that-an-action-has-not",
        source: ARGMIN,
        steps: &[
            Step {
                body: policy!(
                    r#""Effect": "Deny", "Principal": "*",
                       "Action": ["s3:DeleteObject", "s3:DeleteObjectTagging"],
                       "Condition": {"StringEquals": {"s3:ExistingObjectTag/a": "b"}}"#
                ),
                expect: NO_SUCH_CONDITION,
                ..PUT
            },
            Step {
                body: policy!(
                    r#""Effect": "Deny", "Principal": "*", "Action": ["s3:GetObject", "s3:PutObject"],
                       "Condition": {"StringLike": {"s3:x-amz-copy-source": "b/*"}}"#
                ),
                expect: NO_SUCH_CONDITION,
                ..PUT
            },
            Step {
                body: policy!(r#""Effect": "Deny", "Principal": "*", "Action": "s3:CreateBucket""#),
                expect: &[Refused(400, "MalformedPolicy", "Policy has invalid action")],
                ..PUT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/public-read",
        source: GUIDE,
        needs: &[Feature::PublicBuckets],
        steps: &[
            UNBLOCK,
            PUT_CAT,
            Step { expect: DENIED, ..NOBODY_GETS_CAT },
            PUT,
            Step {
                call: "GET /{bucket}?policyStatus",
                expect: &[Status(200), Xml("IsPublic", Is("true"))],
                ..GET
            },
            NOBODY_GETS_CAT,
            Step {
                call: "PUT /{bucket}/cat.jpg",
                identity: Identity::Anonymous,
                expect: DENIED,
                ..PUT_CAT
            },
            Step { call: "GET /{bucket}", expect: DENIED, ..NOBODY_GETS_CAT },
            DELETE,
            Step { expect: DENIED, ..NOBODY_GETS_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/condition-on-referer",
        source: GUIDE,
        needs: &[Feature::PublicBuckets],
        steps: &[
            UNBLOCK,
            PUT_CAT,
            Step {
                body: policy!(
                    r#""Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                       "Condition": {"StringLike": {"aws:Referer": "http://app.test/*"}}"#
                ),
                ..PUT
            },
            Step { headers: &[("referer", "http://app.test/page")], ..NOBODY_GETS_CAT },
            Step {
                headers: &[("referer", "http://other.test/page")],
                expect: DENIED,
                ..NOBODY_GETS_CAT
            },
            Step { expect: DENIED, ..NOBODY_GETS_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/no-presigned-urls",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/\
                 bucket-policy-s3-sigv4-conditions.html",
        steps: &[
            PUT_CAT,
            Step {
                body: policy!(
                    r#""Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
                       "Condition": {"StringEquals": {"s3:authType": "REST-QUERY-STRING"}}"#
                ),
                ..PUT
            },
            GET_CAT,
            Step {
                identity: Identity::Presigned { account: Account::Owner, lifetime_seconds: 60 },
                expect: REFUSED,
                ..GET_CAT
            },
            DELETE,
            Step {
                identity: Identity::Presigned { account: Account::Owner, lifetime_seconds: 60 },
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/another-account",
        source: GUIDE,
        needs: &[Feature::SecondAccount],
        steps: &[
            PUT_CAT,
            Step { expect: DENIED, ..STRANGER_GETS_CAT },
            Step {
                body: policy!(
                    r#""Effect": "Allow", "Principal": {"CanonicalUser": "{stranger_id}"},
                       "Action": "s3:GetObject""#
                ),
                ..PUT
            },
            STRANGER_GETS_CAT,
            Step { identity: Identity::Signed(Account::Stranger), expect: DENIED, ..PUT_CAT },
            Step { expect: DENIED, ..NOBODY_GETS_CAT },
        ],
        ..Flow::PLAIN
    },
];
