//! Encryption of objects: what a write asks for, what a read must bring, what answers tell.

mod customer;
#[cfg(test)]
mod tests;

use md5::Digest;
use md5::Md5;

pub(crate) use self::customer::check_part;
pub(crate) use self::customer::check_read;
pub(crate) use self::customer::check_source;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::digest::ChecksumAlgorithm;
use crate::digest::Digests;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::failure::saying;
use crate::names::BucketKey;
use crate::names::Encryption;
use crate::names::KmsKey;
use crate::names::KmsLayers;
use crate::request::Request;
use crate::request::headers::Parameters;

const METHOD: &str = "x-amz-server-side-encryption";
const KMS_KEY_ID: &str = "x-amz-server-side-encryption-aws-kms-key-id";
const BUCKET_KEY: &str = "x-amz-server-side-encryption-bucket-key-enabled";

/// What a write asks for, or else what its bucket gives.
pub(crate) fn of_write(
    permit: &Permit<'_>,
    parameters: &dyn Parameters,
) -> Result<Encryption, Failure> {
    let method = parameters.parameter(METHOD);
    if let Some(key) = customer::of_write(permit, parameters, method.as_deref())? {
        return Ok(Encryption::Customer(key));
    }
    let key_id = parameters.parameter(KMS_KEY_ID);
    let asked = match method.as_deref() {
        None => None,
        Some("AES256") => Some(None),
        Some(name) => match KmsLayers::parse(name) {
            Some(layers) => Some(Some(layers)),
            None => return Err(not_supported(name)),
        },
    };
    if key_id.is_some() && !matches!(asked, Some(Some(_))) {
        return Err(key_id_alone());
    }
    let layers = match asked {
        Some(None) => return Ok(Encryption::S3),
        Some(Some(layers)) => Some(layers),
        None => None,
    };
    of_kms(permit, parameters, layers, key_id.as_deref())
}

/// A key of KMS, of the write or else of the bucket's setting; nobody looks it up.
fn of_kms(
    permit: &Permit<'_>,
    parameters: &dyn Parameters,
    layers: Option<KmsLayers>,
    key_id: Option<&str>,
) -> Result<Encryption, Failure> {
    let bucket = permit.bucket()?;
    let setting = bucket.settings.encryption.as_ref();
    let default = setting.and_then(|setting| setting.kms.as_ref());
    let (layers, key_id) = match (layers, default) {
        (Some(layers), _) => (layers, key_id),
        (None, Some(default)) => (default.layers, default.key_id.as_deref()),
        (None, None) => return Ok(Encryption::S3),
    };
    check_signature_version(parameters)?;
    check_region(key_id, &bucket.region)?;
    let bucket_key = match parameters.parameter(BUCKET_KEY) {
        Some(value) if value.eq_ignore_ascii_case("true") => BucketKey::On,
        Some(_) => BucketKey::Off,
        None => setting.map_or(BucketKey::Off, |setting| setting.bucket_key),
    };
    let arn = kms_arn(key_id, &bucket.region, &bucket.account);
    Ok(Encryption::Kms(KmsKey { layers, arn, bucket_key }))
}

/// Keys are used in their own region (recorded by LocalStack: `test_s3_sse_validate_kms_key`).
fn check_region(key_id: Option<&str>, region: &str) -> Result<(), Failure> {
    let named = key_id.and_then(|arn| arn.strip_prefix("arn:")?.split(':').nth(2));
    match named {
        Some(other) if other != region => {
            let message = format!("Invalid arn {other}");
            Err(saying("KMS.NotFoundException", 400, message)
                .because(format!("the key is in `{other}`, and the bucket in `{region}`")))
        }
        _ => Ok(()),
    }
}

/// The ARN of a key, whose id is taken as it comes; without one it is the account's key for S3, of
/// which the id is made up here.
fn kms_arn(key_id: Option<&str>, region: &str, account: &str) -> String {
    let made_up;
    let id = match key_id {
        Some(arn) if arn.starts_with("arn:") => return arn.to_owned(),
        Some(alias) if alias.starts_with("alias/") => alias,
        Some(id) => {
            made_up = format!("key/{id}");
            &made_up
        }
        None => {
            let digest = hex::encode(Md5::digest(format!("{account} {region} aws/s3")));
            let parts =
                [&digest[..8], &digest[8..12], &digest[12..16], &digest[16..20], &digest[20..]];
            made_up = format!("key/{}", parts.join("-"));
            &made_up
        }
    };
    format!("arn:aws:kms:{region}:{account}:{id}")
}

/// The entity tag of what was written. With keys that are not S3's it is not the MD5, and another
/// one for each write (recorded by LocalStack: `test_s3_sse_bucket_key_default`).
pub(crate) fn etag(permit: &Permit<'_>, encryption: &Encryption, digests: &Digests) -> String {
    match encryption {
        Encryption::S3 => digests.etag(),
        Encryption::Kms(_) | Encryption::Customer(_) => permit.world().ids.digest(),
    }
}

/// Whether a checksum is kept that nobody asked for.
pub(crate) fn keeps_checksum(encryption: &Encryption, parameters: &dyn Parameters) -> bool {
    let is_asked = || {
        let mut headers = ChecksumAlgorithm::ALL.into_iter().map(ChecksumAlgorithm::header);
        headers.any(|name| parameters.promise(name).is_some())
            || parameters.promise("x-amz-trailer").is_some()
            // Of a copy.
            || parameters.parameter("x-amz-checksum-algorithm").is_some()
    };
    *encryption == Encryption::S3 || is_asked()
}

/// Tells of an object's encryption.
pub(crate) fn tell(answer: &mut Answer, encryption: &Encryption) {
    match encryption {
        Encryption::S3 => answer.add(METHOD, "AES256"),
        Encryption::Kms(key) => {
            answer.add(METHOD, key.layers.name());
            answer.add(KMS_KEY_ID, &key.arn);
            if key.bucket_key == BucketKey::On {
                answer.add(BUCKET_KEY, "true");
            }
        }
        Encryption::Customer(key) => customer::tell(answer, key),
    }
}

/// Refuses headers of writes on requests that only read (pinned by argmin's tests).
pub(crate) fn check_not_sent(request: &Request) -> Result<(), Failure> {
    if let Some(value) = request.header(METHOD) {
        let message = "x-amz-server-side-encryption header is not supported for this operation.";
        return Err(refused(message, &value));
    }
    if request.header(KMS_KEY_ID).is_some() {
        return Err(key_id_alone());
    }
    Ok(())
}

/// Recorded in boto/botocore#377.
fn check_signature_version(parameters: &dyn Parameters) -> Result<(), Failure> {
    let is_old = parameters.promise("authorization").is_some_and(|value| value.starts_with("AWS "))
        || parameters.promise("awsaccesskeyid").is_some();
    if !is_old {
        return Ok(());
    }
    let message = "Requests specifying Server Side Encryption with AWS KMS managed keys require \
                   AWS Signature Version 4.";
    Err(invalid_argument(message, "Authorization").with("ArgumentValue", "null"))
}

fn not_supported(name: &str) -> Failure {
    if matches!(name, "aws:fsx" | "aws:backup") {
        return Fault::NotImplementedHeader.with("Header", METHOD).because(format!(
            "S3 uses `{name}` for other services, and Stuntbucket does not have it"
        ));
    }
    refused("The encryption method specified is not supported", name)
}

fn key_id_alone() -> Failure {
    let message = "Server Side Encryption with AWS KMS managed key requires HTTP header \
                   x-amz-server-side-encryption : aws:kms";
    invalid_argument(message, METHOD)
}

fn refused(message: &'static str, value: &str) -> Failure {
    invalid_argument(message, METHOD).with("ArgumentValue", value)
}
