//! ACLs of buckets and objects, where ownership lets them count.

use crate::flow::Account;
use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Count;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Identity;
use crate::flow::Place;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::GET_CAT;
use super::PUT_CAT;
use super::versions::METHOD_NOT_ALLOWED;

const ALL_USERS: &str = "http://acs.amazonaws.com/groups/global/AllUsers";

pub(super) const PUT_ACL: Step = Step {
    call: "PUT /{bucket}/cat.jpg?acl",
    headers: &[("content-md5", "{body_md5}")],
    expect: &[Status(200)],
    ..Step::PLAIN
};
const GET_ACL: Step = Step {
    call: "GET /{bucket}/cat.jpg?acl",
    expect: &[Status(200), Root("AccessControlPolicy")],
    ..Step::PLAIN
};

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "acls/private-by-default",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html",
        steps: &[
            PUT_CAT,
            Step { expect: OWNER_ONLY, ..GET_ACL },
            Step { call: "GET /{bucket}?acl", expect: OWNER_ONLY, ..GET_ACL },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/canned-with-the-object",
        source: "recorded by LocalStack: test_s3_multipart_upload_acls",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            Step { headers: &[("x-amz-acl", "public-read")], ..PUT_CAT },
            Step { expect: PUBLIC_READ, ..GET_ACL },
            Step { identity: Identity::Anonymous, ..GET_CAT },
            // An overwrite takes no ACL along.
            PUT_CAT,
            Step { expect: OWNER_ONLY, ..GET_ACL },
            Step { identity: Identity::Anonymous, expect: super::DENIED, ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/canned-afterwards",
        source: "recorded by LocalStack: test_s3_bucket_acl",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            PUT_CAT,
            Step {
                headers: &[("x-amz-acl", "public-read"), ("content-md5", "{body_md5}")],
                ..PUT_ACL
            },
            Step { expect: PUBLIC_READ, ..GET_ACL },
            Step { headers: &[("x-amz-acl", "private"), ("content-md5", "{body_md5}")], ..PUT_ACL },
            Step { expect: OWNER_ONLY, ..GET_ACL },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/of-a-bucket",
        source: "recorded by LocalStack: test_s3_bucket_acl",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            PUT_CAT,
            Step {
                call: "PUT /{bucket}?acl",
                headers: &[("x-amz-acl", "public-read-write"), ("content-md5", "{body_md5}")],
                expect: &[Status(200), BodyText(Absent)],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}?acl",
                expect: &[
                    Status(200),
                    Count("AccessControlList/Grant", 3),
                    Xml("AccessControlList/Grant[2]/Grantee/URI", Is(ALL_USERS)),
                    Xml("AccessControlList/Grant[2]/Permission", Is("READ")),
                    Xml("AccessControlList/Grant[3]/Grantee/URI", Is(ALL_USERS)),
                    Xml("AccessControlList/Grant[3]/Permission", Is("WRITE")),
                ],
                ..GET_ACL
            },
            // What is granted on the bucket is not granted on what is in it.
            Step { call: "GET /{bucket}?list-type=2", identity: Identity::Anonymous, ..GET_CAT },
            Step { identity: Identity::Anonymous, expect: super::DENIED, ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/of-versions-and-delete-markers",
        source: "recorded by captures of AWS in 2026",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            super::versions::ENABLE,
            Step { keep: &[("first", Place::Header("x-amz-version-id"))], ..PUT_CAT },
            Step {
                headers: &[("x-amz-acl", "private"), ("content-md5", "{body_md5}")],
                expect: &[Status(200), Header("x-amz-version-id", Is("{first}"))],
                ..PUT_ACL
            },
            Step { expect: &[Status(200), Header("x-amz-version-id", Is("{first}"))], ..GET_ACL },
            Step {
                call: "DELETE /{bucket}/cat.jpg",
                expect: &[Status(204)],
                keep: &[("marker", Place::Header("x-amz-version-id"))],
                ..Step::PLAIN
            },
            Step {
                call: "GET /{bucket}/cat.jpg?acl&versionId={marker}",
                expect: &[
                    Refused(405, "MethodNotAllowed", METHOD_NOT_ALLOWED),
                    Header("allow", Is("DELETE")),
                    Header("x-amz-delete-marker", Is("true")),
                    Header("x-amz-version-id", Is("{marker}")),
                    Header("last-modified", Absent),
                ],
                ..GET_ACL
            },
            Step {
                headers: &[("x-amz-acl", "private"), ("content-md5", "{body_md5}")],
                expect: &[
                    Refused(405, "MethodNotAllowed", METHOD_NOT_ALLOWED),
                    Header("allow", Is("DELETE")),
                    Header("x-amz-delete-marker", Absent),
                ],
                ..PUT_ACL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/document",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            PUT_CAT,
            Step {
                body: Body::Text(
                    "<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner><ID>\
                     {owner_id}</ID></Owner><AccessControlList><Grant><Grantee \
                     xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                     xsi:type=\"CanonicalUser\"><ID>{owner_id}</ID></Grantee><Permission>FULL_CONTROL\
                     </Permission></Grant><Grant><Grantee \
                     xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"Group\"><URI>\
                     http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ\
                     </Permission></Grant></AccessControlList></AccessControlPolicy>",
                ),
                ..PUT_ACL
            },
            Step { expect: PUBLIC_READ, ..GET_ACL },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/grants-in-headers",
        source: "recorded by LocalStack: test_s3_object_acl",
        needs: &[Feature::PublicBuckets, Feature::SecondAccount],
        bucket: Bucket::WithAcls,
        steps: &[
            // The owner is not added to what the headers grant.
            Step {
                headers: &[
                    ("x-amz-grant-read", "id=\"{stranger_id}\""),
                    ("x-amz-grant-full-control", "id=\"{owner_id}\""),
                ],
                ..PUT_CAT
            },
            Step { identity: Identity::Signed(Account::Stranger), ..GET_CAT },
            Step { expect: &[Status(200), Count("AccessControlList/Grant", 2)], ..GET_ACL },
            Step {
                identity: Identity::Signed(Account::Stranger),
                expect: super::DENIED,
                ..GET_ACL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/canned-and-grants",
        source: "https://github.com/versity/versitygw/issues/1367",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            PUT_CAT,
            Step {
                headers: &[
                    ("content-md5", "{body_md5}"),
                    ("x-amz-acl", "private"),
                    ("x-amz-grant-read", "uri=\"http://acs.amazonaws.com/groups/global/AllUsers\""),
                ],
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "Specifying both Canned ACLs and Header Grants is not allowed",
                )],
                ..PUT_ACL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/canned-unknown",
        source: "recorded by LocalStack: test_s3_object_acl_exceptions",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            PUT_CAT,
            Step {
                headers: &[("content-md5", "{body_md5}"), ("x-amz-acl", "friends-only")],
                expect: &[
                    Refused(400, "InvalidArgument", ""),
                    Xml("ArgumentName", Is("x-amz-acl")),
                    Xml("ArgumentValue", Is("friends-only")),
                ],
                ..PUT_ACL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/group-unknown",
        source: "recorded by LocalStack: test_s3_object_acl_exceptions",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            PUT_CAT,
            Step {
                headers: &[
                    ("content-md5", "{body_md5}"),
                    ("x-amz-grant-read", "uri=\"http://acs.example.com/Friends\""),
                ],
                expect: &[
                    Refused(400, "InvalidArgument", "Invalid group uri"),
                    Xml("ArgumentName", Is("uri")),
                    Xml("ArgumentValue", Is("http://acs.example.com/Friends")),
                ],
                ..PUT_ACL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/document-without-an-owner",
        source: "recorded by LocalStack: test_s3_object_acl_exceptions",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[
            PUT_CAT,
            Step {
                body: Body::Text(
                    "<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                     <AccessControlList/></AccessControlPolicy>",
                ),
                expect: &[Refused(400, "MalformedACLError", super::MALFORMED_XML)],
                ..PUT_ACL
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/neither-header-nor-document",
        source: "recorded by LocalStack: test_s3_bucket_acl_exceptions",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[Step {
            call: "PUT /{bucket}?acl",
            expect: &[
                Refused(400, "MissingSecurityHeader", "Your request was missing a required header"),
                Xml("MissingHeaderName", Is("x-amz-acl")),
            ],
            ..PUT_ACL
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "acls/header-and-document",
        source: "recorded by LocalStack: test_s3_bucket_acl_exceptions",
        needs: &[Feature::PublicBuckets],
        bucket: Bucket::WithAcls,
        steps: &[Step {
            call: "PUT /{bucket}?acl",
            headers: &[("content-md5", "{body_md5}"), ("x-amz-acl", "private")],
            body: Body::Text("<AccessControlPolicy/>"),
            expect: &[Refused(400, "UnexpectedContent", "This request does not support content")],
            ..PUT_ACL
        }],
        ..Flow::PLAIN
    },
];

const OWNER_ONLY: &[Expect] = &[
    Status(200),
    Root("AccessControlPolicy"),
    Xml("Owner/ID", Is("{owner_id}")),
    Xml("Owner/DisplayName", Absent),
    Count("AccessControlList/Grant", 1),
    Xml("AccessControlList/Grant/Grantee/ID", Is("{owner_id}")),
    Xml("AccessControlList/Grant/Permission", Is("FULL_CONTROL")),
];

const PUBLIC_READ: &[Expect] = &[
    Status(200),
    Xml("Owner/ID", Is("{owner_id}")),
    Count("AccessControlList/Grant", 2),
    Xml("AccessControlList/Grant[1]/Grantee/ID", Is("{owner_id}")),
    Xml("AccessControlList/Grant[1]/Permission", Is("FULL_CONTROL")),
    Xml("AccessControlList/Grant[2]/Grantee/URI", Is(ALL_USERS)),
    Xml("AccessControlList/Grant[2]/Permission", Is("READ")),
];
