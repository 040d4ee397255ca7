//! Heads, bodies that end early, early refusals: what a client sees on the wire.

use std::io::Read;
use std::io::Write;

use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;
use stuntbucket_signer::Payload;

use crate::client::Client;
use crate::client::read;

fn emulator() -> Stuntbucket {
    Stuntbucket::builder().bucket("photos").start().unwrap()
}

#[test]
fn every_answer_has_the_headers_of_s3() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let date = s3.clock().now().http();
    for (method, target, status) in [
        ("PUT", "/photos/a", 200),
        ("GET", "/photos/a", 200),
        ("DELETE", "/photos/a", 204),
        ("GET", "/photos/a", 404),
        ("GET", "/photos/a?torrent", 501),
        ("POST", "/", 405),
    ] {
        let answer = client.send(method, target, &[], b"");
        assert_eq!(answer.status, status, "{method} {target}");
        assert_eq!(answer.header("x-amz-request-id").unwrap().len(), 16);
        assert_eq!(answer.header("x-amz-id-2").unwrap().len(), 76);
        assert_eq!(answer.header("server"), Some("AmazonS3"));
        assert_eq!(answer.header("date").unwrap().len(), date.len());
    }
}

#[test]
fn answers_without_a_body_have_none() {
    let s3 = emulator();
    s3.put_object("photos", "a", "abc").unwrap();
    let client = Client::owner(&s3);
    let deleted = client.send("DELETE", "/photos/absent", &[], b"");
    assert_eq!((deleted.header("content-type"), deleted.header("content-length")), (None, None));
    let head = client.send("HEAD", "/photos/a", &[], b"");
    assert_eq!((head.status, head.header("content-length")), (200, Some("3")));
    let missing = client.send("HEAD", "/photos/absent", &[], b"");
    assert_eq!((missing.status, missing.body.len()), (404, 0));
    let etag = head.header("etag").unwrap().to_owned();
    let same = client.send("GET", "/photos/a", &[("if-none-match", &etag)], b"");
    assert_eq!((same.status, same.header("etag")), (304, Some(&*etag)));
    assert_eq!(same.header("content-length"), None);
}

#[test]
fn some_documents_have_no_media_type() {
    let s3 = emulator();
    s3.put_object("photos", "a", "abc").unwrap();
    let client = Client::owner(&s3);
    let tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>";
    client.put_document("/photos?tagging", tags);
    for (query, media_type) in [
        ("?versioning", None),
        ("?tagging", None),
        ("/a?tagging", None),
        ("?publicAccessBlock", None),
        ("?encryption", None),
        ("?location", Some("application/xml")),
        ("?acl", Some("application/xml")),
        ("?list-type=2", Some("application/xml")),
    ] {
        let answer = client.get(&format!("/photos{query}"));
        assert_eq!((answer.status, answer.header("content-type")), (200, media_type), "{query}");
    }
}

#[test]
fn an_error_document_has_the_form_of_s3() {
    let s3 = emulator();
    let answer = Client::owner(&s3).get("/photos/no%26ne");
    assert_eq!(answer.header("content-type"), Some("application/xml"));
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code><Message>The \
         specified key does not exist.</Message><Key>no&amp;ne</Key><RequestId>{}</RequestId>\
         <HostId>{}</HostId></Error>",
        answer.header("x-amz-request-id").unwrap(),
        answer.header("x-amz-id-2").unwrap(),
    );
    assert_eq!(answer.text(), expected);
}

#[test]
fn some_error_documents_have_no_declaration() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let id = client.send("POST", "/photos/a?uploads", &[], b"").element("UploadId").unwrap();
    let (part, upload) = (format!("/photos/a?uploadId={id}&partNumber=1"), "/photos/a?uploadId=x");
    let (source, md5) =
        (("x-amz-copy-source", "photos/none"), ("content-md5", "mYEy/p6aQl7ARuRx1n/qCg=="));
    for (method, target, header, is_declared) in [
        ("PUT", "/photos/a", source, false),
        ("PUT", "/none/a", source, true),
        ("PUT", &*part, source, false),
        ("POST", upload, md5, false),
        ("POST", "/photos?delete", md5, false),
        ("POST", "/photos?delete", ("content-md5", "x"), true),
        ("PUT", "/photos?ownershipControls", md5, false),
        ("PUT", "/photos?tagging", md5, true),
    ] {
        let body: &[u8] = if header == md5 { b"no xml" } else { b"" };
        let answer = client.send(method, target, &[header], body);
        assert!((400..500).contains(&answer.status), "{method} {target}");
        let text = answer.text();
        let begin = if is_declared { "<?xml version" } else { "<Error><Code>" };
        assert!(text.starts_with(begin), "{method} {target} {header:?}: {text}");
    }
}

#[test]
fn a_refused_client_that_waits_is_spared_the_upload() {
    let s3 = emulator();
    let client = Client::anonymous(&s3);
    let headers = [("expect", "100-continue"), ("content-length", "20000000")];
    let mut stream = client.connect();
    stream.write_all(&client.head("PUT", "/photos/a", &headers, &Payload::Unsigned)).unwrap();
    let answer = read(&mut stream, "PUT").unwrap();
    answer.expect(403, "AccessDenied");
}

#[test]
fn an_accepted_client_that_waits_is_told_to_go_on() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let headers = [("expect", "100-continue"), ("content-length", "3")];
    let mut stream = client.connect();
    stream.write_all(&client.head("PUT", "/photos/a", &headers, &Payload::of(b"abc"))).unwrap();
    let mut told = [0; 25];
    stream.read_exact(&mut told).unwrap();
    assert_eq!(told.as_slice(), b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"abc").unwrap();
    assert_eq!(read(&mut stream, "PUT").unwrap().status, 200);
}

#[test]
fn a_refused_client_that_sends_it_all_first_reads_the_answer() {
    let s3 = emulator();
    let body = vec![1; 20_000_000];
    Client::anonymous(&s3).put("/photos/a", &body).expect(403, "AccessDenied");
    assert_eq!(s3.object("photos", "a").unwrap(), None);
}

#[test]
fn a_connection_serves_one_request_after_the_other() {
    let s3 = emulator();
    s3.put_object("photos", "a", "abc").unwrap();
    let client = Client::owner(&s3);
    let mut stream = client.connect();
    for status in [200, 404, 200] {
        let key = if status == 200 { "a" } else { "b" };
        let target = format!("/photos/{key}");
        let head = client.head("GET", &target, &[], &Payload::of(b""));
        let head = String::from_utf8(head).unwrap().replace("connection: close\r\n", "");
        stream.write_all(head.as_bytes()).unwrap();
        assert_eq!(read(&mut stream, "GET").unwrap().status, status);
    }
}

#[test]
fn a_refused_upload_leaves_the_connection_usable() {
    let s3 = emulator();
    let client = Client::anonymous(&s3);
    let mut stream = client.connect();
    let body = vec![1; 1_000_000];
    let length = body.len().to_string();
    for _ in 0..3 {
        let headers = [("content-length", &*length)];
        let head = client.head("PUT", "/photos/a", &headers, &Payload::Unsigned);
        let head = String::from_utf8(head).unwrap().replace("connection: close\r\n", "");
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
        read(&mut stream, "PUT").unwrap().expect(403, "AccessDenied");
    }
}

#[test]
fn headers_are_counted_in_bytes_and_not_in_lines() {
    let s3 = emulator();
    let names: Vec<_> = (0..120).map(|number| format!("x-amz-meta-a{number}")).collect();
    let headers: Vec<_> = names.iter().map(|name| (&**name, "1")).collect();
    let answer = Client::owner(&s3).send("PUT", "/photos/a", &headers, b"");
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn a_body_that_ends_early_leaves_nothing() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let headers = [("content-length", "1000000")];
    let mut stream = client.connect();
    stream.write_all(&client.head("PUT", "/photos/a", &headers, &Payload::Unsigned)).unwrap();
    stream.write_all(&[1; 400_000]).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    // Whether an answer still comes is not promised; that nothing is stored is.
    let _ = read(&mut stream, "PUT");
    assert_eq!(s3.objects("photos").unwrap(), [""; 0]);
}

#[test]
fn a_put_says_how_long_it_is() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let mut stream = client.connect();
    stream.write_all(&client.head("PUT", "/photos/a", &[], &Payload::of(b""))).unwrap();
    read(&mut stream, "PUT").unwrap().expect(411, "MissingContentLength");

    let mut stream = client.connect();
    let headers = [("transfer-encoding", "chunked")];
    stream.write_all(&client.head("PUT", "/photos/a", &headers, &Payload::Unsigned)).unwrap();
    stream.write_all(b"3\r\nabc\r\n0\r\n\r\n").unwrap();
    let answer = read(&mut stream, "PUT").unwrap().expect(501, "NotImplemented");
    assert_eq!(answer.element("Header").unwrap(), "Transfer-Encoding");
    assert_eq!(s3.objects("photos").unwrap(), [""; 0]);
}

#[test]
fn sdks_over_https_send_chunks_in_chunks() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let headers = [
        ("transfer-encoding", "chunked"),
        ("content-encoding", "aws-chunked"),
        ("x-amz-decoded-content-length", "5"),
        ("x-amz-trailer", "x-amz-checksum-crc32"),
    ];
    let framed = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    let head = client.head("PUT", "/photos/a", &headers, &Payload::UnsignedChunksWithTrailer);
    let mut stream = client.connect();
    stream.write_all(&head).unwrap();
    for piece in framed.as_bytes().chunks(7) {
        stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes()).unwrap();
        stream.write_all(piece).unwrap();
        stream.write_all(b"\r\n").unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let answer = read(&mut stream, "PUT").unwrap();
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("x-amz-checksum-crc32"), Some("NhCmhg=="));
    let got = client.get("/photos/a");
    assert_eq!((got.body.as_slice(), got.header("content-encoding")), (&b"hello"[..], None));
}

#[test]
fn a_bucket_can_stand_in_the_host() {
    let s3 =
        Stuntbucket::builder().bucket(Bucket::new("photos")).domain("s3.test").start().unwrap();
    s3.put_object("photos", "a b", "abc").unwrap();
    let port = s3.endpoint().rsplit_once(':').unwrap().1.to_owned();
    for host in [
        format!("photos.localhost:{port}"),
        "photos.s3.test".to_owned(),
        "photos.s3.us-east-1.amazonaws.com".to_owned(),
        "photos.s3.amazonaws.com".to_owned(),
    ] {
        let signer = Client::at(&host, Some(s3.credentials()), "us-east-1", s3.clock().now());
        let head = signer.head("GET", "/a%20b", &[], &Payload::of(b""));
        let mut stream = Client::owner(&s3).connect();
        stream.write_all(&head).unwrap();
        let answer = read(&mut stream, "GET").unwrap();
        assert_eq!(answer.body, b"abc", "{host}: {}", s3.journal());
    }
}

#[test]
fn refusals_lead_to_their_explanation() {
    let at = "127.0.0.1:0".parse().unwrap();
    let s3 = Stuntbucket::builder().bucket("photos").inspect(at).start().unwrap();
    let answer = Client::anonymous(&s3).get("/photos/a").expect(403, "AccessDenied");
    let url = answer.header("x-stuntbucket-explain-url").unwrap();
    assert_eq!(url, format!("{}/requests/1", s3.inspector().unwrap()));
    let target = url.strip_prefix(&s3.inspector().unwrap()).unwrap();
    let inspector = Client::at(&s3.inspector().unwrap(), None, "", s3.clock().now());
    let page = inspector.get(target);
    assert_eq!(page.status, 200);
    assert!(page.text().contains("not told so"), "{}", page.text());
    assert!(!answer.text().contains("not told so"));

    let quiet =
        Stuntbucket::builder().bucket("photos").inspect(at).explain_header(false).start().unwrap();
    let answer = Client::anonymous(&quiet).get("/photos/a");
    assert_eq!(answer.header("x-stuntbucket-explain-url"), None);
}

#[test]
fn no_head_is_too_odd() {
    let s3 = emulator();
    for head in [
        "GET /photos/%zz HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /%ff HTTP/1.1\r\nhost: x\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET http://elsewhere/photos HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "PUT /photos/a HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999999\r\n\r\n",
        "POST /photos HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data\r\n\
         content-length: 0\r\n\r\n",
        "GET /photos?X-Amz-Algorithm HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /photos HTTP/1.1\r\nhost: x\r\nauthorization: AWS4-HMAC-SHA256 \r\n\r\n",
    ] {
        let mut stream = Client::owner(&s3).connect();
        stream.write_all(head.as_bytes()).unwrap();
        let answer = read(&mut stream, "GET").unwrap();
        assert!((300..=501).contains(&answer.status), "{head}: {}", answer.text());
    }
}
