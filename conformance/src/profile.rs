//! Keys, region and endpoint from where every AWS tool looks for them: the environment and the profile
//! files. The environment comes in as a value; only the binary reads the real one.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::PathBuf;

use stuntbucket_signer::Credentials;

/// The variables that matter here, by their names.
#[derive(Clone, Debug, Default)]
pub struct Environment(pub BTreeMap<String, String>);

impl Environment {
    fn value(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// What is known of an account.
#[derive(Debug)]
pub struct Profile {
    /// The keys.
    pub credentials: Credentials,
    /// The region, if any place names one.
    pub region: Option<String>,
    /// The endpoint, if any place names one.
    pub endpoint: Option<String>,
}

/// Finds the profile of that name; without a name, what the environment says, as the AWS tools do:
/// its keys, else the profile of `AWS_PROFILE`, else the one called `default`.
///
/// # Errors
///
/// If there are no keys, or a file that the environment names cannot be read.
pub fn find(name: Option<&str>, environment: &Environment) -> Result<Profile, NoProfile> {
    let from_environment = match name {
        Some(_) => None,
        None => environment_credentials(environment),
    };
    let name = name.or_else(|| environment.value("AWS_PROFILE")).unwrap_or("default");
    let config = read(environment, "AWS_CONFIG_FILE", "config")?;
    let section = if name == "default" { name.to_owned() } else { format!("profile {name}") };
    let config = section_of(&config, &section);
    let keys = read(environment, "AWS_SHARED_CREDENTIALS_FILE", "credentials")?;
    let keys = section_of(&keys, name);
    let credentials = from_environment
        .or_else(|| file_credentials(&keys))
        .or_else(|| file_credentials(&config))
        .ok_or_else(|| NoProfile::NoKeys(name.to_owned()))?;
    let variable = |name: &str| environment.value(name).map(str::to_owned);
    Ok(Profile {
        credentials,
        region: variable("AWS_REGION")
            .or_else(|| variable("AWS_DEFAULT_REGION"))
            .or_else(|| config.get("region").cloned()),
        endpoint: variable("AWS_ENDPOINT_URL_S3")
            .or_else(|| variable("AWS_ENDPOINT_URL"))
            .or_else(|| config.get("endpoint_url").cloned()),
    })
}

/// Why an account is not known.
#[derive(Debug)]
pub enum NoProfile {
    /// Neither the environment nor the profile has keys.
    NoKeys(String),
    /// A profile file that cannot be read.
    Unreadable(PathBuf, io::Error),
}

impl fmt::Display for NoProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKeys(name) => write!(
                f,
                "no keys: neither `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` nor static keys in \
                 the profile `{name}`",
            ),
            Self::Unreadable(path, error) => write!(f, "cannot read `{}`: {error}", path.display()),
        }
    }
}

impl std::error::Error for NoProfile {}

fn environment_credentials(environment: &Environment) -> Option<Credentials> {
    let access_key = environment.value("AWS_ACCESS_KEY_ID")?;
    let secret_key = environment.value("AWS_SECRET_ACCESS_KEY")?;
    let mut credentials = Credentials::new(access_key, secret_key);
    credentials.session_token = environment.value("AWS_SESSION_TOKEN").map(str::to_owned);
    Some(credentials)
}

fn file_credentials(section: &BTreeMap<String, String>) -> Option<Credentials> {
    let access_key = section.get("aws_access_key_id")?;
    let mut credentials = Credentials::new(access_key, section.get("aws_secret_access_key")?);
    credentials.session_token = section.get("aws_session_token").cloned();
    Some(credentials)
}

/// The text of a profile file. One that nobody named may be missing.
fn read(environment: &Environment, variable: &str, name: &str) -> Result<String, NoProfile> {
    let named = environment.value(variable).map(PathBuf::from);
    let is_named = named.is_some();
    let home = || environment.value("HOME").or_else(|| environment.value("USERPROFILE"));
    let Some(path) = named.or_else(|| Some(PathBuf::from(home()?).join(".aws").join(name))) else {
        return Ok(String::new());
    };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_named => Ok(String::new()),
        Err(error) => Err(NoProfile::Unreadable(path, error)),
    }
}

fn section_of(file: &str, name: &str) -> BTreeMap<String, String> {
    let mut is_inside = false;
    let mut section = BTreeMap::new();
    for line in file.lines() {
        let trimmed = line.trim();
        if let Some(header) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            is_inside = header.split_whitespace().eq(name.split_whitespace());
            continue;
        }
        // An indented line belongs to a nested setting such as `s3 =`.
        let is_setting = is_inside && !trimmed.starts_with(['#', ';']) && !line.starts_with(' ');
        if let (true, Some((key, value))) = (is_setting, trimmed.split_once('=')) {
            section.insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
    section
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Environment(variables.iter().map(pair).collect())
    }

    fn files() -> (tempfile::TempDir, [(&'static str, String); 2]) {
        let folder = tempfile::tempdir().unwrap();
        let credentials = folder.path().join("credentials");
        fs::write(
            &credentials,
            "[default]\naws_access_key_id = AKIDDEFAULT\naws_secret_access_key=s1\n\n# second\n\
             [second]\naws_access_key_id=AKIDSECOND\naws_secret_access_key = s2=\n\
             aws_session_token = t\n",
        )
        .unwrap();
        let config = folder.path().join("config");
        fs::write(
            &config,
            "[default]\nregion = eu-west-1\ns3 =\n  region = wrong\n[profile second]\n\
             region=us-west-2\nendpoint_url = http://localhost:9000\n[profile empty]\n",
        )
        .unwrap();
        let shown = |path: &std::path::Path| path.display().to_string();
        let variables = [
            ("AWS_SHARED_CREDENTIALS_FILE", shown(&credentials)),
            ("AWS_CONFIG_FILE", shown(&config)),
        ];
        (folder, variables)
    }

    #[track_caller]
    fn check(
        name: Option<&str>,
        more: &[(&str, &str)],
        expected: (&str, Option<&str>, Option<&str>),
    ) {
        let (_folder, variables) = files();
        let mut all: Vec<_> =
            variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.extend_from_slice(more);
        let profile = find(name, &environment(&all)).unwrap();
        let found = (
            profile.credentials.access_key_id.as_str(),
            profile.region.as_deref(),
            profile.endpoint.as_deref(),
        );
        assert_eq!(found, expected);
    }

    #[test]
    fn keys_are_found_where_aws_tools_find_them() {
        let second = ("AKIDSECOND", Some("us-west-2"), Some("http://localhost:9000"));
        check(None, &[], ("AKIDDEFAULT", Some("eu-west-1"), None));
        check(None, &[("AWS_PROFILE", "second")], second);
        check(Some("second"), &[], second);
        let keys = [("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", "s")];
        check(None, &keys, ("AKIDENV", Some("eu-west-1"), None));
        // A profile that is asked for by name is not replaced by keys that happen to be set.
        check(Some("second"), &keys, second);
        let region = [("AWS_REGION", "ap-south-1"), ("AWS_ENDPOINT_URL", "http://h")];
        check(None, &region, ("AKIDDEFAULT", Some("ap-south-1"), Some("http://h")));
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = find(None, &Environment::default()).unwrap_err();
        assert!(error.to_string().contains("the profile `default`"), "{error}");
        let (_folder, variables) = files();
        let all: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let error = find(Some("empty"), &environment(&all)).unwrap_err();
        assert!(error.to_string().contains("the profile `empty`"), "{error}");
        let gone = environment(&[("AWS_CONFIG_FILE", "/nowhere/config")]);
        let error = find(None, &gone).unwrap_err();
        assert!(error.to_string().starts_with("cannot read `/nowhere/config`"), "{error}");
    }
}
