//! Trying: texts and keys that a mistake makes, until one makes the client's signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use crate::credentials::SecretKey;
use crate::key::SignatureV2;
use crate::key::SigningKey;

use super::cause::Cause;
use super::cause::SpellingMistake;

/// How many signatures are computed for one refusal, at most: less than ten milliseconds.
const ATTEMPTS_MAX: usize = 1500;

/// A text that is signed, in parts that mistakes can change.
pub(super) trait Signed: Clone {
    /// What is signed.
    fn signed(&self) -> Vec<u8>;
}

/// How often a mistake is made. The usual ones are also tried in pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    Usual,
    Rare,
}

/// What an edit changes. Two edits of one part do not go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Method,
    Path,
    Query,
    Host,
    Headers,
    Payload,
    Text,
}

/// A mistake in a text.
pub(super) struct Edit<T> {
    pub(super) cause: Cause,
    pub(super) part: Part,
    pub(super) rank: Rank,
    pub(super) apply: Box<dyn Fn(&mut T)>,
}

/// A key, and the mistake that makes it; the right key comes first and has none.
pub(super) struct TriedKey {
    pub(super) cause: Option<Cause>,
    pub(super) rank: Rank,
    pub(super) mac: Mac,
}

/// What signs.
pub(super) enum Mac {
    Sha256(SigningKey),
    Sha1(SecretKey),
}

impl Mac {
    fn makes(&self, text: &[u8], target: &Target) -> bool {
        match (self, target.bytes.len()) {
            (Self::Sha256(key), 32) => is_same(&key.sign(text).to_bytes(), &target.bytes),
            (Self::Sha256(key), length) if target.is_cut => {
                is_same(&key.sign(text).to_bytes()[..length], &target.bytes)
            }
            (Self::Sha1(secret), 20) => {
                is_same(&SignatureV2::sign(secret, text).to_bytes(), &target.bytes)
            }
            (Self::Sha256(_) | Self::Sha1(_), _) => false,
        }
    }
}

/// In constant time, since one of the two may be the right signature.
fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// The client's signature.
pub(super) struct Target {
    bytes: Vec<u8>,
    is_cut: bool,
    spelling: Option<Cause>,
}

/// How a signature is to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelled {
    Hex,
    Base64,
}

/// So many digits are no accident.
const DIGITS_MIN: usize = 32;

impl Target {
    /// Reads a signature, however it is written; `None` if it is none.
    pub(super) fn read(provided: &str, spelled: Spelled) -> Option<Self> {
        let bare = provided.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        let is_bare = bare.len() == provided.len();
        let has_capitals = bare.bytes().any(|byte| byte.is_ascii_uppercase());
        let spelling = |mistake| Some(Cause::Spelling(mistake));
        let (bytes, is_cut, spelling) = match (hex::decode(bare), spelled) {
            (Ok(bytes), Spelled::Hex) if has_capitals => {
                (bytes, false, spelling(SpellingMistake::Capitals))
            }
            (Ok(bytes), Spelled::Hex)
                if bytes.len() < 32 && bare.len() >= DIGITS_MIN && bytes.len() != 20 =>
            {
                (bytes, true, spelling(SpellingMistake::Cut))
            }
            (Ok(bytes), Spelled::Hex) => (bytes, false, None),
            (Ok(bytes), Spelled::Base64) if bytes.len() == 20 => {
                (bytes, false, spelling(SpellingMistake::Hex))
            }
            (Ok(bytes), Spelled::Base64) if bytes.len() == 32 => (bytes, false, None),
            (_, Spelled::Hex) => {
                let bytes = STANDARD.decode(bare.replace(' ', "+")).ok()?;
                let mistake = spelling(SpellingMistake::Base64).filter(|_| bytes.len() == 32);
                (bytes, false, mistake)
            }
            (_, Spelled::Base64) => (STANDARD.decode(bare.replace(' ', "+")).ok()?, false, None),
        };
        let spelling =
            spelling.or_else(|| (!is_bare).then_some(Cause::Spelling(SpellingMistake::Space)));
        Some(Self { bytes, is_cut, spelling })
    }
}

/// What came of the trying.
pub(super) struct Tried<T> {
    /// The mistakes, and the text that the client signed.
    pub(super) found: Option<(Vec<Cause>, T)>,
    pub(super) attempts: usize,
}

/// Tries one mistake, then one in the text and one in the key, then two in the text.
pub(super) fn search<T: Signed>(
    base: &T,
    edits: &[Edit<T>],
    keys: &[TriedKey],
    target: &Target,
) -> Tried<T> {
    let mut trial = Trial { target, attempts: 0 };
    let found = trial.run(base, edits, keys).map(|(mut causes, text)| {
        causes.extend(target.spelling.clone());
        (causes, text)
    });
    Tried { found, attempts: trial.attempts }
}

struct Trial<'a> {
    target: &'a Target,
    attempts: usize,
}

impl Trial<'_> {
    fn run<T: Signed>(
        &mut self,
        base: &T,
        edits: &[Edit<T>],
        keys: &[TriedKey],
    ) -> Option<(Vec<Cause>, T)> {
        let (right, wrong) = keys.split_first()?;
        let base_text = base.signed();
        if let Some(key) = keys.iter().find(|key| self.makes(key, &base_text)) {
            return Some((key.cause.iter().cloned().collect(), base.clone()));
        }
        let mut texts = Vec::new();
        for edit in edits {
            let edited = edit.applied(base);
            let text = edited.signed();
            if text == base_text {
                continue;
            }
            if self.makes(right, &text) {
                return Some((vec![edit.cause.clone()], edited));
            }
            if edit.rank == Rank::Usual {
                texts.push((edit, text));
            }
        }
        // The credential may say one region, and text and key another.
        for edit in edits.iter().filter(|edit| matches!(edit.cause, Cause::Scope { .. })) {
            let edited = edit.applied(base);
            let text = edited.signed();
            let mut same = wrong.iter().filter(|key| key.cause.as_ref() == Some(&edit.cause));
            if same.any(|key| self.makes(key, &text)) {
                return Some((vec![edit.cause.clone()], edited));
            }
        }
        for key in wrong.iter().filter(|key| key.rank == Rank::Usual) {
            if let Some((edit, _)) = texts.iter().find(|(_, text)| self.makes(key, text)) {
                let causes = std::iter::once(&edit.cause).chain(&key.cause).cloned();
                return Some((causes.collect(), edit.applied(base)));
            }
        }
        for (index, (one, _)) in texts.iter().enumerate() {
            for (other, _) in texts[index + 1..].iter().filter(|(other, _)| other.part != one.part)
            {
                let mut edited = one.applied(base);
                (other.apply)(&mut edited);
                if self.makes(right, &edited.signed()) {
                    return Some((vec![one.cause.clone(), other.cause.clone()], edited));
                }
            }
        }
        None
    }

    fn makes(&mut self, key: &TriedKey, text: &[u8]) -> bool {
        if self.attempts >= ATTEMPTS_MAX {
            return false;
        }
        self.attempts += 1;
        key.mac.makes(text, self.target)
    }
}

impl<T: Signed> Edit<T> {
    fn applied(&self, base: &T) -> T {
        let mut edited = base.clone();
        (self.apply)(&mut edited);
        edited
    }
}
