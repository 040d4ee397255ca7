//! What each grant of an ACL gives to another account, and how grants come: by header, document, form.

use crate::flow::Account;
use crate::flow::Account::Stranger;
use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Form;
use crate::flow::Identity;
use crate::flow::Step;
use crate::flow::Text::Is;

use super::DENIED;
use super::GET_CAT;
use super::PUT_CAT;
use super::acls::PUT_ACL;

const S3_TESTS: &str = "https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py";
const EXCEPTIONS: &str = "recorded by LocalStack: test_s3_object_acl_exceptions";

/// A bucket whose ACLs count, and a second account that is granted something.
const LENT: Flow = Flow {
    needs: &[Feature::PublicBuckets, Feature::SecondAccount],
    bucket: Bucket::WithAcls,
    ..Flow::PLAIN
};
const GRANTED: Flow =
    Flow { needs: &[Feature::PublicBuckets], bucket: Bucket::WithAcls, ..Flow::PLAIN };

const PUT_BUCKET_ACL: Step = Step { call: "PUT /{bucket}?acl", ..PUT_ACL };

/// The second account asks.
const ASK: Step =
    Step { identity: Identity::Signed(Stranger), expect: &[Status(200)], ..Step::PLAIN };
const LIST: Step = Step { call: "GET /{bucket}?list-type=2", ..ASK };
const WRITE: Step = Step { identity: Identity::Signed(Stranger), ..PUT_CAT };
const READ_ACL: Step = Step { call: "GET /{bucket}?acl", ..ASK };
const WRITE_ACL: Step = Step {
    identity: Identity::Signed(Stranger),
    headers: &[("content-md5", "{body_md5}"), ("x-amz-acl", "private")],
    ..PUT_BUCKET_ACL
};

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "acls/bucket-read",
        source: S3_TESTS,
        steps: &[
            Step {
                headers: &[
                    ("content-md5", "{body_md5}"),
                    ("x-amz-grant-read", "id=\"{stranger_id}\""),
                ],
                ..PUT_BUCKET_ACL
            },
            LIST,
            Step { expect: DENIED, ..WRITE },
            Step { expect: DENIED, ..READ_ACL },
            Step { expect: DENIED, ..WRITE_ACL },
        ],
        ..LENT
    },
    Flow {
        name: "acls/bucket-write",
        source: S3_TESTS,
        steps: &[
            Step {
                headers: &[
                    ("content-md5", "{body_md5}"),
                    ("x-amz-grant-write", "id=\"{stranger_id}\""),
                ],
                ..PUT_BUCKET_ACL
            },
            WRITE,
            Step { expect: DENIED, ..LIST },
            Step { expect: DENIED, ..READ_ACL },
            Step { expect: DENIED, ..WRITE_ACL },
        ],
        ..LENT
    },
    Flow {
        name: "acls/bucket-read-acp",
        source: S3_TESTS,
        steps: &[
            Step {
                headers: &[
                    ("content-md5", "{body_md5}"),
                    ("x-amz-grant-read-acp", "id=\"{stranger_id}\""),
                ],
                ..PUT_BUCKET_ACL
            },
            READ_ACL,
            Step { expect: DENIED, ..LIST },
            Step { expect: DENIED, ..WRITE },
            Step { expect: DENIED, ..WRITE_ACL },
        ],
        ..LENT
    },
    Flow {
        name: "acls/bucket-write-acp",
        source: S3_TESTS,
        steps: &[
            Step {
                headers: &[
                    ("content-md5", "{body_md5}"),
                    ("x-amz-grant-write-acp", "id=\"{stranger_id}\""),
                ],
                ..PUT_BUCKET_ACL
            },
            Step { expect: DENIED, ..LIST },
            Step { expect: DENIED, ..WRITE },
            Step { expect: DENIED, ..READ_ACL },
            // With it one may grant oneself the rest, or lose it.
            WRITE_ACL,
            Step { expect: DENIED, ..WRITE_ACL },
        ],
        ..LENT
    },
    Flow {
        name: "acls/bucket-full-control",
        source: S3_TESTS,
        steps: &[
            Step {
                headers: &[
                    ("content-md5", "{body_md5}"),
                    ("x-amz-grant-full-control", "id=\"{stranger_id}\""),
                ],
                ..PUT_BUCKET_ACL
            },
            LIST,
            WRITE,
            READ_ACL,
            WRITE_ACL,
        ],
        ..LENT
    },
    Flow {
        name: "acls/reader-without-the-right-to-list",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html",
        steps: &[
            Step { headers: &[("x-amz-grant-read", "id=\"{stranger_id}\"")], ..PUT_CAT },
            Step { identity: Identity::Signed(Stranger), ..GET_CAT },
            Step { call: "GET /{bucket}/missing", expect: DENIED, ..ASK },
            Step {
                headers: &[
                    ("content-md5", "{body_md5}"),
                    ("x-amz-grant-read", "id=\"{stranger_id}\""),
                ],
                ..PUT_BUCKET_ACL
            },
            Step {
                call: "GET /{bucket}/missing",
                expect: &[Refused(404, "NoSuchKey", super::NO_SUCH_KEY)],
                ..ASK
            },
        ],
        ..LENT
    },
    Flow {
        name: "acls/canned-with-a-form",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html",
        steps: &[
            Step {
                call: "POST /{bucket}",
                identity: Identity::Form(Account::Owner),
                body: Body::Form(Form {
                    conditions: &[
                        r#"["starts-with", "$key", "user/"]"#,
                        r#"{"acl": "public-read"}"#,
                    ],
                    fields: &[("key", "user/${filename}"), ("acl", "public-read")],
                    ..Form::PLAIN
                }),
                expect: &[Status(204)],
                ..Step::PLAIN
            },
            Step { call: "GET /{bucket}/user/cat.jpg", identity: Identity::Anonymous, ..GET_CAT },
        ],
        ..GRANTED
    },
    Flow {
        name: "acls/grant-by-email",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html",
        steps: &[Step {
            headers: &[
                ("content-md5", "{body_md5}"),
                ("x-amz-grant-read", "emailAddress=\"someone@example.com\""),
            ],
            expect: &[Status(405), Xml("Code", Is("MethodNotAllowed"))],
            ..PUT_BUCKET_ACL
        }],
        ..GRANTED
    },
    Flow {
        name: "acls/grants-that-are-none",
        source: EXCEPTIONS,
        steps: &[
            PUT_CAT,
            Step {
                headers: &[
                    ("content-md5", "{body_md5}"),
                    ("x-amz-grant-read", "uri=\"http://acs.amazonaws.com/groups/global/Friends\""),
                ],
                expect: &[
                    Refused(400, "InvalidArgument", "Invalid group uri"),
                    Xml("ArgumentName", Is("uri")),
                ],
                ..PUT_ACL
            },
            Step {
                headers: &[("content-md5", "{body_md5}"), ("x-amz-grant-read", "name=\"someone\"")],
                expect: &[
                    Refused(400, "InvalidArgument", "Argument format not recognized"),
                    Xml("ArgumentName", Is("x-amz-grant-read")),
                    Xml("ArgumentValue", Is("name=\"someone\"")),
                ],
                ..PUT_ACL
            },
            Step {
                headers: &[("content-md5", "{body_md5}"), ("x-amz-grant-read", "id=\"someone\"")],
                expect: INVALID_ID,
                ..PUT_ACL
            },
        ],
        ..GRANTED
    },
];

const INVALID_ID: &[Expect] = &[
    Refused(400, "InvalidArgument", "Invalid id"),
    Xml("ArgumentName", Is("id")),
    Xml("ArgumentValue", Is("someone")),
];
