//! Mistakes in what is signed for a form.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use sha2::Digest;
use sha2::Sha256;

use crate::canonical::ALGORITHM;
use crate::encode;
use crate::encode::Plus;
use crate::scope::Scope;

use super::cause::Cause;
use super::diff::Compared;
use super::diff::Diff;
use super::mistake::PolicyMistake;
use super::search::Edit;
use super::search::Part;
use super::search::Rank;
use super::search::Signed;

/// The text that a client may have signed for a form.
#[derive(Clone, Debug)]
pub(super) struct PolicyText(pub(super) Vec<u8>);

impl Signed for PolicyText {
    fn signed(&self) -> Vec<u8> {
        self.0.clone()
    }
}

/// How many characters programs put in a line of base64.
const WIDTHS: [usize; 3] = [76, 64, 60];

/// Mistakes in the policy; `scope` and `date` are those of Version 4.
pub(super) fn edits(
    policy: &str,
    scope: Option<&Scope>,
    date: Option<&str>,
) -> Vec<Edit<PolicyText>> {
    let mut edits = Vec::new();
    let mut add = |mistake, text: Vec<u8>| {
        edits.push(Edit {
            cause: Cause::Policy(mistake),
            part: Part::Text,
            rank: Rank::Usual,
            apply: Box::new(move |policy: &mut PolicyText| policy.0.clone_from(&text)),
        });
    };
    let bare: String = policy.chars().filter(|c| !c.is_whitespace()).collect();
    add(PolicyMistake::LineEnd, policy.trim().as_bytes().to_vec());
    for end in ["\n", "\r\n"] {
        add(PolicyMistake::LineEnd, format!("{policy}{end}").into_bytes());
    }
    add(PolicyMistake::PlusAsSpace, policy.replace(' ', "+").into_bytes());
    let decoded = encode::decode(policy, Plus::Literal);
    add(PolicyMistake::PercentEncoded, decoded.into_owned());
    add(PolicyMistake::Wrapped, bare.clone().into_bytes());
    for width in WIDTHS {
        for end in ["\n", "\r\n"] {
            let wrapped = wrapped(&bare, width, end);
            add(PolicyMistake::Wrapped, format!("{wrapped}{end}").into_bytes());
            add(PolicyMistake::Wrapped, wrapped.into_bytes());
        }
    }
    add(PolicyMistake::UrlSafe, bare.replace('+', "-").replace('/', "_").into_bytes());
    add(PolicyMistake::UrlSafe, bare.replace('-', "+").replace('_', "/").into_bytes());
    let unpadded = bare.trim_end_matches('=');
    add(PolicyMistake::NoPadding, unpadded.as_bytes().to_vec());
    let url_safe = unpadded.replace('+', "-").replace('/', "_");
    add(PolicyMistake::UrlSafe, url_safe.into_bytes());
    add(PolicyMistake::EncodedTwice, STANDARD.encode(policy).into_bytes());
    let standard = bare.replace('-', "+").replace('_', "/");
    let standard = standard.trim_end_matches('=');
    add(PolicyMistake::UrlSafe, standard.as_bytes().to_vec());
    if let Ok(json) = STANDARD_NO_PAD.decode(standard) {
        add(PolicyMistake::UrlSafe, STANDARD.encode(&json).into_bytes());
        for json in other_escapes(&json).iter().flat_map(|json| other_space(json)) {
            add(PolicyMistake::OtherEscapes, STANDARD.encode(json).into_bytes());
        }
        for json in other_space(&json).into_iter().filter(|other| *other != json) {
            add(PolicyMistake::OtherSpace, STANDARD.encode(json).into_bytes());
        }
        let in_order =
            serde_json::from_slice::<serde_json::Value>(&json).map(|json| json.to_string());
        for json in in_order.iter().flat_map(|json| other_space(json.as_bytes())) {
            add(PolicyMistake::OtherOrder, STANDARD.encode(json).into_bytes());
        }
        let is_document = json.trim_ascii_start().starts_with(b"{");
        let mistake =
            if is_document { PolicyMistake::Decoded } else { PolicyMistake::EncodedTwice };
        add(mistake, json);
    }
    if let Some(scope) = scope {
        let hash = hex::encode(Sha256::digest(policy));
        let midnight = format!("{}T000000Z", scope.date);
        for time in [midnight.as_str(), &scope.date].into_iter().chain(date) {
            let text = format!("{ALGORITHM}\n{time}\n{scope}\n{hash}");
            add(PolicyMistake::AsRequest, text.into_bytes());
        }
        add(PolicyMistake::Hashed, hash.into_bytes());
    }
    edits
}

/// Both policies, decoded where the documents differ.
pub(super) fn diff(client: &str, verifier: &str) -> Diff {
    let decoded = |policy: &str| {
        let bare: String = policy.chars().filter(|c| !c.is_whitespace()).collect();
        String::from_utf8(STANDARD.decode(bare).ok()?).ok()
    };
    match (decoded(client), decoded(verifier)) {
        (Some(client), Some(verifier)) if client != verifier => {
            Diff::of(Compared::Policy, &client, &verifier)
        }
        _ => Diff::of(Compared::Policy, client, verifier),
    }
}

fn wrapped(base64: &str, width: usize, end: &str) -> String {
    let lines: Vec<_> =
        base64.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line)).collect();
    lines.join(end)
}

/// The same JSON with letters beyond ASCII escaped, and with none escaped.
fn other_escapes(json: &[u8]) -> Vec<Vec<u8>> {
    let text = String::from_utf8_lossy(json);
    if text.is_ascii() && !text.contains("\\u") {
        return Vec::new();
    }
    let mut escaped = String::new();
    for letter in text.chars() {
        if letter.is_ascii() {
            escaped.push(letter);
        } else {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                escaped += &format!("\\u{unit:04x}");
            }
        }
    }
    vec![escaped.clone().into_bytes(), unescaped(&escaped).into_bytes()]
}

/// With each run of `\uXXXX` as the letters that it stands for.
fn unescaped(json: &str) -> String {
    let mut text = String::new();
    let mut rest = json;
    while let Some((before, after)) = rest.split_once("\\u") {
        text.push_str(before);
        let mut units = Vec::new();
        rest = after;
        while let Some(unit) = rest.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok())
        {
            units.push(unit);
            rest = &rest[4..];
            match rest.strip_prefix("\\u") {
                Some(after) => rest = after,
                None => break,
            }
        }
        text.push_str(&String::from_utf16_lossy(&units));
    }
    text + rest
}

/// The same JSON without white space, with one space as Python writes it, and with other line
/// ends.
fn other_space(json: &[u8]) -> Vec<Vec<u8>> {
    let (mut compact, mut spaced) = (Vec::new(), Vec::new());
    let (mut in_text, mut is_escaped) = (false, false);
    for &byte in json {
        if in_text || !byte.is_ascii_whitespace() {
            compact.push(byte);
            spaced.push(byte);
        }
        if !in_text && matches!(byte, b',' | b':') {
            spaced.push(b' ');
        }
        if byte == b'"' && !is_escaped {
            in_text = !in_text;
        }
        is_escaped = in_text && byte == b'\\' && !is_escaped;
    }
    let text = String::from_utf8_lossy(json);
    let unix = text.replace("\r\n", "\n");
    let windows = unix.replace('\n', "\r\n");
    let trimmed = text.trim().to_owned();
    let with_end = format!("{trimmed}\n");
    let texts = [unix, windows, trimmed, with_end].map(String::into_bytes);
    let indented = [indented(&compact, "  "), indented(&compact, "    ")];
    texts.into_iter().chain([compact, spaced]).chain(indented).collect()
}

/// Each member and item in a line of its own.
fn indented(compact: &[u8], indent: &str) -> Vec<u8> {
    let mut text = Vec::new();
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    let line = |text: &mut Vec<u8>, depth: usize| {
        text.push(b'\n');
        text.extend_from_slice(indent.repeat(depth).as_bytes());
    };
    for &byte in compact {
        match byte {
            _ if in_text => text.push(byte),
            b'{' | b'[' => {
                // No policy is nested deeper.
                depth = (depth + 1).min(16);
                text.push(byte);
                line(&mut text, depth);
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                line(&mut text, depth);
                text.push(byte);
            }
            b',' => {
                text.push(byte);
                line(&mut text, depth);
            }
            b':' => text.extend_from_slice(b": "),
            _ => text.push(byte),
        }
        if byte == b'"' && !is_escaped {
            in_text = !in_text;
        }
        is_escaped = in_text && byte == b'\\' && !is_escaped;
    }
    text
}
