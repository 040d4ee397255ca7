//! `Settings`: what the flags say, else the configuration file, else the defaults.

use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;

use stuntbucket::Bucket;
use stuntbucket::Relaxation;
use stuntbucket::Stuntbucket;
use stuntbucket::StuntbucketBuilder;
use stuntbucket::User;

use super::CliError;
use super::PORT;
use super::REGION;
use super::config_file::ConfigFile;
use super::config_tables::BucketTable;
use super::serve_flags::Inspect;
use super::serve_flags::ServeFlags;
use super::serve_flags::Switch;
use super::tls_key::Certificate;

/// How an emulator is run. Of flags and file only one is heard for each setting.
#[derive(Debug)]
pub(super) struct Settings {
    /// `None` means the default port of both loopback addresses.
    pub(super) listen: Option<SocketAddr>,
    pub(super) inspect: Inspect,
    pub(super) region: String,
    pub(super) data: Option<PathBuf>,
    pub(super) domains: Vec<String>,
    pub(super) relaxed: Vec<Relaxation>,
    /// None means the one fixed user.
    pub(super) users: Vec<User>,
    pub(super) buckets: Vec<BucketTable>,
    certificate: Certificate,
    sync: bool,
    spill_above: Option<u64>,
    explain_header: Switch,
    events_file: Option<PathBuf>,
    events_webhook: Option<String>,
    event_destinations: Vec<String>,
}

impl Settings {
    pub(super) fn new(flags: &ServeFlags, file: ConfigFile) -> Self {
        let listen = flags.listen.or(file.listen);
        Self {
            listen,
            inspect: flags.inspect.or(file.inspect).unwrap_or_else(|| beside(listen)),
            region: flags.region.clone().or(file.region).unwrap_or_else(|| REGION.to_owned()),
            data: flags.data.clone().or(file.data),
            domains: either(&flags.domains, file.domains),
            relaxed: either(&flags.relaxed, file.relaxed),
            users: either(&flags.users, file.users.into_iter().map(User::from).collect()),
            buckets: file.buckets,
            certificate: match (&flags.tls_cert, &flags.tls_key) {
                (Some(certificate), Some(key)) => {
                    Certificate::Files { certificate: certificate.clone(), key: key.clone() }
                }
                _ if flags.tls => Certificate::Made,
                _ => file.certificate,
            },
            sync: flags.sync,
            spill_above: flags.spill_above,
            explain_header: flags.explain_header,
            events_file: flags.events_file.clone().or(file.events.file),
            events_webhook: flags.events_webhook.clone().or(file.events.webhook),
            event_destinations: file.events.destinations,
        }
    }

    /// A builder that is told all of this.
    ///
    /// # Errors
    ///
    /// If the files of the certificate cannot be read.
    pub(super) fn builder(&self) -> Result<StuntbucketBuilder, CliError> {
        let mut builder = Stuntbucket::builder()
            .region(&self.region)
            .sync_to_disk(self.sync)
            .explain_header(self.explain_header == Switch::On);
        builder = match self.listen {
            Some(address) => builder.listen(address),
            None => builder
                .listen((Ipv4Addr::LOCALHOST, PORT).into())
                .also_listen((Ipv6Addr::LOCALHOST, PORT).into()),
        };
        builder = match &self.certificate {
            Certificate::None => builder,
            Certificate::Made => builder.tls(),
            Certificate::Files { certificate, key } => builder
                .tls_with(read("certificate", certificate)?, read("key of the certificate", key)?),
        };
        if let Inspect::At(address) = self.inspect {
            builder = builder.inspect(address);
        }
        if let Some(folder) = &self.data {
            builder = builder.data_dir(folder);
        }
        if let Some(bytes) = self.spill_above {
            builder = builder.spill_above(bytes);
        }
        if let Some(path) = &self.events_file {
            builder = builder.events_file(path);
        }
        if let Some(url) = &self.events_webhook {
            builder = builder.events_webhook(url);
        }
        let destinations = self.event_destinations.iter();
        builder = destinations.fold(builder, StuntbucketBuilder::event_destination);
        builder = self.domains.iter().fold(builder, StuntbucketBuilder::domain);
        builder = self.relaxed.iter().copied().fold(builder, StuntbucketBuilder::relax);
        builder = self.users.iter().cloned().fold(builder, StuntbucketBuilder::user);
        Ok(self.buckets.iter().map(Bucket::from).fold(builder, StuntbucketBuilder::bucket))
    }
}

fn read(what: &str, path: &Path) -> Result<String, CliError> {
    std::fs::read_to_string(path)
        .map_err(|error| CliError::Usage(format!("{what} {}: {error}", path.display())))
}

/// The inspector's default. Whoever asks for a free port wants several emulators side by side, and
/// they could not all have the fixed one.
fn beside(listen: Option<SocketAddr>) -> Inspect {
    let is_free_port = listen.is_some_and(|address| address.port() == 0);
    let port = if is_free_port { 0 } else { PORT + 1 };
    Inspect::At((Ipv4Addr::LOCALHOST, port).into())
}

fn either<T: Clone>(flags: &[T], file: Vec<T>) -> Vec<T> {
    if flags.is_empty() { file } else { flags.to_vec() }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::super::Arguments;
    use super::super::Command;
    use super::*;

    fn settings(flags: &str, file: &str) -> Settings {
        let words = format!("stuntbucket {flags}");
        let command = Arguments::read(words.split_whitespace().map(OsString::from)).unwrap();
        let Command::Serve(flags) = command else { panic!("{command:?}") };
        Settings::new(&flags, toml::from_str(file).unwrap())
    }

    #[test]
    fn flags_win_over_the_file() {
        let file = r#"
            region = "eu-west-1"
            listen = "127.0.0.1:1"
            inspect = "off"
            data = "of-file"
            tls = { cert = "file.pem", key = "file.key" }
            domains = ["file.test"]
            relax = ["expiry"]
            [[users]]
            name = "alice"
            access_key = "A"
            secret_key = "S"
        "#;
        let flags = "--region us-west-2 --listen 127.0.0.1:2 --inspect 127.0.0.1:3 --data of-flag \
                     --tls --domain flag.test --relax skew --relax access --user B:S:bob";
        let names = |settings: &Settings| {
            let users = settings.users.iter().map(User::name);
            users.map(str::to_owned).collect::<Vec<_>>()
        };
        let of_file = settings("", file);
        assert_eq!((of_file.region.as_str(), of_file.inspect), ("eu-west-1", Inspect::Off));
        assert_eq!(of_file.listen, Some("127.0.0.1:1".parse().unwrap()));
        assert_eq!(of_file.data, Some(PathBuf::from("of-file")));
        let [certificate, key] = ["file.pem", "file.key"].map(PathBuf::from);
        assert_eq!(of_file.certificate, Certificate::Files { certificate, key });
        assert_eq!(
            (&*of_file.domains, &*of_file.relaxed),
            (&["file.test".to_owned()][..], &[Relaxation::Expiry][..])
        );
        assert_eq!(names(&of_file), ["alice"]);
        let of_flags = settings(flags, file);
        assert_eq!(of_flags.region, "us-west-2");
        assert_eq!(of_flags.listen, Some("127.0.0.1:2".parse().unwrap()));
        assert_eq!(of_flags.inspect, Inspect::At("127.0.0.1:3".parse().unwrap()));
        assert_eq!(of_flags.data, Some(PathBuf::from("of-flag")));
        assert_eq!(of_flags.certificate, Certificate::Made);
        assert_eq!(of_flags.domains, ["flag.test"]);
        assert_eq!(of_flags.relaxed, [Relaxation::Skew, Relaxation::Access]);
        assert_eq!(names(&of_flags), ["bob"]);
    }

    #[test]
    fn the_inspector_has_a_fixed_port_unless_the_endpoint_has_a_free_one() {
        let at = |address: &str| Inspect::At(address.parse().unwrap());
        assert_eq!(settings("", "").inspect, at("127.0.0.1:9001"));
        assert_eq!(settings("--listen 0.0.0.0:80", "").inspect, at("127.0.0.1:9001"));
        assert_eq!(settings("--listen 127.0.0.1:0", "").inspect, at("127.0.0.1:0"));
        assert_eq!(settings("--listen 127.0.0.1:0 --inspect off", "").inspect, Inspect::Off);
    }
}
