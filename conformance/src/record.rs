//! Recordings: what was said in a run, with target, region and date, as files.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use serde::Deserialize;
use serde::Serialize;

use crate::exchange::Exchange;
use crate::fill::Names;
use crate::run::Outcome;
use crate::suite::Run;

/// The file that says where the others are from.
const ABOUT: &str = "recording.json";
/// What stands in place of a session token.
const LEFT_OUT: &str = "(left out)";

/// A whole run as it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Where it is from.
    pub about: About,
    /// The flows by their names.
    pub flows: BTreeMap<String, Recorded>,
}

/// Where a recording is from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The name of the target.
    pub target: String,
    /// Its endpoint.
    pub endpoint: String,
    /// Its region.
    pub region: String,
    /// When the run began, by the target's clock: `2026-01-01T00:00:00Z`.
    pub began: String,
}

/// One flow as it was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Where the flow's promise is known from.
    pub source: String,
    /// The values that filled its places.
    pub names: Names,
    /// Set-up and steps.
    pub exchanges: Vec<Exchange>,
}

impl Recording {
    /// Takes what was said in a run. Session tokens are left out; skipped flows said nothing.
    pub fn of(run: &Run) -> Self {
        let about = About {
            target: run.target.clone(),
            endpoint: run.endpoint.clone(),
            region: run.region.clone(),
            began: run.began.iso(),
        };
        let spoke = |outcome: &Outcome| !matches!(outcome, Outcome::Skipped { .. });
        let entries = run.entries.iter().filter(|entry| spoke(&entry.outcome));
        let flows = entries.map(|entry| {
            let recorded = Recorded {
                source: entry.flow.source.to_owned(),
                names: entry.names.clone(),
                exchanges: entry.exchanges.iter().cloned().map(without_token).collect(),
            };
            (entry.flow.name.to_owned(), recorded)
        });
        Self { about, flows: flows.collect() }
    }

    /// Writes one file a flow into a folder, which is made if need be.
    ///
    /// # Errors
    ///
    /// If a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), BadRecording> {
        write(&folder.join(ABOUT), &self.about)?;
        for (name, flow) in &self.flows {
            write(&folder.join(format!("{name}.json")), flow)?;
        }
        Ok(())
    }

    /// Reads what [`Recording::write`] wrote.
    ///
    /// # Errors
    ///
    /// If the folder holds no recording.
    pub fn read(folder: &Path) -> Result<Self, BadRecording> {
        let about = read(&folder.join(ABOUT))?;
        let mut flows = BTreeMap::new();
        for family in entries(folder)?.iter().filter(|path| path.is_dir()) {
            for path in entries(family)? {
                let name = |path: &Path| Some(path.file_stem()?.to_str()?.to_owned());
                if let (Some(family), Some(flow)) = (name(family), name(&path)) {
                    flows.insert(format!("{family}/{flow}"), read(&path)?);
                }
            }
        }
        Ok(Self { about, flows })
    }
}

/// A file of a recording that cannot be read or written.
#[derive(Debug)]
pub struct BadRecording {
    path: PathBuf,
    error: io::Error,
}

impl fmt::Display for BadRecording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the recording `{}`: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for BadRecording {}

fn without_token(mut exchange: Exchange) -> Exchange {
    let request = &mut exchange.request;
    for header in request.headers.iter_mut().filter(|header| header.0 == "x-amz-security-token") {
        LEFT_OUT.clone_into(&mut header.1);
    }
    if let Some(start) = request.url.find("X-Amz-Security-Token=") {
        let start = start + "X-Amz-Security-Token=".len();
        let end = request.url[start..].find('&').map_or(request.url.len(), |end| start + end);
        request.url.replace_range(start..end, LEFT_OUT);
    }
    let body = String::from_utf8_lossy(&request.body);
    let field = "name=\"x-amz-security-token\"\r\n\r\n";
    if let Some((before, rest)) = body.split_once(field) {
        let after = rest.split_once("\r\n").map_or("", |(_, after)| after);
        request.body = format!("{before}{field}{LEFT_OUT}\r\n{after}").into_bytes();
    }
    exchange
}

fn write(path: &Path, value: &impl Serialize) -> Result<(), BadRecording> {
    let bad = |error| BadRecording { path: path.to_owned(), error };
    let text = serde_json::to_string_pretty(value).map_err(|error| bad(io::Error::other(error)))?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(bad)?;
    }
    fs::write(path, text + "\n").map_err(bad)
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T, BadRecording> {
    let bad = |error| BadRecording { path: path.to_owned(), error };
    let text = fs::read_to_string(path).map_err(bad)?;
    serde_json::from_str(&text).map_err(|error| bad(io::Error::other(error)))
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, BadRecording> {
    let paths = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()
    });
    paths.map_err(|error| BadRecording { path: folder.to_owned(), error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Request;
    use crate::report::tests::run_of;
    use crate::scripted::answer;

    #[test]
    fn what_is_written_reads_back() {
        let mut run = run_of();
        let request = Request {
            method: "PUT".to_owned(),
            url: "http://h/b/k".to_owned(),
            headers: Vec::new(),
            body: vec![0xFF, 0x00],
        };
        run.entries[0].exchanges.push(Exchange { request, response: Some(answer(200, "<R/>")) });
        let recording = Recording::of(&run);
        let names: Vec<_> = recording.flows.keys().collect();
        assert_eq!(names, ["test/deviates", "test/passes", "test/surprises"]);
        let folder = tempfile::tempdir().unwrap();
        recording.write(folder.path()).unwrap();
        assert_eq!(Recording::read(folder.path()).unwrap(), recording);
    }

    #[test]
    fn a_session_token_is_left_out_wherever_it_travels() {
        let exchange = without_token(Exchange {
            request: Request {
                method: "POST".to_owned(),
                url: "http://h/b?X-Amz-Security-Token=secret&x=1".to_owned(),
                headers: vec![("x-amz-security-token".to_owned(), "secret".to_owned())],
                body: b"a; name=\"x-amz-security-token\"\r\n\r\nsecret\r\n--b".to_vec(),
            },
            response: None,
        });
        let shown = serde_json::to_string(&exchange).unwrap();
        assert!(!shown.contains("secret") && shown.contains("&x=1"), "{shown}");
        assert!(exchange.request.body.ends_with(b"(left out)\r\n--b"));
    }

    #[test]
    fn a_folder_without_a_recording_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let error = Recording::read(folder.path()).unwrap_err().to_string();
        assert!(error.contains("recording.json"), "{error}");
    }
}
