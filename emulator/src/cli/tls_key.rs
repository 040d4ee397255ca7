//! `tls` of the configuration file: `true`, or the files of a certificate and its key.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;
use serde::de::MapAccess;
use serde::de::Visitor;
use serde::de::value::MapAccessDeserializer;

/// Whether S3 is served under HTTPS.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) enum Certificate {
    #[default]
    None,
    /// By an authority that is made at start.
    Made,
    Files {
        certificate: PathBuf,
        key: PathBuf,
    },
}

/// Reads the key.
pub(super) fn tls_key<'de, D: Deserializer<'de>>(from: D) -> Result<Certificate, D::Error> {
    from.deserialize_any(TlsVisitor)
}

struct TlsVisitor;

impl<'de> Visitor<'de> for TlsVisitor {
    type Value = Certificate;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`true`, `false` or a table with `cert` and `key`")
    }

    fn visit_bool<E: Error>(self, is_on: bool) -> Result<Self::Value, E> {
        Ok(if is_on { Certificate::Made } else { Certificate::None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let files = TlsTable::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Certificate::Files { certificate: files.cert, key: files.key })
    }
}

/// Both in PEM, as `--tls-cert` and `--tls-key` have them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsTable {
    cert: PathBuf,
    key: PathBuf,
}
