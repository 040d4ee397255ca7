//! Would it be allowed, and by what: the decision without a request.

use std::sync::Arc;

use super::context::Asked;
use super::context::Document;
use super::decide::Ask;
use super::decide::Block;
use super::decide::Judge;
use super::row::NOT_OF_ACCOUNT;
use super::row::never_to_anonymous;
use crate::authenticate::Caller;
use crate::failure::Failure;
use crate::relaxation::Relaxation;
use crate::store::Bucket;
use crate::world::World;

/// A question about somebody's rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    /// A user's name, or `anonymous`.
    pub(crate) caller: String,
    /// Such as `s3:GetObject`; the prefix may be left out.
    pub(crate) action: String,
    pub(crate) bucket: String,
    /// Empty where the bucket itself is meant.
    pub(crate) key: String,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) is_allowed: bool,
    /// What decided.
    pub(crate) because: String,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum NoAnswer {
    NoUser(String),
    NoBucket(String),
    NoAction(String),
    Failed(Failure),
}

/// What a caller without a user is called.
pub(crate) const ANONYMOUS: &str = "anonymous";

/// Decides as if a request were there, from nowhere and with nothing in it.
pub(crate) fn answer(world: &World, question: &Question) -> Result<Answer, NoAnswer> {
    let caller = if question.caller == ANONYMOUS {
        Caller::Anonymous
    } else {
        let user = world.keyring.shared(&question.caller);
        let user = user.ok_or_else(|| NoAnswer::NoUser(question.caller.clone()))?;
        Caller::User(Arc::clone(user))
    };
    let action = action(&question.action)?;
    let bucket = bucket(world, &question.bucket, &action)?;
    let policy = bucket.as_deref().map(super::policy_of).transpose()?.flatten();
    let key = Some(question.key.as_str()).filter(|key| !key.is_empty());
    let object = match (&bucket, key) {
        (Some(bucket), Some(key)) => world.store.object(bucket, key).map_err(Failure::from)?,
        _ => None,
    };
    let is_relaxed = world.relaxes(Relaxation::PublicAccessBlock);
    let judge = Judge {
        asked: Asked {
            request: None,
            form: None,
            operation: None,
            caller: &caller,
            bucket: bucket.as_deref(),
            document: &Document::NONE,
            name: Some(question.bucket.as_str()).filter(|_| action != "s3:ListAllMyBuckets"),
            now: world.clock.now(),
            region: &world.region,
        },
        policy: policy.as_ref(),
        block: if is_relaxed { Block::Relaxed } else { Block::Enforced },
    };
    if let Some(because) = never(&judge, &action) {
        return Ok(Answer { is_allowed: false, because });
    }
    let judged = judge.judge(&Ask::of(&action, key, object.as_ref()));
    let missing = match key {
        Some(key) if object.is_none() => format!("; there is no object `{key}`"),
        _ => String::new(),
    };
    Ok(Answer {
        is_allowed: judged.is_ok(),
        because: match judged {
            Ok(allowed) => format!("{allowed}{missing}"),
            Err(denial) => format!("{denial}{missing}"),
        },
    })
}

/// Why the caller may not do it whatever is granted.
fn never(judge: &Judge<'_>, action: &str) -> Option<String> {
    let is_about_policy =
        matches!(action, "s3:GetBucketPolicy" | "s3:PutBucketPolicy" | "s3:DeleteBucketPolicy");
    if is_about_policy && !judge.is_owner() {
        return Some(NOT_OF_ACCOUNT.to_owned());
    }
    let is_anonymous = judge.asked.caller.is_anonymous();
    never_to_anonymous(action).filter(|_| is_anonymous).map(|(_, why)| why)
}

/// The bucket, which two actions do not need.
fn bucket(world: &World, name: &str, action: &str) -> Result<Option<Arc<Bucket>>, NoAnswer> {
    if matches!(action, "s3:ListAllMyBuckets" | "s3:CreateBucket") {
        return Ok(None);
    }
    match world.store.bucket(name).map_err(Failure::from)? {
        Some(bucket) => Ok(Some(bucket)),
        None => Err(NoAnswer::NoBucket(name.to_owned())),
    }
}

impl From<Failure> for NoAnswer {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// The action by the name that policies use, in S3's own letters.
fn action(name: &str) -> Result<String, NoAnswer> {
    let bare = name.strip_prefix("s3:").unwrap_or(name);
    // They are about no bucket that is there, so policies of buckets do not name them.
    for name in ["ListAllMyBuckets", "CreateBucket"] {
        if bare.eq_ignore_ascii_case(name) {
            return Ok(format!("s3:{name}"));
        }
    }
    let known = crate::policy::action_named(bare);
    known.map(|known| format!("s3:{known}")).ok_or_else(|| NoAnswer::NoAction(name.to_owned()))
}

impl std::fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoUser(name) => write!(f, "there is no user `{name}`"),
            Self::NoBucket(name) => write!(f, "there is no bucket `{name}`"),
            Self::NoAction(name) => {
                write!(f, "S3 has no action `{name}`; actions are named as in s3:GetObject")
            }
            Self::Failed(failure) => match &failure.note {
                Some(note) => note.fmt(f),
                None => f.write_str(&failure.error.message),
            },
        }
    }
}
