//! The keys of a signer: an access key id, a secret that never prints, perhaps a session token.

use std::fmt;

use zeroize::Zeroize;
use zeroize::ZeroizeOnDrop;

/// What a signer holds. `Debug` shows the access key id and the first letters of the token.
#[derive(Clone)]
pub struct Credentials {
    /// The public half, such as `AKIAIOSFODNN7EXAMPLE`.
    pub access_key_id: String,
    /// The secret half.
    pub secret_key: SecretKey,
    /// The token of a temporary key, which travels with every request.
    pub session_token: Option<String>,
}

impl Credentials {
    /// A key pair without a session.
    pub fn new(access_key_id: impl Into<String>, secret_key: impl Into<String>) -> Self {
        Self {
            access_key_id: access_key_id.into(),
            secret_key: SecretKey::new(secret_key),
            session_token: None,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("secret_key", &self.secret_key)
            .field("session_token", &self.session_token.as_deref().map(first_letters))
            .finish()
    }
}

/// A secret key. It is not printed, and its memory is zeroed when it is dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey(String);

impl SecretKey {
    /// Takes a secret of any length.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself. Each call is a place where it could leak.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// As much of a session token as may be shown: enough to tell two apart, not enough to use one.
pub(crate) fn first_letters(token: &str) -> String {
    token.chars().take(4).chain("...".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let mut credentials = Credentials::new("AKID", "wJalrXUtnFEMI");
        credentials.session_token = Some("FQoGexampletoken".to_owned());
        let shown = format!("{credentials:?}");
        assert!(shown.contains("AKID") && shown.contains("FQoG..."), "{shown}");
        assert!(!shown.contains("wJalr") && !shown.contains("example"), "{shown}");
    }
}
