//! UploadPartCopy.

use http::StatusCode;

use super::find;
use super::part;
use super::part_number;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::authorize::TagsOfSource;
use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::operations::object::copy_source;
use crate::operations::object::copy_source::Source;
use crate::operations::object::encryption;
use crate::request::Request;
use crate::store::Part;
use crate::store::Upload;
use crate::xml::Xml;

/// Writes a part that is a copy.
pub(in crate::operations) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
) -> Result<Answer, Failure> {
    let number = part_number(request)?;
    let upload = find(permit, request)?;
    encryption::check_part(permit, request, &upload.object.encryption)?;
    let source = Source::find(permit, request, TagsOfSource::StayBehind)?;
    let (first, length) = range(request, source.object.size)?;
    copy_source::check_size(length)?;
    let (incoming, digests) =
        copy_source::pour(permit, &source, first, length, upload.algorithm()).await?;
    let checksum = digests.checksum.clone();
    let part = part::keep(permit, request, &upload, number, incoming, &digests, checksum).await?;
    let mut answer = write(&upload, &part);
    source.tell_version(&mut answer);
    Ok(answer)
}

/// The first byte to copy, and how many there are. The texts are recorded by LocalStack:
/// `test_upload_part_copy_range`.
fn range(request: &Request, size: u64) -> Result<(u64, u64), Failure> {
    let name = "x-amz-copy-source-range";
    let Some(text) = request.parameter(name) else { return Ok((0, size)) };
    let refused = |message: String| invalid_argument(message, name).with("ArgumentValue", &*text);
    let Some((first, last)) = parse(&text) else {
        return Err(refused(
            "The x-amz-copy-source-range value must be of the form bytes=first-last where first \
             and last are the zero-based offsets of the first and last bytes to copy"
                .to_owned(),
        ));
    };
    if first >= size {
        return Err(invalid_request(
            "The specified copy range is invalid for the source object size",
        )
        .because(format!("the source has {size} bytes")));
    }
    if last >= size {
        let message = format!("Range specified is not valid for source object of size: {size}");
        return Err(refused(message));
    }
    Ok((first, last - first + 1))
}

fn parse(text: &str) -> Option<(u64, u64)> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let number = |text: &str| {
        let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u64>().ok().filter(|_| is_number)
    };
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

fn write(upload: &Upload, part: &Part) -> Answer {
    let mut xml = Xml::document();
    xml.open_s3("CopyPartResult");
    xml.leaf("LastModified", part.modified.iso_millis());
    xml.leaf_with_quotes("ETag", &format!("\"{}\"", part.etag));
    if let Some(checksum) = part::shown_checksum(upload, part) {
        xml.leaf(checksum.algorithm.element(), &checksum.value);
    }
    xml.close();
    let mut answer = Answer::xml(StatusCode::OK, xml.finish());
    encryption::tell(&mut answer, &upload.object.encryption);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::tests::request;

    #[track_caller]
    fn check(text: &str, expected: Result<(u64, u64), &str>) {
        let request = request("PUT", "", &[("x-amz-copy-source-range", text)]);
        let found = range(&request, 10).map_err(|failure| failure.error.message.into_owned());
        match expected {
            Ok(expected) => assert_eq!(found, Ok(expected), "{text}"),
            Err(expected) => assert!(found.unwrap_err().starts_with(expected), "{text}"),
        }
    }

    #[test]
    fn ranges_are_of_one_form_and_inside_of_the_source() {
        check("bytes=0-9", Ok((0, 10)));
        check("bytes=3-3", Ok((3, 1)));
        for text in ["0-9", "bytes=0-", "bytes=-9", "bytes=9-0", "bytes=0-1,2-3", "bytes=+1-2", ""]
        {
            check(text, Err("The x-amz-copy-source-range value must be"));
        }
        check("bytes=0-10", Err("Range specified is not valid for source object of size: 10"));
        check("bytes=10-11", Err("The specified copy range is invalid"));
    }
}
