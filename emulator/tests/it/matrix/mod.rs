//! The matrix of refusals in `fixtures/refusals/matrix.toml`, asked of an emulator.

mod spoiled;

use std::collections::BTreeSet;
use std::collections::HashMap;
use std::io::Write;

use serde::Deserialize;
use stuntbucket::Bucket;
use stuntbucket::Clock;
use stuntbucket::Credentials;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use self::spoiled::Stage;
use crate::client::Client;
use crate::client::read;

/// The requests that are spoiled, and how each is answered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Matrix {
    header: Cells,
    link: Cells,
    form: Cells,
    unsigned: Cells,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cells {
    alone: Vec<Alone>,
    pairs: Vec<Pair>,
}

/// One fault, and what it is answered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alone {
    fault: String,
    status: u16,
    code: String,
    message: String,
    #[serde(flatten)]
    proof: Proof,
}

/// Two faults, and which is answered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    faults: [String; 2],
    wins: String,
    #[serde(flatten)]
    proof: Proof,
}

/// Whether a recording of S3 settles the cell, and which.
#[derive(Deserialize)]
struct Proof {
    verified: bool,
    source: Option<String>,
}

fn matrix() -> Matrix {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/refusals/matrix.toml");
    toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

impl Matrix {
    fn requests(&self) -> [(&'static str, &Cells); 4] {
        [
            ("header", &self.header),
            ("link", &self.link),
            ("form", &self.form),
            ("unsigned", &self.unsigned),
        ]
    }
}

/// An emulator with all that the faults need, and what the requests are made of.
fn stage() -> (Stuntbucket, Stage) {
    let session = |name: &str| User::new(name).session_token(format!("token-of-{name}"));
    let clock = Clock::stopped_at("2026-01-01T12:00:00Z");
    let now = clock.now();
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("stranger").account("000000000002"))
        .user(session("live").session_expires(now.plus_seconds(3600)))
        .user(session("over").session_expires(now.plus_seconds(-1)))
        .bucket(Bucket::new("matrix"))
        .clock(clock)
        .full_time_travel()
        .start()
        .unwrap();
    s3.put_object("matrix", "k", "x").unwrap();
    let keys = |name: &str| -> Credentials { s3.user(name).credentials() };
    let stage = Stage {
        authority: Client::owner(&s3).authority,
        now,
        owner: keys("owner"),
        stranger: keys("stranger"),
        live: keys("live"),
        over: keys("over"),
    };
    (s3, stage)
}

/// Asks one cell, and returns what is wrong with the answer.
fn complaint(
    s3: &Stuntbucket,
    stage: &Stage,
    request: &str,
    faults: &[&str],
    expected: &Alone,
) -> Option<String> {
    let spoiled = stage.spoil(request, faults);
    let mut stream = Client::anonymous(s3).connect();
    stream.write_all(&spoiled.bytes).unwrap();
    let answer = read(&mut stream, "GET").unwrap();
    let message = answer.element("Message").unwrap_or_default();
    let message = message.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">");
    let code = answer.element("Code").unwrap_or_default();
    let wanted = expected.message.replace("DATE", &spoiled.at.date());
    if (answer.status, &code, &message) == (expected.status, &expected.code, &wanted) {
        return None;
    }
    Some(format!(
        "{request} {faults:?}: expected `{}`, found {} {code} {message}\n",
        expected.fault, answer.status
    ))
}

#[test]
fn each_fault_is_refused_as_it_is_written() {
    let (s3, stage) = stage();
    let complaints: String = matrix()
        .requests()
        .iter()
        .flat_map(|(request, cells)| {
            cells.alone.iter().map(|alone| (*request, alone)).collect::<Vec<_>>()
        })
        .filter_map(|(request, alone)| complaint(&s3, &stage, request, &[&alone.fault], alone))
        .collect();
    assert_eq!(complaints, "");
}

#[test]
fn of_two_faults_the_one_that_is_written_wins() {
    let (s3, stage) = stage();
    let mut complaints = String::new();
    for (request, cells) in matrix().requests() {
        let alone: HashMap<_, _> =
            cells.alone.iter().map(|alone| (alone.fault.as_str(), alone)).collect();
        for Pair { faults: [one, other], wins, .. } in &cells.pairs {
            let expected = alone[wins.as_str()];
            complaints.extend(complaint(&s3, &stage, request, &[one, other], expected));
        }
    }
    assert_eq!(complaints, "");
}

#[test]
fn what_is_not_spoiled_is_accepted() {
    let (s3, stage) = stage();
    for request in ["header", "link", "form"] {
        let mut stream = Client::anonymous(&s3).connect();
        stream.write_all(&stage.spoil(request, &[]).bytes).unwrap();
        let answer = read(&mut stream, "GET").unwrap();
        assert!([200, 204].contains(&answer.status), "{request}: {}", answer.text());
    }
}

#[test]
fn the_matrix_is_whole() {
    for (request, cells) in matrix().requests() {
        let names: BTreeSet<_> = cells.alone.iter().map(|alone| &alone.fault).collect();
        assert_eq!(names.len(), cells.alone.len(), "{request} names a fault twice");
        let mut seen = BTreeSet::new();
        for Pair { faults, wins, .. } in &cells.pairs {
            assert!(faults.iter().all(|fault| names.contains(fault)), "{request} {faults:?}");
            assert!(faults.contains(wins), "{request} {faults:?}: {wins}");
            assert!(seen.insert(faults.iter().collect::<BTreeSet<_>>()), "{request} {faults:?}");
        }
        let alone = cells.alone.iter().map(|alone| (&alone.fault, &alone.proof));
        let pairs = cells.pairs.iter().map(|pair| (&pair.wins, &pair.proof));
        for (fault, proof) in alone.chain(pairs) {
            let is_proved = proof.source.is_some();
            assert_eq!(
                proof.verified, is_proved,
                "{request} {fault}: a source for what is verified"
            );
        }
    }
}
