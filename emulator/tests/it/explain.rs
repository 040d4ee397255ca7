//! The command `explain`, as a script calls it: what it prints, and how it ends.

use std::io::Write;
use std::process::Command;
use std::process::Stdio;

const USER: [&str; 2] = ["--user", "AKID:secret"];

fn program(arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stuntbucket"));
    command.env_clear().args(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // It may end without having read anything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn presigned(flags: &[&str]) -> String {
    let arguments = [&["presign", "PUT", "s3://photos/cat.jpg"], &USER[..], flags].concat();
    program(&arguments, "").1.trim().to_owned()
}

#[test]
fn it_ends_with_what_s3_would_say() {
    let url = presigned(&[]);
    let (exit_code, text, _) = program(&[&["explain", &url], &USER[..]].concat(), "");
    assert_eq!(exit_code, 0, "{text}");
    for section in ["What it is\n", "\nWhat S3 says\n", "\nWhen\n", "\nRisks\n"] {
        assert!(text.contains(section), "{text}");
    }
    let other = url.replace("cat", "dog");
    let (exit_code, text, _) = program(&[&["explain", &other], &USER[..]].concat(), "");
    assert_eq!(exit_code, 1, "{text}");
    assert!(text.contains("1. 403 SignatureDoesNotMatch"), "{text}");
    let (exit_code, text, _) = program(&["explain", &other], "");
    assert_eq!(exit_code, 0, "{text}");
    assert!(text.contains("The signature was not judged"), "{text}");
}

#[test]
fn forms_come_from_files_and_from_other_programs() {
    let form = ["post-form", "s3://photos/u/", "--max-bytes", "9", "--content-type", "image/*"];
    let html = program(&form, "").1;
    let (exit_code, text, _) = program(&["explain", "-"], &html);
    assert_eq!(exit_code, 0, "{text}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("form.html");
    std::fs::write(&file, html.replace("u/$", "v/$")).unwrap();
    let (exit_code, text, _) = program(&["explain", file.to_str().unwrap(), "--json"], "");
    assert_eq!(exit_code, 1, "{text}");
    assert!(text.contains("Policy Condition failed"), "{text}");
    let json = program(&[&form[..4], &["--format", "json"]].concat(), "").1;
    assert_eq!(program(&["explain", "-"], &json).0, 0);
}

#[test]
fn the_time_can_be_another() {
    let url = presigned(&["--expires", "1m"]);
    let at = ["explain", &url, "--at", "2999-01-01T00:00:00Z"];
    let (exit_code, text, _) = program(&[&at, &USER[..]].concat(), "");
    assert_eq!(exit_code, 1);
    assert!(text.contains("1. 403 AccessDenied: Request has expired"), "{text}");
}

#[track_caller]
fn check_unusable(arguments: &[&str], input: &str, complaint: &str) {
    let (exit_code, text, said) = program(arguments, input);
    assert_eq!((exit_code, text.as_str()), (2, ""), "{said}");
    assert!(said.starts_with("error: ") && said.contains(complaint), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn what_cannot_be_used_is_one_line_and_exit_2() {
    check_unusable(&["explain"], "", "<INPUT>");
    check_unusable(&["explain", "-"], "", "expected a presigned URL");
    check_unusable(&["explain", "-"], "<p>no form</p>", "expected a presigned URL");
    check_unusable(&["explain", "missing.html"], "", "missing.html: ");
    check_unusable(&["explain", "https://example.org/"], "", "no presigned URL");
    check_unusable(&["explain", "https://h/?X-Amz-Signature=0", "--at", "soon"], "", "--at");
}
