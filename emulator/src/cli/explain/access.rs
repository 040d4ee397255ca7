//! `explain access`: whether somebody may do something, and what decides it.

use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::path::Path;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde::Deserialize;
use stuntbucket_signer::encode;

use super::super::CliError;
use super::super::PORT;
use super::super::config_file::ConfigFile;
use super::super::inspector;
use super::super::location::Location;
use super::super::ready_file::ReadyFile;
use super::super::serve_flags::Inspect;
use super::super::serve_flags::ServeFlags;
use super::super::settings::Settings;

/// Who, what, and whom to ask.
#[derive(Debug, Args)]
pub(crate) struct AccessFlags {
    /// The user who asks, or `anonymous`
    #[arg(long = "as", value_name = "USER")]
    caller: String,

    /// The action, as policies name it, such as s3:GetObject
    action: String,

    /// The object or bucket, such as s3://photos/cat.jpg
    #[arg(value_name = "S3_URL")]
    location: Location,

    /// Asks the emulator that would be started with this file, not a running one
    #[arg(long, value_name = "FILE", conflicts_with = "inspector")]
    config: Option<PathBuf>,

    /// The inspector of a running emulator [default: http://127.0.0.1:9001]
    #[arg(long, value_name = "URL")]
    inspector: Option<String>,

    /// The file that a running emulator wrote
    #[arg(long, value_name = "FILE", env = "STUNTBUCKET_READY_FILE")]
    ready_file: Option<PathBuf>,
}

/// What is told; the inspector sends more.
#[derive(Debug, Deserialize)]
struct Told {
    allowed: bool,
    because: String,
}

/// Explains, and ends as the answer is.
pub(super) fn run(flags: &AccessFlags) -> Result<ExitCode, CliError> {
    let told = match &flags.config {
        Some(path) => of_config(flags, path)?,
        None => of_running(flags)?,
    };
    let verb = if told.allowed { "allowed" } else { "denied" };
    super::super::print(&format!("{verb}: {}", told.because))?;
    Ok(if told.allowed { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Starts the emulator that the file describes, empty and on a free port.
fn of_config(flags: &AccessFlags, path: &Path) -> Result<Told, CliError> {
    let free = Some(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    let file = ConfigFile::read(path)?;
    let file = ConfigFile { listen: free, inspect: Some(Inspect::Off), data: None, ..file };
    let settings = Settings::new(&ServeFlags::default(), file);
    let unusable = |error: &dyn std::error::Error| CliError::Usage(error.to_string());
    let emulator = settings.builder()?.start().map_err(|error| unusable(&error))?;
    let Location { bucket, key } = &flags.location;
    let access = emulator.access(&flags.caller, &flags.action, bucket, key);
    let access = access.map_err(|error| unusable(&error))?;
    Ok(Told { allowed: access.allowed, because: access.because })
}

fn of_running(flags: &AccessFlags) -> Result<Told, CliError> {
    let ready = flags.ready_file.as_deref().map(ReadyFile::read).transpose();
    let ready = ready.map_err(|error| CliError::Usage(error.to_string()))?;
    let of_ready = ready.and_then(|ready| ready.inspector);
    let default = || format!("http://{}:{}", Ipv4Addr::LOCALHOST, PORT + 1);
    let base = flags.inspector.clone().or(of_ready).unwrap_or_else(default);
    let Location { bucket, key } = &flags.location;
    let resource = format!("s3://{bucket}/{key}");
    let [caller, action, resource] =
        [&flags.caller, &flags.action, &resource].map(|text| encode::component(text.as_bytes()));
    let target = format!("/api/v1/access?as={caller}&action={action}&resource={resource}");
    let document = inspector::get(&base, &target).map_err(CliError::Usage)?;
    serde_json::from_str(&document)
        .map_err(|error| CliError::Usage(format!("{base} is no inspector: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
        [[users]]
        name = "owner"
        access_key = "A"
        secret_key = "S"

        [[users]]
        name = "reader"
        access_key = "B"
        secret_key = "S"
        policy = '{"Statement": {"Sid": "R", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}}'

        [[buckets]]
        name = "photos"
    "#;

    fn told(caller: &str, action: &str, location: &str) -> Result<Told, CliError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        std::fs::write(&path, CONFIG).unwrap();
        let flags = AccessFlags {
            caller: caller.to_owned(),
            action: action.to_owned(),
            location: location.parse().unwrap(),
            config: Some(path.clone()),
            inspector: None,
            ready_file: None,
        };
        of_config(&flags, &path)
    }

    #[track_caller]
    fn check(caller: &str, action: &str, location: &str, allowed: bool, because: &str) {
        let told = told(caller, action, location).unwrap();
        assert_eq!(told.allowed, allowed, "{told:?}");
        assert!(told.because.contains(because), "{told:?}");
    }

    #[test]
    fn a_configuration_is_judged_without_being_served() {
        check("owner", "s3:PutObject", "s3://photos/a", true, "no policy limits the user");
        check("reader", "GetObject", "s3://photos/a", true, "statement `R`");
        check("reader", "s3:PutObject", "s3://photos/a", false, "no statement");
        check("reader", "s3:ListAllMyBuckets", "s3://photos", false, "no statement");
        check("anonymous", "s3:ListBucket", "s3://photos", false, "BucketOwnerEnforced");
        for (caller, action, location, complaint) in [
            ("nobody", "s3:GetObject", "s3://photos/a", "there is no user `nobody`"),
            ("owner", "s3:Frobnicate", "s3://photos/a", "S3 has no action `s3:Frobnicate`"),
            ("owner", "s3:GetObject", "s3://other/a", "there is no bucket `other`"),
        ] {
            let error = told(caller, action, location).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains(complaint), "{error}");
        }
    }
}
