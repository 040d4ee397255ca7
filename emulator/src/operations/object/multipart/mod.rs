//! Uploads in parts.

pub(in crate::operations) mod abort;
mod checksum;
pub(in crate::operations) mod complete;
pub(in crate::operations) mod create;
mod document;
pub(in crate::operations) mod list;
pub(in crate::operations) mod part;
pub(in crate::operations) mod part_copy;

use stuntbucket_signer::Timestamp;

use crate::answer::Answer;
use crate::authorize::Permit;
use crate::digest::ChecksumAlgorithm;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::request::Request;
use crate::store::Initiator;
use crate::store::Upload;
use crate::xml::Xml;

/// The most parts that S3 counts.
const PARTS_MAX: u32 = 10_000;

/// The id that the query names.
fn upload_id(request: &Request) -> &str {
    request.query.get("uploadId").unwrap_or_default()
}

/// The open upload that the query names, of exactly this key.
fn find(permit: &Permit<'_>, request: &Request) -> Result<Upload, Failure> {
    let bucket = permit.bucket()?;
    let found = permit.world().store.upload(bucket, request.key(), upload_id(request))?;
    permit.upload(found.as_ref())?;
    found.ok_or_else(|| no_such_upload(request))
}

fn no_such_upload(request: &Request) -> Failure {
    let id = upload_id(request);
    Fault::NoSuchUpload.with("UploadId", id).because(format!(
        "no upload with this id is open at key `{}`: it was completed or aborted, or it is another \
         key's",
        request.key()
    ))
}

/// The number of the part that the query names.
fn part_number(request: &Request) -> Result<u32, Failure> {
    let text = request.query.get("partNumber").unwrap_or_default();
    text.parse().ok().filter(|number| (1..=PARTS_MAX).contains(number)).ok_or_else(|| {
        let message = "Part number must be an integer between 1 and 10000, inclusive";
        invalid_argument(message, "partNumber").with("ArgumentValue", text)
    })
}

impl Upload {
    /// The algorithm of its parts' checksums.
    fn algorithm(&self) -> ChecksumAlgorithm {
        self.checksum.map_or(ChecksumAlgorithm::Crc64Nvme, |(algorithm, _)| algorithm)
    }
}

/// Writes who began an upload.
pub(in crate::operations) fn write_initiator(xml: &mut Xml, initiator: &Initiator) {
    xml.open("Initiator");
    xml.leaf("ID", &initiator.id);
    xml.leaf("DisplayName", &initiator.name);
    xml.close();
}

/// Tells when a rule of the bucket aborts an upload (documented for CreateMultipartUpload and
/// ListParts).
fn set_abort(
    answer: &mut Answer,
    permit: &Permit<'_>,
    key: &str,
    initiated: Timestamp,
) -> Result<(), Failure> {
    let lifecycle = permit.bucket()?.settings.lifecycle.as_ref();
    if let Some((at, id)) = lifecycle.and_then(|lifecycle| lifecycle.abort(key, initiated)) {
        answer.add("x-amz-abort-date", at.http());
        answer.add("x-amz-abort-rule-id", id);
    }
    Ok(())
}
