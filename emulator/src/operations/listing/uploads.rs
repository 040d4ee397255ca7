//! ListMultipartUploads.

use std::sync::Arc;

use http::StatusCode;

use super::fold;
use super::fold::After;
use super::fold::Ask;
use super::fold::Line;
use super::fold::Page;
use super::fold::Source;
use super::page;
use super::page::Encoding;
use super::page::Parameters;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::operations::object::multipart::list::write_owner;
use crate::operations::object::multipart::write_initiator;
use crate::operations::off_workers;
use crate::request::Request;
use crate::store::Bucket;
use crate::store::From;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Upload;
use crate::xml::Xml;

/// Where a page begins. Both are empty for the first.
#[derive(Clone, Debug)]
struct Markers {
    key: String,
    /// Without a key it is ignored, and given back empty (recorded by LocalStack:
    /// `test_list_multiparts_next_marker`).
    upload: String,
}

/// An upload with its id.
type Named = (String, Upload);

/// Lists the uploads that are open.
pub(crate) async fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let parameters = Parameters::read_with(request, "max-uploads")?;
    let markers = markers(permit, request)?;
    let page = find(permit, &parameters, &markers).await?;
    Ok(Answer::xml(StatusCode::OK, write(permit.bucket()?, &parameters, &markers, &page)))
}

fn markers(permit: &Permit<'_>, request: &Request) -> Result<Markers, Failure> {
    let key = request.query.get("key-marker").unwrap_or_default().to_owned();
    let upload = request.query.get("upload-id-marker").unwrap_or_default();
    if key.is_empty() || upload.is_empty() {
        return Ok(Markers { key, upload: String::new() });
    }
    let bucket = permit.bucket()?;
    if permit.world().store.upload(bucket, &key, upload)?.is_none() {
        return Err(invalid_argument("Invalid uploadId marker", "upload-id-marker")
            .with("ArgumentValue", upload)
            .because(format!("no upload with this id is open at key `{key}`")));
    }
    Ok(Markers { key, upload: upload.to_owned() })
}

/// Walks the bucket off the async workers.
async fn find(
    permit: &Permit<'_>,
    parameters: &Parameters,
    markers: &Markers,
) -> Result<Page<Named>, Failure> {
    let bucket = Arc::clone(permit.bucket()?);
    let store = Arc::clone(&permit.world().store);
    let (parameters, markers) = (parameters.clone(), markers.clone());
    let walk = move || {
        let ask = Ask {
            prefix: &parameters.prefix,
            delimiter: parameters.delimiter.as_deref(),
            after: (!markers.key.is_empty()).then_some(After::KeyAndGroup(&markers.key)),
            entries_max: parameters.keys_max,
        };
        fold::fold(&Uploads { store: &*store, bucket: &bucket, markers: &markers }, &ask)
    };
    Ok(off_workers(walk).await??)
}

struct Uploads<'a> {
    store: &'a dyn Store,
    bucket: &'a Bucket,
    markers: &'a Markers,
}

impl Source for Uploads<'_> {
    type Item = Named;
    type Error = StoreError;

    fn walk(&self, from: From) -> impl Iterator<Item = Result<(String, Named), StoreError>> {
        // A page that begins in the middle of a key's uploads goes on with them.
        let Markers { key, upload } = self.markers;
        let is_marked = matches!(&from, From::After(after) if after == key) && !upload.is_empty();
        let uploads = self.store.uploads(self.bucket, &from, is_marked.then_some(upload));
        uploads.map(|upload| upload.map(|(key, id, upload)| (key, (id, upload))))
    }
}

fn write(bucket: &Bucket, asked: &Parameters, markers: &Markers, page: &Page<Named>) -> String {
    let name = |name| page::name(name, asked.encoding);
    // Also of a page that is the last one, and not where it ends with a common prefix (recorded
    // by LocalStack: `test_list_multipart_uploads_marker_common_prefixes`).
    let next = match page.lines.last() {
        Some(Line::Key(key, (id, _))) => (key.as_str(), id.as_str()),
        Some(Line::Group(_)) | None => ("", ""),
    };
    let mut xml = Xml::document();
    xml.open_s3("ListMultipartUploadsResult");
    xml.leaf("Bucket", &bucket.name);
    xml.leaf("KeyMarker", name(&markers.key));
    xml.leaf("UploadIdMarker", &markers.upload);
    xml.leaf("NextKeyMarker", name(next.0));
    xml.leaf("NextUploadIdMarker", next.1);
    if !asked.prefix.is_empty() {
        xml.leaf("Prefix", name(&asked.prefix));
    }
    if let Some(delimiter) = &asked.delimiter {
        xml.leaf("Delimiter", name(delimiter));
    }
    if asked.encoding == Encoding::Url {
        xml.leaf("EncodingType", "url");
    }
    xml.leaf("MaxUploads", asked.keys_max.to_string());
    xml.leaf("IsTruncated", page.is_truncated.to_string());
    for line in &page.lines {
        let Line::Key(key, (id, upload)) = line else { continue };
        xml.open("Upload");
        xml.leaf("Key", name(key));
        xml.leaf("UploadId", id);
        write_initiator(&mut xml, &upload.initiator);
        write_owner(&mut xml, bucket, upload);
        xml.leaf("StorageClass", &upload.object.storage_class);
        xml.leaf("Initiated", upload.initiated.iso_millis());
        if let Some((algorithm, checksum_type)) = upload.checksum {
            xml.leaf("ChecksumAlgorithm", algorithm.name());
            xml.leaf("ChecksumType", checksum_type.name());
        }
        xml.close();
    }
    for line in &page.lines {
        let Line::Group(prefix) = line else { continue };
        xml.open("CommonPrefixes");
        xml.leaf("Prefix", name(prefix));
        xml.close();
    }
    xml.close();
    xml.finish()
}
