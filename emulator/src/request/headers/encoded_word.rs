//! RFC 2047: how user metadata that is not plain ASCII stands in a header.

use std::borrow::Cow;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A value of user metadata as S3 sends it.
///
/// Recorded by LocalStack: `test_post_object_with_unicode_metadata`, `=?UTF-8?Q?...?=` for a text
/// with some characters beyond ASCII, `=?UTF-8?B?...?=` for control characters. AWS's page
/// "Working with object metadata" has a text that is mostly beyond ASCII, with `B`. All three
/// follow from the rule that what is more than half of a text decides. Where S3 folds long values
/// is not recorded; here they stay in one piece.
pub(crate) fn encoded(value: &str) -> Cow<'_, str> {
    let plain = value.chars().filter(|character| is_plain(*character)).count();
    let odd = value.chars().count() - plain;
    if odd == 0 {
        return Cow::Borrowed(value);
    }
    if plain <= odd {
        return Cow::Owned(format!("=?UTF-8?B?{}?=", STANDARD.encode(value)));
    }
    let mut word = "=?UTF-8?Q?".to_owned();
    for byte in value.bytes() {
        match byte {
            b' ' => word.push('_'),
            b'=' | b'_' | b'?' | ..b' ' | 127.. => {
                // Writing to a string cannot fail.
                let _ = write!(word, "={byte:02X}");
            }
            _ => word.push(char::from(byte)),
        }
    }
    word.push_str("?=");
    Cow::Owned(word)
}

fn is_plain(character: char) -> bool {
    matches!(character, ' '..='~' | '\t')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::encoded;

    #[track_caller]
    fn check(value: &str, expected: &str) {
        assert_eq!(encoded(value), expected);
    }

    #[test]
    fn values_are_sent_as_s3_sends_them() {
        check("", "");
        check("plain\tASCII ~!", "plain\tASCII ~!");
        check("=?UTF-8?Q?=C3=84?=", "=?UTF-8?Q?=C3=84?=");
        check("ÄMÄZÕÑ S3", "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?=");
        check("\0\u{1}\u{2}\u{3}\u{4}", "=?UTF-8?B?AAECAwQ=?=");
        // The example of AWS's page, whose UTF-8 was taken for ISO-8859-1 before.
        check(
            "\u{c3}\u{84}M\u{c3}\u{84}Z\u{c3}\u{95}\u{c3}\u{91} S3",
            "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=",
        );
        check("漢字", "=?UTF-8?B?5ryi5a2X?=");
        check("a=b_c?ü", "=?UTF-8?Q?a=3Db=5Fc=3F=C3=BC?=");
    }

    proptest! {
        #[test]
        fn what_is_sent_is_plain_and_short(value in any::<String>()) {
            let sent = encoded(&value);
            prop_assert!(sent.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')));
            prop_assert!(sent.len() <= 3 * value.len() + 20);
        }
    }
}
