//! The flags of `serve`, each with its environment variable.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use clap::ValueEnum;
use clap::builder::BoolishValueParser;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use stuntbucket::Relaxation;
use stuntbucket::User;

/// How an emulator is to be run. What is not said here may stand in the configuration file.
#[derive(Debug, Args, Default)]
pub(crate) struct ServeFlags {
    /// Where S3 is served; port 0 picks a free one [default: 127.0.0.1:9000 and [::1]:9000]
    #[arg(long, value_name = "ADDR", env = "STUNTBUCKET_LISTEN", value_parser = address)]
    pub(super) listen: Option<SocketAddr>,

    /// Where the inspector is served, or `off` [default: 127.0.0.1:9001, or a free port beside a
    /// free port of --listen]
    #[arg(long, value_name = "ADDR|off", env = "STUNTBUCKET_INSPECT", value_parser = inspect)]
    pub(super) inspect: Option<Inspect>,

    /// The folder that keeps everything; without it all is gone at the end
    #[arg(long, value_name = "DIR", env = "STUNTBUCKET_DATA")]
    pub(super) data: Option<PathBuf>,

    /// A TOML file with users, buckets and settings; flags win over it
    #[arg(long, value_name = "FILE", env = "STUNTBUCKET_CONFIG")]
    pub(super) config: Option<PathBuf>,

    /// A key pair that may sign; repeatable [default: one fixed pair]
    #[arg(long = "user", value_name = "ACCESS:SECRET[:NAME]", value_delimiter = ',')]
    #[arg(env = "STUNTBUCKET_USER", hide_env_values = true, value_parser = user)]
    pub(super) users: Vec<User>,

    /// The region of endpoints that name none [default: us-east-1]
    #[arg(long, value_name = "NAME", env = "STUNTBUCKET_REGION")]
    pub(super) region: Option<String>,

    /// A further base domain, before which bucket names may stand; repeatable
    #[arg(long = "domain", value_name = "NAME", env = "STUNTBUCKET_DOMAIN", value_delimiter = ',')]
    pub(super) domains: Vec<String>,

    /// A check that is not made; repeatable
    #[arg(long = "relax", value_name = "CHECK", env = "STUNTBUCKET_RELAX", value_delimiter = ',')]
    #[arg(value_parser = relaxations())]
    pub(super) relaxed: Vec<Relaxation>,

    /// Serves S3 under HTTPS, with a certificate that is made at start
    #[arg(long, env = "STUNTBUCKET_TLS", value_parser = BoolishValueParser::new())]
    pub(super) tls: bool,

    /// The same with this chain of certificates, in PEM, the server's own first
    #[arg(long, value_name = "FILE", env = "STUNTBUCKET_TLS_CERT", requires = "tls_key")]
    pub(super) tls_cert: Option<PathBuf>,

    /// The private key of --tls-cert, in PEM
    #[arg(long, value_name = "FILE", env = "STUNTBUCKET_TLS_KEY", requires = "tls_cert")]
    pub(super) tls_key: Option<PathBuf>,

    /// Written when requests are answered: a JSON file with endpoint, region, users and pid
    #[arg(long, value_name = "FILE", env = "STUNTBUCKET_READY_FILE")]
    pub(super) ready_file: Option<PathBuf>,

    /// The form of standard output and of the log
    #[arg(long, value_name = "FORMAT", env = "STUNTBUCKET_LOG_FORMAT", default_value = "text")]
    pub(super) log: LogFormat,

    /// Makes answered writes survive a power cut, not only the end of the process
    #[arg(long, env = "STUNTBUCKET_SYNC", value_parser = BoolishValueParser::new())]
    pub(super) sync: bool,

    /// Bodies of more bytes get a file of their own [default: 65536]
    #[arg(long, value_name = "BYTES", env = "STUNTBUCKET_SPILL_ABOVE")]
    pub(super) spill_above: Option<u64>,

    /// A file to which the document of every event is appended, one a line
    #[arg(long, value_name = "FILE", env = "STUNTBUCKET_EVENTS_FILE")]
    pub(super) events_file: Option<PathBuf>,

    /// A URL of plain HTTP to which the document of every event is sent
    #[arg(long, value_name = "URL", env = "STUNTBUCKET_EVENTS_WEBHOOK")]
    pub(super) events_webhook: Option<String>,

    /// Whether refusals carry the header x-stuntbucket-explain-url
    #[arg(long, value_name = "SWITCH", env = "STUNTBUCKET_EXPLAIN_HEADER", default_value = "on")]
    pub(super) explain_header: Switch,
}

/// Whether and where the inspector is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inspect {
    At(SocketAddr),
    Off,
}

/// How facts and log entries are written: as lines for a person, or as objects for a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Something that is on or off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Switch {
    #[default]
    On,
    Off,
}

/// An address with a port.
pub(super) fn address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_| "not an address and port such as 127.0.0.1:9000")
}

/// An address with a port, or `off`.
pub(super) fn inspect(text: &str) -> Result<Inspect, &'static str> {
    match text {
        "off" => Ok(Inspect::Off),
        _ => address(text).map(Inspect::At),
    }
}

/// A user as a flag names one. Without a name it is called by its access key.
pub(super) fn user(text: &str) -> Result<User, &'static str> {
    let parts: Vec<_> = text.split(':').collect();
    let (access_key, secret_key, name) = match *parts {
        [access_key, secret_key] => (access_key, secret_key, access_key),
        [access_key, secret_key, name] => (access_key, secret_key, name),
        _ => return Err("not of the form ACCESS:SECRET or ACCESS:SECRET:NAME"),
    };
    if access_key.is_empty() || secret_key.is_empty() || name.is_empty() {
        return Err("one of its parts is empty");
    }
    Ok(User::new(name).keys(access_key, secret_key))
}

fn relaxations() -> impl TypedValueParser<Value = Relaxation> {
    PossibleValuesParser::new(Relaxation::ALL.map(|(_, name)| name))
        .try_map(|name| Relaxation::parse(&name).ok_or("no such check"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_a_pair_of_keys_with_an_optional_name() {
        let alice = user("AKID:secret/+=:alice").unwrap();
        assert_eq!(alice.name(), "alice");
        assert_eq!(alice.credentials().access_key_id, "AKID");
        assert_eq!(alice.credentials().secret_key.expose(), "secret/+=");
        assert_eq!(user("AKID:secret").unwrap().name(), "AKID");
        for text in ["", "AKID", "AKID:", ":secret", "AKID:secret:", "AKID:se:cr:et"] {
            assert!(user(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_inspector_is_somewhere_or_off() {
        assert_eq!(inspect("off"), Ok(Inspect::Off));
        assert_eq!(inspect("[::1]:0"), Ok(Inspect::At("[::1]:0".parse().unwrap())));
        for text in ["", "on", "9001", "localhost:9001", "127.0.0.1"] {
            assert!(inspect(text).is_err(), "{text}");
        }
    }
}
