//! CompleteMultipartUpload.

use http::StatusCode;

use super::checksum;
use super::document;
use super::document::Named;
use super::no_such_upload;
use super::upload_id;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::digest::ChecksumType;
use crate::digest::Joint;
use crate::digest::etag_of_parts;
use crate::events::Happening;
use crate::events::What;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::bad_digest;
use crate::failure::invalid_request;
use crate::names::Encryption;
use crate::operations::in_place;
use crate::operations::object::encryption;
use crate::operations::object::post::location;
use crate::operations::object::put;
use crate::operations::object::upload::Published;
use crate::operations::object::upload::about_to_publish;
use crate::operations::object::upload::not_published;
use crate::operations::object::version;
use crate::request::Request;
use crate::request::conditions;
use crate::store::Expect;
use crate::store::From;
use crate::store::FromVersion;
use crate::store::Multipart;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Part;
use crate::store::Upload;
use crate::store::Version;
use crate::xml::Xml;

/// Every part but the last has at least so many bytes.
const PART_BYTES_MIN: u64 = 5 * 1024 * 1024;

/// An object that an upload has become.
struct Completed {
    object: Object,
    /// What is told of it; `None` if an earlier request has completed the upload.
    published: Option<Published>,
}

/// Makes an object of the parts that the document names.
pub(in crate::operations) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let document = body.document(document::BYTES_MAX).await?;
    let expect = conditions::write_condition(request)?;
    // There can be thousands of parts.
    let completed = in_place(|| complete(permit, request, &document, expect))?;
    permit.world().store.settled().await?;
    let object = &completed.object;
    let mut answer = write(request, &permit.bucket()?.name, object);
    version::set_written(&mut answer, object.version);
    if let Some(published) = &completed.published {
        let happening = Happening::new(What::CompleteMultipartUpload, request.key()).of(object);
        permit.happened(happening.at_version(object.version));
        put::set_expiration(&mut answer, published);
    }
    Ok(answer)
}

fn complete(
    permit: &Permit<'_>,
    request: &Request,
    document: &[u8],
    expect: Expect,
) -> Result<Completed, Failure> {
    let bucket = permit.bucket()?;
    let (key, id) = (request.key(), upload_id(request));
    let store = &permit.world().store;
    let upload = store.upload(bucket, key, id)?;
    let known = store.parts(bucket, key, id, 0, usize::MAX)?;
    let (Some(upload), Some(known)) = (upload, known) else {
        return completed_before(permit, request, document);
    };
    let parts = chosen(request, &upload, &document::read(document)?, &known)?;
    let object = joined(request, &upload, &parts, permit.world().ids.stamp())?;
    let (object, published) = about_to_publish(permit, key, object)?;
    let expect = match expect {
        Expect::Anything => expect,
        what => Expect::Since { what: Box::new(what), found: upload.found },
    };
    match store.complete_upload(bucket, key, id, &parts, object.clone(), &expect)? {
        Ok(version) => {
            Ok(Completed { object: Object { version, ..object }, published: Some(published) })
        }
        // Another request was quicker.
        Err(Outcome::NoUpload) => completed_before(permit, request, document),
        Err(Outcome::NoPart) => Err(Fault::InvalidPart
            .with("UploadId", id)
            .because("a part was replaced while the upload was completed")),
        Err(outcome) => Err(not_published(permit, key, outcome, &expect)?),
    }
}

/// The object that the upload has become already: the same parts again are answered in the same
/// way (recorded by moto: `test_idempotent_multipart_upload`). That S3 does so as long as the
/// version is there, and with no other parts, is not recorded.
fn completed_before(
    permit: &Permit<'_>,
    request: &Request,
    document: &[u8],
) -> Result<Completed, Failure> {
    let (key, id) = (request.key(), upload_id(request));
    let from = FromVersion::Key(From::At(key.to_owned()));
    for found in permit.world().store.versions(permit.bucket()?, &from) {
        let (found_key, Version { object, .. }) = found?;
        if found_key != key {
            break;
        }
        if object.multipart.as_ref().is_none_or(|multipart| multipart.upload != id) {
            continue;
        }
        let named = document::read(document)?;
        if object.etag == etag_of_parts(named.iter().map(|part| part.etag.as_str())) {
            return Ok(Completed { object, published: None });
        }
    }
    Err(no_such_upload(request))
}

/// Holds the parts that the document names against those that are there.
fn chosen(
    request: &Request,
    upload: &Upload,
    named: &[Named],
    known: &[Part],
) -> Result<Vec<Part>, Failure> {
    let id = upload_id(request);
    if named.is_empty() {
        return Err(if known.is_empty() {
            Fault::MalformedXml.because("the document names no part, and none was uploaded")
        } else {
            invalid_request("You must specify at least one part")
        });
    }
    if !named.is_sorted_by(|one, next| one.number < next.number) {
        return Err(Fault::InvalidPartOrder.with("UploadId", id));
    }
    // AWS answers so, recorded by LocalStack: such a checksum cannot be told of parts with gaps.
    let is_gapless = (1..).zip(named).all(|(number, part)| part.number == number);
    if upload.checksum.is_some() && !is_gapless {
        return Err(Fault::Internal.because(
            "S3 fails so where an upload has a checksum algorithm and its parts are not numbered 1, \
             2, 3 and so on",
        ));
    }
    let mut parts = Vec::with_capacity(named.len());
    for wanted in named {
        let at = known.binary_search_by_key(&wanted.number, |part| part.number);
        let part = at.ok().and_then(|at| known.get(at)).filter(|part| part.etag == wanted.etag);
        let part = part.ok_or_else(|| invalid_part(id, wanted))?;
        check_checksums(id, upload, wanted, part)?;
        parts.push(part.clone());
    }
    // Sizes come behind all checksums, as OpenStack Swift's tests know of AWS.
    let all_but_the_last = parts.split_last().map_or(&[][..], |(_, before)| before);
    match all_but_the_last.iter().find(|part| part.size < PART_BYTES_MIN) {
        Some(small) => Err(too_small(small)),
        None => Ok(parts),
    }
}

fn too_small(part: &Part) -> Failure {
    // In this order (captured from AWS in 2026).
    Fault::EntityTooSmall
        .with("ProposedSize", part.size.to_string())
        .with("MinSizeAllowed", PART_BYTES_MIN.to_string())
        .with("PartNumber", part.number.to_string())
        .with("ETag", &*part.etag)
        .because("only the last part may have less than 5 MiB")
}

fn invalid_part(id: &str, wanted: &Named) -> Failure {
    Fault::InvalidPart
        .with("UploadId", id)
        .with("PartNumber", wanted.number.to_string())
        .with("ETag", &*wanted.etag)
        .because("there is no such part, or another entity tag or checksum is its")
}

/// The texts are recorded by LocalStack: `test_complete_multipart_parts_checksum_composite`.
fn check_checksums(id: &str, upload: &Upload, wanted: &Named, part: &Part) -> Result<(), Failure> {
    let Some((algorithm, checksum_type)) = upload.checksum else {
        return if wanted.checksums.is_empty() { Ok(()) } else { Err(invalid_part(id, wanted)) };
    };
    for (sent, value) in &wanted.checksums {
        if *sent != algorithm {
            return Err(bad_digest(format!(
                "The {} you specified for part {} did not match what we received.",
                sent.name().to_lowercase(),
                wanted.number
            )));
        }
        if *value != part.checksum.value {
            return Err(invalid_part(id, wanted));
        }
    }
    if checksum_type == ChecksumType::Composite && wanted.checksums.is_empty() {
        return Err(invalid_request(format!(
            "The upload was created using a {} checksum. The complete request must include the \
             checksum for each part. It was missing for part {} in the request.",
            algorithm.name().to_lowercase(),
            wanted.number
        )));
    }
    Ok(())
}

/// The object of these parts.
fn joined(
    request: &Request,
    upload: &Upload,
    parts: &[Part],
    stamp: u64,
) -> Result<Object, Failure> {
    let joints: Vec<_> = parts
        .iter()
        .map(|part| Joint { etag: &part.etag, checksum: &part.checksum, size: part.size })
        .collect();
    let (checksum, checksum_type) = checksum::of_object(upload, request, &joints)?;
    // With keys that are not S3's there is only a checksum that somebody asked for (recorded by
    // LocalStack: `test_multipart_upload_sse_c`).
    let keeps_checksum = upload.checksum.is_some() || upload.object.encryption == Encryption::S3;
    let size = parts.iter().map(|part| part.size).sum::<u64>();
    if let Some(stated) = request.header("x-amz-mp-object-size")
        && stated.trim() != size.to_string()
    {
        return Err(invalid_request(format!(
            "The provided 'x-amz-mp-object-size' header value {stated} does not match what was \
             computed: {size}"
        )));
    }
    Ok(Object {
        size,
        etag: etag_of_parts(joints.iter().map(|part| part.etag)),
        // Documented: an object in parts is as old as its upload.
        modified: upload.initiated,
        checksum: keeps_checksum.then_some(checksum),
        stamp,
        multipart: Some(Multipart {
            upload: upload_id(request).to_owned(),
            parts: parts.len(),
            checksum_type,
        }),
        ..upload.object.clone()
    })
}

fn write(request: &Request, bucket: &str, object: &Object) -> Answer {
    let key = request.key();
    let mut xml = Xml::document();
    xml.open_s3("CompleteMultipartUploadResult");
    xml.leaf("Location", location(request, bucket, key));
    xml.leaf("Bucket", bucket);
    xml.leaf("Key", key);
    xml.leaf("ETag", format!("\"{}\"", object.etag));
    if let (Some(checksum), Some(value)) = (&object.checksum, object.checksum_value()) {
        xml.leaf(checksum.algorithm.element(), value);
        xml.leaf("ChecksumType", object.checksum_type().name());
    }
    xml.close();
    let mut answer = Answer::xml(StatusCode::OK, xml.finish());
    encryption::tell(&mut answer, &object.encryption);
    answer
}
