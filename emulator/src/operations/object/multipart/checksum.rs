//! Which checksums an upload has, and what its object's is made of.

use crate::digest::Checksum;
use crate::digest::ChecksumAlgorithm;
use crate::digest::ChecksumType;
use crate::digest::Joint;
use crate::digest::composite;
use crate::digest::full_object;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::bad_digest;
use crate::failure::invalid_request;
use crate::operations::object::checksum_algorithm;
use crate::request::Request;
use crate::store::Upload;

/// What the creation of an upload chooses.
///
/// Texts and defaults are recorded by LocalStack: `TestS3MultipartUploadChecksum`.
pub(super) fn chosen(
    request: &Request,
) -> Result<Option<(ChecksumAlgorithm, ChecksumType)>, Failure> {
    let algorithm = checksum_algorithm(request)?;
    let checksum_type = match request.parameter("x-amz-checksum-type").as_deref() {
        None => None,
        Some("COMPOSITE") => Some(ChecksumType::Composite),
        Some("FULL_OBJECT") => Some(ChecksumType::FullObject),
        // No answer of S3 to this is recorded.
        Some(_) => return Err(invalid_request("Value for x-amz-checksum-type header is invalid.")),
    };
    let Some(algorithm) = algorithm else {
        return match checksum_type {
            None => Ok(None),
            Some(_) => Err(invalid_request(
                "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm \
                 header.",
            )),
        };
    };
    let is_full = has_full_object(algorithm);
    let is_composite = algorithm != ChecksumAlgorithm::Crc64Nvme;
    let chosen = match checksum_type {
        None if is_composite => ChecksumType::Composite,
        None => ChecksumType::FullObject,
        Some(ChecksumType::FullObject) if !is_full => {
            return Err(cannot_be("FULL_OBJECT", algorithm));
        }
        Some(ChecksumType::Composite) if !is_composite => {
            return Err(cannot_be("COMPOSITE", algorithm));
        }
        Some(chosen) => chosen,
    };
    Ok(Some((algorithm, chosen)))
}

/// Whether the checksum of the whole can be made of those of its parts.
fn has_full_object(algorithm: ChecksumAlgorithm) -> bool {
    full_object(algorithm, &[]).is_some()
}

fn cannot_be(checksum_type: &str, algorithm: ChecksumAlgorithm) -> Failure {
    let name = algorithm.name().to_lowercase();
    invalid_request(format!(
        "The {checksum_type} checksum type cannot be used with the {name} checksum algorithm."
    ))
}

/// Refuses a part whose checksum is of another algorithm than the upload's.
///
/// That a part without a checksum does not do for COMPOSITE, and that S3 computes it for
/// FULL_OBJECT, is what OpenIO's tests found when they were run against S3.
pub(super) fn check_part(upload: &Upload, sent: Option<ChecksumAlgorithm>) -> Result<(), Failure> {
    let Some((expected, checksum_type)) = upload.checksum else { return Ok(()) };
    let actual = match sent {
        None if checksum_type == ChecksumType::FullObject => return Ok(()),
        None => "null".to_owned(),
        Some(sent) if sent == expected => return Ok(()),
        Some(sent) => sent.name().to_lowercase(),
    };
    Err(mismatch(&expected.name().to_lowercase(), &actual))
}

fn mismatch(expected: &str, actual: &str) -> Failure {
    invalid_request(format!(
        "Checksum Type mismatch occurred, expected checksum Type: {expected}, actual checksum \
         Type: {actual}"
    ))
    .because("checksums are of the algorithm that the upload was begun with")
}

/// The checksum of a completed object, and what it is made of; the request is held to it.
pub(super) fn of_object(
    upload: &Upload,
    request: &Request,
    parts: &[Joint<'_>],
) -> Result<(Checksum, ChecksumType), Failure> {
    let (algorithm, checksum_type) =
        upload.checksum.unwrap_or((ChecksumAlgorithm::Crc64Nvme, ChecksumType::FullObject));
    if let Some(sent) = request.parameter("x-amz-checksum-type") {
        let created = upload.checksum.map_or("null", |(_, checksum_type)| checksum_type.name());
        if sent != created {
            return Err(invalid_request(format!(
                "The upload was created using the {created} checksum mode. The complete request \
                 must use the same checksum mode."
            )));
        }
    }
    let checksum = match checksum_type {
        ChecksumType::Composite => composite(algorithm, parts),
        ChecksumType::FullObject => full_object(algorithm, parts).ok_or_else(|| {
            Fault::Internal.because("the parts do not have the checksums of their upload")
        })?,
    };
    // Of an upload that was begun without an algorithm, checksums are ignored, and the newer ones
    // refused (both pinned by argmin's tests against AWS).
    if upload.checksum.is_none() {
        let newer = ChecksumAlgorithm::ALL.into_iter().filter(|algorithm| algorithm.is_of_2026());
        let mut sent = newer.filter(|algorithm| request.header(algorithm.header()).is_some());
        if let Some(sent) = sent.next() {
            return Err(mismatch("null", &sent.name().to_lowercase()));
        }
    } else {
        let shown = match checksum_type {
            ChecksumType::Composite => format!("{}-{}", checksum.value, parts.len()),
            ChecksumType::FullObject => checksum.value.clone(),
        };
        for sent in ChecksumAlgorithm::ALL {
            let Some(value) = request.header(sent.header()) else { continue };
            if !is_value(sent, &value) {
                return Err(invalid_request(format!(
                    "Value for {} header is invalid.",
                    sent.header()
                )));
            }
            if sent != algorithm || (value != shown && value != checksum.value) {
                let name = sent.name().to_lowercase();
                let message =
                    format!("The {name} you specified did not match the calculated checksum.");
                let note = format!(
                    "`{}` says `{value}`, and the object's {} is `{shown}`",
                    sent.header(),
                    algorithm.name()
                );
                return Err(bad_digest(message).because(note));
            }
        }
    }
    Ok((checksum, checksum_type))
}

/// Whether it is a checksum, with or without the number of parts.
fn is_value(algorithm: ChecksumAlgorithm, value: &str) -> bool {
    let (value, parts) = value.split_once('-').unwrap_or((value, ""));
    Checksum::parse(algorithm, value).is_some() && parts.bytes().all(|byte| byte.is_ascii_digit())
}
