//! Whom a bucket tells of changes, as far as S3 answers; what is told goes elsewhere.

use crate::flow::Body;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::MALFORMED;

/// The queues need not exist.
const PUT: Step = Step {
    call: "PUT /{bucket}?notification",
    headers: &[("x-amz-skip-destination-validation", "true")],
    expect: &[Status(200)],
    ..Step::PLAIN
};
const GET: Step = Step { call: "GET /{bucket}?notification", ..Step::PLAIN };

/// A configuration for one queue, with these members.
macro_rules! queue {
    ($members:literal) => {
        Body::Text(concat!(
            "<NotificationConfiguration><QueueConfiguration><Id>uploads</Id>",
            $members,
            "</QueueConfiguration></NotificationConfiguration>"
        ))
    };
}

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "notifications/put-and-get",
        source: "recorded by LocalStack: test_s3_notifications_sqs.py",
        steps: &[
            Step {
                expect: &[
                    Status(200),
                    Root("NotificationConfiguration"),
                    Xml("QueueConfiguration", Absent),
                ],
                ..GET
            },
            Step {
                body: queue!(
                    "<Queue>arn:aws:sqs:{region}:123456789012:queue</Queue>\
                     <Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name>\
                     <Value>images/</Value></FilterRule></S3Key></Filter>"
                ),
                ..PUT
            },
            Step {
                expect: &[
                    Status(200),
                    Xml("QueueConfiguration/Id", Is("uploads")),
                    Xml("QueueConfiguration/Event", Is("s3:ObjectCreated:*")),
                    Xml("QueueConfiguration/Filter/S3Key/FilterRule/Name", Is("Prefix")),
                    Xml("QueueConfiguration/Filter/S3Key/FilterRule/Value", Is("images/")),
                ],
                ..GET
            },
            // An empty one tells nobody any more.
            Step { body: Body::Text("<NotificationConfiguration/>"), ..PUT },
            Step { expect: &[Status(200), Xml("QueueConfiguration", Absent)], ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "notifications/refused",
        source: "recorded by LocalStack: test_s3_notifications_sqs.py",
        steps: &[
            Step {
                body: queue!("<Queue>queue</Queue><Event>s3:ObjectCreated:*</Event>"),
                expect: &[
                    Refused(400, "InvalidArgument", "The ARN could not be parsed"),
                    Xml("ArgumentName", Is("Queue")),
                    Xml("ArgumentValue", Is("queue")),
                ],
                ..PUT
            },
            Step {
                body: queue!(
                    "<Queue>arn:aws:sqs:{region}:123456789012:queue</Queue>\
                     <Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>infix</Name>\
                     <Value>a</Value></FilterRule></S3Key></Filter>"
                ),
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "filter rule name must be either prefix or suffix",
                    ),
                    Xml("ArgumentName", Is("FilterRule.Name")),
                    Xml("ArgumentValue", Is("infix")),
                ],
                ..PUT
            },
            Step {
                body: queue!(
                    "<Queue>arn:aws:sqs:{region}:123456789012:queue</Queue>\
                     <Event>s3:ObjectMade:*</Event>"
                ),
                expect: MALFORMED,
                ..PUT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "notifications/overlap",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/\
                 notification-how-to-filtering.html",
        steps: &[Step {
            body: Body::Text(
                "<NotificationConfiguration>\
                 <QueueConfiguration><Queue>arn:aws:sqs:{region}:123456789012:one</Queue>\
                 <Event>s3:ObjectCreated:*</Event></QueueConfiguration>\
                 <QueueConfiguration><Queue>arn:aws:sqs:{region}:123456789012:two</Queue>\
                 <Event>s3:ObjectCreated:Put</Event></QueueConfiguration>\
                 </NotificationConfiguration>",
            ),
            expect: &[Refused(
                400,
                "InvalidArgument",
                "Configurations overlap. Configurations on the same bucket cannot share a common \
                 event type.",
            )],
            ..PUT
        }],
        ..Flow::PLAIN
    },
];
