//! What is told of changes: to the test, to a file, to a webhook.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpListener;
use std::time::Duration;

use serde_json::Value;
use stuntbucket::Bucket;
use stuntbucket::Clock;
use stuntbucket::Event;
use stuntbucket::StartErrorKind;
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

#[test]
fn all_kinds_of_destinations_get_their_share() {
    let s3 = builder().start().unwrap();
    let content = format!(
        "{}<TopicConfiguration><Topic>{TOPIC}</Topic><Event>s3:ObjectRemoved:*</Event>\
         </TopicConfiguration><CloudFunctionConfiguration><CloudFunction>{FUNCTION}</CloudFunction>\
         <Event>s3:ObjectCreated:Put</Event>{}</CloudFunctionConfiguration>",
        queue(QUEUE, "s3:ObjectCreated:*", &filter("PREFIX", "images/")),
        filter("prefix", "texts/"),
    );
    assert_eq!(configure(&s3, &content).status, 200, "{}", s3.journal());
    let tests: Vec<_> = s3.events().take_all().into_iter().map(|it| it.destination).collect();
    assert_eq!(tests, [TOPIC, QUEUE]);
    let read = Client::owner(&s3).get("/uploads?notification").text();
    assert_eq!(read.matches("<Name>Prefix</Name>").count(), 2, "{read}");
    let client = Client::owner(&s3);
    client.put("/uploads/images/a", b"1");
    client.put("/uploads/texts/a", b"1");
    client.put("/uploads/other", b"1");
    client.send("DELETE", "/uploads/other", &[], b"");
    let events = s3.events().take_all();
    let told: Vec<_> = events.iter().map(|it| (&*it.destination, &*it.key)).collect();
    assert_eq!(told, [(QUEUE, "images/a"), (FUNCTION, "texts/a"), (TOPIC, "other")]);
}

#[test]
fn wrong_destinations_and_overlaps_are_refused() {
    let s3 = builder().event_destination(QUEUE).start().unwrap();
    let created = "s3:ObjectCreated:*";
    for (arn, skips) in [("invalid-queue", false), (TOPIC, false), ("invalid-queue", true)] {
        let document = format!(
            "<NotificationConfiguration>{}</NotificationConfiguration>",
            queue(arn, created, "")
        );
        let header = [("x-amz-skip-destination-validation", if skips { "true" } else { "false" })];
        let client = Client::owner(&s3);
        let answer = client.send("PUT", "/uploads?notification", &header, document.as_bytes());
        let answer = answer.expect(400, "InvalidArgument");
        assert_eq!(answer.element("Message").unwrap(), "The ARN could not be parsed");
        assert_eq!(answer.element("ArgumentName").unwrap(), "Queue");
        assert_eq!(answer.element("ArgumentValue").unwrap(), arn);
    }
    let answer = configure(&s3, &queue(QUEUE, created, &filter("infix", "a")));
    let answer = answer.expect(400, "InvalidArgument");
    assert_eq!(
        answer.element("Message").unwrap(),
        "filter rule name must be either prefix or suffix"
    );
    assert_eq!(answer.element("ArgumentName").unwrap(), "FilterRule.Name");
    assert_eq!(answer.element("ArgumentValue").unwrap(), "infix");

    let absent = "arn:aws:sqs:us-east-1:000000000001:absent";
    let answer = configure(&s3, &queue(absent, created, "")).expect(400, "InvalidArgument");
    assert_eq!(
        answer.element("Message").unwrap(),
        "Unable to validate the following destination configurations"
    );
    assert_eq!(answer.element("ArgumentName1").unwrap(), absent);
    assert_eq!(answer.element("ArgumentValue1").unwrap(), "The destination queue does not exist");
    let function = format!(
        "<CloudFunctionConfiguration><CloudFunction>{FUNCTION}</CloudFunction>\
         <Event>{created}</Event></CloudFunctionConfiguration>"
    );
    let answer = configure(&s3, &function).expect(400, "InvalidArgument");
    assert_eq!(answer.element("ArgumentName1").unwrap(), format!("{FUNCTION}, null"));
    assert_eq!(
        answer.element("ArgumentValue1").unwrap(),
        format!("Not authorized to invoke function [{FUNCTION}]")
    );

    assert_eq!(s3.events().take_all(), []);
}

#[test]
fn configurations_that_do_not_go_together_are_refused() {
    let s3 = builder().start().unwrap();
    let refused = |content: &str| {
        let answer = configure(&s3, content).expect(400, "InvalidArgument");
        (answer.element("Message").unwrap(), answer.element("ArgumentValue"))
    };
    let named = |id: &str, event: &str, filters: &str| {
        queue(QUEUE, event, filters).replace("<Id>images</Id>", &format!("<Id>{id}</Id>"))
    };
    let (created, put) = ("s3:ObjectCreated:*", "s3:ObjectCreated:Put");
    let same_id = refused(&queue(QUEUE, created, "").repeat(2));
    assert_eq!(same_id.0, "Same ID used for multiple configurations. IDs must be unique.");
    let (overlap, events) = refused(&[named("a", created, ""), named("b", put, "")].concat());
    assert_eq!(
        overlap,
        "Configurations overlap. Configurations on the same bucket cannot share a common event \
         type."
    );
    assert_eq!(events.as_deref(), Some("s3:ObjectCreated:*, s3:ObjectCreated:Put"));
    let with_filter = [named("a", created, &filter("prefix", "a/")), named("b", put, "")].concat();
    assert_eq!(
        refused(&with_filter).0,
        "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if \
         the prefixes are overlapping for the same event type."
    );
    let rule = "<FilterRule><Name>prefix</Name><Value>a</Value></FilterRule>";
    let twice = format!("<Filter><S3Key>{rule}{rule}</S3Key></Filter>");
    let twice = refused(&queue(QUEUE, created, &twice)).0;
    assert_eq!(twice, "Cannot specify more than one prefix rule in a filter.");
    let long = refused(&queue(QUEUE, created, &filter("suffix", &"a".repeat(1025)))).0;
    assert!(long.starts_with("Size of filter rule value cannot exceed 1024 bytes"), "{long}");

    let each = |count| {
        let of = |n| named(&format!("{n}"), created, &filter("prefix", &format!("{n:03}/")));
        (0..count).map(of).collect::<String>()
    };
    assert_eq!(configure(&s3, &each(100)).status, 200);
    refused(&each(101));
    let read = Client::owner(&s3).get("/uploads?notification").text();
    assert_eq!(read.matches("<QueueConfiguration>").count(), 100);
}

#[test]
fn a_file_has_a_line_for_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.jsonl");
    let bucket = Bucket::new("photos").event("s3:ObjectCreated:*");
    let s3 = Stuntbucket::builder().bucket(bucket).events_file(&path).start().unwrap();
    Client::owner(&s3).put("/photos/a", b"1");
    Client::owner(&s3).put("/photos/b", b"1");
    let documents: Vec<_> = s3.events().take_all().into_iter().map(|it| it.document).collect();
    drop(s3);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.lines().collect::<Vec<_>>(), documents);
}

#[test]
fn a_webhook_gets_a_request_for_each() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook?a=b", listener.local_addr().unwrap());
    let bucket = Bucket::new("photos").event("s3:ObjectCreated:*");
    let s3 = Stuntbucket::builder().bucket(bucket).events_webhook(url).start().unwrap();
    Client::owner(&s3).put("/photos/a", b"1");
    let (stream, _) = listener.accept().unwrap();
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(stream.read_line(&mut head).unwrap(), 0, "{head}");
    }
    assert!(head.starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("X-Stuntbucket-Destination: arn:aws:sqs:"), "{head}");
    let event = s3.events().next().unwrap();
    let mut body = vec![0; event.document.len()];
    stream.read_exact(&mut body).unwrap();
    assert_eq!(body, event.document.as_bytes());
    stream.get_mut().write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
}

#[test]
fn a_webhook_that_is_not_there_stops_nobody() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let bucket = Bucket::new("photos").event("s3:ObjectCreated:*");
    let s3 = Stuntbucket::builder().bucket(bucket).events_webhook(url).start().unwrap();
    for key in 0..10 {
        assert_eq!(Client::owner(&s3).put(&format!("/photos/{key}"), b"1").status, 200);
    }
    assert_eq!(s3.events().take_all().len(), 10);
}

#[test]
fn whoever_waits_for_events_is_let_go_at_the_end() {
    let bucket = Bucket::new("photos").event("s3:ObjectCreated:Put");
    let s3 = Stuntbucket::builder().bucket(bucket).start().unwrap();
    let events = s3.events();
    let waiter = std::thread::spawn(move || events.map(|event| event.key).collect::<Vec<_>>());
    Client::owner(&s3).put("/photos/a", b"1");
    drop(s3);
    assert_eq!(waiter.join().unwrap(), ["a"]);
}

#[test]
fn settings_that_cannot_be_meant_are_told() {
    let odd = Stuntbucket::builder().bucket(Bucket::new("photos").event("ObjectCreated"));
    let error = odd.start().unwrap_err();
    assert_eq!(error.kind(), StartErrorKind::Config);
    assert!(error.to_string().contains("there is no event `ObjectCreated`"), "{error}");
    let odd = Stuntbucket::builder().events_webhook("https://localhost/");
    assert_eq!(odd.start().unwrap_err().kind(), StartErrorKind::Config);
}
