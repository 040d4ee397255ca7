//! Listings, in both versions.

use crate::flow::Expect;
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

use super::MEOW;

/// Writes an object of this key.
macro_rules! put {
    ($key:literal) => {
        Step {
            call: concat!("PUT /{bucket}/", $key),
            body: MEOW,
            expect: &[Status(200)],
            ..Step::PLAIN
        }
    };
}

/// Lists with this query.
macro_rules! list {
    ($query:literal, $expect:expr) => {
        Step { call: concat!("GET /{bucket}?", $query), expect: $expect, ..Step::PLAIN }
    };
}

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "listing/version-two",
        source: "https://github.com/versity/versitygw/issues/1814",
        steps: &[
            put!("a/1"),
            list!(
                "list-type=2",
                &[
                    Status(200),
                    Root("ListBucketResult"),
                    Header("content-type", Is("application/xml")),
                    Header("x-amz-bucket-region", Is("{region}")),
                    Xml("Name", Is("{bucket}")),
                    Xml("Prefix", Is("")),
                    Xml("KeyCount", Is("1")),
                    Xml("MaxKeys", Is("1000")),
                    Xml("Delimiter", Absent),
                    Xml("EncodingType", Absent),
                    Xml("IsTruncated", Is("false")),
                    Xml("Contents/Key", Is("a/1")),
                    Xml("Contents/LastModified", Present),
                    Xml("Contents/ETag", Is("\"4a4be40c96ac6314e91d93f38043a634\"")),
                    Xml("Contents/ChecksumAlgorithm", Is("CRC64NVME")),
                    Xml("Contents/ChecksumType", Is("FULL_OBJECT")),
                    Xml("Contents/Size", Is("4")),
                    Xml("Contents/StorageClass", Is("STANDARD")),
                    Xml("Contents/Owner", Absent),
                ]
            ),
            list!(
                "list-type=2&fetch-owner=true",
                &[Status(200), Xml("Contents/Owner/ID", Is("{owner_id}"))]
            ),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "listing/version-one",
        source: "recorded by LocalStack: test_list_objects_next_marker",
        steps: &[
            put!("a"),
            put!("b"),
            put!("c/1"),
            list!(
                "max-keys=1",
                &[
                    Status(200),
                    Root("ListBucketResult"),
                    Xml("Marker", Is("")),
                    Xml("MaxKeys", Is("1")),
                    Xml("IsTruncated", Is("true")),
                    Xml("NextMarker", Absent),
                    Xml("KeyCount", Absent),
                    Xml("Contents/Owner/ID", Is("{owner_id}")),
                    Xml("Contents/Owner/DisplayName", Absent),
                    Count("Contents", 1),
                ]
            ),
            // Only with a delimiter S3 says where to go on.
            list!(
                "max-keys=2&delimiter=/",
                &[Status(200), Xml("NextMarker", Is("b")), Count("Contents", 2)]
            ),
            list!(
                "marker=b&delimiter=/",
                &[
                    Status(200),
                    Xml("Marker", Is("b")),
                    Xml("CommonPrefixes/Prefix", Is("c/")),
                    Xml("IsTruncated", Is("false")),
                    Count("Contents", 0),
                ]
            ),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "listing/prefix-and-delimiter",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html",
        steps: &[
            put!("a"),
            put!("b/1"),
            put!("b/2/x"),
            put!("b/2/y"),
            put!("c/1"),
            list!(
                "list-type=2&delimiter=/",
                &[
                    Status(200),
                    Xml("Delimiter", Is("/")),
                    Xml("KeyCount", Is("3")),
                    Count("Contents", 1),
                    Count("CommonPrefixes", 2),
                    Xml("CommonPrefixes[1]/Prefix", Is("b/")),
                    Xml("CommonPrefixes[2]/Prefix", Is("c/")),
                ]
            ),
            list!(
                "list-type=2&prefix=b/&delimiter=/",
                &[
                    Status(200),
                    Xml("Prefix", Is("b/")),
                    Xml("Contents/Key", Is("b/1")),
                    Count("Contents", 1),
                    Xml("CommonPrefixes/Prefix", Is("b/2/")),
                    Count("CommonPrefixes", 1),
                ]
            ),
            list!("list-type=2&prefix=b/", &[Status(200), Count("Contents", 3)]),
            list!(
                "list-type=2&prefix=none",
                &[Status(200), Xml("KeyCount", Is("0")), Count("Contents", 0)]
            ),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "listing/page-after-page",
        source: "recorded by LocalStack: test_list_objects_v2_continuation_start_after",
        steps: &[
            put!("a"),
            put!("b"),
            put!("c"),
            Step {
                keep: &[("token", Place::Xml("NextContinuationToken"))],
                ..list!(
                    "list-type=2&max-keys=2",
                    &[
                        Status(200),
                        Xml("IsTruncated", Is("true")),
                        Xml("KeyCount", Is("2")),
                        Xml("Contents[2]/Key", Is("b")),
                        Xml("ContinuationToken", Absent),
                    ]
                )
            },
            list!(
                "list-type=2&max-keys=2&continuation-token={token}&start-after=c",
                &[
                    Status(200),
                    Xml("IsTruncated", Is("false")),
                    Xml("KeyCount", Is("1")),
                    Xml("Contents/Key", Is("c")),
                    Xml("ContinuationToken", Is("{token}")),
                    Xml("NextContinuationToken", Absent),
                    Xml("StartAfter", Absent),
                ]
            ),
            list!(
                "list-type=2&start-after=b",
                &[
                    Status(200),
                    Xml("StartAfter", Is("b")),
                    Xml("Contents/Key", Is("c")),
                    Count("Contents", 1)
                ]
            ),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "listing/common-prefixes-count",
        source: "recorded by LocalStack: test_list_objects_marker_common_prefixes",
        steps: &[
            put!("a/1"),
            put!("a/2"),
            put!("b"),
            Step {
                keep: &[("token", Place::Xml("NextContinuationToken"))],
                ..list!(
                    "list-type=2&delimiter=/&max-keys=1",
                    &[
                        Status(200),
                        Xml("IsTruncated", Is("true")),
                        Xml("CommonPrefixes/Prefix", Is("a/")),
                        Count("Contents", 0),
                    ]
                )
            },
            list!(
                "list-type=2&delimiter=/&max-keys=1&continuation-token={token}",
                &[Status(200), Xml("Contents/Key", Is("b")), Count("CommonPrefixes", 0)]
            ),
            // A marker inside a group skips the group.
            list!(
                "delimiter=/&marker=a/1",
                &[Status(200), Xml("Contents/Key", Is("b")), Count("CommonPrefixes", 0)]
            ),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "listing/encoding-type",
        source: "recorded by LocalStack: test_s3_list_operations.py",
        steps: &[
            put!("a%3Db/c%25"),
            put!("d"),
            list!(
                "list-type=2&encoding-type=url&prefix=a%3D&delimiter=/",
                &[
                    Status(200),
                    Xml("EncodingType", Is("url")),
                    Xml("Prefix", Is("a%3D")),
                    Xml("Delimiter", Is("/")),
                    Xml("CommonPrefixes/Prefix", Is("a%3Db/")),
                ]
            ),
            list!("encoding-type=url", &[Status(200), Xml("Contents/Key", Is("a%3Db/c%25"))]),
            list!(
                "list-type=2",
                &[Status(200), Xml("EncodingType", Absent), Xml("Contents/Key", Is("a=b/c%"))]
            ),
            list!(
                "list-type=2&encoding-type=base64",
                &[
                    Refused(400, "InvalidArgument", "Invalid Encoding Method specified in Request"),
                    Xml("ArgumentName", Is("encoding-type")),
                    Xml("ArgumentValue", Is("base64")),
                ]
            ),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "listing/keys-in-the-order-of-bytes",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html",
        steps: &[
            put!("a/b"),
            put!("a-b"),
            put!("A"),
            put!("%C3%A9"),
            put!("z"),
            list!(
                "list-type=2",
                &[
                    Status(200),
                    Xml("Contents[1]/Key", Is("A")),
                    Xml("Contents[2]/Key", Is("a-b")),
                    Xml("Contents[3]/Key", Is("a/b")),
                    Xml("Contents[4]/Key", Is("z")),
                    Xml("Contents[5]/Key", Is("\u{e9}")),
                ]
            ),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "listing/max-keys",
        source: "https://github.com/versity/versitygw/issues/1804",
        steps: &[
            put!("a"),
            list!(
                "list-type=2&max-keys=0",
                &[Status(200), Xml("IsTruncated", Is("false")), Count("Contents", 0)]
            ),
            list!("list-type=2&max-keys=2000", &[Status(200), Count("Contents", 1)]),
            list!(
                "list-type=2&max-keys=many",
                &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "Provided max-keys not an integer or within integer range",
                    ),
                    Xml("ArgumentName", Is("max-keys")),
                    Xml("ArgumentValue", Is("many")),
                ]
            ),
            list!(
                "list-type=2&max-keys=-1",
                &[Refused(
                    400,
                    "InvalidArgument",
                    "Argument max-keys must be an integer between 0 and 2147483647",
                )]
            ),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "listing/continuation-token-made-up",
        source: "recorded by LocalStack: test_s3_list_operations.py",
        steps: &[
            list!("list-type=2&continuation-token=made-up", BAD_TOKEN),
            list!("list-type=2&continuation-token=", BAD_TOKEN),
        ],
        ..Flow::PLAIN
    },
];

const BAD_TOKEN: &[Expect] = &[
    Refused(400, "InvalidArgument", "The continuation token provided is incorrect"),
    Xml("ArgumentName", Is("continuation-token")),
];
