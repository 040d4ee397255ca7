//! What documents are policies, what they say, and that a second evaluator says the same.

mod documents;
mod naive;
mod operators;
mod statements;

use super::Policy;
use super::PolicyError;

/// The policy of the bucket `b`, in a world where every principal exists but the user `nobody`.
fn read(document: &str) -> Result<(Policy, String), PolicyError> {
    let knows = |name: &super::PrincipalName| !matches!(name, super::PrincipalName::Arn(arn) if arn.ends_with(":user/nobody"));
    Policy::of_bucket(document.as_bytes(), "b", &knows)
}
