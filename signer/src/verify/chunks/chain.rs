//! `Chain`: each chunk's signature is made with the one before it.

use std::sync::Arc;

use sha2::Digest;
use sha2::Sha256;

use crate::canonical;
use crate::key::Signature;
use crate::key::SigningKey;
use crate::scope::Scope;
use crate::time::Timestamp;

use super::super::keys::Key;
use super::super::keys::Keys;
use super::super::rules::Rules;
use super::super::suspects;
use super::super::suspects::Claimed;
use super::super::suspects::Links;
use super::super::suspects::Search;
use super::super::verdict::Difference;
use super::super::verdict::Refusal;
use super::super::verdict::Signed;
use super::super::verdict::SignedText;

/// The start of a chain of chunk signatures. Only verification makes one.
///
/// If signatures are not checked at all, those of chunks are not either.
#[derive(Clone, Debug)]
pub struct ChunkSeed(Option<Arc<Seed>>);

#[derive(Debug)]
struct Seed {
    access_key_id: String,
    /// Asked only when a signature is wrong.
    key: Arc<Key>,
    signing_key: SigningKey,
    /// That of the request.
    signature: Signature,
    at: Timestamp,
    scope: Scope,
    /// The request's, which S3 sends along when a chunk is refused.
    canonical_request: SignedText,
}

/// Who signs the chunks.
pub(in super::super) struct Signer<'a> {
    pub(in super::super) access_key_id: &'a str,
    pub(in super::super) key: &'a Arc<Key>,
    pub(in super::super) signing_key: SigningKey,
}

impl ChunkSeed {
    pub(in super::super) fn new(
        signer: Signer<'_>,
        signature: Signature,
        at: Timestamp,
        scope: &Scope,
        canonical_request: &[u8],
    ) -> Self {
        Self(Some(Arc::new(Seed {
            access_key_id: signer.access_key_id.to_owned(),
            key: Arc::clone(signer.key),
            signing_key: signer.signing_key,
            signature,
            at,
            scope: scope.clone(),
            canonical_request: SignedText::new(canonical_request),
        })))
    }

    /// The seed of one who is believed without proof.
    pub(in super::super) fn unchecked() -> Self {
        Self(None)
    }
}

/// Where the check of a body stands.
#[derive(Debug)]
pub(super) struct Chain {
    seed: Arc<Seed>,
    links: Links,
    /// What came with the chunk that is read.
    provided: String,
    hash: Sha256,
    sha256_of_previous: Option<[u8; 32]>,
}

impl Chain {
    /// `None` if nothing is to be checked.
    pub(super) fn new(seed: ChunkSeed) -> Option<Self> {
        let seed = seed.0?;
        let request = seed.signature;
        let links = Links { request, earlier: request, previous: request };
        Some(Self {
            seed,
            links,
            provided: String::new(),
            hash: Sha256::new(),
            sha256_of_previous: None,
        })
    }

    /// A chunk starts, which has this signature.
    pub(super) fn start(&mut self, signature: &str) {
        self.provided.clear();
        self.provided.push_str(signature);
    }

    /// Bytes of the chunk.
    pub(super) fn update(&mut self, run: &[u8]) {
        self.hash.update(run);
    }

    /// The chunk has ended.
    pub(super) fn check_chunk(&mut self, number: u64) -> Result<(), Box<Refusal>> {
        let sha256: [u8; 32] = self.hash.clone().finalize().into();
        let Seed { at, scope, signing_key, .. } = &*self.seed;
        let text = canonical::chunk_string_to_sign(*at, scope, self.links.previous, &sha256);
        let computed = signing_key.sign(text.as_bytes());
        if Signature::parse_hex(&self.provided) != Some(computed) {
            let search = self.search_chunk(sha256);
            return Err(self.differs(Signed::Chunk(number), &text, &self.provided, search).into());
        }
        self.hash.reset();
        self.sha256_of_previous = Some(sha256);
        self.links = Links { earlier: self.links.previous, previous: computed, ..self.links };
        Ok(())
    }

    /// Judges the signature of a trailer. `text` is its `name:value` lines, each with LF; `sent` are
    /// the lines as they were sent.
    pub(super) fn check_trailer(
        &self,
        text: &str,
        sent: &[String],
        provided: &str,
    ) -> Result<(), Box<Refusal>> {
        let Seed { at, scope, signing_key, .. } = &*self.seed;
        let lines = text;
        let text = canonical::trailer_string_to_sign(*at, scope, self.links.previous, lines);
        if Signature::parse_hex(provided) == Some(signing_key.sign(text.as_bytes())) {
            return Ok(());
        }
        let search = self.claimed(|claimed| {
            suspects::of_trailer(*at, scope, self.links, (lines, sent), claimed, provided)
        });
        Err(self.differs(Signed::Trailer, &text, provided, search).into())
    }

    fn search_chunk(&self, sha256: [u8; 32]) -> Search {
        let data = suspects::Data {
            sha256,
            sha256_with_line_end: self.hash.clone().chain_update(b"\r\n").finalize().into(),
            sha256_of_previous: self.sha256_of_previous,
        };
        let Seed { at, scope, .. } = &*self.seed;
        self.claimed(|claimed| {
            suspects::of_chunk(*at, scope, self.links, &data, claimed, &self.provided)
        })
    }

    /// What is known of the signer, long after the request was judged.
    fn claimed(&self, search: impl FnOnce(Claimed<'_>) -> Search) -> Search {
        let Seed { access_key_id, key, at, scope, .. } = &*self.seed;
        let rules = Rules::new(&scope.region, *at);
        search(Claimed { access_key_id, key, keys: &NoOthers, rules: &rules })
    }

    fn differs(
        &self,
        signed: Signed,
        string_to_sign: &str,
        provided: &str,
        search: Search,
    ) -> Refusal {
        Refusal::SignatureDiffers(Box::new(Difference {
            access_key_id: self.seed.access_key_id.clone(),
            signed,
            string_to_sign: SignedText::new(string_to_sign.as_bytes()),
            provided: provided.to_owned(),
            canonical_request: Some(self.seed.canonical_request.clone()),
            search,
        }))
    }
}

/// The keys of others: whoever signed the request right has taken no other's for its chunks.
struct NoOthers;

impl Keys for NoOthers {
    fn find(&self, _: &str) -> Option<Arc<Key>> {
        None
    }
}
