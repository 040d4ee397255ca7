//! Each form of body that `x-amz-content-sha256` can promise, kept and broken.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyFill;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Payload;
use crate::flow::Spoil;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;
use crate::flow::Text::StartsWith;

use super::DATA;
use super::GET_CAT;
use super::MISMATCH;
use super::NO_CAT;
use super::PUT_CAT;

/// What the SDKs take.
const CHUNK_BYTES: usize = 65_536;
const SIGNED: Payload = Payload::SignedChunks { chunk_bytes: CHUNK_BYTES };
const SIGNED_WITH_CRC32: Payload = Payload::SignedChunksWithTrailer {
    chunk_bytes: CHUNK_BYTES,
    trailer: ("x-amz-checksum-crc32", "cZWHwQ=="),
};
const CRC32_BEHIND: Payload =
    Payload::UnsignedChunksWithTrailer { trailer: ("x-amz-checksum-crc32", "cZWHwQ==") };

const PUT_DATA: Step = Step { body: Body::Text(DATA), ..PUT_CAT };
const GET_DATA: Step = Step {
    expect: &[Status(200), BodyText(Is(DATA)), Header("content-encoding", Absent)],
    ..GET_CAT
};

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "payloads/hashed",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html",
        steps: &[PUT_DATA, GET_DATA],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/unsigned",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html",
        steps: &[Step { payload: Payload::Unsigned, ..PUT_DATA }, GET_DATA],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/signed-chunks",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html",
        steps: &[
            Step {
                body: Body::Fill { byte: b'a', count: 2 * CHUNK_BYTES + 1024 },
                payload: SIGNED,
                ..PUT_CAT
            },
            Step {
                expect: &[
                    Status(200),
                    BodyFill { byte: b'a', count: 2 * CHUNK_BYTES + 1024 },
                    Header("content-encoding", Absent),
                ],
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/signed-chunks-of-nothing",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html",
        steps: &[
            Step { body: Body::Empty, payload: SIGNED, ..PUT_CAT },
            Step { expect: &[Status(200), Header("content-length", Is("0"))], ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/signed-chunks-with-trailer",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html",
        steps: &[
            Step {
                payload: SIGNED_WITH_CRC32,
                expect: &[Status(200), Header("x-amz-checksum-crc32", Is("cZWHwQ=="))],
                ..PUT_DATA
            },
            GET_DATA,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/unsigned-chunks-with-trailer",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html",
        steps: &[
            Step {
                payload: CRC32_BEHIND,
                expect: &[Status(200), Header("x-amz-checksum-crc32", Is("cZWHwQ=="))],
                ..PUT_DATA
            },
            GET_DATA,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/hash-of-another-body",
        source: "recorded by lua-resty-aws: \
                 https://github.com/Kong/lua-resty-aws/issues/2",
        steps: &[
            Step {
                spoil: &[Spoil::BodyText("meow", "woof")],
                expect: &[
                    Refused(
                        400,
                        "XAmzContentSHA256Mismatch",
                        "The provided 'x-amz-content-sha256' header does not match what was computed.",
                    ),
                    Xml(
                        "ClientComputedContentSHA256",
                        Is("404cdd7bc109c432f8cc2443b45bcfe95980f5107215c645236e577929ac3e52"),
                    ),
                    Xml(
                        "S3ComputedContentSHA256",
                        Is("1811bdd29f2cfe95e6e23402e2390fa1012708fc52ef8b8a29ee540b1c481534"),
                    ),
                ],
                ..PUT_CAT
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/promise-missing",
        // Where S3 asks for it, before or after the signature, is not known; both are wrong here.
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html",
        steps: &[Step {
            spoil: &[Spoil::HeaderRemoved("x-amz-content-sha256")],
            expect: &[Refused(
                400,
                "InvalidRequest",
                "Missing required header for this request: x-amz-content-sha256",
            )],
            ..PUT_CAT
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/promise-not-understood",
        source: "https://github.com/versity/versitygw/issues/1352",
        steps: &[Step {
            spoil: &[Spoil::Header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD")],
            expect: &[
                Refused(
                    400,
                    "InvalidArgument",
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, \
                     STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, \
                     STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
                     STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, \
                     STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or a valid sha256 value.",
                ),
                Xml("ArgumentName", Is("x-amz-content-sha256")),
                Xml("ArgumentValue", Is("STREAMING-UNSIGNED-PAYLOAD")),
            ],
            ..PUT_CAT
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/chunk-with-another-signature",
        source: CHUNK_SOURCE,
        steps: &[
            Step {
                payload: SIGNED,
                spoil: &[Spoil::ChunkSignature],
                expect: CHUNK_MISMATCH,
                ..PUT_DATA
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/chunk-with-other-bytes",
        source: CHUNK_SOURCE,
        steps: &[
            Step {
                payload: SIGNED,
                spoil: &[Spoil::BodyText(DATA, "test date..")],
                expect: CHUNK_MISMATCH,
                ..PUT_DATA
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/signed-trailer-changed",
        source: CHUNK_SOURCE,
        steps: &[
            Step {
                payload: SIGNED_WITH_CRC32,
                spoil: &[Spoil::BodyText("cZWHwQ==", "lVk/nw==")],
                expect: &[Refused(403, "SignatureDoesNotMatch", MISMATCH)],
                ..PUT_DATA
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/trailer-of-other-bytes",
        source: "https://github.com/versity/versitygw/issues/1692",
        steps: &[
            Step {
                payload: CRC32_BEHIND,
                spoil: &[Spoil::BodyText("cZWHwQ==", "lVk/nw==")],
                expect: &[Refused(
                    400,
                    "BadDigest",
                    "The CRC32 you specified did not match the calculated checksum.",
                )],
                ..PUT_DATA
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/trailer-of-another-name",
        source: "https://github.com/versity/versitygw/issues/1626",
        steps: &[
            Step {
                payload: CRC32_BEHIND,
                spoil: &[Spoil::BodyText("x-amz-checksum-crc32:", "x-amz-checksum-sha1:")],
                expect: &[Refused(
                    400,
                    "MalformedTrailerError",
                    "The request contained trailing data that was not well-formed or did not conform \
                     to our published schema.",
                )],
                ..PUT_DATA
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/chunk-without-a-size",
        source: "https://github.com/versity/versitygw/issues/1685",
        steps: &[
            Step {
                payload: CRC32_BEHIND,
                spoil: &[Spoil::BodyText("b\r\ntest", "q\r\ntest")],
                expect: &[Refused(
                    400,
                    "IncompleteBody",
                    "The request body terminated unexpectedly",
                )],
                ..PUT_DATA
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/short-chunk-in-the-middle",
        source: "https://github.com/versity/versitygw/issues/1683",
        steps: &[
            Step {
                payload: Payload::SignedChunks { chunk_bytes: 5 },
                expect: &[
                    Refused(
                        403,
                        "InvalidChunkSizeError",
                        "Only the last chunk is allowed to have a size less than 8192 bytes",
                    ),
                    Xml("Chunk", Is("2")),
                    Xml("BadChunkSize", Is("5")),
                ],
                ..PUT_DATA
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "payloads/chunks-for-a-document",
        source: "https://github.com/versity/versitygw/issues/1601",
        steps: &[Step {
            call: "PUT /{bucket}?publicAccessBlock",
            headers: &[("content-md5", "{body_md5}")],
            body: Body::Text(super::public_access_block::ALL_ON),
            payload: SIGNED,
            expect: &[Refused(
                400,
                "InvalidRequest",
                "The value of x-amz-content-sha256 header is invalid.",
            )],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
];

const CHUNK_SOURCE: &str = "pinned by argmin's tests against AWS: \
                            https://github.com/justincormack/argmin";

/// The text that was signed is the chunk's, the canonical request that of the headers.
const CHUNK_MISMATCH: &[Expect] = &[
    Refused(403, "SignatureDoesNotMatch", MISMATCH),
    Xml("AWSAccessKeyId", Is("{access_key}")),
    Xml("StringToSign", StartsWith("AWS4-HMAC-SHA256-PAYLOAD\n")),
    Xml("CanonicalRequest", StartsWith("PUT\n")),
];
