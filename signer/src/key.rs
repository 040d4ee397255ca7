//! `SigningKey` and `Signature`: the only place where an HMAC is computed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::credentials::SecretKey;
use crate::scope::Scope;
use crate::scope::TERMINAL;

/// A key that is derived for one scope. It holds the state of its HMAC, so that signing with a
/// key that was kept costs no derivation.
#[derive(Clone)]
pub struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// Derives the key: four HMACs, one a part of the scope.
    pub fn derive(secret: &SecretKey, scope: &Scope) -> Self {
        Self(keyed(&*derive_bytes(secret, scope)))
    }

    /// Takes bytes for a key. Only mistakes need it.
    pub(crate) fn of_bytes(key: &[u8]) -> Self {
        Self(keyed(key))
    }

    /// Signs a text: a string to sign, or the policy of a form.
    pub fn sign(&self, text: &[u8]) -> Signature {
        Signature(self.0.clone().chain_update(text).finalize().into_bytes().into())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(..)")
    }
}

/// A signature of 32 bytes. It prints as lower-case hex, and is compared in constant time.
#[derive(Clone, Copy)]
pub struct Signature([u8; 32]);

impl Signature {
    /// Reads 64 lower-case hexadecimal digits.
    pub fn parse_hex(text: &str) -> Option<Self> {
        let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        let mut bytes = [0; 32];
        (is_lower && hex::decode_to_slice(text, &mut bytes).is_ok()).then_some(Self(bytes))
    }

    /// The bytes.
    pub(crate) fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// The 64 digits.
    pub fn to_hex(self) -> String {
        lower_hex(&self.0)
    }
}

impl PartialEq for Signature {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for Signature {}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A signature of Signature Version 2: 20 bytes, in base64. It is compared in constant time.
#[derive(Clone, Copy)]
pub(crate) struct SignatureV2([u8; 20]);

impl SignatureV2 {
    /// Signs a text with the secret itself; nothing is derived.
    pub(crate) fn sign(secret: &SecretKey, text: &[u8]) -> Self {
        let key: Hmac<Sha1> = Hmac::new_from_slice(secret.expose().as_bytes())
            .expect("HMAC takes a key of any length");
        Self(key.chain_update(text).finalize().into_bytes().into())
    }

    /// Reads base64. A plus that was not escaped in a URL has become a space.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = STANDARD.decode(text.replace(' ', "+")).ok()?;
        bytes.try_into().ok().map(Self)
    }

    /// The bytes.
    pub(crate) fn to_bytes(self) -> [u8; 20] {
        self.0
    }
}

impl PartialEq for SignatureV2 {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Display for SignatureV2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&STANDARD.encode(self.0))
    }
}

/// The 64 digits of a hash.
pub(crate) fn lower_hex(bytes: &[u8; 32]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let mut text = String::with_capacity(64);
    text.extend(digits.map(|digit| char::from(DIGITS[usize::from(digit)])));
    text
}

fn derive_bytes(secret: &SecretKey, scope: &Scope) -> Zeroizing<[u8; 32]> {
    let first = Zeroizing::new(format!("AWS4{}", secret.expose()));
    let mut key = step(first.as_bytes(), &scope.date);
    for part in [scope.region.as_str(), &scope.service, TERMINAL] {
        key = step(&*key, part);
    }
    key
}

fn step(key: &[u8], part: &str) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(keyed(key).chain_update(part).finalize().into_bytes().into())
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key steps that the S3 documentation prints, and one of another region.
    #[test]
    fn the_documented_key_comes_out() {
        let secret = SecretKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        for (date, region, key) in [
            (
                "20130524",
                "us-east-1",
                "dbb893acc010964918f1fd433add87c70e8b0db6be30c1fbeafefa5ec6ba8378",
            ),
            (
                "20130524",
                "eu-west-1",
                "5c988fb7aa342d604fe9079ffb0eaaa6279966537ede5d92cabb0049b0fc17d7",
            ),
            (
                "20151229",
                "us-east-1",
                "cbcef1ebeaefc82cce6530b9f0a9ae598846065f5c5bae0674bd5ebc4ba52d28",
            ),
        ] {
            let scope = Scope {
                date: date.to_owned(),
                region: region.to_owned(),
                service: "s3".to_owned(),
            };
            assert_eq!(hex::encode(*derive_bytes(&secret, &scope)), key);
        }
    }

    #[test]
    fn a_signature_is_lower_case_hex() {
        let text = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
        assert_eq!(Signature::parse_hex(text).unwrap().to_hex(), text);
        for other in ["", "aeeed9", &text.to_uppercase(), &format!("{text}0")] {
            assert_eq!(Signature::parse_hex(other), None, "{other}");
        }
    }
}
