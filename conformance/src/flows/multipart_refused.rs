//! Parts and completions that are refused, and parts that are copied.

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

use super::MALFORMED;
use super::multipart::ABORT;
use super::multipart::COMPLETE;
use super::multipart::CREATE;
use super::multipart::GET;
use super::multipart::PART;
use super::multipart::parts;

const PART_NUMBER: &str = "Part number must be an integer between 1 and 10000, inclusive";
/// Two spaces, as S3 sends them.
pub(super) const NO_PART: &str = "One or more of the specified parts could not be found.  The part may not have \
                       been uploaded, or the specified entity tag may not match the part's entity tag.";
const RANGE_FORM: &str = "The x-amz-copy-source-range value must be of the form bytes=first-last where \
                          first and last are the zero-based offsets of the first and last bytes to copy";

const NO_PARTS: &[Expect] = &[Refused(400, "InvalidRequest", "You must specify at least one part")];

const SECOND_PART: Step = Step {
    call: "PUT /{bucket}/data?partNumber=2&uploadId={upload}",
    keep: &[("second_etag", Place::Header("etag"))],
    ..PART
};
const COPY_PART: Step = Step { body: Body::Empty, expect: &[], keep: &[], ..PART };

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "multipart/part-numbers-out-of-range",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            CREATE,
            Step {
                call: "PUT /{bucket}/data?partNumber=0&uploadId={upload}",
                expect: &[
                    Refused(400, "InvalidArgument", PART_NUMBER),
                    Xml("ArgumentName", Is("partNumber")),
                    Xml("ArgumentValue", Is("0")),
                ],
                keep: &[],
                ..PART
            },
            Step {
                call: "PUT /{bucket}/data?partNumber=10001&uploadId={upload}",
                expect: &[
                    Refused(400, "InvalidArgument", PART_NUMBER),
                    Xml("ArgumentName", Is("partNumber")),
                    Xml("ArgumentValue", Is("10001")),
                ],
                keep: &[],
                ..PART
            },
            ABORT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/part-of-a-version",
        source: "recorded by captures of AWS in 2026",
        steps: &[
            CREATE,
            Step {
                call: "PUT /{bucket}/data?partNumber=1&uploadId={upload}&versionId=abc",
                expect: &[
                    Refused(400, "InvalidArgument", "This operation does not accept a version-id."),
                    Xml("ArgumentName", Is("versionId")),
                    Xml("ArgumentValue", Is("abc")),
                ],
                keep: &[],
                ..PART
            },
            ABORT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/part-with-a-wrong-md5",
        source: "recorded by LocalStack: test_s3_invalid_content_md5",
        steps: &[
            CREATE,
            Step {
                headers: &[("content-md5", "SkvkDJasYxTpHZPzgEOmNA==")],
                expect: &[
                    Refused(
                        400,
                        "BadDigest",
                        "The Content-MD5 you specified did not match what we received.",
                    ),
                    // In base64, unlike that of a whole object.
                    Xml("ExpectedDigest", Is("SkvkDJasYxTpHZPzgEOmNA==")),
                    Xml("CalculatedDigest", Is("5tkibCqGtyMpM2Y8E0Z1Jw==")),
                ],
                keep: &[],
                ..PART
            },
            ABORT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/completed-without-parts",
        source: "https://github.com/versity/versitygw/issues/1328",
        steps: &[
            CREATE,
            Step { body: parts!(""), expect: MALFORMED, ..COMPLETE },
            Step { body: Body::Empty, expect: MALFORMED, ..COMPLETE },
            // Once something was uploaded the answer is another.
            PART,
            Step { body: parts!(""), expect: NO_PARTS, ..COMPLETE },
            Step { body: Body::Empty, expect: NO_PARTS, ..COMPLETE },
            ABORT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/completion-of-half-a-part",
        source: "https://github.com/versity/versitygw/issues/2111",
        steps: &[
            CREATE,
            PART,
            Step {
                body: parts!("<Part><PartNumber>1</PartNumber></Part>"),
                expect: MALFORMED,
                ..COMPLETE
            },
            Step {
                body: parts!("<Part><ETag>{etag}</ETag></Part>"),
                expect: MALFORMED,
                ..COMPLETE
            },
            ABORT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/completion-of-part-zero",
        source: "https://github.com/versity/versitygw/issues/1072",
        steps: &[
            CREATE,
            PART,
            Step {
                body: parts!("<Part><PartNumber>0</PartNumber><ETag>{etag}</ETag></Part>"),
                expect: &[
                    Refused(400, "InvalidArgument", "PartNumber must be >= 1"),
                    Xml("ArgumentName", Is("partNumber")),
                ],
                ..COMPLETE
            },
            ABORT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/completion-of-unknown-parts",
        source: "https://github.com/versity/versitygw/issues/1008",
        steps: &[
            CREATE,
            PART,
            Step {
                body: parts!("<Part><PartNumber>2</PartNumber><ETag>{etag}</ETag></Part>"),
                expect: &[
                    Refused(400, "InvalidPart", NO_PART),
                    Xml("UploadId", Is("{upload}")),
                    Xml("PartNumber", Is("2")),
                    Xml("ETag", Is("e6d9226c2a86b7232933663c13467527")),
                ],
                ..COMPLETE
            },
            Step {
                body: parts!(
                    "<Part><PartNumber>1</PartNumber>\
                     <ETag>\"4a4be40c96ac6314e91d93f38043a634\"</ETag></Part>"
                ),
                expect: &[
                    Refused(400, "InvalidPart", NO_PART),
                    Xml("UploadId", Is("{upload}")),
                    Xml("PartNumber", Is("1")),
                    Xml("ETag", Is("4a4be40c96ac6314e91d93f38043a634")),
                ],
                ..COMPLETE
            },
            // What was refused has not ended the upload.
            COMPLETE,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/order-and-size-of-parts",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            CREATE,
            PART,
            SECOND_PART,
            Step {
                body: parts!(
                    "<Part><PartNumber>2</PartNumber><ETag>{second_etag}</ETag></Part>\
                     <Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>"
                ),
                expect: &[
                    Refused(
                        400,
                        "InvalidPartOrder",
                        "The list of parts was not in ascending order. Parts must be ordered by \
                         part number.",
                    ),
                    Xml("UploadId", Is("{upload}")),
                ],
                ..COMPLETE
            },
            Step {
                body: parts!(
                    "<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>\
                     <Part><PartNumber>2</PartNumber><ETag>{second_etag}</ETag></Part>"
                ),
                expect: &[
                    Refused(
                        400,
                        "EntityTooSmall",
                        "Your proposed upload is smaller than the minimum allowed size",
                    ),
                    Xml("ETag", Is("e6d9226c2a86b7232933663c13467527")),
                    Xml("MinSizeAllowed", Is("5242880")),
                    Xml("PartNumber", Is("1")),
                    Xml("ProposedSize", Is("11")),
                ],
                ..COMPLETE
            },
            ABORT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/size-that-is-promised",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            CREATE,
            PART,
            Step {
                headers: &[("x-amz-mp-object-size", "5")],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "The provided 'x-amz-mp-object-size' header value 5 does not match what was \
                     computed: 11",
                )],
                ..COMPLETE
            },
            Step { headers: &[("x-amz-mp-object-size", "11")], ..COMPLETE },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/copied-part",
        source: "recorded by LocalStack: test_upload_part_copy_range",
        steps: &[
            Step {
                call: "PUT /{bucket}/digits",
                body: Body::Text("0123456789"),
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            CREATE,
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/digits"),
                    ("x-amz-copy-source-range", "0-9"),
                ],
                expect: &[
                    Refused(400, "InvalidArgument", RANGE_FORM),
                    Xml("ArgumentName", Is("x-amz-copy-source-range")),
                    Xml("ArgumentValue", Is("0-9")),
                ],
                ..COPY_PART
            },
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/digits"),
                    ("x-amz-copy-source-range", "bytes=0-10"),
                ],
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "Range specified is not valid for source object of size: 10",
                    ),
                    Xml("ArgumentName", Is("x-amz-copy-source-range")),
                    Xml("ArgumentValue", Is("bytes=0-10")),
                ],
                ..COPY_PART
            },
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/digits"),
                    ("x-amz-copy-source-range", "bytes=100-200"),
                ],
                expect: &[
                    Refused(
                        400,
                        "InvalidRequest",
                        "The specified copy range is invalid for the source object size",
                    ),
                    Xml("ArgumentName", Absent),
                ],
                ..COPY_PART
            },
            Step {
                headers: &[
                    ("x-amz-copy-source", "{bucket}/digits"),
                    ("x-amz-copy-source-range", "bytes=2-4"),
                ],
                expect: &[
                    Status(200),
                    Root("CopyPartResult"),
                    Xml("ETag", Present),
                    Xml("LastModified", Present),
                    Header("x-amz-copy-source-version-id", Absent),
                ],
                keep: &[("etag", Place::Xml("ETag"))],
                ..COPY_PART
            },
            COMPLETE,
            Step { expect: &[Status(200), BodyText(Is("234"))], ..GET },
        ],
        ..Flow::PLAIN
    },
];
