//! `Range`: which bytes of an object were asked for.

/// What a `Range` header asks for of a body of known size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ranged {
    /// All of it: the header is not one that S3 understands.
    Whole,
    /// These bytes, both ends included, in bytes from the start.
    Part { first: u64, last: u64 },
    /// Bytes that are not there.
    Unsatisfiable,
}

/// Reads a `Range` header for a body of `size` bytes.
///
/// Recorded by LocalStack: `test_get_object_range`, for a body of 10 bytes. That no range of an
/// empty body can be satisfied follows from the rule, and is not recorded.
pub(crate) fn of(header: &str, size: u64) -> Ranged {
    let Some((first, last)) = spec(header) else { return Ranged::Whole };
    match (first, last) {
        (None, None) => Ranged::Whole,
        (None, Some(0)) => Ranged::Unsatisfiable,
        (None, Some(length)) => part(size.saturating_sub(length), u64::MAX, size),
        (Some(first), Some(last)) if last < first => Ranged::Whole,
        (Some(first), last) => part(first, last.unwrap_or(u64::MAX), size),
    }
}

fn part(first: u64, last: u64, size: u64) -> Ranged {
    match size.checked_sub(1) {
        Some(end) if first <= end => Ranged::Part { first, last: last.min(end) },
        _ => Ranged::Unsatisfiable,
    }
}

/// Both ends of the one range in the header; an end may be left out.
fn spec(header: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (unit, range) = header.trim().split_once('=')?;
    let (first, last) = range.split_once('-')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    Some((number(first)?, number(last)?))
}

/// A number, `Some(None)` if there is none. One that is too long is larger than any body.
#[allow(clippy::option_option)] // Not a number, none there, and a number are three things.
fn number(digits: &str) -> Option<Option<u64>> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((!digits.is_empty()).then(|| digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Ranged::Part;
    use super::Ranged::Unsatisfiable;
    use super::Ranged::Whole;
    use super::*;

    #[track_caller]
    fn check(header: &str, size: u64, expected: Ranged) {
        assert_eq!(of(header, size), expected, "{header} of {size}");
    }

    #[test]
    fn ranges_of_ten_bytes() {
        for (header, expected) in [
            ("bytes=0-8", Part { first: 0, last: 8 }),
            ("bytes=0-0", Part { first: 0, last: 0 }),
            ("bytes=1-", Part { first: 1, last: 9 }),
            ("bytes=-2", Part { first: 8, last: 9 }),
            ("bytes=-9", Part { first: 1, last: 9 }),
            ("bytes=-15", Part { first: 0, last: 9 }),
            ("bytes=0-100", Part { first: 0, last: 9 }),
            ("bytes=9-99999999999999999999999", Part { first: 9, last: 9 }),
            ("bytes=1-0", Whole),
            ("bytes=100-50", Whole),
            ("bytes=-1-", Whole),
            ("bytes=0--1", Whole),
            ("bytes=-", Whole),
            ("bytes=0-1,3-4", Whole),
            ("bytes=+0-1", Whole),
            ("bytes=0-1 ", Part { first: 0, last: 1 }),
            ("bytes=a-b", Whole),
            ("bytes 0-1", Whole),
            ("items=0-1", Whole),
            ("", Whole),
            ("bytes=-0", Unsatisfiable),
            ("bytes=10-", Unsatisfiable),
            ("bytes=100-200", Unsatisfiable),
            ("bytes=99999999999999999999999-", Unsatisfiable),
        ] {
            check(header, 10, expected);
        }
    }

    #[test]
    fn an_empty_body_has_no_range() {
        for header in ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0"] {
            check(header, 0, Unsatisfiable);
        }
        check("bytes=-", 0, Whole);
    }

    proptest! {
        #[test]
        fn a_part_lies_inside_of_the_body(header in "bytes=[0-9]{0,4}-[0-9]{0,4}", size in 0..3000u64) {
            if let Part { first, last } = of(&header, size) {
                prop_assert!(first <= last && last < size);
            }
        }

        #[test]
        fn no_header_is_too_odd(header in ".*", size in any::<u64>()) {
            let _ = of(&header, size);
        }
    }
}
