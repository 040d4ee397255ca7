//! `PolicyReading`: a policy as a reviewer wants to see it, whether or not it allows the form.

use crate::time::Timestamp;

use super::super::verdict::Operator;
use super::super::verdict::PolicyFlaw;
use super::super::verdict::PolicyReport;
use super::SizeLimits;
use super::condition::Condition;
use super::document::Policy;
use super::fields::Fields;
use super::report;

/// A policy that could be read, laid next to a form. Of a session token it has the first letters.
#[derive(Clone, Debug)]
pub struct PolicyReading {
    /// The policy's end.
    pub expiration: Timestamp,
    /// Each condition with its verdict, and the fields that none is about.
    pub report: PolicyReport,
    /// The sizes that a file may have.
    pub limits: SizeLimits,
}

/// What a condition asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionTest {
    /// A field with this value.
    Equals {
        /// Its name, as spelled.
        field: String,
        /// Its value.
        value: String,
    },
    /// A field whose value starts so.
    StartsWith {
        /// Its name, as spelled.
        field: String,
        /// The start; an empty one lets every value pass.
        prefix: String,
    },
    /// A file of so many bytes. Both bounds are inclusive.
    SizeWithin {
        /// The least.
        bytes_min: u64,
        /// The most.
        bytes_max: u64,
    },
    /// Something that nothing meets.
    Impossible,
}

impl PolicyReading {
    /// Reads the field `policy` of a form with these fields that is sent to `bucket`.
    pub fn of(policy: &str, fields: &[(String, String)], bucket: &str) -> Result<Self, PolicyFlaw> {
        let Policy { expiration, conditions } = Policy::parse(policy)?;
        let is_v2 = fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("AWSAccessKeyId"));
        let fields =
            if is_v2 { Fields::of_v2(fields, bucket) } else { Fields::of_v4(fields, bucket) };
        Ok(Self {
            expiration,
            report: report(&conditions, &fields),
            limits: SizeLimits(conditions.iter().filter_map(Condition::size_range).collect()),
        })
    }
}

impl Condition {
    /// What it asks for.
    pub(super) fn test(&self) -> ConditionTest {
        let field = self.field().map(str::to_owned);
        let value = self.arguments[1].text().map(str::to_owned);
        match (self.operator, field, value, self.size_range()) {
            (Operator::Eq, Some(field), Some(value), _) => ConditionTest::Equals { field, value },
            (Operator::StartsWith, Some(field), Some(prefix), _) => {
                ConditionTest::StartsWith { field, prefix }
            }
            (Operator::ContentLengthRange, _, _, Some((bytes_min, bytes_max))) => {
                ConditionTest::SizeWithin { bytes_min, bytes_max }
            }
            (Operator::Eq | Operator::StartsWith | Operator::ContentLengthRange, _, _, _) => {
                ConditionTest::Impossible
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn every_condition_is_shown_with_its_verdict() {
        let policy = r#"{"expiration": "2015-12-30T12:00:00Z", "conditions": [{"bucket": "b"},
            ["starts-with", "$key", "u/"], ["content-length-range", 1, "9"], ["eq", "key", "x"],
            {"x-amz-security-token": "FQoGsecret"}]}"#;
        let fields = [("key", "k"), ("x-amz-security-token", "FQoGsecret"), ("tag", "")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let reading = PolicyReading::of(&STANDARD.encode(policy), &fields, "b").unwrap();
        let equals = |field: &str, value: &str| ConditionTest::Equals {
            field: field.to_owned(),
            value: value.to_owned(),
        };
        let tests: Vec<_> =
            reading.report.conditions.iter().map(|judged| judged.test.clone()).collect();
        assert_eq!(
            tests,
            [
                equals("bucket", "b"),
                ConditionTest::StartsWith { field: "key".to_owned(), prefix: "u/".to_owned() },
                ConditionTest::SizeWithin { bytes_min: 1, bytes_max: 9 },
                ConditionTest::Impossible,
                equals("x-amz-security-token", "FQoG..."),
            ]
        );
        let fine: Vec<_> =
            reading.report.conditions.iter().map(|judged| judged.outcome.is_fine()).collect();
        assert_eq!(fine, [true, false, true, false, true]);
        assert_eq!(reading.report.uncovered, ["tag"]);
        assert_eq!(reading.limits.bytes_max(), Some(9));
        assert!(PolicyReading::of("%", &fields, "b").is_err());
    }
}
