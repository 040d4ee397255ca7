//! Requests signed by header, and each way in which such a signature is refused.

use crate::flow::Account;
use crate::flow::Expect;
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

const TOO_SKEWED: &str =
    "The difference between the request time and the current time is too large.";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "header-signature/one-changed-character",
        source: "https://github.com/versity/versitygw/issues/779",
        steps: &[Step { spoil: &[Spoil::SignatureCharacter], expect: MISMATCHED_GET, ..GET_CAT }],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/of-a-head-request",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html",
        steps: &[Step {
            call: "HEAD /{bucket}/cat.jpg",
            spoil: &[Spoil::SignatureCharacter],
            expect: &[Status(403), Expect::BodyText(Absent)],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/wrong-secret",
        source: "https://github.com/versity/versitygw/issues/779",
        steps: &[Step { spoil: &[Spoil::SecretWrong], expect: MISMATCHED_GET, ..GET_CAT }],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/unknown-access-key",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        steps: &[Step { spoil: &[Spoil::AccessKeyUnknown], expect: UNKNOWN_KEY, ..GET_CAT }],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/unknown-access-key-is-not-anonymous",
        source: "https://github.com/floci-io/floci/issues/1688",
        needs: &[Feature::PublicBuckets],
        bucket: crate::flow::Bucket::WithAcls,
        steps: &[
            Step { headers: &[("x-amz-acl", "public-read")], ..PUT_CAT },
            Step { identity: Identity::Anonymous, ..GET_CAT },
            Step { spoil: &[Spoil::AccessKeyUnknown], expect: UNKNOWN_KEY, ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/another-region",
        source: "recorded by LocalStack: test_create_bucket_aws_global",
        steps: &[Step {
            spoil: &[Spoil::RegionWrong],
            expect: &[
                Refused(
                    400,
                    "AuthorizationHeaderMalformed",
                    "The authorization header is malformed; the region '{wrong_region}' is wrong; \
                     expecting '{region}'",
                ),
                Xml("Region", Is("{region}")),
                Header("x-amz-bucket-region", Is("{region}")),
            ],
            ..GET_CAT
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/signed-header-changed",
        source: "https://github.com/versity/versitygw/issues/779",
        steps: &[
            Step {
                headers: &[("x-amz-meta-color", "red")],
                spoil: &[Spoil::Header("x-amz-meta-color", "blue")],
                expect: MISMATCHED_PUT,
                ..PUT_CAT
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/signed-header-removed",
        source: "pinned by argmin's tests against AWS: https://github.com/justincormack/argmin",
        steps: &[
            Step {
                headers: &[("content-type", "image/jpeg")],
                spoil: &[Spoil::HeaderRemoved("content-type")],
                expect: MISMATCHED_PUT,
                ..PUT_CAT
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/amz-header-not-signed",
        source: "https://github.com/apache/arrow-rs-object-store/issues/484",
        steps: &[
            Step {
                spoil: &[
                    Spoil::Header("x-amz-meta-color", "blue"),
                    Spoil::Header("x-amz-acl", "bucket-owner-full-control"),
                ],
                expect: &[
                    Refused(
                        403,
                        "AccessDenied",
                        "There were headers present in the request which were not signed",
                    ),
                    Xml("HeadersNotSigned", Is("x-amz-acl, x-amz-meta-color")),
                ],
                ..PUT_CAT
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/other-header-not-signed",
        source: "recorded by LocalStack: test_s3_put_presigned_url_with_different_headers",
        steps: &[
            Step { spoil: &[Spoil::Header("content-type", "image/jpeg")], ..PUT_CAT },
            Step { expect: &[Status(200), Header("content-type", Is("image/jpeg"))], ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/body-changed",
        source: "https://github.com/Kong/lua-resty-aws/issues/2",
        steps: &[
            Step {
                spoil: &[Spoil::BodyText("meow", "woof")],
                expect: &[Refused(
                    400,
                    "XAmzContentSHA256Mismatch",
                    "The provided 'x-amz-content-sha256' header does not match what was computed.",
                )],
                ..PUT_CAT
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/method-changed",
        source: "https://github.com/versity/versitygw/issues/779",
        steps: &[
            PUT_CAT,
            Step {
                spoil: &[Spoil::Method("DELETE")],
                expect: &[Refused(403, "SignatureDoesNotMatch", MISMATCH)],
                ..GET_CAT
            },
            GET_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/key-changed",
        source: "https://github.com/versity/versitygw/issues/779",
        steps: &[Step {
            spoil: &[Spoil::PathText("cat.jpg", "dog.jpg")],
            expect: MISMATCHED_GET,
            ..GET_CAT
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/query-changed",
        source: "https://github.com/versity/versitygw/issues/779",
        steps: &[Step {
            call: "GET /{bucket}?list-type=2&prefix=public/",
            spoil: &[Spoil::Query("prefix", "")],
            expect: MISMATCHED_GET,
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/sixteen-minutes-ago",
        source: "https://github.com/versity/versitygw/issues/1514",
        steps: &[Step { spoil: &[Spoil::SignedAt(-960)], expect: SKEWED, ..GET_CAT }],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/in-sixteen-minutes",
        source: "https://github.com/versity/versitygw/issues/1514",
        steps: &[Step { spoil: &[Spoil::SignedAt(960)], expect: SKEWED, ..GET_CAT }],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/five-minutes-either-way",
        source: "pinned by argmin's tests against AWS: https://github.com/justincormack/argmin",
        steps: &[
            PUT_CAT,
            Step { spoil: &[Spoil::SignedAt(-300)], ..GET_CAT },
            Step { spoil: &[Spoil::SignedAt(300)], ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/scheme-unknown",
        source: "https://github.com/versity/versitygw/issues/1512",
        steps: &[Step {
            spoil: &[Spoil::Header("authorization", "AWS4-HMAC-SHA512 Credential=a")],
            expect: &[
                Refused(400, "InvalidArgument", "Unsupported Authorization Type"),
                Xml("ArgumentName", Is("Authorization")),
                Xml("ArgumentValue", Is("AWS4-HMAC-SHA512 Credential=a")),
            ],
            ..GET_CAT
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "header-signature/header-and-query",
        source: "https://github.com/catalyst/moodle-tool_objectfs/issues/303",
        steps: &[Step {
            identity: Identity::Presigned { account: Account::Owner, lifetime_seconds: 60 },
            spoil: &[Spoil::Header("authorization", "AWS4-HMAC-SHA256 Credential=a")],
            expect: &[
                Refused(
                    400,
                    "InvalidArgument",
                    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, \
                     Signature query string parameter or the Authorization header should be specified",
                ),
                Xml("ArgumentName", Is("Authorization")),
                Xml("ArgumentValue", Is("AWS4-HMAC-SHA256 Credential=a")),
            ],
            ..GET_CAT
        }],
        ..Flow::PLAIN
    },
];

const MISMATCHED_GET: &[Expect] = &[
    Refused(403, "SignatureDoesNotMatch", MISMATCH),
    Xml("AWSAccessKeyId", Is("{access_key}")),
    Xml("StringToSign", StartsWith("AWS4-HMAC-SHA256\n")),
    Xml("SignatureProvided", Present),
    Xml("StringToSignBytes", StartsWith("41 57 53 34 ")),
    Xml("CanonicalRequest", StartsWith("GET\n/")),
    Xml("CanonicalRequestBytes", StartsWith("47 45 54 0a 2f")),
];

const MISMATCHED_PUT: &[Expect] = &[
    Refused(403, "SignatureDoesNotMatch", MISMATCH),
    Xml("AWSAccessKeyId", Is("{access_key}")),
    Xml("StringToSign", StartsWith("AWS4-HMAC-SHA256\n")),
    Xml("CanonicalRequest", StartsWith("PUT\n/")),
];

const UNKNOWN_KEY: &[Expect] = &[
    Refused(
        403,
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
    ),
    Xml("AWSAccessKeyId", Is("AKIAIOSFODNN7EXAMPLE")),
];

const SKEWED: &[Expect] = &[
    Refused(403, "RequestTimeTooSkewed", TOO_SKEWED),
    Xml("RequestTime", Present),
    Xml("ServerTime", Present),
    Xml("MaxAllowedSkewMilliseconds", Is("900000")),
];
