//! What links are worth once their signers have lost their rights.

use stuntbucket::KeyStatus;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Client;

#[test]
fn a_link_has_the_rights_that_its_signer_has_now() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("alice"))
        .bucket("photos")
        .start()
        .unwrap();
    s3.put_object("photos", "a", "1").unwrap();
    let alice = Client::user(&s3, "alice");
    let nobody = Client::anonymous(&s3);
    let link = alice.presign("GET", "/photos/a", 600);
    assert_eq!(nobody.get(&link).status, 200);
    let denying = r#"{"Version": "2012-10-17", "Statement": [
        {"Sid": "Gone", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}]}"#;
    s3.put_user_policy("alice", denying).unwrap();
    nobody.get(&link).expect(403, "AccessDenied");
    assert!(s3.journal().to_string().contains("statement `Gone`"), "{}", s3.journal());
    s3.delete_user_policy("alice").unwrap();
    assert_eq!(nobody.get(&link).status, 200);

    let key = s3.user("alice").credentials().access_key_id;
    s3.update_access_key(&key, KeyStatus::Inactive).unwrap();
    nobody.get(&link).expect(403, "InvalidAccessKeyId");
    alice.get("/photos/a").expect(403, "InvalidAccessKeyId");
    assert!(s3.journal().to_string().contains("is inactive"), "{}", s3.journal());
    s3.update_access_key(&key, KeyStatus::Active).unwrap();
    assert_eq!(nobody.get(&link).status, 200);

    let error = s3.put_user_policy("bob", denying).unwrap_err();
    assert_eq!(error.to_string(), "there is no user `bob`");
    assert!(s3.put_user_policy("alice", "{}").is_err());
    assert!(s3.update_access_key("AKIANOBODY", KeyStatus::Active).is_err());
}

#[test]
fn a_link_that_was_spoiled_is_told_from_an_anonymous_request() {
    let s3 = Stuntbucket::builder().user(User::new("owner")).bucket("photos").start().unwrap();
    let nobody = Client::anonymous(&s3);
    let link = Client::owner(&s3).presign("PUT", "/photos/a", 600);
    let (path, query) = link.split_once('?').unwrap();
    let encoded = query.replace('%', "%25").replace('=', "%3D").replace('&', "%26");
    for (method, target, status, what) in [
        ("POST", link.clone(), 405, "S3 has no POST here, and it was signed for PUT"),
        ("PUT", format!("{path}%3F{query}"), 403, "came as `%3F`"),
        ("PUT", format!("{path}?{encoded}"), 403, "percent-encoded as a whole"),
        ("PUT", format!("{path}?{}", query.to_lowercase()), 403, "in small letters"),
        ("PUT", link.replace('&', "&amp;"), 400, "has `&amp;` for `&`"),
        ("PUT", format!("{link}."), 403, "something stands behind its 64 digits"),
    ] {
        let answer = nobody.send(method, &target, &[], b"");
        assert_eq!(answer.status, status, "{method} {target}");
        let why = s3.journal().entries().pop().unwrap().why.unwrap().to_string();
        assert!(why.contains(what), "{why}");
    }
}
