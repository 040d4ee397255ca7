//! Requests with chosen faults. All that is not spoiled is right: what depends on it is signed anew.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stuntbucket::Credentials;
use stuntbucket::Timestamp;
use stuntbucket_signer::Header;
use stuntbucket_signer::Message;
use stuntbucket_signer::Payload;
use stuntbucket_signer::Scope;
use stuntbucket_signer::SigningKey;
use stuntbucket_signer::canonical;
use stuntbucket_signer::canonical::CanonicalRequest;
use stuntbucket_signer::canonical::SignedHeaders;
use stuntbucket_signer::encode;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const OTHER_ALGORITHM: &str = "AWS4-HMAC-SHA512";

/// What the requests are made of.
pub(super) struct Stage {
    pub(super) authority: String,
    pub(super) now: Timestamp,
    pub(super) owner: Credentials,
    /// Of another account.
    pub(super) stranger: Credentials,
    /// With a session that goes on.
    pub(super) live: Credentials,
    /// With a session that is over.
    pub(super) over: Credentials,
}

/// A request as it is sent, and when it says that it was signed.
pub(super) struct Spoiled {
    pub(super) bytes: Vec<u8>,
    pub(super) at: Timestamp,
}

/// The faults of one request.
#[derive(Clone, Copy)]
struct Faults<'a>(&'a [&'a str]);

impl Faults<'_> {
    fn has(self, fault: &str) -> bool {
        self.0.contains(&fault)
    }

    /// One of two, by whether the fault is there.
    fn choose<T>(self, fault: &str, spoiled: T, right: T) -> T {
        if self.has(fault) { spoiled } else { right }
    }
}

impl Stage {
    pub(super) fn spoil(&self, request: &str, faults: &[&str]) -> Spoiled {
        let faults = Faults(faults);
        match request {
            "header" => self.header(faults),
            "link" => self.link(faults),
            "form" => self.form(faults),
            "unsigned" => self.unsigned(faults),
            _ => panic!("no request `{request}`"),
        }
    }

    /// GET of an object by header; PUT, where the fault is the body.
    fn header(&self, faults: Faults<'_>) -> Spoiled {
        let at = self.now.plus_seconds(faults.choose("skew", -1200, 0));
        let keys = self.keys(faults);
        let (method, body) = faults.choose("other-body", ("PUT", "x"), ("GET", ""));
        let hash = Payload::of(faults.choose("other-body", b"y", body.as_bytes())).header_value();
        let hash = faults.choose("payload-hash", "required", &*hash).to_owned();
        let path = path(faults);
        let mut headers = vec![("host", self.authority.clone())];
        if !faults.has("no-date") {
            headers.push(("x-amz-date", at.basic()));
        }
        if !faults.has("no-payload-hash") {
            headers.push(("x-amz-content-sha256", hash.clone()));
        }
        headers.extend(keys.session_token.clone().map(|token| ("x-amz-security-token", token)));
        let scope = scope(faults, at);
        let message = Unsigned { method, path: &path, query: "", headers: &headers };
        let signature = message.sign(at, &scope, &keys, &hash).spoiled(faults);
        let mut authorization = format!(
            "{} Credential={}, SignedHeaders={}",
            faults.choose("scheme", OTHER_ALGORITHM, ALGORITHM),
            credential(faults, &keys, &scope),
            signature.headers,
        );
        if !faults.has("no-signature-component") {
            authorization.push_str(&format!(", Signature={}", signature.text));
        }
        headers.push(("authorization", authorization));
        late_header(faults, &mut headers);
        let query = faults.choose("two-mechanisms", "?X-Amz-Algorithm=AWS4-HMAC-SHA256", "");
        Spoiled { bytes: written(method, &format!("{path}{query}"), &headers, body.as_bytes()), at }
    }

    /// GET of an object by a presigned URL.
    fn link(&self, faults: Faults<'_>) -> Spoiled {
        let (ago, lifetime) = if faults.has("expired") {
            (-3600, "60")
        } else if faults.has("not-yet-valid") {
            (3600, "60")
        } else {
            (0, faults.choose("lifetime", "604801", "60"))
        };
        let at = self.now.plus_seconds(ago);
        let keys = self.keys(faults);
        let scope = scope(faults, at);
        let path = path(faults);
        let mut headers = vec![("host", self.authority.clone())];
        let mut parameters = vec![
            ("X-Amz-Algorithm", faults.choose("algorithm", OTHER_ALGORITHM, ALGORITHM).to_owned()),
            ("X-Amz-Credential", credential(faults, &keys, &scope)),
            ("X-Amz-Date", faults.choose("date", "today".to_owned(), at.basic())),
            ("X-Amz-Expires", lifetime.to_owned()),
            ("X-Amz-SignedHeaders", "host".to_owned()),
        ];
        parameters.extend(keys.session_token.clone().map(|token| ("X-Amz-Security-Token", token)));
        let query = query(&parameters);
        let message = Unsigned { method: "GET", path: &path, query: &query, headers: &headers };
        let payload = faults.choose("payload-hash", "required", "UNSIGNED-PAYLOAD");
        let signature = message.sign(at, &scope, &keys, payload).spoiled(faults);
        parameters.push(("X-Amz-Signature", signature.text));
        if faults.has("missing-parameter") {
            parameters.retain(|(name, _)| *name != "X-Amz-Expires");
        }
        if faults.has("added-parameter") {
            parameters.push(("late", "1".to_owned()));
        }
        if faults.has("payload-hash") {
            headers.push(("x-amz-content-sha256", "required".to_owned()));
        }
        if faults.has("two-mechanisms") {
            headers.push(("authorization", format!("{ALGORITHM} Credential=a, Signature=b")));
        }
        late_header(faults, &mut headers);
        let target = format!("{path}?{}", self::query(&parameters));
        Spoiled { bytes: written("GET", &target, &headers, b""), at }
    }

    /// POST of a form with a file of a few bytes.
    fn form(&self, faults: Faults<'_>) -> Spoiled {
        let at = self.now;
        let keys = self.keys(faults);
        let scope = scope(faults, at);
        let bucket = bucket(faults);
        let mut fields = vec![
            ("x-amz-algorithm", faults.choose("algorithm", OTHER_ALGORITHM, ALGORITHM).to_owned()),
            ("x-amz-credential", credential(faults, &keys, &scope)),
            ("x-amz-date", faults.choose("date", "today".to_owned(), at.basic())),
        ];
        if faults.has("no-algorithm") {
            fields.remove(0);
        }
        fields.extend(keys.session_token.clone().map(|token| ("x-amz-security-token", token)));
        let condition = |(name, value): &(&str, String)| format!(", {{\"{name}\": \"{value}\"}}");
        let policy = format!(
            "{{\"expiration\": \"{}\", \"conditions\": [{{\"bucket\": \"{bucket}\"}}, \
             [\"eq\", \"$key\", \"k\"], [\"content-length-range\", 0, 10]{}]}}",
            at.plus_seconds(faults.choose("expired", -60, 60)).iso(),
            fields.iter().map(condition).collect::<String>(),
        );
        let policy = STANDARD.encode(faults.choose("malformed-policy", "{", &policy));
        let signature = SigningKey::derive(&keys.secret_key, &scope).sign(policy.as_bytes());
        let signature = Signature { headers: String::new(), text: signature.to_hex() };
        if !faults.has("no-key") {
            fields.insert(0, ("key", faults.choose("condition", "other", "k").to_owned()));
        }
        fields.push(("policy", policy));
        fields.push(("x-amz-signature", signature.spoiled(faults).text));
        if faults.has("extra-field") {
            fields.push(("x-amz-meta-late", "1".to_owned()));
        }
        let file = faults.choose("too-large", "01234567890", "0");
        if !faults.has("no-file") {
            fields.push(("file", file.to_owned()));
        }
        let part = |(name, value): &(&str, String)| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body = fields.iter().map(part).collect::<String>() + "--b--\r\n";
        let mut headers = vec![
            ("host", self.authority.clone()),
            ("content-type", "multipart/form-data; boundary=b".to_owned()),
        ];
        if faults.has("authorization-header") {
            headers.push(("authorization", format!("{ALGORITHM} Credential=a, Signature=b")));
        }
        Spoiled { bytes: written("POST", &format!("/{bucket}"), &headers, body.as_bytes()), at }
    }

    /// GET of an object that is not public, by nobody.
    fn unsigned(&self, faults: Faults<'_>) -> Spoiled {
        let mut headers = vec![("host", self.authority.clone())];
        if faults.has("date-header") {
            headers.push(("x-amz-date", self.now.basic()));
        }
        Spoiled { bytes: written("GET", &path(faults), &headers, b""), at: self.now }
    }

    fn keys(&self, faults: Faults<'_>) -> Credentials {
        let mut keys = if faults.has("denied") {
            self.stranger.clone()
        } else if faults.has("session-over") {
            self.over.clone()
        } else if faults.has("other-token") {
            Credentials { session_token: Some("of-another".to_owned()), ..self.live.clone() }
        } else {
            self.owner.clone()
        };
        if faults.has("unknown-key") {
            keys.access_key_id = String::from("AKIAUNKNOWN000000000");
        }
        if faults.has("surplus-token") {
            keys.session_token = Some("left-over".to_owned());
        }
        keys
    }
}

fn bucket(faults: Faults<'_>) -> &'static str {
    faults.choose("missing-bucket", "matrix-that-is-not-there", "matrix")
}

fn path(faults: Faults<'_>) -> String {
    format!("/{}/{}", bucket(faults), faults.choose("missing-key", "missing", "k"))
}

fn scope(faults: Faults<'_>, at: Timestamp) -> Scope {
    Scope {
        date: faults.choose("scope-date", "20000101".to_owned(), at.date()),
        region: faults.choose("region", "ap-south-1", "us-east-1").to_owned(),
        service: faults.choose("service", "ec2", "s3").to_owned(),
    }
}

fn credential(faults: Faults<'_>, keys: &Credentials, scope: &Scope) -> String {
    let scope = faults.choose("credential", scope.date.clone(), scope.to_string());
    format!("{}/{scope}", keys.access_key_id)
}

/// A header that S3 wants signed, and that is not.
fn late_header(faults: Faults<'_>, headers: &mut Vec<(&'static str, String)>) {
    if faults.has("unsigned-header") {
        headers.push(("x-amz-meta-late", "1".to_owned()));
    }
}

fn query(parameters: &[(&str, String)]) -> String {
    let encoded =
        |(name, value): &(&str, String)| format!("{name}={}", encode::component(value.as_bytes()));
    parameters.iter().map(encoded).collect::<Vec<_>>().join("&")
}

/// What a signature is made of.
struct Unsigned<'a> {
    method: &'a str,
    path: &'a str,
    query: &'a str,
    headers: &'a [(&'static str, String)],
}

struct Signature {
    /// The names that are signed.
    headers: String,
    text: String,
}

impl Unsigned<'_> {
    fn sign(&self, at: Timestamp, scope: &Scope, keys: &Credentials, payload: &str) -> Signature {
        let headers: Vec<_> =
            self.headers.iter().map(|(name, value)| Header::new(name, value)).collect();
        let message =
            Message { method: self.method, path: self.path, query: self.query, headers: &headers };
        let signed = SignedHeaders::of(&headers);
        let canonical = CanonicalRequest::new(&message, &signed, payload.as_bytes());
        let text = canonical::string_to_sign(at, scope, &canonical);
        let key = SigningKey::derive(&keys.secret_key, scope);
        Signature { headers: signed.to_string(), text: key.sign(text.as_bytes()).to_hex() }
    }
}

impl Signature {
    /// With another last digit.
    fn spoiled(mut self, faults: Faults<'_>) -> Self {
        if faults.has("signature") {
            let last = self.text.pop();
            self.text.push(if last == Some('0') { '1' } else { '0' });
        }
        self
    }
}

fn written(method: &str, target: &str, headers: &[(&str, String)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {target} HTTP/1.1\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if method != "GET" {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("connection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}
