//! What is refused of uploads and their parts, and to whom.

use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use super::Headers;
use super::with;
use super::world;
use crate::client::Client;

#[test]
fn what_an_upload_chooses_of_checksums() {
    let world = world();
    let client = &world.client;
    let create = |headers: Headers<'_>| client.send("POST", "/box/k?uploads", headers, b"");
    for (algorithm, default) in [
        ("CRC32", "COMPOSITE"),
        ("CRC32C", "COMPOSITE"),
        ("SHA1", "COMPOSITE"),
        ("SHA256", "COMPOSITE"),
        ("CRC64NVME", "FULL_OBJECT"),
    ] {
        let answer = create(&[("x-amz-checksum-algorithm", algorithm)]);
        assert_eq!(answer.header("x-amz-checksum-algorithm"), Some(algorithm));
        assert_eq!(answer.header("x-amz-checksum-type"), Some(default));
        assert_eq!(answer.header("x-amz-server-side-encryption"), Some("AES256"));
    }
    assert_eq!(create(&[]).header("x-amz-checksum-type"), None);
    for (headers, message) in [
        (
            &[("x-amz-checksum-algorithm", "TEST")][..],
            "Checksum algorithm provided is unsupported. Please try again with any of the valid \
             types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
        ),
        (
            &[("x-amz-checksum-type", "COMPOSITE")][..],
            "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm \
             header.",
        ),
        (
            &[("x-amz-checksum-algorithm", "CRC64NVME"), ("x-amz-checksum-type", "COMPOSITE")][..],
            "The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.",
        ),
        (
            &[("x-amz-checksum-algorithm", "SHA1"), ("x-amz-checksum-type", "FULL_OBJECT")][..],
            "The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm.",
        ),
    ] {
        let answer = create(headers).expect(400, "InvalidRequest");
        assert_eq!(answer.element("Message").as_deref(), Some(message));
    }
}

#[test]
fn parts_that_are_refused() {
    let world = world();
    let id = world.create("k", &[("x-amz-checksum-algorithm", "SHA256")]);
    for number in ["0", "10001", "a", ""] {
        let target = format!("/box/k?partNumber={number}&uploadId={id}");
        let answer = world.client.put(&target, b"x").expect(400, "InvalidArgument");
        let message = "Part number must be an integer between 1 and 10000, inclusive";
        assert_eq!(answer.element("Message").as_deref(), Some(message));
        assert_eq!(answer.element("ArgumentValue").as_deref(), Some(number));
    }
    for version in ["", "abc", "null"] {
        let target = format!("/box/k?partNumber=1&uploadId={id}&versionId={version}");
        let answer = world.client.put(&target, b"x").expect(400, "InvalidArgument");
        let message = "This operation does not accept a version-id.";
        assert_eq!(answer.element("Message").as_deref(), Some(message));
        assert_eq!(answer.element("ArgumentValue").as_deref(), Some(version));
    }
    for (key, id) in [("k", "none"), ("other", &id)] {
        let answer = world.part(key, id, 1, &[], b"x").expect(404, "NoSuchUpload");
        assert_eq!(answer.element("UploadId").as_deref(), Some(id));
    }
    let other = world.part("k", &id, 1, &[("x-amz-checksum-crc32", "lVk/nw==")], b"test-checksum");
    let message = "Checksum Type mismatch occurred, expected checksum Type: sha256, actual checksum \
                   Type: crc32";
    assert_eq!(other.expect(400, "InvalidRequest").element("Message").as_deref(), Some(message));
    let wrong = [("x-amz-checksum-sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")];
    world.part("k", &id, 1, &wrong, b"x").expect(400, "BadDigest");
    // The MD5 is shown in base64, unlike that of a whole object.
    let other = world.create("k", &[]);
    let headers = [("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")];
    let answer = world.part("k", &other, 1, &headers, b"x").expect(400, "BadDigest");
    assert_eq!(answer.element("ExpectedDigest").as_deref(), Some("1B2M2Y8AsgTpgAmY7PhCfg=="));
    assert!(!world.client.get(&format!("/box/k?uploadId={id}")).text().contains("<Part>"));
}

#[test]
fn completions_that_are_refused() {
    let world = world();
    let id = world.create("k", &[]);
    let check = |headers: Headers<'_>, parts: &str, code: &str| {
        world
            .complete("k", &id, headers, parts)
            .expect(if code == "InternalError" { 500 } else { 400 }, code)
    };
    check(&[], "", "MalformedXML");
    let empty = || world.client.send("POST", &format!("/box/k?uploadId={id}"), &[], b"");
    empty().expect(400, "MalformedXML");
    let first = world.put("k", &id, 1, &[], b"first");
    let second = world.put("k", &id, 2, &[], b"second");
    let none = check(&[], "", "InvalidRequest");
    assert_eq!(none.element("Message").as_deref(), Some("You must specify at least one part"));
    empty().expect(400, "InvalidRequest");
    check(&[], "<Part><PartNumber>1</PartNumber></Part>", "MalformedXML");
    check(&[], "<Part><PartNumber>0</PartNumber><ETag>a</ETag></Part>", "InvalidArgument");
    let order = check(&[], &format!("{second}{first}"), "InvalidPartOrder");
    assert_eq!(order.element("UploadId").as_ref(), Some(&id));
    check(&[], &format!("{first}{first}"), "InvalidPartOrder");
    let part =
        check(&[], "<Part><PartNumber>3</PartNumber><ETag>\"a\"</ETag></Part>", "InvalidPart");
    let elements = format!(
        "</Message><UploadId>{id}</UploadId><PartNumber>3</PartNumber><ETag>a</ETag><RequestId>"
    );
    assert!(part.text().contains(&elements), "{}", part.text());
    check(&[], &with(&first, "ChecksumCRC32", "AAAAAA=="), "InvalidPart");
    let small = check(&[], &format!("{first}{second}"), "EntityTooSmall");
    let elements = "<ProposedSize>5</ProposedSize><MinSizeAllowed>5242880</MinSizeAllowed>\
                    <PartNumber>1</PartNumber><ETag>8b04d5e3775d298e78455efc5ca404d5</ETag>";
    assert!(small.text().contains(elements), "{}", small.text());
    let mode = check(&[("x-amz-checksum-type", "COMPOSITE")], &first, "InvalidRequest");
    let message = "The upload was created using the null checksum mode. The complete request must \
                   use the same checksum mode.";
    assert_eq!(mode.element("Message").as_deref(), Some(message));
    let size = check(&[("x-amz-mp-object-size", "4")], &first, "InvalidRequest");
    let message =
        "The provided 'x-amz-mp-object-size' header value 4 does not match what was computed: 5";
    assert_eq!(size.element("Message").as_deref(), Some(message));
    let newer = check(&[("x-amz-checksum-xxhash3", "LQaABTjTlMI=")], &first, "InvalidRequest");
    let message = "Checksum Type mismatch occurred, expected checksum Type: null, actual checksum \
                   Type: xxhash3";
    assert_eq!(newer.element("Message").as_deref(), Some(message));
    // Nothing of that has ended the upload, and the number of the only part need not be 1.
    let done = world.complete("k", &id, &[("x-amz-mp-object-size", "6")], &second);
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!(world.client.get("/box/k").text(), "second");
}

#[test]
fn completions_of_composite_checksums_name_each() {
    let world = world();
    let id = world.create("k", &[("x-amz-checksum-algorithm", "SHA256")]);
    let value = "1YQo81vx2VFUl0q5ccWISq8AkSBQQ0WO80S82TmfdIQ=";
    let sent = [("x-amz-checksum-sha256", value)];
    world.part("k", &id, 1, &[], b"x").expect(400, "InvalidRequest");
    let part = world.put("k", &id, 1, &sent, b"test-checksum");
    let third = world.put("k", &id, 3, &sent, b"test-checksum");
    let missing = world.complete("k", &id, &[], &part).expect(400, "InvalidRequest");
    let message = "The upload was created using a sha256 checksum. The complete request must include \
                   the checksum for each part. It was missing for part 1 in the request.";
    assert_eq!(missing.element("Message").as_deref(), Some(message));
    let other = with(&part, "ChecksumSHA256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    world.complete("k", &id, &[], &other).expect(400, "InvalidPart");
    let crc32 = with(&part, "ChecksumCRC32", "lVk/nw==");
    let crc32 = world.complete("k", &id, &[], &crc32).expect(400, "BadDigest");
    let message = "The crc32 you specified for part 1 did not match what we received.";
    assert_eq!(crc32.element("Message").as_deref(), Some(message));
    let [first, third] = [part, third].map(|part| with(&part, "ChecksumSHA256", value));
    world.complete("k", &id, &[], &format!("{first}{third}")).expect(500, "InternalError");
    let headers = [("x-amz-checksum-type", "FULL_OBJECT")];
    let mode = world.complete("k", &id, &headers, &first).expect(400, "InvalidRequest");
    let message = "The upload was created using the COMPOSITE checksum mode. The complete request \
                   must use the same checksum mode.";
    assert_eq!(mode.element("Message").as_deref(), Some(message));
    let listed = world.client.get(&format!("/box/k?uploadId={id}")).text();
    let checksum = format!("<ChecksumSHA256>{value}</ChecksumSHA256>");
    assert!(
        listed.contains("<ChecksumAlgorithm>SHA256</ChecksumAlgorithm><ChecksumType>COMPOSITE")
    );
    assert!(listed.contains(&checksum), "{listed}");
    assert_eq!(world.complete("k", &id, &[], &first).status, 200);
}

#[test]
fn who_may_do_what_with_an_upload() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("writer").account("000000000002"))
        .user(User::new("stranger").account("000000000003"))
        .bucket(Bucket::new("box").before_2023(true))
        .start()
        .unwrap();
    let (owner, writer) = (Client::owner(&s3), Client::user(&s3, "writer"));
    let stranger = Client::user(&s3, "stranger");
    let public = owner.send("PUT", "/box?acl", &[("x-amz-acl", "public-read-write")], b"");
    assert_eq!(public.status, 200);
    let nobody = Client::anonymous(&s3);
    let answer = nobody.send("POST", "/box/k?uploads", &[], b"").expect(403, "AccessDenied");
    let message = "Anonymous users cannot initiate multipart uploads. Please authenticate.";
    assert_eq!(answer.element("Message").as_deref(), Some(message));
    let created = writer.send("POST", "/box/k?uploads", &[], b"");
    let target = format!("/box/k?uploadId={}", created.element("UploadId").unwrap());
    // Whoever may write may write parts, and whoever may list may list uploads.
    for client in [&nobody, &stranger] {
        assert_eq!(client.put(&format!("{target}&partNumber=1"), b"1").status, 200);
        assert_eq!(client.get("/box?uploads").status, 200);
        client.get(&target).expect(403, "AccessDenied");
        client.send("DELETE", &target, &[], b"").expect(403, "AccessDenied");
        client.get("/box/k?uploadId=none").expect(403, "AccessDenied");
    }
    assert_eq!(writer.get(&target).status, 200);
    assert_eq!(owner.get(&target).status, 200);
    assert_eq!(writer.send("DELETE", &target, &[], b"").status, 204);
}
