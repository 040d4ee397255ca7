//! Tags of buckets and objects.

use stuntbucket::Stuntbucket;

use crate::client::Client;

fn document(tags: &[(&str, &str)]) -> String {
    let tag =
        |(key, value): (&str, &str)| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
    let tags: Vec<_> = tags.iter().copied().map(tag).collect();
    format!("<Tagging><TagSet>{}</TagSet></Tagging>", tags.concat())
}

fn emulator() -> (Stuntbucket, Client) {
    let s3 = Stuntbucket::builder().bucket("photos").start().unwrap();
    s3.put_object("photos", "cat.jpg", "meow").unwrap();
    let owner = Client::owner(&s3);
    (s3, owner)
}

/// What an answer has as tags, without the declaration and the namespace.
fn tag_set(text: &str) -> &str {
    let start = text.find("<TagSet>").unwrap();
    &text[start..text.find("</Tagging>").unwrap()]
}

#[test]
fn an_object_has_the_tags_that_were_put_last() {
    let (_s3, owner) = emulator();
    let at = "/photos/cat.jpg?tagging";
    assert_eq!(tag_set(&owner.get(at).text()), "<TagSet></TagSet>");
    let put = owner.put_document(at, &document(&[("b", "2"), ("a", "")]));
    assert_eq!((put.status, put.body.len()), (200, 0));
    let sorted = document(&[("a", ""), ("b", "2")]);
    assert_eq!(tag_set(&owner.get(at).text()), tag_set(&sorted));
    let got = owner.get("/photos/cat.jpg");
    assert_eq!(got.header("x-amz-tagging-count"), Some("2"));
    // Those of an object need no digest.
    assert_eq!(owner.put(at, document(&[("c", "3")]).as_bytes()).status, 200);
    assert_eq!(tag_set(&owner.get(at).text()), tag_set(&document(&[("c", "3")])));
    for _ in 0..2 {
        assert_eq!(owner.send("DELETE", at, &[], b"").status, 204);
    }
    assert_eq!(owner.get("/photos/cat.jpg").header("x-amz-tagging-count"), None);
}

#[test]
fn tags_of_a_put_are_read_back() {
    let (_s3, owner) = emulator();
    let headers = [("x-amz-tagging", "b=x%20y&a")];
    assert_eq!(owner.send("PUT", "/photos/dog.jpg", &headers, b"woof").status, 200);
    let text = owner.get("/photos/dog.jpg?tagging").text();
    assert_eq!(tag_set(&text), tag_set(&document(&[("a", ""), ("b", "x y")])));
}

/// Recorded by LocalStack: `test_object_tagging_exc`.
#[test]
fn a_missing_object_is_reported_with_its_bucket_by_get_alone() {
    let (_s3, owner) = emulator();
    let at = "/photos/absent?tagging";
    let got = owner.get(at).expect(404, "NoSuchKey");
    assert_eq!(got.element("Key").unwrap(), "photos/absent");
    let put = owner.put_document(at, &document(&[])).expect(404, "NoSuchKey");
    assert_eq!(put.element("Key").unwrap(), "absent");
    let deleted = owner.send("DELETE", at, &[], b"").expect(404, "NoSuchKey");
    assert_eq!(deleted.element("Key").unwrap(), "absent");
}

#[test]
fn a_bucket_has_the_tags_that_were_put_last() {
    let (_s3, owner) = emulator();
    let at = "/photos?tagging";
    let none = owner.get(at).expect(404, "NoSuchTagSet");
    assert_eq!(none.element("BucketName").unwrap(), "photos");
    let tags = document(&[("team", "blue"), ("cost", "1")]);
    assert_eq!(owner.put_document(at, &tags).status, 204);
    assert_eq!(tag_set(&owner.get(at).text()), tag_set(&tags));
    assert_eq!(owner.put_document(at, &document(&[])).status, 204);
    owner.get(at).expect(404, "NoSuchTagSet");
    assert_eq!(owner.send("DELETE", at, &[], b"").status, 204);
}

#[test]
fn bad_tags_are_refused_with_the_tag() {
    let (_s3, owner) = emulator();
    for at in ["/photos?tagging", "/photos/cat.jpg?tagging"] {
        let refused = owner.put_document(at, &document(&[("a", "1"), ("a", "2")]));
        assert_eq!(refused.expect(400, "InvalidTag").element("TagKey").unwrap(), "a");
        let refused = owner.put_document(at, &document(&[("a", "b,c")])).expect(400, "InvalidTag");
        assert_eq!(refused.element("TagKey").unwrap(), "a");
        assert_eq!(refused.element("TagValue").unwrap(), "b,c");
        owner
            .put_document(at, "<Tagging><TagSet><Tag/></TagSet></Tagging>")
            .expect(400, "MalformedXML");
        owner.put_document(at, "<Tagging/>").expect(400, "MalformedXML");
        owner.put_document(at, "").expect(400, "MissingRequestBodyError");
    }
}

#[test]
fn a_bucket_is_created_with_tags() {
    let (s3, owner) = emulator();
    let create = |key: &str| {
        let tags = format!("<Tags><Tag><Key>{key}</Key><Value>1</Value></Tag></Tags>");
        let document = format!("<CreateBucketConfiguration>{tags}</CreateBucketConfiguration>");
        owner.put("/tagged", document.as_bytes())
    };
    create("a,b").expect(400, "InvalidTag");
    let reserved = create("aws:team").expect(400, "InvalidTag");
    let message = reserved.element("Message").unwrap();
    assert!(message.starts_with("User-defined tag keys can't start with "), "{message}");
    create("a</Key><Value>1</Value></Tag><Tag><Key>a").expect(500, "InternalError");
    assert_eq!(create("team").status, 200, "{}", s3.journal());
    let text = owner.get("/tagged?tagging").text();
    assert_eq!(tag_set(&text), tag_set(&document(&[("team", "1")])));
    // The same tags or others, they are not what the bucket gets now.
    create("team").expect(409, "BucketAlreadyOwnedByYou");
    assert_eq!(owner.put("/tagged", b"").status, 200);
}
