//! GetBucketVersioning, PutBucketVersioning.

use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::access_denied;
use crate::operations::document;
use crate::store::BucketSettings;
use crate::store::Configuration;
use crate::store::Versioning;
use crate::xml::Element;
use crate::xml::Xml;

const ROOT: &str = "VersioningConfiguration";

/// GetBucketVersioning.
pub(crate) fn read(permit: &Permit<'_>) -> Result<Answer, Failure> {
    let mut xml = Xml::document();
    xml.open_s3(ROOT);
    let settings = &permit.bucket()?.settings;
    match settings.versioning {
        None => {}
        Some(Versioning::Enabled) => xml.leaf("Status", "Enabled"),
        Some(Versioning::Suspended) => xml.leaf("Status", "Suspended"),
    }
    // Captured from AWS in 2026.
    if settings.names_mfa_delete {
        xml.leaf("MfaDelete", "Disabled");
    }
    xml.close();
    Ok(Answer::untyped(StatusCode::OK, xml.finish()))
}

/// PutBucketVersioning.
pub(crate) async fn write(permit: &Permit<'_>, body: VerifiedBody) -> Result<Answer, Failure> {
    let root = document::parse(&document::needed(body).await?, ROOT)?;
    let versioning = parse(&root)?;
    let names_mfa_delete = root.child("MfaDelete").is_some();
    check(versioning, &permit.bucket()?.settings)?;
    super::change(permit, StatusCode::OK, |bucket| {
        // Another request may have locked the bucket meanwhile.
        if check(versioning, &bucket.settings).is_ok() {
            bucket.settings.versioning = Some(versioning);
        }
        bucket.settings.names_mfa_delete |= names_mfa_delete;
    })
    .await
}

/// Object locks and replications (captured from AWS in 2026) need versions.
fn check(versioning: Versioning, settings: &BucketSettings) -> Result<(), Failure> {
    if versioning == Versioning::Enabled {
        return Ok(());
    }
    if settings.object_lock.is_some() {
        return Err(Fault::VersioningOfLockedBucket.because(
            "an object lock needs versions; once a bucket has one, versioning stays enabled",
        ));
    }
    if settings.configurations.find(Configuration::Replication, "").is_some() {
        return Err(Fault::VersioningOfReplicatedBucket.failure());
    }
    Ok(())
}

fn parse(root: &Element) -> Result<Versioning, Failure> {
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
