//! What stands in a request line and in `Host`: odd keys, odd queries, ports, and what is ignored.

use std::io::Write;

use stuntbucket::Bucket;
use stuntbucket::CannedAcl;
use stuntbucket::Stuntbucket;
use stuntbucket_signer::Payload;

use crate::client::Answer;
use crate::client::Client;
use crate::client::read;

fn emulator() -> Stuntbucket {
    Stuntbucket::builder().bucket("photos").domain("s3.test").start().unwrap()
}

/// A client that signs for this host, and asks the emulator all the same.
struct ByHost<'a> {
    s3: &'a Stuntbucket,
    signer: Client,
}

impl<'a> ByHost<'a> {
    fn new(s3: &'a Stuntbucket, host: &str) -> Self {
        let signer = Client::at(host, Some(s3.credentials()), s3.region(), s3.clock().now());
        Self { s3, signer }
    }

    fn send(&self, method: &str, target: &str, body: &[u8]) -> Answer {
        let length = body.len().to_string();
        let headers = [("content-length", &*length)];
        let head = self.signer.head(method, target, &headers, &Payload::of(body));
        send_raw(self.s3, method, &[&head, body].concat())
    }

    /// Fetches a link.
    fn fetch(&self, target: &str) -> Answer {
        let link = self.signer.presign("GET", target, 60);
        let host = &self.signer.authority;
        let head = format!("GET {link} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        send_raw(self.s3, "GET", head.as_bytes())
    }
}

fn send_raw(s3: &Stuntbucket, method: &str, bytes: &[u8]) -> Answer {
    let mut stream = Client::owner(s3).connect();
    stream.write_all(bytes).unwrap();
    read(&mut stream, method).unwrap()
}

/// Keys as they stand in a path, and what they are.
const KEYS: [(&str, &str); 29] = [
    ("a%20b", "a b"),
    // S3 reads a plus in a path as a space.
    ("a+b", "a b"),
    ("a%2Bb", "a+b"),
    ("a%2bb", "a+b"),
    ("~%7E", "~~"),
    ("/a", "/a"),
    ("a//b", "a//b"),
    ("//", "//"),
    ("a/", "a/"),
    // Nothing is normalized.
    (".", "."),
    ("..", ".."),
    ("./a", "./a"),
    ("a/../b", "a/../b"),
    ("a/./b/", "a/./b/"),
    ("%2E%2E/a", "../a"),
    ("%2Fa", "/a"),
    ("a%2Fb", "a/b"),
    ("a%252Fb", "a%2Fb"),
    ("%25", "%"),
    ("%E2%82%AC/%C3%A9", "€/é"),
    ("%F0%9F%98%80", "😀"),
    ("%01%0A%0D%1F%7F", "\u{1}\n\r\u{1f}\u{7f}"),
    ("a%3Fb%23c%26d%3De", "a?b#c&d=e"),
    ("a&b=c;d,e:f@g$h!i'j(k)l*m", "a&b=c;d,e:f@g$h!i'j(k)l*m"),
    ("%22%3C%3E%5C%5E%60%7B%7C%7D", "\"<>\\^`{|}"),
    ("%5Bx%5D", "[x]"),
    ("photos/k", "photos/k"),
    ("acl", "acl"),
    ("%EF%BF%BE", "\u{fffe}"),
];

#[test]
fn every_key_is_stored_under_its_own_name_in_both_styles() {
    let s3 = emulator();
    let port = s3.endpoint().rsplit_once(':').unwrap().1.to_owned();
    let by_path = ByHost::new(&s3, &format!("127.0.0.1:{port}"));
    let by_host = ByHost::new(&s3, &format!("photos.localhost:{port}"));
    for (written, key) in KEYS {
        for (client, target) in
            [(&by_path, format!("/photos/{written}")), (&by_host, format!("/{written}"))]
        {
            let put = client.send("PUT", &target, key.as_bytes());
            assert_eq!(put.status, 200, "{target}: {}\n{}", put.text(), s3.journal());
            assert_eq!(s3.objects("photos").unwrap(), [key], "{target}");
            assert_eq!(client.send("GET", &target, b"").text(), key, "{target}");
            assert_eq!(client.fetch(&target).text(), key, "{target}: {}", s3.journal());
            assert_eq!(client.send("DELETE", &target, b"").status, 204, "{target}");
        }
    }
}

#[test]
fn keys_that_cannot_be_are_refused_by_name() {
    let s3 = emulator();
    let client = Client::anonymous(&s3);
    for path in ["/photos/%", "/photos/%2", "/photos/%zz", "/photos/%ff%fe"] {
        let answer = client.get(path).expect(400, "InvalidURI");
        assert_eq!(answer.element("Message").unwrap(), "Couldn't parse the specified URI.");
    }
    let owner = Client::owner(&s3);
    let longest = "é".repeat(512);
    let written = "%C3%A9".repeat(512);
    assert_eq!(owner.put(&format!("/photos/{written}"), b"x").status, 200);
    assert_eq!(s3.objects("photos").unwrap(), [longest]);
    let answer = owner.put(&format!("/photos/{written}a"), b"x").expect(400, "KeyTooLongError");
    assert_eq!(answer.element("Size").unwrap(), "1025");
    assert_eq!(answer.element("MaxSizeAllowed").unwrap(), "1024");
}

#[test]
fn odd_queries_are_signed_as_they_are() {
    let s3 = emulator();
    s3.put_object("photos", "k", "x").unwrap();
    let client = ByHost::new(&s3, "localhost");
    for query in [
        "late",
        "late=",
        "late&late=&late=1",
        "b=2&a=1&a=0",
        "x-id=GetObject",
        "a=b=c",
        "a=%2F/%2f",
        "a=+%20",
        "%C3%A9=%E2%82%AC",
        "A=1&a=1",
        "a=~%7E",
        "a=;,:@!$'()*",
    ] {
        let target = format!("/photos/k?{query}");
        let answer = client.send("GET", &target, b"");
        assert_eq!(answer.text(), "x", "{target}: {}", s3.journal());
        assert_eq!(client.fetch(&target).text(), "x", "{target}: {}", s3.journal());
    }
    // Subresources too may have an empty value, or none.
    for query in ["location", "location="] {
        let answer = client.send("GET", &format!("/photos?{query}"), b"");
        assert!(answer.text().contains("<LocationConstraint"), "{query}: {}", answer.text());
    }
}

#[test]
fn of_a_parameter_that_is_there_twice_the_first_counts() {
    let s3 = emulator();
    for key in ["a", "b"] {
        s3.put_object("photos", key, "x").unwrap();
    }
    let client = ByHost::new(&s3, "localhost");
    let listed = client.send("GET", "/photos?list-type=2&prefix=b&prefix=a", b"");
    assert_eq!(listed.element("Key").as_deref(), Some("b"), "{}", listed.text());
    // One that is added to a link counts for nothing: neither for its life nor for its signature.
    let link = Client::owner(&s3).presign("GET", "/photos/a", 60);
    let anonymous = Client::anonymous(&s3);
    assert_eq!(anonymous.get(&format!("{link}&X-Amz-Expires=1")).status, 200, "{}", s3.journal());
    let (path, query) = link.split_once('?').unwrap();
    let shorter = format!("{path}?X-Amz-Expires=0&{query}");
    anonymous.get(&shorter).expect(403, "AccessDenied");
    anonymous.get(&format!("{link}&late=1")).expect(403, "SignatureDoesNotMatch");
    // Another order is the same.
    let reversed: Vec<_> = query.split('&').rev().collect();
    assert_eq!(anonymous.get(&format!("{path}?{}", reversed.join("&"))).status, 200);
}

#[test]
fn a_request_with_both_signatures_is_refused_before_either_is_looked_at() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let link = client.presign("GET", "/photos/k", 60);
    let head = String::from_utf8(client.head("GET", "/photos/k", &[], &Payload::of(b""))).unwrap();
    let both = head.replacen("GET /photos/k ", &format!("GET {link} "), 1);
    let answer = send_raw(&s3, "GET", both.as_bytes()).expect(400, "InvalidArgument");
    assert_eq!(answer.element("ArgumentName").unwrap(), "Authorization");
    assert!(answer.element("ArgumentValue").unwrap().starts_with("AWS4-HMAC-SHA256 Credential="));
    for (target, authorization) in [
        ("/photos/k?X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
        ("/photos/k?Signature=x", "Basic x"),
        ("/photos/k?X-Amz-Signature=x", "AWS nobody:x"),
    ] {
        let headers = [("authorization", authorization)];
        let answer = Client::anonymous(&s3).send("GET", target, &headers, b"");
        let answer = answer.expect(400, "InvalidArgument");
        assert_eq!(answer.element("ArgumentValue").unwrap(), authorization, "{target}");
    }
}

#[test]
fn a_host_is_signed_with_its_port_and_found_without_it() {
    let s3 = emulator();
    s3.put_object("photos", "k", "x").unwrap();
    for host in [
        "localhost",
        "localhost:8080",
        "LOCALHOST:1",
        "127.0.0.1",
        "[::1]:9000",
        "s3.test:65535",
        "unknown.example.org",
    ] {
        let client = ByHost::new(&s3, host);
        assert_eq!(client.send("GET", "/photos/k", b"").text(), "x", "{host}: {}", s3.journal());
    }
    for host in ["photos.localhost", "Photos.S3.Test:8080", "photos.s3.amazonaws.com:443"] {
        let client = ByHost::new(&s3, host);
        assert_eq!(client.send("GET", "/k", b"").text(), "x", "{host}: {}", s3.journal());
    }
    // Signed without the port, and sent with it.
    let client = ByHost::new(&s3, "localhost");
    let head = String::from_utf8(client.signer.head("GET", "/photos/k", &[], &Payload::of(b"")));
    let head = head.unwrap().replacen("host: localhost", "host: localhost:9000", 1);
    send_raw(&s3, "GET", head.as_bytes()).expect(403, "SignatureDoesNotMatch");
}

#[test]
fn http_1_0_without_a_host_is_path_style() {
    let s3 = Stuntbucket::builder()
        .bucket(Bucket::new("photos").before_2023(true).acl(CannedAcl::PublicRead))
        .start()
        .unwrap();
    let answer = send_raw(&s3, "GET", b"GET /photos HTTP/1.0\r\n\r\n");
    assert_eq!(answer.element("Name").as_deref(), Some("photos"), "{}", answer.text());
    send_raw(&s3, "GET", b"GET /photos/k HTTP/1.0\r\n\r\n").expect(404, "NoSuchKey");
}

#[test]
fn answers_can_be_overridden_by_whoever_signs() {
    let s3 = Stuntbucket::builder()
        .bucket(Bucket::new("photos").before_2023(true).acl(CannedAcl::PublicRead))
        .start()
        .unwrap();
    let client = ByHost::new(&s3, "localhost");
    client.send("PUT", "/photos/k?x-id=PutObject", b"x");
    let overrides = [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-language", "de"),
        ("expires", "Thu, 01 Dec 2033 16:00:00 GMT"),
        ("cache-control", "no-cache"),
        ("content-disposition", "attachment; filename=\"a b.txt\""),
        ("content-encoding", "gzip"),
    ];
    let query: Vec<_> = overrides
        .iter()
        .map(|(name, value)| {
            let value = stuntbucket_signer::encode::component(value.as_bytes());
            format!("response-{name}={value}")
        })
        .collect();
    let target = format!("/photos/k?{}", query.join("&"));
    for answer in [client.send("GET", &target, b""), client.fetch(&target)] {
        assert_eq!(answer.status, 200, "{}", s3.journal());
        for (name, value) in overrides {
            assert_eq!(answer.header(name), Some(value));
            let count = answer.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
            assert_eq!(count.count(), 1, "{name}");
        }
    }
    let head = client.send("HEAD", &target, b"");
    assert_eq!(head.header("content-language"), Some("de"));
    let anonymous = Client::anonymous(&s3).get(&target).expect(400, "InvalidRequest");
    assert_eq!(
        anonymous.element("Message").unwrap(),
        "Request specific response headers cannot be used for anonymous GET requests."
    );
    let unknown = client.fetch("/photos/k?response-late=1").expect(400, "InvalidArgument");
    assert_eq!(
        unknown.element("Message").unwrap(),
        "response-late is not in the set of overridable response headers. Please refer to the S3 \
         API documentation for a complete list of overridable response headers."
    );
    assert_eq!(unknown.element("ArgumentName").unwrap(), "response-late");
    assert_eq!(unknown.element("ArgumentValue").unwrap(), "1");
    let euro = client.fetch("/photos/k?response-cache-control=%E2%82%AC");
    let euro = euro.expect(400, "InvalidArgument");
    assert_eq!(
        euro.element("Message").unwrap(),
        "Header value cannot be represented using ISO-8859-1."
    );
    assert_eq!(euro.element("ArgumentName").unwrap(), "response-cache-control");
}

#[test]
fn what_does_not_matter_is_ignored() {
    let s3 = emulator();
    s3.put_object("photos", "k", "x").unwrap();
    let client = Client::owner(&s3);
    // A body where none belongs.
    assert_eq!(client.send("GET", "/photos/k", &[], b"a body").text(), "x", "{}", s3.journal());
    assert_eq!(client.send("HEAD", "/photos/k", &[], b"a body").status, 200);
    let link = client.presign("GET", "/photos/k", 60);
    assert_eq!(Client::anonymous(&s3).send("GET", &link, &[], b"a body").text(), "x");
    // And the connection is good for another request.
    let mut stream = client.connect();
    for _ in 0..2 {
        let headers = [("content-length", "6")];
        let head = client.head("GET", "/photos/k", &headers, &Payload::of(b"a body"));
        let head = String::from_utf8(head).unwrap().replace("connection: close\r\n", "");
        stream.write_all(&[head.as_bytes(), b"a body"].concat()).unwrap();
        assert_eq!(read(&mut stream, "GET").unwrap().text(), "x");
    }
    for headers in [
        [("expect", "garbage")],
        [("user-agent", "")],
        [("content-type", "")],
        [("x-amzn-trace-id", "Root=1")],
        [("accept-encoding", "gzip")],
    ] {
        let answer = client.send("PUT", "/photos/k", &headers, b"y");
        assert_eq!(answer.status, 200, "{headers:?}: {}", answer.text());
    }
    // A refused client that expects something else is not taken for one that waits.
    let body = vec![1; 3_000_000];
    let refused = Client::anonymous(&s3).send("PUT", "/photos/k", &[("expect", "garbage")], &body);
    refused.expect(403, "AccessDenied");
}

#[test]
fn names_that_are_no_bucket_are_told_as_such() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    client.put("/Upper", b"").expect(400, "InvalidBucketName");
    client.get("/missing/k").expect(404, "NoSuchBucket");
    // In front of the host too.
    let missing = ByHost::new(&s3, "missing.localhost").send("GET", "/k", b"");
    assert_eq!(missing.element("BucketName").as_deref(), Some("missing"), "{}", missing.text());
}

/// Documented; the texts are those that users of SDKs report.
#[test]
fn the_hosts_of_transfer_acceleration_serve_buckets_that_have_it_on() {
    let s3 = emulator();
    s3.put_object("photos", "a", "x").unwrap();
    let accelerated = ByHost::new(&s3, "photos.s3-accelerate.amazonaws.com");
    let set = |status: &str| {
        let document = format!("<Status>{status}</Status>");
        let document = format!("<AccelerateConfiguration>{document}</AccelerateConfiguration>");
        let answer = Client::owner(&s3).put("/photos?accelerate", document.as_bytes());
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    let check_refused = |state: &str| {
        let answer = accelerated.send("GET", "/a", b"").expect(400, "InvalidRequest");
        let expected = format!("S3 Transfer Acceleration is {state} on this bucket");
        assert_eq!(answer.element("Message").unwrap(), expected);
    };
    check_refused("not configured");
    set("Suspended");
    check_refused("disabled");
    set("Enabled");
    assert_eq!(accelerated.send("GET", "/a", b"").text(), "x");
}
