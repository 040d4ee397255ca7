//! `Timestamp`: whole seconds, and the ways in which S3 spells a time.

use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use jiff::SignedDuration;
use jiff::civil::DateTime;

/// Civil time goes on to the end of 9999; jiff's timestamps end a day earlier.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
/// 0000-01-01T00:00:00Z.
const FIRST: i64 = -62_167_219_200;
/// 9999-12-31T23:59:59Z.
const LAST: i64 = 253_402_300_799;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A time in whole seconds since 1970, UTC, between the years 0 and 9999.
///
/// A time outside of these years becomes the nearest one inside, since no format of S3 can spell it.
///
/// ```
/// use stuntbucket_signer::Timestamp;
///
/// let at = Timestamp::parse_basic("20130524T000000Z").unwrap();
/// assert_eq!(at.iso(), "2013-05-24T00:00:00Z");
/// assert_eq!(at.http(), "Fri, 24 May 2013 00:00:00 GMT");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The time that lies this many seconds after the start of 1970.
    pub const fn from_unix(seconds: i64) -> Self {
        if seconds < FIRST {
            Self(FIRST)
        } else if seconds > LAST {
            Self(LAST)
        } else {
            Self(seconds)
        }
    }

    /// Seconds since the start of 1970.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Reads `20130524T000000Z`, the form of `x-amz-date`.
    pub fn parse_basic(text: &str) -> Option<Self> {
        let is_shaped = text.len() == 16 && text.get(8..9)? == "T" && text.ends_with('Z');
        if !is_shaped {
            return None;
        }
        Self::from_civil(
            [text.get(..4)?, text.get(4..6)?, text.get(6..8)?],
            [text.get(9..11)?, text.get(11..13)?, text.get(13..15)?],
        )
    }

    /// Reads `2015-12-30T12:00:00Z`, also with a fraction of the second, which is dropped.
    pub fn parse_iso(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
        let time = match time.split_once('.') {
            Some((time, fraction)) if is_digits(fraction) => time,
            Some(_) => return None,
            None => time,
        };
        Self::from_civil(split_three(date, '-', 4)?, split_three(time, ':', 2)?)
    }

    /// Reads `Fri, 24 May 2013 00:00:00 GMT`, also with `UTC` or `+0000` in place of `GMT`.
    pub fn parse_http(text: &str) -> Option<Self> {
        let (day_name, rest) = text.split_once(", ")?;
        let zones = [" GMT", " +0000", " UTC"];
        let rest = zones.iter().find_map(|zone| rest.strip_suffix(zone))?;
        let (date, time) = rest.rsplit_once(' ')?;
        let (day, date) = date.split_once(' ')?;
        let (month_name, year) = date.split_once(' ')?;
        let month = MONTHS.iter().position(|name| *name == month_name)? + 1;
        if !DAYS.contains(&day_name) || day.len() != 2 || year.len() != 4 {
            return None;
        }
        Self::from_civil([year, &month.to_string(), day], split_three(time, ':', 2)?)
    }

    /// `20130524T000000Z`.
    pub fn basic(self) -> String {
        let time = self.civil().time();
        let mut text = self.date();
        text.push('T');
        for part in [time.hour(), time.minute(), time.second()] {
            push_two_digits(&mut text, part.unsigned_abs());
        }
        text.push('Z');
        text
    }

    /// The UTC day, `20130524`, as it stands in a credential scope.
    pub fn date(self) -> String {
        let date = self.civil().date();
        // The years 0 to 9999, so that each half has two digits.
        let year = date.year().unsigned_abs();
        let halves = [year / 100, year % 100].map(|half| u8::try_from(half).unwrap_or_default());
        let mut text = String::with_capacity(16);
        for part in [halves[0], halves[1], date.month().unsigned_abs(), date.day().unsigned_abs()] {
            push_two_digits(&mut text, part);
        }
        text
    }

    /// `2013-05-24T00:00:00Z`.
    pub fn iso(self) -> String {
        format!("{}Z", self.civil_text())
    }

    /// `2013-05-24T00:00:00.000Z`, as S3 writes times in documents.
    pub fn iso_millis(self) -> String {
        format!("{}.000Z", self.civil_text())
    }

    /// `Fri, 24 May 2013 00:00:00 GMT`, as it stands in HTTP headers.
    pub fn http(self) -> String {
        let at = self.civil();
        let (date, time) = (at.date(), at.time());
        let day_name = DAYS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())];
        let month_name = MONTHS[usize::from(date.month().unsigned_abs()) - 1];
        format!(
            "{day_name}, {:02} {month_name} {:04} {:02}:{:02}:{:02} GMT",
            date.day(),
            date.year(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }

    /// The time that many seconds later, or earlier if negative.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_unix(self.0.saturating_add(seconds))
    }

    /// How many seconds this is after `other`; negative if it is before.
    pub fn seconds_since(self, other: Self) -> i64 {
        self.0 - other.0
    }

    fn from_civil(date: [&str; 3], time: [&str; 3]) -> Option<Self> {
        let [year, month, day] = date;
        let [hour, minute, second] = time;
        let at = DateTime::new(
            number(year)?,
            number(month)?,
            number(day)?,
            number(hour)?,
            number(minute)?,
            number(second)?,
            0,
        )
        .ok()?;
        Some(Self::from_unix(at.duration_since(EPOCH).as_secs()))
    }

    fn civil(self) -> DateTime {
        // The years 0 to 9999 lie within jiff's range, so the default is never taken.
        EPOCH.checked_add(SignedDuration::from_secs(self.0)).unwrap_or(EPOCH)
    }

    fn civil_text(self) -> String {
        let at = self.civil();
        let (date, time) = (at.date(), at.time());
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            date.year(),
            date.month(),
            date.day(),
            time.hour(),
            time.minute(),
            time.second()
        )
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let seconds = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |s| -s),
        };
        Self::from_unix(seconds)
    }
}

impl FromStr for Timestamp {
    type Err = NotATime;

    /// Reads what [`Timestamp::parse_iso`] reads.
    fn from_str(text: &str) -> Result<Self, NotATime> {
        Self::parse_iso(text).ok_or_else(|| NotATime(text.to_owned()))
    }
}

/// A text that is no time of the form `2013-05-24T00:00:00Z`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotATime(String);

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no time of the form `2013-05-24T00:00:00Z`", self.0)
    }
}

impl std::error::Error for NotATime {}

/// Every verified request writes its time twice, and `format!` takes ten times as long.
fn push_two_digits(text: &mut String, number: u8) {
    text.push(char::from(b'0' + number / 10 % 10));
    text.push(char::from(b'0' + number % 10));
}

fn split_three(text: &str, separator: char, first_digits: usize) -> Option<[&str; 3]> {
    let (first, rest) = text.split_once(separator)?;
    let (second, third) = rest.split_once(separator)?;
    let is_shaped = first.len() == first_digits && second.len() == 2 && third.len() == 2;
    is_shaped.then_some([first, second, third])
}

fn number<T: FromStr>(text: &str) -> Option<T> {
    is_digits(text).then(|| text.parse().ok())?
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOC_EXAMPLE: Timestamp = Timestamp::from_unix(1_369_353_600);

    #[test]
    fn the_four_forms_name_the_same_second() {
        assert_eq!(Timestamp::parse_basic("20130524T000000Z"), Some(DOC_EXAMPLE));
        assert_eq!(Timestamp::parse_iso("2013-05-24T00:00:00Z"), Some(DOC_EXAMPLE));
        assert_eq!(Timestamp::parse_iso("2013-05-24T00:00:00.999Z"), Some(DOC_EXAMPLE));
        assert_eq!(Timestamp::parse_http("Fri, 24 May 2013 00:00:00 GMT"), Some(DOC_EXAMPLE));
        assert_eq!(Timestamp::parse_http("Fri, 24 May 2013 00:00:00 +0000"), Some(DOC_EXAMPLE));
        assert_eq!(Timestamp::parse_http("Fri, 24 May 2013 00:00:00 UTC"), Some(DOC_EXAMPLE));
        assert_eq!(DOC_EXAMPLE.basic(), "20130524T000000Z");
        assert_eq!(DOC_EXAMPLE.iso(), "2013-05-24T00:00:00Z");
        assert_eq!(DOC_EXAMPLE.iso_millis(), "2013-05-24T00:00:00.000Z");
        assert_eq!(DOC_EXAMPLE.http(), "Fri, 24 May 2013 00:00:00 GMT");
        assert_eq!(DOC_EXAMPLE.date(), "20130524");
    }

    #[test]
    fn other_texts_are_no_time() {
        for text in ["", "20130524", "20130524T000000", "20131324T000000Z", "2013052éT00000Z"] {
            assert_eq!(Timestamp::parse_basic(text), None, "{text}");
        }
        for text in [
            "",
            "2011-09-13T07:52:58+02:00",
            "2015-10-17 03:15:59 UTC",
            "2015-12-30T12:00:00.Z",
            "2015-12-30T12:00:00.x1Z",
            "2015-2-30T12:00:00Z",
            "+015-02-30T12:00:00Z",
        ] {
            assert_eq!(Timestamp::parse_iso(text), None, "{text}");
        }
        for text in
            ["", "24 May 2013", "Fri, 24 May 2013 00:00:00 CET", "Fri, 24 Mai 2013 0:0:0 GMT"]
        {
            assert_eq!(Timestamp::parse_http(text), None, "{text}");
        }
    }

    #[test]
    fn times_that_no_format_can_spell_stay_inside() {
        for seconds in [i64::MIN, FIRST - 1, FIRST] {
            assert_eq!(Timestamp::from_unix(seconds).iso(), "0000-01-01T00:00:00Z");
        }
        for seconds in [i64::MAX, LAST + 1, LAST] {
            assert_eq!(Timestamp::from_unix(seconds).iso(), "9999-12-31T23:59:59Z");
        }
        assert_eq!(DOC_EXAMPLE.plus_seconds(i64::MAX).unix(), LAST);
        let last = Timestamp::parse_iso("9999-12-31T23:59:59Z");
        assert_eq!(last, Some(Timestamp::from_unix(LAST)));
    }
}
