//! Reads that depend on what is there.

use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Place;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::GET_CAT;
use super::PUT_CAT;

const SOURCE: &str = "recorded by LocalStack: test_s3_get_object_preconditions";
const FAILED: &str = "At least one of the pre-conditions you specified did not hold";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "conditional-reads/if-match",
        source: SOURCE,
        steps: &[
            PUT_CAT,
            KEEP,
            Step { headers: &[("if-match", "{etag}")], ..GET_CAT },
            // Quotes may be left out.
            Step { headers: &[("if-match", "4a4be40c96ac6314e91d93f38043a634")], ..GET_CAT },
            Step { headers: &[("if-match", "\"other\"")], expect: IF_MATCH_FAILED, ..GET_CAT },
            Step {
                call: "HEAD /{bucket}/cat.jpg",
                headers: &[("if-match", "\"other\"")],
                expect: &[Status(412), BodyText(Absent)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "conditional-reads/if-none-match",
        source: SOURCE,
        steps: &[
            PUT_CAT,
            KEEP,
            Step { headers: &[("if-none-match", "\"other\"")], ..GET_CAT },
            Step { headers: &[("if-none-match", "{etag}")], expect: NOT_MODIFIED, ..GET_CAT },
            Step {
                call: "HEAD /{bucket}/cat.jpg",
                headers: &[("if-none-match", "{etag}")],
                expect: &[Status(304)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "conditional-reads/if-modified-since",
        source: SOURCE,
        steps: &[
            PUT_CAT,
            KEEP,
            Step { headers: &[("if-modified-since", "{hour_ago_http}")], ..GET_CAT },
            Step {
                headers: &[("if-modified-since", "{modified}")],
                expect: NOT_MODIFIED,
                ..GET_CAT
            },
            // A time that has not come yet does not count.
            Step { headers: &[("if-modified-since", "{in_an_hour_http}")], ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "conditional-reads/if-unmodified-since",
        source: SOURCE,
        steps: &[
            PUT_CAT,
            KEEP,
            Step { headers: &[("if-unmodified-since", "{modified}")], ..GET_CAT },
            Step {
                headers: &[("if-unmodified-since", "{hour_ago_http}")],
                expect: &[
                    Refused(412, "PreconditionFailed", FAILED),
                    Xml("Condition", Is("If-Unmodified-Since")),
                ],
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "conditional-reads/one-goes-before-another",
        source: SOURCE,
        steps: &[
            PUT_CAT,
            KEEP,
            Step {
                headers: &[("if-match", "\"other\""), ("if-none-match", "{etag}")],
                expect: IF_MATCH_FAILED,
                ..GET_CAT
            },
            Step {
                headers: &[("if-match", "{etag}"), ("if-none-match", "{etag}")],
                expect: NOT_MODIFIED,
                ..GET_CAT
            },
            Step {
                headers: &[("if-match", "{etag}"), ("if-unmodified-since", "{hour_ago_http}")],
                ..GET_CAT
            },
            Step {
                headers: &[("if-none-match", "\"other\""), ("if-modified-since", "{modified}")],
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
];

const KEEP: Step = Step {
    keep: &[("etag", Place::Header("etag")), ("modified", Place::Header("last-modified"))],
    ..GET_CAT
};

const IF_MATCH_FAILED: &[Expect] =
    &[Refused(412, "PreconditionFailed", FAILED), Xml("Condition", Is("If-Match"))];

const NOT_MODIFIED: &[Expect] = &[Status(304), BodyText(Absent), Header("etag", Is("{etag}"))];
