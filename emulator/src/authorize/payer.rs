//! Requester Pays: others than the owner of such a bucket have to say that they pay.

use super::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::access_denied;
use crate::relaxation::Relaxation;

const REQUEST_PAYER: &str = "x-amz-request-payer";

impl Permit<'_> {
    /// Refuses those who would pay and do not say so. The text for anonymous callers was captured
    /// from S3 (GET-Foundation/get_model#60); the other is documented.
    pub(super) fn check_payer(&self) -> Result<(), Failure> {
        if !self.is_paid_by_caller() {
            return Ok(());
        }
        let why = "the bucket's requesters pay, and";
        let failure = if self.caller.is_anonymous() {
            let message = "Anonymous users cannot invoke requests against Requester Pays buckets. \
                           Please authenticate.";
            access_denied(message).because(format!("{why} nobody is known who could"))
        } else if self.says_requester() {
            return Ok(());
        } else {
            Fault::AccessDenied
                .because(format!("{why} the request does not say `{REQUEST_PAYER}: requester`"))
        };
        self.unless_relaxed(Relaxation::Access, failure)
    }

    /// Whether the answer tells that its requester is charged.
    pub(crate) fn is_requester_charged(&self) -> bool {
        self.is_paid_by_caller() && self.says_requester()
    }

    fn is_paid_by_caller(&self) -> bool {
        let pays =
            |bucket: &crate::store::Bucket| bucket.settings.configurations.is_requester_pays();
        self.bucket.as_deref().is_some_and(pays) && !self.judge().is_owner()
    }

    fn says_requester(&self) -> bool {
        self.judge().asked.parameter(REQUEST_PAYER).as_deref() == Some("requester")
    }
}
