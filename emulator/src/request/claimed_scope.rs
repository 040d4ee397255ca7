//! `ClaimedScope`: where a request says that it is meant to go, before anybody has verified it.

use stuntbucket_signer::encode;

use super::Request;

/// The two parts of a credential of Version 4 that say where a request is meant to go.
pub(crate) struct ClaimedScope {
    pub(crate) region: String,
    pub(crate) service: String,
}

impl ClaimedScope {
    /// Of what a request claims; the signer judges all of it.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let authorization = request.header("authorization");
        let in_header = authorization.as_deref().and_then(|value| {
            let (_, rest) = value.split_once("Credential=")?;
            rest.split([',', ' ']).next()
        });
        let credential = in_header.or_else(|| request.query.get("X-Amz-Credential"))?;
        let credential = encode::decode(credential, encode::Plus::Literal);
        let credential = String::from_utf8_lossy(&credential);
        let mut parts = credential.rsplit('/').skip(1);
        let (service, region) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        Some(Self { region, service })
    }
}
