//! Exit codes and output of `stuntbucket-conformance`.

use std::process::Command;
use std::process::Output;

use stuntbucket_conformance::flows;

fn run(line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stuntbucket-conformance"))
        .args(line.split_whitespace())
        .env_clear()
        .output()
        .unwrap()
}

#[test]
fn every_flow_is_listed() {
    let output = run("list");
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), flows::all().len());
    assert!(text.contains("post-form/key-outside-prefix "), "{text}");
}

#[test]
fn what_could_not_run_exits_with_2_and_says_why() {
    for (line, complaint) in [
        ("", "Usage"),
        ("run --magic", "--magic"),
        ("run", "no target"),
        ("run --endpoint http://127.0.0.1:1", "no keys"),
        ("list --only nothing-like-this", "no flow has"),
        ("compare /nowhere-1 /nowhere-2", "/nowhere-1"),
    ] {
        let output = run(line);
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}: {text}");
        assert!(text.contains(complaint), "{line}: {text}");
    }
}

#[test]
fn help_is_no_failure() {
    let output = run("--help");
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    for command in ["run", "list", "record", "compare"] {
        assert!(text.contains(command), "{text}");
    }
}
