//! Listings: pages of keys, folded at a delimiter.

mod fold;
pub(super) mod objects_v1;
pub(super) mod objects_v2;
mod page;
pub(super) mod token;
pub(super) mod versions;
