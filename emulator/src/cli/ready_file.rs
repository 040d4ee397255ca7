//! `ReadyFile`: how programs learn that an emulator answers, and where.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use super::CliError;

/// What stands in the file, as JSON.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReadyFile {
    pub(super) endpoint: String,
    pub(super) inspector: Option<String>,
    pub(super) region: String,
    pub(super) users: Vec<ReadyUser>,
    /// The certificate to trust, where the endpoint is HTTPS.
    pub(super) ca: Option<PathBuf>,
    pid: u32,
}

/// One user, with what a client needs to sign.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ReadyUser {
    name: String,
    pub(super) access_key: String,
    pub(super) secret_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) session_token: Option<String>,
    account: String,
    canonical_id: String,
}

impl ReadyFile {
    /// What is to be said of an emulator of this process.
    pub(super) fn of(emulator: &Stuntbucket, ca: Option<&Path>) -> Self {
        Self {
            endpoint: emulator.endpoint(),
            inspector: emulator.inspector(),
            region: emulator.region().to_owned(),
            users: emulator.users().map(ReadyUser::from).collect(),
            ca: ca.map(Path::to_owned),
            pid: std::process::id(),
        }
    }

    /// Writes the file as a whole: whoever finds it can read all of it.
    pub(super) fn write(&self, path: &Path) -> Result<(), CliError> {
        let mut unfinished = path.as_os_str().to_owned();
        unfinished.push(format!(".{}.unfinished", self.pid));
        let written = serde_json::to_vec(self)
            .map_err(io::Error::from)
            .and_then(|json| fs::write(&unfinished, json))
            .and_then(|()| fs::rename(&unfinished, path));
        written.map_err(|error| {
            // What is left of the attempt, if anything.
            let _ = fs::remove_file(&unfinished);
            failed("write", path, &error)
        })
    }

    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let json = fs::read(path).map_err(|error| failed("read", path, &error))?;
        serde_json::from_slice(&json).map_err(|error| failed("read", path, &error.into()))
    }

    /// Takes the file away, which may be that of an earlier emulator that was killed.
    pub(super) fn remove(path: &Path) -> Result<(), CliError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(failed("remove", path, &error))
            }
            _ => Ok(()),
        }
    }
}

impl From<&User> for ReadyUser {
    fn from(user: &User) -> Self {
        let credentials = user.credentials();
        Self {
            name: user.name().to_owned(),
            access_key: credentials.access_key_id,
            secret_key: credentials.secret_key.expose().to_owned(),
            session_token: credentials.session_token,
            account: user.account_id().to_owned(),
            canonical_id: user.canonical_id().as_str().to_owned(),
        }
    }
}

fn failed(verb: &str, path: &Path, error: &io::Error) -> CliError {
    CliError::Failed(format!("--ready-file: cannot {verb} `{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> ReadyFile {
        ReadyFile {
            endpoint: "http://127.0.0.1:9000".to_owned(),
            inspector: None,
            region: "us-east-1".to_owned(),
            users: vec![ReadyUser::from(&User::new("alice").keys("AKID", "secret"))],
            ca: None,
            pid: 7,
        }
    }

    #[test]
    fn the_file_is_json_and_is_alone_in_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ready.json");
        example().write(&path).unwrap();
        assert_eq!(ReadyFile::read(&path).unwrap(), example());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        // The SHA-256 of `000000000001`.
        let canonical_id = "27d6fbbe5c7d230a83b72e525751d4e0a33477eeb7817a4af485825a133e1b1e";
        let expected = format!(
            r#"{{"endpoint":"http://127.0.0.1:9000","inspector":null,"region":"us-east-1","users":[{{"name":"alice","access_key":"AKID","secret_key":"secret","account":"000000000001","canonical_id":"{canonical_id}"}}],"ca":null,"pid":7}}"#
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    }

    #[test]
    fn a_file_of_an_earlier_run_goes_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ready.json");
        fs::write(&path, "old").unwrap();
        ReadyFile::remove(&path).unwrap();
        assert!(!path.exists());
        ReadyFile::remove(&path).unwrap();
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("missing/ready.json");
        let error = example().write(&path).unwrap_err();
        assert_eq!(error.exit_code(), 1);
        assert!(error.to_string().contains("missing/ready.json"), "{error}");
    }
}
