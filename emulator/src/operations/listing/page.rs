//! What both listings of objects share: their parameters, the walk, and the lines of a page.

use std::sync::Arc;

use stuntbucket_signer::Timestamp;
use stuntbucket_signer::encode;

use super::fold;
use super::fold::After;
use super::fold::Ask;
use super::fold::Line;
use super::fold::Page;
use super::fold::Source;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::names::ObjectOwnership;
use crate::operations::object::encryption;
use crate::operations::object::restore;
use crate::operations::off_workers;
use crate::request::Request;
use crate::store::Bucket;
use crate::store::From;
use crate::store::Object;
use crate::store::Store;
use crate::store::StoreError;
use crate::xml::Xml;

/// S3 lists no more at once.
const ENTRIES_MAX: usize = 1000;

/// The parameters that both versions have.
#[derive(Clone, Debug)]
pub(super) struct Parameters {
    pub(super) prefix: String,
    pub(super) delimiter: Option<String>,
    /// As asked for, at most what S3 gives.
    pub(super) keys_max: usize,
    pub(super) encoding: Encoding,
    /// When copies of archived objects are looked at, if they are asked for.
    pub(super) copies_at: Option<Timestamp>,
}

/// How names are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As they are.
    None,
    /// Percent-encoded: `encoding-type=url`.
    Url,
}

/// Whether a line tells whose the object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owners {
    Shown,
    Hidden,
}

impl Parameters {
    pub(super) fn read(permit: &Permit<'_>, request: &Request) -> Result<Self, Failure> {
        let wants_copies = request
            .parameter("x-amz-optional-object-attributes")
            .is_some_and(|names| names.split(',').any(|name| name.trim() == "RestoreStatus"));
        let copies_at = wants_copies.then(|| permit.world().clock.now());
        Ok(Self { copies_at, ..Self::read_with(request, "max-keys")? })
    }

    /// Reads them where the largest number of entries has another name.
    pub(super) fn read_with(request: &Request, max: &'static str) -> Result<Self, Failure> {
        encryption::check_not_sent(request)?;
        let query = &request.query;
        let encoding = match query.get("encoding-type") {
            None => Encoding::None,
            Some("url") => Encoding::Url,
            Some(other) => {
                let message = "Invalid Encoding Method specified in Request";
                return Err(invalid_argument(message, "encoding-type").with("ArgumentValue", other));
            }
        };
        Ok(Self {
            prefix: query.get("prefix").unwrap_or_default().to_owned(),
            delimiter: query.get("delimiter").filter(|text| !text.is_empty()).map(str::to_owned),
            keys_max: entries_max(query.get(max), max)?,
            encoding,
            copies_at: None,
        })
    }
}

/// The texts as recorded by versitygw's issue 1804.
pub(in crate::operations) fn entries_max(
    text: Option<&str>,
    name: &'static str,
) -> Result<usize, Failure> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(ENTRIES_MAX) };
    let refused = |message: String| invalid_argument(message, name).with("ArgumentValue", text);
    match text.parse::<i32>() {
        Ok(number) => usize::try_from(number).map(|number| number.min(ENTRIES_MAX)).map_err(|_| {
            refused(format!("Argument {name} must be an integer between 0 and 2147483647"))
        }),
        Err(_) => Err(refused(format!("Provided {name} not an integer or within integer range"))),
    }
}

/// Walks the bucket off the async workers: a page can take some milliseconds.
pub(super) async fn find(
    permit: &Permit<'_>,
    parameters: &Parameters,
    after: Option<(String, Skip)>,
) -> Result<Page<Object>, Failure> {
    let bucket = Arc::clone(permit.bucket()?);
    let store = Arc::clone(&permit.world().store);
    let parameters = parameters.clone();
    let walk = move || {
        let ask = Ask {
            prefix: &parameters.prefix,
            delimiter: parameters.delimiter.as_deref(),
            after: after.as_ref().map(|(key, skip)| match skip {
                Skip::Key => After::Key(key),
                Skip::KeyAndGroup => After::KeyAndGroup(key),
            }),
            entries_max: parameters.keys_max,
        };
        fold::fold(&Objects { store: &*store, bucket: &bucket }, &ask)
    };
    Ok(off_workers(walk).await??)
}

/// What a marker passes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Skip {
    Key,
    KeyAndGroup,
}

struct Objects<'a> {
    store: &'a dyn Store,
    bucket: &'a Bucket,
}

impl Source for Objects<'_> {
    type Item = Object;
    type Error = StoreError;

    fn walk(&self, from: From) -> impl Iterator<Item = Result<(String, Object), StoreError>> {
        self.store.objects(self.bucket, &from)
    }
}

/// Writes what was asked for and whether there is more.
pub(super) fn write_bounds(xml: &mut Xml, asked: &Parameters, is_truncated: bool) {
    xml.leaf("MaxKeys", asked.keys_max.to_string());
    if let Some(delimiter) = &asked.delimiter {
        xml.leaf("Delimiter", name(delimiter, asked.encoding));
    }
    if asked.encoding == Encoding::Url {
        xml.leaf("EncodingType", "url");
    }
    xml.leaf("IsTruncated", is_truncated.to_string());
}

/// Writes the keys, then the common prefixes.
pub(super) fn write_lines(
    xml: &mut Xml,
    bucket: &Bucket,
    page: &Page<Object>,
    asked: &Parameters,
    owners: Owners,
) {
    let is_enforced = bucket.effective_ownership() == ObjectOwnership::BucketOwnerEnforced;
    for line in &page.lines {
        let Line::Key(key, object) = line else { continue };
        xml.open("Contents");
        xml.leaf("Key", name(key, asked.encoding));
        xml.leaf("LastModified", object.modified.iso_millis());
        xml.leaf("ETag", format!("\"{}\"", object.etag));
        if let Some(checksum) = &object.checksum {
            xml.leaf("ChecksumAlgorithm", checksum.algorithm.name());
            xml.leaf("ChecksumType", object.checksum_type().name());
        }
        xml.leaf("Size", object.size.to_string());
        if owners == Owners::Shown {
            let owner = if is_enforced { &bucket.owner } else { &object.owner };
            xml.open("Owner");
            xml.leaf("ID", owner.as_str());
            xml.close();
        }
        xml.leaf("StorageClass", &object.storage_class);
        write_copy(xml, object, asked);
        xml.close();
    }
    write_groups(xml, page, asked.encoding);
}

/// Writes what became of the copy of an archived object, if that was asked for.
pub(super) fn write_copy(xml: &mut Xml, object: &Object, asked: &Parameters) {
    if let Some(at) = asked.copies_at {
        restore::write_status(xml, object, at);
    }
}

/// Writes the common prefixes.
pub(super) fn write_groups<T>(xml: &mut Xml, page: &Page<T>, encoding: Encoding) {
    for line in &page.lines {
        let Line::Group(prefix) = line else { continue };
        xml.open("CommonPrefixes");
        xml.leaf("Prefix", name(prefix, encoding));
        xml.close();
    }
}

/// A key, prefix or marker as it stands in the document.
///
/// Recorded: slashes stay, `=` and `%` are encoded. That a space becomes a plus is how clients
/// read it.
pub(super) fn name(name: &str, encoding: Encoding) -> String {
    match encoding {
        Encoding::None => name.to_owned(),
        Encoding::Url => encode::path(name.as_bytes()).replace("%20", "+"),
    }
}
