//! From settings to a running emulator.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use std::sync::Arc;

use super::StartError;
use super::Stuntbucket;
use crate::answer::Answer;
#[cfg(feature = "tls")]
use crate::clock::real_now;
use crate::config;
use crate::config::Certificate;
use crate::config::Config;
use crate::config::ExplainHeader;
use crate::config::Keeps;
use crate::events::Address;
use crate::events::Bus;
use crate::events::Sink;
use crate::ids::Ids;
use crate::inspector;
use crate::journal::Journal;
use crate::keyring::Keyring;
use crate::keyring::User;
use crate::names::EVENTS;
use crate::names::EventBridge;
use crate::names::Kind;
use crate::names::Notification;
use crate::names::Target;
use crate::names::is_valid_bucket_name;
use crate::pipeline::S3;
use crate::policy::Policy;
use crate::relaxation::Relaxation;
use crate::request::Arrived;
use crate::request::Scheme;
use crate::server::Bound;
use crate::server::Handler;
#[cfg(feature = "tls")]
use crate::server::Tls;
#[cfg(feature = "tls")]
use crate::server::TlsError;
use crate::server::Transport;
use crate::store::Bucket;
use crate::store::BucketSettings;
use crate::store::Configuration;
use crate::store::Settings;
use crate::store::SledStore;
use crate::store::Store;
use crate::world::Restores;
use crate::world::Sweeper;
use crate::world::World;
use crate::xml::Xml;

/// The base domain that every emulator has.
const LOCALHOST: &str = "localhost";

/// Binds, opens and serves, in an order in which nothing is left behind if a later step fails.
pub(super) fn start(mut config: Config) -> Result<Stuntbucket, StartError> {
    let users = std::mem::take(&mut config.users);
    let users = if users.is_empty() { vec![User::default_owner()] } else { users };
    let keyring = Keyring::new(users).map_err(StartError::config)?;
    let buckets = config
        .buckets
        .iter()
        .map(|bucket| record(bucket, &config, &keyring))
        .collect::<Result<Vec<_>, _>>()?;
    let listeners = bind_all(&config.listen)?;
    let inspector = config.inspect.map(bind).transpose()?;
    let sinks = sinks(&config.events)?;
    let store = open(&config)?;
    for bucket in buckets {
        // One that is there already stays as it is.
        let _ = store.add_bucket(bucket)?;
    }
    let transport = transport(&config)?;
    let endpoint = url(transport.scheme(), &listeners[0])?;
    let world = Arc::new(world(config, keyring, store, endpoint, inspector.as_ref(), sinks)?);
    let serve = |bound: Bound| {
        bound
            .serve(Arc::new(S3(Arc::clone(&world))), transport.clone())
            .map_err(|error| cannot_serve(&error))
    };
    let servers = listeners.into_iter().map(serve).collect::<Result<Vec<_>, _>>()?;
    let inspector = inspector
        .map(|bound| bound.serve(Arc::new(Inspector(Arc::clone(&world))), Transport::Plain))
        .transpose()
        .map_err(|error| cannot_serve(&error))?;
    Ok(Stuntbucket {
        world,
        servers,
        inspector,
        #[cfg(feature = "tls")]
        ca_certificate: match &transport {
            Transport::Plain => None,
            Transport::Tls(tls) => tls.ca_pem().map(str::to_owned),
        },
    })
}

#[cfg(feature = "tls")]
fn transport(config: &Config) -> Result<Transport, StartError> {
    let made = match &config.certificate {
        Certificate::None => return Ok(Transport::Plain),
        Certificate::Made => {
            let addresses = config.listen.iter().map(SocketAddr::ip);
            // Clients judge certificates by the real time.
            Tls::with_own_authority(&domains(config), addresses, real_now())
        }
        Certificate::Given { certificate_pem, key_pem } => {
            Tls::with_files(certificate_pem, &key_pem.0)
        }
    };
    made.map(Transport::Tls).map_err(|error| match error {
        TlsError::Make(_) => StartError::other(error.to_string()),
        TlsError::CertificatePem(_)
        | TlsError::NoCertificate
        | TlsError::KeyPem(_)
        | TlsError::Unusable(_) => StartError::config(error.to_string()),
    })
}

#[cfg(not(feature = "tls"))]
#[allow(clippy::unnecessary_wraps)] // With HTTPS it can fail.
fn transport(config: &Config) -> Result<Transport, StartError> {
    match config.certificate {
        Certificate::None => Ok(Transport::Plain),
    }
}

/// The inspector, for the server.
struct Inspector(Arc<World>);

impl Handler for Inspector {
    async fn answer(&self, arrived: Arrived) -> Answer {
        inspector::answer(&self.0, arrived).await
    }
}

fn cannot_serve(error: &std::io::Error) -> StartError {
    StartError::io("cannot serve", error)
}

fn bind(address: SocketAddr) -> Result<Bound, StartError> {
    Bound::to(address).map_err(|error| StartError::bind(address, &error))
}

/// Binds the first address, and of the others those that the machine has. A port that was picked
/// for the first is wanted for all.
fn bind_all(addresses: &[SocketAddr]) -> Result<Vec<Bound>, StartError> {
    let Some((first, others)) = addresses.split_first() else {
        return Err(StartError::config("there is no address to listen on"));
    };
    let mut bound = vec![bind(*first)?];
    for address in others {
        match Bound::to(*address) {
            Ok(other) => bound.push(other),
            Err(error) => tracing::warn!("not listening on {address}: {error}"),
        }
    }
    Ok(bound)
}

fn open(config: &Config) -> Result<Arc<dyn Store>, StartError> {
    let store = SledStore::open(Settings {
        data_dir: config.data_dir.clone(),
        spill_above: config.spill_above,
        durability: config.durability,
    })?;
    Ok(Arc::new(store))
}

/// The file and the webhook that events go to.
fn sinks(events: &config::Events) -> Result<Vec<Sink>, StartError> {
    let mut sinks = Vec::new();
    if let Some(path) = &events.file {
        let doing = format!("cannot write events to {}", path.display());
        let file = std::fs::File::options().create(true).append(true).open(path);
        let sink = file.and_then(Sink::file);
        sinks.push(sink.map_err(|error| StartError::io(&doing, &error))?);
    }
    if let Some(url) = &events.webhook {
        let address = Address::parse(url).ok_or_else(|| {
            StartError::config(format!(
                "the webhook for events, `{url}`, is no URL such as http://127.0.0.1:3000/events"
            ))
        })?;
        let sink = Sink::webhook(address);
        sinks.push(sink.map_err(|error| StartError::io("cannot start a thread", &error))?);
    }
    Ok(sinks)
}

fn world(
    config: Config,
    keyring: Keyring,
    store: Arc<dyn Store>,
    endpoint: String,
    inspector: Option<&Bound>,
    sinks: Vec<Sink>,
) -> Result<World, StartError> {
    let explain_at = match inspector {
        Some(bound) if config.explain_header == ExplainHeader::On => {
            Some(url(Scheme::Http, bound)?)
        }
        _ => None,
    };
    let domains = domains(&config);
    Ok(World {
        hosts: hosts(&endpoint, &domains),
        endpoint,
        data_dir: config.data_dir,
        region: config.region,
        domains,
        clock: config.clock,
        time_travel: config.time_travel,
        keyring,
        store,
        journal: Journal::new(),
        events: Bus::new(sinks, config.events.destinations),
        sweeper: Sweeper::default(),
        restores: Restores::default(),
        ids: Ids::random(),
        relaxed_of_signer: config
            .relaxed
            .iter()
            .copied()
            .filter_map(Relaxation::of_signer)
            .collect(),
        relaxed: config.relaxed,
        explain_at,
    })
}

/// All base domains, in lower case.
fn domains(config: &Config) -> Vec<String> {
    std::iter::once(LOCALHOST.to_owned())
        .chain(config.domains.iter().map(|name| name.to_ascii_lowercase()))
        .collect()
}

/// The address of the endpoint, and each domain with its port and without.
fn hosts(endpoint: &str, domains: &[String]) -> Vec<String> {
    let authority = endpoint.split_once("://").map_or(endpoint, |(_, authority)| authority);
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    let mut hosts = vec![authority.to_owned()];
    for domain in domains {
        hosts.extend([format!("{domain}:{port}"), domain.clone()]);
    }
    hosts
}

/// The URL under which a socket is reached from this machine.
fn url(scheme: Scheme, bound: &Bound) -> Result<String, StartError> {
    let mut address =
        bound.address().map_err(|error| StartError::io("cannot tell the port", &error))?;
    if address.ip().is_unspecified() {
        address.set_ip(match address.ip() {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::LOCALHOST),
        });
    }
    Ok(format!("{scheme}://{address}"))
}

/// The policy of a bucket as it is kept.
fn policy(document: &str, bucket: &str, keyring: &Keyring) -> Result<String, StartError> {
    let document = document.trim().as_bytes();
    let read = Policy::of_bucket(document, bucket, &|name| keyring.knows(name));
    let (_, text) =
        read.map_err(|error| StartError::config(format!("bucket `{bucket}`: policy: {error}")))?;
    Ok(text)
}

/// A bucket as it is kept.
fn record(
    bucket: &config::Bucket,
    config: &Config,
    keyring: &Keyring,
) -> Result<Bucket, StartError> {
    let name = &bucket.name;
    if !is_valid_bucket_name(name) {
        return Err(StartError::config(format!("bucket `{name}`: S3 does not allow this name")));
    }
    let owner = match &bucket.owner {
        Some(owner) => keyring.named(owner),
        None => keyring.first().map(Arc::as_ref),
    };
    let Some(owner) = owner else {
        let owner = bucket.owner.as_deref().unwrap_or_default();
        return Err(StartError::config(format!("bucket `{name}`: there is no user `{owner}`")));
    };
    for rule in &bucket.cors {
        rule.check().map_err(|why| StartError::config(format!("bucket `{name}`: {why}")))?;
    }
    let id = owner.canonical_id();
    let region = bucket.region.as_ref().unwrap_or(&config.region).clone();
    let policy = bucket.policy.as_deref().map(|document| policy(document, name, keyring));
    let policy = policy.transpose()?;
    Ok(Bucket {
        id: 0,
        name: name.clone(),
        acl: bucket.acl.grants(&id, &id),
        owner: id,
        account: owner.account_id().to_owned(),
        created: config.clock.now(),
        ownership: Some(bucket.ownership),
        public_access_block: Some(bucket.public_access_block),
        settings: BucketSettings { policy, ..settings(bucket, &region, owner.account_id())? },
        region,
    })
}

/// The settings of a bucket that tells of events, as if a notification configuration with one
/// queue had been put.
fn settings(
    bucket: &config::Bucket,
    region: &str,
    account: &str,
) -> Result<BucketSettings, StartError> {
    let mut settings = match bucket.keeps {
        Keeps::Nothing => BucketSettings::default(),
        Keeps::Versions => BucketSettings::with_versioning(),
        Keeps::LockedVersions => BucketSettings::with_object_lock(),
    };
    settings.cors.clone_from(&bucket.cors);
    settings.customer_keys = bucket.customer_keys;
    if bucket.events.is_empty() {
        return Ok(settings);
    }
    if let Some(unknown) = bucket.events.iter().find(|name| !EVENTS.contains(&name.as_str())) {
        return Err(StartError::config(format!(
            "bucket `{}`: there is no event `{unknown}`; they are: {}",
            bucket.name,
            EVENTS.join(", ")
        )));
    }
    let target = Target {
        id: "stuntbucket".to_owned(),
        kind: Kind::Queue,
        arn: format!("arn:aws:sqs:{region}:{account}:stuntbucket"),
        events: bucket.events.clone(),
        prefix: String::new(),
        suffix: String::new(),
    };
    let mut xml = Xml::fragment();
    xml.open("QueueConfiguration");
    xml.leaf("Id", &target.id);
    xml.leaf("Queue", &target.arn);
    for event in &target.events {
        xml.leaf("Event", event);
    }
    xml.close();
    settings.configurations.put(Configuration::Notification, "", xml.finish());
    let event_bridge = EventBridge::Off;
    settings.notification = Some(Notification { targets: vec![target], event_bridge });
    Ok(settings)
}
