//! Listings: pages of keys, folded at a delimiter.

mod fold;
pub(super) mod objects_v1;
pub(super) mod objects_v2;
pub(super) mod page;
pub(super) mod token;
pub(super) mod uploads;
pub(super) mod versions;
