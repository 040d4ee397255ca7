//! Documents that come as the body of a request.

use bytes::Bytes;

use crate::authenticate::VerifiedBody;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_request;
use crate::xml::Element;

/// No setting of a bucket is longer.
const BYTES_MAX: usize = 1024 * 1024;

/// What S3 calls the digests that a document can come with.
const ANY_DIGEST: &str = "Content-MD5 OR x-amz-checksum-*";

/// The body of a setting, which must come with a digest (recorded by versitygw's issue 1040). The
/// settings of S3's first years take one without: see [`needed`].
pub(super) async fn with_digest(body: VerifiedBody) -> Result<Bytes, Failure> {
    long_with_digest(body, BYTES_MAX).await
}

/// The same for documents that can be longer than a setting.
pub(super) async fn long_with_digest(
    body: VerifiedBody,
    bytes_max: usize,
) -> Result<Bytes, Failure> {
    filled(promised(body, bytes_max, ANY_DIGEST).await?)
}

/// The same for lifecycle rules, whose refusal speaks of `Content-MD5` alone (captured from AWS in
/// 2026).
pub(super) async fn with_md5(body: VerifiedBody) -> Result<Bytes, Failure> {
    filled(promised(body, BYTES_MAX, "Content-MD5").await?)
}

/// The same for retentions and legal holds, of which an empty one is no XML (versity/versitygw#1185
/// and #1191).
pub(super) async fn optional_with_digest(body: VerifiedBody) -> Result<Bytes, Failure> {
    promised(body, BYTES_MAX, ANY_DIGEST).await
}

/// A body with a digest, without which the request is told that this header is missing.
async fn promised(
    body: VerifiedBody,
    bytes_max: usize,
    missing: &'static str,
) -> Result<Bytes, Failure> {
    let has_digest = body.promises_digest();
    let document = body.document(bytes_max).await?;
    if has_digest {
        return Ok(document);
    }
    Err(invalid_request(format!("Missing required header for this request: {missing}")))
}

/// A body that may be empty.
pub(super) async fn optional(body: VerifiedBody) -> Result<Bytes, Failure> {
    body.document(BYTES_MAX).await
}

/// A body that needs no digest, and must not be empty.
///
/// These are the ACL, the policy, who pays, the log, the website and the notifications, for which
/// s3cmd sends neither `Content-MD5` nor a checksum: S3 answers its `?acl` with
/// `AccessControlListNotSupported` (s3tools/s3cmd#1304), and old releases of botocore left the digest
/// out for just these too. The versioning is another (captured from AWS in 2026), and so are the tags
/// of an object (versity/versitygw#1662). The service model of today calls it required for some of
/// them.
pub(super) async fn needed(body: VerifiedBody) -> Result<Bytes, Failure> {
    filled(optional(body).await?)
}

fn filled(document: Bytes) -> Result<Bytes, Failure> {
    if document.is_empty() { Err(Fault::MissingRequestBody.failure()) } else { Ok(document) }
}

/// The document's root, which must have this name.
pub(super) fn parse(document: &[u8], root: &str) -> Result<Element, Failure> {
    let parsed = Element::parse(document)
        .map_err(|error| Fault::MalformedXml.because(format!("the body is not XML: {error}")))?;
    if parsed.name() != root {
        let note = format!("the document is a `{}`, and should be a `{root}`", parsed.name());
        return Err(Fault::MalformedXml.because(note));
    }
    Ok(parsed)
}
