//! Clients of Rust: rusty-s3, which only signs, object_store and opendal.

mod object_store;
mod opendal;
mod place;
mod rusty_s3;
