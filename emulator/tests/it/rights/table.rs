//! The table in `fixtures/access/rights.toml`, and what follows from it. Nothing here knows how the
//! emulator decides.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::state::Acl;
use super::state::Block;
use super::state::Given;
use super::state::State;
use super::state::Who;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    pub(super) canned: BTreeMap<String, Vec<String>>,
    gives: Gives,
    pub(super) operation: Vec<Operation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gives {
    bucket: BTreeMap<String, Vec<String>>,
    object: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Operation {
    pub(super) name: String,
    of: Of,
    pub(super) request: String,
    success: u16,
    #[serde(default)]
    signed_only: bool,
}

/// Whose ACL decides.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Of {
    Bucket,
    Object,
}

/// What is expected: a status, and for a refusal a word that its explanation must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) status: u16,
    pub(super) because: Option<&'static str>,
}

const fn refused(status: u16, because: &'static str) -> Expected {
    Expected { status, because: Some(because) }
}

impl Table {
    pub(super) fn read() -> Self {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/access/rights.toml");
        toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    pub(super) fn expected(&self, state: &State, who: Who, operation: &Operation) -> Expected {
        if let Err(because) = self.allows(state, who, operation) {
            return refused(403, because);
        }
        let is_of_account = matches!(who, Who::Owner | Who::Limited);
        let sent = state.sent(operation.of == Of::Object);
        let enforced = state.ownership == "BucketOwnerEnforced";
        match &*operation.name {
            "write-acl" | "write-bucket-acl" if enforced && !sent.is_full_control() => {
                refused(400, "BucketOwnerEnforced")
            }
            "write-acl" | "write-bucket-acl"
                if state.blocks(Block::PublicAcls) && self.is_public(&sent) =>
            {
                refused(403, "BlockPublicAcls")
            }
            "read-policy" | "write-policy" if !is_of_account => {
                refused(405, "only principals of the account")
            }
            "read-policy" if state.policy == Given::Nothing => refused(404, "nobody put a policy"),
            "write-policy" if state.blocks(Block::PublicPolicy) && state.policy.is_public() => {
                refused(403, "BlockPublicPolicy")
            }
            _ => Expected { status: operation.success, because: None },
        }
    }

    /// Whether the caller may, or else a word of why not. In the order of "How Amazon S3 authorizes a request".
    pub(super) fn allows(
        &self,
        state: &State,
        who: Who,
        operation: &Operation,
    ) -> Result<(), &'static str> {
        let is_foreign = operation.of == Of::Object && state.is_foreign();
        if operation.signed_only && who == Who::Anonymous {
            return Err("needs a signed request");
        }
        if state.policy.denies(who) {
            return Err("statement `One` of the bucket's policy denies it");
        }
        match who {
            Who::Owner if is_foreign => return self.acl_allows(state, who, operation),
            Who::Owner => return Ok(()),
            Who::Limited if !is_foreign && state.policy.allows(who) => return Ok(()),
            Who::Limited => return Err("no statement of the caller's identity policy allows it"),
            Who::Other | Who::OtherLimited | Who::Anonymous => {}
        }
        if state.blocks(Block::PublicBuckets) && state.policy.is_public() {
            return Err("RestrictPublicBuckets");
        }
        let by_bucket = if state.policy.allows(who) && !is_foreign {
            Ok(())
        } else {
            self.acl_allows(state, who, operation)
        };
        match (who, by_bucket) {
            (Who::OtherLimited, Ok(())) => Err("across accounts both sides must"),
            (Who::OtherLimited, Err(_)) => Err("nor does the identity policy of the caller"),
            (_, by_bucket) => by_bucket,
        }
    }

    fn acl_allows(
        &self,
        state: &State,
        who: Who,
        operation: &Operation,
    ) -> Result<(), &'static str> {
        let (gives, owner) = match operation.of {
            Of::Bucket => (&self.gives.bucket, Who::Owner),
            Of::Object => (&self.gives.object, state.owner_of_object()),
        };
        if !gives.values().flatten().any(|name| *name == operation.name) {
            // Overwriting and deleting ask for WRITE, which does not reach what another owns.
            return Err(match &*operation.name {
                "overwrite" | "delete" => "",
                _ => "only the owner of bucket",
            });
        }
        if state.ownership == "BucketOwnerEnforced" {
            return Err("BucketOwnerEnforced, disables ACLs");
        }
        let is_acp = matches!(&*operation.name, "read-acl" | "write-acl");
        if is_acp && who.account() == owner.account() {
            return Ok(());
        }
        let mut because = "no grant of";
        for grant in self.grants(&state.acl_of(operation.of == Of::Object)) {
            let (grantee, permission) = grant.split_once(' ').unwrap();
            let is_meant = match grantee {
                "owner" => who.account() == owner.account(),
                "bucket-owner" => who.account() == Who::Owner.account(),
                "other" => who.account() == Who::Other.account(),
                "AllUsers" => true,
                "AuthenticatedUsers" => who != Who::Anonymous,
                _ => false,
            };
            if !is_meant || !gives[permission].contains(&operation.name) {
                continue;
            }
            let is_public = matches!(grantee, "AllUsers" | "AuthenticatedUsers");
            if !(is_public && state.blocks(Block::IgnoredAcls)) {
                return Ok(());
            }
            because = "hides it with IgnorePublicAcls";
        }
        Err(because)
    }

    /// Such as `AllUsers READ`.
    fn grants(&self, acl: &Acl) -> Vec<String> {
        match acl {
            Acl::Canned(name) => self.canned[*name].clone(),
            Acl::Grant(grantee, permission) => vec![format!("{grantee} {permission}")],
        }
    }

    fn is_public(&self, acl: &Acl) -> bool {
        let mut grants = self.grants(acl).into_iter();
        grants.any(|grant| grant.starts_with("AllUsers") || grant.starts_with("Authenticated"))
    }
}
