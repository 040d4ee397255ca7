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

/// How an MD5 that was not kept to is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SentMd5 {
    InHex,
    InBase64,
}

impl Promised {
    /// Reads what is promised of a document, in a request whose checksums are of something else.
    pub(crate) fn of_document(parameters: &dyn Parameters) -> Result<Self, Failure> {
        let md5 = parameters.promise("content-md5").map(|value| content_md5(&value)).transpose()?;
        Ok(Self { md5, ..Self::default() })
    }

    /// Reads the promises. `x-amz-checksum-algorithm` is none: PutObject ignores it, recorded by
    /// LocalStack in `test_s3_checksum_no_automatic_sdk_calculation`.
    pub(crate) fn read(parameters: &dyn Parameters) -> Result<Self, Failure> {
        let md5 = parameters.promise("content-md5").map(|value| content_md5(&value)).transpose()?;
        let checksum = checksum(parameters)?;
        let trailer = trailer(parameters)?;
        if checksum.is_some() && trailer.is_some() {
            // Recorded in versity/versitygw#1657: shorter than what two headers are told.
            return Err(invalid_request("Expecting a single x-amz-checksum- header"));
        }
        let promised = Self { md5, checksum, trailer };
        if let Some(name) = parameters.promise("x-amz-sdk-checksum-algorithm") {
            promised.check_named(&name)?;
        }
        Ok(promised)
    }

    /// Refuses `x-amz-sdk-checksum-algorithm` where it names another algorithm than the one sent.
    fn check_named(&self, name: &str) -> Result<(), Failure> {
        let Some(sent) = self.sent_algorithm() else {
            // The text is versitygw's; no answer of S3 to this is recorded.
            return Err(invalid_request(
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* \
                 or x-amz-trailer headers were found.",
            ));
        };
        if !sent.name().eq_ignore_ascii_case(name) {
            // Known from OpenStack Swift's tests, as the texts of the two functions below.
            return Err(invalid_request(
                "Value for x-amz-sdk-checksum-algorithm header is invalid.",
            ));
        }
        Ok(())
    }

    /// The algorithm of the checksum that S3 keeps: the one promised, else CRC64NVME.
    pub(crate) fn algorithm(&self) -> ChecksumAlgorithm {
        self.sent_algorithm().unwrap_or(ChecksumAlgorithm::Crc64Nvme)
    }

    /// The algorithm of the checksum that is promised, if one is.
    pub(crate) fn sent_algorithm(&self) -> Option<ChecksumAlgorithm> {
        let promised = self.checksum.as_ref().map(|checksum| checksum.algorithm);
        promised.or(self.trailer)
    }

    /// Holds the promises against the body, whose checksum was computed by [`Self::algorithm`].
    /// `trailers` are those that came after the body, by name.
    pub(crate) fn compare(
        &self,
        digests: &Digests,
        trailers: &[(String, String)],
    ) -> Result<(), Failure> {
        self.compare_showing(digests, trailers, SentMd5::InHex)
    }

    /// The same, with a wrong MD5 shown so.
    pub(crate) fn compare_showing(
        &self,
        digests: &Digests,
        trailers: &[(String, String)],
        sent_md5: SentMd5,
    ) -> Result<(), Failure> {
        if let Some(md5) = self.md5
            && md5 != digests.md5
        {
            // PutObject shows what was sent in hex, and what was computed in base64; recorded by
            // LocalStack in `test_s3_invalid_content_md5`.
            let message = "The Content-MD5 you specified did not match what we received.";
            let shown = match sent_md5 {
                SentMd5::InHex => hex::encode(md5),
                SentMd5::InBase64 => STANDARD.encode(md5),
            };
            return Err(bad_digest(message)
                .with("CalculatedDigest", STANDARD.encode(digests.md5))
                .with("ExpectedDigest", shown)
                .because(format!(
                    "`Content-MD5` says `{}`, and the body has `{}`",
                    STANDARD.encode(md5),
                    STANDARD.encode(digests.md5)
                )));
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
    let Some((algorithm, value)) = sent.next() else {
        return if names_unknown_algorithm(parameters) {
            Err(invalid_request(
                "The algorithm type you specified in x-amz-checksum- header is invalid.",
            ))
        } else {
            Ok(None)
        };
    };
    if sent.next().is_some() {
        return Err(several());
    }
    let checksum = Checksum::parse(algorithm, &value).ok_or_else(|| {
        invalid_request(format!("Value for {} header is invalid.", algorithm.header()))
    })?;
    Ok(Some(checksum))
}

fn several() -> Failure {
    invalid_request(
        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    )
}

/// Whether there is an `x-amz-checksum-` header that is neither a checksum nor about one.
fn names_unknown_algorithm(parameters: &dyn Parameters) -> bool {
    let is_known = |name: &str| {
        matches!(name, "algorithm" | "mode" | "type")
            || ChecksumAlgorithm::ALL.iter().any(|known| known.name().eq_ignore_ascii_case(name))
    };
    parameters.with_prefix("x-amz-checksum-").iter().any(|(name, _)| !is_known(name))
}

/// Reads `x-amz-trailer`, a list of one.
fn trailer(parameters: &dyn Parameters) -> Result<Option<ChecksumAlgorithm>, Failure> {
    let Some(list) = parameters.promise("x-amz-trailer") else { return Ok(None) };
    let names = list.split(',').map(str::trim).filter(|name| !name.is_empty());
    let algorithms: Option<Vec<_>> = names.map(ChecksumAlgorithm::of_header).collect();
    match algorithms.as_deref() {
        Some([algorithm]) => Ok(Some(*algorithm)),
        Some([_, _, ..]) => Err(several()),
        // The text is versitygw's; no answer of S3 to this is recorded.
        Some([]) | None => {
            Err(invalid_request("The value specified in the x-amz-trailer header is not supported"))
        }
    }
}

/// The checksum that came after the body.
fn sent_after(
    algorithm: ChecksumAlgorithm,
    trailers: &[(String, String)],
) -> Result<Checksum, Failure> {
    let header = algorithm.header();
    // Of two lines the last one counts (known from OpenStack Swift's tests).
    let sent = trailers.iter().rfind(|(name, _)| name.trim().eq_ignore_ascii_case(header));
    let Some((_, value)) = sent else {
        let note = format!("`x-amz-trailer` announces `{header}`, which did not come");
        return Err(Fault::MalformedTrailer.because(note));
    };
    Checksum::parse(algorithm, value.trim())
        .ok_or_else(|| invalid_request(format!("Value for {header} trailing header is invalid.")))
}
