//! DeleteObjects and conditional DELETE, over the wire.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Digest;
use md5::Md5;
use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Answer;
use crate::client::Client;

fn delete(client: &Client, document: &str) -> Answer {
    let md5 = STANDARD.encode(Md5::digest(document));
    client.send("POST", "/box?delete", &[("content-md5", &md5)], document.as_bytes())
}

fn objects(objects: &[&str]) -> String {
    let objects: Vec<_> =
        objects.iter().map(|object| format!("<Object>{object}</Object>")).collect();
    format!("<Delete>{}</Delete>", objects.concat())
}

/// What the answer says, in order.
fn said(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    let (_, rest) = text.split_once("2006-03-01/\">").unwrap();
    rest.strip_suffix("</DeleteResult>").unwrap().to_owned()
}

#[test]
fn each_key_is_told_by_itself_and_in_order() {
    let s3 = Stuntbucket::builder().bucket("box").start().unwrap();
    for key in ["a", "b", "c", "d", "e&f"] {
        s3.put_object("box", key, key).unwrap();
    }
    let client = Client::owner(&s3);
    let etag = client.get("/box/d").header("etag").unwrap().to_owned();
    let answer = delete(
        &client,
        &objects(&[
            "<Key>e&amp;f</Key>",
            "<Key>absent</Key>",
            "<Key>a</Key><VersionId>null</VersionId>",
            "<Key>b</Key><VersionId>other</VersionId>",
            "<Key>c</Key><ETag>\"other\"</ETag>",
            &format!("<Key>d</Key><ETag>{etag}</ETag>"),
            "<Key>none</Key><ETag>\"other\"</ETag>",
        ]),
    );
    assert_eq!(
        said(&answer),
        "<Deleted><Key>e&amp;f</Key></Deleted><Deleted><Key>absent</Key></Deleted>\
         <Deleted><Key>a</Key><VersionId>null</VersionId></Deleted>\
         <Error><Key>b</Key><VersionId>other</VersionId><Code>NoSuchVersion</Code>\
         <Message>The specified version does not exist.</Message></Error>\
         <Error><Key>c</Key><Code>PreconditionFailed</Code><Message>At least one of the \
         pre-conditions you specified did not hold</Message></Error>\
         <Deleted><Key>d</Key></Deleted>\
         <Error><Key>none</Key><Code>NoSuchKey</Code><Message>The specified key does not \
         exist.</Message></Error>"
    );
    assert_eq!(s3.objects("box").unwrap(), ["b", "c"]);
    let quiet = "<Delete><Quiet>true</Quiet><Object><Key>c</Key></Object></Delete>";
    assert_eq!(said(&delete(&client, quiet)), "");
    assert_eq!(s3.objects("box").unwrap(), ["b"]);
}

#[test]
fn documents_that_are_refused_delete_nothing() {
    let s3 = Stuntbucket::builder().bucket("box").start().unwrap();
    s3.put_object("box", "a", "a").unwrap();
    let client = Client::owner(&s3);
    let one = objects(&["<Key>a</Key>"]);
    let bare =
        client.send("POST", "/box?delete", &[], one.as_bytes()).expect(400, "InvalidRequest");
    let message = "Missing required header for this request: Content-MD5 OR x-amz-checksum-*";
    assert_eq!(bare.element("Message").as_deref(), Some(message));
    delete(&client, &objects(&["<Key>a</Key>"; 1001])).expect(400, "MalformedXML");
    delete(&client, &objects(&[])).expect(400, "MalformedXML");
    delete(&client, "no xml").expect(400, "MalformedXML");
    // The store could not even keep the longest of them.
    for (key, bytes) in [("k".repeat(1025), "1025"), ("k".repeat(1_000_000), "1000000")] {
        let long = delete(&client, &objects(&["<Key>a</Key>", &format!("<Key>{key}</Key>")]));
        let long = long.expect(400, "KeyTooLongError");
        assert_eq!(long.element("Size").as_deref(), Some(bytes));
        assert_eq!(long.element("MaxSizeAllowed").as_deref(), Some("1024"));
    }
    client
        .send("POST", "/none?delete", &[("content-md5", "x")], one.as_bytes())
        .expect(400, "InvalidDigest");
    client.send("POST", "/none?delete", &[], one.as_bytes()).expect(404, "NoSuchBucket");
    assert_eq!(s3.objects("box").unwrap(), ["a"]);
    // What is named more than once is told once.
    let often = said(&delete(&client, &objects(&["<Key>a</Key>"; 1000])));
    assert_eq!(often, "<Deleted><Key>a</Key></Deleted>");
    assert_eq!(s3.objects("box").unwrap().len(), 0);
    let keys: Vec<_> = (0..1000).map(|number| format!("<Key>{number:01024}</Key>")).collect();
    let keys: Vec<_> = keys.iter().map(String::as_str).collect();
    assert_eq!(said(&delete(&client, &objects(&keys))).matches("<Deleted>").count(), 1000);
}

#[test]
fn a_key_that_may_not_be_deleted_is_told_so() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("writer").account("000000000002"))
        .bucket(Bucket::new("box").before_2023(true))
        .start()
        .unwrap();
    s3.put_object("box", "owners", "a").unwrap();
    let refused = |key: &str| {
        format!(
            "<Error><Key>{key}</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        )
    };
    let writer = Client::user(&s3, "writer");
    for client in [&writer, &Client::anonymous(&s3)] {
        let answer = delete(client, &objects(&["<Key>owners</Key>", "<Key>absent</Key>"]));
        assert_eq!(said(&answer), refused("owners") + &refused("absent"));
    }
    let acl = [("x-amz-acl", "public-read-write")];
    assert_eq!(Client::owner(&s3).send("PUT", "/box?acl", &acl, b"").status, 200);
    assert_eq!(writer.put("/box/own", b"x").status, 200);
    let answer = delete(&writer, &objects(&["<Key>owners</Key>", "<Key>own</Key>"]));
    assert_eq!(said(&answer), refused("owners") + "<Deleted><Key>own</Key></Deleted>");
    assert_eq!(s3.objects("box").unwrap(), ["owners"]);
}

#[test]
fn conditions_of_a_delete() {
    let s3 = Stuntbucket::builder().bucket("box").start().unwrap();
    let client = Client::owner(&s3);
    let remove = |headers: &[(&str, &str)]| client.send("DELETE", "/box/k", headers, b"");
    remove(&[("if-match", "\"x\"")]).expect(404, "NoSuchKey");
    s3.put_object("box", "k", "k").unwrap();
    let other = remove(&[("if-match", "\"x\"")]).expect(412, "PreconditionFailed");
    assert_eq!(other.element("Condition").as_deref(), Some("If-Match"));
    let both = remove(&[("x-amz-if-match-size", "1"), ("x-amz-if-match-last-modified-time", "x")]);
    let both = both.expect(501, "NotImplemented");
    assert_eq!(both.element("Header").as_deref(), Some("x-amz-if-match-last-modified-time"));
    let bypass = remove(&[("x-amz-bypass-governance-retention", "true")]);
    bypass.expect(400, "InvalidArgument");
    let etag = client.get("/box/k").header("etag").unwrap().to_owned();
    assert_eq!(remove(&[("if-match", &etag)]).status, 204);
    assert_eq!(remove(&[]).status, 204);
}

#[test]
fn versions_and_markers_are_told() {
    let s3 = Stuntbucket::builder().bucket(Bucket::new("box").versioning(true)).start().unwrap();
    let client = Client::owner(&s3);
    let put = client.put("/box/k", b"x");
    let version = put.header("x-amz-version-id").unwrap();
    let hidden = said(&delete(&client, &objects(&["<Key>k</Key>", "<Key>k</Key>"])));
    assert_eq!(client.get("/box/k").status, 404);
    let marker = hidden.split("<DeleteMarkerVersionId>").nth(1).unwrap().split('<').next().unwrap();
    assert_eq!(
        hidden,
        format!(
            "<Deleted><Key>k</Key><DeleteMarker>true</DeleteMarker>\
             <DeleteMarkerVersionId>{marker}</DeleteMarkerVersionId></Deleted>"
        )
    );
    let both = objects(&[
        &format!("<Key>k</Key><VersionId>{marker}</VersionId>"),
        &format!("<Key>k</Key><VersionId>{version}</VersionId>"),
        &format!("<Key>k</Key><VersionId>{version}</VersionId>"),
        "<Key>k</Key><VersionId>none of ours</VersionId>",
    ]);
    let gone = format!("<Deleted><Key>k</Key><VersionId>{version}</VersionId></Deleted>");
    assert_eq!(
        said(&delete(&client, &both)),
        format!(
            "<Deleted><Key>k</Key><VersionId>{marker}</VersionId><DeleteMarker>true</DeleteMarker>\
             <DeleteMarkerVersionId>{marker}</DeleteMarkerVersionId></Deleted>{gone}<Error>\
             <Key>k</Key><VersionId>none of ours</VersionId><Code>NoSuchVersion</Code>\
             <Message>The specified version does not exist.</Message></Error>"
        )
    );
    assert!(!client.get("/box?versions").text().contains("<Version>"));
}

#[test]
fn what_is_locked_stays() {
    let s3 = Stuntbucket::builder().bucket(Bucket::new("box").object_lock(true)).start().unwrap();
    let client = Client::owner(&s3);
    let md5 = STANDARD.encode(Md5::digest("x"));
    let held = [("x-amz-object-lock-legal-hold", "ON"), ("content-md5", &*md5)];
    let put = client.send("PUT", "/box/k", &held, b"x");
    let version = put.header("x-amz-version-id").unwrap();
    let entry = format!("<Key>k</Key><VersionId>{version}</VersionId>");
    let told = said(&delete(&client, &objects(&[&entry])));
    assert!(told.contains("<Code>AccessDenied</Code>"), "{told}");
    assert_eq!(client.get(&format!("/box/k?versionId={version}")).status, 200);
}
