//! URLs and requests: good ones, and each spoiled in one way and in several.

use stuntbucket_signer::Message;
use stuntbucket_signer::Payload;

use super::*;

const LATE: [&str; 2] = ["--at", "2026-01-01T13:00:01Z"];

#[track_caller]
fn check(input: &str, flags: &[&str], expected: &[&str], signature: &str) {
    let document = said(input, flags).unwrap();
    assert_eq!(codes(&document), expected, "{input}\n{document:#}");
    assert_eq!(document["requests"][0]["signature"], signature, "{input}");
}

#[test]
fn a_url_is_good_until_it_is_spoiled() {
    const MALFORMED: &str = "AuthorizationQueryParametersError";
    const DENIED: &str = "AccessDenied";
    const DIFFERS: &str = "SignatureDoesNotMatch";
    let url = presigned("GET", CAT, &[], 3600);
    check(&url, &[], &[], "right");
    check(&url, &["--at", "2026-01-01T13:00:00Z"], &[], "right");
    check(&url, &LATE, &[DENIED], "right");
    check(&url, &["--at", "2026-01-01T11:00:00Z"], &[DENIED], "right");
    check(&url.replace("cat", "dog"), &[], &[DIFFERS], "wrong");
    check(&url.replace("cat", "dog"), &LATE, &[DENIED, DIFFERS], "wrong");
    check(&format!("{url}&x=1"), &[], &[DIFFERS], "wrong");
    check(&url, &["--method", "PUT"], &[DIFFERS], "wrong");
    check(&url.replace("s3.eu-west-1", "s3.us-west-2"), &[], &[MALFORMED, DIFFERS], "wrong");
    check(&url.replace("=3600", "=604801"), &[], &[MALFORMED, DIFFERS], "wrong");
    check(&url.replace("=3600", "=-1"), &[], &[MALFORMED, DENIED, DIFFERS], "wrong");
    check(&url.replace("=3600", "=x"), &[], &[MALFORMED], "not-judged");
    // Put right, it is what was signed.
    check(&url.replace("AWS4-HMAC-SHA256", "AWS4"), &[], &[MALFORMED], "right");
    check(&url.replace("%2Fs3%2F", "%2Fsqs%2F"), &LATE, &[MALFORMED, DENIED], "right");
    check(&url.replace("%2F20260101%2F", "%2F20260102%2F"), &LATE, &[DENIED, MALFORMED], "right");
    check(&url.replace("/cat.jpg", "/%zz"), &[], &["InvalidURI", DIFFERS], "wrong");
    let cut = url.split_once("&X-Amz-SignedHeaders").unwrap().0;
    check(cut, &[], &[MALFORMED], "not-judged");
    check(CAT, &[], &[DENIED], "none");
}

#[test]
fn a_url_that_was_signed_for_too_long_has_nothing_else_wrong() {
    // Signed by hand, since our own signer refuses to.
    let good = presigned("PUT", CAT, &[], 3600).replace("=3600", "=700000");
    let (start, _) = good.split_once("&X-Amz-Signature").unwrap();
    let (path, query) =
        start.split_once("/cat.jpg?").map(|(_, query)| ("/cat.jpg", query)).unwrap();
    let headers = [stuntbucket_signer::Header::new("host", "photos.s3.eu-west-1.amazonaws.com")];
    let message = Message { method: "PUT", path, query, headers: &headers };
    let signed = stuntbucket_signer::canonical::SignedHeaders::parse("host");
    let canonical = stuntbucket_signer::canonical::CanonicalRequest::new(
        &message,
        &signed,
        b"UNSIGNED-PAYLOAD",
    );
    let scope = stuntbucket_signer::Scope::s3(noon(), REGION);
    let text = stuntbucket_signer::canonical::string_to_sign(noon(), &scope, &canonical);
    let key = stuntbucket_signer::SigningKey::derive(&alice().secret_key, &scope);
    let url = format!("{start}&X-Amz-Signature={}", key.sign(text.as_bytes()).to_hex());
    check(&url, &[], &["AuthorizationQueryParametersError"], "right");
    assert_eq!(said(&url, &[]).unwrap()["requests"][0]["method"], "PUT");
}

/// The worked example of "Authenticating Requests: Using Query Parameters".
#[test]
fn the_example_of_the_s3_reference_is_good_for_a_day() {
    let url = "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
               &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
               &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
               &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    let user = "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    check(url, &["--user", user, "--at", "2013-05-25T00:00:00Z"], &[], "right");
    check(url, &["--user", user], &["AccessDenied"], "right");
}

#[test]
fn the_method_of_a_url_is_the_one_that_its_signature_fits() {
    for method in ["GET", "PUT", "HEAD", "DELETE"] {
        let document = said(&presigned(method, CAT, &[], 60), &[]).unwrap();
        assert_eq!(document["requests"][0]["method"], method);
    }
    let document = said_to(&presigned("PUT", CAT, &[], 60), &[], &Environment::default()).unwrap();
    assert_eq!(document["requests"][0]["method"], Value::Null);
}

#[test]
fn without_the_key_everything_but_the_signature_is_judged() {
    let url = presigned("GET", CAT, &[], 3600).replace("cat", "dog");
    let nothing = Environment::default();
    let document = said_to(&url, &[], &nothing).unwrap();
    assert!(codes(&document).is_empty(), "{document:#}");
    assert_eq!(document["requests"][0]["signature"], "not-judged");
    assert_eq!(codes(&said_to(&url, &LATE, &nothing).unwrap()), ["AccessDenied"]);
    let aws = Environment::from([
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "a-secret"),
    ]);
    assert_eq!(codes(&said_to(&url, &[], &aws).unwrap()), ["SignatureDoesNotMatch"]);
}

#[test]
fn a_signed_header_that_a_url_does_not_show_must_be_given() {
    let url = presigned("PUT", CAT, &[("content-type", "image/jpeg")], 60);
    check(&url, &[], &[], "not-judged");
    check(&url, &["--header", "Content-Type: image/jpeg"], &[], "right");
    check(&url, &["--header", "content-type:image/png"], &["SignatureDoesNotMatch"], "wrong");
    check(
        &presigned("PUT", CAT, &[], 60),
        &["--header", "x-amz-acl:private", "--method", "PUT"],
        &["AccessDenied"],
        "right",
    );
}

#[test]
fn the_region_is_the_hosts_or_a_flags() {
    let url = presigned("GET", "http://localhost:9000/photos/cat.jpg", &[], 60);
    check(&url, &[], &["AuthorizationQueryParametersError"], "right");
    check(&url, &["--region", REGION], &[], "right");
    let url = presigned("GET", "http://photos.files.test/cat.jpg", &[], 60);
    let document = said(&url, &["--region", REGION, "--domain", "Files.test"]).unwrap();
    assert_eq!(document["requests"][0]["bucket"], "photos");
    assert_eq!(document["requests"][0]["region_from"], "setting");
}

#[test]
fn where_nobody_knows_the_region_the_signature_is_believed() {
    let global = presigned("GET", "https://photos.s3.amazonaws.com/cat.jpg", &[], 60);
    let elsewhere = presigned("GET", "https://files.test/photos/cat.jpg", &[], 60);
    for url in [global, elsewhere] {
        check(&url, &[], &[], "right");
        check(&url, &["--region", "us-west-2"], &["AuthorizationQueryParametersError"], "right");
        assert_eq!(said(&url, &[]).unwrap()["requests"][0]["region_from"], "signature");
    }
}

#[test]
fn a_session_must_be_there_and_last() {
    let mut credentials = alice();
    credentials.session_token = Some("t/1".to_owned());
    let url = sign::presign_url("GET", CAT, &[], 3600, &credentials, REGION, noon()).unwrap();
    let token = ["--session-token", "t/1"];
    check(&url, &token, &[], "right");
    check(&url, &[], &["InvalidToken"], "right");
    check(&url, &["--session-token", "other"], &["InvalidToken"], "right");
    check(&presigned("GET", CAT, &[], 60), &token, &["InvalidAccessKeyId"], "right");
    let over = ["--session-token", "t/1", "--session-expires", "2026-01-01T12:00:30Z"];
    check(&url, &over, &["ExpiredToken"], "right");
    let text = said(&url, &token).unwrap().to_string();
    assert!(!text.contains("t/1") && !text.contains("t%2F1"), "{text}");
}

fn signed_request(body: &[u8]) -> String {
    let payload = Payload::of(body);
    let signed = sign::sign_request("PUT", CAT, &[], &payload, &alice(), REGION, noon()).unwrap();
    let mut head =
        "PUT /cat.jpg HTTP/1.1\r\nHost: photos.s3.eu-west-1.amazonaws.com\r\n".to_owned();
    for (name, value) in signed.headers {
        if !name.eq_ignore_ascii_case("host") {
            head += &format!("{name}: {value}\r\n");
        }
    }
    head
}

#[test]
fn a_saved_request_is_judged_with_its_body() {
    let head = signed_request(b"meow");
    check(&format!("{head}Content-Length: 4\r\n\r\nmeow"), &[], &[], "right");
    let other = format!("{head}Content-Length: 4\r\n\r\nwoof");
    check(&other, &[], &["XAmzContentSHA256Mismatch"], "right");
    check(
        &format!("{head}X-Amz-Acl: private\r\n"),
        &LATE,
        &["RequestTimeTooSkewed", "AccessDenied", "XAmzContentSHA256Mismatch"],
        "right",
    );
    check(
        &head.replace("cat", "dog").replace("/s3/", "/sqs/"),
        &[],
        &["AuthorizationHeaderMalformed", "SignatureDoesNotMatch", "XAmzContentSHA256Mismatch"],
        "wrong",
    );
    check("GET /b HTTP/1.1\nHost: localhost\n", &[], &["AccessDenied"], "none");
    check(
        "PATCH /b HTTP/1.1\nHost: localhost\n",
        &[],
        &["MethodNotAllowed", "AccessDenied"],
        "none",
    );
}

#[test]
fn curl_lines_and_recordings_are_judged_alike() {
    let url = presigned("PUT", CAT, &[], 3600);
    check(&format!("curl -X PUT -T cat.jpg '{url}'"), &[], &[], "right");
    check(&format!("curl '{url}'"), &[], &["SignatureDoesNotMatch"], "wrong");
    let har = format!(
        r#"{{"log": {{"entries": [{{"request": {{"method": "PUT", "url": "{url}", "headers":
        [{{"name": "x-amz-acl", "value": "private"}}]}}}},
        {{"request": {{"method": "PUT", "url": "{url}"}}}}]}}}}"#
    );
    let document = said(&har, &[]).unwrap();
    assert_eq!(codes(&document), ["AccessDenied"]);
    assert_eq!(document["requests"][1]["accepted"], true);
    assert_eq!(document["accepted"], false);
}

#[test]
fn what_is_no_request_to_s3_cannot_be_used() {
    for (input, complaint) in
        [("https://example.org/", "is no presigned URL"), ("nothing", "expected a presigned URL")]
    {
        let error = said(input, &[]).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains(complaint), "{error}");
    }
}

#[test]
fn a_person_reads_sections() {
    let flags =
        Arguments::read(["stuntbucket", "explain", "-"].iter().chain(&USER).map(OsString::from));
    let Ok(Command::Explain(flags)) = flags else { panic!("{flags:?}") };
    let input = presigned("GET", CAT, &[], 3600);
    let now = noon().plus_seconds(60);
    let (text, _) = explain(&flags, input.as_bytes(), &Environment::default(), now).unwrap();
    assert_eq!(
        text,
        "What it is\n  \
         a presigned URL: GET https://photos.s3.eu-west-1.amazonaws.com/cat.jpg\n  \
         operation: GetObject\n  \
         bucket: photos\n  \
         key: cat.jpg\n  \
         judged for region: eu-west-1\n  \
         signed with: AKIDEXAMPLE\n  \
         It is for GET (GetObject) on the object `cat.jpg` in the bucket `photos`, by whoever has \
         the URL, as often as they like until 2026-01-01T13:00:00Z.\n\n\
         What S3 says\n  \
         Accepted, as far as this can be judged without the bucket.\n  \
         The signature is the right one.\n\n\
         When\n  \
         judged at 2026-01-01T12:01:00Z\n  \
         signed at 2026-01-01T12:00:00Z, 1 min ago\n  \
         expires at 2026-01-01T13:00:00Z, in 59 min\n  \
         lifetime: 1 h (3600 s)\n\n\
         Risks\n  \
         none found"
    );
}

#[test]
fn what_was_copied_along_and_what_a_url_does_not_show_is_told() {
    let url = presigned("GET", CAT, &[], 3600);
    for text in [format!("\"{url}\""), format!("<{url}>"), format!("[a cat]({url})")] {
        assert!(input::is_itself(&text), "{text}");
        check(&text, &[], &[], "right");
    }
    let url = presigned("PUT", CAT, &[("content-type", "image/png")], 3600);
    assert!(said_text(&url).contains("Accepted only if the headers come with it"));
    assert!(said_text(CAT).contains("some method on the object `cat.jpg`"));
}

fn said_text(input: &str) -> String {
    let words = ["stuntbucket", "explain", "-"].iter().chain(&USER).map(OsString::from);
    let Ok(Command::Explain(flags)) = Arguments::read(words) else { panic!("{input}") };
    let now = noon().plus_seconds(60);
    explain(&flags, input.as_bytes(), &Environment::default(), now).unwrap().0
}

#[test]
fn a_wrong_signature_is_explained_in_parts() {
    let url = presigned("PUT", CAT, &[], 3600)
        .replace("cat.jpg", "cat.jpg?tracking=1")
        .replacen("?X-Amz", "&X-Amz", 1);
    let document = said(&url, &[]).unwrap();
    let request = &document["requests"][0];
    // The URL does not say it: PUT is what the signature fits but for the parameter.
    assert_eq!(request["method"], "PUT");
    let why = &request["refusals"][0]["why"];
    assert_eq!(why["certainty"], "certain");
    let what = why["what"].as_str().unwrap();
    assert!(what.ends_with("`tracking` of the query was added after signing."), "{what}");
    assert_eq!(why["diff"]["of"], "canonical request");
    let lines = why["diff"]["lines"].as_array().unwrap();
    let first: Vec<_> = lines.iter().filter(|line| line["is_first_difference"] == true).collect();
    let [first] = &*first else { panic!("{why:#}") };
    assert_eq!(first["side"], "client");
    assert!(!first["text"].as_str().unwrap().contains("tracking"), "{first}");
}

#[test]
fn the_secret_of_another_key_is_recognized() {
    let mixed = Credentials::new("AKIDOTHER", "a-secret");
    let url = sign::presign_url("GET", CAT, &[], 3600, &mixed, REGION, noon()).unwrap();
    let document = said(&url, &["--user", "AKIDOTHER:another-secret"]).unwrap();
    let why = document["requests"][0]["refusals"][0]["why"]["what"].as_str().unwrap();
    assert!(why.contains("with the secret of the access key `AKIDEXAMPLE`"), "{why}");
}
