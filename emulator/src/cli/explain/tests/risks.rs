//! What a reviewer would raise.

use stuntbucket_signer::sign::PostPolicy;

use super::*;

#[track_caller]
fn check(input: &str, flags: &[&str], expected: &[&str]) {
    let document = said(input, flags).unwrap();
    assert_eq!(risk_names(&document), expected, "{input}\n{document:#}");
}

const UPLOAD: [&str; 3] = ["no-size-limit", "any-content-type", "unchecked-upload"];

#[test]
fn urls() {
    let get = |url: &str| presigned("GET", url, &[], 60);
    let with = |parameters: &str| get(&format!("{CAT}?{parameters}"));
    check(&get(CAT), &[], &[]);
    check(&presigned("GET", CAT, &[], 7200), &[], &[]);
    check(&presigned("GET", CAT, &[], 604_800), &[], &["long-lived"]);
    let years = noon().plus_seconds(10 * 365 * 86_400);
    let of_v2 = sign::presign_url_v2("GET", CAT, &[], None, &alice(), years).unwrap();
    check(&of_v2, &[], &["long-lived"]);
    check(&presigned("PUT", CAT, &[], 60), &[], &UPLOAD);
    check(&presigned("PUT", CAT, &[], 3601), &[], &[&["long-lived-upload"], &UPLOAD[..]].concat());
    let signed = [("content-length", "4"), ("content-type", "a/b"), ("content-md5", "x")];
    check(&presigned("PUT", CAT, &signed, 60), &["--method", "PUT"], &[]);
    let public = [&UPLOAD[..], &["public-acl"]].concat();
    let url = presigned("PUT", &format!("{CAT}?x-amz-acl=public-read"), &[], 60);
    check(&url, &[], &public);
    check(&with("response-content-type=text%2Fhtml%3Bcharset%3Dutf-8"), &[], &["active-content"]);
    let saved = "response-content-type=text%2Fhtml&response-content-disposition=attachment";
    check(&with(saved), &[], &[]);
    check(&with("api_key=12345"), &[], &["secret-in-url"]);
    check(&with("x=wJalrXUtnFEMI%2FK7MDENG%2FbPxRfiCYEXAMPLEKEY"), &[], &["secret-in-url"]);
    check(&with("x=a-secret"), &[], &["secret-in-url"]);
    check(&get(CAT).replace("//", "//me:word@"), &[], &["secret-in-url"]);
    check(&get(&CAT.replace("https", "http")), &[], &["http-endpoint"]);
    check(&get("http://127.0.0.1:9000/b/k"), &["--region", REGION], &[]);
    check(&get("https://files.test/b/k"), &["--region", REGION], &["unknown-host"]);
    check(&get("https://files.test/b/k"), &["--region", REGION, "--domain", "files.test"], &[]);
    check(&get(&CAT.replace("cat.jpg", "photos/cat.jpg")), &[], &["bucket-twice"]);
    check(&get(&CAT.replace("photos", "my.photos")), &[], &["dotted-bucket"]);
}

#[test]
fn sessions() {
    let mut credentials = Credentials::new("ASIAEXAMPLE", "b-secret");
    let mut sign = |token: Option<&str>| {
        credentials.session_token = token.map(str::to_owned);
        sign::presign_url("GET", CAT, &[], 3600, &credentials, REGION, noon()).unwrap()
    };
    let (with, without) = (sign(Some("t")), sign(None));
    check(&with, &[], &["ends-with-session"]);
    check(&without, &[], &["temporary-key-without-token"]);
    let user = ["--user", "ASIAEXAMPLE:b-secret", "--session-token", "t"];
    let nothing = Environment::default();
    let early = [&user[..], &["--session-expires", "2026-01-01T12:30:00Z"]].concat();
    let document = said_to(&with, &early, &nothing).unwrap();
    assert_eq!(risk_names(&document), ["outlives-session"]);
    assert_eq!(document["requests"][0]["times"]["seconds_left"], 29 * 60);
    let late = [&user[..], &["--session-expires", "2026-01-01T13:00:00Z"]].concat();
    assert!(risk_names(&said_to(&with, &late, &nothing).unwrap()).is_empty());
}

fn form(policy: &PostPolicy) -> String {
    let form = policy.sign(&alice(), REGION, noon());
    let pairs: Vec<_> = form.fields.iter().map(|(name, value)| [name, value]).collect();
    let url = "https://photos.s3.eu-west-1.amazonaws.com/";
    serde_json::json!({"url": url, "fields": pairs}).to_string()
}

#[test]
fn forms() {
    let policy = |seconds| {
        PostPolicy::new("photos", noon().plus_seconds(seconds))
            .content_length_range(0..=9)
            .content_type("image/png")
    };
    check(&form(&policy(3600).key("k")), &[], &[]);
    check(&form(&policy(3600).key_prefix("u/")), &[], &[]);
    check(&form(&policy(3600).key_prefix("")), &[], &["any-key"]);
    check(&form(&policy(3600).key_prefix("u")), &[], &["prefix-without-slash"]);
    check(&form(&policy(3601).key("k")), &[], &["long-lived-upload"]);
    check(&form(&policy(604_800).key("k")), &[], &["long-lived"]);
    check(&form(&policy(60).key("k").acl("public-read")), &[], &["public-acl"]);
    let redirect = |url| form(&policy(60).key("k").success_action_redirect(url));
    check(&redirect("http://app.test/done"), &[], &["http-redirect"]);
    check(&redirect("http://localhost:3000/done"), &[], &[]);
    check(&redirect("https://app.test/done"), &[], &[]);
    check(&redirect("/done"), &[], &["ignored-redirect"]);
    let bare = PostPolicy::new("photos", noon().plus_seconds(60)).key("k");
    check(&form(&bare), &[], &["no-size-limit", "no-content-type"]);
    let open = PostPolicy::new("photos", noon().plus_seconds(60))
        .key("k")
        .content_length_range(0..=9)
        .content_type_prefix("");
    check(&form(&open), &["--field", "Content-Type=x"], &["any-content-type"]);
    let elsewhere = form(&policy(60).key("k")).replace("//photos.", "//other.");
    check(&elsewhere, &[], &["other-bucket"]);
    let page = "<form action='http://localhost/b' enctype=multipart/form-data><input name=key \
                value=k><input type=file name=file><input name=late></form>";
    check(page, &[], &["fields-after-file", "not-posted"]);
}

#[test]
fn spans_are_said_in_two_units() {
    for (seconds, expected) in [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3661, "1 h 1 min"),
        (604_800, "7 d"),
        (86_405, "1 d"),
    ] {
        assert_eq!(risk::span(seconds), expected);
    }
}
