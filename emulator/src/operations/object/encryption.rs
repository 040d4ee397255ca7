//! Encryption of objects: what a write asks for, what a read must bring, what answers tell.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Digest;
use md5::Md5;
use sha2::Sha256;

use crate::answer::Answer;
use crate::authorize::Permit;
use crate::digest::ChecksumAlgorithm;
use crate::digest::Digests;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::failure::invalid_request;
use crate::names::BucketKey;
use crate::names::CustomerKey;
use crate::names::CustomerKeys;
use crate::names::Encryption;
use crate::names::KmsKey;
use crate::names::KmsLayers;
use crate::relaxation::Relaxation;
use crate::request::Request;
use crate::request::Scheme;
use crate::request::headers::Parameters;
use crate::store::Object;

const METHOD: &str = "x-amz-server-side-encryption";
const KMS_KEY_ID: &str = "x-amz-server-side-encryption-aws-kms-key-id";
const BUCKET_KEY: &str = "x-amz-server-side-encryption-bucket-key-enabled";
const CUSTOMER_ALGORITHM: &str = "x-amz-server-side-encryption-customer-algorithm";
const CUSTOMER_KEY: &str = "x-amz-server-side-encryption-customer-key";
const CUSTOMER_KEY_MD5: &str = "x-amz-server-side-encryption-customer-key-md5";

/// The headers of a client's key.
struct Names {
    algorithm: &'static str,
    key: &'static str,
    md5: &'static str,
}

/// Of what is read or written.
const OWN: Names =
    Names { algorithm: CUSTOMER_ALGORITHM, key: CUSTOMER_KEY, md5: CUSTOMER_KEY_MD5 };
/// Of the source of a copy.
const OF_SOURCE: Names = Names {
    algorithm: "x-amz-copy-source-server-side-encryption-customer-algorithm",
    key: "x-amz-copy-source-server-side-encryption-customer-key",
    md5: "x-amz-copy-source-server-side-encryption-customer-key-md5",
};

/// What a write asks for, or else what its bucket gives.
pub(crate) fn of_write(
    permit: &Permit<'_>,
    parameters: &dyn Parameters,
) -> Result<Encryption, Failure> {
    let method = parameters.parameter(METHOD);
    if let Some(sent) = Sent::read(parameters, &OWN) {
        if let Some(method) = method {
            return Err(refused(
                "Server Side Encryption with Customer provided key is incompatible with the \
                 encryption method specified",
                &method,
            ));
        }
        check_scheme(permit)?;
        let key = sent.check(parameters.parameter(CUSTOMER_KEY_MD5).as_deref())?;
        check_not_blocked(permit)?;
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
    let bucket_key = match parameters.parameter(BUCKET_KEY) {
        Some(value) if value.eq_ignore_ascii_case("true") => BucketKey::On,
        Some(_) => BucketKey::Off,
        None => setting.map_or(BucketKey::Off, |setting| setting.bucket_key),
    };
    let arn = kms_arn(key_id, &bucket.region, &bucket.account);
    Ok(Encryption::Kms(KmsKey { layers, arn, bucket_key }))
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
        Encryption::Customer(key) => {
            answer.add(CUSTOMER_ALGORITHM, "AES256");
            answer.add(CUSTOMER_KEY_MD5, &key.md5);
        }
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

/// What a read must bring for an object of this encryption.
pub(crate) fn check_read(
    permit: &Permit<'_>,
    request: &Request,
    object: &Object,
) -> Result<(), Failure> {
    check_key(permit, request, object, &OWN)
}

/// What a copy must bring for the object that it reads.
pub(crate) fn check_source(
    permit: &Permit<'_>,
    request: &Request,
    object: &Object,
) -> Result<(), Failure> {
    check_key(permit, request, object, &OF_SOURCE)
}

/// Parts come with the key of their upload (recorded by LocalStack: `TestS3SSECEncryption`).
pub(crate) fn check_part(
    permit: &Permit<'_>,
    request: &Request,
    upload: &Encryption,
) -> Result<(), Failure> {
    let sent = Sent::read(request, &OWN);
    if sent.is_some() {
        check_scheme(permit)?;
    }
    match (upload, sent) {
        (Encryption::S3 | Encryption::Kms(_), None) => Ok(()),
        (Encryption::Customer(_), None) | (Encryption::S3 | Encryption::Kms(_), Some(_)) => {
            Err(invalid_request(
                "The multipart upload initiate requested encryption. Subsequent part requests must \
                 include the appropriate encryption parameters.",
            )
            .because(
                "parts bring the client's key if their upload was begun with it, and only then",
            ))
        }
        (Encryption::Customer(key), Some(sent)) => {
            let md5 = request.parameter(CUSTOMER_KEY_MD5);
            if sent.check(md5.as_deref())?.sha256 == key.sha256 {
                return Ok(());
            }
            Err(invalid_request(
                "The provided encryption parameters did not match the ones used originally.",
            )
            .because(format!("the upload was begun with the key whose MD5 is `{}`", key.md5)))
        }
    }
}

fn check_key(
    permit: &Permit<'_>,
    request: &Request,
    object: &Object,
    names: &Names,
) -> Result<(), Failure> {
    let sent = Sent::read(request, names);
    if sent.is_some() {
        check_scheme(permit)?;
    }
    match (&object.encryption, sent) {
        (Encryption::S3, None) => Ok(()),
        (Encryption::Kms(_), None) => check_signature_version(request),
        (Encryption::S3 | Encryption::Kms(_), Some(_)) => Err(Fault::CustomerKeyNotApplicable
            .because("the object was written without a key of the client")),
        (Encryption::Customer(_), None) => Err(Fault::CustomerKeyMissing.because(format!(
            "the object was written with a key of the client; send `{}`, `{}` and \
             `{}`",
            names.algorithm, names.key, names.md5
        ))),
        (Encryption::Customer(key), Some(sent)) => {
            let Some(md5) = request.parameter(names.md5) else {
                return Err(Fault::CustomerKeyWrong
                    .because(format!("there is a key, and no `{}`", names.md5)));
            };
            if sent.check(Some(&md5))?.sha256 == key.sha256 {
                return Ok(());
            }
            Err(Fault::CustomerKeyWrong.because(format!(
                "the object was written with another key, whose MD5 is `{}`",
                key.md5
            )))
        }
    }
}

/// A client's key as it was sent. The MD5 alone is none.
struct Sent<'a> {
    algorithm: Option<Cow<'a, str>>,
    key: Option<Cow<'a, str>>,
}

impl<'a> Sent<'a> {
    fn read(parameters: &'a dyn Parameters, names: &Names) -> Option<Self> {
        let algorithm = parameters.parameter(names.algorithm);
        let key = parameters.parameter(names.key);
        (algorithm.is_some() || key.is_some()).then_some(Self { algorithm, key })
    }

    /// Judges it, and keeps what may be kept. Messages recorded by LocalStack:
    /// `TestS3SSECEncryption`.
    fn check(&self, md5: Option<&str>) -> Result<CustomerKey, Failure> {
        let Some(algorithm) = &self.algorithm else {
            return Err(refused(
                "Requests specifying Server Side Encryption with Customer provided keys must \
                 provide a valid encryption algorithm.",
                "null",
            ));
        };
        let Some(key) = &self.key else {
            return Err(refused(
                "Requests specifying Server Side Encryption with Customer provided keys must \
                 provide an appropriate secret key.",
                "null",
            ));
        };
        if algorithm != "AES256" {
            return Err(Fault::InvalidEncryptionAlgorithm
                .with("ArgumentName", METHOD)
                .with("ArgumentValue", &**algorithm));
        }
        let invalid = "The secret key was invalid for the specified algorithm.";
        let bytes = STANDARD.decode(&**key).ok().filter(|bytes| bytes.len() == 32);
        let (Some(bytes), Some(md5)) = (bytes, md5) else {
            return Err(refused(invalid, "null").because(
                "the key is 32 bytes, written in base64, and its MD5 comes with it, in base64 too",
            ));
        };
        let computed = STANDARD.encode(Md5::digest(&bytes));
        if computed != md5 {
            let message =
                "The calculated MD5 hash of the key did not match the hash that was provided.";
            return Err(refused(message, "null")
                .because(format!("the MD5 of the key is `{computed}`, and `{md5}` was sent")));
        }
        Ok(CustomerKey { md5: computed, sha256: Sha256::digest(&bytes).into() })
    }
}

fn check_scheme(permit: &Permit<'_>) -> Result<(), Failure> {
    if permit.place().scheme == Scheme::Https {
        return Ok(());
    }
    permit.unless_relaxed(
        Relaxation::Https,
        Fault::CustomerKeyInsecure.because(
            "S3 takes keys of clients over HTTPS only; `--relax https` lets them pass for local use",
        ),
    )
}

fn check_not_blocked(permit: &Permit<'_>) -> Result<(), Failure> {
    let bucket = permit.bucket()?;
    if bucket.effective_customer_keys() == CustomerKeys::Allowed {
        return Ok(());
    }
    let note = format!(
        "bucket `{}` blocks keys of clients (SSE-C), the default of new buckets since April 2026; \
         put an encryption setting with BlockedEncryptionTypes NONE, start the emulator with \
         `sse_c = true` for the bucket, or with `--relax sse-c`",
        bucket.name
    );
    permit.unless_relaxed(Relaxation::SseC, Fault::AccessDenied.because(note))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::tests::request;

    /// 32 bytes, and their MD5.
    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const MD5: &str = "tP/LI3N87DFaSk0aoqYgzg==";

    #[track_caller]
    fn check(algorithm: &str, key: &str, md5: Option<&str>, expected: Result<(), &str>) {
        let headers: Vec<_> = [(CUSTOMER_ALGORITHM, algorithm), (CUSTOMER_KEY, key)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let request = request("PUT", "", &headers);
        let found = Sent::read(&request, &OWN).unwrap().check(md5);
        let found = found.map(|_| ()).map_err(|failure| failure.error.message.into_owned());
        let start = expected.map_err(|start| found.as_ref().is_err_and(|f| f.starts_with(start)));
        assert!(matches!((&found, start), (Ok(()), Ok(())) | (Err(_), Err(true))), "{found:?}");
    }

    #[test]
    fn keys_of_clients_are_checked() {
        let specifying = "Requests specifying Server Side Encryption with Customer provided keys";
        check("AES256", KEY, Some(MD5), Ok(()));
        check("", KEY, Some(MD5), Err(&format!("{specifying} must provide a valid encryption")));
        check("AES256", "", Some(MD5), Err(&format!("{specifying} must provide an appropriate")));
        check("aes256", KEY, Some(MD5), Err("The Encryption request you specified"));
        check("AES256", KEY, None, Err("The secret key was invalid"));
        check("AES256", "AAAA", Some(MD5), Err("The secret key was invalid"));
        check("AES256", "not base64", Some(MD5), Err("The secret key was invalid"));
        check("AES256", KEY, Some("AAAA"), Err("The calculated MD5 hash of the key"));
    }

    #[test]
    fn keys_of_kms_become_arns() {
        for (id, expected) in [
            (Some("1234abcd"), "arn:aws:kms:eu-west-1:000000000001:key/1234abcd"),
            (Some("alias/mine"), "arn:aws:kms:eu-west-1:000000000001:alias/mine"),
            (Some("arn:aws:kms:x:y:key/z"), "arn:aws:kms:x:y:key/z"),
        ] {
            assert_eq!(kms_arn(id, "eu-west-1", "000000000001"), expected);
        }
        let own = kms_arn(None, "eu-west-1", "000000000001");
        assert_eq!(own, kms_arn(None, "eu-west-1", "000000000001"));
        assert_ne!(own, kms_arn(None, "eu-west-2", "000000000001"));
        assert_eq!(own.len(), "arn:aws:kms:eu-west-1:000000000001:key/".len() + 36);
    }

    #[test]
    fn signature_version_2_has_no_kms() {
        let old = request("PUT", "", &[("authorization", "AWS AKID:signature")]);
        let new = request("PUT", "", &[("authorization", "AWS4-HMAC-SHA256 Credential=")]);
        assert!(check_signature_version(&old).is_err());
        assert!(check_signature_version(&new).is_ok());
    }

    #[test]
    fn no_key_is_in_a_debug_text() {
        let headers = [(CUSTOMER_ALGORITHM, "AES256"), (CUSTOMER_KEY, KEY)];
        let kept =
            Sent::read(&request("PUT", "", &headers), &OWN).unwrap().check(Some(MD5)).unwrap();
        assert!(!format!("{kept:?}").contains(KEY));
    }
}
