//! Each operation that needs a permission asks for it: nobody, and a stranger, may do anything
//! with a private bucket.

use stuntbucket::Bucket;
use stuntbucket::Stuntbucket;
use stuntbucket::User;

use crate::client::Client;

/// Every operation that is offered and is about a bucket that exists, by its request.
const REQUESTS: [(&str, &str); 53] = [
    ("GET", "/photos"),
    ("GET", "/photos?list-type=2"),
    ("GET", "/photos?location"),
    ("GET", "/photos?acl"),
    ("GET", "/photos?publicAccessBlock"),
    ("GET", "/photos?ownershipControls"),
    ("GET", "/photos?versioning"),
    ("GET", "/photos?versions"),
    ("GET", "/photos?object-lock"),
    ("GET", "/photos?policy"),
    ("GET", "/photos?policyStatus"),
    ("HEAD", "/photos"),
    ("PUT", "/photos?versioning"),
    ("PUT", "/photos?object-lock"),
    ("PUT", "/photos?acl"),
    ("PUT", "/photos?publicAccessBlock"),
    ("PUT", "/photos?ownershipControls"),
    ("PUT", "/photos?policy"),
    ("DELETE", "/photos?policy"),
    ("DELETE", "/photos?publicAccessBlock"),
    ("DELETE", "/photos?ownershipControls"),
    ("DELETE", "/photos"),
    ("GET", "/photos/cat.jpg"),
    ("HEAD", "/photos/cat.jpg"),
    ("PUT", "/photos/cat.jpg"),
    ("DELETE", "/photos/cat.jpg"),
    ("GET", "/photos?uploads"),
    ("GET", "/photos/cat.jpg?uploadId=u"),
    ("POST", "/photos/cat.jpg?uploads"),
    ("POST", "/photos/cat.jpg?uploadId=u"),
    ("PUT", "/photos/cat.jpg?uploadId=u&partNumber=1"),
    ("DELETE", "/photos/cat.jpg?uploadId=u"),
    ("GET", "/photos/cat.jpg?versionId=null"),
    ("DELETE", "/photos/cat.jpg?versionId=null"),
    ("GET", "/photos/cat.jpg?retention"),
    ("PUT", "/photos/cat.jpg?retention"),
    ("GET", "/photos/cat.jpg?legal-hold"),
    ("PUT", "/photos/cat.jpg?legal-hold"),
    ("GET", "/photos?cors"),
    ("PUT", "/photos?cors"),
    ("DELETE", "/photos?cors"),
    ("GET", "/photos?encryption"),
    ("PUT", "/photos?encryption"),
    ("DELETE", "/photos?encryption"),
    ("GET", "/photos?tagging"),
    ("PUT", "/photos?tagging"),
    ("DELETE", "/photos?tagging"),
    ("GET", "/photos?website"),
    ("PUT", "/photos?website"),
    ("DELETE", "/photos?website"),
    ("GET", "/photos/cat.jpg?tagging"),
    ("PUT", "/photos/cat.jpg?tagging"),
    ("DELETE", "/photos/cat.jpg?tagging"),
];

/// The same of configurations and archives.
const REQUESTS_ABOUT_CONFIGURATIONS: [(&str, &str); 33] = [
    ("GET", "/photos?abac"),
    ("PUT", "/photos?abac"),
    ("GET", "/photos?accelerate"),
    ("PUT", "/photos?accelerate"),
    ("GET", "/photos?logging"),
    ("PUT", "/photos?logging"),
    ("GET", "/photos?requestPayment"),
    ("PUT", "/photos?requestPayment"),
    ("GET", "/photos?notification"),
    ("PUT", "/photos?notification"),
    ("GET", "/photos?lifecycle"),
    ("PUT", "/photos?lifecycle"),
    ("GET", "/photos?replication"),
    ("PUT", "/photos?replication"),
    ("GET", "/photos?analytics"),
    ("PUT", "/photos?analytics"),
    ("GET", "/photos?inventory"),
    ("PUT", "/photos?inventory"),
    ("GET", "/photos?metrics"),
    ("PUT", "/photos?metrics"),
    ("GET", "/photos?intelligent-tiering"),
    ("PUT", "/photos?intelligent-tiering"),
    ("DELETE", "/photos?lifecycle"),
    ("DELETE", "/photos?replication"),
    ("GET", "/photos?analytics&id=a"),
    ("DELETE", "/photos?analytics&id=a"),
    ("GET", "/photos?inventory&id=a"),
    ("DELETE", "/photos?inventory&id=a"),
    ("GET", "/photos?metrics&id=a"),
    ("DELETE", "/photos?metrics&id=a"),
    ("GET", "/photos?intelligent-tiering&id=a"),
    ("DELETE", "/photos?intelligent-tiering&id=a"),
    ("POST", "/photos/cat.jpg?restore"),
];

const REQUESTS_ABOUT_ACLS: [(&str, &str); 2] =
    [("GET", "/photos/cat.jpg?acl"), ("PUT", "/photos/cat.jpg?acl")];

#[test]
fn nobody_and_a_stranger_are_refused_everything() {
    for bucket in [Bucket::new("photos"), Bucket::new("photos").before_2023(true)] {
        let s3 = Stuntbucket::builder()
            .user(User::new("owner"))
            .user(User::new("stranger").account("000000000002"))
            .bucket(bucket)
            .start()
            .unwrap();
        s3.put_object("photos", "cat.jpg", "meow").unwrap();
        let source = [("x-amz-copy-source", "photos/cat.jpg")];
        let attributes = [("x-amz-object-attributes", "ETag")];
        for client in [Client::anonymous(&s3), Client::user(&s3, "stranger")] {
            for (method, target) in
                REQUESTS.iter().chain(&REQUESTS_ABOUT_CONFIGURATIONS).chain(&REQUESTS_ABOUT_ACLS)
            {
                let answer = client.send(method, target, &[], b"");
                assert_eq!(answer.status, 403, "{method} {target}: {}", answer.text());
            }
            for target in ["/photos/copy", "/photos/copy?uploadId=u&partNumber=1"] {
                assert_eq!(client.send("PUT", target, &source, b"").status, 403, "{target}");
            }
            let answer = client.send("GET", "/photos/cat.jpg?attributes", &attributes, b"");
            assert_eq!(answer.status, 403);
        }
        assert_eq!(s3.object("photos", "cat.jpg").unwrap().unwrap(), b"meow");
        assert_eq!(s3.objects("photos").unwrap(), ["cat.jpg"]);
    }
}

#[test]
fn another_user_of_the_account_may_do_the_same_as_the_first() {
    let s3 = Stuntbucket::builder()
        .user(User::new("owner"))
        .user(User::new("colleague"))
        .bucket("photos")
        .start()
        .unwrap();
    let colleague = Client::user(&s3, "colleague");
    assert_eq!(colleague.put("/photos/cat.jpg", b"meow").status, 200, "{}", s3.journal());
    assert_eq!(colleague.get("/photos?acl").status, 200);
    assert_eq!(colleague.send("DELETE", "/photos/cat.jpg", &[], b"").status, 204);
}
