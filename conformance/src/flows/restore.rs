//! Archived objects: asked for, waited for, read.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;
use crate::flow::Text::StartsWith;

use super::GET_CAT;
use super::PUT_CAT;

const DOCUMENTED: &str = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html";

const ARCHIVE: Step = Step { headers: &[("x-amz-storage-class", "GLACIER")], ..PUT_CAT };
const RESTORE: Step = Step {
    call: "POST /{bucket}/cat.jpg?restore",
    body: Body::Text(
        "<RestoreRequest><Days>1</Days><GlacierJobParameters><Tier>Bulk</Tier>\
         </GlacierJobParameters></RestoreRequest>",
    ),
    expect: &[Status(202)],
    ..Step::PLAIN
};
const HEAD: Step = Step { call: "HEAD /{bucket}/cat.jpg", ..Step::PLAIN };

/// The longest that the bulk tier takes.
const TWELVE_HOURS_SECONDS: u64 = 12 * 60 * 60;

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "restore/asked-for",
        source: "recorded by LocalStack: test_s3_get_deep_archive_object_restore",
        steps: &[
            ARCHIVE,
            Step { expect: ARCHIVED, ..GET_CAT },
            Step {
                expect: &[
                    Status(200),
                    Header("x-amz-storage-class", Is("GLACIER")),
                    Header("x-amz-restore", Absent),
                ],
                ..HEAD
            },
            RESTORE,
            Step {
                expect: &[Status(200), Header("x-amz-restore", Is("ongoing-request=\"true\""))],
                ..HEAD
            },
            Step { expect: ARCHIVED, ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "restore/asked-for-again",
        source: DOCUMENTED,
        steps: &[
            ARCHIVE,
            RESTORE,
            Step {
                expect: &[Refused(
                    409,
                    "RestoreAlreadyInProgress",
                    "Object restore is already in progress",
                )],
                ..RESTORE
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "restore/sped-up",
        source: DOCUMENTED,
        steps: &[
            ARCHIVE,
            RESTORE,
            Step {
                body: Body::Text(
                    "<RestoreRequest><Days>1</Days><GlacierJobParameters><Tier>Standard</Tier>\
                     </GlacierJobParameters></RestoreRequest>",
                ),
                ..RESTORE
            },
            Step {
                call: "GET /{bucket}?list-type=2",
                headers: &[("x-amz-optional-object-attributes", "RestoreStatus")],
                expect: &[
                    Status(200),
                    Xml("Contents/RestoreStatus/IsRestoreInProgress", Is("true")),
                ],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "restore/waited-for",
        source: DOCUMENTED,
        needs: &[Feature::Clock],
        steps: &[
            ARCHIVE,
            RESTORE,
            Step {
                advance_seconds: TWELVE_HOURS_SECONDS,
                expect: &[
                    Status(200),
                    Header(
                        "x-amz-restore",
                        StartsWith("ongoing-request=\"false\", expiry-date=\""),
                    ),
                ],
                ..HEAD
            },
            Step { expect: &[Status(200), BodyText(Is("meow"))], ..GET_CAT },
            // What is there already is kept for longer.
            Step { expect: &[Status(200)], ..RESTORE },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "restore/not-archived",
        source: DOCUMENTED,
        steps: &[
            PUT_CAT,
            Step {
                expect: &[Refused(
                    403,
                    "InvalidObjectState",
                    "Restore is not allowed for the object's current storage class",
                )],
                ..RESTORE
            },
        ],
        ..Flow::PLAIN
    },
];

const ARCHIVED: &[Expect] = &[
    Refused(403, "InvalidObjectState", "The operation is not valid for the object's storage class"),
    Xml("StorageClass", Is("GLACIER")),
];
