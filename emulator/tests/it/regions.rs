//! Regions: what each kind of endpoint says to a scope of another region, and to a bucket that
//! lives elsewhere.

use std::io::Write;

use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;
use stuntbucket_signer::Payload;
use stuntbucket_signer::sign::PostPolicy;

use crate::client::Answer;
use crate::client::Client;
use crate::client::read;

/// A bucket a region, each with an object `k`.
const BUCKETS: [(&str, &str); 5] = [
    ("virginia", "us-east-1"),
    ("ohio", "us-east-2"),
    ("ireland", "eu-west-1"),
    ("frankfurt", "eu-central-1"),
    ("bahrain", "me-south-1"),
];

fn emulator() -> Stuntbucket {
    let builder = BUCKETS.iter().fold(Stuntbucket::builder(), |builder, (name, region)| {
        builder.bucket(Bucket::new(*name).region(*region))
    });
    let s3 = builder.domain("s3.test").start().unwrap();
    for (name, _) in BUCKETS {
        s3.put_object(name, "k", "x").unwrap();
    }
    s3
}

/// Sends a request to the emulator that was meant for this host, signed for this region.
fn ask(s3: &Stuntbucket, scope: &str, method: &str, host: &str, target: &str) -> Answer {
    let signer = Client::at(host, Some(s3.credentials()), scope, s3.clock().now());
    send(s3, method, &signer.head(method, target, &[], &Payload::of(b"")))
}

fn send(s3: &Stuntbucket, method: &str, head: &[u8]) -> Answer {
    let mut stream = Client::owner(s3).connect();
    stream.write_all(head).unwrap();
    read(&mut stream, method).unwrap()
}

/// Host and target of a bucket's object, in both styles, under an endpoint.
fn both_styles(endpoint: &str, bucket: &str) -> Vec<(String, String)> {
    let path = (endpoint.to_owned(), format!("/{bucket}/k"));
    if endpoint.starts_with("127.") {
        return vec![path];
    }
    vec![path, (format!("{bucket}.{endpoint}"), "/k".to_owned())]
}

/// Whether the answer is the object, or the region that the scope should have named.
#[track_caller]
fn check_scope(answer: &Answer, at: &str, scope: &str, expected: &str) {
    if scope == expected {
        assert_eq!(answer.text(), "x", "{at}");
        return;
    }
    let message = format!(
        "The authorization header is malformed; the region '{scope}' is wrong; expecting \
         '{expected}'"
    );
    assert_eq!(answer.status, 400, "{at}: {}", answer.text());
    assert_eq!(answer.element("Code").unwrap(), "AuthorizationHeaderMalformed", "{at}");
    assert_eq!(answer.element("Message").unwrap(), message, "{at}");
    assert_eq!(answer.element("Region").unwrap(), expected, "{at}");
    assert_eq!(answer.header("x-amz-bucket-region"), Some(expected), "{at}");
}

#[test]
fn a_name_without_a_region_stands_for_the_buckets_own() {
    let s3 = emulator();
    for endpoint in ["127.0.0.1:9000", "localhost", "s3.localhost", "s3.test"] {
        for (bucket, region) in BUCKETS {
            for (host, target) in both_styles(endpoint, bucket) {
                for scope in ["us-east-1", "eu-west-1", "me-south-1", region] {
                    let answer = ask(&s3, scope, "GET", &host, &target);
                    check_scope(&answer, &format!("{host}{target}"), scope, region);
                }
            }
        }
        // Where no bucket is named, or it is missing, it stands for the emulator's region.
        let answer =
            ask(&s3, "eu-west-1", "GET", endpoint, "/").expect(400, "AuthorizationHeaderMalformed");
        assert_eq!(answer.element("Region").unwrap(), "us-east-1");
        ask(&s3, "us-east-1", "GET", endpoint, "/missing/k").expect(404, "NoSuchBucket");
    }
}

#[test]
fn a_name_with_a_region_wants_that_region_in_the_scope() {
    let s3 = emulator();
    for (bucket, region) in BUCKETS {
        for endpoint in [
            format!("s3.{region}.amazonaws.com"),
            format!("s3-{region}.amazonaws.com"),
            format!("s3.dualstack.{region}.amazonaws.com"),
            format!("s3-fips.{region}.amazonaws.com"),
            format!("s3.{region}.localhost"),
            format!("s3.{region}.s3.test"),
        ] {
            for (host, target) in both_styles(&endpoint, bucket) {
                for scope in ["us-west-2", region] {
                    let answer = ask(&s3, scope, "GET", &host, &target);
                    check_scope(&answer, &format!("{host}{target}"), scope, region);
                }
            }
        }
    }
    for endpoint in ["s3.amazonaws.com", "s3-external-1.amazonaws.com"] {
        for (host, target) in both_styles(endpoint, "virginia") {
            for scope in ["eu-west-1", "us-east-1"] {
                let answer = ask(&s3, scope, "GET", &host, &target);
                check_scope(&answer, &format!("{host}{target}"), scope, "us-east-1");
            }
        }
    }
}

#[test]
fn links_and_forms_have_their_own_words_for_it() {
    let s3 = emulator();
    let signer = Client::at(
        &Client::owner(&s3).authority,
        Some(s3.credentials()),
        "us-west-2",
        s3.clock().now(),
    );
    let link = signer.presign("GET", "/ireland/k", 60);
    let answer = Client::anonymous(&s3).get(&link);
    let answer = answer.expect(400, "AuthorizationQueryParametersError");
    assert_eq!(
        answer.element("Message").unwrap(),
        "Error parsing the X-Amz-Credential parameter; the region 'us-west-2' is wrong; expecting \
         'eu-west-1'"
    );
    assert_eq!(answer.element("Region").unwrap(), "eu-west-1");
    assert_eq!(answer.header("x-amz-bucket-region"), None);

    let policy = PostPolicy::new("ireland", s3.clock().now().plus_seconds(60)).key("k");
    let fields = policy.sign(&s3.credentials(), "us-west-2", s3.clock().now()).fields;
    let answer = crate::form::post_to(&s3, "/ireland", &fields, "k", b"x");
    let answer = answer.expect(400, "InvalidArgument");
    assert_eq!(
        answer.element("Message").unwrap(),
        "the region 'us-west-2' is wrong; expecting 'eu-west-1'"
    );
    assert_eq!(answer.element("Region").unwrap(), "eu-west-1");
    assert_eq!(answer.header("x-amz-bucket-region"), None);
}

/// The bucket is elsewhere: whatever the scope, the answer says where.
#[track_caller]
fn check_elsewhere(
    s3: &Stuntbucket,
    host: &str,
    target: &str,
    expected: (u16, &str, Option<&str>),
) {
    let bucket_region = |answer: &Answer| answer.header("x-amz-bucket-region").unwrap().to_owned();
    let (status, code, endpoint) = expected;
    let mut regions = Vec::new();
    for scope in ["us-east-1", "us-east-2", "eu-west-1", "me-south-1"] {
        let answer = ask(s3, scope, "GET", host, target);
        assert_eq!(answer.header("location").is_some(), status == 307, "{host}{target}");
        regions.push(bucket_region(&answer));
        let answer = answer.expect(status, code);
        assert_eq!(answer.element("Endpoint").as_deref(), endpoint, "{host}{target}");
        assert_eq!(answer.element("Bucket").is_some(), endpoint.is_some(), "{host}{target}");
        let head = ask(s3, scope, "HEAD", host, target);
        assert_eq!((head.status, head.body.len()), (status, 0), "{host}{target}");
        regions.push(bucket_region(&head));
    }
    let anonymous = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    let answer = send(s3, "GET", anonymous.as_bytes());
    regions.push(bucket_region(&answer));
    answer.expect(status, code);
    assert!(regions.windows(2).all(|pair| pair[0] == pair[1]), "{regions:?}");
}

#[test]
fn a_regional_endpoint_sends_to_the_bucket_without_a_location() {
    let s3 = emulator();
    let moved = "PermanentRedirect";
    for (host, target, endpoint) in [
        ("s3.us-east-2.amazonaws.com", "/ireland/k", "s3-eu-west-1.amazonaws.com"),
        ("ireland.s3.us-east-2.amazonaws.com", "/k", "ireland.s3-eu-west-1.amazonaws.com"),
        ("s3-eu-west-1.amazonaws.com", "/frankfurt/k", "s3.eu-central-1.amazonaws.com"),
        ("ohio.s3.eu-west-1.localhost", "/k", "ohio.s3.us-east-2.amazonaws.com"),
        ("s3.eu-west-1.amazonaws.com", "/virginia/k", "s3.amazonaws.com"),
        // In path style the global endpoint is one of these.
        ("s3.amazonaws.com", "/ireland/k", "s3-eu-west-1.amazonaws.com"),
        ("s3.us-east-1.amazonaws.com", "/ohio", "s3.us-east-2.amazonaws.com"),
    ] {
        check_elsewhere(&s3, host, target, (301, moved, Some(endpoint)));
    }
}

#[test]
fn the_global_host_of_a_bucket_sends_there_for_now() {
    let s3 = emulator();
    for host in ["ireland.s3.amazonaws.com", "ireland.s3.us-east-1.amazonaws.com"] {
        let endpoint = "ireland.s3.eu-west-1.amazonaws.com";
        check_elsewhere(&s3, host, "/k", (307, "TemporaryRedirect", Some(endpoint)));
    }
    let answer =
        ask(&s3, "us-east-1", "GET", "ireland.s3.amazonaws.com", "/a%20b/%C3%A9?versionId=x");
    let location = "https://ireland.s3.eu-west-1.amazonaws.com/a%20b/%C3%A9?versionId=x";
    assert_eq!(answer.header("location"), Some(location));
    let answer = ask(&s3, "us-east-1", "PUT", "ireland.s3.amazonaws.com", "/k");
    answer.expect(307, "TemporaryRedirect");
}

#[test]
fn newer_regions_and_the_others_do_not_know_of_each_other() {
    let s3 = emulator();
    let illegal = "IllegalLocationConstraintException";
    for (host, target, constraint) in [
        ("bahrain.s3.amazonaws.com", "/k", "me-south-1"),
        ("s3.amazonaws.com", "/bahrain/k", "me-south-1"),
        ("bahrain.s3.eu-west-1.amazonaws.com", "/k", "me-south-1"),
        ("s3.me-south-1.amazonaws.com", "/ireland/k", "eu-west-1"),
        ("virginia.s3.me-south-1.amazonaws.com", "/k", "unspecified"),
    ] {
        check_elsewhere(&s3, host, target, (400, illegal, None));
        let answer = ask(&s3, "us-east-1", "GET", host, target);
        let message = format!(
            "The {constraint} location constraint is incompatible for the region specific endpoint \
             this request was sent to."
        );
        assert_eq!(answer.element("Message").unwrap(), message);
    }
}

#[test]
fn head_bucket_tells_the_region_whatever_it_answers() {
    let s3 = emulator();
    for (scope, host, target, status) in [
        ("eu-west-1", "localhost", "/ireland", 200),
        ("us-east-1", "localhost", "/ireland", 400),
        ("eu-west-1", "ireland.s3.eu-west-1.amazonaws.com", "/", 200),
        ("us-east-2", "ireland.s3.us-east-2.amazonaws.com", "/", 301),
        ("us-east-1", "ireland.s3.amazonaws.com", "/", 307),
    ] {
        let answer = ask(&s3, scope, "HEAD", host, target);
        assert_eq!(answer.status, status, "{scope} {host}{target}");
        assert_eq!(answer.header("x-amz-bucket-region"), Some("eu-west-1"), "{host}{target}");
    }
    let anonymous = Client::anonymous(&s3);
    let answer = anonymous.send("HEAD", "/ireland", &[], b"");
    assert_eq!((answer.status, answer.header("x-amz-bucket-region")), (403, Some("eu-west-1")));
    let missing = Client::owner(&s3).send("HEAD", "/missing", &[], b"");
    assert_eq!((missing.status, missing.header("x-amz-bucket-region")), (404, None));
    // Others tell it only where the region is what is wrong.
    let denied = anonymous.get("/ireland/k").expect(403, "AccessDenied");
    assert_eq!(denied.header("x-amz-bucket-region"), None);
}

#[test]
fn a_bucket_is_made_where_endpoint_and_document_agree() {
    let s3 = emulator();
    let create = |scope: &str, host: &str, constraint: &str| {
        let document = format!(
            "<CreateBucketConfiguration><LocationConstraint>{constraint}</LocationConstraint>\
             </CreateBucketConfiguration>"
        );
        let length = document.len().to_string();
        let signer = Client::at(host, Some(s3.credentials()), scope, s3.clock().now());
        let payload = Payload::of(document.as_bytes());
        let mut head = signer.head("PUT", "/fresh", &[("content-length", &length)], &payload);
        head.extend_from_slice(document.as_bytes());
        send(&s3, "PUT", &head)
    };
    let ireland = "s3.eu-west-1.amazonaws.com";
    create("eu-west-1", ireland, "eu-central-1").expect(400, "IllegalLocationConstraintException");
    create("us-east-1", "s3.amazonaws.com", "us-east-1").expect(400, "InvalidLocationConstraint");
    let refused = create("aws-global", "s3.amazonaws.com", "eu-west-1");
    let refused = refused.expect(400, "AuthorizationHeaderMalformed");
    assert_eq!(refused.header("x-amz-bucket-region"), Some("us-east-1"));
    assert_eq!(create("eu-west-1", ireland, "eu-west-1").status, 200, "{}", s3.journal());
    // Elsewhere the region that the client signs for says which endpoint is meant.
    for (constraint, name) in [("us-east-2", "us-east-2"), ("", "unspecified"), ("foo", "foo")] {
        let refused = create("us-west-2", "localhost", constraint);
        let message = refused.expect(400, "IllegalLocationConstraintException").element("Message");
        let start = format!("The {name} location constraint is incompatible");
        assert!(message.unwrap().starts_with(&start), "{constraint}");
    }
    create("nowhere", "localhost", "us-west-2").expect(400, "AuthorizationHeaderMalformed");
    create("us-west-2", "localhost", "eu-west-1").expect(400, "IllegalLocationConstraintException");
    let answer = ask(&s3, "eu-west-1", "GET", "localhost", "/fresh?location");
    assert!(answer.text().contains(">eu-west-1</LocationConstraint>"), "{}", answer.text());
}
