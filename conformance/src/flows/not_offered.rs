//! What S3 offers and a stand-in may lack: it is refused by name, and nothing plausible is made up.

use crate::flow::Expect::BodyText;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Contains;
use crate::flow::Text::Is;

/// An operation that is refused by its name.
macro_rules! not_offered {
    ($name:literal, $call:literal, $operation:literal) => {
        Flow {
            name: $name,
            source: concat!(
                "https://docs.aws.amazon.com/AmazonS3/latest/API/API_",
                $operation,
                ".html"
            ),
            needs: &[Feature::NamesWhatItLacks],
            steps: &[Step {
                call: $call,
                expect: &[
                    Status(501),
                    Xml("Code", Is("NotImplemented")),
                    BodyText(Contains($operation)),
                ],
                ..Step::PLAIN
            }],
            ..Flow::PLAIN
        }
    };
}

pub(super) static FLOWS: &[Flow] = &[
    not_offered!(
        "not-offered/annotations",
        "GET /{bucket}/cat.jpg?annotation",
        "ListObjectAnnotations"
    ),
    not_offered!(
        "not-offered/encryption-update",
        "PUT /{bucket}/cat.jpg?encryption",
        "UpdateObjectEncryption"
    ),
    not_offered!(
        "not-offered/metadata-configuration",
        "GET /{bucket}?metadataConfiguration",
        "GetBucketMetadataConfiguration"
    ),
    not_offered!(
        "not-offered/metadata-table",
        "GET /{bucket}?metadataTable",
        "GetBucketMetadataTableConfiguration"
    ),
    not_offered!(
        "not-offered/select",
        "POST /{bucket}/cat.jpg?select&select-type=2",
        "SelectObjectContent"
    ),
    not_offered!("not-offered/torrent", "GET /{bucket}/cat.jpg?torrent", "GetObjectTorrent"),
];
