//! Which mistake makes a foreign signature, found by trying.

use proptest::prelude::*;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::sign;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::ChunkReader;
use stuntbucket_signer::verify::FormVerdict;
use stuntbucket_signer::verify::KeyHolder;
use stuntbucket_signer::verify::Refusal;
use stuntbucket_signer::verify::Side;
use stuntbucket_signer::verify::Verdict;

use crate::common::ACCESS_KEY;
use crate::common::Facts;
use crate::common::REGION;
use crate::common::Request;
use crate::common::Ring;
use crate::common::accepted;
use crate::common::at;
use crate::common::cases;
use crate::common::credentials;
use crate::common::form_fields;
use crate::common::now;
use crate::common::refused;
use crate::common::rules;

/// The documentation's keys, and those of another user.
fn keys() -> Ring {
    let other =
        Credentials::new("AKIAOTHEREXAMPLE0001", "the/other/user+has/a/secret/of/her/own00");
    Ring::of(&credentials()).with(&other, None)
}

#[track_caller]
fn refusal(facts: &Facts<'_>, message: &str) -> Refusal {
    let hosts: Vec<String> = facts
        .find("other-hosts")
        .map(|hosts| hosts.split(", ").map(str::to_owned).collect())
        .unwrap_or_default();
    let mut rules = rules(at(facts.get("now")));
    rules.host_bucket = facts.find("host-bucket");
    rules.other_hosts = &hosts;
    let (request, fields) = Request::parse(message);
    if let Some(body) = facts.find("body") {
        return refused_body(facts, &request, &accepted(request.judge(&keys(), &rules)), body);
    }
    let Some(bucket) = facts.find("bucket") else {
        return refused(request.judge(&keys(), &rules));
    };
    match verify::form(&form_fields(fields), bucket, &keys(), &rules) {
        FormVerdict::Refused(refusal) => *refusal,
        other => panic!("{other:?}"),
    }
}

/// The refusal of a chunk, or of the trailer, behind a request that is accepted.
#[track_caller]
fn refused_body(facts: &Facts<'_>, request: &Request, holder: &KeyHolder, body: &str) -> Refusal {
    let (text, times) = body.split_once(" times ").unwrap();
    let body = text.repeat(times.parse().unwrap());
    let mut framed = String::new();
    let (mut rest, mut signatures) = (body.as_str(), facts.all("chunk-signature"));
    for length in facts.get("chunks").split(' ').chain(["0"]) {
        let (data, after) = rest.split_at(length.parse().unwrap());
        let (size, signature) = (data.len(), signatures.next().unwrap());
        framed += &format!("{size:x};chunk-signature={signature}\r\n{data}");
        framed += if data.is_empty() { "" } else { "\r\n" };
        rest = after;
    }
    if let Some(trailer) = facts.find("trailer") {
        let signature = facts.get("trailer-signature");
        framed += &format!("{trailer}\r\nx-amz-trailer-signature:{signature}\r\n");
    }
    framed += "\r\n";
    let declared = request.as_message(|message| {
        message.header("x-amz-trailer").map(|name| String::from_utf8(name.to_vec()).unwrap())
    });
    let (seed, bytes) = (holder.chunk_seed(), body.len() as u64);
    let mut reader = ChunkReader::new(holder.payload(), seed, bytes, declared.as_deref()).unwrap();
    let mut input = framed.as_bytes();
    loop {
        match reader.next(&mut input) {
            Ok(Some(_)) => {}
            Ok(None) => return *reader.finish().unwrap_err(),
            Err(refusal) => return *refusal,
        }
    }
}

/// `Host { signed: .. }` is `Host`, and `Path(EncodedTwice)` is itself.
fn names(refusal: &Refusal) -> String {
    let Some(suspect) = refusal.suspect() else { return "none".to_owned() };
    let name = |cause: &verify::Cause| {
        let debug = format!("{cause:?}");
        let name = debug.split(" {").next().unwrap_or_default();
        // The evidence of a mistake, such as the secret of an example, is not part of its name.
        let name = name.replace('"', "'");
        match name.split_once("('") {
            Some((name, _)) => format!("{name})"),
            None => name,
        }
    };
    suspect.causes.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_mistake_that_makes_the_signature_is_named() {
    let cases = cases("sigv4/suspects");
    assert!(cases.len() >= 182, "{}", cases.len());
    let mut wrong = Vec::new();
    for (name, text) in &cases {
        let (facts, message) = text.split_once("\n\n").unwrap();
        let facts = Facts::new(facts);
        let refusal = refusal(&facts, message);
        assert_eq!(refusal.s3_error().code, "SignatureDoesNotMatch", "{name}");
        let found = names(&refusal);
        if found != facts.get("suspect") {
            wrong.push(format!("{name}: {found}, not {}", facts.get("suspect")));
        }
        check_explanation(&refusal);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[track_caller]
fn check_explanation(refusal: &Refusal) {
    let explanation = refusal.explanation();
    let text = refusal.to_string();
    assert!(explanation.what.ends_with(['.', ')']), "{text}");
    assert!(explanation.advice.ends_with('.'), "{text}");
    assert!(text.starts_with(&format!("{} {}", explanation.what, explanation.advice)), "{text}");
    if refusal.suspect().is_none() {
        assert!(explanation.what.contains("None of the usual mistakes"), "{text}");
        assert_eq!(explanation.diff, None);
    }
    let lines = explanation.diff.iter().flat_map(|diff| &diff.lines);
    for line in lines.filter(|line| line.is_first_difference) {
        assert_ne!(line.side, Side::Both, "{text}");
    }
}

#[track_caller]
fn explanation_of(name: &str) -> String {
    let (_, text) = cases("sigv4/suspects").into_iter().find(|(other, _)| other == name).unwrap();
    let (facts, message) = text.split_once("\n\n").unwrap();
    refusal(&Facts::new(facts), message).to_string()
}

#[test]
fn an_explanation_says_what_happened_what_to_change_and_shows_it() {
    let text = explanation_of("content-type-of-browser");
    let lines: Vec<_> = text.lines().collect();
    let [sentences, title, diff @ ..] = &lines[..] else { panic!("{text}") };
    let (_, what) = sentences.split_once("The signature does not match: ").unwrap();
    assert_eq!(
        what,
        "`content-type` was signed as `image/png`, and came as `text/plain;charset=UTF-8`. Send \
         `content-type: image/png`, or sign the value that is sent; libraries, browsers and \
         proxies change headers.",
    );
    assert_eq!(*title, "The client's canonical request (-) and the verifier's (+):");
    assert_eq!(diff[3], "> - content-type:image/png");
    assert_eq!(diff[4], "  + content-type:text/plain;charset=UTF-8");
    assert_eq!(diff.len(), 9);
}

#[test]
fn a_token_is_not_shown() {
    let mut credentials = credentials();
    credentials.session_token = Some("FQoGsessiontoken".to_owned());
    let keys = Ring::of(&credentials);
    let url = "http://localhost:9000/b/k";
    let url = sign::presign_url("GET", url, &[], 60, &credentials, REGION, now()).unwrap();
    let mut request = Request::of_url("GET", &url);
    "HEAD".clone_into(&mut request.method);
    let text = refused(request.judge(&keys, &rules(now()))).to_string();
    assert!(text.contains("it was signed for GET, and was sent as HEAD"), "{text}");
    assert!(text.contains("X-Amz-Security-Token=FQoG..."), "{text}");
    assert!(!text.contains("session"), "{text}");
    let url = "http://localhost:9000/b/k";
    let expires = now().plus_seconds(60);
    let url = sign::presign_url_v2("GET", url, &[], None, &credentials, expires).unwrap();
    let request = Request::of_url("GET", &url).with("x-amz-acl", "private");
    let text = refused(request.judge(&keys, &rules(now()))).to_string();
    assert!(text.contains("the client signed an empty `x-amz-acl`"), "{text}");
    assert!(text.contains("x-amz-security-token:FQoG..."), "{text}");
    assert!(!text.contains("session"), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_texts_make_the_search_panic_or_name_anything(
        host in "[a-zé.:\\[\\]0-9]{0,20}",
        path in ".{0,20}",
        query in ".{0,30}",
        value in any::<Vec<u8>>(),
        signature in "[0-9a-f]{64}|[0-9A-F]{64}|[0-9a-f]{40}|[A-Za-z0-9+/]{43}=|.{0,70}",
    ) {
        let time = now().basic();
        let day = now().date();
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={ACCESS_KEY}/{day}/{REGION}/s3/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date;x-amz-meta-a, Signature={signature}"
        );
        let mut request = Request { method: "PUT".to_owned(), path, query, headers: Vec::new() }
            .with("Host", &host)
            .with("X-Amz-Date", &time)
            .with("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
            .with("Authorization", &authorization);
        request.headers.push(("X-Amz-Meta-A".to_owned(), value));
        let mut rules = rules(now());
        let hosts = [host];
        rules.other_hosts = &hosts;
        for host_bucket in [None, Some("b")] {
            rules.host_bucket = host_bucket;
            if let Verdict::Refused(refusal) = request.judge(&keys(), &rules) {
                prop_assert_eq!(refusal.suspect(), None);
            }
        }
    }
}
