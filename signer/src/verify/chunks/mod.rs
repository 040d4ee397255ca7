//! `ChunkReader`: takes the framing off a body in chunks and checks what is signed in it.

mod chain;
mod line;
mod trailer;

use crate::payload::Payload;

use self::chain::Chain;
pub use self::chain::ChunkSeed;
pub(super) use self::chain::Signer;
use self::line::LineReader;
use self::line::LineTooLong;
use self::line::start_of;
use self::trailer::Trailers;
use super::verdict::FramingFlaw;
use super::verdict::Refusal;

/// The size below which only the last chunk may be (documented, and pinned by argmin's tests
/// against AWS).
const SIGNED_CHUNK_BYTES_MIN: u64 = 8192;
/// The longest line before a chunk: 16 digits, `;chunk-signature=`, 64 digits, and CR LF fit.
const SIZE_LINE_BYTES_MAX: usize = 128;
/// The longest line of a trailer.
const TRAILER_LINE_BYTES_MAX: usize = 4096;

/// Reads a body framed as `aws-chunked`: bytes in, decoded bytes out, signatures checked on the
/// way. Nothing is kept but the start of a line.
///
/// A run of bytes is handed out before the signature of its chunk is seen, which comes to its end
/// later. So nothing that was read may count before [`ChunkReader::finish`] says so.
///
/// ```
/// use stuntbucket_signer::Payload;
/// use stuntbucket_signer::verify::ChunkReader;
///
/// let mut reader = ChunkReader::new(Payload::UnsignedChunksWithTrailer, None, 5, None).unwrap();
/// let mut input: &[u8] = b"5\r\nhello\r\n0\r\n\r\n";
/// let mut body = Vec::new();
/// while let Some(run) = reader.next(&mut input).unwrap() {
///     body.extend_from_slice(run);
/// }
/// reader.finish().unwrap();
/// assert_eq!(body, b"hello");
/// ```
#[derive(Debug)]
pub struct ChunkReader {
    payload: Payload,
    /// Checks the signatures, if there are any that matter.
    chain: Option<Chain>,
    declared_bytes: u64,
    decoded_bytes: u64,
    /// The size of the chunk before, 0 before the first.
    previous_chunk_bytes: u64,
    chunk: u64,
    state: State,
    line: LineReader,
    trailers: Trailers,
}

/// What comes next in the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The line before a chunk.
    Size,
    /// So many bytes of a chunk.
    Data { bytes_left: u64 },
    /// The CR LF behind them.
    DataEnd,
    /// The empty line behind the last chunk, where no trailer may be.
    LastLine,
    /// A line of the trailer, or the empty one behind it.
    Trailer,
    /// Nothing.
    End,
}

impl ChunkReader {
    /// A reader for a payload in chunks. `seed` is for signed ones; `declared_trailer` is the value
    /// of `x-amz-trailer`, `decoded_bytes` that of `x-amz-decoded-content-length`.
    pub fn new(
        payload: Payload,
        seed: Option<ChunkSeed>,
        decoded_bytes: u64,
        declared_trailer: Option<&str>,
    ) -> Result<Self, Box<Refusal>> {
        if payload.has_signed_chunks() && seed.is_none() {
            let value = payload.header_value().into_owned();
            return Err(Box::new(Refusal::AnonymousSignedChunks { value }));
        }
        let seed = seed.filter(|_| payload.has_signed_chunks());
        Ok(Self {
            payload,
            chain: seed.and_then(Chain::new),
            declared_bytes: decoded_bytes,
            decoded_bytes: 0,
            previous_chunk_bytes: 0,
            chunk: 0,
            state: State::Size,
            line: LineReader::default(),
            trailers: Trailers::new(payload, declared_trailer),
        })
    }

    /// Takes bytes from the front of `input` and returns the next run of decoded bytes among them;
    /// `None` when all of `input` was taken.
    pub fn next<'a>(&mut self, input: &mut &'a [u8]) -> Result<Option<&'a [u8]>, Box<Refusal>> {
        while !input.is_empty() {
            match self.state {
                State::Data { bytes_left } => return Ok(Some(self.take_data(bytes_left, input))),
                State::End => return Err(framing(FramingFlaw::AfterTheEnd).into()),
                State::Size | State::DataEnd | State::LastLine | State::Trailer => {
                    self.take_line(input)?;
                }
            }
        }
        Ok(None)
    }

    /// The body has ended: the trailers, names in lower case, or what is missing.
    pub fn finish(self) -> Result<Vec<(String, String)>, Box<Refusal>> {
        // minio-go leaves out the empty line behind the trailer.
        let is_whole = match self.state {
            State::End => true,
            State::Trailer => self.line.is_empty() && !self.trailers.is_empty(),
            State::Size | State::Data { .. } | State::DataEnd | State::LastLine => false,
        };
        if !is_whole {
            let decoded_bytes = self.decoded_bytes;
            return Err(framing(FramingFlaw::EndedEarly { decoded_bytes }).into());
        }
        self.trailers.finish(self.chain.as_ref())
    }

    fn take_data<'a>(&mut self, bytes_left: u64, input: &mut &'a [u8]) -> &'a [u8] {
        let length = usize::try_from(bytes_left).map_or(input.len(), |left| left.min(input.len()));
        let (run, rest) = input.split_at(length);
        *input = rest;
        // A run is no longer than what is left, which is an `u64`.
        let length = length as u64;
        self.decoded_bytes += length;
        let bytes_left = bytes_left - length;
        self.state = if bytes_left == 0 { State::DataEnd } else { State::Data { bytes_left } };
        if let Some(chain) = &mut self.chain {
            chain.update(run);
        }
        run
    }

    fn take_line(&mut self, input: &mut &[u8]) -> Result<(), Box<Refusal>> {
        let bytes_max =
            if self.state == State::Trailer { TRAILER_LINE_BYTES_MAX } else { SIZE_LINE_BYTES_MAX };
        let Some(line) = self.line.take(input, bytes_max).map_err(|line| self.too_long(line))?
        else {
            return Ok(());
        };
        self.state = match self.state {
            State::Size => self.start_chunk(&line)?,
            State::DataEnd => self.end_chunk(&line)?,
            State::Trailer => self.take_trailer(&line)?,
            State::LastLine if line == b"\r" => State::End,
            // A trailer here is no trailer (pinned by argmin's tests against AWS).
            State::LastLine | State::Data { .. } | State::End => {
                return Err(framing(FramingFlaw::AfterTheEnd).into());
            }
        };
        self.line.give_back(line);
        Ok(())
    }

    fn start_chunk(&mut self, line: &[u8]) -> Result<State, Box<Refusal>> {
        let line = line.strip_suffix(b"\r").ok_or_else(|| framing(FramingFlaw::LineEnd))?;
        let (bytes, signature) = self.read_size_line(line)?;
        self.chunk += 1;
        // Only the arrival of the next one shows that a small chunk was not the last
        // (recorded by versitygw: issue 1683).
        let is_small = self.previous_chunk_bytes < SIGNED_CHUNK_BYTES_MIN && self.chunk > 1;
        if self.payload.has_signed_chunks() && bytes > 0 && is_small {
            let refusal =
                Refusal::ChunkTooSmall { chunk: self.chunk, bytes: self.previous_chunk_bytes };
            return Err(Box::new(refusal));
        }
        self.previous_chunk_bytes = bytes;
        if let Some(chain) = &mut self.chain {
            chain.start(signature);
        }
        let found = self.decoded_bytes.saturating_add(bytes);
        if found > self.declared_bytes {
            return Err(self.wrong_length(found).into());
        }
        if bytes > 0 {
            return Ok(State::Data { bytes_left: bytes });
        }
        self.check_chunk()?;
        if found != self.declared_bytes {
            return Err(self.wrong_length(found).into());
        }
        Ok(if self.payload.has_trailer() { State::Trailer } else { State::LastLine })
    }

    /// Reads `10000;chunk-signature=...`, or without signatures `10000`.
    fn read_size_line<'a>(&self, line: &'a [u8]) -> Result<(u64, &'a str), Box<Refusal>> {
        let bad_size = || framing(FramingFlaw::ChunkSize { found: start_of(line) });
        let bad_signature = || framing(FramingFlaw::ChunkSignature { found: start_of(line) });
        let text = std::str::from_utf8(line).map_err(|_| bad_size())?;
        let (digits, extension) = match text.split_once(';') {
            Some((digits, extension)) => (digits, Some(extension)),
            None => (text, None),
        };
        let is_hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bytes = u64::from_str_radix(digits, 16).ok().filter(|_| is_hex).ok_or_else(bad_size)?;
        let signature = match extension {
            None if !self.payload.has_signed_chunks() => "",
            Some(extension) if self.payload.has_signed_chunks() => {
                let signature = extension.strip_prefix("chunk-signature=");
                signature.filter(|text| text.len() == 64).ok_or_else(bad_signature)?
            }
            None | Some(_) => return Err(bad_signature().into()),
        };
        Ok((bytes, signature))
    }

    fn end_chunk(&mut self, line: &[u8]) -> Result<State, Box<Refusal>> {
        if line != b"\r" {
            return Err(framing(FramingFlaw::LineEnd).into());
        }
        self.check_chunk()?;
        Ok(State::Size)
    }

    fn check_chunk(&mut self) -> Result<(), Box<Refusal>> {
        let chunk = self.chunk;
        self.chain.as_mut().map_or(Ok(()), |chain| chain.check_chunk(chunk))
    }

    fn take_trailer(&mut self, line: &[u8]) -> Result<State, Box<Refusal>> {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return Ok(State::End);
        }
        self.trailers.take(line)?;
        Ok(State::Trailer)
    }

    fn too_long(&self, LineTooLong { found }: LineTooLong) -> Refusal {
        framing(match self.state {
            State::Size => FramingFlaw::ChunkSize { found },
            State::Trailer => FramingFlaw::TrailerLine { found },
            State::Data { .. } | State::DataEnd | State::LastLine | State::End => {
                FramingFlaw::LineEnd
            }
        })
    }

    fn wrong_length(&self, found: u64) -> Refusal {
        Refusal::DecodedLength { declared: self.declared_bytes, found }
    }
}

fn framing(flaw: FramingFlaw) -> Refusal {
    Refusal::Framing(flaw)
}
