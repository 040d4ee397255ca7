//! Asks the signer all its questions, whatever the answers.

use stuntbucket_signer::Header;
use stuntbucket_signer::Message;
use stuntbucket_signer::Payload;
use stuntbucket_signer::Scope;
use stuntbucket_signer::SigningKey;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::canonical;
use stuntbucket_signer::canonical::CanonicalRequest;
use stuntbucket_signer::canonical::SignedHeaders;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::CredentialFlaw;
use stuntbucket_signer::verify::FormVerdict;
use stuntbucket_signer::verify::KeyHolder;
use stuntbucket_signer::verify::Keys;
use stuntbucket_signer::verify::Refusal;
use stuntbucket_signer::verify::Relaxation;
use stuntbucket_signer::verify::Rules;
use stuntbucket_signer::verify::Verdict;

use super::super::query;
use super::super::sent::Sent;
use super::Setting;
use super::Signature;
use super::Unjudged;
use super::repair;

const ALL: [Relaxation; 6] = [
    Relaxation::Signature,
    Relaxation::Expiry,
    Relaxation::Skew,
    Relaxation::Region,
    Relaxation::UnsignedHeaders,
    Relaxation::FormPolicy,
];

/// The same but for the first: then the signer looks for the mistake behind a signature that
/// differs, which it does not for one that is let pass.
const ALL_BUT_SIGNATURE: &[Relaxation] = ALL.split_at(1).1;

/// More than a request can have that the verifier stops at.
const REPAIRS_MAX: usize = 12;

/// What the signer has against a request or a form.
#[derive(Debug)]
pub(super) struct Verified {
    /// In S3's order.
    pub(super) refusals: Vec<Refusal>,
    pub(super) signature: Signature,
    /// What the request promises of its body.
    pub(super) payload: Option<Payload>,
}

/// Where a request leads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) region: &'a str,
    /// The bucket, if it stands in the host. Signature Version 2 signs it.
    pub(super) host_bucket: Option<&'a str>,
}

/// Asks about a request.
pub(super) fn request(sent: &Sent, method: &str, place: Place<'_>, setting: &Setting) -> Verified {
    let rules = Rules { host_bucket: place.host_bucket, ..rules(place.region, setting) };
    let mut refusals = Vec::new();
    let mut asked = sent.clone();
    let mut signature = Signature::NotJudged(Unjudged::Unreadable);
    let mut payload = None;
    for _ in 0..REPAIRS_MAX {
        let headers = headers(&asked);
        let message = Message { method, path: &asked.path, query: &asked.query, headers: &headers };
        match verify::request(&message, &setting.keys, &rules) {
            Verdict::Anonymous => {
                signature = Signature::None;
                break;
            }
            Verdict::Accepted(holder) => {
                let searched = || match verify::request(&message, &setting.keys, &searching(&rules))
                {
                    Verdict::Refused(refusal) => Some(*refusal),
                    Verdict::Accepted(_) | Verdict::Anonymous => None,
                };
                refusals.extend(waived(&holder, searched));
                payload = Some(holder.payload());
                signature = Signature::Right;
                break;
            }
            Verdict::Refused(refusal) => {
                let repaired = repair::request(&asked, &refusal);
                refusals.push(*refusal);
                match repaired {
                    Some(repaired) => asked = repaired,
                    None => break,
                }
            }
        }
    }
    // What was put right changed what is signed; the signature is judged by what came.
    if asked != *sent && original_is_right(sent, method, &setting.keys) == Some(true) {
        refusals.retain(|refusal| !matches!(refusal, Refusal::SignatureDiffers(_)));
    }
    let lacks_signature = refusals.iter().any(|refusal| {
        matches!(refusal, Refusal::QueryParametersMissing { missing, .. }
            if missing.contains(&"X-Amz-Signature") || missing.contains(&"X-Amz-SignedHeaders"))
    });
    if lacks_signature && signature == Signature::Right {
        refusals.retain(|refusal| !matches!(refusal, Refusal::SignatureDiffers(_)));
        signature = Signature::NotJudged(Unjudged::Unreadable);
    }
    concluded(refusals, signature, payload)
}

/// Asks about a form. What its policy says is judged by whoever calls.
pub(super) fn form(
    fields: &[(String, String)],
    bucket: &str,
    region: &str,
    setting: &Setting,
) -> Verified {
    let rules = rules(region, setting);
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut asked = fields.to_vec();
    let mut signature = Signature::NotJudged(Unjudged::Unreadable);
    for _ in 0..REPAIRS_MAX {
        match verify::form(&asked, bucket, &setting.keys, &rules) {
            FormVerdict::Anonymous => {
                signature = Signature::None;
                break;
            }
            FormVerdict::Accepted(holder, _) => {
                let searched =
                    || match verify::form(&asked, bucket, &setting.keys, &searching(&rules)) {
                        FormVerdict::Refused(refusal) => Some(*refusal),
                        FormVerdict::Accepted(..) | FormVerdict::Anonymous => None,
                    };
                refusals.extend(waived(&holder, searched));
                signature = Signature::Right;
                break;
            }
            FormVerdict::Refused(refusal) => {
                let repaired = repair::fields(&asked, &refusal, setting.now);
                refusals.push(*refusal);
                match repaired {
                    Some(repaired) => asked = repaired,
                    None => break,
                }
            }
        }
    }
    if refusals.contains(&Refusal::FormFieldMissing { name: "X-Amz-Signature" }) {
        refusals.retain(|refusal| !matches!(refusal, Refusal::SignatureDiffers(_)));
        signature = Signature::NotJudged(Unjudged::Unreadable);
    }
    concluded(refusals, signature, None)
}

fn rules<'a>(region: &'a str, setting: &Setting) -> Rules<'a> {
    Rules { relaxed: &ALL, ..Rules::new(region, setting.now) }
}

fn searching<'a>(rules: &Rules<'a>) -> Rules<'a> {
    Rules { relaxed: ALL_BUT_SIGNATURE, ..*rules }
}

/// What was let pass; of a signature that differs with what came of `searched`.
fn waived(holder: &KeyHolder, searched: impl Fn() -> Option<Refusal>) -> Vec<Refusal> {
    let differs = |refusal: &Refusal| matches!(refusal, Refusal::SignatureDiffers(_));
    let told = |refusal: &Refusal| {
        let searched = differs(refusal).then(&searched).flatten().filter(&differs);
        searched.unwrap_or_else(|| refusal.clone())
    };
    holder.waived().iter().map(|(_, refusal)| told(refusal)).collect()
}

/// The headers for the signer.
pub(super) fn headers(sent: &Sent) -> Vec<Header<'_>> {
    sent.headers.iter().map(|(name, value)| Header::new(name, value)).collect()
}

/// That nobody gave the key is no refusal of S3; a signature that differs is one.
fn concluded(
    mut refusals: Vec<Refusal>,
    mut signature: Signature,
    payload: Option<Payload>,
) -> Verified {
    let differs = refusals.iter().any(|refusal| matches!(refusal, Refusal::SignatureDiffers(_)));
    if differs && signature == Signature::Right {
        signature = Signature::Wrong;
    }
    refusals.retain(|refusal| {
        let Refusal::UnknownKey { access_key_id, .. } = refusal else { return true };
        signature = Signature::NotJudged(Unjudged::UnknownKey(access_key_id.clone()));
        false
    });
    refusals.sort_by_key(order);
    Verified { refusals, signature, payload }
}

/// The number of the question, as the signer's documentation counts them.
fn order(refusal: &Refusal) -> u8 {
    match refusal {
        Refusal::TwoMechanisms { .. } => 1,
        Refusal::Skewed { .. }
        | Refusal::NotYetValid { .. }
        | Refusal::Expired { .. }
        | Refusal::SigV2Expired { .. } => 3,
        Refusal::Credential {
            flaw: CredentialFlaw::OtherDate { .. } | CredentialFlaw::Region { .. },
            ..
        } => 4,
        Refusal::PayloadHashMissing | Refusal::PayloadHashMalformed { .. } => 5,
        Refusal::Token { flaw: verify::TokenFlaw::StaticKey, .. } => 9,
        Refusal::TokenMissing { .. } | Refusal::TokenExpired { .. } | Refusal::Token { .. } => 6,
        Refusal::HeadersNotSigned { .. } => 7,
        Refusal::SignatureDiffers(_) => 8,
        Refusal::Policy(_)
        | Refusal::PolicyExpired { .. }
        | Refusal::PolicyCondition { .. }
        | Refusal::ExtraFields(_) => 10,
        _ => 2,
    }
}

/// Whether the signature fits the request as it came, of which the verifier did not like a part.
fn original_is_right(sent: &Sent, method: &str, keys: &dyn Keys) -> Option<bool> {
    let authorization = sent.header("authorization");
    let from_query = query::value(&sent.query, "X-Amz-Signature").is_some();
    let part = |name: &str| match authorization {
        Some(text) if !from_query => {
            let (_, rest) = text.split_once(&format!("{name}="))?;
            Some(rest.split([',', ' ']).next().unwrap_or(rest).to_owned())
        }
        _ => query::value(&sent.query, &format!("X-Amz-{name}")),
    };
    let credential = part("Credential")?;
    let [access_key_id, date, region, service, _] =
        credential.split('/').collect::<Vec<_>>().try_into().ok()?;
    let date_text = match query::value(&sent.query, "X-Amz-Date") {
        Some(date) => date,
        None => sent.header("x-amz-date")?.to_owned(),
    };
    let at = Timestamp::parse_basic(&date_text)?;
    let key = keys.find(access_key_id)?;
    let scope =
        Scope { date: date.to_owned(), region: region.to_owned(), service: service.to_owned() };
    let payload = sent
        .header("x-amz-content-sha256")
        .map(str::to_owned)
        .or_else(|| query::value(&sent.query, "X-Amz-Content-Sha256"))
        .unwrap_or_else(|| "UNSIGNED-PAYLOAD".to_owned());
    let headers = headers(sent);
    let message = Message { method, path: &sent.path, query: &sent.query, headers: &headers };
    let signed_headers = part("SignedHeaders")?;
    let signed = SignedHeaders::parse(&signed_headers);
    let canonical = CanonicalRequest::new(&message, &signed, payload.as_bytes());
    let text = canonical::string_to_sign(at, &scope, &canonical);
    let computed = SigningKey::derive(&key.secret, &scope).sign(text.as_bytes());
    Some(stuntbucket_signer::Signature::parse_hex(&part("Signature")?) == Some(computed))
}
