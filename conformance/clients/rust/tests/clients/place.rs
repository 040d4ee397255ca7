//! The emulators under test, who may sign, and a bucket of its own for each test.

use std::env;
use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::Certificate;
use reqwest::Client;
use reqwest::Response;
use rusty_s3::Bucket;
use rusty_s3::Credentials;
use rusty_s3::S3Action;
use rusty_s3::UrlStyle;
use rusty_s3::actions::CreateBucket;
use serde::Deserialize;

/// For keys: whatever clients may encode in more than one way.
pub const ODD: &str = "dir/a b+c/é'(1)!*~&=;,:@$#?%25[x]/y.txt";

pub const A_MINUTE: Duration = Duration::from_secs(60);

/// Each of the functions, which take a [`Place`], as a test of HTTP and as one of HTTPS.
macro_rules! over_http_and_https {
    ($($test:ident),+ $(,)?) => {
        mod http {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test(crate::place::Place::over_http().await).await;
                }
            )+
        }

        mod https {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test(crate::place::Place::over_https().await).await;
                }
            )+
        }
    };
}
pub(crate) use over_http_and_https;

#[derive(Clone, Deserialize)]
struct Ready {
    endpoint: String,
    region: String,
    ca: Option<String>,
    users: Vec<User>,
}

#[derive(Clone, Deserialize)]
pub struct User {
    name: String,
    pub access_key: String,
    pub secret_key: String,
}

/// A bucket, who owns it, and where it is.
pub struct Place {
    pub endpoint: String,
    pub region: String,
    pub ca: Option<Vec<u8>>,
    pub owner: User,
    pub bucket: String,
    program: Option<Child>,
}

impl Place {
    /// On the emulator that the environment names.
    pub async fn over_http() -> Self {
        let ready = env::var("STUNTBUCKET_READY_FILE").expect("STUNTBUCKET_READY_FILE is not set");
        Self::new(&fs::read(ready).expect("no ready file"), None).await
    }

    /// On an emulator of its own.
    pub async fn over_https() -> Self {
        let program = env::var("STUNTBUCKET_PROGRAM").expect("STUNTBUCKET_PROGRAM is not set");
        let ready = env::temp_dir().join(format!("stuntbucket-{}.json", unique()));
        let mut program = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--inspect", "off", "--tls"])
            .args(["--config", concat!(env!("CARGO_MANIFEST_DIR"), "/../emulator.toml")])
            .arg("--ready-file")
            .arg(&ready)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the emulator does not start");
        // Printed when requests are answered, and after the file is written.
        let mut line = String::new();
        BufReader::new(program.stdout.take().expect("no output"))
            .read_line(&mut line)
            .expect("no line");
        let said = fs::read(&ready).expect("no ready file");
        Self::new(&said, Some(program)).await
    }

    async fn new(ready: &[u8], program: Option<Child>) -> Self {
        let ready: Ready = serde_json::from_slice(ready).expect("not a ready file");
        let owner = ready.users.into_iter().find(|user| user.name == "owner").expect("no owner");
        let ca = ready.ca.map(|path| fs::read(path).expect("no certificate"));
        let bucket = format!("clients-rust-{}", unique());
        let (endpoint, region) = (ready.endpoint, ready.region);
        let place = Self { endpoint, region, ca, owner, bucket, program };
        let create = CreateBucket::new(&place.signer(), &place.keys()).sign(A_MINUTE);
        let made = place.http().put(create).send().await.expect("no answer");
        assert_eq!(made.status(), 200);
        place
    }

    pub fn signer(&self) -> Bucket {
        let endpoint = self.endpoint.parse().expect("not a URL");
        Bucket::new(endpoint, UrlStyle::Path, self.bucket.clone(), self.region.clone())
            .expect("not a bucket")
    }

    pub fn keys(&self) -> Credentials {
        Credentials::new(&self.owner.access_key, &self.owner.secret_key)
    }

    /// What anybody has who was given a link.
    pub fn http(&self) -> Client {
        let mut builder = Client::builder().no_proxy();
        if let Some(ca) = &self.ca {
            builder =
                builder.tls_certs_only([Certificate::from_pem(ca).expect("not a certificate")]);
        }
        builder.build().expect("no client")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(program) = &mut self.program {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// The status and the code of a refusal as S3 writes it.
pub async fn refusal(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let text = answer.text().await.expect("no body");
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    (status, code.expect("no code").0.to_owned())
}

pub fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
