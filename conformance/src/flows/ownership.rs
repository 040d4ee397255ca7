//! Object ownership: the document, and ACLs where it disables them.

use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Is;

use super::MALFORMED;
use super::PUT_CAT;

/// The document with this rule.
macro_rules! document {
    ($ownership:literal) => {
        Body::Text(concat!(
            "<OwnershipControls xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule>",
            "<ObjectOwnership>",
            $ownership,
            "</ObjectOwnership></Rule></OwnershipControls>"
        ))
    };
}

const PUT: Step = Step {
    call: "PUT /{bucket}?ownershipControls",
    headers: &[("content-md5", "{body_md5}")],
    expect: &[Status(200)],
    ..Step::PLAIN
};
const GET: Step = Step { call: "GET /{bucket}?ownershipControls", ..Step::PLAIN };
const PUT_BUCKET_ACL: Step = Step {
    call: "PUT /{bucket}?acl",
    headers: &[("content-md5", "{body_md5}"), ("x-amz-acl", "public-read")],
    ..Step::PLAIN
};

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "ownership/enforced-by-default",
        source: SNAPSHOT,
        steps: &[Step {
            expect: &[Status(200), Xml("Rule/ObjectOwnership", Is("BucketOwnerEnforced"))],
            ..GET
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "ownership/put-get-delete",
        source: SNAPSHOT,
        steps: &[
            Step { body: document!("ObjectWriter"), ..PUT },
            Step { expect: &[Status(200), Xml("Rule/ObjectOwnership", Is("ObjectWriter"))], ..GET },
            Step { body: document!("BucketOwnerPreferred"), ..PUT },
            Step {
                expect: &[Status(200), Xml("Rule/ObjectOwnership", Is("BucketOwnerPreferred"))],
                ..GET
            },
            Step {
                call: "DELETE /{bucket}?ownershipControls",
                expect: &[Status(204)],
                ..Step::PLAIN
            },
            Step {
                expect: &[
                    Refused(
                        404,
                        "OwnershipControlsNotFoundError",
                        "The bucket ownership controls were not found",
                    ),
                    Xml("BucketName", Is("{bucket}")),
                ],
                ..GET
            },
            Step {
                call: "DELETE /{bucket}?ownershipControls",
                expect: &[Status(204)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "ownership/document-malformed",
        source: SNAPSHOT,
        steps: &[
            Step { body: document!("Everyone"), expect: MALFORMED, ..PUT },
            Step {
                body: Body::Text(
                    "<OwnershipControls xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>",
                ),
                expect: MALFORMED,
                ..PUT
            },
            Step { body: Body::Text("<OwnershipControls>"), expect: MALFORMED, ..PUT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "ownership/unknown-at-creation",
        source: SNAPSHOT,
        bucket: Bucket::None,
        steps: &[Step {
            call: "PUT /{bucket}",
            headers: &[("x-amz-object-ownership", "Everyone")],
            body: Body::Text("{create_bucket}"),
            expect: &[
                Refused(400, "InvalidArgument", "Invalid x-amz-object-ownership header: Everyone"),
                Xml("ArgumentName", Is("x-amz-object-ownership")),
            ],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "ownership/acl-at-creation",
        source: "https://github.com/versity/versitygw/issues/1387",
        bucket: Bucket::None,
        steps: &[Step {
            call: "PUT /{bucket}",
            headers: &[("x-amz-acl", "public-read")],
            body: Body::Text("{create_bucket}"),
            expect: &[Refused(
                400,
                "InvalidBucketAclWithObjectOwnership",
                "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
            )],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "ownership/private-at-creation",
        source: "https://github.com/versity/versitygw/issues/1869",
        bucket: Bucket::None,
        steps: &[
            Step {
                call: "PUT /{bucket}",
                headers: &[("x-amz-acl", "private")],
                body: Body::Text("{create_bucket}"),
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            Step {
                expect: &[Status(200), Xml("Rule/ObjectOwnership", Is("BucketOwnerPreferred"))],
                ..GET
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "ownership/private-at-creation-and-enforced",
        source: "https://github.com/versity/versitygw/pull/1871",
        bucket: Bucket::None,
        steps: &[
            Step {
                call: "PUT /{bucket}",
                headers: &[
                    ("x-amz-acl", "private"),
                    ("x-amz-object-ownership", "BucketOwnerEnforced"),
                ],
                body: Body::Text("{create_bucket}"),
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            Step {
                expect: &[Status(200), Xml("Rule/ObjectOwnership", Is("BucketOwnerEnforced"))],
                ..GET
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "ownership/acl-of-an-object-is-refused",
        source: "https://github.com/cloudyr/aws.s3/issues/435",
        steps: &[
            Step { headers: &[("x-amz-acl", "public-read")], expect: NO_ACLS, ..PUT_CAT },
            PUT_CAT,
            Step {
                call: "PUT /{bucket}/cat.jpg?acl",
                headers: &[("content-md5", "{body_md5}"), ("x-amz-acl", "public-read")],
                expect: NO_ACLS,
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "ownership/acl-of-a-bucket-is-refused",
        source: "https://github.com/alphagov/content-data-admin/issues/2158",
        steps: &[Step { expect: NO_ACLS, ..PUT_BUCKET_ACL }],
        ..Flow::PLAIN
    },
    Flow {
        name: "ownership/acl-that-changes-nothing-is-accepted",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
        steps: &[Step { headers: &[("x-amz-acl", "bucket-owner-full-control")], ..PUT_CAT }],
        ..Flow::PLAIN
    },
    Flow {
        name: "ownership/enforced-over-a-public-acl",
        source: "https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            Step { expect: &[Status(200)], ..PUT_BUCKET_ACL },
            Step {
                body: document!("BucketOwnerEnforced"),
                expect: &[Refused(
                    400,
                    "InvalidBucketAclWithObjectOwnership",
                    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
                )],
                ..PUT
            },
        ],
        ..Flow::PLAIN
    },
];

const SNAPSHOT: &str = super::post_form::SNAPSHOT;
const NO_ACLS: &[Expect] =
    &[Refused(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")];
