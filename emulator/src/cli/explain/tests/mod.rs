//! What `explain` says, input by input.

mod forms;
mod requests;
mod risks;

use std::ffi::OsString;

use serde_json::Value;
use stuntbucket::Timestamp;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::sign;

use super::super::Arguments;
use super::super::Command;
use super::*;

const REGION: &str = "eu-west-1";
const CAT: &str = "https://photos.s3.eu-west-1.amazonaws.com/cat.jpg";
const USER: [&str; 2] = ["--user", "AKIDEXAMPLE:a-secret"];

fn noon() -> Timestamp {
    Timestamp::parse_iso("2026-01-01T12:00:00Z").unwrap()
}

fn alice() -> Credentials {
    Credentials::new("AKIDEXAMPLE", "a-secret")
}

/// A URL that was signed at noon.
fn presigned(method: &str, url: &str, headers: &[(&str, &str)], seconds: u64) -> String {
    sign::presign_url(method, url, headers, seconds, &alice(), REGION, noon()).unwrap()
}

/// What is said a minute after noon, by one who has the key, as JSON.
fn said(input: &str, flags: &[&str]) -> Result<Value, CliError> {
    said_to(input, &[&USER, flags].concat(), &Environment::default())
}

fn said_to(input: &str, flags: &[&str], environment: &Environment) -> Result<Value, CliError> {
    let words = ["stuntbucket", "explain", "-", "--json"].iter().chain(flags);
    let flags = match Arguments::read(words.map(OsString::from))? {
        Command::Explain(flags) => flags,
        other => panic!("{other:?}"),
    };
    let (text, verdict) = explain(&flags, input.as_bytes(), environment, noon().plus_seconds(60))?;
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["accepted"], verdict == Overall::Accepted, "{text}");
    Ok(document)
}

/// The codes of the refusals of the first request, in order.
fn codes(document: &Value) -> Vec<&str> {
    let refusals = document["requests"][0]["refusals"].as_array().unwrap();
    refusals.iter().map(|refusal| refusal["code"].as_str().unwrap()).collect()
}

fn messages(document: &Value) -> Vec<&str> {
    let refusals = document["requests"][0]["refusals"].as_array().unwrap();
    refusals.iter().map(|refusal| refusal["message"].as_str().unwrap()).collect()
}

fn risk_names(document: &Value) -> Vec<&str> {
    let risks = document["requests"][0]["risks"].as_array().unwrap();
    risks.iter().map(|risk| risk["name"].as_str().unwrap()).collect()
}
