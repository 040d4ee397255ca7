//! Listings of versions: their form, page by page, and what they refuse.

use super::delete;
use super::emulator;
use super::put;
use crate::client::Answer;
use crate::client::Client;

/// The keys and common prefixes of a listing, with a `-` for a delete marker and a `*` for the
/// latest version.
fn lines(answer: &Answer) -> String {
    let text = answer.text();
    let mut lines = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) =
        rest.find("<Version>").into_iter().chain(rest.find("<DeleteMarker>")).min()
    {
        let item = &rest[start..];
        let between = |name: &str| {
            let (_, after) = item.split_once(&format!("<{name}>")).unwrap();
            after.split_once('<').unwrap().0.to_owned()
        };
        let marker = if item.starts_with("<DeleteMarker>") { "-" } else { "" };
        let latest = if between("IsLatest") == "true" { "*" } else { "" };
        lines.push(format!("{}{marker}{latest}", between("Key")));
        rest = &item[1..];
    }
    for prefix in rest.split("<CommonPrefixes><Prefix>").skip(1) {
        lines.push(prefix.split_once('<').unwrap().0.to_owned());
    }
    lines.join(" ")
}

#[test]
fn a_listing_of_versions_has_the_form_of_s3() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    put(&client, "/plain/a", "one");
    let id = s3.users().next().unwrap().canonical_id();
    assert_eq!(
        client.get("/plain?versions").text(),
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListVersionsResult \
             xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>plain</Name><Prefix></Prefix>\
             <KeyMarker></KeyMarker><VersionIdMarker></VersionIdMarker><MaxKeys>1000</MaxKeys>\
             <IsTruncated>false</IsTruncated><Version><Key>a</Key><VersionId>null</VersionId>\
             <IsLatest>true</IsLatest><LastModified>2026-01-01T00:00:00.000Z</LastModified>\
             <ETag>&quot;f97c5d29941bfb1b2fdab0874906ab82&quot;</ETag>\
             <ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>\
             <Size>3</Size><StorageClass>STANDARD</StorageClass><Owner><ID>{id}</ID></Owner></Version>\
             </ListVersionsResult>"
        )
    );
    let deleted = delete(&client, "/photos/a%20b");
    let marker = deleted.header("x-amz-version-id").unwrap();
    let listing = client.get("/photos?versions&encoding-type=url&prefix=a%20&max-keys=5").text();
    let (_, listing) = listing.split_once("<Prefix>").unwrap();
    assert_eq!(
        listing,
        format!(
            "a+</Prefix><KeyMarker></KeyMarker><VersionIdMarker></VersionIdMarker><MaxKeys>5</MaxKeys>\
             <EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><DeleteMarker>\
             <Key>a+b</Key><VersionId>{marker}</VersionId><IsLatest>true</IsLatest>\
             <LastModified>2026-01-01T00:00:00.000Z</LastModified><Owner><ID>{id}</ID></Owner>\
             </DeleteMarker></ListVersionsResult>"
        )
    );
}

#[test]
fn versions_are_listed_page_by_page() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    for key in ["a", "a", "dir/1", "dir/1", "dir/2", "z"] {
        put(&client, &format!("/photos/{key}"), key);
    }
    delete(&client, "/photos/z");
    delete(&client, "/photos/a");
    let all = "a-* a a dir/1* dir/1 dir/2* z-* z";
    assert_eq!(lines(&client.get("/photos?versions")), all);
    assert_eq!(lines(&client.get("/photos?versions&prefix=dir/")), "dir/1* dir/1 dir/2*");
    let folded = "a-* a a z-* z dir/";
    assert_eq!(lines(&client.get("/photos?versions&delimiter=/")), folded);
    assert_eq!(lines(&client.get("/photos?versions&key-marker=a")), "dir/1* dir/1 dir/2* z-* z");
    let in_group = "/photos?versions&delimiter=/&key-marker=dir/1";
    assert_eq!(lines(&client.get(in_group)), "z-* z");
    assert_eq!(lines(&client.get("/photos?versions&max-keys=0")), "");
    for (query, expected) in [("", all), ("&delimiter=/", "a-* a a dir/ z-* z")] {
        for size in 1..=4 {
            let mut found = Vec::new();
            let mut marker = String::new();
            loop {
                let page = client.get(&format!("/photos?versions&max-keys={size}{query}{marker}"));
                found.push(lines(&page));
                if page.element("IsTruncated").unwrap() == "false" {
                    assert_eq!(page.element("NextKeyMarker"), None);
                    break;
                }
                marker = format!("&key-marker={}", page.element("NextKeyMarker").unwrap());
                match page.element("NextVersionIdMarker") {
                    Some(id) => marker.push_str(&format!("&version-id-marker={id}")),
                    None => assert!(marker.ends_with('/'), "{marker}"),
                }
            }
            // Within a page, common prefixes come last.
            let sorted = |text: &str| {
                let mut words: Vec<_> = text.split(' ').map(str::to_owned).collect();
                words.sort();
                words
            };
            assert_eq!(sorted(&found.join(" ")), sorted(expected), "{size} {query}");
        }
    }
}

#[test]
fn pages_go_on_where_versions_were_removed() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    for _ in 0..5 {
        put(&client, "/photos/a", "1");
    }
    put(&client, "/photos/b", "1");
    let mut target = "/photos?versions&max-keys=2".to_owned();
    let mut removed = 0;
    loop {
        let page = client.get(&target);
        let text = page.text();
        for item in text.split("<Version>").skip(1) {
            let between = |name: &str| {
                let (_, after) = item.split_once(&format!("<{name}>")).unwrap();
                after.split_once('<').unwrap().0.to_owned()
            };
            let target = format!("/photos/{}?versionId={}", between("Key"), between("VersionId"));
            assert_eq!(delete(&client, &target).status, 204);
            removed += 1;
        }
        let Some(key) = page.element("NextKeyMarker") else { break };
        let id = page.element("NextVersionIdMarker").unwrap();
        target = format!("/photos?versions&max-keys=2&key-marker={key}&version-id-marker={id}");
    }
    assert_eq!(removed, 6);
    assert_eq!(delete(&client, "/photos").status, 204);
}

#[test]
fn a_listing_refuses_what_s3_refuses() {
    let s3 = emulator();
    let client = Client::owner(&s3);
    let id = "HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD";
    for (query, name, value, message) in [
        (
            format!("version-id-marker={id}"),
            "version-id-marker",
            id,
            "A version-id marker cannot be specified without a key marker.",
        ),
        (
            format!("key-marker=&version-id-marker={id}"),
            "version-id-marker",
            id,
            "A version-id marker cannot be specified without a key marker.",
        ),
        (
            "key-marker=a&version-id-marker=b".to_owned(),
            "version-id-marker",
            "b",
            "Invalid version id specified",
        ),
        ("max-keys=-1".to_owned(), "max-keys", "-1", "max-keys cannot be negative"),
        (
            "max-keys=x".to_owned(),
            "max-keys",
            "x",
            "Provided max-keys not an integer or within integer range",
        ),
        (
            "encoding-type=base64".to_owned(),
            "encoding-type",
            "base64",
            "Invalid Encoding Method specified in Request",
        ),
    ] {
        let refused =
            client.get(&format!("/photos?versions&{query}")).expect(400, "InvalidArgument");
        assert_eq!(refused.element("Message").unwrap(), message, "{query}");
        assert_eq!(refused.element("ArgumentName").unwrap(), name, "{query}");
        assert_eq!(refused.element("ArgumentValue").unwrap(), value, "{query}");
    }
}
