//! What nobody in particular may do.

use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Identity::Anonymous;
use crate::flow::Spoil;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::DENIED;
use super::GET_CAT;
use super::NO_SUCH_BUCKET;
use super::NO_SUCH_KEY;
use super::PUT_CAT;

const DOCUMENTED: &str =
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html";

const ASK: Step = Step { identity: Anonymous, ..GET_CAT };
const PUBLIC_BUCKET: Step = Step {
    call: "PUT /{bucket}?acl",
    headers: &[("content-md5", "{body_md5}"), ("x-amz-acl", "public-read")],
    expect: &[Status(200)],
    ..Step::PLAIN
};

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "anonymous/private-object",
        source: "recorded by LocalStack: test_get_object_with_anon_credentials",
        steps: &[
            PUT_CAT,
            Step { expect: DENIED, ..ASK },
            Step {
                call: "HEAD /{bucket}/cat.jpg",
                expect: &[Status(403), BodyText(Absent)],
                ..ASK
            },
            Step { call: "DELETE /{bucket}/cat.jpg", expect: DENIED, ..ASK },
            Step { identity: Anonymous, expect: DENIED, ..PUT_CAT },
            Step { call: "GET /{bucket}?list-type=2", expect: DENIED, ..ASK },
            Step { call: "GET /{bucket}?acl", expect: DENIED, ..ASK },
            GET_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "anonymous/public-read-object",
        source: "https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            Step { headers: &[("x-amz-acl", "public-read")], ..PUT_CAT },
            Step { expect: &[Status(200), BodyText(Is("meow"))], ..ASK },
            Step { call: "HEAD /{bucket}/cat.jpg", ..ASK },
            Step { call: "GET /{bucket}?list-type=2", expect: DENIED, ..ASK },
            Step { call: "GET /{bucket}/cat.jpg?acl", expect: DENIED, ..ASK },
            Step { call: "DELETE /{bucket}/cat.jpg", expect: DENIED, ..ASK },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "anonymous/missing-object-without-the-right-to-list",
        source: "https://github.com/aws/aws-cli/issues/2041",
        steps: &[
            Step { expect: DENIED, ..ASK },
            Step { call: "HEAD /{bucket}/cat.jpg", expect: &[Status(403)], ..ASK },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "anonymous/missing-object-with-the-right-to-list",
        source: "https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            PUBLIC_BUCKET,
            Step { expect: NO_CAT, ..ASK },
            Step { call: "HEAD /{bucket}/cat.jpg", expect: &[Status(404)], ..ASK },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "anonymous/private-object-with-the-right-to-list",
        source: DOCUMENTED,
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            PUBLIC_BUCKET,
            PUT_CAT,
            Step { call: "GET /{bucket}?list-type=2", expect: LISTED, ..ASK },
            Step { expect: DENIED, ..ASK },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "anonymous/missing-bucket",
        source: "https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py",
        bucket: Bucket::None,
        steps: &[Step {
            call: "GET /{missing}/cat.jpg",
            expect: &[
                Refused(404, "NoSuchBucket", NO_SUCH_BUCKET),
                Xml("BucketName", Is("{missing}")),
            ],
            ..ASK
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "anonymous/date-without-a-signature",
        source: "pinned by argmin's tests against AWS: https://github.com/justincormack/argmin",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            Step { headers: &[("x-amz-acl", "public-read")], ..PUT_CAT },
            ASK,
            Step {
                spoil: &[Spoil::Header("x-amz-date", "20260101T000000Z")],
                expect: &[Status(403)],
                ..ASK
            },
        ],
        ..Flow::PLAIN
    },
];

const NO_CAT: &[Expect] = &[Refused(404, "NoSuchKey", NO_SUCH_KEY), Xml("Key", Is("cat.jpg"))];
const LISTED: &[Expect] = &[Status(200), Xml("Contents/Key", Is("cat.jpg"))];
