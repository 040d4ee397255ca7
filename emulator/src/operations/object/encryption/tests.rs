//! Keys of clients and of KMS.

use super::customer::OWN;
use super::customer::Sent;
use super::*;
use crate::request::tests::request;

/// 32 bytes, and their MD5.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const MD5: &str = "tP/LI3N87DFaSk0aoqYgzg==";

#[track_caller]
fn check(algorithm: &str, key: &str, md5: Option<&str>, expected: Result<(), &str>) {
    let headers: Vec<_> = [(OWN.algorithm, algorithm), (OWN.key, key)]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let request = request("PUT", "", &headers);
    let found = Sent::read(&request, &OWN).unwrap().check(md5);
    let found = found.map(|_| ()).map_err(|failure| failure.error.message.into_owned());
    let start = expected.map_err(|start| found.as_ref().is_err_and(|f| f.starts_with(start)));
    assert!(matches!((&found, start), (Ok(()), Ok(())) | (Err(_), Err(true))), "{found:?}");
}

#[test]
fn keys_of_clients_are_checked() {
    let specifying = "Requests specifying Server Side Encryption with Customer provided keys";
    check("AES256", KEY, Some(MD5), Ok(()));
    check("", KEY, Some(MD5), Err(&format!("{specifying} must provide a valid encryption")));
    check("AES256", "", Some(MD5), Err(&format!("{specifying} must provide an appropriate")));
    check("aes256", KEY, Some(MD5), Err("The Encryption request you specified"));
    check("AES256", KEY, None, Err("The secret key was invalid"));
    check("AES256", "AAAA", Some(MD5), Err("The secret key was invalid"));
    check("AES256", "not base64", Some(MD5), Err("The secret key was invalid"));
    check("AES256", KEY, Some("AAAA"), Err("The calculated MD5 hash of the key"));
}

#[test]
fn keys_of_kms_become_arns() {
    for (id, expected) in [
        (Some("1234abcd"), "arn:aws:kms:eu-west-1:000000000001:key/1234abcd"),
        (Some("alias/mine"), "arn:aws:kms:eu-west-1:000000000001:alias/mine"),
        (Some("arn:aws:kms:eu-west-1:y:key/z"), "arn:aws:kms:eu-west-1:y:key/z"),
    ] {
        assert!(check_region(id, "eu-west-1").is_ok());
        assert_eq!(kms_arn(id, "eu-west-1", "000000000001"), expected);
    }
    let own = kms_arn(None, "eu-west-1", "000000000001");
    assert_eq!(own, kms_arn(None, "eu-west-1", "000000000001"));
    assert_ne!(own, kms_arn(None, "eu-west-2", "000000000001"));
    assert_eq!(own.len(), "arn:aws:kms:eu-west-1:000000000001:key/".len() + 36);
}

#[test]
fn keys_of_kms_are_of_the_bucket_s_region() {
    let failure = check_region(Some("arn:aws:kms:us-west-2:1:key/k"), "us-east-1").unwrap_err();
    assert_eq!(failure.error.code, "KMS.NotFoundException");
    assert_eq!(failure.error.message, "Invalid arn us-west-2");
}

#[test]
fn signature_version_2_has_no_kms() {
    let old = request("PUT", "", &[("authorization", "AWS AKID:signature")]);
    let new = request("PUT", "", &[("authorization", "AWS4-HMAC-SHA256 Credential=")]);
    assert!(check_signature_version(&old).is_err());
    assert!(check_signature_version(&new).is_ok());
}

#[test]
fn no_key_is_in_a_debug_text() {
    let headers = [(OWN.algorithm, "AES256"), (OWN.key, KEY)];
    let kept = Sent::read(&request("PUT", "", &headers), &OWN).unwrap().check(Some(MD5)).unwrap();
    assert!(!format!("{kept:?}").contains(KEY));
}
