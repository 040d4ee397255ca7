//! The words that all rooms share: accounts, grants and settings, parsed once at the border.

mod access;
mod bucket_name;
mod object_lock;
mod version_id;

pub(crate) use self::access::Acl;
pub use self::access::CannedAcl;
pub use self::access::CanonicalId;
pub(crate) use self::access::Grant;
pub(crate) use self::access::Grantee;
pub(crate) use self::access::Group;
pub use self::access::ObjectOwnership;
pub(crate) use self::access::Permission;
pub use self::access::PublicAccessBlock;
pub(crate) use self::bucket_name::is_valid_bucket_name;
pub(crate) use self::object_lock::Bypass;
pub(crate) use self::object_lock::DefaultRetention;
pub(crate) use self::object_lock::LegalHold;
pub(crate) use self::object_lock::LockMode;
pub(crate) use self::object_lock::ObjectLock;
pub(crate) use self::object_lock::Period;
pub(crate) use self::object_lock::Retention;
pub(crate) use self::version_id::VersionId;
