//! Buckets: made, looked at, listed, removed.

use crate::flow::Account;
use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Identity::Signed;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Contains;
use crate::flow::Text::Is;
use crate::flow::Text::Present;

use super::MEOW;
use super::NO_SUCH_BUCKET;

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "buckets/create-head-list-delete",
        source: "recorded by LocalStack: test_create_bucket_head_bucket",
        bucket: Bucket::None,
        steps: &[
            Step {
                call: "PUT /{bucket}",
                body: Body::Text("{create_bucket}"),
                expect: &[Status(200), Header("location", Present), BodyText(Absent)],
                ..Step::PLAIN
            },
            Step {
                call: "HEAD /{bucket}",
                expect: &[
                    Status(200),
                    Header("x-amz-bucket-region", Is("{region}")),
                    Header("content-type", Is("application/xml")),
                    Header("x-amz-request-id", Present),
                    Header("x-amz-id-2", Present),
                    BodyText(Absent),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}?location",
                expect: &[Status(200), Root("LocationConstraint")],
                ..Step::PLAIN
            },
            Step {
                call: "GET /",
                expect: &[
                    Status(200),
                    Root("ListAllMyBucketsResult"),
                    Xml("Owner/ID", Is("{owner_id}")),
                    Xml("Owner/DisplayName", Absent),
                    BodyText(Contains("<Name>{bucket}</Name>")),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "DELETE /{bucket}",
                expect: &[Status(204), BodyText(Absent), Header("content-type", Absent)],
                ..Step::PLAIN
            },
            Step { call: "HEAD /{bucket}", expect: &[Status(404)], ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "buckets/missing",
        source: "recorded by LocalStack: test_bucket_does_not_exist",
        bucket: Bucket::None,
        steps: &[
            Step { call: "GET /{missing}", expect: NO_BUCKET, ..Step::PLAIN },
            Step { call: "GET /{missing}/cat.jpg", expect: NO_BUCKET, ..Step::PLAIN },
            Step { call: "PUT /{missing}/cat.jpg", body: MEOW, expect: NO_BUCKET, ..Step::PLAIN },
            Step { call: "GET /{missing}?acl", expect: NO_BUCKET, ..Step::PLAIN },
            Step { call: "DELETE /{missing}", expect: NO_BUCKET, ..Step::PLAIN },
            Step {
                call: "HEAD /{missing}",
                expect: &[Status(404), BodyText(Absent)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "buckets/not-empty",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html",
        steps: &[
            Step {
                call: "PUT /{bucket}/cat.jpg",
                body: MEOW,
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            Step {
                call: "DELETE /{bucket}",
                expect: &[
                    Refused(409, "BucketNotEmpty", "The bucket you tried to delete is not empty"),
                    Xml("BucketName", Is("{bucket}")),
                ],
                ..Step::PLAIN
            },
            Step { call: "DELETE /{bucket}/cat.jpg", expect: &[Status(204)], ..Step::PLAIN },
            Step { call: "DELETE /{bucket}", expect: &[Status(204)], ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "buckets/slash-at-the-end",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html",
        steps: &[
            Step {
                call: "GET /{bucket}/",
                expect: &[Status(200), Root("ListBucketResult"), Xml("Name", Is("{bucket}"))],
                ..Step::PLAIN
            },
            Step { call: "HEAD /{bucket}/", expect: &[Status(200)], ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "buckets/name-taken-by-another-account",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        needs: &[Feature::SecondAccount],
        steps: &[Step {
            call: "PUT /{bucket}",
            identity: Signed(Account::Stranger),
            body: Body::Text("{create_bucket}"),
            expect: &[
                Refused(
                    409,
                    "BucketAlreadyExists",
                    "The requested bucket name is not available. The bucket namespace is shared by all \
                     users of the system. Please select a different name and try again.",
                ),
                Xml("BucketName", Is("{bucket}")),
            ],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
];

const NO_BUCKET: &[crate::flow::Expect] =
    &[Refused(404, "NoSuchBucket", NO_SUCH_BUCKET), Xml("BucketName", Is("{missing}"))];
