//! The document that completes an upload.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::digest::ChecksumAlgorithm;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::operations::document::parse;
use crate::xml::Element;

/// Ten thousand parts with all that can be said of them are shorter.
pub(super) const BYTES_MAX: usize = 8 * 1024 * 1024;

/// A part as the document names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) number: u32,
    /// Without quotes.
    pub(super) etag: String,
    pub(super) checksums: Vec<(ChecksumAlgorithm, String)>,
}

/// Reads the parts. None of them, or no document, is an answer too.
pub(super) fn read(document: &[u8]) -> Result<Vec<Named>, Failure> {
    if document.is_empty() {
        return Ok(Vec::new());
    }
    parse(document, "CompleteMultipartUpload")?.children("Part").map(part).collect()
}

fn part(element: &Element) -> Result<Named, Failure> {
    let text = |name| element.child(name).map(|child| child.text().trim());
    let missing = |what| Fault::MalformedXml.because(format!("a `Part` has no {what}"));
    let number = text("PartNumber").ok_or_else(|| missing("`PartNumber`"))?;
    let number: i64 = number
        .parse()
        .map_err(|_| Fault::MalformedXml.because(format!("`{number}` is not a part number")))?;
    let etag = text("ETag").ok_or_else(|| missing("`ETag`"))?;
    if number < 1 {
        return Err(invalid_argument("PartNumber must be >= 1", "partNumber"));
    }
    // A number that is too large is one that no part has.
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    let checksums: Vec<_> = ChecksumAlgorithm::ALL
        .into_iter()
        .filter_map(|algorithm| Some((algorithm, text(algorithm.element())?.to_owned())))
        .collect();
    check_checksums(&checksums)?;
    Ok(Named { number, etag: etag.trim_matches('"').to_owned(), checksums })
}

/// A part has one checksum at most, in base64 (the text is that of OpenStack Swift's tests, which
/// know AWS's answers).
fn check_checksums(checksums: &[(ChecksumAlgorithm, String)]) -> Result<(), Failure> {
    let is_base64 = |(_, value): &(_, String)| STANDARD.decode(value).is_ok();
    if checksums.len() <= 1 && checksums.iter().all(is_base64) {
        return Ok(());
    }
    let shown = checksums.iter().map(|(algorithm, value)| format!("{}:{value};", algorithm.name()));
    Err(invalid_argument("Invalid Base64 or multiple checksums present in request", "Checksum")
        .with("ArgumentValue", shown.collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(parts: &str) -> String {
        format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>")
    }

    #[test]
    fn parts_are_read_with_and_without_quotes() {
        let parts = "<Part><ETag>&quot;a&quot;</ETag><PartNumber>1</PartNumber></Part><Part>\
                     <PartNumber>2</PartNumber><ETag>b</ETag><ChecksumCRC32>cZWHwQ==</ChecksumCRC32></Part>";
        let named =
            |number, etag: &str, checksums| Named { number, etag: etag.to_owned(), checksums };
        let crc32 = vec![(ChecksumAlgorithm::Crc32, "cZWHwQ==".to_owned())];
        let expected = vec![named(1, "a", Vec::new()), named(2, "b", crc32)];
        assert_eq!(read(document(parts).as_bytes()).unwrap(), expected);
        assert_eq!(read(b"").unwrap(), []);
        assert_eq!(read(document("").as_bytes()).unwrap(), []);
    }

    #[track_caller]
    fn check(document: &str, code: &str) {
        assert_eq!(read(document.as_bytes()).unwrap_err().error.code, code, "{document}");
    }

    #[test]
    fn documents_that_are_none_are_refused() {
        check("no xml", "MalformedXML");
        check("<Other></Other>", "MalformedXML");
        check(&document("<Part><ETag>a</ETag></Part>"), "MalformedXML");
        check(&document("<Part><PartNumber>1</PartNumber></Part>"), "MalformedXML");
        let number =
            |text| document(&format!("<Part><PartNumber>{text}</PartNumber><ETag>a</ETag></Part>"));
        check(&number("one"), "MalformedXML");
        check(&number("0"), "InvalidArgument");
        check(&number("-1"), "InvalidArgument");
        let of = |checksums: &str| {
            let part = format!("<PartNumber>1</PartNumber><ETag>a</ETag>{checksums}");
            document(&format!("<Part>{part}</Part>"))
        };
        let crc32 = "<ChecksumCRC32>y/Q5Jh==</ChecksumCRC32>";
        check(&of(crc32), "InvalidArgument");
        let two = of("<ChecksumSHA1>AAAA</ChecksumSHA1><ChecksumCRC32>AAAA</ChecksumCRC32>");
        let failure = read(two.as_bytes()).unwrap_err();
        let shown = ("ArgumentValue", "CRC32:AAAA;SHA1:AAAA;".to_owned());
        assert_eq!(failure.elements[1], shown);
    }
}
