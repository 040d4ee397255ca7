//! Mistakes in the string to sign of Version 2.

use crate::canonical_v2::StringToSign;
use crate::canonical_v2::decoded;
use crate::encode;
use crate::encode::Plus;
use crate::message::Message;
use crate::time::Timestamp;

use super::Clue;
use super::address::segments_lost;
use super::cause::Cause;
use super::mistake::LayoutMistake;
use super::mistake::PathMistake;
use super::mistake::QueryMistake;
use super::search::Edit;
use super::search::Part;
use super::search::Rank;
use super::search::Signed;
use super::shown_value;

impl Signed for StringToSign {
    fn signed(&self) -> Vec<u8> {
        self.to_bytes()
    }
}

/// The content types that clients add or forget most.
const CONTENT_TYPES: [&str; 12] = [
    "application/octet-stream",
    "binary/octet-stream",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-8",
    "text/plain",
    "text/plain;charset=UTF-8",
    "application/json",
    "application/xml",
    "image/png",
    "image/jpeg",
    "application/pdf",
    "multipart/form-data",
];

pub(super) fn edits(
    lines: &StringToSign,
    message: &Message<'_>,
    host_bucket: Option<&str>,
) -> Vec<Edit<StringToSign>> {
    let mut edits = Vec::new();
    for signed in ["GET", "PUT", "HEAD", "POST", "DELETE"] {
        let cause = Cause::Method { signed: signed.to_owned(), sent: lines.method.clone() };
        edits.push(edit(cause, Part::Method, move |lines| signed.clone_into(&mut lines.method)));
    }
    edits.extend(content_types(lines));
    if !lines.content_md5.is_empty() {
        let sent = String::from_utf8_lossy(&lines.content_md5).into_owned();
        let cause = Cause::HeaderAdded { name: "content-md5".to_owned(), sent };
        edits.push(edit(cause, Part::Payload, |lines| lines.content_md5.clear()));
    }
    edits.extend(amz(lines, message));
    edits.extend(resources(lines, message, host_bucket));
    edits.extend(dates(lines, message));
    edits
}

fn edit(
    cause: Cause,
    part: Part,
    apply: impl Fn(&mut StringToSign) + 'static,
) -> Edit<StringToSign> {
    Edit { cause, part, rank: Rank::Usual, apply: Box::new(apply) }
}

fn content_types(lines: &StringToSign) -> Vec<Edit<StringToSign>> {
    let sent = String::from_utf8_lossy(&lines.content_type).into_owned();
    let name = || "content-type".to_owned();
    let mut edits = Vec::new();
    if !sent.is_empty() {
        let cause = Cause::HeaderAdded { name: name(), sent: sent.clone() };
        edits.push(edit(cause, Part::Headers, |lines| lines.content_type.clear()));
    }
    let bare = sent.split(';').next().unwrap_or_default().to_owned();
    let others = CONTENT_TYPES.map(str::to_owned).into_iter().chain([bare, sent.to_lowercase()]);
    for signed in others {
        let sent = Some(sent.clone()).filter(|sent| !sent.is_empty());
        let cause = Cause::HeaderChanged { name: name(), signed: signed.clone(), sent };
        edits.push(edit(cause, Part::Headers, move |lines| {
            lines.content_type = signed.clone().into_bytes();
        }));
    }
    edits
}

/// What may have been signed and did not come.
pub(super) fn clues(lines: &StringToSign) -> Vec<Clue> {
    let has_body = matches!(lines.method.as_str(), "PUT" | "POST");
    let is_empty = has_body && lines.content_md5.is_empty();
    is_empty.then_some(Clue::LineEmpty { name: "content-md5" }).into_iter().collect()
}

/// Without one of the `x-amz-` lines, without any, and without those of the query.
fn amz(lines: &StringToSign, message: &Message<'_>) -> Vec<Edit<StringToSign>> {
    let mut edits = Vec::new();
    for (name, value) in lines.amz.clone() {
        let sent = shown_value(&name, &String::from_utf8_lossy(&value));
        let cause = Cause::HeaderAdded { name: name.clone(), sent };
        edits.push(edit(cause, Part::Text, move |lines| {
            lines.amz.remove(&name);
        }));
    }
    // What stands in header and query is joined; perhaps one of them was signed.
    for header in message.headers {
        let name = header.name.to_ascii_lowercase();
        let value = header.value.trim_ascii().to_vec();
        if lines.amz.get(&name).is_some_and(|joined| *joined != value) {
            let signed = shown_value(&name, &String::from_utf8_lossy(&value));
            let cause = Cause::HeaderRepeated { name: name.clone(), signed };
            edits.push(edit(cause, Part::Text, move |lines| {
                lines.amz.insert(name.clone(), value.clone());
            }));
        }
    }
    let in_query = decoded(message.query).into_iter().filter_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        lines.amz.contains_key(&name).then_some((name, value.unwrap_or_default()))
    });
    for (name, signed) in in_query {
        let cause =
            Cause::HeaderRepeated { name: name.clone(), signed: shown_value(&name, &signed) };
        edits.push(edit(cause, Part::Text, move |lines| {
            lines.amz.insert(name.clone(), signed.clone().into_bytes());
        }));
    }
    if !lines.amz.is_empty() {
        let cause = Cause::Layout(LayoutMistake::SpacesAfterColons);
        edits.push(edit(cause, Part::Text, |lines| {
            for value in lines.amz.values_mut() {
                value.insert(0, b' ');
            }
        }));
    }
    if lines.amz.len() > 1 {
        let names = lines.amz.keys().cloned().collect();
        edits.push(edit(Cause::ParametersAdded { names }, Part::Text, |lines| lines.amz.clear()));
    }
    edits
}

fn resources(
    lines: &StringToSign,
    message: &Message<'_>,
    host_bucket: Option<&str>,
) -> Vec<Edit<StringToSign>> {
    let mut edits = Vec::new();
    let mut add = |cause: Cause, path: String| {
        edits.push(edit(cause, Part::Path, move |lines| lines.path.clone_from(&path)));
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let path = &lines.path;
    if let Some(bucket) = host_bucket {
        add(Cause::BucketNotInPath { bucket: bucket.to_owned() }, message.path.to_owned());
    } else {
        let rest = path.strip_prefix('/').unwrap_or(path);
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        add(Cause::BucketNotInPath { bucket: bucket.to_owned() }, format!("/{key}"));
    }
    let plain = encode::decode(path, Plus::Literal);
    add(Cause::Path(PathMistake::NotEncoded), text(&plain));
    add(Cause::Path(PathMistake::EncodedTwice), encode::path(path.as_bytes()));
    add(Cause::Path(PathMistake::AsSent), encode::path(&plain));
    add(Cause::Path(PathMistake::PlusForSpace), path.replace("%20", "+"));
    add(Cause::Path(PathMistake::SlashAtEnd), format!("{path}/"));
    add(Cause::Path(PathMistake::SlashAtEnd), path.trim_end_matches('/').to_owned());
    add(Cause::Path(PathMistake::NoSlashAtStart), path.trim_start_matches('/').to_owned());
    add(
        Cause::Path(PathMistake::SlashesEncoded),
        path.replacen('/', "\0", 2).replace('/', "%2F").replace('\0', "/"),
    );
    for lost in segments_lost(path) {
        add(Cause::Path(PathMistake::SegmentLost), lost);
    }
    for (index, (name, _)) in lines.subresources.iter().enumerate() {
        let cause = Cause::ParametersAdded { names: vec![name.clone()] };
        edits.push(edit(cause, Part::Query, move |lines| {
            lines.subresources.remove(index);
        }));
    }
    let unsigned = ["AWSAccessKeyId", "Expires", "Signature"];
    let whole: Vec<_> = decoded(message.query)
        .into_iter()
        .filter(|(name, _)| !unsigned.contains(&name.as_str()))
        .collect();
    let known: Vec<_> = lines.subresources.iter().map(|(name, _)| name).collect();
    let others = whole.iter().map(|(name, _)| name).filter(|name| !known.contains(name));
    let others: Vec<_> = others.cloned().collect();
    let encoded = |value: String| encode::component(value.as_bytes());
    let raw: Vec<_> = lines
        .subresources
        .iter()
        .map(|(name, value)| (name.clone(), value.clone().map(encoded)))
        .collect();
    let in_query = if others.is_empty() {
        Cause::Query(QueryMistake::AsSent)
    } else {
        Cause::NotSubresources { names: others }
    };
    for (cause, subresources) in [
        (Cause::Query(QueryMistake::LeftOut), Vec::new()),
        (in_query, whole),
        (Cause::Query(QueryMistake::ValuesEncoded), raw),
    ] {
        edits.push(edit(cause, Part::Query, move |lines| {
            lines.subresources.clone_from(&subresources);
        }));
    }
    edits
}

fn dates(lines: &StringToSign, message: &Message<'_>) -> Vec<Edit<StringToSign>> {
    let sent = String::from_utf8_lossy(&lines.date).into_owned();
    let headers = ["date", "x-amz-date"].map(|name| message.header(name));
    let others = headers.into_iter().flatten().map(|value| value.trim_ascii().to_vec());
    let edit = |signed: Vec<u8>| {
        let text = String::from_utf8_lossy(&signed).into_owned();
        let cause = Cause::Line { name: "date", signed: text, sent: sent.clone() };
        edit(cause, Part::Host, move |lines: &mut StringToSign| lines.date.clone_from(&signed))
    };
    let at = Timestamp::parse_http(&sent).or_else(|| Timestamp::parse_basic(&sent));
    let forms = at.map(|at| [at.basic(), at.iso(), at.http(), at.unix().to_string()]);
    let forms = forms.into_iter().flatten().map(String::into_bytes);
    others.chain([Vec::new()]).chain(forms).map(edit).collect()
}
