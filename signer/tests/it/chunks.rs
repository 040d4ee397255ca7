//! Bodies in chunks: round trips, and what is refused.

use proptest::prelude::*;
use stuntbucket_signer::Payload;
use stuntbucket_signer::sign;
use stuntbucket_signer::sign::ChunkSigner;
use stuntbucket_signer::verify::ChunkReader;
use stuntbucket_signer::verify::ChunkSeed;
use stuntbucket_signer::verify::Refusal;

use crate::common::REGION;
use crate::common::Request;
use crate::common::Ring;
use crate::common::accepted;
use crate::common::credentials;
use crate::common::now;
use crate::common::rules;

const TRAILER: (&str, &str) = ("x-amz-checksum-crc32", "NhCmhg==");
const IN_CHUNKS: [Payload; 3] =
    [Payload::SignedChunks, Payload::SignedChunksWithTrailer, Payload::UnsignedChunksWithTrailer];

/// Names and values.
type Trailers = Vec<(String, String)>;

/// Both ends of an upload: what signs the body, and the seed that checks it.
fn upload(payload: Payload) -> (ChunkSigner, Option<ChunkSeed>) {
    let url = "http://localhost/b/k";
    let signed =
        sign::sign_request("PUT", url, &[], &payload, &credentials(), REGION, now()).unwrap();
    let request = Request::of_url("PUT", url);
    let request =
        signed.headers.iter().fold(request, |request, (name, value)| request.with(name, value));
    let holder = accepted(request.judge(&Ring::of(&credentials()), &rules(now())));
    assert_eq!(holder.payload(), payload);
    (signed.chunks().unwrap(), holder.chunk_seed())
}

fn framed(mut signer: ChunkSigner, chunks: &[&[u8]], trailers: &[(&str, &str)]) -> Vec<u8> {
    let mut framed: Vec<u8> = chunks.iter().flat_map(|chunk| signer.chunk(chunk)).collect();
    framed.extend(signer.finish(trailers));
    framed
}

/// Reads a body that comes in these pieces.
fn read(mut reader: ChunkReader, pieces: &[&[u8]]) -> Result<(Vec<u8>, Trailers), Box<Refusal>> {
    let mut decoded = Vec::new();
    for piece in pieces {
        let mut input = *piece;
        while let Some(run) = reader.next(&mut input)? {
            decoded.extend_from_slice(run);
        }
        assert!(input.is_empty());
    }
    Ok((decoded, reader.finish()?))
}

/// Cuts bytes at these places.
fn pieces<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).collect();
    cuts.sort_unstable();
    let mut pieces = Vec::new();
    let mut start = 0;
    for cut in cuts.into_iter().chain([bytes.len()]) {
        pieces.push(&bytes[start..cut]);
        start = cut;
    }
    pieces
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_framed_is_read_again_however_it_is_cut(
        payload in prop::sample::select(&IN_CHUNKS[..]),
        body in prop::collection::vec(any::<u8>(), 0..40_000),
        cuts in prop::collection::vec(any::<usize>(), 0..40),
    ) {
        let (signer, seed) = upload(payload);
        let chunks: Vec<_> = body.chunks(8192).collect();
        let trailers = if payload.has_trailer() { &[TRAILER][..] } else { &[] };
        let framed = framed(signer, &chunks, trailers);
        let bytes = body.len() as u64;
        prop_assert_eq!(
            framed.len() as u64,
            ChunkSigner::framed_len(bytes, 8192, trailers, &payload)
        );
        let reader = ChunkReader::new(payload, seed, bytes, Some(TRAILER.0)).unwrap();
        let (decoded, received) = read(reader, &pieces(&framed, &cuts)).unwrap();
        prop_assert_eq!(decoded, body);
        prop_assert_eq!(received.len(), trailers.len());
    }

    #[test]
    fn any_changed_byte_of_signed_chunks_is_refused(
        with_trailer in any::<bool>(),
        body in prop::collection::vec(any::<u8>(), 0..9000),
        at in any::<prop::sample::Index>(),
        flip in 1..=255_u8,
    ) {
        let payload = if with_trailer {
            Payload::SignedChunksWithTrailer
        } else {
            Payload::SignedChunks
        };
        let (signer, seed) = upload(payload);
        let chunks: Vec<_> = body.chunks(8192).collect();
        let mut framed = framed(signer, &chunks, &[TRAILER]);
        let at = at.index(framed.len());
        let before = framed[at];
        framed[at] ^= flip;
        // The case of a size's digits and of a trailer's name does not matter, nor does white
        // space about a trailer's value or the CR of its line.
        let is_same = before.eq_ignore_ascii_case(&framed[at]);
        let is_space = before.is_ascii_whitespace() || framed[at].is_ascii_whitespace();
        prop_assume!(!is_same && !is_space);
        let reader =
            ChunkReader::new(payload, seed, body.len() as u64, Some(TRAILER.0)).unwrap();
        prop_assert!(read(reader, &[&framed]).is_err());
    }

    #[test]
    fn no_bytes_make_it_panic(
        payload in prop::sample::select(&IN_CHUNKS[..]),
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        text in "[0-9a-f]{0,17}(;chunk-signature=[0-9a-f]{64})?(\r\n|\n)?[a-z:\r\n]{0,40}",
        declared in any::<u64>(),
        trailer in prop::option::of(".{0,20}"),
    ) {
        let (_, seed) = upload(payload);
        for input in [&bytes[..], text.as_bytes()] {
            let reader = ChunkReader::new(payload, seed.clone(), declared, trailer.as_deref());
            if let Ok(reader) = reader {
                let _ = read(reader, &[input]);
            }
        }
    }
}

/// Reads `body` as unsigned chunks of `bytes`, with one declared trailer.
#[track_caller]
fn check_unsigned(body: &str, bytes: u64, declared: Option<&str>, expected: Result<usize, &str>) {
    let payload = Payload::UnsignedChunksWithTrailer;
    let found = ChunkReader::new(payload, None, bytes, declared)
        .and_then(|reader| read(reader, &[body.as_bytes()]))
        .map(|(_, trailers)| trailers.len());
    let code = found.map_err(|refusal| {
        assert!(refusal.to_string().contains(". "), "{refusal}");
        refusal.s3_error().code
    });
    assert_eq!(code, expected, "{body:?}");
}

#[test]
fn broken_framing_is_an_incomplete_body() {
    for body in [
        "",
        "5",
        "5\r\n",
        "5\r\nhello",
        "5\r\nhello\r\n",
        "5\r\nhello\r\n0\r\n",
        "x\r\nhello\r\n0\r\n\r\n",
        "\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n",
        "5;chunk-signature=00\r\nhello\r\n0\r\n\r\n",
        "5\nhello\r\n0\r\n\r\n",
        "4\r\nhello\r\n0\r\n\r\n",
        "6\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello0\r\n\r\n",
        "5\r\nhello\r\n0\r\n\r\nmore",
        "5\r\nhello\r\n0\r\nno colon\r\n\r\n",
        "11111111111111111\r\n",
        &"0".repeat(1000),
        &format!("5\r\nhello\r\n0\r\na:{}", "b".repeat(5000)),
    ] {
        check_unsigned(body, 5, None, Err("IncompleteBody"));
    }
    check_unsigned("5\r\nhello\r\n0\r\n\r\n", 5, None, Ok(0));
    check_unsigned("0\r\n\r\n", 0, None, Ok(0));
}

#[test]
fn the_decoded_length_must_be_the_declared_one() {
    let payload = Payload::UnsignedChunksWithTrailer;
    for declared in [4, 6] {
        let reader = ChunkReader::new(payload, None, declared, None).unwrap();
        let refusal = read(reader, &[b"5\r\nhello\r\n0\r\n\r\n"]).unwrap_err();
        assert_eq!(*refusal, Refusal::DecodedLength { declared, found: 5 });
        let error = refusal.s3_error();
        assert_eq!((error.code, error.status), ("IncompleteBody", 400));
        assert!(error.message.starts_with("You did not provide the number of bytes"));
    }
}

#[test]
fn trailers_must_be_the_declared_ones() {
    let with = |trailer: &str| format!("5\r\nhello\r\n0\r\n{trailer}\r\n");
    let crc = "x-amz-checksum-crc32";
    for (trailer, declared, expected) in [
        ("X-Amz-Checksum-Crc32: NhCmhg==\r\n", Some(" X-AMZ-checksum-crc32"), Ok(1)),
        // minio-go ends here.
        ("x-amz-checksum-crc32:NhCmhg==", Some(crc), Ok(1)),
        ("x-amz-checksum-crc32:NhCmhg==\r\n", None, Err("MalformedTrailerError")),
        ("x-amz-checksum-crc32c:NhCmhg==\r\n", Some(crc), Err("MalformedTrailerError")),
        ("", Some(crc), Err("MalformedTrailerError")),
        (":NhCmhg==\r\n", Some(crc), Err("MalformedTrailerError")),
        ("x-amz-checksum-crc32:NhCmhg==\r\n", Some("x-amz-checksum-crc32, ,"), Ok(1)),
        ("", Some(""), Ok(0)),
    ] {
        check_unsigned(&with(trailer), 5, declared, expected);
    }
}

#[test]
fn only_the_last_signed_chunk_may_be_small() {
    let (signer, seed) = upload(Payload::SignedChunks);
    let framed = framed(signer, &[b"hello", b"world"], &[]);
    let reader = ChunkReader::new(Payload::SignedChunks, seed, 10, None).unwrap();
    let refusal = read(reader, &[&framed]).unwrap_err();
    let error = refusal.s3_error();
    assert_eq!((error.code, error.status), ("InvalidChunkSizeError", 403));
    let elements = [("Chunk", "2".to_owned()), ("BadChunkSize", "5".to_owned())];
    assert_eq!(refusal.elements(), elements);
}

#[test]
fn a_chunk_of_another_upload_does_not_fit() {
    let (signer, seed) = upload(Payload::SignedChunks);
    let framed = framed(signer, &[b"hello"], &[]);
    let text = String::from_utf8(framed).unwrap();
    let (start, _) = text.split_at(text.find("hello").unwrap());
    let changed = text.replace("hello", "jello");
    let reader = ChunkReader::new(Payload::SignedChunks, seed, 5, None).unwrap();
    let refusal = read(reader, &[changed.as_bytes()]).unwrap_err();
    let error = refusal.s3_error();
    assert_eq!((error.code, error.status), ("SignatureDoesNotMatch", 403));
    let names: Vec<_> = refusal.elements().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "AWSAccessKeyId",
            "StringToSign",
            "SignatureProvided",
            "StringToSignBytes",
            "CanonicalRequest",
            "CanonicalRequestBytes"
        ]
    );
    assert!(refusal.string_to_sign().unwrap().starts_with("AWS4-HMAC-SHA256-PAYLOAD\n"));
    assert!(refusal.canonical_request().unwrap().starts_with("PUT\n/b/k\n\n"));
    let provided = &refusal.elements()[2].1;
    assert!(start.contains(&format!("chunk-signature={provided}")), "{start}");
}

#[test]
fn a_signed_trailer_must_be_signed() {
    let payload = Payload::SignedChunksWithTrailer;
    let (signer, seed) = upload(payload);
    let framed = String::from_utf8(framed(signer, &[b"hello"], &[TRAILER])).unwrap();
    let read = |text: &str| {
        let reader = ChunkReader::new(payload, seed.clone(), 5, Some(TRAILER.0)).unwrap();
        read(reader, &[text.as_bytes()]).map_err(|refusal| refusal.s3_error().code)
    };
    assert_eq!(read(&framed).unwrap().1, [(TRAILER.0.to_owned(), TRAILER.1.to_owned())]);
    assert_eq!(read(&framed.replace("NhCm", "AhCm")), Err("SignatureDoesNotMatch"));
    let start = framed.find("x-amz-trailer-signature").unwrap();
    let unsigned = format!("{}\r\n", &framed[..start]);
    assert_eq!(read(&unsigned), Err("MalformedTrailerError"));
    let plain = framed.replace("-signature:", "-signature;");
    assert_eq!(read(&plain), Err("IncompleteBody"));
}

#[test]
fn signed_chunks_need_a_signer() {
    let refusal = ChunkReader::new(Payload::SignedChunks, None, 0, None).unwrap_err();
    assert_eq!(refusal.s3_error().code, "InvalidRequest");
}

#[test]
fn no_trailer_may_come_where_none_was_promised() {
    let (signer, seed) = upload(Payload::SignedChunks);
    let mut framed = framed(signer, &[b"hello"], &[]);
    framed.truncate(framed.len() - 2);
    framed.extend_from_slice(b"x-amz-checksum-crc32:NhCmhg==\r\n\r\n");
    let reader = ChunkReader::new(Payload::SignedChunks, seed, 5, None).unwrap();
    assert_eq!(read(reader, &[&framed]).unwrap_err().s3_error().code, "IncompleteBody");
}
