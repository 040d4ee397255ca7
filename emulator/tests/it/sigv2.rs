//! Signature Version 2 over the wire, and what is said of signatures that differ.

use stuntbucket::Bucket;
use stuntbucket::Certainty;
use stuntbucket::Clock;
use stuntbucket::Compared;
use stuntbucket::Side;
use stuntbucket::Stuntbucket;
use stuntbucket::User;
use stuntbucket_signer::Payload;
use stuntbucket_signer::sign;

use crate::client::Client;

fn emulator() -> Stuntbucket {
    Stuntbucket::builder()
        .user(User::new("alice"))
        .user(User::new("bob"))
        .bucket("photos")
        .bucket(Bucket::new("bilder").region("eu-central-1"))
        .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
        .start()
        .unwrap()
}

/// A link of Version 2 for ten minutes, as a target.
fn link(s3: &Stuntbucket, method: &str, target: &str, headers: &[(&str, &str)]) -> String {
    let endpoint = s3.endpoint();
    let url = format!("{endpoint}{target}");
    let expires = s3.clock().now().plus_seconds(600);
    let url =
        sign::presign_url_v2(method, &url, headers, None, &s3.credentials(), expires).unwrap();
    url.strip_prefix(&endpoint).unwrap().to_owned()
}

#[test]
fn a_link_writes_and_reads_until_it_ends() {
    let s3 = emulator();
    let anyone = Client::anonymous(&s3);
    let target = link(&s3, "PUT", "/photos/a%20b?x-amz-meta-color=light%20blue", &[]);
    assert_eq!(anyone.put(&target, b"cat").status, 200, "{}", s3.journal());
    let target = link(&s3, "GET", "/photos/a%20b?response-content-type=text%2Fplain", &[]);
    let answer = anyone.get(&target);
    assert_eq!((answer.status, answer.text().as_str()), (200, "cat"), "{}", s3.journal());
    assert_eq!(answer.header("content-type"), Some("text/plain"));
    assert_eq!(answer.header("x-amz-meta-color"), Some("light blue"));
    s3.clock().advance(std::time::Duration::from_secs(601));
    let answer = anyone.get(&target).expect(403, "AccessDenied");
    assert_eq!(answer.element("Message").unwrap(), "Request has expired");
    assert_eq!(answer.element("Expires").unwrap(), "2026-01-01T00:10:00Z");
    assert_eq!(answer.element("X-Amz-Expires"), None);
}

#[test]
fn newer_regions_refuse_it_and_name_themselves() {
    let s3 = emulator();
    let target = link(&s3, "GET", "/bilder/a", &[]);
    let answer = Client::anonymous(&s3).get(&target).expect(400, "InvalidRequest");
    assert_eq!(answer.header("x-amz-bucket-region"), Some("eu-central-1"));
    assert!(s3.journal().to_string().contains("signature_version=\"s3v4\""), "{}", s3.journal());
}

#[test]
fn the_bucket_of_the_host_is_signed() {
    let s3 = emulator();
    let port = s3.endpoint().rsplit_once(':').unwrap().1.to_owned();
    let host = format!("photos.localhost:{port}");
    let url = format!("http://{host}/a");
    let now = s3.clock().now();
    let headers =
        sign::sign_request_v2("PUT", &url, &[], Some("photos"), &s3.credentials(), now).unwrap();
    let mut client = Client::anonymous(&s3);
    let address = std::mem::replace(&mut client.authority, host);
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut all = headers.clone();
    all.push(("content-length", "0"));
    let head = client.head("PUT", "/a", &all, &stuntbucket_signer::Payload::Unsigned);
    client.authority = address;
    let mut stream = client.connect();
    std::io::Write::write_all(&mut stream, &head).unwrap();
    let answer = crate::client::read(&mut stream, "PUT").unwrap();
    assert_eq!(answer.status, 200, "{}", s3.journal());
}

#[test]
fn a_signature_that_differs_is_explained_in_the_journal() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let target = client.presign("PUT", "/photos/a", 600);
    client.get("/photos/a").expect(404, "NoSuchKey");
    Client::anonymous(&s3).get(&target).expect(403, "SignatureDoesNotMatch");
    let said = s3.journal().to_string();
    assert!(said.contains("it was signed for PUT, and was sent as GET"), "{said}");
    assert!(said.contains("> - PUT"), "{said}");
    let why = s3.journal().entries().pop().unwrap().why.unwrap();
    assert_eq!(why.certainty, Certainty::Certain);
    assert!(why.advice.unwrap().starts_with("Sign for GET"), "{said}");
    let diff = why.diff.unwrap();
    let first = diff.lines.iter().find(|line| line.is_first_difference).unwrap();
    assert_eq!(
        (diff.of, first.side, &*first.text),
        (Compared::CanonicalRequest, Side::Client, "PUT")
    );

    let mut keys = s3.user("bob").credentials();
    keys.access_key_id = s3.user("alice").credentials().access_key_id;
    let confused = Client::at(&s3.endpoint(), Some(keys), s3.region(), s3.clock().now());
    confused.get("/photos/a").expect(403, "SignatureDoesNotMatch");
    let bob = s3.user("bob").credentials().access_key_id;
    let said = s3.journal().to_string();
    assert!(said.contains(&format!("signed with the secret of the access key `{bob}`")), "{said}");
}

#[test]
fn a_chunk_with_the_signature_of_its_request_is_explained() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let headers = [
        ("content-length", "177"),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "5"),
    ];
    let head = client.head("PUT", "/photos/a", &headers, &Payload::SignedChunks);
    let head = String::from_utf8(head).unwrap();
    let (_, signature) = head.split_once("Signature=").unwrap();
    let chunk = format!(";chunk-signature={}\r\n", &signature[..64]);
    let body = format!("5{chunk}hello\r\n0{chunk}\r\n");
    assert_eq!(body.len(), 177);
    let mut stream = client.connect();
    std::io::Write::write_all(&mut stream, format!("{head}{body}").as_bytes()).unwrap();
    let answer = crate::client::read(&mut stream, "PUT").unwrap();
    answer.expect(403, "SignatureDoesNotMatch");
    let what = s3.journal().entries().pop().unwrap().why.unwrap().what;
    assert!(
        what.contains(
            "signature of chunk 1 of the body does not match: it is the signature of the request"
        ),
        "{what}"
    );
}
