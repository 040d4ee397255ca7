//! The plan of the house as a test: who may use whom, how long a file may be, where hyper, rustls,
//! sled, the clock and the environment live, and that the docs list what the code lists.
//!
//! These rules are there to help. When a better plan breaks one, change plan and test together.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// Each room of the emulator with the rooms that it may use, all of which are listed before it: so
/// nothing goes in circles. `docs/architecture.md` says what a room is for.
#[rustfmt::skip]
const ROOMS: &[(&str, &[&str])] = &[
    ("names",        &[]),
    ("clock",        &[]),
    ("digest",       &[]),
    ("xml",          &[]),
    ("relaxation",   &[]),
    ("ids",          &[]),
    ("explanation",  &[]),
    ("policy",       &[]),
    ("keyring",      &["names", "policy"]),
    ("config",       &["names", "clock", "keyring", "relaxation"]),
    ("store",        &["names", "digest", "config"]),
    ("failure",      &["explanation", "policy", "store"]),
    ("body",         &["failure"]),
    ("answer",       &["failure", "xml", "body", "ids"]),
    ("request",      &["failure", "body", "store", "digest", "xml"]),
    ("route",        &["request", "failure", "body"]),
    ("journal",      &["explanation"]),
    ("offline",      &["explanation", "failure", "request", "route"]),
    ("events",       &["names", "ids", "store"]),
    ("notes",        &["events", "explanation", "relaxation"]),
    ("world",        &["names", "clock", "config", "events", "ids", "journal", "keyring", "relaxation", "store"]),
    ("place",        &["names", "failure", "request", "route", "store", "world"]),
    ("authenticate", &["explanation", "keyring", "names", "request", "route", "body", "digest", "failure", "notes", "place", "world", "relaxation"]),
    ("authorize",    &["explanation", "names", "keyring", "policy", "xml", "request", "route", "failure", "store", "events", "notes", "place", "world", "authenticate", "relaxation"]),
    ("cross_origin", &["answer", "authorize", "notes", "place", "request", "store"]),
    ("sts",          &["answer", "authenticate", "body", "failure", "ids", "keyring", "notes", "request", "world", "xml"]),
    ("operations",   &["explanation", "names", "failure", "body", "digest", "xml", "relaxation", "ids", "policy", "store", "answer", "request", "route", "events", "notes", "place", "world", "authenticate", "authorize"]),
    ("server",       &["failure", "request", "body", "answer"]),
    ("pipeline",     &["failure", "body", "ids", "answer", "request", "route", "journal", "events", "notes", "place", "world", "authenticate", "authorize", "cross_origin", "sts", "operations", "server"]),
    ("inspector",    &["explanation", "clock", "relaxation", "keyring", "failure", "body", "answer", "request", "journal", "world", "authorize"]),
    ("emulator",     &["names", "clock", "digest", "xml", "relaxation", "ids", "policy", "keyring", "config", "store", "answer", "request", "journal", "events", "world", "authorize", "server", "pipeline", "inspector"]),
    ("cli",          &[]),
];

/// What lives in one place only: a text in the code, the crate, and where it may stand.
const ONE_PLACE: &[(&str, &str, &[&str])] = &[
    ("hyper::", "emulator", &["src/server", "benches"]),
    ("hyper_util::", "emulator", &["src/server", "benches"]),
    ("rcgen::", "emulator", &["src/server/tls.rs", "tests/it/tls.rs"]),
    ("rustls::", "emulator", &["src/server/tls.rs", "tests/it/tls.rs"]),
    ("tokio_rustls::", "emulator", &["src/server"]),
    ("sled::", "emulator", &["src/store/sled"]),
    ("SystemTime::now", "emulator", &["src/clock.rs", "src/cli", "examples"]),
    ("Instant::now", "emulator", &["src/clock.rs"]),
    ("env::var", "emulator", &["src/cli", "examples", "src/store/sled/tests"]),
    ("SystemTime::now", "signer", &["examples"]),
    ("Instant::now", "signer", &[]),
    ("env::var", "signer", &[]),
    ("std::fs", "signer", &["tests"]),
    ("std::net", "signer", &[]),
    ("SystemTime::now", "conformance", &["src/endpoint.rs"]),
    ("env::var", "conformance", &["src/main.rs"]),
    ("ureq::", "conformance", &["src/client.rs"]),
];

const LINES_MAX: usize = 400;

/// Longer files, each with its reason.
const LONG_FILES: &[(&str, &str)] = &[];

const CRATES: [&str; 3] = ["signer", "emulator", "conformance"];

#[test]
fn rooms_use_only_what_they_may() {
    for (index, (room, allowed)) in ROOMS.iter().enumerate() {
        for used in *allowed {
            let is_before = ROOMS[..index].iter().any(|(name, _)| name == used);
            assert!(is_before, "`{used}` is not listed before `{room}`");
        }
        for file in files_of_room(room) {
            for (number, line) in code_lines(&file) {
                let Some((_, path)) = line.split_once("crate::") else { continue };
                let used = path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
                let is_room = ROOMS.iter().any(|(name, _)| *name == used);
                assert!(
                    is_room,
                    "{}:{number}: name the room, one a line: `use crate::room::Thing;`",
                    file.display(),
                );
                assert!(
                    used == *room || allowed.contains(&used),
                    "{}:{number}: `{room}` may not use `{used}`",
                    file.display(),
                );
            }
        }
    }
}

#[test]
fn every_module_of_the_emulator_is_a_room() {
    let source = root().join("emulator/src");
    for path in entries(&source) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let is_known = ROOMS.iter().any(|(room, _)| *room == name)
            || matches!(name, "lib" | "main" | "emulator");
        assert!(is_known, "{}: no room of the table in this file", path.display());
    }
}

#[test]
fn what_has_one_place_is_nowhere_else() {
    for (text, name, places) in ONE_PLACE {
        let folder = root().join(name);
        for file in rust_files(&folder) {
            let inside = file.strip_prefix(&folder).unwrap();
            let is_place = places.iter().any(|place| inside.starts_with(place));
            // This file names them all.
            if is_place || inside == Path::new("tests/tidy.rs") {
                continue;
            }
            for (number, line) in code_lines(&file) {
                let is_used =
                    line.split(text).count() > 1 && !is_part_of_a_longer_name(&line, text);
                assert!(!is_used, "{}:{number}: `{text}` belongs to {places:?}", file.display());
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_fits_in_a_head() {
    let mut complaints = Vec::new();
    for file in CRATES.iter().flat_map(|name| rust_files(&root().join(name))) {
        let text = fs::read_to_string(&file).unwrap();
        let inside = file.strip_prefix(root()).unwrap();
        let is_tests = file.ends_with("tests.rs");
        if !text.starts_with("//! ") && !is_tests {
            complaints.push(format!("{}: no `//!` at its start", inside.display()));
        }
        let is_long_for_a_reason = LONG_FILES.iter().any(|(long, _)| inside.starts_with(long));
        let lines = text.lines().count();
        if lines > LINES_MAX && !is_long_for_a_reason {
            complaints.push(format!("{}: {lines} lines", inside.display()));
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
    for (long, reason) in LONG_FILES {
        assert!(root().join(long).exists(), "{long} ({reason}) is listed and not there");
    }
}

/// What a document must name: the file, and the names.
fn listed() -> Vec<(&'static str, BTreeSet<String>)> {
    let flows = stuntbucket_conformance::flows::all();
    let family =
        |flow: &&stuntbucket_conformance::Flow| flow.name.split('/').next().unwrap().to_owned();
    let features = stuntbucket_conformance::Feature::ALL.map(|feature| feature.name().to_owned());
    vec![
        ("docs/conformance.md", flows.iter().map(family).collect()),
        ("docs/conformance.md", features.into()),
    ]
}

/// What each crate stands on besides the crates of this workspace. A new one is a decision, with a
/// line in `docs/design.md`.
#[rustfmt::skip]
const DEPENDENCIES: &[(&str, &[&str])] = &[
    ("signer", &["base64", "hex", "hmac", "jiff", "serde_json", "sha1", "sha2", "subtle", "zeroize"]),
    ("emulator", &[
        "base64", "bytes", "clap", "crc-fast", "futures-core", "futures-util", "getrandom", "hex", "http",
        "http-body", "http-body-util", "httpdate", "hyper", "hyper-util", "jiff", "md-5", "multer",
        "quick-xml", "rcgen", "rmp-serde", "rustls", "serde", "serde_json", "sha1", "sha2", "sled",
        "tempfile", "thiserror", "tokio", "tokio-rustls", "toml", "tracing", "tracing-subscriber",
        "xxhash-rust",
    ]),
    ("conformance", &[
        "base64", "clap", "ctrlc", "http", "md-5", "quick-xml", "serde", "serde_json", "toml", "ureq",
    ]),
];

#[test]
fn dependencies_are_the_ones_that_were_decided() {
    let design = fs::read_to_string(root().join("docs/design.md")).unwrap();
    for (name, allowed) in DEPENDENCIES {
        let manifest = fs::read_to_string(root().join(name).join("Cargo.toml")).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        for dependency in manifest["dependencies"].as_table().unwrap().keys() {
            let is_own = dependency.starts_with("stuntbucket");
            let is_allowed = is_own || allowed.contains(&dependency.as_str());
            assert!(is_allowed, "`{name}` depends on `{dependency}`, which nobody decided");
            let is_told = is_own || design.contains(&format!("`{dependency}`"));
            assert!(is_told, "docs/design.md does not say what `{dependency}` is for");
        }
    }
}

#[test]
fn documents_list_what_the_code_lists() {
    for (document, names) in listed() {
        let text = fs::read_to_string(root().join(document)).unwrap();
        for name in names {
            assert!(text.contains(&format!("`{name}`")), "{document} does not name `{name}`");
        }
    }
}

#[test]
fn the_variants_of_an_enum_are_found() {
    let faults = variants("emulator/src/failure/table.rs", "pub(crate) enum Fault");
    assert!(faults.contains("AccessDenied") && faults.contains("NoSuchKey"), "{faults:?}");
    assert!(faults.iter().all(|name| name.starts_with(char::is_uppercase)), "{faults:?}");
}

/// The names of an enum's variants, read from its source.
fn variants(file: &str, head: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(root().join(file)).unwrap();
    let (_, body) = text.split_once(head).unwrap_or_else(|| panic!("no `{head}` in {file}"));
    let lines = body.lines().skip(1).take_while(|line| !line.starts_with('}'));
    let names = lines.filter_map(|line| {
        let name = line.strip_prefix("    ")?;
        let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
        name.starts_with(char::is_uppercase).then(|| name[..end].to_owned())
    });
    names.collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A room is a file or a folder.
fn files_of_room(room: &str) -> Vec<PathBuf> {
    let source = root().join("emulator/src");
    let file = source.join(format!("{room}.rs"));
    let mut files = rust_files(&source.join(room));
    if file.exists() {
        files.push(file);
    }
    files
}

/// All Rust files below a folder; nothing if there is no such folder.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in entries(folder) {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() && !matches!(name, "target" | "clients" | "fuzz") {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The lines of a file that are no comments, counted from 1.
fn code_lines(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.to_owned()));
    lines.filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

/// `sled::` is a part of `crate::store::sled::`, which is our own.
fn is_part_of_a_longer_name(line: &str, text: &str) -> bool {
    line.match_indices(text).all(|(start, _)| {
        let before = line[..start].chars().next_back();
        before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
            && !line[..start].ends_with("std::")
            && !line[..start].ends_with("time::")
    })
}
