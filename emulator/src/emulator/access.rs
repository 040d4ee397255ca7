//! `Access`: would somebody be allowed to do something, and by what.

use std::error::Error;
use std::fmt;

use super::Stuntbucket;
use crate::authorize::explain;
use crate::authorize::explain::Question;

/// What is decided about somebody's rights.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// Whether it would be allowed.
    pub allowed: bool,
    /// What decides: a grant, a statement of a policy, a setting, or that there is none.
    pub because: String,
}

/// Somebody or something that was asked about does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessError(String);

impl Stuntbucket {
    /// Whether the user of this name, or `anonymous`, may perform an action such as `s3:GetObject`
    /// on an object, or with an empty key on the bucket.
    ///
    /// No request is made, so conditions that look at one find nothing. An object that is not
    /// there is judged like one of the bucket's owner.
    ///
    /// ```
    /// use stuntbucket::Stuntbucket;
    ///
    /// let s3 = Stuntbucket::builder().bucket("photos").start()?;
    /// assert!(s3.access("owner", "s3:GetObject", "photos", "cat.jpg")?.allowed);
    /// assert!(!s3.access("anonymous", "s3:GetObject", "photos", "cat.jpg")?.allowed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no such user, action or bucket, or the store fails.
    pub fn access(
        &self,
        caller: &str,
        action: &str,
        bucket: &str,
        key: &str,
    ) -> Result<Access, AccessError> {
        let question = Question {
            caller: caller.to_owned(),
            action: action.to_owned(),
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        };
        match explain::answer(&self.world, &question) {
            Ok(answer) => Ok(Access { allowed: answer.is_allowed, because: answer.because }),
            Err(no) => Err(AccessError(no.to_string())),
        }
    }
}

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for AccessError {}
