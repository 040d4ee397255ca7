//! What needs a signature: every step of every flow, and the set-up and cleaning up of a run.

use std::cell::Cell;

use super::*;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Flow;
use crate::flows;
use crate::housekeeping;
use crate::run::Outcome;
use crate::scripted::Scripted;
use crate::scripted::answer;
use crate::suite;
use crate::suite::CannotRun;
use crate::suite::End;
use crate::suite::Suite;

#[test]
fn every_step_makes_a_request() {
    let target = Scripted::default();
    for flow in flows::all() {
        let mut names = suite::with_buckets(suite::names_of(&target), "run-1", &target);
        names.set("owner_id", "1");
        names.set("stranger_id", "2");
        for step in housekeeping::set_up(flow.bucket).iter().chain(flow.steps) {
            let request = request(step, &names, &target)
                .unwrap_or_else(|error| panic!("{}: {}: {error}", flow.name, step.call));
            let is_anonymous = matches!(step.identity, Identity::Anonymous | Identity::Form(_));
            let is_signed = request.header("authorization").is_some()
                || request.url.contains("X-Amz-Signature=");
            let is_spoiled = |spoil: &Spoil| matches!(spoil, Spoil::Header("authorization", _));
            let claims = !is_anonymous || step.spoil.iter().any(is_spoiled);
            assert_eq!(is_signed, claims, "{}: {}", flow.name, step.call);
            assert!(request.url.parse::<http::Uri>().is_ok(), "{}: {}", flow.name, request.url);
            let uppercase = request.headers.iter().find(|(name, _)| *name != name.to_lowercase());
            assert_eq!(uppercase, None, "{}", flow.name);
            for (name, _) in step.keep {
                names.set(name, "kept");
            }
        }
    }
}

fn signed(step: Step) -> Request {
    let target = Scripted::default();
    let names = suite::with_buckets(suite::names_of(&target), "run-1", &target);
    request(&step, &names, &target).unwrap()
}

const PUT: Step = Step { call: "PUT /{bucket}/k", body: Body::Text("test data.."), ..Step::PLAIN };

#[test]
fn chunks_are_framed_and_announced() {
    let payload = crate::flow::Payload::SignedChunks { chunk_bytes: 8 };
    let request = signed(Step { payload, ..PUT });
    assert_eq!(request.header("x-amz-decoded-content-length"), Some("11"));
    assert_eq!(request.header("content-encoding"), Some("aws-chunked"));
    let body = String::from_utf8(request.body).unwrap();
    assert!(body.starts_with("8;chunk-signature="), "{body}");
    assert_eq!(body.matches("chunk-signature=").count(), 3, "{body}");
}

#[test]
fn a_spoiled_signature_differs_in_one_digit() {
    for identity in [
        Identity::Signed(Account::Owner),
        Identity::Presigned { account: Account::Owner, lifetime_seconds: 60 },
    ] {
        let right = signed(Step { identity, ..PUT }).to_string();
        let wrong =
            signed(Step { identity, spoil: &[Spoil::SignatureCharacter], ..PUT }).to_string();
        assert_eq!(right.len(), wrong.len());
        let differing = right.bytes().zip(wrong.bytes()).filter(|(one, other)| one != other);
        assert_eq!(differing.count(), 1);
    }
}

#[test]
fn what_is_spoiled_before_the_signing_is_signed() {
    let right = signed(PUT);
    for spoil in [
        &[Spoil::AccessKeyUnknown] as &[Spoil],
        &[Spoil::SecretWrong],
        &[Spoil::RegionWrong],
        &[Spoil::SignedAt(-960)],
    ] {
        let spoiled = signed(Step { spoil, ..PUT });
        assert_ne!(spoiled.header("authorization"), right.header("authorization"), "{spoil:?}");
    }
}

static WRITES: Flow = Flow {
    name: "test/writes",
    bucket: Bucket::Default,
    steps: &[Step { call: "PUT /{bucket}/k", expect: &[Expect::Status(200)], ..Step::PLAIN }],
    ..Flow::PLAIN
};

const ACCOUNT: &str = "<ListAllMyBucketsResult><Owner><ID>1</ID></Owner></ListAllMyBucketsResult>";

fn calls(target: &Scripted, suite: &Suite) -> Vec<String> {
    let shown = |request: &Request| {
        let path = request.url.strip_prefix("http://127.0.0.1:9000").unwrap();
        format!("{} {}", request.method, path.replace(suite.prefix(), "P"))
    };
    target.asked.iter().map(shown).collect()
}

#[test]
fn a_run_asks_who_it_is_and_removes_what_it_made() {
    let suite = Suite::new(vec![&WRITES]);
    let listing = "<R><Version><Key>k%2F1+a</Key><VersionId>v1</VersionId></Version><DeleteMarker>\
                   <Key>k</Key><VersionId>v2</VersionId></DeleteMarker></R>";
    let mut target = Scripted::answering([
        answer(200, ACCOUNT),
        answer(200, ACCOUNT),
        answer(200, ""),
        answer(200, ""),
        answer(200, listing),
        answer(403, ""),
        answer(204, ""),
        answer(204, ""),
        answer(200, "<R/>"),
        answer(204, ""),
    ]);
    let run = suite.run(&mut target, &|| false, &mut |_| ()).unwrap();
    assert_eq!(run.entries[0].outcome, Outcome::Passed);
    assert!(run.entries[0].left_behind.is_empty());
    assert_eq!(run.entries[0].names.value("stranger_id"), Some("1"));
    let listing = "GET /P-0?versions&encoding-type=url";
    assert_eq!(
        calls(&target, &suite),
        [
            "GET /",
            "GET /",
            "PUT /P-0",
            "PUT /P-0/k",
            listing,
            "DELETE /P-0/k%2F1%20a?versionId=v1",
            // It was locked.
            "DELETE /P-0/k%2F1%20a?versionId=v1",
            "DELETE /P-0/k?versionId=v2",
            listing,
            "DELETE /P-0",
        ],
    );
}

#[test]
fn a_run_that_is_stopped_removes_what_it_made() {
    let suite = Suite::new(vec![&WRITES, &WRITES]);
    let mut target = Scripted::answering([
        answer(200, ACCOUNT),
        answer(200, ACCOUNT),
        answer(200, ""),
        answer(200, "<R/>"),
        answer(409, ""),
        // No upload is open that could be what keeps it.
        answer(200, "<R/>"),
        answer(409, ""),
    ]);
    // Asked before the flow, before the set-up, and before the first step.
    let asked = Cell::new(0);
    let is_stopped = || asked.replace(asked.get() + 1) == 2;
    let run = suite.run(&mut target, &is_stopped, &mut |_| ()).unwrap();
    assert_eq!((run.end, run.entries.len()), (End::Interrupted, 1));
    assert_eq!(run.entries[0].outcome, Outcome::Interrupted);
    // The bucket that could not be removed is named.
    assert_eq!(run.entries[0].left_behind, [format!("{}-0", suite.prefix())]);
    assert_eq!(calls(&target, &suite).last().unwrap(), "DELETE /P-0");
}

#[test]
fn a_target_that_refuses_the_keys_or_is_not_there_runs_nothing() {
    let suite = Suite::new(vec![&WRITES]);
    let run = |mut target: Scripted| suite.run(&mut target, &|| false, &mut |_| ()).unwrap_err();
    let refused = run(Scripted::answering([answer(403, "<Error/>")]));
    assert!(matches!(refused, CannotRun::Refused { account: Account::Owner, .. }), "{refused}");
    let refused = run(Scripted::answering([answer(200, ACCOUNT), answer(403, "<Error/>")]));
    assert!(refused.to_string().contains("of the second account"), "{refused}");
    let silent = run(Scripted::default());
    assert!(silent.to_string().contains("does not answer"), "{silent}");
}
