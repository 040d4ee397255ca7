//! Keys that a mistake makes: other secrets, other scopes, other derivations.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::credentials::SecretKey;
use crate::encode;
use crate::encode::Plus;
use crate::key::SigningKey;
use crate::scope::Scope;
use crate::scope::TERMINAL;
use crate::time::Timestamp;

use super::Claimed;
use super::cause::Cause;
use super::mistake::DerivationMistake;
use super::mistake::ScopePart;
use super::mistake::SecretMistake;
use super::search::Mac;
use super::search::Rank;
use super::search::TriedKey;

/// More users than a test has; the others are not tried.
const OTHERS_MAX: usize = 64;
/// So many regions are tried together with a mistake in the text.
const USUAL_REGIONS: usize = 6;
/// Misspellings of longer secrets are not tried.
const SECRET_LETTERS_MAX: usize = 64;
/// So many secrets are tried together with another scope.
const USUAL_SECRETS: usize = 8;

/// The secrets that examples and other emulators have.
const PLACEHOLDERS: [&str; 26] = [
    "test",
    "secret",
    "password",
    "minioadmin",
    "minio123",
    "dummy",
    "fake",
    "foobar",
    "x",
    "undefined",
    "null",
    "None",
    "nil",
    "changeme",
    "your-secret-key",
    "YOUR_SECRET_KEY",
    "YOUR_SECRET_ACCESS_KEY",
    "<secret>",
    "${AWS_SECRET_ACCESS_KEY}",
    "$AWS_SECRET_ACCESS_KEY",
    "%AWS_SECRET_ACCESS_KEY%",
    "${{ secrets.AWS_SECRET_ACCESS_KEY }}",
    "process.env.AWS_SECRET_ACCESS_KEY",
    "stuntbucket-secret-key-for-tests-only-00",
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
];

/// The regions that clients are set to, the usual ones first.
const REGIONS: [&str; 38] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "ap-east-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "af-south-1",
    "ca-central-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "sa-east-1",
    "cn-north-1",
    "us-gov-west-1",
    "aws-global",
    "auto",
    "local",
    "default",
    "minio",
    "garage",
    "US",
    "",
];

/// What stands before a secret where it is given to a variable.
const ASSIGNMENTS: [&str; 6] = [
    "AWS_SECRET_ACCESS_KEY=",
    "export AWS_SECRET_ACCESS_KEY=",
    "aws_secret_access_key=",
    "aws_secret_access_key = ",
    "SECRET_KEY=",
    "Secret Access Key: ",
];

const SERVICES: [&str; 10] =
    ["execute-api", "iam", "sts", "s3express", "s3-outposts", "S3", "es", "lambda", "service", ""];

/// The scopes that a client may have meant: each of them changes one part.
pub(super) fn other_scopes(
    scope: &Scope,
    claimed: &Claimed<'_>,
    at: Option<Timestamp>,
) -> Vec<(Cause, Scope)> {
    let mut scopes = Vec::new();
    let mut add = |part, signed: &str, sent: &str, other: Scope| {
        if signed != sent {
            let (signed, sent) = (signed.to_owned(), sent.to_owned());
            scopes.push((Cause::Scope { part, signed, sent }, other));
        }
    };
    for region in std::iter::once(claimed.rules.region).chain(REGIONS) {
        let other = Scope { region: region.to_owned(), ..scope.clone() };
        add(ScopePart::Region, region, &scope.region, other);
    }
    for service in SERVICES {
        let other = Scope { service: service.to_owned(), ..scope.clone() };
        add(ScopePart::Service, service, &scope.service, other);
    }
    let noon = Timestamp::parse_basic(&format!("{}T120000Z", scope.date));
    let days = [-1, 1].map(|days| noon.map(|noon| noon.plus_seconds(days * 86_400).date()));
    let iso = noon.map(|noon| noon.iso().chars().take_while(|c| *c != 'T').collect::<String>());
    let texts = [Some(claimed.rules.now.date()), at.map(Timestamp::basic), iso];
    for date in days.into_iter().chain(texts).flatten() {
        let other = Scope { date: date.clone(), ..scope.clone() };
        add(ScopePart::Date, &date, &scope.date, other);
    }
    scopes
}

/// All keys of Version 4, the right one first.
pub(super) fn of_v4(claimed: &Claimed<'_>, scope: &Scope, at: Option<Timestamp>) -> Vec<TriedKey> {
    let derive = |secret: &SecretKey| Mac::Sha256(SigningKey::derive(secret, scope));
    let secret = &claimed.key.secret;
    let mut keys = vec![TriedKey { causes: Vec::new(), rank: Rank::Usual, mac: derive(secret) }];
    let secrets = secrets(claimed);
    for (cause, rank, secret) in &secrets {
        keys.push(TriedKey { causes: vec![cause.clone()], rank: *rank, mac: derive(secret) });
    }
    let scopes = other_scopes(scope, claimed, at);
    let mut regions = 0;
    for (cause, scope) in &scopes {
        let mac = Mac::Sha256(SigningKey::derive(secret, scope));
        let is_region = matches!(cause, Cause::Scope { part: ScopePart::Region, .. });
        regions += usize::from(is_region);
        let rank = if is_region && regions <= USUAL_REGIONS { Rank::Usual } else { Rank::Rare };
        keys.push(TriedKey { causes: vec![cause.clone()], rank, mac });
    }
    for (mistake, mac) in derivations(secret, scope) {
        let causes = vec![Cause::Derivation(mistake)];
        keys.push(TriedKey { causes, rank: Rank::Rare, mac });
    }
    let usual = secrets.iter().filter(|(_, rank, _)| *rank == Rank::Usual);
    for (of_secret, _, secret) in usual.take(USUAL_SECRETS) {
        for (of_scope, scope) in &scopes {
            let causes = vec![of_scope.clone(), of_secret.clone()];
            let mac = Mac::Sha256(SigningKey::derive(secret, scope));
            keys.push(TriedKey { causes, rank: Rank::Rare, mac });
        }
    }
    let mac = Mac::Sha1(secret.clone());
    keys.push(TriedKey { causes: vec![Cause::Version { signed: 2 }], rank: Rank::Rare, mac });
    keys
}

/// All keys of Version 2, the right one first.
pub(super) fn of_v2(claimed: &Claimed<'_>) -> Vec<TriedKey> {
    let secret = &claimed.key.secret;
    let right = Mac::Sha1(secret.clone());
    let mut keys = vec![TriedKey { causes: Vec::new(), rank: Rank::Usual, mac: right }];
    for (cause, rank, secret) in secrets(claimed) {
        keys.push(TriedKey { causes: vec![cause], rank, mac: Mac::Sha1(secret) });
    }
    let mac = Mac::Sha256(SigningKey::of_bytes(secret.expose().as_bytes()));
    let causes = vec![Cause::Derivation(DerivationMistake::Sha256)];
    keys.push(TriedKey { causes, rank: Rank::Rare, mac });
    keys
}

fn secrets(claimed: &Claimed<'_>) -> Vec<(Cause, Rank, SecretKey)> {
    let secret = claimed.key.secret.expose();
    let mut secrets = Vec::new();
    for (access_key_id, key) in
        claimed.keys.others(claimed.access_key_id).into_iter().take(OTHERS_MAX)
    {
        let cause = Cause::SecretOfOther { access_key_id };
        let with_line_feed = SecretKey::new(format!("{}\n", key.secret.expose()));
        secrets.push((cause.clone(), Rank::Usual, key.secret.clone()));
        secrets.push((cause, Rank::Rare, with_line_feed));
    }
    let mut add = |mistake, rank, other: String| {
        if other != secret {
            secrets.push((Cause::Secret(mistake), rank, SecretKey::new(other)));
        }
    };
    for (before, after, place) in [
        ("", "\n", "a line feed at its end"),
        ("", "\r\n", "CR LF at its end"),
        ("", " ", "a space at its end"),
        (" ", "", "a space at its start"),
        ("", "\r", "a carriage return at its end"),
        ("", "\t", "a tab at its end"),
        ("\t", "", "a tab at its start"),
        ("\n", "", "a line feed at its start"),
        (" ", " ", "a space at both ends"),
        ("\u{feff}", "", "a byte order mark at its start"),
        ("", "\\n", "`\\n` in two letters at its end"),
        ("", ",", "a comma at its end"),
        ("", ";", "a semicolon at its end"),
        ("", "=", "an equals sign at its end"),
    ] {
        let is_usual = matches!((before, after), ("", "\n" | "\r\n" | " ") | (" ", ""));
        let rank = if is_usual { Rank::Usual } else { Rank::Rare };
        add(SecretMistake::Space(place), rank, format!("{before}{secret}{after}"));
    }
    add(
        SecretMistake::Space("no white space about it, unlike the verifier's"),
        Rank::Rare,
        secret.trim().to_owned(),
    );
    add(SecretMistake::Quoted, Rank::Usual, format!("\"{secret}\""));
    add(SecretMistake::Quoted, Rank::Rare, format!("'{secret}'"));
    add(SecretMistake::Encoded, Rank::Rare, encode::component(secret.as_bytes()));
    let decoded = encode::decode(secret, Plus::Space);
    add(SecretMistake::Decoded, Rank::Rare, String::from_utf8_lossy(&decoded).into_owned());
    add(SecretMistake::Encoded, Rank::Rare, secret.replace('/', "%2F"));
    add(SecretMistake::Encoded, Rank::Rare, secret.replace('+', "%2B"));
    for at in ['/', '+', '=', '$', '#', '%', '&', '!', '\\'] {
        let start = secret.split(at).next().unwrap_or_default();
        add(SecretMistake::CutAt(at), Rank::Rare, start.to_owned());
    }
    for name in ASSIGNMENTS {
        add(SecretMistake::Assignment(name), Rank::Rare, format!("{name}{secret}"));
    }
    let mut cut = secret.to_owned();
    cut.pop();
    add(SecretMistake::Cut, Rank::Rare, cut);
    add(SecretMistake::Cut, Rank::Rare, secret.chars().skip(1).collect());
    add(SecretMistake::Escaped, Rank::Rare, secret.replace('/', "\\/"));
    add(SecretMistake::Base64, Rank::Rare, STANDARD.encode(secret));
    add(SecretMistake::Base64, Rank::Rare, STANDARD.encode(format!("{secret}\n")));
    add(SecretMistake::Case, Rank::Rare, secret.to_lowercase());
    add(SecretMistake::Case, Rank::Rare, secret.to_uppercase());
    add(SecretMistake::Empty, Rank::Rare, String::new());
    add(SecretMistake::KeyId, Rank::Rare, claimed.access_key_id.to_owned());
    for other in misspelt(secret) {
        add(SecretMistake::Misspelt, Rank::Rare, other);
    }
    for placeholder in PLACEHOLDERS {
        add(SecretMistake::Placeholder(placeholder), Rank::Rare, placeholder.to_owned());
    }
    secrets
}

/// With one character left out or written twice, two of them exchanged, or one taken for another
/// that looks like it.
fn misspelt(secret: &str) -> Vec<String> {
    const ALIKE: [(char, char); 8] = [
        ('0', 'O'),
        ('0', 'o'),
        ('O', 'o'),
        ('1', 'l'),
        ('1', 'I'),
        ('l', 'I'),
        ('5', 'S'),
        ('8', 'B'),
    ];
    let letters: Vec<char> = secret.chars().take(SECRET_LETTERS_MAX).collect();
    let written = |letters: &[char]| letters.iter().collect::<String>();
    let mut others = Vec::new();
    for (index, letter) in letters.iter().enumerate() {
        let (start, rest) = letters.split_at(index);
        others.push(written(&[start, &rest[1..]].concat()));
        others.push(written(&[start, &[*letter], rest].concat()));
        if let [one, other, end @ ..] = rest {
            others.push(written(&[start, &[*other, *one], end].concat()));
        }
        for (one, other) in ALIKE.iter().flat_map(|(a, b)| [(a, b), (b, a)]) {
            if letter == one {
                others.push(written(&[start, &[*other], &rest[1..]].concat()));
            }
        }
    }
    others
}

fn derivations(secret: &SecretKey, scope: &Scope) -> Vec<(DerivationMistake, Mac)> {
    let step = |key: &[u8], part: &str| SigningKey::of_bytes(key).sign(part.as_bytes()).to_bytes();
    let digits = |key: &[u8], part: &str| hex::encode(step(key, part)).into_bytes();
    let secret = secret.expose();
    let first = format!("AWS4{secret}");
    let parts = [scope.date.as_str(), &scope.region, &scope.service, TERMINAL];
    let chain = |first: &[u8], parts: &[&str]| {
        parts.iter().fold(first.to_vec(), |key, part| step(&key, part).to_vec())
    };
    let key = |bytes: &[u8]| Mac::Sha256(SigningKey::of_bytes(bytes));
    vec![
        (DerivationMistake::Secret, key(secret.as_bytes())),
        (DerivationMistake::SecretWithPrefix, key(first.as_bytes())),
        (DerivationMistake::NoPrefix, key(&chain(secret.as_bytes(), &parts))),
        (DerivationMistake::NoTerminal, key(&chain(first.as_bytes(), &parts[..3]))),
        (
            DerivationMistake::Digits,
            key(&parts.iter().fold(first.into_bytes(), |key, part| digits(&key, part))),
        ),
    ]
}
