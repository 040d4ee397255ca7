//! CreateMultipartUpload.

use http::StatusCode;

use super::checksum;
use super::set_abort;
use crate::answer::Answer;
use crate::authenticate::Caller;
use crate::authorize::Permit;
use crate::digest::ChecksumAlgorithm;
use crate::digest::ChecksumType;
use crate::digest::Digester;
use crate::digest::Sha256Wanted;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::names::CanonicalId;
use crate::names::Encryption;
use crate::operations::object::encryption;
use crate::operations::object::upload::Draft;
use crate::request::Request;
use crate::request::headers::Written;
use crate::store::Initiator;
use crate::store::Outcome;
use crate::store::Upload;
use crate::xml::Xml;

/// Begins an upload.
pub(in crate::operations) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
) -> Result<Answer, Failure> {
    let checksum = checksum::chosen(request)?;
    let key = request.key();
    let written = Written::read(request)?;
    let draft = Draft::read(permit, request, key, "x-amz-acl", written)?;
    // Its size and digests are those of no bytes until it is completed.
    let nothing = Digester::new(Sha256Wanted::No, ChecksumAlgorithm::Crc64Nvme).finish();
    let upload = Upload {
        initiated: permit.world().clock.now(),
        initiator: initiator(permit.caller()),
        checksum,
        found: None,
        object: draft.object(permit, &nothing),
    };
    let encryption = upload.object.encryption.clone();
    let initiated = upload.initiated;
    let id = permit.world().ids.upload(initiated);
    let bucket = permit.bucket()?;
    let store = &permit.world().store;
    if store.begin_upload(bucket, key, &id, upload)? != Outcome::Done {
        return Err(Fault::NoSuchBucket.with("BucketName", &*bucket.name));
    }
    store.settled().await?;
    let mut answer = write(&bucket.name, key, &id, checksum, &encryption);
    set_abort(&mut answer, permit, key, initiated)?;
    Ok(answer)
}

/// Documented for ListParts: a user is known by the ARN, an account as an owner is.
fn initiator(caller: &Caller) -> Initiator {
    match caller {
        // S3 lets nobody begin an upload without a name.
        Caller::Anonymous => Initiator {
            account: String::new(),
            id: CanonicalId::anonymous().as_str().to_owned(),
            name: String::new(),
        },
        Caller::User(user) => {
            let arn = user.arn();
            let id =
                if arn.ends_with(":root") { user.canonical_id().as_str().to_owned() } else { arn };
            Initiator { account: user.account_id().to_owned(), id, name: user.name().to_owned() }
        }
    }
}

fn write(
    bucket: &str,
    key: &str,
    id: &str,
    checksum: Option<(ChecksumAlgorithm, ChecksumType)>,
    encryption: &Encryption,
) -> Answer {
    let mut xml = Xml::document();
    xml.open_s3("InitiateMultipartUploadResult");
    xml.leaf("Bucket", bucket);
    xml.leaf("Key", key);
    xml.leaf("UploadId", id);
    xml.close();
    let mut answer = Answer::xml(StatusCode::OK, xml.finish());
    encryption::tell(&mut answer, encryption);
    if let Some((algorithm, checksum_type)) = checksum {
        answer.add("x-amz-checksum-algorithm", algorithm.name());
        answer.add("x-amz-checksum-type", checksum_type.name());
    }
    answer
}
