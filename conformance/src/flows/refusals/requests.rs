//! The requests that the matrix spoils. As they stand here, nothing is wrong with them.

use super::super::DATA;
use super::faults;
use super::faults::Fault;
use crate::flow::Account;
use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::Status;
use crate::flow::File;
use crate::flow::Flow;
use crate::flow::Form;
use crate::flow::Identity;
use crate::flow::Payload;
use crate::flow::Spoil;
use crate::flow::Step;

/// A request that is to be spoiled.
pub(super) struct Whole {
    /// Its section in the file.
    pub(super) name: &'static str,
    /// The family of its flows.
    pub(super) family: &'static str,
    /// What can be wrong with it, besides what can be with every signed request.
    pub(super) faults: &'static [Fault],
    /// The flow in which nothing is wrong with it.
    accepted: &'static str,
    /// The request, and the answer where nothing is wrong; none where it is refused in any case.
    pub(super) step: Step,
}

/// All of them, in the order of the report.
pub(super) const REQUESTS: &[Whole] = &[
    Whole {
        name: "header",
        family: "refusals-header",
        faults: faults::OF_A_HEADER,
        accepted: "refusals-header/not-spoiled",
        step: Step { expect: OK, ..GET },
    },
    Whole {
        name: "link",
        family: "refusals-link",
        faults: faults::OF_A_LINK,
        accepted: "refusals-link/not-spoiled",
        step: Step {
            identity: Identity::Presigned { account: Account::Owner, lifetime_seconds: 60 },
            expect: OK,
            ..GET
        },
    },
    Whole {
        name: "form",
        family: "refusals-form",
        faults: faults::OF_A_FORM,
        accepted: "refusals-form/not-spoiled",
        step: Step {
            call: "POST /{bucket}",
            identity: Identity::Form(Account::Owner),
            body: Body::Form(Form {
                conditions: &[r#"["eq", "$key", "k"]"#, r#"["content-length-range", 1, 10]"#],
                fields: &[("key", "k")],
                file: File { name: "k", content: "meow" },
                ..Form::PLAIN
            }),
            expect: &[Status(204)],
            ..Step::PLAIN
        },
    },
    Whole {
        name: "unsigned",
        family: "refusals-unsigned",
        faults: faults::OF_NOBODY,
        accepted: "refusals-unsigned/not-spoiled",
        step: Step { identity: Identity::Anonymous, ..GET },
    },
    Whole {
        name: "upload",
        family: "refusals-upload",
        faults: faults::OF_AN_UPLOAD,
        accepted: "refusals-upload/not-spoiled",
        step: PUT,
    },
    Whole {
        name: "signed-chunks",
        family: "refusals-signed-chunks",
        faults: faults::OF_SIGNED_CHUNKS,
        accepted: "refusals-signed-chunks/not-spoiled",
        step: Step { payload: Payload::SignedChunks { chunk_bytes: CHUNK_BYTES }, ..PUT },
    },
    Whole {
        name: "signed-trailer",
        family: "refusals-signed-trailer",
        faults: faults::OF_A_SIGNED_TRAILER,
        accepted: "refusals-signed-trailer/not-spoiled",
        step: Step {
            payload: Payload::SignedChunksWithTrailer { chunk_bytes: CHUNK_BYTES, trailer: CRC32 },
            ..PUT
        },
    },
    Whole {
        name: "unsigned-trailer",
        family: "refusals-unsigned-trailer",
        faults: faults::OF_AN_UNSIGNED_TRAILER,
        accepted: "refusals-unsigned-trailer/not-spoiled",
        step: Step { payload: Payload::UnsignedChunksWithTrailer { trailer: CRC32 }, ..PUT },
    },
];

const OK: &[Expect] = &[Status(200)];
const GET: Step = Step { call: "GET /{bucket}/k", ..Step::PLAIN };
const PUT: Step =
    Step { call: "PUT /{bucket}/k", body: Body::Text(DATA), expect: OK, ..Step::PLAIN };

/// What the SDKs take.
const CHUNK_BYTES: usize = 65_536;
const CRC32: (&str, &str) = ("x-amz-checksum-crc32", "cZWHwQ==");

impl Whole {
    /// Whether it is accepted where nothing is wrong.
    pub(super) const fn is_accepted(&self) -> bool {
        !self.step.expect.is_empty()
    }

    /// What goes wrong by a fault of this name.
    pub(super) fn spoils(&self, name: &str) -> Option<&'static [Spoil]> {
        let mut faults = self.faults.iter().chain(faults::OF_A_SIGNED_REQUEST);
        faults.find(|fault| fault.0 == name).map(|fault| fault.1)
    }

    /// The flow in which nothing is wrong with it: else a refusal would prove little.
    pub(super) fn not_spoiled(&self) -> Flow {
        Flow {
            name: self.accepted,
            source: "https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html",
            bucket: Bucket::Shared,
            steps: vec![self.step].leak(),
            ..Flow::PLAIN
        }
    }
}
