//! What gives away how a value came to be wrong: its form, or how far it is off.

use crate::time::Timestamp;

use super::evidence::KeyFlaw;
use super::evidence::TokenFlaw;
use super::explain::two;
use super::explanation::Explanation;

/// A moment of Version 2 before 1980 is none: somebody gave a duration.
pub(super) const DURATION_SECONDS_MAX: i64 = 10 * 365 * 86_400;

pub(super) const CUT_BY_SHELL: &str =
    "Use the whole URL as it was presigned; a shell cuts it at an `&` that is not quoted.";

const HOUR: i64 = 3600;
/// No place is further from UTC.
const ZONE_HOURS_MAX: i64 = 14;
/// A request is that old when it is judged, at most, if its clock is right.
const ON_THE_WAY_SECONDS: i64 = 60;

/// What to do for a URL that lacks these parameters.
pub(super) fn missing(missing: &[&str]) -> &'static str {
    match missing {
        ["X-Amz-Signature"] => {
            "The URL is cut at its end: use the whole of it; columns of a database, mails and logs \
             cut long ones."
        }
        _ => CUT_BY_SHELL,
    }
}

/// What to do for a lifetime that is none.
pub(super) fn lifetime(found: &str) -> &'static str {
    match found.parse::<u64>() {
        Ok(604_801..1_000_000_000) => {
            "Presign the URL for 1 to 604800 seconds; if these are milliseconds, divide by 1000."
        }
        Ok(1_000_000_000..) => {
            "Presign the URL for 1 to 604800 seconds: this looks like the moment of its end, and \
             `X-Amz-Expires` is a duration in seconds, counted from `X-Amz-Date`."
        }
        Ok(_) | Err(_) => "Presign the URL for 1 to 604800 seconds.",
    }
}

/// The hours between two clocks, where that is the distance of a time zone.
fn zone(seconds: i64) -> Option<i64> {
    let hours = (seconds + seconds.signum() * HOUR / 2) / HOUR;
    let is_whole = (seconds - hours * HOUR).abs() <= ON_THE_WAY_SECONDS;
    (is_whole && hours != 0 && hours.abs() <= ZONE_HOURS_MAX).then_some(hours)
}

/// What to do for a time that is so far from now, after it if positive.
pub(super) fn clock(seconds: i64, otherwise: &str) -> String {
    match zone(seconds) {
        Some(hours) => format!(
            "Write the time in UTC: it is whole hours off, which looks like a local time zone \
             (UTC{hours:+}) that was stamped as `Z`. Else: {otherwise}"
        ),
        None => otherwise.to_owned(),
    }
}

/// What to do for a URL that has ended.
pub(super) fn expired(lifetime_seconds: u64, expires: Timestamp, now: Timestamp) -> String {
    const RENEW: &str = "Presign a new one, or for longer.";
    let lifetime = i64::try_from(lifetime_seconds).unwrap_or(i64::MAX);
    let age = now.seconds_since(expires).saturating_add(lifetime);
    // Its lifetime may be whole hours too, and just over.
    let is_just_over = now.seconds_since(expires) <= ON_THE_WAY_SECONDS;
    match zone(-age).filter(|_| !is_just_over) {
        Some(hours) => format!(
            "{RENEW} If it is new, its time is whole hours off, which looks like a local time zone \
             (UTC{hours:+}) that was stamped as `Z`: write the time in UTC."
        ),
        None => RENEW.to_owned(),
    }
}

/// What to do for a payload hash that is none.
pub(super) fn payload_hash(value: &str) -> &'static str {
    match value {
        "STREAMING-UNSIGNED-PAYLOAD" => {
            "Write `STREAMING-UNSIGNED-PAYLOAD-TRAILER`, and send the body in chunks with a \
             trailer; without these it is `UNSIGNED-PAYLOAD`."
        }
        _ => "Send the SHA-256 of the body, or `UNSIGNED-PAYLOAD`.",
    }
}

/// What stands for the access key in a credential of more than five parts.
pub(super) fn secret_for_key(credential: &str) -> Option<&str> {
    let mut parts = credential.rsplitn(5, '/');
    let is_scope = parts.next() == Some("aws4_request");
    let start = parts.nth(3)?;
    (is_scope && start.contains('/')).then_some(start)
}

#[rustfmt::skip]
pub(super) fn unknown_key(access_key_id: &str, flaw: &KeyFlaw) -> Explanation {
    let near = |known: &str, how: &str| two(format!("Nobody here has the access key `{access_key_id}`: it is `{known}` {how}."), format!("Send `{known}`."));
    match flaw {
        KeyFlaw::Unknown => two(format!("Nobody here has the access key `{access_key_id}`."), "Use the keys of a user of this server."),
        KeyFlaw::Unset => two(format!("The access key is `{access_key_id}`, which is what programs write where a variable is not set."), "Set the variable that the client takes its access key from."),
        KeyFlaw::Space { known } => near(known, "with white space about it"),
        KeyFlaw::Case { known } => near(known, "in other letters, small for capital or capital for small"),
        KeyFlaw::Misspelt { known } => near(known, "with one letter too many, too few or another"),
        KeyFlaw::Secret { of } => two(format!("The access key that was sent is the secret of `{of}`: access key and secret are exchanged."), format!("Send `{of}` as the access key; and make a new secret if this one was logged.")),
    }
}

#[rustfmt::skip]
pub(super) fn token(shown: &str, flaw: TokenFlaw) -> Explanation {
    match flaw {
        TokenFlaw::Other => two(format!("The session token `{shown}` is not the one of the key."), "Use access key, secret and token of one and the same session."),
        TokenFlaw::Cut => two(format!("The session token `{shown}` is only the start of the one of the key: its end was cut off."), "Send the whole token; a variable, a column or a line may be too short for it."),
        TokenFlaw::Space => two(format!("The session token `{shown}` is that of the key with white space about it, such as a line feed at its end."), "Trim the token where it is read."),
        TokenFlaw::PlusAsSpace => two(format!("The session token `{shown}` is that of the key with a space for each `+`."), "Write a `+` of the token as `%2B` in a URL."),
        TokenFlaw::StaticKey => two(format!("The request has a session token, `{shown}`, and its key belongs to no session."), "Remove the token: a left-over AWS_SESSION_TOKEN is the usual cause."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_whole_hours_off() {
        for (seconds, hours) in [
            (9 * HOUR, Some(9)),
            (-5 * HOUR - 40, Some(-5)),
            (2 * HOUR + 70, None),
            (HOUR / 2, None),
            (30, None),
            (20 * HOUR, None),
            (i64::MAX / 2, None),
        ] {
            assert_eq!(zone(seconds), hours, "{seconds}");
        }
    }

    #[test]
    fn a_value_gives_away_what_it_was_meant_for() {
        assert!(lifetime("900000").contains("milliseconds"));
        assert!(lifetime("1795613846").contains("moment"));
        assert!(!lifetime("abc").contains("moment"));
        assert!(missing(&["X-Amz-Signature"]).contains("cut at its end"));
        assert_eq!(missing(&["X-Amz-Date", "X-Amz-Signature"]), CUT_BY_SHELL);
        assert!(payload_hash("STREAMING-UNSIGNED-PAYLOAD").contains("-TRAILER"));
    }

    #[test]
    fn a_secret_has_slashes_where_a_key_has_none() {
        let credential = "se/cr/et/20130524/us-east-1/s3/aws4_request";
        assert_eq!(secret_for_key(credential), Some("se/cr/et"));
        assert_eq!(secret_for_key("AKID/20130524/us-east-1/s3/aws4_request"), None);
        assert_eq!(secret_for_key("a/b/c/d/e/f"), None);
    }
}
