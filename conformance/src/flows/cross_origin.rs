//! CORS: the document, preflights, and what scripts of other origins are told.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Identity;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::GET_CAT;
use super::MALFORMED;
use super::PUT_CAT;

/// The document with these rules.
macro_rules! rules {
    ($rules:literal) => {
        Body::Text(concat!(
            "<CORSConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">",
            $rules,
            "</CORSConfiguration>"
        ))
    };
}

const PUT: Step = Step {
    call: "PUT /{bucket}?cors",
    headers: &[("content-md5", "{body_md5}")],
    expect: &[Status(200), BodyText(Absent)],
    ..Step::PLAIN
};
pub(super) const APP: Step = Step {
    body: rules!(
        "<CORSRule><AllowedOrigin>http://app.test</AllowedOrigin><AllowedMethod>GET\
         </AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-amz-*</AllowedHeader>\
         <ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>600</MaxAgeSeconds></CORSRule>"
    ),
    ..PUT
};
const PREFLIGHT: Step = Step {
    call: "OPTIONS /{bucket}/cat.jpg",
    identity: Identity::Anonymous,
    headers: &[("origin", "http://app.test"), ("access-control-request-method", "PUT")],
    ..Step::PLAIN
};

const VARY: &str = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
const REFUSED: &str = "CORSResponse: This CORS request is not allowed. This is usually because the \
                       evalution of Origin, request method / Access-Control-Request-Method or \
                       Access-Control-Request-Headers are not whitelisted by the resource's CORS \
                       spec.";
const NOT_ALLOWED: &[Expect] = &[
    Refused(403, "AccessForbidden", REFUSED),
    Xml("Method", Is("PUT")),
    Xml("ResourceType", Is("OBJECT")),
    Header("access-control-allow-origin", Absent),
    Header("vary", Absent),
];

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "cors/put-get-delete",
        source: "recorded by LocalStack: test_s3_cors.py",
        steps: &[
            Step { expect: NONE, ..GET },
            APP,
            Step {
                expect: &[
                    Status(200),
                    Xml("CORSRule/AllowedOrigin", Is("http://app.test")),
                    Xml("CORSRule/AllowedMethod[2]", Is("PUT")),
                    Xml("CORSRule/AllowedHeader", Is("x-amz-*")),
                    Xml("CORSRule/ExposeHeader", Is("ETag")),
                    Xml("CORSRule/MaxAgeSeconds", Is("600")),
                ],
                ..GET
            },
            DELETE,
            DELETE,
            Step { expect: NONE, ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "cors/documents-that-are-none",
        source: "recorded by LocalStack: test_put_cors_invalid_rules",
        steps: &[
            Step {
                body: rules!(
                    "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>MYMETHOD\
                     </AllowedMethod></CORSRule>"
                ),
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Found unsupported HTTP method in CORS config. Unsupported method is MYMETHOD",
                )],
                ..PUT
            },
            Step { body: rules!("<CORSRule></CORSRule>"), expect: MALFORMED, ..PUT },
            Step { body: rules!(""), expect: MALFORMED, ..PUT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "cors/preflight",
        source: "recorded by LocalStack: test_cors_match_origins, test_cors_match_headers",
        steps: &[
            APP,
            Step {
                expect: &[
                    Status(200),
                    BodyText(Absent),
                    Header("access-control-allow-origin", Is("http://app.test")),
                    Header("access-control-allow-credentials", Is("true")),
                    Header("access-control-allow-methods", Is("GET, PUT")),
                    Header("access-control-allow-headers", Absent),
                    Header("access-control-expose-headers", Is("ETag")),
                    Header("access-control-max-age", Is("600")),
                    Header("vary", Is(VARY)),
                ],
                ..PREFLIGHT
            },
            // As a browser asks before it lists.
            Step {
                call: "OPTIONS /{bucket}",
                headers: &[("origin", "http://app.test"), ("access-control-request-method", "GET")],
                expect: &[
                    Status(200),
                    Header("access-control-allow-origin", Is("http://app.test")),
                ],
                ..PREFLIGHT
            },
            Step {
                headers: &[
                    ("origin", "http://app.test"),
                    ("access-control-request-method", "PUT"),
                    ("access-control-request-headers", "X-Amz-Acl,x-amz-meta-a"),
                ],
                expect: &[
                    Status(200),
                    Header("access-control-allow-headers", Is("x-amz-acl, x-amz-meta-a")),
                ],
                ..PREFLIGHT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "cors/preflight-refused",
        source: "recorded by LocalStack: test_s3_cors.py",
        steps: &[
            Step {
                expect: &[
                    Refused(
                        403,
                        "AccessForbidden",
                        "CORSResponse: CORS is not enabled for this bucket.",
                    ),
                    Xml("Method", Is("PUT")),
                    Xml("ResourceType", Is("BUCKET")),
                ],
                ..PREFLIGHT
            },
            Step {
                call: "OPTIONS /{missing}/cat.jpg",
                expect: &[
                    Refused(403, "AccessForbidden", "CORSResponse: Bucket not found"),
                    Xml("ResourceType", Is("BUCKET")),
                ],
                ..PREFLIGHT
            },
            Step {
                headers: &[],
                expect: &[Refused(
                    400,
                    "BadRequest",
                    "Insufficient information. Origin request header needed.",
                )],
                ..PREFLIGHT
            },
            APP,
            Step {
                headers: &[
                    ("origin", "http://other.test"),
                    ("access-control-request-method", "PUT"),
                ],
                expect: NOT_ALLOWED,
                ..PREFLIGHT
            },
            Step {
                headers: &[
                    ("origin", "http://app.test/"),
                    ("access-control-request-method", "PUT"),
                ],
                expect: NOT_ALLOWED,
                ..PREFLIGHT
            },
            Step {
                headers: &[
                    ("origin", "http://app.test"),
                    ("access-control-request-method", "PUT"),
                    ("access-control-request-headers", "authorization"),
                ],
                expect: NOT_ALLOWED,
                ..PREFLIGHT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "cors/real-requests",
        source: "recorded by LocalStack: test_cors_match_origins, test_cors_match_methods",
        steps: &[
            APP,
            Step {
                headers: &[("origin", "http://app.test")],
                expect: &[
                    Status(200),
                    Header("access-control-allow-origin", Is("http://app.test")),
                    Header("access-control-expose-headers", Is("ETag")),
                    Header("vary", Is(VARY)),
                ],
                ..PUT_CAT
            },
            // It is served all the same: the browser keeps it from the script.
            Step {
                headers: &[("origin", "http://other.test")],
                expect: &[
                    Status(200),
                    BodyText(Is("meow")),
                    Header("access-control-allow-origin", Absent),
                    Header("vary", Absent),
                ],
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "cors/any-origin",
        source: "recorded by LocalStack: test_cors_match_origins",
        steps: &[
            Step {
                body: rules!(
                    "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PUT\
                     </AllowedMethod></CORSRule>"
                ),
                ..PUT
            },
            Step {
                expect: &[
                    Status(200),
                    Header("access-control-allow-origin", Is("*")),
                    Header("access-control-allow-credentials", Absent),
                    Header("access-control-allow-methods", Is("PUT")),
                ],
                ..PREFLIGHT
            },
        ],
        ..Flow::PLAIN
    },
];

const GET: Step = Step { call: "GET /{bucket}?cors", ..Step::PLAIN };
const DELETE: Step = Step { call: "DELETE /{bucket}?cors", expect: &[Status(204)], ..Step::PLAIN };
const NONE: &[Expect] = &[
    Refused(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    Xml("BucketName", Is("{bucket}")),
];
