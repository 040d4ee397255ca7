//! Reads a saved request: its line, its headers, its body.

use super::super::sent::Body;
use super::super::sent::Known;
use super::super::sent::Sent;
use super::url;

/// Whether a text starts with the line of a request.
pub(super) fn is_like_one(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default().trim_start_matches("> ").trim_end();
    let mut words = line.split(' ');
    let is_method = words
        .next()
        .is_some_and(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase()));
    is_method && line.rsplit(' ').next().is_some_and(|word| word.starts_with("HTTP/"))
}

/// Reads a request, also in the form in which `curl -v` shows it.
pub(super) fn read(bytes: &[u8]) -> Result<Sent, String> {
    let (head, body) = split(bytes);
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines().map(|line| line.strip_prefix("> ").unwrap_or(line).trim_end());
    let line = lines.next().unwrap_or_default();
    let (method, rest) = line.split_once(' ').ok_or("the request has no target")?;
    let (target, _) = rest.rsplit_once(' ').ok_or("the request has no target")?;
    let mut sent = if url::is_like_one(target) {
        url::read(target)?
    } else {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Sent { path: path.to_owned(), query: query.to_owned(), ..Sent::default() }
    };
    sent.method = Some(method.to_owned());
    let mut headers = Vec::new();
    for line in lines.filter(|line| !line.is_empty() && *line != ">") {
        let (name, value) =
            line.split_once(':').ok_or_else(|| format!("`{line}` is no header of a request"))?;
        headers.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    // A host in the request line wins over the header.
    headers.retain(|(name, _)| sent.headers.is_empty() || !name.eq_ignore_ascii_case("host"));
    sent.headers.append(&mut headers);
    sent.headers_are = Known::Whole;
    sent.body = whole(&sent, body);
    Ok(sent)
}

/// The head and the body, at the first empty line.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let ends = [&b"\r\n\r\n"[..], b"\n\n"].map(|end| {
        let at = bytes.windows(end.len()).position(|window| window == end)?;
        Some((at, at + end.len()))
    });
    match ends.into_iter().flatten().min() {
        Some((head, body)) => (&bytes[..head], &bytes[body..]),
        None => (bytes, &[]),
    }
}

/// The body if it is there in full: an editor adds a line end, and a tool cuts.
fn whole(sent: &Sent, body: &[u8]) -> Body {
    if sent.header("transfer-encoding").is_some() {
        return Body::Unknown;
    }
    let length = match sent.header("content-length") {
        Some(length) => length.parse().ok(),
        None => Some(0),
    };
    match length.and_then(|length: usize| body.get(..length)) {
        Some(body) => Body::Whole(body.to_vec()),
        None => Body::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_saved_request_is_read_as_it_was_sent() {
        let sent =
            read(b"PUT /b/k?x=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc\n").unwrap();
        assert_eq!(sent.method.as_deref(), Some("PUT"));
        assert_eq!((sent.url().as_str(), sent.query.as_str()), ("h/b/k", "x=1"));
        assert_eq!(sent.body, Body::Whole(b"abc".to_vec()));
        let shown = read(b"> GET /k HTTP/2\n> Host: h\n> x-amz-date: d\n>\n").unwrap();
        assert_eq!(shown.header("x-amz-date"), Some("d"));
        let absolute = read(b"GET http://a/k HTTP/1.1\nHost: b\n").unwrap();
        assert_eq!(absolute.url(), "http://a/k");
        let cut = read(b"PUT /k HTTP/1.1\nHost: h\nContent-Length: 9\n\nabc").unwrap();
        assert_eq!(cut.body, Body::Unknown);
        assert!(read(b"GET / HTTP/1.1\nno header\n").is_err());
    }

    #[test]
    fn only_requests_look_like_one() {
        assert!(is_like_one("GET / HTTP/1.1\n") && is_like_one("> POST /a b HTTP/2\r\n"));
        for text in ["", "GET", "get / HTTP/1.1", "HTTP/1.1 200 OK", "curl https://h/ HTTP/1.1"] {
            assert!(!is_like_one(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_odd(bytes: Vec<u8>, text in "(GET |/|é|:|\r|\n| HTTP/1.1|> |http://)*") {
            let _ = (read(&bytes), read(text.as_bytes()), is_like_one(&text));
        }
    }
}
