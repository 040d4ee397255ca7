//! A document becomes statements.

use super::Effect;
use super::Listed;
use super::Policy;
use super::PolicyError;
use super::Statement;
use super::Text;
use super::condition::Condition;
use super::json::Json;
use super::pattern::Pattern;
use super::pattern::Variables;
use super::pattern::Wildcards;
use super::principal::Principals;
use super::write::MEMBERS_OF_STATEMENT;

/// What a policy belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bucket,
    User,
}

/// Reads JSON whose first byte is a brace.
pub(super) fn json(document: &[u8]) -> Result<Json, PolicyError> {
    if document.first() != Some(&b'{') {
        return Err(PolicyError::NotJson("its first byte is not `{`".to_owned()));
    }
    serde_json::from_slice(document).map_err(|error| PolicyError::NotJson(error.to_string()))
}

pub(super) fn policy(json: &Json, kind: Kind) -> Result<Policy, PolicyError> {
    let members = members(json, "the policy", &["Version", "Id", "Statement"])?;
    let version = members.text("Version")?;
    let variables = match version.as_deref() {
        Some("2012-10-17") => Variables::Count,
        None | Some("2008-10-17") => Variables::AreLiteral,
        Some(other) => return Err(PolicyError::Version(other.to_owned())),
    };
    members.text("Id")?;
    let statements = members.value("Statement").ok_or(PolicyError::Missing("Statement"))?;
    let statements = statements
        .elements()
        .iter()
        .map(|json| statement(json, kind, variables))
        .collect::<Result<Vec<_>, _>>()?;
    if statements.is_empty() {
        return Err(PolicyError::NoStatements);
    }
    Ok(Policy { statements })
}

fn statement(json: &Json, kind: Kind, variables: Variables) -> Result<Statement, PolicyError> {
    let members = members(json, "a statement", &MEMBERS_OF_STATEMENT)?;
    let effect = match members.text("Effect")?.ok_or(PolicyError::Missing("Effect"))?.as_str() {
        "Allow" => Effect::Allow,
        "Deny" => Effect::Deny,
        other => return Err(PolicyError::Effect(other.to_owned())),
    };
    Ok(Statement {
        sid: members.text("Sid")?,
        effect,
        principals: principals(&members, kind, effect)?,
        actions: listed(&members, "Action", "NotAction", Variables::AreLiteral)?,
        resources: listed(&members, "Resource", "NotResource", variables)?,
        conditions: match members.value("Condition") {
            Some(json) => conditions(json, variables)?,
            None => Vec::new(),
        },
    })
}

fn principals(
    members: &Members<'_>,
    kind: Kind,
    effect: Effect,
) -> Result<Option<Principals>, PolicyError> {
    let found = members.one_of("Principal", "NotPrincipal")?;
    match (kind, found) {
        (Kind::User, None) => Ok(None),
        (Kind::User, Some(_)) => Err(PolicyError::Syntax(
            "a user's policy is for the user, and names no principal".to_owned(),
        )),
        (Kind::Bucket, None) => Err(PolicyError::Missing("Principal")),
        (Kind::Bucket, Some(("Principal", json))) => {
            Ok(Some(Principals::Any(Principals::names_of(json)?)))
        }
        // "`NotPrincipal` must be used with `Deny`", says the IAM guide.
        (Kind::Bucket, Some(_)) if effect == Effect::Allow => {
            Err(PolicyError::Syntax("`NotPrincipal` goes with `Deny` only".to_owned()))
        }
        (Kind::Bucket, Some((_, json))) => {
            Ok(Some(Principals::NoneOf(Principals::names_of(json)?)))
        }
    }
}

fn listed(
    members: &Members<'_>,
    any: &'static str,
    none_of: &'static str,
    variables: Variables,
) -> Result<Listed, PolicyError> {
    let Some((name, json)) = members.one_of(any, none_of)? else {
        return Err(PolicyError::Missing(any));
    };
    let texts = json.elements().iter().map(|element| match element {
        Json::Text(text) => Ok(Text {
            written: text.clone(),
            pattern: Pattern::new(text, Wildcards::Count, variables),
        }),
        _ => Err(PolicyError::Syntax(format!("`{name}` lists something that is no text"))),
    });
    let texts = texts.collect::<Result<Vec<_>, _>>()?;
    if texts.is_empty() {
        return Err(PolicyError::Syntax(format!("`{name}` is empty")));
    }
    Ok(if name == any { Listed::Any(texts) } else { Listed::NoneOf(texts) })
}

fn conditions(json: &Json, variables: Variables) -> Result<Vec<Condition>, PolicyError> {
    let mut conditions = Vec::new();
    for (operator, keys) in unique_members(json, "`Condition`")? {
        for (key, values) in unique_members(keys, operator)? {
            let texts = values.elements().iter().map(|value| {
                value.scalar().ok_or_else(|| {
                    PolicyError::Syntax(format!("`{operator}` of {key} has no value to compare"))
                })
            });
            let texts = texts.collect::<Result<Vec<_>, _>>()?;
            conditions.push(Condition::read(operator, key, &texts, variables)?);
        }
    }
    Ok(conditions)
}

/// The members of an object that has known fields only.
struct Members<'a>(&'a [(String, Json)]);

fn members<'a>(json: &'a Json, what: &str, known: &[&str]) -> Result<Members<'a>, PolicyError> {
    let members = unique_members(json, what)?;
    match members.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, _)) => Err(PolicyError::UnknownField(name.clone())),
        None => Ok(Members(members)),
    }
}

fn unique_members<'a>(json: &'a Json, what: &str) -> Result<&'a [(String, Json)], PolicyError> {
    let Json::Object(members) = json else {
        return Err(PolicyError::Syntax(format!("{what} is no object")));
    };
    for (index, (name, _)) in members.iter().enumerate() {
        if members[..index].iter().any(|(other, _)| other == name) {
            return Err(PolicyError::Syntax(format!("`{name}` stands twice in {what}")));
        }
    }
    Ok(members)
}

impl<'a> Members<'a> {
    fn value(&self, name: &str) -> Option<&'a Json> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    fn text(&self, name: &str) -> Result<Option<String>, PolicyError> {
        match self.value(name) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text.clone())),
            Some(_) => Err(PolicyError::Syntax(format!("`{name}` is no text"))),
        }
    }

    /// The one of two members that is there.
    fn one_of(
        &self,
        one: &'static str,
        other: &'static str,
    ) -> Result<Option<(&'static str, &'a Json)>, PolicyError> {
        match (self.value(one), self.value(other)) {
            (Some(_), Some(_)) => Err(PolicyError::Syntax(format!(
                "a statement has `{one}` or `{other}`, and not both"
            ))),
            (Some(json), None) => Ok(Some((one, json))),
            (None, Some(json)) => Ok(Some((other, json))),
            (None, None) => Ok(None),
        }
    }
}
