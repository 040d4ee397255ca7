//! Versions as clients see them: kept, suspended, hidden by delete markers, and removed.

mod listing; // pages, markers, groups

use stuntbucket::Bucket;
use stuntbucket::CannedAcl;
use stuntbucket::Clock;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Answer;
use crate::client::Client;
use crate::client::content_md5;

fn emulator() -> Stuntbucket {
    Stuntbucket::builder()
        .bucket("plain")
        .bucket(Bucket::new("photos").versioning(true))
        .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
        .start()
        .unwrap()
}

#[track_caller]
fn put(client: &Client, target: &str, body: &str) -> String {
    let answer = client.put(target, body.as_bytes());
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header("x-amz-version-id").unwrap_or_default().to_owned()
}

fn delete(client: &Client, target: &str) -> Answer {
    client.send("DELETE", target, &[], b"")
}

fn put_document(client: &Client, target: &str, document: &str) -> Answer {
    let md5 = content_md5(document.as_bytes());
    client.send("PUT", target, &[("content-md5", &md5)], document.as_bytes())
}

#[track_caller]
fn set_versioning(client: &Client, bucket: &str, status: &str) {
    let document =
        format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
    let answer = put_document(client, &format!("/{bucket}?versioning"), &document);
    assert_eq!((answer.status, answer.body.len()), (200, 0), "{}", answer.text());
}

#[test]
fn versioning_is_put_and_told() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let told = |bucket: &str| client.get(&format!("/{bucket}?versioning"));
    assert_eq!(
        told("plain").text(),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<VersioningConfiguration \
         xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></VersioningConfiguration>"
    );
    assert_eq!(told("photos").element("Status").unwrap(), "Enabled");
    for status in ["Suspended", "Enabled", "Suspended"] {
        set_versioning(&client, "plain", status);
        assert_eq!(told("plain").element("Status").unwrap(), status);
    }
    for (inner, code) in [
        ("<Status>enabled</Status>", "MalformedXML"),
        ("<Status>Disabled</Status>", "MalformedXML"),
        ("<Status>Enabled</Status><MfaDelete>on</MfaDelete>", "MalformedXML"),
        ("", "IllegalVersioningConfigurationException"),
    ] {
        let document = format!("<VersioningConfiguration>{inner}</VersioningConfiguration>");
        put_document(&client, "/plain?versioning", &document).expect(400, code);
    }
    let document = "<VersioningConfiguration><Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>\
                    </VersioningConfiguration>";
    let refused = put_document(&client, "/plain?versioning", document).expect(403, "AccessDenied");
    let message = "Mfa Authentication must be used for this request";
    assert_eq!(refused.element("Message").unwrap(), message);
    let document = document.replace("<MfaDelete>Enabled", "<MfaDelete>Disabled");
    assert_eq!(told("plain").element("MfaDelete"), None);
    assert_eq!(put_document(&client, "/plain?versioning", &document).status, 200);
    assert_eq!(told("plain").element("MfaDelete").unwrap(), "Disabled");
    // No digest is needed.
    assert_eq!(client.put("/plain?versioning", document.as_bytes()).status, 200);
}

#[test]
fn every_version_is_read_by_its_id() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let first = put(&client, "/photos/cat", "one");
    let second = put(&client, "/photos/cat", "two");
    for id in [&first, &second] {
        let is_of_id = |letter: char| letter.is_ascii_alphanumeric() || "._".contains(letter);
        assert!(id.len() == 32 && id.chars().all(is_of_id), "{id}");
    }
    let current = client.get("/photos/cat");
    assert_eq!(
        (current.text(), current.header("x-amz-version-id")),
        ("two".into(), Some(&*second))
    );
    let old = client.get(&format!("/photos/cat?versionId={first}"));
    assert_eq!((old.text(), old.header("x-amz-version-id")), ("one".into(), Some(&*first)));
    let head = client.send("HEAD", &format!("/photos/cat?versionId={first}"), &[], b"");
    assert_eq!((head.status, head.header("x-amz-version-id")), (200, Some(&*first)));

    let unknown = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    let missing = client.get(&format!("/photos/cat?versionId={unknown}"));
    let missing = missing.expect(404, "NoSuchVersion");
    assert_eq!(missing.element("Key").unwrap(), "cat");
    assert_eq!(missing.element("VersionId").unwrap(), unknown);
    for (target, value) in [
        ("/photos/cat?versionId=no-id", "no-id"),
        (&*format!("/plain/cat?versionId={unknown}"), unknown),
    ] {
        for method in ["GET", "DELETE"] {
            let refused = client.send(method, target, &[], b"").expect(400, "InvalidArgument");
            assert_eq!(refused.element("Message").unwrap(), "Invalid version id specified");
            assert_eq!(refused.element("ArgumentName").unwrap(), "versionId");
            assert_eq!(refused.element("ArgumentValue").unwrap(), value);
        }
    }
    let empty = client.get("/photos/cat?versionId=").expect(400, "InvalidArgument");
    assert_eq!(empty.element("Message").unwrap(), "Version id cannot be the empty string");
}

#[test]
fn a_bucket_without_versions_has_null_and_tells_nothing() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    assert_eq!(put(&client, "/plain/cat", "one"), "");
    let read = client.get("/plain/cat?versionId=null");
    assert_eq!((read.text(), read.header("x-amz-version-id")), ("one".into(), None));
    let deleted = delete(&client, "/plain/cat");
    assert_eq!(deleted.status, 204);
    assert_eq!(deleted.header("x-amz-delete-marker"), None);
    assert_eq!(delete(&client, "/plain/cat?versionId=null").status, 204);
}

#[test]
fn a_delete_marker_hides_the_object() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let first = put(&client, "/photos/cat", "one");
    let deleted = delete(&client, "/photos/cat");
    assert_eq!((deleted.status, deleted.header("x-amz-delete-marker")), (204, Some("true")));
    let marker = deleted.header("x-amz-version-id").unwrap().to_owned();

    let hidden = client.get("/photos/cat").expect(404, "NoSuchKey");
    assert_eq!(hidden.header("x-amz-delete-marker"), Some("true"));
    assert_eq!(hidden.header("x-amz-version-id"), Some(&*marker));
    let head = client.send("HEAD", "/photos/cat", &[], b"");
    assert_eq!((head.status, head.header("x-amz-delete-marker")), (404, Some("true")));
    client.get("/photos/cat?acl").expect(404, "NoSuchKey");
    assert_eq!(s3.objects("photos").unwrap(), [""; 0]);
    assert_eq!(s3.object("photos", "cat").unwrap(), None);

    let by_id = format!("/photos/cat?versionId={marker}");
    let acl_by_id = format!("/photos/cat?acl&versionId={marker}");
    let (is_marker, made) = (Some("true"), Some("Thu, 01 Jan 2026 00:00:00 GMT"));
    for (method, target, is_marker, id, made) in [
        ("GET", &*by_id, is_marker, Some(&*marker), made),
        ("GET", &acl_by_id, is_marker, Some(&marker), None),
        ("PUT", &acl_by_id, is_marker, Some(&marker), None),
        ("PUT", "/photos/cat?acl", None, None, None),
    ] {
        let acl: &[_] = if method == "PUT" { &[("x-amz-acl", "private")] } else { &[] };
        let refused = client.send(method, target, acl, b"").expect(405, "MethodNotAllowed");
        assert_eq!(refused.element("Method").unwrap(), method);
        assert_eq!(refused.element("ResourceType").unwrap(), "DeleteMarker");
        assert_eq!(refused.header("x-amz-delete-marker"), is_marker, "{method} {target}");
        assert_eq!(refused.header("x-amz-version-id"), id, "{method} {target}");
        assert_eq!(refused.header("allow"), Some("DELETE"));
        assert_eq!(refused.header("last-modified"), made, "{method} {target}");
    }
    let head = client.send("HEAD", &by_id, &[], b"");
    assert_eq!((head.status, head.header("allow")), (405, Some("DELETE")));
    assert_eq!(client.get(&format!("/photos/cat?versionId={first}")).text(), "one");

    let removed = delete(&client, &by_id);
    assert_eq!((removed.status, removed.header("x-amz-delete-marker")), (204, Some("true")));
    assert_eq!(removed.header("x-amz-version-id"), Some(&*marker));
    assert_eq!(client.get("/photos/cat").text(), "one");
}

#[test]
fn deletions_of_versions_and_of_what_is_not_there() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let first = put(&client, "/photos/cat", "one");
    let second = put(&client, "/photos/cat", "two");
    let removed = delete(&client, &format!("/photos/cat?versionId={second}"));
    assert_eq!((removed.status, removed.header("x-amz-version-id")), (204, Some(&*second)));
    assert_eq!(removed.header("x-amz-delete-marker"), None);
    assert_eq!(client.get("/photos/cat").text(), "one");
    // Once more, and as well.
    assert_eq!(delete(&client, &format!("/photos/cat?versionId={second}")).status, 204);
    let never = delete(&client, "/photos/never");
    assert_eq!(never.header("x-amz-delete-marker"), Some("true"));

    let stale = [("if-match", "\"0123456789abcdef0123456789abcdef\"")];
    let refused =
        client.send("DELETE", "/photos/cat", &stale, b"").expect(412, "PreconditionFailed");
    assert_eq!(refused.element("Condition").unwrap(), "If-Match");
    let by_id = format!("/photos/cat?versionId={first}");
    client.send("DELETE", &by_id, &stale, b"").expect(412, "PreconditionFailed");
    for condition in ["*", "\"abc\""] {
        let headers = [("if-match", condition)];
        client.send("DELETE", "/photos/never", &headers, b"").expect(404, "NoSuchKey");
    }
    let any = client.send("DELETE", "/photos/cat", &[("if-match", "*")], b"");
    assert_eq!(any.header("x-amz-delete-marker"), Some("true"));
    assert_eq!(s3.versions("photos", "cat").unwrap().len(), 2);
    let bypass = [("x-amz-bypass-governance-retention", "false")];
    let refused = client.send("DELETE", &by_id, &bypass, b"").expect(400, "InvalidArgument");
    let message =
        "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.";
    assert_eq!(refused.element("Message").unwrap(), message);
}

#[test]
fn conditions_of_writes_see_through_markers() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    put(&client, "/photos/cat", "one");
    let absent = [("if-none-match", "*")];
    client.send("PUT", "/photos/cat", &absent, b"two").expect(412, "PreconditionFailed");
    delete(&client, "/photos/cat");
    let etag = [("if-match", "\"f97c5d29941bfb1b2fdab0874906ab82\"")];
    client.send("PUT", "/photos/cat", &etag, b"two").expect(404, "NoSuchKey");
    assert_eq!(client.send("PUT", "/photos/cat", &absent, b"two").status, 200);
}

#[test]
fn a_suspended_bucket_overwrites_null() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let made = put(&client, "/photos/cat", "made");
    set_versioning(&client, "photos", "Suspended");
    for body in ["null", "null again"] {
        assert_eq!(put(&client, "/photos/cat", body), "");
        let read = client.get("/photos/cat");
        assert_eq!((read.text(), read.header("x-amz-version-id")), (body.into(), Some("null")));
    }
    let ids = |s3: &Stuntbucket| -> Vec<String> {
        s3.versions("photos", "cat").unwrap().into_iter().map(|version| version.id).collect()
    };
    assert_eq!(ids(&s3), ["null", &made]);
    let replace = [("x-amz-copy-source", "photos/cat"), ("x-amz-metadata-directive", "REPLACE")];
    let copied = client.send("PUT", "/photos/cat", &replace, b"");
    assert_eq!(copied.header("x-amz-version-id"), Some("null"));
    assert_eq!(copied.header("x-amz-copy-source-version-id"), None);
    let deleted = delete(&client, "/photos/cat");
    assert_eq!(deleted.header("x-amz-version-id"), Some("null"));
    assert_eq!(deleted.header("x-amz-delete-marker"), Some("true"));
    assert_eq!(ids(&s3), ["null", &made]);
    client.get("/photos/cat?versionId=null").expect(405, "MethodNotAllowed");
    set_versioning(&client, "photos", "Enabled");
    let newer = put(&client, "/photos/cat", "newer");
    assert_eq!(ids(&s3), [&newer, "null", &made]);
    let removed = delete(&client, "/photos/cat?versionId=null");
    assert_eq!(removed.header("x-amz-delete-marker"), Some("true"));
    assert_eq!(removed.header("x-amz-version-id"), Some("null"));
    assert_eq!(ids(&s3), [newer, made]);
}

#[test]
fn a_bucket_goes_with_its_last_version() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let id = put(&client, "/photos/cat", "one");
    let marker = delete(&client, "/photos/cat").header("x-amz-version-id").unwrap().to_owned();
    for id in [id, marker] {
        let refused = delete(&client, "/photos").expect(409, "BucketNotEmpty");
        let message = "The bucket you tried to delete is not empty. You must delete all versions in \
                       the bucket.";
        assert_eq!(refused.element("Message").unwrap(), message);
        assert_eq!(refused.element("BucketName").unwrap(), "photos");
        assert_eq!(delete(&client, &format!("/photos/cat?versionId={id}")).status, 204);
    }
    assert_eq!(delete(&client, "/photos").status, 204);
}

#[test]
fn each_version_has_an_acl_of_its_own() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("stranger").account("000000000002"))
        .bucket(
            Bucket::new("photos")
                .versioning(true)
                .before_2023(true)
                .acl(CannedAcl::PublicReadWrite),
        )
        .start()
        .unwrap();
    let (owner, stranger) = (Client::owner(&s3), Client::user(&s3, "stranger"));
    let public = [("x-amz-acl", "public-read")];
    let first = owner.send("PUT", "/photos/cat", &public, b"one");
    let first = first.header("x-amz-version-id").unwrap().to_owned();
    let second = put(&owner, "/photos/cat", "two");
    let target = |id: &str| format!("/photos/cat?versionId={id}");
    assert_eq!(stranger.get(&target(&first)).text(), "one");
    stranger.get(&target(&second)).expect(403, "AccessDenied");
    let acl = format!("/photos/cat?acl&versionId={second}");
    let written = owner.send("PUT", &acl, &public, b"");
    assert_eq!((written.status, written.header("x-amz-version-id")), (200, Some(&*second)));
    assert_eq!(stranger.get(&target(&second)).text(), "two");
    let read = owner.get(&acl);
    assert!(read.text().contains("AllUsers"));
    assert_eq!(read.header("x-amz-version-id"), Some(&*second));
    // Whoever may write may hide an own object, and remove no version.
    let own = put(&stranger, "/photos/dog", "three");
    assert_eq!(delete(&stranger, "/photos/dog").status, 204);
    delete(&stranger, &format!("/photos/dog?versionId={own}")).expect(403, "AccessDenied");
    assert_eq!(stranger.get("/photos?versions").status, 200);
}

#[test]
fn versions_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let start = || {
        let bucket = Bucket::new("photos").versioning(true);
        Stuntbucket::builder().data_dir(folder.path()).bucket(bucket).start().unwrap()
    };
    let s3 = start();
    let first = put(&Client::owner(&s3), "/photos/cat", "one");
    put(&Client::owner(&s3), "/photos/cat", "two");
    delete(&Client::owner(&s3), "/photos/cat");
    let before = s3.versions("photos", "cat").unwrap();
    drop(s3);
    let s3 = start();
    let after = s3.versions("photos", "cat").unwrap();
    assert_eq!((after.len(), &after), (3, &before));
    assert!(after[0].is_latest && after[0].is_delete_marker && after[0].etag.is_empty());
    assert_eq!((after[2].id.as_str(), after[2].size), (&*first, 3));
    let answer = Client::owner(&s3).get(&format!("/photos/cat?versionId={first}"));
    assert_eq!(answer.text(), "one");
}
