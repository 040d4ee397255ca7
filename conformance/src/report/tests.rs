//! One run with a flow of each outcome, in each form of the report.

use stuntbucket_signer::Timestamp;

use super::*;
use crate::exchange::Request;
use crate::fill::Names;
use crate::flow::Bucket;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::run::Deviation;
use crate::scripted::answer;
use crate::suite::End;
use crate::xml::Element;

pub(crate) static PASSES: Flow = Flow { name: "test/passes", ..EMPTY };
pub(crate) static DEVIATES: Flow = Flow { name: "test/deviates", ..EMPTY };
pub(crate) static SURPRISES: Flow = Flow { name: "test/surprises", is_verified: false, ..EMPTY };
pub(crate) static SKIPS: Flow = Flow { name: "test/skips", ..EMPTY };
const EMPTY: Flow = Flow {
    name: "",
    source: "made <up>",
    needs: &[],
    bucket: Bucket::None,
    steps: &[],
    ..Flow::PLAIN
};

pub(crate) fn run_of() -> Run {
    let deviation = Deviation {
        step: 2,
        call: "GET /{bucket}/k",
        request: Some(Request {
            method: "GET".to_owned(),
            url: "http://h/b/k".to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }),
        response: Some(answer(403, "<Error><Code>AccessDenied</Code></Error>")),
        complaints: vec!["status 403, expected 200".to_owned()],
        journal: Some("refused: no grant".to_owned()),
    };
    let surprise = Outcome::Deviated(Box::new(Deviation {
        step: 1,
        call: "GET /{bucket}/k",
        request: None,
        response: Some(answer(
            404,
            "<Error><Code>NoSuchBucket</Code><Message>no <![CDATA[<such>]]></Message></Error>",
        )),
        complaints: vec!["status 404, expected 403".to_owned()],
        journal: None,
    }));
    let skipped =
        Outcome::Skipped { feature: Feature::SecondAccount, reason: "no second keys".to_owned() };
    let entry = |flow, outcome| Entry {
        flow,
        outcome,
        exchanges: Vec::new(),
        names: Names::default(),
        left_behind: Vec::new(),
    };
    let mut entries = vec![
        entry(&PASSES, Outcome::Passed),
        entry(&DEVIATES, Outcome::Deviated(Box::new(deviation))),
        entry(&SKIPS, skipped),
        entry(&SURPRISES, surprise),
    ];
    entries[1].left_behind.push("run-1".to_owned());
    Run {
        target: "scripted".to_owned(),
        endpoint: "http://h".to_owned(),
        region: "us-east-1".to_owned(),
        began: Timestamp::from_unix(1_767_225_600),
        entries,
        end: End::Complete,
    }
}

fn with_report(known: &str, check: impl Fn(&Report<'_>)) {
    let run = run_of();
    let known = Known::parse(known).unwrap();
    let judgement = known.judge(&run, &[&PASSES, &DEVIATES, &SKIPS, &SURPRISES]);
    check(&Report { run: &run, known: &known, judgement: &judgement });
}

const KNOWN: &str = "[deviations]\n\"test/deviates\" = \"since <2>\"\n\"test/gone\" = \"x\"\n";

#[test]
fn the_text_shows_both_sides_of_a_deviation() {
    with_report("", |report| {
        let text = report.text();
        for part in [
            "passed      test/passes\n",
            "skipped     test/skips  (needs second-account: no second keys)\n",
            "--- test/deviates ---\nsource: made <up>\nstep 2: GET /{bucket}/k\n  * status 403, expected 200\n",
            "sent:\n    GET http://h/b/k\n",
            "received:\n    403\n",
            "journal:\n    refused: no grant\n",
            "finding     test/surprises\n",
            "findings, where nothing had settled what is answered:\ntest/surprises: 404 NoSuchBucket no ",
            "1 passed (0 of them unverified), 1 deviated, 0 deviated as known, 1 findings, 1 skipped: \
             scripted (http://h)\n",
            "the bucket `run-1` could not be removed\n",
        ] {
            assert!(text.contains(part), "{part}\nis not in\n{text}");
        }
    });
    with_report(KNOWN, |report| {
        let text = report.text();
        assert!(text.contains("known       test/deviates  (since <2>)\n"), "{text}");
        assert!(text.contains("0 deviated, 1 deviated as known"), "{text}");
        assert!(
            text.contains("`test/gone` is listed as a known deviation, and is no flow"),
            "{text}"
        );
        assert!(!text.contains("---"), "{text}");
    });
}

#[test]
fn the_json_holds_what_the_text_says() {
    with_report("", |report| {
        let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
        assert_eq!(json["deviated"], 1);
        assert_eq!(json["as_promised"], false);
        assert_eq!((&json["findings"], &json["flows"][3]["verified"]), (&1.into(), &false.into()));
        assert_eq!(json["began"], "2026-01-01T00:00:00Z");
        assert_eq!(json["flows"][1]["deviation"]["response"]["status"], 403);
        assert_eq!(json["flows"][2]["reason"], "no second keys");
        assert_eq!(json["left_behind"][0], "run-1");
    });
    with_report(KNOWN, |report| {
        let json: serde_json::Value = serde_json::from_str(&report.json()).unwrap();
        assert_eq!((&json["deviated"], &json["known"]), (&0.into(), &1.into()));
        assert_eq!(json["rotten"].as_array().unwrap().len(), 1);
        assert_eq!(json["flows"][1]["outcome"], "known");
    });
}

#[test]
fn the_junit_document_is_well_formed_and_fails_where_the_run_fails() {
    with_report("", |report| {
        let xml = report.junit();
        assert!(xml.contains("tests=\"4\" failures=\"1\" skipped=\"2\""), "{xml}");
        let root = Element::parse(&xml).unwrap();
        assert_eq!(root.count("testcase"), 4);
        assert!(root.at("testcase[2]/failure").unwrap().text.contains("<Code>AccessDenied"));
    });
    with_report(KNOWN, |report| {
        let xml = report.junit();
        assert!(xml.contains("tests=\"5\" failures=\"1\" skipped=\"3\""), "{xml}");
        assert!(xml.contains("known deviation: since &lt;2&gt;"), "{xml}");
    });
    with_report("[deviations]\n\"test/passes\" = \"x\"\n", |report| {
        let root = Element::parse(&report.junit()).unwrap();
        assert!(root.at("testcase[1]/failure").is_some());
    });
}

#[test]
fn the_page_escapes_what_it_shows() {
    with_report(KNOWN, |report| {
        let page = report.html();
        assert!(page.contains("made &lt;up&gt;") && page.contains("since &lt;2&gt;"), "{page}");
        assert!(!page.contains("<up>") && !page.contains("<Code>"), "{page}");
    });
}

#[test]
fn control_characters_do_not_break_a_document() {
    assert_eq!(escaped("a\u{1}<\"&>\n"), "a\u{FFFD}&lt;&quot;&amp;&gt;\n");
}
