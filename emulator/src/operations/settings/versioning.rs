//! GetBucketVersioning, PutBucketVersioning.

use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::access_denied;
use crate::operations::document;
use crate::store::Versioning;
use crate::xml::Element;
use crate::xml::Xml;

const ROOT: &str = "VersioningConfiguration";

/// GetBucketVersioning.
pub(crate) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let mut xml = Xml::document();
    xml.open_s3(ROOT);
    match permit.bucket()?.settings.versioning {
        None => {}
        Some(Versioning::Enabled) => xml.leaf("Status", "Enabled"),
        Some(Versioning::Suspended) => xml.leaf("Status", "Suspended"),
    }
    xml.close();
    Ok(Answer::xml(StatusCode::OK, xml.finish()))
}

/// PutBucketVersioning.
pub(crate) async fn write(permit: &Permit<'_>, body: VerifiedBody) -> Result<Answer, Failure> {
    let versioning = parse(&document::needed(body).await?)?;
    if versioning == Versioning::Suspended && permit.bucket()?.settings.object_lock.is_some() {
        return Err(Fault::VersioningOfLockedBucket.because(
            "an object lock needs versions; once a bucket has one, versioning stays enabled",
        ));
    }
    super::change(permit, StatusCode::OK, |bucket| {
        // Another request may have locked the bucket meanwhile.
        if bucket.settings.object_lock.is_none() {
            bucket.settings.versioning = Some(versioning);
        }
    })
    .await
}

fn parse(document: &[u8]) -> Result<Versioning, Failure> {
    let root = document::parse(document, ROOT)?;
    match root.child("MfaDelete").map(Element::text) {
        None | Some("Disabled") => {}
        Some("Enabled") => {
            return Err(access_denied("Mfa Authentication must be used for this request").because(
                "MFA delete is enabled with the code of a device, and this emulator has no devices",
            ));
        }
        Some(_) => {
            return Err(Fault::MalformedXml.because("`MfaDelete` is `Enabled` or `Disabled`"));
        }
    }
    match root.child("Status").map(Element::text) {
        None => Err(Fault::MissingVersioningStatus.because("the document has no `Status`")),
        Some("Enabled") => Ok(Versioning::Enabled),
        Some("Suspended") => Ok(Versioning::Suspended),
        Some(other) => Err(Fault::MalformedXml
            .because(format!("`Status` is `Enabled` or `Suspended`, and not `{other}`"))),
    }
}
