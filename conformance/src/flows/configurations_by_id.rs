//! Configurations of which a bucket may have many, each with an id.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Count;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::MALFORMED;

/// A configuration of one kind: its element, its id, and what it holds besides.
macro_rules! document {
    ($element:literal, $id:literal, $rest:expr) => {
        Body::Text(concat!("<", $element, "><Id>", $id, "</Id>", $rest, "</", $element, ">"))
    };
}

/// The life of a configuration of one kind: its parameter, its element, what a right one holds besides
/// its id, and what a wrong one does.
macro_rules! by_id {
    ($parameter:literal, $element:literal, $right:expr, $wrong:expr) => {
        &[
            Step {
                call: concat!("GET /{bucket}?", $parameter),
                expect: &[Status(200), Count($element, 0), Xml("IsTruncated", Is("false"))],
                ..Step::PLAIN
            },
            Step {
                call: concat!("GET /{bucket}?", $parameter, "&id=one"),
                expect: NONE,
                ..Step::PLAIN
            },
            Step {
                call: concat!("PUT /{bucket}?", $parameter, "&id=one"),
                body: document!($element, "one", $right),
                expect: &[Status(204), BodyText(Absent)],
                ..Step::PLAIN
            },
            Step {
                call: concat!("GET /{bucket}?", $parameter, "&id=one"),
                expect: &[Status(200), Xml("Id", Is("one"))],
                ..Step::PLAIN
            },
            Step {
                call: concat!("GET /{bucket}?", $parameter),
                expect: &[
                    Status(200),
                    Count($element, 1),
                    Xml(concat!($element, "/Id"), Is("one")),
                ],
                ..Step::PLAIN
            },
            Step {
                call: concat!("PUT /{bucket}?", $parameter, "&id=two"),
                body: document!($element, "two", $wrong),
                expect: MALFORMED,
                ..Step::PLAIN
            },
            Step {
                call: concat!("PUT /{bucket}?", $parameter, "&id=two"),
                body: document!($element, "one", $right),
                expect: OF_ANOTHER_ID,
                ..Step::PLAIN
            },
            Step {
                call: concat!("DELETE /{bucket}?", $parameter, "&id=one"),
                expect: &[Status(204)],
                ..Step::PLAIN
            },
            // Unlike other configurations, one that is gone cannot be removed again.
            Step {
                call: concat!("DELETE /{bucket}?", $parameter, "&id=one"),
                expect: NONE,
                ..Step::PLAIN
            },
        ]
    };
}

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "configurations/analytics",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: by_id!(
            "analytics",
            "AnalyticsConfiguration",
            "<Filter><Prefix>logs/</Prefix></Filter><StorageClassAnalysis><DataExport>\
             <OutputSchemaVersion>V_1</OutputSchemaVersion><Destination><S3BucketDestination>\
             <Format>CSV</Format><Bucket>arn:aws:s3:::{bucket}</Bucket></S3BucketDestination>\
             </Destination></DataExport></StorageClassAnalysis>",
            "<StorageClassAnalysis><DataExport><OutputSchemaVersion>V_2</OutputSchemaVersion>\
             <Destination><S3BucketDestination><Format>CSV</Format>\
             <Bucket>arn:aws:s3:::{bucket}</Bucket></S3BucketDestination></Destination></DataExport>\
             </StorageClassAnalysis>"
        ),
        ..Flow::PLAIN
    },
    Flow {
        name: "configurations/inventory",
        source: "recorded by LocalStack: test_put_bucket_inventory_config_order",
        steps: by_id!(
            "inventory",
            "InventoryConfiguration",
            "<IsEnabled>true</IsEnabled><Destination><S3BucketDestination><Format>CSV</Format>\
             <Bucket>arn:aws:s3:::{bucket}</Bucket></S3BucketDestination></Destination><Schedule>\
             <Frequency>Daily</Frequency></Schedule>\
             <IncludedObjectVersions>All</IncludedObjectVersions>",
            "<IsEnabled>true</IsEnabled><Destination><S3BucketDestination><Format>CSV</Format>\
             <Bucket>arn:aws:s3:::{bucket}</Bucket></S3BucketDestination></Destination><Schedule>\
             <Frequency>Hourly</Frequency></Schedule>\
             <IncludedObjectVersions>All</IncludedObjectVersions>"
        ),
        ..Flow::PLAIN
    },
    Flow {
        name: "configurations/inventory-to-no-bucket",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[Step {
            call: "PUT /{bucket}?inventory&id=one",
            body: Body::Text(
                "<InventoryConfiguration><Id>one</Id><IsEnabled>true</IsEnabled><Destination>\
                 <S3BucketDestination><Format>CSV</Format><Bucket>{bucket}</Bucket>\
                 </S3BucketDestination></Destination><Schedule><Frequency>Daily</Frequency></Schedule>\
                 <IncludedObjectVersions>All</IncludedObjectVersions></InventoryConfiguration>",
            ),
            expect: &[Refused(400, "InvalidS3DestinationBucket", "Invalid bucket ARN.")],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "configurations/metrics",
        source: "recorded by LocalStack: TestS3MetricsConfiguration",
        steps: by_id!(
            "metrics",
            "MetricsConfiguration",
            "<Filter><Prefix>logs/</Prefix></Filter>",
            "<Filter><And><Prefix>logs/</Prefix></And></Filter>"
        ),
        ..Flow::PLAIN
    },
    Flow {
        name: "configurations/intelligent-tiering",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: by_id!(
            "intelligent-tiering",
            "IntelligentTieringConfiguration",
            "<Status>Enabled</Status><Tiering><Days>90</Days>\
             <AccessTier>ARCHIVE_ACCESS</AccessTier></Tiering>",
            "<Status>Enabled</Status><Tiering><Days>90</Days>\
             <AccessTier>FROZEN</AccessTier></Tiering>"
        ),
        ..Flow::PLAIN
    },
];

const NONE: &[Expect] =
    &[Refused(404, "NoSuchConfiguration", "The specified configuration does not exist.")];
const OF_ANOTHER_ID: &[Expect] =
    &[Refused(400, "IdMismatch", "Document ID does not match the specified configuration ID.")];
