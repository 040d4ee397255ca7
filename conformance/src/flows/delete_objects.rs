//! Many objects deleted by one request.

use crate::flow::Body;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Count;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Place;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Contains;
use crate::flow::Text::Is;
use crate::flow::Text::Present;

use super::GET_CAT;
use super::MALFORMED;
use super::NO_CAT;
use super::NO_SUCH_BUCKET;
use super::PUT_CAT;

/// The document that deletes these objects.
macro_rules! delete {
    ($objects:literal) => {
        Body::Text(concat!(
            "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
            $objects,
            "</Delete>"
        ))
    };
}

const DELETE: Step = Step {
    call: "POST /{bucket}?delete",
    headers: &[("content-md5", "{body_md5}")],
    body: delete!("<Object><Key>cat.jpg</Key></Object>"),
    ..Step::PLAIN
};
const PUT_DOG: Step = Step { call: "PUT /{bucket}/dog.jpg", ..PUT_CAT };
// In which order the answer names the keys is not known, so nothing here depends on it.
pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "delete-objects/several",
        source: "recorded by LocalStack: test_delete_non_existing_keys",
        steps: &[
            PUT_CAT,
            PUT_DOG,
            Step {
                body: delete!(
                    "<Object><Key>cat.jpg</Key></Object><Object><Key>dog.jpg</Key></Object>\
                     <Object><Key>absent</Key></Object>"
                ),
                expect: &[
                    Status(200),
                    Root("DeleteResult"),
                    Count("Deleted", 3),
                    Count("Error", 0),
                    BodyText(Contains("<Key>cat.jpg</Key>")),
                    BodyText(Contains("<Key>dog.jpg</Key>")),
                    // What was never there is deleted too.
                    BodyText(Contains("<Key>absent</Key>")),
                ],
                ..DELETE
            },
            NO_CAT,
            Step {
                call: "GET /{bucket}?list-type=2",
                expect: &[Status(200), Count("Contents", 0)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "delete-objects/named-twice",
        source: "recorded by captures of AWS in 2026",
        steps: &[
            super::versions::ENABLE,
            PUT_CAT,
            Step {
                body: delete!(
                    "<Object><Key>cat.jpg</Key></Object><Object><Key>cat.jpg</Key></Object>"
                ),
                expect: &[Status(200), Count("Deleted", 1), Count("Error", 0)],
                ..DELETE
            },
            Step {
                call: "GET /{bucket}?versions",
                expect: &[Status(200), Count("DeleteMarker", 1)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "delete-objects/quiet",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            PUT_CAT,
            Step {
                body: delete!(
                    "<Object><Key>cat.jpg</Key></Object>\
                     <Object><Key>dog.jpg</Key><VersionId>whatever</VersionId></Object>\
                     <Quiet>true</Quiet>"
                ),
                expect: &[
                    Status(200),
                    Root("DeleteResult"),
                    Count("Deleted", 0),
                    Count("Error", 1),
                    Xml("Error/Key", Is("dog.jpg")),
                ],
                ..DELETE
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "delete-objects/version-ids-that-are-none",
        source: "recorded by LocalStack: test_delete_objects",
        steps: &[
            PUT_CAT,
            Step {
                body: delete!("<Object><Key>cat.jpg</Key><VersionId>whatever</VersionId></Object>"),
                expect: &[
                    Status(200),
                    Count("Deleted", 0),
                    Xml("Error/Key", Is("cat.jpg")),
                    Xml("Error/VersionId", Is("whatever")),
                    Xml("Error/Code", Is("NoSuchVersion")),
                    Xml("Error/Message", Is("The specified version does not exist.")),
                ],
                ..DELETE
            },
            GET_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "delete-objects/versions",
        source: "recorded by LocalStack: test_delete_objects_versioned",
        steps: &[
            super::versions::ENABLE,
            Step { keep: &[("first", Place::Header("x-amz-version-id"))], ..PUT_CAT },
            Step {
                expect: &[
                    Status(200),
                    Xml("Deleted/Key", Is("cat.jpg")),
                    Xml("Deleted/VersionId", Absent),
                    Xml("Deleted/DeleteMarker", Is("true")),
                    Xml("Deleted/DeleteMarkerVersionId", Present),
                ],
                keep: &[("marker", Place::Xml("Deleted/DeleteMarkerVersionId"))],
                ..DELETE
            },
            NO_CAT,
            Step {
                body: delete!("<Object><Key>cat.jpg</Key><VersionId>{marker}</VersionId></Object>"),
                expect: &[
                    Status(200),
                    Xml("Deleted/VersionId", Is("{marker}")),
                    Xml("Deleted/DeleteMarker", Is("true")),
                    Xml("Deleted/DeleteMarkerVersionId", Is("{marker}")),
                ],
                ..DELETE
            },
            GET_CAT,
            Step {
                body: delete!("<Object><Key>cat.jpg</Key><VersionId>{first}</VersionId></Object>"),
                expect: &[
                    Status(200),
                    Xml("Deleted/VersionId", Is("{first}")),
                    Xml("Deleted/DeleteMarker", Absent),
                ],
                ..DELETE
            },
            Step {
                call: "GET /{bucket}?versions",
                expect: &[Status(200), Count("Version", 0), Count("DeleteMarker", 0)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "delete-objects/digest-missing",
        source: "https://github.com/versity/versitygw/issues/1040",
        steps: &[
            PUT_CAT,
            Step {
                headers: &[],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
                )],
                ..DELETE
            },
            GET_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "delete-objects/digest-wrong",
        source: "recorded by LocalStack: test_s3_invalid_content_md5",
        steps: &[
            PUT_CAT,
            Step {
                headers: &[("content-md5", "SkvkDJasYxTpHZPzgEOmNA==")],
                expect: &[Refused(
                    400,
                    "BadDigest",
                    "The Content-MD5 you specified did not match what we received.",
                )],
                ..DELETE
            },
            Step {
                headers: &[("content-md5", "__invalid__")],
                expect: &[
                    Refused(400, "InvalidDigest", "The Content-MD5 you specified was invalid."),
                    Xml("Content-MD5", Is("__invalid__")),
                ],
                ..DELETE
            },
            GET_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "delete-objects/documents-refused",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            PUT_CAT,
            Step { body: delete!(""), expect: MALFORMED, ..DELETE },
            Step { body: Body::Text("cat.jpg"), expect: MALFORMED, ..DELETE },
            Step {
                body: Body::Text("<Delete><Object><Key>cat.jpg</Key></Object>"),
                expect: MALFORMED,
                ..DELETE
            },
            GET_CAT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "delete-objects/bucket-missing",
        source: "recorded by LocalStack: tests/aws/services/s3",
        bucket: crate::flow::Bucket::None,
        steps: &[Step {
            call: "POST /{missing}?delete",
            expect: &[Refused(404, "NoSuchBucket", NO_SUCH_BUCKET)],
            ..DELETE
        }],
        ..Flow::PLAIN
    },
];
