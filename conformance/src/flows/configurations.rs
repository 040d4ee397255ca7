//! What a bucket is told to do besides keeping objects: read before it was set, set, read, and wrong.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::MALFORMED;
use super::versions::ENABLE;

/// Sends a document, with the digest that some of them need.
const PUT: Step = Step {
    headers: &[("content-md5", "{body_md5}")],
    expect: &[Status(200), BodyText(Absent)],
    ..Step::PLAIN
};

const PUT_ABAC: Step = Step { call: "PUT /{bucket}?abac", ..PUT };
const GET_ABAC: Step = Step { call: "GET /{bucket}?abac", ..Step::PLAIN };
const PUT_ACCELERATE: Step = Step { call: "PUT /{bucket}?accelerate", ..PUT };
const GET_ACCELERATE: Step = Step { call: "GET /{bucket}?accelerate", ..Step::PLAIN };
const PUT_PAYMENT: Step = Step { call: "PUT /{bucket}?requestPayment", ..PUT };
const GET_PAYMENT: Step = Step { call: "GET /{bucket}?requestPayment", ..Step::PLAIN };
const PUT_LOGGING: Step = Step { call: "PUT /{bucket}?logging", ..PUT };
const GET_LOGGING: Step = Step { call: "GET /{bucket}?logging", ..Step::PLAIN };
const PUT_REPLICATION: Step = Step { call: "PUT /{bucket}?replication", ..PUT };
const REPLICATE_TO_ITSELF: Step = Step {
    body: Body::Text(
        "<ReplicationConfiguration><Role>arn:aws:iam::123456789012:role/copies</Role>\
         <Rule><Status>Enabled</Status><Prefix/><Destination>\
         <Bucket>arn:aws:s3:::{bucket}</Bucket></Destination></Rule>\
         </ReplicationConfiguration>",
    ),
    ..PUT_REPLICATION
};
const GET_REPLICATION: Step = Step { call: "GET /{bucket}?replication", ..Step::PLAIN };

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "configurations/abac",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html",
        steps: &[
            Step { expect: &[Status(200), Xml("Status", Is("Disabled"))], ..GET_ABAC },
            Step {
                body: Body::Text("<AbacStatus><Status>Enabled</Status></AbacStatus>"),
                ..PUT_ABAC
            },
            Step { expect: &[Status(200), Xml("Status", Is("Enabled"))], ..GET_ABAC },
            Step {
                body: Body::Text("<AbacStatus><Status>On</Status></AbacStatus>"),
                expect: MALFORMED,
                ..PUT_ABAC
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "configurations/accelerate",
        source: "recorded by LocalStack: TestS3BucketAccelerateConfiguration",
        steps: &[
            Step {
                expect: &[Status(200), Root("AccelerateConfiguration"), Xml("Status", Absent)],
                ..GET_ACCELERATE
            },
            Step {
                body: Body::Text(
                    "<AccelerateConfiguration><Status>Enabled</Status></AccelerateConfiguration>",
                ),
                ..PUT_ACCELERATE
            },
            Step { expect: &[Status(200), Xml("Status", Is("Enabled"))], ..GET_ACCELERATE },
            Step {
                body: Body::Text(
                    "<AccelerateConfiguration><Status>enabled</Status></AccelerateConfiguration>",
                ),
                expect: MALFORMED,
                ..PUT_ACCELERATE
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "configurations/request-payment",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketRequestPayment.html",
        steps: &[
            Step { expect: &[Status(200), Xml("Payer", Is("BucketOwner"))], ..GET_PAYMENT },
            Step {
                body: Body::Text(
                    "<RequestPaymentConfiguration><Payer>Requester</Payer>\
                     </RequestPaymentConfiguration>",
                ),
                ..PUT_PAYMENT
            },
            Step { expect: &[Status(200), Xml("Payer", Is("Requester"))], ..GET_PAYMENT },
            Step {
                body: Body::Text(
                    "<RequestPaymentConfiguration><Payer>Nobody</Payer>\
                     </RequestPaymentConfiguration>",
                ),
                expect: MALFORMED,
                ..PUT_PAYMENT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "configurations/logging",
        source: "recorded by LocalStack: TestS3BucketLogging",
        steps: &[
            Step {
                expect: &[Status(200), Root("BucketLoggingStatus"), Xml("LoggingEnabled", Absent)],
                ..GET_LOGGING
            },
            Step {
                body: Body::Text(
                    "<BucketLoggingStatus><LoggingEnabled><TargetBucket>{missing}</TargetBucket>\
                     <TargetPrefix/></LoggingEnabled></BucketLoggingStatus>",
                ),
                expect: &[
                    Refused(
                        400,
                        "InvalidTargetBucketForLogging",
                        "The target bucket for logging does not exist",
                    ),
                    Xml("TargetBucket", Is("{missing}")),
                ],
                ..PUT_LOGGING
            },
            // Nothing to write to: no logging.
            Step { body: Body::Text("<BucketLoggingStatus/>"), ..PUT_LOGGING },
            Step {
                body: Body::Text("<BucketLoggingStatus><LoggingEnabled/></BucketLoggingStatus>"),
                expect: MALFORMED,
                ..PUT_LOGGING
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "configurations/replication",
        source: "recorded by LocalStack: TestS3BucketReplication",
        steps: &[
            Step {
                expect: &[
                    Refused(
                        404,
                        "ReplicationConfigurationNotFoundError",
                        "The replication configuration was not found",
                    ),
                    Xml("BucketName", Is("{bucket}")),
                ],
                ..GET_REPLICATION
            },
            Step {
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Versioning must be 'Enabled' on the bucket to apply a replication configuration",
                )],
                ..REPLICATE_TO_ITSELF
            },
            ENABLE,
            // Captured in 2026.
            Step {
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Destination bucket cannot be the same as the source bucket.",
                )],
                ..REPLICATE_TO_ITSELF
            },
            Step { call: "DELETE /{bucket}?replication", expect: &[Status(204)], ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "configurations/digest-missing",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html",
        steps: &[
            Step { headers: &[], expect: NO_DIGEST, ..PUT_REPLICATION },
            Step { call: "PUT /{bucket}?cors", headers: &[], expect: NO_DIGEST, ..PUT },
            // Captured from AWS in 2026: one has another text, and the other needs none.
            Step {
                call: "PUT /{bucket}?lifecycle",
                headers: &[],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Missing required header for this request: Content-MD5",
                )],
                ..PUT
            },
            Step {
                call: "PUT /{bucket}?versioning",
                headers: &[],
                body: Body::Text(
                    "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>",
                ),
                ..PUT
            },
        ],
        ..Flow::PLAIN
    },
];

const NO_DIGEST: &[Expect] = &[Refused(
    400,
    "InvalidRequest",
    "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
)];
