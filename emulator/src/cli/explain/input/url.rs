//! Reads a URL as a client would send it.

use super::super::sent::Sent;

/// Reads a URL of `http` or `https`. What comes after `#` is not sent.
pub(super) fn read(text: &str) -> Result<Sent, String> {
    const WRONG: &str = "not a URL such as https://bucket.s3.eu-west-1.amazonaws.com/key?...";
    let (scheme, rest) = text.split_once("://").ok_or(WRONG)?;
    let scheme = scheme.to_ascii_lowercase();
    let implied_port = match scheme.as_str() {
        "http" => ":80",
        "https" => ":443",
        _ => return Err(WRONG.to_owned()),
    };
    if let Some(odd) = rest.chars().find(|c| c.is_whitespace() || c.is_control()) {
        return Err(format!("a URL has no {odd:?} in it; it may have been cut or wrapped"));
    }
    let rest = rest.split_once('#').map_or(rest, |(rest, _)| rest);
    let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let (user_info, host) = match authority.rsplit_once('@') {
        Some((user_info, host)) => (Some(user_info.to_owned()), host),
        None => (None, authority),
    };
    // Clients leave out the port that the scheme implies, and sign the host without it.
    let host = host.to_ascii_lowercase();
    let host = host.strip_suffix(implied_port).unwrap_or(&host);
    if host.is_empty() {
        return Err(WRONG.to_owned());
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let path = if path.is_empty() { "/" } else { path };
    Ok(Sent {
        scheme: Some(scheme),
        path: path.to_owned(),
        query: query.to_owned(),
        headers: vec![("Host".to_owned(), host.to_owned())],
        user_info,
        ..Sent::default()
    })
}

/// A URL without what people copy along: quotes, angle brackets, a link of Markdown.
pub(super) fn bare(text: &str) -> &str {
    let text = text.trim().trim_matches(['"', '\'', '`', '<', '>', ',']);
    let of_markdown = text.strip_suffix(')').and_then(|text| text.split_once("]("));
    of_markdown.filter(|(title, _)| title.starts_with('[')).map_or(text, |(_, url)| url)
}

/// Whether a text looks like a URL, also a broken one.
pub(super) fn is_like_one(text: &str) -> bool {
    let start = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    start.starts_with("http://") || start.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_copied_along_is_no_part_of_a_url() {
        for text in ["u://h/k", "\"u://h/k\"", "<u://h/k>", "[here](u://h/k)", " `u://h/k`,\n"] {
            assert_eq!(bare(text), "u://h/k", "{text}");
        }
        assert_eq!(bare("u://h/k(1)"), "u://h/k(1)");
    }

    #[track_caller]
    fn check(text: &str, expected: (&str, &str, &str)) {
        let sent = read(text).unwrap();
        assert_eq!((sent.host(), sent.path.as_str(), sent.query.as_str()), expected, "{text}");
    }

    #[test]
    fn a_url_becomes_what_a_client_sends() {
        check("https://H.test:443/a/b?c=d&e#f", ("h.test", "/a/b", "c=d&e"));
        check("http://h.test:443", ("h.test:443", "/", ""));
        check("http://h.test?x=/", ("h.test", "/", "x=/"));
        check("http://[::1]:9000/b/k", ("[::1]:9000", "/b/k", ""));
        check("http://a:b@h/", ("h", "/", ""));
        assert_eq!(read("http://a:b@h/").unwrap().user_info.as_deref(), Some("a:b"));
    }

    #[test]
    fn other_texts_are_none() {
        for text in ["", "h.test/a", "s3://b/k", "https://", "https:///k", "http://h/a b"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
