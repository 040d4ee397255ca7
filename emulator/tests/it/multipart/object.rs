//! Uploads that become objects, and what is read of these.

use std::io::Write;

use stuntbucket::Bucket;
use stuntbucket_signer::Payload;

use super::ENABLED;
use super::Headers;
use super::MIB_5;
use super::with;
use super::world;
use super::world_with;
use crate::client::read;

#[test]
fn an_object_in_parts_is_read_as_one_and_by_part() {
    let world = world();
    let id = world.create(
        "k",
        &[
            ("x-amz-checksum-algorithm", "CRC32"),
            ("content-type", "text/plain"),
            ("x-amz-meta-a", "1"),
            ("x-amz-tagging", "t=1"),
        ],
    );
    let mut document = String::new();
    let values = ["JRTCyQ==", "QoZTGg==", "YAgjqw=="];
    for ((number, letter), value) in (1..).zip(*b"ABC").zip(values) {
        let headers = [("x-amz-checksum-crc32", value)];
        let body = vec![letter; MIB_5];
        let part = world.put("k", &id, number, &headers, &body);
        document.push_str(&with(&part, "ChecksumCRC32", value));
    }
    assert_eq!(world.client.get("/box/k").status, 404);
    let done = world.complete("k", &id, &[], &document);
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(done.element("ChecksumCRC32").as_deref(), Some("Z+ry2Q==-3"));
    assert_eq!(done.element("ChecksumType").as_deref(), Some("COMPOSITE"));
    let etag = "b2add96cc9702bbf4efb0ccdfc6b7747-3";
    assert_eq!(done.element("ETag"), Some(format!("&quot;{etag}&quot;")));
    let location = format!("http://{}/box/k", world.client.authority);
    assert_eq!(done.element("Location"), Some(location));

    let whole = world.client.send("GET", "/box/k", ENABLED, b"");
    assert!(whole.body == [[b'A'; MIB_5], [b'B'; MIB_5], [b'C'; MIB_5]].concat());
    assert_eq!(whole.header("etag"), Some(&*format!("\"{etag}\"")));
    assert_eq!(whole.header("x-amz-checksum-crc32"), Some("Z+ry2Q==-3"));
    assert_eq!(whole.header("x-amz-checksum-type"), Some("COMPOSITE"));
    assert_eq!(whole.header("content-type"), Some("text/plain"));
    assert_eq!(whole.header("x-amz-meta-a"), Some("1"));
    assert_eq!(whole.header("x-amz-tagging-count"), Some("1"));
    assert_eq!(whole.header("x-amz-mp-parts-count"), None);

    for method in ["GET", "HEAD"] {
        let second = world.client.send(method, "/box/k?partNumber=2", ENABLED, b"");
        assert_eq!(second.status, 206);
        assert_eq!(second.header("content-range"), Some("bytes 5242880-10485759/15728640"));
        assert_eq!(second.header("content-length"), Some("5242880"));
        assert_eq!(second.header("x-amz-mp-parts-count"), Some("3"));
        assert_eq!(second.header("x-amz-checksum-crc32"), Some("QoZTGg=="));
        assert!(method == "HEAD" || second.body == [b'B'; MIB_5]);
    }
    let none = world.client.get("/box/k?partNumber=4").expect(416, "InvalidPartNumber");
    assert_eq!(none.element("ActualPartCount").as_deref(), Some("3"));
    let range = world.client.send("GET", "/box/k", &[("range", "bytes=5242878-5242881")], b"");
    assert_eq!((range.status, range.text().as_str()), (206, "AABB"));

    let list = world.client.get("/box").text();
    assert!(list.contains("<ChecksumAlgorithm>CRC32</ChecksumAlgorithm>"));
    assert!(list.contains("<ChecksumType>COMPOSITE</ChecksumType>"), "{list}");

    let attributes = world.attributes("k", &[("x-amz-max-parts", "1")]);
    assert_eq!(attributes.element("ETag").as_deref(), Some(etag));
    let text = attributes.text();
    for expected in [
        "<Checksum><ChecksumCRC32>Z+ry2Q==</ChecksumCRC32><ChecksumType>COMPOSITE</ChecksumType>",
        "<PartsCount>3</PartsCount><PartNumberMarker>0</PartNumberMarker>",
        "<NextPartNumberMarker>1</NextPartNumberMarker><MaxParts>1</MaxParts>",
        "<IsTruncated>true</IsTruncated><Part><PartNumber>1</PartNumber><Size>5242880</Size>",
        "<ObjectSize>15728640</ObjectSize>",
    ] {
        assert!(text.contains(expected), "{expected} is not in {text}");
    }
    let beyond = world.attributes("k", &[("x-amz-part-number-marker", "7")]).text();
    assert!(beyond.contains("<NextPartNumberMarker>0</NextPartNumberMarker>"), "{beyond}");
    assert!(!beyond.contains("<Part>"), "{beyond}");

    // The same request again is answered in the same way, while the object is there.
    assert_eq!(world.complete("k", &id, &[], &document).text(), done.text());
    world.abort("k", &id).expect(404, "NoSuchUpload");
    world.s3.put_object("box", "k", "other").unwrap();
    world.complete("k", &id, &[], &document).expect(404, "NoSuchUpload");
}

#[test]
fn a_full_checksum_is_made_of_those_of_the_parts() {
    let world = world();
    for (headers, sent, name, full) in [
        (&[][..], "x-amz-checksum-crc64nvme", "ChecksumCRC64NVME", "i+6LR0y3eFo="),
        (
            &[("x-amz-checksum-algorithm", "CRC32"), ("x-amz-checksum-type", "FULL_OBJECT")][..],
            "x-amz-checksum-crc32",
            "ChecksumCRC32",
            "WgDhBQ==",
        ),
    ] {
        let id = world.create("k", headers);
        let computed = world.part("k", &id, 1, &[], b"");
        assert_eq!(computed.header("x-amz-checksum-crc64nvme"), None);
        assert_eq!(computed.header("x-amz-checksum-crc32").is_some(), !headers.is_empty());
        let mut document = String::new();
        for (number, letter) in (1..).zip(*b"ABC") {
            document.push_str(&world.put("k", &id, number, &[], &vec![letter; MIB_5]));
        }
        if !headers.is_empty() {
            let wrong = world.complete("k", &id, &[(sent, "AAAAAA==")], &document);
            let wrong = wrong.expect(400, "BadDigest");
            let message = "The crc32 you specified did not match the calculated checksum.";
            assert_eq!(wrong.element("Message").as_deref(), Some(message));
        }
        let done = world.complete("k", &id, &[(sent, full)], &document);
        assert_eq!(done.element(name).as_deref(), Some(full), "{}", done.text());
        assert_eq!(done.element("ChecksumType").as_deref(), Some("FULL_OBJECT"));
        let head = world.client.send("HEAD", "/box/k", ENABLED, b"");
        assert_eq!(head.header(sent), Some(full));
        let part = world.client.send("HEAD", "/box/k?partNumber=1", ENABLED, b"");
        assert_eq!((part.status, part.header(sent)), (206, None));
        let attributes = world.attributes("k", &[]).text();
        assert!(attributes.contains("<ObjectParts><PartsCount>3</PartsCount></ObjectParts>"));
    }
}

#[test]
fn conditions_of_a_completion() {
    let world = world();
    let absent: Headers<'_> = &[("if-none-match", "*")];
    let begin = |key: &str| {
        let id = world.create(key, &[]);
        let part = world.put(key, &id, 1, &[], b"1");
        (id, part)
    };
    // `If-None-Match`: a key that came, and one that went, while the upload was open.
    let (id, part) = begin("came");
    world.client.put("/box/came", b"x");
    let answer = world.complete("came", &id, absent, &part).expect(412, "PreconditionFailed");
    assert_eq!(answer.element("Condition").as_deref(), Some("If-None-Match"));
    world.client.put("/box/went", b"x");
    let (id, part) = begin("went");
    world.client.send("DELETE", "/box/went", &[], b"");
    let conflict = "ConditionalRequestConflict";
    let answer = world.complete("went", &id, absent, &part).expect(409, conflict);
    assert!(answer.text().contains("<Condition>If-None-Match</Condition><Key>went</Key>"));
    let (id, part) = begin("went");
    assert_eq!(world.complete("went", &id, absent, &part).status, 200);

    // `If-Match`: with the very same content, too, the object is another one.
    let etag = world.client.put("/box/k", b"x").header("etag").unwrap().to_owned();
    let matches: Headers<'_> = &[("if-match", &etag)];
    let (id, part) = begin("k");
    world.client.put("/box/k", b"x");
    world.complete("k", &id, matches, &part).expect(409, conflict);
    world.client.put("/box/k", b"y");
    world.complete("k", &id, matches, &part).expect(412, "PreconditionFailed");
    world.client.send("DELETE", "/box/k", &[], b"");
    world.complete("k", &id, matches, &part).expect(404, "NoSuchKey");
    world.client.put("/box/k", b"x");
    world.complete("k", &id, matches, &part).expect(409, conflict);
    let (id, part) = begin("k");
    assert_eq!(world.complete("k", &id, matches, &part).status, 200);
    let (id, part) = begin("k");
    for star in ["*", "\"*\""] {
        world.complete("k", &id, &[("if-match", star)], &part).expect(501, "NotImplemented");
    }
}

#[test]
fn a_part_can_be_a_copy() {
    let world = world();
    world.s3.put_object("box", "source", "0123456789").unwrap();
    let id = world.create("k", &[("x-amz-checksum-algorithm", "CRC32")]);
    let copy = |headers: Headers<'_>| world.part("k", &id, 1, headers, b"");
    let source = ("x-amz-copy-source", "box/source");
    let whole = copy(&[source]);
    assert_eq!(whole.status, 200, "{}", whole.text());
    assert!(whole.text().contains("<ETag>\"781e5e245d69b566979b86e28d23f2c7\"</ETag>"));
    assert!(whole.element("ChecksumCRC32").is_some());
    let part = copy(&[source, ("x-amz-copy-source-range", "bytes=2-4")]);
    let etag = part.element("ETag").unwrap();
    let checksum = part.element("ChecksumCRC32").unwrap();
    copy(&[source, ("x-amz-copy-source-range", "bytes=0-10")]).expect(400, "InvalidArgument");
    copy(&[source, ("x-amz-copy-source-range", "bytes=10-11")]).expect(400, "InvalidRequest");
    copy(&[source, ("x-amz-copy-source-if-match", "\"other\"")]).expect(412, "PreconditionFailed");
    copy(&[("x-amz-copy-source", "box/none")]).expect(404, "NoSuchKey");
    copy(&[("x-amz-copy-source", "none/k")]).expect(404, "NoSuchBucket");
    let document = format!(
        "<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumCRC32>{checksum}\
         </ChecksumCRC32></Part>"
    );
    assert_eq!(world.complete("k", &id, &[], &document).status, 200);
    assert_eq!(world.client.get("/box/k").text(), "234");
}

#[test]
fn a_part_can_come_in_chunks_with_its_checksum_behind() {
    let world = world();
    let id = world.create("k", &[("x-amz-checksum-algorithm", "CRC32")]);
    let target = format!("/box/k?partNumber=1&uploadId={id}");
    let send = |value: &str| {
        let body = format!("d\r\ntest-checksum\r\n0\r\nx-amz-checksum-crc32:{value}\r\n\r\n");
        let length = body.len().to_string();
        let headers = [
            ("content-length", length.as_str()),
            ("content-encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "13"),
            ("x-amz-trailer", "x-amz-checksum-crc32"),
        ];
        let payload = Payload::UnsignedChunksWithTrailer;
        let mut stream = world.client.connect();
        stream.write_all(&world.client.head("PUT", &target, &headers, &payload)).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        read(&mut stream, "PUT").unwrap()
    };
    send("AAAAAA==").expect(400, "BadDigest");
    let part = send("lVk/nw==");
    assert_eq!((part.status, part.header("x-amz-checksum-crc32")), (200, Some("lVk/nw==")));
    let etag = part.header("etag").unwrap();
    let document = format!(
        "<Part><PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumCRC32>lVk/nw==\
         </ChecksumCRC32></Part>"
    );
    assert_eq!(world.complete("k", &id, &[], &document).status, 200);
    assert_eq!(world.client.get("/box/k").text(), "test-checksum");
}

#[test]
fn a_completed_upload_is_a_version() {
    let world = world_with(Bucket::new("box").versioning(true));
    let old = world.client.put("/box/k", b"old");
    let id = world.create("k", &[]);
    let part = world.put("k", &id, 1, &[], b"new");
    let done = world.complete("k", &id, &[], &part);
    let version = done.header("x-amz-version-id").unwrap().to_owned();
    let again = world.complete("k", &id, &[], &part);
    assert_eq!(again.header("x-amz-version-id"), Some(&*version), "{}", again.text());
    assert_eq!(world.client.get("/box/k").text(), "new");
    let old = old.header("x-amz-version-id").unwrap();
    assert_eq!(world.client.get(&format!("/box/k?versionId={old}")).text(), "old");
    let names = [("x-amz-object-attributes", "ObjectSize")];
    let target = format!("/box/k?attributes&versionId={version}");
    let told = world.client.send("GET", &target, &names, b"");
    assert!(told.text().contains("<ObjectSize>3</ObjectSize>"), "{}", told.text());
    assert_eq!(told.header("x-amz-version-id"), Some(&*version));
    // A part of an older version is found as well.
    world.client.put("/box/k", b"newest");
    let target = format!("/box/k?partNumber=1&versionId={version}");
    let part = world.client.send("HEAD", &target, &[], b"");
    assert_eq!((part.status, part.header("x-amz-mp-parts-count")), (206, Some("1")));
}

#[test]
fn an_upload_is_locked_as_its_bucket_is_when_it_is_completed() {
    let world = world_with(Bucket::new("box").object_lock(true));
    let hold = [("x-amz-object-lock-legal-hold", "ON")];
    let id = world.create("k", &hold);
    let part = world.put("k", &id, 1, &[], b"x");
    let done = world.complete("k", &id, &[], &part);
    let version = done.header("x-amz-version-id").unwrap();
    let head = world.client.send("HEAD", "/box/k", &[], b"");
    assert_eq!(head.header("x-amz-object-lock-legal-hold"), Some("ON"));
    let target = format!("/box/k?versionId={version}");
    world.client.send("DELETE", &target, &[], b"").expect(403, "AccessDenied");
}
