//! Clients of Rust: AWS's SDK, rusty-s3, which only signs, object_store and opendal.

mod aws_sdk;
mod object_store;
mod opendal;
mod place;
mod rusty_s3;
