//! Block Public Access: the document, and what each of its four members does.

use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Identity;
use crate::flow::Step;
use crate::flow::Text::Is;

use super::DENIED;
use super::GET_CAT;
use super::PUT_CAT;

/// The document with all four members.
pub(super) const ALL_ON: &str = "<PublicAccessBlockConfiguration \
    xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><BlockPublicAcls>true</BlockPublicAcls>\
    <IgnorePublicAcls>true</IgnorePublicAcls><BlockPublicPolicy>true</BlockPublicPolicy>\
    <RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>";

const PUT: Step = Step {
    call: "PUT /{bucket}?publicAccessBlock",
    headers: &[("content-md5", "{body_md5}")],
    expect: &[Status(200)],
    ..Step::PLAIN
};
const GET: Step = Step { call: "GET /{bucket}?publicAccessBlock", ..Step::PLAIN };
const DELETE: Step =
    Step { call: "DELETE /{bucket}?publicAccessBlock", expect: &[Status(204)], ..Step::PLAIN };
const PUBLIC_ACL: Step = Step {
    call: "PUT /{bucket}/cat.jpg?acl",
    headers: &[("content-md5", "{body_md5}"), ("x-amz-acl", "public-read")],
    ..Step::PLAIN
};

/// The document with one member, the others of which are then false.
macro_rules! only {
    ($member:literal) => {
        Body::Text(concat!(
            "<PublicAccessBlockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><",
            $member,
            ">true</",
            $member,
            "></PublicAccessBlockConfiguration>"
        ))
    };
}

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "public-access-block/on-by-default",
        source: super::post_form::SNAPSHOT,
        steps: &[Step { expect: ON, ..GET }],
        ..Flow::PLAIN
    },
    Flow {
        name: "public-access-block/put-get-delete",
        source: super::post_form::SNAPSHOT,
        steps: &[
            DELETE,
            Step {
                expect: &[
                    Refused(
                        404,
                        "NoSuchPublicAccessBlockConfiguration",
                        "The public access block configuration was not found",
                    ),
                    Xml("BucketName", Is("{bucket}")),
                ],
                ..GET
            },
            DELETE,
            Step { body: only!("IgnorePublicAcls"), ..PUT },
            Step {
                expect: &[
                    Status(200),
                    Xml("BlockPublicAcls", Is("false")),
                    Xml("IgnorePublicAcls", Is("true")),
                    Xml("BlockPublicPolicy", Is("false")),
                    Xml("RestrictPublicBuckets", Is("false")),
                ],
                ..GET
            },
            Step { body: Body::Text(ALL_ON), ..PUT },
            Step { expect: ON, ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "public-access-block/block-public-acls",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/\
                 access-control-block-public-access.html",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            Step { body: only!("BlockPublicAcls"), ..PUT },
            PUT_CAT,
            Step { headers: &[("x-amz-acl", "public-read")], expect: DENIED, ..PUT_CAT },
            Step { headers: &[("x-amz-acl", "authenticated-read")], expect: DENIED, ..PUT_CAT },
            Step { expect: DENIED, ..PUBLIC_ACL },
            Step { call: "PUT /{bucket}?acl", expect: DENIED, ..PUBLIC_ACL },
            Step { headers: &[("x-amz-acl", "private")], ..PUT_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "public-access-block/ignore-public-acls",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/\
                 access-control-block-public-access.html",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            Step { headers: &[("x-amz-acl", "public-read")], ..PUT_CAT },
            Step { identity: Identity::Anonymous, ..GET_CAT },
            Step { body: only!("IgnorePublicAcls"), ..PUT },
            Step { identity: Identity::Anonymous, expect: DENIED, ..GET_CAT },
            GET_CAT,
            DELETE,
            Step { identity: Identity::Anonymous, ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "public-access-block/block-public-policy",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/\
                 access-control-block-public-access.html",
        steps: &[
            Step { body: only!("BlockPublicPolicy"), ..PUT },
            Step { expect: super::policies::REFUSED, ..super::policies::PUT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "public-access-block/restrict-public-buckets",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/\
                 access-control-block-public-access.html",
        needs: &[Feature::PublicBuckets],
        steps: &[
            Step { body: only!("RestrictPublicBuckets"), ..PUT },
            PUT_CAT,
            super::policies::PUT,
            Step { identity: Identity::Anonymous, expect: DENIED, ..GET_CAT },
            GET_CAT,
            DELETE,
            Step { identity: Identity::Anonymous, ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "public-access-block/document-malformed",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutPublicAccessBlock.html",
        steps: &[Step {
            body: Body::Text("<PublicAccessBlockConfiguration>"),
            expect: super::MALFORMED,
            ..PUT
        }],
        ..Flow::PLAIN
    },
];

const ON: &[Expect] = &[
    Status(200),
    Root("PublicAccessBlockConfiguration"),
    Xml("BlockPublicAcls", Is("true")),
    Xml("IgnorePublicAcls", Is("true")),
    Xml("BlockPublicPolicy", Is("true")),
    Xml("RestrictPublicBuckets", Is("true")),
];
