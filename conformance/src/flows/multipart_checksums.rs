//! Checksums of uploads and of their parts: chosen, kept, and wrong.

use crate::flow::Expect::Count;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::multipart::ABORT;
use super::multipart::COMPLETE;
use super::multipart::CREATE;
use super::multipart::GET;
use super::multipart::LIST_PARTS;
use super::multipart::PART;
use super::multipart::UPLOADED_ETAG;
use super::multipart::parts;
use super::multipart_refused::NO_PART;

const DATA_CRC32: &str = "cZWHwQ==";
const DATA_CRC32C: &str = "Pf4upw==";
const DATA_SHA256: &str = "2l26x0trnT0r2AvakoFk2MB7eKVKzYESLMxSAKAzoik=";
/// The SHA-256 of the SHA-256 of the only part, and how many parts there are.
const UPLOADED_SHA256: &str = "Eh/5SemCtW7PpE60bANCInslYbxoFAfrVBUvHdN/g7E=-1";

const CREATE_COMPOSITE: Step = Step {
    headers: &[("x-amz-checksum-algorithm", "SHA256")],
    expect: &[
        Status(200),
        Header("x-amz-checksum-algorithm", Is("SHA256")),
        Header("x-amz-checksum-type", Is("COMPOSITE")),
    ],
    ..CREATE
};
const PART_WITH_SHA256: Step = Step {
    headers: &[("x-amz-checksum-sha256", DATA_SHA256)],
    expect: &[Status(200), Header("x-amz-checksum-sha256", Is(DATA_SHA256))],
    ..PART
};
const COMPLETE_COMPOSITE: Step = Step {
    body: parts!(
        "<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag>\
         <ChecksumSHA256>2l26x0trnT0r2AvakoFk2MB7eKVKzYESLMxSAKAzoik=</ChecksumSHA256></Part>"
    ),
    ..COMPLETE
};
const CREATE_REFUSED: Step = Step { keep: &[], ..CREATE };

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "multipart-checksums/choices-refused",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            Step {
                headers: &[("x-amz-checksum-type", "COMPOSITE")],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "The x-amz-checksum-type header can only be used with the \
                     x-amz-checksum-algorithm header.",
                )],
                ..CREATE_REFUSED
            },
            Step {
                headers: &[
                    ("x-amz-checksum-algorithm", "CRC64NVME"),
                    ("x-amz-checksum-type", "COMPOSITE"),
                ],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "The COMPOSITE checksum type cannot be used with the crc64nvme checksum \
                     algorithm.",
                )],
                ..CREATE_REFUSED
            },
            Step {
                headers: &[
                    ("x-amz-checksum-algorithm", "SHA1"),
                    ("x-amz-checksum-type", "FULL_OBJECT"),
                ],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm.",
                )],
                ..CREATE_REFUSED
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart-checksums/composite",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            CREATE_COMPOSITE,
            PART_WITH_SHA256,
            Step {
                expect: &[
                    Status(200),
                    Xml("ChecksumAlgorithm", Is("SHA256")),
                    Xml("ChecksumType", Is("COMPOSITE")),
                    Xml("Part/ChecksumSHA256", Is(DATA_SHA256)),
                ],
                ..LIST_PARTS
            },
            Step {
                expect: &[
                    Status(200),
                    Xml("ETag", Is(UPLOADED_ETAG)),
                    Xml("ChecksumSHA256", Is(UPLOADED_SHA256)),
                    Xml("ChecksumType", Is("COMPOSITE")),
                ],
                ..COMPLETE_COMPOSITE
            },
            Step {
                headers: &[("x-amz-checksum-mode", "ENABLED")],
                expect: &[
                    Status(200),
                    Header("x-amz-checksum-sha256", Is(UPLOADED_SHA256)),
                    Header("x-amz-checksum-type", Is("COMPOSITE")),
                ],
                ..GET
            },
            Step {
                call: "GET /{bucket}/data?partNumber=1",
                headers: &[("x-amz-checksum-mode", "ENABLED")],
                expect: &[Status(206), Header("x-amz-checksum-sha256", Is(DATA_SHA256))],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart-checksums/composite-refused",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            CREATE_COMPOSITE,
            Step {
                headers: &[("x-amz-checksum-crc32", DATA_CRC32)],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Checksum Type mismatch occurred, expected checksum Type: sha256, actual \
                     checksum Type: crc32",
                )],
                keep: &[],
                ..PART
            },
            PART_WITH_SHA256,
            Step {
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "The upload was created using a sha256 checksum. The complete request must \
                     include the checksum for each part. It was missing for part 1 in the request.",
                )],
                ..COMPLETE
            },
            Step {
                body: parts!(
                    "<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumSHA256>\
                     47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=</ChecksumSHA256></Part>"
                ),
                expect: &[Refused(400, "InvalidPart", NO_PART)],
                ..COMPLETE
            },
            Step {
                body: parts!(
                    "<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag>\
                     <ChecksumCRC32>cZWHwQ==</ChecksumCRC32></Part>"
                ),
                expect: &[Refused(
                    400,
                    "BadDigest",
                    "The crc32 you specified for part 1 did not match what we received.",
                )],
                ..COMPLETE
            },
            Step {
                headers: &[("x-amz-checksum-type", "FULL_OBJECT")],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "The upload was created using the COMPOSITE checksum mode. The complete request \
                     must use the same checksum mode.",
                )],
                ..COMPLETE_COMPOSITE
            },
            ABORT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart-checksums/full-object",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            Step {
                headers: &[
                    ("x-amz-checksum-algorithm", "CRC32C"),
                    ("x-amz-checksum-type", "FULL_OBJECT"),
                ],
                expect: &[Status(200), Header("x-amz-checksum-type", Is("FULL_OBJECT"))],
                ..CREATE
            },
            Step { headers: &[("x-amz-checksum-crc32c", DATA_CRC32C)], ..PART },
            Step {
                headers: &[("x-amz-checksum-crc32c", "AAAAAA==")],
                expect: &[Refused(
                    400,
                    "BadDigest",
                    "The crc32c you specified did not match the calculated checksum.",
                )],
                ..COMPLETE
            },
            Step {
                headers: &[("x-amz-checksum-crc32c", DATA_CRC32C)],
                expect: &[
                    Status(200),
                    Xml("ChecksumCRC32C", Is(DATA_CRC32C)),
                    Xml("ChecksumType", Is("FULL_OBJECT")),
                ],
                ..COMPLETE
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart-checksums/of-an-upload-that-chose-none",
        source: "recorded by LocalStack: test_complete_multipart_parts_checksum_default",
        steps: &[
            CREATE,
            Step {
                headers: &[("x-amz-checksum-crc32", "AAAAAA==")],
                expect: &[Refused(
                    400,
                    "BadDigest",
                    "The CRC32 you specified did not match the calculated checksum.",
                )],
                keep: &[],
                ..PART
            },
            Step {
                headers: &[("x-amz-checksum-crc32", DATA_CRC32)],
                expect: &[Status(200), Header("x-amz-checksum-crc32", Is(DATA_CRC32))],
                ..PART
            },
            Step {
                expect: &[
                    Status(200),
                    Count("Part", 1),
                    Xml("ChecksumAlgorithm", Absent),
                    Xml("Part/ChecksumCRC32", Absent),
                ],
                ..LIST_PARTS
            },
            Step {
                body: parts!(
                    "<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag>\
                     <ChecksumCRC32>cZWHwQ==</ChecksumCRC32></Part>"
                ),
                expect: &[Refused(400, "InvalidPart", NO_PART)],
                ..COMPLETE
            },
            Step {
                headers: &[("x-amz-checksum-type", "COMPOSITE")],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "The upload was created using the null checksum mode. The complete request must \
                     use the same checksum mode.",
                )],
                ..COMPLETE
            },
            COMPLETE,
        ],
        ..Flow::PLAIN
    },
];
