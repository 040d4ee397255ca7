//! Bytes on their way into the store, in large pieces, and never on an async worker if a file is
//! touched.

use std::sync::Arc;

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

    async fn finish(mut self) -> Result<Box<dyn KeptBody>, Failure> {
        self.flush().await?;
        let writer = self.writer().await?;
        if !writer.blocks(0) {
            return Ok(writer.finish()?);
        }
        let finished = tokio::task::spawn_blocking(move || writer.finish()).await;
        Ok(finished.map_err(|error| Fault::Internal.because(error.to_string()))??)
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
    keeps_checksum: bool,
}

/// What became of a draft, as far as the answer tells it.
pub(super) struct Published {
    /// Without quotes.
    pub(super) etag: String,
    pub(super) checksum: Option<Checksum>,
    pub(super) encryption: Encryption,
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
        let body = upload.finish().await?;
        let bucket = permit.bucket()?;
        let store = &permit.world().store;
        let now = permit.world().clock.now();
        let Written { headers, metadata, storage_class, tags } = self.written;
        let published = Published {
            etag: encryption::etag(permit, &self.encryption, digests),
            checksum: self.keeps_checksum.then(|| digests.checksum.clone()),
            encryption: self.encryption,
            version: VersionId::Null,
        };
        let object = Object {
            size: digests.bytes,
            etag: published.etag.clone(),
            modified: now,
            owner: self.owner,
            storage_class,
            checksum: published.checksum.clone(),
            headers,
            metadata,
            tags,
            acl: self.acl,
            version: VersionId::Null,
            is_delete_marker: false,
            lock: bucket.lock_of_written(self.lock, now),
            restored: None,
            encryption: published.encryption.clone(),
        };
        match store.publish(bucket, &self.key, object, body, expect)? {
            Ok(version) => {
                store.settled().await?;
                Ok(Published { version, ..published })
            }
            Err(Outcome::NoKey) => Err(Fault::NoSuchKey
                .with("Key", self.key)
                .because("`If-Match` names an object, and there is none")),
            Err(Outcome::NoBucket) => Err(Fault::NoSuchBucket.with("BucketName", &*bucket.name)),
            Err(
                Outcome::Done | Outcome::ExpectationFailed | Outcome::Exists | Outcome::NotEmpty,
            ) => Err(expectation_failed(expect)),
        }
    }
}

/// What S3 answers where a write's condition does not hold.
pub(super) fn expectation_failed(expect: &Expect) -> Failure {
    let (condition, why) = match expect {
        Expect::Absent => ("If-None-Match", "the key has an object already".to_owned()),
        Expect::Etag(etag) => ("If-Match", format!("the object's entity tag is not `{etag}`")),
        Expect::Anything | Expect::Present => ("", "the object is not the one expected".to_owned()),
    };
    Fault::PreconditionFailed.with("Condition", condition).because(why)
}
