//! The checksums that a request promises for its body, and whether they were kept.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Parameters;
use crate::digest::Checksum;
use crate::digest::ChecksumAlgorithm;
use crate::digest::Digests;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::bad_digest;
use crate::failure::invalid_request;

/// What a request promises of its body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Promised {
    /// `Content-MD5`.
    pub(crate) md5: Option<[u8; 16]>,
    /// `x-amz-checksum-*`.
    pub(crate) checksum: Option<Checksum>,
    /// `x-amz-trailer`: a checksum comes after the body.
    pub(crate) trailer: Option<ChecksumAlgorithm>,
}

/// Headers of algorithms that S3 has known since 2026, and that are not offered here.
const NOT_OFFERED: [&str; 5] = [
    "x-amz-checksum-md5",
    "x-amz-checksum-sha512",
    "x-amz-checksum-xxhash128",
    "x-amz-checksum-xxhash3",
    "x-amz-checksum-xxhash64",
];

impl Promised {
    /// Reads the promises. `x-amz-checksum-algorithm` is none: PutObject ignores it, recorded by
    /// LocalStack in `test_s3_checksum_no_automatic_sdk_calculation`.
    pub(crate) fn read(parameters: &dyn Parameters) -> Result<Self, Failure> {
        let md5 = parameters.promise("content-md5").map(|value| content_md5(&value)).transpose()?;
        if let Some(header) = NOT_OFFERED.iter().find(|name| parameters.promise(name).is_some()) {
            return Err(Fault::NotImplementedHeader.with("Header", *header));
        }
        let checksum = checksum(parameters)?;
        let trailer = trailer(parameters)?;
        if checksum.is_some() && trailer.is_some() {
            // Recorded in versity/versitygw#1657: shorter than what two headers are told.
            return Err(invalid_request("Expecting a single x-amz-checksum- header"));
        }
        let names_algorithm = parameters.promise("x-amz-sdk-checksum-algorithm").is_some();
        if names_algorithm && checksum.is_none() && trailer.is_none() {
            // The text is versitygw's; no answer of S3 to this is recorded.
            return Err(invalid_request(
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* \
                 or x-amz-trailer headers were found.",
            ));
        }
        Ok(Self { md5, checksum, trailer })
    }

    /// The algorithm of the checksum that S3 keeps: the one promised, else CRC64NVME.
    pub(crate) fn algorithm(&self) -> ChecksumAlgorithm {
        let promised = self.checksum.as_ref().map(|checksum| checksum.algorithm);
        promised.or(self.trailer).unwrap_or(ChecksumAlgorithm::Crc64Nvme)
    }

    /// Holds the promises against the body, whose checksum was computed by [`Self::algorithm`].
    /// `trailers` are those that came after the body, by name.
    pub(crate) fn compare(
        &self,
        digests: &Digests,
        trailers: &[(String, String)],
    ) -> Result<(), Failure> {
        if let Some(md5) = self.md5
            && md5 != digests.md5
        {
            // PutObject shows what was sent in hex, and what was computed in base64; recorded by
            // LocalStack in `test_s3_invalid_content_md5`.
            let message = "The Content-MD5 you specified did not match what we received.";
            return Err(bad_digest(message)
                .with("CalculatedDigest", STANDARD.encode(digests.md5))
                .with("ExpectedDigest", hex::encode(md5)));
        }
        let trailing = self.trailer.map(|algorithm| sent_after(algorithm, trailers)).transpose()?;
        let Some(promised) = trailing.as_ref().or(self.checksum.as_ref()) else { return Ok(()) };
        if *promised != digests.checksum {
            let name = promised.algorithm.name();
            let failure = bad_digest(format!(
                "The {name} you specified did not match the calculated checksum."
            ));
            return Err(failure.because(format!(
                "`{}` says `{}`, and the body has `{}`",
                promised.algorithm.header(),
                promised.value,
                digests.checksum.value
            )));
        }
        Ok(())
    }
}

fn content_md5(value: &str) -> Result<[u8; 16], Failure> {
    let bytes = STANDARD.decode(value).ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| Fault::InvalidDigest.with("Content-MD5", value))
}

fn checksum(parameters: &dyn Parameters) -> Result<Option<Checksum>, Failure> {
    let mut sent = ChecksumAlgorithm::ALL
        .into_iter()
        .filter_map(|algorithm| Some((algorithm, parameters.promise(algorithm.header())?)));
    let Some((algorithm, value)) = sent.next() else { return Ok(None) };
    if sent.next().is_some() {
        return Err(invalid_request(
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        ));
    }
    let checksum = Checksum::parse(algorithm, &value).ok_or_else(|| {
        invalid_request(format!("Value for {} header is invalid.", algorithm.header()))
    })?;
    Ok(Some(checksum))
}

fn trailer(parameters: &dyn Parameters) -> Result<Option<ChecksumAlgorithm>, Failure> {
    let Some(name) = parameters.promise("x-amz-trailer") else { return Ok(None) };
    let algorithm = ChecksumAlgorithm::of_header(name.trim()).ok_or_else(|| {
        // The text is versitygw's; no answer of S3 to this is recorded.
        invalid_request("The value specified in the x-amz-trailer header is not supported")
    })?;
    Ok(Some(algorithm))
}

/// The checksum that came after the body.
fn sent_after(
    algorithm: ChecksumAlgorithm,
    trailers: &[(String, String)],
) -> Result<Checksum, Failure> {
    let header = algorithm.header();
    let sent = trailers.iter().find(|(name, _)| name.trim().eq_ignore_ascii_case(header));
    let Some((_, value)) = sent else {
        let note = format!("`x-amz-trailer` announces `{header}`, which did not come");
        return Err(Fault::MalformedTrailer.because(note));
    };
    Checksum::parse(algorithm, value.trim())
        .ok_or_else(|| invalid_request(format!("Value for {header} trailing header is invalid.")))
}
