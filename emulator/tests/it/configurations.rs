//! Configurations of buckets: put, given back, listed, deleted; a wrong one of each kind is refused.

use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;

use crate::client::Answer;
use crate::client::Client;

fn emulator() -> Stuntbucket {
    Stuntbucket::builder()
        .bucket("photos")
        .bucket("logs")
        .bucket("my.photos")
        .bucket(Bucket::new("far").region("eu-west-1"))
        .start()
        .unwrap()
}

/// Puts a document with the digest that some of them need.
pub(crate) fn put(client: &Client, target: &str, document: &str) -> Answer {
    client.send("PUT", target, &[("content-md5", &md5(document))], document.as_bytes())
}

pub(crate) fn md5(document: &str) -> String {
    use base64::Engine;
    use md5::Digest;
    base64::engine::general_purpose::STANDARD.encode(md5::Md5::digest(document))
}

/// What stands inside the root of an answer's document.
fn content(answer: &Answer) -> String {
    let text = answer.text();
    let (_, root) = text.split_once('\n').unwrap();
    let (_, rest) = root.split_once('>').unwrap();
    let (content, _) = rest.rsplit_once("</").unwrap();
    content.to_owned()
}

/// One document of each kind: where it goes, its root, what stands in it in S3's order, what
/// stands there before, and the status of the answer.
const SINGLE: [(&str, &str, &str, &str); 6] = [
    ("abac", "AbacStatus", "<Status>Enabled</Status>", "<Status>Disabled</Status>"),
    ("accelerate", "AccelerateConfiguration", "<Status>Suspended</Status>", ""),
    (
        "requestPayment",
        "RequestPaymentConfiguration",
        "<Payer>Requester</Payer>",
        "<Payer>BucketOwner</Payer>",
    ),
    (
        "logging",
        "BucketLoggingStatus",
        "<LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix>a/</TargetPrefix>\
         <TargetGrants><Grant><Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xsi:type=\"Group\"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>\
         <Permission>READ</Permission></Grant></TargetGrants></LoggingEnabled>",
        "",
    ),
    ("logging", "BucketLoggingStatus", "", ""),
    (
        "notification",
        "NotificationConfiguration",
        "<QueueConfiguration><Id>q</Id><Queue>arn:aws:sqs:us-east-1:000000000001:q</Queue>\
         <Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>Prefix</Name>\
         <Value>a/</Value></FilterRule></S3Key></Filter></QueueConfiguration>",
        "",
    ),
];

#[test]
fn what_was_put_is_given_back() {
    for (query, root, document, before) in SINGLE {
        let s3 = emulator();
        let client = Client::owner(&s3);
        let target = format!("/photos?{query}");
        assert_eq!(content(&client.get(&target)), before, "{query}");
        let answer = put(&client, &target, &format!("<{root}>{document}</{root}>"));
        assert_eq!(answer.status, 200, "{query}: {}", s3.journal());
        let read = client.get(&target);
        assert_eq!((read.status, content(&read).as_str()), (200, document), "{query}");
        assert!(read.text().contains(&format!("<{root} xmlns=")), "{}", read.text());
    }
}

const ANALYTICS: &str = "<Id>a</Id><Filter><Prefix>p</Prefix></Filter><StorageClassAnalysis>\
    <DataExport><OutputSchemaVersion>V_1</OutputSchemaVersion><Destination><S3BucketDestination>\
    <Format>CSV</Format><Bucket>arn:aws:s3:::logs</Bucket></S3BucketDestination></Destination>\
    </DataExport></StorageClassAnalysis>";
const INVENTORY: &str = "<Id>a</Id><IsEnabled>true</IsEnabled><Destination><S3BucketDestination>\
    <Format>CSV</Format><Bucket>arn:aws:s3:::logs</Bucket></S3BucketDestination></Destination>\
    <Schedule><Frequency>Daily</Frequency></Schedule>\
    <IncludedObjectVersions>All</IncludedObjectVersions>\
    <OptionalFields><Field>Size</Field></OptionalFields>";
const METRICS: &str = "<Id>a</Id><Filter><And><Prefix>p</Prefix><Tag><Key>k</Key><Value>v</Value>\
    </Tag></And></Filter>";
const TIERING: &str = "<Id>a</Id><Status>Enabled</Status><Tiering><Days>90</Days>\
    <AccessTier>ARCHIVE_ACCESS</AccessTier></Tiering>";

const BY_ID: [(&str, &str, &str); 4] = [
    ("analytics", "AnalyticsConfiguration", ANALYTICS),
    ("inventory", "InventoryConfiguration", INVENTORY),
    ("metrics", "MetricsConfiguration", METRICS),
    ("intelligent-tiering", "IntelligentTieringConfiguration", TIERING),
];

#[test]
fn those_with_ids_are_put_read_listed_and_deleted() {
    for (query, root, document) in BY_ID {
        let s3 = emulator();
        let client = Client::owner(&s3);
        let all = format!("/photos?{query}");
        let one = |id: &str| format!("/photos?{query}&id={id}");
        assert_eq!(content(&client.get(&all)), "<IsTruncated>false</IsTruncated>");
        client.get(&one("a")).expect(404, "NoSuchConfiguration");
        client.send("DELETE", &one("a"), &[], b"").expect(404, "NoSuchConfiguration");
        for id in ["b", "a"] {
            let document = document.replace("<Id>a<", &format!("<Id>{id}<"));
            let document = format!("<{root}>{document}</{root}>");
            // No digest is needed.
            let answer = client.put(&one(id), document.as_bytes());
            assert_eq!((answer.status, answer.text().as_str()), (204, ""), "{}", s3.journal());
        }
        assert_eq!(content(&client.get(&one("a"))), document);
        let listed = content(&client.get(&all));
        let (first, second) = (listed.find("<Id>a").unwrap(), listed.find("<Id>b").unwrap());
        assert!(first < second && listed.ends_with("<IsTruncated>false</IsTruncated>"), "{listed}");
        let other = client.put(&one("c"), format!("<{root}>{document}</{root}>").as_bytes());
        let other = other.expect(400, "IdMismatch");
        assert_eq!(
            other.element("Message").unwrap(),
            "Document ID does not match the specified configuration ID."
        );
        let answer = client.put(&format!("/photos?{query}&id=%20"), b"<A/>");
        assert_eq!(answer.status, 400);
        assert_eq!(client.send("DELETE", &one("a"), &[], b"").status, 204);
        client.get(&one("a")).expect(404, "NoSuchConfiguration");
    }
}

#[test]
fn they_are_kept_in_the_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let start = || Stuntbucket::builder().data_dir(folder.path()).bucket("photos").start().unwrap();
    let queue = SINGLE[5].2;
    let rule = "<Rule><ID>a</ID><Filter></Filter><Status>Enabled</Status><Expiration><Days>1</Days>\
        </Expiration></Rule>";
    let documents = [
        ("metrics&id=a", "MetricsConfiguration", METRICS),
        ("notification", "NotificationConfiguration", queue),
        ("lifecycle", "LifecycleConfiguration", rule),
    ];
    let s3 = start();
    for (query, root, document) in documents {
        let document = format!("<{root}>{document}</{root}>");
        let answer = put(&Client::owner(&s3), &format!("/photos?{query}"), &document);
        assert!(answer.status < 300, "{}", s3.journal());
    }
    drop(s3);
    let s3 = start();
    for (query, _, document) in documents {
        let read = Client::owner(&s3).get(&format!("/photos?{query}"));
        assert_eq!(content(&read), document);
    }
    Client::owner(&s3).put("/photos/a/b", b"1");
    assert_eq!(s3.events().take_all().len(), 1);
    s3.clock().advance(std::time::Duration::from_hours(48));
    assert_eq!(s3.objects("photos").unwrap(), [""; 0]);
}

#[test]
fn lists_have_pages() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    for id in 0..101 {
        let document = format!("<MetricsConfiguration><Id>{id:03}</Id></MetricsConfiguration>");
        let answer = client.put(&format!("/photos?metrics&id={id:03}"), document.as_bytes());
        assert_eq!(answer.status, 204);
    }
    let first = client.get("/photos?metrics");
    assert_eq!(first.text().matches("<Id>").count(), 100);
    assert_eq!(first.element("IsTruncated").unwrap(), "true");
    let token = first.element("NextContinuationToken").unwrap();
    let second = client.get(&format!("/photos?continuation-token={token}&metrics"));
    assert_eq!(second.element("Id").unwrap(), "100");
    assert_eq!(second.element("IsTruncated").unwrap(), "false");
    client.get("/photos?continuation-token=x&metrics").expect(400, "InvalidArgument");
}

const MALFORMED: &str =
    "The XML you provided was not well-formed or did not validate against our published schema";

#[track_caller]
fn check_refused(target: &str, document: &str, status: u16, code: &str, message: &str) -> Answer {
    let s3 = emulator();
    let answer = put(&Client::owner(&s3), target, document).expect(status, code);
    assert_eq!(answer.element("Message").unwrap(), message, "{document}");
    assert!(s3.journal().entries()[0].explanation.is_some() || code != "MalformedXML");
    answer
}

/// A document of one kind with a part of it replaced.
#[track_caller]
fn check_malformed(query: &str, root: &str, document: &str, part: &str, by: &str) {
    assert!(document.contains(part), "{part} in {document}");
    let document = format!("<{root}>{}</{root}>", document.replace(part, by));
    check_refused(&format!("/photos?{query}"), &document, 400, "MalformedXML", MALFORMED);
}

#[test]
fn wrong_documents_are_refused() {
    let (root, switch) = ("AbacStatus", "<Status>Enabled</Status>");
    check_malformed("abac", root, switch, "Enabled", "On");
    check_malformed("abac", root, switch, switch, "");
    check_malformed("accelerate", "AccelerateConfiguration", switch, "Enabled", "Disabled");
    let payer = "<Payer>Requester</Payer>";
    check_malformed("requestPayment", "RequestPaymentConfiguration", payer, "Requester", "Nobody");
    let (root, log) = (
        "BucketLoggingStatus",
        "<LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix/></LoggingEnabled>",
    );
    check_malformed("logging", root, log, "<TargetPrefix/>", "");
    check_malformed("logging", root, log, "<TargetPrefix/>", "<TargetPrefix/><Odd/>");
    let (query, root) = ("analytics&id=a", "AnalyticsConfiguration");
    check_malformed(query, root, ANALYTICS, "CSV", "ORC");
    check_malformed(query, root, ANALYTICS, "V_1", "V_2");
    let filters = "<Prefix>p</Prefix><Tag><Key>k</Key><Value>v</Value></Tag>";
    check_malformed(query, root, ANALYTICS, "<Prefix>p</Prefix>", filters);
    let (query, root) = ("inventory&id=a", "InventoryConfiguration");
    for (part, by) in [
        ("CSV", "XLS"),
        ("Daily", "Hourly"),
        (">All<", ">Some<"),
        (">Size<", ">Weight<"),
        ("true", "yes"),
        ("<Schedule><Frequency>Daily</Frequency></Schedule>", ""),
    ] {
        check_malformed(query, root, INVENTORY, part, by);
    }
    let (query, root) = ("metrics&id=a", "MetricsConfiguration");
    check_malformed(query, root, METRICS, "<Prefix>p</Prefix>", "");
    let (query, root) = ("intelligent-tiering&id=a", "IntelligentTieringConfiguration");
    check_malformed(query, root, TIERING, "ARCHIVE_ACCESS", "FROZEN");
    check_malformed(query, root, TIERING, "<Days>90</Days>", "");
    check_malformed(query, root, TIERING, "Enabled", "On");
    let (query, root) = ("notification", "NotificationConfiguration");
    let queue = "<QueueConfiguration><Queue>arn:aws:sqs:us-east-1:000000000001:q</Queue>\
        <Event>s3:ObjectCreated:*</Event><Filter><S3Key><FilterRule><Name>prefix</Name>\
        <Value>a</Value></FilterRule></S3Key></Filter></QueueConfiguration>";
    check_malformed(query, root, queue, "s3:ObjectCreated:*", "s3:ObjectMade:*");
    check_malformed(query, root, queue, "<Event>s3:ObjectCreated:*</Event>", "");
    check_malformed(query, root, queue, "<Value>a</Value>", "");
    check_malformed(query, root, queue, "<Name>prefix</Name>", "");
    check_malformed("replication", "ReplicationConfiguration", "<Role>r</Role>", "", "");
}

#[test]
fn what_a_schema_cannot_say_has_its_own_texts() {
    let inventory = format!("<InventoryConfiguration>{INVENTORY}</InventoryConfiguration>");
    let inventory = inventory.replace("arn:aws:s3:::logs", "logs");
    let (code, message) = ("InvalidS3DestinationBucket", "Invalid bucket ARN.");
    check_refused("/photos?inventory&id=a", &inventory, 400, code, message);

    let enabled = "<AccelerateConfiguration><Status>Enabled</Status></AccelerateConfiguration>";
    let message =
        "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names";
    check_refused("/my.photos?accelerate", enabled, 400, "InvalidRequest", message);

    let log = |bucket: &str| {
        format!(
            "<BucketLoggingStatus><LoggingEnabled><TargetBucket>{bucket}</TargetBucket>\
             <TargetPrefix/></LoggingEnabled></BucketLoggingStatus>"
        )
    };
    let (code, message) =
        ("InvalidTargetBucketForLogging", "The target bucket for logging does not exist");
    let answer = check_refused("/photos?logging", &log("absent"), 400, code, message);
    assert_eq!(answer.element("TargetBucket").unwrap(), "absent");
    let (code, message) =
        ("CrossLocationLoggingProhibitted", "Cross S3 location logging not allowed. ");
    let answer = check_refused("/photos?logging", &log("far"), 403, code, message);
    assert_eq!(answer.element("TargetBucketLocation").unwrap(), "eu-west-1");
    assert_eq!(answer.element("SourceBucketLocation"), None);

    let message = "Versioning must be 'Enabled' on the bucket to apply a replication configuration";
    let replication = replication_to("logs");
    check_refused("/photos?replication", &replication, 400, "InvalidRequest", message);
}

fn replication_to(bucket: &str) -> String {
    format!(
        "<ReplicationConfiguration><Role>arn:aws:iam::000000000001:role/r</Role><Rule>\
         <Status>Enabled</Status><Prefix/><Destination><Bucket>arn:aws:s3:::{bucket}</Bucket>\
         </Destination></Rule></ReplicationConfiguration>"
    )
}

#[test]
fn a_replication_is_to_another_bucket_and_keeps_versioning_enabled() {
    let versioned = |name| Bucket::new(name).versioning(true);
    let (one, two) = (versioned("one"), versioned("two"));
    let s3 = Stuntbucket::builder().bucket(one).bucket(two).start().unwrap();
    let client = Client::owner(&s3);
    let refused = put(&client, "/one?replication", &replication_to("one"));
    let refused = refused.expect(400, "InvalidRequest");
    let message = "Destination bucket cannot be the same as the source bucket.";
    assert_eq!(refused.element("Message").unwrap(), message);
    assert_eq!(put(&client, "/one?replication", &replication_to("two")).status, 200);
    let versioning = |status: &str| {
        format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>")
    };
    let suspend = || put(&client, "/one?versioning", &versioning("Suspended"));
    suspend().expect(409, "InvalidBucketState");
    assert_eq!(put(&client, "/one?versioning", &versioning("Enabled")).status, 200);
    client.send("DELETE", "/one?replication", &[], b"");
    assert_eq!(suspend().status, 200);
}

#[test]
fn what_is_not_there_is_said_so() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    for (query, code, message) in [
        (
            "replication",
            "ReplicationConfigurationNotFoundError",
            "The replication configuration was not found",
        ),
        ("lifecycle", "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
    ] {
        let target = format!("/photos?{query}");
        let answer = client.get(&target).expect(404, code);
        assert_eq!(answer.element("Message").unwrap(), message);
        assert_eq!(answer.element("BucketName").unwrap(), "photos");
        assert_eq!(client.send("DELETE", &target, &[], b"").status, 204);
    }
}

#[test]
fn some_need_a_digest() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    for (query, missing) in [
        ("replication", "Content-MD5 OR x-amz-checksum-*"),
        ("tagging", "Content-MD5 OR x-amz-checksum-*"),
        ("cors", "Content-MD5 OR x-amz-checksum-*"),
        ("encryption", "Content-MD5 OR x-amz-checksum-*"),
        ("lifecycle", "Content-MD5"),
    ] {
        let answer = client.put(&format!("/photos?{query}"), b"<A/>").expect(400, "InvalidRequest");
        assert_eq!(
            answer.element("Message").unwrap(),
            format!("Missing required header for this request: {missing}")
        );
    }
    // s3cmd sends no digest with those of the first row (s3tools/s3cmd#1304 shows S3's answer).
    for query in [
        "logging",
        "requestPayment",
        "website",
        "versioning",
        "notification",
        "accelerate",
        "abac",
        "metrics&id=a",
    ] {
        client.put(&format!("/photos?{query}"), b"<A/>").expect(400, "MalformedXML");
        client.put(&format!("/photos?{query}"), b"").expect(400, "MissingRequestBodyError");
    }
}

#[test]
fn what_is_not_offered_says_its_name() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    for (method, target, name) in [
        ("POST", "/photos?metadataConfiguration", "CreateBucketMetadataConfiguration"),
        ("GET", "/photos?metadataTable", "GetBucketMetadataTableConfiguration"),
        ("PUT", "/photos?metadataJournalTable", "UpdateBucketMetadataJournalTableConfiguration"),
        ("PUT", "/photos/a?annotation&annotationName=n", "PutObjectAnnotation"),
        ("GET", "/photos/a?annotation&annotationName=n", "GetObjectAnnotation"),
        ("GET", "/photos/a?annotation", "ListObjectAnnotations"),
        ("DELETE", "/photos/a?annotation&annotationName=n", "DeleteObjectAnnotation"),
    ] {
        let answer = client.send(method, target, &[], b"").expect(501, "NotImplemented");
        assert_eq!(answer.element("Message").unwrap(), format!("{name} is not implemented."));
    }
}
