//! The faults of the matrix, each as what goes wrong with a request.
//!
//! Some are made after the signing and so break the signature too. That hides nothing where S3 asks
//! about them before it looks at the signature, and the row of the fault alone shows whether it does.

use crate::flow::Account;
use crate::flow::Spoil;
use crate::flow::Spoil::AccessKeyUnknown;
use crate::flow::Spoil::BodyText;
use crate::flow::Spoil::BucketMissing;
use crate::flow::Spoil::CallText;
use crate::flow::Spoil::ChunkBytes;
use crate::flow::Spoil::ChunkSignature;
use crate::flow::Spoil::Credential;
use crate::flow::Spoil::Field;
use crate::flow::Spoil::FieldRemoved;
use crate::flow::Spoil::Header;
use crate::flow::Spoil::HeaderCut;
use crate::flow::Spoil::HeaderRemoved;
use crate::flow::Spoil::HeaderText;
use crate::flow::Spoil::NotSent;
use crate::flow::Spoil::PolicyEnds;
use crate::flow::Spoil::PolicySays;
use crate::flow::Spoil::Query;
use crate::flow::Spoil::QueryRemoved;
use crate::flow::Spoil::RegionWrong;
use crate::flow::Spoil::SentHeader;
use crate::flow::Spoil::SignatureCharacter;
use crate::flow::Spoil::SignedAt;
use crate::flow::Spoil::SignedBy;
use crate::flow::Spoil::Token;

/// A fault: its name in the matrix, and what goes wrong.
pub(super) type Fault = (&'static str, &'static [Spoil]);

/// What can be wrong with every request that somebody signed.
pub(super) const OF_A_SIGNED_REQUEST: &[Fault] = &[
    ("credential", &[Credential("{key}/{day}")]),
    ("empty-key", &[Credential("/{day}/{region}/{service}/{end}")]),
    ("terminal", &[Credential("{key}/{day}/{region}/{service}/aws5_request")]),
    ("service", &[Credential("{key}/{day}/{region}/ec2/{end}")]),
    ("day-format", &[Credential("{key}/2000-01-01/{region}/{service}/{end}")]),
    ("scope-date", &[Credential("{key}/20000101/{region}/{service}/{end}")]),
    ("region", &[RegionWrong]),
    ("unknown-key", &[AccessKeyUnknown]),
    ("other-token", &[SignedBy(Account::OwnerInSession), Token("of-another")]),
    ("session-over", &[SignedBy(Account::OwnerInEndedSession)]),
    ("signature", &[SignatureCharacter]),
    ("surplus-token", &[Token("left-over")]),
    ("missing-bucket", &[BucketMissing]),
    ("denied", &[SignedBy(Account::Stranger)]),
];

pub(super) const OF_A_HEADER: &[Fault] = &[
    ("two-mechanisms", &[Query("X-Amz-Algorithm", "AWS4-HMAC-SHA256")]),
    ("scheme", &[HeaderText("authorization", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512")]),
    ("no-signature-component", &[HeaderCut("authorization", ", Signature=")]),
    ("unknown-component", &[HeaderText("authorization", "SignedHeaders=", "Headers=")]),
    ("no-date", &[HeaderRemoved("x-amz-date")]),
    ("skew", &[SignedAt(-1200)]),
    ("no-payload-hash", &[HeaderRemoved("x-amz-content-sha256")]),
    ("payload-hash", &[Header("x-amz-content-sha256", "required")]),
    ("unsigned-header", &[Header("x-amz-meta-late", "1")]),
    ("long-key", &[CallText("/k", LONG_KEY)]),
    ("odd-owner", &[SentHeader("x-amz-expected-bucket-owner", "somebody")]),
    ("other-owner", &[SentHeader("x-amz-expected-bucket-owner", "999999999999")]),
    ("missing-key", &[CallText("/k", "/missing")]),
];

pub(super) const OF_A_LINK: &[Fault] = &[
    ("two-mechanisms", &[Header("authorization", "AWS4-HMAC-SHA256 Credential=a, Signature=b")]),
    ("missing-parameter", &[QueryRemoved("X-Amz-Expires")]),
    ("algorithm", &[Query("X-Amz-Algorithm", "AWS4-HMAC-SHA512")]),
    ("date", &[Query("X-Amz-Date", "today")]),
    ("lifetime", &[Query("X-Amz-Expires", "604801")]),
    ("lifetime-text", &[Query("X-Amz-Expires", "soon")]),
    ("lifetime-negative", &[Query("X-Amz-Expires", "-1")]),
    ("not-yet-valid", &[SignedAt(3600)]),
    ("expired", &[SignedAt(-3600)]),
    ("payload-hash", &[Header("x-amz-content-sha256", "required")]),
    ("unsigned-header", &[Header("x-amz-meta-late", "1")]),
    ("added-parameter", &[Query("late", "1")]),
    ("missing-key", &[CallText("/k", "/missing")]),
];

pub(super) const OF_A_FORM: &[Fault] = &[
    (
        "authorization-header",
        &[Header("authorization", "AWS4-HMAC-SHA256 Credential=a, Signature=b")],
    ),
    ("not-multipart", &[Header("content-type", "application/x-www-form-urlencoded")]),
    ("long-fields", &[Field("x-ignore-filler", LONG_FIELD)]),
    ("no-key", &[FieldRemoved("key")]),
    ("no-file", &[BodyText("name=\"file\"; filename=\"k\"", "name=\"x-ignore-file\"")]),
    ("no-algorithm", &[FieldRemoved("x-amz-algorithm")]),
    ("no-credential", &[FieldRemoved("x-amz-credential")]),
    ("no-date", &[FieldRemoved("x-amz-date")]),
    ("no-signature", &[FieldRemoved("x-amz-signature")]),
    ("algorithm", &[Field("x-amz-algorithm", "AWS4-HMAC-SHA512")]),
    ("date", &[Field("x-amz-date", "today")]),
    ("malformed-policy", &[PolicySays("]}", "")]),
    ("expired", &[PolicyEnds(-60)]),
    ("condition", &[Field("key", "other")]),
    ("no-bucket-condition", &[PolicySays("{\"bucket\": \"{bucket}\"}, ", "")]),
    ("extra-field", &[Field("x-amz-meta-late", "1")]),
    (
        "acl",
        &[
            PolicySays("\"$key\", \"k\"],", "\"$key\", \"k\"], {\"acl\": \"private\"},"),
            Field("acl", "private"),
        ],
    ),
    ("too-small", &[BodyText("meow", "")]),
    ("too-large", &[BodyText("meow", "meow, meow, meow")]),
];

pub(super) const OF_NOBODY: &[Fault] = &[
    ("date-header", &[Header("x-amz-date", "{now}")]),
    ("missing-bucket", &[BucketMissing]),
    ("missing-key", &[CallText("/k", "/missing")]),
];

/// Of an upload whose body comes as it is.
pub(super) const OF_AN_UPLOAD: &[Fault] = &[
    ("two-mechanisms", &[Query("X-Amz-Algorithm", "AWS4-HMAC-SHA256")]),
    ("skew", &[SignedAt(-1200)]),
    ("unsigned-header", &[Header("x-amz-meta-late", "1")]),
    // As rclone sends it with every object.
    ("acl", &[SentHeader("x-amz-acl", "private")]),
    ("storage-class", &[SentHeader("x-amz-storage-class", "COLD")]),
    ("malformed-md5", &[SentHeader("content-md5", "meow")]),
    ("other-md5", &[SentHeader("content-md5", "rL0Y20zC+Fzt72VPzMSk2A==")]),
    ("malformed-checksum", &[SentHeader("x-amz-checksum-crc32", "meow")]),
    ("other-checksum", &[SentHeader("x-amz-checksum-crc32", "lVk/nw==")]),
    ("other-body", &[BodyText("test data..", "test date..")]),
];

/// Of an upload whose body comes in chunks, each signed.
pub(super) const OF_SIGNED_CHUNKS: &[Fault] = &[
    NO_DECODED_LENGTH,
    OTHER_DECODED_LENGTH,
    ("unsigned-header", &[Header("x-amz-meta-late", "1")]),
    ("framing", &[BodyText("b;chunk-signature", "q;chunk-signature")]),
    ("no-chunk-signature", &[BodyText(";chunk-signature", ";signature")]),
    ("short-chunk", &[ChunkBytes(5)]),
    ("chunk-signature", &[ChunkSignature]),
    ("other-body", &[BodyText("test data..", "test date..")]),
];

/// Of one that has a signed trailer besides.
pub(super) const OF_A_SIGNED_TRAILER: &[Fault] = &[
    ("chunk-signature", &[ChunkSignature]),
    ("trailer-signature", &[BodyText("x-amz-trailer-signature:", "x-amz-trailer-signature:0")]),
    OTHER_TRAILER,
    ("trailer-value", &[BodyText("cZWHwQ==", "lVk/nw==")]),
];

/// Of an upload with a trailer that nobody signed, as SDKs send it by default.
pub(super) const OF_AN_UNSIGNED_TRAILER: &[Fault] = &[
    NO_DECODED_LENGTH,
    OTHER_DECODED_LENGTH,
    ("unknown-trailer", &[SentHeader("x-amz-trailer", "x-amz-checksum-crc16")]),
    ("checksum-header", &[SentHeader("x-amz-checksum-crc32", "cZWHwQ==")]),
    ("framing", &[BodyText("b\r\ntest", "q\r\ntest")]),
    OTHER_TRAILER,
    ("malformed-checksum", &[BodyText("cZWHwQ==", "meow")]),
    ("other-checksum", &[BodyText("cZWHwQ==", "lVk/nw==")]),
];

/// One byte more than a key may have.
const LONG_KEY: &str = {
    const BYTES: &[u8] = &{
        let mut bytes = [b'k'; 1 + 1025];
        bytes[0] = b'/';
        bytes
    };
    text(BYTES)
};
/// As much as the fields before the file may have in all.
const LONG_FIELD: &str = text(&[b'a'; 20_480]);

const fn text(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

const NO_DECODED_LENGTH: Fault = ("no-decoded-length", &[NotSent("x-amz-decoded-content-length")]);
const OTHER_DECODED_LENGTH: Fault =
    ("other-decoded-length", &[SentHeader("x-amz-decoded-content-length", "12")]);
const OTHER_TRAILER: Fault =
    ("other-trailer", &[BodyText("x-amz-checksum-crc32:", "x-amz-checksum-sha1:")]);
