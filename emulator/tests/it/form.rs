//! What a browser sends, and where it is sent then.

use stuntbucket::Bucket;
use stuntbucket::CannedAcl;
use stuntbucket::Clock;
use stuntbucket::ConditionTest;
use stuntbucket::JudgedCondition;
use stuntbucket::Stuntbucket;
use stuntbucket_signer::sign::PostPolicy;

use crate::client::Answer;
use crate::client::Client;

const BOUNDARY: &str = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

fn emulator() -> Stuntbucket {
    Stuntbucket::builder()
        .bucket("uploads")
        .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
        .start()
        .unwrap()
}

pub(crate) fn policy(s3: &Stuntbucket) -> PostPolicy {
    PostPolicy::new("uploads", s3.clock().now().plus_seconds(600))
        .key_prefix("incoming/")
        .content_length_range(1..=100)
        .success_action_redirect("http://localhost:3000/done?from=form")
}

pub(crate) fn fields(s3: &Stuntbucket, policy: &PostPolicy) -> Vec<(String, String)> {
    policy.sign(&s3.credentials(), s3.region(), s3.clock().now()).fields
}

pub(crate) fn post(
    s3: &Stuntbucket,
    fields: &[(String, String)],
    filename: &str,
    file: &[u8],
) -> Answer {
    post_to(s3, "/uploads", fields, filename, file)
}

/// Sends a form with a file to this path.
pub(crate) fn post_to(
    s3: &Stuntbucket,
    path: &str,
    fields: &[(String, String)],
    filename: &str,
    file: &[u8],
) -> Answer {
    post_with(s3, path, &[], fields, filename, file)
}

/// The same with further headers.
fn post_with(
    s3: &Stuntbucket,
    path: &str,
    headers: &[(&str, &str)],
    fields: &[(String, String)],
    filename: &str,
    file: &[u8],
) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend_from_slice(part.as_bytes());
    }
    let part = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\n\
         Content-Type: image/png\r\n\r\n"
    );
    body.extend_from_slice(part.as_bytes());
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [&[("content-type", &*content_type)], headers].concat();
    Client::anonymous(s3).send("POST", path, &headers, &body)
}

/// ng-file-upload's issues 382 and 615: an app's interceptor adds its own header to every request.
#[test]
fn an_authorization_of_another_kind_is_refused_beside_a_form() {
    let s3 = emulator();
    let fields = fields(&s3, &policy(&s3));
    for authorization in ["Bearer abc", "Basic U1Q6", "garbage"] {
        let headers = [("authorization", authorization)];
        let answer = post_with(&s3, "/uploads", &headers, &fields, "cat.png", b"png");
        let answer = answer.expect(400, "InvalidArgument");
        assert_eq!(answer.element("Message").unwrap(), "Unsupported Authorization Type");
        assert_eq!(answer.element("ArgumentValue").unwrap(), authorization);
    }
    assert_eq!(s3.objects("uploads").unwrap(), [""; 0]);
}

#[test]
fn a_signed_form_uploads_and_leads_to_the_app() {
    let s3 = emulator();
    let answer = post(&s3, &fields(&s3, &policy(&s3)), "é ü 漢.png", b"picture");
    assert_eq!(answer.status, 303, "{}", s3.journal());
    let key = "incoming/é ü 漢.png";
    assert_eq!(s3.object("uploads", key).unwrap().unwrap(), b"picture");
    let etag = "5456fc54c74a297ce994998c2873b370";
    let expected = format!(
        "http://localhost:3000/done?from=form&bucket=uploads\
         &key=incoming%2F%C3%A9+%C3%BC+%E6%BC%A2.png&etag=%22{etag}%22"
    );
    assert_eq!(answer.header("location"), Some(&*expected));
    // The link that the app would hand out.
    let client = Client::owner(&s3);
    let link = client.presign("GET", "/uploads/incoming/%C3%A9%20%C3%BC%20%E6%BC%A2.png", 60);
    let got = Client::anonymous(&s3).get(&link);
    assert_eq!(got.body, b"picture");
    // The type is that of the field, and there is none; the type of the file's part is not it.
    assert_eq!(got.header("content-type"), Some("binary/octet-stream"));
}

#[test]
fn a_file_that_is_too_large_is_refused_with_its_size() {
    let s3 = emulator();
    let answer = post(&s3, &fields(&s3, &policy(&s3)), "a", &[1; 101]);
    let answer = answer.expect(400, "EntityTooLarge");
    assert_eq!(answer.element("ProposedSize").unwrap(), "101");
    assert_eq!(answer.element("MaxSizeAllowed").unwrap(), "100");
    post(&s3, &fields(&s3, &policy(&s3)), "a", b"").expect(400, "EntityTooSmall");
    assert_eq!(s3.objects("uploads").unwrap(), [""; 0]);
}

#[test]
fn a_large_file_passes_through() {
    let s3 = emulator();
    let policy = PostPolicy::new("uploads", s3.clock().now().plus_seconds(600)).key("large");
    let file: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()[n as usize % 3]).collect();
    assert_eq!(post(&s3, &fields(&s3, &policy), "large", &file).status, 204, "{}", s3.journal());
    assert!(s3.object("uploads", "large").unwrap().unwrap() == file);
}

#[test]
fn a_form_dies_with_its_policy_and_the_journal_lists_every_condition() {
    let s3 = emulator();
    let signed = fields(&s3, &policy(&s3));
    s3.clock().advance(std::time::Duration::from_secs(601));
    let answer = post(&s3, &signed, "a", b"x").expect(403, "AccessDenied");
    assert_eq!(answer.element("Message").unwrap(), "Invalid according to Policy: Policy expired.");
    let mut other = fields(&s3, &policy(&s3));
    other.iter_mut().find(|(name, _)| name == "key").unwrap().1 = "elsewhere/a".to_owned();
    let answer = post(&s3, &other, "a", b"x").expect(403, "AccessDenied");
    let message = answer.element("Message").unwrap().replace("&quot;", "\"");
    assert_eq!(
        message,
        "Invalid according to Policy: Policy Condition failed: \
         [\"starts-with\", \"$key\", \"incoming/\"]"
    );
    let entry = s3.journal().entries().pop().unwrap();
    assert!(entry.explanation.unwrap().contains("elsewhere/a"), "{}", s3.journal());
    let why = entry.why.unwrap();
    assert_eq!(
        why.advice.as_deref(),
        Some(
            "Send the field `key` with a value that starts with `incoming/`, or change the policy."
        )
    );
    let failed = |judged: &&JudgedCondition| !judged.outcome.is_fine();
    let failed: Vec<_> = why.conditions.iter().filter(failed).collect();
    let [failed] = &*failed else { panic!("{failed:?}") };
    let (field, prefix) = ("key".to_owned(), "incoming/".to_owned());
    assert_eq!(failed.test, ConditionTest::StartsWith { field, prefix });
}

#[test]
fn a_public_bucket_takes_forms_of_anybody() {
    let s3 = Stuntbucket::builder()
        .bucket(Bucket::new("uploads").before_2023(true).acl(CannedAcl::PublicReadWrite))
        .start()
        .unwrap();
    let form = [("key".to_owned(), "${filename}".to_owned())];
    assert_eq!(post(&s3, &form, "dir\\a.txt", b"x").status, 204, "{}", s3.journal());
    assert_eq!(s3.objects("uploads").unwrap(), ["a.txt"]);
    // What nobody wrote belongs to nobody: the bucket's owner is not let in.
    Client::owner(&s3).get("/uploads/a.txt").expect(403, "AccessDenied");
    assert_eq!(Client::anonymous(&s3).get("/uploads/a.txt").status, 200);
}
