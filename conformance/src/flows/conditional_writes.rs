//! Writes and deletes that depend on what is there.

use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Is;

use super::GET_CAT;
use super::NO_SUCH_KEY;
use super::PUT_CAT;

const SOURCE: &str = "recorded by LocalStack: TestS3ObjectWritePrecondition";
const FAILED: &str = "At least one of the pre-conditions you specified did not hold";
const HEADER_NOT_IMPLEMENTED: &str =
    "A header you provided implies functionality that is not implemented";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "conditional-writes/if-none-match-any",
        source: SOURCE,
        steps: &[
            Step { headers: &[("if-none-match", "*")], ..PUT_CAT },
            Step {
                headers: &[("if-none-match", "*")],
                body: crate::flow::Body::Text("woof"),
                expect: &[
                    Refused(412, "PreconditionFailed", FAILED),
                    Xml("Condition", Is("If-None-Match")),
                ],
                ..PUT_CAT
            },
            Step { expect: &[Status(200), BodyText(Is("meow"))], ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "conditional-writes/if-none-match-of-one-object",
        source: SOURCE,
        steps: &[Step {
            headers: &[("if-none-match", "\"4a4be40c96ac6314e91d93f38043a634\"")],
            expect: &[
                Refused(501, "NotImplemented", HEADER_NOT_IMPLEMENTED),
                Xml("Header", Is("If-None-Match")),
                Xml(
                    "additionalMessage",
                    Is("We don't accept the provided value of If-None-Match header for this API"),
                ),
            ],
            ..PUT_CAT
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "conditional-writes/if-match",
        source: SOURCE,
        steps: &[
            PUT_CAT,
            Step { headers: &[("if-match", "\"4a4be40c96ac6314e91d93f38043a634\"")], ..PUT_CAT },
            Step { headers: &[("if-match", "4a4be40c96ac6314e91d93f38043a634")], ..PUT_CAT },
            Step { headers: &[("if-match", "\"other\"")], expect: IF_MATCH_FAILED, ..PUT_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "conditional-writes/if-match-of-a-missing-key",
        source: SOURCE,
        steps: &[Step {
            headers: &[("if-match", "\"4a4be40c96ac6314e91d93f38043a634\"")],
            expect: NO_KEY,
            ..PUT_CAT
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "conditional-writes/if-match-any",
        source: SOURCE,
        steps: &[
            PUT_CAT,
            Step {
                headers: &[("if-match", "*")],
                expect: &[
                    Refused(501, "NotImplemented", HEADER_NOT_IMPLEMENTED),
                    Xml("Header", Is("If-Match")),
                    Xml(
                        "additionalMessage",
                        Is("We don't accept the provided value of If-Match header for this API"),
                    ),
                ],
                ..PUT_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "conditional-writes/both",
        source: SOURCE,
        steps: &[Step {
            headers: &[("if-match", "\"other\""), ("if-none-match", "*")],
            expect: &[
                Refused(501, "NotImplemented", HEADER_NOT_IMPLEMENTED),
                Xml("Header", Is("If-Match,If-None-Match")),
                Xml(
                    "additionalMessage",
                    Is("Multiple conditional request headers present in the request"),
                ),
            ],
            ..PUT_CAT
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "conditional-writes/delete-if-match",
        source: "recorded by LocalStack: TestS3DeletePrecondition",
        steps: &[
            PUT_CAT,
            Step {
                call: "DELETE /{bucket}/cat.jpg",
                headers: &[("if-match", "\"other\"")],
                expect: IF_MATCH_FAILED,
                ..Step::PLAIN
            },
            Step {
                call: "DELETE /{bucket}/cat.jpg",
                headers: &[("if-match", "\"4a4be40c96ac6314e91d93f38043a634\"")],
                expect: &[Status(204)],
                ..Step::PLAIN
            },
            Step {
                call: "DELETE /{bucket}/cat.jpg",
                headers: &[("if-match", "\"4a4be40c96ac6314e91d93f38043a634\"")],
                expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY)],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
];

const IF_MATCH_FAILED: &[Expect] =
    &[Refused(412, "PreconditionFailed", FAILED), Xml("Condition", Is("If-Match"))];

const NO_KEY: &[Expect] = &[Refused(404, "NoSuchKey", NO_SUCH_KEY), Xml("Key", Is("cat.jpg"))];
