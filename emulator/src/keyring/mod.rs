//! Who there is: users, their keys and accounts.

mod user;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::Scope;
use stuntbucket_signer::SecretKey;
use stuntbucket_signer::SigningKey;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::verify::Key;
use stuntbucket_signer::verify::Keys;

pub use self::user::User;
use self::user::check;
use self::user::letter;
use crate::names::CanonicalId;
use crate::policy::PrincipalName;

/// The account of every user that names none.
pub const DEFAULT_ACCOUNT: &str = "000000000001";

/// The keys of the user `owner`, who is there when nobody else is.
pub const DEFAULT_ACCESS_KEY: &str = "AKIASTUNTBUCKET00001";
/// The secret that belongs to [`DEFAULT_ACCESS_KEY`].
pub const DEFAULT_SECRET_KEY: &str = "stuntbucket-secret-key-for-tests-only-00";

/// All users of an emulator, their sessions, and their signing keys of the day.
pub(crate) struct Keyring {
    users: Vec<Arc<User>>,
    keys: HashMap<String, Held>,
    /// The keys of users that are out of use for now.
    inactive: RwLock<HashSet<String>>,
    /// The keys that STS made, which come and go.
    sessions: RwLock<HashMap<String, Held>>,
    signing_keys: RwLock<HashMap<(String, Scope), SigningKey>>,
}

/// A key, and who holds it.
#[derive(Clone)]
struct Held {
    user: Arc<User>,
    key: Arc<Key>,
}

impl Held {
    fn of(user: &Arc<User>) -> Self {
        Self { user: Arc::clone(user), key: Arc::new(user.key()) }
    }
}

/// Whether a key is in use, as IAM calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStatus {
    /// It signs.
    Active,
    /// S3 answers as if there were no such key.
    Inactive,
}

/// More scopes than a test suite has days and regions; then the cache starts anew.
const SIGNING_KEYS_MAX: usize = 1024;
/// More sessions than a test suite begins; then those that are over are forgotten, or else the one
/// that ends first. Until then one that is over is refused as such.
const SESSIONS_MAX: usize = 10_000;

impl Keyring {
    /// Puts users together, or says in one line why they do not go together.
    pub(crate) fn new(mut users: Vec<User>) -> Result<Self, String> {
        for (index, user) in users.iter().enumerate() {
            check(user, &users[..index])?;
        }
        for user in &mut users {
            // So that a request does not hash it again.
            user.canonical_id = Some(user.canonical_id().as_str().to_owned());
            user.known = Some(Arc::new(user.known()?));
        }
        let users: Vec<_> = users.into_iter().map(Arc::new).collect();
        let mut keys = HashMap::new();
        for user in &users {
            let id = user.credentials.access_key_id.clone();
            if keys.insert(id.clone(), Held::of(user)).is_some() {
                return Err(format!("the access key `{id}` belongs to two users"));
            }
        }
        Ok(Self {
            users,
            keys,
            inactive: RwLock::default(),
            sessions: RwLock::default(),
            signing_keys: RwLock::default(),
        })
    }

    pub(crate) fn users(&self) -> impl Iterator<Item = &User> {
        self.users.iter().map(Arc::as_ref)
    }

    /// The first user, who owns what nobody was named for.
    pub(crate) fn first(&self) -> Option<&Arc<User>> {
        self.users.first()
    }

    pub(crate) fn named(&self, name: &str) -> Option<&User> {
        self.users().find(|user| user.name == name)
    }

    /// The same, to keep.
    pub(crate) fn shared(&self, name: &str) -> Option<&Arc<User>> {
        self.users.iter().find(|user| user.name == name)
    }

    /// The user who holds this key.
    pub(crate) fn holder(&self, access_key_id: &str) -> Option<Arc<User>> {
        self.held(access_key_id).map(|held| held.user)
    }

    /// Changes the identity policy of a user, or says in one line why that cannot be.
    pub(crate) fn put_user_policy(&self, name: &str, json: Option<&str>) -> Result<(), String> {
        let user = self.named(name).ok_or_else(|| format!("there is no user `{name}`"))?;
        user.put_policy(json)
    }

    /// Puts a user's key out of use, or back into it. Sessions that it began go on.
    pub(crate) fn set_status(&self, access_key_id: &str, status: KeyStatus) -> Result<(), String> {
        if !self.keys.contains_key(access_key_id) {
            return Err(format!("no user has the access key `{access_key_id}`"));
        }
        let mut inactive = self.inactive.write().unwrap_or_else(PoisonError::into_inner);
        match status {
            KeyStatus::Active => inactive.remove(access_key_id),
            KeyStatus::Inactive => inactive.insert(access_key_id.to_owned()),
        };
        Ok(())
    }

    /// Whether it is a user's key that is out of use.
    pub(crate) fn is_inactive(&self, access_key_id: &str) -> bool {
        self.inactive.read().unwrap_or_else(PoisonError::into_inner).contains(access_key_id)
    }

    /// Gives a user, or one in the part of a role, temporary keys.
    pub(crate) fn begin_session(
        &self,
        user: User,
        expires: Timestamp,
        now: Timestamp,
    ) -> Result<Arc<User>, getrandom::Error> {
        let mut random = [0; 16 + 30 + 150];
        getrandom::fill(&mut random)?;
        let (id, rest) = random.split_at(16);
        let (secret, token) = rest.split_at(30);
        let id = format!("ASIA{}", id.iter().map(|byte| letter(*byte)).collect::<String>());
        let credentials = Credentials {
            access_key_id: id.clone(),
            secret_key: SecretKey::new(BASE64.encode(secret)),
            session_token: Some(format!("FwoGZXIvYXdz{}", BASE64.encode(token))),
        };
        let user = Arc::new(user.in_session(credentials, expires));
        let mut sessions = self.sessions.write().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= SESSIONS_MAX {
            sessions.retain(|_, held| held.user.session_expires.is_none_or(|at| at > now));
        }
        if sessions.len() >= SESSIONS_MAX {
            let first = sessions.iter().min_by_key(|(_, held)| held.user.session_expires);
            if let Some(id) = first.map(|(id, _)| id.clone()) {
                sessions.remove(&id);
            }
        }
        sessions.insert(id, Held::of(&user));
        Ok(user)
    }

    fn held(&self, access_key_id: &str) -> Option<Held> {
        if self.is_inactive(access_key_id) {
            return None;
        }
        self.keys.get(access_key_id).cloned().or_else(|| {
            let sessions = self.sessions.read().unwrap_or_else(PoisonError::into_inner);
            sessions.get(access_key_id).cloned()
        })
    }

    /// Whether a policy may name this principal. Whose account has no user here may still exist,
    /// and so may roles; a user that is named is one of ours or none.
    pub(crate) fn knows(&self, name: &PrincipalName) -> bool {
        match name {
            PrincipalName::Arn(arn) if arn.contains(":user/") => {
                self.users.iter().any(|user| user.known_arn() == arn)
            }
            PrincipalName::CanonicalUser(id) => {
                CanonicalId::parse(id).is_some_and(|id| self.has_account(&id))
            }
            PrincipalName::Everybody
            | PrincipalName::Account(_)
            | PrincipalName::Arn(_)
            | PrincipalName::Service(_)
            | PrincipalName::Federated(_) => true,
        }
    }

    /// Whether an account of this canonical id exists.
    pub(crate) fn has_account(&self, id: &CanonicalId) -> bool {
        self.users.iter().any(|user| user.canonical_id() == *id)
    }
}

impl Keys for Keyring {
    fn find(&self, access_key_id: &str) -> Option<Arc<Key>> {
        self.held(access_key_id).map(|held| held.key)
    }

    fn others(&self, access_key_id: &str) -> Vec<(String, Arc<Key>)> {
        let mut others: Vec<_> = self
            .keys
            .iter()
            .filter(|(id, _)| *id != access_key_id)
            .map(|(id, held)| (id.clone(), Arc::clone(&held.key)))
            .collect();
        others.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        others
    }

    fn signing_key(&self, access_key_id: &str, key: &Key, scope: &Scope) -> SigningKey {
        let place = (access_key_id.to_owned(), scope.clone());
        let cached = self.signing_keys.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = cached.get(&place) {
            return key.clone();
        }
        drop(cached);
        let made = SigningKey::derive(&key.secret, scope);
        let mut cache = self.signing_keys.write().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= SIGNING_KEYS_MAX {
            cache.clear();
        }
        cache.insert(place, made.clone());
        made
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring").field("users", &self.users).finish_non_exhaustive()
    }
}
