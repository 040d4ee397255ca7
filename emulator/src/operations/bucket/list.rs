//! ListBuckets.

use http::StatusCode;
use http::header::LOCATION;

use super::arn;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::failure::saying;
use crate::names::is_region;
use crate::operations::listing::token;
use crate::request::Request;
use crate::store::Bucket;
use crate::xml::Xml;

/// What of the caller's buckets is asked for.
struct Input {
    prefix: Option<String>,
    region: Option<String>,
    /// The name after which the page begins.
    after: Option<String>,
    buckets_max: usize,
    is_paged: bool,
}

/// Lists the buckets of the caller's account.
pub(crate) fn answer(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let Some(account) = permit.caller().account() else {
        // S3 shows anonymous callers its product page.
        return Err(saying("TemporaryRedirect", 307, "Please see https://aws.amazon.com/s3/")
            .with_header(LOCATION, "https://aws.amazon.com/s3/")
            .because("only signed requests can list buckets"));
    };
    let input = read(permit, request)?;
    let mut buckets = permit.world().store.buckets()?;
    buckets.retain(|bucket| {
        bucket.account == account
            && input.prefix.as_ref().is_none_or(|prefix| bucket.name.starts_with(prefix))
            && input.region.as_ref().is_none_or(|region| bucket.region == *region)
            && input.after.as_ref().is_none_or(|after| bucket.name > *after)
    });
    let is_truncated = buckets.len() > input.buckets_max;
    buckets.truncate(input.buckets_max);
    let owner = permit.caller().canonical_id();
    Ok(Answer::xml(StatusCode::OK, write(&input, &buckets, is_truncated, owner.as_str())))
}

fn read(permit: &Permit<'_>, request: &Request) -> Result<Input, Failure> {
    let query = &request.query;
    let buckets_max = match query.get("max-buckets") {
        None => None,
        Some(number) => {
            let number = number.parse().ok().filter(|number| (1..=10_000).contains(number));
            Some(number.ok_or_else(|| {
                // The text was not recorded; the range is documented.
                invalid_argument(
                    "Argument max-buckets must be an integer between 1 and 10000",
                    "max-buckets",
                )
            })?)
        }
    };
    let region = query.get("bucket-region").map(str::to_owned);
    if let Some(region) = &region
        && !is_region(region)
        && *region != permit.world().region
    {
        let message = format!("Argument value {region} is not a valid AWS Region");
        return Err(invalid_argument(message, "bucket-region"));
    }
    let after = match query.get("continuation-token") {
        None | Some("") => None,
        Some(token) => Some(token::read(token)?),
    };
    Ok(Input {
        prefix: query.get("prefix").map(str::to_owned),
        is_paged: ["max-buckets", "bucket-region", "prefix", "continuation-token"]
            .iter()
            .any(|name| query.has(name)),
        region,
        after,
        buckets_max: buckets_max.unwrap_or(10_000),
    })
}

fn write(input: &Input, buckets: &[Bucket], is_truncated: bool, owner: &str) -> String {
    let mut xml = Xml::document();
    xml.open_s3("ListAllMyBucketsResult");
    xml.open("Owner");
    xml.leaf("ID", owner);
    xml.close();
    xml.open("Buckets");
    for bucket in buckets {
        xml.open("Bucket");
        xml.leaf("Name", &bucket.name);
        xml.leaf("CreationDate", bucket.created.iso_millis());
        if input.is_paged {
            xml.leaf("BucketRegion", &bucket.region);
            xml.leaf("BucketArn", arn(&bucket.name));
        }
        xml.close();
    }
    xml.close();
    if let Some(last) = buckets.last().filter(|_| is_truncated) {
        xml.leaf("ContinuationToken", token::write(&last.name));
    }
    if let Some(prefix) = &input.prefix {
        xml.leaf("Prefix", prefix);
    }
    xml.close();
    xml.finish()
}
