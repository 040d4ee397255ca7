//! What a bucket's policy must keep to besides the language: its bucket, S3's actions and keys,
//! principals that exist.

use super::Listed;
use super::Policy;
use super::PolicyError;
use super::PrincipalName;
use super::Statement;
use super::Text;
use super::actions;
use super::actions::About;
use super::keys;
use super::pattern::Case;
use super::pattern::Pattern;
use super::pattern::Variables;
use super::pattern::Wildcards;
use super::principal::Principals;

/// Checks a policy that shall be a bucket's.
pub(super) fn bucket(
    policy: &Policy,
    bucket: &str,
    knows: &dyn Fn(&PrincipalName) -> bool,
) -> Result<(), PolicyError> {
    for statement in &policy.statements {
        let names = statement.principals.iter().flat_map(Principals::names);
        for name in names {
            if !knows(name) {
                return Err(PolicyError::Principal(name.written()));
            }
        }
        for action in statement.actions.texts() {
            if fitting(action).is_empty() {
                return Err(PolicyError::Action(action.written.clone()));
            }
        }
        for resource in statement.resources.texts() {
            if !is_of_bucket(&resource.written, bucket) {
                return Err(PolicyError::Resource(resource.written.clone()));
            }
        }
        check_actions_have_resources(statement)?;
        check_conditions(statement)?;
    }
    Ok(())
}

fn check_actions_have_resources(statement: &Statement) -> Result<(), PolicyError> {
    let (Listed::Any(actions), Listed::Any(resources)) = (&statement.actions, &statement.resources)
    else {
        return Ok(());
    };
    for action in actions {
        let is_for_one = |(_, about): &(&str, About)| {
            resources.iter().any(|resource| can_be(&resource.written, *about))
        };
        if !fitting(action).iter().any(is_for_one) {
            return Err(PolicyError::ActionWithoutResource(action.written.clone()));
        }
    }
    Ok(())
}

fn check_conditions(statement: &Statement) -> Result<(), PolicyError> {
    for condition in &statement.conditions {
        if !keys::is_known(&condition.key) {
            return Err(PolicyError::ConditionKey(condition.key.clone()));
        }
        let Some(with_key) = keys::actions_with(&condition.key) else { continue };
        if !have_key(&statement.actions, with_key) {
            return Err(PolicyError::ConditionWithoutAction(condition.key.clone()));
        }
    }
    Ok(())
}

/// Whether each action of a statement has a key: one that has not spoils the others (observed on
/// S3 by argmin's tests).
fn have_key(actions: &Listed, with_key: &[&str]) -> bool {
    match actions {
        Listed::Any(texts) => texts.iter().all(|text| {
            let is_meant = |name: &&str| text.pattern.matches(name, Case::IsIgnored, &nothing);
            with_key.iter().any(is_meant)
        }),
        Listed::NoneOf(_) => {
            with_key.iter().any(|name| actions.contains(name, Case::IsIgnored, &nothing))
        }
    }
}

/// The actions that a pattern means.
fn fitting(action: &Text) -> Vec<(&'static str, About)> {
    actions::that_fit(|name| action.pattern.matches(name, Case::IsIgnored, &nothing)).collect()
}

const ARN: &str = "arn:aws:s3:::";

/// Whether a resource is the bucket or in it. Its bucket may be written with wildcards, as
/// s3-tests do it (`test_bucket_policy_another_bucket`).
fn is_of_bucket(resource: &str, bucket: &str) -> bool {
    let Some(rest) = resource.strip_prefix(ARN) else { return false };
    let name = rest.split_once('/').map_or(rest, |(name, _)| name);
    let pattern = Pattern::new(name, Wildcards::Count, Variables::AreLiteral);
    pattern.matches(bucket, Case::Counts, &nothing)
}

/// Whether a pattern of a resource can mean a bucket, or an object.
fn can_be(resource: &str, about: About) -> bool {
    let rest = resource.strip_prefix(ARN).unwrap_or(resource);
    match about {
        About::Bucket => !rest.contains('/'),
        About::Object => rest.contains(['/', '*']),
    }
}

fn nothing(_: &str) -> Option<Vec<String>> {
    None
}

impl Listed {
    fn texts(&self) -> &[Text] {
        match self {
            Self::Any(texts) | Self::NoneOf(texts) => texts,
        }
    }
}

impl PrincipalName {
    fn written(&self) -> String {
        match self {
            Self::Everybody => "*".to_owned(),
            Self::Account(name)
            | Self::Arn(name)
            | Self::CanonicalUser(name)
            | Self::Service(name)
            | Self::Federated(name) => name.clone(),
        }
    }
}
