//! A body that checks itself while it is read: length, hash, chunks, trailers, checksums.

use bytes::Bytes;
use bytes::BytesMut;
use futures_util::StreamExt;
use stuntbucket_signer::Payload;
use stuntbucket_signer::verify::ChunkReader;
use stuntbucket_signer::verify::ChunkSeed;

use super::other_hash::Sample;
use crate::body::ByteStream;
use crate::digest::ChecksumAlgorithm;
use crate::digest::Digester;
use crate::digest::Digests;
use crate::digest::Sha256Wanted;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_request;
use crate::failure::saying;
use crate::notes::Notes;
use crate::relaxation::Relaxation;
use crate::request::Framing;
use crate::request::Request;
use crate::request::headers::Promised;
use crate::request::headers::SentMd5;
use crate::world::World;

/// The body of a request, unframed. What was promised about it is known to hold only after
/// [`VerifiedBody::finish`].
pub(crate) struct VerifiedBody {
    stream: ByteStream,
    chunks: Option<ChunkReader>,
    /// What has arrived and is not unframed yet.
    arrived: Bytes,
    digester: Digester,
    /// For whoever asks why it has another hash.
    sample: Sample,
    sha256: Option<[u8; 32]>,
    promised: Promised,
    declared_bytes: Option<u64>,
    is_hash_relaxed: bool,
    notes: Notes,
}

/// A body as it arrives, and how its signature frames it.
pub(super) struct Framed {
    pub(super) payload: Payload,
    pub(super) seed: Option<ChunkSeed>,
    pub(super) stream: ByteStream,
}

impl VerifiedBody {
    /// Judges what the head promises about the body, before any of it is read.
    pub(super) fn new(
        world: &World,
        request: &Request,
        promised: Promised,
        framed: Framed,
        notes: &Notes,
    ) -> Result<Self, Failure> {
        let Framed { payload, seed, stream } = framed;
        let (chunks, declared_bytes) = if payload.is_chunked() {
            let bytes = decoded_bytes(request)?;
            let trailer = request.header("x-amz-trailer");
            (Some(ChunkReader::new(payload, seed, bytes, trailer.as_deref())?), Some(bytes))
        } else {
            check_framing(request)?;
            (None, declared(request.framing))
        };
        let sha256 = match payload {
            Payload::Sha256(hash) => Some(hash),
            Payload::Unsigned
            | Payload::SignedChunks
            | Payload::SignedChunksWithTrailer
            | Payload::UnsignedChunksWithTrailer => None,
        };
        let wanted = if sha256.is_some() { Sha256Wanted::Yes } else { Sha256Wanted::No };
        Ok(Self {
            stream,
            chunks,
            arrived: Bytes::new(),
            sample: Sample::default(),
            digester: Digester::new(wanted, promised.algorithm()),
            sha256,
            promised,
            declared_bytes,
            is_hash_relaxed: world.relaxes(Relaxation::PayloadHash),
            notes: notes.clone(),
        })
    }

    /// How many bytes are to come, unframed; `None` if the request has no body.
    pub(crate) fn declared_bytes(&self) -> Option<u64> {
        self.declared_bytes
    }

    /// Whether the request promises a digest beside the hash of its signature.
    pub(crate) fn promises_digest(&self) -> bool {
        self.promised != Promised::default()
    }

    /// The algorithm of the checksum that comes with the body, if one does.
    pub(crate) fn promised_algorithm(&self) -> Option<ChecksumAlgorithm> {
        self.promised.sent_algorithm()
    }

    /// The algorithm of the checksum that is computed.
    pub(crate) fn algorithm(&self) -> ChecksumAlgorithm {
        self.promised.algorithm()
    }

    /// The next piece.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            if self.arrived.is_empty() {
                match self.stream.next().await {
                    Some(arrived) => self.arrived = arrived?,
                    None => return Ok(None),
                }
            }
            let arrived = std::mem::take(&mut self.arrived);
            let piece = match &mut self.chunks {
                None => arrived,
                Some(chunks) => {
                    let mut rest: &[u8] = &arrived;
                    let run = chunks.next(&mut rest)?;
                    self.arrived = arrived.slice_ref(rest);
                    run.map(|run| arrived.slice_ref(run)).unwrap_or_default()
                }
            };
            if !piece.is_empty() {
                self.digester.update(&piece);
                if self.sha256.is_some() {
                    self.sample.take(&piece);
                }
                return Ok(Some(piece));
            }
        }
    }

    /// Holds the body of an object to what was promised about it. All of it must have been read.
    pub(crate) fn finish(self) -> Result<Digests, Failure> {
        self.finish_showing(SentMd5::InHex)
    }

    /// The same for a part or a document: an MD5 that was not kept to is shown as it was sent
    /// (recorded by LocalStack: `test_s3_invalid_content_md5`; of documents by OpenStack Swift's
    /// tests).
    pub(crate) fn finish_part(self) -> Result<Digests, Failure> {
        self.finish_showing(SentMd5::InBase64)
    }

    fn finish_showing(self, sent_md5: SentMd5) -> Result<Digests, Failure> {
        let trailers = match self.chunks {
            Some(chunks) => chunks.finish()?,
            None => Vec::new(),
        };
        let digests = self.digester.finish();
        if let Some(declared) = self.declared_bytes.filter(|declared| *declared != digests.bytes) {
            let came = digests.bytes;
            return Err(Fault::IncompleteBody
                .with("NumberBytesExpected", declared.to_string())
                .with("NumberBytesProvided", came.to_string())
                .because(format!("{declared} bytes were announced, and {came} came")));
        }
        if let (Some(promised), Some(computed)) = (self.sha256, digests.sha256)
            && promised != computed
        {
            let failure = other_hash(&promised, &computed, &self.sample);
            if !self.is_hash_relaxed {
                return Err(failure);
            }
            self.notes.waive(Relaxation::PayloadHash, failure.reason());
        }
        self.promised.compare_showing(&digests, &trailers, sent_md5)?;
        Ok(digests)
    }

    /// The whole body, for documents.
    pub(crate) async fn document(mut self, bytes_max: usize) -> Result<Bytes, Failure> {
        let mut document = BytesMut::new();
        while let Some(piece) = self.next().await? {
            if document.len() + piece.len() > bytes_max {
                return Err(Fault::MalformedXml
                    .because(format!("the document is longer than {bytes_max} bytes")));
            }
            document.extend_from_slice(&piece);
        }
        self.finish_part()?;
        Ok(document.freeze())
    }
}

fn declared(framing: Framing) -> Option<u64> {
    match framing {
        Framing::Length(bytes) => Some(bytes),
        Framing::None | Framing::Chunked => None,
    }
}

/// `aws-chunked` needs a hash that says so, and chunks of HTTP alone are not enough: without
/// either, S3 would not know how much is to come.
fn check_framing(request: &Request) -> Result<(), Failure> {
    if request.framing == Framing::Chunked {
        return Err(Fault::NotImplementedHeader.with("Header", "Transfer-Encoding").because(
            "the request has `Transfer-Encoding: chunked` and neither `Content-Length` nor \
             `x-amz-decoded-content-length`",
        ));
    }
    let is_framed = request.header("content-encoding").is_some_and(|encodings| {
        encodings.split(',').any(|encoding| encoding.trim().eq_ignore_ascii_case("aws-chunked"))
    });
    let is_unsigned = request.header("x-amz-content-sha256").as_deref() == Some("UNSIGNED-PAYLOAD");
    if is_framed && is_unsigned {
        // Reported for S3 by litestream's issue 890.
        return Err(invalid_request(
            "aws-chunked encoding is not supported when x-amz-content-sha256 UNSIGNED-PAYLOAD is \
             supplied.",
        ));
    }
    Ok(())
}

fn decoded_bytes(request: &Request) -> Result<u64, Failure> {
    let header = request.header("x-amz-decoded-content-length");
    header.and_then(|length| length.trim().parse().ok()).ok_or_else(|| {
        Fault::MissingContentLength
            .because("a body in chunks needs `x-amz-decoded-content-length`, a number")
    })
}

fn other_hash(promised: &[u8; 32], computed: &[u8; 32], sample: &Sample) -> Failure {
    saying(
        "XAmzContentSHA256Mismatch",
        400,
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
    )
    .with("ClientComputedContentSHA256", hex::encode(promised))
    .with("S3ComputedContentSHA256", hex::encode(computed))
    .because(sample.explain(promised))
}
