//! ListObjectVersions.

use std::sync::Arc;

use http::StatusCode;

use super::fold;
use super::fold::After;
use super::fold::Ask;
use super::fold::Line;
use super::fold::Page;
use super::fold::Source;
use super::page;
use super::page::Parameters;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::names::ObjectOwnership;
use crate::names::VersionId;
use crate::operations::object::version;
use crate::operations::off_workers;
use crate::place::BUCKET_REGION;
use crate::request::Request;
use crate::store::Bucket;
use crate::store::From;
use crate::store::FromVersion;
use crate::store::Store;
use crate::store::StoreError;
use crate::store::Version;
use crate::xml::Xml;

#[derive(Clone, Debug)]
struct Input {
    both: Parameters,
    key_marker: String,
    version_marker: Option<VersionId>,
}

/// Lists all versions, from a marker on.
pub(crate) async fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let input = read(permit, request)?;
    let page = find(permit, &input).await?;
    let mut answer = Answer::xml(StatusCode::OK, write(bucket, &input, &page));
    answer.set(BUCKET_REGION, &bucket.region);
    Ok(answer)
}

fn read(permit: &Permit<'_>, request: &Request) -> Result<Input, Failure> {
    let query = &request.query;
    let bucket = permit.bucket()?;
    check_max_keys(query.get("max-keys"))?;
    let key_marker = query.get("key-marker").unwrap_or_default().to_owned();
    let version_marker = match query.get("version-id-marker") {
        Some(marker) if key_marker.is_empty() => {
            let message = "A version-id marker cannot be specified without a key marker.";
            return Err(
                invalid_argument(message, "version-id-marker").with("ArgumentValue", marker)
            );
        }
        // Clients send the empty marker of the page before.
        None | Some("") => None,
        Some(marker) => Some(version::parse(marker, bucket, "version-id-marker")?),
    };
    Ok(Input { both: Parameters::read(permit, request)?, key_marker, version_marker })
}

/// The text of this operation alone (recorded by versitygw's issue 1809).
fn check_max_keys(text: Option<&str>) -> Result<(), Failure> {
    match text.map(|text| (text, text.parse::<i32>())) {
        Some((text, Ok(number))) if number < 0 => {
            Err(invalid_argument("max-keys cannot be negative", "max-keys")
                .with("ArgumentValue", text))
        }
        _ => Ok(()),
    }
}

/// Walks the bucket off the async workers.
async fn find(permit: &Permit<'_>, input: &Input) -> Result<Page<Version>, Failure> {
    let bucket = Arc::clone(permit.bucket()?);
    let store = Arc::clone(&permit.world().store);
    let input = input.clone();
    let walk = move || {
        let after = match input.version_marker {
            _ if input.key_marker.is_empty() => None,
            None => Some(After::KeyAndGroup(&input.key_marker)),
            Some(_) => Some(After::InKey(&input.key_marker)),
        };
        let ask = Ask {
            prefix: &input.both.prefix,
            delimiter: input.both.delimiter.as_deref(),
            after,
            entries_max: input.both.keys_max,
        };
        fold::fold(&Walk { store: &*store, bucket: &bucket, input: &input }, &ask)
    };
    Ok(off_workers(walk).await??)
}

struct Walk<'a> {
    store: &'a dyn Store,
    bucket: &'a Bucket,
    input: &'a Input,
}

impl Source for Walk<'_> {
    type Item = Version;
    type Error = StoreError;

    fn walk(&self, from: From) -> impl Iterator<Item = Result<(String, Version), StoreError>> {
        let from = match (from, self.input.version_marker) {
            // The page begins in the middle of this key.
            (From::At(key), Some(version)) if key == self.input.key_marker => {
                FromVersion::After(key, version)
            }
            (from, _) => FromVersion::Key(from),
        };
        self.store.versions(self.bucket, &from)
    }
}

fn write(bucket: &Bucket, input: &Input, page: &Page<Version>) -> String {
    let asked = &input.both;
    let name = |name| page::name(name, asked.encoding);
    let mut xml = Xml::document();
    xml.open_s3("ListVersionsResult");
    xml.leaf("Name", &bucket.name);
    xml.leaf("Prefix", name(&asked.prefix));
    xml.leaf("KeyMarker", name(&input.key_marker));
    let version_marker = input.version_marker.map(|version| version.to_string());
    xml.leaf("VersionIdMarker", version_marker.unwrap_or_default());
    if let Some(last) = page.lines.last().filter(|_| page.is_truncated) {
        xml.leaf("NextKeyMarker", name(last.name()));
        if let Line::Key(_, version) = last {
            xml.leaf("NextVersionIdMarker", version.object.version.to_string());
        }
    }
    page::write_bounds(&mut xml, asked, page.is_truncated);
    for line in &page.lines {
        if let Line::Key(key, version) = line {
            write_version(&mut xml, bucket, asked, key, version);
        }
    }
    page::write_groups(&mut xml, page, asked.encoding);
    xml.close();
    xml.finish()
}

fn write_version(xml: &mut Xml, bucket: &Bucket, asked: &Parameters, key: &str, version: &Version) {
    let object = &version.object;
    xml.open(if object.is_delete_marker { "DeleteMarker" } else { "Version" });
    xml.leaf("Key", page::name(key, asked.encoding));
    xml.leaf("VersionId", object.version.to_string());
    xml.leaf("IsLatest", version.is_latest.to_string());
    xml.leaf("LastModified", object.modified.iso_millis());
    if !object.is_delete_marker {
        xml.leaf("ETag", format!("\"{}\"", object.etag));
        if let Some(checksum) = &object.checksum {
            xml.leaf("ChecksumAlgorithm", checksum.algorithm.name());
            xml.leaf("ChecksumType", object.checksum_type().name());
        }
        xml.leaf("Size", object.size.to_string());
        xml.leaf("StorageClass", &object.storage_class);
    }
    let is_enforced = bucket.effective_ownership() == ObjectOwnership::BucketOwnerEnforced;
    let owner = if is_enforced { &bucket.owner } else { &object.owner };
    xml.open("Owner");
    xml.leaf("ID", owner.as_str());
    xml.close();
    page::write_copy(xml, object, asked);
    xml.close();
}
