//! Browser forms: what their policy lets in, and each way in which it refuses one.

use crate::flow::Account;
use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::File;
use crate::flow::Flow;
use crate::flow::Form;
use crate::flow::Identity;
use crate::flow::Spoil;
use crate::flow::Step;
use crate::flow::Text::Is;

use super::DENIED;
use super::NO_SUCH_KEY;

pub(super) const SNAPSHOT: &str = "https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json";

/// The form of most flows here: any name below `user/`.
pub(super) const POST: Step = Step {
    call: "POST /{bucket}",
    identity: Identity::Form(Account::Owner),
    body: Body::Form(Form::PLAIN),
    expect: &[Status(204)],
    ..Step::PLAIN
};

/// What the form would have written is not there.
pub(super) const NOTHING_WRITTEN: Step = Step {
    call: "GET /{bucket}/user/cat.jpg",
    expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY)],
    ..Step::PLAIN
};

const BETWEEN_3_AND_5: Form = Form {
    conditions: &[r#"["starts-with", "$key", "user/"]"#, r#"["content-length-range", 3, 5]"#],
    ..Form::PLAIN
};

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "post-form/accepted",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html",
        steps: &[
            POST,
            Step {
                call: "GET /{bucket}/user/cat.jpg",
                expect: &[
                    Status(200),
                    BodyText(Is("meow")),
                    // The type of the file's part does not count, only a field does.
                    Header("content-type", Is("binary/octet-stream")),
                ],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/fields-become-headers",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html",
        steps: &[
            Step {
                body: Body::Form(Form {
                    conditions: &[
                        r#"["starts-with", "$key", "user/"]"#,
                        r#"["starts-with", "$Content-Type", "image/"]"#,
                        r#"{"x-amz-meta-uuid": "14365123651274"}"#,
                        r#"["starts-with", "$x-amz-meta-tag", ""]"#,
                    ],
                    fields: &[
                        ("key", "user/${filename}"),
                        ("Content-Type", "image/jpeg"),
                        ("x-amz-meta-uuid", "14365123651274"),
                        ("x-amz-meta-TAG", ""),
                        ("x-ignore-me", "1"),
                    ],
                    ..Form::PLAIN
                }),
                ..POST
            },
            Step {
                call: "HEAD /{bucket}/user/cat.jpg",
                expect: &[
                    Status(200),
                    Header("content-type", Is("image/jpeg")),
                    Header("x-amz-meta-uuid", Is("14365123651274")),
                ],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/folder-in-the-file-name",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html",
        steps: &[
            Step {
                body: Body::Form(Form {
                    file: File { name: "C:/pictures/cat.jpg", content: "meow" },
                    ..Form::PLAIN
                }),
                ..POST
            },
            Step { call: "HEAD /{bucket}/user/cat.jpg", expect: &[Status(200)], ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/policy-expired",
        source: SNAPSHOT,
        steps: &[
            Step {
                body: Body::Form(Form { lifetime_seconds: -60, ..Form::PLAIN }),
                expect: &[Refused(
                    403,
                    "AccessDenied",
                    "Invalid according to Policy: Policy expired.",
                )],
                ..POST
            },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/policy-expires-while-the-clock-moves",
        source: SNAPSHOT,
        needs: &[Feature::Clock],
        steps: &[
            POST,
            Step {
                advance_seconds: 601,
                spoil: &[Spoil::SignedAt(-601)],
                expect: &[Refused(
                    403,
                    "AccessDenied",
                    "Invalid according to Policy: Policy expired.",
                )],
                ..POST
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/key-outside-prefix",
        source: SNAPSHOT,
        steps: &[
            Step {
                spoil: &[Spoil::Field("key", "elsewhere/cat.jpg")],
                expect: &[Refused(
                    403,
                    "AccessDenied",
                    "Invalid according to Policy: Policy Condition failed: [\"starts-with\", \"$key\", \
                     \"user/\"]",
                )],
                ..POST
            },
            Step {
                call: "GET /{bucket}/elsewhere/cat.jpg",
                expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/value-other-than-promised",
        source: SNAPSHOT,
        steps: &[
            Step {
                body: Body::Form(Form {
                    conditions: &[
                        r#"["starts-with", "$key", "user/"]"#,
                        r#"{"x-amz-meta-color": "red"}"#,
                    ],
                    fields: &[("key", "user/${filename}"), ("x-amz-meta-color", "blue")],
                    ..Form::PLAIN
                }),
                expect: &[Refused(
                    403,
                    "AccessDenied",
                    "Invalid according to Policy: Policy Condition failed: [\"eq\", \
                     \"$x-amz-meta-color\", \"red\"]",
                )],
                ..POST
            },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/promised-field-absent",
        source: "https://github.com/waynehoover/s3_direct_upload/issues/29",
        steps: &[
            Step {
                body: Body::Form(Form {
                    conditions: &[
                        r#"["starts-with", "$key", "user/"]"#,
                        r#"["starts-with", "$Content-Type", ""]"#,
                    ],
                    ..Form::PLAIN
                }),
                expect: &[Refused(
                    403,
                    "AccessDenied",
                    "Invalid according to Policy: Policy Condition failed: [\"starts-with\", \
                     \"$Content-Type\", \"\"]",
                )],
                ..POST
            },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/undeclared-field",
        source: "https://github.com/aws/aws-sdk-php/issues/290",
        steps: &[
            Step {
                spoil: &[Spoil::Field("content-type", "image/jpeg")],
                expect: &[Refused(
                    403,
                    "AccessDenied",
                    "Invalid according to Policy: Extra input fields: content-type",
                )],
                ..POST
            },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/another-bucket",
        source: "https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py",
        steps: &[
            Step {
                call: "PUT /{other}",
                body: Body::Text("{create_bucket}"),
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            Step {
                call: "POST /{other}",
                expect: &[Refused(
                    403,
                    "AccessDenied",
                    "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$bucket\", \
                     \"{bucket}\"]",
                )],
                ..POST
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/file-within-its-range",
        source: SNAPSHOT,
        steps: &[Step { body: Body::Form(BETWEEN_3_AND_5), ..POST }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/file-too-large",
        source: SNAPSHOT,
        steps: &[
            Step {
                body: Body::Form(Form {
                    file: File { name: "cat.jpg", content: "meow!!" },
                    ..BETWEEN_3_AND_5
                }),
                expect: &[
                    Refused(
                        400,
                        "EntityTooLarge",
                        "Your proposed upload exceeds the maximum allowed size",
                    ),
                    Xml("ProposedSize", Is("6")),
                    Xml("MaxSizeAllowed", Is("5")),
                ],
                ..POST
            },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/file-too-small",
        source: SNAPSHOT,
        steps: &[
            Step {
                body: Body::Form(Form {
                    file: File { name: "cat.jpg", content: "me" },
                    ..BETWEEN_3_AND_5
                }),
                expect: &[
                    Refused(
                        400,
                        "EntityTooSmall",
                        "Your proposed upload is smaller than the minimum allowed size",
                    ),
                    Xml("ProposedSize", Is("2")),
                    Xml("MinSizeAllowed", Is("3")),
                ],
                ..POST
            },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/anonymous",
        source: "recorded by LocalStack: test_post_request_missing_fields",
        steps: &[Step { identity: Identity::Anonymous, expect: DENIED, ..POST }, NOTHING_WRITTEN],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/anonymous-where-everyone-may-write",
        source: "pinned by argmin's tests against AWS: https://github.com/justincormack/argmin",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            Step {
                call: "PUT /{bucket}?acl",
                headers: &[("x-amz-acl", "public-read-write"), ("content-md5", "{body_md5}")],
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            Step { identity: Identity::Anonymous, ..POST },
            // It belongs to nobody, so anybody may read it, but not the owner of the bucket.
            Step {
                call: "GET /{bucket}/user/cat.jpg",
                identity: Identity::Anonymous,
                expect: &[Status(200), BodyText(Is("meow"))],
                ..Step::PLAIN
            },
            Step { call: "GET /{bucket}/user/cat.jpg", expect: DENIED, ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/acl-where-ownership-disables-acls",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
        steps: &[
            Step {
                body: Body::Form(Form {
                    conditions: &[
                        r#"["starts-with", "$key", "user/"]"#,
                        r#"{"acl": "public-read"}"#,
                    ],
                    fields: &[("key", "user/${filename}"), ("acl", "public-read")],
                    ..Form::PLAIN
                }),
                expect: &[Refused(
                    400,
                    "AccessControlListNotSupported",
                    "The bucket does not allow ACLs",
                )],
                ..POST
            },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
];
