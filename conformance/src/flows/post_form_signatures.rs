//! Browser forms whose signature, or what it covers, is not right.

use crate::flow::Account;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::Refused;
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

use super::DENIED;
use super::MISMATCH;
use super::post_form::NOTHING_WRITTEN;
use super::post_form::POST;
use super::post_form::SNAPSHOT;

/// A form that lacks a field of its signature.
macro_rules! lacking {
    ($name:literal, $field:literal, $named:literal) => {
        Flow {
            name: $name,
            source: "recorded by LocalStack: \
                     test_post_request_missing_fields",
            steps: &[
                Step {
                    spoil: &[Spoil::FieldRemoved($field)],
                    expect: &[
                        Refused(
                            400,
                            "InvalidArgument",
                            concat!(
                                "Bucket POST must contain a field named '",
                                $named,
                                "'.  If it is specified, please check the order of the fields."
                            ),
                        ),
                        Xml("ArgumentName", Is($named)),
                        Xml("ArgumentValue", Is("")),
                    ],
                    ..POST
                },
                NOTHING_WRITTEN,
            ],
            ..Flow::PLAIN
        }
    };
}

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "post-form-signature/one-changed-character",
        source: SNAPSHOT,
        steps: &[
            Step { spoil: &[Spoil::SignatureCharacter], expect: MISMATCHED, ..POST },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-signature/wrong-secret",
        source: SNAPSHOT,
        steps: &[
            Step { spoil: &[Spoil::SecretWrong], expect: MISMATCHED, ..POST },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-signature/policy-changed",
        source: "recorded by LocalStack: test_post_request_malformed_policy",
        steps: &[
            Step {
                spoil: &[
                    Spoil::PolicyText("\"user/\"", "\"\""),
                    Spoil::Field("key", "elsewhere/cat.jpg"),
                ],
                expect: MISMATCHED,
                ..POST
            },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-signature/policy-not-json",
        source: "recorded by LocalStack: test_post_request_malformed_policy",
        steps: &[Step {
            spoil: &[Spoil::Field("policy", "bm90IGpzb24=")],
            expect: MISMATCHED,
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-signature/unknown-access-key",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
        steps: &[Step { spoil: &[Spoil::AccessKeyUnknown], expect: UNKNOWN_KEY, ..POST }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-signature/unknown-access-key-where-everyone-may-write",
        source: "https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            Step {
                call: "PUT /{bucket}?acl",
                headers: &[("x-amz-acl", "public-read-write"), ("content-md5", "{body_md5}")],
                expect: &[Expect::Status(200)],
                ..Step::PLAIN
            },
            Step { spoil: &[Spoil::AccessKeyUnknown], expect: UNKNOWN_KEY, ..POST },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-signature/another-region",
        source: "https://github.com/aws/aws-sdk-js/issues/2529",
        steps: &[Step {
            spoil: &[Spoil::RegionWrong],
            expect: &[
                Refused(
                    400,
                    "InvalidArgument",
                    "the region '{wrong_region}' is wrong; expecting '{region}'",
                ),
                Xml("ArgumentName", Is("X-Amz-Credential")),
                Xml("ArgumentValue", StartsWith("{access_key}/")),
                Xml("Region", Is("{region}")),
            ],
            ..POST
        }],
        ..Flow::PLAIN
    },
    lacking!("post-form-signature/signature-missing", "x-amz-signature", "X-Amz-Signature"),
    // By analogy with the two fields that are recorded as missing.
    lacking!("post-form-signature/credential-missing", "x-amz-credential", "X-Amz-Credential"),
    lacking!("post-form-signature/date-missing", "x-amz-date", "X-Amz-Date"),
    Flow {
        name: "post-form-signature/only-key-and-policy",
        source: "recorded by LocalStack: test_post_request_missing_fields",
        steps: &[Step {
            spoil: &[
                Spoil::FieldRemoved("x-amz-algorithm"),
                Spoil::FieldRemoved("x-amz-credential"),
                Spoil::FieldRemoved("x-amz-date"),
                Spoil::FieldRemoved("x-amz-signature"),
            ],
            expect: DENIED,
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-signature/signed-an-hour-ago",
        source: "pinned by argmin's tests against AWS: https://github.com/justincormack/argmin",
        // The date of a form is no time of a request: only the policy's end counts.
        steps: &[Step {
            body: crate::flow::Body::Form(crate::flow::Form {
                lifetime_seconds: 7200,
                ..crate::flow::Form::PLAIN
            }),
            spoil: &[Spoil::SignedAt(-3600)],
            ..POST
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "post-form-signature/of-an-account-that-may-not-write",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html",
        needs: &[Feature::SecondAccount],
        steps: &[
            Step { identity: Identity::Form(Account::Stranger), expect: DENIED, ..POST },
            NOTHING_WRITTEN,
        ],
        ..Flow::PLAIN
    },
];

/// The text that was signed is the policy as it was sent; there is no canonical request.
const MISMATCHED: &[Expect] = &[
    Refused(403, "SignatureDoesNotMatch", MISMATCH),
    Xml("AWSAccessKeyId", Is("{access_key}")),
    Xml("StringToSign", Present),
    Xml("SignatureProvided", Present),
    Xml("StringToSignBytes", Present),
    Xml("CanonicalRequest", Absent),
    Xml("CanonicalRequestBytes", Absent),
];

const UNKNOWN_KEY: &[Expect] = &[
    Refused(
        403,
        "InvalidAccessKeyId",
        "The AWS Access Key Id you provided does not exist in our records.",
    ),
    Xml("AWSAccessKeyId", Is("AKIAIOSFODNN7EXAMPLE")),
];
