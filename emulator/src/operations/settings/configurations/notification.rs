//! GetBucketNotificationConfiguration, PutBucketNotificationConfiguration.

use std::collections::HashSet;

use http::StatusCode;

use super::single::write_document;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::failure::saying;
use crate::names::EVENTS;
use crate::names::EventBridge;
use crate::names::Kind;
use crate::names::Notification;
use crate::names::Target;
use crate::operations::document;
use crate::operations::settings::change;
use crate::operations::settings::schema::Holds;
use crate::operations::settings::schema::Part;
use crate::operations::settings::schema::any;
use crate::operations::settings::schema::canonical;
use crate::operations::settings::schema::made;
use crate::operations::settings::schema::one;
use crate::operations::settings::schema::perhaps;
use crate::operations::settings::schema::some;
use crate::request::Request;
use crate::store::Configuration;
use crate::xml::Element;

const ROOT: &str = "NotificationConfiguration";

/// A bucket has no more of all kinds.
const TARGETS_MAX: usize = 100;
/// As long as a key can be.
const FILTER_BYTES_MAX: usize = 1024;

static FILTER_RULE: &[Part] = &[one("Name", Holds::Text), one("Value", Holds::Text)];
static KEY: &[Part] = &[any("FilterRule", Holds::Parts(FILTER_RULE))];
static FILTER: &[Part] = &[perhaps("S3Key", Holds::Parts(KEY))];
const EVENT: Part = some("Event", Holds::Words(&EVENTS));
const FILTERED: Part = perhaps("Filter", Holds::Parts(FILTER));
static TOPIC: &[Part] = &[made("Id"), one("Topic", Holds::Text), EVENT, FILTERED];
static QUEUE: &[Part] = &[made("Id"), one("Queue", Holds::Text), EVENT, FILTERED];
static FUNCTION: &[Part] = &[made("Id"), one("CloudFunction", Holds::Text), EVENT, FILTERED];
static PARTS: &[Part] = &[
    any("TopicConfiguration", Holds::Parts(TOPIC)),
    any("QueueConfiguration", Holds::Parts(QUEUE)),
    any("CloudFunctionConfiguration", Holds::Parts(FUNCTION)),
    perhaps("EventBridgeConfiguration", Holds::Parts(&[])),
];

/// The kinds of destinations: the element of one, the element of its ARN, and the ARN's service.
const KINDS: [(Kind, &str, &str, &str); 3] = [
    (Kind::Topic, "TopicConfiguration", "Topic", "sns"),
    (Kind::Queue, "QueueConfiguration", "Queue", "sqs"),
    (Kind::CloudFunction, "CloudFunctionConfiguration", "CloudFunction", "lambda"),
];

pub(super) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let configurations = &permit.bucket()?.settings.configurations;
    let content = configurations.find(Configuration::Notification, "").unwrap_or_default();
    Ok(Answer::xml(StatusCode::OK, write_document(ROOT, content)))
}

pub(super) async fn write(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let document = document::needed(body).await?;
    let root = document::parse(&document, ROOT)?;
    let content = canonical(&root, PARTS, &permit.world().ids)?;
    let written = document::parse(write_document(ROOT, &content).as_bytes(), ROOT)?;
    let notification = read_document(&written, &permit.bucket()?.region)?;
    let skips = request
        .header("x-amz-skip-destination-validation")
        .is_some_and(|value| value.eq_ignore_ascii_case("true"));
    if !skips {
        check_destinations(&permit.world().events.destinations, &notification)?;
    }
    let content = with_names_of_s3(content);
    let answer = change(permit, StatusCode::OK, |bucket| {
        let is_empty = content.is_empty();
        bucket.settings.configurations.put(Configuration::Notification, "", content.clone());
        bucket.settings.notification = Some(notification.clone()).filter(|_| !is_empty);
    })
    .await?;
    permit.notification_was_put()?;
    Ok(answer)
}

/// What a document means, after its schema was checked.
fn read_document(root: &Element, region: &str) -> Result<Notification, Failure> {
    let mut targets: Vec<Target> = Vec::new();
    for (kind, element, arn_element, service) in KINDS {
        for configuration in root.children(element) {
            let target = target(configuration, kind, arn_element, service)?;
            check_region(&target.arn, arn_element, region)?;
            targets.push(target);
            // Documented; the answer to more is not recorded.
            if targets.len() > TARGETS_MAX {
                let message = "A bucket cannot have more than 100 notification configurations";
                return Err(saying("InvalidArgument", 400, message));
            }
        }
    }
    check_ids(&targets)?;
    check_overlap(&targets)?;
    let has_event_bridge = root.child("EventBridgeConfiguration").is_some();
    let event_bridge = if has_event_bridge { EventBridge::On } else { EventBridge::Off };
    Ok(Notification { targets, event_bridge })
}

/// Events stay in the bucket's region (text captured from AWS in 2026, without the arguments).
fn check_region(arn: &str, arn_element: &'static str, region: &str) -> Result<(), Failure> {
    let of_arn = arn.split(':').nth(3).unwrap_or_default();
    if of_arn == region {
        return Ok(());
    }
    let message = "The notification destination service region is not valid for the bucket \
                   location constraint";
    Err(invalid_argument(message, arn_element)
        .with("ArgumentValue", arn)
        .because(format!("the destination is in `{of_arn}`, and the bucket in `{region}`")))
}

/// The text is recorded by aws-solutions/aws-waf-security-automations#174, where the
/// configurations overlap too.
fn check_ids(targets: &[Target]) -> Result<(), Failure> {
    let mut ids = HashSet::new();
    match targets.iter().find(|target| !ids.insert(&target.id)) {
        None => Ok(()),
        Some(target) => {
            let message = "Same ID used for multiple configurations. IDs must be unique.";
            Err(saying("InvalidArgument", 400, message)
                .because(format!("two configurations have the id `{}`", target.id)))
        }
    }
}

/// Recorded with its elements in minio/minio#2472, and the text for filters in
/// matt-filion/serverless-external-s3-event#53.
fn check_overlap(targets: &[Target]) -> Result<(), Failure> {
    let earlier = |index| targets[..index].iter();
    let mut pairs =
        targets.iter().enumerate().flat_map(|(at, two)| earlier(at).map(move |one| (one, two)));
    let shared = pairs.find_map(|(one, two)| Some((one, two, one.shared_events(two)?)));
    let Some((one, two, (event, other_event))) = shared else { return Ok(()) };
    let message = if one.has_filter() || two.has_filter() {
        "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if \
         the prefixes are overlapping for the same event type."
    } else {
        "Configurations overlap. Configurations on the same bucket cannot share a common event \
         type."
    };
    let note = format!(
        "one event of one key could be for `{}` and for `{}`; give them prefixes or suffixes that \
         exclude each other",
        one.arn, two.arn
    );
    Err(invalid_argument(message, "Event")
        .with("ArgumentValue", format!("{event}, {other_event}"))
        .because(note))
}

fn target(
    configuration: &Element,
    kind: Kind,
    arn_element: &'static str,
    service: &str,
) -> Result<Target, Failure> {
    let text = |name: &str| configuration.child(name).map(Element::text).unwrap_or_default();
    let arn = text(arn_element);
    if !is_arn(arn, service) {
        return Err(invalid_argument("The ARN could not be parsed", arn_element)
            .with("ArgumentValue", arn)
            .because(format!("it should look like arn:aws:{service}:REGION:ACCOUNT:NAME")));
    }
    let (prefix, suffix) = filter(configuration)?;
    let is_asked = |name: &str| configuration.children("Event").any(|event| event.text() == name);
    Ok(Target {
        id: text("Id").to_owned(),
        kind,
        arn: arn.to_owned(),
        events: EVENTS.into_iter().filter(|name| is_asked(name)).map(str::to_owned).collect(),
        prefix,
        suffix,
    })
}

fn is_arn(text: &str, service: &str) -> bool {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let [arn, partition, of, region, account, name] = *parts else { return false };
    arn == "arn"
        && partition.starts_with("aws")
        && of == service
        && !region.is_empty()
        && !account.is_empty()
        && !name.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn filter(configuration: &Element) -> Result<(String, String), Failure> {
    let (mut prefix, mut suffix) = (None, None);
    let key = configuration.child("Filter").and_then(|filter| filter.child("S3Key"));
    for rule in key.into_iter().flat_map(|key| key.children("FilterRule")) {
        let text = |name: &str| rule.child(name).map(Element::text).unwrap_or_default();
        let name = text("Name");
        let part = match name.to_ascii_lowercase().as_str() {
            "prefix" => &mut prefix,
            "suffix" => &mut suffix,
            _ => {
                let message = "filter rule name must be either prefix or suffix";
                return Err(
                    invalid_argument(message, "FilterRule.Name").with("ArgumentValue", name)
                );
            }
        };
        let value = text("Value");
        // The texts are those that MinIO has.
        if value.len() > FILTER_BYTES_MAX {
            let message =
                "Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation";
            return Err(invalid_argument(message, "FilterRule.Value").with("ArgumentValue", value));
        }
        if part.replace(value.to_owned()).is_some() {
            let name = name.to_ascii_lowercase();
            let message = format!("Cannot specify more than one {name} rule in a filter.");
            return Err(invalid_argument(message, "FilterRule.Name").with("ArgumentValue", name));
        }
    }
    Ok((prefix.unwrap_or_default(), suffix.unwrap_or_default()))
}

/// S3 writes the names of a filter's rules with a capital letter.
fn with_names_of_s3(content: String) -> String {
    // Only the schema's own elements hold exactly these texts.
    ["Prefix", "Suffix"].iter().fold(content, |content, name| {
        let (lower, upper) = (name.to_ascii_lowercase(), name.to_ascii_uppercase());
        let written = format!("<Name>{name}</Name>");
        content
            .replace(&format!("<Name>{lower}</Name>"), &written)
            .replace(&format!("<Name>{upper}</Name>"), &written)
    })
}

/// More of them are not listed.
const LISTED: [(&str, &str); 5] = [
    ("ArgumentName1", "ArgumentValue1"),
    ("ArgumentName2", "ArgumentValue2"),
    ("ArgumentName3", "ArgumentValue3"),
    ("ArgumentName4", "ArgumentValue4"),
    ("ArgumentName5", "ArgumentValue5"),
];

/// Destinations are elsewhere, so all are taken for existing unless the settings list them.
fn check_destinations(known: &[String], notification: &Notification) -> Result<(), Failure> {
    if known.is_empty() {
        return Ok(());
    }
    let is_missing = |target: &&Target| !known.contains(&target.arn);
    let missing: Vec<_> = notification.targets.iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = "Unable to validate the following destination configurations";
    let mut failure = saying("InvalidArgument", 400, message)
        .because("the settings list the destinations that exist, and not this one");
    for (target, (name, value)) in missing.iter().zip(LISTED) {
        let arn = &target.arn;
        let (argument, why) = match target.kind {
            Kind::Topic => (arn.clone(), "The destination topic does not exist".to_owned()),
            Kind::Queue => (arn.clone(), "The destination queue does not exist".to_owned()),
            Kind::CloudFunction => {
                (format!("{arn}, null"), format!("Not authorized to invoke function [{arn}]"))
            }
        };
        failure = failure.with(name, argument).with(value, why);
    }
    Err(failure)
}
