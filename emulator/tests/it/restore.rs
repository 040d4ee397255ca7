//! Archived objects: asked for, waited for, read.

use std::time::Duration;

use stuntbucket::Stuntbucket;

use crate::client::Answer;
use crate::client::Client;
use crate::lifecycle::DAY;
use crate::lifecycle::emulator;

fn restore(s3: &Stuntbucket, key: &str, days: u32, tier: &str) -> Answer {
    let document = format!(
        "<RestoreRequest><Days>{days}</Days><GlacierJobParameters><Tier>{tier}</Tier>\
         </GlacierJobParameters></RestoreRequest>"
    );
    Client::owner(s3).send("POST", &format!("/photos/{key}?restore"), &[], document.as_bytes())
}

#[test]
fn an_archived_object_is_read_after_it_was_restored() {
    let s3 = emulator();
    let class = [("x-amz-storage-class", "GLACIER")];
    let put = Client::owner(&s3).send("PUT", "/photos/a", &class, b"old");
    assert_eq!(put.status, 200);
    let get = || Client::owner(&s3).get("/photos/a");
    let head = || {
        let answer = Client::owner(&s3).send("HEAD", "/photos/a", &[], b"");
        assert_eq!((answer.status, answer.header("x-amz-storage-class")), (200, Some("GLACIER")));
        answer.header("x-amz-restore").map(str::to_owned)
    };
    let refused = get().expect(403, "InvalidObjectState");
    assert_eq!(refused.element("StorageClass").unwrap(), "GLACIER");
    assert_eq!(
        refused.element("Message").unwrap(),
        "The operation is not valid for the object's storage class"
    );
    assert_eq!(head(), None);

    assert_eq!(restore(&s3, "a", 1, "Expedited").status, 202, "{}", s3.journal());
    assert_eq!(head().unwrap(), "ongoing-request=\"true\"");
    get().expect(403, "InvalidObjectState");
    let again = restore(&s3, "a", 1, "Standard").expect(409, "RestoreAlreadyInProgress");
    assert_eq!(again.element("Message").unwrap(), "Object restore is already in progress");

    s3.clock().advance(Duration::from_mins(5));
    assert_eq!(
        head().unwrap(),
        "ongoing-request=\"false\", expiry-date=\"Sat, 17 Jan 2026 00:00:00 GMT\""
    );
    assert_eq!(get().body, b"old");
    assert_eq!(restore(&s3, "a", 3, "Standard").status, 200);
    assert!(head().unwrap().contains("Mon, 19 Jan 2026 00:00:00 GMT"));
    s3.clock().advance(4 * DAY);
    assert_eq!(head(), None);
    get().expect(403, "InvalidObjectState");
}

#[test]
fn listings_tell_of_copies_if_they_are_asked() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    for key in ["asked", "cold"] {
        let class = [("x-amz-storage-class", "GLACIER")];
        assert_eq!(client.send("PUT", &format!("/photos/{key}"), &class, b"1").status, 200);
    }
    assert_eq!(restore(&s3, "asked", 1, "Expedited").status, 202);
    let check = |told: &str| {
        for target in ["/photos", "/photos?list-type=2", "/photos?versions"] {
            let asks = [("x-amz-optional-object-attributes", "RestoreStatus")];
            let text = client.send("GET", target, &asks, b"").text();
            assert_eq!(text.matches("<RestoreStatus>").count(), 1, "{target}: {text}");
            assert!(text.contains(&format!("<RestoreStatus>{told}</RestoreStatus>")), "{text}");
            assert!(!client.get(target).text().contains("<RestoreStatus>"), "{target}");
        }
    };
    check("<IsRestoreInProgress>true</IsRestoreInProgress>");
    s3.clock().advance(Duration::from_mins(5));
    check(
        "<IsRestoreInProgress>false</IsRestoreInProgress>\
         <RestoreExpiryDate>2026-01-17T00:00:00.000Z</RestoreExpiryDate>",
    );
}

#[test]
fn what_cannot_be_restored_is_refused() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    s3.put_object("photos", "a", "1").unwrap();
    let refused = restore(&s3, "a", 1, "Standard").expect(403, "InvalidObjectState");
    assert_eq!(
        refused.element("Message").unwrap(),
        "Restore is not allowed for the object's current storage class"
    );
    restore(&s3, "absent", 1, "Standard").expect(404, "NoSuchKey");
    let class = [("x-amz-storage-class", "DEEP_ARCHIVE")];
    assert_eq!(client.send("PUT", "/photos/deep", &class, b"1").status, 200);
    restore(&s3, "deep", 1, "Expedited").expect(400, "InvalidArgument");
    restore(&s3, "deep", 1, "Soon").expect(400, "MalformedXML");
    restore(&s3, "deep", 0, "Bulk").expect(400, "MalformedXML");
    assert_eq!(restore(&s3, "deep", 1, "Bulk").status, 202);
    restore(&s3, "deep", 1, "Bulk").expect(409, "RestoreAlreadyInProgress");
    // A faster tier speeds it up.
    assert_eq!(restore(&s3, "deep", 1, "Standard").status, 202);
    s3.clock().advance(Duration::from_hours(12));
    assert_eq!(Client::owner(&s3).get("/photos/deep").body, b"1");
}
