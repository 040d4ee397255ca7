//! The document that completes an upload.

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
    let checksums = ChecksumAlgorithm::ALL.into_iter().filter_map(|algorithm| {
        text(algorithm.element()).map(|value| (algorithm, value.to_owned()))
    });
    Ok(Named { number, etag: etag.trim_matches('"').to_owned(), checksums: checksums.collect() })
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
                     <PartNumber>2</PartNumber><ETag>b</ETag><ChecksumCRC32>x</ChecksumCRC32></Part>";
        let named =
            |number, etag: &str, checksums| Named { number, etag: etag.to_owned(), checksums };
        let crc32 = vec![(ChecksumAlgorithm::Crc32, "x".to_owned())];
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
    }
}
