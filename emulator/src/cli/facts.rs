//! `Facts`: what `serve` says on standard output when it is ready.

use std::fmt;
use std::path::Path;
use std::path::PathBuf;

use serde::Serialize;
use stuntbucket::Stuntbucket;

use super::CliError;
use super::first_steps;
use super::serve_flags::LogFormat;
use super::settings::Settings;

/// One fact a line, or all of them in one JSON object.
#[derive(Debug, Serialize)]
pub(super) struct Facts {
    endpoint: String,
    inspector: Option<String>,
    region: String,
    access_key: String,
    secret_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_token: Option<String>,
    /// `None` where all is gone at the end.
    data: Option<PathBuf>,
    relaxed: Vec<&'static str>,
    /// The certificate that clients must trust.
    #[serde(skip_serializing_if = "Option::is_none")]
    ca: Option<PathBuf>,
    /// Lines to paste into a shell.
    #[serde(rename = "try")]
    first_steps: Vec<String>,
}

impl Facts {
    /// The facts of a running emulator. The keys are the first user's.
    pub(super) fn of(
        emulator: &Stuntbucket,
        settings: &Settings,
        ca: Option<&Path>,
        program: &str,
    ) -> Self {
        let credentials = emulator.credentials();
        let endpoint = emulator.endpoint();
        Self {
            first_steps: first_steps::lines(&endpoint, &credentials, settings, ca, program),
            endpoint,
            inspector: emulator.inspector(),
            region: emulator.region().to_owned(),
            access_key: credentials.access_key_id,
            secret_key: credentials.secret_key.expose().to_owned(),
            session_token: credentials.session_token,
            data: settings.data.clone(),
            relaxed: settings.relaxed.iter().map(|check| check.name()).collect(),
            ca: ca.map(Path::to_owned),
        }
    }

    pub(super) fn written(&self, format: LogFormat) -> Result<String, CliError> {
        match format {
            LogFormat::Text => Ok(self.to_string()),
            LogFormat::Json => {
                serde_json::to_string(self).map_err(|error| CliError::Failed(error.to_string()))
            }
        }
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "endpoint: {}", self.endpoint)?;
        writeln!(f, "inspector: {}", self.inspector.as_deref().unwrap_or("off"))?;
        writeln!(f, "region: {}", self.region)?;
        writeln!(f, "access key: {}", self.access_key)?;
        writeln!(f, "secret key: {}", self.secret_key)?;
        if let Some(token) = &self.session_token {
            writeln!(f, "session token: {token}")?;
        }
        match &self.data {
            Some(folder) => writeln!(f, "data: {}", folder.display())?,
            None => writeln!(f, "data: temporary")?,
        }
        if !self.relaxed.is_empty() {
            writeln!(f, "relaxed: {}", self.relaxed.join(", "))?;
        }
        if let Some(path) = &self.ca {
            writeln!(f, "ca: {}", path.display())?;
        }
        write!(f, "try:")?;
        self.first_steps.iter().try_for_each(|line| write!(f, "\n  {line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Facts {
        Facts {
            endpoint: "http://127.0.0.1:9000".to_owned(),
            inspector: None,
            region: "us-east-1".to_owned(),
            access_key: "AKID".to_owned(),
            secret_key: "secret".to_owned(),
            session_token: None,
            data: Some(PathBuf::from("kept")),
            relaxed: vec!["expiry", "skew"],
            ca: Some(PathBuf::from("kept-ca.pem")),
            first_steps: vec!["curl a".to_owned(), "curl b".to_owned()],
        }
    }

    #[test]
    fn for_a_person_each_fact_is_a_line() {
        assert_eq!(
            example().written(LogFormat::Text).unwrap(),
            "endpoint: http://127.0.0.1:9000\n\
             inspector: off\n\
             region: us-east-1\n\
             access key: AKID\n\
             secret key: secret\n\
             data: kept\n\
             relaxed: expiry, skew\n\
             ca: kept-ca.pem\n\
             try:\n  curl a\n  curl b",
        );
    }

    #[test]
    fn for_a_program_they_are_one_object() {
        assert_eq!(
            example().written(LogFormat::Json).unwrap(),
            r#"{"endpoint":"http://127.0.0.1:9000","inspector":null,"region":"us-east-1","access_key":"AKID","secret_key":"secret","data":"kept","relaxed":["expiry","skew"],"ca":"kept-ca.pem","try":["curl a","curl b"]}"#,
        );
    }
}
