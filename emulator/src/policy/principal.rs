//! Principals: whom a statement is about.

use super::Asker;
use super::PolicyError;
use super::Reach;
use super::json::Json;

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Principals {
    Any(Vec<PrincipalName>),
    NoneOf(Vec<PrincipalName>),
}

/// Somebody, as a policy names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PrincipalName {
    /// `*`.
    Everybody,
    /// An account, twelve digits, written so or as its root.
    Account(String),
    /// A user, a role or a session, by its ARN.
    Arn(String),
    /// An account, by its canonical id.
    CanonicalUser(String),
    /// A service of AWS.
    Service(String),
    /// An identity provider.
    Federated(String),
}

impl Principals {
    /// Whether the statement is about the caller, and by which name.
    pub(super) fn reach(&self, asker: &Asker<'_>) -> Option<Reach> {
        match self {
            Self::Any(names) => {
                let reached = names.iter().filter_map(|name| name.reach(asker));
                reached.max_by_key(|reach| *reach == Reach::Named)
            }
            Self::NoneOf(names) => {
                let is_excepted = names.iter().any(|name| name.reach(asker).is_some());
                (!is_excepted).then_some(Reach::Named)
            }
        }
    }

    pub(super) fn names(&self) -> &[PrincipalName] {
        match self {
            Self::Any(names) | Self::NoneOf(names) => names,
        }
    }

    /// Reads what stands for `Principal`: `"*"`, or an object of lists by kind.
    pub(super) fn names_of(json: &Json) -> Result<Vec<PrincipalName>, PolicyError> {
        let kinds = match json {
            Json::Text(text) if text == "*" => return Ok(vec![PrincipalName::Everybody]),
            Json::Object(kinds) if !kinds.is_empty() => kinds,
            Json::Null => return Err(PolicyError::Syntax("`Principal` is null".to_owned())),
            other => return Err(PolicyError::Principal(other.scalar().unwrap_or_default())),
        };
        let mut names = Vec::new();
        for (kind, json) in kinds {
            for element in json.elements() {
                let Json::Text(text) = element else {
                    return Err(PolicyError::Syntax(format!("`{kind}` lists something else")));
                };
                let name = PrincipalName::read(kind, text);
                names.push(name.ok_or_else(|| PolicyError::Principal(text.clone()))?);
            }
        }
        if names.is_empty() {
            return Err(PolicyError::Principal(String::new()));
        }
        Ok(names)
    }
}

impl PrincipalName {
    fn read(kind: &str, text: &str) -> Option<Self> {
        match kind {
            "AWS" if text == "*" => Some(Self::Everybody),
            "AWS" if is_account(text) => Some(Self::Account(text.to_owned())),
            "AWS" => Self::of_arn(text),
            "CanonicalUser" => Some(Self::CanonicalUser(text.to_owned())),
            "Service" => {
                let is_service = text.contains(".amazonaws.com") && !text.contains('*');
                is_service.then(|| Self::Service(text.to_owned()))
            }
            "Federated" => (!text.is_empty()).then(|| Self::Federated(text.to_owned())),
            _ => None,
        }
    }

    fn of_arn(text: &str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let is_arn = parts.next() == Some("arn");
        let partition = parts.next()?;
        let service = parts.next()?;
        let region = parts.next()?;
        let account = parts.next()?;
        let name = parts.next()?;
        if !is_arn || !partition.starts_with("aws") || !region.is_empty() || !is_account(account) {
            return None;
        }
        // "You cannot use a wildcard to match part of a principal name or ARN."
        if text.contains(['*', '?']) {
            return None;
        }
        let is_named = |kind: &str| name.strip_prefix(kind).is_some_and(|name| !name.is_empty());
        match service {
            "iam" if name == "root" => Some(Self::Account(account.to_owned())),
            "iam" if is_named("user/") || is_named("role/") => Some(Self::Arn(text.to_owned())),
            "sts" if is_named("assumed-role/") || is_named("federated-user/") => {
                Some(Self::Arn(text.to_owned()))
            }
            _ => None,
        }
    }

    fn reach(&self, asker: &Asker<'_>) -> Option<Reach> {
        match (self, asker) {
            (Self::Everybody, _) => Some(Reach::Named),
            (Self::Account(id), Asker::User { account, .. }) if id == account => {
                Some(Reach::Account)
            }
            (Self::CanonicalUser(id), Asker::User { canonical_id, .. }) if id == canonical_id => {
                Some(Reach::Account)
            }
            (Self::Arn(name), Asker::User { arn, .. }) if name == arn => Some(Reach::Named),
            _ => None,
        }
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}
