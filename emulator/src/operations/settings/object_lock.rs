//! GetObjectLockConfiguration, PutObjectLockConfiguration.

use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::names::DefaultRetention;
use crate::names::LockMode;
use crate::names::Period;
use crate::operations::document;
use crate::store::BucketLock;
use crate::store::Versioning;
use crate::xml::Element;
use crate::xml::Xml;

const ROOT: &str = "ObjectLockConfiguration";

/// S3 keeps nothing longer by default.
const DAYS_MAX: u32 = 36_500;
const YEARS_MAX: u32 = 100;

/// GetObjectLockConfiguration.
pub(crate) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let Some(lock) = bucket.settings.object_lock else {
        return Err(Fault::ObjectLockConfigurationNotFound.with("BucketName", &*bucket.name));
    };
    let mut xml = Xml::document();
    xml.open_s3(ROOT);
    xml.leaf("ObjectLockEnabled", "Enabled");
    if let Some(DefaultRetention { mode, period }) = lock.default_retention {
        xml.open("Rule");
        xml.open("DefaultRetention");
        xml.leaf("Mode", mode.name());
        match period {
            Period::Days(days) => xml.leaf("Days", days.to_string()),
            Period::Years(years) => xml.leaf("Years", years.to_string()),
        }
        xml.close();
        xml.close();
    }
    xml.close();
    Ok(Answer::xml(StatusCode::OK, xml.finish()))
}

/// PutObjectLockConfiguration.
pub(crate) async fn write(permit: &Permit<'_>, body: VerifiedBody) -> Result<Answer, Failure> {
    let document = document::with_digest(body).await?;
    let root = document::parse(&document, ROOT)?;
    if permit.bucket()?.settings.versioning != Some(Versioning::Enabled) {
        return Err(Fault::ObjectLockWithoutVersioning
            .because("put the versioning `Enabled` before the object lock"));
    }
    let lock = parse(&root)?;
    super::change(permit, StatusCode::OK, |bucket| {
        // Another request may have suspended it meanwhile, and a lock has versions.
        if bucket.settings.versioning == Some(Versioning::Enabled) {
            bucket.settings.object_lock = Some(lock);
        }
    })
    .await
}

fn parse(root: &Element) -> Result<BucketLock, Failure> {
    let malformed = |why: &str| Fault::MalformedXml.because(why);
    if root.child("ObjectLockEnabled").map(Element::text) != Some("Enabled") {
        return Err(malformed("`ObjectLockEnabled` is `Enabled`"));
    }
    let Some(rule) = root.child("Rule") else { return Ok(BucketLock::default()) };
    let retention = rule
        .child("DefaultRetention")
        .ok_or_else(|| malformed("a `Rule` has a `DefaultRetention`"))?;
    let mode = retention
        .child("Mode")
        .and_then(|mode| LockMode::parse(mode.text()))
        .ok_or_else(|| malformed("`Mode` is `GOVERNANCE` or `COMPLIANCE`"))?;
    let period = match (retention.child("Days"), retention.child("Years")) {
        (Some(days), None) => Period::Days(number(days, "Days", DAYS_MAX)?),
        (None, Some(years)) => Period::Years(number(years, "Years", YEARS_MAX)?),
        _ => return Err(malformed("a `DefaultRetention` has either `Days` or `Years`")),
    };
    Ok(BucketLock { default_retention: Some(DefaultRetention { mode, period }) })
}

/// The first text as recorded by versitygw's issue 1738; the second is MinIO's.
fn number(element: &Element, name: &'static str, max: u32) -> Result<u32, Failure> {
    let text = element.text().trim();
    let Ok(number) = text.parse::<i64>() else {
        return Err(Fault::MalformedXml.because(format!("`{name}` is a number")));
    };
    let refused =
        |message: &'static str| invalid_argument(message, name).with("ArgumentValue", text);
    match u32::try_from(number) {
        Ok(number) if number > max => Err(refused("Default retention period too large.")),
        Ok(number) if number > 0 => Ok(number),
        Err(_) if number > 0 => Err(refused("Default retention period too large.")),
        _ => Err(refused("Default retention period must be a positive integer value.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(inner: &str, expected: Result<Option<DefaultRetention>, (&str, &str)>) {
        let document = format!("<ObjectLockConfiguration>{inner}</ObjectLockConfiguration>");
        let found = parse(&Element::parse(document.as_bytes()).unwrap());
        let found = found.as_ref().map(|lock| lock.default_retention);
        let found = found.map_err(|failure| (failure.error.code, &*failure.error.message));
        assert_eq!(found, expected, "{inner}");
    }

    #[test]
    fn configurations_as_recorded() {
        const ENABLED: &str = "<ObjectLockEnabled>Enabled</ObjectLockEnabled>";
        let malformed = (
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published \
             schema",
        );
        let rule = |retention: &str| {
            format!("{ENABLED}<Rule><DefaultRetention>{retention}</DefaultRetention></Rule>")
        };
        check(ENABLED, Ok(None));
        let days = DefaultRetention { mode: LockMode::Governance, period: Period::Days(1) };
        check(&rule("<Mode>GOVERNANCE</Mode><Days>1</Days>"), Ok(Some(days)));
        let years = DefaultRetention { mode: LockMode::Compliance, period: Period::Years(100) };
        check(&rule("<Mode>COMPLIANCE</Mode><Years>100</Years>"), Ok(Some(years)));
        check("", Err(malformed));
        check("<ObjectLockEnabled>enabled</ObjectLockEnabled>", Err(malformed));
        check(&format!("{ENABLED}<Rule/>"), Err(malformed));
        for retention in [
            "",
            "<Mode>GOVERNANCE</Mode>",
            "<Days>1</Days>",
            "<Mode>governance</Mode><Days>1</Days>",
            "<Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years>",
            "<Mode>GOVERNANCE</Mode><Days>x</Days>",
        ] {
            check(&rule(retention), Err(malformed));
        }
        let not_positive =
            ("InvalidArgument", "Default retention period must be a positive integer value.");
        let too_large = ("InvalidArgument", "Default retention period too large.");
        for (period, expected) in [
            ("<Days>0</Days>", not_positive),
            ("<Years>-1</Years>", not_positive),
            ("<Days>36501</Days>", too_large),
            ("<Years>101</Years>", too_large),
            ("<Days>99999999999</Days>", too_large),
        ] {
            check(&rule(&format!("<Mode>GOVERNANCE</Mode>{period}")), Err(expected));
        }
    }
}
