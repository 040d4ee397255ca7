//! GetBucketLifecycleConfiguration, PutBucketLifecycleConfiguration, DeleteBucketLifecycle.

mod check;

use http::StatusCode;
use stuntbucket_signer::Timestamp;

use self::check::check;
use super::single::write_document;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_request;
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
use crate::operations::settings::schema::one;
use crate::operations::settings::schema::perhaps;
use crate::operations::settings::schema::some;
use crate::request::Request;
use crate::store::Configuration;
use crate::xml::Element;

const ROOT: &str = "LifecycleConfiguration";
const MINIMUM: &str = "x-amz-transition-default-minimum-object-size";

/// Objects go from the one to the other, and never back.
const WARMEST_FIRST: [&str; 6] =
    ["STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"];
const CLASSES: Holds = Holds::Words(&WARMEST_FIRST);
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
    let content = canonical(&root, PARTS, &permit.world().ids)?;
    check(&root)?;
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
