//! UploadPart.

use http::StatusCode;

use super::checksum;
use super::find;
use super::no_such_upload;
use super::part_number;
use super::upload_id;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::digest::Checksum;
use crate::digest::Digester;
use crate::digest::Digests;
use crate::digest::Sha256Wanted;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::operations::object::encryption;
use crate::operations::object::refused;
use crate::operations::object::upload::Upload as Incoming;
use crate::request::Request;
use crate::store::Outcome;
use crate::store::Part;
use crate::store::Upload;

/// Writes a part.
pub(in crate::operations) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
    mut body: VerifiedBody,
) -> Result<Answer, Failure> {
    if let Some(version) = request.query.get("versionId") {
        // Captured from AWS in 2026.
        let message = "This operation does not accept a version-id.";
        return Err(invalid_argument(message, "versionId").with("ArgumentValue", version));
    }
    let number = part_number(request)?;
    let Some(declared_bytes) = body.declared_bytes() else {
        return Err(Fault::MissingContentLength.because("a part says how long its body is"));
    };
    Incoming::check_size(declared_bytes)?;
    refused::check(request)?;
    let upload = find(permit, request)?;
    encryption::check_part(permit, request, &upload.object.encryption)?;
    let sent = body.promised_algorithm();
    checksum::check_part(&upload, sent)?;
    let mut incoming = Incoming::begin(&permit.world().store)?;
    // An upload without an algorithm gets a CRC64NVME in the end, whatever its parts bring.
    let mut kept = (body.algorithm() != upload.algorithm())
        .then(|| Digester::new(Sha256Wanted::No, upload.algorithm()));
    while let Some(piece) = body.next().await? {
        if let Some(digester) = &mut kept {
            digester.update(&piece);
        }
        incoming.write(&piece).await?;
    }
    let digests = body.finish_part()?;
    let checksum = kept.map_or_else(|| digests.checksum.clone(), |kept| kept.finish().checksum);
    let part = keep(permit, request, &upload, number, incoming, &digests, checksum).await?;
    let mut answer = Answer::empty(StatusCode::OK);
    encryption::tell(&mut answer, &upload.object.encryption);
    answer.add("etag", format!("\"{}\"", part.etag));
    let shown = sent.map(|_| &digests.checksum).or_else(|| shown_checksum(&upload, &part));
    if let Some(checksum) = shown {
        answer.add(checksum.algorithm.header(), &checksum.value);
    }
    Ok(answer)
}

/// Makes the part one of the upload's.
pub(super) async fn keep(
    permit: &Permit<'_>,
    request: &Request,
    upload: &Upload,
    number: u32,
    incoming: Incoming,
    digests: &Digests,
    checksum: Checksum,
) -> Result<Part, Failure> {
    let body = incoming.finish().await?;
    let part = Part {
        number,
        size: digests.bytes,
        etag: encryption::etag(permit, &upload.object.encryption, digests),
        modified: permit.world().clock.now(),
        checksum,
    };
    let bucket = permit.bucket()?;
    let store = &permit.world().store;
    match store.put_part(bucket, request.key(), upload_id(request), part.clone(), body)? {
        Outcome::Done => {}
        Outcome::NoBucket => return Err(Fault::NoSuchBucket.with("BucketName", &*bucket.name)),
        _ => return Err(no_such_upload(request)),
    }
    store.settled().await?;
    Ok(part)
}

/// The checksum of a part, where it is shown.
pub(super) fn shown_checksum<'a>(upload: &Upload, part: &'a Part) -> Option<&'a Checksum> {
    upload.checksum.map(|_| &part.checksum)
}
