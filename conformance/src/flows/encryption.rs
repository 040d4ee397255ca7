//! The headers of encryption, and the default of a bucket.

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::BodyText;
use crate::flow::Expect::Header;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Expect::Xml;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Step;
use crate::flow::Text::Absent;
use crate::flow::Text::Is;

use super::GET_CAT;
use super::PUT_CAT;

/// A document that makes this the default of a bucket.
macro_rules! default_is {
    ($members:literal) => {
        Body::Text(concat!(
            "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>",
            $members,
            "</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
        ))
    };
}

const METHOD: &str = "x-amz-server-side-encryption";
const DEFAULT: &[Expect] = &[
    Status(200),
    Xml("Rule/ApplyServerSideEncryptionByDefault/SSEAlgorithm", Is("AES256")),
    Xml("Rule/BucketKeyEnabled", Is("false")),
    // Captured in 2026.
    Xml("Rule/BlockedEncryptionTypes/EncryptionType", Is("SSE-C")),
    Header("content-type", Absent),
];

pub(super) static FLOWS: &[Flow] = &[
    Flow {
        name: "encryption/default",
        source: "recorded by LocalStack: test_s3_api.py",
        steps: &[
            Step { expect: DEFAULT, ..GET },
            Step { call: "DELETE /{bucket}?encryption", expect: &[Status(204)], ..Step::PLAIN },
            Step { expect: DEFAULT, ..GET },
            Step { expect: &[Status(200), Header(METHOD, Is("AES256"))], ..PUT_CAT },
            Step { expect: &[Status(200), Header(METHOD, Is("AES256"))], ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "encryption/method-unknown",
        source: "https://github.com/thoughtbot/paperclip/issues/2243",
        steps: &[
            Step {
                headers: &[(METHOD, "AES256")],
                expect: &[Status(200), Header(METHOD, Is("AES256"))],
                ..PUT_CAT
            },
            Step {
                headers: &[(METHOD, "AES128")],
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "The encryption method specified is not supported",
                    ),
                    Xml("ArgumentName", Is(METHOD)),
                    Xml("ArgumentValue", Is("AES128")),
                ],
                ..PUT_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "encryption/not-for-reads",
        source: "https://github.com/s3tools/s3cmd/issues/276",
        steps: &[
            PUT_CAT,
            Step {
                headers: &[(METHOD, "AES256")],
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "x-amz-server-side-encryption header is not supported for this operation.",
                    ),
                    Xml("ArgumentName", Is(METHOD)),
                    Xml("ArgumentValue", Is("AES256")),
                ],
                ..GET_CAT
            },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "encryption/default-of-another-method",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html",
        steps: &[
            Step { body: default_is!("<SSEAlgorithm>aws:kms</SSEAlgorithm>"), ..PUT_DEFAULT },
            Step { expect: &[Status(200), Header(METHOD, Is("aws:kms"))], ..PUT_CAT },
            Step {
                headers: &[(METHOD, "AES256")],
                expect: &[Status(200), Header(METHOD, Is("AES256"))],
                ..PUT_CAT
            },
            Step { expect: &[Status(200), Header(METHOD, Is("AES256"))], ..GET_CAT },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "encryption/defaults-refused",
        source: "recorded by LocalStack: test_s3_default_bucket_encryption_exc",
        steps: &[
            Step {
                body: Body::Text("<ServerSideEncryptionConfiguration/>"),
                expect: super::MALFORMED,
                ..PUT_DEFAULT
            },
            Step {
                body: default_is!(
                    "<SSEAlgorithm>AES256</SSEAlgorithm><KMSMasterKeyID>key</KMSMasterKeyID>"
                ),
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "a KMSMasterKeyID is not applicable if the default sse algorithm is not \
                         aws:kms or aws:kms:dsse",
                    ),
                    Xml("ArgumentName", Is("ApplyServerSideEncryptionByDefault")),
                ],
                ..PUT_DEFAULT
            },
            Step { expect: DEFAULT, ..GET },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "encryption/customer-key-on-a-new-bucket",
        source: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/\
                 blocking-unblocking-s3-c-encryption-gpb.html",
        needs: &[Feature::Https],
        steps: &[Step {
            headers: &[ALGORITHM, KEY, KEY_MD5],
            expect: &[Status(403), Xml("Code", Is("AccessDenied"))],
            ..PUT_CAT
        }],
        ..Flow::PLAIN
    },
    Flow {
        name: "encryption/customer-key",
        source: "recorded by LocalStack: TestS3SSECEncryption",
        needs: &[Feature::Https],
        steps: &[
            UNBLOCK_CUSTOMER_KEYS,
            Step {
                headers: &[ALGORITHM, KEY, KEY_MD5],
                expect: &[
                    Status(200),
                    Header(ALGORITHM.0, Is("AES256")),
                    Header(KEY_MD5.0, Is(KEY_MD5.1)),
                    Header(METHOD, Absent),
                ],
                ..PUT_CAT
            },
            Step {
                headers: &[ALGORITHM, KEY, KEY_MD5],
                expect: &[
                    Status(200),
                    BodyText(Is("meow")),
                    Header(ALGORITHM.0, Is("AES256")),
                    Header(KEY_MD5.0, Is(KEY_MD5.1)),
                ],
                ..GET_CAT
            },
            Step {
                expect: &[Refused(
                    400,
                    "InvalidRequest",
                    "The object was stored using a form of Server Side Encryption. The correct \
                     parameters must be provided to retrieve the object.",
                )],
                ..GET_CAT
            },
            Step {
                headers: &[ALGORITHM, OTHER_KEY, OTHER_KEY_MD5],
                expect: &[Refused(
                    403,
                    "AccessDenied",
                    "Requests specifying Server Side Encryption with Customer provided keys must \
                     provide the correct secret key.",
                )],
                ..GET_CAT
            },
            Step { call: "DELETE /{bucket}/cat.jpg", expect: &[Status(204)], ..Step::PLAIN },
        ],
        ..Flow::PLAIN
    },
    Flow {
        name: "encryption/customer-key-refused",
        source: "recorded by LocalStack: TestS3SSECEncryption",
        needs: &[Feature::Https],
        steps: &[
            UNBLOCK_CUSTOMER_KEYS,
            Step {
                headers: &[(METHOD, "AES256"), ALGORITHM, KEY, KEY_MD5],
                expect: &[
                    Refused(
                        400,
                        "InvalidArgument",
                        "Server Side Encryption with Customer provided key is incompatible with \
                         the encryption method specified",
                    ),
                    Xml("ArgumentValue", Is("AES256")),
                ],
                ..PUT_CAT
            },
            Step {
                headers: &[(ALGORITHM.0, "AES128"), KEY, KEY_MD5],
                expect: &[Refused(
                    400,
                    "InvalidEncryptionAlgorithmError",
                    "The Encryption request you specified is not valid. Supported value: AES256.",
                )],
                ..PUT_CAT
            },
            Step {
                headers: &[ALGORITHM, KEY_MD5],
                expect: &[Refused(
                    400,
                    "InvalidArgument",
                    "Requests specifying Server Side Encryption with Customer provided keys must \
                     provide an appropriate secret key.",
                )],
                ..PUT_CAT
            },
            Step {
                headers: &[ALGORITHM, KEY, OTHER_KEY_MD5],
                expect: &[Refused(
                    400,
                    "InvalidArgument",
                    "The calculated MD5 hash of the key did not match the hash that was provided.",
                )],
                ..PUT_CAT
            },
        ],
        ..Flow::PLAIN
    },
];

const ALGORITHM: (&str, &str) = ("x-amz-server-side-encryption-customer-algorithm", "AES256");
const KEY: (&str, &str) =
    ("x-amz-server-side-encryption-customer-key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
const KEY_MD5: (&str, &str) =
    ("x-amz-server-side-encryption-customer-key-md5", "tP/LI3N87DFaSk0aoqYgzg==");
/// 32 bytes of zero.
const OTHER_KEY: (&str, &str) =
    ("x-amz-server-side-encryption-customer-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
const OTHER_KEY_MD5: (&str, &str) =
    ("x-amz-server-side-encryption-customer-key-md5", "cLyPS3KoaSFGi/joRB3OUQ==");

/// New buckets block keys of clients since April 2026.
const UNBLOCK_CUSTOMER_KEYS: Step = Step {
    body: Body::Text(
        "<ServerSideEncryptionConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
         <Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
         </ApplyServerSideEncryptionByDefault><BlockedEncryptionTypes><EncryptionType>NONE\
         </EncryptionType></BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>",
    ),
    ..PUT_DEFAULT
};

const PUT_DEFAULT: Step = Step {
    call: "PUT /{bucket}?encryption",
    headers: &[("content-md5", "{body_md5}")],
    expect: &[Status(200)],
    ..Step::PLAIN
};

const GET: Step = Step { call: "GET /{bucket}?encryption", ..Step::PLAIN };
