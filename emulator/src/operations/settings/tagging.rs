//! GetBucketTagging, PutBucketTagging, DeleteBucketTagging, and the same of objects.

use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Document;
use crate::authorize::Permit;
use crate::events::Happening;
use crate::events::What;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::saying;
use crate::operations::document;
use crate::operations::object::version;
use crate::operations::object::version::CurrentMarker;
use crate::request::Request;
use crate::request::headers::TagsOf;
use crate::request::headers::tags_of_set;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Which;
use crate::xml::Xml;

const ROOT: &str = "Tagging";

/// GetBucketTagging.
pub(crate) fn read_bucket(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    if bucket.settings.tags.is_empty() {
        return Err(Fault::NoSuchTagSet.with("BucketName", &*bucket.name));
    }
    Ok(Answer::untyped(StatusCode::OK, write(&bucket.settings.tags)))
}

/// PutBucketTagging.
pub(crate) async fn write_bucket(
    permit: &Permit<'_>,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let tags = parse(&document::with_digest(body).await?, TagsOf::Bucket)?;
    refuse_under_abac(
        permit,
        "This S3 general purpose bucket has attribute-based access control (ABAC) enabled. To add \
         tags to this bucket, initiate a TagResource request. To delete tags from this bucket, \
         initiate an UntagResource request.",
    )?;
    let status = StatusCode::NO_CONTENT;
    super::change(permit, status, |bucket| bucket.settings.tags.clone_from(&tags)).await
}

/// DeleteBucketTagging.
pub(crate) async fn delete_bucket(permit: &Permit<'_>) -> Result<Answer, Failure> {
    refuse_under_abac(
        permit,
        "This S3 general purpose bucket has attribute-based access control (ABAC) enabled. To \
         delete tags from this bucket, initiate an UntagResource request.",
    )?;
    super::change(permit, StatusCode::NO_CONTENT, |bucket| bucket.settings.tags.clear()).await
}

/// Where tags decide about access, they are changed by actions of their own (pinned on S3 by
/// argmin's tests, with the texts).
fn refuse_under_abac(permit: &Permit<'_>, message: &'static str) -> Result<(), Failure> {
    if permit.bucket()?.settings.configurations.is_abac_on() {
        return Err(saying("BadRequest", 400, message));
    }
    Ok(())
}

/// GetObjectTagging.
pub(crate) fn read_object(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let key = request.key();
    let which = version::which(request, bucket)?;
    let found = permit.world().store.version(bucket, key, which)?;
    if found.is_none() && which == Which::Current {
        permit.missing(key)?;
    } else {
        version::check(permit, request, which, found.as_ref(), CurrentMarker::Refuses)?;
    }
    let object = found.ok_or_else(|| {
        // With the bucket in front, unlike every other operation (recorded by LocalStack:
        // `test_object_tagging_exc`).
        Fault::NoSuchKey.with("Key", format!("{}/{key}", bucket.name))
    })?;
    let mut answer = Answer::untyped(StatusCode::OK, write(&object.tags));
    version::set_read(&mut answer, bucket, object.version);
    Ok(answer)
}

/// PutObjectTagging.
pub(crate) async fn write_object(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let read = document::needed(body).await;
    let read = read.and_then(|document| parse(&document, TagsOf::Object));
    // A policy may look at the tags that are there, and at those that shall be: whoever may not is
    // told so before anything else.
    let tags = read.as_ref().cloned().unwrap_or_default();
    let permit = &permit.told(Document { tags, ..Document::NONE })?;
    let found = find(permit, request)?;
    let mut tags = read?;
    tags.sort();
    change_object(permit, request, found, &tags, What::TaggingPut, StatusCode::OK).await
}

/// DeleteObjectTagging.
pub(crate) async fn delete_object(
    permit: &Permit<'_>,
    request: &Request,
) -> Result<Answer, Failure> {
    let found = find(permit, request)?;
    let (what, status) = (What::TaggingDelete, StatusCode::NO_CONTENT);
    change_object(permit, request, found, &[], what, status).await
}

/// The version whose tags may be changed, and how it was named.
fn find(permit: &Permit<'_>, request: &Request) -> Result<(Which, Option<Object>), Failure> {
    let bucket = permit.bucket()?;
    let which = version::which(request, bucket)?;
    let found = permit.world().store.version(bucket, request.key(), which)?;
    version::check(permit, request, which, found.as_ref(), CurrentMarker::Refuses)?;
    Ok((which, found))
}

async fn change_object(
    permit: &Permit<'_>,
    request: &Request,
    (which, found): (Which, Option<Object>),
    tags: &[(String, String)],
    what: What,
    status: StatusCode,
) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let store = &permit.world().store;
    let outcome = store.change_object(bucket, request.key(), which, &mut |object| {
        object.tags = tags.to_vec();
    })?;
    match outcome {
        Outcome::NoKey => return Err(Fault::NoSuchKey.with("Key", request.key())),
        Outcome::NoBucket => return Err(Fault::NoSuchBucket.with("BucketName", &*bucket.name)),
        _ => {}
    }
    store.settled().await?;
    let mut answer = Answer::empty(status);
    if let Some(object) = found {
        let happening = Happening::new(what, request.key()).of(&object);
        permit.happened(happening.at_version(object.version));
        version::set_read(&mut answer, bucket, object.version);
    }
    Ok(answer)
}

fn write(tags: &[(String, String)]) -> String {
    let mut xml = Xml::document();
    xml.open_s3(ROOT);
    xml.open("TagSet");
    for (key, value) in tags {
        xml.open("Tag");
        xml.leaf("Key", key);
        xml.leaf("Value", value);
        xml.close();
    }
    xml.close();
    xml.close();
    xml.finish()
}

fn parse(document: &[u8], of: TagsOf) -> Result<Vec<(String, String)>, Failure> {
    let root = document::parse(document, ROOT)?;
    let set = root.child("TagSet");
    let set = set.ok_or_else(|| Fault::MalformedXml.because("a `Tagging` has a `TagSet`"))?;
    tags_of_set(set, of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(of: TagsOf, tags: &[(&str, &str)], expected: Result<(), (&str, &str)>) {
        let tags: Vec<_> = tags.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        match (parse(write(&tags).as_bytes(), of), expected) {
            (Ok(found), Ok(())) => assert_eq!(found, tags),
            (Err(failure), Err((code, message))) => {
                let found = (failure.error.code, &*failure.error.message);
                assert_eq!(found, (code, message), "{of:?} {tags:?}");
            }
            (found, expected) => panic!("{found:?} {expected:?}"),
        }
    }

    #[test]
    fn tags_are_checked_for_what_they_belong_to() {
        let many = |count| (0..count).map(|n| format!("k{n}")).collect::<Vec<_>>();
        let keys = many(51);
        let tags: Vec<_> = keys.iter().map(|key| (key.as_str(), "")).collect();
        for of in [TagsOf::Object, TagsOf::Bucket] {
            check(of, &[], Ok(()));
            check(of, &[("b", ""), ("a", "1 +-=._:/@ä")], Ok(()));
            check(
                of,
                &[("a", "1"), ("a", "2")],
                Err(("InvalidTag", "Cannot provide multiple Tags with the same key")),
            );
            check(
                of,
                &[("a,b", "")],
                Err(("InvalidTag", "The TagKey you have provided is invalid")),
            );
            check(
                of,
                &[("a", "b&c")],
                Err(("InvalidTag", "The TagValue you have provided is invalid")),
            );
        }
        check(TagsOf::Object, &tags[..10], Ok(()));
        let message = "Object tags cannot be greater than 10";
        check(TagsOf::Object, &tags[..11], Err(("BadRequest", message)));
        check(TagsOf::Bucket, &tags[..50], Ok(()));
        let message = "Bucket tag count cannot be greater than 50";
        check(TagsOf::Bucket, &tags, Err(("BadRequest", message)));
        let message = "Your TagKey cannot be prefixed with aws:";
        check(TagsOf::Object, &[("aws:a", "")], Err(("InvalidTag", message)));
        let message = "System tags cannot be added/updated by requester";
        check(TagsOf::Bucket, &[("aws:a", "")], Err(("InvalidTag", message)));
    }

    #[test]
    fn a_document_without_its_parts_is_malformed() {
        for document in [
            "<Tagging/>",
            "<Tags><TagSet/></Tags>",
            "<Tagging><TagSet><Tag><Key>a</Key></Tag></TagSet></Tagging>",
            "<Tagging><TagSet><Tag><Value>a</Value></Tag></TagSet></Tagging>",
        ] {
            let failure = parse(document.as_bytes(), TagsOf::Bucket).unwrap_err();
            assert_eq!(failure.error.code, "MalformedXML", "{document}");
        }
    }
}
