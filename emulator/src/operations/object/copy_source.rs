//! The source of a copy: which object it is, whether it may be read, and its bytes.

use std::sync::Arc;

use stuntbucket_signer::encode;

use super::encryption;
use super::get;
use super::restore;
use super::upload::Upload;
use super::version;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::authorize::TagsOfSource;
use crate::digest::ChecksumAlgorithm;
use crate::digest::Digester;
use crate::digest::Digests;
use crate::digest::Sha256Wanted;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::names::VersionId;
use crate::request::Request;
use crate::request::conditions;
use crate::route::Operation;
use crate::store::Bucket;
use crate::store::Object;
use crate::store::StoredBody;
use crate::store::Which;

const HEADER: &str = "x-amz-copy-source";

/// S3 copies no more in one request.
const BYTES_MAX: u64 = 5 * 1024 * 1024 * 1024;

/// An object that may be copied.
pub(super) struct Source {
    pub(super) bucket: Arc<Bucket>,
    pub(super) key: String,
    pub(super) which: Which,
    pub(super) object: Object,
    body: Arc<dyn StoredBody>,
}

impl Source {
    /// Finds the object that the request names, and holds the request's conditions against it.
    pub(super) fn find(
        permit: &Permit<'_>,
        request: &Request,
        tags: TagsOfSource,
    ) -> Result<Self, Failure> {
        let header = request.parameter(HEADER).unwrap_or_default();
        let named = Named::read(&header)?;
        let store = &permit.world().store;
        let bucket = store.bucket(&named.bucket)?.ok_or_else(|| {
            Fault::NoSuchBucket
                .with("BucketName", &*named.bucket)
                .because(format!("`{HEADER}` names bucket `{}`, which is not there", named.bucket))
        })?;
        let which = named.which(permit.operation(), &bucket)?;
        let found = store.open_version(&bucket, &named.key, which)?;
        let object = found.as_ref().map(|(object, _)| object);
        permit.source(&bucket, &named.key, which, object, tags)?;
        let (object, body) = found.ok_or_else(|| named.missing(which))?;
        if object.is_delete_marker {
            return Err(named.deleted(which, &object));
        }
        encryption::check_source(permit, request, &object)?;
        let now = permit.world().clock.now();
        conditions::check_source(request, &object.etag, object.modified, now)?;
        if !restore::is_readable(&object, now) {
            let note = format!("the source has the storage class {}", object.storage_class);
            return Err(Fault::ObjectNotInActiveTier.because(note));
        }
        Ok(Self { bucket, key: named.key, which, object, body })
    }

    /// Whether it is the object of its key rather than a version that was named.
    ///
    /// Where versions are kept, S3 tells the two apart even if the version is the current one
    /// (verified against AWS by moto: `test_copy_object_in_place_with_versioning`).
    pub(super) fn is_unversioned(&self) -> bool {
        self.which == Which::Current || self.bucket.settings.versioning.is_none()
    }

    /// Tells which version was copied. Of `null` nothing is said (recorded by LocalStack:
    /// `test_s3_copy_object_in_place_suspended_only`).
    pub(super) fn tell_version(&self, answer: &mut Answer) {
        if self.object.version != VersionId::Null {
            answer.add("x-amz-copy-source-version-id", self.object.version.to_string());
        }
    }
}

/// Refuses more bytes than S3 copies.
pub(super) fn check_size(bytes: u64) -> Result<(), Failure> {
    if bytes <= BYTES_MAX {
        return Ok(());
    }
    // Clients match on this text.
    Err(invalid_request(format!(
        "The specified copy source is larger than the maximum allowable size for a copy source: \
         {BYTES_MAX}"
    )))
}

/// Copies bytes of the source into a body, and computes what S3 wants to know of them.
pub(super) async fn pour(
    permit: &Permit<'_>,
    source: &Source,
    first: u64,
    length: u64,
    algorithm: ChecksumAlgorithm,
) -> Result<(Upload, Digests), Failure> {
    let mut upload = Upload::begin(&permit.world().store)?;
    let mut digester = Digester::new(Sha256Wanted::No, algorithm);
    let (mut offset, end) = (first, first + length);
    while offset < end {
        let piece = get::next(Arc::clone(&source.body), offset, end - offset).await?;
        digester.update(&piece);
        upload.write(&piece).await?;
        offset += piece.len() as u64;
    }
    Ok((upload, digester.finish()))
}

/// What the header names.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    bucket: String,
    key: String,
    version: Option<String>,
}

impl Named {
    /// Reads `bucket/key` or `/bucket/key`, percent-encoded once, in which a plus is a plus. Behind
    /// it `?versionId=` stands as it is, and an id that is encoded too (pinned by argmin's tests
    /// against AWS).
    fn read(header: &str) -> Result<Self, Failure> {
        let (path, version) = match header.split_once("?versionId=") {
            Some((path, version)) => (path, Some(decoded(version)?)),
            None => (header, None),
        };
        let path = decoded(path)?;
        let path = path.strip_prefix('/').unwrap_or(&path);
        match path.split_once('/') {
            Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
                Ok(Self { bucket: bucket.to_owned(), key: key.to_owned(), version })
            }
            // That the value is the header's name is recorded by LocalStack:
            // `test_s3_copy_object_wrong_format`.
            _ => Err(invalid_argument("Invalid copy source object key", HEADER)
                .with("ArgumentValue", HEADER)
                .because(format!("`{header}` is not of the form `bucket/key`"))),
        }
    }

    /// CopyObject does not say what is wrong with an id, unless it is empty; UploadPartCopy does
    /// (captured from AWS in 2026).
    fn which(&self, operation: Operation, bucket: &Bucket) -> Result<Which, Failure> {
        let Some(id) = self.version.as_deref() else { return Ok(Which::Current) };
        let parsed = version::parse(id, bucket, HEADER).map(Which::Version);
        if operation == Operation::CopyObject && !id.is_empty() {
            return parsed.map_err(|failure| Failure {
                note: failure.note,
                ..invalid_request("Invalid Request")
            });
        }
        parsed
    }

    fn missing(&self, which: Which) -> Failure {
        let fault = match which {
            Which::Current => Fault::NoSuchKey.with("Key", &*self.key),
            Which::Version(id) => {
                Fault::NoSuchVersion.with("Key", &*self.key).with("VersionId", id.to_string())
            }
        };
        fault.because(format!("`{HEADER}` names an object that is not there"))
    }

    /// A delete marker is no source (both answers were captured from AWS in 2026).
    fn deleted(&self, which: Which, marker: &Object) -> Failure {
        match which {
            Which::Current => version::tell_marker(self.missing(which), marker),
            Which::Version(_) => invalid_request(
                "The source of a copy request may not specifically refer to a delete marker by \
                 version id.",
            ),
        }
    }
}

/// The text is the one that MateCat looks for in S3's answers.
fn decoded(text: &str) -> Result<String, Failure> {
    String::from_utf8(encode::decode(text, encode::Plus::Literal).into_owned()).map_err(|_| {
        invalid_argument("Invalid copy source encoding.", HEADER)
            .with("ArgumentValue", HEADER)
            .because(format!("`{text}` is not UTF-8 in percent-encoding"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, bucket: &str, key: &str, version: Option<&str>) {
        let expected = Named {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version: version.map(str::to_owned),
        };
        assert_eq!(Named::read(header).unwrap(), expected, "{header}");
    }

    #[test]
    fn sources_are_decoded_once() {
        check("b/k", "b", "k", None);
        check("/b/k/l", "b", "k/l", None);
        check("b//k", "b", "/k", None);
        check("b%2Fk%252F", "b", "k%2F", None);
        check("b/a+b%2B%20c", "b", "a+b+ c", None);
        check("b/k?versionId=null", "b", "k", Some("null"));
        check("b/k?versionId=nul%6C", "b", "k", Some("null"));
        check("b/k%3FversionId=x", "b", "k?versionId=x", None);
        for wrong in ["", "b", "/b", "b/", "/", "//k", "b/bad%80key", "b/k?versionId=%ff"] {
            assert_eq!(Named::read(wrong).unwrap_err().error.code, "InvalidArgument", "{wrong}");
        }
    }
}
