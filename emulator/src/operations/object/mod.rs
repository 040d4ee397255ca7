//! Operations on objects.

pub(super) mod delete;
pub(super) mod encryption;
pub(super) mod get;
pub(super) mod head;
pub(super) mod lock;
pub(super) mod post;
pub(super) mod put;
mod refused;
pub(super) mod restore;
mod shown;
mod upload;
pub(super) mod version;

pub(super) use self::get::read as read_body;
