//! GetBucketAcl, PutBucketAcl, GetObjectAcl, PutObjectAcl.

use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::GivenAcl;
use crate::authorize::GivenTo;
use crate::authorize::Permit;
use crate::events::Happening;
use crate::events::What;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::names::Acl;
use crate::names::CanonicalId;
use crate::names::Grantee;
use crate::names::ObjectOwnership;
use crate::operations::document;
use crate::operations::object::version;
use crate::operations::object::version::CurrentMarker;
use crate::request::Request;
use crate::store::Object;
use crate::store::Outcome;
use crate::xml::Xml;

/// GetBucketAcl.
pub(crate) fn read_bucket(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let acl = permit.effective_acl(&bucket.acl)?;
    Ok(Answer::xml(StatusCode::OK, write(&bucket.owner, &acl)))
}

/// PutBucketAcl.
pub(crate) async fn write_bucket(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let owner = &permit.bucket()?.owner;
    let given = given(permit, request, body, GivenTo::Bucket, owner).await?;
    let acl = permit.give_acl(&given, owner)?;
    super::change(permit, StatusCode::OK, |bucket| bucket.acl.clone_from(&acl)).await
}

/// GetObjectAcl.
pub(crate) fn read_object(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let which = version::which(request, bucket)?;
    let object = permit.world().store.version(bucket, request.key(), which)?;
    version::check(permit, request, which, object.as_ref(), CurrentMarker::Hides)?;
    let object = object.ok_or_else(|| Fault::NoSuchKey.with("Key", request.key()))?;
    let acl = permit.effective_acl(&object.acl)?;
    let is_enforced = bucket.effective_ownership() == ObjectOwnership::BucketOwnerEnforced;
    let owner = if is_enforced { &bucket.owner } else { &object.owner };
    let mut answer = Answer::xml(StatusCode::OK, write(owner, &acl));
    version::set_read(&mut answer, bucket, object.version);
    Ok(answer)
}

/// PutObjectAcl.
pub(crate) async fn write_object(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    permit.no_anonymous()?;
    let bucket = permit.bucket()?;
    let which = version::which(request, bucket)?;
    let store = &permit.world().store;
    let key = request.key();
    let object = store.version(bucket, key, which)?;
    version::check(permit, request, which, object.as_ref(), CurrentMarker::Refuses)?;
    let object = object.ok_or_else(|| Fault::NoSuchKey.with("Key", key))?;
    let given = given(permit, request, body, GivenTo::Object, &object.owner).await?;
    let acl = permit.give_acl(&given, &object.owner)?;
    let mut change = |object: &mut Object| object.acl.clone_from(&acl);
    let outcome = store.change_object(bucket, key, which, &mut change)?;
    if outcome == Outcome::NoKey {
        return Err(Fault::NoSuchKey.with("Key", key));
    }
    store.settled().await?;
    permit.happened(Happening::new(What::AclPut, key).of(&object));
    let mut answer = Answer::empty(StatusCode::OK);
    version::set_read(&mut answer, bucket, object.version);
    Ok(answer)
}

/// The ACL of headers or of a document: one of them, and not both.
async fn given(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
    to: GivenTo,
    owner: &CanonicalId,
) -> Result<GivenAcl, Failure> {
    let keyring = &permit.world().keyring;
    let of_headers = GivenAcl::read(request, "x-amz-acl", to, keyring)?;
    let document = document::optional(body).await?;
    match of_headers {
        Some(_) if !document.is_empty() => {
            Err(Fault::UnexpectedContent
                .because("the ACL stands in a header, and a document came too"))
        }
        Some(given) => Ok(given),
        None if document.is_empty() => {
            Err(Fault::MissingSecurityHeader.with("MissingHeaderName", "x-amz-acl"))
        }
        None => GivenAcl::of_document(&document, owner, keyring),
    }
}

const XSI: (&str, &str) = ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");

fn write(owner: &CanonicalId, acl: &Acl) -> String {
    let mut xml = Xml::document();
    xml.open_s3("AccessControlPolicy");
    xml.open("Owner");
    xml.leaf("ID", owner.as_str());
    xml.close();
    xml.open("AccessControlList");
    for grant in &acl.grants {
        xml.open("Grant");
        match &grant.grantee {
            Grantee::Account(id) => {
                xml.open_with("Grantee", &[XSI, ("xsi:type", "CanonicalUser")]);
                xml.leaf("ID", id.as_str());
            }
            Grantee::Group(group) => {
                xml.open_with("Grantee", &[XSI, ("xsi:type", "Group")]);
                xml.leaf("URI", group.uri());
            }
        }
        xml.close();
        xml.leaf("Permission", grant.permission.name());
        xml.close();
    }
    xml.close();
    xml.close();
    xml.finish()
}
