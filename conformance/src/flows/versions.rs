//! Versions: kept, listed, read by their ids, hidden by delete markers, and brought back.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Count;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Place;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;
use crate::flow::Text::Present;

use super::MALFORMED;
use super::NO_CAT;
use super::NO_SUCH_KEY;
use super::PUT_CAT;

/// The document with this status.
macro_rules! versioning {
    ($status:literal) => {
        Body::Text(concat!(
            "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>",
            $status,
            "</Status></VersioningConfiguration>"
        ))
    };
}

pub(super) const PUT: Step = Step {
    call: "PUT /{bucket}?versioning",
    headers: &[("content-md5", "{body_md5}")],
    expect: &[Status(200), BodyText(Absent)],
    ..Step::PLAIN
};
pub(super) const ENABLE: Step = Step { body: versioning!("Enabled"), ..PUT };
const SUSPEND: Step = Step { body: versioning!("Suspended"), ..PUT };
const TOLD: Step = Step { call: "GET /{bucket}?versioning", ..Step::PLAIN };

const PUT_FIRST: Step = Step {
    expect: &[Status(200), Header("x-amz-version-id", Present)],
    keep: &[("first", Place::Header("x-amz-version-id"))],
    ..PUT_CAT
};
const PUT_SECOND: Step = Step {
    body: Body::Text("purr"),
    keep: &[("second", Place::Header("x-amz-version-id"))],
    ..PUT_FIRST
};
const HIDE: Step = Step {
    call: "DELETE /{bucket}/cat.jpg",
    expect: &[
        Status(204),
        Header("x-amz-delete-marker", Is("true")),
        Header("x-amz-version-id", Present),
    ],
    keep: &[("marker", Place::Header("x-amz-version-id"))],
    ..Step::PLAIN
};
const GET_LATEST: Step = Step { call: "GET /{bucket}/cat.jpg", ..Step::PLAIN };
const GET_FIRST: Step = Step { call: "GET /{bucket}/cat.jpg?versionId={first}", ..Step::PLAIN };
const LIST: Step = Step { call: "GET /{bucket}?versions", ..Step::PLAIN };

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "versions/configuration",
        source: "recorded by LocalStack: test_bucket_versioning_crud",
        steps: &[
            Step {
                expect: &[Status(200), Root("VersioningConfiguration"), Xml("Status", Absent)],
                ..TOLD
            },
            SUSPEND,
            Step { expect: &[Status(200), Xml("Status", Is("Suspended"))], ..TOLD },
            ENABLE,
            Step { expect: &[Status(200), Xml("Status", Is("Enabled"))], ..TOLD },
            Step { body: versioning!("enabled"), expect: MALFORMED, ..PUT },
            Step {
                body: Body::Text(
                    "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>",
                ),
                expect: &[Refused(
                    400,
                    "IllegalVersioningConfigurationException",
                    "The Versioning element must be specified",
                )],
                ..PUT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "versions/overwritten-is-kept",
        source: "recorded by LocalStack: test_s3_list_operations.py",
        steps: &[
            ENABLE,
            PUT_FIRST,
            PUT_SECOND,
            Step {
                expect: &[
                    Status(200),
                    BodyText(Is("purr")),
                    Header("x-amz-version-id", Is("{second}")),
                ],
                ..GET_LATEST
            },
            Step {
                expect: &[
                    Status(200),
                    BodyText(Is("meow")),
                    Header("x-amz-version-id", Is("{first}")),
                ],
                ..GET_FIRST
            },
            Step {
                expect: &[
                    Status(200),
                    Root("ListVersionsResult"),
                    Count("Version", 2),
                    Xml("Version[1]/VersionId", Is("{second}")),
                    Xml("Version[1]/IsLatest", Is("true")),
                    Xml("Version[2]/VersionId", Is("{first}")),
                    Xml("Version[2]/IsLatest", Is("false")),
                    Xml("IsTruncated", Is("false")),
                ],
                ..LIST
            },
            Step {
                call: "GET /{bucket}?versions&max-keys=1",
                expect: &[
                    Status(200),
                    Count("Version", 1),
                    Xml("IsTruncated", Is("true")),
                    Xml("NextKeyMarker", Is("cat.jpg")),
                    Xml("NextVersionIdMarker", Is("{second}")),
                ],
                ..LIST
            },
            Step {
                call: "GET /{bucket}?versions&key-marker=cat.jpg&version-id-marker={second}",
                expect: &[
                    Status(200),
                    Count("Version", 1),
                    Xml("Version/VersionId", Is("{first}")),
                    Xml("IsTruncated", Is("false")),
                ],
                ..LIST
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "versions/delete-marker-hides-and-restores",
        source: "recorded by LocalStack: test_delete_object_versioned",
        steps: &[
            ENABLE,
            PUT_FIRST,
            HIDE,
            Step {
                expect: &[
                    Refused(404, "NoSuchKey", NO_SUCH_KEY),
                    Header("x-amz-delete-marker", Is("true")),
                    Header("x-amz-version-id", Is("{marker}")),
                ],
                ..GET_LATEST
            },
            Step { expect: &[Status(200), BodyText(Is("meow"))], ..GET_FIRST },
            Step {
                call: "GET /{bucket}/cat.jpg?versionId={marker}",
                expect: &[
                    Refused(405, "MethodNotAllowed", METHOD_NOT_ALLOWED),
                    Xml("Method", Is("GET")),
                    Xml("ResourceType", Is("DeleteMarker")),
                    Header("allow", Is("DELETE")),
                    Header("x-amz-delete-marker", Is("true")),
                ],
                ..Step::PLAIN
            },
            Step {
                expect: &[
                    Status(200),
                    Xml("DeleteMarker/VersionId", Is("{marker}")),
                    Xml("DeleteMarker/IsLatest", Is("true")),
                    Xml("Version/IsLatest", Is("false")),
                ],
                ..LIST
            },
            Step {
                call: "GET /{bucket}?list-type=2",
                expect: &[Status(200), Count("Contents", 0)],
                ..Step::PLAIN
            },
            Step {
                call: "DELETE /{bucket}/cat.jpg?versionId={marker}",
                expect: &[
                    Status(204),
                    Header("x-amz-delete-marker", Is("true")),
                    Header("x-amz-version-id", Is("{marker}")),
                ],
                ..Step::PLAIN
            },
            Step { expect: &[Status(200), BodyText(Is("meow"))], ..GET_LATEST },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "versions/removed-by-id",
        source: "recorded by LocalStack: test_delete_object_versioned",
        steps: &[
            ENABLE,
            PUT_FIRST,
            PUT_SECOND,
            Step {
                call: "DELETE /{bucket}/cat.jpg?versionId={second}",
                expect: &[
                    Status(204),
                    Header("x-amz-delete-marker", Absent),
                    Header("x-amz-version-id", Is("{second}")),
                ],
                ..Step::PLAIN
            },
            Step { expect: &[Status(200), BodyText(Is("meow"))], ..GET_LATEST },
            Step {
                call: "GET /{bucket}/cat.jpg?versionId={second}",
                expect: &[
                    Refused(404, "NoSuchVersion", "The specified version does not exist."),
                    Xml("Key", Is("cat.jpg")),
                    Xml("VersionId", Is("{second}")),
                ],
                ..Step::PLAIN
            },
            Step { expect: NOT_EMPTY_OF_VERSIONS, ..DELETE_BUCKET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "versions/suspended-overwrites-null",
        source: "recorded by LocalStack: test_put_object_on_suspended_bucket",
        steps: &[
            ENABLE,
            PUT_FIRST,
            SUSPEND,
            Step {
                body: Body::Text("purr"),
                expect: &[Status(200), Header("x-amz-version-id", Absent)],
                ..PUT_CAT
            },
            Step {
                expect: &[
                    Status(200),
                    BodyText(Is("purr")),
                    Header("x-amz-version-id", Is("null")),
                ],
                ..GET_LATEST
            },
            Step {
                expect: &[
                    Status(204),
                    Header("x-amz-delete-marker", Is("true")),
                    Header("x-amz-version-id", Is("null")),
                ],
                keep: &[],
                ..HIDE
            },
            Step {
                expect: &[
                    Status(200),
                    Count("Version", 1),
                    Count("DeleteMarker", 1),
                    Xml("Version/VersionId", Is("{first}")),
                    Xml("DeleteMarker/VersionId", Is("null")),
                ],
                ..LIST
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "versions/ids-that-are-none",
        source: "recorded by LocalStack: test_delete_object, test_get_object_with_version_unversioned_bucket",
        steps: &[
            PUT_CAT,
            Step {
                call: "GET /{bucket}/cat.jpg?versionId=null",
                expect: &[Status(200), BodyText(Is("meow")), Header("x-amz-version-id", Absent)],
                ..Step::PLAIN
            },
            Step {
                call: "DELETE /{bucket}/cat.jpg?versionId=whatever",
                expect: &[
                    Refused(400, "InvalidArgument", "Invalid version id specified"),
                    Xml("ArgumentName", Is("versionId")),
                    Xml("ArgumentValue", Is("whatever")),
                ],
                ..Step::PLAIN
            },
            Step {
                expect: &[
                    Status(200),
                    Xml("Version/VersionId", Is("null")),
                    Xml("Version/IsLatest", Is("true")),
                ],
                ..LIST
            },
            Step {
                call: "DELETE /{bucket}/cat.jpg",
                expect: &[
                    Status(204),
                    Header("x-amz-delete-marker", Absent),
                    Header("x-amz-version-id", Absent),
                ],
                ..Step::PLAIN
            },
            NO_CAT,
        ],
        ..Flow::PLAIN
    },
];

const DELETE_BUCKET: Step = Step { call: "DELETE /{bucket}", ..Step::PLAIN };
const NOT_EMPTY_OF_VERSIONS: &[Expect] = &[Refused(
    409,
    "BucketNotEmpty",
    "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
)];
pub(super) const METHOD_NOT_ALLOWED: &str =
    "The specified method is not allowed against this resource.";
