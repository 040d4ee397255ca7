//! `Trailers`: what comes after the last chunk, held against what was declared.

use crate::payload::Payload;

use super::super::verdict::FramingFlaw;
use super::super::verdict::Refusal;
use super::super::verdict::TrailerFlaw;
use super::chain::Chain;
use super::framing;
use super::line::start_of;

/// The line that signs the others.
const SIGNATURE: &str = "x-amz-trailer-signature";
/// More than there are checksums.
const LINES_MAX: usize = 16;

#[derive(Debug)]
pub(super) struct Trailers {
    payload: Payload,
    /// Names in lower case.
    declared: Vec<String>,
    received: Vec<(String, String)>,
    /// The lines of `received` as they were sent, if they are signed.
    sent: Vec<String>,
    signature: Option<String>,
}

impl Trailers {
    pub(super) fn new(payload: Payload, declared: Option<&str>) -> Self {
        let names = declared.filter(|_| payload.has_trailer()).map(|list| list.split(','));
        let names = names.into_iter().flatten().map(|name| name.trim_ascii().to_ascii_lowercase());
        // Empty elements of a list count for nothing (RFC 9110, section 5.6.1).
        let declared = names.filter(|name| !name.is_empty()).collect();
        Self { payload, declared, received: Vec::new(), sent: Vec::new(), signature: None }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.received.is_empty() && self.signature.is_none()
    }

    /// A line without its end.
    pub(super) fn take(&mut self, line: &[u8]) -> Result<(), Box<Refusal>> {
        let bad_line = || framing(FramingFlaw::TrailerLine { found: start_of(line) });
        let text = std::str::from_utf8(line).map_err(|_| bad_line())?;
        let (name, value) = text.split_once(':').ok_or_else(bad_line)?;
        let name = name.trim_ascii().to_ascii_lowercase();
        let value = value.trim_ascii().to_owned();
        if self.signature.is_some() || self.received.len() >= LINES_MAX {
            return Err(framing(FramingFlaw::AfterTheEnd).into());
        }
        if name.is_empty() {
            return Err(malformed(TrailerFlaw::NoName).into());
        }
        if self.payload.has_signed_chunks() && name == SIGNATURE {
            self.signature = Some(value);
        } else {
            if self.payload.has_signed_chunks() {
                self.sent.push(text.to_owned());
            }
            self.received.push((name, value));
        }
        Ok(())
    }

    /// Judges the names, then the signature. Which of the two is first at S3 is a guess.
    pub(super) fn finish(
        self,
        chain: Option<&Chain>,
    ) -> Result<Vec<(String, String)>, Box<Refusal>> {
        let has_received = |name: &String| self.received.iter().any(|(other, _)| other == name);
        if let Some((found, _)) =
            self.received.iter().find(|(name, _)| !self.declared.contains(name))
        {
            return Err(malformed(TrailerFlaw::NotDeclared { found: found.clone() }).into());
        }
        if let Some(declared) = self.declared.iter().find(|name| !has_received(name)) {
            return Err(malformed(TrailerFlaw::Absent { declared: declared.clone() }).into());
        }
        if let Some(chain) = chain {
            let lines = self.received.iter().map(|(name, value)| format!("{name}:{value}\n"));
            match &self.signature {
                Some(signature) => {
                    chain.check_trailer(&lines.collect::<String>(), &self.sent, signature)?;
                }
                None if self.received.is_empty() => {}
                None => return Err(malformed(TrailerFlaw::NotSigned).into()),
            }
        }
        Ok(self.received)
    }
}

fn malformed(flaw: TrailerFlaw) -> Refusal {
    Refusal::Trailer(flaw)
}
