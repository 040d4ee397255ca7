//! `Call`: the action that is asked for and its parameters, of a query or a form.

use bytes::Bytes;
use bytes::BytesMut;
use futures_util::StreamExt;
use http::Method;

use super::Addressed;
use super::refusal;
use crate::body::ByteStream;
use crate::failure::Failure;
use crate::failure::saying;
use crate::request::ClaimedScope;
use crate::request::Request;
use crate::request::Target;

const VERSION: &str = "2011-06-15";
/// No form of STS comes near; AWS documents 2,048 characters for a policy, the longest parameter.
const FORM_BYTES_MAX: usize = 64 * 1024;

/// A request to STS.
pub(crate) struct Call {
    pub(super) body: Bytes,
    /// The region of the scope: STS has an endpoint in each, and this one plays them all.
    pub(super) region: Option<String>,
    /// Of the query, then of the form.
    parameters: Vec<(String, String)>,
}

/// What STS can be asked for here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    AssumeRole,
    GetCallerIdentity,
    GetSessionToken,
}

impl Action {
    const ALL: [Self; 3] = [Self::AssumeRole, Self::GetCallerIdentity, Self::GetSessionToken];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::AssumeRole => "AssumeRole",
            Self::GetCallerIdentity => "GetCallerIdentity",
            Self::GetSessionToken => "GetSessionToken",
        }
    }
}

/// What STS has and this emulator does not.
const NOT_OFFERED: [&str; 8] = [
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRoot",
    "DecodeAuthorizationMessage",
    "GetAccessKeyInfo",
    "GetDelegatedAccessToken",
    "GetFederationToken",
    "GetWebIdentityToken",
];

impl Call {
    /// Tells a call from a request to S3.
    pub(crate) async fn find(request: &Request, body: ByteStream) -> Result<Addressed, Failure> {
        if request.path != "/" {
            return Ok(Addressed::S3(body));
        }
        let scope = ClaimedScope::of(request);
        let is_scoped = scope.as_ref().is_some_and(|scope| scope.service == "sts");
        let query: Vec<_> = owned(request.query.iter());
        let is_form = request.method == Method::POST
            && request.header("content-type").is_some_and(|value| {
                value.trim_start().starts_with("application/x-www-form-urlencoded")
            });
        // What is addressed to a bucket is none, unless its scope says so.
        let may_be_one =
            request.address.target == Target::Service && (is_form || names_action(&query));
        if !(is_scoped || may_be_one) {
            return Ok(Addressed::S3(body));
        }
        let body = whole(body).await?;
        let mut parameters = query;
        if is_form {
            let form = String::from_utf8_lossy(&body).into_owned();
            parameters.extend(owned(crate::request::Query::new(form).iter()));
        }
        if !is_scoped && (scope.is_some() || !names_action(&parameters)) {
            return Ok(Addressed::S3(Box::pin(futures_util::stream::iter([Ok(body)]))));
        }
        let region = scope.map(|scope| scope.region);
        Ok(Addressed::Sts(Self { body, region, parameters }))
    }

    /// The value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        get(&self.parameters, name)
    }

    /// Refuses parameters that would be ignored, such as a policy that limits the session.
    pub(super) fn check_parameters(&self, action: Action, known: &[&str]) -> Result<(), Failure> {
        let is_known = |name: &str| {
            known.contains(&name)
                || matches!(name, "Action" | "Version")
                || name.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("x-amz-"))
        };
        match self.parameters.iter().find(|(name, _)| !is_known(name)) {
            Some((name, _)) => Err(not_offered(&format!("{name} of {}", action.name()))),
            None => Ok(()),
        }
    }

    pub(super) fn action(&self) -> Result<Action, Failure> {
        let Some(name) = self.get("Action") else {
            return Err(refusal::missing_action());
        };
        if self.get("Version") != Some(VERSION) {
            let version = self.get("Version").unwrap_or("NO_VERSION_SPECIFIED");
            return Err(refusal::unknown_action(name, version));
        }
        if let Some(action) = Action::ALL.into_iter().find(|action| action.name() == name) {
            return Ok(action);
        }
        Err(if NOT_OFFERED.contains(&name) {
            not_offered(name)
        } else {
            refusal::unknown_action(name, VERSION)
        })
    }
}

/// 501 and the name, never a plausible answer that leaves something out.
fn not_offered(what: &str) -> Failure {
    saying("NotImplemented", 501, format!("{what} is not implemented."))
        .because(format!("Stuntbucket's STS does not have {what}"))
}

fn get<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn names_action(parameters: &[(String, String)]) -> bool {
    get(parameters, "Action").is_some() && get(parameters, "Version") == Some(VERSION)
}

fn owned<'a>(parameters: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

async fn whole(mut body: ByteStream) -> Result<Bytes, Failure> {
    let mut whole = BytesMut::new();
    while let Some(piece) = body.next().await {
        let piece = piece?;
        if whole.len() + piece.len() > FORM_BYTES_MAX {
            return Err(refusal::form_too_large(FORM_BYTES_MAX));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}
