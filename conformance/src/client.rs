//! The HTTP client: sends the bytes of a request as they are, and takes every answer as an answer.

use std::io;
use std::time::Duration;

use ureq::Agent;

use crate::exchange::Request;
use crate::exchange::Response;

/// No answer of a flow is as large, so more is a mistake of the target.
const BODY_BYTES_MAX: u64 = 256 * 1024 * 1024;
const ANSWER_SECONDS_MAX: u64 = 60;

/// Follows no redirect, repeats nothing, adds no header of its own but `host` and `content-length`.
#[derive(Debug)]
pub(crate) struct Client(Agent);

impl Client {
    pub(crate) fn new() -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .user_agent("stuntbucket-conformance")
            .accept("")
            .accept_encoding("")
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(ANSWER_SECONDS_MAX)))
            .build();
        Self(config.new_agent())
    }

    pub(crate) fn send(&self, request: &Request) -> io::Result<Response> {
        let mut builder = http::Request::builder().method(&*request.method).uri(&request.url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let takes_body = matches!(&*request.method, "POST" | "PUT" | "PATCH");
        let answer = if takes_body {
            self.0.run(builder.body(&*request.body).map_err(io::Error::other)?)
        } else if request.body.is_empty() {
            self.0.run(builder.body(()).map_err(io::Error::other)?)
        } else {
            let complaint = format!("a {} cannot be sent with a body", request.method);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, complaint));
        };
        let (parts, mut body) = answer.map_err(ureq::Error::into_io)?.into_parts();
        let headers = parts.headers.iter().map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        Ok(Response {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: body
                .with_config()
                .limit(BODY_BYTES_MAX)
                .read_to_vec()
                .map_err(ureq::Error::into_io)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::io::Write;
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// Sends a request to a server that answers once, and returns what the server read.
    fn seen(method: &str, path: &str, body: &[u8], answer: &'static [u8]) -> (String, Response) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let body_len = body.len();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut read = Vec::new();
            let mut buffer = [0; 4096];
            loop {
                let count = stream.read(&mut buffer).unwrap();
                read.extend_from_slice(&buffer[..count]);
                let head = read.windows(4).position(|window| window == b"\r\n\r\n");
                if count == 0 || head.is_some_and(|end| read.len() >= end + 4 + body_len) {
                    break;
                }
            }
            stream.write_all(answer).unwrap();
            String::from_utf8(read).unwrap()
        });
        let request = Request {
            method: method.to_owned(),
            url: format!("http://{address}{path}"),
            headers: vec![("x-amz-date".to_owned(), "20260101T000000Z".to_owned())],
            body: body.to_vec(),
        };
        let response = Client::new().send(&request).unwrap();
        let read = server.join().unwrap();
        (read.replace(&address.to_string(), "HOST"), response)
    }

    #[test]
    fn the_target_goes_over_the_wire_as_it_is() {
        for path in [
            "/b/a//b/../c/./d",
            "/b/%2F%2e%2E%20%7E~a+b",
            "/b?acl",
            "/b?acl&a=b=c&empty=&x=%2F/",
            "//",
            "/b/%E2%82%AC",
        ] {
            let (read, _) = seen("GET", path, b"", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
            let line = read.lines().next().unwrap();
            assert_eq!(line, format!("GET {path} HTTP/1.1"));
            assert!(read.contains("\r\nhost: HOST\r\n"), "{read}");
        }
    }

    #[test]
    fn no_header_is_added_that_a_signature_could_miss() {
        let (read, _) =
            seen("PUT", "/b/k", b"meow", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        let (head, body) = read.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, "meow");
        let mut names: Vec<_> =
            head.lines().skip(1).map(|line| line.split(':').next().unwrap()).collect();
        names.sort_unstable();
        assert_eq!(names, ["content-length", "host", "user-agent", "x-amz-date"]);
        let (read, _) = seen("POST", "/b", b"", b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
        assert!(read.contains("\r\ncontent-length: 0\r\n"), "{read}");
    }

    #[test]
    fn redirects_and_errors_are_answers() {
        for answer in [
            b"HTTP/1.1 303 See Other\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 2\r\n\r\nhi"
                .as_slice(),
            b"HTTP/1.1 503 Slow Down\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 2\r\n\r\nhi",
        ] {
            let (_, response) = seen("POST", "/b", b"", answer);
            assert!(matches!(response.status, 303 | 503));
            assert_eq!(response.header("location"), Some("http://127.0.0.1:1/"));
            assert_eq!(response.body, b"hi");
        }
    }
}
