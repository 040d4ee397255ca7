//! Header signatures over each form of body that `x-amz-content-sha256` can promise.

use stuntbucket_signer::Payload as Promise;
use stuntbucket_signer::sign;

use super::CannotCompose;
use super::Signer;
use super::borrowed;
use crate::exchange::Request;
use crate::flow::Payload;
use crate::flow::Spoil;

/// Signs the request by header, and frames its body where the payload comes in chunks.
pub(super) fn sign(
    request: &mut Request,
    payload: Payload,
    spoils: &[Spoil],
    signer: &Signer,
) -> Result<(), CannotCompose> {
    let (promise, trailer) = match payload {
        Payload::Hashed => (Promise::of(&request.body), None),
        Payload::Unsigned => (Promise::Unsigned, None),
        Payload::SignedChunks { .. } => (Promise::SignedChunks, None),
        Payload::SignedChunksWithTrailer { trailer, .. } => {
            (Promise::SignedChunksWithTrailer, Some(trailer))
        }
        Payload::UnsignedChunksWithTrailer { trailer } => {
            (Promise::UnsignedChunksWithTrailer, Some(trailer))
        }
    };
    let length = request.body.len().to_string();
    let mut announce = |name: &'static str, value: String| {
        let is_told = request.header(name).is_some() || spoils.contains(&Spoil::NotSent(name));
        if !is_told {
            request.headers.push((name.to_owned(), value));
        }
    };
    if promise.is_chunked() {
        announce("content-encoding", "aws-chunked".to_owned());
        announce("x-amz-decoded-content-length", length);
    }
    if let Some((name, _)) = trailer {
        announce("x-amz-trailer", name.to_owned());
    }
    let signed = sign::sign_request(
        &request.method,
        &request.url,
        &borrowed(&request.headers),
        &promise,
        &signer.credentials,
        &signer.region,
        signer.at,
    )?;
    match payload {
        Payload::Hashed | Payload::Unsigned => {}
        Payload::UnsignedChunksWithTrailer { trailer } => {
            request.body = unsigned_chunk(&request.body, trailer);
        }
        Payload::SignedChunks { chunk_bytes }
        | Payload::SignedChunksWithTrailer { chunk_bytes, .. } => {
            let spoiled = |spoil: &Spoil| match spoil {
                Spoil::ChunkBytes(bytes) => Some(*bytes),
                _ => None,
            };
            let chunk_bytes = spoils.iter().find_map(spoiled).unwrap_or(chunk_bytes);
            if let Some(mut chunks) = signed.chunks() {
                let mut framed = Vec::with_capacity(request.body.len() + 512);
                for data in request.body.chunks(chunk_bytes) {
                    framed.extend(chunks.chunk(data));
                }
                framed.extend(chunks.finish(trailer.as_slice()));
                request.body = framed;
            }
        }
    }
    let headers = signed.headers.into_iter().map(|(name, value)| (name.to_owned(), value));
    request.headers.extend(headers);
    Ok(())
}

/// One chunk, the empty chunk that ends the body, and the trailer.
fn unsigned_chunk(body: &[u8], (name, value): (&str, &str)) -> Vec<u8> {
    let mut framed = Vec::with_capacity(body.len() + 128);
    if !body.is_empty() {
        framed.extend(format!("{:x}\r\n", body.len()).into_bytes());
        framed.extend_from_slice(body);
        framed.extend_from_slice(b"\r\n");
    }
    framed.extend(format!("0\r\n{name}:{value}\r\n\r\n").into_bytes());
    framed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsigned_chunk_is_framed_as_the_sdks_frame_it() {
        let framed = unsigned_chunk(b"test data..", ("x-amz-checksum-crc32", "cZWHwQ=="));
        let expected = "b\r\ntest data..\r\n0\r\nx-amz-checksum-crc32:cZWHwQ==\r\n\r\n";
        assert_eq!(String::from_utf8(framed).unwrap(), expected);
    }
}
