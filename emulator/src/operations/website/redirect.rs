//! Where a website sends a browser instead of answering.

use http::StatusCode;
use stuntbucket_signer::encode;

use crate::answer::Answer;
use crate::names::Documents;
use crate::names::Elsewhere;
use crate::names::NewKey;
use crate::names::RoutingRule;
use crate::request::Request;
use crate::store::Object;

const LOCATION: &str = "x-amz-website-redirect-location";

/// The website endpoint speaks HTTP only.
const PROTOCOL: &str = "http";

/// Whether a stored header is the one that redirects.
pub(super) fn is_location(name: &str) -> bool {
    name == LOCATION
}

/// Everything is elsewhere.
pub(super) fn all(to: &Elsewhere, request: &Request) -> Answer {
    let protocol = to.protocol.as_deref().unwrap_or(PROTOCOL);
    let url = format!("{protocol}://{}{}{}", to.host, request.path, query(request));
    answer(StatusCode::MOVED_PERMANENTLY, &url)
}

/// The object's own redirect.
pub(super) fn of_object(object: &Object) -> Option<Answer> {
    let (_, to) = object.headers.iter().find(|(name, _)| is_location(name))?;
    Some(answer(StatusCode::MOVED_PERMANENTLY, to))
}

/// The first rule that applies: before the object is looked for, or with the status of the error.
pub(super) fn by_rule(
    documents: &Documents,
    request: &Request,
    error: Option<u16>,
) -> Option<Answer> {
    let rule = documents.rules.iter().find(|rule| applies(rule, request.key(), error))?;
    let redirect = &rule.redirect;
    let protocol = redirect.protocol.as_deref().unwrap_or(PROTOCOL);
    let host = redirect.host.clone().unwrap_or_else(|| request.host().into_owned());
    let url = format!("{protocol}://{host}/{}", target(rule, request));
    let status = redirect.status.and_then(|status| StatusCode::from_u16(status).ok());
    Some(answer(status.unwrap_or(StatusCode::MOVED_PERMANENTLY), &url))
}

fn applies(rule: &RoutingRule, key: &str, error: Option<u16>) -> bool {
    let Some(condition) = &rule.condition else { return true };
    condition.key_prefix.as_ref().is_none_or(|prefix| key.starts_with(prefix.as_str()))
        && condition.error_status.is_none_or(|status| error == Some(status))
}

/// Path and query of the redirect, without the first slash. What the rule does not replace stays
/// as it was sent.
fn target(rule: &RoutingRule, request: &Request) -> String {
    let key = request.key();
    match &rule.redirect.key {
        // A whole new key leaves no place for the old query.
        Some(NewKey::Whole(key)) => path(key),
        Some(NewKey::Prefix(new)) => {
            let old = rule.condition.as_ref().and_then(|condition| condition.key_prefix.as_deref());
            let rest = key.strip_prefix(old.unwrap_or_default()).unwrap_or(key);
            format!("{}{}", path(&format!("{new}{rest}")), query(request))
        }
        None => format!("{}{}", request.path.trim_start_matches('/'), query(request)),
    }
}

/// A key as it stands in a URL.
pub(super) fn path(key: &str) -> String {
    encode::path(key.as_bytes())
}

fn query(request: &Request) -> String {
    match request.query.raw() {
        "" => String::new(),
        raw => format!("?{raw}"),
    }
}

fn answer(status: StatusCode, to: &str) -> Answer {
    Answer::empty(status).with("location", to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Condition;
    use crate::names::Redirect;
    use crate::request::tests::request_to;

    fn rule(prefix: &str, error: Option<u16>, redirect: Redirect) -> RoutingRule {
        let key_prefix = Some(prefix.to_owned()).filter(|prefix| !prefix.is_empty());
        let condition = (key_prefix.is_some() || error.is_some())
            .then_some(Condition { key_prefix, error_status: error });
        RoutingRule { condition, redirect }
    }

    #[track_caller]
    fn check(rule: &RoutingRule, target: &str, error: Option<u16>, expected: Option<(u16, &str)>) {
        let documents = Documents {
            index_suffix: "index.html".to_owned(),
            error_key: None,
            rules: vec![rule.clone()],
        };
        let request = request_to("b.s3-website.localhost:9000", target);
        let answer = by_rule(&documents, &request, error);
        let found = answer
            .as_ref()
            .map(|answer| (answer.status.as_u16(), answer.headers["location"].to_str().unwrap()));
        assert_eq!(found, expected, "{target}");
    }

    #[test]
    fn rules_lead_where_they_say() {
        let here = "http://b.s3-website.localhost:9000";
        let prefix = |new: &str| Redirect {
            key: Some(NewKey::Prefix(new.to_owned())),
            ..Redirect::default()
        };
        let docs = rule("docs/", None, prefix("documents/"));
        let at = |rest: &str| format!("{here}/{rest}");
        check(&docs, "/docs/a%20b?x=1", None, Some((301, &at("documents/a%20b?x=1"))));
        check(&docs, "/other", None, None);
        check(&rule("docs/", None, prefix("")), "/docs/a", None, Some((301, &at("a"))));
        let whole = Redirect {
            key: Some(NewKey::Whole("error.html".to_owned())),
            status: Some(307),
            ..Redirect::default()
        };
        let missing = rule("", Some(404), whole);
        check(&missing, "/a", None, None);
        check(&missing, "/a", Some(403), None);
        check(&missing, "/a?x", Some(404), Some((307, &at("error.html"))));
        let elsewhere = Redirect {
            host: Some("example.org".to_owned()),
            protocol: Some("https".to_owned()),
            ..Redirect::default()
        };
        let both = rule("images/", Some(404), elsewhere.clone());
        check(&both, "/images/a", Some(404), Some((301, "https://example.org/images/a")));
        check(&both, "/a", Some(404), None);
        check(&rule("", None, elsewhere), "/", None, Some((301, "https://example.org/")));
    }
}
