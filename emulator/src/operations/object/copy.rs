//! CopyObject.

use http::StatusCode;

use super::checksum_algorithm;
use super::copy_source;
use super::copy_source::Source;
use super::encryption;
use super::put;
use super::upload::Draft;
use super::upload::Published;
use super::version;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::authorize::TagsOfSource;
use crate::digest::ChecksumAlgorithm;
use crate::digest::ChecksumType;
use crate::events::Happening;
use crate::events::What;
use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::names::Encryption;
use crate::request::Request;
use crate::request::conditions;
use crate::request::headers::Written;
use crate::store::Object;
use crate::xml::Xml;

const REDIRECT_LOCATION: &str = "x-amz-website-redirect-location";

/// Where the metadata, or the tags, of a copy come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Directive {
    /// From the source.
    Copy,
    /// From the request.
    Replace,
}

/// Copies an object.
pub(crate) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    if body.declared_bytes().is_some_and(|bytes| bytes > 0) {
        // Captured in versity/versitygw#1242.
        return Err(invalid_request(
            "The request included a body. Requests of this type must not include a non-empty body.",
        ));
    }
    let metadata = directive(request, "x-amz-metadata-directive", "Unknown metadata directive.")?;
    let tagging = directive(request, "x-amz-tagging-directive", "Unknown tagging directive.")?;
    let algorithm = checksum_algorithm(request)?;
    let expect = conditions::write_condition(request)?;
    let tags_of_source = match tagging {
        Directive::Copy => TagsOfSource::AreCopied,
        Directive::Replace => TagsOfSource::StayBehind,
    };
    let source = Source::find(permit, request, tags_of_source)?;
    copy_source::check_size(source.object.size)?;
    check_change(permit, request, &source, metadata)?;
    let written = written(Written::read(request)?, &source.object, metadata, tagging);
    let key = request.key();
    let mut draft = Draft::read(permit, request, key, "x-amz-acl", written)?;
    let algorithm = algorithm.unwrap_or_else(|| algorithm_of(&source.object));
    // What somebody asked for comes along whatever the encryption (observed on AWS for SHA256 and a
    // key of KMS).
    draft.keeps_checksum |= algorithm != ChecksumAlgorithm::Crc64Nvme;
    let (upload, digests) =
        copy_source::pour(permit, &source, 0, source.object.size, algorithm).await?;
    let published = draft.publish(permit, upload, &digests, &expect).await?;
    let happening = Happening::new(What::Copy, key).with(published.size, &published.etag);
    permit.happened(happening.at_version(published.version));
    let mut answer = write(&published);
    // Of a copy `null` is told too (recorded by LocalStack:
    // `test_s3_copy_object_in_place_suspended_only`).
    version::set_read(&mut answer, permit.bucket()?, published.version);
    source.tell_version(&mut answer);
    put::set_expiration(&mut answer, &published);
    Ok(answer)
}

fn directive(
    request: &Request,
    name: &'static str,
    refusal: &'static str,
) -> Result<Directive, Failure> {
    match request.parameter(name).as_deref() {
        None | Some("COPY") => Ok(Directive::Copy),
        Some("REPLACE") => Ok(Directive::Replace),
        Some(other) => Err(invalid_argument(refusal, name).with("ArgumentValue", other)),
    }
}

/// A copy onto itself must change something. What counts is recorded by LocalStack:
/// `test_s3_copy_object_in_place_*`.
fn check_change(
    permit: &Permit<'_>,
    request: &Request,
    source: &Source,
    metadata: Directive,
) -> Result<(), Failure> {
    let bucket = permit.bucket()?;
    let is_itself =
        source.bucket.id == bucket.id && source.key == request.key() && source.is_unversioned();
    let changes = [
        "x-amz-storage-class",
        REDIRECT_LOCATION,
        "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-customer-algorithm",
    ];
    // Recorded for a key of KMS (`test_s3_copy_object_in_place_with_encryption`), and taken for
    // granted for one of the client: a copy that names no encryption has that of S3.
    let ends_encryption = source.object.encryption != Encryption::S3;
    let is_changed = metadata == Directive::Replace
        || ends_encryption
        || bucket.settings.encryption.is_some()
        || changes.iter().any(|header| request.parameter(header).is_some());
    if !is_itself || is_changed {
        return Ok(());
    }
    Err(invalid_request(
        "This copy request is illegal because it is trying to copy an object to itself without \
         changing the object's metadata, storage class, website redirect location or encryption \
         attributes.",
    )
    .because("`x-amz-metadata-directive: REPLACE` would make it a change"))
}

/// What is written down of the copy: as the directives say, of the source or of the request.
fn written(
    of_request: Written,
    source: &Object,
    metadata: Directive,
    tagging: Directive,
) -> Written {
    let Written { mut headers, metadata: of_metadata, storage_class, tags } = of_request;
    let of_metadata = match metadata {
        Directive::Replace => of_metadata,
        Directive::Copy => {
            // Where the website redirects to is never copied.
            headers.retain(|(name, _)| name == REDIRECT_LOCATION);
            let kept = source.headers.iter().filter(|(name, _)| name != REDIRECT_LOCATION);
            headers.extend(kept.cloned());
            source.metadata.clone()
        }
    };
    let tags = match tagging {
        Directive::Replace => tags,
        Directive::Copy => source.tags.clone(),
    };
    Written { headers, metadata: of_metadata, storage_class, tags }
}

fn algorithm_of(object: &Object) -> ChecksumAlgorithm {
    let checksum = object.checksum.as_ref();
    checksum.map_or(ChecksumAlgorithm::Crc64Nvme, |checksum| checksum.algorithm)
}

fn write(published: &Published) -> Answer {
    let mut xml = Xml::document();
    xml.open_s3("CopyObjectResult");
    xml.leaf("LastModified", published.modified.iso_millis());
    // Quotes and order are those of AWS's own answers.
    xml.leaf_with_quotes("ETag", &format!("\"{}\"", published.etag));
    if let Some(checksum) = &published.checksum {
        xml.leaf(checksum.algorithm.element(), &checksum.value);
        xml.leaf("ChecksumType", ChecksumType::FullObject.name());
    }
    xml.close();
    let mut answer = Answer::xml(StatusCode::OK, xml.finish());
    encryption::tell(&mut answer, &published.encryption);
    answer
}
