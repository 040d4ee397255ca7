//! A bucket as a browser without keys sees it.

use std::io::Write;

use stuntbucket::Bucket;
use stuntbucket::CannedAcl;
use stuntbucket::Stuntbucket;
use stuntbucket_signer::Payload;

use crate::client::Answer;
use crate::client::Client;
use crate::client::read;

const INDEX: &str = "<IndexDocument><Suffix>index.html</Suffix></IndexDocument>";
const ERROR: &str = "<ErrorDocument><Key>error.html</Key></ErrorDocument>";

struct Site {
    s3: Stuntbucket,
    owner: Client,
}

impl Site {
    fn with(configuration: &str) -> Self {
        let s3 = Stuntbucket::builder()
            .bucket(Bucket::new("site").before_2023(true).acl(CannedAcl::PublicRead))
            .bucket("private")
            .start()
            .unwrap();
        let site = Self { owner: Client::owner(&s3), s3 };
        let document = format!("<WebsiteConfiguration>{configuration}</WebsiteConfiguration>");
        for bucket in ["site", "private"] {
            let put = site.owner.put_document(&format!("/{bucket}?website"), &document);
            assert_eq!(put.status, 200, "{}", put.text());
        }
        site.public("index.html", b"home", &[]);
        site.public("dir/index.html", b"folder", &[]);
        site.public("page", b"page", &[("content-type", "text/html"), ("x-amz-meta-a", "1")]);
        site
    }

    fn public(&self, key: &str, body: &[u8], headers: &[(&str, &str)]) {
        let headers: Vec<_> =
            headers.iter().copied().chain([("x-amz-acl", "public-read")]).collect();
        let put = self.owner.send("PUT", &format!("/site/{key}"), &headers, body);
        assert_eq!(put.status, 200, "{}", put.text());
    }

    fn send(&self, host: &str, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        let now = self.s3.clock().now();
        let client = Client::at(host, None, "us-east-1", now);
        let mut stream = self.owner.connect();
        stream.write_all(&client.head(method, target, headers, &Payload::Unsigned)).unwrap();
        read(&mut stream, method).unwrap()
    }

    fn get(&self, target: &str) -> Answer {
        self.send("site.s3-website.localhost", "GET", target, &[])
    }

    /// The value of an item in a page of S3.
    #[track_caller]
    fn item(answer: &Answer, name: &str) -> String {
        let text = answer.text();
        let (_, rest) = text.split_once(&format!("<li>{name}: ")).expect(&text);
        rest.split_once("</li>").unwrap().0.to_owned()
    }
}

#[test]
fn folders_lead_to_their_index_documents() {
    let site = Site::with(INDEX);
    for host in [
        "site.s3-website.localhost:9000",
        "site.s3-website-us-east-1.amazonaws.com",
        "site.s3-website.us-east-1.amazonaws.com",
    ] {
        assert_eq!(site.send(host, "GET", "/", &[]).body, b"home", "{}", site.s3.journal());
    }
    assert_eq!(site.get("/dir/").body, b"folder");
    assert_eq!(site.get("/dir/?acl&X-Amz-Signature=ignored").body, b"folder");
    let to_folder = site.get("/dir");
    assert_eq!((to_folder.status, to_folder.header("location")), (302, Some("/dir/")));
    let page = site.get("/page");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html")));
    assert_eq!((page.body.as_slice(), page.header("x-amz-meta-a")), (&b"page"[..], Some("1")));
    let head = site.send("site.s3-website.localhost", "HEAD", "/page", &[]);
    assert_eq!((head.status, head.header("content-length")), (200, Some("4")));
    let entry = site.s3.journal().entries().pop().unwrap();
    assert_eq!(entry.operation.as_deref(), Some("Website"));
    assert_eq!(entry.caller.as_deref(), Some("anonymous"));
}

#[test]
fn conditions_and_ranges_are_heard() {
    let site = Site::with(INDEX);
    let host = "site.s3-website.localhost";
    let etag = site.get("/page").header("etag").unwrap().to_owned();
    let same = site.send(host, "GET", "/page", &[("if-none-match", &etag)]);
    assert_eq!((same.status, same.body.len()), (304, 0));
    let part = site.send(host, "GET", "/page", &[("range", "bytes=1-2")]);
    assert_eq!((part.status, part.body.as_slice()), (206, &b"ag"[..]));
    assert_eq!(part.header("content-range"), Some("bytes 1-2/4"));
}

/// Recorded by LocalStack: `test_s3_static_website_hosting`, `test_website_hosting_404`.
#[test]
fn refusals_are_pages() {
    let site = Site::with(INDEX);
    let missing = site.get("/absent");
    assert_eq!(missing.status, 404);
    assert_eq!(missing.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(missing.header("x-amz-error-code"), Some("NoSuchKey"));
    assert_eq!(missing.header("x-amz-error-message"), Some("The specified key does not exist."));
    assert_eq!(missing.header("x-amz-error-detail-key"), Some("absent"));
    assert!(missing.text().starts_with(
        "<html>\n<head><title>404 Not Found</title></head>\n<body>\n<h1>404 Not Found</h1>\n<ul>\n\
         <li>Code: NoSuchKey</li>\n"
    ));
    assert_eq!(Site::item(&missing, "Key"), "absent");
    assert_eq!(Site::item(&missing, "RequestId"), missing.header("x-amz-request-id").unwrap());
    assert_eq!(Site::item(&site.get("/absent/"), "Key"), "absent/index.html");
    let entry = site.s3.journal().entries().pop().unwrap();
    assert_eq!((entry.status, entry.code.as_deref()), (404, Some("NoSuchKey")));

    let host = "private.s3-website.localhost";
    let denied = site.send(host, "GET", "/", &[]);
    assert_eq!((denied.status, &*Site::item(&denied, "Code")), (403, "AccessDenied"));
    for method in ["PUT", "POST", "DELETE"] {
        let refused = site.send("site.s3-website.localhost", method, "/page", &[]);
        assert_eq!((refused.status, &*Site::item(&refused, "Code")), (405, "MethodNotAllowed"));
        assert_eq!(Site::item(&refused, "Method"), method);
        assert_eq!(Site::item(&refused, "ResourceType"), "OBJECT");
    }
    let elsewhere = site.send("site.s3-website-eu-west-1.amazonaws.com", "GET", "/", &[]);
    assert_eq!((elsewhere.status, &*Site::item(&elsewhere, "Code")), (400, "IncorrectEndpoint"));
    let unknown = site.send("absent.s3-website.localhost", "GET", "/", &[]);
    assert_eq!((unknown.status, &*Site::item(&unknown, "Code")), (404, "NoSuchBucket"));
    assert_eq!(Site::item(&unknown, "BucketName"), "absent");
    assert_eq!(site.owner.send("DELETE", "/site?website", &[], b"").status, 204);
    let none = site.get("/");
    assert_eq!((none.status, &*Site::item(&none, "Code")), (404, "NoSuchWebsiteConfiguration"));
    assert_eq!(Site::item(&none, "BucketName"), "site");
}

#[test]
fn an_error_document_is_shown_with_the_status_of_the_error() {
    let site = Site::with(&format!("{INDEX}{ERROR}"));
    let nothing = site.get("/absent");
    assert_eq!(nothing.status, 404);
    let text = nothing.text();
    let (_, second) = text.split_once("<h3>An Error Occurred While Attempting").unwrap();
    assert!(second.contains("<li>Key: error.html</li>"), "{text}");
    site.public("error.html", b"lost?", &[("content-type", "text/html")]);
    let shown = site.get("/absent");
    assert_eq!((shown.status, shown.body.as_slice()), (404, &b"lost?"[..]));
    assert_eq!(shown.header("x-amz-error-code"), Some("NoSuchKey"));
    assert_eq!(shown.header("content-type"), Some("text/html"));
    // One that nobody may read does not help.
    site.owner.put("/site/error.html", b"secret");
    let hidden = site.get("/absent");
    assert!(hidden.text().contains("<li>Code: AccessDenied</li>"), "{}", hidden.text());
}

#[test]
fn redirects_lead_elsewhere() {
    let site = Site::with(
        "<RedirectAllRequestsTo><HostName>example.org</HostName></RedirectAllRequestsTo>",
    );
    let all = site.get("/a/b?c=d");
    assert_eq!((all.status, all.header("location")), (301, Some("http://example.org/a/b?c=d")));

    let rules = "<RoutingRules><RoutingRule><Condition><KeyPrefixEquals>old/</KeyPrefixEquals>\
                 </Condition><Redirect><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith></Redirect>\
                 </RoutingRule><RoutingRule><Condition><HttpErrorCodeReturnedEquals>404\
                 </HttpErrorCodeReturnedEquals></Condition><Redirect><HttpRedirectCode>307\
                 </HttpRedirectCode><ReplaceKeyWith>page</ReplaceKeyWith></Redirect></RoutingRule>\
                 </RoutingRules>";
    let rules = rules.replace("404                 ", "404").replace("307                 ", "307");
    let site = Site::with(&format!("{INDEX}{rules}"));
    let base = "http://site.s3-website.localhost";
    let prefix = site.get("/old/x%20y");
    let expected = format!("{base}/new/x%20y");
    assert_eq!((prefix.status, prefix.header("location")), (301, Some(&*expected)));
    let missing = site.get("/absent");
    let expected = format!("{base}/page");
    assert_eq!((missing.status, missing.header("location")), (307, Some(&*expected)));
    assert_eq!(site.get("/page").status, 200);

    site.public("moved", b"", &[("x-amz-website-redirect-location", "/page")]);
    let moved = site.get("/moved");
    assert_eq!((moved.status, moved.header("location")), (301, Some("/page")));
    // The API shows the object itself.
    assert_eq!(site.owner.get("/site/moved").status, 200);
}

#[test]
fn the_configuration_is_put_read_and_deleted() {
    let site = Site::with(&format!("{INDEX}{ERROR}"));
    let text = site.owner.get("/site?website").text();
    assert!(text.contains(&format!("{INDEX}{ERROR}")), "{text}");
    let document = "<WebsiteConfiguration><IndexDocument><Suffix>a/b</Suffix></IndexDocument>\
                    </WebsiteConfiguration>";
    let refused = site.owner.put_document("/site?website", document).expect(400, "InvalidArgument");
    assert_eq!(refused.element("ArgumentName").unwrap(), "IndexDocument");
    assert_eq!(refused.element("ArgumentValue").unwrap(), "a/b");
    for _ in 0..2 {
        assert_eq!(site.owner.send("DELETE", "/site?website", &[], b"").status, 204);
    }
    let none = site.owner.get("/site?website").expect(404, "NoSuchWebsiteConfiguration");
    assert_eq!(none.element("BucketName").unwrap(), "site");
}
