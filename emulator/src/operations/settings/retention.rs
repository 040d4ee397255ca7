//! GetObjectRetention, PutObjectRetention, GetObjectLegalHold, PutObjectLegalHold.

use http::StatusCode;
use stuntbucket_signer::Timestamp;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Document;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::names::LegalHold;
use crate::names::LockMode;
use crate::names::Retention;
use crate::operations::document;
use crate::operations::object::lock;
use crate::operations::object::version;
use crate::operations::object::version::CurrentMarker;
use crate::request::Request;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Which;
use crate::xml::Element;
use crate::xml::Xml;

/// GetObjectRetention.
pub(crate) fn read(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let (_, object) = find(permit, request)?;
    let retention = object.lock.retention.ok_or(Fault::NoSuchObjectLock)?;
    let mut xml = Xml::document();
    xml.open_s3("Retention");
    xml.leaf("Mode", retention.mode.name());
    xml.leaf("RetainUntilDate", retention.until.iso_millis());
    xml.close();
    Ok(Answer::xml(StatusCode::OK, xml.finish()))
}

/// PutObjectRetention.
pub(crate) async fn write(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let now = permit.world().clock.now();
    let read = document::optional_with_digest(body).await;
    let read = read.and_then(|document| parse(&document, now));
    // A policy may limit how long objects are kept, and in which mode.
    let retention = read.as_ref().ok().copied().flatten();
    let permit = &permit.told(Document { retention, ..Document::NONE })?;
    let (which, _) = find(permit, request)?;
    let bypass = lock::bypass(permit, request)?;
    let new = read?;
    let mut refused = None;
    change(permit, request, which, &mut |object| {
        refused = object.lock.refuses(new, now, bypass);
        if refused.is_none() {
            object.lock.retention = new;
        }
    })?;
    if let Some(why) = refused {
        return Err(lock::locked(why));
    }
    permit.world().store.settled().await?;
    Ok(Answer::empty(StatusCode::OK))
}

/// GetObjectLegalHold.
pub(crate) fn read_legal_hold(permit: &Permit<'_>, request: &Request) -> Result<Answer, Failure> {
    let (_, object) = find(permit, request)?;
    let legal_hold = object.lock.legal_hold.ok_or(Fault::NoSuchObjectLock)?;
    let mut xml = Xml::document();
    xml.open_s3("LegalHold");
    xml.leaf("Status", legal_hold.name());
    xml.close();
    Ok(Answer::xml(StatusCode::OK, xml.finish()))
}

/// PutObjectLegalHold.
pub(crate) async fn write_legal_hold(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let read = document::optional_with_digest(body).await;
    let read = read.and_then(|document| parse_legal_hold(&document));
    let legal_hold = read.as_ref().ok().copied();
    let permit = &permit.told(Document { legal_hold, ..Document::NONE })?;
    let (which, _) = find(permit, request)?;
    let status = read?;
    change(permit, request, which, &mut |object| object.lock.legal_hold = Some(status))?;
    permit.world().store.settled().await?;
    Ok(Answer::empty(StatusCode::OK))
}

/// The version, which must be one that can be locked.
fn find(permit: &Permit<'_>, request: &Request) -> Result<(Which, Object), Failure> {
    let bucket = permit.bucket()?;
    let which = version::which(request, bucket)?;
    let found = permit.world().store.version(bucket, request.key(), which)?;
    version::check(permit, request, which, found.as_ref(), CurrentMarker::Refuses)?;
    lock::of_bucket(bucket)?;
    let object = found.ok_or_else(|| permit.no_such_key(request.key()))?;
    Ok((which, object))
}

fn change(
    permit: &Permit<'_>,
    request: &Request,
    which: Which,
    change: &mut dyn FnMut(&mut Object),
) -> Result<(), Failure> {
    let store = &permit.world().store;
    match store.change_object(permit.bucket()?, request.key(), which, change)? {
        Outcome::Done => Ok(()),
        _ => Err(permit.no_such_key(request.key())),
    }
}

/// An empty document takes the retention away.
fn parse(document: &[u8], now: Timestamp) -> Result<Option<Retention>, Failure> {
    let root = document::parse(document, "Retention")?;
    let (mode, until) = match (root.child("Mode"), root.child("RetainUntilDate")) {
        (None, None) => return Ok(None),
        (Some(mode), Some(until)) => (mode, until),
        _ => return Err(Fault::MalformedXml.because("`Mode` and `RetainUntilDate` go together")),
    };
    let mode = LockMode::parse(mode.text())
        .ok_or_else(|| Fault::MalformedXml.because("`Mode` is `GOVERNANCE` or `COMPLIANCE`"))?;
    let until = time(until).ok_or_else(|| {
        Fault::MalformedXml.because("`RetainUntilDate` is a time such as 2026-01-01T00:00:00Z")
    })?;
    check_future(until, now, "RetainUntilDate")?;
    Ok(Some(Retention { mode, until }))
}

fn parse_legal_hold(document: &[u8]) -> Result<LegalHold, Failure> {
    let root = document::parse(document, "LegalHold")?;
    let status = root.child("Status").and_then(|status| LegalHold::parse(status.text()));
    status.ok_or_else(|| Fault::MalformedXml.because("`Status` is `ON` or `OFF`"))
}

fn time(element: &Element) -> Option<Timestamp> {
    Timestamp::parse_iso(element.text().trim())
}

/// Refuses a time that has come. Recorded by LocalStack for the document:
/// `test_s3_object_retention_exc`; that the header is told in the same form is not.
pub(crate) fn check_future(
    until: Timestamp,
    now: Timestamp,
    argument: &'static str,
) -> Result<(), Failure> {
    if until > now {
        return Ok(());
    }
    let message = "The retain until date must be in the future!";
    Err(invalid_argument(message, argument).with("ArgumentValue", pacific(until)).because(format!(
        "{} is not after {}, the emulator's time",
        until.iso(),
        now.iso()
    )))
}

/// `Tue Dec 31 16:00:00 PST 2019`: how S3 writes a time here, by the clocks of Seattle.
///
/// Their summer time begins and ends as in the years from 2007 on, also for times before.
fn pacific(at: Timestamp) -> String {
    const HOUR: i64 = 60 * 60;
    let standard = at.plus_seconds(-8 * HOUR);
    let (local, zone) =
        if is_summer(standard) { (at.plus_seconds(-7 * HOUR), "PDT") } else { (standard, "PST") };
    // `Tue, 31 Dec 2019 16:00:00 GMT`
    let text = local.http();
    let words: Vec<&str> = text.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    match words[..] {
        [weekday, day, month, year, time, _] => {
            format!("{weekday} {month} {day} {time} {zone} {year}")
        }
        _ => text,
    }
}

/// Whether it is summer time at this moment of standard time: from the second Sunday of March at
/// two to the first Sunday of November at one.
fn is_summer(standard: Timestamp) -> bool {
    let year = standard.iso().get(..4).unwrap_or_default().to_owned();
    let sunday_from = |day: &str, hour: &str| {
        let first = Timestamp::parse_iso(&format!("{year}-{day}T{hour}:00:00Z"))?;
        // The first day of 1970 was a Thursday.
        let weekday = (first.unix().div_euclid(24 * 60 * 60) + 4).rem_euclid(7);
        Some(first.plus_seconds((7 - weekday) % 7 * 24 * 60 * 60))
    };
    match (sunday_from("03-08", "02"), sunday_from("11-01", "01")) {
        (Some(begin), Some(end)) => begin <= standard && standard < end,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_by_the_clocks_of_seattle() {
        for (time, expected) in [
            ("2020-01-01T00:00:00Z", "Tue Dec 31 16:00:00 PST 2019"),
            ("2020-07-01T12:30:05Z", "Wed Jul 01 05:30:05 PDT 2020"),
            ("2026-03-08T09:59:59Z", "Sun Mar 08 01:59:59 PST 2026"),
            ("2026-03-08T10:00:00Z", "Sun Mar 08 03:00:00 PDT 2026"),
            ("2026-11-01T08:59:59Z", "Sun Nov 01 01:59:59 PDT 2026"),
            ("2026-11-01T09:00:00Z", "Sun Nov 01 01:00:00 PST 2026"),
        ] {
            assert_eq!(pacific(Timestamp::parse_iso(time).unwrap()), expected, "{time}");
        }
    }
}
