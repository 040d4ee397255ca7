//! GetBucketOwnershipControls, PutBucketOwnershipControls, DeleteBucketOwnershipControls.

use bytes::Bytes;
use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::authorize::acl;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::names::ObjectOwnership;
use crate::operations::document;
use crate::xml::Element;
use crate::xml::Xml;

const ROOT: &str = "OwnershipControls";

/// GetBucketOwnershipControls.
pub(crate) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let Some(ownership) = bucket.ownership else {
        return Err(Fault::OwnershipControlsNotFound.with("BucketName", &*bucket.name));
    };
    let mut xml = Xml::document();
    xml.open_s3(ROOT);
    xml.open("Rule");
    xml.leaf("ObjectOwnership", ownership.name());
    xml.close();
    xml.close();
    Ok(Answer::xml(StatusCode::OK, xml.finish()))
}

/// PutBucketOwnershipControls.
pub(crate) async fn write(permit: &Permit<'_>, body: VerifiedBody) -> Result<Answer, Failure> {
    let ownership = parse(&document::with_digest(body).await?)?;
    let bucket = permit.bucket()?;
    if ownership == ObjectOwnership::BucketOwnerEnforced
        && !acl::is_owner_alone(&bucket.acl, &bucket.owner)
    {
        return Err(Fault::InvalidBucketAclWithObjectOwnership.because(
            "the bucket's ACL grants more than its owner's full control; put `private` first",
        ));
    }
    super::change(permit, StatusCode::OK, |bucket| bucket.ownership = Some(ownership)).await
}

/// DeleteBucketOwnershipControls.
pub(crate) async fn delete(permit: &Permit<'_>) -> Result<Answer, Failure> {
    super::change(permit, StatusCode::NO_CONTENT, |bucket| bucket.ownership = None).await
}

fn parse(document: &Bytes) -> Result<ObjectOwnership, Failure> {
    let root = document::parse(document, ROOT)?;
    let mut rules = root.children("Rule");
    let (Some(rule), None) = (rules.next(), rules.next()) else {
        return Err(Fault::MalformedXml.because("the document has exactly one `Rule`"));
    };
    let name = rule.child("ObjectOwnership").map(Element::text).unwrap_or_default();
    ObjectOwnership::parse(name)
        .ok_or_else(|| Fault::MalformedXml.because(format!("`{name}` is not an object ownership")))
}
