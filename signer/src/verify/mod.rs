//! Verifying: the questions that S3 asks of a request's signature, in S3's order.
//!
//! # The order
//!
//! Where several faults meet, the first question decides the answer:
//!
//! 1. Which mechanism? Two at once are refused unread (pinned by argmin's tests against AWS).
//! 2. The scheme, the components, the form of the credential, date and lifetime.
//! 3. The time: skew, "not yet valid", "has expired". It is asked before whether the day of the
//!    scope agrees (pinned by argmin's tests against AWS).
//! 4. The day and the region of the scope.
//! 5. `x-amz-content-sha256`. That it stands here is a guess.
//! 6. The key, and the session: a token that is missing, another's, or over. Ahead of the
//!    signature (pinned by argmin's tests against AWS, for the expired one).
//! 7. Headers that should have been signed; ahead of the signature (recorded by LocalStack:
//!    `test_put_url_metadata_with_sig_s3v4`).
//! 8. The signature.
//! 9. A token that a key without a session should not have; behind the signature (pinned by
//!    argmin's tests against AWS, for forms).
//!
//! Of a form: its fields and their form, region, key and session, the signature over the policy
//! as it was received, a token too many, and only then the policy itself: whether it can be read,
//! its end, its conditions in their order, fields that none of them is about, and, after the file,
//! the size (the order up to the parsing is recorded by LocalStack, that behind it is
//! versitygw's).
//!
//! What depends on more than the message is asked by whoever calls: whether the body has the
//! promised hash, and whether the operation takes a body in chunks.

mod chunks;
mod claim;
mod form;
mod keys;
mod near;
mod post_policy;
mod rules;
mod suspects;
mod v2;
mod verdict;

use std::sync::Arc;

use subtle::ConstantTimeEq;

use crate::canonical;
use crate::canonical::CanonicalRequest;
use crate::key::Signature;
use crate::message::Message;
use crate::payload::Payload;

use self::claim::AnyClaim;
use self::claim::Claim;
use self::rules::Judged;
use self::rules::Waived;

pub use self::chunks::ChunkReader;
pub use self::chunks::ChunkSeed;
pub use self::form::form;
pub use self::keys::Key;
pub use self::keys::Keys;
pub use self::keys::Session;
pub use self::post_policy::ConditionTest;
pub use self::post_policy::PolicyReading;
pub use self::post_policy::SizeLimits;
pub use self::rules::Relaxation;
pub use self::rules::Rules;
pub use self::suspects::Cause;
pub use self::suspects::ChunkMistake;
pub use self::suspects::Clue;
pub use self::suspects::Compared;
pub use self::suspects::DerivationMistake;
pub use self::suspects::Diff;
pub use self::suspects::DiffLine;
pub use self::suspects::LayoutMistake;
pub use self::suspects::PathMistake;
pub use self::suspects::PolicyMistake;
pub use self::suspects::QueryMistake;
pub use self::suspects::ScopePart;
pub use self::suspects::Search;
pub use self::suspects::SecretMistake;
pub use self::suspects::Side;
pub use self::suspects::SpellingMistake;
pub use self::suspects::Suspect;
pub use self::suspects::TextMistake;
pub use self::suspects::TrailerMistake;
pub use self::verdict::AuthType;
pub use self::verdict::AuthorizationFlaw;
pub use self::verdict::AuthorizationPart;
pub use self::verdict::Certainty;
pub use self::verdict::ConditionOutcome;
pub use self::verdict::CredentialFlaw;
pub use self::verdict::Difference;
pub use self::verdict::Explanation;
pub use self::verdict::FormVerdict;
pub use self::verdict::FramingFlaw;
pub use self::verdict::JudgedCondition;
pub use self::verdict::KeyFlaw;
pub use self::verdict::KeyHolder;
pub use self::verdict::LifetimeFlaw;
pub use self::verdict::Operator;
pub use self::verdict::PolicyFlaw;
pub use self::verdict::PolicyReport;
pub use self::verdict::Refusal;
pub use self::verdict::SessionToken;
pub use self::verdict::Signed;
pub use self::verdict::SignedText;
pub use self::verdict::TokenFlaw;
pub use self::verdict::TrailerFlaw;
pub use self::verdict::Verdict;

/// Judges a request that is no form: header, query (presigned), or none.
pub fn request(message: &Message<'_>, keys: &dyn Keys, rules: &Rules<'_>) -> Verdict {
    let proved = match claim::of_request(message, rules.service) {
        Ok(Some(AnyClaim::V4(claim))) => prove(message, &claim, keys, rules),
        Ok(Some(AnyClaim::V2(found))) => v2::prove(message, found, keys, rules),
        Ok(None) => return Verdict::Anonymous,
        Err(refusal) => Err(refusal),
    };
    match proved {
        Ok(holder) => Verdict::Accepted(holder),
        Err(refusal) => Verdict::Refused(refusal),
    }
}

/// Asks the questions 3 to 9.
fn prove(
    message: &Message<'_>,
    claim: &Claim<'_>,
    keys: &dyn Keys,
    rules: &Rules<'_>,
) -> Result<KeyHolder, Box<Refusal>> {
    let mut waived = Waived::new(rules);
    rules.judge_time(claim, &mut waived)?;
    judge_scope_date(claim)?;
    rules.judge_region(claim.scope(), &mut waived, |flaw| credential_refusal(claim, flaw))?;
    let (payload_line, payload) = claim.payload(message)?;
    let access_key_id = &claim.credential.access_key_id;
    let key = find_key(access_key_id, keys, &mut waived)?;
    if let Some(key) = &key {
        judge_session(access_key_id, key, claim.token.as_deref(), rules, &mut waived)?;
    }
    rules::judge_signed_headers(message, claim, &mut waived)?;
    let chunk_seed = match &key {
        Some(key) => {
            let canonical = CanonicalRequest::new(message, &claim.signed_headers, &payload_line);
            let judge = Judge { message, claim, key, keys, rules };
            let seed = judge.signature(&canonical, payload, &mut waived)?;
            judge_surplus_token(key, claim.token.as_deref(), &mut waived)?;
            seed
        }
        None => payload.has_signed_chunks().then(ChunkSeed::unchecked),
    };
    Ok(KeyHolder {
        access_key_id: access_key_id.clone(),
        auth_type: claim.auth_type,
        payload,
        chunk_seed,
        waived: waived.into_refusals(),
    })
}

fn credential_refusal(claim: &Claim<'_>, flaw: CredentialFlaw) -> Refusal {
    let credential = claim.credential.text.clone().into_owned();
    Refusal::Credential { place: claim.auth_type, credential, flaw }
}

fn judge_scope_date(claim: &Claim<'_>) -> Judged {
    let expected = claim.moment.at().date();
    let found = &claim.scope().date;
    if *found == expected {
        return Ok(());
    }
    let flaw = CredentialFlaw::OtherDate { found: found.clone(), expected };
    Err(Box::new(credential_refusal(claim, flaw)))
}

/// `None` is a key that is not known and yet believed.
fn find_key(
    access_key_id: &str,
    keys: &dyn Keys,
    waived: &mut Waived<'_>,
) -> Result<Option<Arc<Key>>, Box<Refusal>> {
    let key = keys.find(access_key_id);
    if key.is_none() {
        let flaw = near::key_flaw(access_key_id, keys);
        let unknown = Refusal::UnknownKey { access_key_id: access_key_id.to_owned(), flaw };
        waived.refuse(Relaxation::Signature, unknown)?;
    }
    Ok(key)
}

/// Judges the token of a temporary key.
fn judge_session(
    access_key_id: &str,
    key: &Key,
    token: Option<&[u8]>,
    rules: &Rules<'_>,
    waived: &mut Waived<'_>,
) -> Judged {
    let Some(session) = &key.session else { return Ok(()) };
    let Some(token) = token else {
        let missing = Refusal::TokenMissing { access_key_id: access_key_id.to_owned() };
        return waived.refuse(Relaxation::Signature, missing);
    };
    if !bool::from(token.ct_eq(session.token.as_bytes())) {
        let flaw = near::token_flaw(token, &session.token);
        let other = Refusal::Token { token: SessionToken::new(token), flaw };
        waived.refuse(Relaxation::Signature, other)?;
    }
    match session.expires {
        Some(expired) if rules.now >= expired => {
            let token = SessionToken::new(token);
            let over = Refusal::TokenExpired { token, expired, now: rules.now };
            waived.refuse(Relaxation::Expiry, over)
        }
        Some(_) | None => Ok(()),
    }
}

/// Judges the token of a key that needs none.
fn judge_surplus_token(key: &Key, token: Option<&[u8]>, waived: &mut Waived<'_>) -> Judged {
    match (token, &key.session) {
        (Some(token), None) => {
            let token = SessionToken::new(token);
            let surplus = Refusal::Token { token, flaw: TokenFlaw::StaticKey };
            waived.refuse(Relaxation::Signature, surplus)
        }
        (Some(_), Some(_)) | (None, _) => Ok(()),
    }
}

/// What the comparison of signatures needs to know.
struct Judge<'a> {
    message: &'a Message<'a>,
    claim: &'a Claim<'a>,
    key: &'a Arc<Key>,
    keys: &'a dyn Keys,
    rules: &'a Rules<'a>,
}

impl Judge<'_> {
    /// Compares the signatures, and keeps what the first chunk is chained with if chunks follow.
    fn signature(
        &self,
        canonical: &CanonicalRequest,
        payload: Payload,
        waived: &mut Waived<'_>,
    ) -> Result<Option<ChunkSeed>, Box<Refusal>> {
        let Self { claim, key, keys, .. } = self;
        let access_key_id = &claim.credential.access_key_id;
        let (at, scope) = (claim.moment.at(), claim.scope());
        let string_to_sign = canonical::string_to_sign(at, scope, canonical);
        let signing_key = keys.signing_key(access_key_id, key, scope);
        let computed = signing_key.sign(string_to_sign.as_bytes());
        if Signature::parse_hex(&claim.signature) != Some(computed) {
            let difference = Difference {
                access_key_id: access_key_id.clone(),
                signed: Signed::Request,
                string_to_sign: SignedText::new(string_to_sign.as_bytes()),
                provided: claim.signature.clone().into_owned(),
                canonical_request: Some(SignedText::new(canonical.as_bytes())),
                search: if waived.relaxes(Relaxation::Signature) {
                    Search::Skipped
                } else {
                    let of =
                        suspects::Claimed { access_key_id, key, keys: *keys, rules: self.rules };
                    suspects::of_request(self.message, claim, canonical.as_bytes(), of)
                },
            };
            let differs = Refusal::SignatureDiffers(Box::new(difference));
            waived.refuse(Relaxation::Signature, differs)?;
        }
        if !payload.has_signed_chunks() {
            return Ok(None);
        }
        Ok(Some(if waived.relaxes(Relaxation::Signature) {
            ChunkSeed::unchecked()
        } else {
            let signer = chunks::Signer { access_key_id, key, signing_key };
            ChunkSeed::new(signer, computed, at, scope, canonical.as_bytes())
        }))
    }
}
