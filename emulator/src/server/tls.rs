//! TLS: an authority of one's own with certificates for every name that is asked for, or a
//! certificate that was given.

use std::collections::HashMap;
use std::collections::HashSet;
use std::fmt;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use rcgen::BasicConstraints;
use rcgen::CertificateParams;
use rcgen::DistinguishedName;
use rcgen::DnType;
use rcgen::ExtendedKeyUsagePurpose;
use rcgen::IsCa;
use rcgen::Issuer;
use rcgen::KeyPair;
use rcgen::KeyUsagePurpose;
use rustls::ConfigBuilder;
use rustls::ProtocolVersion;
use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::ClientHello;
use rustls::server::ResolvesServerCert;
use rustls::server::WantsServerCert;
use rustls::sign::CertifiedKey;
use stuntbucket_signer::Timestamp;
use tokio_rustls::server::TlsStream;

use crate::request::TlsVersion;

/// What a TLS port is served with.
#[derive(Clone, Debug)]
pub(crate) struct Tls {
    pub(super) config: Arc<ServerConfig>,
    ca_pem: Option<Arc<str>>,
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("cannot make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    #[error("the certificate is not PEM: {0}")]
    CertificatePem(rustls::pki_types::pem::Error),
    #[error("the certificate file holds no certificate")]
    NoCertificate,
    #[error("the private key is not PEM: {0}")]
    KeyPem(rustls::pki_types::pem::Error),
    #[error("certificate and private key cannot be used: {0}")]
    Unusable(#[from] rustls::Error),
}

impl Tls {
    /// An authority that nobody has but this emulator, whose certificates are good for `localhost`,
    /// the loopback addresses, `addresses`, `domains` and the names before them, and for whatever
    /// other name a client asks for.
    pub(crate) fn with_own_authority(
        domains: &[String],
        addresses: impl IntoIterator<Item = IpAddr>,
        now: Timestamp,
    ) -> Result<Self, TlsError> {
        let authority = Authority::new(domains, addresses, now)?;
        let ca_pem = Some(authority.ca_pem.as_str().into());
        let names = NamedCertificates {
            usual: authority.certificate(None)?,
            authority,
            by_name: RwLock::default(),
        };
        let config = builder()?.with_cert_resolver(Arc::new(names));
        Ok(Self { config: with_http1(config), ca_pem })
    }

    /// A chain of certificates, the server's first, and its private key.
    pub(crate) fn with_files(certificate_pem: &str, key_pem: &str) -> Result<Self, TlsError> {
        let chain = CertificateDer::pem_slice_iter(certificate_pem.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .map_err(TlsError::CertificatePem)?;
        if chain.is_empty() {
            return Err(TlsError::NoCertificate);
        }
        let key = PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).map_err(TlsError::KeyPem)?;
        let config = builder()?.with_single_cert(chain, key)?;
        Ok(Self { config: with_http1(config), ca_pem: None })
    }

    /// The certificate that clients must trust, in PEM; `None` where a certificate was given,
    /// since only who gave it knows what signed it.
    pub(crate) fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }
}

fn builder() -> Result<ConfigBuilder<ServerConfig, WantsServerCert>, rustls::Error> {
    // Named here, so that no default of the whole process is needed.
    let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
    let versions =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(versions?.with_no_client_auth())
}

fn with_http1(mut config: ServerConfig) -> Arc<ServerConfig> {
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config)
}

/// Signs certificates for names.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    ca_pem: String,
    /// One key serves all names.
    key: KeyPair,
    /// Good in every certificate.
    names: Vec<String>,
    validity: Validity,
}

/// As long as a browser accepts a certificate, in days.
const VALID_DAYS: i64 = 397;
const DAY_SECONDS: i64 = 86_400;

/// From the day before, since clocks differ.
#[derive(Clone, Copy)]
struct Validity {
    from: Timestamp,
    to: Timestamp,
}

impl Authority {
    fn new(
        domains: &[String],
        addresses: impl IntoIterator<Item = IpAddr>,
        now: Timestamp,
    ) -> Result<Self, TlsError> {
        let validity = Validity {
            from: now.plus_seconds(-DAY_SECONDS),
            to: now.plus_seconds((VALID_DAYS - 1) * DAY_SECONDS),
        };
        let mut ca = CertificateParams::default();
        ca.distinguished_name = common_name("Stuntbucket test authority");
        ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        validity.apply(&mut ca);
        let ca_key = KeyPair::generate()?;
        let ca_pem = ca.self_signed(&ca_key)?.pem();
        Ok(Self {
            issuer: Issuer::new(ca, ca_key),
            ca_pem,
            key: KeyPair::generate()?,
            names: names(domains, addresses),
            validity,
        })
    }

    /// A certificate for the usual names, and for this one.
    fn certificate(&self, name: Option<&str>) -> Result<Arc<CertifiedKey>, TlsError> {
        // The name itself comes first: `*.localhost` does not count for OpenSSL, which wants two
        // labels behind a star, and no star stands for a bucket's name with dots.
        let names = name.map(str::to_owned).into_iter().chain(self.names.iter().cloned());
        let mut leaf = CertificateParams::new(names.collect::<Vec<_>>())?;
        leaf.distinguished_name = common_name("Stuntbucket");
        leaf.use_authority_key_identifier_extension = true;
        leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        self.validity.apply(&mut leaf);
        let certificate = leaf.signed_by(&self.key, &self.issuer)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let key = ring::sign::any_supported_type(&key)?;
        Ok(Arc::new(CertifiedKey::new(vec![certificate.into()], key)))
    }
}

fn common_name(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// All names and addresses that need nobody to ask for them, each once.
fn names(domains: &[String], addresses: impl IntoIterator<Item = IpAddr>) -> Vec<String> {
    let mut names = Vec::new();
    for domain in domains {
        let forms = ["", "*.", "s3.", "*.s3."].map(|before| format!("{before}{domain}"));
        names.extend(forms);
    }
    let amazon = ["s3.amazonaws.com", "*.s3.amazonaws.com"].map(str::to_owned);
    names.extend(amazon);
    let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
    let addresses = loopback.into_iter().chain(addresses);
    let is_one = |address: &IpAddr| !address.is_unspecified();
    names.extend(addresses.filter(is_one).map(|address| address.to_string()));
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

impl Validity {
    fn apply(self, params: &mut CertificateParams) {
        let [from, to] = [self.from, self.to].map(|at| {
            // Eight digits, of a year that is a year.
            let date: u32 = at.date().parse().unwrap_or_default();
            let [month, day] = [date / 100 % 100, date % 100].map(u8::try_from);
            let year = i32::try_from(date / 10_000).unwrap_or_default();
            rcgen::date_time_ymd(year, month.unwrap_or(1), day.unwrap_or(1))
        });
        params.not_before = from;
        params.not_after = to;
    }
}

/// Certificates by the name that a client asks for.
struct NamedCertificates {
    authority: Authority,
    /// For clients that name nothing, since they ask for an address.
    usual: Arc<CertifiedKey>,
    by_name: RwLock<HashMap<String, Arc<CertifiedKey>>>,
}

/// More names than a test suite has buckets in hosts; then the certificates are made anew.
const NAMES_MAX: usize = 1024;

impl NamedCertificates {
    fn of(&self, name: &str) -> Result<Arc<CertifiedKey>, TlsError> {
        let known = self.by_name.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(certificate) = known.get(name) {
            return Ok(Arc::clone(certificate));
        }
        drop(known);
        let made = self.authority.certificate(Some(name))?;
        let mut known = self.by_name.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= NAMES_MAX {
            known.clear();
        }
        known.insert(name.to_owned(), Arc::clone(&made));
        Ok(made)
    }
}

impl ResolvesServerCert for NamedCertificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let Some(name) = hello.server_name() else { return Some(Arc::clone(&self.usual)) };
        match self.of(name) {
            Ok(certificate) => Some(certificate),
            Err(error) => {
                tracing::warn!("no certificate for `{name}`: {error}");
                Some(Arc::clone(&self.usual))
            }
        }
    }
}

impl fmt::Debug for NamedCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NamedCertificates")
            .field("names", &self.authority.names)
            .finish_non_exhaustive()
    }
}

/// What a connection agreed on.
pub(super) fn version<S>(stream: &TlsStream<S>) -> Option<TlsVersion> {
    match stream.get_ref().1.protocol_version()? {
        ProtocolVersion::TLSv1_2 => Some(TlsVersion::V1_2),
        ProtocolVersion::TLSv1_3 => Some(TlsVersion::V1_3),
        // Nothing older is served.
        _ => None,
    }
}

/// What a failed handshake tells a person, with what to do about it.
pub(super) fn explain(error: &std::io::Error) -> String {
    let reason = error.get_ref().and_then(|source| source.downcast_ref::<rustls::Error>());
    let hint = match reason {
        Some(rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType)) => {
            "; the client seems to speak plain HTTP: its endpoint must begin with https://"
        }
        Some(rustls::Error::AlertReceived(
            rustls::AlertDescription::UnknownCA
            | rustls::AlertDescription::BadCertificate
            | rustls::AlertDescription::CertificateUnknown,
        )) => "; the client does not trust the certificate: point it at the one of `ca`",
        _ => "",
    };
    format!("{error}{hint}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::parse_iso("2026-01-31T12:00:00Z").unwrap()
    }

    #[test]
    fn the_usual_names_are_those_of_the_emulator() {
        let domains = ["localhost".to_owned(), "s3.test".to_owned()];
        let names = names(&domains, ["127.0.0.1".parse().unwrap(), "0.0.0.0".parse().unwrap()]);
        for name in ["localhost", "*.localhost", "*.s3.localhost", "s3.test", "*.s3.test", "::1"] {
            assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
        }
        assert_eq!(names.iter().filter(|name| *name == "127.0.0.1").count(), 1);
        assert!(!names.iter().any(|name| name == "0.0.0.0"));
    }

    #[test]
    fn a_certificate_is_made_once_for_a_name() {
        let authority = Authority::new(&["localhost".to_owned()], [], now()).unwrap();
        let usual = authority.certificate(None).unwrap();
        let names = NamedCertificates { authority, usual, by_name: RwLock::default() };
        let one = names.of("my.dotted.bucket.localhost").unwrap();
        assert!(Arc::ptr_eq(&one, &names.of("my.dotted.bucket.localhost").unwrap()));
        assert!(!Arc::ptr_eq(&one, &names.of("other.localhost").unwrap()));
    }

    #[test]
    fn files_that_do_not_go_together_are_refused() {
        let key = KeyPair::generate().unwrap();
        let other = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        assert!(Tls::with_files(&certificate, &key.serialize_pem()).unwrap().ca_pem().is_none());
        for (certificate, key, complaint) in [
            (&*certificate, &*other.serialize_pem(), "certificate and private key"),
            (&certificate, "no key", "the private key is not PEM"),
            ("no certificate", &key.serialize_pem(), "holds no certificate"),
        ] {
            let error = Tls::with_files(certificate, key).unwrap_err().to_string();
            assert!(error.contains(complaint), "{error}");
        }
    }
}
