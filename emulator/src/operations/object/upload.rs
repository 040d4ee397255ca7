//! Bytes on their way into the store, in large pieces, and never on an async worker if a file is
//! touched.

use std::sync::Arc;

use stuntbucket_signer::Timestamp;
use tokio::task::JoinHandle;

use super::encryption;
use crate::authorize::GivenAcl;
use crate::authorize::GivenTo;
use crate::authorize::Permit;
use crate::digest::Checksum;
use crate::digest::Digests;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::names::Acl;
use crate::names::CanonicalId;
use crate::names::Encryption;
use crate::names::ObjectLock;
use crate::names::VersionId;
use crate::operations::off_workers;
use crate::request::headers::Parameters;
use crate::request::headers::Written;
use crate::store::BodyWriter;
use crate::store::Expect;
use crate::store::KeptBody;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Store;
use crate::store::StoreError;

/// S3 takes no more in one request.
const BYTES_MAX: u64 = 5 * 1024 * 1024 * 1024;
/// So much is collected before it is written.
const PIECE_BYTES: usize = 256 * 1024;

/// A body on its way into the store. Dropping it frees what was written.
pub(super) struct Upload {
    writer: Writer,
    collected: Vec<u8>,
    bytes: u64,
}

/// Where the store's writer is.
enum Writer {
    Here(Box<dyn BodyWriter>),
    /// On a thread that may block, writing.
    Away(JoinHandle<Result<Box<dyn BodyWriter>, StoreError>>),
    /// It failed.
    Gone,
}

impl Upload {
    pub(super) fn begin(store: &Arc<dyn Store>) -> Result<Self, Failure> {
        Ok(Self { writer: Writer::Here(store.begin_body()?), collected: Vec::new(), bytes: 0 })
    }

    /// Refuses sizes that S3 does not take, before a byte is read.
    pub(super) fn check_size(bytes: u64) -> Result<(), Failure> {
        if bytes <= BYTES_MAX {
            return Ok(());
        }
        Err(Fault::EntityTooLarge
            .with("ProposedSize", bytes.to_string())
            .with("MaxSizeAllowed", BYTES_MAX.to_string()))
    }

    /// Appends a piece.
    pub(super) async fn write(&mut self, piece: &[u8]) -> Result<(), Failure> {
        self.bytes += piece.len() as u64;
        // The size of a file in a form is known only now.
        Self::check_size(self.bytes)?;
        let mut piece = piece;
        while self.collected.len() + piece.len() >= PIECE_BYTES {
            let (now, later) = piece.split_at(PIECE_BYTES - self.collected.len());
            self.collected.extend_from_slice(now);
            piece = later;
            self.flush().await?;
        }
        self.collected.extend_from_slice(piece);
        Ok(())
    }

    /// Hands over what was collected. Hashing goes on while a file is written.
    async fn flush(&mut self) -> Result<(), Failure> {
        let mut writer = self.writer().await?;
        let collected = std::mem::take(&mut self.collected);
        self.writer = if writer.blocks(collected.len()) {
            Writer::Away(tokio::task::spawn_blocking(move || {
                writer.write(&collected)?;
                Ok(writer)
            }))
        } else {
            writer.write(&collected)?;
            Writer::Here(writer)
        };
        Ok(())
    }

    /// Takes the writer, once it has written what it was given.
    async fn writer(&mut self) -> Result<Box<dyn BodyWriter>, Failure> {
        match std::mem::replace(&mut self.writer, Writer::Gone) {
            Writer::Here(writer) => Ok(writer),
            Writer::Away(writing) => {
                Ok(writing.await.map_err(|error| Fault::Internal.because(error.to_string()))??)
            }
            Writer::Gone => Err(Fault::Internal.because("the store could not write the body")),
        }
    }

    pub(super) async fn finish(mut self) -> Result<Box<dyn KeptBody>, Failure> {
        self.flush().await?;
        let writer = self.writer().await?;
        if !writer.blocks(0) {
            return Ok(writer.finish()?);
        }
        Ok(off_workers(move || writer.finish()).await??)
    }
}

/// All about an object that can be judged before its bytes are there.
pub(super) struct Draft {
    pub(super) key: String,
    written: Written,
    owner: CanonicalId,
    acl: Acl,
    pub(super) lock: ObjectLock,
    encryption: Encryption,
    pub(super) keeps_checksum: bool,
}

/// What was written, as far as the answer tells it.
pub(super) struct Published {
    /// In bytes.
    pub(super) size: u64,
    /// Without quotes.
    pub(super) etag: String,
    pub(super) checksum: Option<Checksum>,
    pub(super) encryption: Encryption,
    pub(super) modified: Timestamp,
    /// When a rule of the bucket takes it, as `x-amz-expiration` says it.
    pub(super) expiration: Option<String>,
    pub(super) version: VersionId,
}

impl Draft {
    /// Judges headers, or the fields of a form, in which the canned ACL has another name.
    pub(super) fn read(
        permit: &Permit<'_>,
        parameters: &dyn Parameters,
        key: &str,
        acl_name: &'static str,
        written: Written,
    ) -> Result<Self, Failure> {
        super::refused::check(parameters)?;
        let encryption = encryption::of_write(permit, parameters)?;
        let keeps_checksum = encryption::keeps_checksum(&encryption, parameters);
        let keyring = &permit.world().keyring;
        let given = GivenAcl::read(parameters, acl_name, GivenTo::Object, keyring)?;
        let owner = permit.owner_of_written(given.as_ref())?;
        let acl = match &given {
            Some(given) => permit.give_acl(given, &owner)?,
            None => Acl::private(&owner),
        };
        let lock = super::lock::read(permit, parameters)?;
        Ok(Self { key: key.to_owned(), written, owner, acl, lock, encryption, keeps_checksum })
    }

    /// Makes the object the current one of its key, and tells which version it is.
    pub(super) async fn publish(
        self,
        permit: &Permit<'_>,
        upload: Upload,
        digests: &Digests,
        expect: &Expect,
    ) -> Result<Published, Failure> {
        let key = self.key.clone();
        let object = self.object(permit, digests);
        publish(permit, &key, object, upload.finish().await?, expect).await
    }

    /// The object, once its bytes are known.
    pub(super) fn object(self, permit: &Permit<'_>, digests: &Digests) -> Object {
        let Written { headers, metadata, storage_class, tags } = self.written;
        Object {
            size: digests.bytes,
            etag: encryption::etag(permit, &self.encryption, digests),
            modified: permit.world().clock.now(),
            owner: self.owner,
            storage_class,
            checksum: self.keeps_checksum.then(|| digests.checksum.clone()),
            headers,
            metadata,
            tags,
            acl: self.acl,
            version: VersionId::Null,
            is_delete_marker: false,
            lock: self.lock,
            restored: None,
            encryption: self.encryption,
            stamp: permit.world().ids.stamp(),
            multipart: None,
        }
    }
}

/// Makes an object the current one of its key, locked as its bucket wants it.
pub(super) async fn publish(
    permit: &Permit<'_>,
    key: &str,
    object: Object,
    body: Box<dyn KeptBody>,
    expect: &Expect,
) -> Result<Published, Failure> {
    let (object, published) = about_to_publish(permit, key, object)?;
    let store = &permit.world().store;
    match store.publish(permit.bucket()?, key, object, body, expect)? {
        Ok(version) => {
            store.settled().await?;
            Ok(Published { version, ..published })
        }
        Err(outcome) => Err(not_published(permit, key, outcome, expect)?),
    }
}

/// Locks an object as its bucket wants it, and says what will be told of it.
pub(super) fn about_to_publish(
    permit: &Permit<'_>,
    key: &str,
    mut object: Object,
) -> Result<(Object, Published), Failure> {
    let bucket = permit.bucket()?;
    object.lock = bucket.lock_of_written(object.lock, permit.world().clock.now());
    let lifecycle = bucket.settings.lifecycle.as_ref();
    let published = Published {
        size: object.size,
        etag: object.etag.clone(),
        checksum: object.checksum.clone(),
        encryption: object.encryption.clone(),
        modified: object.modified,
        expiration: lifecycle.and_then(|it| it.expiration_header(&object.subject(key))),
        version: VersionId::Null,
    };
    Ok((object, published))
}

/// What S3 answers where an object was not published.
pub(super) fn not_published(
    permit: &Permit<'_>,
    key: &str,
    outcome: Outcome,
    expect: &Expect,
) -> Result<Failure, Failure> {
    Ok(match outcome {
        Outcome::NoKey => Fault::NoSuchKey
            .with("Key", key)
            .because("`If-Match` names an object, and there is none"),
        Outcome::NoBucket => Fault::NoSuchBucket.with("BucketName", &*permit.bucket()?.name),
        Outcome::Conflict => conflict(expect).with("Key", key),
        Outcome::Done
        | Outcome::ExpectationFailed
        | Outcome::Exists
        | Outcome::NotEmpty
        | Outcome::NoUpload
        | Outcome::NoPart => expectation_failed(expect),
    })
}

/// What S3 answers where the object is as a completion expects it, but was written or removed
/// since the upload began (recorded by LocalStack: `test_multipart_if_match_with_put`).
fn conflict(expect: &Expect) -> Failure {
    let condition = match expect {
        Expect::Since { what, .. } if **what == Expect::Absent => "If-None-Match",
        _ => "If-Match",
    };
    Fault::ConditionalRequestConflict.with("Condition", condition).because(
        "the key was written or removed while the upload was open; S3 wants the upload to be begun \
         anew",
    )
}

/// What S3 answers where a write's condition does not hold.
pub(super) fn expectation_failed(expect: &Expect) -> Failure {
    let (condition, why) = match expect {
        Expect::Absent => ("If-None-Match", "the key has an object already".to_owned()),
        Expect::Etag(etag) => ("If-Match", format!("the object's entity tag is not `{etag}`")),
        Expect::Since { what, .. } => return expectation_failed(what),
        Expect::Anything | Expect::Present => ("", "the object is not the one expected".to_owned()),
    };
    Fault::PreconditionFailed.with("Condition", condition).because(why)
}
