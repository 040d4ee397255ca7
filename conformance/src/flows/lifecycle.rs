//! Lifecycle rules: kept, refused, told with the object, and at their time acted upon.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::EndsWith;
use crate::flow::Text::Is;
use crate::flow::Text::StartsWith;

use super::GET_CAT;
use super::MALFORMED;
use super::NO_CAT;
use super::PUT_CAT;

/// A configuration of one rule that is enabled, with these members.
macro_rules! rule {
    ($members:literal) => {
        Body::Text(concat!(
            "<LifecycleConfiguration><Rule><ID>a rule</ID><Status>Enabled</Status>",
            $members,
            "</Rule></LifecycleConfiguration>"
        ))
    };
}

const PUT: Step = Step {
    call: "PUT /{bucket}?lifecycle",
    headers: &[("content-md5", "{body_md5}")],
    expect: &[Status(200)],
    ..Step::PLAIN
};
const GET: Step = Step { call: "GET /{bucket}?lifecycle", ..Step::PLAIN };
const DELETE: Step =
    Step { call: "DELETE /{bucket}?lifecycle", expect: &[Status(204)], ..Step::PLAIN };

const TEMPORARY_FOR_A_DAY: Step = Step {
    body: rule!("<Filter><Prefix>tmp/</Prefix></Filter><Expiration><Days>1</Days></Expiration>"),
    ..PUT
};

/// What is told of an object that a rule will remove.
const TOLD: &[Expect] = &[
    Status(200),
    Header("x-amz-expiration", StartsWith("expiry-date=\"")),
    Header("x-amz-expiration", EndsWith(" 00:00:00 GMT\", rule-id=\"a rule\"")),
];

const DAY_SECONDS: u64 = 24 * 60 * 60;

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "lifecycle/put-get-delete",
        source: "recorded by LocalStack: test_delete_bucket_lifecycle_configuration",
        steps: &[
            Step { expect: NONE, ..GET },
            Step {
                expect: &[Status(200), Header(SMALL_OBJECTS, Is("all_storage_classes_128K"))],
                ..TEMPORARY_FOR_A_DAY
            },
            Step {
                expect: &[
                    Status(200),
                    Header(SMALL_OBJECTS, Is("all_storage_classes_128K")),
                    Xml("Rule/ID", Is("a rule")),
                    Xml("Rule/Filter/Prefix", Is("tmp/")),
                    Xml("Rule/Status", Is("Enabled")),
                    Xml("Rule/Expiration/Days", Is("1")),
                ],
                ..GET
            },
            DELETE,
            DELETE,
            Step { expect: NONE, ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "lifecycle/expiration-is-told",
        source: "recorded by LocalStack: test_bucket_lifecycle_configuration_object_expiry",
        steps: &[
            TEMPORARY_FOR_A_DAY,
            Step { call: "PUT /{bucket}/tmp/cat.jpg", expect: TOLD, ..PUT_CAT },
            Step { call: "GET /{bucket}/tmp/cat.jpg", expect: TOLD, ..GET_CAT },
            Step { call: "HEAD /{bucket}/tmp/cat.jpg", expect: TOLD, ..Step::PLAIN },
            Step { expect: &[Status(200), Header("x-amz-expiration", Absent)], ..PUT_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "lifecycle/objects-end",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/\
                 lifecycle-expire-general-considerations.html",
        needs: &[Feature::Clock],
        steps: &[
            Step { body: rule!("<Filter/><Expiration><Days>1</Days></Expiration>"), ..PUT },
            PUT_CAT,
            GET_CAT,
            Step { advance_seconds: 2 * DAY_SECONDS, ..NO_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "lifecycle/documents-malformed",
        source: "recorded by LocalStack: test_put_bucket_lifecycle_conf_exc",
        steps: &[
            Step { body: Body::Text("<LifecycleConfiguration/>"), expect: MALFORMED, ..PUT },
            // Neither a filter nor a prefix.
            Step {
                body: rule!("<Expiration><Days>1</Days></Expiration>"),
                expect: MALFORMED,
                ..PUT
            },
            Step {
                body: rule!(
                    "<Filter><Prefix>a</Prefix><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter>\
                     <Expiration><Days>1</Days></Expiration>"
                ),
                expect: MALFORMED,
                ..PUT
            },
            Step {
                body: rule!(
                    "<Filter/><Expiration><Days>1</Days>\
                     <ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
                ),
                expect: MALFORMED,
                ..PUT
            },
            Step { expect: NONE, ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "lifecycle/values-refused",
        source: "recorded by LocalStack: test_put_bucket_lifecycle_conf_exc",
        steps: &[
            Step {
                body: rule!("<Filter/><Expiration><Date>2030-01-01T01:00:00Z</Date></Expiration>"),
                expect: &[
                    Refused(400, "InvalidArgument", "'Date' must be at midnight GMT"),
                    Xml("ArgumentName", Is("Date")),
                ],
                ..PUT
            },
            Step {
                body: rule!(
                    "<Filter><And><Tag><Key>k</Key><Value>1</Value></Tag>\
                     <Tag><Key>k</Key><Value>2</Value></Tag></And></Filter>\
                     <Expiration><Days>1</Days></Expiration>"
                ),
                expect: &[Refused(400, "InvalidRequest", "Duplicate Tag Keys are not allowed.")],
                ..PUT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "lifecycle/actions-refused",
        source: "recorded by captures from AWS in 2026",
        steps: &[
            Step {
                body: rule!(
                    "<Filter><Tag><Key>k</Key><Value>1</Value></Tag></Filter><Expiration>\
                     <ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
                ),
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "ExpiredObjectDeleteMarker cannot be specified with Tags.",
                )],
                ..PUT
            },
            Step {
                body: rule!(
                    "<Filter><ObjectSizeLessThan>9</ObjectSizeLessThan></Filter>\
                     <AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation>\
                     </AbortIncompleteMultipartUpload>"
                ),
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "AbortIncompleteMultipartUpload cannot be specified with Object Size.",
                )],
                ..PUT
            },
            Step {
                body: rule!(
                    "<Filter/><Expiration><Days>30</Days></Expiration><Transition><Days>30</Days>\
                     <StorageClass>GLACIER</StorageClass></Transition>"
                ),
                expect: &[Refused(
                    400,
                    "InvalidArgument",
                    "'Days' in the Expiration action for filter '(prefix=)' must be greater than \
                     'Days' in the Transition action",
                )],
                ..PUT
            },
            Step { expect: NONE, ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "lifecycle/days-of-zero",
        source: "https://github.com/scality/Arsenal/issues/2648",
        steps: &[Step {
            body: rule!("<Filter/><Expiration><Days>0</Days></Expiration>"),
            expect: &[Refused(
                400,
                "InvalidArgument",
                "'Days' for Expiration action must be a positive integer",
            )],
            ..PUT
        }],
        ..Flow::PLAIN
    },
];

const SMALL_OBJECTS: &str = "x-amz-transition-default-minimum-object-size";
const NONE: &[Expect] = &[
    Refused(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
    Xml("BucketName", Is("{bucket}")),
];
