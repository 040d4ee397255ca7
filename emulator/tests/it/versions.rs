//! Versions as clients see them: kept, suspended, listed, hidden by delete markers, and removed.

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
    assert_eq!(put_document(&client, "/plain?versioning", &document).status, 200);
    let unpromised = client.put("/plain?versioning", document.as_bytes());
    unpromised.expect(400, "InvalidRequest");
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
    for target in [by_id.clone(), format!("/photos/cat?acl&versionId={marker}")] {
        let refused = client.get(&target).expect(405, "MethodNotAllowed");
        assert_eq!(refused.element("Method").unwrap(), "GET");
        assert_eq!(refused.element("ResourceType").unwrap(), "DeleteMarker");
        assert_eq!(refused.header("x-amz-delete-marker"), Some("true"));
        assert_eq!(refused.header("allow"), Some("DELETE"));
        assert_eq!(refused.header("last-modified"), Some("Thu, 01 Jan 2026 00:00:00 GMT"));
    }
    let head = client.send("HEAD", &by_id, &[], b"");
    assert_eq!((head.status, head.header("allow")), (405, Some("DELETE")));
    for target in ["/photos/cat?acl".to_owned(), format!("/photos/cat?acl&versionId={marker}")] {
        let put = client.send("PUT", &target, &[("x-amz-acl", "private")], b"");
        let put = put.expect(405, "MethodNotAllowed");
        assert_eq!(put.element("Method").unwrap(), "PUT");
    }
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

/// The keys and common prefixes of a listing, with a `-` for a delete marker and a `*` for the
/// latest version.
fn lines(answer: &Answer) -> String {
    let text = answer.text();
    let mut lines = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) =
        rest.find("<Version>").into_iter().chain(rest.find("<DeleteMarker>")).min()
    {
        let item = &rest[start..];
        let between = |name: &str| {
            let (_, after) = item.split_once(&format!("<{name}>")).unwrap();
            after.split_once('<').unwrap().0.to_owned()
        };
        let marker = if item.starts_with("<DeleteMarker>") { "-" } else { "" };
        let latest = if between("IsLatest") == "true" { "*" } else { "" };
        lines.push(format!("{}{marker}{latest}", between("Key")));
        rest = &item[1..];
    }
    for prefix in rest.split("<CommonPrefixes><Prefix>").skip(1) {
        lines.push(prefix.split_once('<').unwrap().0.to_owned());
    }
    lines.join(" ")
}

#[test]
fn a_listing_of_versions_has_the_form_of_s3() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    put(&client, "/plain/a", "one");
    let id = s3.users().next().unwrap().canonical_id();
    assert_eq!(
        client.get("/plain?versions").text(),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListVersionsResult \
             xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>plain</Name><Prefix></Prefix>\
             <KeyMarker></KeyMarker><VersionIdMarker></VersionIdMarker><MaxKeys>1000</MaxKeys>\
             <IsTruncated>false</IsTruncated><Version><Key>a</Key><VersionId>null</VersionId>\
             <IsLatest>true</IsLatest><LastModified>2026-01-01T00:00:00.000Z</LastModified>\
             <ETag>&quot;f97c5d29941bfb1b2fdab0874906ab82&quot;</ETag>\
             <ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>\
             <Size>3</Size><StorageClass>STANDARD</StorageClass><Owner><ID>{id}</ID></Owner></Version>\
             </ListVersionsResult>"
        )
    );
    let deleted = delete(&client, "/photos/a%20b");
    let marker = deleted.header("x-amz-version-id").unwrap();
    let listing = client.get("/photos?versions&encoding-type=url&prefix=a%20&max-keys=5").text();
    let (_, listing) = listing.split_once("<Prefix>").unwrap();
    assert_eq!(
        listing,
        format!(
            "a+</Prefix><KeyMarker></KeyMarker><VersionIdMarker></VersionIdMarker><MaxKeys>5</MaxKeys>\
             <EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><DeleteMarker>\
             <Key>a+b</Key><VersionId>{marker}</VersionId><IsLatest>true</IsLatest>\
             <LastModified>2026-01-01T00:00:00.000Z</LastModified><Owner><ID>{id}</ID></Owner>\
             </DeleteMarker></ListVersionsResult>"
        )
    );
}

#[test]
fn versions_are_listed_page_by_page() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    for key in ["a", "a", "dir/1", "dir/1", "dir/2", "z"] {
        put(&client, &format!("/photos/{key}"), key);
    }
    delete(&client, "/photos/z");
    delete(&client, "/photos/a");
    let all = "a-* a a dir/1* dir/1 dir/2* z-* z";
    assert_eq!(lines(&client.get("/photos?versions")), all);
    assert_eq!(lines(&client.get("/photos?versions&prefix=dir/")), "dir/1* dir/1 dir/2*");
    let folded = "a-* a a z-* z dir/";
    assert_eq!(lines(&client.get("/photos?versions&delimiter=/")), folded);
    assert_eq!(lines(&client.get("/photos?versions&key-marker=a")), "dir/1* dir/1 dir/2* z-* z");
    let in_group = "/photos?versions&delimiter=/&key-marker=dir/1";
    assert_eq!(lines(&client.get(in_group)), "z-* z");
    assert_eq!(lines(&client.get("/photos?versions&max-keys=0")), "");
    for (query, expected) in [("", all), ("&delimiter=/", "a-* a a dir/ z-* z")] {
        for size in 1..=4 {
            let mut found = Vec::new();
            let mut marker = String::new();
            loop {
                let page = client.get(&format!("/photos?versions&max-keys={size}{query}{marker}"));
                found.push(lines(&page));
                if page.element("IsTruncated").unwrap() == "false" {
                    assert_eq!(page.element("NextKeyMarker"), None);
                    break;
                }
                marker = format!("&key-marker={}", page.element("NextKeyMarker").unwrap());
                match page.element("NextVersionIdMarker") {
                    Some(id) => marker.push_str(&format!("&version-id-marker={id}")),
                    None => assert!(marker.ends_with('/'), "{marker}"),
                }
            }
            // Within a page, common prefixes come last.
            let sorted = |text: &str| {
                let mut words: Vec<_> = text.split(' ').map(str::to_owned).collect();
                words.sort();
                words
            };
            assert_eq!(sorted(&found.join(" ")), sorted(expected), "{size} {query}");
        }
    }
}

#[test]
fn pages_go_on_where_versions_were_removed() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    for _ in 0..5 {
        put(&client, "/photos/a", "1");
    }
    put(&client, "/photos/b", "1");
    let mut target = "/photos?versions&max-keys=2".to_owned();
    let mut removed = 0;
    loop {
        let page = client.get(&target);
        let text = page.text();
        for item in text.split("<Version>").skip(1) {
            let between = |name: &str| {
                let (_, after) = item.split_once(&format!("<{name}>")).unwrap();
                after.split_once('<').unwrap().0.to_owned()
            };
            let target = format!("/photos/{}?versionId={}", between("Key"), between("VersionId"));
            assert_eq!(delete(&client, &target).status, 204);
            removed += 1;
        }
        let Some(key) = page.element("NextKeyMarker") else { break };
        let id = page.element("NextVersionIdMarker").unwrap();
        target = format!("/photos?versions&max-keys=2&key-marker={key}&version-id-marker={id}");
    }
    assert_eq!(removed, 6);
    assert_eq!(delete(&client, "/photos").status, 204);
}

#[test]
fn a_listing_refuses_what_s3_refuses() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let id = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    for (query, name, value, message) in [
        (
            format!("version-id-marker={id}"),
            "version-id-marker",
            id,
            "A version-id marker cannot be specified without a key marker.",
        ),
        (
            format!("key-marker=&version-id-marker={id}"),
            "version-id-marker",
            id,
            "A version-id marker cannot be specified without a key marker.",
        ),
        (
            "key-marker=a&version-id-marker=b".to_owned(),
            "version-id-marker",
            "b",
            "Invalid version id specified",
        ),
        ("max-keys=-1".to_owned(), "max-keys", "-1", "max-keys cannot be negative"),
        (
            "max-keys=x".to_owned(),
            "max-keys",
            "x",
            "Provided max-keys not an integer or within integer range",
        ),
        (
            "encoding-type=base64".to_owned(),
            "encoding-type",
            "base64",
            "Invalid Encoding Method specified in Request",
        ),
    ] {
        let refused =
            client.get(&format!("/photos?versions&{query}")).expect(400, "InvalidArgument");
        assert_eq!(refused.element("Message").unwrap(), message, "{query}");
        assert_eq!(refused.element("ArgumentName").unwrap(), name, "{query}");
        assert_eq!(refused.element("ArgumentValue").unwrap(), value, "{query}");
    }
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
    assert_eq!(owner.send("PUT", &acl, &public, b"").status, 200);
    assert_eq!(stranger.get(&target(&second)).text(), "two");
    assert!(owner.get(&acl).text().contains("AllUsers"));
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
