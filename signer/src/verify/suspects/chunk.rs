//! Mistakes in what is signed for a chunk of a body, and for the trailer behind the last one.
//!
//! A body streams, so of its data only hashes are known: mistakes that would need the data again
//! are found at the last chunk only, which has none.

use sha2::Digest;
use sha2::Sha256;

use crate::canonical::ALGORITHM;
use crate::key::Signature;
use crate::key::lower_hex;
use crate::scope::Scope;
use crate::time::Timestamp;

use super::Claimed;
use super::EMPTY_SHA256;
use super::NO_SIGNATURE;
use super::Search;
use super::Suspect;
use super::cause::Cause;
use super::conclusion;
use super::keys;
use super::mistake::ChunkMistake;
use super::mistake::TextMistake;
use super::mistake::TrailerMistake;
use super::other_text;
use super::search;
use super::search::Edit;
use super::search::Part;
use super::search::Rank;
use super::search::Signed;
use super::search::Spelled;
use super::search::Target;

const CHECKED_OF_CHUNK: &[&str] = &[
    "the signature of the request, or of an earlier chunk, in the chain",
    "the hash of nothing, of the chunk before, and of the data with its line end",
    "the name of the algorithm, and the order of the lines",
    "other times, regions, services and days",
    "white space about the secret, and the derivation of the key",
];

const CHECKED_OF_TRAILER: &[&str] = &[
    "line ends, letters and spaces of the trailer",
    "the signature of the request, or of an earlier chunk, in the chain",
    "the name of the algorithm, and the layout of a chunk",
    "other times, regions, services and days",
    "white space about the secret, and the derivation of the key",
];

/// The names that a string to sign may begin with.
const ALGORITHMS: [&str; 3] = [ALGORITHM, "AWS4-HMAC-SHA256-PAYLOAD", "AWS4-HMAC-SHA256-TRAILER"];

/// Clients that read the clock anew for each chunk are so many seconds late.
const LATE_SECONDS_MAX: i64 = 5;

/// What chunk and trailer are chained with.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Links {
    pub(in super::super) request: Signature,
    /// The one before the previous.
    pub(in super::super) earlier: Signature,
    pub(in super::super) previous: Signature,
}

/// What is known of the data of a chunk.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Data {
    pub(in super::super) sha256: [u8; 32],
    /// With CR LF behind it.
    pub(in super::super) sha256_with_line_end: [u8; 32],
    /// That of the chunk before, if there is one.
    pub(in super::super) sha256_of_previous: Option<[u8; 32]>,
}

/// A string to sign, as a client may have put it together.
#[derive(Clone, Debug)]
struct ChunkText {
    algorithm: String,
    time: String,
    scope: String,
    previous: String,
    hashes: Vec<String>,
    end: &'static str,
}

impl ChunkText {
    fn new(
        algorithm: &str,
        at: Timestamp,
        scope: &Scope,
        links: Links,
        hashes: Vec<String>,
    ) -> Self {
        Self {
            algorithm: algorithm.to_owned(),
            time: at.basic(),
            scope: scope.to_string(),
            previous: links.previous.to_hex(),
            hashes,
            end: "",
        }
    }
}

impl Signed for ChunkText {
    fn signed(&self) -> Vec<u8> {
        let head = [&self.algorithm, &self.time, &self.scope, &self.previous];
        let lines: Vec<_> = head.into_iter().chain(&self.hashes).map(String::as_str).collect();
        (lines.join("\n") + self.end).into_bytes()
    }
}

/// Looks for what makes the signature of a chunk.
pub(in super::super) fn of_chunk(
    at: Timestamp,
    scope: &Scope,
    links: Links,
    data: &Data,
    claimed: Claimed<'_>,
    provided: &str,
) -> Search {
    let hash = lower_hex(&data.sha256);
    let hashes = vec![EMPTY_SHA256.to_owned(), hash.clone()];
    let base = ChunkText::new(ALGORITHMS[1], at, scope, links, hashes);
    let other = |mistake, hash: String| of_hashes(mistake, vec![EMPTY_SHA256.to_owned(), hash]);
    let mut edits = vec![
        other(ChunkMistake::DataWithLineEnd, lower_hex(&data.sha256_with_line_end)),
        other(ChunkMistake::HashOfNothing, EMPTY_SHA256.to_owned()),
        of_hashes(ChunkMistake::NoHashOfNothing, vec![hash.clone()]),
        of_hashes(ChunkMistake::HashesExchanged, vec![hash.clone(), EMPTY_SHA256.to_owned()]),
        other(ChunkMistake::HashInCapitals, hash.to_uppercase()),
    ];
    let previous = data.sha256_of_previous.iter();
    edits.extend(previous.map(|hash| other(ChunkMistake::HashOfPrevious, lower_hex(hash))));
    let names = ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"];
    edits.extend(names.map(|name| other(ChunkMistake::NotHashed, name.to_owned())));
    if hash == EMPTY_SHA256 {
        let signed = format!("0;chunk-signature={provided}\r\n");
        for framing in ["0", "0\r\n", "0\r\n\r\n", "\r\n", "\n", &signed, &format!("{signed}\r\n")]
        {
            edits.push(other(ChunkMistake::Framed, sha256(framing)));
        }
    }
    find(&base, edits, (at, scope), links, claimed, provided, CHECKED_OF_CHUNK)
}

/// Looks for what makes the signature of a trailer. `sent` has its lines as they were sent, without
/// their ends.
pub(in super::super) fn of_trailer(
    at: Timestamp,
    scope: &Scope,
    links: Links,
    (lines, sent): (&str, &[String]),
    claimed: Claimed<'_>,
    provided: &str,
) -> Search {
    let hash = sha256(lines);
    let base = ChunkText::new(ALGORITHMS[2], at, scope, links, vec![hash.clone()]);
    let bare = lines.trim_end_matches('\n');
    let each = |change: &dyn Fn(&str) -> String| bare.split('\n').map(change).collect::<String>();
    let mut sorted: Vec<_> = bare.split('\n').collect();
    sorted.sort_unstable();
    let value_of = |line: &str| line.split_once(':').map_or("", |(_, value)| value).to_owned();
    let mut edits = Vec::new();
    for (mistake, text) in [
        (TrailerMistake::NoLineEnd, bare.to_owned()),
        (TrailerMistake::CarriageReturns, lines.replace('\n', "\r\n")),
        (TrailerMistake::CarriageReturns, bare.replace('\n', "\r\n")),
        (TrailerMistake::LineEndAdded, format!("{lines}\n")),
        (TrailerMistake::LineEndAdded, format!("{lines}\r\n").replace('\n', "\r\n")),
        (TrailerMistake::SpaceAfterColon, each(&|line| line.replacen(':', ": ", 1) + "\n")),
        (TrailerMistake::AsSent, sent.join("\n") + "\n"),
        (TrailerMistake::AsSent, sent.join("\n")),
        (TrailerMistake::AsSent, sent.join("\r\n") + "\r\n"),
        (TrailerMistake::Unsorted, sorted.join("\n") + "\n"),
        (TrailerMistake::ValueOnly, each(&value_of)),
        (TrailerMistake::ValueOnly, each(&|line| value_of(line) + "\n")),
        (TrailerMistake::WithSignatureName, format!("{lines}x-amz-trailer-signature:")),
        (TrailerMistake::WithSignatureName, format!("{lines}x-amz-trailer-signature:\n")),
        (TrailerMistake::LeftOut, String::new()),
    ] {
        edits.push(of_trailer_text(mistake, vec![sha256(&text)]));
    }
    edits.push(of_trailer_text(TrailerMistake::NotHashed, vec![bare.to_owned()]));
    edits.push(of_trailer_text(TrailerMistake::AsChunk, vec![EMPTY_SHA256.to_owned(), hash]));
    find(&base, edits, (at, scope), links, claimed, provided, CHECKED_OF_TRAILER)
}

fn find(
    base: &ChunkText,
    mut edits: Vec<Edit<ChunkText>>,
    (at, scope): (Timestamp, &Scope),
    links: Links,
    claimed: Claimed<'_>,
    provided: &str,
    checked: &'static [&'static str],
) -> Search {
    let Some(target) = Target::read(provided, Spelled::Hex) else {
        return NO_SIGNATURE;
    };
    edits.extend(previous(links));
    edits.extend(ALGORITHMS.map(|name| {
        let cause = Cause::Chunk(ChunkMistake::Algorithm(name));
        edit(cause, Part::Algorithm, move |text| name.clone_into(&mut text.algorithm))
    }));
    edits.extend(times(at));
    for (cause, scope) in keys::other_scopes(scope, &claimed, Some(at)) {
        let scope = scope.to_string();
        edits.push(edit(cause, Part::Text, move |text| text.scope.clone_from(&scope)));
    }
    let credential = format!("{}/{scope}", claimed.access_key_id);
    edits.push(edit(Cause::Text(TextMistake::CredentialForScope), Part::Text, move |text| {
        text.scope.clone_from(&credential);
    }));
    edits.push(edit(Cause::Text(TextMistake::LineEndAtEnd), Part::Text, |text| text.end = "\n"));
    let tried = search::search(base, &edits, &keys::of_v4(&claimed, scope, Some(at)), &target);
    let search = conclusion(tried, checked, |text| (None, other_text(text, base)));
    let Some(repeated) = repeated(links, provided) else { return search };
    match search {
        // Chunks of the same data have the same signature if they are not chained.
        Search::Found(mut suspect) if suspect.causes.len() == 1 => {
            suspect.alternatives.push(repeated);
            Search::Found(suspect)
        }
        Search::Found(_) | Search::Fruitless { .. } | Search::Skipped => Search::Found(Suspect {
            causes: vec![repeated],
            alternatives: Vec::new(),
            canonical_request: None,
            string_to_sign: None,
        }),
    }
}

/// A signature that came before.
fn repeated(links: Links, provided: &str) -> Option<Cause> {
    let provided = Signature::parse_hex(provided)?;
    if provided == links.request {
        Some(Cause::Chunk(ChunkMistake::SignatureOfRequest))
    } else if provided == links.previous || provided == links.earlier {
        Some(Cause::Chunk(ChunkMistake::SignatureOfPrevious))
    } else {
        None
    }
}

fn previous(links: Links) -> impl Iterator<Item = Edit<ChunkText>> {
    let others = [
        (ChunkMistake::ChainedToRequest, links.request.to_hex()),
        (ChunkMistake::ChainedToEarlier, links.earlier.to_hex()),
        (ChunkMistake::NotChained, String::new()),
        (ChunkMistake::NotChained, EMPTY_SHA256.to_owned()),
        (ChunkMistake::NotChained, "0".repeat(64)),
    ];
    others.into_iter().map(|(mistake, previous)| {
        edit(Cause::Chunk(mistake), Part::Previous, move |text| text.previous.clone_from(&previous))
    })
}

/// The clock read anew, and other forms of the time.
fn times(at: Timestamp) -> Vec<Edit<ChunkText>> {
    let line = |signed: String| Cause::Line { name: "time", signed, sent: at.basic() };
    let late = (1..=LATE_SECONDS_MAX).map(|seconds| at.plus_seconds(seconds).basic());
    let late = late.map(|time| (line(time.clone()), time));
    let forms = [at.iso(), at.iso_millis(), at.http(), at.unix().to_string()];
    let forms = forms.map(|time| (Cause::Text(TextMistake::TimeForm), time));
    let day = (Cause::Text(TextMistake::DayForTime), at.date());
    let all = late.chain(forms).chain([day]);
    all.map(|(cause, time)| edit(cause, Part::Text, move |text| text.time.clone_from(&time)))
        .collect()
}

fn of_hashes(mistake: ChunkMistake, hashes: Vec<String>) -> Edit<ChunkText> {
    edit(Cause::Chunk(mistake), Part::Payload, move |text| text.hashes.clone_from(&hashes))
}

fn of_trailer_text(mistake: TrailerMistake, hashes: Vec<String>) -> Edit<ChunkText> {
    edit(Cause::Trailer(mistake), Part::Payload, move |text| text.hashes.clone_from(&hashes))
}

fn edit(cause: Cause, part: Part, apply: impl Fn(&mut ChunkText) + 'static) -> Edit<ChunkText> {
    Edit { cause, part, rank: Rank::Usual, apply: Box::new(apply) }
}

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text))
}
