//! Checksums of every algorithm: kept to, kept, and returned.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use stuntbucket::Stuntbucket;

use crate::client::Client;

/// Of no bytes, as the algorithms' own documents give them.
const EMPTY: [(&str, &str); 10] = [
    ("crc32", "00000000"),
    ("crc32c", "00000000"),
    ("crc64nvme", "0000000000000000"),
    ("md5", "d41d8cd98f00b204e9800998ecf8427e"),
    ("sha1", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
    ("sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    (
        "sha512",
        "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
         47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
    ),
    ("xxhash128", "99aa06d3014798d86001c324468d497f"),
    ("xxhash3", "2d06800538d394c2"),
    ("xxhash64", "ef46db3751d8e999"),
];

#[test]
fn every_checksum_is_kept_to_and_returned() {
    let s3 = Stuntbucket::builder().bucket("box").start().unwrap();
    let client = Client::owner(&s3);
    for (name, hex) in EMPTY {
        let header = format!("x-amz-checksum-{name}");
        let value = STANDARD.encode(hex::decode(hex).unwrap());
        let sent = [(header.as_str(), value.as_str())];
        let put = client.send("PUT", "/box/k", &sent, b"");
        assert_eq!((put.status, put.header(&header)), (200, Some(&*value)), "{}", put.text());
        let enabled = [("x-amz-checksum-mode", "ENABLED")];
        let head = client.send("HEAD", "/box/k", &enabled, b"");
        assert_eq!(head.header(&header), Some(&*value));
        let answer = client.send("PUT", "/box/k", &sent, b"other").expect(400, "BadDigest");
        let upper = name.to_uppercase();
        let message = format!("The {upper} you specified did not match the calculated checksum.");
        assert_eq!(answer.element("Message"), Some(message));
        let broken = client.send("PUT", "/box/k", &[(&header, "AAAA")], b"");
        let message = format!("Value for {header} header is invalid.");
        assert_eq!(broken.expect(400, "InvalidRequest").element("Message"), Some(message));
    }
}
