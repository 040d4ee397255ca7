//! `[[users]]` and `[[buckets]]` of the configuration file.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;
use serde::de::MapAccess;
use serde::de::Visitor;
use serde::de::value::MapAccessDeserializer;
use stuntbucket::Bucket;
use stuntbucket::CannedAcl;
use stuntbucket::CorsRule;
use stuntbucket::ObjectOwnership;
use stuntbucket::PublicAccessBlock;
use stuntbucket::Timestamp;
use stuntbucket::User;

use super::config_file::parsed;
use super::cors_key::cors_key;

/// One of `[[users]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserTable {
    name: String,
    access_key: String,
    secret_key: String,
    session_token: Option<String>,
    #[serde(default, deserialize_with = "time_key")]
    session_expires: Option<Timestamp>,
    account: Option<String>,
    canonical_id: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
    #[serde(default)]
    root: bool,
    policy: Option<String>,
}

/// One of `[[buckets]]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // Each is a key of the file.
pub(super) struct BucketTable {
    pub(super) name: String,
    pub(super) owner: Option<String>,
    pub(super) region: Option<String>,
    ownership: Option<ObjectOwnership>,
    #[serde(default, deserialize_with = "block_key")]
    public_access_block: Option<PublicAccessBlock>,
    #[serde(default, deserialize_with = "acl_key")]
    acl: Option<CannedAcl>,
    #[serde(default, deserialize_with = "cors_key")]
    cors: Vec<CorsRule>,
    #[serde(default)]
    sse_c: bool,
    policy: Option<String>,
    #[serde(default)]
    before_2023: bool,
    #[serde(default)]
    versioning: bool,
    #[serde(default)]
    object_lock: bool,
    #[serde(default)]
    events: Vec<String>,
}

/// `[events]`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EventsTable {
    pub(super) file: Option<PathBuf>,
    pub(super) webhook: Option<String>,
    /// ARNs that exist.
    pub(super) destinations: Vec<String>,
}

impl From<UserTable> for User {
    fn from(table: UserTable) -> Self {
        let mut user =
            Self::new(table.name).keys(table.access_key, table.secret_key).root(table.root);
        if let Some(token) = table.session_token {
            user = user.session_token(token);
        }
        if let Some(at) = table.session_expires {
            user = user.session_expires(at);
        }
        if let Some(account) = table.account {
            user = user.account(account);
        }
        if let Some(id) = table.canonical_id {
            user = user.canonical_id_of_account(id);
        }
        if let Some(name) = table.display_name {
            user = user.display_name(name);
        }
        if let Some(email) = table.email {
            user = user.email(email);
        }
        if let Some(policy) = table.policy {
            user = user.policy(policy);
        }
        user
    }
}

impl From<&BucketTable> for Bucket {
    fn from(table: &BucketTable) -> Self {
        // What is said of ownership and public access wins over what the age implies.
        let mut bucket = Self::new(&table.name)
            .before_2023(table.before_2023)
            .versioning(table.versioning || table.object_lock)
            .object_lock(table.object_lock);
        if let Some(owner) = &table.owner {
            bucket = bucket.owner(owner);
        }
        if let Some(region) = &table.region {
            bucket = bucket.region(region);
        }
        if let Some(ownership) = table.ownership {
            bucket = bucket.ownership(ownership);
        }
        if let Some(block) = table.public_access_block {
            bucket = bucket.public_access_block(block);
        }
        if let Some(acl) = table.acl {
            bucket = bucket.acl(acl);
        }
        if let Some(policy) = &table.policy {
            bucket = bucket.policy(policy);
        }
        bucket = bucket.cors(table.cors.iter().cloned()).sse_c(table.sse_c);
        table.events.iter().fold(bucket, Bucket::event)
    }
}

fn acl_key<'de, D: Deserializer<'de>>(from: D) -> Result<Option<CannedAcl>, D::Error> {
    let acl = parsed(from, |name| CannedAcl::parse(name).ok_or("not a canned ACL of a bucket"))?;
    Ok(Some(acl))
}

/// A time in quotes, or as TOML writes times.
fn time_key<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let text = match toml::Value::deserialize(from)? {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    let time = Timestamp::parse_iso(&text);
    time.map(Some).ok_or_else(|| {
        D::Error::custom(format!("`{text}` is not a time such as 2026-01-01T00:00:00Z"))
    })
}

/// All four settings at once, or each by itself.
fn block_key<'de, D: Deserializer<'de>>(from: D) -> Result<Option<PublicAccessBlock>, D::Error> {
    from.deserialize_any(BlockVisitor).map(Some)
}

struct BlockVisitor;

impl<'de> Visitor<'de> for BlockVisitor {
    type Value = PublicAccessBlock;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`true`, `false` or a table of the four settings")
    }

    fn visit_bool<E: Error>(self, is_on: bool) -> Result<Self::Value, E> {
        Ok(is_on.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let table = BlockTable::deserialize(MapAccessDeserializer::new(map))?;
        Ok(PublicAccessBlock {
            block_public_acls: table.block_public_acls,
            ignore_public_acls: table.ignore_public_acls,
            block_public_policy: table.block_public_policy,
            restrict_public_buckets: table.restrict_public_buckets,
        })
    }
}

/// The four settings, under S3's names or in the spelling of the other keys. As in S3's own
/// document, one that is left out is off.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(clippy::struct_excessive_bools)] // S3's own document has these four members.
struct BlockTable {
    #[serde(alias = "BlockPublicAcls")]
    block_public_acls: bool,
    #[serde(alias = "IgnorePublicAcls")]
    ignore_public_acls: bool,
    #[serde(alias = "BlockPublicPolicy")]
    block_public_policy: bool,
    #[serde(alias = "RestrictPublicBuckets")]
    restrict_public_buckets: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> PublicAccessBlock {
        let text = format!("name = \"photos\"\n{text}");
        toml::from_str::<BucketTable>(&text).unwrap().public_access_block.unwrap()
    }

    #[test]
    fn public_access_is_blocked_as_a_whole_or_in_parts() {
        assert_eq!(block("public_access_block = true"), PublicAccessBlock::ALL);
        assert_eq!(block("public_access_block = false"), PublicAccessBlock::NONE);
        let ignoring = PublicAccessBlock { ignore_public_acls: true, ..PublicAccessBlock::NONE };
        assert_eq!(block("public_access_block = { ignore_public_acls = true }"), ignoring);
        assert_eq!(block("[public_access_block]\nIgnorePublicAcls = true"), ignoring);
    }

    #[test]
    fn a_bucket_keeps_what_the_table_says() {
        for (text, expected) in [
            ("", Bucket::new("photos")),
            ("versioning = true", Bucket::new("photos").versioning(true)),
            ("object_lock = true", Bucket::new("photos").object_lock(true)),
            ("versioning = true\nobject_lock = true", Bucket::new("photos").object_lock(true)),
        ] {
            let table = toml::from_str::<BucketTable>(&format!("name = \"photos\"\n{text}"));
            let bucket = Bucket::from(&table.unwrap());
            assert_eq!(format!("{bucket:?}"), format!("{expected:?}"), "{text}");
        }
    }

    #[test]
    fn a_user_has_all_that_the_table_says() {
        let table: UserTable = toml::from_str(
            r#"
            name = "alice"
            access_key = "AKID"
            secret_key = "secret"
            session_token = "token"
            session_expires = 2026-01-01T00:00:00Z
            account = "000000000002"
            canonical_id = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            display_name = "Alice"
            email = "alice@example.com"
            root = true
            "#,
        )
        .unwrap();
        assert_eq!(table.session_expires, Timestamp::parse_iso("2026-01-01T00:00:00Z"));
        let user = User::from(table);
        assert_eq!((user.name(), user.account_id()), ("alice", "000000000002"));
        assert_eq!(user.arn(), "arn:aws:iam::000000000002:root");
        assert_eq!(user.canonical_id().as_str(), "a".repeat(64));
        assert_eq!(user.credentials().session_token.as_deref(), Some("token"));
    }
}
