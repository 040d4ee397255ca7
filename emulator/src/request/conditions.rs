//! Conditions of requests: `If-Match` and its sisters, on reads and on writes.

use std::borrow::Cow;

use stuntbucket_signer::Timestamp;

use super::Request;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::store::Expect;

/// The conditions under which an object shall be sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ReadConditions {
    matches: Option<String>,
    unmodified_since: Option<Timestamp>,
    matches_none: Option<String>,
    modified_since: Option<Timestamp>,
}

/// What conditions make of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Judgement {
    Proceed,
    /// 304.
    NotModified,
    /// 412, with the condition that failed, as the error's element `Condition` names it.
    Failed(&'static str),
}

impl ReadConditions {
    /// Reads them. A time that is none is no condition, as HTTP has it.
    pub(crate) fn read(request: &Request) -> Self {
        let text = |name| request.parameter(name).map(Cow::into_owned);
        let time = |name| request.header(name).and_then(|value| time(&value));
        Self {
            matches: text("if-match"),
            unmodified_since: time("if-unmodified-since"),
            matches_none: text("if-none-match"),
            modified_since: time("if-modified-since"),
        }
    }

    /// Holds them against an object; the order is recorded by LocalStack in
    /// `test_s3_get_object_preconditions`.
    pub(crate) fn judge(&self, etag: &str, modified: Timestamp, now: Timestamp) -> Judgement {
        if let Some(list) = &self.matches {
            if !is_listed(list, etag, Weak::Differs) {
                return Judgement::Failed("If-Match");
            }
        } else if self.unmodified_since.is_some_and(|since| modified > since) {
            return Judgement::Failed("If-Unmodified-Since");
        }
        if let Some(list) = &self.matches_none {
            if is_listed(list, etag, Weak::IsEqual) {
                return Judgement::NotModified;
            }
        } else if let Some(since) = self.modified_since
            // A time in the future is no condition.
            && since <= now
            && modified <= since
        {
            return Judgement::NotModified;
        }
        Judgement::Proceed
    }
}

/// Holds the conditions on the source of a copy against it.
///
/// Their order, and how the error names them, is recorded by LocalStack in
/// `test_s3_copy_object_preconditions`.
pub(crate) fn check_source(
    request: &Request,
    etag: &str,
    modified: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    let text = |name| request.parameter(name).map(Cow::into_owned);
    let since = |name| request.parameter(name).and_then(|value| time(&value));
    let conditions = ReadConditions {
        matches: text("x-amz-copy-source-if-match"),
        unmodified_since: since("x-amz-copy-source-if-unmodified-since"),
        matches_none: text("x-amz-copy-source-if-none-match"),
        modified_since: since("x-amz-copy-source-if-modified-since"),
    };
    let failed = match conditions.judge(etag, modified, now) {
        Judgement::Proceed => return Ok(()),
        Judgement::Failed("If-Match") => "x-amz-copy-source-If-Match",
        Judgement::Failed(_) => "x-amz-copy-source-If-Unmodified-Since",
        Judgement::NotModified if conditions.matches_none.is_some() => {
            "x-amz-copy-source-If-None-Match"
        }
        Judgement::NotModified => "x-amz-copy-source-If-Modified-Since",
    };
    Err(Fault::PreconditionFailed.with("Condition", failed).because(format!(
        "the source has the entity tag \"{etag}\" and was modified at {}",
        modified.http()
    )))
}

/// Reads what a write expects of the object that it replaces.
///
/// Recorded by LocalStack in `TestS3ObjectWritePrecondition`. That a list of entity tags is one of
/// the values that S3 does not accept is not recorded.
pub(crate) fn write_condition(request: &Request) -> Result<Expect, Failure> {
    let if_match = request.parameter("if-match");
    let if_none_match = request.parameter("if-none-match");
    match (if_match, if_none_match) {
        (None, None) => Ok(Expect::Anything),
        (Some(_), Some(_)) => Err(not_implemented(
            "If-Match,If-None-Match",
            "Multiple conditional request headers present in the request",
        )),
        (None, Some(value)) if value.trim() == "*" => Ok(Expect::Absent),
        (None, Some(_)) => Err(not_implemented(
            "If-None-Match",
            "We don't accept the provided value of If-None-Match header for this API",
        )),
        // A star in quotes is refused too (pinned by argmin's tests against AWS).
        (Some(value), None) if unquoted(value.trim()) == "*" || value.contains(',') => {
            Err(not_implemented(
                "If-Match",
                "We don't accept the provided value of If-Match header for this API",
            ))
        }
        (Some(value), None) => Ok(Expect::Etag(unquoted(value.trim()).to_owned())),
    }
}

fn not_implemented(header: &'static str, message: &'static str) -> Failure {
    Fault::NotImplementedHeader.with("Header", header).with("additionalMessage", message)
}

/// How a weak entity tag compares with one of S3's, which are strong.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weak {
    /// In `If-Match`.
    Differs,
    /// In `If-None-Match`.
    IsEqual,
}

/// Whether a list of entity tags, or `*`, has the one of an object that exists.
fn is_listed(list: &str, etag: &str, weak: Weak) -> bool {
    list.trim() == "*"
        || list.split(',').map(str::trim).any(|item| {
            let item = match item.strip_prefix("W/") {
                Some(_) if weak == Weak::Differs => return false,
                Some(item) => item,
                None => item,
            };
            unquoted(item) == unquoted(etag)
        })
}

/// S3 takes entity tags without their quotes too, and with only one of them (verified against AWS
/// by moto: `test_put_object_if_match`).
fn unquoted(etag: &str) -> &str {
    let etag = etag.strip_prefix('"').unwrap_or(etag);
    etag.strip_suffix('"').unwrap_or(etag)
}

/// A time in one of the three forms of HTTP.
fn time(value: &str) -> Option<Timestamp> {
    let parsed = || httpdate::parse_http_date(value.trim()).ok().map(Timestamp::from);
    Timestamp::parse_http(value.trim()).or_else(parsed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::request::tests::request;

    const MODIFIED: i64 = 1_700_000_000;

    #[track_caller]
    fn check(headers: &[(&str, &str)], expected: Judgement) {
        let conditions = ReadConditions::read(&request("GET", "", headers));
        let modified = Timestamp::from_unix(MODIFIED);
        let judgement = conditions.judge("abc", modified, modified.plus_seconds(100));
        assert_eq!(judgement, expected, "{headers:?}");
    }

    fn at(seconds: i64) -> String {
        Timestamp::from_unix(MODIFIED + seconds).http()
    }

    #[test]
    fn single_conditions() {
        for (name, value, expected) in [
            ("if-match", "\"abc\"", Judgement::Proceed),
            ("if-match", "abc", Judgement::Proceed),
            ("if-match", "*", Judgement::Proceed),
            ("if-match", "\"x\", \"abc\"", Judgement::Proceed),
            ("if-match", "\"x\"", Judgement::Failed("If-Match")),
            ("if-match", "W/\"abc\"", Judgement::Failed("If-Match")),
            ("if-none-match", "\"abc\"", Judgement::NotModified),
            ("if-none-match", "abc", Judgement::NotModified),
            ("if-none-match", "W/\"abc\"", Judgement::NotModified),
            ("if-none-match", "x,\"abc\"", Judgement::NotModified),
            ("if-none-match", "*", Judgement::NotModified),
            ("if-none-match", "\"x\"", Judgement::Proceed),
            ("if-unmodified-since", &at(-1), Judgement::Failed("If-Unmodified-Since")),
            ("if-unmodified-since", &at(0), Judgement::Proceed),
            ("if-unmodified-since", &at(1), Judgement::Proceed),
            ("if-modified-since", &at(-1), Judgement::Proceed),
            ("if-modified-since", &at(0), Judgement::NotModified),
            ("if-modified-since", &at(100), Judgement::NotModified),
            ("if-modified-since", &at(101), Judgement::Proceed),
            ("if-modified-since", "yesterday", Judgement::Proceed),
            ("if-unmodified-since", "yesterday", Judgement::Proceed),
            // The two older forms of a time.
            ("if-modified-since", "Tuesday, 14-Nov-23 22:13:20 GMT", Judgement::NotModified),
            ("if-modified-since", "Tue Nov 14 22:13:20 2023", Judgement::NotModified),
        ] {
            check(&[(name, value)], expected);
        }
    }

    #[test]
    fn of_several_conditions_the_first_decides() {
        let (before, after) = (at(-1), at(1));
        let mut all = vec![
            ("if-match", "\"x\""),
            ("if-unmodified-since", before.as_str()),
            ("if-none-match", "\"abc\""),
            ("if-modified-since", after.as_str()),
        ];
        check(&all, Judgement::Failed("If-Match"));
        all.remove(0);
        check(&all, Judgement::Failed("If-Unmodified-Since"));
        all.remove(0);
        check(&all, Judgement::NotModified);
        // A condition on the entity tag takes the place of the one on the time.
        check(&[("if-match", "abc"), ("if-unmodified-since", &before)], Judgement::Proceed);
        check(&[("if-none-match", "x"), ("if-modified-since", &after)], Judgement::Proceed);
    }

    #[track_caller]
    fn check_write(headers: &[(&str, &str)], expected: Result<Expect, (&str, &str)>) {
        let found = write_condition(&request("PUT", "", headers)).map_err(|failure| {
            assert_eq!((failure.error.code, failure.error.status), ("NotImplemented", 501));
            failure.elements
        });
        let elements = |(header, message): (&str, &str)| {
            vec![("Header", header.to_owned()), ("additionalMessage", message.to_owned())]
        };
        assert_eq!(found, expected.map_err(elements), "{headers:?}");
    }

    #[test]
    fn conditions_of_writes() {
        let if_match =
            ("If-Match", "We don't accept the provided value of If-Match header for this API");
        let if_none_match = (
            "If-None-Match",
            "We don't accept the provided value of If-None-Match header for this API",
        );
        let both = (
            "If-Match,If-None-Match",
            "Multiple conditional request headers present in the request",
        );
        check_write(&[], Ok(Expect::Anything));
        check_write(&[("if-none-match", "*")], Ok(Expect::Absent));
        check_write(&[("if-none-match", "\"abc\"")], Err(if_none_match));
        check_write(&[("if-match", "\"abc\"")], Ok(Expect::Etag("abc".to_owned())));
        check_write(&[("if-match", "abc")], Ok(Expect::Etag("abc".to_owned())));
        check_write(&[("if-match", "abc\"")], Ok(Expect::Etag("abc".to_owned())));
        check_write(&[("if-match", "*")], Err(if_match));
        check_write(&[("if-match", "\"a\", \"b\"")], Err(if_match));
        check_write(&[("if-match", "\"abc\""), ("if-none-match", "*")], Err(both));
    }

    #[test]
    fn a_signed_query_carries_conditions_too() {
        let expect = write_condition(&request("PUT", "If-None-Match=*&X-Amz-Signature=s", &[]));
        assert_eq!(expect.unwrap(), Expect::Absent);
        let expect = write_condition(&request("PUT", "If-None-Match=*", &[]));
        assert_eq!(expect.unwrap(), Expect::Anything);
    }

    proptest! {
        #[test]
        fn no_condition_is_too_odd(value in "[ -~]*") {
            for name in ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"] {
                let request = request("GET", "", &[(name, &value)]);
                let now = Timestamp::from_unix(0);
                let _ = ReadConditions::read(&request).judge("abc", now, now);
                let _ = write_condition(&request);
            }
        }
    }
}
