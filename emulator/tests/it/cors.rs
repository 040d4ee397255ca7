//! Rules, preflights, and what scripts of other origins are told of answers.

use stuntbucket::Bucket;
use stuntbucket::CannedAcl;
use stuntbucket::CorsMethod;
use stuntbucket::CorsRule;
use stuntbucket::Stuntbucket;

use crate::client::Answer;
use crate::client::Client;
use crate::client::DIGEST;

const APP: &str = "http://localhost:3000";

fn emulator() -> Stuntbucket {
    let rule = CorsRule::new(APP)
        .methods([CorsMethod::Get, CorsMethod::Put])
        .header("content-type")
        .expose("ETag")
        .id("app");
    let s3 = Stuntbucket::builder()
        .bucket(Bucket::new("photos").cors([rule]))
        .bucket("closed")
        .start()
        .unwrap();
    s3.put_object("photos", "a", "abc").unwrap();
    s3
}

fn preflight(s3: &Stuntbucket, target: &str, headers: &[(&str, &str)]) -> Answer {
    Client::anonymous(s3).send("OPTIONS", target, headers, b"")
}

const METHOD: &str = "access-control-request-method";

#[test]
fn a_preflight_that_fits_is_answered_with_the_rule() {
    let s3 = emulator();
    let headers =
        [("origin", APP), (METHOD, "PUT"), ("access-control-request-headers", "Content-Type")];
    // The key need not be there, and a signature is one of the request to come.
    for target in ["/photos/new?X-Amz-Signature=nonsense&X-Amz-Algorithm=x", "/photos"] {
        let answer = preflight(&s3, target, &headers);
        assert_eq!((answer.status, answer.body.len()), (200, 0), "{}", s3.journal());
        for (name, value) in [
            ("access-control-allow-origin", APP),
            ("access-control-allow-credentials", "true"),
            ("access-control-allow-methods", "GET, PUT"),
            ("access-control-allow-headers", "content-type"),
            ("access-control-expose-headers", "ETag"),
            ("vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"),
            ("content-length", "0"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{name}");
        }
        assert_eq!(answer.header("access-control-max-age"), None);
    }
}

#[track_caller]
fn refused(
    s3: &Stuntbucket,
    target: &str,
    headers: &[(&str, &str)],
    status: u16,
    code: &str,
    method_and_resource: Option<(&str, &str)>,
) {
    let answer = preflight(s3, target, headers).expect(status, code);
    let found = answer.element("Method").zip(answer.element("ResourceType"));
    let found = found.as_ref().map(|(method, resource)| (&**method, &**resource));
    assert_eq!(found, method_and_resource);
    assert_eq!(answer.header("access-control-allow-origin"), None);
    assert_eq!(answer.header("vary"), None);
}

/// Recorded by LocalStack: `test_cors_http_options_*`, `test_cors_match_*`.
#[test]
fn a_preflight_that_does_not_fit_is_refused_in_the_words_of_s3() {
    let s3 = emulator();
    let (origin, put) = (("origin", APP), (METHOD, "PUT"));
    let forbidden = "AccessForbidden";
    refused(&s3, "/photos/a", &[], 400, "BadRequest", None);
    refused(&s3, "/absent", &[], 400, "BadRequest", None);
    refused(&s3, "/absent", &[origin], 403, forbidden, Some(("OPTIONS", "BUCKET")));
    refused(&s3, "/closed/a", &[origin, put], 403, forbidden, Some(("PUT", "BUCKET")));
    refused(&s3, "/closed/a", &[origin], 403, forbidden, Some(("OPTIONS", "BUCKET")));
    let other = ("origin", "http://localhost:3001");
    refused(&s3, "/photos/a", &[other, put], 403, forbidden, Some(("PUT", "OBJECT")));
    refused(&s3, "/photos", &[other, put], 403, forbidden, Some(("PUT", "BUCKET")));
    let delete = (METHOD, "DELETE");
    refused(&s3, "/photos/a", &[origin, delete], 403, forbidden, Some(("DELETE", "OBJECT")));
    let header = ("access-control-request-headers", "content-type,x-amz-date");
    refused(&s3, "/photos/a", &[origin, put, header], 403, forbidden, Some(("PUT", "OBJECT")));
    refused(&s3, "/photos/a", &[origin], 400, "BadRequest", None);
    refused(&s3, "/photos/a", &[origin, (METHOD, "FETCH")], 400, "BadRequest", None);
    let header = ("access-control-request-headers", "a b");
    refused(&s3, "/photos/a", &[origin, put, header], 400, "BadRequest", None);

    let told = preflight(&s3, "/photos/a", &[]);
    assert_eq!(told.header("connection"), Some("close"));
    let message = "Insufficient information. Origin request header needed.";
    assert_eq!(told.element("Message").unwrap(), message);
}

#[test]
fn the_journal_names_the_rule_that_nearly_fits() {
    let s3 = emulator();
    preflight(&s3, "/photos/a", &[("origin", "http://localhost:5173"), (METHOD, "PUT")]);
    let entry = s3.journal().entries().pop().unwrap();
    assert_eq!(entry.operation.as_deref(), Some("Preflight"));
    let explanation = entry.explanation.unwrap();
    for part in ["rule 1 (`app`)", "`http://localhost:5173`", APP, "only the port differs"] {
        assert!(explanation.contains(part), "{explanation}");
    }
    assert!(explanation.ends_with("Add `http://localhost:5173` to its AllowedOrigin."));
    assert!(entry.warnings.is_empty(), "{:?}", entry.warnings);
    let rule = entry.cors_rule.unwrap();
    assert_eq!((rule.number, rule.id.as_deref()), (1, Some("app")));
    let [miss] = &*rule.misses else { panic!("{rule:?}") };
    assert_eq!((miss.element, &*miss.allowed), ("AllowedOrigin", &[APP.to_owned()][..]));
    assert_eq!(miss.hint.as_deref(), Some("only the port differs"));
}

#[test]
fn answers_of_all_kinds_tell_scripts_what_they_may_see() {
    let s3 = emulator();
    let owner = Client::owner(&s3);
    let get = |target: &str, headers: &[(&str, &str)]| owner.send("GET", target, headers, b"");
    let etag = get("/photos/a", &[]).header("etag").unwrap().to_owned();
    for (method, target, more, status) in [
        ("GET", "/photos/a", None, 200),
        ("GET", "/photos/a", Some(("range", "bytes=0-1")), 206),
        ("GET", "/photos/a", Some(("if-none-match", &*etag)), 304),
        ("GET", "/photos/absent", None, 404),
        ("PUT", "/photos/b", None, 200),
        ("GET", "/photos/a?torrent", None, 501),
        // What the browser is going to do counts, and not what it does.
        ("DELETE", "/photos/b", Some((METHOD, "GET")), 204),
    ] {
        let headers: Vec<_> = [("origin", APP)].into_iter().chain(more).collect();
        let answer = owner.send(method, target, &headers, b"");
        assert_eq!(answer.status, status, "{method} {target}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(APP), "{method} {target}");
        assert_eq!(answer.header("access-control-expose-headers"), Some("ETag"));
        assert!(answer.header("vary").is_some());
    }
    let refused = Client::anonymous(&s3).send("GET", "/photos/a", &[("origin", APP)], b"");
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("access-control-allow-origin"), Some(APP));
    assert!(s3.journal().entries().iter().all(|entry| entry.warnings.is_empty()));

    // Without a rule that fits, S3 serves as if nothing were.
    for headers in [
        vec![("origin", "http://other")],
        vec![("origin", APP), (METHOD, "DELETE")],
        vec![("origin", APP), ("access-control-request-headers", "x-other")],
    ] {
        let answer = get("/photos/a", &headers);
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(answer.header("vary"), None);
    }
}

#[test]
fn the_journal_warns_where_a_browser_hides_the_real_error() {
    let s3 = emulator();
    let anonymous = Client::anonymous(&s3);
    let warnings = |headers: &[(&str, &str)]| {
        anonymous.send("GET", "/photos/a", headers, b"").expect(403, "AccessDenied");
        s3.journal().entries().pop().unwrap().warnings
    };
    let other = ("origin", "http://localhost:5173");
    let warned = warnings(&[other]);
    let expected = "a browser will report a CORS error; the real answer was 403 AccessDenied";
    assert!(warned.len() == 1 && warned[0].starts_with(expected), "{warned:?}");
    assert!(warned[0].contains("only the port differs"), "{warned:?}");
    assert!(warnings(&[("origin", APP)]).is_empty());
    assert!(warnings(&[]).is_empty());
    let owner = Client::owner(&s3);
    assert_eq!(
        owner.send("GET", "/photos/a", &[other, ("sec-fetch-mode", "cors")], b"").status,
        200
    );
    let hidden = s3.journal().entries().pop().unwrap().warnings;
    assert!(hidden[0].contains("although the request succeeded with 200"), "{hidden:?}");
    assert_eq!(owner.send("GET", "/photos/a", &[other], b"").status, 200);
    assert!(s3.journal().entries().pop().unwrap().warnings.is_empty());
    // A browser shows the answer to a form, and pages of the emulator itself see everything.
    assert!(warnings(&[other, ("sec-fetch-mode", "navigate")]).is_empty());
    assert!(warnings(&[("origin", &s3.endpoint())]).is_empty());
}

#[test]
fn forms_of_scripts_are_told_too() {
    let s3 = Stuntbucket::builder()
        .bucket(
            Bucket::new("uploads")
                .before_2023(true)
                .acl(CannedAcl::PublicReadWrite)
                .cors([CorsRule::new("null").methods([CorsMethod::Post])]),
        )
        .start()
        .unwrap();
    let headers = [("origin", "null"), ("content-type", "multipart/form-data; boundary=b")];
    let part = |name: &str, value: &str| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let key = part("key", "a");
    let to = part("success_action_redirect", "http://localhost/done");
    for (fields, status) in [(key.clone(), 204), (key + &to, 303), (to, 400)] {
        let form = fields + &part("file", "abc") + "--b--\r\n";
        let answer = Client::anonymous(&s3).send("POST", "/uploads", &headers, form.as_bytes());
        assert_eq!(answer.status, status, "{}", answer.text());
        assert_eq!(answer.header("access-control-allow-origin"), Some("null"));
    }
}

#[test]
fn the_configuration_is_put_read_and_deleted() {
    let s3 = emulator();
    let owner = Client::owner(&s3);
    let rule = "<CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>*</AllowedOrigin>\
                </CORSRule>";
    let document = format!("<CORSConfiguration>{rule}</CORSConfiguration>");
    let refused = owner.put("/closed?cors", document.as_bytes()).expect(400, "InvalidRequest");
    assert!(refused.element("Message").unwrap().starts_with("Missing required header"));
    let put = owner.send("PUT", "/closed?cors", &[DIGEST], document.as_bytes());
    assert_eq!(put.status, 400, "another body than the digest says");
    let put = owner.put_document("/closed?cors", &document);
    assert_eq!((put.status, put.body.len()), (200, 0));
    assert!(owner.get("/closed?cors").text().contains(rule));
    let got = owner.send("GET", "/closed/absent", &[("origin", "http://any")], b"");
    assert_eq!(got.header("access-control-allow-origin"), Some("*"));
    assert_eq!(got.header("access-control-allow-credentials"), None);
    for _ in 0..2 {
        assert_eq!(owner.send("DELETE", "/closed?cors", &[], b"").status, 204);
    }
    let none = owner.get("/closed?cors").expect(404, "NoSuchCORSConfiguration");
    assert_eq!(none.element("BucketName").unwrap(), "closed");
    owner.put_document("/closed?cors", "<CORSConfiguration/>").expect(400, "MalformedXML");
    owner.put_document("/closed?cors", "").expect(400, "MissingRequestBodyError");
}

#[test]
fn a_large_configuration_is_kept() {
    let s3 = emulator();
    let owner = Client::owner(&s3);
    let rule = |n| {
        format!(
            "<CORSRule><AllowedMethod>GET</AllowedMethod><AllowedOrigin>http://{n}.{}.example\
             </AllowedOrigin></CORSRule>",
            "long".repeat(50)
        )
    };
    let rules: String = (0..100).map(rule).collect();
    let document = format!("<CORSConfiguration>{rules}</CORSConfiguration>");
    assert_eq!(owner.put_document("/closed?cors", &document).status, 200, "{}", s3.journal());
    assert!(owner.get("/closed?cors").text().contains(&rules));
}

#[test]
fn rules_that_s3_would_refuse_do_not_start() {
    for (rule, complaint) in [
        (CorsRule::new("*"), "no method"),
        (CorsRule::new("*.*").methods([CorsMethod::Get]), "more than one wildcard"),
    ] {
        let error = Stuntbucket::builder().bucket(Bucket::new("photos").cors([rule])).start();
        let error = error.unwrap_err().to_string();
        assert!(error.contains("photos") && error.contains(complaint), "{error}");
    }
    let bucket = Bucket::new("photos").cors([CorsRule::permissive()]);
    let s3 = Stuntbucket::builder().bucket(bucket).start().unwrap();
    let headers = [
        ("origin", "null"),
        (METHOD, "DELETE"),
        ("access-control-request-headers", "x-anything,content-type"),
    ];
    assert_eq!(preflight(&s3, "/photos/a", &headers).status, 200);
}
