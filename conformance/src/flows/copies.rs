//! Copies: what they take of their source, what they leave, and when they are refused.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Place;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;
use crate::flow::Text::Present;
use crate::flow::Text::StartsWith;

use super::DATA;
use super::DATA_CRC64NVME;
use super::DATA_ETAG;
use super::NO_SUCH_BUCKET;
use super::NO_SUCH_KEY;

const PUT_SOURCE: Step = Step {
    call: "PUT /{bucket}/data",
    headers: &[
        ("content-type", "text/plain"),
        ("x-amz-meta-color", "red"),
        ("x-amz-tagging", "a=1"),
    ],
    body: Body::Text(DATA),
    expect: &[Status(200)],
    ..Step::PLAIN
};
const COPY: Step = Step {
    call: "PUT /{bucket}/copy",
    headers: SOURCE,
    expect: &[Status(200), Root("CopyObjectResult"), Xml("ETag", Is(DATA_ETAG))],
    ..Step::PLAIN
};
const GET_COPY: Step = Step { call: "GET /{bucket}/copy", ..Step::PLAIN };
const ONTO_ITSELF: Step = Step { call: "PUT /{bucket}/data", expect: ILLEGAL, ..COPY };

const SOURCE: &[(&str, &str)] = &[("x-amz-copy-source", "{bucket}/data")];
const ILLEGAL: &[Expect] = &[Refused(
    400,
    "InvalidRequest",
    "This copy request is illegal because it is trying to copy an object to itself without changing \
     the object's metadata, storage class, website redirect location or encryption attributes.",
)];
const FAILED: &str = "At least one of the pre-conditions you specified did not hold";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "copy/takes-what-the-source-has",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            PUT_SOURCE,
            Step {
                // Of the request itself nothing is taken.
                headers: &[
                    ("x-amz-copy-source", "/{bucket}/data"),
                    ("content-type", "text/html"),
                    ("x-amz-meta-size", "1"),
                    ("x-amz-tagging", "b=2&c=3"),
                ],
                expect: &[
                    Status(200),
                    Root("CopyObjectResult"),
                    Xml("ETag", Is(DATA_ETAG)),
                    Xml("LastModified", Present),
                    Xml("ChecksumCRC64NVME", Is(DATA_CRC64NVME)),
                    Xml("ChecksumType", Is("FULL_OBJECT")),
                    Header("x-amz-copy-source-version-id", Absent),
                    Header("x-amz-server-side-encryption", Is("AES256")),
                ],
                ..COPY
            },
            Step {
                expect: &[
                    Status(200),
                    BodyText(Is(DATA)),
                    Header("etag", Is(DATA_ETAG)),
                    Header("content-type", Is("text/plain")),
                    Header("x-amz-meta-color", Is("red")),
                    Header("x-amz-meta-size", Absent),
                    Header("x-amz-tagging-count", Is("1")),
                ],
                ..GET_COPY
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/replaces-what-the-source-has",
        source: "recorded by LocalStack: test_s3_copy_tagging_directive",
        steps: &[
            PUT_SOURCE,
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/data"),
                    ("x-amz-metadata-directive", "REPLACE"),
                    ("x-amz-tagging-directive", "REPLACE"),
                    ("x-amz-meta-size", "1"),
                ],
                ..COPY
            },
            Step {
                expect: &[
                    Status(200),
                    BodyText(Is(DATA)),
                    Header("content-type", Is("binary/octet-stream")),
                    Header("x-amz-meta-color", Absent),
                    Header("x-amz-meta-size", Is("1")),
                    Header("x-amz-tagging-count", Absent),
                ],
                ..GET_COPY
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/storage-class-is-not-taken",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            Step { headers: &[("x-amz-storage-class", "REDUCED_REDUNDANCY")], ..PUT_SOURCE },
            COPY,
            Step { expect: &[Status(200), Header("x-amz-storage-class", Absent)], ..GET_COPY },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/of-an-upload-in-parts",
        source: "recorded by LocalStack: test_multipart_copy_object_etag",
        steps: &[
            super::multipart::CREATE,
            super::multipart::PART,
            super::multipart::COMPLETE,
            // It is no upload in parts any more.
            COPY,
            Step { expect: &[Status(200), Header("etag", Is(DATA_ETAG))], ..GET_COPY },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/onto-itself",
        source: "recorded by LocalStack: test_s3_copy_object_in_place",
        steps: &[
            PUT_SOURCE,
            ONTO_ITSELF,
            Step {
                headers: &[("x-amz-copy-source", "{bucket}/data"), ("x-amz-meta-color", "blue")],
                ..ONTO_ITSELF
            },
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/data"),
                    ("x-amz-metadata-directive", "REPLACE"),
                    ("x-amz-meta-color", "blue"),
                ],
                expect: &[Status(200)],
                ..ONTO_ITSELF
            },
            Step {
                call: "GET /{bucket}/data",
                expect: &[Status(200), BodyText(Is(DATA)), Header("x-amz-meta-color", Is("blue"))],
                ..Step::PLAIN
            },
            // Naming what is so already is change enough.
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/data"),
                    ("x-amz-storage-class", "STANDARD"),
                ],
                expect: &[Status(200)],
                ..ONTO_ITSELF
            },
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/data"),
                    ("x-amz-server-side-encryption", "AES256"),
                ],
                expect: &[Status(200)],
                ..ONTO_ITSELF
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/onto-itself-out-of-kms",
        source: "recorded by LocalStack: test_s3_copy_object_in_place_with_encryption",
        steps: &[
            Step { headers: &[("x-amz-server-side-encryption", "aws:kms")], ..PUT_SOURCE },
            // A copy that says nothing is encrypted with AES256, and that is change enough.
            Step {
                expect: &[Status(200), Header("x-amz-server-side-encryption", Is("AES256"))],
                ..ONTO_ITSELF
            },
            ONTO_ITSELF,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/source-missing",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            Step {
                expect: &[
                    Refused(404, "NoSuchKey", NO_SUCH_KEY),
                    Xml("Key", Is("data")),
                    // Without a declaration, as captured from AWS in 2026.
                    BodyText(StartsWith("<Error><Code>")),
                ],
                ..COPY
            },
            Step {
                headers: &[("x-amz-copy-source", "{missing}/data")],
                expect: &[
                    Refused(404, "NoSuchBucket", NO_SUCH_BUCKET),
                    Xml("BucketName", Is("{missing}")),
                ],
                ..COPY
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/source-without-a-key",
        source: "recorded by LocalStack: test_s3_copy_object_wrong_format",
        steps: &[Step {
            headers: &[("x-amz-copy-source", "{bucket}")],
            expect: &[
                Refused(400, "InvalidArgument", "Invalid copy source object key"),
                Xml("ArgumentName", Is("x-amz-copy-source")),
                // The name again, not the value.
                Xml("ArgumentValue", Is("x-amz-copy-source")),
            ],
            ..COPY
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/source-version-ids-that-are-none",
        source: "recorded by captures of AWS in 2026",
        steps: &[
            PUT_SOURCE,
            Step {
                headers: &[("x-amz-copy-source", "{bucket}/data?versionId=abc")],
                expect: &[
                    Refused(400, "InvalidRequest", "Invalid Request"),
                    Xml("ArgumentName", Absent),
                ],
                ..COPY
            },
            Step {
                headers: &[("x-amz-copy-source", "{bucket}/data?versionId=")],
                expect: &[
                    Refused(400, "InvalidArgument", "Version id cannot be the empty string"),
                    Xml("ArgumentName", Is("x-amz-copy-source")),
                ],
                ..COPY
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/with-a-body",
        source: "https://github.com/versity/versitygw/issues/1242",
        steps: &[
            PUT_SOURCE,
            Step {
                body: Body::Text(DATA),
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "The request included a body. Requests of this type must not include a \
                     non-empty body.",
                )],
                ..COPY
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/source-with-a-plus",
        source: "recorded by LocalStack: test_copy_object_special_character",
        steps: &[
            Step { call: "PUT /{bucket}/a%2Bb", ..PUT_SOURCE },
            Step { headers: &[("x-amz-copy-source", "{bucket}/a+b")], ..COPY },
            Step { headers: &[("x-amz-copy-source", "{bucket}/a%2Bb")], ..COPY },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/conditions-on-the-source",
        source: "recorded by LocalStack: test_s3_preconditions",
        steps: &[
            PUT_SOURCE,
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/data"),
                    ("x-amz-copy-source-if-none-match", DATA_ETAG),
                ],
                expect: &[
                    Refused(412, "PreconditionFailed", FAILED),
                    Xml("Condition", Is("x-amz-copy-source-If-None-Match")),
                ],
                ..COPY
            },
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/data"),
                    ("x-amz-copy-source-if-match", "\"other\""),
                ],
                expect: &[
                    Refused(412, "PreconditionFailed", FAILED),
                    Xml("Condition", Is("x-amz-copy-source-If-Match")),
                ],
                ..COPY
            },
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/data"),
                    ("x-amz-copy-source-if-unmodified-since", "{hour_ago_http}"),
                ],
                expect: &[
                    Refused(412, "PreconditionFailed", FAILED),
                    Xml("Condition", Is("x-amz-copy-source-If-Unmodified-Since")),
                ],
                ..COPY
            },
            Step { expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY)], ..GET_COPY },
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/data"),
                    // Quotes may be left out.
                    ("x-amz-copy-source-if-match", "e6d9226c2a86b7232933663c13467527"),
                    ("x-amz-copy-source-if-unmodified-since", "{hour_ago_http}"),
                ],
                ..COPY
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "copy/of-a-version",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            super::versions::ENABLE,
            Step { keep: &[("first", Place::Header("x-amz-version-id"))], ..PUT_SOURCE },
            Step {
                call: "DELETE /{bucket}/data",
                expect: &[Status(204)],
                keep: &[("marker", Place::Header("x-amz-version-id"))],
                ..Step::PLAIN
            },
            Step {
                expect: &[
                    Refused(404, "NoSuchKey", NO_SUCH_KEY),
                    Header("x-amz-delete-marker", Is("true")),
                    Header("x-amz-version-id", Is("{marker}")),
                ],
                ..COPY
            },
            Step {
                headers: &[("x-amz-copy-source", "{bucket}/data?versionId={marker}")],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "The source of a copy request may not specifically refer to a delete marker by \
                     version id.",
                )],
                ..COPY
            },
            Step {
                headers: &[("x-amz-copy-source", "{bucket}/data?versionId={first}")],
                expect: &[
                    Status(200),
                    Xml("ETag", Is(DATA_ETAG)),
                    Header("x-amz-copy-source-version-id", Is("{first}")),
                    Header("x-amz-version-id", Present),
                ],
                ..COPY
            },
        ],
        ..Flow::PLAIN
    },
];
