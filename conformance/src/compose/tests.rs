//! Steps that need no signature of the signer's `sign` module: anonymous requests and forms.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::flow::Form;
use crate::scripted::Scripted;

fn names() -> Names {
    let mut names = Names::default();
    names.set("bucket", "run-1");
    names
}

fn compose(step: &Step) -> Request {
    request(step, &names(), &Scripted::default()).unwrap()
}

fn field(request: &Request, name: &str) -> Option<String> {
    let body = String::from_utf8(request.body.clone()).unwrap();
    let (_, rest) = body.split_once(&format!("name=\"{name}\"\r\n\r\n"))?;
    Some(rest.split_once("\r\n")?.0.to_owned())
}

#[test]
fn an_anonymous_request_is_sent_as_it_is_written() {
    let request = compose(&Step {
        call: "PUT /{bucket}/a//b%2F..?acl",
        identity: Identity::Anonymous,
        headers: &[("x-amz-acl", "public-read")],
        body: Body::Text("for {bucket}"),
        ..Step::PLAIN
    });
    assert_eq!(request.url, "http://127.0.0.1:9000/run-1/a//b%2F..?acl");
    assert_eq!(request.headers, [("x-amz-acl".to_owned(), "public-read".to_owned())]);
    assert_eq!(request.body, b"for run-1");
}

const FORM: Step = Step {
    call: "POST /{bucket}",
    identity: Identity::Form(Account::Owner),
    body: Body::Form(Form::PLAIN),
    ..Step::PLAIN
};

#[test]
fn the_policy_of_a_form_is_valid_json_and_covers_the_form() {
    let request = compose(&FORM);
    assert_eq!(field(&request, "key").unwrap(), "user/${filename}");
    let policy = STANDARD.decode(field(&request, "policy").unwrap()).unwrap();
    let policy: serde_json::Value = serde_json::from_slice(&policy).unwrap();
    assert_eq!(policy["expiration"], "2026-01-01T00:10:00.000Z");
    assert_eq!(policy["conditions"][0]["bucket"], "run-1");
    assert_eq!(policy["conditions"][1][2], "user/");
    assert_eq!(
        policy["conditions"][3]["x-amz-credential"],
        field(&request, "x-amz-credential").unwrap()
    );
    assert!(request.header("content-type").unwrap().starts_with("multipart/form-data; boundary="));
    assert!(request.body.ends_with(b"--\r\n"));
}

#[test]
fn what_is_spoiled_in_a_form_is_not_signed_again() {
    let plain = compose(&FORM);
    let spoils: &[Spoil] = &[
        Spoil::Field("key", "elsewhere/cat.jpg"),
        Spoil::Field("x-extra", "1"),
        Spoil::PolicyText("user/", "other/"),
    ];
    let spoiled = compose(&Step { spoil: spoils, ..FORM });
    assert_eq!(field(&spoiled, "key").unwrap(), "elsewhere/cat.jpg");
    assert_eq!(field(&spoiled, "x-extra").unwrap(), "1");
    assert_ne!(field(&spoiled, "policy"), field(&plain, "policy"));
    assert_eq!(field(&spoiled, "x-amz-signature"), field(&plain, "x-amz-signature"));

    let spoiled = compose(&Step { spoil: &[Spoil::SignatureCharacter], ..FORM });
    assert_eq!(field(&spoiled, "policy"), field(&plain, "policy"));
    assert_ne!(field(&spoiled, "x-amz-signature"), field(&plain, "x-amz-signature"));
}

#[test]
fn a_spoil_that_changes_nothing_is_a_mistake() {
    for spoil in [
        Spoil::SignatureCharacter,
        Spoil::ChunkSignature,
        Spoil::PathText("dog", "cat"),
        Spoil::BodyText("dog", "cat"),
        Spoil::HeaderRemoved("x-amz-date"),
    ] {
        let step = Step {
            call: "GET /{bucket}",
            identity: Identity::Anonymous,
            spoil: std::slice::from_ref(Box::leak(Box::new(spoil))),
            ..Step::PLAIN
        };
        let error = request(&step, &names(), &Scripted::default()).unwrap_err();
        assert!(error.to_string().ends_with("finds nothing to change"), "{error}");
    }
}
