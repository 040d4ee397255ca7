//! Times as conditions write them.

use jiff::civil::DateTime;

/// Seconds since 1970 of a time in ISO 8601 as the W3C profiles it, or of such a number.
pub(super) fn seconds(text: &str) -> Option<i64> {
    if let Ok(number) = text.parse::<i64>() {
        // `2026` alone could be a year; conditions mean seconds by a number.
        return Some(number);
    }
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
    let mut parts = date.splitn(3, '-');
    let year = digits(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |part| digits(part, 2))?;
    let day = parts.next().map_or(Some(1), |part| digits(part, 2))?;
    let (clock, offset) = zone(time)?;
    let clock = clock.split_once('.').map_or(clock, |(whole, _)| whole);
    let mut parts = clock.splitn(3, ':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let second = parts.next().map_or(Some(0), |part| digits(part, 2))?;
    let small = |number: i64| i8::try_from(number).ok();
    let time = DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        0,
    )
    .ok()?;
    let since = time.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    Some(since.as_secs() - offset)
}

/// A time of day without its zone, and how many seconds the zone is ahead of UTC.
fn zone(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix('Z') {
        return Some((clock, 0));
    }
    let at = time.rfind(['+', '-'])?;
    let (clock, offset) = time.split_at(at);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset[1..].split_once(':')?;
    Some((clock, sign * (digits(hours, 2)? * 3600 + digits(minutes, 2)? * 60)))
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let is_number = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_have_several_spellings() {
        for (text, expected) in [
            ("1767225600", Some(1_767_225_600)),
            ("2026-01-01T00:00:00Z", Some(1_767_225_600)),
            ("2026-01-01T01:00:00+01:00", Some(1_767_225_600)),
            ("2025-12-31T23:30-00:30", Some(1_767_225_600)),
            ("2026-01-01T00:00:00.5Z", Some(1_767_225_600)),
            ("2026-01-01", Some(1_767_225_600)),
            ("2026-01", Some(1_767_225_600)),
            ("2026-13-01", None),
            ("2026-01-01T00:00:00", None),
            ("", None),
            ("soon", None),
            ("2026-01-01TZ", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
