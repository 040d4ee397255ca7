//! GetBucketLifecycleConfiguration, PutBucketLifecycleConfiguration, DeleteBucketLifecycle.

use http::StatusCode;
use stuntbucket_signer::Timestamp;

use super::single::write_document;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::failure::saying;
use crate::names::Filter;
use crate::names::Lifecycle;
use crate::names::MinimumSize;
use crate::names::Noncurrent;
use crate::names::Rule;
use crate::names::Transition;
use crate::names::When;
use crate::operations::document;
use crate::operations::settings::change;
use crate::operations::settings::schema::Holds;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::SWITCH;
use crate::operations::settings::schema::TAG;
use crate::operations::settings::schema::any;
use crate::operations::settings::schema::canonical;
use crate::operations::settings::schema::made;
use crate::operations::settings::schema::malformed;
use crate::operations::settings::schema::one;
use crate::operations::settings::schema::perhaps;
use crate::operations::settings::schema::some;
use crate::request::Request;
use crate::store::Configuration;
use crate::xml::Element;

const ROOT: &str = "LifecycleConfiguration";
const MINIMUM: &str = "x-amz-transition-default-minimum-object-size";
const RULES_MAX: usize = 1000;
const ID_LETTERS_MAX: usize = 255;
/// These do not take objects that are younger.
const INFREQUENT_DAYS_MIN: u32 = 30;

const CLASSES: Holds = Holds::Words(&[
    "GLACIER",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
]);
static AND: &[Part] = &[
    perhaps("Prefix", Holds::Text),
    any("Tag", Holds::Parts(TAG)),
    perhaps("ObjectSizeGreaterThan", Holds::Size),
    perhaps("ObjectSizeLessThan", Holds::Size),
];
static FILTER: &[Part] = &[
    perhaps("Prefix", Holds::Text),
    perhaps("Tag", Holds::Parts(TAG)),
    perhaps("ObjectSizeGreaterThan", Holds::Size),
    perhaps("ObjectSizeLessThan", Holds::Size),
    perhaps("And", Holds::Parts(AND)),
];
static EXPIRATION: &[Part] = &[
    perhaps("Date", Holds::Name),
    perhaps("Days", Holds::Number),
    perhaps("ExpiredObjectDeleteMarker", Holds::Truth),
];
static TRANSITION: &[Part] =
    &[perhaps("Date", Holds::Name), perhaps("Days", Holds::Number), one("StorageClass", CLASSES)];
static NONCURRENT_EXPIRATION: &[Part] =
    &[one("NoncurrentDays", Holds::Number), perhaps("NewerNoncurrentVersions", Holds::Number)];
static NONCURRENT_TRANSITION: &[Part] = &[
    one("NoncurrentDays", Holds::Number),
    perhaps("NewerNoncurrentVersions", Holds::Number),
    one("StorageClass", CLASSES),
];
static ABORT: &[Part] = &[one("DaysAfterInitiation", Holds::Number)];
static RULE: &[Part] = &[
    made("ID"),
    perhaps("Prefix", Holds::Text),
    perhaps("Filter", Holds::Filter(FILTER)),
    one("Status", SWITCH),
    perhaps("Expiration", Holds::Parts(EXPIRATION)),
    any("Transition", Holds::Parts(TRANSITION)),
    perhaps("NoncurrentVersionExpiration", Holds::Parts(NONCURRENT_EXPIRATION)),
    any("NoncurrentVersionTransition", Holds::Parts(NONCURRENT_TRANSITION)),
    perhaps("AbortIncompleteMultipartUpload", Holds::Parts(ABORT)),
];
static PARTS: &[Part] = &[some("Rule", Holds::Parts(RULE))];

pub(super) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let settings = &bucket.settings;
    let found = settings.configurations.find(Configuration::Lifecycle, "");
    let (Some(content), Some(lifecycle)) = (found, &settings.lifecycle) else {
        return Err(Fault::NoSuchLifecycleConfiguration.with("BucketName", &*bucket.name));
    };
    Ok(Answer::xml(StatusCode::OK, write_document(ROOT, content))
        .with(MINIMUM, lifecycle.minimum.name()))
}

pub(super) async fn write(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let minimum = match request.header(MINIMUM) {
        None => MinimumSize::default(),
        Some(name) => MinimumSize::parse(&name).ok_or_else(|| {
            invalid_request(format!("Invalid TransitionDefaultMinimumObjectSize found: {name}"))
        })?,
    };
    let document = document::with_md5(body).await?;
    let root = document::parse(&document, ROOT)?;
    check(&root)?;
    let content = canonical(&root, PARTS, &permit.world().ids)?;
    let written = write_document(ROOT, &content);
    let content = with_dates_of_s3(&content, &root);
    let rules = document::parse(written.as_bytes(), ROOT)?;
    let lifecycle = Lifecycle { rules: rules_of(&rules), minimum };
    let answer = change(permit, StatusCode::OK, |bucket| {
        bucket.settings.configurations.put(Configuration::Lifecycle, "", content.clone());
        bucket.settings.lifecycle = Some(lifecycle.clone());
    })
    .await?;
    Ok(answer.with(MINIMUM, minimum.name()))
}

pub(super) async fn delete(permit: &Permit<'_>) -> Result<Answer, Failure> {
    change(permit, StatusCode::NO_CONTENT, |bucket| {
        bucket.settings.configurations.remove(Configuration::Lifecycle, "");
        bucket.settings.lifecycle = None;
    })
    .await
}

/// What the schema cannot say. Texts recorded from S3 in reports of its users, and by LocalStack:
/// `test_put_bucket_lifecycle_conf_exc`.
fn check(root: &Element) -> Result<(), Failure> {
    let rules: Vec<_> = root.children("Rule").collect();
    if rules.len() > RULES_MAX {
        return Err(malformed(format!("a bucket has at most {RULES_MAX} rules")));
    }
    let mut ids = Vec::new();
    for rule in &rules {
        check_rule(rule)?;
        if let Some(id) = rule.child("ID").map(Element::text).filter(|id| !id.is_empty()) {
            if id.chars().count() > ID_LETTERS_MAX {
                return Err(argument("ID length should not exceed allowed limit of 255"));
            }
            if ids.contains(&id) {
                return Err(argument(
                    "Rule ID must be unique. Found same ID for more than one rule",
                ));
            }
            ids.push(id);
        }
    }
    let is_old = |rule: &&Element| rule.child("Filter").is_none();
    if let Some(first) = rules.first() {
        if is_old(first) && !rules.iter().all(is_old) {
            return Err(invalid_request("Filter element can only be used in Lifecycle V2."));
        }
        if !is_old(first) && rules.iter().any(|rule| rule.child("Prefix").is_some()) {
            return Err(invalid_request(
                "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in \
                 the Filter.",
            ));
        }
    }
    Ok(())
}

const ACTIONS: [&str; 5] = [
    "Expiration",
    "Transition",
    "NoncurrentVersionExpiration",
    "NoncurrentVersionTransition",
    "AbortIncompleteMultipartUpload",
];

fn check_rule(rule: &Element) -> Result<(), Failure> {
    if rule.child("Filter").is_none() && rule.child("Prefix").is_none() {
        return Err(malformed("a rule has a `Filter`"));
    }
    if ACTIONS.iter().all(|action| rule.child(action).is_none()) {
        return Err(invalid_request("At least one action needs to be specified in a rule"));
    }
    let filter = rule.child("Filter");
    let and = filter.and_then(|filter| filter.child("And"));
    let tags: Vec<_> =
        filter.into_iter().chain(and).flat_map(|filter| filter.children("Tag")).collect();
    let keys: Vec<_> = tags.iter().filter_map(|tag| tag.child("Key")).map(Element::text).collect();
    if (1..keys.len()).any(|index| keys[..index].contains(&keys[index])) {
        return Err(invalid_request("Duplicate Tag Keys are not allowed."));
    }
    if rule.child("AbortIncompleteMultipartUpload").is_some() && !tags.is_empty() {
        return Err(invalid_request(
            "AbortIncompleteMultipartUpload cannot be specified with Tags.",
        ));
    }
    if let Some(expiration) = rule.child("Expiration") {
        if expiration.elements().len() != 1 {
            return Err(malformed(
                "`Expiration` has one of `Date`, `Days` and `ExpiredObjectDeleteMarker`",
            ));
        }
        check_when(expiration)?;
        if number(expiration, "Days") == Some(0) {
            return Err(argument("'Days' for Expiration action must be a positive integer"));
        }
    }
    for transition in rule.children("Transition") {
        check_transition(transition)?;
    }
    let noncurrent = rule.child("NoncurrentVersionExpiration");
    if noncurrent.and_then(|action| number(action, "NoncurrentDays")) == Some(0) {
        return Err(argument(
            "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
        ));
    }
    Ok(())
}

fn check_transition(transition: &Element) -> Result<(), Failure> {
    let is_dated = transition.child("Date").is_some();
    if is_dated == transition.child("Days").is_some() {
        return Err(malformed("`Transition` has one of `Date` and `Days`"));
    }
    check_when(transition)?;
    let class = transition.child("StorageClass").map(Element::text).unwrap_or_default();
    let is_infrequent = matches!(class, "STANDARD_IA" | "ONEZONE_IA");
    let is_early = number(transition, "Days").is_some_and(|days| days < INFREQUENT_DAYS_MIN);
    if is_infrequent && is_early {
        return Err(argument(format!(
            "'Days' in Transition action must be greater than or equal to 30 for storageClass \
             '{class}'"
        )));
    }
    Ok(())
}

fn check_when(action: &Element) -> Result<(), Failure> {
    let Some(text) = action.child("Date").map(|date| date.text().trim()) else { return Ok(()) };
    let Some(date) = date(text) else {
        return Err(malformed(format!("`Date` is `{text}`, and not of the form 2026-01-01")));
    };
    if date.unix() % crate::names::DAY_SECONDS != 0 {
        return Err(
            invalid_argument("'Date' must be at midnight GMT", "Date").with("ArgumentValue", text)
        );
    }
    Ok(())
}

/// S3 names no argument with these texts.
fn argument(message: impl Into<std::borrow::Cow<'static, str>>) -> Failure {
    saying("InvalidArgument", 400, message)
}

fn number(element: &Element, name: &str) -> Option<u32> {
    element.child(name)?.text().trim().parse().ok()
}

/// A time, or a day.
fn date(text: &str) -> Option<Timestamp> {
    Timestamp::parse_iso(text).or_else(|| Timestamp::parse_iso(&format!("{text}T00:00:00Z")))
}

/// S3 writes dates with milliseconds, whatever it was sent.
fn with_dates_of_s3(content: &str, root: &Element) -> String {
    let mut content = content.to_owned();
    let actions = root.children("Rule").flat_map(Element::elements);
    for text in actions.filter_map(|action| action.child("Date")).map(Element::text) {
        if let Some(time) = date(text.trim()) {
            let as_sent = format!("<Date>{text}</Date>");
            content = content.replace(&as_sent, &format!("<Date>{}</Date>", time.iso_millis()));
        }
    }
    content
}

/// The rules that are enabled, of a document that was validated.
fn rules_of(root: &Element) -> Vec<Rule> {
    let text = |rule: &Element, name: &str| {
        rule.child(name).map(Element::text).unwrap_or_default().to_owned()
    };
    let is_enabled = |rule: &&Element| text(rule, "Status") == "Enabled";
    let rule = |rule: &Element| Rule {
        id: text(rule, "ID"),
        filter: filter_of(rule),
        expiration: rule.child("Expiration").and_then(when_of),
        transitions: rule
            .children("Transition")
            .filter_map(|transition| {
                let when = when_of(transition)?;
                Some(Transition { when, storage_class: text(transition, "StorageClass") })
            })
            .collect(),
        ends_lone_markers: rule
            .child("Expiration")
            .is_some_and(|action| text(action, "ExpiredObjectDeleteMarker") == "true"),
        noncurrent_expiration: rule.child("NoncurrentVersionExpiration").and_then(noncurrent_of),
        noncurrent_transitions: rule
            .children("NoncurrentVersionTransition")
            .filter_map(|action| Some((noncurrent_of(action)?, text(action, "StorageClass"))))
            .collect(),
        abort_days: rule
            .child("AbortIncompleteMultipartUpload")
            .and_then(|action| number(action, "DaysAfterInitiation")),
    };
    root.children("Rule").filter(is_enabled).map(rule).collect()
}

fn when_of(action: &Element) -> Option<When> {
    if let Some(days) = number(action, "Days") {
        return Some(When::Days(days));
    }
    date(action.child("Date")?.text().trim()).map(|date| When::Date(date.unix()))
}

fn noncurrent_of(action: &Element) -> Option<Noncurrent> {
    let newer_versions = number(action, "NewerNoncurrentVersions").unwrap_or_default();
    Some(Noncurrent { days: number(action, "NoncurrentDays")?, newer_versions })
}

fn filter_of(rule: &Element) -> Filter {
    let mut filter = Filter::default();
    let outer = rule.child("Filter");
    let and = outer.and_then(|outer| outer.child("And"));
    for conditions in [Some(rule), outer, and].into_iter().flatten() {
        if let Some(prefix) = conditions.child("Prefix") {
            prefix.text().clone_into(&mut filter.prefix);
        }
        for tag in conditions.children("Tag") {
            let text = |name| tag.child(name).map(Element::text).unwrap_or_default().to_owned();
            filter.tags.push((text("Key"), text("Value")));
        }
        let size = |name| conditions.child(name)?.text().trim().parse().ok();
        filter.larger_than = filter.larger_than.or_else(|| size("ObjectSizeGreaterThan"));
        filter.smaller_than = filter.smaller_than.or_else(|| size("ObjectSizeLessThan"));
    }
    filter
}
