//! `env`: the variables that point AWS clients at a running emulator.

use std::path::Path;
use std::path::PathBuf;

use clap::Args;
use stuntbucket::DEFAULT_ACCESS_KEY;
use stuntbucket::DEFAULT_SECRET_KEY;
use stuntbucket_signer::Credentials;

use super::CliError;
use super::REGION;
use super::endpoint::Endpoint;
use super::environment::Environment;
use super::ready_file::ReadyFile;
use super::shell::Shell;

/// For which shell, and of which emulator.
#[derive(Debug, Args)]
pub(crate) struct EnvFlags {
    /// The shell that is to read it
    #[arg(long, default_value = "sh")]
    shell: Shell,

    /// The file that the emulator wrote [default: an emulator that was started without flags]
    #[arg(long, value_name = "FILE", env = "STUNTBUCKET_READY_FILE")]
    ready_file: Option<PathBuf>,
}

/// The variables, with the keys of the first user, in the shell's own spelling.
pub(crate) fn variables(flags: &EnvFlags, environment: &Environment) -> Result<String, CliError> {
    let emulator = match &flags.ready_file {
        Some(path) => Emulator::that_wrote(path)?,
        None => Emulator::without_flags(),
    };
    let is_token_in_the_way = environment.variable("AWS_SESSION_TOKEN").is_some();
    flags.shell.assign(&emulator.variables(is_token_in_the_way.then(String::new)))
}

/// What a client needs to know.
struct Emulator {
    endpoint: String,
    region: String,
    credentials: Credentials,
    ca: Option<PathBuf>,
}

impl Emulator {
    fn without_flags() -> Self {
        Self {
            endpoint: Endpoint::of_default_listener().to_string(),
            region: REGION.to_owned(),
            credentials: Credentials::new(DEFAULT_ACCESS_KEY, DEFAULT_SECRET_KEY),
            ca: None,
        }
    }

    fn that_wrote(path: &Path) -> Result<Self, CliError> {
        let ready = ReadyFile::read(path)?;
        let Some(user) = ready.users.into_iter().next() else {
            return Err(CliError::Failed(format!("`{}` names no user", path.display())));
        };
        let mut credentials = Credentials::new(user.access_key, user.secret_key);
        credentials.session_token = user.session_token;
        Ok(Self { endpoint: ready.endpoint, region: ready.region, credentials, ca: ready.ca })
    }

    /// `other_token` replaces a session token that was set for other keys: it would be sent along
    /// with these, and be refused.
    fn variables(self, other_token: Option<String>) -> Vec<(&'static str, String)> {
        let Credentials { access_key_id, secret_key, session_token } = self.credentials;
        let mut variables = vec![
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
            ("AWS_ENDPOINT_URL_S3", self.endpoint),
            ("AWS_ACCESS_KEY_ID", access_key_id),
            ("AWS_SECRET_ACCESS_KEY", secret_key.expose().to_owned()),
            ("AWS_REGION", self.region.clone()),
            ("AWS_DEFAULT_REGION", self.region),
            // No client shall look for better keys in the cloud.
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ];
        if let Some(path) = &self.ca {
            // Of boto3 and the AWS command line, of what links OpenSSL, of Node.js.
            let path = path.display().to_string();
            let names = ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"];
            variables.extend(names.map(|name| (name, path.clone())));
        }
        variables.extend(session_token.or(other_token).map(|token| ("AWS_SESSION_TOKEN", token)));
        variables
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::super::Arguments;
    use super::super::Command;
    use super::*;

    fn print(flags: &str, environment: &Environment) -> Result<String, CliError> {
        let words = format!("stuntbucket env {flags}");
        match Arguments::read(words.split_whitespace().map(OsString::from))? {
            Command::Env(flags) => variables(&flags, environment),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_a_ready_file_it_is_the_emulator_without_flags() {
        assert_eq!(
            print("", &Environment::default()).unwrap(),
            "export AWS_ENDPOINT_URL=http://127.0.0.1:9000\n\
             export AWS_ENDPOINT_URL_S3=http://127.0.0.1:9000\n\
             export AWS_ACCESS_KEY_ID=AKIASTUNTBUCKET00001\n\
             export AWS_SECRET_ACCESS_KEY=stuntbucket-secret-key-for-tests-only-00\n\
             export AWS_REGION=us-east-1\n\
             export AWS_DEFAULT_REGION=us-east-1\n\
             export AWS_EC2_METADATA_DISABLED=true",
        );
    }

    #[test]
    fn every_shell_gets_its_own_spelling() {
        for (shell, line) in [
            ("fish", "set -gx AWS_REGION us-east-1"),
            ("powershell", "$env:AWS_REGION = 'us-east-1'"),
            ("dotenv", "AWS_REGION=us-east-1"),
            ("json", "  \"AWS_REGION\": \"us-east-1\","),
        ] {
            let printed = print(&format!("--shell {shell}"), &Environment::default()).unwrap();
            assert!(printed.lines().any(|printed| printed == line), "{printed}");
        }
    }

    #[test]
    fn a_ready_file_tells_endpoint_region_and_keys() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ready.json");
        let text = r#"{"endpoint": "http://127.0.0.1:4711", "inspector": null, "region": "eu-west-1",
            "users": [{"name": "a", "access_key": "AKID", "secret_key": "it's", "session_token": "t",
            "account": "000000000001", "canonical_id": "c"}], "ca": "/tmp/ca.pem", "pid": 1}"#;
        std::fs::write(&path, text).unwrap();
        let flags = format!("--ready-file {}", path.display());
        let printed = print(&flags, &Environment::default()).unwrap();
        for line in [
            "export AWS_ENDPOINT_URL=http://127.0.0.1:4711",
            "export AWS_SECRET_ACCESS_KEY='it'\\''s'",
            "export AWS_REGION=eu-west-1",
            "export AWS_SESSION_TOKEN=t",
            "export AWS_CA_BUNDLE=/tmp/ca.pem",
            "export SSL_CERT_FILE=/tmp/ca.pem",
            "export NODE_EXTRA_CA_CERTS=/tmp/ca.pem",
        ] {
            assert!(printed.lines().any(|printed| printed == line), "{printed}");
        }
        std::fs::write(&path, "{}").unwrap();
        assert_eq!(print(&flags, &Environment::default()).unwrap_err().exit_code(), 1);
        folder.close().unwrap();
        assert_eq!(print(&flags, &Environment::default()).unwrap_err().exit_code(), 1);
    }

    #[test]
    fn a_session_token_of_other_keys_is_taken_away() {
        let environment = Environment::from([("AWS_SESSION_TOKEN", "FQoG")]);
        let printed = print("", &environment).unwrap();
        assert!(printed.ends_with("\nexport AWS_SESSION_TOKEN=''"), "{printed}");
    }
}
