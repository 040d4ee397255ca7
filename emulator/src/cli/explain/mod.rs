//! `explain`: what S3 would say of a URL, a form or a request, offline: every refusal, and risks.

mod access;
mod input;
mod judge;
mod keys;
mod query;
mod report;
mod risk;
mod sent;
#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::io::Read;
use std::process::ExitCode;

use clap::Args;
use clap::Subcommand;
use serde::Serialize;
use stuntbucket::DEFAULT_ACCESS_KEY;
use stuntbucket::DEFAULT_SECRET_KEY;
use stuntbucket::Timestamp;
use stuntbucket::User;
use stuntbucket_signer::Credentials;

use self::input::Given;
use self::input::Kind;
use self::judge::Explained;
use self::judge::Setting;
use self::judge::SubjectKind;
use self::keys::KnownKeys;
use self::risk::Risk;
use super::CliError;
use super::endpoint::Endpoint;
use super::environment::Environment;
use super::serve_flags::user;

/// The base domain that every emulator has.
const LOCALHOST: &str = "localhost";

/// The exit code of something that S3 would refuse.
const REFUSED: u8 = 1;

/// What is explained, and what is known about it.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct ExplainFlags {
    #[command(subcommand)]
    other: Option<What>,

    /// A presigned URL, a curl line, or a file (`-`: standard input) with one of them, a form (HTML,
    /// or JSON with url and fields), a HAR file or a raw HTTP request
    #[arg(value_name = "INPUT", required = true)]
    input: Option<String>,

    /// A key pair that may have signed it; repeatable [default: the AWS_* variables, else the fixed
    /// pair of `serve`]
    #[arg(long = "user", value_name = "ACCESS:SECRET", value_parser = user)]
    users: Vec<User>,

    /// The session token that belongs to the keys of --user
    #[arg(long, value_name = "TOKEN", requires = "users")]
    session_token: Option<String>,

    /// When the session of these keys ends
    #[arg(long, value_name = "TIME", value_parser = time)]
    session_expires: Option<Timestamp>,

    /// The time to judge at, such as 2026-01-01T12:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = time)]
    at: Option<Timestamp>,

    /// The region of hosts that name none [default: us-east-1 for localhost, addresses and --domain,
    /// else the one that the signature names]
    #[arg(long, value_name = "NAME")]
    region: Option<String>,

    /// Where a request or form goes that names no host; its host counts as a --domain
    #[arg(long, value_name = "URL")]
    endpoint: Option<Endpoint>,

    /// A host of S3, before which bucket names may stand; repeatable
    #[arg(long = "domain", value_name = "NAME")]
    domains: Vec<String>,

    /// The method that a URL is used with [default: the one that its signature fits]
    #[arg(long, value_name = "METHOD")]
    method: Option<String>,

    /// A header that goes with a URL; repeatable
    #[arg(long = "header", value_name = "NAME:VALUE", value_parser = header)]
    headers: Vec<(String, String)>,

    /// A field that a form gets when it is sent; repeatable
    #[arg(long = "field", value_name = "NAME=VALUE", value_parser = field)]
    fields: Vec<(String, String)>,

    /// Writes one JSON object in place of the text
    #[arg(long)]
    json: bool,
}

/// What is explained other than a request that was made or is to be made.
#[derive(Debug, Subcommand)]
enum What {
    /// Says whether somebody may do something, and what decides it. Ends with 0 if so, with 1 if
    /// not, and with 2 if it cannot tell.
    Access(access::AccessFlags),
}

/// Explains, and ends with 0 if all of it would be accepted.
pub(crate) fn run(
    flags: &ExplainFlags,
    environment: &Environment,
    now: Timestamp,
) -> Result<ExitCode, CliError> {
    if let Some(What::Access(flags)) = &flags.other {
        return access::run(flags);
    }
    let input = bytes_of(flags.input.as_deref().unwrap_or_default())?;
    let (text, verdict) = explain(flags, &input, environment, now)?;
    super::print(&text)?;
    Ok(match verdict {
        Overall::Accepted => ExitCode::SUCCESS,
        Overall::Refused => ExitCode::from(REFUSED),
    })
}

/// The verdict on all that an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overall {
    Accepted,
    Refused,
}

/// All of it as one object.
#[derive(Serialize)]
struct Document<'a> {
    input: &'static str,
    judged_at: String,
    accepted: bool,
    requests: &'a [Explained],
}

fn explain(
    flags: &ExplainFlags,
    input: &[u8],
    environment: &Environment,
    now: Timestamp,
) -> Result<(String, Overall), CliError> {
    let now = flags.at.unwrap_or(now);
    let of_environment = AwsVariables::read(environment).filter(|_| flags.users.is_empty());
    let endpoint = flags.endpoint.as_ref().map(ToString::to_string);
    let mut bases: Vec<String> =
        flags.domains.iter().map(|name| name.to_ascii_lowercase()).collect();
    bases.extend(endpoint.as_deref().and_then(host));
    let given = Given {
        endpoint,
        bases: bases.clone(),
        method: flags.method.as_deref().map(str::to_ascii_uppercase),
        headers: flags.headers.clone(),
        fields: flags.fields.clone(),
    };
    bases.push(LOCALHOST.to_owned());
    let input = input::read(input, &given).map_err(CliError::Usage)?;
    let of_region = of_environment.as_ref().and_then(|variables| variables.region.clone());
    let setting = Setting {
        now,
        region: flags.region.clone().or(of_region),
        bases,
        keys: keys(flags, of_environment),
    };
    let explained: Vec<_> =
        input.subjects.iter().map(|subject| judge::judge(subject, &setting)).collect();
    if let (Kind::Url, [one]) = (input.kind, explained.as_slice())
        && one.kind == SubjectKind::UnsignedRequest
        && one.risks.iter().any(|risk| matches!(risk, Risk::UnknownHost { .. }))
    {
        return Err(CliError::Usage(format!(
            "{} is no presigned URL, and its host is none of S3's; expected a URL with \
             X-Amz-Signature in it, or --domain",
            one.url
        )));
    }
    let is_accepted = explained.iter().all(|one| one.accepted);
    let text = if flags.json {
        let document = Document {
            input: input.kind.name(),
            judged_at: now.iso(),
            accepted: is_accepted,
            requests: &explained,
        };
        serde_json::to_string_pretty(&document)
            .map_err(|error| CliError::Failed(error.to_string()))?
    } else {
        report::text(&explained, now)
    };
    Ok((text, if is_accepted { Overall::Accepted } else { Overall::Refused }))
}

/// What the AWS_* variables say of keys.
struct AwsVariables {
    credentials: Credentials,
    session_expires: Option<Timestamp>,
    region: Option<String>,
}

impl AwsVariables {
    fn read(environment: &Environment) -> Option<Self> {
        let variable = |name| environment.variable(name);
        let id = variable("AWS_ACCESS_KEY_ID")?;
        let mut credentials = Credentials::new(id, variable("AWS_SECRET_ACCESS_KEY")?);
        credentials.session_token = variable("AWS_SESSION_TOKEN").map(str::to_owned);
        let region = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"));
        Some(Self {
            credentials,
            // As `aws configure export-credentials` writes it.
            session_expires: variable("AWS_CREDENTIAL_EXPIRATION").and_then(|at| time(at).ok()),
            region: region.map(str::to_owned),
        })
    }
}

fn keys(flags: &ExplainFlags, of_environment: Option<AwsVariables>) -> KnownKeys {
    let mut keys = KnownKeys::default();
    for user in &flags.users {
        let mut credentials = user.credentials();
        credentials.session_token.clone_from(&flags.session_token);
        keys.add(&credentials, flags.session_expires);
    }
    if let Some(variables) = of_environment {
        let ends = flags.session_expires.or(variables.session_expires);
        keys.add(&variables.credentials, ends);
    } else if flags.users.is_empty() {
        keys.add(&Credentials::new(DEFAULT_ACCESS_KEY, DEFAULT_SECRET_KEY), None);
    }
    keys
}

/// An argument that is the input itself, else the file that it names.
fn bytes_of(argument: &str) -> Result<Vec<u8>, CliError> {
    if argument == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().lock().read_to_end(&mut bytes);
        return read
            .map(|_| bytes)
            .map_err(|error| CliError::Usage(format!("cannot read standard input: {error}")));
    }
    if input::is_itself(argument) {
        return Ok(argument.as_bytes().to_vec());
    }
    fs::read(argument).map_err(|error| {
        CliError::Usage(format!(
            "{}: {error}; INPUT is a URL, a curl line, `-`, or a file with a URL, a form, a HAR, a \
             curl line or an HTTP request",
            argument.escape_debug()
        ))
    })
}

/// The host of an endpoint, unless nothing can stand before it.
fn host(endpoint: &str) -> Option<String> {
    let (_, authority) = endpoint.split_once("://")?;
    let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let is_address = authority.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok();
    (!is_address).then(|| host.to_owned())
}

fn time(text: &str) -> Result<Timestamp, &'static str> {
    let text = text.strip_suffix("+00:00").map_or_else(|| text.to_owned(), |at| format!("{at}Z"));
    Timestamp::parse_iso(&text)
        .or_else(|| Timestamp::parse_basic(&text))
        .ok_or("not a time such as 2026-01-01T12:00:00Z")
}

fn header(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once(':').ok_or("not of the form NAME:VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn field(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("not of the form NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
