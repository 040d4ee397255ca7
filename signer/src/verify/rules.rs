//! `Rules`: the clock, the region, and which checks are switched off.

use crate::message::Message;
use crate::scope::Scope;
use crate::time::Timestamp;

use super::claim::Claim;
use super::claim::Moment;
use super::verdict::CredentialFlaw;
use super::verdict::Refusal;

/// How far a signed time may be from the verifier's, in seconds. S3 says 900,000 ms when it
/// refuses (recorded by versitygw: issue 1514), and refuses beyond, not at, this distance.
pub(super) const SKEW_SECONDS_MAX: i64 = 900;

/// The header that need not be signed, since its value is a line of the canonical request anyway
/// (pinned by argmin's tests against AWS).
pub(super) const PAYLOAD_HEADER: &str = "x-amz-content-sha256";

/// A check that can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relaxation {
    /// Whoever claims a key is believed to hold it, also if the key is not known.
    Signature,
    /// URLs, sessions and policies live for ever.
    Expiry,
    /// Any clock will do.
    Skew,
    /// The scope may name any region.
    Region,
    /// Any header may be left unsigned.
    UnsignedHeaders,
    /// A signed form may have any policy.
    FormPolicy,
}

/// By what a request is judged.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// The service that the scope must name: `s3`. Whoever plays another service beside it, which
    /// is signed for in the same way, names that one.
    pub service: &'a str,
    /// The region that the scope must name.
    pub region: &'a str,
    /// The verifier's clock.
    pub now: Timestamp,
    /// A second clock: a signed time counts as skewed only if it is too far from both.
    pub other_now: Option<Timestamp>,
    /// The checks that are switched off. What they would have refused is noted.
    pub relaxed: &'a [Relaxation],
    /// The bucket, if it stands in the host. Signature Version 2 signs it.
    pub host_bucket: Option<&'a str>,
    /// Other names under which the verifier is known, with their ports: what a client may have
    /// signed in place of the host that it sent.
    pub other_hosts: &'a [String],
}

impl<'a> Rules<'a> {
    /// The rules of a region and a clock, with every check on.
    pub const fn new(region: &'a str, now: Timestamp) -> Self {
        Self {
            service: "s3",
            region,
            now,
            other_now: None,
            relaxed: &[],
            host_bucket: None,
            other_hosts: &[],
        }
    }
}

impl Rules<'_> {
    /// Judges the time of a header.
    pub(super) fn judge_skew(&self, at: Timestamp, text: &str, waived: &mut Waived<'_>) -> Judged {
        if !self.is_skewed(at) {
            return Ok(());
        }
        let skewed = Refusal::Skewed { requested_at: text.to_owned(), at, now: self.now };
        waived.refuse(Relaxation::Skew, skewed)
    }

    /// Judges when a request was signed.
    pub(super) fn judge_time(&self, claim: &Claim<'_>, waived: &mut Waived<'_>) -> Judged {
        match &claim.moment {
            Moment::Header { at, text } => self.judge_skew(*at, text, waived)?,
            Moment::Query { at, lifetime_seconds } => {
                let (at, lifetime_seconds) = (*at, *lifetime_seconds);
                let expires = expiry(at, lifetime_seconds);
                let is_early = at.seconds_since(self.now) > SKEW_SECONDS_MAX;
                if is_early && self.is_skewed(at) {
                    let early = Refusal::NotYetValid { at, expires, now: self.now };
                    waived.refuse(Relaxation::Skew, early)?;
                }
                // A lifetime of 0 is over at once (status pinned by argmin's tests against AWS).
                if self.now > expires || lifetime_seconds == 0 {
                    let late = Refusal::Expired { lifetime_seconds, expires, now: self.now };
                    waived.refuse(Relaxation::Expiry, late)?;
                }
            }
        }
        Ok(())
    }

    /// Judges for which region a request was signed.
    pub(super) fn judge_region(
        &self,
        scope: &Scope,
        waived: &mut Waived<'_>,
        refusal: impl FnOnce(CredentialFlaw) -> Refusal,
    ) -> Judged {
        if scope.region == self.region {
            return Ok(());
        }
        let flaw = CredentialFlaw::Region {
            found: scope.region.clone(),
            expected: self.region.to_owned(),
        };
        waived.refuse(Relaxation::Region, refusal(flaw))
    }

    /// Whether a signed time is too far from each clock.
    fn is_skewed(&self, at: Timestamp) -> bool {
        let is_far = |clock| at.seconds_since(clock).abs() > SKEW_SECONDS_MAX;
        is_far(self.now) && self.other_now.is_none_or(is_far)
    }
}

/// The last second of a URL's life.
pub(super) fn expiry(at: Timestamp, lifetime_seconds: u64) -> Timestamp {
    at.plus_seconds(i64::try_from(lifetime_seconds).unwrap_or(i64::MAX))
}

/// Judges which headers are signed: `host`, and every `x-amz-*` that is sent but the payload's
/// (recorded by LocalStack: `test_put_url_metadata_with_sig_s3v4`,
/// `test_put_object_with_md5_and_chunk_signature_bad_headers`).
pub(super) fn judge_signed_headers(
    message: &Message<'_>,
    claim: &Claim<'_>,
    waived: &mut Waived<'_>,
) -> Judged {
    let is_unsigned = |name: &str| must_be_signed(name) && !claim.signed_headers.contains(name);
    let has_host = claim.signed_headers.contains("host");
    if has_host && !message.headers.iter().any(|header| is_unsigned(header.name)) {
        return Ok(());
    }
    let unsigned = message.headers.iter().filter(|header| is_unsigned(header.name));
    let mut names: Vec<_> = unsigned.map(|header| header.name.to_ascii_lowercase()).collect();
    if !has_host {
        names.push("host".to_owned());
    }
    names.sort_unstable();
    names.dedup();
    waived.refuse(Relaxation::UnsignedHeaders, Refusal::HeadersNotSigned { names })
}

fn must_be_signed(name: &str) -> bool {
    name.eq_ignore_ascii_case("host")
        || (name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"))
            && !name.eq_ignore_ascii_case(PAYLOAD_HEADER))
}

/// What a question answers: go on, or a refusal.
pub(super) type Judged = Result<(), Box<Refusal>>;

/// Notes what relaxed checks would have refused.
#[derive(Debug)]
pub(super) struct Waived<'a> {
    relaxed: &'a [Relaxation],
    refusals: Vec<(Relaxation, Refusal)>,
}

impl<'a> Waived<'a> {
    pub(super) fn new(rules: &Rules<'a>) -> Self {
        Self { relaxed: rules.relaxed, refusals: Vec::new() }
    }

    /// Refuses, or notes the refusal if the check is relaxed.
    pub(super) fn refuse(&mut self, check: Relaxation, refusal: Refusal) -> Judged {
        if !self.relaxes(check) {
            return Err(Box::new(refusal));
        }
        self.refusals.push((check, refusal));
        Ok(())
    }

    pub(super) fn relaxes(&self, check: Relaxation) -> bool {
        self.relaxed.contains(&check)
    }

    pub(super) fn into_refusals(self) -> Vec<(Relaxation, Refusal)> {
        self.refusals
    }
}
