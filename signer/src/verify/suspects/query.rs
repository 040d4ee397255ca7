//! Mistakes in the query of a request.

use crate::encode;
use crate::encode::Plus;
use crate::encode::Slash;
use crate::message::Message;

use super::address::kept_in;
use super::address::lower_case_escapes;
use super::address::plus_is_plus;
use super::cause::Cause;
use super::mistake::QueryMistake;
use super::request::RequestText;
use super::search::Edit;
use super::search::Part;
use super::search::Rank;

/// So many parameters are each left away.
const PARAMETERS_MAX: usize = 40;

/// The lifetimes that links are signed for, in seconds, the usual ones first: then others, whole
/// minutes up to two hours, and whole hours up to a week.
fn lifetimes_of_links() -> impl Iterator<Item = u32> {
    const USUAL: [u32; 12] =
        [3600, 900, 300, 60, 600, 86_400, 604_800, 1800, 7200, 43_200, 120, 21_600];
    let others = [1, 5, 10, 15, 30, 45, 90, 604_799];
    let minutes = (1..=120).map(|minutes| minutes * 60);
    let hours = (3..=168).map(|hours| hours * 3600);
    let rest = others.into_iter().chain(minutes).chain(hours);
    USUAL.into_iter().chain(rest.filter(|seconds| !USUAL.contains(seconds)))
}

/// The parameters that S3 itself knows; what else stands in a query was likely added.
const KNOWN: [&str; 36] = [
    "accelerate",
    "acl",
    "analytics",
    "attributes",
    "continuation-token",
    "cors",
    "delete",
    "delimiter",
    "encoding-type",
    "encryption",
    "fetch-owner",
    "inventory",
    "legal-hold",
    "lifecycle",
    "list-type",
    "location",
    "logging",
    "marker",
    "max-keys",
    "metrics",
    "notification",
    "object-lock",
    "partNumber",
    "policy",
    "prefix",
    "replication",
    "restore",
    "retention",
    "start-after",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
];

pub(super) fn edits(text: &RequestText, message: &Message<'_>) -> Vec<Edit<RequestText>> {
    let pairs: Vec<String> = text.query.split('&').map(str::to_owned).collect();
    if text.query.is_empty() {
        return lost(&pairs);
    }
    let mut edits = added(&pairs);
    edits.extend(lost(&pairs));
    edits.extend(question_marks(&text.query));
    edits.extend(lifetimes(&pairs));
    edits.extend(spellings(&text.query, &pairs, message));
    edits
}

fn edit(cause: Cause, rank: Rank, query: String) -> Edit<RequestText> {
    let apply = move |text: &mut RequestText| text.query.clone_from(&query);
    Edit { cause, part: Part::Query, rank, apply: Box::new(apply) }
}

/// Parameters that something on the way takes off, or gives another value.
const LOST: [(&str, &[&str]); 6] = [
    ("x-id", &["GetObject", "PutObject", "HeadObject", "DeleteObject", "ListObjectsV2"]),
    ("versionId", &["null"]),
    ("partNumber", &["1"]),
    ("response-content-disposition", &["attachment", "inline"]),
    ("x-amz-checksum-mode", &["ENABLED"]),
    ("X-Amz-Content-Sha256", &["UNSIGNED-PAYLOAD"]),
];

fn lost(pairs: &[String]) -> Vec<Edit<RequestText>> {
    let mut edits = Vec::new();
    for (name, values) in LOST {
        for signed in values {
            let sent = pairs.iter().find(|pair| name_of(pair) == name);
            let others = pairs.iter().filter(|pair| name_of(pair) != name && !pair.is_empty());
            let mut query: Vec<_> = others.cloned().collect();
            query.push(format!("{name}={signed}"));
            query.sort_unstable();
            let (name, signed) = (name.to_owned(), (*signed).to_owned());
            let cause = match sent.and_then(|pair| pair.split_once('=')) {
                Some((_, sent)) => Cause::ParameterChanged { name, signed, sent: sent.to_owned() },
                None => Cause::ParameterLost { name, signed },
            };
            edits.push(edit(cause, Rank::Rare, query.join("&")));
        }
    }
    edits
}

/// The query, with its question mark, where it does not belong.
fn question_marks(query: &str) -> [Edit<RequestText>; 2] {
    let with_mark = format!("?{query}");
    let in_path = with_mark.clone();
    [
        edit(Cause::Query(QueryMistake::QuestionMark), Rank::Rare, with_mark),
        Edit {
            cause: Cause::Query(QueryMistake::InPath),
            part: Part::Query,
            rank: Rank::Rare,
            apply: Box::new(move |text| {
                text.path.extend_from_slice(in_path.as_bytes());
                text.query.clear();
            }),
        },
    ]
}

fn name_of(pair: &str) -> &str {
    pair.split('=').next().unwrap_or(pair)
}

/// Without one of the parameters, without those that S3 does not know, without all that do not
/// belong to the signature.
fn added(pairs: &[String]) -> Vec<Edit<RequestText>> {
    let without = |is_added: &dyn Fn(&str) -> bool| {
        let (gone, kept): (Vec<_>, Vec<_>) = pairs.iter().partition(|pair| is_added(name_of(pair)));
        let decoded = |pair: &&String| {
            String::from_utf8_lossy(&encode::decode(name_of(pair), Plus::Space)).into_owned()
        };
        let names: Vec<_> = gone.iter().map(decoded).collect();
        let query: Vec<_> = kept.into_iter().map(String::as_str).collect();
        edit(Cause::ParametersAdded { names }, Rank::Usual, query.join("&"))
    };
    let is_of_signature = |name: &str| name.starts_with("X-Amz-");
    let mut edits = Vec::new();
    for pair in pairs.iter().take(PARAMETERS_MAX) {
        let name = name_of(pair);
        if !is_of_signature(name) || matches!(name, "X-Amz-Security-Token" | "X-Amz-Content-Sha256")
        {
            edits.push(without(&|other| other == name));
        }
    }
    let is_unknown = |name: &str| {
        let start = name.to_ascii_lowercase();
        !start.starts_with("x-amz-")
            && !start.starts_with("response-")
            && start != "x-id"
            && !KNOWN.contains(&name)
    };
    if pairs.iter().filter(|pair| is_unknown(name_of(pair))).count() > 1 {
        edits.push(without(&is_unknown));
    }
    let own = pairs.iter().filter(|pair| !is_of_signature(name_of(pair))).count();
    if own > 1 && own < pairs.len() {
        edits.push(without(&|name| !is_of_signature(name)));
    }
    edits
}

/// A lifetime that somebody wrote into a link that was signed.
fn lifetimes(pairs: &[String]) -> Vec<Edit<RequestText>> {
    const NAME: &str = "X-Amz-Expires";
    let Some(sent) = pairs.iter().find_map(|pair| pair.strip_prefix("X-Amz-Expires=")) else {
        return Vec::new();
    };
    let changed = |signed: &str| {
        let change = |pair: &String| match name_of(pair) {
            NAME => format!("{NAME}={signed}"),
            _ => pair.clone(),
        };
        let query: Vec<_> = pairs.iter().map(change).collect();
        let (signed, sent) = (signed.to_owned(), sent.to_owned());
        let cause = Cause::ParameterChanged { name: NAME.to_owned(), signed, sent };
        edit(cause, Rank::Rare, query.join("&"))
    };
    lifetimes_of_links().map(|signed| changed(&signed.to_string())).collect()
}

/// With what stands behind `&amp;` as a parameter of its own name.
fn with_ampersands(pairs: &[String]) -> String {
    let bare = |pair: &String| pair.strip_prefix("amp%3B").unwrap_or(pair).to_owned();
    let mut bare: Vec<_> = pairs.iter().map(bare).collect();
    bare.sort_unstable();
    bare.join("&")
}

fn with_empty_signature(pairs: &[String]) -> String {
    let mut pairs = pairs.to_vec();
    pairs.push("X-Amz-Signature=".to_owned());
    pairs.sort_unstable();
    pairs.join("&")
}

fn without(pairs: &[String], name: &str) -> String {
    let others = pairs.iter().filter(|pair| name_of(pair) != name).map(String::as_str);
    others.collect::<Vec<_>>().join("&")
}

fn spellings(query: &str, pairs: &[String], message: &Message<'_>) -> Vec<Edit<RequestText>> {
    let sent = message.query.split('&').filter(|pair| !pair.is_empty());
    let sent: Vec<&str> = sent.filter(|pair| name_of(pair) != "X-Amz-Signature").collect();
    let with_equals =
        |pair: &str| if pair.contains('=') { pair.to_owned() } else { format!("{pair}=") };
    let each = |change: &dyn Fn(&str) -> String| {
        let changed = |pair: &String| match pair.split_once('=') {
            Some((name, value)) => format!("{}={}", change(name), change(value)),
            None => change(pair),
        };
        pairs.iter().map(changed).collect::<Vec<_>>().join("&")
    };
    let decoded = |text: &str| encode::decode(text, Plus::Literal).into_owned();
    let plain = |text: &str| String::from_utf8_lossy(&decoded(text)).into_owned();
    let as_sent_once = |pair: &&str| {
        let pair = with_equals(pair);
        let (name, value) = pair.split_once('=').unwrap_or((&pair, ""));
        format!("{}={}", encode::once(name, Slash::Encoded), encode::once(value, Slash::Encoded))
    };
    let mut sent_sorted = sent.clone();
    sent_sorted.sort_unstable();
    let mut ignoring_case = pairs.to_vec();
    ignoring_case.sort_by_key(|pair| pair.to_lowercase());
    let plus = |pair: &&str| {
        let pair = with_equals(pair);
        let (name, value) = pair.split_once('=').unwrap_or((&pair, ""));
        let text = |text| plus_is_plus(text, Slash::Encoded);
        format!("{}={}", text(name), text(value))
    };
    let mut plus: Vec<_> = sent.iter().map(plus).collect();
    plus.sort_unstable();
    let unsorted: Vec<_> = sent.iter().map(as_sent_once).collect();
    let with_equals: Vec<_> = sent.iter().map(|pair| with_equals(pair)).collect();
    let no_equals = pairs.iter().map(|pair| pair.strip_suffix('=').unwrap_or(pair));
    let no_equals: Vec<_> = no_equals.collect();
    // Only the parameters that are not of the signature, whose values are all known well.
    let own = |change: &dyn Fn(&str) -> String| {
        let changed = |pair: &String| match pair.split_once('=') {
            Some((name, value)) if !name.starts_with("X-Amz-") => {
                format!("{}={}", change(name), change(value))
            }
            _ => pair.clone(),
        };
        pairs.iter().map(changed).collect::<Vec<_>>().join("&")
    };
    let found = [
        (QueryMistake::SlashesKept, Rank::Rare, own(&|text| text.replace("%2F", "/"))),
        (QueryMistake::EncodedTwice, Rank::Rare, own(&|text| encode::component(text.as_bytes()))),
        (QueryMistake::Unsorted, Rank::Usual, unsorted.join("&")),
        (QueryMistake::NoEquals, Rank::Usual, no_equals.join("&")),
        (QueryMistake::SlashesKept, Rank::Usual, query.replace("%2F", "/")),
        (QueryMistake::NotEncoded, Rank::Usual, each(&plain)),
        (QueryMistake::EncodedTwice, Rank::Usual, each(&|text| encode::component(text.as_bytes()))),
        (QueryMistake::PlusForSpace, Rank::Usual, query.replace("%20", "+")),
        (QueryMistake::PlusIsPlus, Rank::Usual, plus.join("&")),
        (
            QueryMistake::CharactersKept,
            Rank::Rare,
            each(&|text| kept_in(&decoded(text), "!'()*").replace('/', "%2F")),
        ),
        (
            QueryMistake::CharactersKept,
            Rank::Rare,
            each(&|text| kept_in(&decoded(text), "!'()*;,/?:@&=+$#")),
        ),
        (
            QueryMistake::CharactersKept,
            Rank::Rare,
            each(&|text| kept_in(&decoded(text), ":").replace('/', "%2F")),
        ),
        (
            QueryMistake::CharactersKept,
            Rank::Rare,
            each(&|text| kept_in(&decoded(text), "*").replace('/', "%2F").replace("%20", "+")),
        ),
        (QueryMistake::TildeEncoded, Rank::Rare, query.replace('~', "%7E")),
        (QueryMistake::EmptySignature, Rank::Rare, with_empty_signature(pairs)),
        (QueryMistake::NoSignedHeaders, Rank::Rare, without(pairs, "X-Amz-SignedHeaders")),
        (QueryMistake::LowerCaseEscapes, Rank::Rare, lower_case_escapes(query)),
        (QueryMistake::SortedIgnoringCase, Rank::Rare, ignoring_case.join("&")),
        (QueryMistake::AsSent, Rank::Usual, sent_sorted.join("&")),
        (QueryMistake::AsSent, Rank::Usual, with_equals.join("&")),
        (QueryMistake::AsSent, Rank::Usual, sent.join("&")),
        (QueryMistake::NotEncoded, Rank::Rare, own(&plain)),
        (QueryMistake::LeftOut, Rank::Usual, String::new()),
        (QueryMistake::AmpersandsEscaped, Rank::Rare, with_ampersands(pairs)),
    ];
    found
        .into_iter()
        .map(|(mistake, rank, query)| edit(Cause::Query(mistake), rank, query))
        .collect()
}
