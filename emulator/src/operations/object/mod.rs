//! Operations on objects.

pub(super) mod attributes;
pub(super) mod copy;
mod copy_source;
pub(super) mod delete;
pub(super) mod delete_many;
pub(super) mod encryption;
pub(super) mod get;
pub(super) mod head;
pub(super) mod lock;
pub(super) mod multipart;
pub(super) mod post;
pub(super) mod put;
mod refused;
pub(super) mod restore;
mod shown;
mod upload;
pub(super) mod version;

pub(super) use self::get::read as read_body;

use crate::digest::ChecksumAlgorithm;
use crate::failure::Failure;
use crate::failure::invalid_request;
use crate::request::Request;

/// The algorithm that a copy, or an upload in parts, asks for. The text of an unknown one is
/// recorded by LocalStack, that of several by OpenStack Swift's tests, which know AWS's answers.
fn checksum_algorithm(request: &Request) -> Result<Option<ChecksumAlgorithm>, Failure> {
    let Some(name) = request.parameter("x-amz-checksum-algorithm") else { return Ok(None) };
    if name.contains(',') {
        return Err(invalid_request(
            "Invalid types are specified in x-amz-checksum-algorithm header.",
        ));
    }
    ChecksumAlgorithm::of_name(&name.to_ascii_uppercase()).map(Some).ok_or_else(|| {
        invalid_request(
            "Checksum algorithm provided is unsupported. Please try again with any of the valid \
             types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
        )
    })
}
