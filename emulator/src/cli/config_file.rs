//! The configuration file: TOML, of which every key is known and every mistake has a line.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;
use stuntbucket::Relaxation;

use super::CliError;
use super::config_tables::BucketTable;
use super::config_tables::EventsTable;
use super::config_tables::UserTable;
use super::serve_flags::Inspect;
use super::serve_flags::address;
use super::serve_flags::inspect;
use super::tls_key::Certificate;
use super::tls_key::tls_key;

/// What stands in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ConfigFile {
    pub(super) region: Option<String>,
    #[serde(deserialize_with = "listen_key")]
    pub(super) listen: Option<SocketAddr>,
    #[serde(deserialize_with = "inspect_key")]
    pub(super) inspect: Option<Inspect>,
    pub(super) data: Option<PathBuf>,
    #[serde(rename = "tls", deserialize_with = "tls_key")]
    pub(super) certificate: Certificate,
    pub(super) domains: Vec<String>,
    #[serde(rename = "relax", deserialize_with = "relax_key")]
    pub(super) relaxed: Vec<Relaxation>,
    pub(super) users: Vec<UserTable>,
    pub(super) buckets: Vec<BucketTable>,
    pub(super) events: EventsTable,
}

impl ConfigFile {
    /// Reads the file at `path`.
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let text = fs::read_to_string(path)
            .map_err(|error| CliError::Usage(format!("--config {}: {error}", path.display())))?;
        Self::parse(&text)
            .map_err(|(line, why)| CliError::Usage(format!("{}:{line}: {why}", path.display())))
    }

    /// The settings, or the line that is wrong and why.
    fn parse(text: &str) -> Result<Self, (usize, String)> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = 1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count();
            (line, error.message().replace('\n', " "))
        })
    }
}

fn listen_key<'de, D: Deserializer<'de>>(from: D) -> Result<Option<SocketAddr>, D::Error> {
    parsed(from, address).map(Some)
}

fn inspect_key<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Inspect>, D::Error> {
    parsed(from, inspect).map(Some)
}

fn relax_key<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Relaxation>, D::Error> {
    let names = Vec::<String>::deserialize(from)?;
    let named = |name: &String| {
        Relaxation::parse(name).ok_or_else(|| {
            let known = Relaxation::ALL.map(|(_, name)| name).join(", ");
            D::Error::custom(format!("`{name}` in `relax` is not one of {known}"))
        })
    };
    names.iter().map(named).collect()
}

/// A text that stands for something.
pub(super) fn parsed<'de, D: Deserializer<'de>, T>(
    from: D,
    parse: impl FnOnce(&str) -> Result<T, &'static str>,
) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    parse(&text).map_err(|why| D::Error::custom(format!("`{text}` is {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read() {
        let file = ConfigFile::parse(
            r#"
            region = "eu-west-1"
            listen = "127.0.0.1:9100"
            inspect = "off"
            data = "kept"
            tls = true
            domains = ["s3.test"]
            relax = ["expiry", "skew"]

            [[users]]
            name = "alice"
            access_key = "AKID"
            secret_key = "secret"

            [[buckets]]
            name = "photos"
            events = ["s3:ObjectCreated:*"]

            [events]
            file = "events.jsonl"
            webhook = "http://localhost:3000/"
            destinations = ["arn:aws:sqs:us-east-1:000000000001:images"]
            "#,
        )
        .unwrap();
        assert_eq!(file.region.as_deref(), Some("eu-west-1"));
        assert_eq!(file.listen, Some("127.0.0.1:9100".parse().unwrap()));
        assert_eq!(file.inspect, Some(Inspect::Off));
        assert_eq!(file.data, Some(PathBuf::from("kept")));
        assert_eq!(file.certificate, Certificate::Made);
        assert_eq!(file.domains, ["s3.test"]);
        assert_eq!(file.relaxed, [Relaxation::Expiry, Relaxation::Skew]);
        assert_eq!((file.users.len(), file.buckets.len()), (1, 1));
        assert_eq!(file.events.file, Some(PathBuf::from("events.jsonl")));
        assert_eq!(file.events.webhook.as_deref(), Some("http://localhost:3000/"));
        assert_eq!(file.events.destinations.len(), 1);
    }

    #[track_caller]
    fn check(text: &str, line: usize, complaint: &str) {
        let (at, why) = ConfigFile::parse(text).unwrap_err();
        assert!(why.contains(complaint) && !why.contains('\n'), "{why}");
        assert_eq!(at, line, "{why}");
    }

    #[test]
    fn a_mistake_is_one_line_with_its_place() {
        check("\nregoin = \"eu-west-1\"", 2, "unknown field `regoin`");
        check("tls = \"yes\"", 1, "`true`, `false` or a table with `cert` and `key`");
        check("\n[tls]\ncert = \"a.pem\"", 2, "missing field `key`");
        check("region = 1", 1, "invalid type: integer `1`, expected a string");
        check("region = \"a\"\nregion = \"b\"", 2, "duplicate key");
        check("region = ", 1, "string values must be quoted");
        check("listen = \"9000\"", 1, "`9000` is not an address and port");
        check("\n\ninspect = \"on\"", 3, "`on` is not an address and port");
        check("relax = [\"all\"]", 1, "`all` in `relax` is not one of signature, expiry");
        check("[[users]]\nname = \"a\"\naccess_key = \"b\"", 1, "missing field `secret_key`");
        let user = "[[users]]\nname = \"a\"\naccess_key = \"b\"\nsecret_key = \"c\"\n";
        check(&format!("{user}policy = 1"), 5, "invalid type: integer `1`");
        check(&format!("{user}session_expires = \"soon\""), 5, "`soon` is not a time");
        check(&format!("{user}root = \"yes\""), 5, "expected a boolean");
        let bucket = "[[buckets]]\nname = \"photos\"\n";
        check(&format!("{bucket}versions = true"), 3, "unknown field `versions`");
        check(&format!("{bucket}versioning = \"on\""), 3, "expected a boolean");
        check(&format!("{bucket}ownership = \"Mine\""), 3, "unknown variant `Mine`");
        check(&format!("{bucket}acl = \"secret\""), 3, "`secret` is not a canned ACL");
        check(&format!("{bucket}cors = \"all\""), 3, "`cors` is `\"*\"` or tables with rules");
        check(&format!("{bucket}[[buckets.cors]]\norigin = \"*\""), 4, "unknown field `origin`");
        check(&format!("{bucket}public_access_block = 1"), 3, "`true`, `false` or a table");
        check(
            &format!("{bucket}[buckets.public_access_block]\nblock_acls = true"),
            4,
            "unknown field `block_acls`",
        );
    }
}
