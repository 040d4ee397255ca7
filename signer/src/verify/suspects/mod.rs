//! Suspects: which usual mistake makes the client's signature come out.
//!
//! Only looked for when a signature is wrong. Whatever is named is certain, since it reproduces
//! the client's signature; if nothing does, that is said. The number of tries is bounded.

mod address;
mod cause;
mod chunk;
mod diff;
mod headers;
mod keys;
mod mistake;
mod policy;
mod query;
mod request;
mod search;
mod version2;
mod words;

use std::borrow::Cow;

use crate::canonical_v2::Carrier;
use crate::canonical_v2::StringToSign;
use crate::credentials::first_letters;
use crate::encode;
use crate::encode::Plus;
use crate::key::Signature;
use crate::key::SignatureV2;
use crate::message::Message;
use crate::scope::Scope;

use super::claim::Claim;
use super::keys::Key;
use super::keys::Keys;
use super::rules::Rules;
use super::verdict::AuthType;
use super::verdict::SignedText;

use self::policy::PolicyText;
use self::request::RequestText;
use self::search::Signed;
use self::search::Spelled;
use self::search::Target;
use self::search::Tried;

pub use self::cause::Cause;
pub(super) use self::chunk::Data;
pub(super) use self::chunk::Links;
pub(super) use self::chunk::of_chunk;
pub(super) use self::chunk::of_trailer;
pub use self::diff::Compared;
pub use self::diff::Diff;
pub use self::diff::DiffLine;
pub use self::diff::Side;
pub use self::mistake::ChunkMistake;
pub use self::mistake::DerivationMistake;
pub use self::mistake::LayoutMistake;
pub use self::mistake::PathMistake;
pub use self::mistake::PolicyMistake;
pub use self::mistake::QueryMistake;
pub use self::mistake::ScopePart;
pub use self::mistake::SecretMistake;
pub use self::mistake::SpellingMistake;
pub use self::mistake::TextMistake;
pub use self::mistake::TrailerMistake;

/// What came of looking for the usual mistakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// Nobody looked, where signatures are not checked.
    Skipped,
    /// None of the usual mistakes makes the client's signature.
    Fruitless {
        /// How many signatures were computed; 0 if the client's is no signature at all.
        attempts: usize,
        /// What was tried, for a person.
        checked: &'static [&'static str],
        /// What may nevertheless be the cause, which nothing proves.
        clues: Vec<Clue>,
    },
    /// These do.
    Found(Suspect),
}

/// What may be the cause of a signature that no usual mistake makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clue {
    /// A header is in the list of signed ones, and did not come.
    HeaderAbsent {
        /// In lower case.
        name: String,
    },
    /// By its form it is a signature of the other version.
    OtherVersion {
        /// Which one, 2 or 4.
        signed: u8,
    },
    /// The verifier has `UNSIGNED-PAYLOAD`, and the client may have signed the hash of a body.
    PayloadUnsigned,
    /// Nothing came for a line of Version 2 for which the client may have signed something.
    LineEmpty {
        /// The header, in lower case.
        name: &'static str,
    },
    /// A header is signed that libraries and proxies change.
    HeaderOftenChanged {
        /// In lower case.
        name: String,
    },
}

/// What the client did: it makes exactly the signature that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// The mistakes, nearly always one; all of them were made.
    pub causes: Vec<Cause>,
    /// Other mistakes that make the very same text, so that nobody can tell which one it was.
    pub alternatives: Vec<Cause>,
    /// The canonical request that the client signed, if it differs from the verifier's.
    pub canonical_request: Option<SignedText>,
    /// The text that the client signed, if it differs from the verifier's.
    pub string_to_sign: Option<SignedText>,
}

/// What came is no signature at all.
const NO_SIGNATURE: Search = Search::Fruitless { attempts: 0, checked: &[], clues: Vec::new() };

/// The SHA-256 of nothing.
const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// What carries a session token, which is not for everyone who reads an explanation.
const TOKEN: &str = "x-amz-security-token";

/// A header's value as it may be shown.
fn shown_value(name: &str, value: &str) -> String {
    if name.eq_ignore_ascii_case(TOKEN) { first_letters(value) } else { value.to_owned() }
}

/// The key that is claimed, and what the verifier knows besides.
#[derive(Clone, Copy)]
pub(super) struct Claimed<'a> {
    pub(super) access_key_id: &'a str,
    pub(super) key: &'a Key,
    pub(super) keys: &'a dyn Keys,
    pub(super) rules: &'a Rules<'a>,
}

const CHECKED_OF_REQUEST: &[&str] = &[
    "other hosts and ports",
    "other methods",
    "the encoding of the path, and the bucket in it",
    "parameters that were added, and the encoding and order of the query",
    "headers that were added, dropped or changed",
    "the last line",
    "the secrets of other users, and white space about the secret",
    "other regions, services and days",
    "the derivation of the key",
    "the form of the string to sign and of the signature",
    "Version 2",
];

const CHECKED_OF_FORM: &[&str] = &[
    "other encodings of the policy, and line ends in it",
    "the secrets of other users, and white space about the secret",
    "other regions, services and days",
    "the derivation of the key",
    "the other version of signatures",
];

const CHECKED_OF_V2: &[&str] = &[
    "other methods",
    "the encoding of the path, and the bucket in it",
    "subresources and x-amz- headers that were added",
    "Content-Type, Content-MD5 and the date",
    "the secrets of other users, and white space about the secret",
    "SHA-256 in place of SHA-1",
];

/// Looks for what makes the signature of a request of Version 4.
pub(super) fn of_request(
    message: &Message<'_>,
    claim: &Claim<'_>,
    canonical: &[u8],
    claimed: Claimed<'_>,
) -> Search {
    let Some(target) = Target::read(&claim.signature, Spelled::Hex) else {
        return NO_SIGNATURE;
    };
    let (at, scope, rules) = (claim.moment.at(), claim.scope(), claimed.rules);
    let base = RequestText::new(canonical, at, scope, claimed.access_key_id);
    let bucket = rules.host_bucket.or_else(|| {
        let first = message.path.strip_prefix('/')?.split('/').next()?;
        Some(first).filter(|first| !first.is_empty())
    });
    let list = signed_headers(message, claim.auth_type);
    let mut edits = address::hosts(&base, message, bucket, rules.region, rules.other_hosts);
    edits.extend(address::styles(
        &base,
        message,
        rules.host_bucket,
        rules.region,
        rules.other_hosts,
    ));
    edits.extend(address::methods(&base));
    edits.extend(address::paths(&base, message, rules.host_bucket));
    edits.extend(headers::payloads(&base));
    edits.extend(query::edits(&base, message));
    edits.extend(headers::edits(&base, message));
    let scopes = keys::other_scopes(scope, &claimed, Some(at));
    edits.extend(headers::texts(list.as_deref(), at, scopes));
    let keys = keys::of_v4(&claimed, scope, Some(at));
    let tried = search::search(&base, &edits, &keys, &target);
    if tried.found.is_none() && is_v2(message, claim, &claimed) {
        return Search::Found(Suspect {
            causes: vec![Cause::Version { signed: 2 }],
            alternatives: Vec::new(),
            canonical_request: None,
            string_to_sign: None,
        });
    }
    let search = conclusion(tried, CHECKED_OF_REQUEST, |text| {
        let signed = text.canonical();
        let canonical = (signed != canonical).then(|| SignedText::new(&signed));
        (canonical, other_text(text, &base))
    });
    match search {
        Search::Fruitless { attempts, checked, .. } => {
            let mut clues = headers::clues(&base, message);
            clues.extend(other_version(&claim.signature, 2));
            Search::Fruitless { attempts, checked, clues }
        }
        Search::Found(_) | Search::Skipped => search,
    }
}

/// Looks for what makes the signature of a form; `scope` and `date` are those of Version 4.
pub(super) fn of_form(
    policy: &str,
    scope: Option<&Scope>,
    date: Option<&str>,
    claimed: Claimed<'_>,
    provided: &str,
) -> Search {
    let spelled = if scope.is_some() { Spelled::Hex } else { Spelled::Base64 };
    let Some(target) = Target::read(provided, spelled) else {
        return NO_SIGNATURE;
    };
    let keys = match scope {
        Some(scope) => keys::of_v4(&claimed, scope, None),
        None => keys::of_v2(&claimed),
    };
    let base = PolicyText(policy.as_bytes().to_vec());
    let tried = search::search(&base, &policy::edits(policy, scope, date), &keys, &target);
    conclusion(tried, CHECKED_OF_FORM, |text| (None, other_text(text, &base)))
}

/// Looks for what makes the signature of a request of Version 2.
pub(super) fn of_v2(
    message: &Message<'_>,
    lines: &StringToSign,
    claimed: Claimed<'_>,
    provided: &str,
) -> Search {
    let Some(target) = Target::read(provided, Spelled::Base64) else {
        return NO_SIGNATURE;
    };
    let edits = version2::edits(lines, message, claimed.rules.host_bucket);
    let tried = search::search(lines, &edits, &keys::of_v2(&claimed), &target);
    let search = conclusion(tried, CHECKED_OF_V2, |text| (None, other_text(text, lines)));
    match search {
        Search::Fruitless { attempts, checked, .. } => {
            let mut clues = version2::clues(lines);
            clues.extend(other_version(provided, 4));
            Search::Fruitless { attempts, checked, clues }
        }
        Search::Found(_) | Search::Skipped => search,
    }
}

/// Makes a finding of what was tried; `texts` says what the client signed, where it is not what
/// the verifier did: the canonical request and the string to sign.
fn conclusion<T>(
    tried: Tried<T>,
    checked: &'static [&'static str],
    texts: impl FnOnce(&T) -> (Option<SignedText>, Option<SignedText>),
) -> Search {
    let Some(found) = tried.found else {
        return Search::Fruitless { attempts: tried.attempts, checked, clues: Vec::new() };
    };
    let (canonical_request, string_to_sign) = texts(&found.text);
    let search::Found { causes, alternatives, .. } = found;
    Search::Found(Suspect { causes, alternatives, canonical_request, string_to_sign })
}

fn other_text<T: Signed>(client: &T, verifier: &T) -> Option<SignedText> {
    let (client, verifier) = (client.signed(), verifier.signed());
    (client != verifier).then(|| SignedText::new(&client))
}

/// Whether a signature has the form of that version, which the request has not.
fn other_version(provided: &str, signed: u8) -> Option<Clue> {
    let is_of_other = match signed {
        2 => SignatureV2::parse(provided).is_some(),
        _ => Signature::parse_hex(provided).is_some(),
    };
    is_of_other.then_some(Clue::OtherVersion { signed })
}

/// The list as it was sent, which the canonical request has sorted.
fn signed_headers(message: &Message<'_>, place: AuthType) -> Option<String> {
    match place {
        AuthType::Header => {
            let text = std::str::from_utf8(message.header("authorization")?).ok()?;
            let (_, rest) = text.split_once("SignedHeaders=")?;
            rest.split(',').next().map(|list| list.trim().to_owned())
        }
        AuthType::Query => {
            let mut pairs = message.query.split('&');
            let list = pairs.find_map(|pair| pair.strip_prefix("X-Amz-SignedHeaders="))?;
            Some(String::from_utf8_lossy(&encode::decode(list, Plus::Space)).into_owned())
        }
        AuthType::Form => None,
    }
}

/// Whether a signature of Version 2 was put where one of Version 4 belongs.
fn is_v2(message: &Message<'_>, claim: &Claim<'_>, claimed: &Claimed<'_>) -> bool {
    let Some(provided) = SignatureV2::parse(&claim.signature) else { return false };
    let carriers = [Carrier::Header, Carrier::Query { expires: Cow::Borrowed("") }];
    carriers.iter().any(|carrier| {
        let lines = StringToSign::new(message, claimed.rules.host_bucket, carrier);
        SignatureV2::sign(&claimed.key.secret, &lines.to_bytes()) == provided
    })
}
