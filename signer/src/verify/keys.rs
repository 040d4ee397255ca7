//! `Keys`: what a verifier knows of the keys that requests are signed with.

use std::sync::Arc;

use crate::credentials::SecretKey;
use crate::credentials::first_letters;
use crate::key::SigningKey;
use crate::scope::Scope;
use crate::time::Timestamp;

/// Where keys are looked up.
pub trait Keys {
    /// The key of that id.
    fn find(&self, access_key_id: &str) -> Option<Arc<Key>>;

    /// The key that is derived for a scope. Whoever keeps it saves four of the five HMACs of a
    /// verification.
    fn signing_key(&self, access_key_id: &str, key: &Key, scope: &Scope) -> SigningKey {
        let _ = access_key_id;
        SigningKey::derive(&key.secret, scope)
    }

    /// The other keys, by their ids: whose secret a client may have taken by mistake. Asked only
    /// when a signature is wrong.
    fn others(&self, access_key_id: &str) -> Vec<(String, Arc<Key>)> {
        let _ = access_key_id;
        Vec::new()
    }
}

/// What a verifier knows of an access key.
#[derive(Clone, Debug)]
pub struct Key {
    /// The secret half.
    pub secret: SecretKey,
    /// For temporary keys.
    pub session: Option<Session>,
}

/// What makes a key a temporary one.
#[derive(Clone)]
pub struct Session {
    /// The token that each request must carry.
    pub token: String,
    /// When the session ends; the key is of no use from then on.
    pub expires: Option<Timestamp>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("token", &first_letters(&self.token))
            .field("expires", &self.expires)
            .finish()
    }
}
