//! Presigned URLs, and each way in which one is refused.

use crate::flow::Account;
use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Identity;
use crate::flow::Spoil;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;
use crate::flow::Text::Present;
use crate::flow::Text::StartsWith;

use super::GET_CAT;
use super::MISMATCH;
use super::NO_CAT;
use super::PUT_CAT;

const LOCALSTACK: &str = "https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json";

const FOR_A_MINUTE: Identity =
    Identity::Presigned { account: Account::Owner, lifetime_seconds: 60 };
const GET_BY_URL: Step = Step { identity: FOR_A_MINUTE, ..GET_CAT };
const PUT_BY_URL: Step = Step { identity: FOR_A_MINUTE, ..PUT_CAT };

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "presigned/put-and-get",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html",
        steps: &[
            PUT_BY_URL,
            Step { expect: &[Status(200), BodyText(Is("meow"))], ..GET_BY_URL },
            Step { call: "HEAD /{bucket}/cat.jpg", ..GET_BY_URL },
            Step { call: "DELETE /{bucket}/cat.jpg", expect: &[Status(204)], ..GET_BY_URL },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/signed-headers",
        source: "recorded by LocalStack: test_put_url_metadata_with_sig_s3v4",
        steps: &[
            Step {
                headers: &[("x-amz-meta-color", "red"), ("content-type", "image/jpeg")],
                ..PUT_BY_URL
            },
            Step {
                expect: &[
                    Status(200),
                    Header("x-amz-meta-color", Is("red")),
                    Header("content-type", Is("image/jpeg")),
                ],
                ..GET_BY_URL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/metadata-in-the-query",
        source: "recorded by LocalStack: test_presigned_url_v4_x_amz_in_qs",
        steps: &[
            Step { call: "PUT /{bucket}/cat.jpg?x-amz-meta-color=red", ..PUT_BY_URL },
            Step { expect: &[Status(200), Header("x-amz-meta-color", Is("red"))], ..GET_BY_URL },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/parameters-in-another-order",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html",
        steps: &[
            PUT_CAT,
            // Removed and added again, the algorithm comes last.
            Step {
                spoil: &[
                    Spoil::QueryRemoved("X-Amz-Algorithm"),
                    Spoil::Query("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
                ],
                ..GET_BY_URL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/one-changed-character",
        source: LOCALSTACK,
        steps: &[
            PUT_CAT,
            Step { spoil: &[Spoil::SignatureCharacter], expect: MISMATCHED, ..GET_BY_URL },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/another-method",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html",
        steps: &[
            PUT_CAT,
            Step {
                spoil: &[Spoil::Method("DELETE")],
                expect: &[
                    Refused(403, "SignatureDoesNotMatch", MISMATCH),
                    Xml("CanonicalRequest", StartsWith("DELETE\n")),
                ],
                ..GET_BY_URL
            },
            Step {
                spoil: &[Spoil::Method("HEAD")],
                expect: &[Status(403), BodyText(Absent)],
                ..GET_BY_URL
            },
            GET_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/another-key",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html",
        steps: &[
            PUT_CAT,
            Step {
                call: "GET /{bucket}/dog.jpg",
                spoil: &[Spoil::PathText("dog.jpg", "cat.jpg")],
                expect: MISMATCHED,
                ..GET_BY_URL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/parameter-added",
        source: "recorded by LocalStack: test_s3_put_presigned_url_same_header_and_qs_parameter",
        steps: &[
            PUT_CAT,
            Step {
                spoil: &[Spoil::Query("response-content-type", "text/html")],
                expect: MISMATCHED,
                ..GET_BY_URL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/amz-header-not-signed",
        source: "recorded by LocalStack: test_put_url_metadata_with_sig_s3v4",
        steps: &[
            Step {
                spoil: &[Spoil::Header("x-amz-meta-color", "red")],
                expect: &[
                    Refused(
                        403,
                        "AccessDenied",
                        "There were headers present in the request which were not signed",
                    ),
                    Xml("HeadersNotSigned", Is("x-amz-meta-color")),
                ],
                ..PUT_BY_URL
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/other-header-not-signed",
        source: "recorded by LocalStack: test_s3_put_presigned_url_with_different_headers",
        steps: &[Step { spoil: &[Spoil::Header("content-type", "image/jpeg")], ..PUT_BY_URL }],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/expired",
        source: LOCALSTACK,
        steps: &[PUT_CAT, Step { spoil: &[Spoil::SignedAt(-3600)], expect: EXPIRED, ..GET_BY_URL }],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/expires-while-the-clock-moves",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html",
        needs: &[Feature::Clock],
        steps: &[
            PUT_CAT,
            Step { spoil: &[Spoil::SignedAt(-60)], ..GET_BY_URL },
            // The next second ends it.
            Step {
                advance_seconds: 61,
                spoil: &[Spoil::SignedAt(-61)],
                expect: EXPIRED,
                ..GET_BY_URL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/not-yet-valid",
        source: "https://github.com/minio/minio/issues/2638",
        steps: &[Step {
            spoil: &[Spoil::SignedAt(3600)],
            expect: &[
                Refused(403, "AccessDenied", "Request is not yet valid"),
                Xml("X-Amz-Date", Present),
                Xml("Expires", Present),
                Xml("ServerTime", Present),
            ],
            ..GET_BY_URL
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/seven-days",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html",
        steps: &[
            PUT_CAT,
            Step {
                identity: Identity::Presigned {
                    account: Account::Owner,
                    lifetime_seconds: 604_800,
                },
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/more-than-seven-days",
        source: "https://github.com/minio/minio/issues/5162",
        steps: &[Step {
            spoil: &[Spoil::Query("X-Amz-Expires", "604801")],
            expect: &[Refused(
                400,
                "AuthorizationQueryParametersError",
                "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires \
                 must be less than 604800 seconds",
            )],
            ..GET_BY_URL
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/lifetime-not-a-number",
        source: "https://github.com/minio/minio-js/issues/1312",
        steps: &[Step {
            spoil: &[Spoil::Query("X-Amz-Expires", "soon")],
            expect: &[Refused(
                400,
                "AuthorizationQueryParametersError",
                "X-Amz-Expires should be a number",
            )],
            ..GET_BY_URL
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/lifetime-negative",
        source: "https://github.com/catalyst/moodle-tool_objectfs/issues/270",
        steps: &[Step {
            spoil: &[Spoil::Query("X-Amz-Expires", "-1")],
            expect: &[Refused(
                400,
                "AuthorizationQueryParametersError",
                "X-Amz-Expires must be non-negative",
            )],
            ..GET_BY_URL
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/parameter-missing",
        source: LOCALSTACK,
        steps: &[Step {
            spoil: &[Spoil::QueryRemoved("X-Amz-Expires")],
            expect: &[Refused(
                400,
                "AuthorizationQueryParametersError",
                "Query-string authentication version 4 requires the X-Amz-Algorithm, \
                 X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and \
                 X-Amz-Expires parameters.",
            )],
            ..GET_BY_URL
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/another-region",
        source: "pinned by argmin's tests against AWS: https://github.com/justincormack/argmin",
        steps: &[Step {
            spoil: &[Spoil::RegionWrong],
            expect: &[
                Refused(
                    400,
                    "AuthorizationQueryParametersError",
                    "Error parsing the X-Amz-Credential parameter; the region '{wrong_region}' is \
                     wrong; expecting '{region}'",
                ),
                Xml("Region", Is("{region}")),
            ],
            ..GET_BY_URL
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/unknown-access-key",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        steps: &[Step {
            spoil: &[Spoil::AccessKeyUnknown],
            expect: &[
                Refused(
                    403,
                    "InvalidAccessKeyId",
                    "The AWS Access Key Id you provided does not exist in our records.",
                ),
                Xml("AWSAccessKeyId", Is("AKIAIOSFODNN7EXAMPLE")),
            ],
            ..GET_BY_URL
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/wrong-secret",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        steps: &[Step { spoil: &[Spoil::SecretWrong], expect: MISMATCHED, ..GET_BY_URL }],
        ..Flow::PLAIN
    },
    Flow {
        name: "presigned/signed-content-md5",
        source: "recorded by LocalStack: test_s3_put_presigned_url_with_different_headers",
        steps: &[
            Step { headers: &[("content-md5", "{body_md5}")], ..PUT_BY_URL },
            Step {
                headers: &[("content-md5", "{body_md5}")],
                spoil: &[Spoil::HeaderRemoved("content-md5")],
                expect: &[Refused(403, "SignatureDoesNotMatch", MISMATCH)],
                ..PUT_BY_URL
            },
            Step {
                headers: &[("content-md5", "{body_md5}")],
                body: Body::Text("meow"),
                spoil: &[Spoil::BodyText("meow", "woof")],
                expect: &[Refused(
                    400,
                    "BadDigest",
                    "The Content-MD5 you specified did not match what we received.",
                )],
                ..PUT_BY_URL
            },
        ],
        ..Flow::PLAIN
    },
];

const MISMATCHED: &[Expect] = &[
    Refused(403, "SignatureDoesNotMatch", MISMATCH),
    Xml("AWSAccessKeyId", Is("{access_key}")),
    Xml("StringToSign", StartsWith("AWS4-HMAC-SHA256\n")),
    Xml("SignatureProvided", Present),
    Xml("StringToSignBytes", StartsWith("41 57 53 34 ")),
    Xml("CanonicalRequest", StartsWith("GET\n/")),
    Xml("CanonicalRequestBytes", StartsWith("47 45 54 0a 2f")),
];

const EXPIRED: &[Expect] = &[
    Refused(403, "AccessDenied", "Request has expired"),
    Xml("X-Amz-Expires", Is("60")),
    Xml("Expires", Present),
    Xml("ServerTime", Present),
];
