//! Object lock as clients see it, by the clock of the test.

use std::time::Duration;

use stuntbucket::Bucket;
use stuntbucket::Clock;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Answer;
use crate::client::Client;
use crate::client::content_md5;

const LOCKED: &str = "Access Denied because object protected by object lock.";
const BYPASS: (&str, &str) = ("x-amz-bypass-governance-retention", "true");

fn emulator() -> Stuntbucket {
    Stuntbucket::builder()
        .bucket("plain")
        .bucket(Bucket::new("versioned").versioning(true))
        .bucket(Bucket::new("locked").object_lock(true))
        .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
        .full_time_travel()
        .start()
        .unwrap()
}

fn put_with(client: &Client, target: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let md5 = content_md5(body.as_bytes());
    let mut all = headers.to_vec();
    all.push(("content-md5", &md5));
    client.send("PUT", target, &all, body.as_bytes())
}

#[track_caller]
fn put(client: &Client, target: &str, headers: &[(&str, &str)]) -> String {
    let answer = put_with(client, target, headers, "bytes");
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header("x-amz-version-id").unwrap().to_owned()
}

fn retention(mode: &str, until: &str) -> String {
    format!("<Retention><Mode>{mode}</Mode><RetainUntilDate>{until}</RetainUntilDate></Retention>")
}

fn configuration(rule: &str) -> String {
    format!(
        "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>{rule}\
         </ObjectLockConfiguration>"
    )
}

fn hold(status: &str) -> String {
    format!("<LegalHold><Status>{status}</Status></LegalHold>")
}

#[track_caller]
fn is_locked(answer: Answer) {
    let refused = answer.expect(403, "AccessDenied");
    assert_eq!(refused.element("Message").unwrap(), LOCKED);
}

#[track_caller]
fn says(answer: Answer, status: u16, code: &str, message: &str) -> Answer {
    let answer = answer.expect(status, code);
    assert_eq!(answer.element("Message").unwrap(), message);
    answer
}

#[test]
fn a_bucket_is_created_with_a_lock_or_gets_one() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let header = [("x-amz-bucket-object-lock-enabled", "true")];
    assert_eq!(client.send("PUT", "/created", &header, b"").status, 200);
    assert_eq!(client.get("/created?versioning").element("Status").unwrap(), "Enabled");
    let enabled = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ObjectLockConfiguration \
                   xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><ObjectLockEnabled>Enabled\
                   </ObjectLockEnabled></ObjectLockConfiguration>";
    assert_eq!(client.get("/created?object-lock").text(), enabled);

    let none = client.get("/plain?object-lock");
    let message = "Object Lock configuration does not exist for this bucket";
    let none = says(none, 404, "ObjectLockConfigurationNotFoundError", message);
    assert_eq!(none.element("BucketName").unwrap(), "plain");
    let message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration";
    let refused = put_with(&client, "/plain?object-lock", &[], &configuration(""));
    says(refused, 409, "InvalidBucketState", message);
    let answer = put_with(&client, "/versioned?object-lock", &[], &configuration(""));
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(client.get("/versioned?object-lock").text(), enabled);

    let suspend = "<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>";
    let message = "An Object Lock configuration is present on this bucket, so the versioning state \
                   cannot be changed.";
    let refused = put_with(&client, "/versioned?versioning", &[], suspend);
    says(refused, 409, "InvalidBucketState", message);
    let enable = suspend.replace("Suspended", "Enabled");
    assert_eq!(put_with(&client, "/versioned?versioning", &[], &enable).status, 200);
}

#[test]
fn a_default_retention_is_stamped_when_an_object_is_put() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let before = put(&client, "/locked/before", &[]);
    let rule = "<Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days></DefaultRetention>\
                </Rule>";
    assert_eq!(put_with(&client, "/locked?object-lock", &[], &configuration(rule)).status, 200);
    assert!(client.get("/locked?object-lock").text().contains(rule));
    s3.clock().advance(Duration::from_secs(5));
    let client = Client::owner(&s3);
    let id = put(&client, "/locked/cat", &[]);
    let head = client.send("HEAD", "/locked/cat", &[], b"");
    assert_eq!(head.header("x-amz-object-lock-mode"), Some("GOVERNANCE"));
    let until = head.header("x-amz-object-lock-retain-until-date");
    assert_eq!(until, Some("2026-01-02T00:00:05.000Z"));
    assert_eq!(head.header("x-amz-object-lock-legal-hold"), None);
    // Of a lock, S3 wants the digest of what is locked.
    let message = "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests \
                   with Object Lock parameters";
    says(client.put("/locked/dog", b"bytes"), 400, "InvalidRequest", message);
    // What was there before has none.
    let by_id = format!("/locked/before?versionId={before}");
    assert_eq!(client.send("DELETE", &by_id, &[], b"").status, 204);

    let by_id = format!("/locked/cat?versionId={id}");
    is_locked(client.send("DELETE", &by_id, &[], b""));
    let marker = client.send("DELETE", "/locked/cat", &[], b"");
    assert_eq!((marker.status, marker.header("x-amz-delete-marker")), (204, Some("true")));
    s3.clock().advance(Duration::from_hours(24));
    let client = Client::owner(&s3);
    assert_eq!(client.send("DELETE", &by_id, &[], b"").status, 204, "{}", s3.journal());
    // Without a rule, the default is gone.
    assert_eq!(put_with(&client, "/locked?object-lock", &[], &configuration("")).status, 200);
    put(&client, "/locked/dog", &[]);
    let head = client.send("HEAD", "/locked/dog", &[], b"");
    assert_eq!(head.header("x-amz-object-lock-mode"), None);
}

#[test]
fn governance_yields_to_a_bypass_and_compliance_to_nobody() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let soon = "2026-01-02T00:00:00Z";
    let id = put(&client, "/locked/cat", &[]);
    let target = format!("/locked/cat?retention&versionId={id}");
    let message = "The specified object does not have a ObjectLock configuration";
    says(client.get(&target), 404, "NoSuchObjectLockConfiguration", message);
    let set =
        |headers: &[(&str, &str)], document: &str| put_with(&client, &target, headers, document);
    assert_eq!(set(&[], &retention("GOVERNANCE", soon)).status, 200);
    let told = client.get(&target);
    assert!(told.text().ends_with(
        "<Retention xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Mode>GOVERNANCE</Mode>\
         <RetainUntilDate>2026-01-02T00:00:00.000Z</RetainUntilDate></Retention>"
    ));
    assert_eq!(set(&[], &retention("GOVERNANCE", "2026-01-03T00:00:00Z")).status, 200);
    is_locked(set(&[], &retention("GOVERNANCE", soon)));
    is_locked(set(&[], "<Retention/>"));
    is_locked(set(&[], &retention("COMPLIANCE", "2026-01-03T00:00:00Z")));
    assert_eq!(set(&[BYPASS], "<Retention></Retention>").status, 200);
    says(client.get(&target), 404, "NoSuchObjectLockConfiguration", message);
    assert_eq!(set(&[], &retention("GOVERNANCE", soon)).status, 200);
    let by_id = format!("/locked/cat?versionId={id}");
    is_locked(client.send("DELETE", &by_id, &[], b""));
    assert_eq!(set(&[BYPASS], &retention("COMPLIANCE", soon)).status, 200);
    is_locked(set(&[BYPASS], &retention("COMPLIANCE", "2026-01-01T12:00:00Z")));
    is_locked(set(&[BYPASS], &retention("GOVERNANCE", soon)));
    is_locked(set(&[BYPASS], "<Retention/>"));
    is_locked(client.send("DELETE", &by_id, &[BYPASS], b""));
    assert_eq!(s3.versions("locked", "cat").unwrap().len(), 1);
    let explanation = s3.journal().entries().pop().unwrap().explanation.unwrap();
    assert!(explanation.contains("COMPLIANCE mode until 2026-01-02T00:00:00Z"), "{explanation}");

    let headers =
        [("x-amz-object-lock-mode", "GOVERNANCE"), ("x-amz-object-lock-retain-until-date", soon)];
    let id = put(&client, "/locked/dog", &headers);
    let by_id = format!("/locked/dog?versionId={id}");
    is_locked(client.send("DELETE", &by_id, &[(BYPASS.0, "false")], b""));
    assert_eq!(client.send("DELETE", &by_id, &[BYPASS], b"").status, 204);
}

#[test]
fn a_legal_hold_has_no_end() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let id = put(&client, "/locked/cat", &[]);
    let target = "/locked/cat?legal-hold";
    let message = "The specified object does not have a ObjectLock configuration";
    says(client.get(target), 404, "NoSuchObjectLockConfiguration", message);
    assert_eq!(put_with(&client, target, &[], &hold("ON")).status, 200);
    assert!(client.get(target).text().ends_with(
        "<LegalHold xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>ON</Status></LegalHold>"
    ));
    s3.clock().advance(Duration::from_hours(24 * 365));
    let client = Client::owner(&s3);
    let by_id = format!("/locked/cat?versionId={id}");
    is_locked(client.send("DELETE", &by_id, &[BYPASS], b""));
    assert_eq!(put_with(&client, target, &[], &hold("OFF")).status, 200);
    let head = client.send("HEAD", "/locked/cat", &[], b"");
    assert_eq!(head.header("x-amz-object-lock-legal-hold"), Some("OFF"));
    assert_eq!(client.send("DELETE", &by_id, &[], b"").status, 204);
    let id = put(&client, "/locked/dog", &[("x-amz-object-lock-legal-hold", "ON")]);
    is_locked(client.send("DELETE", &format!("/locked/dog?versionId={id}"), &[], b""));
}

#[test]
fn documents_are_refused_as_recorded() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    put(&client, "/locked/cat", &[]);
    put_with(&client, "/plain/cat", &[], "bytes");
    for document in [
        retention("GOVERNANCE", ""),
        retention("governance", "2026-01-02T00:00:00Z"),
        "<Retention><Mode>GOVERNANCE</Mode></Retention>".to_owned(),
        "<Retention><RetainUntilDate>2026-01-02T00:00:00Z</RetainUntilDate></Retention>".to_owned(),
        "<Other/>".to_owned(),
        String::new(),
    ] {
        let refused = put_with(&client, "/locked/cat?retention", &[], &document);
        refused.expect(400, "MalformedXML");
    }
    for document in ["<LegalHold/>".to_owned(), hold(""), hold("on"), String::new()] {
        let refused = put_with(&client, "/locked/cat?legal-hold", &[], &document);
        refused.expect(400, "MalformedXML");
    }
    let past = retention("GOVERNANCE", "2020-01-01T00:00:00Z");
    let refused = put_with(&client, "/locked/cat?retention", &[], &past);
    let message = "The retain until date must be in the future!";
    let refused = says(refused, 400, "InvalidArgument", message);
    assert_eq!(refused.element("ArgumentName").unwrap(), "RetainUntilDate");
    assert_eq!(refused.element("ArgumentValue").unwrap(), "Tue Dec 31 16:00:00 PST 2019");

    let message = "Bucket is missing Object Lock Configuration";
    let future = retention("GOVERNANCE", "2026-01-02T00:00:00Z");
    says(client.get("/plain/cat?retention"), 400, "InvalidRequest", message);
    says(client.get("/plain/cat?legal-hold"), 400, "InvalidRequest", message);
    let refused = put_with(&client, "/plain/cat?retention", &[], &future);
    says(refused, 400, "InvalidRequest", message);
    let refused = put_with(&client, "/plain/cat?legal-hold", &[], &hold("ON"));
    says(refused, 400, "InvalidRequest", message);

    client.get("/locked/none?retention").expect(404, "NoSuchKey");
    client.send("DELETE", "/locked/cat", &[], b"");
    let refused = put_with(&client, "/locked/cat?retention", &[], &future);
    let refused = refused.expect(405, "MethodNotAllowed");
    assert_eq!(refused.element("ResourceType").unwrap(), "DeleteMarker");
    let unpromised = client.put("/locked?object-lock", configuration("").as_bytes());
    unpromised.expect(400, "InvalidRequest");
}

#[test]
fn headers_are_refused_as_recorded() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let (mode, until) = ("x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date");
    let legal_hold = "x-amz-object-lock-legal-hold";
    let soon = "2026-01-02T00:00:00Z";
    let both =
        "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied";
    let future = "The retain until date must be in the future!";
    let iso = "The retain until date must be provided in ISO 8601 format";
    let on_off = "Legal Hold must be either of 'ON' or 'OFF'";
    for (headers, name, value, message) in [
        (vec![(mode, "GOVERNANCE")], until, None, both),
        (vec![(until, soon)], mode, None, both),
        (vec![(mode, "x"), (until, soon)], mode, Some("x"), "Unknown wormMode directive."),
        (vec![(mode, "GOVERNANCE"), (until, "soon")], until, Some("soon"), iso),
        (
            vec![(mode, "GOVERNANCE"), (until, "2026-01-01T00:00:00Z")],
            until,
            Some("Wed Dec 31 16:00:00 PST 2025"),
            future,
        ),
        (vec![(legal_hold, "on")], legal_hold, Some("on"), on_off),
    ] {
        let refused = put_with(&client, "/locked/cat", &headers, "bytes");
        let refused = says(refused, 400, "InvalidArgument", message);
        assert_eq!(refused.element("ArgumentName").unwrap(), name);
        assert_eq!(refused.element("ArgumentValue").as_deref(), value);
    }
    let message = "Bucket is missing Object Lock Configuration";
    for bucket in ["plain", "versioned"] {
        let refused = put_with(&client, &format!("/{bucket}/cat"), &[(legal_hold, "ON")], "bytes");
        says(refused, 400, "InvalidRequest", message);
    }
    assert_eq!(s3.objects("locked").unwrap(), [""; 0]);
}

#[test]
fn only_the_owner_locks_and_passes_over_locks() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("stranger").account("000000000002"))
        .bucket(
            Bucket::new("locked")
                .object_lock(true)
                .before_2023(true)
                .acl(stuntbucket::CannedAcl::PublicReadWrite),
        )
        .clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
        .start()
        .unwrap();
    let (owner, stranger) = (Client::owner(&s3), Client::user(&s3, "stranger"));
    let headers = [
        ("x-amz-object-lock-mode", "GOVERNANCE"),
        ("x-amz-object-lock-retain-until-date", "2026-01-02T00:00:00Z"),
        ("x-amz-object-lock-legal-hold", "OFF"),
        ("x-amz-acl", "public-read"),
    ];
    put_with(&stranger, "/locked/dog", &headers, "bytes").expect(403, "AccessDenied");
    put(&owner, "/locked/cat", &headers);
    let read = stranger.get("/locked/cat");
    assert_eq!((read.status, read.header("x-amz-object-lock-mode")), (200, None));
    assert_eq!(owner.get("/locked/cat").header("x-amz-object-lock-legal-hold"), Some("OFF"));
    for target in ["/locked/cat?retention", "/locked/cat?legal-hold", "/locked?object-lock"] {
        stranger.get(target).expect(403, "AccessDenied");
    }
}
