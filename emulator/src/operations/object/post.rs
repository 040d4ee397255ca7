//! PostObject: the form that a browser sends.

use futures_util::StreamExt;
use http::StatusCode;
use http::Uri;
use stuntbucket_signer::encode;
use stuntbucket_signer::verify::SizeLimits;

use super::put::set_written;
use super::upload::Draft;
use super::upload::Published;
use super::upload::Upload;
use crate::answer::Answer;
use crate::authenticate::VerifiedForm;
use crate::authorize::Permit;
use crate::digest::Digester;
use crate::digest::Digests;
use crate::digest::Sha256Wanted;
use crate::events::Happening;
use crate::events::What;
use crate::failure::Failure;
use crate::failure::invalid_argument;
use crate::request::Request;
use crate::request::Style;
use crate::request::check_key_length;
use crate::request::form::Form;
use crate::request::form::FormFile;
use crate::request::headers::Promised;
use crate::request::headers::Written;
use crate::store::Expect;
use crate::xml::Xml;

/// Where a browser goes, or what it is told, after the upload.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Then {
    Redirect(String),
    Ok,
    Created,
    NoContent,
}

/// Writes the file of a form.
pub(crate) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
    verified: VerifiedForm,
) -> Result<Answer, Failure> {
    let VerifiedForm { form, file, limits } = verified;
    let (draft, promised) = read(permit, &form)?;
    let key = draft.key.clone();
    let (upload, digests) = pour(permit, file, &limits, &promised).await?;
    promised.compare(&digests, &[])?;
    // A form overwrites, whatever conditions the request has (pinned by argmin's tests).
    let published = draft.publish(permit, upload, &digests, &Expect::Anything).await?;
    let happening = Happening::new(What::Post, &key).with(digests.bytes, &published.etag);
    permit.happened(happening.at_version(published.version));
    let bucket = &permit.bucket()?.name;
    Ok(write(request, &then(&form), bucket, &key, &published))
}

fn read(permit: &Permit<'_>, form: &Form) -> Result<(Draft, Promised), Failure> {
    let key = form.get("key").unwrap_or_default();
    if key.is_empty() {
        return Err(invalid_argument("User key must have a length greater than 0.", "key")
            .with("ArgumentValue", "")
            .because("the field `key` is empty"));
    }
    check_key_length(&key)?;
    let written = Written::read(form)?;
    let draft = Draft::read(permit, form, &key, "acl", written)?;
    Ok((draft, Promised::read(form)?))
}

/// Reads the file to its end. A size that the policy does not allow is told when it is known.
async fn pour(
    permit: &Permit<'_>,
    mut file: FormFile,
    limits: &SizeLimits,
    promised: &Promised,
) -> Result<(Upload, Digests), Failure> {
    let mut upload = Upload::begin(&permit.world().store)?;
    let mut digester = Digester::new(Sha256Wanted::No, promised.algorithm());
    let mut bytes = 0_u64;
    while let Some(piece) = file.next().await {
        let piece = piece?;
        bytes += piece.len() as u64;
        // More than that is counted, and not kept.
        if limits.bytes_max().is_none_or(|max| bytes <= max) {
            digester.update(&piece);
            upload.write(&piece).await?;
        }
    }
    file.finish().await?;
    limits.check(bytes)?;
    Ok((upload, digester.finish()))
}

/// The redirect beats the status; one that is no absolute URL is ignored, and so is a status that
/// S3 does not know (recorded by LocalStack:
/// `test_s3_presigned_post_success_action_redirect`).
fn then(form: &Form) -> Then {
    let redirect = form.get("success_action_redirect").or_else(|| form.get("redirect"));
    if let Some(url) = redirect.filter(|url| is_absolute(url)) {
        return Then::Redirect(url.into_owned());
    }
    match form.get("success_action_status").as_deref() {
        Some("200") => Then::Ok,
        Some("201") => Then::Created,
        _ => Then::NoContent,
    }
}

fn is_absolute(url: &str) -> bool {
    let (url, _) = url.split_once('#').unwrap_or((url, ""));
    let uri = url.parse::<Uri>();
    uri.is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some())
}

fn write(request: &Request, then: &Then, bucket: &str, key: &str, published: &Published) -> Answer {
    let etag = format!("\"{}\"", published.etag);
    let location = location(request, bucket, key);
    let mut answer = match then {
        Then::Redirect(url) => {
            let mut answer = Answer::empty(StatusCode::SEE_OTHER);
            answer.add("location", redirect(url, bucket, key, &etag));
            answer
        }
        Then::Ok => Answer::empty(StatusCode::OK),
        Then::Created => Answer::xml(StatusCode::CREATED, document(&location, bucket, key, &etag)),
        Then::NoContent => Answer::empty(StatusCode::NO_CONTENT),
    };
    if !matches!(then, Then::Redirect(_)) {
        answer.add("location", location);
    }
    set_written(&mut answer, published);
    answer
}

/// The object's URL under the host that the form was sent to, with slashes encoded too.
pub(super) fn location(request: &Request, bucket: &str, key: &str) -> String {
    let (scheme, host) = (request.scheme, request.host());
    let key = encode::component(key.as_bytes());
    match request.address.style {
        Style::Path => format!("{scheme}://{host}/{bucket}/{key}"),
        Style::VirtualHosted => format!("{scheme}://{host}/{key}"),
    }
}

/// The URL with what was uploaded in its query. What stands there already stays as it is; that
/// the query goes before a fragment was not recorded, and is the only place where it is one.
fn redirect(url: &str, bucket: &str, key: &str, etag: &str) -> String {
    let (url, fragment) = match url.split_once('#') {
        Some((url, fragment)) => (url, format!("#{fragment}")),
        None => (url, String::new()),
    };
    let separator = if url.contains('?') { '&' } else { '?' };
    let [bucket, key, etag] = [bucket, key, etag].map(form_encoded);
    format!("{url}{separator}bucket={bucket}&key={key}&etag={etag}{fragment}")
}

fn form_encoded(text: &str) -> String {
    encode::component(text.as_bytes()).replace("%20", "+")
}

fn document(location: &str, bucket: &str, key: &str, etag: &str) -> String {
    let mut xml = Xml::document();
    xml.open("PostResponse");
    xml.leaf("Location", location);
    xml.leaf("Bucket", bucket);
    xml.leaf("Key", key);
    // The quotes stay as they are in this document (recorded by s3rver's issue 504).
    xml.leaf_with_quotes("ETag", etag);
    xml.close();
    xml.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_uploaded_goes_into_the_query() {
        let etag = "\"47371919f8bdb6e35df40d8744db818a\"";
        let added = "bucket=b&key=8329%2Fa+b.sketch&etag=%2247371919f8bdb6e35df40d8744db818a%22";
        for (url, expected) in [
            ("http://host/done", format!("http://host/done?{added}")),
            ("http://host/done?x=1", format!("http://host/done?x=1&{added}")),
            ("http://host/done#top", format!("http://host/done?{added}#top")),
        ] {
            assert_eq!(redirect(url, "b", "8329/a b.sketch", etag), expected);
        }
    }

    #[test]
    fn only_absolute_urls_are_gone_to() {
        for (url, expected) in [
            ("http://localhost:3000/done", true),
            ("https://example.org", true),
            ("HTTPS://example.org/?a=b#c", true),
            ("/wrong/redirect/relative", false),
            ("ftp://example.org/", false),
            ("javascript:alert(1)", false),
            ("", false),
        ] {
            assert_eq!(is_absolute(url), expected, "{url}");
        }
    }
}
