//! Durations as people write them: `15m`, `7d`, `1h30m`, or seconds.

/// Seconds in each unit, from the longest to the shortest, which is the order they are written in.
const UNITS: [(char, u64); 4] = [('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Reads a duration in whole seconds; a number without a unit is seconds.
pub(super) fn seconds(text: &str) -> Result<u64, String> {
    sum(text).ok_or_else(|| "not a duration such as 15m, 1h, 7d or 900 (seconds)".to_owned())
}

fn sum(text: &str) -> Option<u64> {
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let mut total = 0_u64;
    let mut units = UNITS.iter();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|char: char| !char.is_ascii_digit())?;
        let (number, unit) = (&rest[..end], rest[end..].chars().next()?);
        let (_, unit_seconds) = units.find(|(name, _)| *name == unit)?;
        total = total.checked_add(number.parse::<u64>().ok()?.checked_mul(*unit_seconds)?)?;
        rest = &rest[end + unit.len_utf8()..];
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn numbers_with_units_add_up() {
        for (text, expected) in [
            ("900", 900),
            ("0", 0),
            ("45s", 45),
            ("15m", 900),
            ("1h", 3_600),
            ("1h30m", 5_400),
            ("7d", 604_800),
            ("1d2h3m4s", 93_784),
        ] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn other_texts_are_no_duration() {
        for text in ["", "m", "15 m", "-1", "1.5h", "15min", "15M", "30m1h", "1h1h", "15µ", "1h5"]
        {
            assert!(seconds(text).is_err(), "{text}");
        }
        assert!(seconds("18446744073709551615d").is_err());
        assert!(seconds("99999999999999999999").is_err());
    }
}
