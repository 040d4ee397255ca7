//! Temporary keys: who gets them, what they are good for, and how they end.

use std::io::Write;
use std::time::Duration;

use stuntbucket::Clock;
use stuntbucket::Credentials;
use stuntbucket::Stuntbucket;
use stuntbucket::User;
use stuntbucket_signer::Header;
use stuntbucket_signer::Message;
use stuntbucket_signer::Payload;
use stuntbucket_signer::Scope;
use stuntbucket_signer::SigningKey;
use stuntbucket_signer::canonical;
use stuntbucket_signer::canonical::CanonicalRequest;
use stuntbucket_signer::canonical::SignedHeaders;
use stuntbucket_signer::sign::PostPolicy;

use crate::client::Answer;
use crate::client::Client;
use crate::client::read;

const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
const ROLE: &str = "RoleArn=arn%3Aaws%3Aiam%3A%3A000000000001%3Arole%2Fteam%2Freader";

fn emulator() -> Stuntbucket {
    Stuntbucket::builder()
        .user(User::new("alice"))
        .user(User::new("root").root(true))
        .bucket("photos")
        .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
        .full_time_travel()
        .start()
        .unwrap()
}

/// Posts a form, signed for STS in another region than the emulator's, as SDKs of that region do.
fn ask(s3: &Stuntbucket, credentials: Option<&Credentials>, parameters: &str) -> Answer {
    let form = format!("{parameters}&Version=2011-06-15");
    let host = Client::anonymous(s3).authority;
    let at = s3.clock().now();
    let date = at.basic();
    let mut headers = vec![("content-type", FORM), ("host", &host), ("x-amz-date", &date)];
    let token = credentials.and_then(|credentials| credentials.session_token.clone());
    headers.extend(token.as_deref().map(|token| ("x-amz-security-token", token)));
    let list = headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
    let mut head = "POST / HTTP/1.1\r\n".to_owned();
    if let Some(credentials) = credentials {
        let fields: Vec<_> = headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        let message = Message { method: "POST", path: "/", query: "", headers: &fields };
        let hash = Payload::of(form.as_bytes()).header_value();
        let signed = SignedHeaders::parse(&list);
        let canonical = CanonicalRequest::new(&message, &signed, hash.as_bytes());
        let scope = Scope { service: "sts".to_owned(), ..Scope::s3(at, "eu-central-1") };
        let text = canonical::string_to_sign(at, &scope, &canonical);
        let signature = SigningKey::derive(&credentials.secret_key, &scope).sign(text.as_bytes());
        head.push_str(&format!(
            "authorization: AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={list}, \
             Signature={signature}\r\n",
            credentials.access_key_id
        ));
    } else {
        headers.retain(|(name, _)| *name != "x-amz-date");
    }
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\nconnection: close\r\n\r\n{form}", form.len()));
    let mut stream = Client::anonymous(s3).connect();
    stream.write_all(head.as_bytes()).unwrap();
    read(&mut stream, "POST").unwrap()
}

/// The keys in an answer.
fn keys(answer: &Answer) -> Credentials {
    let element = |name: &str| answer.element(name).unwrap_or_else(|| panic!("{}", answer.text()));
    let mut keys = Credentials::new(element("AccessKeyId"), element("SecretAccessKey"));
    keys.session_token = Some(element("SessionToken"));
    keys
}

fn session(s3: &Stuntbucket, seconds: u32) -> Credentials {
    let asked = format!("Action=GetSessionToken&DurationSeconds={seconds}");
    keys(&ask(s3, Some(&s3.credentials()), &asked))
}

#[test]
fn a_role_is_assumed_under_its_own_name() {
    let s3 = emulator();
    let asked = format!("Action=AssumeRole&{ROLE}&RoleSessionName=me%40work");
    let answer = ask(&s3, Some(&s3.credentials()), &asked);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/xml")));
    let arn = "arn:aws:sts::000000000001:assumed-role/reader/me@work";
    assert_eq!(answer.element("Arn").unwrap(), arn);
    assert!(answer.element("AssumedRoleId").unwrap().ends_with(":me@work"));
    assert_eq!(answer.element("Expiration").unwrap(), "2026-01-01T01:00:00Z");
    assert_eq!(answer.header("x-amzn-requestid"), answer.element("RequestId").as_deref());
    assert!(answer.text().contains(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>"
    ));
    let keys = keys(&answer);
    assert!(keys.access_key_id.starts_with("ASIA"));
    assert_eq!(Client::holding(&s3, keys.clone()).put("/photos/a", b"1").status, 200);
    assert_eq!(s3.journal().entries().pop().unwrap().caller.as_deref(), Some("reader/me@work"));
    let who = ask(&s3, Some(&keys), "Action=GetCallerIdentity");
    assert_eq!(who.element("Arn").unwrap(), arn);
    assert_eq!(who.element("Account").unwrap(), "000000000001");
}

#[test]
fn a_session_works_in_every_form_and_dies() {
    let s3 = emulator();
    let keys = session(&s3, 900);
    let client = Client::holding(&s3, keys.clone());
    assert_eq!(client.put("/photos/a", b"abc").status, 200, "{}", s3.journal());
    let link = client.presign("GET", "/photos/a", 604_800);
    let anonymous = Client::anonymous(&s3);
    assert_eq!(anonymous.get(&link).body, b"abc", "{}", s3.journal());
    let policy = PostPolicy::new("photos", s3.clock().now().plus_seconds(86_400)).key("form");
    let fields = policy.sign(&keys, s3.region(), s3.clock().now()).fields;
    assert_eq!(crate::form::post_to(&s3, "/photos", &fields, "a", b"x").status, 204);

    s3.clock().advance(Duration::from_mins(15));
    let dead = anonymous.get(&link).expect(400, "ExpiredToken");
    assert_eq!(dead.element("Message").unwrap(), "The provided token has expired.");
    let explanation = s3.journal().entries().pop().unwrap().explanation.unwrap();
    for part in ["2026-01-01T00:15:00Z", "2026-01-08T00:00:00Z", "dies with its session"] {
        assert!(explanation.contains(part), "{explanation}");
    }
    Client::holding(&s3, keys.clone()).get("/photos/a").expect(400, "ExpiredToken");
    crate::form::post_to(&s3, "/photos", &fields, "a", b"x").expect(400, "ExpiredToken");
    ask(&s3, Some(&keys), "Action=GetCallerIdentity").expect(403, "ExpiredToken");
}

/// Temporary keys say whether a device was there, others say nothing.
#[test]
fn policies_see_that_no_device_was_there_for_temporary_keys() {
    let s3 = emulator();
    let root = Client::user(&s3, "root");
    let document = r#"{"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::photos/*",
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "false"}}}}"#;
    assert_eq!(root.put("/photos?policy", document.as_bytes()).status, 204);
    assert_eq!(Client::owner(&s3).put("/photos/a", b"x").status, 200);
    let temporary = Client::holding(&s3, session(&s3, 900));
    temporary.put("/photos/a", b"x").expect(403, "AccessDenied");
}

#[test]
fn a_temporary_key_needs_its_own_token() {
    let s3 = emulator();
    let (keys, other) = (session(&s3, 900), session(&s3, 900));
    let with = |token: Option<String>| {
        Client::holding(&s3, Credentials { session_token: token, ..keys.clone() })
    };
    let answer = with(other.session_token.clone()).get("/photos").expect(400, "InvalidToken");
    assert_eq!(answer.element("Token-0"), other.session_token);
    with(None).get("/photos").expect(403, "InvalidAccessKeyId");
    let mut fixed = s3.credentials();
    fixed.session_token = keys.session_token.clone();
    Client::holding(&s3, fixed).get("/photos").expect(400, "InvalidToken");
}

#[test]
fn sts_has_its_own_documents_and_codes() {
    let s3 = emulator();
    let answer = ask(&s3, None, "Action=GetCallerIdentity");
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ErrorResponse \
         xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>\
         <Code>MissingAuthenticationToken</Code><Message>Request is missing Authentication \
         Token</Message></Error><RequestId>{}</RequestId></ErrorResponse>",
        answer.header("x-amzn-requestid").unwrap()
    );
    assert_eq!((answer.status, answer.text()), (403, expected));

    let alice = s3.credentials();
    let unknown = Credentials::new("AKIAUNKNOWN000000000", "x");
    let wrong = Credentials::new(&*alice.access_key_id, "x");
    let root = s3.user("root").credentials();
    let assume = |more: &str| format!("Action=AssumeRole&{more}");
    for (keys, asked, status, code) in [
        (&unknown, "Action=GetCallerIdentity".to_owned(), 403, "InvalidClientTokenId"),
        (&wrong, "Action=GetCallerIdentity".to_owned(), 403, "SignatureDoesNotMatch"),
        (&alice, "Action=Fly".to_owned(), 400, "InvalidAction"),
        (&alice, "Action=GetFederationToken".to_owned(), 501, "NotImplemented"),
        (&alice, "a=b".to_owned(), 400, "MissingAction"),
        (&alice, assume("RoleSessionName=me"), 400, "ValidationError"),
        (&alice, assume(ROLE), 400, "ValidationError"),
        (&alice, assume(&format!("{ROLE}&RoleSessionName=m")), 400, "ValidationError"),
        (
            &alice,
            assume("RoleArn=arn%3Aaws%3Aiam%3A%3A000000000002%3Arole%2Fr&RoleSessionName=me"),
            403,
            "AccessDenied",
        ),
        (&alice, assume(&format!("{ROLE}&RoleSessionName=me&Policy=x")), 501, "NotImplemented"),
        (
            &alice,
            assume(&format!("{ROLE}&RoleSessionName=me&DurationSeconds=899")),
            400,
            "ValidationError",
        ),
        (
            &alice,
            assume(&format!("{ROLE}&RoleSessionName=me&DurationSeconds=43201")),
            400,
            "ValidationError",
        ),
        (
            &alice,
            "Action=GetSessionToken&DurationSeconds=129601".to_owned(),
            400,
            "ValidationError",
        ),
        (&alice, "Action=GetSessionToken&DurationSeconds=x".to_owned(), 400, "MalformedInput"),
        (&session(&s3, 900), "Action=GetSessionToken".to_owned(), 403, "AccessDenied"),
        (&root, assume(&format!("{ROLE}&RoleSessionName=me")), 403, "AccessDenied"),
    ] {
        let answer = ask(&s3, Some(keys), &asked);
        let found = answer.element("Code").unwrap_or_default();
        assert_eq!((answer.status, &*found), (status, code), "{asked}: {}", answer.text());
    }
}

#[test]
fn what_is_no_call_goes_to_s3() {
    let s3 = emulator();
    // The scope of S3 decides, whatever the form says.
    let client = Client::owner(&s3);
    let body = b"Action=GetCallerIdentity&Version=2011-06-15";
    client.send("POST", "/", &[("content-type", FORM)], body).expect(405, "MethodNotAllowed");
    let anonymous = Client::anonymous(&s3);
    let refused = anonymous.send("POST", "/", &[("content-type", FORM)], b"a=b");
    refused.expect(405, "MethodNotAllowed");
    let query = "/?Action=GetCallerIdentity&Version=2011-06-15";
    let answer = anonymous.get(query);
    assert_eq!(answer.element("Code").unwrap(), "MissingAuthenticationToken");
    let in_bucket = format!("/photos{}", &query[1..]);
    anonymous.get(&in_bucket).expect(403, "AccessDenied");
}
