//! The documentation's examples and the published suite.

use std::fs;

use sha2::Digest;
use sha2::Sha256;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::Payload;
use stuntbucket_signer::Scope;
use stuntbucket_signer::SecretKey;
use stuntbucket_signer::SigningKey;
use stuntbucket_signer::canonical::CanonicalRequest;
use stuntbucket_signer::canonical::SignedHeaders;
use stuntbucket_signer::canonical::string_to_sign;
use stuntbucket_signer::sign;
use stuntbucket_signer::verify;
use stuntbucket_signer::verify::ChunkReader;
use stuntbucket_signer::verify::FormVerdict;

use crate::common::Facts;
use crate::common::Request;
use crate::common::Ring;
use crate::common::accepted;
use crate::common::at;
use crate::common::cases;
use crate::common::fixtures;
use crate::common::form_fields;
use crate::common::rules;

/// An example of the S3 reference in its parts.
struct Example<'a> {
    facts: Facts<'a>,
    sections: Vec<(&'a str, &'a str)>,
}

impl<'a> Example<'a> {
    fn parse(text: &'a str) -> Self {
        let mut parts = text.split("\n== ");
        let facts = Facts::new(parts.next().unwrap());
        let sections = parts.map(|part| part.split_once('\n').unwrap()).collect();
        Self { facts, sections }
    }

    #[track_caller]
    fn section(&self, title: &str) -> &'a str {
        let (_, text) = self.sections.iter().find(|(other, _)| *other == title).unwrap();
        text
    }

    fn credentials(&self) -> Credentials {
        let mut credentials =
            Credentials::new(self.facts.get("access-key"), self.facts.get("secret-key"));
        credentials.session_token = self.facts.find("token").map(str::to_owned);
        credentials
    }
}

#[test]
fn the_examples_of_the_reference_are_accepted_and_made_again() {
    let cases = cases("sigv4/s3-reference");
    assert!(cases.len() >= 16, "{}", cases.len());
    for (name, text) in &cases {
        println!("{name}");
        let example = Example::parse(text);
        match example.facts.get("kind") {
            "header" => {
                check_header(&example);
            }
            "query" => check_query(&example),
            "chunks" => check_chunks(&example),
            "form" => check_form(&example),
            kind => panic!("{kind}"),
        }
    }
}

#[track_caller]
fn check_header(example: &Example<'_>) -> (verify::KeyHolder, sign::SignedRequest) {
    let (request, body) = Request::parse(example.section("request"));
    let (now, credentials) = (at(example.facts.get("now")), example.credentials());
    let holder = accepted(request.judge(&Ring::of(&credentials), &rules(now)));
    let value = |name: &str| {
        let header = request.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        std::str::from_utf8(&header.unwrap().1).unwrap()
    };
    let authorization = value("authorization");
    let (_, list) = authorization.split_once("SignedHeaders=").unwrap();
    check_texts(example, &request, list.split_once(',').unwrap().0, value("x-amz-content-sha256"));
    let payload = holder.payload();
    if let Payload::Sha256(_) = payload {
        assert_eq!(payload, Payload::of(body.strip_suffix('\n').unwrap_or(body).as_bytes()));
    }
    let added = ["authorization", "x-amz-date", "x-amz-content-sha256", "host"];
    let given = request.headers.iter().filter(|(name, _)| !added.contains(&&*name.to_lowercase()));
    let given: Vec<_> =
        given.map(|(name, value)| (name.as_str(), std::str::from_utf8(value).unwrap())).collect();
    let url = format!("https://{}{}?{}", value("host"), request.path, request.query);
    let signed =
        sign::sign_request(&request.method, &url, &given, &payload, &credentials, "us-east-1", now)
            .unwrap();
    assert_eq!(signed.headers[0].1, authorization);
    (holder, signed)
}

fn check_query(example: &Example<'_>) {
    let (request, _) = Request::parse(example.section("request"));
    let (now, credentials) = (at(example.facts.get("now")), example.credentials());
    accepted(request.judge(&Ring::of(&credentials), &rules(now)));
    let headers: Vec<_> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), std::str::from_utf8(value).unwrap()))
        .collect();
    let names = request.as_message(|message| SignedHeaders::of(message.headers).to_string());
    check_texts(example, &request, &names, "UNSIGNED-PAYLOAD");
    let unsigned = request.query.split('&').filter(|pair| !pair.starts_with("X-Amz-"));
    let unsigned = unsigned.collect::<Vec<_>>().join("&");
    let url = format!("https://{}{}?{unsigned}", headers[0].1, request.path);
    let url = sign::presign_url(
        &request.method,
        &url,
        &headers[1..],
        86_400,
        &credentials,
        "us-east-1",
        now,
    )
    .unwrap();
    assert!(url.ends_with(&format!("X-Amz-Signature={}", example.facts.get("signature"))), "{url}");
}

#[track_caller]
fn check_texts(example: &Example<'_>, request: &Request, names: &str, payload: &str) {
    let now = at(example.facts.get("now"));
    request.as_message(|message| {
        let signed = SignedHeaders::parse(names);
        let canonical = CanonicalRequest::new(&message, &signed, payload.as_bytes());
        let expected = example.section("canonical request");
        assert_eq!(canonical.to_string(), expected.strip_suffix('\n').unwrap_or(expected));
        assert_eq!(canonical.sha256_hex(), example.facts.get("canonical-sha256"));
        let scope = Scope::s3(now, "us-east-1");
        let text = string_to_sign(now, &scope, &canonical);
        assert_eq!(text, example.section("string to sign").trim_end());
        let key = SigningKey::derive(&example.credentials().secret_key, &scope);
        assert_eq!(key.sign(text.as_bytes()).to_hex(), example.facts.get("signature"));
    });
}

fn check_chunks(example: &Example<'_>) {
    let (holder, signed) = check_header(example);
    let body = match example.facts.get("body").split_once(" times ") {
        Some((text, times)) => text.repeat(times.parse().unwrap()),
        None => example.facts.get("body").to_owned(),
    };
    let trailer = example.facts.find("trailer").map(|text| text.split_once(':').unwrap());
    let mut signer = signed.chunks().unwrap();
    let (mut framed, mut rest) = (Vec::new(), body.as_bytes());
    for length in example.facts.get("chunks").split(' ') {
        let (chunk, after) = rest.split_at(length.parse().unwrap());
        framed.extend(signer.chunk(chunk));
        rest = after;
    }
    framed.extend(signer.finish(trailer.as_slice()));
    let text = String::from_utf8(framed).unwrap();
    for signature in example.facts.all("chunk-signature") {
        assert!(text.contains(&format!(";chunk-signature={signature}\r\n")), "{signature}");
    }
    for signature in example.facts.all("trailer-signature") {
        assert!(text.contains(&format!("x-amz-trailer-signature:{signature}\r\n")), "{signature}");
    }
    let declared = trailer.map(|(name, _)| name);
    let bytes = body.len() as u64;
    let mut reader =
        ChunkReader::new(holder.payload(), holder.chunk_seed(), bytes, declared).unwrap();
    let (mut input, mut decoded) = (text.as_bytes(), Vec::new());
    while let Some(run) = reader.next(&mut input).unwrap() {
        decoded.extend_from_slice(run);
    }
    assert_eq!(decoded, body.as_bytes());
    let trailers = reader.finish().unwrap();
    assert_eq!(trailers.first().map(|(name, value)| (name.as_str(), value.as_str())), trailer);
}

fn check_form(example: &Example<'_>) {
    let fields = form_fields(example.section("fields"));
    let keys = Ring::of(&example.credentials());
    let rules = rules(at(example.facts.get("now")));
    match verify::form(&fields, example.facts.get("bucket"), &keys, &rules) {
        FormVerdict::Accepted(..) => {}
        FormVerdict::Refused(refusal) => panic!("{refusal}"),
        FormVerdict::Anonymous => panic!("anonymous"),
    }
}

/// The suite is for services in general. S3 has no double encoding and normalizes no path; the
/// cases that need either are left out.
#[test]
fn the_published_suite_comes_out() {
    let mut count = 0;
    for entry in fs::read_dir(fixtures("sigv4/aws")).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        count += 1;
        println!("{}", folder.display());
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        let signed_request = read("header-signed-request.txt");
        let (request, body) = Request::parse(&signed_request);
        let header = request.headers.iter().find(|(name, _)| name == "Authorization").unwrap();
        let authorization = std::str::from_utf8(&header.1).unwrap();
        let (_, names) = authorization.split_once("SignedHeaders=").unwrap();
        let (names, signature) = names.split_once(", Signature=").unwrap();
        let payload = hex::encode(Sha256::digest(body));
        request.as_message(|message| {
            let signed = SignedHeaders::parse(names);
            let canonical = CanonicalRequest::new(&message, &signed, payload.as_bytes());
            assert_eq!(canonical.to_string(), read("header-canonical-request.txt"));
            let now = at("20150830T123600Z");
            let scope = Scope {
                date: now.date(),
                region: "us-east-1".to_owned(),
                service: "service".to_owned(),
            };
            let text = string_to_sign(now, &scope, &canonical);
            assert_eq!(text, read("header-string-to-sign.txt"));
            let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
            let key = SigningKey::derive(&secret, &scope);
            assert_eq!(key.sign(text.as_bytes()).to_hex(), signature);
            assert_eq!(signature, read("header-signature.txt"));
        });
    }
    assert!(count >= 30, "{count}");
}
