//! Events to a web server: one POST each over plain HTTP, or a few where it fails.

use std::io;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::net::ToSocketAddrs;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use http::Uri;

use super::Event;

/// Where a webhook listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// Host and port, to connect to.
    host: String,
    port: u16,
    /// As the `Host` header has it.
    authority: String,
    target: String,
}

impl Address {
    /// Reads a URL such as `http://127.0.0.1:3000/events`.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let uri: Uri = url.parse().ok()?;
        let authority = uri.authority()?;
        if uri.scheme_str() != Some("http") || authority.as_str().contains('@') {
            return None;
        }
        Some(Self {
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(80),
            authority: authority.as_str().to_owned(),
            target: uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
        })
    }
}

/// Whoever does not answer within this time is not waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// After so long an event is sent again, and again.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(500)];
/// More of an answer's head is not read.
const HEAD_BYTES_MAX: usize = 8 * 1024;

/// Sends until nothing more comes.
pub(super) fn deliver(address: &Address, events: Receiver<Event>, is_over: &AtomicBool) {
    for event in events {
        let arrival = take_to(address, &event, is_over);
        // At the end it is not waited for again and again.
        if arrival == Arrival::Missed && is_over.load(Ordering::Relaxed) {
            return;
        }
    }
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arrival {
    /// It was taken, or refused for good.
    Answered,
    /// The server could not take it.
    Failed,
    /// Nobody was there to answer, or not in time.
    Missed,
}

/// Sends an event, and some more times while the server fails. What it refuses is not sent again.
fn take_to(address: &Address, event: &Event, is_over: &AtomicBool) -> Arrival {
    let mut pauses = PAUSES.iter();
    loop {
        let arrival = match post(address, event) {
            Ok(200..=299) => return Arrival::Answered,
            Ok(status) => {
                tracing::warn!("the events webhook answered {status} to {}", event.name);
                if status < 500 {
                    return Arrival::Answered;
                }
                Arrival::Failed
            }
            Err(error) => {
                tracing::warn!("the events webhook did not take {}: {error}", event.name);
                Arrival::Missed
            }
        };
        match pauses.next() {
            Some(pause) if !is_over.load(Ordering::Relaxed) => thread::sleep(*pause),
            Some(_) | None => return arrival,
        }
    }
}

fn post(address: &Address, event: &Event) -> io::Result<u16> {
    let mut stream = connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let Address { authority, target, .. } = address;
    let Event { document, destination, .. } = event;
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nX-Stuntbucket-Destination: {destination}\r\n\
         Connection: close\r\n\r\n",
        document.len(),
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(document.as_bytes())?;
    status(&mut stream)
}

fn connect(address: &Address) -> io::Result<TcpStream> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for at in (address.host.as_str(), address.port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&at, PATIENCE) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// The status of the answer; the rest of it says nothing that matters.
fn status(stream: &mut TcpStream) -> io::Result<u16> {
    let mut head = Vec::new();
    let mut piece = [0; 512];
    while !head.contains(&b'\n') && head.len() < HEAD_BYTES_MAX {
        match stream.read(&mut piece)? {
            0 => break,
            count => head.extend_from_slice(&piece[..count]),
        }
    }
    let head = String::from_utf8_lossy(&head);
    let status = head.split(' ').nth(1).and_then(|status| status.trim().parse().ok());
    status.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn a_webhook_is_a_url_of_plain_http() {
        let address = Address::parse("http://127.0.0.1:3000/events?a=b").unwrap();
        assert_eq!((address.host.as_str(), address.port), ("127.0.0.1", 3000));
        assert_eq!(address.target, "/events?a=b");
        assert_eq!(Address::parse("http://[::1]:1").unwrap().host, "::1");
        assert_eq!(Address::parse("http://localhost").unwrap().port, 80);
        for url in ["", "localhost:3000", "https://localhost", "http://a:b@localhost", "/x"] {
            assert_eq!(Address::parse(url), None, "{url}");
        }
    }
}
