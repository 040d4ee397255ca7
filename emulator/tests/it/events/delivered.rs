//! Where events go: to whoever waits, to a file, to a webhook.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;

use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;

use crate::client::Client;

#[test]
fn a_file_has_a_line_for_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    let bucket = Bucket::new("photos").event("s3:ObjectCreated:*");
    let s3 = Stuntbucket::builder().bucket(bucket).events_file(&path).start().unwrap();
    Client::owner(&s3).put("/photos/a", b"1");
    Client::owner(&s3).put("/photos/b", b"1");
    let documents: Vec<_> = s3.events().take_all().into_iter().map(|it| it.document).collect();
    drop(s3);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().collect::<Vec<_>>(), documents);
}

#[test]
fn a_webhook_gets_a_request_for_each() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook?a=b", listener.local_addr().unwrap());
    let bucket = Bucket::new("photos").event("s3:ObjectCreated:*");
    let s3 = Stuntbucket::builder().bucket(bucket).events_webhook(url).start().unwrap();
    Client::owner(&s3).put("/photos/a", b"1");
    let (stream, _) = listener.accept().unwrap();
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(stream.read_line(&mut head).unwrap(), 0, "{head}");
    }
    assert!(head.starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("X-Stuntbucket-Destination: arn:aws:sqs:"), "{head}");
    let event = s3.events().next().unwrap();
    let mut body = vec![0; event.document.len()];
    stream.read_exact(&mut body).unwrap();
    assert_eq!(body, event.document.as_bytes());
    stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
}

/// Reads a request, answers it, and gives its body.
fn answer_webhook(listener: &TcpListener, status: &str) -> Vec<u8> {
    let (stream, _) = listener.accept().unwrap();
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        assert_ne!(stream.read_line(&mut line).unwrap(), 0);
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    stream.get_mut().write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()).unwrap();
    body
}

#[test]
fn a_webhook_that_fails_is_tried_again_and_one_that_refuses_is_not() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let bucket = Bucket::new("photos").event("s3:ObjectCreated:*");
    let s3 = Stuntbucket::builder().bucket(bucket).events_webhook(url).start().unwrap();
    for key in ["a", "b", "c"] {
        Client::owner(&s3).put(&format!("/photos/{key}"), b"1");
    }
    let documents: Vec<_> = s3.events().take_all().into_iter().map(|it| it.document).collect();
    for (status, event) in [
        ("503 Service Unavailable", 0),
        ("500 Internal Server Error", 0),
        ("503 Service Unavailable", 0),
        ("400 Bad Request", 1),
        ("204 No Content", 2),
    ] {
        assert_eq!(answer_webhook(&listener, status), documents[event].as_bytes(), "{status}");
    }
}

#[test]
fn a_webhook_that_is_not_there_stops_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let bucket = Bucket::new("photos").event("s3:ObjectCreated:*");
    let s3 = Stuntbucket::builder().bucket(bucket).events_webhook(url).start().unwrap();
    for key in 0..10 {
        assert_eq!(Client::owner(&s3).put(&format!("/photos/{key}"), b"1").status, 200);
    }
    assert_eq!(s3.events().take_all().len(), 10);
}

#[test]
fn whoever_waits_for_events_is_let_go_at_the_end() {
    let bucket = Bucket::new("photos").event("s3:ObjectCreated:Put");
    let s3 = Stuntbucket::builder().bucket(bucket).start().unwrap();
    let events = s3.events();
    let waiter = std::thread::spawn(move || events.map(|event| event.key).collect::<Vec<_>>());
    Client::owner(&s3).put("/photos/a", b"1");
    drop(s3);
    assert_eq!(waiter.join().unwrap(), ["a"]);
}
