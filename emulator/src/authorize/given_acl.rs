//! An ACL as a request brings it: canned or as grants, in headers, form fields or a document.

use std::borrow::Cow;

use crate::authorize::acl;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::keyring::Keyring;
use crate::names::Acl;
use crate::names::CannedAcl;
use crate::names::CanonicalId;
use crate::names::Grant;
use crate::names::Grantee;
use crate::names::Group;
use crate::names::Permission;
use crate::request::headers::Parameters;
use crate::xml::Element;

/// What an ACL is given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GivenTo {
    Bucket,
    Object,
}

/// An ACL that a request brings. What a canned one grants depends on who owns what it is given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GivenAcl {
    Canned(CannedAcl),
    Grants(Acl),
}

/// The headers that grant, each with what it grants.
pub(super) const GRANT_HEADERS: [(&str, Permission); 5] = [
    ("x-amz-grant-read", Permission::Read),
    ("x-amz-grant-write", Permission::Write),
    ("x-amz-grant-read-acp", Permission::ReadAcp),
    ("x-amz-grant-write-acp", Permission::WriteAcp),
    ("x-amz-grant-full-control", Permission::FullControl),
];

/// S3 keeps no longer ACLs.
const GRANTS_MAX: usize = 100;

impl GivenAcl {
    /// The ACL in headers, or in the fields of a form, where the canned one is called `acl`.
    pub(crate) fn read(
        from: &dyn Parameters,
        name: &'static str,
        to: GivenTo,
        keyring: &Keyring,
    ) -> Result<Option<Self>, Failure> {
        let canned = from.parameter(name);
        let mut grants = Vec::new();
        let mut has_grants = false;
        for (header, permission) in GRANT_HEADERS {
            if let Some(value) = from.parameter(header) {
                has_grants = true;
                read_grants(header, &value, permission, keyring, &mut grants)?;
            }
        }
        check_count(&grants)?;
        match canned {
            Some(_) if has_grants => Err(Fault::CannedAclAndGrants.failure()),
            Some(canned) => read_canned(&canned, to).map(Some),
            None => Ok(has_grants.then_some(Self::Grants(Acl { grants }))),
        }
    }

    /// The ACL of a document `AccessControlPolicy`, which names the owner of what it is for.
    pub(crate) fn of_document(
        document: &[u8],
        owner: &CanonicalId,
        keyring: &Keyring,
    ) -> Result<Self, Failure> {
        let malformed = || Fault::MalformedAcl.failure();
        let root = Element::parse(document).map_err(|error| {
            Fault::MalformedAcl.because(format!("the document is not XML: {error}"))
        })?;
        if root.name() != "AccessControlPolicy" {
            return Err(malformed());
        }
        let named =
            root.child("Owner").and_then(|owner| owner.child("ID")).ok_or_else(malformed)?;
        let named = account(named.text(), "CanonicalUser/ID", keyring)?;
        let list = root.child("AccessControlList").ok_or_else(malformed)?;
        let grants: Vec<Grant> = list
            .children("Grant")
            .map(|grant| read_grant(grant, keyring))
            .collect::<Result<_, _>>()?;
        check_count(&grants)?;
        if named != *owner {
            // The answer of S3 was not recorded.
            return Err(Fault::AccessDenied.because(format!(
                "the document names the owner {named}, and the owner is {owner}"
            )));
        }
        Ok(Self::Grants(Acl { grants }))
    }

    /// The grants, for something of `owner` in a bucket of `bucket_owner`.
    pub(crate) fn acl(&self, owner: &CanonicalId, bucket_owner: &CanonicalId) -> Cow<'_, Acl> {
        match self {
            Self::Canned(canned) => Cow::Owned(canned.grants(owner, bucket_owner)),
            Self::Grants(acl) => Cow::Borrowed(acl),
        }
    }

    /// Whether it hands what is written to the bucket's owner.
    pub(crate) fn is_bucket_owner_full_control(&self) -> bool {
        *self == Self::Canned(CannedAcl::BucketOwnerFullControl)
    }

    /// Whether it may be put even where ACLs are disabled: it changes nothing there.
    pub(super) fn fits_disabled_acls(&self, bucket_owner: &CanonicalId) -> bool {
        match self {
            Self::Canned(_) => self.is_bucket_owner_full_control(),
            Self::Grants(acl) => acl::is_owner_alone(acl, bucket_owner),
        }
    }
}

/// That headers are told the same as documents is not recorded.
fn check_count(grants: &[Grant]) -> Result<(), Failure> {
    if grants.len() > GRANTS_MAX {
        return Err(Fault::MalformedAcl.because(format!("an ACL has at most {GRANTS_MAX} grants")));
    }
    Ok(())
}

fn read_canned(name: &str, to: GivenTo) -> Result<GivenAcl, Failure> {
    match CannedAcl::parse(name) {
        // It is for buckets that logs are written into.
        Some(CannedAcl::LogDeliveryWrite) if to == GivenTo::Object => {}
        Some(canned) => return Ok(GivenAcl::Canned(canned)),
        None => {}
    }
    // S3 sends an empty message (recorded by LocalStack: `test_s3_object_acl_exceptions`).
    Err(invalid_argument("", "x-amz-acl")
        .with("ArgumentValue", name)
        .because(format!("`{name}` is not a canned ACL such as `private` or `public-read`")))
}

/// Reads a list such as `uri="http://…", id="…"`.
fn read_grants(
    header: &'static str,
    value: &str,
    permission: Permission,
    keyring: &Keyring,
    grants: &mut Vec<Grant>,
) -> Result<(), Failure> {
    let malformed =
        || invalid_argument("Argument format not recognized", header).with("ArgumentValue", value);
    for part in value.split(',') {
        let (kind, grantee) = part.split_once('=').ok_or_else(malformed)?;
        let grantee = grantee.trim().trim_matches('"');
        let grantee = match &*kind.trim().to_ascii_lowercase() {
            "id" => Grantee::Account(account(grantee, "id", keyring)?),
            "uri" => Grantee::Group(group(grantee, "uri")?),
            // S3 knows no email addresses any more since October 2025.
            "emailaddress" => {
                return Err(Fault::MethodNotAllowed
                    .because("S3 takes no email addresses as grantees since October 2025"));
            }
            _ => return Err(malformed()),
        };
        grants.push(Grant { grantee, permission });
    }
    Ok(())
}

fn read_grant(grant: &Element, keyring: &Keyring) -> Result<Grant, Failure> {
    let malformed = || Fault::MalformedAcl.failure();
    let permission = grant.child("Permission").ok_or_else(malformed)?;
    let permission = Permission::parse(permission.text()).ok_or_else(malformed)?;
    let grantee = grant.child("Grantee").ok_or_else(malformed)?;
    let grantee = match grantee.attribute("type") {
        Some("CanonicalUser") => {
            let id = grantee.child("ID").ok_or_else(malformed)?;
            Grantee::Account(account(id.text(), "CanonicalUser/ID", keyring)?)
        }
        Some("Group") => {
            let uri = grantee.child("URI").ok_or_else(malformed)?;
            Grantee::Group(group(uri.text(), "Group/URI")?)
        }
        Some("AmazonCustomerByEmail") => {
            return Err(Fault::MethodNotAllowed
                .because("S3 takes no email addresses as grantees since October 2025"));
        }
        _ => return Err(malformed()),
    };
    Ok(Grant { grantee, permission })
}

fn account(id: &str, argument: &'static str, keyring: &Keyring) -> Result<CanonicalId, Failure> {
    let is_known =
        |id: &CanonicalId| id.as_str() == CanonicalId::ANONYMOUS || keyring.has_account(id);
    CanonicalId::parse(id).filter(is_known).ok_or_else(|| {
        invalid_argument("Invalid id", argument)
            .with("ArgumentValue", id)
            .because(format!("`{id}` is not the canonical id of an account of this emulator"))
    })
}

fn group(uri: &str, argument: &'static str) -> Result<Group, Failure> {
    Group::parse(uri)
        .ok_or_else(|| invalid_argument("Invalid group uri", argument).with("ArgumentValue", uri))
}
