//! Percent-encoding as S3 signs it: the unreserved characters stay, everything else becomes `%XX`.

use std::borrow::Cow;

const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// How a `+` is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plus {
    /// It is a plus.
    Literal,
    /// It is a space. S3 reads it so in queries and in paths.
    Space,
}

/// How a `/` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slash {
    /// As it is: in paths.
    Kept,
    /// As `%2F`: in queries.
    Encoded,
}

/// Encodes an object key, or another path, of which the slashes stay.
///
/// ```
/// assert_eq!(stuntbucket_signer::encode::path("dir/a b+c".as_bytes()), "dir/a%20b%2Bc");
/// ```
pub fn path(bytes: &[u8]) -> String {
    encode(bytes, Slash::Kept)
}

/// Encodes a name or a value of a query.
pub fn component(bytes: &[u8]) -> String {
    encode(bytes, Slash::Encoded)
}

/// Undoes percent-encoding. A `%` without two hexadecimal digits behind it stays a `%`.
pub fn decode(text: &str, plus: Plus) -> Cow<'_, [u8]> {
    let is_changed = |byte: &u8| *byte == b'%' || (*byte == b'+' && plus == Plus::Space);
    let Some(start) = text.bytes().position(|byte| is_changed(&byte)) else {
        return Cow::Borrowed(text.as_bytes());
    };
    let (unchanged, mut rest) = text.as_bytes().split_at(start);
    let mut decoded = Vec::with_capacity(text.len());
    decoded.extend_from_slice(unchanged);
    while let [byte, after @ ..] = rest {
        rest = after;
        decoded.push(match (byte, plus, escaped(after)) {
            (b'%', _, Some(value)) => {
                rest = &after[2..];
                value
            }
            (b'+', Plus::Space, _) => b' ',
            _ => *byte,
        });
    }
    Cow::Owned(decoded)
}

/// Brings text of a URL into the one form that is signed: decoded, then encoded once.
///
/// Borrows what is in that form already, as nearly all texts are.
pub(crate) fn once(text: &str, slash: Slash) -> Cow<'_, str> {
    if is_encoded_once(text.as_bytes(), slash) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(encode(&decode(text, Plus::Space), slash))
    }
}

fn encode(bytes: &[u8], slash: Slash) -> String {
    let mut encoded = String::with_capacity(bytes.len() + bytes.len() / 4);
    for &byte in bytes {
        if stays(byte, slash) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}

fn is_encoded_once(mut rest: &[u8], slash: Slash) -> bool {
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte == b'%' {
            let is_canonical = escaped(after).is_some_and(|value| !stays(value, slash))
                && !after[..2].iter().any(u8::is_ascii_lowercase);
            if !is_canonical {
                return false;
            }
            rest = &after[2..];
        } else if !stays(*byte, slash) {
            return false;
        }
    }
    true
}

fn stays(byte: u8, slash: Slash) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'-' | b'.' | b'_' | b'~')
        || (byte == b'/' && slash == Slash::Kept)
}

/// The byte that the two digits behind a `%` stand for.
fn escaped(after_percent: &[u8]) -> Option<u8> {
    let [high, low, ..] = after_percent else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_path_has_one_signed_form() {
        for (sent, signed) in [
            ("/test$file.text", "/test%24file.text"),
            ("/a%2fb", "/a/b"),
            ("/a%2Fb", "/a/b"),
            ("/a+b", "/a%20b"),
            ("/a%2Bb", "/a%2Bb"),
            ("/a%2bb", "/a%2Bb"),
            ("/%7E~", "/~~"),
            ("/100%", "/100%25"),
            ("/%zz%4", "/%25zz%254"),
            ("/é", "/%C3%A9"),
            ("//a/../b//%E2%82%AC%20~.txt", "//a/../b//%E2%82%AC%20~.txt"),
        ] {
            assert_eq!(once(sent, Slash::Kept), signed, "{sent}");
        }
        assert_eq!(once("a/b%2Fc", Slash::Encoded), "a%2Fb%2Fc");
    }

    #[test]
    fn what_has_the_signed_form_is_not_copied() {
        for text in ["/a%20b", "plain", ""] {
            assert!(matches!(once(text, Slash::Kept), Cow::Borrowed(_)), "{text}");
        }
        assert!(matches!(decode("plain+", Plus::Literal), Cow::Borrowed(_)));
    }

    #[test]
    fn decoding_is_lenient() {
        assert_eq!(*decode("a+b%2Bc%", Plus::Space), *b"a b+c%");
        assert_eq!(*decode("a+b%2bc%f", Plus::Literal), *b"a+b+c%f");
    }
}
