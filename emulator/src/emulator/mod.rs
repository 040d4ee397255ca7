//! `Stuntbucket`: a running emulator, and the embedding API.

mod access;
mod builder;
mod error;
mod object_version;
mod rights;
mod start;

use std::sync::Arc;

pub use self::access::Access;
pub use self::access::AccessError;
pub use self::builder::StuntbucketBuilder;
pub use self::error::StartError;
pub use self::error::StartErrorKind;
pub use self::error::StoreFailure;
pub use self::object_version::ObjectVersion;
pub use self::rights::UserError;
use crate::clock::Clock;
use crate::digest::ChecksumAlgorithm;
use crate::digest::Digester;
use crate::digest::Sha256Wanted;
use crate::events::Events;
use crate::journal::Journal;
use crate::keyring::User;
use crate::names::Acl;
use crate::names::Encryption;
use crate::names::ObjectLock;
use crate::names::VersionId;
use crate::server;
use crate::server::Server;
use crate::store::Bucket;
use crate::store::Expect;
use crate::store::From;
use crate::store::FromVersion;
use crate::store::Object;
use crate::world::World;
use stuntbucket_signer::Credentials;

/// A running emulator of S3. Dropping it stops it.
///
/// Each has its own port, keys, buckets, clock and journal, so tests run side by side.
///
/// ```
/// use stuntbucket::Stuntbucket;
///
/// let s3 = Stuntbucket::start()?;
/// assert!(s3.endpoint().starts_with("http://127.0.0.1:"));
/// # Ok::<(), stuntbucket::StartError>(())
/// ```
#[derive(Debug)]
pub struct Stuntbucket {
    world: Arc<World>,
    servers: Vec<Server>,
    inspector: Option<Server>,
    #[cfg(feature = "tls")]
    ca_certificate: Option<String>,
}

impl Stuntbucket {
    /// Starts an emulator with one user and no buckets, on a free port. It answers requests when
    /// this returns.
    ///
    /// # Errors
    ///
    /// See [`StuntbucketBuilder::start`].
    pub fn start() -> Result<Self, StartError> {
        Self::builder().start()
    }

    /// Sets up an emulator.
    pub fn builder() -> StuntbucketBuilder {
        StuntbucketBuilder::default()
    }

    /// The URL under which S3 answers, such as `http://127.0.0.1:41234`.
    pub fn endpoint(&self) -> String {
        self.world.endpoint.clone()
    }

    /// The URL of a bucket, in path style.
    pub fn endpoint_for(&self, bucket: &str) -> String {
        format!("{}/{bucket}", self.world.endpoint)
    }

    /// The URL of the inspector, if it is served.
    pub fn inspector(&self) -> Option<String> {
        self.inspector.as_ref().map(|server| format!("http://{}", server.address()))
    }

    /// The certificate that clients must trust, in PEM, of an emulator that was started with
    /// [`tls`](StuntbucketBuilder::tls). `None` for plain HTTP, and where a certificate was given:
    /// whoever gave it knows what signed it.
    #[cfg(feature = "tls")]
    pub fn ca_certificate(&self) -> Option<&str> {
        self.ca_certificate.as_deref()
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.world.region
    }

    /// The keys of the first user.
    pub fn credentials(&self) -> Credentials {
        let first = self.world.keyring.first();
        // There is always one: without any, `start` makes one.
        first.map_or_else(|| Credentials::new("", ""), |user| user.credentials())
    }

    /// The user of this name.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[track_caller]
    pub fn user(&self, name: &str) -> &User {
        match self.world.keyring.named(name) {
            Some(user) => user,
            None => panic!("there is no user `{name}`; `StuntbucketBuilder::user` adds one"),
        }
    }

    /// All users, in the order in which they were added.
    pub fn users(&self) -> impl Iterator<Item = &User> {
        self.world.keyring.users()
    }

    /// The clock that all checks read.
    pub fn clock(&self) -> &Clock {
        &self.world.clock
    }

    /// What came, what was decided, and why.
    pub fn journal(&self) -> &Journal {
        &self.world.journal
    }

    /// The events that the buckets' notification configurations chose.
    pub fn events(&self) -> Events {
        self.world.events.events.clone()
    }

    /// The names of all buckets, in order.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub fn buckets(&self) -> Result<Vec<String>, StoreFailure> {
        let buckets = self.world.store.buckets()?;
        Ok(buckets.into_iter().map(|bucket| bucket.name).collect())
    }

    /// The keys of a bucket's objects, in the order of their bytes; none if there is no such
    /// bucket.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub fn objects(&self, bucket: &str) -> Result<Vec<String>, StoreFailure> {
        let Some(bucket) = self.world.store.bucket(bucket)? else { return Ok(Vec::new()) };
        self.sweep(&bucket)?;
        let from = From::At(String::new());
        let objects = self.world.store.objects(&bucket, &from);
        objects.map(|object| Ok(object?.0)).collect()
    }

    /// The bytes of an object, straight from the store; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub fn object(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, StoreFailure> {
        let Some(bucket) = self.world.store.bucket(bucket)? else { return Ok(None) };
        self.sweep(&bucket)?;
        let Some((object, body)) = self.world.store.open(&bucket, key)? else { return Ok(None) };
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < object.size {
            let piece = body.read_at(bytes.len() as u64, PIECE_BYTES)?;
            if piece.is_empty() {
                return Err(StoreFailure::new(format!("the stored body of `{key}` is too short")));
            }
            bytes.extend_from_slice(&piece);
        }
        Ok(Some(bytes))
    }

    /// Writes an object of the bucket's owner straight into the store: no request, no signature,
    /// nothing in the journal.
    ///
    /// # Errors
    ///
    /// If there is no such bucket, or the store fails.
    pub fn put_object(
        &self,
        bucket: &str,
        key: &str,
        body: impl AsRef<[u8]>,
    ) -> Result<(), StoreFailure> {
        let store = &self.world.store;
        let missing = || StoreFailure::new(format!("there is no bucket `{bucket}`"));
        let record = store.bucket(bucket)?.ok_or_else(missing)?;
        let mut writer = store.begin_body()?;
        writer.write(body.as_ref())?;
        let object = self.record(&record, body.as_ref());
        let kept = writer.finish()?;
        if store.publish(&record, key, object, kept, &Expect::Anything)?.is_err() {
            return Err(missing());
        }
        self.settle()
    }

    /// The versions of an object, delete markers too, newest first, straight from the store.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub fn versions(&self, bucket: &str, key: &str) -> Result<Vec<ObjectVersion>, StoreFailure> {
        let Some(bucket) = self.world.store.bucket(bucket)? else { return Ok(Vec::new()) };
        let from = FromVersion::Key(From::At(key.to_owned()));
        let mut versions = Vec::new();
        for version in self.world.store.versions(&bucket, &from) {
            let (found, version) = version?;
            if found != key {
                break;
            }
            versions.push(ObjectVersion::of(version));
        }
        Ok(versions)
    }

    /// Stops it: no more connections, what is in flight is answered. Dropping the emulator cuts
    /// off what is in flight.
    pub fn shutdown(mut self) {
        self.world.journal.end_following();
        for server in self.inspector.take().into_iter().chain(self.servers.drain(..)) {
            server.stop_gracefully();
        }
    }

    /// Lets lifecycle rules have their way first, as every request does.
    fn sweep(&self, bucket: &Bucket) -> Result<(), StoreFailure> {
        if self.world.is_sweep_due(bucket) {
            self.world.sweep(bucket)?;
        }
        Ok(())
    }

    fn record(&self, bucket: &Bucket, body: &[u8]) -> Object {
        let mut digester = Digester::new(Sha256Wanted::No, ChecksumAlgorithm::Crc64Nvme);
        digester.update(body);
        let digests = digester.finish();
        let now = self.world.clock.now();
        Object {
            size: digests.bytes,
            etag: digests.etag(),
            modified: now,
            owner: bucket.owner.clone(),
            storage_class: "STANDARD".to_owned(),
            checksum: Some(digests.checksum),
            headers: vec![("content-type".to_owned(), "binary/octet-stream".to_owned())],
            metadata: Vec::new(),
            tags: Vec::new(),
            acl: Acl::private(&bucket.owner),
            version: VersionId::Null,
            is_delete_marker: false,
            lock: bucket.lock_of_written(ObjectLock::default(), now),
            restored: None,
            encryption: Encryption::S3,
            stamp: self.world.ids.stamp(),
            multipart: None,
        }
    }

    /// Waits for the store, on a thread of its own: the caller may be one that must not block on
    /// a runtime.
    fn settle(&self) -> Result<(), StoreFailure> {
        if self.world.data_dir.is_none() {
            return Ok(());
        }
        let runtime = server::runtime().map_err(|error| StoreFailure::new(error.to_string()))?;
        let settled = self.world.store.settled();
        let waited = std::thread::scope(|scope| scope.spawn(|| runtime.block_on(settled)).join());
        waited.map_err(|_| StoreFailure::new("the store could not settle"))?.map_err(Into::into)
    }
}

/// An object is read in pieces of this size.
const PIECE_BYTES: usize = 256 * 1024;

impl Drop for Stuntbucket {
    fn drop(&mut self) {
        self.servers.clear();
        self.inspector = None;
        self.world.events.end();
        self.world.store.close();
    }
}
