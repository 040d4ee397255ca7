//! What a write may ask for and this emulator, or S3 itself, does not have.

use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::request::headers::Parameters;

/// Refuses what would otherwise be silently left out.
pub(super) fn check(parameters: &dyn Parameters) -> Result<(), Failure> {
    // S3 has these for directory buckets only (pinned by argmin's tests).
    for header in ["x-amz-write-offset-bytes", "x-amz-rename-source"] {
        if parameters.parameter(header).is_some() {
            return Err(not_implemented(header, "S3 has it in directory buckets only"));
        }
    }
    let encryption = "x-amz-server-side-encryption";
    match parameters.parameter(encryption).as_deref() {
        None | Some("AES256") => {}
        Some("aws:kms" | "aws:kms:dsse" | "aws:fsx" | "aws:backup") => {
            return Err(not_implemented(encryption, "Stuntbucket encrypts with AES256 only"));
        }
        Some(other) => {
            let message = "The encryption method specified is not supported";
            return Err(invalid_argument(message, encryption).with("ArgumentValue", other));
        }
    }
    let customer = "x-amz-server-side-encryption-customer-algorithm";
    if parameters.parameter(customer).is_some() {
        return Err(not_implemented(customer, "Stuntbucket does not have SSE-C"));
    }
    Ok(())
}

fn not_implemented(header: &'static str, why: &str) -> Failure {
    Fault::NotImplementedHeader.with("Header", header).because(format!("`{header}`: {why}"))
}
