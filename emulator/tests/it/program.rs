//! The binary: what it prints, the ready file, the clean stop, bad flags.

use std::io::BufRead;
use std::io::BufReader;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use stuntbucket::Clock;
use stuntbucket::Credentials;

use crate::client::Client;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stuntbucket"));
    command.env_clear().stdin(Stdio::null());
    command
}

/// A running `serve`, killed when the test ends.
pub(crate) struct Serving {
    pub(crate) child: Child,
    facts: Vec<String>,
}

impl Serving {
    pub(crate) fn start(flags: &[&str]) -> Self {
        Self::start_with(&["--inspect", "off"], flags)
    }

    fn start_with(inspect: &[&str], flags: &[&str]) -> Self {
        let mut command = program();
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(inspect).args(flags);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        // The lines to paste come last, and the first of them when all is said that is awaited.
        let facts = lines.map(Result::unwrap).take_while(|line| line != "try:").collect();
        Self { child, facts }
    }

    pub(crate) fn fact(&self, name: &str) -> &str {
        let prefix = format!("{name}: ");
        self.facts.iter().find_map(|line| line.strip_prefix(&prefix)).unwrap()
    }

    pub(crate) fn client(&self) -> Client {
        let credentials = Credentials::new(self.fact("access key"), self.fact("secret key"));
        let now = Clock::system().now();
        Client::at(self.fact("endpoint"), Some(credentials), self.fact("region"), now)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself, as it should.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn events_are_in_the_file_when_it_has_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let config = "[[buckets]]\nname = \"photos\"\nevents = [\"s3:ObjectCreated:*\"]\n";
    std::fs::write(at("config.toml"), config).unwrap();
    let flags = ["--config", &at("config.toml"), "--events-file", &at("events.jsonl")];
    let mut serving = Serving::start(&flags);
    for key in ["a", "b"] {
        assert_eq!(serving.client().put(&format!("/photos/{key}"), b"1").status, 200);
    }
    let pid = serving.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    let lines = std::fs::read_to_string(at("events.jsonl")).unwrap();
    assert_eq!(lines.matches("\"eventName\":\"ObjectCreated:Put\"").count(), 2, "{lines}");
    assert_eq!(lines.lines().count(), 2);
}

#[cfg(unix)]
#[test]
fn it_says_what_a_newcomer_needs_and_stops_cleanly() {
    let folder = tempfile::tempdir().unwrap();
    let ready_file = folder.path().join("ready.json");
    let mut serving = Serving::start(&["--ready-file", ready_file.to_str().unwrap()]);
    assert!(serving.fact("endpoint").starts_with("http://127.0.0.1:"));
    assert_eq!(serving.fact("inspector"), "off");
    assert_eq!(serving.fact("data"), "temporary");
    let ready = std::fs::read_to_string(&ready_file).unwrap();
    assert!(ready.contains(serving.fact("endpoint")), "{ready}");
    assert_eq!(serving.client().put("/photos", b"").status, 200);
    let pid = serving.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert_eq!(serving.child.wait().unwrap().code(), Some(0));
    assert!(!ready_file.exists());
}

#[test]
fn under_https_it_says_what_to_trust() {
    let folder = tempfile::tempdir().unwrap();
    let ready_file = folder.path().join("ready.json");
    let ready_file = ready_file.to_str().unwrap();
    let serving = Serving::start(&["--tls", "--ready-file", ready_file]);
    assert!(serving.fact("endpoint").starts_with("https://127.0.0.1:"));
    let ca = serving.fact("ca");
    assert!(std::fs::read_to_string(ca).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    let output = program().args(["env", "--ready-file", ready_file]).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    for name in ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] {
        assert!(printed.contains(&format!("export {name}={ca}\n")), "{printed}");
    }
}

#[test]
fn its_own_tools_sign_for_it() {
    let serving = Serving::start(&["--user", "AKID:secret:alice"]);
    let client = serving.client();
    assert_eq!(client.put("/photos", b"").status, 200);
    assert_eq!(client.put("/photos/a%20b", b"abc").status, 200);
    let endpoint = serving.fact("endpoint");
    let mut presign = program();
    presign.args(["presign", "GET", "s3://photos/a b", "--user", "AKID:secret"]);
    let output = presign.args(["--endpoint", endpoint]).output().unwrap();
    let url = String::from_utf8(output.stdout).unwrap();
    let target = url.trim().strip_prefix(endpoint).unwrap();
    let anonymous = Client::at(endpoint, None, "", Clock::system().now());
    assert_eq!(anonymous.get(target).body, b"abc");
}

#[track_caller]
fn check(flags: &[&str], exit_code: i32, complaint: &str) {
    let output = program().args(flags).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(exit_code), "{said}");
    assert!(said.starts_with("error: ") && said.contains(complaint), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn bad_flags_are_one_line_and_exit_2() {
    check(&["--relax", "all"], 2, "'all' for '--relax <CHECK>'");
    check(&["--listen", "nowhere"], 2, "'--listen <ADDR>'");
    check(&["--config", "missing.toml"], 2, "--config missing.toml");
    check(&["--user", "AKID"], 2, "--user");
    check(&["--tls-cert", "missing.pem"], 2, "--tls-key");
    check(&["--tls-cert", "missing.pem", "--tls-key", "k"], 2, "certificate missing.pem");
    check(&["presign", "GET", "s3://b/k", "--expires", "8d"], 2, "--expires");
}

#[test]
fn a_taken_port_exits_1() {
    let serving = Serving::start(&[]);
    let address = serving.fact("endpoint").replace("http://", "");
    check(&["--listen", &address, "--inspect", "off"], 1, "is taken by another program");
}

#[test]
fn a_locked_folder_exits_1_and_says_by_whom() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().to_str().unwrap();
    let serving = Serving::start(&["--data", folder]);
    let flags = ["--listen", "127.0.0.1:0", "--inspect", "off", "--data", folder];
    check(&flags, 1, &format!("{}", serving.child.id()));
}

/// Runs `explain access` with these words; its exit code, and what it printed.
fn explain(words: &[&str]) -> (Option<i32>, String) {
    let output = program().args(["explain", "access"]).args(words).output().unwrap();
    let printed = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(printed).unwrap())
}

#[test]
fn it_explains_access_by_its_exit_code_and_in_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    let text = "[[buckets]]\nname = \"photos\"\nbefore_2023 = true\nacl = \"public-read\"\n";
    std::fs::write(&config, text).unwrap();
    let ready = folder.path().join("ready.json");
    let [config, ready] = [&config, &ready].map(|path| path.to_str().unwrap());
    let inspect = ["--inspect", "127.0.0.1:0"];
    let flags = ["--config", config, "--ready-file", ready];
    let serving = Serving::start_with(&inspect, &flags);
    assert_eq!(serving.fact("region"), "us-east-1");
    let inspector = serving.fact("inspector").to_owned();
    for whom in [["--config", config], ["--inspector", &inspector], ["--ready-file", ready]] {
        let ask = |caller: &str, action: &str, location: &str| {
            explain(&[&["--as", caller, action, location][..], &whom].concat())
        };
        let allowed = "allowed: the ACL of bucket `photos` grants READ\n".to_owned();
        assert_eq!(ask("anonymous", "s3:ListBucket", "s3://photos"), (Some(0), allowed));
        let (code, said) = ask("anonymous", "s3:PutObject", "s3://photos/a b");
        assert_eq!(code, Some(1), "{said}");
        assert!(said.starts_with("denied: no grant of WRITE on bucket `photos` for AllUsers"));
        let (code, said) = ask("nobody", "s3:PutObject", "s3://photos/a");
        assert_eq!((code, said.as_str()), (Some(2), "error: there is no user `nobody`\n"));
    }
    drop(serving);
    let words = ["--as", "owner", "s3:GetObject", "s3://photos", "--inspector", &inspector];
    let (code, said) = explain(&words);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.starts_with("error: no inspector answers at"), "{said}");
}
