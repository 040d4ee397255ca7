//! Mistakes in the signed headers, the payload line, and the way all is put together.

use std::rc::Rc;

use crate::encode;
use crate::message::Message;
use crate::scope::Scope;
use crate::time::Timestamp;

use super::Clue;
use super::EMPTY_SHA256;
use super::cause::Cause;
use super::mistake::LayoutMistake;
use super::mistake::TextMistake;
use super::request::RequestText;
use super::search::Edit;
use super::search::Part;
use super::search::Rank;
use super::shown_value;

const PAYLOAD: &str = "x-amz-content-sha256";

/// The last line of a link.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// The values that a header often has, where a client and what it sends differ.
#[rustfmt::skip]
const COMMON: [(&str, &[&str]); 20] = [
    ("content-type", &[
        "application/octet-stream", "binary/octet-stream", "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-8", "text/plain", "text/plain;charset=UTF-8",
        "text/plain; charset=utf-8", "text/plain; charset=UTF-8", "application/json",
        "application/json; charset=utf-8", "application/json;charset=utf-8", "application/xml", "text/xml", "text/html",
        "text/html; charset=utf-8", "text/css", "text/csv", "image/png", "image/jpeg", "image/jpg", "image/gif",
        "image/webp", "image/svg+xml", "image/*", "application/pdf", "application/zip", "video/mp4", "audio/mpeg",
        "multipart/form-data", "application/javascript", "text/javascript", "undefined", "null", "*/*",
    ]),
    ("accept-encoding", &["identity", "gzip", "gzip, deflate", "gzip, deflate, br", "gzip, deflate, br, zstd", "gzip,gzip(gfe)"]),
    ("accept", &["*/*", "application/json", "application/xml"]),
    ("cache-control", &["no-cache", "no-store", "max-age=0"]),
    ("connection", &["keep-alive", "close", "Keep-Alive"]),
    ("content-disposition", &["attachment", "inline"]),
    ("content-encoding", &["gzip", "aws-chunked", "identity", "br", "aws-chunked,gzip"]),
    ("content-length", &["0", "-1"]),
    ("expect", &["100-continue"]),
    ("if-none-match", &["*", "\"*\""]),
    ("range", &["bytes=0-", "bytes=0-0"]),
    ("te", &["trailers"]),
    ("transfer-encoding", &["chunked"]),
    ("x-amz-acl", &["private", "public-read", "public-read-write", "authenticated-read", "bucket-owner-full-control", "bucket-owner-read"]),
    ("x-amz-checksum-mode", &["ENABLED"]),
    ("x-amz-checksum-algorithm", &["CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"]),
    ("x-amz-request-payer", &["requester"]),
    ("x-amz-sdk-checksum-algorithm", &["CRC32", "CRC32C", "SHA1", "SHA256", "CRC64NVME"]),
    ("x-amz-server-side-encryption", &["AES256", "aws:kms"]),
    ("x-amz-storage-class", &["STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA"]),
];

/// Two readings of a clock for one request are so many seconds apart.
const SECONDS_APART_MAX: i64 = 3;

/// Mistakes in the headers but `host`.
pub(super) fn edits(text: &RequestText, message: &Message<'_>) -> Vec<Edit<RequestText>> {
    let mut edits = Vec::new();
    let headers = || text.headers.iter().enumerate().filter(|(_, (name, _))| name != "host");
    for (place, (name, value)) in headers() {
        let sent = message.header(name).is_some().then(|| lossy(value));
        edits.extend(value_edits(Part::Header(place), name, value, sent.as_deref(), message));
    }
    for (place, (name, _)) in headers() {
        let (part, cause) = (Part::Header(place), Cause::HeaderNotSigned { name: name.clone() });
        let of_name = name.clone();
        edits.push(edit(cause.clone(), part, Rank::Rare, move |text| {
            text.headers.retain(|(name, _)| *name != of_name);
        }));
        let of_name = name.clone();
        edits.push(edit(cause.clone(), part, Rank::Rare, move |text| {
            let names: Vec<_> = text.names.split(';').filter(|name| *name != of_name).collect();
            text.names = names.join(";");
        }));
        let of_name = name.clone();
        edits.push(edit(cause, part, Rank::Rare, move |text| {
            text.headers.retain(|(name, _)| *name != of_name);
            let names: Vec<_> = text.names.split(';').filter(|name| *name != of_name).collect();
            text.names = names.join(";");
        }));
    }
    edits.push(edit(Cause::HeaderNames, Part::Headers, Rank::Rare, |text| {
        for (name, _) in &mut text.headers {
            *name = in_capitals(name, "-");
        }
    }));
    edits
}

fn edit(
    cause: Cause,
    part: Part,
    rank: Rank,
    apply: impl Fn(&mut RequestText) + 'static,
) -> Edit<RequestText> {
    Edit { cause, part, rank, apply: Box::new(apply) }
}

fn value_edits(
    part: Part,
    name: &str,
    value: &[u8],
    sent: Option<&str>,
    message: &Message<'_>,
) -> Vec<Edit<RequestText>> {
    let mut edits = Vec::new();
    let set = |cause: Cause, rank: Rank, signed: Vec<u8>| {
        let name = name.to_owned();
        edit(cause, part, rank, move |text| text.set(&name, &signed))
    };
    let name_owned = || name.to_owned();
    if let Some(sent) = sent {
        let cause = Cause::HeaderAdded { name: name_owned(), sent: shown_value(name, sent) };
        edits.push(set(cause, Rank::Usual, Vec::new()));
    }
    let changed = |signed: &str| Cause::HeaderChanged {
        name: name_owned(),
        signed: shown_value(name, signed),
        sent: sent.map(|sent| shown_value(name, sent)),
    };
    let common = COMMON.iter().find(|(other, _)| *other == name).map_or(&[][..], |(_, all)| all);
    for (index, signed) in common.iter().enumerate() {
        let rank = match sent {
            None => Rank::Needed,
            Some(_) if index < 4 => Rank::Usual,
            Some(_) => Rank::Rare,
        };
        edits.push(set(changed(signed), rank, signed.as_bytes().to_vec()));
    }
    let text = lossy(value);
    let latin1: String = value.iter().map(|byte| char::from(*byte)).collect();
    for signed in [
        text.split(';').next().unwrap_or_default().to_owned(),
        text.replace("; ", ";"),
        text.replace(';', "; "),
        text.replace(',', ", "),
        text.replace(", ", ","),
        text.to_lowercase(),
        text.to_uppercase(),
        encode::path(value),
        encode::component(value),
        lossy(&encode::decode(&text, encode::Plus::Literal)),
        latin1,
    ] {
        edits.push(set(changed(&signed), Rank::Rare, signed.clone().into_bytes()));
    }
    let raw: Vec<_> = message
        .headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case(name))
        .map(|header| header.value)
        .collect();
    let untrimmed = || Cause::HeaderUntrimmed { name: name_owned() };
    edits.push(set(untrimmed(), Rank::Rare, raw.join(&b","[..])));
    for value in std::iter::once(value).chain(raw.first().copied()) {
        for (before, after) in [(" ", ""), ("", " "), (" ", " ")] {
            let signed = [before.as_bytes(), value, after.as_bytes()].concat();
            edits.push(set(untrimmed(), Rank::Rare, signed));
        }
    }
    if raw.len() > 1 {
        for one in [raw[0], raw[raw.len() - 1], &raw.join(&b", "[..])] {
            let cause = Cause::HeaderRepeated {
                name: name_owned(),
                signed: shown_value(name, &lossy(one)),
            };
            edits.push(set(cause, Rank::Rare, one.trim_ascii().to_vec()));
        }
    }
    edits
}

/// Other last lines: with the header of that name, and without it.
pub(super) fn payloads(text: &RequestText) -> Vec<Edit<RequestText>> {
    let sent = lossy(&text.payload);
    let others = [
        UNSIGNED,
        EMPTY_SHA256,
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        "",
    ]
    .map(str::to_owned);
    let others = others.into_iter().chain([sent.to_uppercase()]);
    let mut edits = Vec::new();
    let is_added = text.header(PAYLOAD).is_none();
    for signed in others {
        let cause = match signed.as_str() {
            UNSIGNED if is_added => Cause::PayloadHashAdded { sent: sent.clone() },
            _ => Cause::Payload { signed: signed.clone(), sent: sent.clone() },
        };
        let signed: Rc<str> = signed.into();
        let (both, line, header) = (Rc::clone(&signed), Rc::clone(&signed), signed);
        let mut add = |rank, apply: Box<dyn Fn(&mut RequestText)>| {
            edits.push(Edit { cause: cause.clone(), part: Part::Payload, rank, apply });
        };
        add(
            Rank::Usual,
            Box::new(move |text| {
                text.payload = both.as_bytes().to_vec();
                text.set(PAYLOAD, both.as_bytes());
            }),
        );
        add(Rank::Usual, Box::new(move |text| text.payload = line.as_bytes().to_vec()));
        add(Rank::Rare, Box::new(move |text| text.set(PAYLOAD, header.as_bytes())));
    }
    edits
}

/// Mistakes in line ends, order, time and scope.
pub(super) fn texts(
    list: Option<&str>,
    at: Timestamp,
    scopes: Vec<(Cause, Scope)>,
) -> Vec<Edit<RequestText>> {
    let mut edits = Vec::new();
    let mut add = |cause: Cause, apply: Box<dyn Fn(&mut RequestText)>| {
        edits.push(Edit { cause, part: Part::Text, rank: Rank::Rare, apply });
    };
    for mistake in [
        LayoutMistake::NoEmptyLine,
        LayoutMistake::NoQueryLine,
        LayoutMistake::NoNames,
        LayoutMistake::NoPayload,
        LayoutMistake::LineEndAtEnd,
        LayoutMistake::CarriageReturns,
        LayoutMistake::SpacesAfterColons,
        LayoutMistake::Commas,
    ] {
        add(Cause::Layout(mistake), Box::new(move |text| text.layout = Some(mistake)));
    }
    for mistake in [
        TextMistake::NotHashed,
        TextMistake::HashedTwice,
        TextMistake::HashInCapitals,
        TextMistake::NoAlgorithm,
        TextMistake::CanonicalRequestOnly,
        TextMistake::NoTerminal,
        TextMistake::CredentialForScope,
        TextMistake::DayForTime,
        TextMistake::LineEndAtEnd,
        TextMistake::CarriageReturns,
    ] {
        add(Cause::Text(mistake), Box::new(move |text| text.mistake = Some(mistake)));
    }
    for time in [at.iso(), at.iso_millis(), at.http(), at.unix().to_string()] {
        add(
            Cause::Text(TextMistake::TimeForm),
            Box::new(move |text| {
                text.time.clone_from(&time);
                text.mistake = Some(TextMistake::TimeForm);
            }),
        );
    }
    // Whoever reads the clock for each text anew.
    let seconds = (1..=SECONDS_APART_MAX).flat_map(|seconds| [seconds, -seconds]);
    for signed in seconds.map(|seconds| at.plus_seconds(seconds).basic()) {
        let cause = Cause::Line { name: "time", signed: signed.clone(), sent: at.basic() };
        add(cause, Box::new(move |text| text.time.clone_from(&signed)));
    }
    for (cause, scope) in scopes {
        add(cause, Box::new(move |text| text.scope = scope.clone()));
    }
    // The list as it was sent, which need not be sorted, in small letters, or without repetitions.
    if let Some(list) = list.map(str::to_owned) {
        let names = list.clone();
        add(Cause::HeaderOrder, Box::new(move |text| text.names.clone_from(&names)));
        add(
            Cause::HeaderOrder,
            Box::new(move |text| {
                text.names.clone_from(&list);
                let place = |name: &str| list.split(';').position(|other| other == name);
                text.headers.sort_by_key(|(name, _)| place(name));
            }),
        );
    }
    edits
}

/// The headers that something between client and verifier usually changes.
const OFTEN_CHANGED: [&str; 20] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "expect",
    "forwarded",
    "origin",
    "referer",
    "te",
    "transfer-encoding",
    "user-agent",
    "via",
    "x-amzn-trace-id",
    "x-forwarded-for",
    "x-forwarded-proto",
];

/// What the signed headers hint at: that one did not come, else that one may have been changed.
pub(super) fn clues(text: &RequestText, message: &Message<'_>) -> Vec<Clue> {
    let names = || text.headers.iter().map(|(name, _)| name);
    let absent = names().filter(|name| message.header(name).is_none());
    let absent: Vec<_> = absent.map(|name| Clue::HeaderAbsent { name: name.clone() }).collect();
    if !absent.is_empty() {
        return absent;
    }
    // Libraries differ in how they send letters beyond ASCII: some as encoded words (RFC 2047).
    let is_odd = |name: &str| {
        text.header(name).is_some_and(|value| !value.is_ascii() || value.starts_with(b"=?"))
    };
    let is_changed = |name: &&String| OFTEN_CHANGED.contains(&name.as_str()) || is_odd(name);
    let changed = names().filter(is_changed);
    let changed = changed.map(|name| Clue::HeaderOftenChanged { name: name.clone() });
    let has_body = matches!(text.method.as_str(), "PUT" | "POST");
    let is_unsigned = has_body && text.payload == UNSIGNED.as_bytes();
    is_unsigned.then_some(Clue::PayloadUnsigned).into_iter().chain(changed).collect()
}

/// Each word with a capital at its start, as HTTP libraries write names: `X-Amz-Date`.
pub(super) fn in_capitals(name: &str, separator: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split(separator).map(word).collect::<Vec<_>>().join(separator)
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
