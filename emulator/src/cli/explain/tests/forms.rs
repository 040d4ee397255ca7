//! Forms: as HTML, as JSON, as a browser or curl sends them.

use stuntbucket_signer::sign::PostPolicy;

use super::*;

const BUCKET: &str = "https://photos.s3.eu-west-1.amazonaws.com/";

fn policy() -> PostPolicy {
    PostPolicy::new("photos", noon().plus_seconds(3600))
        .key_prefix("u/")
        .content_length_range(1..=9)
}

fn fields(policy: &PostPolicy) -> Vec<(String, String)> {
    policy.sign(&alice(), REGION, noon()).fields
}

fn json(fields: &[(String, String)]) -> String {
    let pairs: Vec<_> = fields.iter().map(|(name, value)| [name, value]).collect();
    serde_json::json!({"url": BUCKET, "fields": pairs}).to_string()
}

fn html(fields: &[(String, String)]) -> String {
    let input = |(name, value): &(String, String)| {
        format!("<input type=hidden name=\"{name}\" value=\"{value}\">")
    };
    let inputs: String = fields.iter().map(input).collect();
    format!(
        "<form action='{BUCKET}' method=post enctype=multipart/form-data>{inputs}\
         <input type=file name=file></form>"
    )
}

fn multipart(fields: &[(String, String)], file: &str) -> String {
    let part = |(name, value): &(String, String)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let parts: String = fields.iter().map(part).collect();
    format!(
        "{parts}--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n\
         {file}\r\n--b--\r\n"
    )
}

fn changed(name: &str, value: &str) -> Vec<(String, String)> {
    let mut fields = fields(&policy());
    match fields.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) => value.clone_into(known),
        None => fields.push((name.to_owned(), value.to_owned())),
    }
    fields
}

fn without(name: &str) -> Vec<(String, String)> {
    let mut fields = fields(&policy());
    fields.retain(|(known, _)| known != name);
    fields
}

#[track_caller]
fn check(input: &str, flags: &[&str], expected: &[&str]) {
    let document = said(input, flags).unwrap();
    assert_eq!(messages(&document), expected, "{document:#}");
}

#[test]
fn a_form_is_good_in_every_way_of_writing_it() {
    let fields = fields(&policy());
    for input in [json(&fields), html(&fields)] {
        let document = said(&input, &[]).unwrap();
        assert!(codes(&document).is_empty(), "{document:#}");
        assert_eq!(document["requests"][0]["key"], "u/example.bin");
        assert_eq!(document["requests"][0]["times"]["seconds_left"], 3540);
    }
    let body = multipart(&fields, "meow");
    let raw = format!(
        "POST / HTTP/1.1\r\nHost: photos.s3.eu-west-1.amazonaws.com\r\nContent-Type: \
         multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let har = serde_json::json!({"log": {"entries": [{"request": {"method": "POST", "url": BUCKET,
        "headers": [{"name": "content-type", "value": "multipart/form-data; boundary=b"}],
        "postData": {"mimeType": "multipart/form-data; boundary=b", "text": body}}}]}});
    let flag = |(name, value): &(String, String)| format!(" -F '{name}={value}'");
    let flags: String = fields.iter().map(flag).collect();
    let curl = format!("curl{flags} -F file=@dir/a.txt {BUCKET}");
    for input in [raw, har.to_string(), curl] {
        let document = said(&input, &[]).unwrap();
        assert!(codes(&document).is_empty(), "{document:#}");
        assert_eq!(document["requests"][0]["key"], "u/a.txt");
    }
}

#[test]
fn every_fault_of_a_form_is_told() {
    const DIFFERS: &str = "The request signature we calculated does not match the signature you \
                           provided. Check your key and signing method.";
    const KEY: &str = "Invalid according to Policy: Policy Condition failed: [\"starts-with\", \
                       \"$key\", \"u/\"]";
    const EXTRA: &str = "Invalid according to Policy: Extra input fields: acl";
    let late = ["--at", "2026-01-01T13:00:01Z"];
    check(&json(&changed("key", "k")), &[], &[KEY]);
    check(&json(&changed("acl", "private")), &[], &[EXTRA]);
    let mut both = changed("key", "k");
    both.push(("acl".to_owned(), "private".to_owned()));
    check(&json(&both), &late, &["Invalid according to Policy: Policy expired.", KEY, EXTRA]);
    check(&json(&changed("x-amz-signature", &"0".repeat(64))), &[], &[DIFFERS]);
    check(
        &json(&changed("policy", "%")),
        &[],
        &[DIFFERS, "Invalid Policy: invalid Base64 encoding."],
    );
    check(
        &json(&without("x-amz-algorithm")),
        &[],
        &[
            "Bucket POST must contain a field named 'X-Amz-Algorithm'.  If it is specified, please \
             check the order of the fields.",
            "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$x-amz-algorithm\", \
             \"AWS4-HMAC-SHA256\"]",
        ],
    );
    check(
        &json(&without("key")),
        &[],
        &[
            "Bucket POST must contain a field named 'key'.  If it is specified, please check the order \
         of the fields.",
            KEY,
        ],
    );
    let elsewhere = json(&fields(&policy())).replace("s3.eu-west-1", "s3.us-west-2");
    check(&elsewhere, &[], &["the region 'eu-west-1' is wrong; expecting 'us-west-2'"]);
    let other = json(&fields(&policy())).replace("//photos.", "//other.");
    check(
        &other,
        &[],
        &[
            "Invalid according to Policy: Policy Condition failed: [\"eq\", \"$bucket\", \"photos\"]",
        ],
    );
    let as_text = html(&fields(&policy())).replace("enctype=multipart/form-data", "");
    check(&as_text, &[], &["At least one of the pre-conditions you specified did not hold"]);
    check(&json(&[("key".to_owned(), "k".to_owned())]), &[], &["Access Denied"]);
}

#[test]
fn every_condition_has_its_verdict() {
    let document = said(&json(&changed("key", "k")), &[]).unwrap();
    let conditions = document["requests"][0]["conditions"].as_array().unwrap();
    let failed: Vec<_> = conditions.iter().filter(|one| one["met"] == false).collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["meaning"], "`key` starts with `u/`.");
    assert_eq!(failed[0]["problem"], "it is `k`");
    assert!(conditions.iter().any(|one| one["meaning"] == "The file has from 1 to 9 bytes."));
}

#[test]
fn the_size_of_a_file_that_is_there_is_judged() {
    let body = multipart(&fields(&policy()), "ten bytes!");
    let raw = format!(
        "POST / HTTP/1.1\r\nHost: photos.s3.eu-west-1.amazonaws.com\r\nContent-Type: \
         multipart/form-data; boundary=b\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    check(&raw, &[], &["Your proposed upload exceeds the maximum allowed size"]);
    let cut = raw
        .replace("Disposition: form-data; name=\"file\"", "Disposition: form-data; nine=\"file\"");
    assert_eq!(codes(&said(&cut, &[]).unwrap()), ["MalformedPOSTRequest"]);
}

#[test]
fn fields_can_be_given_that_the_page_adds() {
    let input = json(&fields(&policy().content_type_prefix("image/")));
    check(
        &input,
        &[],
        &["Invalid according to Policy: Policy Condition failed: [\"starts-with\", \
         \"$Content-Type\", \"image/\"]"],
    );
    check(&input, &["--field", "Content-Type=image/png"], &[]);
}
