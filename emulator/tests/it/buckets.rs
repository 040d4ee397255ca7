//! Buckets as such: names, namespaces, regions, and the list of them.

use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Answer;
use crate::client::Client;

fn names(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    let parts = text.split("<Name>").skip(1);
    parts.map(|part| part.split_once('<').unwrap().0.to_owned()).collect()
}

fn several() -> Stuntbucket {
    Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("stranger").account("000000000002"))
        .bucket("b-one")
        .bucket("b-two")
        .bucket(Bucket::new("far").region("eu-west-1"))
        .bucket(Bucket::new("not-ours").owner("stranger"))
        .start()
        .unwrap()
}

#[test]
fn the_list_has_the_form_of_s3() {
    let s3 = Stuntbucket::builder()
        .bucket("photos")
        .clock(stuntbucket::Clock::stopped_at("2026-01-02T03:04:05Z"))
        .start()
        .unwrap();
    let answer = Client::owner(&s3).get("/");
    let id = s3.users().next().unwrap().canonical_id();
    let expected = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListAllMyBucketsResult \
         xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner><ID>{}</ID></Owner><Buckets>\
         <Bucket><Name>photos</Name><CreationDate>2026-01-02T03:04:05.000Z</CreationDate></Bucket>\
         </Buckets></ListAllMyBucketsResult>",
        id.as_str()
    );
    assert_eq!(answer.text(), expected);
}

#[test]
fn the_list_is_filtered_and_has_pages() {
    let s3 = several();
    let client = Client::owner(&s3);
    assert_eq!(names(&client.get("/")), ["b-one", "b-two", "far"]);
    let first = client.get("/?max-buckets=1");
    assert_eq!(names(&first), ["b-one"]);
    assert_eq!(first.element("BucketRegion").unwrap(), "us-east-1");
    assert_eq!(first.element("BucketArn").unwrap(), "arn:aws:s3:::b-one");
    assert_eq!(first.element("Prefix"), None);
    let token = first.element("ContinuationToken").unwrap();
    let second = client.get(&format!("/?continuation-token={token}&max-buckets=2"));
    assert_eq!(names(&second), ["b-two", "far"]);
    assert_eq!(second.element("ContinuationToken"), None);
    assert_eq!(names(&client.get("/?continuation-token=&max-buckets=1")), ["b-one"]);
    let prefixed = client.get("/?prefix=b-");
    assert_eq!(names(&prefixed), ["b-one", "b-two"]);
    assert_eq!(prefixed.element("Prefix").unwrap(), "b-");
    assert_eq!(names(&client.get("/?bucket-region=eu-west-1")), ["far"]);
    assert_eq!(names(&client.get("/?bucket-region=eu-west-3")), [""; 0]);
}

#[test]
fn a_wrong_page_is_refused() {
    let s3 = several();
    let client = Client::owner(&s3);
    let answer = client.get("/?bucket-region=eu-east-1").expect(400, "InvalidArgument");
    assert_eq!(
        answer.element("Message").unwrap(),
        "Argument value eu-east-1 is not a valid AWS Region"
    );
    assert_eq!(answer.element("ArgumentName").unwrap(), "bucket-region");
    assert_eq!(answer.element("ArgumentValue"), None);
    for query in ["max-buckets=0", "max-buckets=10001", "max-buckets=x", "continuation-token=x"] {
        client.get(&format!("/?{query}")).expect(400, "InvalidArgument");
    }
}

#[test]
fn a_bucket_tells_where_it_is() {
    let s3 = several();
    let answer = Client::owner(&s3).send("HEAD", "/b-one", &[], b"");
    assert_eq!((answer.status, answer.body.len()), (200, 0));
    for (name, value) in [
        ("x-amz-bucket-region", "us-east-1"),
        ("x-amz-bucket-arn", "arn:aws:s3:::b-one"),
        ("x-amz-access-point-alias", "false"),
        ("content-type", "application/xml"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let location = Client::owner(&s3).get("/b-one?location").text();
    assert!(location.ends_with("doc/2006-03-01/\"/>"), "{location}");
}

fn create(client: &Client, name: &str, location: &str) -> Answer {
    let document = format!(
        "<CreateBucketConfiguration><LocationConstraint>{location}</LocationConstraint>\
         </CreateBucketConfiguration>"
    );
    client.put(&format!("/{name}"), document.as_bytes())
}

#[test]
fn the_old_name_of_a_region_is_kept() {
    let s3 = Stuntbucket::builder().region("eu-west-1").start().unwrap();
    let client = Client::owner(&s3);
    assert_eq!(create(&client, "old", "EU").status, 200, "{}", s3.journal());
    assert_eq!(create(&client, "new", "eu-west-1").status, 200, "{}", s3.journal());
    let location = |name: &str| client.get(&format!("/{name}?location")).text();
    assert!(location("old").ends_with(">EU</LocationConstraint>"));
    assert!(location("new").ends_with(">eu-west-1</LocationConstraint>"));
    let head = client.send("HEAD", "/old", &[], b"");
    assert_eq!(head.header("x-amz-bucket-region"), Some("eu-west-1"));
}

#[test]
fn regions_that_are_none_are_refused() {
    let s3 = Stuntbucket::start().unwrap();
    let answer = create(&Client::owner(&s3), "photos", "eu-east-1");
    let answer = answer.expect(400, "InvalidLocationConstraint");
    assert_eq!(answer.element("LocationConstraint").unwrap(), "eu-east-1");
}

#[test]
fn an_account_has_a_namespace_of_its_own() {
    let s3 = Stuntbucket::start().unwrap();
    let client = Client::owner(&s3);
    let header = "x-amz-bucket-namespace";
    let put = |name: &str, namespace: &str| {
        client.send("PUT", &format!("/{name}"), &[(header, namespace)], b"")
    };
    let name = "photos-000000000001-us-east-1-an";
    let missing = client.put(&format!("/{name}"), b"").expect(400, "MissingNamespaceHeader");
    assert_eq!(missing.element("Header").unwrap(), header);
    put(name, "global").expect(400, "InvalidNamespaceHeader");
    let without = put("photos", "account-regional").expect(400, "InvalidNamespaceHeader");
    let message = without.element("Message").unwrap();
    assert!(message.contains(" Specify -000000000001-us-east-1-an as "), "{message}");
    for other in ["photos-000000000002-us-east-1-an", "photos-000000000001-eu-west-1-an"] {
        let foreign = put(other, "account-regional").expect(400, "InvalidBucketNamespace");
        assert_eq!(foreign.element("BucketNamespace").unwrap(), other);
    }
    client.put("/photos-an", b"").expect(400, "InvalidBucketName");
    let odd = put("photos", "mine").expect(400, "InvalidArgument");
    assert_eq!(odd.element("ArgumentName").unwrap(), header);
    assert_eq!(put(name, "account-regional").status, 200, "{}", s3.journal());
    assert_eq!(put("photos", "global").status, 200);
    assert_eq!(client.send("HEAD", &format!("/{name}"), &[], b"").status, 200);
}

#[test]
fn there_are_no_directory_buckets() {
    let s3 = Stuntbucket::builder().bucket("photos").start().unwrap();
    let client = Client::owner(&s3);
    client.put("/photos--use1-az4--x-s3", b"").expect(400, "InvalidBucketName");
    client.get("/photos--use1-az4--x-s3?session").expect(404, "NoSuchBucket");
    // On other buckets S3 ignores it.
    let answer = client.get("/photos?session");
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("<ListBucketResult"), "{}", answer.text());
    for header in ["x-amz-write-offset-bytes", "x-amz-rename-source"] {
        let answer = client.send("PUT", "/photos/a", &[(header, "1")], b"");
        let answer = answer.expect(501, "NotImplemented");
        assert_eq!(answer.element("Header").unwrap(), header);
    }
    let answer = client.put("/photos/a?renameObject", b"").expect(501, "NotImplemented");
    assert_eq!(answer.element("QueryParameter").unwrap(), "renameObject");
}
