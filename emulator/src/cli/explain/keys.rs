//! `KnownKeys`: the keys that whoever asks for an explanation has.

use std::sync::Arc;

use stuntbucket::Timestamp;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::verify::Key;
use stuntbucket_signer::verify::Keys;
use stuntbucket_signer::verify::Session;

/// Some keys, each with its id.
#[derive(Debug, Default)]
pub(super) struct KnownKeys(Vec<(String, Arc<Key>)>);

impl KnownKeys {
    /// Adds a key. With a session token it is a temporary one, which may have an end.
    pub(super) fn add(&mut self, credentials: &Credentials, session_expires: Option<Timestamp>) {
        let session = credentials
            .session_token
            .clone()
            .map(|token| Session { token, expires: session_expires });
        let key = Key { secret: credentials.secret_key.clone(), session };
        self.0.push((credentials.access_key_id.clone(), Arc::new(key)));
    }

    /// When the session of a key ends, if that is known.
    pub(super) fn session_end(&self, access_key_id: &str) -> Option<Timestamp> {
        self.find(access_key_id)?.session.as_ref()?.expires
    }

    /// Whether a text contains one of the secrets.
    pub(super) fn has_secret_in(&self, text: &str) -> bool {
        self.0.iter().any(|(_, key)| text.contains(key.secret.expose()))
    }
}

impl Keys for KnownKeys {
    /// Of two keys of one id the first counts.
    fn find(&self, access_key_id: &str) -> Option<Arc<Key>> {
        let found = self.0.iter().find(|(known, _)| known == access_key_id);
        found.map(|(_, key)| Arc::clone(key))
    }

    fn others(&self, access_key_id: &str) -> Vec<(String, Arc<Key>)> {
        self.0.iter().filter(|(known, _)| known != access_key_id).cloned().collect()
    }
}
