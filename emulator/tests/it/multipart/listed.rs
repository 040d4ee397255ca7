//! Listings of uploads and parts, and the end of uploads.

use super::world;
use crate::client::Answer;

#[test]
fn parts_are_listed_in_pages() {
    let world = world();
    let id = world.create("a%26b", &[("x-amz-storage-class", "STANDARD_IA")]);
    let list = |query: &str| world.client.get(&format!("/box/a%26b?uploadId={id}{query}"));
    let empty = list("").text();
    assert!(empty.contains("<NextPartNumberMarker>0</NextPartNumberMarker>"), "{empty}");
    for number in [1, 2, 5] {
        world.put("a%26b", &id, number, &[], b"old");
        world.put("a%26b", &id, number, &[], format!("part {number}").as_bytes());
    }
    let page = list("&max-parts=2");
    let user = world.s3.users().next().unwrap();
    let (owner, arn, name) = (user.canonical_id(), user.arn(), user.name());
    let expected = format!(
        "<Bucket>box</Bucket><Key>a&amp;b</Key><UploadId>{id}</UploadId><Initiator><ID>{arn}</ID>\
         <DisplayName>{name}</DisplayName></Initiator><Owner><ID>{owner}</ID></Owner><StorageClass>\
         STANDARD_IA</StorageClass><PartNumberMarker>0</PartNumberMarker><NextPartNumberMarker>2\
         </NextPartNumberMarker><MaxParts>2</MaxParts><IsTruncated>true</IsTruncated><Part>\
         <PartNumber>1</PartNumber><LastModified>"
    );
    assert!(page.text().contains(&expected), "{}\n{expected}", page.text());
    assert!(!page.text().contains("Checksum"));
    let rest = list("&max-parts=&part-number-marker=2");
    assert_eq!(rest.element("PartNumber").as_deref(), Some("5"));
    assert_eq!(rest.element("IsTruncated").as_deref(), Some("false"));
    assert_eq!(rest.element("Size").as_deref(), Some("6"));
    let beyond = list("&part-number-marker=9");
    assert_eq!(beyond.element("NextPartNumberMarker").as_deref(), Some("0"));
    list("&max-parts=x").expect(400, "InvalidArgument");
    world.client.get("/box/a?uploadId=none").expect(404, "NoSuchUpload");
}

#[test]
fn uploads_are_listed_in_pages() {
    let world = world();
    let mut ids = Vec::new();
    for key in ["a/1", "a/2", "b", "b", "c"] {
        ids.push(world.create(key, &[]));
    }
    let list = |query: &str| world.client.get(&format!("/box?uploads{query}"));
    let listed = |answer: &Answer| {
        let text = answer.text();
        let uploads = text.split("<Upload>").skip(1);
        let of = |upload: &str, name: &str| {
            let (_, rest) = upload.split_once(&format!("<{name}>")).unwrap();
            rest.split('<').next().unwrap().to_owned()
        };
        uploads.map(|upload| of(upload, "UploadId")).collect::<Vec<_>>()
    };
    let next = |answer: &Answer| {
        ["NextKeyMarker", "NextUploadIdMarker", "IsTruncated"]
            .map(|name| answer.element(name).unwrap())
    };
    let all = list("");
    assert_eq!(listed(&all), ids);
    assert_eq!(next(&all), ["c", &ids[4], "false"]);
    let page = list("&max-uploads=3");
    assert_eq!(
        (listed(&page), next(&page)),
        (ids[..3].to_vec(), ["b", &ids[2], "true"].map(str::to_owned))
    );
    let rest = list(&format!("&key-marker=b&upload-id-marker={}", ids[2]));
    assert_eq!(listed(&rest), ids[3..]);
    assert_eq!(listed(&list("&key-marker=b")), ids[4..]);
    // Without a key, the id is ignored.
    let ignored = list(&format!("&upload-id-marker={}", ids[2]));
    assert_eq!(
        (listed(&ignored), ignored.element("UploadIdMarker").unwrap()),
        (ids.clone(), String::new())
    );
    let other = list(&format!("&key-marker=c&upload-id-marker={}", ids[2]));
    let other = other.expect(400, "InvalidArgument");
    assert_eq!(other.element("Message").as_deref(), Some("Invalid uploadId marker"));
    let folded = list("&delimiter=/&max-uploads=1");
    assert_eq!(next(&folded), ["", "", "true"]);
    assert!(folded.text().ends_with(
        "<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes></ListMultipartUploadsResult>"
    ));
    assert_eq!(listed(&list("&delimiter=/&key-marker=a/")), ids[2..]);
    assert_eq!(listed(&list("&prefix=a/&encoding-type=url")), ids[..2]);
    list("&encoding-type=x").expect(400, "InvalidArgument");
    list("&max-uploads=x").expect(400, "InvalidArgument");
}

#[test]
fn an_aborted_upload_is_gone_and_an_open_one_does_not_keep_its_bucket() {
    let world = world();
    let id = world.create("k", &[]);
    let part = world.put("k", &id, 1, &[], b"1");
    assert_eq!(world.abort("k", &id).status, 204);
    world.abort("k", &id).expect(404, "NoSuchUpload");
    world.complete("k", &id, &[], &part).expect(404, "NoSuchUpload");
    world.part("k", &id, 1, &[], b"1").expect(404, "NoSuchUpload");
    let id = world.create("k", &[]);
    world.put("k", &id, 1, &[], &[1; 100_000]);
    assert_eq!(world.client.send("DELETE", "/box", &[], b"").status, 204);
    assert_eq!(world.client.put("/box", b"").status, 200);
    assert_eq!(world.client.get("/box?uploads").element("UploadId"), None);
}
