//! What a write may ask for and this emulator, or S3 itself, does not have.

use crate::failure::Failure;
use crate::failure::Fault;

use crate::request::headers::Parameters;

/// Refuses what would otherwise be silently left out.
pub(super) fn check(parameters: &dyn Parameters) -> Result<(), Failure> {
    // S3 has these for directory buckets only (pinned by argmin's tests).
    for header in ["x-amz-write-offset-bytes", "x-amz-rename-source"] {
        if parameters.parameter(header).is_some() {
            return Err(not_implemented(header, "S3 has it in directory buckets only"));
        }
    }
    let context = "x-amz-server-side-encryption-context";
    if parameters.parameter(context).is_some() {
        return Err(not_implemented(context, "Stuntbucket does not hand contexts to KMS"));
    }
    Ok(())
}

fn not_implemented(header: &'static str, why: &str) -> Failure {
    Fault::NotImplementedHeader.with("Header", header).because(format!("`{header}`: {why}"))
}
