//! Open uploads and their parts, listed.

use crate::flow::Body;
use crate::flow::Expect::Count;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Root;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Flow;
use crate::flow::Place;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;
use crate::flow::Text::Present;

use super::DATA_ETAG;
use super::multipart::ABORT;
use super::multipart::CREATE;
use super::multipart::LIST_PARTS;
use super::multipart::PART;

const LIST: Step = Step { call: "GET /{bucket}?uploads", ..Step::PLAIN };
const CREATE_SECOND: Step = Step {
    call: "POST /{bucket}/dir/a?uploads",
    keep: &[("second", Place::Xml("UploadId"))],
    ..CREATE
};
const CREATE_THIRD: Step = Step {
    call: "POST /{bucket}/dir/b?uploads",
    keep: &[("third", Place::Xml("UploadId"))],
    ..CREATE
};
const ABORT_SECOND: Step = Step { call: "DELETE /{bucket}/dir/a?uploadId={second}", ..ABORT };
const ABORT_THIRD: Step = Step { call: "DELETE /{bucket}/dir/b?uploadId={third}", ..ABORT };

const UPLOADS: &str = "recorded by LocalStack: TestS3ListMultipartUploads";
const PARTS: &str = "recorded by LocalStack: TestS3ListParts";

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "multipart-listing/uploads",
        source: UPLOADS,
        steps: &[
            Step {
                expect: &[
                    Status(200),
                    Root("ListMultipartUploadsResult"),
                    Xml("Bucket", Is("{bucket}")),
                    Xml("KeyMarker", Is("")),
                    Xml("UploadIdMarker", Is("")),
                    Xml("NextKeyMarker", Is("")),
                    Xml("NextUploadIdMarker", Is("")),
                    Xml("MaxUploads", Is("1000")),
                    Xml("IsTruncated", Is("false")),
                    Count("Upload", 0),
                ],
                ..LIST
            },
            CREATE_SECOND,
            CREATE,
            Step {
                expect: &[
                    Status(200),
                    Count("Upload", 2),
                    Xml("Upload[1]/Key", Is("data")),
                    Xml("Upload[1]/UploadId", Is("{upload}")),
                    Xml("Upload[1]/Initiator/ID", Present),
                    Xml("Upload[1]/Initiator/DisplayName", Present),
                    Xml("Upload[1]/Owner/ID", Is("{owner_id}")),
                    Xml("Upload[1]/Owner/DisplayName", Absent),
                    Xml("Upload[1]/StorageClass", Is("STANDARD")),
                    Xml("Upload[1]/Initiated", Present),
                    Xml("Upload[1]/ChecksumAlgorithm", Absent),
                    Xml("Upload[2]/Key", Is("dir/a")),
                    Xml("Upload[2]/UploadId", Is("{second}")),
                    // The last upload, though there are no more.
                    Xml("NextKeyMarker", Is("dir/a")),
                    Xml("NextUploadIdMarker", Is("{second}")),
                    Xml("IsTruncated", Is("false")),
                ],
                ..LIST
            },
            ABORT,
            ABORT_SECOND,
            Step { expect: &[Status(200), Count("Upload", 0)], ..LIST },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart-listing/uploads-in-pages",
        source: UPLOADS,
        steps: &[
            CREATE,
            CREATE_SECOND,
            CREATE_THIRD,
            Step {
                call: "GET /{bucket}?uploads&max-uploads=2",
                expect: &[
                    Status(200),
                    Count("Upload", 2),
                    Xml("MaxUploads", Is("2")),
                    Xml("IsTruncated", Is("true")),
                    Xml("NextKeyMarker", Is("dir/a")),
                    Xml("NextUploadIdMarker", Is("{second}")),
                ],
                ..LIST
            },
            Step {
                call: "GET /{bucket}?uploads&key-marker=dir/a&upload-id-marker={second}",
                expect: &[
                    Status(200),
                    Count("Upload", 1),
                    Xml("Upload/UploadId", Is("{third}")),
                    Xml("KeyMarker", Is("dir/a")),
                    Xml("UploadIdMarker", Is("{second}")),
                    Xml("IsTruncated", Is("false")),
                ],
                ..LIST
            },
            // Without a key the id is ignored, and not even given back.
            Step {
                call: "GET /{bucket}?uploads&upload-id-marker={second}",
                expect: &[Status(200), Count("Upload", 3), Xml("UploadIdMarker", Is(""))],
                ..LIST
            },
            Step {
                call: "GET /{bucket}?uploads&key-marker=dir/a&upload-id-marker={upload}",
                expect: &[
                    Refused(400, "InvalidArgument", "Invalid uploadId marker"),
                    Xml("ArgumentName", Is("upload-id-marker")),
                    Xml("ArgumentValue", Is("{upload}")),
                ],
                ..LIST
            },
            ABORT,
            ABORT_SECOND,
            ABORT_THIRD,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart-listing/uploads-folded",
        source: "recorded by LocalStack: test_list_multipart_uploads_marker_common_prefixes",
        steps: &[
            CREATE_SECOND,
            CREATE_THIRD,
            Step { call: "POST /{bucket}/z?uploads", ..CREATE },
            Step {
                call: "GET /{bucket}?uploads&delimiter=/&max-uploads=1",
                expect: &[
                    Status(200),
                    Count("Upload", 0),
                    Count("CommonPrefixes", 1),
                    Xml("CommonPrefixes/Prefix", Is("dir/")),
                    Xml("IsTruncated", Is("true")),
                    // Where the page ends in a prefix, there is no marker to go on from.
                    Xml("NextKeyMarker", Is("")),
                    Xml("NextUploadIdMarker", Is("")),
                ],
                ..LIST
            },
            Step {
                call: "GET /{bucket}?uploads&delimiter=/&key-marker=dir/",
                expect: &[
                    Status(200),
                    Count("Upload", 1),
                    Xml("Upload/Key", Is("z")),
                    Count("CommonPrefixes", 0),
                    Xml("IsTruncated", Is("false")),
                ],
                ..LIST
            },
            ABORT_SECOND,
            ABORT_THIRD,
            Step { call: "DELETE /{bucket}/z?uploadId={upload}", ..ABORT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart-listing/uploads-refused",
        source: UPLOADS,
        steps: &[
            Step {
                call: "GET /{bucket}?uploads&encoding-type=other",
                expect: &[
                    Refused(400, "InvalidArgument", "Invalid Encoding Method specified in Request"),
                    Xml("ArgumentName", Is("encoding-type")),
                    Xml("ArgumentValue", Is("other")),
                ],
                ..LIST
            },
            Step {
                call: "GET /{bucket}?uploads&max-uploads=many",
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "Provided max-uploads not an integer or within integer range",
                    ),
                    Xml("ArgumentName", Is("max-uploads")),
                ],
                ..LIST
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart-listing/parts",
        source: PARTS,
        steps: &[
            CREATE,
            Step {
                expect: &[
                    Status(200),
                    Root("ListPartsResult"),
                    Count("Part", 0),
                    Xml("NextPartNumberMarker", Is("0")),
                ],
                ..LIST_PARTS
            },
            PART,
            Step {
                call: "PUT /{bucket}/data?partNumber=3&uploadId={upload}",
                body: Body::Text("meow"),
                expect: &[Status(200)],
                keep: &[],
                ..PART
            },
            Step {
                expect: &[
                    Status(200),
                    Xml("Bucket", Is("{bucket}")),
                    Xml("Key", Is("data")),
                    Xml("UploadId", Is("{upload}")),
                    Xml("Initiator/ID", Present),
                    Xml("Initiator/DisplayName", Present),
                    Xml("Owner/ID", Is("{owner_id}")),
                    Xml("Owner/DisplayName", Absent),
                    Xml("StorageClass", Is("STANDARD")),
                    Xml("PartNumberMarker", Is("0")),
                    Xml("NextPartNumberMarker", Is("3")),
                    Xml("MaxParts", Is("1000")),
                    Xml("IsTruncated", Is("false")),
                    Count("Part", 2),
                    Xml("Part[1]/PartNumber", Is("1")),
                    Xml("Part[1]/LastModified", Present),
                    Xml("Part[1]/ETag", Is(DATA_ETAG)),
                    Xml("Part[1]/Size", Is("11")),
                    Xml("Part[2]/PartNumber", Is("3")),
                    Xml("Part[2]/Size", Is("4")),
                ],
                ..LIST_PARTS
            },
            ABORT,
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "multipart-listing/parts-in-pages",
        source: PARTS,
        steps: &[
            CREATE,
            PART,
            Step { call: "PUT /{bucket}/data?partNumber=2&uploadId={upload}", keep: &[], ..PART },
            Step {
                call: "GET /{bucket}/data?uploadId={upload}&max-parts=1",
                expect: &[
                    Status(200),
                    Count("Part", 1),
                    Xml("Part/PartNumber", Is("1")),
                    Xml("MaxParts", Is("1")),
                    Xml("NextPartNumberMarker", Is("1")),
                    Xml("IsTruncated", Is("true")),
                ],
                ..LIST_PARTS
            },
            Step {
                call: "GET /{bucket}/data?uploadId={upload}&part-number-marker=1",
                expect: &[
                    Status(200),
                    Count("Part", 1),
                    Xml("Part/PartNumber", Is("2")),
                    Xml("PartNumberMarker", Is("1")),
                    Xml("IsTruncated", Is("false")),
                ],
                ..LIST_PARTS
            },
            Step {
                call: "GET /{bucket}/data?uploadId={upload}&part-number-marker=9",
                expect: &[Status(200), Count("Part", 0), Xml("NextPartNumberMarker", Is("0"))],
                ..LIST_PARTS
            },
            Step {
                call: "GET /{bucket}/data?uploadId={upload}&max-parts=&part-number-marker=",
                expect: &[Status(200), Count("Part", 2), Xml("MaxParts", Is("1000"))],
                ..LIST_PARTS
            },
            ABORT,
        ],
        ..Flow::PLAIN
    },
];
