//! Object lock: configuration, retention, legal hold, and what they refuse.

use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Place;
use crate::flow::Step;
use crate::flow::Text::Is;
use crate::flow::Text::Present;

use super::MALFORMED;
use super::PUT_CAT;

/// Nothing here is locked for good: retention is by governance, and is taken off in the flow.
const CREATE: Step = Step {
    call: "PUT /{bucket}",
    headers: &[("x-amz-bucket-object-lock-enabled", "true")],
    body: Body::Text("{create_bucket}"),
    expect: &[Status(200)],
    ..Step::PLAIN
};
const PUT_LOCK: Step = Step {
    call: "PUT /{bucket}?object-lock",
    headers: &[("content-md5", "{body_md5}")],
    ..Step::PLAIN
};
const PUT_VERSION: Step = Step {
    headers: &[("content-md5", "{body_md5}")],
    keep: &[("version", Place::Header("x-amz-version-id"))],
    ..PUT_CAT
};
const REMOVE: Step = Step { call: "DELETE /{bucket}/cat.jpg?versionId={version}", ..Step::PLAIN };
const HOLD: Step = Step {
    call: "PUT /{bucket}/cat.jpg?legal-hold",
    headers: &[("content-md5", "{body_md5}")],
    ..Step::PLAIN
};

const LOCKED: &[Expect] =
    &[Refused(403, "AccessDenied", "Access Denied because object protected by object lock.")];
const MISSING: &[Expect] =
    &[Refused(400, "InvalidRequest", "Bucket is missing Object Lock Configuration")];

const RETAIN: Step = Step {
    call: "PUT /{bucket}/cat.jpg?retention",
    headers: &[("content-md5", "{body_md5}")],
    body: Body::Text(
        "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>{tomorrow}</RetainUntilDate>\
         </Retention>",
    ),
    expect: &[Status(200)],
    ..Step::PLAIN
};
pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "object-lock/bucket-made-with-it",
        source: "recorded by LocalStack: TestS3ObjectLock",
        bucket: Bucket::None,
        steps: &[
            CREATE,
            Step {
                call: "GET /{bucket}?versioning",
                expect: &[Status(200), Xml("Status", Is("Enabled"))],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}?object-lock",
                expect: &[Status(200), Xml("ObjectLockEnabled", Is("Enabled"))],
                ..Step::PLAIN
            },
            Step {
                call: "PUT /{bucket}?versioning",
                headers: &[("content-md5", "{body_md5}")],
                body: Body::Text(
                    "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                     <Status>Suspended</Status></VersioningConfiguration>",
                ),
                expect: &[Refused(
                    409,
                    "InvalidBucketState",
                    "An Object Lock configuration is present on this bucket, so the versioning \
                     state cannot be changed.",
                )],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "object-lock/bucket-without-it",
        source: "recorded by LocalStack: TestS3ObjectLock",
        steps: &[
            Step {
                call: "GET /{bucket}?object-lock",
                expect: &[
                    Refused(
                        404,
                        "ObjectLockConfigurationNotFoundError",
                        "Object Lock configuration does not exist for this bucket",
                    ),
                    Xml("BucketName", Is("{bucket}")),
                ],
                ..Step::PLAIN
            },
            Step {
                body: Body::Text(
                    "<ObjectLockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                     <ObjectLockEnabled>Enabled</ObjectLockEnabled></ObjectLockConfiguration>",
                ),
                expect: &[Refused(
                    409,
                    "InvalidBucketState",
                    "Versioning must be 'Enabled' on the bucket to apply a Object Lock \
                     configuration",
                )],
                ..PUT_LOCK
            },
            PUT_CAT,
            Step { call: "GET /{bucket}/cat.jpg?retention", expect: MISSING, ..Step::PLAIN },
            Step { call: "GET /{bucket}/cat.jpg?legal-hold", expect: MISSING, ..Step::PLAIN },
            Step {
                call: "DELETE /{bucket}/cat.jpg",
                headers: &[("x-amz-bypass-governance-retention", "true")],
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "x-amz-bypass-governance-retention is only applicable to Object Lock \
                         enabled buckets.",
                    ),
                    Xml("ArgumentName", Is("x-amz-bypass-governance-retention")),
                ],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "object-lock/legal-hold",
        source: "recorded by LocalStack: TestS3ObjectLock",
        bucket: Bucket::None,
        steps: &[
            CREATE,
            PUT_VERSION,
            Step {
                call: "GET /{bucket}/cat.jpg?legal-hold",
                expect: &[Refused(
                    404,
                    "NoSuchObjectLockConfiguration",
                    "The specified object does not have a ObjectLock configuration",
                )],
                ..Step::PLAIN
            },
            Step { body: Body::Text("<LegalHold/>"), expect: MALFORMED, ..HOLD },
            Step {
                body: Body::Text("<LegalHold><Status>ON</Status></LegalHold>"),
                expect: &[Status(200)],
                ..HOLD
            },
            Step {
                call: "HEAD /{bucket}/cat.jpg",
                expect: &[Status(200), Header("x-amz-object-lock-legal-hold", Is("ON"))],
                ..Step::PLAIN
            },
            Step { expect: LOCKED, ..REMOVE },
            // Hiding is no removal.
            Step {
                call: "DELETE /{bucket}/cat.jpg",
                expect: &[Status(204), Header("x-amz-delete-marker", Is("true"))],
                ..Step::PLAIN
            },
            Step {
                call: "PUT /{bucket}/cat.jpg?legal-hold&versionId={version}",
                body: Body::Text("<LegalHold><Status>OFF</Status></LegalHold>"),
                expect: &[Status(200)],
                ..HOLD
            },
            Step { expect: &[Status(204)], ..REMOVE },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "object-lock/default-retention-by-governance",
        source: "recorded by LocalStack: TestS3ObjectLock",
        bucket: Bucket::None,
        steps: &[
            CREATE,
            Step {
                body: Body::Text(
                    "<ObjectLockConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                     <ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention>\
                     <Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention></Rule>\
                     </ObjectLockConfiguration>",
                ),
                expect: &[Status(200)],
                ..PUT_LOCK
            },
            PUT_VERSION,
            Step {
                call: "HEAD /{bucket}/cat.jpg",
                expect: &[
                    Status(200),
                    Header("x-amz-object-lock-mode", Is("GOVERNANCE")),
                    Header("x-amz-object-lock-retain-until-date", Present),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}/cat.jpg?retention",
                expect: &[
                    Status(200),
                    Xml("Mode", Is("GOVERNANCE")),
                    Xml("RetainUntilDate", Present),
                ],
                ..Step::PLAIN
            },
            Step { expect: LOCKED, ..REMOVE },
            Step {
                headers: &[("x-amz-bypass-governance-retention", "true")],
                expect: &[Status(204)],
                ..REMOVE
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "object-lock/retention-by-governance",
        source: "recorded by LocalStack: TestS3ObjectLockRetention",
        bucket: Bucket::None,
        steps: &[
            CREATE,
            PUT_VERSION,
            Step { body: Body::Text("<Retention>"), expect: MALFORMED, ..RETAIN },
            Step {
                body: Body::Text(
                    "<Retention><Mode>GOVERNANCE</Mode>\
                     <RetainUntilDate>2020-01-01T00:00:00Z</RetainUntilDate></Retention>",
                ),
                expect: &[Refused(
                    400,
                    "InvalidArgument",
                    "The retain until date must be in the future!",
                )],
                ..RETAIN
            },
            RETAIN,
            Step {
                call: "GET /{bucket}/cat.jpg?retention",
                expect: &[Status(200), Xml("Mode", Is("GOVERNANCE"))],
                ..Step::PLAIN
            },
            Step { expect: LOCKED, ..REMOVE },
            // Whoever may bypass it may also take it off.
            Step { body: Body::Text("<Retention/>"), expect: LOCKED, ..RETAIN },
            Step {
                headers: &[
                    ("content-md5", "{body_md5}"),
                    ("x-amz-bypass-governance-retention", "true"),
                ],
                body: Body::Text("<Retention/>"),
                ..RETAIN
            },
            Step { expect: &[Status(204)], ..REMOVE },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "object-lock/headers-that-are-half",
        source: "recorded by LocalStack: TestS3ObjectLock",
        bucket: Bucket::None,
        steps: &[
            CREATE,
            Step {
                headers: &[("content-md5", "{body_md5}"), ("x-amz-object-lock-mode", "GOVERNANCE")],
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must \
                         both be supplied",
                    ),
                    Xml("ArgumentName", Is("x-amz-object-lock-retain-until-date")),
                ],
                ..PUT_CAT
            },
        ],
        ..Flow::PLAIN
    },
];
