//! A second evaluator, as plain as possible, and random policies on which both must agree.

use proptest::prelude::*;
use serde_json::Value;
use serde_json::json;

use crate::policy::Asker;
use crate::policy::Policy;
use crate::policy::Question;
use crate::policy::Ruling;

/// What a request is, for both.
#[derive(Clone, Debug)]
struct Case {
    action: &'static str,
    resource: &'static str,
    /// Account and user, or nobody.
    user: Option<(&'static str, &'static str)>,
    prefix: Option<&'static str>,
    size: Option<&'static str>,
}

impl Case {
    fn value(&self, key: &str) -> Option<String> {
        match key.to_ascii_lowercase().as_str() {
            "s3:prefix" => self.prefix.map(str::to_owned),
            "s3:max-keys" => self.size.map(str::to_owned),
            "aws:username" => self.user.map(|(_, name)| name.to_owned()),
            _ => None,
        }
    }
}

fn list(value: &Value) -> Vec<String> {
    let one = |value: &Value| value.as_str().unwrap().to_owned();
    value.as_array().map_or_else(|| vec![one(value)], |list| list.iter().map(one).collect())
}

/// Stands in a pattern for a star that a value brought along.
const LITERAL_STAR: char = '\u{1}';

/// The definition of a glob, character by character.
fn glob(pattern: &str, text: &str) -> bool {
    let mut rest = text.chars();
    match pattern.chars().next() {
        None => text.is_empty(),
        Some('*') => {
            glob(&pattern[1..], text) || (rest.next().is_some() && glob(pattern, rest.as_str()))
        }
        Some(first) => {
            let is_same = rest.next().is_some_and(|found| match first {
                '?' => true,
                LITERAL_STAR => found == '*',
                _ => first == found,
            });
            is_same && glob(&pattern[first.len_utf8()..], rest.as_str())
        }
    }
}

/// Puts the one variable of these tests in its place.
fn filled(text: &str, case: &Case) -> Option<String> {
    if !text.contains("${aws:username}") {
        return Some(text.to_owned());
    }
    let value = case.value("aws:username")?.replace('*', &LITERAL_STAR.to_string());
    Some(text.replace("${aws:username}", &value))
}

fn names(statement: &Value, member: &str, case: &Case) -> Option<bool> {
    let names = statement.get(member)?;
    let Some(names) = names.get("AWS") else { return Some(true) };
    Some(list(names).iter().any(|name| match case.user {
        Some((account, user)) => {
            name == "*"
                || *name == account
                || *name == format!("arn:aws:iam::{account}:root")
                || *name == format!("arn:aws:iam::{account}:user/{user}")
        }
        None => name == "*",
    }))
}

fn one_condition(operator: &str, wanted: &[String], found: Option<String>, case: &Case) -> bool {
    if operator == "Null" {
        return wanted.iter().any(|wanted| (wanted == "true") == found.is_none());
    }
    if let Some(rest) = operator.strip_suffix("IfExists") {
        return found.is_none() || one_condition(rest, wanted, found, case);
    }
    if let Some(position) = operator.find("Not") {
        let plain = format!("{}{}", &operator[..position], &operator[position + 3..]);
        return !one_condition(&plain, wanted, found, case);
    }
    let Some(found) = found else { return false };
    wanted.iter().any(|wanted| {
        let number = || (found.parse::<i64>().unwrap(), wanted.parse::<i64>().unwrap());
        match operator {
            "StringEquals" => {
                let wanted = filled(wanted, case);
                wanted.is_some_and(|wanted| wanted.replace(LITERAL_STAR, "*") == found)
            }
            "StringLike" => filled(wanted, case).is_some_and(|wanted| glob(&wanted, &found)),
            "StringEqualsIgnoreCase" => {
                let wanted = filled(wanted, case).map(|text| text.replace(LITERAL_STAR, "*"));
                wanted.is_some_and(|wanted| wanted.eq_ignore_ascii_case(&found))
            }
            "NumericEquals" => number().0 == number().1,
            "NumericLessThan" => number().0 < number().1,
            "NumericGreaterThanEquals" => number().0 >= number().1,
            other => panic!("{other}"),
        }
    })
}

fn is_about(statement: &Value, case: &Case) -> bool {
    let is_principal = names(statement, "Principal", case)
        .unwrap_or_else(|| !names(statement, "NotPrincipal", case).unwrap());
    let lower = case.action.to_ascii_lowercase();
    let acts = |list: Vec<String>| list.iter().any(|p| glob(&p.to_ascii_lowercase(), &lower));
    let is_action = match statement.get("Action") {
        Some(actions) => acts(list(actions)),
        None => !acts(list(&statement["NotAction"])),
    };
    let resource = |list: Vec<String>| {
        list.iter().any(|p| filled(p, case).is_some_and(|pattern| glob(&pattern, case.resource)))
    };
    let is_resource = match statement.get("Resource") {
        Some(resources) => resource(list(resources)),
        None => !resource(list(&statement["NotResource"])),
    };
    let conditions = statement["Condition"].as_object().unwrap();
    let holds = conditions.iter().all(|(operator, keys)| {
        keys.as_object()
            .unwrap()
            .iter()
            .all(|(key, wanted)| one_condition(operator, &list(wanted), case.value(key), case))
    });
    is_principal && is_action && is_resource && holds
}

fn naive(policy: &Value, case: &Case) -> &'static str {
    let statements = policy["Statement"].as_array().unwrap();
    let has = |effect: &str| {
        statements
            .iter()
            .any(|statement| statement["Effect"] == effect && is_about(statement, case))
    };
    if has("Deny") {
        "denied"
    } else if has("Allow") {
        "allowed"
    } else {
        "silent"
    }
}

fn judged(policy: &Value, case: &Case) -> &'static str {
    let policy = Policy::of_bucket_as_kept(&policy.to_string()).unwrap();
    let arn = case.user.map(|(account, name)| format!("arn:aws:iam::{account}:user/{name}"));
    let asker = match (case.user, &arn) {
        (Some((account, _)), Some(arn)) => Asker::User { account, arn, canonical_id: "" },
        _ => Asker::Anonymous,
    };
    let context = |key: &str| case.value(key).map(|value| vec![value]);
    let question =
        Question { action: case.action, resource: case.resource, asker, context: &context };
    match policy.judge(&question) {
        Ruling::Denied(_) => "denied",
        Ruling::Allowed(..) => "allowed",
        Ruling::Silent(_) => "silent",
    }
}

fn some_of(texts: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let one = prop::sample::select(texts).prop_map(|text| json!(text));
    let several = prop::sample::subsequence(texts, 1..=texts.len()).prop_map(|list| json!(list));
    prop_oneof![one, several]
}

fn condition() -> impl Strategy<Value = Value> {
    let text = (
        prop::sample::select(vec![
            "StringEquals",
            "StringNotEquals",
            "StringLike",
            "StringNotLike",
            "StringEqualsIgnoreCase",
            "StringLikeIfExists",
            "StringNotEqualsIfExists",
        ]),
        some_of(&["", "a", "A*", "a?b*", "${aws:username}", "*c"]),
    )
        .prop_map(|(operator, wanted)| json!({ operator: { "s3:prefix": wanted } }));
    let number = (
        prop::sample::select(vec![
            "NumericEquals",
            "NumericNotEquals",
            "NumericLessThan",
            "NumericGreaterThanEqualsIfExists",
        ]),
        some_of(&["1", "2", "10"]),
    )
        .prop_map(|(operator, wanted)| json!({ operator: { "S3:Max-Keys": wanted } }));
    let null = some_of(&["true", "false"]).prop_map(|is| json!({ "Null": { "s3:prefix": is } }));
    let both = (text, number, null, any::<[bool; 3]>());
    both.prop_map(|(text, number, null, chosen)| {
        let mut all = serde_json::Map::new();
        for (condition, _) in [text, number, null].into_iter().zip(chosen).filter(|(_, is)| *is) {
            all.extend(condition.as_object().unwrap().clone());
        }
        Value::Object(all)
    })
}

fn statement() -> impl Strategy<Value = Value> {
    let principals = prop_oneof![
        Just(json!("*")),
        some_of(&[
            "*",
            "000000000001",
            "arn:aws:iam::000000000002:root",
            "arn:aws:iam::000000000001:user/abc",
        ])
        .prop_map(|names| json!({ "AWS": names })),
    ];
    let actions = some_of(&["*", "s3:*", "s3:GET*", "s3:GetObject", "s3:?utObject", "s3:List*"]);
    let resources = some_of(&[
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::b/a/*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::b/${aws:username}/*",
    ]);
    (any::<[bool; 4]>(), principals, actions, resources, condition()).prop_map(
        |(
            [allows, excepts, not_action, not_resource],
            principals,
            actions,
            resources,
            condition,
        )| {
            let mut statement = json!({
                "Effect": if allows { "Allow" } else { "Deny" },
                "Condition": condition,
            });
            let principal = if !allows && excepts { "NotPrincipal" } else { "Principal" };
            statement[principal] = principals;
            statement[if not_action { "NotAction" } else { "Action" }] = actions;
            statement[if not_resource { "NotResource" } else { "Resource" }] = resources;
            statement
        },
    )
}

fn case() -> impl Strategy<Value = Case> {
    let users = vec![
        None,
        Some(("000000000001", "abc")),
        Some(("000000000001", "a")),
        Some(("000000000002", "*")),
    ];
    (
        prop::sample::select(vec!["s3:GetObject", "s3:PutObject", "s3:ListBucket"]),
        prop::sample::select(vec![
            "arn:aws:s3:::b",
            "arn:aws:s3:::b/k",
            "arn:aws:s3:::b/a/k",
            "arn:aws:s3:::b/abc/k",
            "arn:aws:s3:::b/*/k",
        ]),
        prop::sample::select(users),
        prop::sample::select(vec![None, Some(""), Some("a"), Some("abc"), Some("aXbc")]),
        prop::sample::select(vec![None, Some("1"), Some("2"), Some("11")]),
    )
        .prop_map(|(action, resource, user, prefix, size)| Case {
            action,
            resource,
            user,
            prefix,
            size,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_evaluators_agree(
        statements in prop::collection::vec(statement(), 1..4),
        case in case(),
    ) {
        let policy = json!({ "Version": "2012-10-17", "Statement": statements });
        prop_assert_eq!(judged(&policy, &case), naive(&policy, &case), "{} {:?}", policy, case);
    }

    #[test]
    fn no_text_makes_it_panic(text in ".*", inner in ".{0,20}") {
        let _ = super::read(&text);
        let document = json!({ "Statement": [{
            "Sid": &inner, "Effect": "Allow", "Principal": { "AWS": &inner }, "Action": &inner,
            "Resource": format!("arn:aws:s3:::b/{inner}"), "Condition": { &inner: { &inner: &inner } },
        }]});
        let _ = super::read(&document.to_string());
        for operator in ["IpAddress", "DateLessThan", "NumericEquals", "ArnLike", "StringLike"] {
            let document = json!({ "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": "*", "Action": "s3:*",
                "Resource": format!("arn:aws:s3:::b/{inner}"),
                "Condition": { operator: { "aws:SourceIp": &inner } },
            }]});
            if let Ok((policy, _)) = super::read(&document.to_string()) {
                let context = |_: &str| Some(vec![inner.clone()]);
                let question = Question {
                    action: "s3:GetObject",
                    resource: &format!("arn:aws:s3:::b/{inner}"),
                    asker: Asker::Anonymous,
                    context: &context,
                };
                let _ = policy.judge(&question);
            }
        }
    }
}
