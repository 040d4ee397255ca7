//! Texts, keys and files that several modules use.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

use stuntbucket_signer::Credentials;
use stuntbucket_signer::Header;
use stuntbucket_signer::Message;
use stuntbucket_signer::SecretKey;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::Key;
use stuntbucket_signer::verify::KeyHolder;
use stuntbucket_signer::verify::Keys;
use stuntbucket_signer::verify::Refusal;
use stuntbucket_signer::verify::Rules;
use stuntbucket_signer::verify::Session;
use stuntbucket_signer::verify::Verdict;

pub(crate) const REGION: &str = "us-east-1";
pub(crate) const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// The keys of the documentation's examples.
pub(crate) fn credentials() -> Credentials {
    Credentials::new(ACCESS_KEY, SECRET_KEY)
}

/// The time of the documentation's examples.
pub(crate) fn now() -> Timestamp {
    at("20130524T000000Z")
}

#[track_caller]
pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse_basic(text).unwrap()
}

/// A few keys by their ids.
#[derive(Debug, Default)]
pub(crate) struct Ring(Vec<(String, Arc<Key>)>);

impl Ring {
    pub(crate) fn of(credentials: &Credentials) -> Self {
        Self::default().with(credentials, None)
    }

    pub(crate) fn with(mut self, credentials: &Credentials, expires: Option<Timestamp>) -> Self {
        let session = credentials.session_token.clone().map(|token| Session { token, expires });
        let secret = SecretKey::new(credentials.secret_key.expose());
        let key = Arc::new(Key { secret, session });
        self.0.push((credentials.access_key_id.clone(), key));
        self
    }
}

impl Keys for Ring {
    fn find(&self, access_key_id: &str) -> Option<Arc<Key>> {
        let (_, key) = self.0.iter().find(|(id, _)| id == access_key_id)?;
        Some(Arc::clone(key))
    }

    fn others(&self, access_key_id: &str) -> Vec<(String, Arc<Key>)> {
        self.0.iter().filter(|(id, _)| id != access_key_id).cloned().collect()
    }
}

pub(crate) fn rules(now: Timestamp) -> Rules<'static> {
    Rules::new(REGION, now)
}

/// A request that owns its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
}

impl Request {
    /// Splits a URL of `http`.
    pub(crate) fn of_url(method: &str, url: &str) -> Self {
        let rest = url.strip_prefix("http://").unwrap();
        let (host, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: Vec::new(),
        }
        .with("Host", host)
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.as_bytes().to_vec()));
        self
    }

    /// Reads a request as it is written in a fixture; the body is what is left.
    pub(crate) fn parse(text: &str) -> (Self, &str) {
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let mut lines = head.lines();
        let line = lines.next().unwrap().strip_suffix(" HTTP/1.1").unwrap();
        let (method, target) = line.split_once(' ').unwrap();
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers: Vec<(String, Vec<u8>)> = Vec::new();
        for line in lines {
            if line.starts_with(' ') {
                let (_, folded) = headers.last_mut().unwrap();
                folded.push(b'\n');
                folded.extend_from_slice(line.as_bytes());
            } else {
                let (name, value) = line.split_once(':').unwrap();
                headers.push((name.to_owned(), value.trim_start().as_bytes().to_vec()));
            }
        }
        let (method, path, query) = (method.to_owned(), path.to_owned(), query.to_owned());
        (Self { method, path, query, headers }, body)
    }

    pub(crate) fn judge(&self, keys: &dyn Keys, rules: &Rules<'_>) -> Verdict {
        self.as_message(|message| verify::request(&message, keys, rules))
    }

    pub(crate) fn as_message<T>(&self, read: impl FnOnce(Message<'_>) -> T) -> T {
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| Header { name, value }).collect();
        let (method, path, query) = (&*self.method, &*self.path, &*self.query);
        read(Message { method, path, query, headers: &headers })
    }
}

#[track_caller]
pub(crate) fn accepted(verdict: Verdict) -> KeyHolder {
    match verdict {
        Verdict::Accepted(holder) => holder,
        Verdict::Refused(refusal) => {
            panic!("{refusal}\n{}", refusal.canonical_request().unwrap_or_default())
        }
        Verdict::Anonymous => panic!("anonymous"),
    }
}

#[track_caller]
pub(crate) fn refused(verdict: Verdict) -> Refusal {
    match verdict {
        Verdict::Refused(refusal) => *refusal,
        other => panic!("{other:?}"),
    }
}

/// A folder under `fixtures`.
pub(crate) fn fixtures(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures").join(folder)
}

/// The files of a folder, by name.
#[track_caller]
pub(crate) fn cases(folder: &str) -> Vec<(String, String)> {
    let entries = fs::read_dir(fixtures(folder)).unwrap();
    let mut cases: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    cases.sort_unstable();
    cases
}

/// The lines `name: value` at the start of a fixture.
#[derive(Debug)]
pub(crate) struct Facts<'a>(&'a str);

impl<'a> Facts<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self(text)
    }

    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let prefix = format!("{name}: ");
        self.0.lines().filter_map(move |line| line.strip_prefix(&prefix))
    }

    pub(crate) fn find(&self, name: &str) -> Option<&'a str> {
        self.all(name).next()
    }

    #[track_caller]
    pub(crate) fn get(&self, name: &str) -> &'a str {
        self.find(name).unwrap_or_else(|| panic!("no `{name}: `"))
    }
}

/// Lines `name: value` as the fields of a form.
pub(crate) fn form_fields(text: &str) -> Vec<(String, String)> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_owned(), value.trim_start().to_owned()))
        .collect()
}
