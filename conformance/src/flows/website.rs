//! Websites, as far as the endpoint of the API tells of them.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Is;

use super::GET_CAT;
use super::PUT_CAT;

const GET: Step = Step { call: "GET /{bucket}?website", ..Step::PLAIN };
pub(super) const DELETE: Step =
    Step { call: "DELETE /{bucket}?website", expect: &[Status(204)], ..Step::PLAIN };
const NONE: &[Expect] = &[
    Refused(
        404,
        "NoSuchWebsiteConfiguration",
        "The specified bucket does not have a website configuration",
    ),
    Xml("BucketName", Is("{bucket}")),
];
const LOCATION: &str = "x-amz-website-redirect-location";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "website/put-get-delete",
        source: "recorded by LocalStack: test_validate_website_configuration",
        steps: &[
            Step { expect: NONE, ..GET },
            Step {
                call: "PUT /{bucket}?website",
                headers: &[("content-md5", "{body_md5}")],
                body: Body::Text(
                    "<WebsiteConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                     <IndexDocument><Suffix>index.html</Suffix></IndexDocument><ErrorDocument>\
                     <Key>error.html</Key></ErrorDocument></WebsiteConfiguration>",
                ),
                expect: &[Status(200)],
                ..Step::PLAIN
            },
            Step {
                expect: &[
                    Status(200),
                    Xml("IndexDocument/Suffix", Is("index.html")),
                    Xml("ErrorDocument/Key", Is("error.html")),
                ],
                ..GET
            },
            DELETE,
            Step { expect: NONE, ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "website/redirect-location",
        source: "pinned by argmin against live AWS",
        steps: &[
            Step { headers: &[(LOCATION, "/dog.jpg")], ..PUT_CAT },
            // Only the website's endpoint follows it.
            Step { expect: &[Status(200), Header(LOCATION, Is("/dog.jpg"))], ..GET_CAT },
            Step {
                headers: &[(LOCATION, "dog.jpg")],
                expect: &[Refused(
                    400,
                    "InvalidRedirectLocation",
                    "The website redirect location must have a prefix of 'http://' or 'https://' \
                     or '/'.",
                )],
                ..PUT_CAT
            },
        ],
        ..Flow::PLAIN
    },
];
