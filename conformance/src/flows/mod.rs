//! Every flow, in the order of the report; and what many of them say.

mod accounts;
mod acls;
mod anonymous;
mod attributes;
mod buckets;
mod checksums;
mod conditional_reads;
mod conditional_writes;
mod configurations;
mod configurations_by_id;
mod copies;
mod cross_origin;
mod delete_objects;
mod encryption;
mod grants;
mod header_signatures;
mod lifecycle;
mod listing;
mod locks;
mod multipart;
mod multipart_checksums;
mod multipart_listing;
mod multipart_refused;
mod not_offered;
mod notifications;
mod objects;
mod overrides;
mod ownership;
mod payloads;
mod policies;
mod policy_conditions;
mod post_form;
mod post_form_answers;
mod post_form_parts;
mod post_form_signatures;
mod presigned;
mod public_access_block;
mod ranges;
mod refusals;
mod restore;
mod tagging;
mod versions;
mod website;
mod website_endpoint;
mod website_redirects;

#[cfg(test)]
mod tests;

use crate::flow::Body;
use crate::flow::Expect;
use crate::flow::Expect::Refused;
use crate::flow::Expect::Status;
use crate::flow::Flow;
use crate::flow::Step;

/// Every flow, in the order of the report.
pub fn all() -> Vec<&'static Flow> {
    [
        buckets::FLOWS,
        objects::FLOWS,
        ranges::FLOWS,
        conditional_reads::FLOWS,
        conditional_writes::FLOWS,
        overrides::FLOWS,
        copies::FLOWS,
        delete_objects::FLOWS,
        attributes::FLOWS,
        multipart::FLOWS,
        multipart_refused::FLOWS,
        multipart_checksums::FLOWS,
        multipart_listing::FLOWS,
        listing::FLOWS,
        checksums::FLOWS,
        payloads::FLOWS,
        header_signatures::FLOWS,
        presigned::FLOWS,
        post_form::FLOWS,
        post_form_parts::FLOWS,
        post_form_signatures::FLOWS,
        post_form_answers::FLOWS,
        acls::FLOWS,
        grants::FLOWS,
        ownership::FLOWS,
        public_access_block::FLOWS,
        policies::FLOWS,
        policy_conditions::FLOWS,
        anonymous::FLOWS,
        accounts::FLOWS,
        versions::FLOWS,
        locks::FLOWS,
        tagging::FLOWS,
        encryption::FLOWS,
        cross_origin::FLOWS,
        website::FLOWS,
        website_endpoint::FLOWS,
        website_redirects::FLOWS,
        lifecycle::FLOWS,
        restore::FLOWS,
        notifications::FLOWS,
        configurations::FLOWS,
        configurations_by_id::FLOWS,
        not_offered::FLOWS,
    ]
    .into_iter()
    .flatten()
    .chain(refusals::flows())
    .collect()
}

const MEOW: Body = Body::Text("meow");

/// A text with well-known checksums (recorded by LocalStack: `test_put_object_checksum`).
const DATA: &str = "test data..";
const DATA_ETAG: &str = "\"e6d9226c2a86b7232933663c13467527\"";
const DATA_CRC64NVME: &str = "qUVrWYOrIAM=";

const NO_SUCH_BUCKET: &str = "The specified bucket does not exist";
const NO_SUCH_KEY: &str = "The specified key does not exist.";
const MISMATCH: &str = "The request signature we calculated does not match the signature you \
                        provided. Check your key and signing method.";
const MALFORMED_XML: &str =
    "The XML you provided was not well-formed or did not validate against our published schema";

const MALFORMED: &[Expect] = &[Refused(400, "MalformedXML", MALFORMED_XML)];

const DENIED: &[Expect] = &[Refused(403, "AccessDenied", "Access Denied")];

const PUT_CAT: Step =
    Step { call: "PUT /{bucket}/cat.jpg", body: MEOW, expect: &[Status(200)], ..Step::PLAIN };
const GET_CAT: Step = Step { call: "GET /{bucket}/cat.jpg", expect: &[Status(200)], ..Step::PLAIN };
const NO_CAT: Step = Step {
    call: "GET /{bucket}/cat.jpg",
    expect: &[Refused(404, "NoSuchKey", NO_SUCH_KEY)],
    ..Step::PLAIN
};
