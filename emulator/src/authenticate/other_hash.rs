//! Why a body has another hash than was signed.

use bytes::Bytes;
use sha2::Digest;
use sha2::Sha256;

use crate::explanation::Explanation;

/// Longer bodies are not kept for this.
const BYTES_MAX: usize = 64 * 1024;

/// How files that are compressed with gzip begin (RFC 1952).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What is kept of a body in case its hash is another one: all of it, if it came in one short
/// piece, else its start.
#[derive(Debug, Default)]
pub(super) struct Sample {
    bytes: Bytes,
    is_whole: bool,
}

impl Sample {
    /// Takes the next piece. No piece is copied.
    pub(super) fn take(&mut self, piece: &Bytes) {
        self.is_whole = self.bytes.is_empty() && piece.len() <= BYTES_MAX;
        if self.bytes.is_empty() {
            self.bytes = piece.slice(..piece.len().min(BYTES_MAX));
        }
    }

    /// Says what a client hashed, if that is to be seen.
    pub(super) fn explain(&self, promised: &[u8; 32]) -> Explanation {
        let is_promised = |bytes: &[u8]| *promised == <[u8; 32]>::from(Sha256::digest(bytes));
        if is_promised(b"") {
            return Explanation::of("the hash that was signed is that of an empty body")
                .advising("Hash the body that is sent, or sign `UNSIGNED-PAYLOAD`.");
        }
        let text = if self.is_whole { self.bytes.as_ref() } else { b"" };
        if let Some((what, advice)) =
            changes(text).into_iter().find(|(.., bytes)| is_promised(bytes)).map(|it| (it.0, it.1))
        {
            return Explanation::of(what).advising(advice);
        }
        let what = "the body is not the one whose SHA-256 was signed: it changed on the way, or \
                    the hash was made of something else";
        if self.bytes.starts_with(&GZIP) {
            return Explanation::of(format!("{what}; it came compressed with gzip")).advising(
                "Hash the compressed body, or switch the compression off that comes later.",
            );
        }
        Explanation::of(what)
    }
}

/// How a body may have been before something changed it, and what to do then.
fn changes(sent: &[u8]) -> Vec<(&'static str, &'static str, Vec<u8>)> {
    const ENDS: &str = "Send and hash the bytes as they are: open files in binary mode.";
    const LAST: &str = "Send the file as it is, such as with `curl --data-binary`; `-d` takes line \
                        ends away.";
    let unix = without_carriage_returns(sent);
    vec![
        (
            "the body that was hashed has LF for its line ends, and came with CR LF",
            ENDS,
            unix.clone(),
        ),
        (
            "the body that was hashed has CR LF for its line ends, and came with LF",
            ENDS,
            with_carriage_returns(&unix),
        ),
        (
            "the body that was hashed ends in a line feed, which did not come",
            LAST,
            [sent, b"\n"].concat(),
        ),
        (
            "the body that was hashed ends in CR LF, which did not come",
            LAST,
            [sent, b"\r\n"].concat(),
        ),
        (
            "the body came with a line feed at its end that was not hashed",
            "Hash all that is sent.",
            sent.strip_suffix(b"\n").unwrap_or(sent).to_vec(),
        ),
    ]
}

fn without_carriage_returns(text: &[u8]) -> Vec<u8> {
    let is_kept =
        |(index, byte): &(usize, &u8)| **byte != b'\r' || text.get(index + 1) != Some(&b'\n');
    text.iter().enumerate().filter(is_kept).map(|(_, byte)| *byte).collect()
}

fn with_carriage_returns(unix: &[u8]) -> Vec<u8> {
    let lines: Vec<_> = unix.split(|byte| *byte == b'\n').collect();
    lines.join(&b"\r\n"[..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(hashed: &[u8], pieces: &[&'static [u8]], expected: &str) {
        let mut sample = Sample::default();
        for piece in pieces {
            sample.take(&Bytes::from_static(piece));
        }
        let explanation = sample.explain(&Sha256::digest(hashed).into()).to_string();
        assert!(explanation.contains(expected), "{explanation}");
    }

    #[test]
    fn what_was_hashed_is_named() {
        check(b"", &[b"meow"], "an empty body");
        check(b"a\nb\n", &[b"a\r\nb\r\n"], "and came with CR LF");
        check(b"a\r\nb\r\n", &[b"a\nb\n"], "and came with LF");
        check(b"a\n", &[b"a"], "ends in a line feed, which did not come");
        check(b"a", &[b"a\n"], "that was not hashed");
        check(b"a", &[b"\x1f\x8babc", b"d"], "compressed with gzip");
        check(b"a", &[b"b", b"\n"], "changed on the way");
    }
}
