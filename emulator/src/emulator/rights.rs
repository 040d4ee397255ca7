//! Rights that change while the emulator runs.

use std::error::Error;
use std::fmt;

use super::Stuntbucket;
use crate::keyring::KeyStatus;

/// Why the rights of a user could not be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserError(String);

impl Stuntbucket {
    /// Gives a user another identity policy, as JSON. It holds at once, also for links and forms
    /// that the user signed before, and for its sessions: S3 looks at the signer's rights when a
    /// link is used.
    ///
    /// ```
    /// use stuntbucket::Stuntbucket;
    /// use stuntbucket::User;
    ///
    /// let s3 = Stuntbucket::builder().user(User::new("alice")).bucket("photos").start()?;
    /// assert!(s3.access("alice", "s3:GetObject", "photos", "cat.jpg")?.allowed);
    /// let nothing = r#"{"Version": "2012-10-17", "Statement": [
    ///     {"Effect": "Deny", "Action": "*", "Resource": "*"}
    /// ]}"#;
    /// s3.put_user_policy("alice", nothing)?;
    /// assert!(!s3.access("alice", "s3:GetObject", "photos", "cat.jpg")?.allowed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no such user, or the document is no identity policy.
    pub fn put_user_policy(&self, name: &str, json: &str) -> Result<(), UserError> {
        self.world.keyring.put_user_policy(name, Some(json)).map_err(UserError)
    }

    /// Takes the identity policy from a user, who may then do everything that its account may.
    ///
    /// # Errors
    ///
    /// If there is no such user.
    pub fn delete_user_policy(&self, name: &str) -> Result<(), UserError> {
        self.world.keyring.put_user_policy(name, None).map_err(UserError)
    }

    /// Puts the access key of a user out of use, or back into it. While it is inactive, S3 knows
    /// neither the key nor what was signed with it; sessions that it began go on.
    ///
    /// # Errors
    ///
    /// If no user has the key.
    pub fn update_access_key(
        &self,
        access_key_id: &str,
        status: KeyStatus,
    ) -> Result<(), UserError> {
        self.world.keyring.set_status(access_key_id, status).map_err(UserError)
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for UserError {}
