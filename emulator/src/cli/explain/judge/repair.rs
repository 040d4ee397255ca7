//! Puts right what a verifier stops at, so that the questions behind it are asked as well.

use stuntbucket::Timestamp;
use stuntbucket_signer::verify::AuthType;
use stuntbucket_signer::verify::CredentialFlaw;
use stuntbucket_signer::verify::LifetimeFlaw;
use stuntbucket_signer::verify::Refusal;

use super::super::query;
use super::super::sent::Sent;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// As long as S3 allows.
const LIFETIME_SECONDS_MAX: &str = "604800";
const CREDENTIAL: &str = "X-Amz-Credential";
const PAYLOAD: &str = "x-amz-content-sha256";

/// A signature of the right form, which nothing has.
pub(super) const NO_SIGNATURE: &str =
    "0000000000000000000000000000000000000000000000000000000000000000";

/// Changes the request so that it is not refused for this reason; `None` if there is no way to
/// guess what was meant.
pub(super) fn request(sent: &Sent, refusal: &Refusal) -> Option<Sent> {
    let mut repaired = sent.clone();
    match refusal {
        Refusal::TwoMechanisms { .. } => {
            repaired.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        }
        Refusal::QueryAlgorithm { .. } => {
            repaired.query = query::with(&sent.query, "X-Amz-Algorithm", ALGORITHM);
        }
        Refusal::Lifetime { flaw, .. } => {
            let lifetime = match flaw {
                LifetimeFlaw::TooLong => LIFETIME_SECONDS_MAX,
                LifetimeFlaw::Negative => "0",
                LifetimeFlaw::NotANumber => return None,
            };
            repaired.query = query::with(&sent.query, "X-Amz-Expires", lifetime);
        }
        Refusal::Credential { place, credential, flaw } => {
            let credential = self::credential(credential, flaw)?;
            match place {
                AuthType::Query => {
                    repaired.query = query::with(&sent.query, CREDENTIAL, &credential);
                }
                AuthType::Header => {
                    let header = header_mut(&mut repaired, "authorization")?;
                    *header = with_credential(header, &credential);
                }
                AuthType::Form => return None,
            }
        }
        Refusal::PayloadHashMissing => {
            repaired.headers.push((PAYLOAD.to_owned(), "UNSIGNED-PAYLOAD".to_owned()));
        }
        Refusal::PayloadHashMalformed { .. } => match header_mut(&mut repaired, PAYLOAD) {
            Some(header) => "UNSIGNED-PAYLOAD".clone_into(header),
            None => {
                repaired.query =
                    query::with(&sent.query, "X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
            }
        },
        Refusal::QueryParametersMissing { missing, .. } => {
            for name in missing {
                let value = match *name {
                    "X-Amz-Algorithm" => ALGORITHM,
                    "X-Amz-Expires" => LIFETIME_SECONDS_MAX,
                    "X-Amz-SignedHeaders" => "host",
                    "X-Amz-Signature" => NO_SIGNATURE,
                    _ => return None,
                };
                repaired.query = query::with(&repaired.query, name, value);
            }
        }
        _ => return None,
    }
    Some(repaired)
}

/// Changes the fields so that the form is not refused for this reason.
pub(super) fn fields(
    fields: &[(String, String)],
    refusal: &Refusal,
    now: Timestamp,
) -> Option<Vec<(String, String)>> {
    let mut repaired = fields.to_vec();
    let mut set = |name: &str, value: String| match repaired
        .iter_mut()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
    {
        Some((_, known)) => *known = value,
        None => repaired.push((name.to_owned(), value)),
    };
    match refusal {
        Refusal::FormFieldMissing { name: "X-Amz-Algorithm" } | Refusal::FormAlgorithm { .. } => {
            set("x-amz-algorithm", ALGORITHM.to_owned());
        }
        Refusal::FormFieldMissing { name: "X-Amz-Date" } | Refusal::FormDateMalformed { .. } => {
            set("x-amz-date", now.basic());
        }
        Refusal::FormFieldMissing { name: "X-Amz-Signature" } => {
            set("x-amz-signature", NO_SIGNATURE.to_owned());
        }
        Refusal::Credential { credential, flaw, .. } => {
            set("x-amz-credential", self::credential(credential, flaw)?);
        }
        _ => return None,
    }
    Some(repaired)
}

/// The credential with the part put right that is wrong.
fn credential(text: &str, flaw: &CredentialFlaw) -> Option<String> {
    let mut parts: Vec<&str> = text.trim_end_matches('/').split('/').collect();
    let [_, date, _, service, terminal] = parts.as_mut_slice() else { return None };
    match flaw {
        CredentialFlaw::Terminal { .. } => *terminal = "aws4_request",
        CredentialFlaw::Service { .. } => *service = "s3",
        CredentialFlaw::OtherDate { expected, .. } => *date = expected,
        _ => return None,
    }
    Some(parts.join("/"))
}

fn header_mut<'a>(sent: &'a mut Sent, name: &str) -> Option<&'a mut String> {
    let header = sent.headers.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name));
    header.map(|(_, value)| value)
}

fn with_credential(authorization: &str, credential: &str) -> String {
    let Some((before, rest)) = authorization.split_once("Credential=") else {
        return authorization.to_owned();
    };
    let after = rest.find(',').map_or("", |end| &rest[end..]);
    format!("{before}Credential={credential}{after}")
}
