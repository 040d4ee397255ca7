//! Judges a request: a presigned URL, one that is signed in its headers, or one that is not signed.

use stuntbucket::Explanation;
use stuntbucket::Timestamp;
use stuntbucket::offline;
use stuntbucket::offline::Asked;
use stuntbucket::offline::Head;
use stuntbucket::offline::Refused;
use stuntbucket_signer::Payload;
use stuntbucket_signer::S3Error;
use stuntbucket_signer::verify::Cause;
use stuntbucket_signer::verify::Refusal;

use super::super::query;
use super::super::risk;
use super::super::sent::Body;
use super::super::sent::Known;
use super::super::sent::Sent;
use super::Answer;
use super::Explained;
use super::Setting;
use super::Signature;
use super::SubjectKind;
use super::Times;
use super::Unjudged;
use super::anonymous;
use super::region;
use super::region_of;
use super::verified;
use super::verified::Place;
use super::verified::Verified;

/// What a URL that does not say its method may have been signed for, the likeliest first.
const METHODS: [&str; 5] = ["GET", "PUT", "HEAD", "DELETE", "POST"];

/// How far a signed request may be from S3's clock, in seconds.
const SKEW_SECONDS_MAX: i64 = 900;

/// Judges a request.
pub(super) fn judge(sent: &Sent, setting: &Setting) -> Explained {
    let first = sent.method.as_deref().unwrap_or(METHODS[0]);
    // The address does not depend on the method.
    let credential = credential(sent);
    let claimed = credential.as_deref().and_then(region_of);
    let led = ask(sent, first, setting);
    let (region, region_from) = region(&led, claimed, setting);
    let host_bucket = led.bucket.as_deref().filter(|_| led.is_virtual_hosted);
    let (method, mut verified) = with_method(sent, Place { region: &region, host_bucket }, setting);
    let asked = ask(sent, method.as_deref().unwrap_or(first), setting);
    let is_signed = verified.signature != Signature::None || !verified.refusals.is_empty();
    let is_url = is_signed && is_presigned(sent);
    let unknown_headers = unknown_headers(sent);
    let is_judged = matches!(verified.signature, Signature::Right | Signature::Wrong);
    if !unknown_headers.is_empty() && is_judged {
        verified.refusals.retain(|refusal| !matches!(refusal, Refusal::SignatureDiffers(_)));
        verified.signature = Signature::NotJudged(Unjudged::HeadersUnknown(unknown_headers));
    }
    let mut refusals: Vec<Answer> = Vec::new();
    // Without a method nobody knows whether it is the wrong one here.
    let is_told = |refused: &Refused| method.is_some() || refused.error.status != 405;
    refusals.extend(asked.refused.clone().filter(is_told).map(Answer::from));
    refusals.extend(verified.refusals.iter().map(Answer::from));
    refusals.extend(other_body(sent, verified.payload));
    if !is_signed {
        refusals.push(anonymous("request"));
    }
    let access_key = access_key(sent);
    let times = times(sent, access_key.as_deref(), setting);
    let kind = match (is_signed, is_url) {
        (true, true) => SubjectKind::PresignedUrl,
        (true, false) => SubjectKind::SignedRequest,
        (false, _) => SubjectKind::UnsignedRequest,
    };
    let look = risk::RequestLook {
        sent,
        asked: &asked,
        method: method.as_deref(),
        is_url,
        times: &times,
        payload: verified.payload,
        access_key: access_key.as_deref(),
        keys: &setting.keys,
    };
    Explained {
        place: None,
        kind,
        accepted: false,
        url: sent.url(),
        operation: asked.operation.filter(|_| method.is_some()),
        bucket: asked.bucket.clone(),
        key: asked.key.clone(),
        region,
        region_from,
        signature: verified.signature,
        refusals,
        allows: allows(sent, &asked, method.as_deref(), kind, &times),
        conditions: Vec::new(),
        risks: risk::of_request(&look),
        method,
        access_key,
        times,
    }
}

fn ask(sent: &Sent, method: &str, setting: &Setting) -> Asked {
    let head = Head { method, path: &sent.path, query: &sent.query, headers: &sent.headers };
    offline::asked(&head, &setting.bases, setting.own_region())
}

/// The verdict, and the method: of a bare URL the one that its signature fits, if any does, else the
/// one that it fits but for a usual mistake.
fn with_method(sent: &Sent, place: Place<'_>, setting: &Setting) -> (Option<String>, Verified) {
    if let Some(method) = &sent.method {
        return (Some(method.clone()), verified::request(sent, method, place, setting));
    }
    let mut likeliest: Option<(&str, Verified)> = None;
    for method in METHODS {
        let verified = verified::request(sent, method, place, setting);
        if verified.signature == Signature::Right {
            return (Some(method.to_owned()), verified);
        }
        // One mistake is likelier than two, of which one is the method.
        let is_likely = |verified: &Verified| {
            let suspects = verified.refusals.iter().find_map(Refusal::suspect);
            suspects.is_some_and(|suspect| {
                let is_method = |cause: &Cause| matches!(cause, Cause::Method { .. });
                !suspect.causes.iter().any(is_method)
            })
        };
        if likeliest.is_none() && is_likely(&verified) {
            likeliest = Some((method, verified));
        }
    }
    match likeliest {
        Some((method, verified)) => (Some(method.to_owned()), verified),
        None => (None, verified::request(sent, METHODS[0], place, setting)),
    }
}

fn is_presigned(sent: &Sent) -> bool {
    let parameters = query::parameters(&sent.query);
    let is_of_v4 = |name: &str| {
        ["Algorithm", "Credential", "Date", "Expires", "SignedHeaders", "Signature"]
            .iter()
            .any(|part| name.strip_prefix("X-Amz-") == Some(part))
    };
    let is_of_v2 = |name: &str| name == "AWSAccessKeyId" || name == "Signature";
    parameters.iter().any(|(name, _)| is_of_v4(name) || is_of_v2(name))
}

/// The signed headers of which only whoever sends the request knows the value.
fn unknown_headers(sent: &Sent) -> Vec<String> {
    if sent.headers_are == Known::Whole {
        return Vec::new();
    }
    let signed = query::value(&sent.query, "X-Amz-SignedHeaders").unwrap_or_default();
    let names = signed.split(';').filter(|name| !name.is_empty() && sent.header(name).is_none());
    names.map(str::to_owned).collect()
}

/// The body that came is not the one that was promised.
fn other_body(sent: &Sent, payload: Option<Payload>) -> Option<Answer> {
    let (Body::Whole(body), Some(promised @ Payload::Sha256(_))) = (&sent.body, payload) else {
        return None;
    };
    (Payload::of(body) != promised).then(|| {
        let message =
            "The provided 'x-amz-content-sha256' header does not match what was computed.";
        let code = "XAmzContentSHA256Mismatch";
        let error = S3Error { code, status: 400, message: message.into() };
        let what = format!(
            "The body has the SHA-256 `{}`, and `x-amz-content-sha256` promises another.",
            Payload::of(body).header_value()
        );
        let advice = "It changed after it was signed, or the hash was made of something else.";
        Answer::new(error, Explanation::of(what).advising(advice))
    })
}

/// Key and scope as they are claimed.
fn credential(sent: &Sent) -> Option<String> {
    if let Some(credential) = query::value(&sent.query, "X-Amz-Credential") {
        return Some(credential);
    }
    let (_, rest) = sent.header("authorization")?.split_once("Credential=")?;
    Some(rest.split([',', ' ']).next().unwrap_or(rest).to_owned())
}

/// Whose key is claimed.
fn access_key(sent: &Sent) -> Option<String> {
    if let Some(credential) = credential(sent) {
        return Some(credential.split('/').next().unwrap_or_default().to_owned());
    }
    if let Some(id) = query::value(&sent.query, "AWSAccessKeyId") {
        return Some(id);
    }
    let (id, _) = sent.header("authorization")?.strip_prefix("AWS ")?.split_once(':')?;
    Some(id.to_owned())
}

fn times(sent: &Sent, access_key: Option<&str>, setting: &Setting) -> Times {
    let session_expires = access_key.and_then(|id| setting.keys.session_end(id));
    let number = |name| query::value(&sent.query, name)?.parse::<i64>().ok();
    let dated = query::value(&sent.query, "X-Amz-Date");
    let times = if let Some(date) = dated {
        let signed = Timestamp::parse_basic(&date);
        let lifetime_seconds = number("X-Amz-Expires");
        let expires = signed.zip(lifetime_seconds).map(|(at, seconds)| at.plus_seconds(seconds));
        Times { signed, expires, lifetime_seconds, ..Times::default() }
    } else if let Some(expires) = number("Expires") {
        Times { expires: Some(Timestamp::from_unix(expires)), ..Times::default() }
    } else {
        let date = sent.header("x-amz-date").or_else(|| sent.header("date"));
        let read =
            |text: &str| Timestamp::parse_basic(text).or_else(|| Timestamp::parse_http(text));
        let signed = date.and_then(read).filter(|_| access_key.is_some());
        let expires = signed.map(|at| at.plus_seconds(SKEW_SECONDS_MAX));
        Times { signed, expires, ..Times::default() }
    };
    Times { session_expires, ..times }.seen_from(setting.now)
}

fn allows(
    sent: &Sent,
    asked: &Asked,
    method: Option<&str>,
    kind: SubjectKind,
    times: &Times,
) -> Vec<String> {
    let mut sentences = Vec::new();
    let what = match (&asked.bucket, &asked.key) {
        (Some(bucket), Some(key)) => format!("the object `{key}` in the bucket `{bucket}`"),
        (Some(bucket), None) => format!("the bucket `{bucket}`"),
        (None, _) => "the whole account".to_owned(),
    };
    let until = match times.end() {
        Some(end) => format!(" until {end}"),
        None => String::new(),
    };
    let doing = match (method, asked.operation) {
        (Some(method), Some(operation)) => format!("{method} ({operation})"),
        (Some(method), None) => method.to_owned(),
        (None, _) if kind == SubjectKind::UnsignedRequest => "some method".to_owned(),
        (None, _) => {
            "the one method that it was signed for, which only its key can tell,".to_owned()
        }
    };
    sentences.push(match kind {
        SubjectKind::PresignedUrl => {
            format!(
                "It is for {doing} on {what}, by whoever has the URL, as often as they like{until}."
            )
        }
        SubjectKind::SignedRequest => format!("It asks for {doing} on {what}, good{until}."),
        _ => format!("It asks for {doing} on {what}, as nobody in particular."),
    });
    let signed = query::value(&sent.query, "X-Amz-SignedHeaders").unwrap_or_default();
    for name in signed.split(';').filter(|name| !name.is_empty() && *name != "host") {
        let value = sent.header(name).map(|value| format!(" `{value}`"));
        let value = value.unwrap_or_else(|| " the value that was signed".to_owned());
        sentences.push(format!("The request must have the header `{name}` with{value}."));
    }
    for (name, value) in query::parameters(&sent.query) {
        if let Some(header) = name.strip_prefix("response-") {
            sentences.push(format!("The answer says `{header}: {value}`."));
        }
    }
    sentences
}
