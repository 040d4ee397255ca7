//! PutObject.

use http::StatusCode;

use super::encryption;
use super::lock;
use super::upload::Draft;
use super::upload::Published;
use super::upload::Upload;
use super::version;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::events::Happening;
use crate::events::What;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::request::Request;
use crate::request::conditions;
use crate::request::headers::Written;

/// Writes an object.
pub(crate) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
    mut body: VerifiedBody,
) -> Result<Answer, Failure> {
    if let Some(number) = request.query.get("partNumber") {
        let message = "This operation does not accept partNumber without uploadId";
        return Err(invalid_argument(message, "partNumber").with("ArgumentValue", number));
    }
    let Some(declared_bytes) = body.declared_bytes() else {
        return Err(Fault::MissingContentLength.because("a PUT says how long its body is"));
    };
    Upload::check_size(declared_bytes)?;
    let expect = conditions::write_condition(request)?;
    let written = Written::read(request)?;
    let draft = Draft::read(permit, request, request.key(), "x-amz-acl", written)?;
    lock::check_promise(draft.lock, permit.bucket()?, body.promises_digest())?;
    let mut upload = Upload::begin(&permit.world().store)?;
    while let Some(piece) = body.next().await? {
        upload.write(&piece).await?;
    }
    let digests = body.finish()?;
    let published = draft.publish(permit, upload, &digests, &expect).await?;
    let happening = Happening::new(What::Put, request.key());
    permit.happened(happening.with(digests.bytes, &published.etag).at_version(published.version));
    let mut answer = Answer::empty(StatusCode::OK);
    set_written(&mut answer, &published);
    Ok(answer)
}

/// Tells when a rule of the bucket will take what was written.
pub(super) fn set_expiration(answer: &mut Answer, published: &Published) {
    if let Some(value) = &published.expiration {
        answer.add("x-amz-expiration", value);
    }
}

/// The headers that tell what was written.
pub(super) fn set_written(answer: &mut Answer, published: &Published) {
    encryption::tell(answer, &published.encryption);
    answer.add("etag", format!("\"{}\"", published.etag));
    if let Some(checksum) = &published.checksum {
        answer.add(checksum.algorithm.header(), &checksum.value);
        answer.add("x-amz-checksum-type", "FULL_OBJECT");
    }
    version::set_written(answer, published.version);
    set_expiration(answer, published);
}
