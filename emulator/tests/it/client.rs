//! A client that sends what it is told, byte for byte, and reads one answer.

use std::io;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Digest;
use md5::Md5;
use stuntbucket::Credentials;
use stuntbucket::Stuntbucket;
use stuntbucket::Timestamp;
use stuntbucket_signer::Payload;
use stuntbucket_signer::sign;

/// Nothing here takes so long; without it a test that fails would hang.
const PATIENCE: Duration = Duration::from_secs(30);

/// A digest of some other document than any.
pub(crate) const DIGEST: (&str, &str) = ("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==");

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The text of an element of a document.
    pub(crate) fn element(&self, name: &str) -> Option<String> {
        let text = self.text();
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        let (content, _) = rest.split_once(&format!("</{name}>"))?;
        Some(content.to_owned())
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16, code: &str) -> Self {
        let found = self.element("Code").unwrap_or_default();
        assert_eq!((self.status, found.as_str()), (status, code), "{}", self.text());
        self
    }
}

/// One caller's view of an emulator.
pub(crate) struct Client {
    pub(crate) authority: String,
    credentials: Option<Credentials>,
    region: String,
    now: Timestamp,
}

impl Client {
    /// Signs with the first user's keys, by the emulator's clock.
    pub(crate) fn owner(s3: &Stuntbucket) -> Self {
        Self::with(s3, Some(s3.credentials()))
    }

    /// Signs with these keys.
    pub(crate) fn holding(s3: &Stuntbucket, credentials: Credentials) -> Self {
        Self::with(s3, Some(credentials))
    }

    /// Signs with the keys of the user of this name.
    pub(crate) fn user(s3: &Stuntbucket, name: &str) -> Self {
        Self::with(s3, Some(s3.user(name).credentials()))
    }

    /// Does not sign.
    pub(crate) fn anonymous(s3: &Stuntbucket) -> Self {
        Self::with(s3, None)
    }

    fn with(s3: &Stuntbucket, credentials: Option<Credentials>) -> Self {
        let region = s3.region().to_owned();
        Self::at(&s3.endpoint(), credentials, &region, s3.clock().now())
    }

    pub(crate) fn at(
        endpoint: &str,
        credentials: Option<Credentials>,
        region: &str,
        now: Timestamp,
    ) -> Self {
        let (_, authority) = endpoint.split_once("://").unwrap_or(("", endpoint));
        let authority = authority.to_owned();
        Self { authority, credentials, region: region.to_owned(), now }
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.send("GET", target, &[], b"")
    }

    pub(crate) fn put(&self, target: &str, body: &[u8]) -> Answer {
        self.send("PUT", target, &[], body)
    }

    /// Puts a setting, with the digest that settings need.
    pub(crate) fn put_document(&self, target: &str, document: &str) -> Answer {
        let mut crc = crc_fast::Digest::new(crc_fast::CrcAlgorithm::Crc32IsoHdlc);
        crc.update(document.as_bytes());
        // The checksum has 32 bits.
        let crc = u32::try_from(crc.finalize()).unwrap_or_default().to_be_bytes();
        let digest = base64::engine::general_purpose::STANDARD.encode(crc);
        let headers = [("x-amz-checksum-crc32", digest.as_str())];
        self.send("PUT", target, &headers, document.as_bytes())
    }

    /// Whether a PUT is answered with success. The server may be killed meanwhile.
    #[cfg(feature = "cli")]
    pub(crate) fn try_put(&self, target: &str, body: &[u8]) -> bool {
        let answer = self.try_send("PUT", target, &[], body);
        answer.is_ok_and(|answer| answer.status == 200)
    }

    /// Sends a request with its head and body complete.
    #[track_caller]
    pub(crate) fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Answer {
        self.try_send(method, target, headers, body).unwrap()
    }

    fn try_send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let length = body.len().to_string();
        let mut all = headers.to_vec();
        if !body.is_empty() || method == "PUT" || method == "POST" {
            all.push(("content-length", &length));
        }
        let head = self.head(method, target, &all, &Payload::of(body));
        let mut stream = self.try_connect()?;
        stream.write_all(&head)?;
        stream.write_all(body)?;
        read(&mut stream, method)
    }

    pub(crate) fn connect(&self) -> TcpStream {
        self.try_connect().unwrap()
    }

    fn try_connect(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.authority)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// The head of a request, signed for this payload if the client signs.
    pub(crate) fn head(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        payload: &Payload,
    ) -> Vec<u8> {
        let mut lines: Vec<(String, String)> =
            headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        if let Some(credentials) = &self.credentials {
            let url = format!("http://{}{target}", self.authority);
            let signed = sign::sign_request(
                method,
                &url,
                headers,
                payload,
                credentials,
                &self.region,
                self.now,
            )
            .unwrap();
            lines.extend(signed.headers.into_iter().map(|(name, value)| (name.to_owned(), value)));
        }
        let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {}\r\n", self.authority);
        for (name, value) in lines {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("connection: close\r\n\r\n");
        head.into_bytes()
    }

    /// A presigned URL, as a target of [`Client::get`].
    pub(crate) fn presign(&self, method: &str, target: &str, seconds: u64) -> String {
        let url = format!("http://{}{target}", self.authority);
        let credentials = self.credentials.as_ref().unwrap();
        let url =
            sign::presign_url(method, &url, &[], seconds, credentials, &self.region, self.now)
                .unwrap();
        url.split_once(&self.authority).unwrap().1.to_owned()
    }
}

/// The `Content-MD5` of a body.
pub(crate) fn content_md5(body: &[u8]) -> String {
    STANDARD.encode(Md5::digest(body))
}

/// Reads one answer; the body is what follows until the connection ends, or as long as it says.
pub(crate) fn read(stream: &mut impl Read, method: &str) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        let mut piece = [0; 16 * 1024];
        match stream.read(&mut piece)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => bytes.extend_from_slice(&piece[..count]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut body = bytes.split_off(end + 4);
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default().split(' ').nth(1).unwrap_or_default();
    let status: u16 = status.parse().unwrap();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let answer = Answer { status, headers, body: Vec::new() };
    let length = answer.header("content-length").and_then(|length| length.parse::<usize>().ok());
    let has_body = method != "HEAD" && status != 204 && status != 304;
    while has_body && length.is_none_or(|length| body.len() < length) {
        let mut piece = [0; 64 * 1024];
        match stream.read(&mut piece)? {
            0 => break,
            count => body.extend_from_slice(&piece[..count]),
        }
    }
    Ok(Answer { body, ..answer })
}
