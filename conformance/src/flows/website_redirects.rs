//! Where the website endpoint of a bucket sends a browser instead.

use crate::flow::Body;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Status;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::website_endpoint::HOME;
use super::website_endpoint::LOOK;
use super::website_endpoint::PAGE;
use super::website_endpoint::SET_UP;
use super::website_endpoint::SITE;

const RECORDED: &str = "recorded by LocalStack: TestS3StaticWebsiteHosting";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "website-endpoint/all-requests-redirected",
        source: RECORDED,
        steps: &[
            Step {
                body: Body::Text(
                    "<WebsiteConfiguration><RedirectAllRequestsTo><HostName>example.org</HostName>\
                     </RedirectAllRequestsTo></WebsiteConfiguration>",
                ),
                ..SET_UP
            },
            Step {
                call: "GET /{bucket}/a/b",
                expect: &[
                    Status(301),
                    Header("location", Is("http://example.org/a/b")),
                    BodyText(Absent),
                ],
                ..LOOK
            },
            Step {
                body: Body::Text(
                    "<WebsiteConfiguration><RedirectAllRequestsTo><HostName>example.org</HostName>\
                     <Protocol>https</Protocol></RedirectAllRequestsTo></WebsiteConfiguration>",
                ),
                ..SET_UP
            },
            Step {
                call: "GET /{bucket}/a/b",
                expect: &[Status(301), Header("location", Is("https://example.org/a/b"))],
                ..LOOK
            },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/object-redirects",
        source: RECORDED,
        steps: &[
            SET_UP,
            PAGE,
            Step {
                call: "PUT /{bucket}/moved",
                headers: &[
                    ("x-amz-acl", "public-read"),
                    ("x-amz-website-redirect-location", "/index.html"),
                ],
                ..PAGE
            },
            Step {
                call: "GET /{bucket}/moved",
                expect: &[Status(301), Header("location", Is("/index.html"))],
                ..LOOK
            },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/rule-on-a-prefix",
        source: RECORDED,
        steps: &[
            Step {
                body: Body::Text(
                    "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument>\
                     <RoutingRules><RoutingRule><Condition><KeyPrefixEquals>old/</KeyPrefixEquals>\
                     </Condition><Redirect><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith></Redirect>\
                     </RoutingRule></RoutingRules></WebsiteConfiguration>",
                ),
                ..SET_UP
            },
            PAGE,
            Step {
                call: "GET /{bucket}/old/page",
                expect: &[Status(301), Header("location", Is("http://{website_host}/new/page"))],
                ..LOOK
            },
            Step { call: "GET /{bucket}/index.html", expect: HOME, ..LOOK },
        ],
        ..SITE
    },
    Flow {
        name: "website-endpoint/rule-on-an-error",
        source: RECORDED,
        steps: &[
            Step {
                body: Body::Text(
                    "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument>\
                     <RoutingRules><RoutingRule><Condition><HttpErrorCodeReturnedEquals>403\
                     </HttpErrorCodeReturnedEquals></Condition><Redirect><HostName>example.org</HostName>\
                     <HttpRedirectCode>307</HttpRedirectCode><ReplaceKeyWith>ask</ReplaceKeyWith>\
                     </Redirect></RoutingRule></RoutingRules></WebsiteConfiguration>",
                ),
                ..SET_UP
            },
            PAGE,
            Step {
                call: "GET /{bucket}/missing",
                expect: &[Status(307), Header("location", Is("http://example.org/ask"))],
                ..LOOK
            },
            Step { expect: HOME, ..LOOK },
        ],
        ..SITE
    },
];
