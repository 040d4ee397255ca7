//! ListParts.

use http::StatusCode;

use super::find;
use super::no_such_upload;
use super::part;
use super::set_abort;
use super::upload_id;
use super::write_initiator;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::names::ObjectOwnership;
use crate::operations::in_place;
use crate::operations::listing::page::entries_max;
use crate::request::Request;
use crate::store::Bucket;
use crate::store::Part;
use crate::store::Upload;
use crate::xml::Xml;

/// What a request asks for.
struct Asked {
    marker: u32,
    parts_max: usize,
}

/// Lists the parts of an upload.
pub(in crate::operations) fn answer(
    permit: &Permit<'_>,
    request: &Request,
) -> Result<Answer, Failure> {
    let upload = find(permit, request)?;
    let asked = Asked {
        marker: marker(request.query.get("part-number-marker"), "part-number-marker")?,
        parts_max: entries_max(request.query.get("max-parts"), "max-parts")?,
    };
    let bucket = permit.bucket()?;
    let id = upload_id(request);
    // One more than asked for tells whether there is more.
    let count_max = if asked.parts_max == 0 { 0 } else { asked.parts_max + 1 };
    let store = &permit.world().store;
    let parts = || store.parts(bucket, request.key(), id, asked.marker, count_max);
    let parts = in_place(parts)?;
    let parts = parts.ok_or_else(|| no_such_upload(request))?;
    let document = write(bucket, request, &asked, &upload, &parts);
    let mut answer = Answer::xml(StatusCode::OK, document);
    set_abort(&mut answer, permit, request.key(), upload.initiated)?;
    Ok(answer)
}

/// The number after which a page of parts begins.
pub(in crate::operations::object) fn marker(
    text: Option<&str>,
    name: &'static str,
) -> Result<u32, Failure> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(0) };
    // Refused as other numbers are.
    entries_max(Some(text), name)?;
    Ok(text.parse().unwrap_or_default())
}

fn write(
    bucket: &Bucket,
    request: &Request,
    asked: &Asked,
    upload: &Upload,
    found: &[Part],
) -> String {
    let parts = &found[..found.len().min(asked.parts_max)];
    let mut xml = Xml::document();
    xml.open_s3("ListPartsResult");
    xml.leaf("Bucket", &bucket.name);
    xml.leaf("Key", request.key());
    xml.leaf("UploadId", upload_id(request));
    write_initiator(&mut xml, &upload.initiator);
    write_owner(&mut xml, bucket, upload);
    xml.leaf("StorageClass", &upload.object.storage_class);
    xml.leaf("PartNumberMarker", asked.marker.to_string());
    // Recorded by LocalStack in `TestS3ListParts`: 0 where there are none.
    xml.leaf("NextPartNumberMarker", parts.last().map_or(0, |part| part.number).to_string());
    xml.leaf("MaxParts", asked.parts_max.to_string());
    xml.leaf("IsTruncated", (found.len() > parts.len()).to_string());
    if let Some((algorithm, checksum_type)) = upload.checksum {
        xml.leaf("ChecksumAlgorithm", algorithm.name());
        xml.leaf("ChecksumType", checksum_type.name());
    }
    for part in parts {
        xml.open("Part");
        xml.leaf("PartNumber", part.number.to_string());
        xml.leaf("LastModified", part.modified.iso_millis());
        xml.leaf("ETag", format!("\"{}\"", part.etag));
        xml.leaf("Size", part.size.to_string());
        if let Some(checksum) = part::shown_checksum(upload, part) {
            xml.leaf(checksum.algorithm.element(), &checksum.value);
        }
        xml.close();
    }
    xml.close();
    xml.finish()
}

/// Writes who will own the object.
pub(in crate::operations) fn write_owner(xml: &mut Xml, bucket: &Bucket, upload: &Upload) {
    let is_enforced = bucket.effective_ownership() == ObjectOwnership::BucketOwnerEnforced;
    let owner = if is_enforced { &bucket.owner } else { &upload.object.owner };
    xml.open("Owner");
    xml.leaf("ID", owner.as_str());
    xml.close();
}
