//! Objects: written, read, looked at, removed; their headers and their keys.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyFill;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;
use crate::flow::Text::Present;

use super::DATA;
use super::DATA_CRC64NVME;
use super::DATA_ETAG;
use super::MEOW;
use super::NO_SUCH_KEY;
use super::PUT_CAT;

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "objects/put-get-head-delete",
        source: "recorded by LocalStack: test_s3_checksum_no_automatic_sdk_calculation",
        steps: &[
            Step {
                call: "PUT /{bucket}/data",
                body: Body::Text(DATA),
                expect: &[
                    Status(200),
                    Header("etag", Is(DATA_ETAG)),
                    Header("x-amz-server-side-encryption", Is("AES256")),
                    Header("x-amz-checksum-crc64nvme", Is(DATA_CRC64NVME)),
                    Header("x-amz-checksum-type", Is("FULL_OBJECT")),
                    Header("content-type", Absent),
                    Header("x-amz-version-id", Absent),
                    BodyText(Absent),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}/data",
                expect: &[
                    Status(200),
                    BodyText(Is(DATA)),
                    Header("etag", Is(DATA_ETAG)),
                    Header("content-type", Is("binary/octet-stream")),
                    Header("content-length", Is("11")),
                    Header("accept-ranges", Is("bytes")),
                    Header("last-modified", Present),
                    Header("x-amz-server-side-encryption", Is("AES256")),
                    Header("x-amz-storage-class", Absent),
                    Header("x-amz-checksum-crc64nvme", Absent),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "HEAD /{bucket}/data",
                expect: &[
                    Status(200),
                    BodyText(Absent),
                    Header("etag", Is(DATA_ETAG)),
                    Header("content-length", Is("11")),
                    Header("content-type", Is("binary/octet-stream")),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "DELETE /{bucket}/data",
                expect: &[
                    Status(204),
                    BodyText(Absent),
                    Header("x-amz-delete-marker", Absent),
                    Header("x-amz-version-id", Absent),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}/data",
                expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY), Xml("Key", Is("data"))],
                ..Step::PLAIN
            },
            Step {
                call: "HEAD /{bucket}/data",
                expect: &[Status(404), BodyText(Absent)],
                ..Step::PLAIN
            },
            Step { call: "DELETE /{bucket}/data", expect: &[Status(204)], ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "objects/headers-are-kept",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html",
        steps: &[
            Step {
                call: "PUT /{bucket}/page",
                headers: &[
                    ("content-type", "text/html; charset=utf-8"),
                    ("cache-control", "max-age=60"),
                    ("content-disposition", "attachment; filename=\"page.html\""),
                    ("content-language", "de"),
                    ("expires", "Thu, 01 Jan 2032 00:00:00 GMT"),
                    ("x-amz-meta-color", "dark red"),
                    ("x-amz-meta-__size_2", "1"),
                ],
                body: Body::Text("<p>hi</p>"),
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            Step { call: "GET /{bucket}/page", expect: KEPT, ..Step::PLAIN },
            Step { call: "HEAD /{bucket}/page", expect: KEPT, ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "objects/overwriting-drops-what-was-kept",
        source: "recorded by LocalStack: test_object_tags_delete_or_overwrite_object",
        steps: &[
            Step {
                call: "PUT /{bucket}/cat.jpg",
                headers: &[("x-amz-meta-color", "red"), ("content-type", "image/jpeg")],
                body: Body::Text("first"),
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            PUT_CAT,
            Step {
                call: "GET /{bucket}/cat.jpg",
                expect: &[
                    Status(200),
                    BodyText(Is("meow")),
                    Header("x-amz-meta-color", Absent),
                    Header("content-type", Is("binary/octet-stream")),
                ],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "objects/three-mebibytes",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html",
        steps: &[
            Step {
                call: "PUT /{bucket}/large",
                body: Body::Fill { byte: b'a', count: 3 * 1024 * 1024 },
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}/large",
                expect: &[Status(200), BodyFill { byte: b'a', count: 3 * 1024 * 1024 }],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "objects/empty",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html",
        steps: &[
            Step {
                call: "PUT /{bucket}/empty",
                expect: &[Status(200), Header("etag", Is("\"d41d8cd98f00b204e9800998ecf8427e\""))],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}/empty",
                expect: &[Status(200), BodyText(Absent), Header("content-length", Is("0"))],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "objects/keys-are-not-tidied-up",
        source: "recorded by LocalStack: test_object_with_slashes_in_key, test_url_encoded_key",
        steps: &[
            Step { call: "PUT /{bucket}/a//b/", body: MEOW, expect: &[Status(200)], ..Step::PLAIN },
            Step {
                call: "PUT /{bucket}/a%252Fb",
                body: MEOW,
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            Step {
                call: "PUT /{bucket}/%E2%82%AC%20~",
                body: MEOW,
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            Step { call: "GET /{bucket}/a//b/", expect: &[Status(200)], ..Step::PLAIN },
            Step { call: "GET /{bucket}/a%2F%2Fb%2F", expect: &[Status(200)], ..Step::PLAIN },
            Step {
                call: "GET /{bucket}/a/b",
                expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY), Xml("Key", Is("a/b"))],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}?list-type=2",
                expect: &[
                    Status(200),
                    Xml("Contents[1]/Key", Is("a%2Fb")),
                    Xml("Contents[2]/Key", Is("a//b/")),
                    Xml("Contents[3]/Key", Is("\u{20AC} ~")),
                ],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "objects/plus-in-the-path-is-a-space",
        source: "https://github.com/s3tools/s3cmd/issues/554",
        steps: &[
            Step { call: "PUT /{bucket}/a+b", body: MEOW, expect: &[Status(200)], ..Step::PLAIN },
            Step { call: "GET /{bucket}/a%20b", expect: &[Status(200)], ..Step::PLAIN },
            Step {
                call: "GET /{bucket}/a%2Bb",
                expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY), Xml("Key", Is("a+b"))],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "objects/storage-class-unknown",
        source: "recorded by LocalStack: test_put_object_storage_class",
        steps: &[Step {
            call: "PUT /{bucket}/cat.jpg",
            headers: &[("x-amz-storage-class", "SHELF")],
            body: MEOW,
            expect: &[
                Refused(400, "InvalidStorageClass", "The storage class you specified is not valid"),
                Xml("StorageClassRequested", Is("SHELF")),
            ],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "objects/post-to-a-key",
        source: "https://github.com/mhart/aws4fetch/issues/14",
        steps: &[Step {
            call: "POST /{bucket}/cat.jpg",
            body: MEOW,
            expect: &[
                Refused(
                    405,
                    "MethodNotAllowed",
                    "The specified method is not allowed against this resource.",
                ),
                Xml("Method", Is("POST")),
                Xml("ResourceType", Is("OBJECT")),
            ],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
];

const KEPT: &[Expect] = &[
    Status(200),
    Header("content-type", Is("text/html; charset=utf-8")),
    Header("cache-control", Is("max-age=60")),
    Header("content-disposition", Is("attachment; filename=\"page.html\"")),
    Header("content-language", Is("de")),
    Header("expires", Is("Thu, 01 Jan 2032 00:00:00 GMT")),
    Header("x-amz-meta-color", Is("dark red")),
    Header("x-amz-meta-__size_2", Is("1")),
];
