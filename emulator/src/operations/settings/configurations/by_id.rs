//! Configurations of which a bucket has several, each with an id.

use http::StatusCode;

use super::single::write_document;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::operations::document;
use crate::operations::listing::token;
use crate::operations::settings::change;
use crate::operations::settings::schema;
use crate::operations::settings::schema::Part;
use crate::request::Request;
use crate::store::Configuration;
use crate::xml::Element;
use crate::xml::Xml;

/// What there is to know of one kind of document.
pub(super) struct Form {
    pub(super) about: Configuration,
    pub(super) root: &'static str,
    /// The root of a list of them.
    pub(super) list_root: &'static str,
    pub(super) parts: &'static [Part],
    /// What the schema cannot say.
    pub(super) check: fn(&Element) -> Result<(), Failure>,
}

/// A bucket has no more of one kind.
const COUNT_MAX: usize = 1000;
/// A page of a list has no more.
const PAGE_MAX: usize = 100;

pub(super) fn read(permit: &Permit<'_>, form: &Form, request: &Request) -> Result<Answer, Failure> {
    let content = find(permit, form, id(request)?)?;
    Ok(Answer::xml(StatusCode::OK, write_document(form.root, content)))
}

/// Sorted by id, an element that has nothing in it left out (recorded by LocalStack:
/// `test_put_bucket_inventory_config_order`).
pub(super) fn list(permit: &Permit<'_>, form: &Form, request: &Request) -> Result<Answer, Failure> {
    let after = match request.query.get("continuation-token") {
        Some(token) => Some((token, token::read(token)?)),
        None => None,
    };
    let configurations = &permit.bucket()?.settings.configurations;
    let from = after.as_ref().map_or("", |(_, id)| id.as_str());
    let mut found = configurations.after(form.about, from);
    let page: Vec<_> = found.by_ref().take(PAGE_MAX).collect();
    let is_truncated = found.next().is_some();
    let mut xml = Xml::document();
    xml.open_s3(form.list_root);
    for (_, content) in &page {
        xml.open(form.root);
        xml.part(content);
        xml.close();
    }
    xml.leaf("IsTruncated", is_truncated.to_string());
    if let Some((token, _)) = after {
        xml.leaf("ContinuationToken", token);
    }
    if let Some((last, _)) = page.last().filter(|_| is_truncated) {
        xml.leaf("NextContinuationToken", token::write(last));
    }
    xml.close();
    Ok(Answer::xml(StatusCode::OK, xml.finish()))
}

pub(super) async fn write(
    permit: &Permit<'_>,
    form: &Form,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let id = id(request)?;
    let document = document::needed(body).await?;
    let root = document::parse(&document, form.root)?;
    let content = schema::canonical(&root, form.parts, &permit.world().ids)?;
    let named = root.child("Id").map(Element::text).unwrap_or_default();
    if named != id {
        return Err(Fault::IdMismatch
            .because(format!("the document is about `{named}`, and the query about `{id}`")));
    }
    (form.check)(&root)?;
    let configurations = &permit.bucket()?.settings.configurations;
    if configurations.find(form.about, id).is_none()
        && configurations.after(form.about, "").count() >= COUNT_MAX
    {
        return Err(Fault::TooManyConfigurations.failure());
    }
    change(permit, StatusCode::NO_CONTENT, |bucket| {
        bucket.settings.configurations.put(form.about, id, content.clone());
    })
    .await
}

pub(super) async fn delete(
    permit: &Permit<'_>,
    form: &Form,
    request: &Request,
) -> Result<Answer, Failure> {
    let id = id(request)?;
    find(permit, form, id)?;
    change(permit, StatusCode::NO_CONTENT, |bucket| {
        bucket.settings.configurations.remove(form.about, id);
    })
    .await
}

fn find<'p>(permit: &'p Permit<'_>, form: &Form, id: &str) -> Result<&'p str, Failure> {
    permit.bucket()?.settings.configurations.find(form.about, id).ok_or_else(|| {
        Fault::NoSuchConfiguration.because(format!("there is no `{}` of this id", form.root))
    })
}

/// Up to 64 letters, digits, dots, dashes and underscores. The rule is documented; the answer to
/// an id that breaks it was not recorded.
fn id(request: &Request) -> Result<&str, Failure> {
    let id = request.query.get("id").unwrap_or_default();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if (1..=64).contains(&id.len()) && id.bytes().all(fits) {
        return Ok(id);
    }
    Err(Fault::InvalidConfigurationId
        .because("`id` has 1 to 64 letters, digits, dots, dashes and underscores"))
}

/// Destinations are buckets, named by their ARN.
pub(super) fn check_destination(arn: &str) -> Result<(), Failure> {
    if arn.strip_prefix("arn:aws:s3:::").is_some_and(|name| !name.is_empty()) {
        return Ok(());
    }
    Err(Fault::InvalidS3DestinationBucket
        .because(format!("`{arn}` is not of the form arn:aws:s3:::bucket")))
}
