//! CORS: which rule of a bucket lets a script of another origin in, and which one nearly does.
//!
//! How rules match is recorded by LocalStack in `TestS3Cors`: origins and methods exactly, headers
//! in any case, each with at most one wildcard; the first rule that fits in everything decides.

mod nearly;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use self::nearly::Nearly;
use crate::names::CorsRule;
use crate::request::Request;

/// What a script of another origin asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) origin: String,
    /// What it is going to ask for, else what it asks for.
    pub(crate) method: String,
    /// The headers that it is going to send, as the browser names them. Those of the request itself
    /// do not count.
    pub(crate) headers: Vec<String>,
}

impl Asked {
    /// Reads it; `None` if the request says nothing of an origin.
    pub(crate) fn read(request: &Request) -> Option<Self> {
        let origin = request.header("origin")?.into_owned();
        let method = request.header("access-control-request-method");
        let headers = request.header("access-control-request-headers").unwrap_or_default();
        let headers = headers.split(',').map(str::trim).filter(|name| !name.is_empty());
        Some(Self {
            origin,
            method: method.map_or_else(|| request.method.to_string(), Cow::into_owned),
            headers: headers.map(str::to_owned).collect(),
        })
    }
}

/// A rule that lets the script in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowed<'a> {
    rule: &'a CorsRule,
    asked: &'a Asked,
    /// The origin of the rule that fits.
    origin: &'a str,
}

/// Finds the first rule that allows all that is asked, or else what comes nearest.
pub(crate) fn judge<'a>(rules: &'a [CorsRule], asked: &'a Asked) -> Result<Allowed<'a>, Nearly> {
    let allowed = rules.iter().find_map(|rule| {
        let origin = matching_origin(rule, &asked.origin)?;
        let is_allowed = allows_method(rule, &asked.method)
            && asked.headers.iter().all(|name| allows_header(rule, name));
        is_allowed.then_some(Allowed { rule, asked, origin })
    });
    allowed.ok_or_else(|| Nearly::of(rules, asked))
}

impl Allowed<'_> {
    /// The headers that tell a browser so, by their names in lower case.
    pub(crate) fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if self.origin == "*" {
            headers.push(("access-control-allow-origin", "*".to_owned()));
        } else {
            headers.push(("access-control-allow-origin", self.asked.origin.clone()));
            headers.push(("access-control-allow-credentials", "true".to_owned()));
        }
        let methods: Vec<_> = self.rule.methods.iter().map(|method| method.name()).collect();
        headers.push(("access-control-allow-methods", methods.join(", ")));
        if !self.asked.headers.is_empty() {
            let names = self.asked.headers.join(", ").to_ascii_lowercase();
            headers.push(("access-control-allow-headers", names));
        }
        if !self.rule.exposed.is_empty() {
            headers.push(("access-control-expose-headers", self.rule.exposed.join(", ")));
        }
        if let Some(seconds) = self.rule.max_age_seconds {
            headers.push(("access-control-max-age", seconds.to_string()));
        }
        let vary = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";
        headers.push(("vary", vary.to_owned()));
        headers
    }
}

fn matching_origin<'a>(rule: &'a CorsRule, origin: &str) -> Option<&'a str> {
    rule.origins.iter().map(String::as_str).find(|pattern| fits(pattern, origin))
}

fn allows_method(rule: &CorsRule, method: &str) -> bool {
    rule.methods.iter().any(|allowed| allowed.name() == method)
}

fn allows_header(rule: &CorsRule, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    rule.headers.iter().any(|pattern| fits(&pattern.to_ascii_lowercase(), &name))
}

/// Whether a text is the pattern, in which one `*` stands for any text, also for none.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
    }
}
