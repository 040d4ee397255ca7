//! Browser forms as `multipart/form-data`: the parts there must be, and the order that counts.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Form;
use crate::flow::Spoil;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::post_form::POST;

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "post-form/fields-after-the-file",
        source: "https://github.com/grafana/k6/issues/1382",
        steps: &[
            // What would be extra before the file is ignored after it.
            Step {
                body: Body::Form(Form {
                    fields_after_file: &[("x-amz-meta-color", "red"), ("submit", "Upload")],
                    ..Form::PLAIN
                }),
                ..POST
            },
            Step {
                call: "HEAD /{bucket}/user/cat.jpg",
                expect: &[Status(200), Header("x-amz-meta-color", Absent)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/key-after-the-file",
        source: "https://github.com/grafana/k6/issues/1382",
        steps: &[Step {
            body: Body::Form(Form {
                fields: &[],
                fields_after_file: &[("key", "user/cat.jpg")],
                ..Form::PLAIN
            }),
            expect: NO_KEY_FIELD,
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/key-missing",
        source: "https://github.com/grafana/k6/issues/1382",
        steps: &[Step { spoil: &[Spoil::FieldRemoved("key")], expect: NO_KEY_FIELD, ..POST }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/file-missing",
        source: "https://github.com/boto/boto3/issues/934",
        steps: &[Step {
            spoil: &[Spoil::BodyText(
                "name=\"file\"; filename=\"cat.jpg\"",
                "name=\"x-ignore-file\"",
            )],
            expect: &[
                Refused(
                    400,
                    "InvalidArgument",
                    "POST requires exactly one file upload per request.",
                ),
                Xml("ArgumentName", Is("file")),
                Xml("ArgumentValue", Is("0")),
            ],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/not-multipart",
        source: "recorded by LocalStack: test_post_object_with_wrong_content_type",
        steps: &[Step {
            spoil: &[Spoil::Header("content-type", "application/x-www-form-urlencoded")],
            expect: &[
                Refused(
                    412,
                    "PreconditionFailed",
                    "At least one of the pre-conditions you specified did not hold",
                ),
                Xml(
                    "Condition",
                    Is("Bucket POST must be of the enclosure-type multipart/form-data"),
                ),
            ],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form/no-boundary",
        source: "pinned by argmin's tests against AWS: https://github.com/justincormack/argmin",
        steps: &[Step {
            spoil: &[Spoil::Header("content-type", "multipart/form-data")],
            expect: &[Refused(
                400,
                "MalformedPOSTRequest",
                "The body of your POST request is not well-formed multipart/form-data.",
            )],
            ..POST
        }],
        ..Flow::PLAIN
    },
];

const NO_KEY_FIELD: &[Expect] = &[
    Refused(
        400,
        "InvalidArgument",
        // S3 puts two spaces between the sentences.
        "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of \
         the fields.",
    ),
    Xml("ArgumentName", Is("key")),
    Xml("ArgumentValue", Is("")),
];
