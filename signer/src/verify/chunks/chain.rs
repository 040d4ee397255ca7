//! `Chain`: each chunk's signature is made with the one before it.

use std::sync::Arc;

use sha2::Digest;
use sha2::Sha256;

use crate::canonical;
use crate::key::Signature;
use crate::key::SigningKey;
use crate::scope::Scope;
use crate::time::Timestamp;

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
    key: SigningKey,
    /// That of the request.
    signature: Signature,
    at: Timestamp,
    scope: Scope,
    /// The request's, which S3 sends along when a chunk is refused.
    canonical_request: SignedText,
}

impl ChunkSeed {
    pub(in super::super) fn new(
        access_key_id: &str,
        key: SigningKey,
        signature: Signature,
        at: Timestamp,
        scope: &Scope,
        canonical_request: &[u8],
    ) -> Self {
        Self(Some(Arc::new(Seed {
            access_key_id: access_key_id.to_owned(),
            key,
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
    previous: Signature,
    /// What came with the chunk that is read.
    provided: String,
    hash: Sha256,
}

impl Chain {
    /// `None` if nothing is to be checked.
    pub(super) fn new(seed: ChunkSeed) -> Option<Self> {
        let seed = seed.0?;
        let previous = seed.signature;
        Some(Self { seed, previous, provided: String::new(), hash: Sha256::new() })
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
        let hash: [u8; 32] = self.hash.finalize_reset().into();
        let Seed { at, scope, key, .. } = &*self.seed;
        let text = canonical::chunk_string_to_sign(*at, scope, self.previous, &hash);
        let computed = key.sign(text.as_bytes());
        if Signature::parse_hex(&self.provided) != Some(computed) {
            return Err(self.differs(Signed::Chunk(number), &text, &self.provided).into());
        }
        self.previous = computed;
        Ok(())
    }

    /// Judges the signature of a trailer. `text` is its `name:value` lines, each with LF.
    pub(super) fn check_trailer(&self, text: &str, provided: &str) -> Result<(), Box<Refusal>> {
        let Seed { at, scope, key, .. } = &*self.seed;
        let text = canonical::trailer_string_to_sign(*at, scope, self.previous, text);
        if Signature::parse_hex(provided) == Some(key.sign(text.as_bytes())) {
            return Ok(());
        }
        Err(self.differs(Signed::Trailer, &text, provided).into())
    }

    fn differs(&self, signed: Signed, string_to_sign: &str, provided: &str) -> Refusal {
        Refusal::SignatureDiffers(Box::new(Difference {
            access_key_id: self.seed.access_key_id.clone(),
            signed,
            string_to_sign: SignedText::new(string_to_sign.as_bytes()),
            provided: provided.to_owned(),
            canonical_request: Some(self.seed.canonical_request.clone()),
            search: Search::Skipped,
        }))
    }
}
