//! Headers of writes, and what is made of them.

use proptest::prelude::*;

use super::*;
use crate::digest::ChecksumAlgorithm;
use crate::digest::Digester;
use crate::digest::Digests;
use crate::digest::Sha256Wanted;
use crate::request::tests::request;

type Pairs<'a> = &'a [(&'a str, &'a str)];

fn written(query: &str, headers: Pairs<'_>) -> Result<Written, Failure> {
    Written::read(&request("PUT", query, headers))
}

fn owned(pairs: Pairs<'_>) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn nothing_said_means_the_defaults() {
    let expected = Written {
        headers: owned(&[("content-type", "binary/octet-stream")]),
        metadata: Vec::new(),
        storage_class: "STANDARD".to_owned(),
        tags: Vec::new(),
    };
    assert_eq!(written("", &[]).unwrap(), expected);
    assert_eq!(written("", &[("content-type", "")]).unwrap(), expected);
    assert_eq!(written("", &[("content-encoding", "aws-chunked")]).unwrap(), expected);
}

#[test]
fn what_is_said_is_kept() {
    let found = written(
        "",
        &[
            ("Cache-Control", "no-cache"),
            ("Content-Disposition", "attachment"),
            ("Content-Encoding", "gzip"),
            ("Content-Language", "de"),
            ("Content-Type", "image/png"),
            ("Expires", "not a date"),
            ("x-amz-website-redirect-location", "/elsewhere"),
            ("x-amz-storage-class", "GLACIER_IR"),
            ("x-amz-tagging", "b=1&a"),
            ("x-amz-meta-Color", "ü"),
            ("x-amz-meta-__twice", "1"),
            ("x-amz-meta-__twice", "2"),
        ],
    );
    let expected = Written {
        headers: owned(&[
            ("cache-control", "no-cache"),
            ("content-disposition", "attachment"),
            ("content-encoding", "gzip"),
            ("content-language", "de"),
            ("expires", "not a date"),
            ("x-amz-website-redirect-location", "/elsewhere"),
            ("content-type", "image/png"),
        ]),
        metadata: owned(&[("color", "ü"), ("__twice", "1,2")]),
        storage_class: "GLACIER_IR".to_owned(),
        tags: owned(&[("a", ""), ("b", "1")]),
    };
    assert_eq!(found.unwrap(), expected);
}

#[test]
fn a_presigned_url_says_it_in_its_query() {
    let query = "X-Amz-Meta-A=1&x-amz-meta-b=2&x-amz-storage-class=GLACIER&x-amz-tagging=k%3Dv\
                 &X-Amz-Signature=s";
    let found = written(query, &[("x-amz-meta-b", "header")]).unwrap();
    assert_eq!(found.metadata, owned(&[("b", "header"), ("a", "1")]));
    assert_eq!((found.storage_class.as_str(), found.tags), ("GLACIER", owned(&[("k", "v")])));
    let unsigned = written("x-amz-meta-a=1", &[]).unwrap();
    assert_eq!(unsigned.metadata, []);
}

#[test]
fn the_encoding_of_the_transfer_is_not_kept() {
    for (sent, kept) in [
        ("gzip", Some("gzip")),
        ("aws-chunked, gzip", Some("gzip")),
        ("gzip,aws-chunked", Some("gzip")),
        ("gzip,aws-chunked,br", Some("gzip,br")),
        ("gzip, aws-chunked, br", Some("gzip, br")),
        ("AWS-Chunked", None),
    ] {
        let found = written("", &[("content-encoding", sent)]).unwrap();
        let encoding = found.headers.iter().find(|(name, _)| name == "content-encoding");
        assert_eq!(encoding.map(|(_, value)| value.as_str()), kept, "{sent}");
    }
}

#[track_caller]
fn refused(headers: Pairs<'_>, code: &str, elements: Pairs<'_>) {
    let failure = written("", headers).unwrap_err();
    check_failure(&failure, code, elements);
}

#[track_caller]
fn check_failure(failure: &Failure, code: &str, elements: Pairs<'_>) {
    let found: Vec<(&str, &str)> =
        failure.elements.iter().map(|(name, text)| (*name, text.as_str())).collect();
    assert_eq!((failure.error.code, found.as_slice()), (code, elements));
}

#[test]
fn values_that_s3_refuses() {
    for class in ["OUTPOSTS", "standard", ""] {
        let elements = [("StorageClassRequested", class)];
        refused(&[("x-amz-storage-class", class)], "InvalidStorageClass", &elements);
    }
    for location in ["elsewhere", "ftp://host/"] {
        let headers = [("x-amz-website-redirect-location", location)];
        refused(&headers, "InvalidRedirectLocation", &[]);
    }
}

#[test]
fn metadata_has_two_limits() {
    let size = [("Size", "2049"), ("MaxSizeAllowed", "2048")];
    let (fits, long) = ("v".repeat(2047), "v".repeat(2048));
    assert!(written("", &[("x-amz-meta-k", &fits)]).is_ok());
    refused(&[("x-amz-meta-k", &long)], "MetadataTooLarge", &size);
    let (fits, long) = ("v".repeat(2048 - 13), "v".repeat(2049 - 13));
    assert!(written("", &[("cache-control", &fits), ("x-amz-meta-k", "v")]).is_ok());
    refused(&[("cache-control", &long)], "MetadataTooLarge", &size);
}

fn promised(query: &str, headers: Pairs<'_>) -> Result<Promised, Failure> {
    Promised::read(&request("PUT", query, headers))
}

/// The digests of `test data..`.
fn digests(algorithm: ChecksumAlgorithm) -> Digests {
    let mut digester = Digester::new(Sha256Wanted::No, algorithm);
    digester.update(b"test data..");
    digester.finish()
}

#[test]
fn promises_that_are_none() {
    for value in ["__invalid__", "000", "MTIz", ""] {
        let failure = promised("", &[("content-md5", value)]).unwrap_err();
        check_failure(&failure, "InvalidDigest", &[("Content-MD5", value)]);
    }
    let single = "Expecting a single x-amz-checksum- header";
    for (headers, message) in [
        (
            &[("x-amz-checksum-sha256", "test")][..],
            "Value for x-amz-checksum-sha256 header is invalid.",
        ),
        (
            &[("x-amz-checksum-crc32", "cZWHwQ=="), ("x-amz-checksum-crc32c", "Pf4upw==")],
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        ),
        (
            &[("x-amz-checksum-crc32", "cZWHwQ=="), ("x-amz-trailer", "X-Amz-Checksum-Crc32")],
            single,
        ),
        (
            &[("x-amz-trailer", "x-amz-meta-a")],
            "The value specified in the x-amz-trailer header is not supported",
        ),
        (
            &[("x-amz-sdk-checksum-algorithm", "CRC32")],
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or \
             x-amz-trailer headers were found.",
        ),
        (
            &[("x-amz-checksum-crc32", "cZWHwQ=="), ("x-amz-sdk-checksum-algorithm", "SHA1")],
            "Value for x-amz-sdk-checksum-algorithm header is invalid.",
        ),
        (
            &[("x-amz-checksum-bad", "cZWHwQ==")],
            "The algorithm type you specified in x-amz-checksum- header is invalid.",
        ),
        (
            &[("x-amz-trailer", "x-amz-checksum-crc32, x-amz-checksum-crc32c")],
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        ),
    ] {
        let failure = promised("", headers).unwrap_err();
        assert_eq!((failure.error.code, &*failure.error.message), ("InvalidRequest", message));
    }
    let failure = promised("", &[("x-amz-checksum-sha512", "x")]).unwrap_err();
    assert_eq!(failure.error.message, "Value for x-amz-checksum-sha512 header is invalid.");
}

#[test]
fn the_query_of_a_presigned_url_promises_nothing() {
    let query = "x-amz-checksum-crc32=AAAAAA%3D%3D&x-amz-sdk-checksum-algorithm=CRC32\
                 &X-Amz-Signature=s";
    assert_eq!(promised(query, &[]).unwrap(), Promised::default());
    for name in ["x-amz-checksum-algorithm", "x-amz-checksum-mode", "x-amz-checksum-type"] {
        assert_eq!(promised("", &[(name, "TEST")]).unwrap(), Promised::default());
    }
}

#[track_caller]
fn check_kept(headers: Pairs<'_>, trailers: Pairs<'_>) -> Result<(), Failure> {
    let promised = promised("", headers).unwrap();
    promised.compare(&digests(promised.algorithm()), &owned(trailers))
}

#[test]
fn promises_that_are_kept() {
    for (headers, trailers) in [
        (&[][..], &[][..]),
        (&[("content-md5", "5tkibCqGtyMpM2Y8E0Z1Jw==")], &[]),
        (&[("x-amz-checksum-crc32", "cZWHwQ=="), ("x-amz-sdk-checksum-algorithm", "CRC32")], &[]),
        (&[("x-amz-checksum-crc64nvme", "qUVrWYOrIAM=")], &[]),
        (&[("x-amz-trailer", "x-amz-checksum-crc32c")], &[("x-amz-checksum-CRC32C", "Pf4upw==")]),
        (&[("x-amz-trailer", "x-amz-checksum-crc32c, ")], &[("x-amz-checksum-crc32c", "Pf4upw==")]),
    ] {
        check_kept(headers, trailers).unwrap();
    }
}

#[test]
fn promises_that_are_broken() {
    let failure = check_kept(&[("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==")], &[]).unwrap_err();
    let expected = [
        ("CalculatedDigest", "5tkibCqGtyMpM2Y8E0Z1Jw=="),
        ("ExpectedDigest", "d41d8cd98f00b204e9800998ecf8427e"),
    ];
    check_failure(&failure, "BadDigest", &expected);
    for (headers, trailers, code, message) in [
        (
            &[("x-amz-checksum-sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")][..],
            &[][..],
            "BadDigest",
            "The SHA256 you specified did not match the calculated checksum.",
        ),
        (
            &[("x-amz-trailer", "x-amz-checksum-crc64nvme")],
            &[("x-amz-checksum-crc64nvme", "AAAAAAAAAAA=")],
            "BadDigest",
            "The CRC64NVME you specified did not match the calculated checksum.",
        ),
        (
            &[("x-amz-trailer", "x-amz-checksum-crc64nvme")],
            &[("x-amz-checksum-crc64nvme", "x")],
            "InvalidRequest",
            "Value for x-amz-checksum-crc64nvme trailing header is invalid.",
        ),
        (
            &[("x-amz-trailer", "x-amz-checksum-crc64nvme")],
            &[("x-amz-checksum-crc32", "cZWHwQ==")],
            "MalformedTrailerError",
            "The request contained trailing data that was not well-formed or did not conform to \
             our published schema.",
        ),
    ] {
        let failure = check_kept(headers, trailers).unwrap_err();
        assert_eq!((failure.error.code, &*failure.error.message), (code, message));
    }
}

proptest! {
    #[test]
    fn no_value_is_too_odd(value in "[ -~\u{80}-\u{ff}]*") {
        for name in ["content-encoding", "content-md5", "x-amz-tagging", "x-amz-trailer"] {
            let request = request("PUT", "", &[(name, &value), ("x-amz-checksum-sha1", &value)]);
            let _ = (Written::read(&request), Promised::read(&request));
        }
    }
}
