//! What each place of the second port answers.

mod opened;

use bytes::Bytes;
use futures_util::FutureExt;
use futures_util::StreamExt;
use futures_util::stream;
use http::HeaderMap;
use http::HeaderName;
use http::header::CONTENT_TYPE;
use serde_json::Value;
use stuntbucket_signer::Timestamp;

use super::*;
use crate::journal::Entry;
use crate::keyring::User;
use crate::request::Framing;

/// What a view is of.
struct Scene {
    journal: Journal,
    clock: Clock,
    keyring: Keyring,
    domains: Vec<String>,
    relaxed: Vec<Relaxation>,
}

/// Lets `alice` have anything that is about `cat.jpg`.
struct OnlyAlice;

impl Judges for OnlyAlice {
    fn judge(&self, question: &Question) -> Result<explain::Answer, NoAnswer> {
        if question.caller != "alice" {
            return Err(NoAnswer::NoUser(question.caller.clone()));
        }
        Ok(explain::Answer {
            is_allowed: question.key == "cat.jpg",
            because: format!("{} of {}", question.action, question.bucket),
        })
    }
}

impl Scene {
    fn new(user: User) -> Self {
        Self {
            journal: Journal::new(),
            clock: Clock::stopped_at("2026-01-01T00:00:00Z"),
            keyring: Keyring::new(vec![user]).unwrap(),
            domains: vec!["localhost".to_owned()],
            relaxed: Vec::new(),
        }
    }

    /// A scene in which a request was answered and one refused.
    fn with_requests() -> Self {
        let scene = Self::new(User::new("alice").keys("AKIDALICE", "very-secret"));
        scene.keep(entry("/photos/cat.jpg", 200, None));
        scene.keep(Entry {
            explanation: Some("signed with <another> key".to_owned()),
            why: Some("signed with <another> key".into()),
            warnings: vec!["the host & port are unknown".to_owned()],
            canonical_request: Some("GET\n/photos/\"dog\"".to_owned()),
            string_to_sign: Some("AWS4-HMAC-SHA256\n'".to_owned()),
            ..entry("/photos/<b>?x='&y", 403, Some("SignatureDoesNotMatch"))
        });
        scene
    }

    fn keep(&self, entry: Entry) {
        self.journal.keep(Entry { id: self.journal.next_id(), ..entry });
    }

    fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        let arrived = Arrived {
            method: method.parse().unwrap(),
            path: path.to_owned(),
            query,
            scheme: crate::request::Scheme::Http,
            tls: None,
            headers: map,
            body: Box::pin(stream::iter([Ok(Bytes::from(body.to_owned()))])),
            framing: Framing::Length(body.len() as u64),
            peer: std::net::SocketAddr::from(([127, 0, 0, 1], 1)),
        };
        let view = View {
            endpoint: "http://127.0.0.1:9000",
            region: "us-east-1",
            domains: &self.domains,
            relaxed: &self.relaxed,
            data_dir: Some(Path::new("kept")),
            journal: &self.journal,
            clock: &self.clock,
            keyring: &self.keyring,
            access: &OnlyAlice,
        };
        // Nothing here waits: bodies are there, and events are read later.
        reply(&view, arrived).now_or_never().unwrap()
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    fn move_clock(&self, body: &str) -> Answer {
        let headers = [("host", "127.0.0.1:9001"), ("content-type", "application/json")];
        self.ask("POST", "/api/v1/clock", &headers, body)
    }
}

fn entry(target: &str, status: u16, code: Option<&str>) -> Entry {
    Entry {
        id: 0,
        at: Timestamp::from_unix(1_767_225_600),
        method: "GET".to_owned(),
        host: "127.0.0.1:9000".to_owned(),
        target: target.to_owned(),
        operation: Some("GetObject".to_owned()),
        caller: Some("alice".to_owned()),
        status,
        code: code.map(str::to_owned),
        explanation: None,
        why: None,
        waived: Vec::new(),
        warnings: Vec::new(),
        cors_rule: None,
        canonical_request: None,
        string_to_sign: None,
        request_id: "4442587FB7D0A2F9".to_owned(),
    }
}

fn text(answer: &Answer) -> &str {
    match &answer.body {
        Body::Whole(bytes) => std::str::from_utf8(bytes).unwrap(),
        Body::Empty => "",
        Body::Stream { .. } | Body::Open(_) => panic!("a stream"),
    }
}

#[track_caller]
fn check(answer: &Answer, status: u16, media_type: &str, parts: &[&str]) {
    let text = text(answer);
    assert_eq!(answer.status.as_u16(), status, "{text}");
    assert_eq!(answer.headers[CONTENT_TYPE], media_type);
    assert_eq!(answer.headers[CACHE_CONTROL], "no-store");
    for part in parts {
        assert!(text.contains(part), "no `{part}` in:\n{text}");
    }
}

const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

#[test]
fn every_place_answers() {
    let scene = Scene::with_requests();
    let refused = "\"code\":\"SignatureDoesNotMatch\"";
    for (path, status, media_type, parts) in [
        ("/", 200, HTML, &["<title>Requests - ", "href=\"/requests/1\"", ">403<"][..]),
        ("/requests/2", 200, HTML, &["<title>#2 403 SignatureDoesNotMatch - ", "id=\"entry\""]),
        ("/requests/3", 404, HTML, &["No such request is kept", "href=\"/requests/2\""]),
        ("/health", 200, JSON, &["{\"status\":\"ok\"}"]),
        ("/api/v1/requests", 200, JSON, &["[{\"id\":1,", "},{\"id\":2,", refused]),
        ("/api/v1/requests/2", 200, JSON, &["{\"id\":2,\"at\":\"2026-01-01T00:00:00Z\",", refused]),
        ("/api/v1/requests/3", 404, JSON, &["no request with the id 3 is kept"]),
        ("/api/v1/clock", 200, JSON, &[r#"{"now":"2026-01-01T00:00:00Z","stopped":true}"#]),
        ("/api/v1/users", 200, JSON, &[r#"[{"name":"alice","access_key":"AKIDALICE","#]),
        ("/api/v1/config", 200, JSON, &[r#""endpoint":"http://127.0.0.1:9000""#, r#""kept""#]),
        ("/favicon.ico", 404, JSON, &[r#"{"error":"there is no `/favicon.ico`"}"#]),
        ("/requests/02", 404, JSON, &[]),
        ("/requests/+2", 404, JSON, &[]),
        ("/requests/2/", 404, JSON, &[]),
        ("/api/v1/requests/99999999999999999999", 404, JSON, &[]),
        ("", 404, JSON, &[]),
    ] {
        eprintln!("asking: {path}");
        check(&scene.get(path), status, media_type, parts);
    }
}

#[test]
fn other_methods_are_told_which_ones_there_are() {
    let scene = Scene::with_requests();
    for (method, path, allowed) in [
        ("POST", "/", "GET, HEAD"),
        ("DELETE", "/api/v1/requests/1", "GET, HEAD"),
        ("OPTIONS", "/api/v1/clock", "GET, HEAD, POST"),
        ("PUT", "/api/v1/clock", "GET, HEAD, POST"),
    ] {
        let answer = scene.ask(method, path, &[], "");
        check(&answer, 405, JSON, &[&format!("{method} is not among the methods")]);
        assert_eq!(answer.headers[ALLOW], allowed);
    }
    assert_eq!(scene.ask("HEAD", "/health", &[], "").status, StatusCode::OK);
    assert!(matches!(scene.ask("HEAD", "/api/v1/requests/live", &[], "").body, Body::Empty));
}

#[test]
fn the_clock_is_moved() {
    let scene = Scene::with_requests();
    for (body, now) in [
        (r#"{"advance_seconds": 90}"#, "2026-01-01T00:01:30Z"),
        (r#"{"set": "2030-06-01T12:00:00Z"}"#, "2030-06-01T12:00:00Z"),
        (r#"{"stop": true}"#, "2030-06-01T12:00:00Z"),
    ] {
        let shown = format!(r#"{{"now":"{now}","stopped":true}}"#);
        check(&scene.move_clock(body), 200, JSON, &[&shown]);
    }
    check(&scene.move_clock(r#"{"resume": true}"#), 200, JSON, &[r#""stopped":false"#]);
    assert!(!scene.clock.is_stopped());
}

#[test]
fn what_is_no_change_of_the_clock_is_refused_in_one_line() {
    let scene = Scene::with_requests();
    for (body, complaint) in [
        ("", "not one of {\\\"set\\\":"),
        ("{}", "not one of"),
        ("[1", "not one of"),
        (r#"{"sett": "2026-01-01T00:00:00Z"}"#, "unknown variant `sett`"),
        (r#"{"set": "soon"}"#, "`soon` is no time of the form"),
        (r#"{"advance_seconds": -1}"#, "invalid value: integer `-1`"),
        (r#"{"stop": false}"#, "`stop` and `resume` are only ever `true`"),
        (r#"{"stop": true, "resume": true}"#, "not one of"),
        (&"x".repeat(5000), "the body is longer than 4096 bytes"),
    ] {
        let answer = scene.move_clock(body);
        check(&answer, 400, JSON, &[complaint]);
        let document: Value = serde_json::from_str(text(&answer)).unwrap();
        assert!(!document["error"].as_str().unwrap().contains('\n'), "{document}");
    }
    assert_eq!(scene.clock.now().iso(), "2026-01-01T00:00:00Z");
}

#[test]
fn a_page_of_a_stranger_moves_no_clock() {
    let scene = Scene::with_requests();
    let body = r#"{"advance_seconds": 90}"#;
    for (host, media_type, status) in
        [("127.0.0.1:9001", "text/plain", 415), ("evil.test:9001", "application/json", 403)]
    {
        let headers = [("host", host), ("content-type", media_type)];
        let answer = scene.ask("POST", "/api/v1/clock", &headers, body);
        check(&answer, status, JSON, &["a change needs"]);
    }
    assert_eq!(scene.clock.now().iso(), "2026-01-01T00:00:00Z");
}

#[test]
fn rows_are_newest_first_and_the_oldest_are_left_out() {
    let scene = Scene::with_requests();
    let page = scene.get("/");
    let place = |id: u64| text(&page).find(&format!("\"/requests/{id}\"")).unwrap();
    assert!(place(2) < place(1));
    (0..300).for_each(|_| scene.keep(entry("/", 200, None)));
    let page = scene.get("/");
    assert_eq!(text(&page).matches("<tr><td>").count(), 200);
    check(&page, 200, HTML, &["102 older ones", "\"/requests/302\""]);
}

#[test]
fn without_requests_the_page_tells_what_to_do() {
    let scene = Scene::new(User::new("alice").keys("AKIDALICE", "very-secret"));
    check(
        &scene.get("/"),
        200,
        HTML,
        &[
            "No requests yet",
            "curl http://127.0.0.1:9000/demo/hello.txt",
            "<code>AKIDALICE</code>",
            "stopped at 2026-01-01T00:00:00Z",
        ],
    );
    let owner = Scene::new(User::default_owner());
    check(&owner.get("/"), 200, HTML, &["stuntbucket-secret-key-for-tests-only-00"]);
}

#[test]
fn no_secret_is_told() {
    let scene = Scene::with_requests();
    let empty = Scene::new(User::new("alice").keys("AKIDALICE", "very-secret"));
    for path in ["/", "/requests/2", "/api/v1/users", "/api/v1/config", "/api/v1/requests"] {
        for scene in [&scene, &empty] {
            assert!(!text(&scene.get(path)).contains("very-secret"), "{path}");
        }
    }
}

#[test]
fn relaxed_checks_are_always_in_sight() {
    let mut scene = Scene::with_requests();
    scene.relaxed = vec![Relaxation::Signature, Relaxation::Expiry];
    check(&scene.get("/"), 200, HTML, &["<dt>Relaxed</dt><dd>signature, expiry</dd>"]);
    check(&scene.get("/api/v1/config"), 200, JSON, &[r#""relaxed":["signature","expiry"]"#]);
}

#[test]
fn the_policy_names_the_style_and_the_script_that_the_page_has() {
    let page = Scene::with_requests().get("/");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    for tag in ["style", "script"] {
        let (_, rest) = text(&page).split_once(&format!("<{tag}>")).unwrap();
        let (content, _) = rest.split_once(&format!("</{tag}>")).unwrap();
        let hash = page::hash_of(content);
        assert!(policy.contains(&format!("{tag}-src 'sha256-{hash}'")), "{policy}");
    }
}

#[test]
fn new_requests_come_as_events() {
    let scene = Scene::with_requests();
    let answer = scene.get("/api/v1/requests/live");
    assert_eq!(answer.headers[CONTENT_TYPE], "text/event-stream");
    let Body::Open(mut events) = answer.body else { panic!("no stream") };
    let mut next = || {
        let bytes = events.next().now_or_never()?;
        Some(bytes.map(|bytes| String::from_utf8(bytes.unwrap().to_vec()).unwrap()))
    };
    assert_eq!(next().unwrap().unwrap(), "retry: 1000\n\n");
    assert_eq!(next(), None);
    scene.keep(Entry { explanation: Some("two\nlines".to_owned()), ..entry("/new", 404, None) });
    let event = next().unwrap().unwrap();
    let data = event.strip_prefix("id: 3\ndata: ").unwrap().strip_suffix("\n\n").unwrap();
    let document: Value = serde_json::from_str(data).unwrap();
    assert_eq!(document["target"], "/new");
    assert_eq!(document["explanation"], "two\nlines");
    assert!(!data.contains('\n'));
    scene.journal.end_following();
    assert_eq!(next(), Some(None));
}

#[test]
fn rights_are_told_with_what_decides() {
    let scene = Scene::new(User::new("alice"));
    let ask = |query: &str| scene.get(&format!("/api/v1/access{query}"));
    let answer = ask("?as=alice&action=s3:GetObject&resource=s3%3A%2F%2Fphotos%2Fcat.jpg");
    let expected = r#"{"as":"alice","action":"s3:GetObject","resource":"s3://photos/cat.jpg","allowed":true,"because":"s3:GetObject of photos"}"#;
    check(&answer, 200, JSON, &[expected]);
    let denied = ask("?as=alice&action=s3:ListBucket&resource=arn:aws:s3:::photos");
    check(&denied, 200, JSON, &[r#""allowed":false"#]);
    for (query, status) in [
        ("", StatusCode::BAD_REQUEST),
        ("?as=alice&action=a&resource=photos", StatusCode::BAD_REQUEST),
        ("?as=bob&action=a&resource=s3://photos", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(ask(query).status, status, "{query}");
    }
}
