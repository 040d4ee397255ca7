//! Judges a POST form: who signed its policy, and whether the policy allows the form.

use std::borrow::Cow;

use crate::canonical::ALGORITHM;
use crate::key::Signature;
use crate::key::SignatureV2;
use crate::payload::Payload;
use crate::time::Timestamp;

use super::claim::ALGORITHM_V4A;
use super::claim::Credential;
use super::keys::Key;
use super::keys::Keys;
use super::post_policy;
use super::post_policy::Fields;
use super::post_policy::SizeLimits;
use super::rules::Judged;
use super::rules::Relaxation;
use super::rules::Rules;
use super::rules::Waived;
use super::suspects;
use super::suspects::Search;
use super::v2;
use super::verdict::AuthType;
use super::verdict::Difference;
use super::verdict::FormVerdict;
use super::verdict::KeyHolder;
use super::verdict::Refusal;
use super::verdict::Signed;
use super::verdict::SignedText;

/// Judges the fields of a POST form that is sent to `bucket`: names as sent, `${filename}`
/// replaced already, only those before the file.
pub fn form(
    fields: &[(String, String)],
    bucket: &str,
    keys: &dyn Keys,
    rules: &Rules<'_>,
) -> FormVerdict {
    let proved = match Claim::read(fields, rules.service) {
        Ok(Some(claim)) => prove(&claim, fields, bucket, keys, rules),
        Ok(None) => return FormVerdict::Anonymous,
        Err(refusal) => Err(refusal),
    };
    match proved {
        Ok((holder, limits)) => FormVerdict::Accepted(holder, limits),
        Err(refusal) => FormVerdict::Refused(refusal),
    }
}

/// What a form says of itself.
struct Claim<'a> {
    signer: Signer<'a>,
    signature: &'a str,
    /// As received, which is what is signed.
    policy: &'a str,
    token: Option<&'a str>,
}

/// Whose key is claimed, in either version.
enum Signer<'a> {
    V4 {
        credential: Credential<'a>,
        /// As received.
        date: &'a str,
    },
    /// The access key id.
    V2(&'a str),
}

impl Signer<'_> {
    fn access_key_id(&self) -> &str {
        match self {
            Self::V4 { credential, .. } => &credential.access_key_id,
            Self::V2(access_key_id) => access_key_id,
        }
    }
}

impl<'a> Claim<'a> {
    /// `None` if the form is anonymous: a policy alone claims nothing (recorded by LocalStack:
    /// `test_post_request_missing_fields`).
    fn read(fields: &'a [(String, String)], service: &str) -> Result<Option<Self>, Box<Refusal>> {
        let field = |name: &str| first(fields, name);
        let (algorithm, credential) = (field("x-amz-algorithm"), field("x-amz-credential"));
        let (date, signature) = (field("x-amz-date"), field("x-amz-signature"));
        if [algorithm, credential, date, signature].iter().all(Option::is_none) {
            return Self::read_v2(fields);
        }
        // That the algorithm is asked for first is recorded by LocalStack; the order of the rest,
        // and how the last two are spelled, is a guess.
        let algorithm = needed(algorithm, "X-Amz-Algorithm")?;
        let credential = needed(credential, "X-Amz-Credential")?;
        let signature = needed(signature, "X-Amz-Signature")?;
        let date = needed(date, "X-Amz-Date")?;
        let policy = needed(field("policy"), "Policy")?;
        match algorithm {
            ALGORITHM => {}
            ALGORITHM_V4A => return Err(Box::new(Refusal::SigV4a(AuthType::Form))),
            _ => return Err(Box::new(Refusal::FormAlgorithm { found: algorithm.to_owned() })),
        }
        let credential = parse_credential(credential, service)?;
        if Timestamp::parse_basic(date).is_none() {
            return Err(Box::new(Refusal::FormDateMalformed { date: date.to_owned() }));
        }
        let signer = Signer::V4 { credential, date };
        Ok(Some(Self { signer, signature, policy, token: field("x-amz-security-token") }))
    }

    fn read_v2(fields: &'a [(String, String)]) -> Result<Option<Self>, Box<Refusal>> {
        let field = |name: &str| first(fields, name);
        let (access_key_id, signature) = (field("AWSAccessKeyId"), field("signature"));
        if access_key_id.is_none() && signature.is_none() {
            return Ok(None);
        }
        // How these two are spelled is recorded by LocalStack; the last one is a guess.
        let signer = Signer::V2(needed(access_key_id, "AWSAccessKeyId")?);
        let signature = needed(signature, "Signature")?;
        let policy = needed(field("policy"), "Policy")?;
        Ok(Some(Self { signer, signature, policy, token: field("x-amz-security-token") }))
    }
}

/// The value of the first field of that name, in any case.
fn first<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let field = fields.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
    field.map(|(_, value)| value.as_str())
}

fn needed<'a>(value: Option<&'a str>, name: &'static str) -> Result<&'a str, Box<Refusal>> {
    value.ok_or_else(|| Box::new(Refusal::FormFieldMissing { name }))
}

/// A slash at the end is tolerated (recorded in the AWS SDK for .NET: issue 556).
fn parse_credential<'a>(text: &'a str, service: &str) -> Result<Credential<'a>, Box<Refusal>> {
    let without_slash = text.strip_suffix('/').unwrap_or(text);
    Credential::parse(Cow::Borrowed(without_slash), service).map_err(|(_, flaw)| {
        let credential = text.to_owned();
        Box::new(Refusal::Credential { place: AuthType::Form, credential, flaw })
    })
}

fn prove(
    claim: &Claim<'_>,
    fields: &[(String, String)],
    bucket: &str,
    keys: &dyn Keys,
    rules: &Rules<'_>,
) -> Result<(KeyHolder, SizeLimits), Box<Refusal>> {
    let mut waived = Waived::new(rules);
    match &claim.signer {
        Signer::V4 { credential: Credential { text, scope, .. }, .. } => {
            rules.judge_region(scope, &mut waived, |flaw| {
                let credential = text.clone().into_owned();
                Refusal::Credential { place: AuthType::Form, credential, flaw }
            })?;
        }
        Signer::V2(_) => v2::judge_region(AuthType::Form, rules, &mut waived)?,
    }
    let access_key_id = claim.signer.access_key_id();
    let token = claim.token.map(str::as_bytes);
    if let Some(key) = super::find_key(access_key_id, keys, &mut waived)? {
        super::judge_session(access_key_id, &key, token, rules, &mut waived)?;
        judge_signature(claim, &key, keys, rules, &mut waived)?;
        super::judge_surplus_token(&key, token, &mut waived)?;
    }
    let fields = match claim.signer {
        Signer::V4 { .. } => Fields::of_v4(fields, bucket),
        Signer::V2(_) => Fields::of_v2(fields, bucket),
    };
    let limits = post_policy::judge(claim.policy, &fields, rules.now, &mut waived)?;
    let holder = KeyHolder {
        access_key_id: access_key_id.to_owned(),
        auth_type: AuthType::Form,
        payload: Payload::Unsigned,
        chunk_seed: None,
        waived: waived.into_refusals(),
    };
    Ok((holder, limits))
}

/// The signed text is the policy as received. There is no skew: a form lives as long as its
/// policy (pinned by argmin's tests against AWS).
fn judge_signature(
    claim: &Claim<'_>,
    key: &Key,
    keys: &dyn Keys,
    rules: &Rules<'_>,
    waived: &mut Waived<'_>,
) -> Judged {
    let (access_key_id, policy) = (claim.signer.access_key_id(), claim.policy.as_bytes());
    let is_right = match &claim.signer {
        Signer::V4 { credential: Credential { scope, .. }, .. } => {
            let computed = keys.signing_key(access_key_id, key, scope).sign(policy);
            Signature::parse_hex(claim.signature) == Some(computed)
        }
        Signer::V2(_) => {
            let computed = SignatureV2::sign(&key.secret, policy);
            SignatureV2::parse(claim.signature) == Some(computed)
        }
    };
    if is_right {
        return Ok(());
    }
    let search = if waived.relaxes(Relaxation::Signature) {
        Search::Skipped
    } else {
        let of = suspects::Claimed { access_key_id, key, keys, rules };
        let (scope, date) = match &claim.signer {
            Signer::V4 { credential, date } => (Some(&credential.scope), Some(*date)),
            Signer::V2(_) => (None, None),
        };
        suspects::of_form(claim.policy, scope, date, of, claim.signature)
    };
    let difference = Difference {
        access_key_id: access_key_id.to_owned(),
        signed: Signed::Policy,
        string_to_sign: SignedText::new(claim.policy.as_bytes()),
        provided: claim.signature.to_owned(),
        canonical_request: None,
        search,
    };
    waived.refuse(Relaxation::Signature, Refusal::SignatureDiffers(Box::new(difference)))
}
