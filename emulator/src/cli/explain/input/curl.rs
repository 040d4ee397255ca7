//! Reads a `curl` line, such as the tools of a browser copy it.

use super::super::sent::Body;
use super::super::sent::Known;
use super::Parsed;
use super::url;
use super::words;

/// The options that take a value which does not matter here. Every other unknown option takes none.
const WITH_VALUE: [&str; 44] = [
    "-o",
    "--output",
    "-w",
    "--write-out",
    "-m",
    "--max-time",
    "--connect-timeout",
    "--retry",
    "--retry-delay",
    "--retry-max-time",
    "-x",
    "--proxy",
    "--noproxy",
    "--resolve",
    "--connect-to",
    "--cacert",
    "--capath",
    "-E",
    "--cert",
    "--key",
    "--cert-type",
    "--key-type",
    "--ciphers",
    "--interface",
    "--limit-rate",
    "-c",
    "--cookie-jar",
    "-D",
    "--dump-header",
    "-K",
    "--config",
    "-C",
    "--continue-at",
    "-y",
    "-Y",
    "-z",
    "--max-redirs",
    "--dns-servers",
    "--unix-socket",
    "--stderr",
    "--trace",
    "--trace-ascii",
    "--local-port",
    "--tls-max",
];

/// The letters of options that take a value, which may stand right behind them.
const LETTERS_WITH_VALUE: &str = "oXHFdTubAemwxEcDKCyYzr";

/// Reads a line.
pub(super) fn read(line: &str) -> Result<Parsed, String> {
    let words = words::split(line.trim_start().trim_start_matches(['$', '#', ' ']))?;
    let mut curl = Curl::default();
    let mut words = words.into_iter().skip(1);
    while let Some(word) = words.next() {
        for (option, value) in options(&word) {
            let needs_value = option.as_deref().is_some_and(takes_value);
            let value = match value {
                None if needs_value => words.next(),
                value => value,
            };
            curl.take(option.as_deref(), value.unwrap_or_default())?;
        }
    }
    curl.finish()
}

/// The options in a word, with what stands right behind them. `None` is the URL.
fn options(word: &str) -> Vec<(Option<String>, Option<String>)> {
    if word.starts_with("--") && word.len() > 2 {
        return match word.split_once('=') {
            Some((option, value)) => vec![(Some(option.to_owned()), Some(value.to_owned()))],
            None => vec![(Some(word.to_owned()), None)],
        };
    }
    let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
        return vec![(None, Some(word.to_owned()))];
    };
    let mut found = Vec::new();
    for (index, letter) in letters.char_indices() {
        let rest = &letters[index + letter.len_utf8()..];
        let option = Some(format!("-{letter}"));
        if LETTERS_WITH_VALUE.contains(letter) {
            found.push((option, Some(rest).filter(|rest| !rest.is_empty()).map(str::to_owned)));
            break;
        }
        found.push((option, None));
    }
    found
}

fn takes_value(option: &str) -> bool {
    let is_ours = matches!(
        option,
        "-X" | "--request"
            | "-H"
            | "--header"
            | "-F"
            | "--form"
            | "--form-string"
            | "-d"
            | "--data"
            | "--data-raw"
            | "--data-binary"
            | "--data-ascii"
            | "--data-urlencode"
            | "--json"
            | "-T"
            | "--upload-file"
            | "--url"
            | "-b"
            | "--cookie"
            | "-A"
            | "--user-agent"
            | "-e"
            | "--referer"
            | "-u"
            | "--user"
            | "--aws-sigv4"
            | "-r"
            | "--range"
            | "--url-query"
    );
    is_ours || WITH_VALUE.contains(&option)
}

/// What the options add up to.
#[derive(Default)]
struct Curl {
    method: Option<String>,
    url: Option<String>,
    headers: Vec<(String, String)>,
    data: Vec<String>,
    /// Whether some of the data stands in a file.
    data_elsewhere: bool,
    parts: Vec<(String, String)>,
    implied: Option<&'static str>,
    is_get: bool,
}

impl Curl {
    fn take(&mut self, option: Option<&str>, value: String) -> Result<(), String> {
        match option {
            None | Some("--url") => self.url = self.url.take().or(Some(value)),
            Some("-X" | "--request") => self.method = Some(value),
            Some("-H" | "--header") => self.header(&value),
            Some("-b" | "--cookie") => self.headers.push(("Cookie".to_owned(), value)),
            Some("-A" | "--user-agent") => self.headers.push(("User-Agent".to_owned(), value)),
            Some("-e" | "--referer") => self.headers.push(("Referer".to_owned(), value)),
            Some("-r" | "--range") => {
                self.headers.push(("Range".to_owned(), format!("bytes={value}")));
            }
            Some("-F" | "--form" | "--form-string") => {
                let (name, value) = value.split_once('=').ok_or("`-F` has no `name=value`")?;
                self.parts.push((name.to_owned(), value.to_owned()));
            }
            Some("-d" | "--data" | "--data-binary" | "--data-ascii" | "--data-urlencode") => {
                self.data_elsewhere |= value.starts_with('@');
                self.data.push(value);
            }
            Some("--data-raw") => self.data.push(value),
            Some("--json") => {
                self.data_elsewhere |= value.starts_with('@');
                self.data.push(value);
                self.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
            }
            Some("-T" | "--upload-file") => {
                self.data_elsewhere = true;
                self.implied = Some("PUT");
            }
            Some("-I" | "--head") => self.implied = Some("HEAD"),
            Some("-G" | "--get") => self.is_get = true,
            Some("--aws-sigv4") => {
                return Err("this curl signs the request itself (--aws-sigv4), so there is no \
                            signature to judge; give the request that `curl -v` shows"
                    .to_owned());
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// `Name:` removes a header, and `Name;` sends it empty.
    fn header(&mut self, text: &str) {
        if let Some((name, value)) = text.split_once(':') {
            if !value.trim().is_empty() {
                self.headers.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        } else if let Some(name) = text.strip_suffix(';') {
            self.headers.push((name.trim().to_owned(), String::new()));
        }
    }

    fn finish(mut self) -> Result<Parsed, String> {
        let url = self.url.take().ok_or("the curl line names no URL")?;
        let url = if url.contains("://") { url } else { format!("http://{url}") };
        let mut sent = url::read(&url)?;
        let data = self.data.join("&");
        if self.is_get && !data.is_empty() {
            let separator = if sent.query.is_empty() { "" } else { "&" };
            sent.query = format!("{}{separator}{data}", sent.query);
            self.data.clear();
        }
        let has_body = !self.data.is_empty() || !self.parts.is_empty();
        let implied = self.implied.unwrap_or(if has_body { "POST" } else { "GET" });
        sent.method = Some(self.method.clone().unwrap_or_else(|| implied.to_owned()));
        if self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            sent.headers.clear();
        }
        sent.headers.append(&mut self.headers);
        sent.headers_are = Known::Whole;
        let has_type = sent.header("content-type").is_some();
        if !self.parts.is_empty() {
            return Ok(Parsed::Parts { sent, parts: self.parts });
        }
        if !self.data.is_empty() && !has_type {
            let form = "application/x-www-form-urlencoded".to_owned();
            sent.headers.push(("Content-Type".to_owned(), form));
        }
        sent.body =
            if self.data_elsewhere { Body::Unknown } else { Body::Whole(data.into_bytes()) };
        if self.is_get {
            sent.body = Body::Whole(Vec::new());
        }
        Ok(Parsed::Request(sent))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::sent::Sent;
    use super::*;

    fn request(line: &str) -> Sent {
        match read(line).unwrap() {
            Parsed::Request(sent) => sent,
            Parsed::Parts { .. } => panic!("{line}"),
        }
    }

    #[track_caller]
    fn check(line: &str, method: &str, url: &str, body: &Body) {
        let sent = request(line);
        let found = (sent.method.as_deref(), sent.url());
        assert_eq!(found, (Some(method), url.to_owned()), "{line}");
        assert_eq!(&sent.body, body, "{line}");
    }

    #[test]
    fn a_line_becomes_what_curl_sends() {
        let body = |text: &str| Body::Whole(text.as_bytes().to_vec());
        check("curl 'https://h/a?b&c'", "GET", "https://h/a", &body(""));
        check("curl h/a", "GET", "http://h/a", &body(""));
        check("curl -sSL -o /dev/null https://h/a", "GET", "https://h/a", &body(""));
        check("curl -XPUT -d hello https://h/a", "PUT", "https://h/a", &body("hello"));
        check(
            "curl --request PUT --data-raw @x --url https://h/a",
            "PUT",
            "https://h/a",
            &body("@x"),
        );
        check("curl -T cat.jpg https://h/a", "PUT", "https://h/a", &Body::Unknown);
        check("curl -X PUT --data-binary @f https://h/a", "PUT", "https://h/a", &Body::Unknown);
        check("$ curl -I https://h/a | head", "HEAD", "https://h/a", &body(""));
        check("curl https://h/a -d a=1 -d b=2", "POST", "https://h/a", &body("a=1&b=2"));
    }

    #[test]
    fn headers_and_parts_are_kept() {
        let sent = request("curl https://h/a -H 'X-Amz-Acl: private' -H 'Accept:' --compressed");
        assert_eq!(sent.header("x-amz-acl"), Some("private"));
        assert_eq!(sent.header("accept"), None);
        assert_eq!(request("curl https://h/ -H 'Host: other'").host(), "other");
        let parsed = read("curl -F key=a -F 'file=@cat.jpg;type=image/jpeg' https://b.h/").unwrap();
        let Parsed::Parts { parts, .. } = parsed else { panic!() };
        assert_eq!(parts[0], ("key".to_owned(), "a".to_owned()));
        assert_eq!(parts[1].0, "file");
    }

    #[test]
    fn lines_that_say_too_little_are_refused() {
        for line in ["curl", "curl -s", "curl -F a https://h/", "curl 'a", "curl ftp://h/"] {
            assert!(read(line).is_err(), "{line}");
        }
        assert!(read("curl --aws-sigv4 aws:amz:r:s3 -u a:b https://h/").is_err());
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd(text in ".*", odd in "(-|X|F|d|=|é| |https://h/|'|--data|--)*") {
            let _ = (read(&text), read(&format!("curl {odd}")));
        }
    }
}
