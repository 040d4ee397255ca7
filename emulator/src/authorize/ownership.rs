//! What a write makes of ownership and of the ACL that it brings, and which ACL counts.

use super::GivenAcl;
use super::Permit;
use super::acl::PublicGrants;
use super::decide::is_enforced;
use super::decide::public_grants;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::names::Acl;
use crate::names::CanonicalId;
use crate::names::ObjectOwnership;
use crate::relaxation::Relaxation;

impl Permit<'_> {
    /// Asks for an ACL that a request brings: it must be allowed where it is going. Returns its
    /// grants, for something of `owner`.
    pub(crate) fn give_acl(&self, given: &GivenAcl, owner: &CanonicalId) -> Result<Acl, Failure> {
        let bucket = self.bucket()?;
        if is_enforced(bucket) && !given.fits_disabled_acls(&bucket.owner) {
            let note = format!(
                "bucket `{}` has the object ownership BucketOwnerEnforced, the default since April \
                 2023, which disables ACLs; leave the ACL out, or set the ownership to \
                 BucketOwnerPreferred or ObjectWriter",
                bucket.name
            );
            self.unless_relaxed(
                Relaxation::Ownership,
                Fault::AccessControlListNotSupported.because(note),
            )?;
        }
        let acl = given.acl(owner, &bucket.owner).into_owned();
        if bucket.effective_block().block_public_acls && acl.is_public() {
            self.unless_relaxed(
                Relaxation::PublicAccessBlock,
                Fault::AccessDenied.because(
                    "the ACL is public, and Block Public Access is on with BlockPublicAcls, the \
                     default of new buckets since April 2023; delete the bucket's public access \
                     block or set BlockPublicAcls to false",
                ),
            )?;
        }
        Ok(acl)
    }

    /// Who owns what the caller writes into the bucket.
    pub(crate) fn owner_of_written(
        &self,
        given: Option<&GivenAcl>,
    ) -> Result<CanonicalId, Failure> {
        let bucket = self.bucket()?;
        Ok(match bucket.effective_ownership() {
            ObjectOwnership::BucketOwnerEnforced => bucket.owner.clone(),
            ObjectOwnership::BucketOwnerPreferred
                if given.is_some_and(GivenAcl::is_bucket_owner_full_control) =>
            {
                bucket.owner.clone()
            }
            ObjectOwnership::BucketOwnerPreferred | ObjectOwnership::ObjectWriter => {
                self.caller.canonical_id()
            }
        })
    }

    /// The ACL that counts, of something in or of this bucket.
    pub(crate) fn effective_acl(&self, acl: &Acl) -> Result<Acl, Failure> {
        let bucket = self.bucket()?;
        Ok(if is_enforced(bucket) {
            Acl::private(&bucket.owner)
        } else if public_grants(bucket) == PublicGrants::Ignored {
            acl.without_public()
        } else {
            acl.clone()
        })
    }
}
