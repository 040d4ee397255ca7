//! Websites as a browser sees them, at the endpoint that serves nothing else.

use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Status;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Identity;
use crate::flow::Service;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Contains;
use crate::flow::Text::Is;
use crate::flow::Text::Present;
use crate::flow::Text::StartsWith;

use super::website::DELETE;

/// A bucket of which some objects are public.
pub(super) const SITE: Flow = Flow {
    needs: &[Feature::PublicBuckets, Feature::Website],
    bucket: Bucket::WithAcls,
    ..Flow::PLAIN
};

/// Nobody in particular looks at a page.
pub(super) const LOOK: Step = Step {
    call: "GET /{bucket}/",
    service: Service::Website,
    identity: Identity::Anonymous,
    expect: &[Status(200)],
    ..Step::PLAIN
};

/// The owner sets up the website: an index document, and no more.
pub(super) const SET_UP: Step = Step {
    call: "PUT /{bucket}?website",
    headers: &[("content-md5", "{body_md5}")],
    body: Body::Text(
        "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument>\
         </WebsiteConfiguration>",
    ),
    expect: &[Status(200)],
    ..Step::PLAIN
};
const SET_UP_WITH_ERROR_DOCUMENT: Step = Step {
    body: Body::Text(
        "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument>\
         <ErrorDocument><Key>error.html</Key></ErrorDocument></WebsiteConfiguration>",
    ),
    ..SET_UP
};

/// The owner puts a page that everyone may read.
pub(super) const PAGE: Step = Step {
    call: "PUT /{bucket}/index.html",
    headers: &[("content-type", "text/html"), ("x-amz-acl", "public-read")],
    body: Body::Text("home"),
    expect: &[Status(200)],
    ..Step::PLAIN
};
pub(super) const HOME: &[Expect] =
    &[Status(200), BodyText(Is("home")), Header("content-type", Is("text/html"))];

/// Only who may list learns that a key is not there.
const EVERYONE_LISTS: Step = Step {
    call: "PUT /{bucket}?acl",
    headers: &[("x-amz-acl", "public-read")],
    expect: &[Status(200)],
    ..Step::PLAIN
};

const NO_SUCH_KEY_PAGE: &[Expect] = &[
    Status(404),
    Header("content-type", Is("text/html; charset=utf-8")),
    Header("x-amz-error-code", Is("NoSuchKey")),
    Header("x-amz-error-message", Is("The specified key does not exist.")),
    Header("x-amz-error-detail-key", Is("missing")),
    BodyText(StartsWith(
        "<html>\n<head><title>404 Not Found</title></head>\n<body>\n<h1>404 Not Found</h1>\n<ul>\n\
         <li>Code: NoSuchKey</li>\n<li>Message: The specified key does not exist.</li>\n\
         <li>Key: missing</li>\n",
    )),
];

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "website-endpoint/index-document",
        source: "recorded by LocalStack: test_website_hosting_index_lookup",
        steps: &[
            SET_UP,
            PAGE,
            Step { call: "PUT /{bucket}/dir/index.html", body: Body::Text("folder"), ..PAGE },
            Step { expect: HOME, ..LOOK },
            Step { call: "GET /{bucket}/index.html", expect: HOME, ..LOOK },
            Step {
                call: "GET /{bucket}/dir/",
                expect: &[Status(200), BodyText(Is("folder"))],
                ..LOOK
            },
            Step {
                call: "GET /{bucket}/dir",
                expect: &[Status(302), Header("location", Is("/dir/"))],
                ..LOOK
            },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/query-means-nothing",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html",
        steps: &[
            SET_UP,
            PAGE,
            Step { call: "GET /{bucket}/index.html?acl", expect: HOME, ..LOOK },
            Step { call: "GET /{bucket}/?list-type=2", expect: HOME, ..LOOK },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/head",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html",
        steps: &[
            SET_UP,
            PAGE,
            Step {
                call: "HEAD /{bucket}/",
                expect: &[
                    Status(200),
                    Header("content-length", Is("4")),
                    Header("content-type", Is("text/html")),
                    BodyText(Absent),
                ],
                ..LOOK
            },
            Step {
                call: "HEAD /{bucket}/missing",
                expect: &[
                    Status(403),
                    Header("x-amz-error-code", Is("AccessDenied")),
                    BodyText(Absent),
                ],
                ..LOOK
            },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/if-none-match",
        source: "recorded by LocalStack: test_s3_static_website_hosting",
        steps: &[
            SET_UP,
            PAGE,
            Step {
                headers: &[("if-none-match", "\"106a6c241b8797f52e1e77317b96a201\"")],
                expect: &[Status(304), BodyText(Absent)],
                ..LOOK
            },
            Step {
                headers: &[("if-none-match", "\"d41d8cd98f00b204e9800998ecf8427e\"")],
                expect: HOME,
                ..LOOK
            },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/missing-key",
        source: "recorded by LocalStack: test_website_hosting_404",
        steps: &[
            SET_UP,
            EVERYONE_LISTS,
            Step { call: "GET /{bucket}/missing", expect: NO_SUCH_KEY_PAGE, ..LOOK },
            Step {
                call: "GET /{bucket}/missing/",
                expect: &[Status(404), BodyText(Contains("<li>Key: missing/index.html</li>"))],
                ..LOOK
            },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/error-document",
        source: "recorded by LocalStack: test_website_hosting_404",
        steps: &[
            SET_UP_WITH_ERROR_DOCUMENT,
            EVERYONE_LISTS,
            Step {
                call: "GET /{bucket}/missing",
                expect: &[
                    Status(404),
                    BodyText(Contains("<li>Key: missing</li>")),
                    BodyText(Contains(
                        "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>",
                    )),
                    BodyText(Contains("<li>Key: error.html</li>")),
                ],
                ..LOOK
            },
            Step { call: "PUT /{bucket}/error.html", body: Body::Text("lost?"), ..PAGE },
            Step {
                call: "GET /{bucket}/missing",
                expect: &[
                    Status(404),
                    Header("content-type", Is("text/html")),
                    Header("x-amz-error-code", Is("NoSuchKey")),
                    BodyText(Is("lost?")),
                ],
                ..LOOK
            },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/not-public",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteAccessPermissionsReqd.html",
        needs: &[Feature::Website],
        bucket: Bucket::Default,
        steps: &[
            SET_UP,
            Step { headers: &[], ..PAGE },
            Step { expect: FORBIDDEN_PAGE, ..LOOK },
            // Nor is it told that there is no such key.
            Step { call: "GET /{bucket}/missing", expect: FORBIDDEN_PAGE, ..LOOK },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "website-endpoint/methods-refused",
        source: "recorded by LocalStack: test_website_hosting_http_methods",
        steps: &[
            SET_UP,
            PAGE,
            Step { call: "PUT /{bucket}/index.html", expect: NOT_ALLOWED_PAGE, ..LOOK },
            Step { call: "POST /{bucket}/index.html", expect: NOT_ALLOWED_PAGE, ..LOOK },
            Step { call: "DELETE /{bucket}/index.html", expect: NOT_ALLOWED_PAGE, ..LOOK },
            Step { expect: HOME, ..LOOK },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/preflight",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html",
        steps: &[
            SET_UP,
            PAGE,
            super::cross_origin::APP,
            Step {
                call: "OPTIONS /{bucket}/index.html",
                headers: &[("origin", "http://app.test"), ("access-control-request-method", "PUT")],
                expect: &[
                    Status(200),
                    Header("access-control-allow-origin", Is("http://app.test")),
                ],
                ..LOOK
            },
            Step {
                headers: &[("origin", "http://app.test")],
                expect: &[
                    Status(200),
                    Header("access-control-allow-origin", Is("http://app.test")),
                    BodyText(Is("home")),
                ],
                ..LOOK
            },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/not-configured",
        source: "recorded by LocalStack: test_website_hosting_no_such_website",
        steps: &[
            PAGE,
            Step { expect: NO_WEBSITE_PAGE, ..LOOK },
            SET_UP,
            Step { expect: HOME, ..LOOK },
            DELETE,
            Step { expect: NO_WEBSITE_PAGE, ..LOOK },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/bucket-missing",
        source: "recorded by LocalStack: test_website_hosting_no_such_website",
        needs: &[Feature::Website],
        bucket: Bucket::None,
        steps: &[Step {
            call: "GET /{missing}/",
            expect: &[
                Status(404),
                Header("x-amz-error-code", Is("NoSuchBucket")),
                BodyText(Contains("<li>Code: NoSuchBucket</li>")),
                BodyText(Contains("<li>BucketName: {missing}</li>")),
            ],
            ..LOOK
        }],
        ..Flow::PLAIN
    },
];

const FORBIDDEN_PAGE: &[Expect] = &[
    Status(403),
    Header("content-type", Is("text/html; charset=utf-8")),
    Header("x-amz-error-code", Is("AccessDenied")),
    Header("x-amz-request-id", Present),
    BodyText(Contains("<h1>403 Forbidden</h1>\n<ul>\n<li>Code: AccessDenied</li>\n")),
];

const NOT_ALLOWED_PAGE: &[Expect] = &[
    Status(405),
    Header("x-amz-error-code", Is("MethodNotAllowed")),
    BodyText(Contains("<li>Code: MethodNotAllowed</li>")),
    BodyText(Contains("<li>ResourceType: OBJECT</li>")),
];

const NO_WEBSITE_PAGE: &[Expect] = &[
    Status(404),
    Header("x-amz-error-code", Is("NoSuchWebsiteConfiguration")),
    BodyText(Contains(
        "<li>Message: The specified bucket does not have a website configuration</li>",
    )),
    BodyText(Contains("<li>BucketName: {bucket}</li>")),
];
