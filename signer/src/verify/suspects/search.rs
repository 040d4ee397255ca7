//! Trying: texts and keys that a mistake makes, until one makes the client's signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use crate::credentials::SecretKey;
use crate::encode;
use crate::encode::Plus;
use crate::key::SignatureV2;
use crate::key::SigningKey;

use super::cause::Cause;
use super::mistake::SpellingMistake;

/// How many signatures are computed for one refusal, at most: less than ten milliseconds, as the
/// bench shows.
const ATTEMPTS_MAX: usize = 7000;
/// So many of them may be of a wrong key and a wrong text, so that two wrong texts get their turn.
const KEY_AND_TEXT_MAX: usize = 2500;
/// So many descriptions of one and the same text are told.
const ALTERNATIVES_MAX: usize = 2;

/// A text that is signed, in parts that mistakes can change.
pub(super) trait Signed: Clone {
    /// What is signed.
    fn signed(&self) -> Vec<u8>;
}

/// How often a mistake is made. The usual ones are also tried in pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rank {
    /// One of its part was made for certain: the header is in the list, and did not come.
    Needed,
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
    /// The headers, all of them.
    Headers,
    /// One of them, by its place.
    Header(usize),
    Payload,
    Text,
    /// The first line of a string to sign.
    Algorithm,
    /// What a chunk is chained with.
    Previous,
}

/// A mistake in a text.
pub(super) struct Edit<T> {
    pub(super) cause: Cause,
    pub(super) part: Part,
    pub(super) rank: Rank,
    pub(super) apply: Box<dyn Fn(&mut T)>,
}

/// A key, and the mistakes that make it; the right key comes first and has none.
pub(super) struct TriedKey {
    pub(super) causes: Vec<Cause>,
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

/// A whole signature of Version 4 in hexadecimal digits.
const SHA256_DIGITS: usize = 64;
/// A whole signature of Version 2 in base64, with its padding.
const SHA1_LETTERS: usize = 28;
/// So many digits are no accident.
const DIGITS_MIN: usize = 32;

impl Target {
    /// Reads a signature, however it is written; `None` if it is none.
    pub(super) fn read(provided: &str, spelled: Spelled) -> Option<Self> {
        let bare = provided.trim_matches(|c: char| c.is_whitespace() || c == '"' || c == '\'');
        if let Some((digits, mistake)) = changed(bare, spelled) {
            let spelling = Some(Cause::Spelling(mistake));
            return Self::read(&digits, spelled).map(|target| Self { spelling, ..target });
        }
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

/// A signature as it was before it was sent, where its form shows what became of it.
fn changed(bare: &str, spelled: Spelled) -> Option<(String, SpellingMistake)> {
    let digits = bare.bytes().take_while(u8::is_ascii_hexdigit).count();
    match spelled {
        Spelled::Hex if digits >= SHA256_DIGITS && bare.len() > SHA256_DIGITS => {
            Some((bare[..SHA256_DIGITS].to_owned(), SpellingMistake::Followed))
        }
        Spelled::Base64 if bare.contains('%') => {
            let decoded = encode::decode(bare, Plus::Literal);
            let decoded = String::from_utf8(decoded.into_owned()).ok()?;
            (!decoded.contains('%')).then_some((decoded, SpellingMistake::Encoded))
        }
        Spelled::Base64 if bare.len() == SHA1_LETTERS - 1 => {
            Some((format!("{bare}="), SpellingMistake::NoPadding))
        }
        Spelled::Hex | Spelled::Base64 => None,
    }
}

/// What came of the trying.
pub(super) struct Tried<T> {
    pub(super) found: Option<Found<T>>,
    pub(super) attempts: usize,
}

/// What makes the client's signature.
pub(super) struct Found<T> {
    /// The mistakes, all of which were made.
    pub(super) causes: Vec<Cause>,
    /// Other mistakes that make the same text.
    pub(super) alternatives: Vec<Cause>,
    /// The text that the client signed.
    pub(super) text: T,
}

/// Tries one mistake, then one in the text and one in the key, then two in the text.
pub(super) fn search<T: Signed>(
    base: &T,
    edits: &[Edit<T>],
    keys: &[TriedKey],
    target: &Target,
) -> Tried<T> {
    let mut trial = Trial { target, base, attempts: 0 };
    let found = trial.run(edits, keys).map(|mut found| {
        found.causes.extend(target.spelling.clone());
        found
    });
    Tried { found, attempts: trial.attempts }
}

struct Trial<'a, T> {
    target: &'a Target,
    base: &'a T,
    attempts: usize,
}

impl<T: Signed> Trial<'_, T> {
    fn run(&mut self, edits: &[Edit<T>], keys: &[TriedKey]) -> Option<Found<T>> {
        let (right, wrong) = keys.split_first()?;
        let base_text = self.base.signed();
        if let Some(key) = keys.iter().find(|key| self.makes(key, &base_text)) {
            return Some(found(key.causes.clone(), self.base.clone()));
        }
        let mut texts = Vec::new();
        for (index, edit) in edits.iter().enumerate() {
            let edited = edit.applied(self.base);
            let text = edited.signed();
            if text == base_text {
                continue;
            }
            if self.makes(right, &text) {
                let alternatives = self.alternatives(&text, edit, &edits[index + 1..]);
                return Some(Found { alternatives, ..found(vec![edit.cause.clone()], edited) });
            }
            texts.push((edit, text));
        }
        self.scope(edits, wrong).or_else(|| self.key_and_text(wrong, &texts)).or_else(|| {
            self.two_edits(right, &texts.iter().map(|(edit, _)| *edit).collect::<Vec<_>>())
        })
    }

    /// Other names for what one edit does.
    fn alternatives(&self, text: &[u8], edit: &Edit<T>, rest: &[Edit<T>]) -> Vec<Cause> {
        let mut told = vec![edit.cause.what()];
        let mut alternatives = Vec::new();
        for other in rest {
            let what = other.cause.what();
            if !told.contains(&what) && other.applied(self.base).signed() == text {
                told.push(what);
                alternatives.push(other.cause.clone());
            }
            if alternatives.len() == ALTERNATIVES_MAX {
                break;
            }
        }
        alternatives
    }

    /// The credential may say one region, and text and key another.
    fn scope(&mut self, edits: &[Edit<T>], wrong: &[TriedKey]) -> Option<Found<T>> {
        for edit in edits.iter().filter(|edit| matches!(edit.cause, Cause::Scope { .. })) {
            let edited = edit.applied(self.base);
            let text = edited.signed();
            let mut same = wrong.iter().filter(|key| key.causes.contains(&edit.cause));
            if let Some(key) = same.find(|key| self.makes(key, &text)) {
                return Some(found(key.causes.clone(), edited));
            }
        }
        None
    }

    fn key_and_text(
        &mut self,
        wrong: &[TriedKey],
        texts: &[(&Edit<T>, Vec<u8>)],
    ) -> Option<Found<T>> {
        let attempts_max = self.attempts + KEY_AND_TEXT_MAX;
        for key in wrong.iter().filter(|key| key.rank == Rank::Usual) {
            let usual = texts.iter().filter(|(edit, _)| edit.rank != Rank::Rare);
            for (edit, text) in usual {
                if self.makes(key, text) {
                    let causes = std::iter::once(&edit.cause).chain(&key.causes).cloned();
                    return Some(found(causes.collect(), edit.applied(self.base)));
                }
            }
            if self.attempts >= attempts_max {
                break;
            }
        }
        None
    }

    /// Two edits of different parts, the likeliest of each part first.
    fn two_edits(&mut self, right: &TriedKey, edits: &[&Edit<T>]) -> Option<Found<T>> {
        let parts = by_part(edits);
        let pairs = pairs(&parts);
        let longest = parts.iter().map(Vec::len).max().unwrap_or_default();
        for depth in 0..2 * longest {
            for [one, other] in &pairs {
                let both = (0..=depth).filter_map(|at| one.get(at).zip(other.get(depth - at)));
                for (one, other) in both {
                    let mut edited = one.applied(self.base);
                    (other.apply)(&mut edited);
                    if self.makes(right, &edited.signed()) {
                        return Some(found(vec![one.cause.clone(), other.cause.clone()], edited));
                    }
                }
            }
            if self.attempts >= ATTEMPTS_MAX {
                break;
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

fn found<T>(causes: Vec<Cause>, text: T) -> Found<T> {
    Found { causes, alternatives: Vec::new(), text }
}

/// The parts of which two may be wrong; where some are needed, no pair leaves one of them out.
fn pairs<'a, T>(parts: &'a [Vec<&'a Edit<T>>]) -> Vec<[&'a [&'a Edit<T>]; 2]> {
    let needed = parts.iter().filter(|part| part[0].rank == Rank::Needed).count();
    let (firsts, all) = match needed {
        0 => (parts.len(), parts),
        1 => (1, parts),
        _ => (needed, &parts[..needed]),
    };
    let of = |(index, one): (usize, &'a Vec<&'a Edit<T>>)| {
        all[index + 1..].iter().map(move |other| [one.as_slice(), other.as_slice()])
    };
    all.iter().enumerate().take(firsts).flat_map(of).collect()
}

/// The edits of each part, the needed and the usual ones first.
fn by_part<'a, T>(edits: &[&'a Edit<T>]) -> Vec<Vec<&'a Edit<T>>> {
    let mut parts: Vec<Vec<&Edit<T>>> = Vec::new();
    for rank in [Rank::Needed, Rank::Usual, Rank::Rare] {
        for edit in edits.iter().filter(|edit| edit.rank == rank) {
            match parts.iter_mut().find(|part| part[0].part == edit.part) {
                Some(part) => part.push(edit),
                None => parts.push(vec![edit]),
            }
        }
    }
    parts
}

impl<T: Signed> Edit<T> {
    fn applied(&self, base: &T) -> T {
        let mut edited = base.clone();
        (self.apply)(&mut edited);
        edited
    }
}
