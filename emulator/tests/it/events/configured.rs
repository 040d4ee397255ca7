//! What is asked for by configurations, and which of them are refused.

use stuntbucket::Bucket;
use stuntbucket::StartErrorKind;
use stuntbucket::Stuntbucket;

use super::FUNCTION;
use super::QUEUE;
use super::TOPIC;
use super::builder;
use super::configure;
use super::filter;
use super::queue;
use crate::client::Client;

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

    let far = "arn:aws:sqs:eu-west-1:000000000001:queue";
    let answer = configure(&s3, &queue(far, created, "")).expect(400, "InvalidArgument");
    assert_eq!(
        answer.element("Message").unwrap(),
        "The notification destination service region is not valid for the bucket location \
         constraint"
    );
    assert_eq!(answer.element("ArgumentValue").unwrap(), far);

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
fn settings_that_cannot_be_meant_are_told() {
    let odd = Stuntbucket::builder().bucket(Bucket::new("photos").event("ObjectCreated"));
    let error = odd.start().unwrap_err();
    assert_eq!(error.kind(), StartErrorKind::Config);
    assert!(error.to_string().contains("there is no event `ObjectCreated`"), "{error}");
    let odd = Stuntbucket::builder().events_webhook("https://localhost/");
    assert_eq!(odd.start().unwrap_err().kind(), StartErrorKind::Config);
}
