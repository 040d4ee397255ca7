//! A presigned GET and a signed PUT of 1 KiB, beside a bare hyper server in the same run: what is
//! above the bare server is what Stuntbucket does.
//!
//! One connection, one request after the other, no other work: read the ratios, not the times.

use std::convert::Infallible;
use std::hint::black_box;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpStream;

use bytes::Bytes;
use criterion::Criterion;
use criterion::criterion_group;
use criterion::criterion_main;
use http_body_util::BodyExt;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use stuntbucket::Stuntbucket;
use stuntbucket_signer::Payload;
use stuntbucket_signer::sign;

const BODY: [u8; 1024] = [b'x'; 1024];

criterion_group!(benches, requests);
criterion_main!(benches);

fn requests(criterion: &mut Criterion) {
    let bare = Connection::to(bare_server());
    let s3 = Stuntbucket::builder().bucket("bench").start().unwrap();
    s3.put_object("bench", "small", BODY).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let kept = Stuntbucket::builder().bucket("bench").data_dir(folder.path()).start().unwrap();

    let mut group = criterion.benchmark_group("GET 1 KiB");
    group.bench_function("bare hyper", |bencher| {
        let request = bare.head("GET", "/bench/small", &[]);
        bencher.iter(|| black_box(bare.exchange(&request)));
    });
    let connection = Connection::to_emulator(&s3);
    group.bench_function("stuntbucket, presigned", |bencher| {
        let request = connection.head("GET", &presigned(&s3), &[]);
        bencher.iter(|| black_box(connection.exchange(&request)));
    });
    group.finish();

    let mut group = criterion.benchmark_group("PUT 1 KiB");
    group.bench_function("bare hyper", |bencher| {
        let mut request = bare.head("PUT", "/bench/small", &length());
        request.extend_from_slice(&BODY);
        bencher.iter(|| black_box(bare.exchange(&request)));
    });
    for (name, s3) in [("stuntbucket, temporary", &s3), ("stuntbucket, kept", &kept)] {
        let connection = Connection::to_emulator(s3);
        group.bench_function(name, |bencher| {
            let request = signed_put(s3, &connection);
            bencher.iter(|| black_box(connection.exchange(&request)));
        });
    }
    group.finish();
}

fn length() -> [(String, String); 1] {
    [("content-length".to_owned(), BODY.len().to_string())]
}

fn presigned(s3: &Stuntbucket) -> String {
    let url = format!("{}/bench/small", s3.endpoint());
    let now = s3.clock().now();
    let url = sign::presign_url("GET", &url, &[], 3600, &s3.credentials(), s3.region(), now);
    url.unwrap().strip_prefix(&s3.endpoint()).unwrap().to_owned()
}

fn signed_put(s3: &Stuntbucket, connection: &Connection) -> Vec<u8> {
    let url = format!("{}/bench/put", s3.endpoint());
    let now = s3.clock().now();
    let payload = Payload::of(&BODY);
    let signed =
        sign::sign_request("PUT", &url, &[], &payload, &s3.credentials(), s3.region(), now);
    let headers = signed.unwrap().headers.into_iter().map(|(name, value)| (name.to_owned(), value));
    let headers: Vec<_> = headers.chain(length()).collect();
    let mut request = connection.head("PUT", "/bench/put", &headers);
    request.extend_from_slice(&BODY);
    request
}

/// A connection that is kept.
struct Connection {
    authority: String,
    stream: TcpStream,
}

impl Connection {
    fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { authority: address.to_string(), stream }
    }

    fn to_emulator(s3: &Stuntbucket) -> Self {
        Self::to(s3.endpoint().strip_prefix("http://").unwrap().parse().unwrap())
    }

    fn head(&self, method: &str, target: &str, headers: &[(String, String)]) -> Vec<u8> {
        let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {}\r\n", self.authority);
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        head.into_bytes()
    }

    /// Sends a request, reads its answer, and returns how many bytes that has.
    fn exchange(&self, request: &[u8]) -> usize {
        let mut stream = &self.stream;
        stream.write_all(request).unwrap();
        let mut answer = [0; 8192];
        let mut read = 0;
        loop {
            read += stream.read(&mut answer[read..]).unwrap();
            let Some(head) = answer[..read].windows(4).position(|four| four == b"\r\n\r\n") else {
                continue;
            };
            let text = std::str::from_utf8(&answer[..head]).unwrap();
            assert!(text.starts_with("HTTP/1.1 200"), "{text}");
            let length: usize = text
                .lines()
                .filter_map(|line| line.split_once(": "))
                .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                .map_or(0, |(_, length)| length.parse().unwrap());
            if read >= head + 4 + length {
                return read;
            }
        }
    }
}

/// hyper as Stuntbucket uses it, which reads the body and answers with 1 KiB.
fn bare_server() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).unwrap();
                let served = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service_fn(hello));
                tokio::spawn(served);
            }
        });
    });
    address
}

async fn hello(
    request: http::Request<Incoming>,
) -> Result<http::Response<Full<Bytes>>, Infallible> {
    // What is wrong with a body shows in the exchange.
    let _ = request.into_body().collect().await;
    Ok(http::Response::new(Full::new(Bytes::from_static(&BODY))))
}
