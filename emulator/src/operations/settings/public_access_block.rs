//! GetPublicAccessBlock, PutPublicAccessBlock, DeletePublicAccessBlock.

use bytes::Bytes;
use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::names::PublicAccessBlock;
use crate::operations::document;
use crate::xml::Element;
use crate::xml::Xml;

const ROOT: &str = "PublicAccessBlockConfiguration";

/// GetPublicAccessBlock.
pub(crate) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let Some(block) = bucket.public_access_block else {
        return Err(Fault::NoSuchPublicAccessBlock.with("BucketName", &*bucket.name));
    };
    let mut xml = Xml::document();
    xml.open_s3(ROOT);
    xml.leaf("BlockPublicAcls", word(block.block_public_acls));
    xml.leaf("IgnorePublicAcls", word(block.ignore_public_acls));
    xml.leaf("BlockPublicPolicy", word(block.block_public_policy));
    xml.leaf("RestrictPublicBuckets", word(block.restrict_public_buckets));
    xml.close();
    Ok(Answer::untyped(StatusCode::OK, xml.finish()))
}

/// PutPublicAccessBlock.
pub(crate) async fn write(permit: &Permit<'_>, body: VerifiedBody) -> Result<Answer, Failure> {
    let block = parse(&document::with_digest(body).await?)?;
    super::change(permit, StatusCode::OK, |bucket| bucket.public_access_block = Some(block)).await
}

/// DeletePublicAccessBlock.
pub(crate) async fn delete(permit: &Permit<'_>) -> Result<Answer, Failure> {
    super::change(permit, StatusCode::NO_CONTENT, |bucket| bucket.public_access_block = None).await
}

fn word(is_on: bool) -> &'static str {
    if is_on { "true" } else { "false" }
}

fn parse(document: &Bytes) -> Result<PublicAccessBlock, Failure> {
    let root = document::parse(document, ROOT)?;
    Ok(PublicAccessBlock {
        block_public_acls: member(&root, "BlockPublicAcls")?,
        ignore_public_acls: member(&root, "IgnorePublicAcls")?,
        block_public_policy: member(&root, "BlockPublicPolicy")?,
        restrict_public_buckets: member(&root, "RestrictPublicBuckets")?,
    })
}

/// A member that is left out is off.
fn member(root: &Element, name: &str) -> Result<bool, Failure> {
    match root.child(name).map(|element| element.text().trim().to_ascii_lowercase()).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Fault::MalformedXml.because(format!("`{name}` is `true` or `false`"))),
    }
}
