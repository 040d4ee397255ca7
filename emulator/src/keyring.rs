//! Who there is: users, their keys and accounts.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::Digest;
use sha2::Sha256;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::Scope;
use stuntbucket_signer::SecretKey;
use stuntbucket_signer::SigningKey;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::verify::Key;
use stuntbucket_signer::verify::Keys;
use stuntbucket_signer::verify::Session;

use crate::names::CanonicalId;
use crate::policy::Policy;
use crate::policy::PrincipalName;

/// The account of every user that names none.
pub const DEFAULT_ACCOUNT: &str = "000000000001";

/// The keys of the user `owner`, who is there when nobody else is.
pub const DEFAULT_ACCESS_KEY: &str = "AKIASTUNTBUCKET00001";
/// The secret that belongs to [`DEFAULT_ACCESS_KEY`].
pub const DEFAULT_SECRET_KEY: &str = "stuntbucket-secret-key-for-tests-only-00";

/// Somebody who may sign requests.
///
/// ```
/// use stuntbucket::Stuntbucket;
/// use stuntbucket::User;
///
/// let s3 = Stuntbucket::builder()
///     .user(User::new("alice"))
///     .user(User::new("stranger").account("000000000002"))
///     .start()?;
/// assert_ne!(s3.user("alice").canonical_id(), s3.user("stranger").canonical_id());
/// # Ok::<(), stuntbucket::StartError>(())
/// ```
#[derive(Clone, Debug)]
pub struct User {
    name: String,
    credentials: Credentials,
    session_expires: Option<Timestamp>,
    account: String,
    canonical_id: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
    is_root: bool,
    assumed_role: Option<AssumedRole>,
    policy: Option<String>,
    /// What the keyring made of it all.
    known: Option<Arc<Known>>,
}

/// What a session of a role is called.
#[derive(Clone, Debug)]
struct AssumedRole {
    role: String,
    session: String,
}

/// What is told of a user again and again, and made once.
#[derive(Debug)]
struct Known {
    arn: String,
    canonical_id: String,
    policy: Option<Policy>,
}

impl User {
    /// A user of the account `000000000001`, whose keys are made from the name.
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        let digest = hex::encode_upper(Sha256::digest(&name));
        let credentials = Credentials {
            access_key_id: format!("AKIA{}", &digest[..16]),
            secret_key: SecretKey::new(format!("test-{}", &digest[16..51].to_lowercase())),
            session_token: None,
        };
        Self {
            name,
            credentials,
            session_expires: None,
            account: DEFAULT_ACCOUNT.to_owned(),
            canonical_id: None,
            display_name: None,
            email: None,
            is_root: false,
            assumed_role: None,
            policy: None,
            known: None,
        }
    }

    /// The user that is there when nobody else is: `owner`, with the fixed pair of keys.
    pub(crate) fn default_owner() -> Self {
        Self::new("owner").keys(DEFAULT_ACCESS_KEY, DEFAULT_SECRET_KEY)
    }

    /// Sets the keys, of any length.
    pub fn keys(mut self, access_key_id: impl Into<String>, secret_key: impl Into<String>) -> Self {
        self.credentials.access_key_id = access_key_id.into();
        self.credentials.secret_key = SecretKey::new(secret_key);
        self
    }

    /// Makes the keys temporary ones, which only work together with this session token.
    pub fn session_token(mut self, token: impl Into<String>) -> Self {
        self.credentials.session_token = Some(token.into());
        self
    }

    /// Ends the session at this time. Without a session token it has no effect.
    pub fn session_expires(mut self, at: Timestamp) -> Self {
        self.session_expires = Some(at);
        self
    }

    /// Moves the user to another account, twelve digits. Users of one account share its rights.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = account.into();
        self
    }

    /// Sets the canonical id of the user's account. By default it is made from the account.
    pub fn canonical_id_of_account(mut self, id: impl Into<String>) -> Self {
        self.canonical_id = Some(id.into());
        self
    }

    /// Sets the account's display name.
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }

    /// Sets the account's email address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Makes the user the root of the account.
    pub fn root(mut self, is_root: bool) -> Self {
        self.is_root = is_root;
        self
    }

    /// Gives the user an identity policy, as JSON: it may then do only what that allows. A user
    /// without one may do everything that its account may.
    ///
    /// ```
    /// use stuntbucket::Stuntbucket;
    /// use stuntbucket::User;
    ///
    /// let reader = User::new("reader").policy(
    ///     r#"{"Version": "2012-10-17", "Statement": [
    ///         {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::photos/*"}
    ///     ]}"#,
    /// );
    /// let s3 = Stuntbucket::builder().user(User::new("owner")).user(reader).start()?;
    /// # Ok::<(), stuntbucket::StartError>(())
    /// ```
    pub fn policy(mut self, json: impl Into<String>) -> Self {
        self.policy = Some(json.into());
        self
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the user signs with.
    pub fn credentials(&self) -> Credentials {
        self.credentials.clone()
    }

    /// The account, twelve digits.
    pub fn account_id(&self) -> &str {
        &self.account
    }

    /// The account's canonical id, as ACLs name it: by default the SHA-256 of the account, in hex.
    pub fn canonical_id(&self) -> CanonicalId {
        let made = || hex::encode(Sha256::digest(&self.account));
        let id = self.canonical_id.clone().unwrap_or_else(made);
        // The keyring refuses ids that cannot be one before the first user is asked.
        CanonicalId::parse(&id).unwrap_or_else(CanonicalId::anonymous)
    }

    /// The user's ARN, such as `arn:aws:iam::000000000001:user/alice`.
    pub fn arn(&self) -> String {
        if let Some(AssumedRole { role, session }) = &self.assumed_role {
            format!("arn:aws:sts::{}:assumed-role/{role}/{session}", self.account)
        } else if self.is_root {
            format!("arn:aws:iam::{}:root", self.account)
        } else {
            format!("arn:aws:iam::{}:user/{}", self.account, self.name)
        }
    }

    /// Whether the user is the root of its account.
    pub(crate) fn is_root(&self) -> bool {
        self.is_root
    }

    /// Whether the keys are temporary ones.
    pub(crate) fn is_session(&self) -> bool {
        self.credentials.session_token.is_some()
    }

    pub(crate) fn is_assumed_role(&self) -> bool {
        self.assumed_role.is_some()
    }

    /// The same in the part of a role. Its keys come with [`Keyring::begin_session`].
    pub(crate) fn assuming(&self, role: &str, session: &str) -> Self {
        let (role, session) = (role.to_owned(), session.to_owned());
        let name = format!("{role}/{session}");
        Self { name, assumed_role: Some(AssumedRole { role, session }), ..self.clone() }
    }

    /// The id that IAM gives a principal for its life: of a root the account, else made up of the
    /// ARN.
    pub(crate) fn unique_id(&self) -> String {
        let made = |prefix: &str, of: &str| {
            let digest = Sha256::digest(format!("{}/{of}", self.account));
            let letters = digest.iter().take(17).map(|byte| letter(*byte)).collect::<String>();
            format!("{prefix}{letters}")
        };
        match &self.assumed_role {
            Some(AssumedRole { role, session }) => format!("{}:{session}", made("AROA", role)),
            None if self.is_root => self.account.clone(),
            None => made("AIDA", &self.name),
        }
    }

    /// The ARN, without making it anew.
    pub(crate) fn known_arn(&self) -> &str {
        self.known.as_ref().map_or("", |known| &known.arn)
    }

    /// The canonical id, without making it anew.
    pub(crate) fn known_canonical_id(&self) -> &str {
        self.known.as_ref().map_or("", |known| &known.canonical_id)
    }

    /// The identity policy.
    pub(crate) fn identity_policy(&self) -> Option<&Policy> {
        self.known.as_ref()?.policy.as_ref()
    }

    /// What `aws:PrincipalType` says of the user.
    pub(crate) fn kind(&self) -> &'static str {
        if self.assumed_role.is_some() {
            "AssumedRole"
        } else if self.is_root {
            "Account"
        } else {
            "User"
        }
    }

    fn known(&self) -> Result<Known, String> {
        let policy = self.policy.as_deref().map(Policy::of_user).transpose();
        Ok(Known {
            arn: self.arn(),
            canonical_id: self.canonical_id().as_str().to_owned(),
            policy: policy.map_err(|error| format!("user `{}`: policy: {error}", self.name))?,
        })
    }

    fn key(&self) -> Key {
        let session = self
            .credentials
            .session_token
            .clone()
            .map(|token| Session { token, expires: self.session_expires });
        Key { secret: self.credentials.secret_key.clone(), session }
    }
}

/// One of the letters and digits that ids of AWS are made of.
fn letter(byte: u8) -> char {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char::from(ALPHABET[usize::from(byte % 32)])
}

/// All users of an emulator, their sessions, and their signing keys of the day.
pub(crate) struct Keyring {
    users: Vec<Arc<User>>,
    keys: HashMap<String, Held>,
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
        Ok(Self { users, keys, sessions: RwLock::default(), signing_keys: RwLock::default() })
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
        let mut user = User { credentials, session_expires: Some(expires), ..user };
        // The policy is that of the user whose keys asked, and was read before.
        user.known = user.known().ok().map(Arc::new);
        let user = Arc::new(user);
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

fn check(user: &User, before: &[User]) -> Result<(), String> {
    let name = &user.name;
    if name.is_empty() {
        return Err("a user needs a name".to_owned());
    }
    if user.credentials.access_key_id.is_empty() {
        return Err(format!("user `{name}`: the access key is empty"));
    }
    if user.account.len() != 12 || !user.account.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("user `{name}`: account `{}` is not twelve digits", user.account));
    }
    if let Some(id) = &user.canonical_id
        && CanonicalId::parse(id).is_none_or(|id| id.as_str() == CanonicalId::ANONYMOUS)
    {
        return Err(format!("user `{name}`: canonical_id `{id}` is not 64 hexadecimal digits"));
    }
    for other in before {
        if other.name == *name {
            return Err(format!("two users have the name `{name}`"));
        }
        if other.account == user.account && other.canonical_id() != user.canonical_id() {
            return Err(format!(
                "users `{}` and `{name}` give account {} two canonical ids",
                other.name, user.account
            ));
        }
        if other.account != user.account && other.canonical_id() == user.canonical_id() {
            return Err(format!(
                "accounts {} and {} have the same canonical id",
                other.account, user.account
            ));
        }
    }
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_who_do_not_go_together_are_refused_in_one_line() {
        let alice = || User::new("alice").keys("A", "s");
        for (users, complaint) in [
            (vec![alice(), alice()], "two users have the name `alice`"),
            (vec![alice(), User::new("bob").keys("A", "t")], "`A` belongs to two users"),
            (vec![alice().account("12")], "account `12` is not twelve digits"),
            (vec![alice().canonical_id_of_account("xyz")], "is not 64 hexadecimal digits"),
            (
                vec![alice(), User::new("bob").canonical_id_of_account("a".repeat(64))],
                "give account 000000000001 two canonical ids",
            ),
            (vec![alice().keys("", "s")], "the access key is empty"),
        ] {
            let error = Keyring::new(users).unwrap_err();
            assert!(error.contains(complaint), "{error}");
        }
    }

    #[test]
    fn a_session_is_found_by_its_key_and_told_by_its_names() {
        let ring = Keyring::new(vec![User::new("alice")]).unwrap();
        let now = Timestamp::from_unix(0);
        let role = ring.first().unwrap().assuming("reader", "me");
        let user = ring.begin_session(role, now.plus_seconds(900), now).unwrap();
        let credentials = user.credentials();
        assert_eq!(
            (credentials.access_key_id.len(), credentials.secret_key.expose().len()),
            (20, 40)
        );
        assert_eq!(ring.holder(&credentials.access_key_id).unwrap().name(), "reader/me");
        assert_eq!(user.arn(), "arn:aws:sts::000000000001:assumed-role/reader/me");
        assert!(user.unique_id().starts_with("AROA") && user.unique_id().ends_with(":me"));
        let session = ring.find(&credentials.access_key_id).unwrap().session.clone().unwrap();
        assert_eq!(Some(&session.token), credentials.session_token.as_ref());
        assert_eq!(session.expires, Some(now.plus_seconds(900)));
        // It is nobody that was set up.
        assert_eq!(ring.users().count(), 1);
    }

    #[test]
    fn of_too_many_sessions_the_ones_that_are_over_go_first() {
        let ring = Keyring::new(vec![User::new("alice")]).unwrap();
        let begin = |ends: i64, now: i64| {
            let [ends, now] = [ends, now].map(Timestamp::from_unix);
            let user = ring.begin_session(User::clone(ring.first().unwrap()), ends, now).unwrap();
            user.credentials().access_key_id
        };
        let (over, first) = (begin(10, 0), begin(20, 0));
        for _ in 2..SESSIONS_MAX {
            begin(30, 0);
        }
        assert!(ring.find(&over).is_some());
        begin(30, 15);
        assert!(ring.find(&over).is_none() && ring.find(&first).is_some());
        begin(30, 15);
        assert!(ring.find(&first).is_none());
        assert_eq!(ring.sessions.read().unwrap().len(), SESSIONS_MAX);
    }

    #[test]
    fn users_of_one_account_share_its_canonical_id() {
        let ring = Keyring::new(vec![User::new("alice"), User::new("bob")]).unwrap();
        let ids: Vec<_> = ring.users().map(User::canonical_id).collect();
        assert_eq!(ids[0], ids[1]);
        assert_eq!(ring.named("bob").unwrap().arn(), "arn:aws:iam::000000000001:user/bob");
    }
}
