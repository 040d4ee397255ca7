//! What the schema of lifecycle rules cannot say.
//!
//! The texts are recorded from S3 in reports of its users and by LocalStack
//! (`test_put_bucket_lifecycle_conf_exc`), or captured from AWS in 2026.

use super::WARMEST_FIRST;
use super::date;
use super::filter_of;
use super::number;
use super::when_of;
use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::failure::saying;
use crate::names::Filter;
use crate::names::When;
use crate::operations::settings::schema::malformed;
use crate::xml::Element;

const RULES_MAX: usize = 1000;
const ID_LETTERS_MAX: usize = 255;
const PREFIX_BYTES_MAX: usize = 1024;
const KEY_LETTERS_MAX: usize = 128;
const VALUE_LETTERS_MAX: usize = 256;
/// These do not take objects that are younger.
const INFREQUENT_DAYS_MIN: u32 = 30;

pub(super) fn check(root: &Element) -> Result<(), Failure> {
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
    let filter = filter_of(rule);
    check_filter(&filter)?;
    check_fit(rule, &filter)?;
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
    let abort = rule.child("AbortIncompleteMultipartUpload");
    if abort.and_then(|action| number(action, "DaysAfterInitiation")) == Some(0) {
        return Err(argument(
            "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive \
             integer",
        ));
    }
    check_order(rule, &filter)
}

fn check_filter(filter: &Filter) -> Result<(), Failure> {
    if filter.prefix.len() > PREFIX_BYTES_MAX {
        return Err(invalid_request("The maximum size of a prefix is 1024"));
    }
    for (index, (key, value)) in filter.tags.iter().enumerate() {
        if filter.tags[..index].iter().any(|(known, _)| known == key) {
            return Err(invalid_request("Duplicate Tag Keys are not allowed."));
        }
        if key.chars().count() > KEY_LETTERS_MAX {
            return Err(invalid_request("A Tag's Key must be a length between 1 and 128."));
        }
        if value.chars().count() > VALUE_LETTERS_MAX {
            return Err(invalid_request("A Tag's Value must be a length between 0 and 256."));
        }
    }
    match (filter.larger_than, filter.smaller_than) {
        (Some(larger), Some(smaller)) if larger >= smaller => Err(invalid_request(
            "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.",
        )),
        _ => Ok(()),
    }
}

/// Uploads have neither tags nor a size, and delete markers have no tags.
fn check_fit(rule: &Element, filter: &Filter) -> Result<(), Failure> {
    let has_tags = !filter.tags.is_empty();
    let has_size = filter.larger_than.is_some() || filter.smaller_than.is_some();
    let aborts = rule.child("AbortIncompleteMultipartUpload").is_some();
    let ends_markers = rule
        .child("Expiration")
        .is_some_and(|action| action.child("ExpiredObjectDeleteMarker").is_some());
    let message = if aborts && has_tags {
        "AbortIncompleteMultipartUpload cannot be specified with Tags."
    } else if aborts && has_size {
        "AbortIncompleteMultipartUpload cannot be specified with Object Size."
    } else if ends_markers && has_tags {
        "ExpiredObjectDeleteMarker cannot be specified with Tags."
    } else {
        return Ok(());
    };
    Err(invalid_request(message))
}

/// A transition: the index of its class in [`WARMEST_FIRST`], and its day.
type Move = (usize, When);

/// Objects are moved to ever colder classes, and end at last.
///
/// That filters are told by their prefix alone is not recorded for those that have more.
fn check_order(rule: &Element, filter: &Filter) -> Result<(), Failure> {
    let filter = format!("filter '(prefix={})'", filter.prefix);
    let end = rule.child("Expiration").and_then(when_of);
    let mut moves: Vec<Move> = rule.children("Transition").filter_map(move_of).collect();
    moves.sort_by_key(|(class, _)| *class);
    check_mixture(end, &moves, &filter)?;
    check_end(end, &moves, &filter)?;
    check_classes(&moves, &filter)
}

fn move_of(transition: &Element) -> Option<Move> {
    let class = transition.child("StorageClass")?.text().trim();
    let class = WARMEST_FIRST.iter().position(|known| *known == class)?;
    Some((class, when_of(transition)?))
}

fn check_mixture(end: Option<When>, moves: &[Move], filter: &str) -> Result<(), Failure> {
    let is_dated = |when: &When| matches!(when, When::Date(_));
    let are_dated = |(_, when): &Move| is_dated(when);
    let all = moves.iter().all(are_dated);
    let any = moves.iter().any(are_dated);
    let actions = match end.as_ref().map(is_dated) {
        _ if any && !all => "Transition actions",
        Some(end) if !moves.is_empty() && end != any => "Expiration and Transition actions",
        _ => return Ok(()),
    };
    Err(invalid_request(format!(
        "Found mixed 'Date' and 'Days' based {actions} in lifecycle rule for {filter}"
    )))
}

fn check_end(end: Option<When>, moves: &[Move], filter: &str) -> Result<(), Failure> {
    let Some(When::Days(end)) = end else { return Ok(()) };
    if moves.iter().any(|(_, when)| matches!(when, When::Days(days) if end <= *days)) {
        return Err(argument(format!(
            "'Days' in the Expiration action for {filter} must be greater than 'Days' in the \
             Transition action"
        )));
    }
    Ok(())
}

fn check_classes(moves: &[Move], filter: &str) -> Result<(), Failure> {
    for pair in moves.windows(2) {
        let [(warm, When::Days(earlier)), (cold, When::Days(later))] = *pair else { continue };
        if warm < cold && later <= earlier {
            let action = |class: usize| {
                let class = WARMEST_FIRST[class];
                format!("'Days' in the Transition action for StorageClass '{class}' for {filter}")
            };
            let (cold, warm) = (action(cold), action(warm));
            return Err(argument(format!("{cold} must be greater than {warm}")));
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(filter: &str, actions: &str, code: &str, message: &str) {
        let rule = format!("<Rule><Filter>{filter}</Filter>{actions}</Rule>");
        let document = format!("<LifecycleConfiguration>{rule}</LifecycleConfiguration>");
        let failure = check(&Element::parse(document.as_bytes()).unwrap()).unwrap_err();
        assert_eq!((failure.error.code, &*failure.error.message), (code, message), "{rule}");
    }

    const ONE_DAY: &str = "<Expiration><Days>1</Days></Expiration>";
    const ABORT: &str = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1\
                         </DaysAfterInitiation></AbortIncompleteMultipartUpload>";

    fn tag(key: &str, value: &str) -> String {
        format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>")
    }

    #[test]
    fn filters_have_limits() {
        let sizes = "<And><ObjectSizeGreaterThan>9</ObjectSizeGreaterThan>\
                     <ObjectSizeLessThan>9</ObjectSizeLessThan></And>";
        let prefix = format!("<Prefix>{}</Prefix>", "p".repeat(1025));
        for (filter, message) in [
            (sizes, "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'."),
            (&prefix, "The maximum size of a prefix is 1024"),
            (&tag(&"k".repeat(129), ""), "A Tag's Key must be a length between 1 and 128."),
            (&tag("k", &"v".repeat(257)), "A Tag's Value must be a length between 0 and 256."),
        ] {
            refused(filter, ONE_DAY, "InvalidRequest", message);
        }
    }

    #[test]
    fn some_actions_do_not_go_with_some_filters() {
        let marker = "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker>\
                      </Expiration>";
        let message = "ExpiredObjectDeleteMarker cannot be specified with Tags.";
        refused(&tag("k", "v"), marker, "InvalidRequest", message);
        let message = "AbortIncompleteMultipartUpload cannot be specified with Object Size.";
        let size = "<ObjectSizeLessThan>9</ObjectSizeLessThan>";
        refused(size, ABORT, "InvalidRequest", message);
    }

    fn transition(when: &str, class: &str) -> String {
        format!("<Transition>{when}<StorageClass>{class}</StorageClass></Transition>")
    }

    #[test]
    fn times_are_of_one_kind_and_in_order() {
        let prefix = "<Prefix>a/</Prefix>";
        let end = |when: &str| format!("<Expiration>{when}</Expiration>");
        let date = "<Date>2030-01-01</Date>";
        let to = |days: u32, class: &str| transition(&format!("<Days>{days}</Days>"), class);
        for (actions, code, message) in [
            (
                ABORT.replace('1', "0"),
                "InvalidArgument",
                "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a \
                 positive integer",
            ),
            (
                end("<Days>30</Days>") + &to(30, "GLACIER"),
                "InvalidArgument",
                "'Days' in the Expiration action for filter '(prefix=a/)' must be greater than \
                 'Days' in the Transition action",
            ),
            (
                end(date) + &to(30, "GLACIER"),
                "InvalidRequest",
                "Found mixed 'Date' and 'Days' based Expiration and Transition actions in \
                 lifecycle rule for filter '(prefix=a/)'",
            ),
            (
                transition(date, "GLACIER") + &to(30, "STANDARD_IA"),
                "InvalidRequest",
                "Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for \
                 filter '(prefix=a/)'",
            ),
            (
                to(30, "GLACIER") + &to(40, "STANDARD_IA"),
                "InvalidArgument",
                "'Days' in the Transition action for StorageClass 'GLACIER' for filter \
                 '(prefix=a/)' must be greater than 'Days' in the Transition action for \
                 StorageClass 'STANDARD_IA' for filter '(prefix=a/)'",
            ),
        ] {
            refused(prefix, &actions, code, message);
        }
        let right = end("<Days>90</Days>") + &to(60, "GLACIER") + &to(30, "STANDARD_IA");
        let right = format!("<Rule><Filter/>{right}</Rule>");
        assert!(check_rule(&Element::parse(right.as_bytes()).unwrap()).is_ok());
    }
}
