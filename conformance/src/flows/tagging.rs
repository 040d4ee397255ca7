//! Tags of objects and of buckets.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::Count;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::GET_CAT;
use super::MALFORMED;
use super::NO_SUCH_KEY;
use super::PUT_CAT;

/// The document with these tags.
macro_rules! tags {
    ($tags:literal) => {
        Body::Text(concat!(
            "<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet>",
            $tags,
            "</TagSet></Tagging>"
        ))
    };
}

const PUT: Step = Step {
    call: "PUT /{bucket}/cat.jpg?tagging",
    headers: &[("content-md5", "{body_md5}")],
    expect: &[Status(200)],
    ..Step::PLAIN
};
const GET: Step = Step { call: "GET /{bucket}/cat.jpg?tagging", ..Step::PLAIN };
const PUT_OF_BUCKET: Step = Step { call: "PUT /{bucket}?tagging", expect: &[Status(204)], ..PUT };
const GET_OF_BUCKET: Step = Step { call: "GET /{bucket}?tagging", ..Step::PLAIN };

const COLOUR: Body = tags!("<Tag><Key>colour</Key><Value>black</Value></Tag>");
const NO_TAGS: &[Expect] =
    &[Refused(404, "NoSuchTagSet", "The TagSet does not exist"), Xml("BucketName", Is("{bucket}"))];
const ENCODED: &str = "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL \
                       query parameters without tag name duplicates.";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "tagging/object",
        source: "recorded by LocalStack: test_object_tagging_crud",
        steps: &[
            PUT_CAT,
            Step { expect: &[Status(200), Count("TagSet/Tag", 0)], ..GET },
            Step { expect: &[Status(200), Header("x-amz-tagging-count", Absent)], ..GET_CAT },
            Step { body: COLOUR, ..PUT },
            Step {
                expect: &[
                    Status(200),
                    Count("TagSet/Tag", 1),
                    Xml("TagSet/Tag/Key", Is("colour")),
                    Xml("TagSet/Tag/Value", Is("black")),
                ],
                ..GET
            },
            Step { expect: &[Status(200), Header("x-amz-tagging-count", Is("1"))], ..GET_CAT },
            Step {
                call: "DELETE /{bucket}/cat.jpg?tagging",
                expect: &[Status(204)],
                ..Step::PLAIN
            },
            Step { expect: &[Status(200), Count("TagSet/Tag", 0)], ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "tagging/header",
        source: "recorded by LocalStack: test_object_tagging_exc",
        steps: &[
            Step { headers: &[("x-amz-tagging", "colour=black&name=Tom%20Cat")], ..PUT_CAT },
            Step {
                expect: &[
                    Status(200),
                    Count("TagSet/Tag", 2),
                    Xml("TagSet/Tag[2]/Value", Is("Tom Cat")),
                ],
                ..GET
            },
            Step {
                headers: &[("x-amz-tagging", "a=1&a=2")],
                expect: &[
                    Refused(400, "InvalidArgument", ENCODED),
                    Xml("ArgumentName", Is("x-amz-tagging")),
                    Xml("ArgumentValue", Is("a=1&a=2")),
                ],
                ..PUT_CAT
            },
            // Captured in 2026.
            Step {
                headers: &[("x-amz-tagging", "foo=%FF")],
                expect: &[
                    Refused(400, "InvalidTag", "The TagValue you have provided is invalid"),
                    Xml("TagKey", Is("foo")),
                    Xml("TagValue", Is("\u{fffd}")),
                ],
                ..PUT_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "tagging/object-refused",
        source: "recorded by LocalStack: test_object_tagging_exc",
        steps: &[
            Step {
                expect: &[
                    Refused(404, "NoSuchKey", NO_SUCH_KEY),
                    Xml("Key", Is("{bucket}/cat.jpg")),
                ],
                ..GET
            },
            PUT_CAT,
            Step {
                body: tags!(
                    "<Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>a</Key><Value>2</Value></Tag>"
                ),
                expect: &[
                    Refused(400, "InvalidTag", "Cannot provide multiple Tags with the same key"),
                    Xml("TagKey", Is("a")),
                ],
                ..PUT
            },
            Step {
                body: tags!("<Tag><Key>a,b</Key><Value>1</Value></Tag>"),
                expect: &[
                    Refused(400, "InvalidTag", "The TagKey you have provided is invalid"),
                    Xml("TagKey", Is("a,b")),
                ],
                ..PUT
            },
            Step {
                body: tags!("<Tag><Key>aws:a</Key><Value>1</Value></Tag>"),
                expect: &[
                    Refused(400, "InvalidTag", "Your TagKey cannot be prefixed with aws:"),
                    Xml("TagKey", Is("aws:a")),
                ],
                ..PUT
            },
            Step { body: tags!("<Tag><Key>a</Key></Tag>"), expect: MALFORMED, ..PUT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "tagging/delete-marker",
        source: "recorded by LocalStack: test_object_tagging_versioned",
        steps: &[
            super::versions::ENABLE,
            PUT_CAT,
            Step { call: "DELETE /{bucket}/cat.jpg", expect: &[Status(204)], ..Step::PLAIN },
            Step {
                expect: &[
                    Refused(405, "MethodNotAllowed", super::versions::METHOD_NOT_ALLOWED),
                    Xml("ResourceType", Is("DeleteMarker")),
                ],
                ..GET
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "tagging/bucket",
        source: "recorded by LocalStack: test_bucket_tagging_crud",
        steps: &[
            Step { expect: NO_TAGS, ..GET_OF_BUCKET },
            Step { body: COLOUR, ..PUT_OF_BUCKET },
            Step { expect: &[Status(200), Xml("TagSet/Tag/Key", Is("colour"))], ..GET_OF_BUCKET },
            Step { body: tags!(""), ..PUT_OF_BUCKET },
            Step { expect: NO_TAGS, ..GET_OF_BUCKET },
            Step { body: COLOUR, ..PUT_OF_BUCKET },
            Step { call: "DELETE /{bucket}?tagging", expect: &[Status(204)], ..Step::PLAIN },
            Step { expect: NO_TAGS, ..GET_OF_BUCKET },
        ],
        ..Flow::PLAIN
    },
];
