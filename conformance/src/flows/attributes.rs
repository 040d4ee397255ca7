//! The attributes of objects.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::Count;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;
use crate::flow::Text::Present;

use super::DATA;
use super::DATA_CRC64NVME;
use super::NO_SUCH_KEY;
use super::multipart::COMPLETE;
use super::multipart::CREATE;
use super::multipart::PART;
use super::multipart::parts;

const PUT: Step = Step {
    call: "PUT /{bucket}/data",
    body: Body::Text(DATA),
    expect: &[Status(200)],
    ..Step::PLAIN
};
const GET: Step = Step {
    call: "GET /{bucket}/data?attributes",
    headers: &[("x-amz-object-attributes", "ETag,Checksum,ObjectParts,StorageClass,ObjectSize")],
    ..Step::PLAIN
};
const NOTHING_ASKED: &[Expect] = &[Refused(
    400,
    "InvalidRequest",
    "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing \
     or empty",
)];
const DATA_SHA256: &str = "2l26x0trnT0r2AvakoFk2MB7eKVKzYESLMxSAKAzoik=";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "attributes/some",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            PUT,
            Step {
                headers: &[("x-amz-object-attributes", "ETag,ObjectSize")],
                expect: &[
                    Status(200),
                    Root("GetObjectAttributesResponse"),
                    // Without the quotes it has elsewhere.
                    Xml("ETag", Is("e6d9226c2a86b7232933663c13467527")),
                    Xml("ObjectSize", Is("11")),
                    Xml("Checksum", Absent),
                    Xml("ObjectParts", Absent),
                    Xml("StorageClass", Absent),
                    Header("last-modified", Present),
                    Header("x-amz-version-id", Absent),
                ],
                ..GET
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "attributes/all-of-one-put",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            PUT,
            Step {
                expect: &[
                    Status(200),
                    Xml("ETag", Is("e6d9226c2a86b7232933663c13467527")),
                    Xml("Checksum/ChecksumCRC64NVME", Is(DATA_CRC64NVME)),
                    Xml("Checksum/ChecksumType", Is("FULL_OBJECT")),
                    Xml("ObjectParts", Absent),
                    Xml("StorageClass", Is("STANDARD")),
                    Xml("ObjectSize", Is("11")),
                ],
                ..GET
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "attributes/all-of-an-upload-in-parts",
        source: "recorded by LocalStack: test_list_parts_via_object_attrs_pagination",
        steps: &[
            CREATE,
            PART,
            COMPLETE,
            Step {
                expect: &[
                    Status(200),
                    Xml("ETag", Is("09f4e996a191d5383e5dc4096052e226-1")),
                    Xml("Checksum/ChecksumType", Is("FULL_OBJECT")),
                    Xml("ObjectParts/PartsCount", Is("1")),
                    // Only parts with checksums of their own are listed.
                    Xml("ObjectParts/MaxParts", Absent),
                    Count("ObjectParts/Part", 0),
                ],
                ..GET
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "attributes/all-of-a-composite-upload",
        source: "recorded by LocalStack: test_list_parts_via_object_attrs_pagination",
        steps: &[
            Step { headers: &[("x-amz-checksum-algorithm", "SHA256")], ..CREATE },
            Step { headers: &[("x-amz-checksum-sha256", DATA_SHA256)], ..PART },
            Step {
                body: parts!(
                    "<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumSHA256>\
                     2l26x0trnT0r2AvakoFk2MB7eKVKzYESLMxSAKAzoik=</ChecksumSHA256></Part>"
                ),
                ..COMPLETE
            },
            Step {
                expect: &[
                    Status(200),
                    // Without the number of parts that headers show.
                    Xml(
                        "Checksum/ChecksumSHA256",
                        Is("Eh/5SemCtW7PpE60bANCInslYbxoFAfrVBUvHdN/g7E="),
                    ),
                    Xml("Checksum/ChecksumType", Is("COMPOSITE")),
                    Xml("ObjectParts/PartsCount", Is("1")),
                    Xml("ObjectParts/PartNumberMarker", Is("0")),
                    Xml("ObjectParts/NextPartNumberMarker", Is("1")),
                    Xml("ObjectParts/MaxParts", Is("1000")),
                    Xml("ObjectParts/IsTruncated", Is("false")),
                    Count("ObjectParts/Part", 1),
                    Xml("ObjectParts/Part/PartNumber", Is("1")),
                    Xml("ObjectParts/Part/Size", Is("11")),
                    Xml("ObjectParts/Part/ChecksumSHA256", Is(DATA_SHA256)),
                ],
                ..GET
            },
            Step {
                headers: &[
                    ("x-amz-object-attributes", "ObjectParts"),
                    ("x-amz-part-number-marker", "5"),
                ],
                expect: &[
                    Status(200),
                    Count("ObjectParts/Part", 0),
                    Xml("ObjectParts/NextPartNumberMarker", Is("0")),
                ],
                ..GET
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "attributes/nothing-asked-for",
        source: "https://github.com/versity/versitygw/issues/915",
        steps: &[PUT, Step { headers: &[], expect: NOTHING_ASKED, ..GET }],
        ..Flow::PLAIN
    },
    Flow {
        name: "attributes/encryption-asked-for",
        source: "pinned by argmin's tests against AWS: https://github.com/justincormack/argmin",
        steps: &[
            PUT,
            Step {
                headers: &[
                    ("x-amz-object-attributes", "ETag"),
                    ("x-amz-server-side-encryption", "AES256"),
                ],
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "x-amz-server-side-encryption header is not supported for this operation.",
                    ),
                    Xml("ArgumentName", Is("x-amz-server-side-encryption")),
                    Xml("ArgumentValue", Is("AES256")),
                ],
                ..GET
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "attributes/delete-marker",
        source: "recorded by LocalStack: tests/aws/services/s3",
        steps: &[
            super::versions::ENABLE,
            PUT,
            Step { call: "DELETE /{bucket}/data", expect: &[Status(204)], ..Step::PLAIN },
            Step { expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY)], ..GET },
        ],
        ..Flow::PLAIN
    },
];
