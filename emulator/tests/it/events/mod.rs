//! What is told of changes.

mod configured; // what is asked for, and refused
mod delivered; // to whoever waits, to a file, to a webhook

use std::time::Duration;

use serde_json::Value;
use stuntbucket::Bucket;
use stuntbucket::Clock;
use stuntbucket::Event;
use stuntbucket::Stuntbucket;
use stuntbucket::StuntbucketBuilder;

use crate::client::Answer;
use crate::client::Client;
use crate::configurations::put;
use crate::form;

const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000001:images";
const TOPIC: &str = "arn:aws:sns:us-east-1:000000000001:all";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000001:function:resize";

fn builder() -> StuntbucketBuilder {
    Stuntbucket::builder().bucket("uploads").clock(Clock::stopped_at("2026-01-01T00:00:00Z"))
}

fn configure(s3: &Stuntbucket, content: &str) -> Answer {
    let document = format!("<NotificationConfiguration>{content}</NotificationConfiguration>");
    put(&Client::owner(s3), "/uploads?notification", &document)
}

fn queue(arn: &str, event: &str, filter: &str) -> String {
    format!(
        "<QueueConfiguration><Id>images</Id><Queue>{arn}</Queue><Event>{event}</Event>{filter}\
         </QueueConfiguration>"
    )
}

fn filter(name: &str, value: &str) -> String {
    format!(
        "<Filter><S3Key><FilterRule><Name>{name}</Name><Value>{value}</Value></FilterRule></S3Key>\
         </Filter>"
    )
}

fn json(event: &Event) -> Value {
    serde_json::from_str(&event.document).unwrap()
}

fn names(events: &[Event]) -> Vec<(&str, &str)> {
    events.iter().map(|event| (event.name.as_str(), event.key.as_str())).collect()
}

#[test]
fn a_forms_upload_is_told_as_s3_tells_it() {
    let s3 = builder().start().unwrap();
    let images = filter("suffix", ".png");
    assert_eq!(configure(&s3, &queue(QUEUE, "s3:ObjectCreated:*", &images)).status, 200);
    let first = s3.events().take_all();
    assert_eq!(names(&first), [("TestEvent", "")]);
    let test = json(&first[0]);
    assert_eq!((&test["Event"], &test["Bucket"]), (&"s3:TestEvent".into(), &"uploads".into()));

    let fields = form::fields(&s3, &form::policy(&s3));
    let answer = form::post(&s3, &fields, "a b+c.png", b"picture");
    assert_eq!(answer.status, 303, "{}", s3.journal());
    Client::owner(&s3).put("/uploads/notes.txt", b"no image");
    let events = s3.events().take_all();
    assert_eq!(names(&events), [("ObjectCreated:Post", "incoming/a b+c.png")]);
    assert_eq!(events[0].destination, QUEUE);
    let document = json(&events[0]);
    let record = &document["Records"][0];
    for (pointer, expected) in [
        ("/eventVersion", "2.1"),
        ("/eventSource", "aws:s3"),
        ("/awsRegion", "us-east-1"),
        ("/eventTime", "2026-01-01T00:00:00.000Z"),
        ("/eventName", "ObjectCreated:Post"),
        ("/requestParameters/sourceIPAddress", "127.0.0.1"),
        ("/s3/s3SchemaVersion", "1.0"),
        ("/s3/configurationId", "images"),
        ("/s3/bucket/name", "uploads"),
        ("/s3/bucket/arn", "arn:aws:s3:::uploads"),
        ("/s3/object/key", "incoming/a+b%2Bc.png"),
        ("/s3/object/eTag", "5456fc54c74a297ce994998c2873b370"),
    ] {
        assert_eq!(record.pointer(pointer).unwrap(), expected, "{pointer}");
    }
    assert_eq!(record["s3"]["object"]["size"], 7);
    for header in ["x-amz-request-id", "x-amz-id-2"] {
        assert_eq!(record["responseElements"][header], answer.header(header).unwrap());
    }
    assert!(record["userIdentity"]["principalId"].as_str().unwrap().starts_with("AWS:"));
}

#[test]
fn each_change_has_its_name() {
    let bucket = Bucket::new("photos")
        .before_2023(true)
        .event("s3:ObjectCreated:*")
        .event("s3:ObjectRemoved:*")
        .event("s3:ObjectAcl:Put")
        .event("s3:ObjectRestore:*")
        .event("s3:LifecycleExpiration:*");
    let clock = Clock::stopped_at("2026-01-01T00:00:00Z");
    let s3 = Stuntbucket::builder().bucket(bucket).clock(clock).start().unwrap();
    let client = Client::owner(&s3);
    client.send("PUT", "/photos/a", &[("x-amz-storage-class", "GLACIER")], b"1");
    client.send("PUT", "/photos/a?acl", &[("x-amz-acl", "private")], b"");
    let document = b"<RestoreRequest><Days>1</Days></RestoreRequest>";
    client.send("POST", "/photos/a?restore", &[], document);
    client.send("DELETE", "/photos/a", &[], b"");
    client.send("DELETE", "/photos/absent", &[], b"");
    client.put("/photos/b", b"1");
    Client::anonymous(&s3).put("/photos/c", b"refused");
    let rule = "<LifecycleConfiguration><Rule><Filter/><Status>Enabled</Status><Expiration>\
        <Days>1</Days></Expiration></Rule></LifecycleConfiguration>";
    assert_eq!(put(&client, "/photos?lifecycle", rule).status, 200);
    s3.clock().advance(Duration::from_hours(48));
    assert_eq!(s3.objects("photos").unwrap(), [""; 0]);
    let events = s3.events().take_all();
    assert_eq!(
        names(&events),
        [
            ("ObjectCreated:Put", "a"),
            ("ObjectAcl:Put", "a"),
            ("ObjectRestore:Post", "a"),
            ("ObjectRemoved:Delete", "a"),
            ("ObjectCreated:Put", "b"),
            ("LifecycleExpiration:Delete", "b"),
        ]
    );
    let objects: Vec<_> = events.iter().map(|it| json(it)["Records"][0].clone()).collect();
    assert_eq!(objects[1]["eventVersion"], "2.3");
    assert_eq!(objects[1]["s3"]["object"].get("sequencer"), None);
    assert_eq!(objects[1]["s3"]["object"].get("size"), None);
    let sequencers: Vec<_> = [0, 3, 4]
        .map(|index: usize| {
            objects[index]["s3"]["object"]["sequencer"].as_str().unwrap().to_owned()
        })
        .into();
    assert!(sequencers.is_sorted(), "{sequencers:?}");
    let read = Client::owner(&s3).get("/photos?notification").text();
    assert!(read.contains("<Event>s3:ObjectAcl:Put</Event>"), "{read}");
}

#[test]
fn a_delete_marker_has_the_entity_tag_of_nothing() {
    let bucket = Bucket::new("photos").versioning(true).event("s3:ObjectRemoved:*");
    let s3 = Stuntbucket::builder().bucket(bucket).start().unwrap();
    let deleted = Client::owner(&s3).send("DELETE", "/photos/a", &[], b"");
    let events = s3.events().take_all();
    assert_eq!(names(&events), [("ObjectRemoved:DeleteMarkerCreated", "a")]);
    let object = json(&events[0])["Records"][0]["s3"]["object"].clone();
    assert_eq!(object["eTag"], "d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(object["versionId"], deleted.header("x-amz-version-id").unwrap());
    assert_eq!(object.get("size"), None);
}

#[test]
fn changes_of_tags_are_told() {
    let bucket = Bucket::new("photos").versioning(true).event("s3:ObjectTagging:*");
    let s3 = Stuntbucket::builder().bucket(bucket).start().unwrap();
    let client = Client::owner(&s3);
    let version = client.put("/photos/a", b"1").header("x-amz-version-id").unwrap().to_owned();
    let tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>";
    assert_eq!(put(&client, "/photos/a?tagging", tags).status, 200);
    assert_eq!(client.send("DELETE", "/photos/a?tagging", &[], b"").status, 204);
    put(&client, "/photos/a?tagging", "<Tagging/>").expect(400, "MalformedXML");
    let events = s3.events().take_all();
    assert_eq!(names(&events), [("ObjectTagging:Put", "a"), ("ObjectTagging:Delete", "a")]);
    for event in &events {
        let record = &json(event)["Records"][0];
        assert_eq!(record["eventVersion"], "2.3");
        let object = &record["s3"]["object"];
        assert_eq!(object["versionId"], version.as_str());
        assert_eq!(object["eTag"], "c4ca4238a0b923820dcc509a6f75849b");
        assert_eq!((object.get("size"), object.get("sequencer")), (None, None));
    }
}

#[test]
fn a_copy_of_an_archived_object_is_told_when_it_comes_and_when_it_ends() {
    let clock = Clock::stopped_at("2026-01-01T00:00:00Z");
    let s3 = Stuntbucket::builder().bucket("photos").clock(clock).start().unwrap();
    let client = Client::owner(&s3);
    let document = format!(
        "<NotificationConfiguration>{}<EventBridgeConfiguration/></NotificationConfiguration>",
        queue(QUEUE, "s3:ObjectRestore:*", "")
    );
    assert_eq!(put(&client, "/photos?notification", &document).status, 200);
    client.send("PUT", "/photos/a", &[("x-amz-storage-class", "GLACIER")], b"1");
    let restore = |days, tier| {
        let document =
            format!("<RestoreRequest><Days>{days}</Days><Tier>{tier}</Tier></RestoreRequest>");
        let target = "/photos/a?restore";
        Client::owner(&s3).send("POST", target, &[], document.as_bytes()).status
    };
    assert_eq!(restore(1, "Bulk"), 202);
    // What comes sooner is told of, and what would have come later is not.
    assert_eq!(restore(1, "Standard"), 202);
    let told = || {
        assert_eq!(s3.objects("photos").unwrap(), ["a"]);
        s3.events().take_all()
    };
    let names_at = |events: &[Event], to: &str| {
        let at = events.iter().filter(|it| it.destination == to);
        at.map(|it| it.name.clone()).collect::<Vec<_>>()
    };
    let post = "ObjectRestore:Post";
    assert_eq!(names_at(&told(), QUEUE), ["TestEvent", post, post]);
    s3.clock().advance(Duration::from_hours(6));
    let events = told();
    assert_eq!(names_at(&events, QUEUE), ["ObjectRestore:Completed"]);
    let record = json(&events[0])["Records"][0].clone();
    assert_eq!(record["eventTime"], "2026-01-01T05:00:00.000Z");
    assert_eq!(record["eventVersion"], "2.1");
    assert_eq!(record["userIdentity"]["principalId"], "AmazonCustomer:000000000001");
    assert_eq!(record["requestParameters"]["sourceIPAddress"], "s3.amazonaws.com");
    assert!(record["s3"]["object"]["sequencer"].is_string());
    let expected = serde_json::json!({ "restoreEventData": {
        "lifecycleRestorationExpiryTime": "2026-01-03T00:00:00.000Z",
        "lifecycleRestoreStorageClass": "GLACIER",
    } });
    assert_eq!(record["glacierEventData"], expected);
    let bridged = json(&events[1]);
    assert_eq!(bridged["detail-type"], "Object Restore Completed");
    assert_eq!(bridged["detail"]["source-storage-class"], "GLACIER");
    assert_eq!(bridged["detail"]["restore-expiry-time"], "2026-01-03T00:00:00Z");
    assert_eq!(bridged["detail"].get("source-ip-address"), None);
    assert_eq!(bridged["detail"]["object"].get("sequencer"), None);
    // Asked for again, it stays longer.
    assert_eq!(restore(3, "Standard"), 200);
    s3.clock().advance(Duration::from_hours(48));
    assert_eq!(told(), []);
    s3.clock().advance(Duration::from_hours(48));
    let events = told();
    assert_eq!(names_at(&events, QUEUE), ["ObjectRestore:Delete"]);
    assert_eq!(json(&events[1])["detail-type"], "Object Restore Expired");
    assert_eq!(told(), []);
}

#[test]
fn event_bridge_has_documents_of_its_own() {
    let s3 = builder().start().unwrap();
    assert_eq!(configure(&s3, "<EventBridgeConfiguration/>").status, 200);
    let client = Client::owner(&s3);
    client.put("/uploads/a", b"1");
    client.send("DELETE", "/uploads/a", &[], b"");
    let events = s3.events().take_all();
    assert_eq!(events.len(), 2);
    let (created, deleted) = (json(&events[0]), json(&events[1]));
    assert_eq!(events[0].destination, "eventbridge");
    assert_eq!(
        (&created["detail-type"], &created["source"]),
        (&"Object Created".into(), &"aws.s3".into())
    );
    assert_eq!(created["detail"]["reason"], "PutObject");
    assert_eq!(created["detail"]["object"]["key"], "a");
    assert_eq!(deleted["detail-type"], "Object Deleted");
    assert_eq!(deleted["detail"]["deletion-type"], "Permanently Deleted");
    assert_eq!(configure(&s3, "").status, 200);
    client.put("/uploads/a", b"1");
    assert_eq!(s3.events().take_all(), []);
}
