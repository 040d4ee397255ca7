//! Keys of clients (SSE-C): as they are sent, and what must be sent for what they encrypt.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::Digest;
use md5::Md5;
use sha2::Sha256;

use super::METHOD;
use super::check_signature_version;
use super::refused;
use crate::answer::Answer;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_request;
use crate::names::CustomerKey;
use crate::names::CustomerKeys;
use crate::names::Encryption;
use crate::relaxation::Relaxation;
use crate::request::Request;
use crate::request::Scheme;
use crate::request::headers::Parameters;
use crate::store::Object;

/// The headers of a client's key.
pub(super) struct Names {
    pub(super) algorithm: &'static str,
    pub(super) key: &'static str,
    md5: &'static str,
}

/// Of what is read or written.
pub(super) const OWN: Names = Names {
    algorithm: "x-amz-server-side-encryption-customer-algorithm",
    key: "x-amz-server-side-encryption-customer-key",
    md5: "x-amz-server-side-encryption-customer-key-md5",
};
/// Of the source of a copy.
const OF_SOURCE: Names = Names {
    algorithm: "x-amz-copy-source-server-side-encryption-customer-algorithm",
    key: "x-amz-copy-source-server-side-encryption-customer-key",
    md5: "x-amz-copy-source-server-side-encryption-customer-key-md5",
};

/// The key that a write brings, if it brings one.
pub(super) fn of_write(
    permit: &Permit<'_>,
    parameters: &dyn Parameters,
    method: Option<&str>,
) -> Result<Option<CustomerKey>, Failure> {
    let Some(sent) = Sent::read(parameters, &OWN) else { return Ok(None) };
    if let Some(method) = method {
        return Err(refused(
            "Server Side Encryption with Customer provided key is incompatible with the \
             encryption method specified",
            method,
        ));
    }
    check_scheme(permit)?;
    let key = sent.check(parameters.parameter(OWN.md5).as_deref())?;
    check_not_blocked(permit)?;
    Ok(Some(key))
}

/// Tells which key encrypts an object.
pub(super) fn tell(answer: &mut Answer, key: &CustomerKey) {
    answer.add(OWN.algorithm, "AES256");
    answer.add(OWN.md5, &key.md5);
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
            let md5 = request.parameter(OWN.md5);
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
pub(super) struct Sent<'a> {
    algorithm: Option<Cow<'a, str>>,
    key: Option<Cow<'a, str>>,
}

impl<'a> Sent<'a> {
    pub(super) fn read(parameters: &'a dyn Parameters, names: &Names) -> Option<Self> {
        let algorithm = parameters.parameter(names.algorithm);
        let key = parameters.parameter(names.key);
        (algorithm.is_some() || key.is_some()).then_some(Self { algorithm, key })
    }

    /// Judges it, and keeps what may be kept. Messages recorded by LocalStack:
    /// `TestS3SSECEncryption`.
    pub(super) fn check(&self, md5: Option<&str>) -> Result<CustomerKey, Failure> {
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
