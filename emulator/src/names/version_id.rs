//! `VersionId`: which version of an object is meant.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

/// The id of a version of an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum VersionId {
    /// `null`: of what is written while no versions are kept.
    #[default]
    Null,
    /// 32 characters, which say where among the versions of its key it stands. Nobody can tell
    /// without the store, and an id of another key reads well and names nothing.
    Made { sequence: u64, random: [u64; 2] },
}

/// S3's ids are of these (recorded by LocalStack: `test_object_version_id_format`).
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._";
const LENGTH: usize = 32;
const BYTES: usize = 24;

impl VersionId {
    /// Reads an id. Anything of the right form is one.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == "null" {
            return Some(Self::Null);
        }
        if text.len() != LENGTH {
            return None;
        }
        let mut bytes = Vec::with_capacity(BYTES);
        for four in text.as_bytes().chunks(4) {
            let mut bits = 0_u32;
            for character in four {
                let place = ALPHABET.iter().position(|known| known == character)?;
                bits = (bits << 6) | u32::try_from(place).ok()?;
            }
            bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
        }
        let number = |index: usize| -> Option<u64> {
            Some(u64::from_be_bytes(bytes.get(index * 8..)?.first_chunk::<8>().copied()?))
        };
        let random = [number(0)?, number(1)?];
        Some(Self::Made { sequence: number(2)? ^ veil(random), random })
    }
}

impl fmt::Display for VersionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Made { sequence, random } = self else { return f.write_str("null") };
        let numbers = [random[0], random[1], sequence ^ veil(*random)];
        let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_be_bytes()).collect();
        let mut text = String::with_capacity(LENGTH);
        for three in bytes.chunks(3) {
            let bits = three.iter().fold(0_u32, |bits, byte| (bits << 8) | u32::from(*byte));
            for shift in [18, 12, 6, 0] {
                // Six bits are less than the alphabet's size.
                text.push(char::from(ALPHABET[(bits >> shift & 0x3f) as usize]));
            }
        }
        f.write_str(&text)
    }
}

/// Hides the sequence number, so that ids of one key do not look alike.
fn veil(random: [u64; 2]) -> u64 {
    let mixed = (random[0] ^ random[1].rotate_left(31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_texts_of_the_right_form_are_ids() {
        assert_eq!(VersionId::parse("null"), Some(VersionId::Null));
        assert!(VersionId::parse("HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD").is_some());
        for text in
            ["", "Null", "HPniJFCxqTsMuIH9KX8K8wEjNUgmABC", "HPniJFCxqTsMuIH9KX8K8wEjNUgmAB-D"]
        {
            assert_eq!(VersionId::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn ids_are_read_as_written(sequence: u64, random: [u64; 2]) {
            let id = VersionId::Made { sequence, random };
            prop_assert_eq!(id.to_string().len(), LENGTH);
            prop_assert_eq!(VersionId::parse(&id.to_string()), Some(id));
        }

        #[test]
        fn texts_are_written_as_read(text in "[A-Za-z0-9._]{32}") {
            prop_assert_eq!(VersionId::parse(&text).unwrap().to_string(), text);
        }
    }
}
