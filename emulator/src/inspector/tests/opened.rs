//! The page of one request: why it was refused, and what shows it.

use stuntbucket_signer::verify::Compared;
use stuntbucket_signer::verify::ConditionOutcome;
use stuntbucket_signer::verify::ConditionTest;
use stuntbucket_signer::verify::Diff;
use stuntbucket_signer::verify::DiffLine;
use stuntbucket_signer::verify::JudgedCondition;
use stuntbucket_signer::verify::Side;

use super::*;
use crate::explanation::DecidedBy;
use crate::explanation::Decision;
use crate::explanation::Explanation;
use crate::explanation::Miss;
use crate::explanation::NearestRule;

#[test]
fn an_opened_request_shows_why_and_the_evidence() {
    check(
        &Scene::with_requests().get("/requests/2"),
        200,
        HTML,
        &[
            "<strong>SignatureDoesNotMatch</strong> signed with &lt;another&gt; key",
            "<li>the host &amp; port are unknown</li>",
            "<pre tabindex=\"0\" aria-label=\"Canonical request\">\nGET\n/photos/&quot;dog&quot;</pre>",
            "AWS4-HMAC-SHA256\n&#39;</pre>",
            "<dt>Request id</dt><dd>4442587FB7D0A2F9</dd>",
            "<tr class=\"refused\" aria-current=\"true\">",
        ],
    );
}

#[test]
fn nothing_of_a_request_becomes_markup() {
    let scene = Scene::new(User::new("<u>").keys("<k>", "s"));
    let vicious = "\"'><script>alert(1)</script>&";
    let some = || Some(vicious.to_owned());
    scene.keep(Entry {
        method: vicious.to_owned(),
        host: vicious.to_owned(),
        operation: some(),
        caller: some(),
        explanation: some(),
        why: Some(vicious_explanation(vicious)),
        waived: vec![vicious.to_owned()],
        warnings: vec![vicious.to_owned()],
        cors_rule: Some(vicious_rule(vicious)),
        canonical_request: some(),
        string_to_sign: some(),
        request_id: vicious.to_owned(),
        ..entry(vicious, 403, Some(vicious))
    });
    let page = scene.get("/requests/1");
    let page = text(&page);
    assert!(!page.contains("<script>alert") && !page.contains("'><"), "{page}");
    assert!(page.matches("&quot;&#39;&gt;&lt;script&gt;alert(1)").count() >= 30, "{page}");
}

/// An explanation that says it in all of its parts.
fn vicious_explanation(vicious: &str) -> Explanation {
    let some = || Some(vicious.to_owned());
    let line = |side| DiffLine { side, text: vicious.to_owned(), is_first_difference: false };
    let condition = |outcome| JudgedCondition {
        condition: vicious.to_owned(),
        test: ConditionTest::Equals { field: vicious.to_owned(), value: vicious.to_owned() },
        outcome,
    };
    let decision = Decision {
        action: vicious.to_owned(),
        resource: vicious.to_owned(),
        caller: vicious.to_owned(),
        by: DecidedBy::BucketPolicy,
        statement: Some(1),
        sid: some(),
        because: vicious.to_owned(),
    };
    Explanation {
        diff: Some(Diff {
            of: Compared::CanonicalRequest,
            lines: [Side::Both, Side::Client, Side::Both, Side::Verifier].map(line).to_vec(),
        }),
        conditions: vec![
            condition(ConditionOutcome::Met),
            condition(ConditionOutcome::FieldDiffers { found: vicious.to_owned() }),
        ],
        decision: Some(decision),
        ..Explanation::of(vicious).advising(vicious)
    }
}

fn vicious_rule(vicious: &str) -> NearestRule {
    let miss = Miss {
        element: "AllowedOrigin",
        asked: vicious.to_owned(),
        allowed: vec![vicious.to_owned()],
        hint: Some(vicious.to_owned()),
    };
    NearestRule { number: 1, id: Some(vicious.to_owned()), misses: vec![miss] }
}

#[test]
fn both_texts_are_shown_beside_each_other() {
    let scene = Scene::new(User::new("alice"));
    let line = |side, text: &str, is_first_difference| DiffLine {
        side,
        text: text.to_owned(),
        is_first_difference,
    };
    let lines = vec![
        line(Side::Both, "GET", false),
        line(Side::Client, "host:localhost", true),
        line(Side::Verifier, "host:localhost:9000", false),
    ];
    let diff = Diff { of: Compared::CanonicalRequest, lines };
    let why = Explanation { diff: Some(diff), ..Explanation::of("what").advising("advice") };
    scene.keep(Entry { why: Some(why), ..entry("/", 403, Some("SignatureDoesNotMatch")) });
    let parts = [
        "</strong> what</p>\n<p class=\"advice\">advice</p>",
        "<h3 id=\"diff\">What was signed: the canonical request</h3>",
        "<tr><td colspan=\"2\">GET</td></tr>",
        "first difference</span> host:localhost<del></del></td><td>host:localhost<ins>:9000</ins>",
    ];
    check(&scene.get("/requests/1"), 200, HTML, &parts);
    let lines = r#""diff":{"of":"canonical request","lines":[{"side":"both","text":"GET","is_first_difference":false},{"side":"client","text":"host:localhost","is_first_difference":true},"#;
    let parts = [r#""why":{"what":"what","advice":"advice","certainty":"certain","#, lines];
    check(&scene.get("/api/v1/requests/1"), 200, JSON, &parts);
}
