//! The words that all rooms share: accounts, grants and settings, parsed once at the border.

mod access;
mod bucket_name;

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
