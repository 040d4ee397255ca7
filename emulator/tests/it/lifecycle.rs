//! Lifecycle rules, and what the clock makes of them.

use std::time::Duration;

use stuntbucket::Bucket;
use stuntbucket::Clock;
use stuntbucket::Stuntbucket;

use crate::client::Answer;
use crate::client::Client;
use crate::configurations::put;

pub(crate) const DAY: Duration = Duration::from_hours(24);

/// In the middle of a day.
pub(crate) fn emulator() -> Stuntbucket {
    Stuntbucket::builder()
        .bucket("photos")
        .clock(Clock::stopped_at("2026-01-15T10:30:00Z"))
        .start()
        .unwrap()
}

fn configure(s3: &Stuntbucket, rules: &str) -> Answer {
    let document = format!("<LifecycleConfiguration>{rules}</LifecycleConfiguration>");
    put(&Client::owner(s3), "/photos?lifecycle", &document)
}

fn rule(filter: &str, action: &str) -> String {
    format!("<Rule><ID>a rule</ID>{filter}<Status>Enabled</Status>{action}</Rule>")
}

const ONE_DAY: &str = "<Expiration><Days>1</Days></Expiration>";

#[test]
fn rules_are_given_back_in_the_order_of_s3() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let header = "x-amz-transition-default-minimum-object-size";
    let sent = "<Rule><Expiration><Date>2027-01-01T00:00:00Z</Date></Expiration>\
         <Status>Disabled</Status><Filter/><ID>a</ID></Rule>\
         <Rule><Status>Enabled</Status><Filter><And><Tag><Key>k</Key><Value>v</Value></Tag>\
         <Prefix>p</Prefix></And></Filter><Transition><StorageClass>GLACIER</StorageClass>\
         <Days>0</Days></Transition></Rule>";
    let answer = configure(&s3, sent);
    assert_eq!(answer.status, 200, "{}", s3.journal());
    assert_eq!(answer.header(header), Some("all_storage_classes_128K"));
    let read = client.get("/photos?lifecycle");
    let text = read.text();
    let first = "<Rule><ID>a</ID><Filter></Filter><Status>Disabled</Status><Expiration>\
         <Date>2027-01-01T00:00:00.000Z</Date></Expiration></Rule><Rule><ID>";
    let second = "</ID><Filter><And><Prefix>p</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And>\
         </Filter><Status>Enabled</Status><Transition><Days>0</Days>\
         <StorageClass>GLACIER</StorageClass></Transition></Rule></LifecycleConfiguration>";
    let (_, rest) = text.split_once(first).unwrap();
    let (made, rest) = rest.split_at(48);
    assert!(rest == second && !made.contains('<'), "{text}");
    assert_eq!(read.header(header), Some("all_storage_classes_128K"));

    let document =
        format!("<LifecycleConfiguration>{}</LifecycleConfiguration>", rule("<Filter/>", ONE_DAY));
    let digest = crate::configurations::md5(&document);
    let varies = [(header, "varies_by_storage_class"), ("content-md5", &*digest)];
    let answer = client.send("PUT", "/photos?lifecycle", &varies, document.as_bytes());
    assert_eq!(answer.header(header), Some("varies_by_storage_class"));
    assert_eq!(client.get("/photos?lifecycle").header(header), Some("varies_by_storage_class"));
    let odd = [(header, "value"), ("content-md5", &*digest)];
    let answer = client.send("PUT", "/photos?lifecycle", &odd, document.as_bytes());
    let answer = answer.expect(400, "InvalidRequest");
    assert_eq!(
        answer.element("Message").unwrap(),
        "Invalid TransitionDefaultMinimumObjectSize found: value"
    );
    assert_eq!(client.send("DELETE", "/photos?lifecycle", &[], b"").status, 204);
    client.get("/photos?lifecycle").expect(404, "NoSuchLifecycleConfiguration");
}

#[track_caller]
fn check_refused(rules: &str, code: &str, message: &str) -> Answer {
    let s3 = emulator();
    let answer = configure(&s3, rules).expect(400, code);
    assert_eq!(answer.element("Message").unwrap(), message, "{rules}");
    answer
}

#[track_caller]
fn check_malformed(rules: &str) {
    let message = "The XML you provided was not well-formed or did not validate against our \
                   published schema";
    check_refused(rules, "MalformedXML", message);
}

#[test]
fn rules_that_do_not_follow_the_schema_are_malformed() {
    check_malformed("");
    check_malformed(&rule("", ONE_DAY));
    check_malformed(&rule(
        "<Filter><Prefix>a</Prefix><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter>",
        ONE_DAY,
    ));
    check_malformed(&rule("<Filter><And><Prefix>a</Prefix></And></Filter>", ONE_DAY));
    let filter = "<Filter/>";
    for action in [
        "<Expiration><Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
        "<Expiration/>",
        "<Expiration><Days>-1</Days></Expiration>",
        "<Expiration><Days>soon</Days></Expiration>",
        "<Expiration><Date>soon</Date></Expiration>",
        "<NoncurrentVersionExpiration><NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration>",
        "<Transition><Days>1</Days><StorageClass>STANDARD</StorageClass></Transition>",
        "<Transition><StorageClass>GLACIER</StorageClass></Transition>",
        "<Expiration><Days>1</Days></Expiration><Odd/>",
    ] {
        check_malformed(&rule(filter, action));
    }
    check_malformed(&rule(filter, ONE_DAY).replace("Enabled", "On"));
    check_malformed(&rule(filter, ONE_DAY).replace("<Status>Enabled</Status>", ""));
    let many: String = (0..1001).map(|_| rule(filter, ONE_DAY)).collect();
    check_malformed(&many);
}

#[test]
fn other_mistakes_have_texts_of_their_own() {
    let filter = "<Filter/>";
    let date = "<Expiration><Date>2027-01-01T01:00:00Z</Date></Expiration>";
    let message = "'Date' must be at midnight GMT";
    let answer = check_refused(&rule(filter, date), "InvalidArgument", message);
    assert_eq!(answer.element("ArgumentName").unwrap(), "Date");
    assert_eq!(answer.element("ArgumentValue").unwrap(), "2027-01-01T01:00:00Z");
    let tag = "<Tag><Key>k</Key><Value>v</Value></Tag>";
    let twice = format!("<Filter><And>{tag}{tag}</And></Filter>");
    check_refused(&rule(&twice, ONE_DAY), "InvalidRequest", "Duplicate Tag Keys are not allowed.");
    check_refused(
        &rule(filter, "<Expiration><Days>0</Days></Expiration>"),
        "InvalidArgument",
        "'Days' for Expiration action must be a positive integer",
    );
    let noncurrent = "<NoncurrentVersionExpiration><NoncurrentDays>0</NoncurrentDays></NoncurrentVersionExpiration>";
    check_refused(
        &rule(filter, noncurrent),
        "InvalidArgument",
        "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
    );
    check_refused(
        &rule(filter, ONE_DAY).repeat(2),
        "InvalidArgument",
        "Rule ID must be unique. Found same ID for more than one rule",
    );
    check_refused(
        &rule(filter, ONE_DAY).replace("a rule", &"a".repeat(256)),
        "InvalidArgument",
        "ID length should not exceed allowed limit of 255",
    );
    check_refused(
        &rule(filter, ""),
        "InvalidRequest",
        "At least one action needs to be specified in a rule",
    );
    let abort = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
    check_refused(
        &rule(&format!("<Filter>{tag}</Filter>"), abort),
        "InvalidRequest",
        "AbortIncompleteMultipartUpload cannot be specified with Tags.",
    );
    let old = rule("<Prefix>a</Prefix>", ONE_DAY);
    let new = rule(filter, ONE_DAY).replace("a rule", "another");
    check_refused(
        &format!("{old}{new}"),
        "InvalidRequest",
        "Filter element can only be used in Lifecycle V2.",
    );
    check_refused(
        &format!("{new}{old}"),
        "InvalidRequest",
        "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in the \
         Filter.",
    );
    let early = "<Transition><Days>29</Days><StorageClass>ONEZONE_IA</StorageClass></Transition>";
    check_refused(
        &rule(filter, early),
        "InvalidArgument",
        "'Days' in Transition action must be greater than or equal to 30 for storageClass \
         'ONEZONE_IA'",
    );
}

#[test]
fn objects_end_at_midnight() {
    let s3 = emulator();
    assert_eq!(
        configure(&s3, &rule("<Filter><Prefix>tmp/</Prefix></Filter>", ONE_DAY)).status,
        200
    );
    let client = Client::owner(&s3);
    let expected = Some("expiry-date=\"Sat, 17 Jan 2026 00:00:00 GMT\", rule-id=\"a rule\"");
    assert_eq!(client.put("/photos/tmp/a", b"1").header("x-amz-expiration"), expected);
    assert_eq!(client.put("/photos/kept", b"1").header("x-amz-expiration"), None);
    for method in ["GET", "HEAD"] {
        let answer = client.send(method, "/photos/tmp/a", &[], b"");
        assert_eq!((answer.status, answer.header("x-amz-expiration")), (200, expected));
    }
    let by_version = client.get("/photos/tmp/a?versionId=null");
    assert_eq!((by_version.status, by_version.header("x-amz-expiration")), (200, None));

    // One second before the midnight after the next.
    s3.clock().advance(Duration::from_secs(37 * 3600 + 30 * 60 - 1));
    assert_eq!(Client::owner(&s3).get("/photos/tmp/a").status, 200);
    s3.clock().advance(Duration::from_secs(1));
    let client = Client::owner(&s3);
    client.get("/photos/tmp/a").expect(404, "NoSuchKey");
    let listed = client.get("/photos?list-type=2").text();
    assert!(!listed.contains("tmp/a") && listed.contains("kept"), "{listed}");
    // What is written today stays for a day.
    assert_eq!(client.put("/photos/tmp/a", b"2").status, 200);
    assert_eq!(client.get("/photos/tmp/a").body, b"2");
}

#[test]
fn the_embedding_api_sees_it_too() {
    let s3 = emulator();
    s3.put_object("photos", "a", "1").unwrap();
    assert_eq!(configure(&s3, &rule("<Filter/>", ONE_DAY)).status, 200);
    s3.clock().advance(2 * DAY);
    assert_eq!(s3.object("photos", "a").unwrap(), None);
    s3.put_object("photos", "b", "1").unwrap();
    s3.clock().advance(2 * DAY);
    assert_eq!(s3.objects("photos").unwrap(), [""; 0]);
    assert_eq!(Client::owner(&s3).send("DELETE", "/photos", &[], b"").status, 204);
}

#[test]
fn rules_that_are_put_late_act_at_once() {
    let s3 = emulator();
    s3.put_object("photos", "a", "1").unwrap();
    s3.put_object("photos", "large", vec![0; 1000]).unwrap();
    s3.clock().advance(30 * DAY);
    let filter = "<Filter><ObjectSizeGreaterThan>100</ObjectSizeGreaterThan></Filter>";
    let off = rule(filter, ONE_DAY).replace("Enabled", "Disabled");
    assert_eq!(configure(&s3, &off).status, 200);
    assert_eq!(s3.objects("photos").unwrap(), ["a", "large"]);
    assert_eq!(configure(&s3, &rule(filter, ONE_DAY)).status, 200);
    assert_eq!(s3.objects("photos").unwrap(), ["a"]);
    let date = "<Expiration><Date>2026-01-20</Date></Expiration>";
    assert_eq!(configure(&s3, &rule("<Filter/>", date)).status, 200, "{}", s3.journal());
    assert_eq!(s3.objects("photos").unwrap(), [""; 0]);
}

#[test]
fn tags_choose() {
    let s3 = emulator();
    let filter = "<Filter><Tag><Key>kind</Key><Value>log</Value></Tag></Filter>";
    assert_eq!(configure(&s3, &rule(filter, ONE_DAY)).status, 200);
    let client = Client::owner(&s3);
    for (key, tagging) in [("a", "kind=log"), ("b", "kind=picture"), ("c", "x=1&kind=log")] {
        let headers = [("x-amz-tagging", tagging)];
        assert_eq!(client.send("PUT", &format!("/photos/{key}"), &headers, b"").status, 200);
    }
    s3.clock().advance(2 * DAY);
    assert_eq!(s3.objects("photos").unwrap(), ["b"]);
}

#[test]
fn rules_move_objects_into_an_archive() {
    let s3 = emulator();
    s3.put_object("photos", "large", vec![0; 128 * 1024]).unwrap();
    s3.put_object("photos", "small", "1").unwrap();
    let move_ = "<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>";
    assert_eq!(configure(&s3, &rule("<Filter/>", move_)).status, 200);
    s3.clock().advance(2 * DAY);
    let client = Client::owner(&s3);
    client.get("/photos/large").expect(403, "InvalidObjectState");
    assert_eq!(client.get("/photos/small").status, 200);
}

fn versions(s3: &Stuntbucket) -> usize {
    let text = Client::owner(s3).get("/photos?versions").text();
    text.matches("<VersionId>").count()
}

#[test]
fn noncurrent_versions_end_but_those_that_a_lock_holds() {
    let s3 = Stuntbucket::builder()
        .bucket(Bucket::new("photos").object_lock(true))
        .clock(Clock::stopped_at("2026-01-15T10:30:00Z"))
        .start()
        .unwrap();
    let action = "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays>\
         <NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration>";
    assert_eq!(configure(&s3, &rule("<Filter/>", action)).status, 200, "{}", s3.journal());
    let md5 = crate::client::content_md5(b"held");
    let hold = [("x-amz-object-lock-legal-hold", "ON"), ("content-md5", &*md5)];
    let held = Client::owner(&s3).send("PUT", "/photos/a", &hold, b"held");
    assert_eq!(held.status, 200, "{}", s3.journal());
    for body in ["1", "2", "3", "4"] {
        s3.put_object("photos", "a", body).unwrap();
    }
    s3.clock().advance(DAY);
    assert_eq!(versions(&s3), 5);
    s3.clock().advance(DAY);
    // The current one, the newest of the others, and the one that is held.
    assert_eq!(versions(&s3), 3);
    assert_eq!(Client::owner(&s3).get("/photos/a").body, b"4");
}

#[test]
fn a_marker_goes_once_it_hides_nothing() {
    let s3 = Stuntbucket::builder()
        .bucket(Bucket::new("photos").versioning(true))
        .clock(Clock::stopped_at("2026-01-15T10:30:00Z"))
        .start()
        .unwrap();
    s3.put_object("photos", "a", "1").unwrap();
    s3.put_object("photos", "b", "1").unwrap();
    let client = Client::owner(&s3);
    client.send("DELETE", "/photos/a", &[], b"");
    client.send("DELETE", "/photos/alone", &[], b"");
    let lone =
        "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>";
    assert_eq!(configure(&s3, &rule("<Filter/>", lone)).status, 200, "{}", s3.journal());
    // Two of `a`, one of `b`.
    assert_eq!(versions(&s3), 3);
    let noncurrent = "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>";
    assert_eq!(configure(&s3, &rule("<Filter/>", &format!("{lone}{noncurrent}"))).status, 200);
    s3.clock().advance(2 * DAY);
    assert_eq!(versions(&s3), 1);
}

#[test]
fn uploads_that_nobody_completes_are_aborted() {
    let s3 = emulator();
    let abort = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
    let filter = "<Filter><Prefix>tmp/</Prefix></Filter>";
    assert_eq!(configure(&s3, &rule(filter, abort)).status, 200, "{}", s3.journal());
    let client = Client::owner(&s3);
    let begun = client.send("POST", "/photos/tmp/a?uploads", &[], b"");
    assert_eq!(begun.header("x-amz-abort-date"), Some("Sat, 17 Jan 2026 00:00:00 GMT"));
    assert_eq!(begun.header("x-amz-abort-rule-id"), Some("a rule"));
    let id = begun.element("UploadId").unwrap();
    let kept = client.send("POST", "/photos/kept?uploads", &[], b"");
    assert_eq!(kept.header("x-amz-abort-date"), None);
    let target = format!("/photos/tmp/a?uploadId={id}");
    let listed = client.get(&target);
    assert_eq!((listed.status, listed.header("x-amz-abort-rule-id")), (200, Some("a rule")));
    s3.clock().advance(2 * DAY);
    let client = Client::owner(&s3);
    client.get(&target).expect(404, "NoSuchUpload");
    let open = client.get("/photos?uploads").text();
    assert!(open.contains("<Key>kept</Key>") && !open.contains("tmp/a"), "{open}");
}
