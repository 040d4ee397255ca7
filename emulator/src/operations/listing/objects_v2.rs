//! ListObjectsV2.

use http::StatusCode;

use super::fold::Page;
use super::page;
use super::page::Owners;
use super::page::Parameters;
use super::page::Skip;
use super::token;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::place::BUCKET_REGION;
use crate::request::Request;
use crate::store::Bucket;
use crate::store::Object;
use crate::xml::Xml;

struct Input {
    both: Parameters,
    start_after: Option<String>,
    /// The token as sent, and the line that it stands for.
    continuation: Option<(String, String)>,
    owners: Owners,
}

/// Lists objects, from a token or a key on.
pub(crate) async fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let input = read(permit, request)?;
    // The token beats `start-after` (recorded by LocalStack:
    // `test_list_objects_v2_continuation_start_after`).
    let after = match (&input.continuation, &input.start_after) {
        (Some((_, last)), _) => Some((last.clone(), Skip::KeyAndGroup)),
        (None, Some(key)) => Some((key.clone(), Skip::Key)),
        (None, None) => None,
    };
    let page = page::find(permit, &input.both, after).await?;
    let bucket = permit.bucket()?;
    let mut answer = Answer::xml(StatusCode::OK, write(bucket, &input, &page));
    answer.set(BUCKET_REGION, &bucket.region);
    Ok(answer)
}

fn read(permit: &Permit<'_>, request: &Request) -> Result<Input, Failure> {
    let query = &request.query;
    let continuation = match query.get("continuation-token") {
        Some(token) => Some((token.to_owned(), token::read(token)?)),
        None => None,
    };
    let is_owner_wanted = query.get("fetch-owner") == Some("true");
    Ok(Input {
        both: Parameters::read(permit, request)?,
        start_after: query.get("start-after").filter(|key| !key.is_empty()).map(str::to_owned),
        continuation,
        owners: if is_owner_wanted { Owners::Shown } else { Owners::Hidden },
    })
}

fn write(bucket: &Bucket, input: &Input, page: &Page<Object>) -> String {
    let asked = &input.both;
    let name = |name| page::name(name, asked.encoding);
    let mut xml = Xml::document();
    xml.open_s3("ListBucketResult");
    xml.leaf("Name", &bucket.name);
    xml.leaf("Prefix", name(&asked.prefix));
    match (&input.continuation, &input.start_after) {
        (Some((token, _)), _) => xml.leaf("ContinuationToken", token),
        (None, Some(key)) => xml.leaf("StartAfter", name(key)),
        (None, None) => {}
    }
    if let Some(last) = page.lines.last().filter(|_| page.is_truncated) {
        xml.leaf("NextContinuationToken", token::write(last.name()));
    }
    xml.leaf("KeyCount", page.lines.len().to_string());
    page::write_bounds(&mut xml, asked, page.is_truncated);
    page::write_lines(&mut xml, bucket, page, asked, input.owners);
    xml.close();
    xml.finish()
}
