//! `RequestText`: canonical request and string to sign of Version 4, in parts.

use sha2::Digest;
use sha2::Sha256;

use crate::canonical::ALGORITHM;
use crate::scope::Scope;
use crate::time::Timestamp;

use super::mistake::LayoutMistake;
use super::mistake::TextMistake;
use super::search::Signed;

/// What is signed for a request, as a client may have put it together.
#[derive(Clone, Debug)]
pub(super) struct RequestText {
    pub(super) method: String,
    pub(super) path: Vec<u8>,
    pub(super) query: String,
    /// Name and value, a line each.
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) names: String,
    pub(super) payload: Vec<u8>,
    pub(super) layout: Option<LayoutMistake>,
    pub(super) time: String,
    pub(super) scope: Scope,
    pub(super) access_key_id: String,
    pub(super) mistake: Option<TextMistake>,
}

impl RequestText {
    /// Takes our own canonical request apart. Its values have no line ends.
    pub(super) fn new(canonical: &[u8], at: Timestamp, scope: &Scope, access_key_id: &str) -> Self {
        let mut lines = canonical.split(|byte| *byte == b'\n');
        let text =
            |line: Option<&[u8]>| String::from_utf8_lossy(line.unwrap_or_default()).into_owned();
        let method = text(lines.next());
        let path = lines.next().unwrap_or_default().to_vec();
        let query = text(lines.next());
        let headers = lines
            .by_ref()
            .take_while(|line| !line.is_empty())
            .map(|line| {
                let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
                let (name, value) = line.split_at(colon);
                (text(Some(name)), value.get(1..).unwrap_or_default().to_vec())
            })
            .collect();
        Self {
            method,
            path,
            query,
            headers,
            names: text(lines.next()),
            payload: lines.next().unwrap_or_default().to_vec(),
            layout: None,
            time: at.basic(),
            scope: scope.clone(),
            access_key_id: access_key_id.to_owned(),
            mistake: None,
        }
    }

    /// The canonical request.
    pub(super) fn canonical(&self) -> Vec<u8> {
        let mut text = Vec::with_capacity(512);
        let head = [self.method.as_bytes(), &self.path, self.query.as_bytes()];
        let lines = if self.layout == Some(LayoutMistake::NoQueryLine) { 2 } else { 3 };
        for line in &head[..lines] {
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        for (name, value) in &self.headers {
            text.extend_from_slice(name.as_bytes());
            text.push(b':');
            if self.layout == Some(LayoutMistake::SpacesAfterColons) {
                text.push(b' ');
            }
            text.extend_from_slice(value);
            text.push(b'\n');
        }
        if self.layout != Some(LayoutMistake::NoEmptyLine) {
            text.push(b'\n');
        }
        match self.layout {
            Some(LayoutMistake::Commas) => {
                text.extend_from_slice(self.names.replace(';', ",").as_bytes());
                text.push(b'\n');
            }
            Some(LayoutMistake::NoNames) => {}
            _ => {
                text.extend_from_slice(self.names.as_bytes());
                text.push(b'\n');
            }
        }
        text.extend_from_slice(&self.payload);
        match self.layout {
            Some(LayoutMistake::NoPayload) => {
                text.truncate(text.len() - self.payload.len() - 1);
            }
            Some(LayoutMistake::LineEndAtEnd) => text.push(b'\n'),
            Some(LayoutMistake::CarriageReturns) => text = with_carriage_returns(&text),
            Some(
                LayoutMistake::NoEmptyLine
                | LayoutMistake::NoQueryLine
                | LayoutMistake::NoNames
                | LayoutMistake::SpacesAfterColons
                | LayoutMistake::Commas,
            )
            | None => {}
        }
        text
    }

    /// The value of a header's line.
    pub(super) fn header(&self, name: &str) -> Option<&[u8]> {
        let line = self.headers.iter().find(|(other, _)| other == name);
        line.map(|(_, value)| value.as_slice())
    }

    pub(super) fn set(&mut self, name: &str, value: &[u8]) {
        for (other, line) in &mut self.headers {
            if other == name {
                *line = value.to_vec();
            }
        }
    }
}

impl Signed for RequestText {
    fn signed(&self) -> Vec<u8> {
        let canonical = self.canonical();
        let hash = hex::encode(Sha256::digest(&canonical));
        let Scope { date, region, service } = &self.scope;
        let full = self.scope.to_string();
        let text = |time: &str, scope: &str, last: &str| {
            format!("{ALGORITHM}\n{time}\n{scope}\n{last}").into_bytes()
        };
        match self.mistake {
            None | Some(TextMistake::TimeForm) => text(&self.time, &full, &hash),
            Some(TextMistake::NotHashed) => {
                let mut text = text(&self.time, &full, "");
                text.extend(canonical);
                text
            }
            Some(TextMistake::HashedTwice) => {
                text(&self.time, &full, &hex::encode(Sha256::digest(&hash)))
            }
            Some(TextMistake::NoAlgorithm) => format!("{}\n{full}\n{hash}", self.time).into_bytes(),
            Some(TextMistake::HashInCapitals) => text(&self.time, &full, &hash.to_uppercase()),
            Some(TextMistake::CanonicalRequestOnly) => canonical,
            Some(TextMistake::NoTerminal) => {
                text(&self.time, &format!("{date}/{region}/{service}"), &hash)
            }
            Some(TextMistake::CredentialForScope) => {
                text(&self.time, &format!("{}/{full}", self.access_key_id), &hash)
            }
            Some(TextMistake::DayForTime) => text(date, &full, &hash),
            Some(TextMistake::LineEndAtEnd) => text(&self.time, &full, &format!("{hash}\n")),
            Some(TextMistake::CarriageReturns) => {
                with_carriage_returns(&text(&self.time, &full, &hash))
            }
        }
    }
}

fn with_carriage_returns(text: &[u8]) -> Vec<u8> {
    let lines: Vec<_> = text.split(|byte| *byte == b'\n').collect();
    lines.join(&b"\r\n"[..])
}
