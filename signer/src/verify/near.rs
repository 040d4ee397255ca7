//! What is nearly right: access keys and tokens that differ from a known one in a usual way.

use subtle::ConstantTimeEq;

use super::keys::Keys;
use super::verdict::KeyFlaw;
use super::verdict::TokenFlaw;

/// What programs send in place of a value that is not there.
const UNSET: [&str; 12] = [
    "undefined",
    "null",
    "None",
    "nil",
    "NULL",
    "NaN",
    "$AWS_ACCESS_KEY_ID",
    "${AWS_ACCESS_KEY_ID}",
    "%AWS_ACCESS_KEY_ID%",
    "process.env.AWS_ACCESS_KEY_ID",
    "YOUR_ACCESS_KEY",
    "YOUR_ACCESS_KEY_ID",
];

/// So much of a token is no accident.
const TOKEN_LETTERS_MIN: usize = 8;

/// Why nobody has that access key id.
pub(super) fn key_flaw(access_key_id: &str, keys: &dyn Keys) -> KeyFlaw {
    if UNSET.contains(&access_key_id) {
        return KeyFlaw::Unset;
    }
    let others = keys.others(access_key_id);
    let find = |is_it: &dyn Fn(&str) -> bool| {
        others.iter().map(|(known, _)| known).find(|known| is_it(known)).cloned()
    };
    let is_secret = |secret: &str| bool::from(secret.as_bytes().ct_eq(access_key_id.as_bytes()));
    if let Some((of, _)) = others.iter().find(|(_, key)| is_secret(key.secret.expose())) {
        KeyFlaw::Secret { of: of.clone() }
    } else if let Some(known) = find(&|known| known == access_key_id.trim()) {
        KeyFlaw::Space { known }
    } else if let Some(known) = find(&|known| known.eq_ignore_ascii_case(access_key_id)) {
        KeyFlaw::Case { known }
    } else if let Some(known) = find(&|known| differ_in_one_letter(known, access_key_id)) {
        KeyFlaw::Misspelt { known }
    } else {
        KeyFlaw::Unknown
    }
}

/// In what a token differs from that of the key.
pub(super) fn token_flaw(sent: &[u8], token: &str) -> TokenFlaw {
    let sent = String::from_utf8_lossy(sent);
    if sent.trim() == token {
        TokenFlaw::Space
    } else if token.contains('+') && token.replace('+', " ") == sent {
        TokenFlaw::PlusAsSpace
    } else if sent.len() >= TOKEN_LETTERS_MIN && token.starts_with(&*sent) {
        TokenFlaw::Cut
    } else {
        TokenFlaw::Other
    }
}

/// Whether one has a letter more, or another one in one place.
fn differ_in_one_letter(one: &str, other: &str) -> bool {
    let start = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one.as_bytes()[start..], &other.as_bytes()[start..]);
    let behind = |text: &[u8]| text.get(1..).unwrap_or_default().to_vec();
    behind(one) == behind(other) || behind(one) == other || one == behind(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_more_less_or_another_is_one_letter() {
        for other in ["AKIA", "AKIAXYZ", "AKIA1", "BKIAX", "KIAX"] {
            let expected = !matches!(other, "AKIAXYZ");
            assert_eq!(differ_in_one_letter("AKIAX", other), expected, "{other}");
        }
        assert!(!differ_in_one_letter("AKIAX", "AKI"));
    }

    #[test]
    fn a_token_is_compared_with_the_right_one() {
        let token = "FwoG+session/token==";
        for (sent, flaw) in [
            ("FwoG+session/token==\n", TokenFlaw::Space),
            ("FwoG session/token==", TokenFlaw::PlusAsSpace),
            ("FwoG+session", TokenFlaw::Cut),
            ("FwoG", TokenFlaw::Other),
            ("another token", TokenFlaw::Other),
        ] {
            assert_eq!(token_flaw(sent.as_bytes(), token), flaw, "{sent}");
        }
    }
}
