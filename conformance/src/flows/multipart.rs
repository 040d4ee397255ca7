//! Uploads in parts: begun, written, completed, read by part, and aborted.

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

use super::DATA;
use super::DATA_CRC64NVME;
use super::DATA_ETAG;
use super::NO_SUCH_KEY;

/// The document that completes an upload of these parts.
macro_rules! parts {
    ($parts:literal) => {
        crate::flow::Body::Text(concat!(
            "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
            $parts,
            "</CompleteMultipartUpload>"
        ))
    };
}
pub(super) use parts;

pub(super) const CREATE: Step = Step {
    call: "POST /{bucket}/data?uploads",
    expect: &[Status(200), Xml("UploadId", Present)],
    keep: &[("upload", Place::Xml("UploadId"))],
    ..Step::PLAIN
};
pub(super) const PART: Step = Step {
    call: "PUT /{bucket}/data?partNumber=1&uploadId={upload}",
    body: Body::Text(DATA),
    expect: &[Status(200), Header("etag", Is(DATA_ETAG))],
    keep: &[("etag", Place::Header("etag"))],
    ..Step::PLAIN
};
pub(super) const LIST_PARTS: Step =
    Step { call: "GET /{bucket}/data?uploadId={upload}", ..Step::PLAIN };
pub(super) const COMPLETE: Step = Step {
    call: "POST /{bucket}/data?uploadId={upload}",
    body: parts!("<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag></Part>"),
    expect: &[Status(200), Root("CompleteMultipartUploadResult")],
    ..Step::PLAIN
};
pub(super) const ABORT: Step = Step {
    call: "DELETE /{bucket}/data?uploadId={upload}",
    expect: &[Status(204), BodyText(Absent)],
    ..Step::PLAIN
};
pub(super) const GET: Step = Step { call: "GET /{bucket}/data", ..Step::PLAIN };
const PUT: Step = Step {
    call: "PUT /{bucket}/data",
    body: Body::Text("meow"),
    expect: &[Status(200)],
    keep: &[("object_etag", Place::Header("etag"))],
    ..Step::PLAIN
};

/// The MD5 of the MD5 of the only part, and how many parts there are.
pub(super) const UPLOADED_ETAG: &str = "\"09f4e996a191d5383e5dc4096052e226-1\"";

const NO_SUCH_UPLOAD: &str = "The specified upload does not exist. The upload ID may be invalid, or \
                              the upload may have been aborted or completed.";
const GONE: &[Expect] =
    &[Refused(404, "NoSuchUpload", NO_SUCH_UPLOAD), Xml("UploadId", Is("{upload}"))];
const NO_DATA: &[Expect] = &[Refused(404, "NoSuchKey", NO_SUCH_KEY), Xml("Key", Is("data"))];
const PRECONDITION: &str = "At least one of the pre-conditions you specified did not hold";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "multipart/one-part",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            Step {
                expect: &[
                    Status(200),
                    Root("InitiateMultipartUploadResult"),
                    Xml("Bucket", Is("{bucket}")),
                    Xml("Key", Is("data")),
                    Xml("UploadId", Present),
                    Header("x-amz-server-side-encryption", Is("AES256")),
                    Header("x-amz-checksum-algorithm", Absent),
                    Header("x-amz-checksum-type", Absent),
                ],
                ..CREATE
            },
            PART,
            Step { expect: NO_DATA, ..GET },
            Step {
                expect: &[
                    Status(200),
                    Root("CompleteMultipartUploadResult"),
                    Xml("Location", Present),
                    Xml("Bucket", Is("{bucket}")),
                    Xml("Key", Is("data")),
                    Xml("ETag", Is(UPLOADED_ETAG)),
                    Xml("ChecksumCRC64NVME", Is(DATA_CRC64NVME)),
                    Xml("ChecksumType", Is("FULL_OBJECT")),
                ],
                ..COMPLETE
            },
            Step {
                headers: &[("x-amz-checksum-mode", "ENABLED")],
                expect: &[
                    Status(200),
                    BodyText(Is(DATA)),
                    Header("etag", Is(UPLOADED_ETAG)),
                    Header("content-length", Is("11")),
                    Header("content-type", Is("binary/octet-stream")),
                    Header("x-amz-checksum-crc64nvme", Is(DATA_CRC64NVME)),
                    Header("x-amz-checksum-type", Is("FULL_OBJECT")),
                ],
                ..GET
            },
            Step { expect: GONE, ..LIST_PARTS },
            Step { expect: GONE, keep: &[], ..PART },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/completed-again",
        source: "recorded by Moto: test_idempotent_multipart_upload",
        steps: &[
            CREATE,
            PART,
            Step { expect: &[Status(200), Xml("ETag", Is(UPLOADED_ETAG))], ..COMPLETE },
            Step { expect: &[Status(200), Xml("ETag", Is(UPLOADED_ETAG))], ..COMPLETE },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/read-by-part-number",
        source: "recorded by LocalStack: test_get_object_part",
        steps: &[
            CREATE,
            PART,
            COMPLETE,
            Step {
                call: "GET /{bucket}/data?partNumber=1",
                headers: &[("x-amz-checksum-mode", "ENABLED")],
                expect: &[
                    Status(206),
                    BodyText(Is(DATA)),
                    Header("content-range", Is("bytes 0-10/11")),
                    Header("x-amz-mp-parts-count", Is("1")),
                    // A checksum of the whole object says nothing of a part.
                    Header("x-amz-checksum-crc64nvme", Absent),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "HEAD /{bucket}/data?partNumber=1",
                expect: &[
                    Status(206),
                    Header("content-length", Is("11")),
                    Header("x-amz-mp-parts-count", Is("1")),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}/data?partNumber=2",
                expect: &[
                    Refused(
                        416,
                        "InvalidPartNumber",
                        "The requested partnumber is not satisfiable",
                    ),
                    Xml("PartNumberRequested", Is("2")),
                    Xml("ActualPartCount", Is("1")),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}/data?partNumber=1",
                headers: &[("range", "bytes=0-1")],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Cannot specify both Range header and partNumber query parameter",
                )],
                ..Step::PLAIN
            },
            PUT,
            Step {
                call: "GET /{bucket}/data?partNumber=1",
                expect: &[
                    Status(206),
                    BodyText(Is("meow")),
                    Header("content-range", Is("bytes 0-3/4")),
                    Header("x-amz-mp-parts-count", Absent),
                ],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/abort",
        source: "recorded by LocalStack: test_multipart_key_validation",
        steps: &[
            CREATE,
            PART,
            ABORT,
            Step { expect: GONE, ..LIST_PARTS },
            Step { expect: GONE, keep: &[], ..PART },
            Step { expect: GONE, ..ABORT },
            Step { expect: NO_DATA, ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/upload-of-another-key",
        source: "recorded by LocalStack: test_multipart_key_validation",
        steps: &[
            CREATE,
            Step {
                call: "PUT /{bucket}/other?partNumber=1&uploadId={upload}",
                expect: GONE,
                keep: &[],
                ..PART
            },
            ABORT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/if-none-match-of-a-key-put-meanwhile",
        source: "recorded by LocalStack: TestS3ObjectWritePrecondition",
        steps: &[
            CREATE,
            PART,
            PUT,
            Step {
                headers: &[("if-none-match", "*")],
                expect: &[
                    Refused(412, "PreconditionFailed", PRECONDITION),
                    Xml("Condition", Is("If-None-Match")),
                ],
                ..COMPLETE
            },
            Step { expect: &[Status(200), BodyText(Is("meow"))], ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart/if-match-of-a-key-put-meanwhile",
        source: "recorded by LocalStack: test_multipart_if_match_with_put",
        steps: &[
            PUT,
            CREATE,
            PART,
            Step { body: Body::Text("purr"), keep: &[("new_etag", Place::Header("etag"))], ..PUT },
            Step {
                headers: &[("if-match", "{object_etag}")],
                expect: &[
                    Refused(412, "PreconditionFailed", PRECONDITION),
                    Xml("Condition", Is("If-Match")),
                ],
                ..COMPLETE
            },
            Step {
                headers: &[("if-match", "{new_etag}")],
                expect: &[
                    Refused(
                        409,
                        "ConditionalRequestConflict",
                        "The conditional request cannot succeed due to a conflicting operation \
                         against this resource.",
                    ),
                    Xml("Condition", Is("If-Match")),
                    Xml("Key", Is("data")),
                ],
                ..COMPLETE
            },
            Step { expect: &[Status(200), BodyText(Is("purr"))], ..GET },
        ],
        ..Flow::PLAIN
    },
];
