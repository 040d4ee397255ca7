//! `Credential`: `AKID/YYYYMMDD/REGION/SERVICE/aws4_request`.

use std::borrow::Cow;

use crate::scope::Scope;
use crate::scope::TERMINAL;

use super::super::verdict::CredentialFlaw;

/// Whose key is claimed, and what it is claimed for.
#[derive(Debug)]
pub(in super::super) struct Credential<'a> {
    /// As sent.
    pub(in super::super) text: Cow<'a, str>,
    pub(in super::super) access_key_id: String,
    pub(in super::super) scope: Scope,
}

impl<'a> Credential<'a> {
    /// Reads the five parts, for this service. Whether day and region are the right ones is asked
    /// later.
    pub(in super::super) fn parse(
        text: Cow<'a, str>,
        service: &str,
    ) -> Result<Self, (String, CredentialFlaw)> {
        match parts(&text, service) {
            Ok((access_key_id, scope)) => Ok(Self { text, access_key_id, scope }),
            Err(flaw) => Err((text.into_owned(), flaw)),
        }
    }
}

fn parts(text: &str, expected_service: &str) -> Result<(String, Scope), CredentialFlaw> {
    let mut parts = text.split('/');
    let mut next = || parts.next().ok_or(CredentialFlaw::NotFiveParts);
    let [access_key_id, date, region, service, terminal] =
        [next()?, next()?, next()?, next()?, next()?];
    if parts.next().is_some() {
        return Err(CredentialFlaw::NotFiveParts);
    }
    if access_key_id.is_empty() {
        return Err(CredentialFlaw::NoAccessKey);
    }
    if terminal != TERMINAL {
        return Err(CredentialFlaw::Terminal { found: terminal.to_owned() });
    }
    if service != expected_service {
        return Err(CredentialFlaw::Service { found: service.to_owned() });
    }
    if date.len() != 8 || !date.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(CredentialFlaw::DateFormat { found: date.to_owned() });
    }
    let scope =
        Scope { date: date.to_owned(), region: region.to_owned(), service: service.to_owned() };
    Ok((access_key_id.to_owned(), scope))
}
