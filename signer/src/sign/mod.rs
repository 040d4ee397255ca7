//! The ways to sign: by header, a URL, a form, and a body in chunks.

mod chunks;
mod error;
mod header;
mod post_policy;
mod presign;
mod url;
mod v2;

pub use self::chunks::ChunkSigner;
pub use self::error::SignError;
pub use self::header::SignedRequest;
pub use self::header::sign_request;
pub use self::post_policy::PostPolicy;
pub use self::post_policy::PresignedForm;
pub use self::presign::presign_url;
pub use self::v2::presign_url_v2;
pub use self::v2::sign_request_v2;
