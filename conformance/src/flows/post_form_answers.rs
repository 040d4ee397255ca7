//! What a browser gets for a form that was accepted.

use crate::flow::Body;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Form;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Contains;
use crate::flow::Text::EndsWith;
use crate::flow::Text::Is;
use crate::flow::Text::Present;

use super::post_form::POST;
use super::post_form::SNAPSHOT;

/// A form with one more field, which its policy allows.
macro_rules! with {
    ($field:literal, $value:literal) => {
        Body::Form(Form {
            conditions: &[
                r#"["starts-with", "$key", "user/"]"#,
                concat!("{\"", $field, "\": \"", $value, "\"}"),
            ],
            fields: &[("key", "user/${filename}"), ($field, $value)],
            ..Form::PLAIN
        })
    };
}

const ETAG: &str = "\"4a4be40c96ac6314e91d93f38043a634\"";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "post-form-answer/by-default",
        source: SNAPSHOT,
        steps: &[Step {
            expect: &[
                Status(204),
                BodyText(Absent),
                Header("content-type", Absent),
                Header("etag", Is(ETAG)),
                Header("location", Is("{bucket_url}/user%2Fcat.jpg")),
                Header("x-amz-server-side-encryption", Is("AES256")),
                Header("x-amz-checksum-crc64nvme", Present),
                Header("x-amz-checksum-type", Is("FULL_OBJECT")),
            ],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-answer/status-200",
        source: "pinned by argmin's tests against AWS: https://github.com/justincormack/argmin",
        steps: &[Step {
            body: with!("success_action_status", "200"),
            expect: &[
                Status(200),
                BodyText(Absent),
                Header("etag", Is(ETAG)),
                Header("location", Is("{bucket_url}/user%2Fcat.jpg")),
            ],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-answer/status-201",
        source: "https://github.com/jamhall/s3rver/issues/504",
        steps: &[Step {
            body: with!("success_action_status", "201"),
            expect: &[
                Status(201),
                Root("PostResponse"),
                Header("content-type", Is("application/xml")),
                Header("etag", Is(ETAG)),
                Header("location", Is("{bucket_url}/user%2Fcat.jpg")),
                Xml("Location", Is("{bucket_url}/user%2Fcat.jpg")),
                Xml("Bucket", Is("{bucket}")),
                Xml("Key", Is("user/cat.jpg")),
                Xml("ETag", Is(ETAG)),
                // No namespace.
                BodyText(Contains("<PostResponse>")),
            ],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-answer/status-204",
        source: SNAPSHOT,
        steps: &[Step {
            body: with!("success_action_status", "204"),
            expect: &[Status(204), BodyText(Absent), Header("etag", Is(ETAG))],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-answer/status-not-offered",
        source: "https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py",
        steps: &[Step {
            body: with!("success_action_status", "404"),
            expect: &[Status(204), BodyText(Absent)],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-answer/redirect",
        source: SNAPSHOT,
        steps: &[Step {
            body: with!("success_action_redirect", "http://localhost.test/done"),
            expect: &[
                Status(303),
                BodyText(Absent),
                Header(
                    "location",
                    Is("http://localhost.test/done?bucket={bucket}&key=user%2Fcat.jpg\
                        &etag=%224a4be40c96ac6314e91d93f38043a634%22"),
                ),
            ],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-answer/redirect-with-a-query",
        source: "https://stackoverflow.com/questions/18390253",
        steps: &[Step {
            body: with!("success_action_redirect", "http://localhost.test/done?x=1&y=a%20b"),
            expect: &[
                Status(303),
                Header(
                    "location",
                    Is("http://localhost.test/done?x=1&y=a%20b&bucket={bucket}&key=user%2Fcat.jpg\
                        &etag=%224a4be40c96ac6314e91d93f38043a634%22"),
                ),
            ],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-answer/redirect-goes-before-status",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html",
        steps: &[Step {
            body: Body::Form(Form {
                conditions: &[
                    r#"["starts-with", "$key", "user/"]"#,
                    r#"{"success_action_redirect": "http://localhost.test/done"}"#,
                    r#"{"success_action_status": "201"}"#,
                ],
                fields: &[
                    ("key", "user/${filename}"),
                    ("success_action_redirect", "http://localhost.test/done"),
                    ("success_action_status", "201"),
                ],
                ..Form::PLAIN
            }),
            expect: &[Status(303), Header("location", EndsWith("a634%22"))],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-answer/redirect-not-absolute",
        source: "recorded by LocalStack: test_s3_presigned_post_success_action_redirect",
        steps: &[Step {
            body: with!("success_action_redirect", "/wrong/redirect/relative"),
            expect: &[Status(204), BodyText(Absent)],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-answer/redirect-of-a-refused-form",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html",
        steps: &[Step {
            body: with!("success_action_redirect", "http://localhost.test/done"),
            spoil: &[crate::flow::Spoil::SignatureCharacter],
            expect: &[Status(403), Header("location", Absent)],
            ..POST
        }],
        ..Flow::PLAIN
    },
];
