//! What another account may do.

use crate::flow::Account::Stranger;
use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Identity;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;
use crate::flow::Text::StartsWith;

use super::DENIED;
use super::GET_CAT;
use super::PUT_CAT;

const DOCUMENTED: &str =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html";

const SIGNED: Identity = Identity::Signed(Stranger);
const ASK: Step = Step { identity: SIGNED, ..GET_CAT };

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "accounts/private-object",
        source: DOCUMENTED,
        needs: &[Feature::SecondAccount],
        steps: &[
            PUT_CAT,
            Step { expect: DENIED, ..ASK },
            Step { call: "HEAD /{bucket}/cat.jpg", expect: NO_WORD, ..ASK },
            Step { identity: SIGNED, expect: DENIED, ..PUT_CAT },
            Step { call: "DELETE /{bucket}/cat.jpg", expect: DENIED, ..ASK },
            GET_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "accounts/private-object-by-url",
        source: DOCUMENTED,
        needs: &[Feature::SecondAccount],
        steps: &[
            PUT_CAT,
            // A URL gives the rights of whoever signed it.
            Step {
                identity: Identity::Presigned { account: Stranger, lifetime_seconds: 60 },
                expect: DENIED,
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "accounts/private-bucket",
        source: DOCUMENTED,
        needs: &[Feature::SecondAccount],
        steps: &[
            Step { call: "GET /{bucket}?list-type=2", expect: DENIED, ..ASK },
            Step { call: "HEAD /{bucket}", expect: NO_WORD, ..ASK },
            Step { call: "GET /{bucket}?acl", expect: DENIED, ..ASK },
            Step { call: "GET /{bucket}?publicAccessBlock", expect: DENIED, ..ASK },
            Step { call: "DELETE /{bucket}", expect: DENIED, ..ASK },
            Step { call: "GET /{bucket}/missing", expect: DENIED, ..ASK },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "accounts/expected-bucket-owner",
        source: "https://github.com/versity/versitygw/issues/1428",
        steps: &[
            PUT_CAT,
            Step { headers: &[(EXPECTED_OWNER, "999999999999")], expect: DENIED, ..GET_CAT },
            Step { headers: &[(EXPECTED_OWNER, "999999999999")], expect: DENIED, ..PUT_CAT },
            Step {
                call: "HEAD /{bucket}",
                headers: &[(EXPECTED_OWNER, "999999999999")],
                expect: NO_WORD,
                ..Step::PLAIN
            },
            Step {
                headers: &[(EXPECTED_OWNER, "somebody")],
                expect: &[
                    Status(400),
                    Xml("Code", Is("InvalidBucketOwnerAWSAccountID")),
                    Xml(
                        "Message",
                        StartsWith(
                            "The value of the expected bucket owner parameter must be an AWS Account ID",
                        ),
                    ),
                ],
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "accounts/public-read-object",
        source: "https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py",
        needs: &[Feature::PublicBuckets, Feature::SecondAccount],
        bucket: Bucket::WithAcls,
        steps: &[
            Step { headers: &[("x-amz-acl", "public-read")], ..PUT_CAT },
            ASK,
            Step { identity: SIGNED, expect: DENIED, ..PUT_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "accounts/authenticated-read-object",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html",
        needs: &[Feature::PublicBuckets, Feature::SecondAccount],
        bucket: Bucket::WithAcls,
        steps: &[
            Step { headers: &[("x-amz-acl", "authenticated-read")], ..PUT_CAT },
            ASK,
            Step { identity: Identity::Anonymous, expect: DENIED, ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "accounts/object-belongs-to-its-writer",
        source: OWNERSHIP,
        needs: &[Feature::PublicBuckets, Feature::SecondAccount],
        bucket: Bucket::WithAcls,
        steps: &[
            LEND,
            Step { identity: SIGNED, ..PUT_CAT },
            ASK,
            // The owner of the bucket may neither read it nor see its ACL, but may remove it.
            Step { expect: DENIED, ..GET_CAT },
            Step { call: "GET /{bucket}/cat.jpg?acl", expect: DENIED, ..GET_CAT },
            Step {
                call: "GET /{bucket}/cat.jpg?acl",
                expect: &[Status(200), Xml("Owner/ID", Is("{stranger_id}"))],
                ..ASK
            },
            Step { call: "DELETE /{bucket}/cat.jpg", expect: &[Status(204)], ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "accounts/object-handed-over",
        source: OWNERSHIP,
        needs: &[Feature::PublicBuckets, Feature::SecondAccount],
        bucket: Bucket::WithAcls,
        steps: &[
            Step {
                call: "PUT /{bucket}?ownershipControls",
                headers: &[("content-md5", "{body_md5}")],
                body: Body::Text(
                    "<OwnershipControls xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule>\
                     <ObjectOwnership>BucketOwnerPreferred</ObjectOwnership></Rule>\
                     </OwnershipControls>",
                ),
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            LEND,
            Step {
                identity: SIGNED,
                headers: &[("x-amz-acl", "bucket-owner-full-control")],
                ..PUT_CAT
            },
            GET_CAT,
            Step {
                call: "GET /{bucket}/cat.jpg?acl",
                expect: &[Status(200), Xml("Owner/ID", Is("{owner_id}"))],
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
];

const OWNERSHIP: &str =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html";

/// Lets the stranger write into the bucket. What the headers grant replaces the whole ACL.
const LEND: Step = Step {
    call: "PUT /{bucket}?acl",
    headers: &[
        ("content-md5", "{body_md5}"),
        ("x-amz-grant-write", "id=\"{stranger_id}\""),
        ("x-amz-grant-full-control", "id=\"{owner_id}\""),
    ],
    expect: &[Status(200)],
    ..Step::PLAIN
};

const EXPECTED_OWNER: &str = "x-amz-expected-bucket-owner";
const NO_WORD: &[Expect] = &[Status(403), BodyText(Absent)];
