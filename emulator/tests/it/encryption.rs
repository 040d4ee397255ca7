//! Keys of S3, of KMS and of clients.

use stuntbucket::Bucket;
use stuntbucket::Relaxation;
use stuntbucket::Stuntbucket;

use crate::client::Answer;
use crate::client::Client;

const METHOD: &str = "x-amz-server-side-encryption";
const KMS_KEY_ID: &str = "x-amz-server-side-encryption-aws-kms-key-id";
const BUCKET_KEY: &str = "x-amz-server-side-encryption-bucket-key-enabled";
const ALGORITHM: (&str, &str) = ("x-amz-server-side-encryption-customer-algorithm", "AES256");
const KEY: (&str, &str) =
    ("x-amz-server-side-encryption-customer-key", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
const MD5: (&str, &str) =
    ("x-amz-server-side-encryption-customer-key-md5", "tP/LI3N87DFaSk0aoqYgzg==");
/// 32 bytes of zero.
const OTHER_KEY: (&str, &str) =
    ("x-amz-server-side-encryption-customer-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
const OTHER_MD5: (&str, &str) =
    ("x-amz-server-side-encryption-customer-key-md5", "cLyPS3KoaSFGi/joRB3OUQ==");

/// An emulator that takes keys of clients over HTTP.
fn emulator() -> (Stuntbucket, Client) {
    let s3 = Stuntbucket::builder()
        .bucket(Bucket::new("photos").sse_c(true))
        .relax(Relaxation::Https)
        .start()
        .unwrap();
    let owner = Client::owner(&s3);
    (s3, owner)
}

fn put(client: &Client, key: &str, headers: &[(&str, &str)]) -> Answer {
    client.send("PUT", &format!("/photos/{key}"), headers, b"abc")
}

#[test]
fn a_key_of_the_client_is_needed_to_read_back() {
    let (s3, owner) = emulator();
    let written = put(&owner, "a", &[ALGORITHM, KEY, MD5]);
    assert_eq!(written.status, 200, "{}", s3.journal());
    assert_eq!(written.header(ALGORITHM.0), Some("AES256"));
    assert_eq!(written.header(MD5.0), Some(MD5.1));
    assert_eq!(written.header(METHOD), None);
    assert_eq!(written.header("x-amz-checksum-crc64nvme"), None);
    // The MD5 of `abc` tells nothing of what is kept.
    assert_ne!(written.header("etag"), Some("\"900150983cd24fb0d6963f7d28e17f72\""));
    let send =
        |method: &str, headers: &[(&str, &str)]| owner.send(method, "/photos/a", headers, b"");
    let got = send("GET", &[ALGORITHM, KEY, MD5]);
    assert_eq!((got.status, got.body.as_slice()), (200, &b"abc"[..]));
    assert_eq!((got.header(MD5.0), got.header(METHOD)), (Some(MD5.1), None));
    assert_eq!(got.header("etag"), written.header("etag"));
    let without = send("GET", &[]).expect(400, "InvalidRequest");
    assert!(without.element("Message").unwrap().starts_with("The object was stored using a form"));
    assert_eq!(send("HEAD", &[]).status, 400);
    let wrong = "must provide the correct secret key.";
    for headers in [&[ALGORITHM, OTHER_KEY, OTHER_MD5][..], &[ALGORITHM, KEY]] {
        let refused = send("GET", headers).expect(403, "AccessDenied");
        assert!(refused.element("Message").unwrap().ends_with(wrong), "{}", refused.text());
    }
    // The key is in no journal, and neither tags nor deleting need it.
    assert!(!s3.journal().to_string().contains(KEY.1));
    assert_eq!(owner.get("/photos/a?tagging").status, 200);
    assert_eq!(send("DELETE", &[]).status, 204);
}

#[test]
fn keys_are_not_for_objects_without_one() {
    let (_s3, owner) = emulator();
    put(&owner, "a", &[]);
    let refused = owner.send("GET", "/photos/a", &[ALGORITHM, KEY, MD5], b"");
    let message = refused.expect(400, "InvalidRequest").element("Message").unwrap();
    assert_eq!(message, "The encryption parameters are not applicable to this object.");
}

/// Recorded by LocalStack: `TestS3SSECEncryption`.
#[test]
fn bad_keys_of_clients_are_refused_in_the_words_of_s3() {
    let (_s3, owner) = emulator();
    for (headers, code, value, message) in [
        (
            &[(METHOD, "AES256"), ALGORITHM, KEY, MD5][..],
            "InvalidArgument",
            "AES256",
            "is incompatible with the encryption method specified",
        ),
        (
            &[(ALGORITHM.0, "AES128"), KEY, MD5],
            "InvalidEncryptionAlgorithmError",
            "AES128",
            "AES256.",
        ),
        (&[KEY, MD5], "InvalidArgument", "null", "must provide a valid encryption algorithm."),
        (&[ALGORITHM, MD5], "InvalidArgument", "null", "must provide an appropriate secret key."),
        (&[ALGORITHM, KEY], "InvalidArgument", "null", "invalid for the specified algorithm."),
        (&[ALGORITHM, KEY, OTHER_MD5], "InvalidArgument", "null", "did not match the hash"),
    ] {
        let refused = put(&owner, "a", headers).expect(400, code);
        assert!(refused.element("Message").unwrap().contains(message), "{}", refused.text());
        assert_eq!(refused.element("ArgumentName").unwrap(), METHOD);
        assert_eq!(refused.element("ArgumentValue").unwrap(), value);
    }
}

#[test]
fn keys_of_clients_come_over_https_and_to_buckets_that_want_them() {
    let headers = [ALGORITHM, KEY, MD5];
    let strict = Stuntbucket::builder().bucket(Bucket::new("photos").sse_c(true)).start().unwrap();
    let refused = put(&Client::owner(&strict), "a", &headers).expect(400, "InvalidRequest");
    assert!(refused.element("Message").unwrap().ends_with("made over a secure connection."));

    let s3 = Stuntbucket::builder().bucket("photos").relax(Relaxation::Https).start().unwrap();
    let owner = Client::owner(&s3);
    put(&owner, "a", &headers).expect(403, "AccessDenied");
    let explanation = s3.journal().entries().pop().unwrap().explanation.unwrap();
    assert!(explanation.contains("BlockedEncryptionTypes"), "{explanation}");
    let rule = |blocked: &str| {
        format!(
            "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
             <SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>\
             <BlockedEncryptionTypes><EncryptionType>{blocked}</EncryptionType>\
             </BlockedEncryptionTypes></Rule></ServerSideEncryptionConfiguration>"
        )
    };
    owner.put_document("/photos?encryption", &rule("NONE"));
    assert_eq!(put(&owner, "a", &headers).status, 200, "{}", s3.journal());
    owner.put_document("/photos?encryption", &rule("SSE-C"));
    put(&owner, "a", &headers).expect(403, "AccessDenied");

    let relaxed = Stuntbucket::builder()
        .bucket("photos")
        .relax(Relaxation::Https)
        .relax(Relaxation::SseC)
        .start()
        .unwrap();
    assert_eq!(put(&Client::owner(&relaxed), "a", &headers).status, 200);
    let waived = relaxed.journal().entries().pop().unwrap().waived;
    assert_eq!(waived.len(), 2, "{waived:?}");
}

#[test]
fn keys_of_kms_are_told_and_hide_the_md5() {
    let (_s3, owner) = emulator();
    let arn = "arn:aws:kms:us-east-1:000000000001:key/1234abcd";
    let headers = [(METHOD, "aws:kms"), (KMS_KEY_ID, "1234abcd"), (BUCKET_KEY, "true")];
    let (one, two) = (put(&owner, "a", &headers), put(&owner, "b", &headers));
    for answer in [&one, &owner.get("/photos/a"), &owner.send("HEAD", "/photos/a", &[], b"")] {
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.header(METHOD), Some("aws:kms"));
        assert_eq!(answer.header(KMS_KEY_ID), Some(arn));
        assert_eq!(answer.header(BUCKET_KEY), Some("true"));
        assert_eq!(answer.header("etag"), one.header("etag"));
    }
    assert_ne!(one.header("etag"), two.header("etag"));
    assert_eq!(one.header("x-amz-checksum-crc64nvme"), None);
    let asked = [(METHOD, "aws:kms"), ("x-amz-checksum-crc32", "NSRBwg==")];
    let with_checksum = put(&owner, "c", &asked);
    assert_eq!(with_checksum.header("x-amz-checksum-crc32"), Some("NSRBwg=="));
    assert_eq!(with_checksum.header(BUCKET_KEY), None);
    let own = with_checksum.header(KMS_KEY_ID).unwrap();
    assert!(own.starts_with("arn:aws:kms:us-east-1:000000000001:key/"), "{own}");
    for (source, told) in [("a", None), ("c", Some("NSRBwg=="))] {
        let source = ("x-amz-copy-source", &*format!("photos/{source}"));
        let copied = owner.send("PUT", "/photos/copy", &[source, (METHOD, "aws:kms")], b"");
        assert_eq!(copied.element("ChecksumCRC32").as_deref(), told, "{}", copied.text());
        assert_eq!(copied.element("ChecksumCRC64NVME"), None);
    }
}

#[test]
fn headers_that_fit_nothing_are_refused() {
    let (_s3, owner) = emulator();
    let refused = put(&owner, "a", &[(METHOD, "aes256")]).expect(400, "InvalidArgument");
    let message = "The encryption method specified is not supported";
    assert_eq!(refused.element("Message").unwrap(), message);
    assert_eq!(refused.element("ArgumentValue").unwrap(), "aes256");
    let refused = put(&owner, "a", &[(KMS_KEY_ID, "k")]).expect(400, "InvalidArgument");
    assert!(
        refused.element("Message").unwrap().ends_with("x-amz-server-side-encryption : aws:kms")
    );
    let context = ("x-amz-server-side-encryption-context", "e30=");
    put(&owner, "a", &[(METHOD, "aws:kms"), context]).expect(501, "NotImplemented");
    put(&owner, "a", &[]);
    for (method, target) in
        [("GET", "/photos/a"), ("GET", "/photos"), ("GET", "/photos?list-type=2")]
    {
        let refused = owner.send(method, target, &[(METHOD, "AES256")], b"");
        let refused = refused.expect(400, "InvalidArgument");
        let message = "x-amz-server-side-encryption header is not supported for this operation.";
        assert_eq!(refused.element("Message").unwrap(), message);
    }
}

#[test]
fn a_bucket_says_what_writes_that_say_nothing_get() {
    let (_s3, owner) = emulator();
    let at = "/photos?encryption";
    let default = "<Rule><BucketKeyEnabled>false</BucketKeyEnabled>\
                   <ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
                   </ApplyServerSideEncryptionByDefault></Rule>";
    assert!(owner.get(at).text().contains(default));
    let document = "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>\
                    <SSEAlgorithm>aws:kms</SSEAlgorithm><KMSMasterKeyID>k</KMSMasterKeyID>\
                    </ApplyServerSideEncryptionByDefault><BucketKeyEnabled>true</BucketKeyEnabled>\
                    </Rule></ServerSideEncryptionConfiguration>";
    assert_eq!(owner.put_document(at, document).status, 200);
    let written = put(&owner, "a", &[]);
    assert_eq!(written.header(METHOD), Some("aws:kms"));
    assert!(written.header(KMS_KEY_ID).unwrap().ends_with(":key/k"));
    assert_eq!(written.header(BUCKET_KEY), Some("true"));
    assert_eq!(put(&owner, "b", &[(METHOD, "AES256")]).header(METHOD), Some("AES256"));
    for _ in 0..2 {
        assert_eq!(owner.send("DELETE", at, &[], b"").status, 204);
    }
    assert!(owner.get(at).text().contains(default));
    assert_eq!(put(&owner, "c", &[]).header(METHOD), Some("AES256"));
    let two = "<ServerSideEncryptionConfiguration/>";
    owner.put_document(at, two).expect(400, "MalformedXML");
}

#[test]
fn parts_come_with_the_key_of_their_upload() {
    let (s3, owner) = emulator();
    let key = [ALGORITHM, KEY, MD5];
    let other = [ALGORITHM, OTHER_KEY, OTHER_MD5];
    let begun = owner.send("POST", "/photos/k?uploads", &key, b"");
    assert_eq!((begun.status, begun.header(MD5.0)), (200, Some(MD5.1)), "{}", s3.journal());
    let id = begun.element("UploadId").unwrap();
    let target = format!("/photos/k?partNumber=1&uploadId={id}");
    let missing = owner.send("PUT", &target, &[], b"abc").expect(400, "InvalidRequest");
    assert!(missing.text().contains("must include the appropriate encryption parameters"));
    let wrong = owner.send("PUT", &target, &other, b"abc").expect(400, "InvalidRequest");
    assert!(wrong.text().contains("did not match the ones used originally"));
    let part = owner.send("PUT", &target, &key, b"abc");
    assert_eq!((part.status, part.header(MD5.0)), (200, Some(MD5.1)), "{}", s3.journal());
    let document = format!(
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{}</ETag></Part>\
         </CompleteMultipartUpload>",
        part.header("etag").unwrap()
    );
    let target = format!("/photos/k?uploadId={id}");
    let done = owner.send("POST", &target, &[], document.as_bytes());
    assert_eq!((done.status, done.element("ChecksumCRC64NVME")), (200, None), "{}", done.text());
    owner.get("/photos/k").expect(400, "InvalidRequest");
    assert_eq!(owner.send("GET", "/photos/k", &key, b"").text(), "abc");

    let open = owner.send("POST", "/photos/open?uploads", &[], b"").element("UploadId").unwrap();
    let target = format!("/photos/open?partNumber=1&uploadId={open}");
    owner.send("PUT", &target, &key, b"abc").expect(400, "InvalidRequest");
}

#[test]
fn a_copy_names_the_key_of_its_source() {
    let (s3, owner) = emulator();
    put(&owner, "a", &[ALGORITHM, KEY, MD5]);
    let of_source = |(name, value): (&'static str, &'static str)| {
        (name.replace("x-amz-", "x-amz-copy-source-"), value)
    };
    let copy_to = |to: &str, key: &[(&'static str, &'static str)], further: &[(&str, &str)]| {
        let names: Vec<_> = key.iter().copied().map(of_source).collect();
        let mut headers = vec![("x-amz-copy-source", "photos/a")];
        headers.extend(names.iter().map(|(name, value)| (name.as_str(), *value)));
        headers.extend_from_slice(further);
        owner.send("PUT", to, &headers, b"")
    };
    let copy = |key: &[_], further: &[_]| copy_to("/photos/b", key, further);
    copy(&[], &[]).expect(400, "InvalidRequest");
    copy(&[ALGORITHM, OTHER_KEY, OTHER_MD5], &[]).expect(403, "AccessDenied");
    let key = [ALGORITHM, KEY, MD5];
    let plain = copy(&key, &[]);
    assert_eq!((plain.status, plain.header(METHOD)), (200, Some("AES256")), "{}", s3.journal());
    assert_eq!(owner.get("/photos/b").text(), "abc");
    let keyed = copy(&key, &[ALGORITHM, OTHER_KEY, OTHER_MD5]);
    assert_eq!((keyed.status, keyed.header(MD5.0)), (200, Some(OTHER_MD5.1)), "{}", s3.journal());
    owner.get("/photos/b").expect(400, "InvalidRequest");
    // Onto itself too: it has no longer a key then, and a second time nothing would change.
    let onto_itself = copy_to("/photos/a", &key, &[]);
    assert_eq!((onto_itself.status, onto_itself.header(METHOD)), (200, Some("AES256")));
    assert_eq!(owner.get("/photos/a").text(), "abc");
    copy_to("/photos/a", &[], &[]).expect(400, "InvalidRequest");
}
