//! A policy's conditions against a form, and the sizes that it allows.

mod condition;
mod document;
mod fields;
mod reading;

#[cfg(test)]
mod tests;

use crate::credentials::first_letters;
use crate::time::Timestamp;

use self::condition::Condition;
use self::document::Policy;
pub use self::reading::ConditionTest;
pub use self::reading::PolicyReading;
use super::rules::Relaxation;
use super::rules::Waived;
use super::verdict::ConditionOutcome;
use super::verdict::JudgedCondition;
use super::verdict::PolicyReport;
use super::verdict::Refusal;

pub(super) use self::fields::Fields;

/// The field whose value is not for everyone who reads an explanation.
const TOKEN: &str = "x-amz-security-token";

/// The `content-length-range` conditions of an accepted form.
#[derive(Clone, Debug, Default)]
pub struct SizeLimits(Vec<(u64, u64)>);

impl SizeLimits {
    /// Judges the size of a file, in bytes, when it is known. Both bounds are inclusive.
    pub fn check(&self, file_bytes: u64) -> Result<(), Box<Refusal>> {
        for &(bytes_min, bytes_max) in &self.0 {
            if file_bytes > bytes_max {
                return Err(Box::new(Refusal::FileTooLarge { bytes: file_bytes, bytes_max }));
            }
            if file_bytes < bytes_min {
                return Err(Box::new(Refusal::FileTooSmall { bytes: file_bytes, bytes_min }));
            }
        }
        Ok(())
    }

    /// The size above which reading on is of no use.
    pub fn bytes_max(&self) -> Option<u64> {
        self.0.iter().map(|(_, bytes_max)| *bytes_max).min()
    }
}

/// Judges a policy whose signature is right: can it be read, has it ended, is each condition met,
/// is each field covered. The size is left for later.
pub(super) fn judge(
    text: &str,
    fields: &Fields<'_>,
    now: Timestamp,
    waived: &mut Waived<'_>,
) -> Result<SizeLimits, Box<Refusal>> {
    let policy = match Policy::parse(text) {
        Ok(policy) => policy,
        Err(flaw) => {
            waived.refuse(Relaxation::FormPolicy, Refusal::Policy(flaw))?;
            return Ok(SizeLimits::default());
        }
    };
    if now > policy.expiration {
        let check = if waived.relaxes(Relaxation::Expiry) {
            Relaxation::Expiry
        } else {
            Relaxation::FormPolicy
        };
        let expired = Refusal::PolicyExpired { expiration: policy.expiration, now };
        waived.refuse(check, expired)?;
    }
    if let Some(refusal) = judge_fields(&policy.conditions, fields) {
        waived.refuse(Relaxation::FormPolicy, refusal)?;
    }
    if waived.relaxes(Relaxation::FormPolicy) {
        return Ok(SizeLimits::default());
    }
    Ok(SizeLimits(policy.conditions.iter().filter_map(Condition::size_range).collect()))
}

/// The first condition that fails, else the fields that no condition is about.
fn judge_fields(conditions: &[Condition], fields: &Fields<'_>) -> Option<Refusal> {
    if let Some(failed) = conditions.iter().find(|condition| !condition.judge(fields).is_fine()) {
        let failed = failed.to_string();
        return Some(Refusal::PolicyCondition { failed, report: report(conditions, fields) });
    }
    if fields.uncovered(conditions).is_empty() {
        return None;
    }
    Some(Refusal::ExtraFields(report(conditions, fields)))
}

fn report(conditions: &[Condition], fields: &Fields<'_>) -> PolicyReport {
    let judged = |condition: &Condition| {
        let outcome = condition.judge(fields);
        if !condition.is_about(TOKEN) {
            return judged(condition, outcome);
        }
        judged(
            &condition.without_secret(),
            match outcome {
                ConditionOutcome::FieldDiffers { found } => {
                    ConditionOutcome::FieldDiffers { found: first_letters(&found) }
                }
                outcome => outcome,
            },
        )
    };
    PolicyReport {
        conditions: conditions.iter().map(judged).collect(),
        uncovered: fields.uncovered(conditions),
    }
}

fn judged(condition: &Condition, outcome: ConditionOutcome) -> JudgedCondition {
    JudgedCondition { condition: condition.to_string(), test: condition.test(), outcome }
}
