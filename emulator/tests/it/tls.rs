//! HTTPS: certificates for every name, and the same HTTP behind it.

use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::ClientConnection;
use rustls::RootCertStore;
use rustls::StreamOwned;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use stuntbucket::StartErrorKind;
use stuntbucket::Stuntbucket;
use stuntbucket::StuntbucketBuilder;
use stuntbucket_signer::Payload;
use stuntbucket_signer::sign::PostPolicy;

use crate::client::Answer;
use crate::client::Client;
use crate::client::read;

type TlsStream = StreamOwned<ClientConnection, TcpStream>;

fn builder() -> StuntbucketBuilder {
    Stuntbucket::builder().bucket("photos").bucket("my.dotted.bucket").domain("s3.test").tls()
}

fn port(s3: &Stuntbucket) -> String {
    s3.endpoint().rsplit_once(':').unwrap().1.to_owned()
}

/// A connection to the emulator by this name, that trusts this certificate alone.
fn connect(s3: &Stuntbucket, name: &str, ca_pem: &str) -> TlsStream {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    StreamOwned::new(connection, Client::owner(s3).connect())
}

fn trusting(s3: &Stuntbucket, name: &str) -> TlsStream {
    connect(s3, name, s3.ca_certificate().unwrap())
}

/// A client that signs for this host, which stands in `Host` with the port.
fn client(s3: &Stuntbucket, host: &str) -> Client {
    let endpoint = format!("https://{host}:{}", port(s3));
    Client::at(&endpoint, Some(s3.credentials()), s3.region(), s3.clock().now())
}

fn send(stream: &mut TlsStream, head: &[u8], body: &[u8]) -> Answer {
    stream.write_all(head).unwrap();
    stream.write_all(body).unwrap();
    read(stream, "PUT").unwrap()
}

fn kept_alive(head: Vec<u8>) -> Vec<u8> {
    String::from_utf8(head).unwrap().replace("connection: close\r\n", "").into_bytes()
}

#[test]
fn every_name_has_a_certificate() {
    let s3 = builder().start().unwrap();
    s3.put_object("photos", "a", "abc").unwrap();
    s3.put_object("my.dotted.bucket", "a", "abc").unwrap();
    for (host, target) in [
        ("127.0.0.1", "/photos/a"),
        ("localhost", "/photos/a"),
        ("photos.localhost", "/a"),
        ("photos.s3.localhost", "/a"),
        ("my.dotted.bucket.localhost", "/a"),
        ("s3.test", "/photos/a"),
        ("my.dotted.bucket.s3.test", "/a"),
        ("photos.s3.us-east-1.amazonaws.com", "/a"),
        ("stuntbucket.compose.internal", "/photos/a"),
    ] {
        let head = client(&s3, host).head("GET", target, &[], &Payload::of(b""));
        let mut stream = trusting(&s3, host);
        let answer = send(&mut stream, &head, b"");
        assert_eq!(answer.body, b"abc", "{host}: {}", s3.journal());
        assert_eq!(stream.conn.alpn_protocol(), Some(&b"http/1.1"[..]));
    }
}

#[test]
fn emulators_do_not_vouch_for_each_other() {
    let (one, other) = (builder().start().unwrap(), builder().start().unwrap());
    let mut stream = connect(&one, "localhost", other.ca_certificate().unwrap());
    let error = stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap_err();
    assert!(error.to_string().contains("certificate"), "{error}");
    assert!(one.journal().entries().is_empty());
}

#[test]
fn plain_http_is_not_answered_there_and_no_certificate_is_offered_without_tls() {
    let s3 = builder().start().unwrap();
    let mut stream = Client::owner(&s3).connect();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
    let mut said = Vec::new();
    // An alert of TLS, or nothing.
    let _ = stream.read_to_end(&mut said);
    assert!(!said.starts_with(b"HTTP/"), "{said:?}");
    assert!(s3.journal().entries().is_empty());
    let plain = Stuntbucket::start().unwrap();
    assert_eq!((plain.ca_certificate(), plain.endpoint().starts_with("http://")), (None, true));
}

#[test]
fn a_connection_serves_one_request_after_the_other_until_it_is_closed() {
    let s3 = builder().start().unwrap();
    let client = client(&s3, "localhost");
    let mut stream = trusting(&s3, "localhost");
    for body in [&b"abc"[..], &[7; 300_000]] {
        let length = body.len().to_string();
        let headers = [("content-length", &*length)];
        let head = client.head("PUT", "/photos/a", &headers, &Payload::of(body));
        let answer = send(&mut stream, &kept_alive(head), body);
        assert_eq!((answer.status, answer.header("connection")), (200, None), "{}", s3.journal());
        assert_eq!(s3.object("photos", "a").unwrap().unwrap(), body);
    }
    let head = client.head("GET", "/photos/absent", &[], &Payload::of(b""));
    let answer = send(&mut stream, &head, b"").expect(404, "NoSuchKey");
    assert_eq!(answer.header("connection"), Some("close"));
    // The end is a proper one, which clients tell from a cut.
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
}

#[test]
fn a_client_that_waits_is_told_to_go_on() {
    let s3 = builder().start().unwrap();
    let headers = [("expect", "100-continue"), ("content-length", "3")];
    let head = client(&s3, "localhost").head("PUT", "/photos/a", &headers, &Payload::of(b"abc"));
    let mut stream = trusting(&s3, "localhost");
    stream.write_all(&head).unwrap();
    let mut told = [0; 25];
    stream.read_exact(&mut told).unwrap();
    assert_eq!(told.as_slice(), b"HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(send(&mut stream, b"", b"abc").status, 200);
}

#[test]
fn a_header_section_that_is_too_large_is_refused() {
    let s3 = builder().start().unwrap();
    let filler = "x".repeat(9000);
    let client = client(&s3, "localhost");
    let head = client.head("GET", "/photos/a", &[("x-filler", &filler)], &Payload::of(b""));
    let answer = send(&mut trusting(&s3, "localhost"), &head, b"");
    let answer = answer.expect(400, "RequestHeaderSectionTooLarge");
    assert_eq!(answer.element("MaxSizeAllowed").unwrap(), "8192");
}

#[test]
fn a_refused_client_that_sends_it_all_first_reads_the_answer() {
    let s3 = builder().start().unwrap();
    let body = vec![1; 5_000_000];
    let length = body.len().to_string();
    let anonymous = Client::at(&s3.endpoint(), None, "", s3.clock().now());
    let headers = [("content-length", &*length)];
    let head = anonymous.head("PUT", "/photos/a", &headers, &Payload::Unsigned);
    send(&mut trusting(&s3, "localhost"), &head, &body).expect(403, "AccessDenied");
}

#[test]
fn the_location_of_a_form_has_the_scheme_of_the_client() {
    let s3 = builder().start().unwrap();
    let policy = PostPolicy::new("photos", s3.clock().now().plus_seconds(600)).key("a b");
    let fields = policy.sign(&s3.credentials(), s3.region(), s3.clock().now()).fields;
    let part = |(name, value): &(String, String)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body: String = fields.iter().map(part).collect();
    body.push_str("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n");
    let head = format!(
        "POST / HTTP/1.1\r\nhost: photos.localhost\r\ncontent-length: {}\r\n\
         content-type: multipart/form-data; boundary=b\r\n\r\n",
        body.len()
    );
    let mut stream = trusting(&s3, "photos.localhost");
    let answer = send(&mut stream, head.as_bytes(), body.as_bytes());
    assert_eq!(answer.status, 204, "{}", s3.journal());
    assert_eq!(answer.header("location"), Some("https://photos.localhost/a%20b"));
}

#[test]
fn a_certificate_can_be_given() {
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap().pem();
    let s3 = Stuntbucket::builder()
        .bucket("photos")
        .tls_with(&certificate, key.serialize_pem())
        .start()
        .unwrap();
    assert_eq!(s3.ca_certificate(), None);
    let head = client(&s3, "localhost").head("GET", "/photos/a", &[], &Payload::of(b""));
    send(&mut connect(&s3, "localhost", &certificate), &head, b"").expect(404, "NoSuchKey");

    let error = Stuntbucket::builder().tls_with(&certificate, "none").start().unwrap_err();
    assert_eq!(error.kind(), StartErrorKind::Config);
    assert!(error.to_string().contains("private key"), "{error}");
}

#[test]
fn a_stop_waits_neither_for_idle_connections_nor_for_handshakes() {
    let s3 = builder().start().unwrap();
    let silent = Client::owner(&s3).connect();
    let mut idle = trusting(&s3, "localhost");
    let head = client(&s3, "localhost").head("GET", "/photos/a", &[], &Payload::of(b""));
    send(&mut idle, &kept_alive(head), b"").expect(404, "NoSuchKey");
    s3.shutdown();
    drop((silent, idle));
}

/// A version is a number to policies, and there is none without TLS.
#[test]
fn policies_see_the_version_of_tls() {
    for (builder, is_denied) in [(builder(), [true, false]), (Stuntbucket::builder(), [false; 2])] {
        let s3 = builder.bucket("box").start().unwrap();
        s3.put_object("box", "a", "x").unwrap();
        for (condition, is_denied) in [
            (r#"{"NumericGreaterThanEquals": {"s3:TlsVersion": "1.3"}}"#, is_denied[0]),
            (r#"{"NumericLessThan": {"s3:TlsVersion": 1.3}}"#, is_denied[1]),
        ] {
            let document = format!(
                r#"{{"Statement": {{"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
                    "Resource": "arn:aws:s3:::box/*", "Condition": {condition}}}}}"#
            );
            let ask = |method: &str, target: &str, body: &[u8]| {
                let length = body.len().to_string();
                let headers = [("content-length", &*length)];
                let client = client(&s3, "localhost");
                let head = client.head(method, target, &headers, &Payload::of(body));
                match s3.ca_certificate() {
                    Some(_) => send(&mut trusting(&s3, "localhost"), &head, body),
                    None => Client::owner(&s3).send(method, target, &[], body),
                }
            };
            assert_eq!(ask("PUT", "/box?policy", document.as_bytes()).status, 204);
            let expected = if is_denied { 403 } else { 200 };
            assert_eq!(ask("GET", "/box/a", b"").status, expected, "{condition}");
        }
    }
}
