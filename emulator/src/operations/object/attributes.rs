//! GetObjectAttributes.

use http::StatusCode;

use super::encryption;
use super::multipart::list::marker;
use super::version;
use super::version::CurrentMarker;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::digest::ChecksumType;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_request;
use crate::failure::saying;
use crate::operations::in_place;
use crate::operations::listing::page::entries_max;
use crate::request::Request;
use crate::store::Object;
use crate::store::Part;
use crate::xml::Xml;

/// What can be asked for, in the order of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attribute {
    Etag,
    Checksum,
    ObjectParts,
    StorageClass,
    ObjectSize,
}

/// What a request asks for.
struct Asked {
    attributes: Vec<Attribute>,
    marker: u32,
    parts_max: usize,
}

/// Tells the attributes of an object that were asked for.
pub(crate) fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    encryption::check_not_sent(request)?;
    let asked = read(request)?;
    let key = request.key();
    let bucket = permit.bucket()?;
    let which = version::which(request, bucket)?;
    let found = permit.world().store.open_version(bucket, key, which)?;
    let object = found.as_ref().map(|(object, _)| object);
    version::check(permit, request, which, object, CurrentMarker::Hides)?;
    let (object, body) = found.ok_or_else(|| Fault::NoSuchKey.with("Key", key))?;
    encryption::check_read(permit, request, &object)?;
    let document = write(&object, in_place(|| body.parts())?, &asked);
    let mut answer = Answer::xml(StatusCode::OK, document);
    answer.add("last-modified", object.modified.http());
    version::set_read(&mut answer, bucket, object.version);
    Ok(answer)
}

fn read(request: &Request) -> Result<Asked, Failure> {
    let names = request.parameter("x-amz-object-attributes").unwrap_or_default();
    if names.trim().is_empty() {
        // Recorded in versity/versitygw#915.
        return Err(invalid_request(
            "The x-amz-object-attributes header specifying the attributes to be retrieved is \
             either missing or empty",
        ));
    }
    let attributes = names.split(',').map(|name| match name.trim() {
        "ETag" => Ok(Attribute::Etag),
        "Checksum" => Ok(Attribute::Checksum),
        "ObjectParts" => Ok(Attribute::ObjectParts),
        "StorageClass" => Ok(Attribute::StorageClass),
        "ObjectSize" => Ok(Attribute::ObjectSize),
        // The text was not recorded.
        name => Err(saying("InvalidArgument", 400, "Invalid attribute name specified.")
            .because(format!("there is no attribute `{name}`"))),
    });
    Ok(Asked {
        attributes: attributes.collect::<Result<_, _>>()?,
        marker: marker(
            request.parameter("x-amz-part-number-marker").as_deref(),
            "x-amz-part-number-marker",
        )?,
        parts_max: entries_max(request.parameter("x-amz-max-parts").as_deref(), "x-amz-max-parts")?,
    })
}

fn write(object: &Object, parts: &[Part], asked: &Asked) -> String {
    let wants = |attribute| asked.attributes.contains(&attribute);
    let mut xml = Xml::document();
    xml.open_s3("GetObjectAttributesResponse");
    if wants(Attribute::Etag) {
        xml.leaf("ETag", &object.etag);
    }
    if let Some(checksum) = object.checksum.as_ref().filter(|_| wants(Attribute::Checksum)) {
        xml.open("Checksum");
        // Without the number of parts that headers show.
        xml.leaf(checksum.algorithm.element(), &checksum.value);
        xml.leaf("ChecksumType", object.checksum_type().name());
        xml.close();
    }
    if object.multipart.is_some() && wants(Attribute::ObjectParts) {
        write_parts(&mut xml, object, parts, asked);
    }
    if wants(Attribute::StorageClass) {
        xml.leaf("StorageClass", &object.storage_class);
    }
    if wants(Attribute::ObjectSize) {
        xml.leaf("ObjectSize", object.size.to_string());
    }
    xml.close();
    xml.finish()
}

/// Parts are listed only where the object's checksum is made of theirs (recorded by LocalStack:
/// `test_list_parts_via_object_attrs_pagination`).
fn write_parts(xml: &mut Xml, object: &Object, parts: &[Part], asked: &Asked) {
    xml.open("ObjectParts");
    xml.leaf("PartsCount", parts.len().to_string());
    if object.checksum_type() == ChecksumType::Composite {
        let first = parts.partition_point(|part| part.number <= asked.marker);
        let rest = &parts[first..];
        let page = &rest[..rest.len().min(asked.parts_max)];
        xml.leaf("PartNumberMarker", asked.marker.to_string());
        let next = page.last().map_or(0, |part| part.number);
        xml.leaf("NextPartNumberMarker", next.to_string());
        xml.leaf("MaxParts", asked.parts_max.to_string());
        xml.leaf("IsTruncated", (page.len() < rest.len() && !page.is_empty()).to_string());
        for part in page {
            xml.open("Part");
            xml.leaf("PartNumber", part.number.to_string());
            xml.leaf("Size", part.size.to_string());
            xml.leaf(part.checksum.algorithm.element(), &part.checksum.value);
            xml.close();
        }
    }
    xml.close();
}
