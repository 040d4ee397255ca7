//! A user: its keys, its account, and what it is called.

use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;

use sha2::Digest;
use sha2::Sha256;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::SecretKey;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::verify::Key;
use stuntbucket_signer::verify::Session;

use super::DEFAULT_ACCESS_KEY;
use super::DEFAULT_ACCOUNT;
use super::DEFAULT_SECRET_KEY;
use crate::names::CanonicalId;
use crate::names::is_account_id;
use crate::policy::Policy;

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
    pub(super) name: String,
    pub(super) credentials: Credentials,
    pub(super) session_expires: Option<Timestamp>,
    pub(super) account: String,
    pub(super) canonical_id: Option<String>,
    display_name: Option<String>,
    email: Option<String>,
    is_root: bool,
    assumed_role: Option<AssumedRole>,
    policy: Option<String>,
    /// What the keyring made of it all.
    pub(super) known: Option<Arc<Known>>,
}

/// What a session of a role is called.
#[derive(Clone, Debug)]
struct AssumedRole {
    role: String,
    session: String,
}

/// What is told of a user again and again, and made once.
#[derive(Debug)]
pub(super) struct Known {
    arn: String,
    canonical_id: String,
    /// The same for all sessions of the user.
    policy: Arc<RwLock<Option<Arc<Policy>>>>,
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

    /// The same with temporary keys.
    pub(super) fn in_session(self, credentials: Credentials, expires: Timestamp) -> Self {
        let mut user = Self { credentials, session_expires: Some(expires), ..self };
        // The policy is that of the user whose keys asked, today and later.
        user.known = user.known.take().map(|known| {
            Arc::new(Known {
                arn: user.arn(),
                canonical_id: known.canonical_id.clone(),
                policy: Arc::clone(&known.policy),
            })
        });
        user
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
    pub(crate) fn identity_policy(&self) -> Option<Arc<Policy>> {
        self.known.as_ref()?.policy.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Changes the identity policy, for all requests to come and all sessions.
    pub(super) fn put_policy(&self, json: Option<&str>) -> Result<(), String> {
        let policy = self.read_policy(json)?;
        if let Some(known) = &self.known {
            *known.policy.write().unwrap_or_else(PoisonError::into_inner) = policy;
        }
        Ok(())
    }

    fn read_policy(&self, json: Option<&str>) -> Result<Option<Arc<Policy>>, String> {
        let policy = json.map(Policy::of_user).transpose();
        let policy = policy.map_err(|error| format!("user `{}`: policy: {error}", self.name))?;
        Ok(policy.map(Arc::new))
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

    pub(super) fn known(&self) -> Result<Known, String> {
        Ok(Known {
            arn: self.arn(),
            canonical_id: self.canonical_id().as_str().to_owned(),
            policy: Arc::new(RwLock::new(self.read_policy(self.policy.as_deref())?)),
        })
    }

    pub(super) fn key(&self) -> Key {
        let session = self
            .credentials
            .session_token
            .clone()
            .map(|token| Session { token, expires: self.session_expires });
        Key { secret: self.credentials.secret_key.clone(), session }
    }
}

/// One of the letters and digits that ids of AWS are made of.
pub(super) fn letter(byte: u8) -> char {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    char::from(ALPHABET[usize::from(byte % 32)])
}

/// Says in one line why a user cannot be, or not beside those before it.
pub(super) fn check(user: &User, before: &[User]) -> Result<(), String> {
    let name = &user.name;
    if name.is_empty() {
        return Err("a user needs a name".to_owned());
    }
    if user.credentials.access_key_id.is_empty() {
        return Err(format!("user `{name}`: the access key is empty"));
    }
    if !is_account_id(&user.account) {
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
