//! DeleteObjects.

use std::collections::HashSet;

use http::StatusCode;

use super::delete;
use super::delete::Deleted;
use super::delete::Was;
use super::lock;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::names::Bypass;
use crate::names::VersionId;
use crate::operations::document;
use crate::request::Request;
use crate::request::check_key_length;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::Which;
use crate::xml::Element;
use crate::xml::Xml;

/// S3 deletes no more at once.
const KEYS_MAX: usize = 1000;
/// So many keys of the greatest length, and all that can be said of them, are shorter.
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// After so many keys others get their turn: one takes some microseconds.
const KEYS_AT_ONCE: usize = 20;

/// What the document asks for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    entries: Vec<Entry>,
    /// Whether only failures are reported.
    is_quiet: bool,
}

/// A key to delete.
#[derive(Debug, PartialEq, Eq)]
struct Entry {
    key: String,
    version: Option<String>,
    etag: Option<String>,
    /// A condition that S3 has in directory buckets only, by the name of its header.
    foreign: Option<&'static str>,
}

/// Deletes the objects that a document names; what becomes of each is told by itself.
pub(crate) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let document = document::long_with_digest(body, BYTES_MAX).await?;
    let asked = read(&document)?;
    let wants_bypass = lock::wants_bypass(permit, request)?;
    let mut xml = Xml::document();
    xml.open_s3("DeleteResult");
    for (index, entry) in asked.entries.iter().enumerate() {
        if index > 0 && index % KEYS_AT_ONCE == 0 {
            tokio::task::yield_now().await;
        }
        match delete(permit, entry, wants_bypass) {
            Ok(_) if asked.is_quiet => {}
            Ok(deleted) => write_deleted(&mut xml, entry, deleted),
            Err(failure) if failure.error.status == 500 => return Err(failure),
            Err(failure) => write_error(&mut xml, entry, &failure),
        }
    }
    xml.close();
    permit.world().store.settled().await?;
    Ok(Answer::xml(StatusCode::OK, xml.finish()))
}

fn read(document: &[u8]) -> Result<Asked, Failure> {
    let root = document::parse(document, "Delete")?;
    let mut entries: Vec<Entry> = root.children("Object").map(entry).collect::<Result<_, _>>()?;
    if entries.is_empty() || entries.len() > KEYS_MAX {
        return Err(Fault::MalformedXml.because(format!(
            "the document names {} objects, and S3 takes 1 to {KEYS_MAX}",
            entries.len()
        )));
    }
    // What is named twice is deleted, and told, once (captured from AWS in 2026).
    let mut named = HashSet::new();
    entries.retain(|entry| named.insert((entry.key.clone(), entry.version.clone())));
    let quiet = root.child("Quiet").map(|quiet| quiet.text().trim());
    Ok(Asked { entries, is_quiet: quiet.is_some_and(|quiet| quiet.eq_ignore_ascii_case("true")) })
}

fn entry(element: &Element) -> Result<Entry, Failure> {
    let text = |name| element.child(name).map(|child| child.text().to_owned());
    let key = text("Key").filter(|key| !key.is_empty());
    let key = key.ok_or_else(|| Fault::MalformedXml.because("an `Object` has no `Key`"))?;
    // One such key fails the whole request (captured from AWS in 2026).
    check_key_length(&key)?;
    let foreign = [
        ("LastModifiedTime", "x-amz-if-match-last-modified-time"),
        ("Size", "x-amz-if-match-size"),
    ];
    let foreign = foreign.into_iter().find(|(name, _)| element.child(name).is_some());
    Ok(Entry {
        key,
        version: text("VersionId").filter(|version| !version.is_empty()),
        etag: text("ETag").map(|etag| etag.trim().trim_matches('"').to_owned()),
        foreign: foreign.map(|(_, header)| header),
    })
}

fn delete(permit: &Permit<'_>, entry: &Entry, wants_bypass: bool) -> Result<Deleted, Failure> {
    let bucket = permit.bucket()?;
    let store = &permit.world().store;
    let key = &entry.key;
    let asked = version(bucket, entry);
    let which = asked.as_ref().map_or(Which::Current, |which| *which);
    let found = match which {
        Which::Current => store.object(bucket, key)?,
        Which::Version(_) => store.version(bucket, key, which)?,
    };
    permit.key(key, which, found.as_ref())?;
    asked?;
    if let Some(header) = entry.foreign {
        return Err(Fault::NotImplementedHeader.with("Header", header));
    }
    let expect = match entry.etag.as_deref() {
        None => Expect::Anything,
        Some("*") => Expect::Present,
        Some(etag) => Expect::Etag(etag.to_owned()),
    };
    // Of each key by itself: policies name objects, and not the bucket.
    let bypass = if wants_bypass && permit.may_bypass(key, which) {
        Bypass::Governance
    } else {
        Bypass::Nothing
    };
    let deleted = delete::delete(permit, key, which, &expect, bypass)?;
    delete::tell(permit, key, deleted, found.is_some());
    Ok(deleted)
}

/// The version that an entry names. What cannot be one is told in other words than by DeleteObject
/// (recorded by LocalStack: `test_delete_objects`).
fn version(bucket: &Bucket, entry: &Entry) -> Result<Which, Failure> {
    let Some(id) = &entry.version else { return Ok(Which::Current) };
    let keeps_versions = bucket.settings.versioning.is_some();
    match VersionId::parse(id) {
        Some(version) if keeps_versions || version == VersionId::Null => {
            Ok(Which::Version(version))
        }
        _ => Err(Fault::NoSuchVersion.because(format!("`{id}` is no version of this bucket"))),
    }
}

fn write_deleted(xml: &mut Xml, entry: &Entry, deleted: Deleted) {
    xml.open("Deleted");
    write_name(xml, entry);
    let marker = match deleted {
        Deleted::Marked(marker) | Deleted::Version(marker, Was::DeleteMarker) => Some(marker),
        Deleted::Object | Deleted::Version(_, Was::Object | Was::Missing) => None,
    };
    if let Some(marker) = marker {
        xml.leaf("DeleteMarker", "true");
        xml.leaf("DeleteMarkerVersionId", marker.to_string());
    }
    xml.close();
}

fn write_error(xml: &mut Xml, entry: &Entry, failure: &Failure) {
    xml.open("Error");
    write_name(xml, entry);
    xml.leaf("Code", failure.error.code);
    xml.leaf("Message", &failure.error.message);
    xml.close();
}

fn write_name(xml: &mut Xml, entry: &Entry) {
    xml.leaf("Key", &entry.key);
    if let Some(version) = &entry.version {
        xml.leaf("VersionId", version);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(count: usize) -> String {
        let objects = "<Object><Key>k</Key></Object>".repeat(count);
        format!("<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{objects}</Delete>")
    }

    #[test]
    fn a_document_names_one_to_a_thousand_objects() {
        for (count, is_one) in [(0, false), (1, true), (1000, true), (1001, false)] {
            let found = read(entries(count).as_bytes());
            assert_eq!(found.is_ok(), is_one, "{count}");
        }
        for wrong in ["", "<Delete", "<Other/>", "<Delete><Object/></Delete>"] {
            assert_eq!(read(wrong.as_bytes()).unwrap_err().error.code, "MalformedXML", "{wrong}");
        }
    }

    #[test]
    fn all_that_is_said_of_a_key_is_read() {
        let document = "<Delete><Quiet>true</Quiet><Object><Key> a&#x4;</Key><VersionId>v</VersionId>\
                        <ETag>\"e\"</ETag><Size>1</Size></Object></Delete>";
        let entry = Entry {
            key: " a\u{4}".to_owned(),
            version: Some("v".to_owned()),
            etag: Some("e".to_owned()),
            foreign: Some("x-amz-if-match-size"),
        };
        let expected = Asked { entries: vec![entry], is_quiet: true };
        assert_eq!(read(document.as_bytes()).unwrap(), expected);
    }
}
