//! What a client says about the bytes it sends: `Content-MD5` and the `x-amz-checksum-` headers.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::DATA;
use super::DATA_CRC64NVME;
use super::NO_CAT;

const PUT_DATA: Step = Step {
    call: "PUT /{bucket}/cat.jpg",
    body: Body::Text(DATA),
    expect: &[Status(200)],
    ..Step::PLAIN
};

/// A write with a right checksum, which comes back with the object when it is asked for.
macro_rules! right {
    ($name:literal, $header:literal, $value:literal) => {
        Flow {
            name: $name,
            source: "recorded by LocalStack: test_put_object_checksum",
            steps: &[
                Step {
                    headers: &[($header, $value)],
                    expect: &[
                        Status(200),
                        Header($header, Is($value)),
                        Header("x-amz-checksum-type", Is("FULL_OBJECT")),
                    ],
                    ..PUT_DATA
                },
                Step {
                    call: "HEAD /{bucket}/cat.jpg",
                    headers: &[("x-amz-checksum-mode", "ENABLED")],
                    expect: &[
                        Status(200),
                        Header($header, Is($value)),
                        Header("x-amz-checksum-type", Is("FULL_OBJECT")),
                    ],
                    ..Step::PLAIN
                },
                Step {
                    call: "GET /{bucket}/cat.jpg",
                    expect: &[Status(200), Header($header, Absent)],
                    ..Step::PLAIN
                },
            ],
            ..Flow::PLAIN
        }
    };
}

/// A write with the checksum of other bytes.
macro_rules! wrong {
    ($name:literal, $header:literal, $value:literal, $message:literal) => {
        Flow {
            name: $name,
            source: "recorded by LocalStack: test_put_object_checksum",
            steps: &[
                Step {
                    headers: &[($header, $value)],
                    expect: &[Refused(400, "BadDigest", $message)],
                    ..PUT_DATA
                },
                NO_CAT,
            ],
            ..Flow::PLAIN
        }
    };
}

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "checksums/content-md5",
        source: "recorded by LocalStack: test_s3_invalid_content_md5",
        steps: &[Step { headers: &[("content-md5", "{body_md5}")], ..PUT_DATA }],
        ..Flow::PLAIN
    },
    Flow {
        name: "checksums/content-md5-of-other-bytes",
        source: "recorded by LocalStack: test_s3_invalid_content_md5",
        steps: &[
            Step {
                headers: &[("content-md5", "SkvkDJasYxTpHZPzgEOmNA==")],
                expect: &[
                    Refused(
                        400,
                        "BadDigest",
                        "The Content-MD5 you specified did not match what we received.",
                    ),
                    Xml("CalculatedDigest", Is("5tkibCqGtyMpM2Y8E0Z1Jw==")),
                    Xml("ExpectedDigest", Is("4a4be40c96ac6314e91d93f38043a634")),
                ],
                ..PUT_DATA
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "checksums/content-md5-malformed",
        source: "recorded by LocalStack: test_s3_invalid_content_md5",
        steps: &[
            Step { headers: &[("content-md5", "__invalid__")], expect: INVALID_DIGEST, ..PUT_DATA },
            Step { headers: &[("content-md5", "MTIz")], expect: INVALID_DIGEST, ..PUT_DATA },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    right!("checksums/crc32", "x-amz-checksum-crc32", "cZWHwQ=="),
    right!("checksums/crc32c", "x-amz-checksum-crc32c", "Pf4upw=="),
    right!("checksums/crc64nvme", "x-amz-checksum-crc64nvme", "qUVrWYOrIAM="),
    right!("checksums/sha1", "x-amz-checksum-sha1", "B++3uSfJMSHWToQMQ1g6lIJY5Eo="),
    right!(
        "checksums/sha256",
        "x-amz-checksum-sha256",
        "2l26x0trnT0r2AvakoFk2MB7eKVKzYESLMxSAKAzoik="
    ),
    wrong!(
        "checksums/crc32-of-other-bytes",
        "x-amz-checksum-crc32",
        "lVk/nw==",
        "The CRC32 you specified did not match the calculated checksum."
    ),
    wrong!(
        "checksums/crc64nvme-of-other-bytes",
        "x-amz-checksum-crc64nvme",
        "1f2xscCCZCU=",
        "The CRC64NVME you specified did not match the calculated checksum."
    ),
    wrong!(
        "checksums/sha256-of-other-bytes",
        "x-amz-checksum-sha256",
        "1YQo81vx2VFUl0q5ccWISq8AkSBQQ0WO80S82TmfdIQ=",
        "The SHA256 you specified did not match the calculated checksum."
    ),
    Flow {
        name: "checksums/malformed",
        source: "recorded by LocalStack: test_put_object_checksum",
        steps: &[
            Step {
                headers: &[("x-amz-checksum-sha256", "short")],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Value for x-amz-checksum-sha256 header is invalid.",
                )],
                ..PUT_DATA
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "checksums/two-headers",
        source: "recorded by LocalStack: test_s3_checksum_no_algorithm",
        steps: &[
            Step {
                headers: &[
                    ("x-amz-checksum-crc32", "cZWHwQ=="),
                    ("x-amz-checksum-sha1", "B++3uSfJMSHWToQMQ1g6lIJY5Eo="),
                ],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not \
                     allowed.",
                )],
                ..PUT_DATA
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "checksums/algorithm-without-a-value",
        source: "recorded by LocalStack: test_s3_checksum_no_automatic_sdk_calculation",
        steps: &[Step {
            headers: &[("x-amz-checksum-algorithm", "TEST")],
            expect: &[Status(200), Header("x-amz-checksum-crc64nvme", Is(DATA_CRC64NVME))],
            ..PUT_DATA
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "checksums/none-with-a-part",
        source: "recorded by LocalStack: test_get_object_range",
        steps: &[
            Step { headers: &[("x-amz-checksum-crc32", "cZWHwQ==")], ..PUT_DATA },
            Step {
                call: "GET /{bucket}/cat.jpg",
                headers: &[("x-amz-checksum-mode", "ENABLED"), ("range", "bytes=0-3")],
                expect: &[Status(206), Header("x-amz-checksum-crc32", Absent)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "checksums/document-without-one",
        source: "https://github.com/versity/versitygw/issues/1040",
        steps: &[Step {
            call: "PUT /{bucket}?publicAccessBlock",
            body: Body::Text(super::public_access_block::ALL_ON),
            expect: &[Refused(
                400,
                "InvalidRequest",
                "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
            )],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
];

const INVALID_DIGEST: &[Expect] =
    &[Refused(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")];
