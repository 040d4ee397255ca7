//! Request lines become operations, and no row of the table hides another.

use http::HeaderMap;
use http::HeaderName;
use http::HeaderValue;

use super::*;
use crate::request::Domains;
use crate::request::Framing;
use crate::request::Scheme;

/// A request as `PUT /b/k?acl`, with ` < /other/k` for a copy source.
fn request(line: &str) -> Request {
    let (line, source) = line.split_once(" < ").map_or((line, None), |(l, s)| (l, Some(s)));
    let (method, target) = line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').map_or((target, None), |(p, q)| (p, Some(q)));
    let mut headers = HeaderMap::new();
    // A host in front of the path.
    let (host, path) = match path.split_once('/') {
        Some((host, path)) => (host, format!("/{path}")),
        None => ("", path.to_owned()),
    };
    if let Ok(host) = HeaderValue::from_str(host) {
        headers.insert(http::header::HOST, host);
    }
    if let Some(source) = source {
        let name = HeaderName::from_static("x-amz-copy-source");
        headers.insert(name, HeaderValue::from_str(source).unwrap());
    }
    let arrived = crate::request::Arrived {
        method: method.parse().unwrap(),
        path,
        query: query.map(str::to_owned),
        scheme: Scheme::Http,
        tls: None,
        headers,
        body: crate::body::empty(),
        framing: Framing::None,
        peer: std::net::SocketAddr::from(([127, 0, 0, 1], 1)),
    };
    let bases = ["localhost".to_owned()];
    let domains = Domains { bases: &bases, region: "us-east-1" };
    Request::read(arrived, &domains, &|_| false).unwrap().0
}

#[track_caller]
fn check(line: &str, expected: &str) {
    let found = match find(&request(line)) {
        Ok(row) => row.operation.name().to_owned(),
        Err(failure) => format!("{} {}", failure.error.code, failure.error.message),
    };
    assert!(found.starts_with(expected), "{line}: {found}");
}

#[test]
fn requests_of_the_s3_reference_find_their_operation() {
    for (line, operation) in [
        ("GET /", "ListBuckets"),
        ("GET /b", "ListObjects"),
        ("GET /b/", "ListObjects"),
        ("GET /b?list-type=2&prefix=photos/", "ListObjectsV2"),
        ("GET /b?list-type=1", "ListObjects"),
        ("GET /b?session", "ListObjects"),
        ("GET /b?location", "GetBucketLocation"),
        ("GET /b?location=", "GetBucketLocation"),
        ("GET /b?acl", "GetBucketAcl"),
        ("GET /b?publicAccessBlock", "GetPublicAccessBlock"),
        ("GET /b?inventory", "ListBucketInventoryConfigurations"),
        ("GET /b?inventory&id=1", "GetBucketInventoryConfiguration"),
        ("POST /b/k?restore", "RestoreObject"),
        ("HEAD /b", "HeadBucket"),
        ("PUT /b", "CreateBucket"),
        ("PUT /b?acl", "PutBucketAcl"),
        ("DELETE /b", "DeleteBucket"),
        ("DELETE /b?ownershipControls", "DeleteBucketOwnershipControls"),
        ("POST /b", "PostObject"),
        ("POST /b/", "PostObject"),
        ("GET /b/k", "GetObject"),
        ("GET /b/k?x-id=GetObject", "GetObject"),
        ("HEAD /b/k", "HeadObject"),
        ("PUT /b/k", "PutObject"),
        ("PUT /b/k?acl", "PutObjectAcl"),
        ("DELETE /b/k", "DeleteObject"),
        ("GET /b?cors", "GetBucketCors"),
        ("DELETE /b?website", "DeleteBucketWebsite"),
        ("PUT /b?encryption", "PutBucketEncryption"),
        ("GET /b/k?tagging", "GetObjectTagging"),
        ("OPTIONS /b", "Preflight"),
        ("OPTIONS /b/k?X-Amz-Signature=1", "Preflight"),
        ("GET b.s3-website.localhost/", "Website"),
        ("HEAD b.s3-website.localhost/dir/?acl", "Website"),
        ("OPTIONS b.s3-website.localhost/k", "Preflight"),
        ("POST /b?delete", "DeleteObjects"),
        ("PUT /b/k < /other/k", "CopyObject"),
        ("GET /b?uploads&prefix=p", "ListMultipartUploads"),
        ("POST /b/k?uploads", "CreateMultipartUpload"),
        ("PUT /b/k?partNumber=1&uploadId=u", "UploadPart"),
        ("PUT /b/k?partNumber=1&uploadId=u < /other/k", "UploadPartCopy"),
        ("GET /b/k?uploadId=u", "ListParts"),
        ("POST /b/k?uploadId=u", "CompleteMultipartUpload"),
        ("DELETE /b/k?uploadId=u", "AbortMultipartUpload"),
        ("GET /b/k?attributes", "GetObjectAttributes"),
    ] {
        check(line, operation);
    }
}

#[test]
fn what_is_not_offered_is_named() {
    for (line, name) in [
        ("GET /b?metadataTable", "GetBucketMetadataTableConfiguration"),
        ("GET /b/k?annotation", "ListObjectAnnotations"),
        ("GET /b/k?annotation&annotationName=n", "GetObjectAnnotation"),
    ] {
        check(line, &format!("NotImplemented {name} "));
    }
    check("PUT /b/k?renameObject", "NotImplemented A header you provided");
    let control = "s3express-control.us-east-1.amazonaws.com";
    check(&format!("GET {control}/"), "NotImplemented ListDirectoryBuckets ");
    check(&format!("PUT {control}/b--use1-az4--x-s3"), "NotImplemented Directory buckets ");
    let zone = "b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com";
    check(&format!("GET {zone}/?session"), "NotImplemented Directory buckets ");
}

#[test]
fn what_is_listed_of_a_bucket_is_not_of_a_key() {
    check("GET /b/k?uploads", "InvalidRequest Key is not expected for the GET method");
    check("GET /b/k?versions", "InvalidRequest There is no such thing as the ?versions");
    check("HEAD /b/k?versions", "HeadObject");
}

#[test]
fn other_methods_are_not_allowed() {
    for line in [
        "POST /",
        "PUT /",
        "POST /b/k",
        "PATCH /b/k",
        "TRACE /b",
        "POST /b?policy",
        "PUT b.s3-website.localhost/k",
        // A subresource that has no such method is not forgotten over what it is of.
        "PUT /b?location",
        "DELETE /b?versioning",
        "PUT /b/k?uploads",
        "DELETE /b/k?acl",
        "DELETE /b/k?retention",
    ] {
        check(line, "MethodNotAllowed");
    }
    let failure = find(&request("POST /")).unwrap_err();
    assert_eq!(failure.elements[1], ("ResourceType", "SERVICE".to_owned()));
    assert_eq!(failure.headers[0].1, "GET");
    let failure = find(&request("POST /b?policy")).unwrap_err();
    assert_eq!(failure.elements[1], ("ResourceType", "BUCKETPOLICY".to_owned()));
}

#[test]
fn only_copies_have_a_source() {
    for line in ["PUT /b < /b/k", "PUT /b/k?acl < /b/k", "POST /b/k?uploads < /b/k"] {
        check(line, "InvalidArgument You can only specify a copy source header for copy requests.");
    }
}

/// Each row's own smallest request must come back to that row.
#[test]
fn no_row_hides_another() {
    for row in ROWS {
        let target = match row.on {
            On::Service => "/",
            On::Bucket => "/b",
            On::Object => "/b/k",
            On::Website => "b.s3-website.localhost/k",
        };
        let (query, source) = match row.when {
            When::Always => (String::new(), ""),
            When::Has(name) => (format!("?{name}"), ""),
            When::HasBoth(one, other) => (format!("?{one}&{other}"), ""),
            When::Is(name, value) => (format!("?{name}={value}"), ""),
            When::Copying(None) => (String::new(), " < /other/k"),
            When::Copying(Some(name)) => (format!("?{name}"), " < /other/k"),
        };
        let request = request(&format!("{} {target}{query}{source}", row.method));
        let found = ROWS
            .iter()
            .find(|other| {
                other.on == row.on && other.method == row.method && fits(other.when, &request)
            })
            .unwrap();
        assert_eq!(found.operation, row.operation);
    }
}

/// The table of `docs/operations.md`, made of the rows.
fn documented() -> String {
    let mut table = "| operation | request | asks |\n| --- | --- | --- |\n".to_owned();
    let mut rows: Vec<_> = ROWS.iter().collect();
    rows.sort_by_key(|row| (row.asks == Asks::NotOffered, row.operation.name()));
    for row in rows {
        let target = match row.on {
            On::Service => "/",
            On::Bucket => "/bucket",
            On::Object => "/bucket/key",
            On::Website => "bucket.s3-website.localhost/key",
        };
        let condition = match row.when {
            When::Always => String::new(),
            When::Has(name) => format!("?{name}"),
            When::HasBoth(one, other) => format!("?{one}&{other}"),
            When::Is(name, value) => format!("?{name}={value}"),
            When::Copying(None) => "` with `x-amz-copy-source".to_owned(),
            When::Copying(Some(name)) => format!("?{name}` with `x-amz-copy-source"),
        };
        let asks = match row.asks {
            Asks::Row(action) => format!("`{}`", action.name()),
            // No ACL is about tags, which decide themselves.
            Asks::Object(action) if action.name().ends_with("Tagging") => {
                format!("`{}`, for the object as it is", action.name())
            }
            Asks::Object(action) => format!("`{}`, or the object's ACL", action.name()),
            Asks::WithAcl(action) => format!("`{}`, and for an ACL it brings", action.name()),
            Asks::Document(action) if action == Action::CreateBucket => {
                format!("`{}`, by what its document says, and for an ACL it brings", action.name())
            }
            Asks::Document(action) => format!("`{}`, by what its document says", action.name()),
            Asks::Nothing => "nothing".to_owned(),
            Asks::Upload(action) => format!("`{}`, or to have begun the upload", action.name()),
            Asks::EachKey(action) => format!("`{}`, for each key", action.name()),
            Asks::AndSource(action) => {
                format!("`{}`, for an ACL it brings, and to read the source", action.name())
            }
            Asks::NotOffered => "not offered: 501".to_owned(),
        };
        table.push_str(&format!(
            "| {} | `{} {target}{condition}` | {asks} |\n",
            row.operation, row.method
        ));
    }
    table
}

#[test]
fn the_documentation_lists_what_the_table_lists() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/operations.md");
    let text = std::fs::read_to_string(file).unwrap();
    let expected = documented();
    assert!(
        text.contains(&expected),
        "docs/operations.md should contain this table:\n\n{expected}"
    );
}
