//! Headers of an answer that the request names: `response-content-type` and its kin.

use crate::flow::Account;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Identity;
use crate::flow::Step;
use crate::flow::Text::Is;

use super::GET_CAT;
use super::PUT_CAT;

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "overrides/signed",
        source: "recorded by LocalStack: test_s3_get_object_header_overrides",
        steps: &[
            Step { headers: &[("content-type", "image/jpeg")], ..PUT_CAT },
            Step { call: ALL_SIX, expect: OVERRIDDEN, ..Step::PLAIN },
            Step { expect: &[Status(200), Header("content-type", Is("image/jpeg"))], ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "overrides/presigned",
        source: "recorded by moto's verified tests: \
                 test_presigned_url_generates_content_response_headers",
        steps: &[
            PUT_CAT,
            Step {
                call: ALL_SIX,
                identity: Identity::Presigned { account: Account::Owner, lifetime_seconds: 60 },
                expect: OVERRIDDEN,
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "overrides/unknown-name",
        source: "https://github.com/versity/versitygw/issues/2075",
        steps: &[
            PUT_CAT,
            Step {
                call: "GET /{bucket}/cat.jpg?response-color=red",
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "response-color is not in the set of overridable response headers. Please \
                         refer to the S3 API documentation for a complete list of overridable \
                         response headers.",
                    ),
                    Xml("ArgumentName", Is("response-color")),
                    Xml("ArgumentValue", Is("red")),
                ],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "overrides/anonymous",
        source: "https://github.com/floci-io/floci/issues/1098",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            Step { headers: &[("x-amz-acl", "public-read")], ..PUT_CAT },
            Step {
                call: "GET /{bucket}/cat.jpg?response-content-type=text/plain",
                identity: Identity::Anonymous,
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Request specific response headers cannot be used for anonymous GET requests.",
                )],
                ..Step::PLAIN
            },
        ],
        ..Flow::PLAIN
    },
];

const ALL_SIX: &str = "GET /{bucket}/cat.jpg?response-cache-control=no-cache\
                       &response-content-disposition=attachment%3B%20filename%3D%22a%20b.txt%22\
                       &response-content-encoding=identity&response-content-language=fr\
                       &response-content-type=text/plain\
                       &response-expires=Thu%2C%2001%20Jan%202032%2000%3A00%3A00%20GMT";

const OVERRIDDEN: &[Expect] = &[
    Status(200),
    Header("cache-control", Is("no-cache")),
    Header("content-disposition", Is("attachment; filename=\"a b.txt\"")),
    Header("content-encoding", Is("identity")),
    Header("content-language", Is("fr")),
    Header("content-type", Is("text/plain")),
    Header("expires", Is("Thu, 01 Jan 2032 00:00:00 GMT")),
];
