//! Forms as clients send them, whole, in pieces, broken and too long.

mod clients;

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use proptest::prelude::*;

use super::gate::PIECE_BYTES_MAX;
use super::*;
use crate::request::headers::Promised;
use crate::request::headers::Written;
use crate::request::tests::request;

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// What was read of a form: its fields, the file's name and its bytes.
type Found = (Vec<(String, String)>, Option<String>, Vec<u8>);

fn run<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

/// A body that comes in pieces of this many bytes, and now and then lets the reader wait.
fn in_pieces(bytes: &[u8], piece: usize) -> ByteStream {
    let pieces: Vec<Bytes> = bytes.chunks(piece.max(1)).map(Bytes::copy_from_slice).collect();
    Box::pin(stream::iter(pieces).then(|piece| async {
        if piece.len() % 3 == 1 {
            tokio::task::yield_now().await;
        }
        Ok(piece)
    }))
}

async fn read_all(content_type: &str, body: ByteStream) -> Result<Found, Failure> {
    let request = request("POST", "", &[("content-type", content_type)]);
    let (form, mut file) = Form::read(&request, body).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = file.next().await {
        bytes.extend_from_slice(&piece?);
    }
    file.finish().await?;
    Ok((form.fields, form.filename, bytes))
}

fn read(boundary: &str, body: &[u8], piece: usize) -> Result<Found, Failure> {
    let content_type = format!("multipart/form-data; boundary={boundary}");
    run(read_all(&content_type, in_pieces(body, piece)))
}

#[track_caller]
fn check(boundary: &str, body: &str, fields: Pairs<'_>, filename: Option<&str>, file: &str) {
    let fields: Vec<_> = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let expected = (fields, filename.map(String::from), file.as_bytes().to_vec());
    for piece in [1, 2, 7, 64, body.len()] {
        let found = read(boundary, body.as_bytes(), piece).unwrap();
        assert_eq!(found, expected, "in pieces of {piece} bytes");
    }
}

#[track_caller]
fn refused(body: &str, code: &str, elements: Pairs<'_>) {
    for piece in [1, 10, body.len()] {
        let failure = read("b", body.as_bytes(), piece).unwrap_err();
        let found: Vec<(&str, &str)> =
            failure.elements.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!((failure.error.code, found.as_slice()), (code, elements), "{failure:?}");
    }
}

/// A part as curl writes it.
fn part(disposition: &str, value: &str) -> String {
    format!("--b\r\nContent-Disposition: {disposition}\r\n\r\n{value}\r\n")
}

fn field(name: &str, value: &str) -> String {
    part(&format!("form-data; name=\"{name}\""), value)
}

fn file(value: &str) -> String {
    part("form-data; name=\"file\"; filename=\"a.txt\"", value)
}

#[test]
fn the_name_of_the_file_has_no_folders() {
    for (filename, name) in [
        ("C:\\dir\\a.txt", "a.txt"),
        ("dir/sub/a.txt", "a.txt"),
        ("mixed\\dir/a.txt", "a.txt"),
        ("dir/", ""),
        ("a.txt", "a.txt"),
    ] {
        let disposition = format!("form-data; name=\"file\"; filename=\"{filename}\"");
        let fields =
            field("key", "x/${filename}") + &field("x-amz-meta-f", "${filename}${filename}");
        let body = fields + &part(&disposition, "") + "--b--";
        let twice = format!("{name}{name}");
        let fields = [("key", format!("x/{name}")), ("x-amz-meta-f", twice)];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        check("b", &body, &fields, Some(name), "");
    }
}

#[test]
fn lenient_where_forms_differ() {
    let body = "preamble\r\n--b \t\r\ncontent-disposition: Form-Data; name=key\r\n\
                Content-Transfer-Encoding: 8bit\r\n\r\nk\r\n\
                --b\r\nContent-Disposition: form-data; name=FILE\r\n\r\nx\r\n--b--";
    check("b", body, &[("key", "k")], None, "x");
    check("\"b\"; charset=utf-8", body, &[("key", "k")], None, "x");
    // Not form-data, and so not the file.
    let body = part("attachment; name=\"file\"", "y") + &field("key", "k") + &file("x") + "--b--";
    check("b", &body, &[("file", "y"), ("key", "k")], Some("a.txt"), "x");
}

#[test]
fn there_must_be_one_file() {
    let count = |count| [("ArgumentName", "file"), ("ArgumentValue", count)];
    refused(&(field("key", "k") + "--b--\r\n"), "InvalidArgument", &count("0"));
    refused("--b--\r\n", "InvalidArgument", &[("ArgumentName", "key"), ("ArgumentValue", "")]);
    let two = field("key", "k") + &file("1") + &file("2") + "--b--\r\n";
    refused(&two, "InvalidArgument", &count("2"));
    let apart = field("key", "k") + &file("1") + &field("submit", "") + &file("2") + "--b--\r\n";
    refused(&apart, "InvalidArgument", &count("2"));
}

#[test]
fn broken_forms_are_refused() {
    let whole = field("key", "k") + &file("bytes") + &field("submit", "x") + "--b--";
    for end in 0..whole.len() {
        let failure = read("b", &whole.as_bytes()[..end], 50).unwrap_err();
        assert_eq!(failure.error.code, "MalformedPOSTRequest", "{end}: {failure:?}");
    }
    for body in [
        "no form at all",
        "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; filename=\"x\"\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition form-data\r\n\r\nx\r\n--b--",
        "--b\nContent-Disposition: form-data; name=\"key\"\n\nk\n--b--",
    ] {
        refused(body, "MalformedPOSTRequest", &[]);
    }
}

#[test]
fn a_broken_wire_is_told_as_such() {
    let whole = field("key", "k") + &file("bytes") + &field("submit", "x");
    for end in 0..whole.len() {
        let came = Bytes::copy_from_slice(&whole.as_bytes()[..end]);
        let body = stream::iter([Ok(came), Err(Fault::IncompleteBody.failure())]);
        let failure = run(read_all("multipart/form-data; boundary=b", Box::pin(body)));
        assert_eq!(failure.unwrap_err().error.code, "IncompleteBody", "{end}");
    }
}

#[test]
fn fields_before_the_file_have_a_limit() {
    let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
    let rest = field("key", "").len() + head.len();
    let form = |bytes: usize| field("key", &"k".repeat(bytes - rest)) + head + "bytes\r\n--b--";
    for piece in [1000, 20_480, 1 << 20] {
        assert_eq!(read("b", form(20_480).as_bytes(), piece).unwrap().2, b"bytes");
        for bytes in [20_481, 100_000] {
            let failure = read("b", form(bytes).as_bytes(), piece).unwrap_err();
            assert_eq!(failure.error.code, "MaxPostPreDataLengthExceeded");
            let expected = [("MaxPostPreDataLengthBytes", "20480".to_owned())];
            assert_eq!(failure.elements, expected);
        }
    }
    // Whatever it is that does not end.
    for endless in ["x", "--b\r\nContent-Disposition: ", "--b\r\n", "\r\n", "--b\r\nX: y\r\n\r\n\r"]
    {
        let failure = read("b", endless.repeat(30_000).as_bytes(), 1000).unwrap_err();
        let codes = ["MaxPostPreDataLengthExceeded", "MalformedPOSTRequest"];
        assert!(codes.contains(&failure.error.code), "{endless}: {failure:?}");
    }
}

/// A gigabyte that is always ready must not be taken in faster than it is read.
#[test]
fn a_file_passes_without_being_held() {
    const PIECES: usize = 1024;
    const PIECE_BYTES: usize = 1024 * 1024;
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let piece = Bytes::from(vec![b'\r'; PIECE_BYTES]);
    let head =
        Bytes::from(field("key", "k") + "--b\r\nContent-Disposition: form-data; name=file\r\n\r\n");
    let pieces = std::iter::once(head)
        .chain(std::iter::repeat_n(piece, PIECES))
        .chain(std::iter::once(Bytes::from_static(b"\r\n--b--\r\n")));
    let body = stream::iter(pieces.map(move |piece| {
        counted.fetch_add(piece.len(), Ordering::Relaxed);
        Ok(piece)
    }));
    run(async {
        let content_type = [("content-type", "multipart/form-data; boundary=b")];
        let request = request("POST", "", &content_type);
        let (_, mut file) = Form::read(&request, Box::pin(body)).await.unwrap();
        let mut read = 0;
        while let Some(bytes) = file.next().await {
            let bytes = bytes.unwrap();
            read += bytes.len();
            assert!(bytes.len() <= 2 * PIECE_BYTES_MAX);
            // One piece of the wire, and what the parser has in hand.
            assert!(sent.load(Ordering::Relaxed) - read <= PIECE_BYTES + 2 * PIECE_BYTES_MAX);
        }
        file.finish().await.unwrap();
        assert_eq!(read, PIECES * PIECE_BYTES);
    });
}

#[test]
fn what_comes_after_the_file_is_read_within_a_bound() {
    let long = field("junk", &"x".repeat(3 << 20));
    let body = field("key", "k") + &file("1") + &long + &file("2") + "--b--";
    assert_eq!(read("b", body.as_bytes(), 65_536).unwrap().2, b"1");
    let short = field("junk", &"x".repeat(1 << 19));
    let body = field("key", "k") + &file("1") + &short + &file("2") + "--b--";
    assert_eq!(read("b", body.as_bytes(), 65_536).unwrap_err().error.code, "InvalidArgument");
}

fn form(fields: Pairs<'_>) -> Form {
    let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    Form { fields, filename: None }
}

#[test]
fn fields_are_found_in_any_case_and_joined() {
    let form = form(&[("kEy", "a"), ("x-amz-meta-A", "1"), ("KEY", "b"), ("X-Amz-Meta-a", "2")]);
    assert_eq!(form.get("Key").as_deref(), Some("a,b"));
    assert_eq!(form.get("absent"), None);
    assert_eq!(form.with_prefix("x-amz-meta-"), [("a".to_owned(), "1,2".to_owned())]);
}

#[test]
fn fields_say_what_headers_say() {
    let form = form(&[
        ("Content-Type", "image/png"),
        ("x-amz-meta-TEST-2", "v"),
        ("X-Amz-Storage-Class", "STANDARD_IA"),
        ("tagging", "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>"),
        ("x-amz-tagging", "ignored=1"),
        ("x-amz-checksum-crc32", "AAAAAA=="),
        ("x-amz-trailer", "x-amz-checksum-crc32"),
    ]);
    let written = Written::read(&form).unwrap();
    assert_eq!(written.headers, [("content-type".to_owned(), "image/png".to_owned())]);
    assert_eq!(written.metadata, [("test-2".to_owned(), "v".to_owned())]);
    assert_eq!(written.storage_class, "STANDARD_IA");
    assert_eq!(written.tags, [("k".to_owned(), "v".to_owned())]);
    let promised = Promised::read(&form).unwrap();
    assert_eq!(
        (promised.checksum.map(|checksum| checksum.value), promised.trailer),
        (Some("AAAAAA==".to_owned()), None)
    );
}

proptest! {
    #[test]
    fn no_body_is_too_odd(
        text in "(--b|--|b|\r\n|\r|\n|Content-Disposition: form-data; |name=|file|key|\"|;|:| |\\$\\{filename\\}|é)*",
        piece in 1..40usize,
    ) {
        let _ = read("b", text.as_bytes(), piece);
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..300), piece in 1..40usize) {
        let mut body = b"--b\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n".to_vec();
        body.extend_from_slice(&bytes);
        let _ = (read("b", &bytes, piece), read("b", &body, piece));
    }

    #[test]
    fn every_file_comes_out_as_it_went_in(
        bytes in prop::collection::vec(prop::sample::select(b"\r\n-bx".to_vec()), 0..200),
        piece in 1..40usize,
    ) {
        prop_assume!(!bytes.windows(5).any(|window| window == b"\r\n--b"));
        // Without its last line, the file could end with the start of a boundary.
        let mut body = (field("key", "k") + "--b\r\nContent-Disposition: form-data; name=file\r\n\r\n").into_bytes();
        body.extend_from_slice(&bytes);
        body.extend_from_slice(b"\r\n--b--");
        prop_assert_eq!(read("b", &body, piece).unwrap().2, bytes);
    }
}
