//! Policies of buckets: what denies, on which condition, and what they make of a link that was signed
//! before.

use crate::flow::Account;
use crate::flow::Body;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Count;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Identity;
use crate::flow::Spoil;
use crate::flow::Step;
use crate::flow::Text::Is;

use super::DENIED;
use super::GET_CAT;
use super::NO_SUCH_KEY;
use super::PUT_CAT;
use super::policies::DELETE;
use super::policies::PUT;
use super::policies::REFUSED;

const CONDITIONS: &str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/\
                          amazon-s3-policy-keys.html";
const SIGNATURE_CONDITIONS: &str = "https://docs.aws.amazon.com/AmazonS3/latest/API/\
                                    bucket-policy-s3-sigv4-conditions.html";
const EVALUATION: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/\
                          reference_policies_evaluation-logic.html";

/// A policy of these statements.
macro_rules! statements {
    ($statements:literal) => {
        Body::Text(concat!(r#"{"Version": "2012-10-17", "Statement": ["#, $statements, "]}"))
    };
}

const STRANGER: Identity = Identity::Signed(Account::Stranger);
const LINK: Identity = Identity::Presigned { account: Account::Owner, lifetime_seconds: 3600 };
const STRANGERS_LINK: Identity =
    Identity::Presigned { account: Account::Stranger, lifetime_seconds: 3600 };

/// The second account may read everything in the bucket, and no more.
const LET_STRANGER_READ: Step = Step {
    body: statements!(
        r#"{"Effect": "Allow", "Principal": {"CanonicalUser": "{stranger_id}"},
            "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{bucket}/*"}"#
    ),
    ..PUT
};

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "policy/deny-beats-allow",
        source: EVALUATION,
        needs: &[Feature::SecondAccount],
        steps: &[
            PUT_CAT,
            Step { call: "PUT /{bucket}/secret/cat.jpg", ..PUT_CAT },
            Step {
                body: statements!(
                    r#"{"Effect": "Allow", "Principal": {"CanonicalUser": "{stranger_id}"},
                        "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{bucket}/*"},
                       {"Effect": "Deny", "Principal": {"CanonicalUser": "{stranger_id}"},
                        "Action": "s3:*", "Resource": "arn:aws:s3:::{bucket}/secret/*"}"#
                ),
                ..PUT
            },
            Step { identity: STRANGER, ..GET_CAT },
            Step {
                call: "GET /{bucket}/secret/cat.jpg",
                identity: STRANGER,
                expect: DENIED,
                ..GET_CAT
            },
            Step { call: "GET /{bucket}/secret/cat.jpg", ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/deny-to-the-owner",
        source: EVALUATION,
        steps: &[
            PUT_CAT,
            Step {
                body: statements!(
                    r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteObject",
                        "Resource": "arn:aws:s3:::{bucket}/*"}"#
                ),
                ..PUT
            },
            Step { call: "DELETE /{bucket}/cat.jpg", expect: REFUSED, ..Step::PLAIN },
            GET_CAT,
            DELETE,
            Step { call: "DELETE /{bucket}/cat.jpg", expect: &[Status(204)], ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/link-of-a-signer-whose-right-ends",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html",
        needs: &[Feature::SecondAccount],
        steps: &[
            PUT_CAT,
            LET_STRANGER_READ,
            Step { identity: STRANGERS_LINK, ..GET_CAT },
            DELETE,
            // Signed while it was let in, and asked with when it no longer is.
            Step {
                identity: STRANGERS_LINK,
                spoil: &[Spoil::SignedAt(-120)],
                expect: DENIED,
                ..GET_CAT
            },
            LET_STRANGER_READ,
            Step { identity: STRANGERS_LINK, spoil: &[Spoil::SignedAt(-120)], ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/age-of-a-signature",
        source: SIGNATURE_CONDITIONS,
        steps: &[
            PUT_CAT,
            Step {
                body: statements!(
                    r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
                        "Resource": "arn:aws:s3:::{bucket}/*",
                        "Condition": {"NumericGreaterThan": {"s3:signatureAge": "600000"}}}"#
                ),
                ..PUT
            },
            Step { identity: LINK, spoil: &[Spoil::SignedAt(-300)], ..GET_CAT },
            Step { identity: LINK, spoil: &[Spoil::SignedAt(-900)], expect: REFUSED, ..GET_CAT },
            // A signature in a header has no age.
            GET_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/payload-must-be-hashed",
        source: SIGNATURE_CONDITIONS,
        steps: &[
            Step {
                body: statements!(
                    r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
                        "Resource": "arn:aws:s3:::{bucket}/*",
                        "Condition": {"StringEquals":
                            {"s3:x-amz-content-sha256": "UNSIGNED-PAYLOAD"}}}"#
                ),
                ..PUT
            },
            PUT_CAT,
            Step { payload: crate::flow::Payload::Unsigned, expect: REFUSED, ..PUT_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/encryption-must-be-asked-for",
        source: CONDITIONS,
        steps: &[
            Step {
                body: statements!(
                    r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
                        "Resource": "arn:aws:s3:::{bucket}/*",
                        "Condition": {"Null": {"s3:x-amz-server-side-encryption": "true"}}}"#
                ),
                ..PUT
            },
            Step { expect: REFUSED, ..PUT_CAT },
            Step { headers: &[("x-amz-server-side-encryption", "AES256")], ..PUT_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/list-below-a-prefix",
        source: CONDITIONS,
        needs: &[Feature::SecondAccount],
        steps: &[
            Step { call: "PUT /{bucket}/public/cat.jpg", ..PUT_CAT },
            Step {
                body: statements!(
                    r#"{"Effect": "Allow", "Principal": {"CanonicalUser": "{stranger_id}"},
                        "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::{bucket}",
                        "Condition": {"StringLike": {"s3:prefix": "public/*"}}}"#
                ),
                ..PUT
            },
            Step {
                call: "GET /{bucket}?list-type=2&prefix=public/",
                identity: STRANGER,
                expect: &[Status(200), Count("Contents", 1)],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}?list-type=2",
                identity: STRANGER,
                expect: DENIED,
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/missing-key",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html",
        needs: &[Feature::SecondAccount],
        steps: &[
            LET_STRANGER_READ,
            Step { identity: STRANGER, expect: DENIED, ..GET_CAT },
            Step {
                body: statements!(
                    r#"{"Effect": "Allow", "Principal": {"CanonicalUser": "{stranger_id}"},
                        "Action": ["s3:GetObject", "s3:ListBucket"],
                        "Resource": ["arn:aws:s3:::{bucket}", "arn:aws:s3:::{bucket}/*"]}"#
                ),
                ..PUT
            },
            Step {
                identity: STRANGER,
                expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY)],
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/another-account-writes",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html",
        needs: &[Feature::SecondAccount],
        steps: &[
            Step {
                body: statements!(
                    r#"{"Effect": "Allow", "Principal": {"CanonicalUser": "{stranger_id}"},
                        "Action": "s3:PutObject", "Resource": "arn:aws:s3:::{bucket}/*"}"#
                ),
                ..PUT
            },
            Step { identity: STRANGER, ..PUT_CAT },
            Step { identity: STRANGER, expect: DENIED, ..GET_CAT },
            // Where ownership is enforced, what others write belongs to the bucket's owner.
            Step { expect: &[Status(200), BodyText(Is("meow"))], ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "policy/statements-refused",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html",
        steps: &[
            Step {
                body: statements!(
                    r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
                        "Resource": "arn:aws:s3:::{other}/*"}"#
                ),
                expect: &[Refused(400, "MalformedPolicy", "Policy has invalid resource")],
                ..PUT
            },
            Step {
                body: statements!(
                    r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:FetchObject",
                        "Resource": "arn:aws:s3:::{bucket}/*"}"#
                ),
                expect: &[Refused(400, "MalformedPolicy", "Policy has invalid action")],
                ..PUT
            },
            Step {
                body: statements!(
                    r#"{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
                        "Resource": "arn:aws:s3:::{bucket}"}"#
                ),
                expect: &[Refused(
                    400,
                    "MalformedPolicy",
                    "Action does not apply to any resource(s) in statement",
                )],
                ..PUT
            },
            Step {
                body: statements!(
                    r#"{"Effect": "Deny", "Principal": {"AWS": "nobody"}, "Action": "s3:GetObject",
                        "Resource": "arn:aws:s3:::{bucket}/*"}"#
                ),
                expect: &[Refused(400, "MalformedPolicy", "Invalid principal in policy")],
                ..PUT
            },
        ],
        ..Flow::PLAIN
    },
];
