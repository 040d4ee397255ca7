//! ListObjects.

use http::StatusCode;

use super::fold::Page;
use super::page;
use super::page::Owners;
use super::page::Parameters;
use super::page::Skip;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::place::BUCKET_REGION;
use crate::request::Request;
use crate::store::Bucket;
use crate::store::Object;
use crate::xml::Xml;

/// Lists objects, from a marker on.
pub(crate) async fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let parameters = Parameters::read(permit, request)?;
    let marker = request.query.get("marker").unwrap_or_default().to_owned();
    // A marker anywhere in a group passes over the whole group (recorded by LocalStack:
    // `test_list_objects_marker_common_prefixes`).
    let after = Some((marker.clone(), Skip::KeyAndGroup)).filter(|_| !marker.is_empty());
    let page = page::find(permit, &parameters, after).await?;
    let bucket = permit.bucket()?;
    let mut answer = Answer::xml(StatusCode::OK, write(bucket, &parameters, &marker, &page));
    answer.set(BUCKET_REGION, &bucket.region);
    Ok(answer)
}

fn write(bucket: &Bucket, asked: &Parameters, marker: &str, page: &Page<Object>) -> String {
    let name = |name| page::name(name, asked.encoding);
    let mut xml = Xml::document();
    xml.open_s3("ListBucketResult");
    xml.leaf("Name", &bucket.name);
    xml.leaf("Prefix", name(&asked.prefix));
    xml.leaf("Marker", name(marker));
    // Only where keys are folded: elsewhere the last key of the page does as well (recorded by
    // LocalStack: `test_list_objects_next_marker`).
    let last = page.lines.last().filter(|_| page.is_truncated && asked.delimiter.is_some());
    if let Some(last) = last {
        xml.leaf("NextMarker", name(last.name()));
    }
    page::write_bounds(&mut xml, asked, page.is_truncated);
    page::write_lines(&mut xml, bucket, page, asked, Owners::Shown);
    xml.close();
    xml.finish()
}
