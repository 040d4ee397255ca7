//! An upload app in one file: a browser sends a file straight to S3 by a signed form, S3 sends the
//! browser back here, and the app hands out a signed link that soon ends.
//!
//! ```text
//! browser                          app                                   S3
//!    |--- GET / ------------------->|                                     |
//!    |<-- a form, signed -----------|                                     |
//!    |--- POST, the form and the file ----------------------------------->|
//!    |<-- 303 /uploaded?bucket=..&key=..&etag=.. -------------------------|
//!    |--- GET /uploaded?.. -------->|--- HEAD, signed: is it there? ----->|
//!    |<-- a link, signed -----------|<-- 200, the etag -------------------|
//!    |--- GET, the link ------------------------------------------------->|
//! ```
//!
//! `cargo run --example upload_app` brings its own S3. With `--endpoint https://...` the same lines
//! talk to a real one. With `--public` uploads can be read by everybody, and the link is plain.

use std::error::Error;
use std::fmt;
use std::io;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::Ipv4Addr;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use std::time::SystemTime;

use clap::Parser;
use http::StatusCode;
use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;
use stuntbucket_signer::Credentials;
use stuntbucket_signer::Payload;
use stuntbucket_signer::SecretKey;
use stuntbucket_signer::Timestamp;
use stuntbucket_signer::encode;
use stuntbucket_signer::encode::Plus;
use stuntbucket_signer::sign::PostPolicy;
use stuntbucket_signer::sign::presign_url;
use stuntbucket_signer::sign::sign_request;

/// A page to upload files to S3, and a link to each of them.
#[derive(Parser)]
struct Flags {
    /// Where the app listens
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,
    /// An S3 that is there already, such as https://s3.eu-west-1.amazonaws.com, with AWS_REGION,
    /// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and perhaps AWS_SESSION_TOKEN of the environment
    #[arg(long, value_name = "URL")]
    endpoint: Option<String>,
    /// Where the files go
    #[arg(long, value_name = "NAME", default_value = "uploads")]
    bucket: String,
    /// Lets everybody read what is uploaded; the bucket has to allow ACLs and public access
    #[arg(long)]
    public: bool,
    /// The largest file, in bytes
    #[arg(long, value_name = "N", default_value_t = 10 * 1024 * 1024)]
    max_bytes: u64,
    /// How long a form can be sent
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    form_lifetime: u32,
    /// How long a link works: S3 allows seven days
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..=604_800))]
    link_lifetime: u64,
}

/// Every key that a form can write begins so, and no other is handed out.
const PREFIX: &str = "incoming/";

const STYLE: &str = include_str!("upload_app.css");

struct App {
    flags: Flags,
    /// Where browsers find the app.
    url: String,
    s3: S3,
}

impl App {
    /// `GET /`: a form that S3 will accept from whoever sends it, within the limits that are
    /// written and signed in it. The file does not pass through the app.
    fn form(&self, now: Timestamp) -> Result<String, Problem> {
        let ends = now.plus_seconds(self.flags.form_lifetime.into());
        // What nobody can guess keeps uploads of the same name apart, and from strangers.
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(Problem::failed)?;
        let mut policy = PostPolicy::new(&self.flags.bucket, ends)
            .key_prefix(&format!("{PREFIX}{}/", hex::encode(id)))
            .content_length_range(0..=self.flags.max_bytes)
            .success_action_redirect(&format!("{}/uploaded", self.url));
        if self.flags.public {
            policy = policy.acl("public-read");
        }
        // There is no field `Content-Type`, so S3 takes any file for `binary/octet-stream`, which
        // browsers save and do not show: a page that a stranger uploads runs nowhere.
        let form = policy.sign(&self.s3.credentials, &self.s3.region, now);
        let inputs = form.fields.iter().map(|(name, value)| {
            let [name, value] = [name, value].map(|text| escaped(text));
            format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">\n")
        });
        // S3 reads only the fields before the file, so the file comes last.
        Ok(format!(
            "<h1>Send a file</h1>\n\
             <form id=\"upload\" action=\"{action}\" method=\"post\" enctype=\"multipart/form-data\">\n\
             {inputs}\
             <label for=\"file\">Which file?</label>\n\
             <input type=\"file\" id=\"file\" name=\"file\" required aria-describedby=\"limits\">\n\
             <p id=\"limits\">At most {size}. Send it within {lifetime}, until \
             <time datetime=\"{ends}\">{ends}</time>; after that, load this page anew. {readers}</p>\n\
             <button id=\"send\">Send</button>\n\
             </form>",
            action = escaped(self.s3.url_of("").trim_end_matches('/')),
            inputs = inputs.collect::<String>(),
            size = size(self.flags.max_bytes),
            lifetime = duration(self.flags.form_lifetime),
            readers = if self.flags.public {
                "<strong>Everybody will be able to read it.</strong>"
            } else {
                "Nobody can read it without a link from here."
            },
        ))
    }

    /// `GET /uploaded`: S3 sends the browser here after an upload, and says what it stored.
    fn uploaded(&self, query: &str, now: Timestamp) -> Result<String, Problem> {
        let read = |name| {
            let missing = format!("The address lacks `{name}`, which S3 adds after an upload.");
            parameter(query, name).ok_or(Problem(StatusCode::BAD_REQUEST, missing))
        };
        let (bucket, key, etag) = (read("bucket")?, read("key")?, read("etag")?);
        if bucket != self.flags.bucket || !key.starts_with(PREFIX) {
            let text = format!("Nobody uploads `{key}` in the bucket `{bucket}` from here.");
            return Err(Problem(StatusCode::BAD_REQUEST, text));
        }
        // Nothing of this is signed: anybody can call this page with parameters that are made up,
        // and the link below would open whatever they name. So S3 is asked whether this very
        // upload is there. Who knows its key, with the random id, and its etag has uploaded it, or
        // was told by who did. An app with accounts would ask its session too.
        if self.s3.etag_of(&key, now)? != etag {
            // Which one it has instead is for nobody who does not know it.
            let text = format!("No upload with the etag {etag} is at `{key}`.");
            return Err(Problem(StatusCode::NOT_FOUND, text));
        }
        let object = self.s3.url_of(&key);
        let (link, expires, remark) = if self.flags.public {
            (
                object,
                "it does not expire".to_owned(),
                "Everybody may read it, as long as it is there.",
            )
        } else {
            let (s3, seconds) = (&self.s3, self.flags.link_lifetime);
            let link = presign_url("GET", &object, &[], seconds, &s3.credentials, &s3.region, now);
            let ends = now.plus_seconds(i64::try_from(seconds).unwrap_or(i64::MAX));
            let remark = "Whoever has the link can read the file until then. \
                          To get a new link, load this page anew.";
            (link.map_err(Problem::failed)?, ends.iso(), remark)
        };
        Ok(format!(
            "<h1>The file arrived</h1>\n\
             <dl>\n\
             <dt>Bucket</dt><dd id=\"bucket\">{bucket}</dd>\n\
             <dt>Key</dt><dd id=\"key\">{key}</dd>\n\
             <dt>ETag</dt><dd id=\"etag\">{etag}</dd>\n\
             <dt>Link ends</dt><dd id=\"expires\">{expires}</dd>\n\
             </dl>\n\
             <p><a id=\"download\" href=\"{link}\">Download</a> <a href=\"/\">Send another</a></p>\n\
             <p>{remark}</p>",
            bucket = escaped(&bucket),
            key = escaped(&key),
            etag = escaped(&etag),
            link = escaped(&link),
        ))
    }
}

/// A bucket, and the keys for it.
struct S3 {
    endpoint: String,
    region: String,
    credentials: Credentials,
    bucket: String,
}

impl S3 {
    fn of(emulator: &Stuntbucket, bucket: &str) -> Self {
        Self {
            endpoint: emulator.endpoint(),
            region: emulator.region().to_owned(),
            credentials: emulator.credentials(),
            bucket: bucket.to_owned(),
        }
    }

    #[allow(clippy::disallowed_methods)] // A program reads its environment; a library does not.
    fn of_environment(endpoint: &str, bucket: &str) -> Result<Self, String> {
        let variable = |name| std::env::var(name).map_err(|error| format!("{name}: {error}"));
        Ok(Self {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            region: variable("AWS_REGION").unwrap_or_else(|_| "us-east-1".to_owned()),
            credentials: Credentials {
                access_key_id: variable("AWS_ACCESS_KEY_ID")?,
                secret_key: SecretKey::new(variable("AWS_SECRET_ACCESS_KEY")?),
                session_token: variable("AWS_SESSION_TOKEN").ok(),
            },
            bucket: bucket.to_owned(),
        })
    }

    /// Amazon finds a bucket by its host name; a certificate for `*.s3.amazonaws.com` does not
    /// cover a name with dots. Elsewhere the bucket is the start of the path.
    fn url_of(&self, key: &str) -> String {
        let (endpoint, bucket, key) = (&self.endpoint, &self.bucket, encode::path(key.as_bytes()));
        match endpoint.split_once("://") {
            Some((scheme, host)) if host.ends_with(".amazonaws.com") && !bucket.contains('.') => {
                format!("{scheme}://{bucket}.{host}/{key}")
            }
            _ => format!("{endpoint}/{bucket}/{key}"),
        }
    }

    /// The etag of the object at `key`.
    fn etag_of(&self, key: &str, now: Timestamp) -> Result<String, Problem> {
        let url = self.url_of(key);
        let answer = self.ask("HEAD", &url, now).map_err(Problem::failed)?;
        if answer.status().is_success() {
            let etag = answer.headers().get("etag").and_then(|etag| etag.to_str().ok());
            return Ok(etag.unwrap_or_default().to_owned());
        }
        // A HEAD is answered without a body, so what S3 says stands in the answer to a GET.
        let mut refusal = self.ask("GET", &url, now).map_err(Problem::failed)?;
        let xml = if refusal.status().is_success() {
            String::new()
        } else {
            refusal.body_mut().read_to_string().unwrap_or_default()
        };
        let (code, message) = (element(&xml, "Code"), element(&xml, "Message"));
        let text = format!("S3 answered {}: {code} {message}", answer.status());
        let is_missing = answer.status() == StatusCode::NOT_FOUND;
        Err(Problem(if is_missing { answer.status() } else { StatusCode::BAD_GATEWAY }, text))
    }

    fn ask(&self, method: &str, url: &str, now: Timestamp) -> Result<Answer, Box<dyn Error>> {
        let (payload, keys) = (Payload::of(b""), &self.credentials);
        let signed = sign_request(method, url, &[], &payload, keys, &self.region, now)?;
        let mut request = http::Request::builder().method(method).uri(url);
        for (name, value) in signed.headers {
            request = request.header(name, value);
        }
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(10)))
            .build()
            .new_agent();
        Ok(agent.run(request.body(())?)?)
    }
}

type Answer = http::Response<ureq::Body>;

/// Why there is no page, or no link.
struct Problem(StatusCode, String);

impl Problem {
    fn failed(error: impl fmt::Display) -> Self {
        Self(StatusCode::BAD_GATEWAY, format!("This went wrong on the way to S3: {error}"))
    }

    fn page(self) -> (StatusCode, String) {
        let Self(status, text) = self;
        let content = format!(
            "<h1>That did not work</h1>\n<p id=\"problem\">{}</p>\n\
             <p><a href=\"/\">Send a file</a></p>",
            escaped(&text)
        );
        (status, content)
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let flags = Flags::parse();
    let listener = TcpListener::bind(flags.listen)
        .map_err(|error| format!("--listen {}: {error}", flags.listen))?;
    let url = format!("http://{}", listener.local_addr()?);
    // Nothing below this line knows whether it talks to the real S3.
    let (s3, emulator) = if let Some(endpoint) = &flags.endpoint {
        (S3::of_environment(endpoint, &flags.bucket)?, None)
    } else {
        let bucket = Bucket::new(&flags.bucket).before_2023(flags.public);
        // The second port shows every request to the emulator, and why one was refused.
        let inspector = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let emulator = Stuntbucket::builder().bucket(bucket).inspect(inspector).start()?;
        (S3::of(&emulator, &flags.bucket), Some(emulator))
    };
    println!("app: {url}/\ns3: {}", s3.endpoint);
    if let Some(inspector) = emulator.as_ref().and_then(Stuntbucket::inspector) {
        println!("inspector: {inspector}");
    }
    let app = Arc::new(App { flags, url, s3 });
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let app = Arc::clone(&app);
            // A browser that goes away is no trouble.
            thread::spawn(move || answer(&app, &stream).ok());
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(tokio::signal::ctrl_c())?)
}

/// As much HTTP as two pages need: the first line of a request, and an answer.
#[allow(clippy::disallowed_methods)] // An app lives in real time.
fn answer(app: &App, mut stream: &TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut lines = BufReader::new(stream.take(32 * 1024)).lines();
    let line = lines.next().transpose()?.unwrap_or_default();
    for header in lines {
        if header?.is_empty() {
            break;
        }
    }
    let asked = line.strip_prefix("GET ").and_then(|rest| rest.split(' ').next()).unwrap_or(&line);
    let (path, query) = asked.split_once('?').unwrap_or((asked, ""));
    let now = Timestamp::from(SystemTime::now());
    let page = match path {
        "/" => app.form(now),
        "/uploaded" => app.uploaded(query, now),
        _ => Err(Problem(StatusCode::NOT_FOUND, format!("There is no page for `{asked}`."))),
    };
    let (status, content) = page.map_or_else(Problem::page, |page| (StatusCode::OK, page));
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Upload</title>\n<link rel=\"icon\" href=\"data:,\">\n<style>{STYLE}</style>\n\
         <main>\n{content}\n</main>\n</html>\n"
    );
    // A link is a key: neither caches nor other sites shall get to see it.
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n\
         Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; img-src data:\r\n\
         Connection: close\r\n\r\n{html}",
        length = html.len(),
    )
}

/// A parameter of a query as a browser writes it.
fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(other, _)| *other == name)?;
    Some(String::from_utf8_lossy(&encode::decode(value, Plus::Space)).into_owned())
}

/// The text of an element of S3's errors, which are flat.
fn element<'a>(xml: &'a str, name: &str) -> &'a str {
    let rest = xml.split_once(&format!("<{name}>")).map_or("", |(_, rest)| rest);
    rest.split_once("</").map_or("", |(text, _)| text)
}

fn size(bytes: u64) -> String {
    match bytes >> 20 {
        mib if mib > 0 && mib << 20 == bytes => format!("{mib} MiB"),
        _ => format!("{bytes} bytes"),
    }
}

fn duration(seconds: u32) -> String {
    match seconds / 60 {
        minutes if minutes > 1 && minutes * 60 == seconds => format!("{minutes} minutes"),
        _ => format!("{seconds} seconds"),
    }
}

/// Text as it stands in HTML.
fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}
