//! Asks the inspector of a running emulator.

use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use super::endpoint::Endpoint;

/// An inspector that does not answer in this time is none.
const PATIENCE: Duration = Duration::from_secs(10);

/// Gets a document, or says in one line why there is none.
pub(super) fn get(base: &str, target: &str) -> Result<String, String> {
    let authority = base.parse::<Endpoint>().map_err(|why| format!("`{base}` is {why}"))?;
    let authority = authority.to_string();
    let Some(authority) = authority.strip_prefix("http://") else {
        return Err(format!("`{base}`: inspectors are served over http"));
    };
    let answer = exchange(authority, target)
        .map_err(|error| format!("no inspector answers at {base}: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status == "200" { Ok(body.to_owned()) } else { Err(complaint(status, body)) }
}

fn exchange(authority: &str, target: &str) -> std::io::Result<String> {
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let address = if has_port { authority.to_owned() } else { format!("{authority}:80") };
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let head = format!("GET {target} HTTP/1.1\r\nhost: {authority}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// What the inspector complains about, in its own words where it has any.
fn complaint(status: &str, body: &str) -> String {
    let document: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let error = document.as_ref().and_then(|document| document.get("error")?.as_str());
    error.map_or_else(|| format!("the inspector answers {status}"), str::to_owned)
}
