use super::*;

const URL: &str = "https://photos.s3.eu-west-1.amazonaws.com/k?X-Amz-Signature=0";

fn kind(text: &str) -> Result<Kind, String> {
    read(text.as_bytes(), &Given::default()).map(|input| input.kind)
}

#[track_caller]
fn check(text: &str, expected: Kind) {
    assert_eq!(kind(text), Ok(expected), "{text}");
}

#[test]
fn an_input_says_itself_what_it_is() {
    check(URL, Kind::Url);
    check(&format!("\u{feff} \"{URL}\"\n"), Kind::Url);
    check(&format!("curl '{URL}' \\\n -X PUT"), Kind::Curl);
    check("GET /b/k HTTP/1.1\r\nHost: h\r\n\r\n", Kind::RawRequest);
    check(r#"{"url": "https://h/b", "fields": {"key": "k"}}"#, Kind::JsonForm);
    check("<form action='https://h/b' method=post><input name=key></form>", Kind::HtmlForm);
    let har = format!(
        r#"{{"log": {{"entries": [{{"request": {{"method": "GET", "url": "{URL}"}}}}]}}}}"#
    );
    check(&har, Kind::Har);
}

#[track_caller]
fn check_unusable(text: &str, complaint: &str) {
    let error = kind(text).unwrap_err();
    assert!(error.contains(complaint), "{text}: {error}");
    assert_eq!(error.lines().count(), 1, "{error}");
}

#[test]
fn what_cannot_be_used_is_told_in_one_line() {
    check_unusable("", "the input is empty; expected a presigned URL");
    check_unusable("hello", "expected a presigned URL");
    check_unusable("{", "this is no JSON");
    check_unusable("{}", "no `url` with `fields`");
    check_unusable("https://h/a b", "has no ' ' in it");
    check_unusable(&URL.replace('?', "?a&amp;"), "copied out of HTML");
    check_unusable("<form action=x><input name=a></form>", "no form for S3");
    check_unusable("<form><input name=key></form>", "say it with --endpoint");
    check_unusable("GET /b HTTP/1.1\n", "no `Host`");
    check_unusable(r#"{"log": {"entries": []}}"#, "no request to S3 among its 0");
    check_unusable("curl 'https://h", "is not closed");
    check_unusable(
        "POST /b HTTP/1.1\nHost: h\nContent-Type: multipart/form-data; boundary=b\n",
        "in full",
    );
}

#[test]
fn of_a_recording_only_requests_to_s3_count() {
    let entry = |method: &str, url: &str| {
        format!(r#"{{"request": {{"method": "{method}", "url": "{url}"}}}}"#)
    };
    let entries = [
        entry("GET", "http://localhost:3000/app.js"),
        entry("OPTIONS", URL),
        entry("GET", URL),
        entry("GET", "https://sqs.eu-west-1.amazonaws.com/"),
        entry("GET", "http://files.test/b/k"),
    ];
    let har = format!(r#"{{"log": {{"entries": [{}]}}}}"#, entries.join(","));
    let mut given = Given::default();
    assert_eq!(read(har.as_bytes(), &given).unwrap().subjects.len(), 1);
    given.bases.push("files.test".to_owned());
    let subjects = read(har.as_bytes(), &given).unwrap().subjects;
    assert_eq!(subjects.len(), 2);
    assert_eq!(subjects[1].place.as_deref(), Some("request 5 of 5"));
}

#[test]
fn the_file_is_named_where_its_name_is_known() {
    let line = "curl -F key=a/'${filename}' -F file=@dir/cat.jpg -F late=1 https://b.h/";
    let input = read(line.as_bytes(), &Given::default()).unwrap();
    let Content::Form(form) = &input.subjects[0].content else { panic!() };
    assert_eq!(form.field("KEY"), Some("a/cat.jpg"));
    assert_eq!(form.after_file, ["late"]);
}

#[test]
fn flags_say_what_an_input_does_not() {
    let given = Given {
        endpoint: Some("http://127.0.0.1:9000".to_owned()),
        fields: vec![("Content-Type".to_owned(), "image/png".to_owned())],
        ..Given::default()
    };
    let page = "<form action=/photos method=post><input name=key value=k></form>";
    let input = read(page.as_bytes(), &given).unwrap();
    let Content::Form(form) = &input.subjects[0].content else { panic!() };
    assert_eq!(form.request.url(), "http://127.0.0.1:9000/photos");
    assert_eq!(form.field("content-type"), Some("image/png"));
    assert_eq!(form.refused.as_ref().unwrap().error.status, 412);
}

proptest::proptest! {
    #[test]
    fn no_input_is_too_odd(bytes: Vec<u8>, text in "(<form |\\{\"url\":|curl |https://h/|GET / HTTP/1.1\n|\"|'|\\}|[a-z]|é)*") {
        let _ = (read(&bytes, &Given::default()), read(text.as_bytes(), &Given::default()));
    }
}
