//! Mistakes in the method, the host and the path of a request.

use crate::encode;
use crate::encode::Plus;
use crate::encode::Slash;
use crate::message::Message;

use super::cause::Cause;
use super::headers::in_capitals;
use super::mistake::PathMistake;
use super::request::RequestText;
use super::search::Edit;
use super::search::Part;
use super::search::Rank;

/// At so many places a segment may have been lost.
const SLASHES_MAX: usize = 20;

/// So many names of segments are tried there.
const NAMES_MAX: usize = 8;

/// So many other names of the verifier are tried.
const OTHER_HOSTS_MAX: usize = 16;

/// The ports that emulators and servers usually have.
const PORTS: [u16; 10] = [9000, 4566, 8080, 8443, 8000, 3000, 5000, 9090, 9443, 4572];

/// What emulators and servers are called where containers find each other by name.
const SERVICE_NAMES: [&str; 6] =
    ["minio", "s3", "localstack", "stuntbucket", "storage", "host.docker.internal"];

pub(super) fn methods(text: &RequestText) -> Vec<Edit<RequestText>> {
    let others = ["GET", "PUT", "HEAD", "POST", "DELETE", "OPTIONS", "PATCH"].map(str::to_owned);
    let others = others.into_iter().chain([text.method.to_lowercase()]);
    let edit = |signed: String| Edit {
        cause: Cause::Method { signed: signed.clone(), sent: text.method.clone() },
        part: Part::Method,
        rank: Rank::Usual,
        apply: Box::new(move |text: &mut RequestText| text.method.clone_from(&signed)),
    };
    others.map(edit).collect()
}

/// Hosts that a client may have signed: with another port, another name of the verifier, and the
/// names of S3 itself for those who put a proxy before the verifier.
pub(super) fn hosts(
    text: &RequestText,
    message: &Message<'_>,
    bucket: Option<&str>,
    region: &str,
    other_hosts: &[String],
) -> Vec<Edit<RequestText>> {
    let sent = host_of(text);
    let mut hosts = names(&sent, message, bucket, region, other_hosts);
    let with_bucket = |host: &String| bucket.map(|bucket| format!("{bucket}.{host}"));
    let virtual_hosted: Vec<_> =
        std::iter::once(&sent).chain(&hosts).filter_map(with_bucket).collect();
    hosts.extend(virtual_hosted);
    hosts.extend([sent.to_uppercase(), sent.to_lowercase(), format!("{sent}."), String::new()]);
    hosts.extend([in_capitals(&sent, "."), format!("http://{sent}"), format!("https://{sent}")]);
    let usual = hosts.len();
    let (name, port) = sent.rsplit_once(':').unwrap_or((&sent, ""));
    hosts.extend(PORTS.map(|port| format!("{name}:{port}")));
    for other in SERVICE_NAMES {
        let with_port = |port: &str| format!("{other}:{port}");
        hosts.extend([with_port(port), with_port("9000"), with_port("4566"), other.to_owned()]);
    }
    let mut known = vec![sent.clone()];
    let mut edits = Vec::new();
    for (index, signed) in hosts.into_iter().enumerate() {
        if known.contains(&signed) {
            continue;
        }
        known.push(signed.clone());
        edits.push(Edit {
            cause: Cause::Host { signed: signed.clone(), sent: sent.clone() },
            part: Part::Host,
            rank: if index < usual { Rank::Usual } else { Rank::Rare },
            apply: Box::new(move |text: &mut RequestText| text.set("host", signed.as_bytes())),
        });
    }
    edits
}

/// Host and path in the style in which the request was not sent.
pub(super) fn styles(
    text: &RequestText,
    message: &Message<'_>,
    host_bucket: Option<&str>,
    region: &str,
    other_hosts: &[String],
) -> Vec<Edit<RequestText>> {
    let sent = host_of(text);
    let path = String::from_utf8_lossy(&text.path).into_owned();
    let (in_path, key) = match path.strip_prefix('/').map(|rest| rest.split_once('/')) {
        Some(Some((bucket, key))) => (bucket, key),
        Some(None) => (&path[1..], ""),
        None => return Vec::new(),
    };
    let bucket = host_bucket.unwrap_or(in_path);
    let hosts = names(&sent, message, Some(bucket), region, other_hosts);
    let others = std::iter::once(sent.clone()).chain(hosts).map(|host| match host_bucket {
        None => (format!("{bucket}.{host}"), format!("/{key}")),
        Some(_) => (host, format!("/{bucket}{path}")),
    });
    let edit = |(host, other): (String, String)| Edit {
        cause: Cause::Style { signed: format!("{host}{other}"), sent: format!("{sent}{path}") },
        part: Part::Host,
        rank: Rank::Rare,
        apply: Box::new(move |text: &mut RequestText| {
            text.set("host", host.as_bytes());
            text.path = other.clone().into_bytes();
        }),
    };
    others.map(edit).collect()
}

fn host_of(text: &RequestText) -> String {
    String::from_utf8_lossy(text.header("host").unwrap_or_default()).into_owned()
}

/// Other names of the verifier, without a bucket before them.
fn names(
    sent: &str,
    message: &Message<'_>,
    bucket: Option<&str>,
    region: &str,
    other_hosts: &[String],
) -> Vec<String> {
    let mut hosts = nearby(sent);
    let in_host = bucket.and_then(|bucket| sent.strip_prefix(bucket)?.strip_prefix('.'));
    if let Some(bare) = in_host {
        hosts.extend(nearby(bare));
        hosts.push(bare.to_owned());
    }
    for name in ["x-forwarded-host", "x-original-host", "x-host"] {
        let forwarded = message.header(name).and_then(|value| std::str::from_utf8(value).ok());
        hosts.extend(forwarded.map(|value| value.trim_ascii().to_owned()));
    }
    hosts.extend(mentioned(message));
    hosts.extend(other_hosts.iter().take(OTHER_HOSTS_MAX).cloned());
    hosts.extend(["s3.amazonaws.com".to_owned(), format!("s3.{region}.amazonaws.com")]);
    hosts
}

/// Hosts that `Forwarded`, `Origin` and `Referer` tell of.
fn mentioned(message: &Message<'_>) -> Vec<String> {
    let value = |name| message.header(name).and_then(|value| std::str::from_utf8(value).ok());
    let of_url = |url: &str| {
        let (_, rest) = url.split_once("://")?;
        rest.split('/').next().map(str::to_owned)
    };
    let forwarded = value("forwarded").and_then(|value| {
        let (_, rest) = value.split_once("host=")?;
        Some(rest.split([';', ',']).next()?.trim_matches('"').to_owned())
    });
    let urls = ["origin", "referer"].map(|name| value(name).and_then(of_url));
    urls.into_iter().chain([forwarded]).flatten().collect()
}

/// The same host without its port, with the ports that are implied, and under another name of
/// the same machine.
fn nearby(host: &str) -> Vec<String> {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (name, port),
        _ => (host, ""),
    };
    let mut hosts = vec![name.to_owned(), format!("{name}:80"), format!("{name}:443")];
    let loopback = ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "host.docker.internal"];
    if loopback.contains(&name) {
        for other in loopback {
            hosts.push(if port.is_empty() { other.to_owned() } else { format!("{other}:{port}") });
            hosts.push(other.to_owned());
        }
    }
    hosts
}

pub(super) fn paths(
    text: &RequestText,
    message: &Message<'_>,
    host_bucket: Option<&str>,
) -> Vec<Edit<RequestText>> {
    let once = String::from_utf8_lossy(&text.path).into_owned();
    let decoded = encode::decode(&once, Plus::Literal).into_owned();
    let mut edits = Vec::new();
    let mut add = |cause: Cause, rank, path: Vec<u8>| {
        let apply = move |text: &mut RequestText| text.path.clone_from(&path);
        edits.push(Edit { cause, part: Part::Path, rank, apply: Box::new(apply) });
    };
    if let Some(bucket) = host_bucket {
        let bucket = bucket.to_owned();
        add(
            Cause::BucketInPath { bucket: bucket.clone() },
            Rank::Usual,
            format!("/{bucket}{once}").into_bytes(),
        );
        if once == "/" {
            add(
                Cause::BucketInPath { bucket: bucket.clone() },
                Rank::Usual,
                format!("/{bucket}").into_bytes(),
            );
        }
    } else if let Some(rest) = once.strip_prefix('/') {
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        let bucket = bucket.to_owned();
        add(Cause::BucketNotInPath { bucket }, Rank::Usual, format!("/{key}").into_bytes());
    }
    for prefix in ["s3", "api", "storage", "minio", "files", "aws", "proxy"] {
        add(Cause::PathPrefix { prefix }, Rank::Rare, format!("/{prefix}{once}").into_bytes());
    }
    if message.path.contains("%25") {
        add(Cause::Path(PathMistake::SentTwice), Rank::Usual, decoded.clone());
    }
    let kept = |kept: &str| kept_in(&decoded, kept).into_bytes();
    let trimmed = once.trim_end_matches('/').to_owned();
    for (mistake, rank, path) in [
        (PathMistake::AsSent, Rank::Usual, message.path.as_bytes().to_vec()),
        (PathMistake::EncodedTwice, Rank::Usual, encode::path(once.as_bytes()).into_bytes()),
        (PathMistake::DecodedOnTheWay, Rank::Usual, encode::path(once.as_bytes()).into_bytes()),
        (PathMistake::NotEncoded, Rank::Usual, decoded.clone()),
        (PathMistake::PlusForSpace, Rank::Usual, once.replace("%20", "+").into_bytes()),
        (
            PathMistake::PlusIsPlus,
            Rank::Usual,
            plus_is_plus(message.path, Slash::Kept).into_bytes(),
        ),
        (PathMistake::PlusIsPlus, Rank::Rare, once.replace("%20", "%2B").into_bytes()),
        (
            PathMistake::DecodedOnTheWay,
            Rank::Rare,
            encode::path(message.path.as_bytes()).into_bytes(),
        ),
        (PathMistake::CharactersKept, Rank::Rare, kept("!'()*")),
        (PathMistake::CharactersKept, Rank::Rare, kept("!'()*;,?:@&=+$#")),
        (PathMistake::CharactersKept, Rank::Rare, kept("!$&'()*+,;=:@")),
        (PathMistake::CharactersKept, Rank::Rare, kept("+")),
        (PathMistake::CharactersKept, Rank::Rare, kept(":@")),
        (PathMistake::CharactersKept, Rank::Rare, kept("=")),
        (PathMistake::CharactersKept, Rank::Rare, kept("*")),
        (PathMistake::CharactersKept, Rank::Rare, kept("@")),
        (PathMistake::TildeEncoded, Rank::Rare, once.replace('~', "%7E").into_bytes()),
        (PathMistake::Normalized, Rank::Usual, normalized(&once).into_bytes()),
        (PathMistake::Normalized, Rank::Rare, without_empty(&once).into_bytes()),
        (PathMistake::LowerCaseEscapes, Rank::Rare, lower_case_escapes(&once).into_bytes()),
        (PathMistake::SlashesEncoded, Rank::Rare, slashes_encoded(&once, host_bucket).into_bytes()),
        (PathMistake::SlashAtEnd, Rank::Usual, format!("{once}/").into_bytes()),
        (
            PathMistake::SlashAtEnd,
            Rank::Usual,
            if trimmed.is_empty() { b"/".to_vec() } else { trimmed.into_bytes() },
        ),
        (PathMistake::NoSlashAtStart, Rank::Rare, once.trim_start_matches('/').as_bytes().to_vec()),
        (PathMistake::Latin1, Rank::Rare, latin1(&decoded).into_bytes()),
        (PathMistake::LowerCase, Rank::Rare, lower_case(&decoded).into_bytes()),
        (PathMistake::LeftOut, Rank::Rare, b"/".to_vec()),
    ] {
        add(Cause::Path(mistake), rank, path);
    }
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://{}{once}", host_of(text));
        add(Cause::Path(PathMistake::WholeUrl), Rank::Rare, url.into_bytes());
    }
    for path in parents_lost(&once) {
        add(Cause::Path(PathMistake::ParentLost), Rank::Rare, path.into_bytes());
    }
    for path in segments_lost(&once) {
        add(Cause::Path(PathMistake::SegmentLost), Rank::Rare, path.into_bytes());
    }
    edits
}

fn lower_case(decoded: &[u8]) -> String {
    encode::path(String::from_utf8_lossy(decoded).to_lowercase().as_bytes())
}

/// Encoded as if each character were one byte, where each is.
fn latin1(decoded: &[u8]) -> String {
    let text = String::from_utf8_lossy(decoded);
    let bytes: Option<Vec<u8>> = text.chars().map(|letter| u8::try_from(letter).ok()).collect();
    encode::path(bytes.as_deref().unwrap_or(decoded))
}

/// Encoded, but for these characters.
pub(super) fn kept_in(decoded: &[u8], kept: &str) -> String {
    let mut text = String::with_capacity(decoded.len());
    for byte in decoded {
        if kept.as_bytes().contains(byte) {
            text.push(char::from(*byte));
        } else {
            text.push_str(&encode::path(&[*byte]));
        }
    }
    text
}

/// Decoded with a plus as a plus, and encoded once.
pub(super) fn plus_is_plus(sent: &str, slash: Slash) -> String {
    let decoded = encode::decode(sent, Plus::Literal);
    match slash {
        Slash::Kept => encode::path(&decoded),
        Slash::Encoded => encode::component(&decoded),
    }
}

pub(super) fn lower_case_escapes(once: &str) -> String {
    let mut text = String::with_capacity(once.len());
    let mut in_escape = 0;
    for character in once.chars() {
        text.push(if in_escape > 0 { character.to_ascii_lowercase() } else { character });
        in_escape = if character == '%' { 2 } else { (in_escape - 1).max(0) };
    }
    text
}

/// Without empty segments, `.` and `..`.
fn normalized(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    let end = if path.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    format!("/{}{end}", segments.join("/"))
}

/// With another slash, or `./`, behind each of the slashes.
pub(super) fn segments_lost(path: &str) -> Vec<String> {
    let slashes = path.match_indices('/').map(|(index, _)| index + 1).take(SLASHES_MAX);
    let both = slashes.flat_map(|index| [(index, "/"), (index, "./")]);
    both.map(|(index, lost)| format!("{}{lost}{}", &path[..index], &path[index..])).collect()
}

/// With a segment and `..` behind each of the slashes: one of a usual name, or one of the path.
fn parents_lost(path: &str) -> Vec<String> {
    let names = ["a", "x", "..", "tmp", "foo"].into_iter().chain(path.split('/'));
    let names: Vec<_> = names.filter(|name| !name.is_empty()).take(NAMES_MAX).collect();
    let slashes = path.match_indices('/').map(|(index, _)| index + 1).take(SLASHES_MAX);
    let lost = |index: usize| {
        let (before, after) = path.split_at(index);
        names.iter().map(move |name| format!("{before}{name}/../{after}"))
    };
    slashes.flat_map(lost).collect()
}

fn without_empty(path: &str) -> String {
    let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let end = if path.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    format!("/{}{end}", segments.join("/"))
}

fn slashes_encoded(once: &str, host_bucket: Option<&str>) -> String {
    let rest = once.strip_prefix('/').unwrap_or(once);
    match (host_bucket, rest.split_once('/')) {
        (None, Some((bucket, key))) => format!("/{bucket}/{}", key.replace('/', "%2F")),
        _ => format!("/{}", rest.replace('/', "%2F")),
    }
}
