//! From a step to the bytes of a request: filled, signed, and spoiled where the step says so.

mod form;
mod payload;
mod spoil;

#[cfg(test)]
mod signed_tests;
#[cfg(test)]
mod tests;

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Digest;
use md5::Md5;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::sign;

use crate::exchange::Request;
use crate::fill::Names;
use crate::fill::NoSuchName;
use crate::flow::Account;
use crate::flow::Body;
use crate::flow::Identity;
use crate::flow::Service;
use crate::flow::Spoil;
use crate::flow::Step;
use crate::target::Target;
use crate::target::Website;

/// A key id that S3 gave to nobody: it is the one of the documentation's examples.
const UNKNOWN_ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
/// A region that no bucket of a run is in.
pub(crate) fn wrong_region(region: &str) -> &'static str {
    if region == "eu-west-3" { "ap-northeast-2" } else { "eu-west-3" }
}

/// Makes the request of a step for this target.
pub(crate) fn request(
    step: &Step,
    names: &Names,
    target: &dyn Target,
) -> Result<Request, CannotCompose> {
    let mut names = names.clone();
    let call = asked(step, &mut names)?;
    let filled = names.fill_call(&call)?;
    let (method, path) = filled.split_once(' ').ok_or(CannotCompose::NotACall(step.call))?;
    let mut request = Request {
        method: method.to_owned(),
        url: target.addressing().url(target.endpoint(), path),
        headers: Vec::with_capacity(step.headers.len() + 5),
        body: Vec::new(),
    };
    if step.service == Service::Website {
        let website = website_of(path, target).ok_or(CannotCompose::NoWebsite)?;
        request.url = website.url;
        request.headers.extend(website.host.map(|host| ("host".to_owned(), host)));
    }
    match step.body {
        Body::Empty | Body::Form(_) => {}
        Body::Text(text) => request.body = names.fill(text)?.into_bytes(),
        Body::Fill { byte, count } => request.body = vec![byte; count],
    }
    names.set("body_md5", STANDARD.encode(Md5::digest(&request.body)));
    for (name, value) in step.headers {
        request.headers.push(((*name).to_owned(), names.fill(value)?));
    }
    for spoil in step.spoil {
        if let Spoil::SentHeader(name, value) = spoil {
            request.headers.push(((*name).to_owned(), names.fill(value)?));
        }
    }
    if let Body::Form(form) = step.body {
        let signer = match step.identity {
            Identity::Form(account) => Some(Signer::of(account, step.spoil, target)?),
            _ => None,
        };
        form::write(&mut request, &form, signer.as_ref(), step.spoil, &names)?;
    }
    match step.identity {
        Identity::Anonymous | Identity::Form(_) => {}
        Identity::Signed(account) => {
            let signer = Signer::of(account, step.spoil, target)?;
            payload::sign(&mut request, step.payload, step.spoil, &signer)?;
        }
        Identity::Presigned { account, lifetime_seconds } => {
            let signer = Signer::of(account, step.spoil, target)?;
            request.url = sign::presign_url(
                &request.method,
                &request.url,
                &borrowed(&request.headers),
                lifetime_seconds,
                &signer.credentials,
                &signer.region,
                signer.at,
            )?;
        }
    }
    for spoil in step.spoil {
        spoil::apply(*spoil, &mut request, &names)?;
    }
    Ok(request)
}

/// Where the website is that a bucket's path in the API names, and there its own path.
fn website_of(path: &str, target: &dyn Target) -> Option<Website> {
    let named = path.strip_prefix('/')?;
    let (bucket, path) = named.split_at(named.find(['/', '?']).unwrap_or(named.len()));
    let mut website = target.website(bucket)?;
    website.url.push_str(path);
    Some(website)
}

/// The call, and the bucket that it names, after the spoils that ask for something else.
fn asked(step: &Step, names: &mut Names) -> Result<String, CannotCompose> {
    let mut call = step.call.to_owned();
    for spoil in step.spoil {
        match spoil {
            Spoil::BucketMissing => names.set("bucket", names.fill("{missing}")?),
            Spoil::CallText(from, to) => {
                call = spoil::with_text(&call, from, to)
                    .ok_or(CannotCompose::NothingToSpoil(*spoil))?;
            }
            _ => {}
        }
    }
    Ok(call)
}

/// Who signs, for where, and when: after the spoils that make a signature another one.
struct Signer {
    credentials: Credentials,
    region: String,
    at: Timestamp,
}

impl Signer {
    fn of(account: Account, spoils: &[Spoil], target: &dyn Target) -> Result<Self, CannotCompose> {
        let by = |spoil: &Spoil| match spoil {
            Spoil::SignedBy(account) => Some(*account),
            _ => None,
        };
        let account = spoils.iter().find_map(by).unwrap_or(account);
        let credentials = target.credentials(account).ok_or(CannotCompose::NoKeys(account))?;
        let mut signer = Self { credentials, region: target.region().to_owned(), at: target.now() };
        for spoil in spoils {
            match spoil {
                Spoil::AccessKeyUnknown => {
                    UNKNOWN_ACCESS_KEY.clone_into(&mut signer.credentials.access_key_id);
                }
                Spoil::SecretWrong => {
                    let wrong = format!("{}x", signer.credentials.secret_key.expose());
                    signer.credentials.secret_key = stuntbucket_signer::SecretKey::new(wrong);
                }
                Spoil::RegionWrong => wrong_region(&signer.region).clone_into(&mut signer.region),
                Spoil::Token(token) => {
                    signer.credentials.session_token = Some((*token).to_owned());
                }
                Spoil::SignedAt(seconds) => signer.at = signer.at.plus_seconds(*seconds),
                _ => {}
            }
        }
        Ok(signer)
    }
}

/// Why a step makes no request. It is a mistake in the flow, or an answer before it was not as promised.
#[derive(Debug)]
pub(crate) enum CannotCompose {
    /// The call is not of the form `GET /path`.
    NotACall(&'static str),
    /// A place that nothing fills.
    NoSuchName(NoSuchName),
    /// The target has no keys of this account.
    NoKeys(Account),
    /// The target serves no websites.
    NoWebsite,
    /// A spoil found nothing to change.
    NothingToSpoil(Spoil),
    /// The signer refused.
    Sign(sign::SignError),
}

impl From<NoSuchName> for CannotCompose {
    fn from(error: NoSuchName) -> Self {
        Self::NoSuchName(error)
    }
}

impl From<sign::SignError> for CannotCompose {
    fn from(error: sign::SignError) -> Self {
        Self::Sign(error)
    }
}

impl fmt::Display for CannotCompose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotACall(call) => write!(f, "`{call}` is no call such as `GET /{{bucket}}`"),
            Self::NoSuchName(error) => error.fmt(f),
            Self::NoKeys(account) => write!(f, "there are no keys for the {account:?}"),
            Self::NoWebsite => f.write_str("the target serves no websites"),
            Self::NothingToSpoil(spoil) => write!(f, "`{spoil:?}` finds nothing to change"),
            Self::Sign(error) => write!(f, "cannot sign: {error}"),
        }
    }
}

fn borrowed(headers: &[(String, String)]) -> Vec<(&str, &str)> {
    headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
