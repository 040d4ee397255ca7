//! Parts of an object.

use crate::flow::Body;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::NO_SUCH_KEY;

const SOURCE: &str = "recorded by LocalStack: test_get_object_range";

/// A read of a part.
macro_rules! part {
    ($range:literal, $content_range:literal, $body:literal) => {
        Step {
            call: "GET /{bucket}/digits",
            headers: &[("range", $range)],
            expect: &[
                Status(206),
                Header("content-range", Is($content_range)),
                BodyText(Is($body)),
                Header("accept-ranges", Is("bytes")),
            ],
            ..Step::PLAIN
        }
    };
}

/// A range that is not understood, and so does not count.
macro_rules! whole {
    ($range:literal) => {
        Step {
            call: "GET /{bucket}/digits",
            headers: &[("range", $range)],
            expect: &[Status(200), Header("content-range", Absent), BodyText(Is("0123456789"))],
            ..Step::PLAIN
        }
    };
}

/// A range that lies outside of the object.
macro_rules! refused {
    ($range:literal) => {
        Step {
            call: "GET /{bucket}/digits",
            headers: &[("range", $range)],
            expect: &[
                Refused(416, "InvalidRange", "The requested range is not satisfiable"),
                Xml("RangeRequested", Is($range)),
                Xml("ActualObjectSize", Is("10")),
            ],
            ..Step::PLAIN
        }
    };
}

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "ranges/inside",
        source: SOURCE,
        steps: &[
            PUT_DIGITS,
            part!("bytes=0-8", "bytes 0-8/10", "012345678"),
            part!("bytes=0-0", "bytes 0-0/10", "0"),
            part!("bytes=1-", "bytes 1-9/10", "123456789"),
            part!("bytes=-2", "bytes 8-9/10", "89"),
            part!("bytes=-9", "bytes 1-9/10", "123456789"),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "ranges/longer-than-the-object",
        source: SOURCE,
        steps: &[
            PUT_DIGITS,
            part!("bytes=-15", "bytes 0-9/10", "0123456789"),
            part!("bytes=0-100", "bytes 0-9/10", "0123456789"),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "ranges/not-understood",
        source: SOURCE,
        steps: &[
            PUT_DIGITS,
            whole!("bytes=1-0"),
            whole!("bytes=-1-"),
            whole!("bytes=0--1"),
            whole!("bytes=-"),
            whole!("bytes=0-1,3-4"),
            whole!("octets=0-1"),
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "ranges/not-satisfiable",
        source: SOURCE,
        steps: &[PUT_DIGITS, refused!("bytes=-0"), refused!("bytes=100-200")],
        ..Flow::PLAIN
    },
    Flow {
        name: "ranges/head",
        source: "recorded by moto's verified tests: test_head_object_with_range_header",
        steps: &[
            PUT_DIGITS,
            Step {
                call: "HEAD /{bucket}/digits",
                headers: &[("range", "bytes=2-4")],
                expect: &[
                    Status(206),
                    Header("content-range", Is("bytes 2-4/10")),
                    Header("content-length", Is("3")),
                    BodyText(Absent),
                ],
                ..Step::PLAIN
            },
            Step {
                call: "HEAD /{bucket}/digits",
                headers: &[("range", "bytes=100-")],
                expect: &[Status(416), BodyText(Absent)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "ranges/missing-key-wins",
        source: "recorded by LocalStack: test_range_key_not_exists",
        steps: &[Step {
            call: "GET /{bucket}/digits",
            headers: &[("range", "bytes=100-200")],
            expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY), Xml("Key", Is("digits"))],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    },
];

const PUT_DIGITS: Step = Step {
    call: "PUT /{bucket}/digits",
    body: Body::Text("0123456789"),
    expect: &[Status(200)],
    ..Step::PLAIN
};
