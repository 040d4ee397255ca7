//! What operations ask once they know more: about an upload, each of many keys, the source of a
//! copy.

use std::sync::Arc;

use super::Document;
use super::Permit;
use super::decide::Ask;
use super::decide::ByAcl;
use super::decide::ExistingTags;
use super::denial::Denial;
use super::policy_of;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::saying;
use crate::names::Permission;
use crate::names::is_account_id;
use crate::request::Request;
use crate::route;
use crate::route::Action;
use crate::route::Asks;
use crate::route::Operation;
use crate::store::Bucket;
use crate::store::Object;
use crate::store::Upload;
use crate::store::Which;

/// Whether a copy takes the tags of its source along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagsOfSource {
    AreCopied,
    StayBehind,
}

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
            verdict => self.settle(&ask, verdict),
        }
    }

    /// Asks about one of the keys that a document names, for rows that say so.
    pub(crate) fn key(
        &self,
        key: &str,
        which: Which,
        object: Option<&Object>,
    ) -> Result<(), Failure> {
        let (action, version) = match which {
            Which::Current => ("s3:DeleteObject", None),
            Which::Version(version) => ("s3:DeleteObjectVersion", Some(version)),
        };
        self.decide(&Ask { version, ..Ask::of(action, Some(key), object) })
    }

    /// Asks for the tags that a new bucket gets (documented for CreateBucket).
    pub(crate) fn tags_of_bucket(&self) -> Result<(), Failure> {
        self.decide(&Ask::of("s3:TagResource", None, None))
    }

    /// The same permit once the document is read, at which conditions look from now on; for rows
    /// that wait for it, asks what they ask.
    pub(crate) fn told(&self, document: Document) -> Result<Self, Failure> {
        let permit = Self { document, ..self.clone() };
        if let Asks::Document(action) = permit.row.asks {
            permit.row(action)?;
            permit.also_asked()?;
        }
        Ok(permit)
    }

    /// Whether governance may be passed over for one of the keys that a document names.
    pub(crate) fn may_bypass(&self, key: &str, which: Which) -> bool {
        let version = match which {
            Which::Current => None,
            Which::Version(version) => Some(version),
        };
        let action = Action::BypassGovernanceRetention.name();
        self.judge().judge(&Ask { version, ..Ask::of(action, Some(key), None) }).is_ok()
    }

    /// Asks whether the source of a copy may be read; it can be in another bucket. Of one that is
    /// missing nobody is told who may not list its bucket. To take tags along is to read them, and
    /// to write them (documented for CopyObject).
    pub(crate) fn source(
        &self,
        bucket: &Arc<Bucket>,
        key: &str,
        which: Which,
        object: Option<&Object>,
        tags: TagsOfSource,
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
            form_key: None,
            document: Document::NONE,
            row,
            bucket: Some(Arc::clone(bucket)),
            policy: policy_of(bucket)?,
            notes: self.notes.clone(),
        };
        reading.check_payer()?;
        let (action, tagging, version) = match which {
            Which::Current => ("s3:GetObject", "s3:GetObjectTagging", None),
            Which::Version(version) => {
                ("s3:GetObjectVersion", "s3:GetObjectVersionTagging", Some(version))
            }
        };
        let Some(object) = object.filter(|object| !object.is_delete_marker) else {
            return reading.missing_to(&Ask { version, ..Ask::of(action, Some(key), None) }, key);
        };
        // Of the source of a copy S3 has no tags at hand; of a part it has (observed on S3 by
        // argmin's tests).
        let existing = match self.row.operation {
            Operation::CopyObject => ExistingTags::Unseen,
            _ => ExistingTags::Seen,
        };
        let ask =
            |action| Ask { version, tags: existing, ..Ask::of(action, Some(key), Some(object)) };
        reading.decide(&ask(action))?;
        if tags == TagsOfSource::AreCopied && !object.tags.is_empty() {
            // Whoever may read the object by its ACL may take its tags along; no ACL is about tags.
            let acl = ByAcl::OnObject(Permission::Read);
            reading.decide(&Ask { acl, ..ask(tagging) })?;
            let acl = ByAcl::OnBucket(Permission::Write);
            let writing = Ask::of("s3:PutObjectTagging", self.named_key(), None);
            self.decide(&Ask { acl, ..writing })?;
        }
        Ok(())
    }
}

/// Holds a header that names the owner of a bucket, if the request has it, against who that is.
pub(super) fn expected_owner(
    bucket: &Bucket,
    request: &Request,
    header: &str,
) -> Result<(), Failure> {
    let Some(expected) = request.parameter(header) else { return Ok(()) };
    if !is_account_id(&expected) {
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
