//! Whether Block Public Access takes a policy for public.

use super::Effect;
use super::Policy;
use super::PrincipalName;
use super::Statement;
use super::condition::Condition;
use super::condition::Wanted;
use super::operator::Missing;
use super::operator::Set;
use super::operator::Sign;
use super::operator::Test;
use super::principal::Principals;

impl Policy {
    /// Whether it lets everybody in, as the user guide's chapter on Block Public Access defines it:
    /// a policy is public unless each of its grants is limited to fixed values of certain keys.
    pub(crate) fn is_public(&self) -> bool {
        self.statements.iter().any(Statement::is_public)
    }
}

impl Statement {
    fn is_public(&self) -> bool {
        self.effect == Effect::Allow
            && self.principals.as_ref().is_none_or(Principals::have_everybody)
            && !self.conditions.iter().any(Condition::is_limit)
    }
}

impl Principals {
    fn have_everybody(&self) -> bool {
        match self {
            Self::Any(names) => names
                .iter()
                .any(|name| matches!(name, PrincipalName::Everybody | PrincipalName::Federated(_))),
            Self::NoneOf(_) => true,
        }
    }
}

/// The keys by whose fixed values a grant is limited; of these a name of a principal is meant by
/// "principal".
const LIMITS: [&str; 12] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principalorgid",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceip",
    "aws:sourceowner",
    "aws:sourcevpc",
    "aws:sourcevpce",
    "aws:userid",
    "s3:dataaccesspointaccount",
    "s3:x-amz-server-side-encryption-aws-kms-key-id",
];

/// An access point may be any of a fixed account.
const ACCESS_POINT: &str = "s3:dataaccesspointarn";

impl Condition {
    fn is_limit(&self) -> bool {
        let operator = self.operator;
        let needs_the_key = operator.sign == Sign::Plain
            && operator.missing == Missing::AsUsual
            && operator.set != Set::All;
        let is_equality = matches!(
            operator.test,
            Test::Text | Test::TextIgnoringCase | Test::TextLike | Test::Arn | Test::Address
        );
        if !needs_the_key || !is_equality || self.wanted.is_empty() {
            return false;
        }
        if self.key == ACCESS_POINT {
            return self.wanted.iter().all(Wanted::has_fixed_account);
        }
        LIMITS.contains(&self.key.as_str()) && self.wanted.iter().all(Wanted::is_fixed)
    }
}

impl Wanted {
    fn is_fixed(&self) -> bool {
        match self {
            Self::Text(pattern) => pattern.is_fixed(),
            Self::Arn(parts) => parts.iter().all(super::pattern::Pattern::is_fixed),
            Self::Network(network) => network.is_narrow(),
            Self::Number(_) | Self::Date(_) | Self::Bool(_) | Self::Binary(_) => false,
        }
    }

    fn has_fixed_account(&self) -> bool {
        match self {
            Self::Text(pattern) => {
                let beginning = pattern.fixed_beginning();
                let parts: Vec<_> = beginning.splitn(6, ':').collect();
                parts.len() == 6 && !parts[4].is_empty()
            }
            Self::Arn(parts) => parts.len() == 6 && parts[4].is_fixed() && !parts[4].is_empty(),
            Self::Number(_)
            | Self::Date(_)
            | Self::Bool(_)
            | Self::Binary(_)
            | Self::Network(_) => false,
        }
    }
}
