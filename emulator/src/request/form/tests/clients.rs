//! Forms byte for byte as browsers and other clients send them.

use super::check;
use super::part;

#[test]
fn a_browser_sends_its_fields_in_order_and_its_button_last() {
    let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n\
         user/${{filename}}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"_charset_\"\r\n\r\nUTF-8\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"x-amz-meta-größe\"\r\n\r\n漢\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"x-amz-meta-tag\"\r\n\r\n\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"é ü 漢.png\"\r\n\
         Content-Type: image/png\r\n\r\n\r\n-PNG\r\n--\r\n\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"submit\"\r\n\r\nUpload\r\n\
         --{boundary}--\r\n"
    );
    let fields = [
        ("key", "user/é ü 漢.png"),
        ("_charset_", "UTF-8"),
        ("x-amz-meta-größe", "漢"),
        ("x-amz-meta-tag", ""),
    ];
    check(boundary, &body, &fields, Some("é ü 漢.png"), "\r\n-PNG\r\n--\r\n");
}

#[test]
fn firefox_writes_its_own_boundary_and_percent_encodes_quotes() {
    let boundary = "----geckoformboundary3f2a9bd5c3c1d8e6a7b0c9d1e2f30415";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n${{filename}}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; \
         filename=\"q%22uo'te;\\.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nx\r\n--{boundary}--\r\n"
    );
    check(boundary, &body, &[("key", ".jpg")], Some(".jpg"), "x");
}

#[test]
fn a_browser_without_a_chosen_file_sends_an_empty_one() {
    let boundary = "----WebKitFormBoundaryABCDEF0123456789";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na/${{filename}}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n\r\n--{boundary}--\r\n"
    );
    check(boundary, &body, &[("key", "a/")], Some(""), "");
}

#[test]
fn curl() {
    let boundary = "------------------------d74496d66958873e";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"Content-Type\"\r\n\r\n\
         text/plain\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\
         Content-Type: text/plain\r\n\r\nhello\n\r\n--{boundary}--\r\n"
    );
    check(
        boundary,
        &body,
        &[("key", "k"), ("Content-Type", "text/plain")],
        Some("a.txt"),
        "hello\n",
    );
}

/// With the fields of botocore's `generate_presigned_post`.
#[test]
fn python_requests() {
    let boundary = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
    let fields = [
        ("key", "user/user1/photo.jpg"),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
        ("x-amz-date", "20151229T000000Z"),
        ("policy", "eyJleHBpcmF0aW9uIjogIjIwMTUtMTItMjlUMDE6MDA6MDBaIn0="),
        ("x-amz-signature", "3364624b39010d9b06f5d9b8c9a18a6e478d261c048159c92f2fd6fa885f14e6"),
    ];
    let parts = fields.map(|(name, value)| {
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    });
    let file = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.jpg\"\r\n\
         \r\nbytes\r\n--{boundary}--\r\n"
    );
    let body = parts.concat() + &file;
    check(boundary, &body, &fields, Some("photo.jpg"), "bytes");
}

/// ceph/s3-tests give every part a file's name.
#[test]
fn a_field_with_a_filename_is_no_file() {
    let body = [
        part("form-data; name=\"key\"; filename=\"key\"", "foo.txt"),
        part("form-data; name=\"acl\"; filename=\"acl\"", "private"),
        part("form-data; name=\"file\"; filename=\"file\"", "bar"),
        "--b--\r\n".to_owned(),
    ];
    check("b", &body.concat(), &[("key", "foo.txt"), ("acl", "private")], Some("file"), "bar");
}

#[test]
fn reqwest_escapes_quotes_and_sends_files_without_names() {
    let boundary = "c0a8f7a1e4b2d3c5-1f2e3d4c5b6a7988-0011223344556677-8899aabbccddeeff";
    let body = |filename: &str| {
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n\
             ${{filename}}!\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"{filename}\r\n\r\n\
             bytes\r\n--{boundary}--\r\n"
        )
    };
    check(boundary, &body(""), &[("key", "${filename}!")], None, "bytes");
    let named = body("; filename=\"a\\\"b.txt\"");
    check(boundary, &named, &[("key", "a\"b.txt!")], Some("a\"b.txt"), "bytes");
}

#[test]
fn node_undici() {
    let boundary = "----formdata-undici-037458639206";
    let body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"blob\"\r\n\
         Content-Type: application/octet-stream\r\n\r\nx\r\n--{boundary}--\r\n"
    );
    check(boundary, &body, &[("key", "k")], Some("blob"), "x");
}
