//! The emulator as its users see it: over the wire, in a test, on the command line.

mod access; // grants, ownership and public policies
mod acl; // ACLs that a request brings, and what is none
mod addressing; // odd keys, odd queries, hosts with and without a port
mod asks; // each operation that needs a permission asks for it
mod buckets; // names, namespaces, regions, and the list of buckets
mod checksums; // every algorithm
mod client; // a small HTTP client that sends what it is told, byte for byte
mod conditions; // what conditions of policies see of a request
mod configurations; // documents of buckets: kept, given back, refused
mod copy; // copies of objects
mod cors; // rules, preflights, what scripts of other origins are told
mod delete_objects; // many keys at once, and conditions
mod documents; // what conditions see of documents, and of what is there
mod embedding; // the API for tests
mod encryption; // keys of S3, of KMS and of clients
mod events; // what is told of changes, and where
#[cfg(feature = "cli")]
mod explain; // the command that judges offline
mod fine_policies;
mod form; // what a browser sends
mod lifecycle; // rules, and what the clock makes of them
mod lock; // object lock: retention, legal hold, bypass, by the clock
mod multipart; // uploads in parts
mod ownership; // who owns a bucket and what is in it, and what ACLs are worth there
mod policy; // policies of buckets and users
#[cfg(feature = "cli")]
mod program; // the binary: facts, ready file, clean stop, bad flags
mod regions; // which endpoint knows of which bucket, and which scope fits it
#[cfg(feature = "cli")]
mod restart; // what was answered survives kill -9
mod restore; // archived objects
mod rights; // every caller, state and operation, against a table
mod signers; // links whose signers have lost their rights
mod sigv2; // Signature Version 2, and why a signature differs
mod sts; // temporary keys, and what they are good for
mod tagging; // tags of buckets and objects
#[cfg(feature = "tls")]
mod tls; // the same over HTTPS
mod versions; // versions: kept, suspended, listed, hidden, removed
mod website; // a bucket as a browser without keys sees it
mod wire; // heads, bodies that end early, early refusals
