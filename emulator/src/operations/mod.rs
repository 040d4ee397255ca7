//! Operations: do what was asked. A file an operation: read -> perform -> write.

mod bucket;
mod document;
mod listing;
mod object;
mod preflight;
mod settings;
pub(crate) mod website;

use crate::answer::Answer;
use crate::authenticate::Content;
use crate::authenticate::VerifiedBody;
use crate::authenticate::VerifiedForm;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::request::Request;
use crate::route::Operation;

/// Performs the operation that the permit is for.
pub(crate) async fn perform(
    permit: &Permit<'_>,
    request: &Request,
    content: Content,
) -> Result<Answer, Failure> {
    let performed = dispatch(permit, request, content).await;
    performed.map_err(|failure| {
        let is_declared = is_declared(permit.operation(), &failure);
        if is_declared { failure } else { failure.undeclared() }
    })
}

/// Whether S3 begins the document of an operation's own failure with an XML declaration, as it
/// begins all others (captured from AWS in 2026).
fn is_declared(operation: Operation, failure: &Failure) -> bool {
    match operation {
        Operation::CompleteMultipartUpload
        | Operation::CopyObject
        | Operation::DeleteObjects
        | Operation::UploadPartCopy => false,
        Operation::PutBucketOwnershipControls => failure.error.code != "MalformedXML",
        _ => true,
    }
}

async fn dispatch(
    permit: &Permit<'_>,
    request: &Request,
    content: Content,
) -> Result<Answer, Failure> {
    match permit.operation() {
        Operation::ListBuckets => bucket::list::answer(permit, request),
        Operation::CreateBucket => bucket::create::answer(permit, request, body(content)?).await,
        Operation::HeadBucket => bucket::head::answer(permit),
        Operation::DeleteBucket => bucket::delete::answer(permit).await,
        Operation::GetBucketLocation => bucket::location::answer(permit),

        Operation::GetBucketAcl => settings::acl::read_bucket(permit),
        Operation::PutBucketAcl => {
            settings::acl::write_bucket(permit, request, body(content)?).await
        }
        Operation::GetObjectAcl => settings::acl::read_object(permit, request),
        Operation::PutObjectAcl => {
            settings::acl::write_object(permit, request, body(content)?).await
        }
        Operation::GetPublicAccessBlock => settings::public_access_block::read(permit),
        Operation::PutPublicAccessBlock => {
            settings::public_access_block::write(permit, body(content)?).await
        }
        Operation::DeletePublicAccessBlock => settings::public_access_block::delete(permit).await,
        Operation::GetBucketOwnershipControls => settings::ownership_controls::read(permit),
        Operation::PutBucketOwnershipControls => {
            settings::ownership_controls::write(permit, body(content)?).await
        }
        Operation::DeleteBucketOwnershipControls => {
            settings::ownership_controls::delete(permit).await
        }
        Operation::GetBucketPolicy => settings::policy::read(permit),
        Operation::PutBucketPolicy => settings::policy::write(permit, body(content)?).await,
        Operation::DeleteBucketPolicy => settings::policy::delete(permit).await,
        Operation::GetBucketPolicyStatus => settings::policy::read_status(permit),

        Operation::GetBucketVersioning => settings::versioning::read(permit),
        Operation::PutBucketVersioning => settings::versioning::write(permit, body(content)?).await,
        Operation::GetObjectLockConfiguration => settings::object_lock::read(permit),
        Operation::PutObjectLockConfiguration => {
            settings::object_lock::write(permit, body(content)?).await
        }
        Operation::GetObjectRetention => settings::retention::read(permit, request),
        Operation::PutObjectRetention => {
            settings::retention::write(permit, request, body(content)?).await
        }
        Operation::GetObjectLegalHold => settings::retention::read_legal_hold(permit, request),
        Operation::PutObjectLegalHold => {
            settings::retention::write_legal_hold(permit, request, body(content)?).await
        }

        Operation::ListObjectVersions => listing::versions::answer(permit, request).await,
        Operation::GetBucketCors => settings::cors::read(permit),
        Operation::PutBucketCors => settings::cors::write(permit, body(content)?).await,
        Operation::DeleteBucketCors => settings::cors::delete(permit).await,
        Operation::Preflight => preflight::answer(permit, request),
        Operation::GetBucketEncryption => settings::encryption::read(permit),
        Operation::PutBucketEncryption => settings::encryption::write(permit, body(content)?).await,
        Operation::DeleteBucketEncryption => settings::encryption::delete(permit).await,
        Operation::GetBucketTagging => settings::tagging::read_bucket(permit),
        Operation::PutBucketTagging => {
            settings::tagging::write_bucket(permit, body(content)?).await
        }
        Operation::DeleteBucketTagging => settings::tagging::delete_bucket(permit).await,
        Operation::GetObjectTagging => settings::tagging::read_object(permit, request),
        Operation::PutObjectTagging => {
            settings::tagging::write_object(permit, request, body(content)?).await
        }
        Operation::DeleteObjectTagging => settings::tagging::delete_object(permit, request).await,
        Operation::GetBucketWebsite => settings::website::read(permit),
        Operation::PutBucketWebsite => settings::website::write(permit, body(content)?).await,
        Operation::DeleteBucketWebsite => settings::website::delete(permit).await,

        Operation::ListObjects => listing::objects_v1::answer(permit, request).await,
        Operation::ListObjectsV2 => listing::objects_v2::answer(permit, request).await,

        Operation::PutObject => object::put::answer(permit, request, body(content)?).await,
        Operation::GetObject => object::get::answer(permit, request),
        Operation::HeadObject => object::head::answer(permit, request),
        Operation::DeleteObject => object::delete::answer(permit, request).await,
        Operation::DeleteObjects => {
            object::delete_many::answer(permit, request, body(content)?).await
        }
        Operation::CopyObject => object::copy::answer(permit, request, body(content)?).await,
        Operation::GetObjectAttributes => object::attributes::answer(permit, request),
        Operation::PostObject => object::post::answer(permit, request, form(content)?).await,

        Operation::CreateMultipartUpload => {
            object::multipart::create::answer(permit, request).await
        }
        Operation::UploadPart => {
            object::multipart::part::answer(permit, request, body(content)?).await
        }
        Operation::UploadPartCopy => object::multipart::part_copy::answer(permit, request).await,
        Operation::ListParts => object::multipart::list::answer(permit, request),
        Operation::ListMultipartUploads => listing::uploads::answer(permit, request).await,
        Operation::CompleteMultipartUpload => {
            object::multipart::complete::answer(permit, request, body(content)?).await
        }
        Operation::AbortMultipartUpload => object::multipart::abort::answer(permit, request).await,

        Operation::RestoreObject => object::restore::answer(permit, request, body(content)?).await,

        // All others that have a permit.
        _ => settings::configurations::answer(permit, request, body(content)?).await,
    }
}

fn body(content: Content) -> Result<VerifiedBody, Failure> {
    match content {
        Content::Body(body) => Ok(*body),
        Content::Form(_) => Err(Fault::Internal.because("a form where a body was expected")),
    }
}

fn form(content: Content) -> Result<VerifiedForm, Failure> {
    match content {
        Content::Form(form) => Ok(*form),
        Content::Body(_) => Err(Fault::Internal.because("a body where a form was expected")),
    }
}

/// Does what would hold up an async worker and borrows from its request: the worker's other tasks
/// go elsewhere meanwhile. A client that leaves does not cut it short.
fn in_place<T>(work: impl FnOnce() -> T) -> T {
    tokio::task::block_in_place(work)
}

/// Does on a thread that may block what would hold up an async worker.
async fn off_workers<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Fault::Internal.because(error.to_string()))
}
