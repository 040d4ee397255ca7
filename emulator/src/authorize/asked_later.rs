//! What operations ask once they know more: about an upload, each of many keys, the source of a
//! copy.

use std::sync::Arc;

use super::Permit;
use super::decide::Ask;
use super::denial::Denial;
use super::policy_of;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::saying;
use crate::request::Request;
use crate::route;
use crate::route::Asks;
use crate::route::Operation;
use crate::store::Bucket;
use crate::store::Object;
use crate::store::Upload;
use crate::store::Which;

/// What S3 tells anonymous callers of these operations, whatever they may do otherwise.
///
/// The first was captured from S3, the second is versitygw's.
pub(super) fn to_anonymous(operation: Operation) -> Option<&'static str> {
    match operation {
        Operation::CreateMultipartUpload => {
            Some("Anonymous users cannot initiate multipart uploads. Please authenticate.")
        }
        Operation::CopyObject => Some("Anonymous users cannot copy objects. Please authenticate."),
        _ => None,
    }
}

impl Permit<'_> {
    /// Asks about an upload, for rows that say so. Whoever began it may see and abort it, as its
    /// bucket's owner may (documented for multipart uploads), unless a policy says otherwise.
    pub(crate) fn upload(&self, upload: Option<&Upload>) -> Result<(), Failure> {
        let Asks::Upload(action) = self.row.asks else { return Ok(()) };
        let ask = self.ask(action);
        let account = self.caller.account();
        let is_own = upload.is_some_and(|upload| account == Some(&upload.initiator.account));
        match self.judge().judge(&ask) {
            Err(Denial::Nobody(_)) if is_own => Ok(()),
            Err(denial) => self.refuse(&ask, &denial),
            Ok(_) => self.decide(&ask),
        }
    }

    /// Asks about one of the keys that a document names, for rows that say so.
    pub(crate) fn key(
        &self,
        key: &str,
        which: Which,
        object: Option<&Object>,
    ) -> Result<(), Failure> {
        let action = match which {
            Which::Current => "s3:DeleteObject",
            Which::Version(_) => "s3:DeleteObjectVersion",
        };
        self.decide(&Ask::of(action, Some(key), object))
    }

    /// Asks whether the source of a copy may be read; it can be in another bucket. Of one that is
    /// missing nobody is told who may not list its bucket.
    pub(crate) fn source(
        &self,
        bucket: &Arc<Bucket>,
        key: &str,
        which: Which,
        object: Option<&Object>,
    ) -> Result<(), Failure> {
        expected_owner(bucket, self.request, "x-amz-source-expected-bucket-owner")?;
        let row = route::row_of(Operation::GetObject)
            .ok_or_else(|| Fault::Internal.because("there is no row for GetObject"))?;
        let reading = Self {
            world: self.world,
            request: self.request,
            place: self.place,
            caller: self.caller.clone(),
            form: None,
            row,
            bucket: Some(Arc::clone(bucket)),
            policy: policy_of(bucket)?,
            notes: self.notes.clone(),
        };
        let action = match which {
            Which::Current => "s3:GetObject",
            Which::Version(_) => "s3:GetObjectVersion",
        };
        match object.filter(|object| !object.is_delete_marker) {
            Some(object) => reading.decide(&Ask::of(action, Some(key), Some(object))),
            None => reading.missing(key),
        }
    }
}

/// Holds a header that names the owner of a bucket, if the request has it, against who that is.
pub(super) fn expected_owner(
    bucket: &Bucket,
    request: &Request,
    header: &str,
) -> Result<(), Failure> {
    let Some(expected) = request.parameter(header) else { return Ok(()) };
    if expected.len() != 12 || !expected.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = format!(
            "The value of the expected bucket owner parameter must be an AWS Account ID... \
             [{expected}]"
        );
        return Err(saying("InvalidBucketOwnerAWSAccountID", 400, message));
    }
    if expected != bucket.account {
        return Err(Fault::AccessDenied.because(format!(
            "`{header}` says {expected}, and bucket `{}` belongs to account {}",
            bucket.name, bucket.account
        )));
    }
    Ok(())
}
