//! `Nearly`: the rule that comes nearest to what was asked, and in what it differs.

use std::fmt;

use super::Asked;
use super::allows_header;
use super::allows_method;
use super::matching_origin;
use crate::explanation;
use crate::explanation::NearestRule;
use crate::names::CorsRule;

/// Why no rule fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Nearly {
    /// There are no rules at all.
    NoRules,
    /// This rule is the nearest.
    Rule {
        /// Counted from 1.
        number: usize,
        id: Option<String>,
        /// At least one.
        misses: Vec<Miss>,
    },
}

/// In what a rule does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Miss {
    Origin { asked: String, allowed: Vec<String>, hint: Option<OriginHint> },
    Method { asked: String, allowed: Vec<&'static str> },
    Header { asked: String, allowed: Vec<String> },
}

/// The one thing in which an origin differs from one that is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginHint {
    /// The rule has a slash behind the origin, which no browser sends.
    SlashInRule,
    /// The rule has a path, which no browser sends.
    PathInRule,
    Scheme,
    Port,
    /// Only `localhost`, `127.0.0.1` and `[::1]` are mixed up.
    Loopback,
    Case,
}

impl Nearly {
    pub(super) fn of(rules: &[CorsRule], asked: &Asked) -> Self {
        let judged =
            rules.iter().enumerate().map(|(index, rule)| (index, rule, misses(rule, asked)));
        // Of two that are as near, one that lets the origin in is what was meant.
        let nearest = judged.min_by_key(|(_, _, misses)| {
            let misses_origin = misses.iter().any(|miss| matches!(miss, Miss::Origin { .. }));
            let is_hopeless =
                misses.iter().any(|miss| matches!(miss, Miss::Origin { hint: None, .. }));
            (misses.len(), misses_origin, is_hopeless)
        });
        match nearest {
            None => Self::NoRules,
            Some((index, rule, misses)) => {
                Self::Rule { number: index + 1, id: rule.id.clone(), misses }
            }
        }
    }
}

fn misses(rule: &CorsRule, asked: &Asked) -> Vec<Miss> {
    let mut misses = Vec::new();
    if matching_origin(rule, &asked.origin).is_none() {
        misses.push(Miss::Origin {
            asked: asked.origin.clone(),
            allowed: rule.origins.clone(),
            hint: rule.origins.iter().find_map(|allowed| hint(allowed, &asked.origin)),
        });
    }
    if !allows_method(rule, &asked.method) {
        let allowed = rule.methods.iter().map(|method| method.name()).collect();
        misses.push(Miss::Method { asked: asked.method.clone(), allowed });
    }
    for name in asked.headers.iter().filter(|name| !allows_header(rule, name)) {
        misses.push(Miss::Header { asked: name.clone(), allowed: rule.headers.clone() });
    }
    misses
}

fn hint(allowed: &str, asked: &str) -> Option<OriginHint> {
    if allowed.eq_ignore_ascii_case(asked) {
        return Some(OriginHint::Case);
    }
    if let Some(rest) = allowed.strip_prefix(asked) {
        return match rest {
            "/" => Some(OriginHint::SlashInRule),
            _ if rest.starts_with('/') => Some(OriginHint::PathInRule),
            _ if rest.starts_with(':') => Some(OriginHint::Port),
            _ => None,
        };
    }
    let (allowed_scheme, allowed_place) = allowed.split_once("://")?;
    let (scheme, place) = asked.split_once("://")?;
    if allowed_place == place {
        return Some(OriginHint::Scheme);
    }
    let (allowed_host, allowed_port) = host_and_port(allowed_place);
    let (host, port) = host_and_port(place);
    let is_loopback = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    if allowed_scheme != scheme {
        None
    } else if allowed_host == host {
        Some(OriginHint::Port)
    } else if is_loopback(allowed_host) && is_loopback(host) && allowed_port == port {
        Some(OriginHint::Loopback)
    } else {
        None
    }
}

fn host_and_port(place: &str) -> (&str, Option<&str>) {
    match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (place, None),
    }
}

impl Nearly {
    /// The rule, for a program.
    pub(crate) fn rule(&self) -> Option<NearestRule> {
        match self {
            Self::NoRules => None,
            Self::Rule { number, id, misses } => Some(NearestRule {
                number: *number,
                id: id.clone(),
                misses: misses.iter().map(Miss::told).collect(),
            }),
        }
    }
}

impl Miss {
    fn told(&self) -> explanation::Miss {
        let owned = |list: &[&'static str]| list.iter().map(|name| (*name).to_owned()).collect();
        let (element, asked, allowed) = match self {
            Self::Origin { asked, allowed, .. } => ("AllowedOrigin", asked, allowed.clone()),
            Self::Method { asked, allowed } => ("AllowedMethod", asked, owned(allowed)),
            Self::Header { asked, allowed } => ("AllowedHeader", asked, allowed.clone()),
        };
        let hint = match self {
            Self::Origin { hint, .. } => hint.map(|hint| hint.to_string()),
            Self::Method { .. } | Self::Header { .. } => None,
        };
        explanation::Miss { element, asked: asked.clone(), allowed, hint }
    }

    /// What to change.
    fn advice(&self) -> String {
        match self {
            Self::Origin { asked, .. } => format!("Add `{asked}` to its AllowedOrigin."),
            Self::Method { asked, .. } => format!("Add `{asked}` to its AllowedMethod."),
            Self::Header { asked, .. } => format!("Add `{asked}` to its AllowedHeader."),
        }
    }
}

impl Nearly {
    /// What to change, so that the rule lets the script in.
    pub(crate) fn advice(&self) -> String {
        match self {
            Self::NoRules => "Put a CORS configuration, or start the emulator with `cors` for the \
                              bucket."
                .to_owned(),
            Self::Rule { misses, .. } => {
                misses.iter().map(Miss::advice).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

impl fmt::Display for Nearly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRules => f.write_str("the bucket has no CORS configuration"),
            Self::Rule { number, id, misses } => {
                write!(f, "CORS rule {number}")?;
                if let Some(id) = id {
                    write!(f, " (`{id}`)")?;
                }
                f.write_str(" comes nearest: ")?;
                for (index, miss) in misses.iter().enumerate() {
                    write!(f, "{}{miss}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
        }
    }
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin { asked, allowed, hint } => {
                write!(f, "the origin is `{asked}`, and AllowedOrigin has {}", list(allowed))?;
                match hint {
                    Some(hint) => write!(f, " ({hint})"),
                    None => Ok(()),
                }
            }
            Self::Method { asked, allowed } => {
                write!(f, "the method is `{asked}`, and AllowedMethod has {}", list(allowed))
            }
            Self::Header { asked, allowed } if allowed.is_empty() => {
                write!(f, "the header `{asked}` is asked for, and the rule has no AllowedHeader")
            }
            Self::Header { asked, allowed } => {
                write!(
                    f,
                    "the header `{asked}` is asked for, and AllowedHeader has {}",
                    list(allowed)
                )
            }
        }
    }
}

impl fmt::Display for OriginHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SlashInRule => "an origin has no slash at its end",
            Self::PathInRule => "an origin has no path",
            Self::Scheme => "only the scheme differs",
            Self::Port => "only the port differs",
            Self::Loopback => "to a browser, localhost and 127.0.0.1 are different origins",
            Self::Case => "only upper and lower case differ, and origins are compared exactly",
        })
    }
}

fn list<T: fmt::Display>(items: &[T]) -> String {
    let quoted: Vec<_> = items.iter().map(|item| format!("`{item}`")).collect();
    quoted.join(", ")
}
