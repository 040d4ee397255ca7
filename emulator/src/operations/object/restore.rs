//! RestoreObject, and what it is good for: reading objects of the archives.

use http::StatusCode;
use stuntbucket_signer::Timestamp;

use super::version;
use super::version::CurrentMarker;
use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::events::Happening;
use crate::events::What;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::saying;
use crate::names::DAY_SECONDS;
use crate::names::is_archive;
use crate::names::midnight_after;
use crate::operations::document;
use crate::request::Request;
use crate::store::Object;
use crate::store::Outcome;
use crate::store::Restored;
use crate::xml::Element;
use crate::xml::Xml;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// How soon a copy is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tier {
    Expedited,
    Standard,
    Bulk,
}

/// Where the copy of an archived object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Copy {
    /// Nobody asked, or it ended.
    Absent,
    OnItsWay,
    There,
}

/// Asks for a copy of an archived object that can be read for some days. How long it takes is
/// simulated by the clock.
pub(crate) async fn answer(
    permit: &Permit<'_>,
    request: &Request,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let (bucket, key) = (permit.bucket()?, request.key());
    let which = version::which(request, bucket)?;
    let (days, tier) = read(&document::needed(body).await?)?;
    let store = &permit.world().store;
    let found = store.version(bucket, key, which)?;
    version::check(permit, request, which, found.as_ref(), CurrentMarker::Hides)?;
    let object = found.ok_or_else(|| Fault::NoSuchKey.with("Key", key))?;
    if !is_archive(&object.storage_class) {
        return Err(Fault::RestoreNotAllowed
            .with("StorageClass", &*object.storage_class)
            .because("only objects of GLACIER and DEEP_ARCHIVE are restored"));
    }
    let now = permit.world().clock.now();
    let ready = match object.restored.filter(|copy| now < copy.ends) {
        Some(there) if there.ready <= now => there.ready,
        asked => {
            let ready = now.plus_seconds(seconds(&object, tier)?);
            // Documented: a faster tier speeds up what is in progress.
            if asked.is_some_and(|asked| asked.ready <= ready) {
                return Err(Fault::RestoreAlreadyInProgress.because(
                    "somebody asked already, and this would not be faster; move the clock on to \
                     let it end",
                ));
            }
            ready
        }
    };
    let from = ready.max(now);
    let ends = midnight_after(from.plus_seconds(i64::from(days) * DAY_SECONDS));
    let restored = Some(Restored { ready, ends });
    let outcome =
        store.change_object(bucket, key, which, &mut |object| object.restored = restored)?;
    if outcome == Outcome::NoKey {
        return Err(Fault::NoSuchKey.with("Key", key));
    }
    store.settled().await?;
    if ready <= now {
        return Ok(Answer::empty(StatusCode::OK));
    }
    permit.world().restores.expect_copy(bucket.id, key, object.version, ready);
    let happening = Happening::new(What::RestorePost, key).in_class(&object.storage_class);
    permit.happened(happening.of(&object).at_version(object.version));
    Ok(Answer::empty(StatusCode::ACCEPTED))
}

/// Refuses to read what is archived and was not restored.
pub(super) fn check_readable(object: &Object, now: Timestamp) -> Result<(), Failure> {
    if is_readable(object, now) {
        return Ok(());
    }
    Err(Fault::InvalidObjectState.with("StorageClass", &*object.storage_class).because(format!(
        "the object is in {}; restore it, and move the clock on until the copy is there",
        object.storage_class
    )))
}

/// Whether there is something to read.
pub(super) fn is_readable(object: &Object, now: Timestamp) -> bool {
    !is_archive(&object.storage_class) || copy(object, now) == Copy::There
}

/// The value of `x-amz-restore`, if somebody asked for a copy.
pub(super) fn header(object: &Object, now: Timestamp) -> Option<String> {
    let ends = object.restored?.ends;
    match copy(object, now) {
        Copy::Absent => None,
        Copy::OnItsWay => Some("ongoing-request=\"true\"".to_owned()),
        Copy::There => Some(format!("ongoing-request=\"false\", expiry-date=\"{}\"", ends.http())),
    }
}

/// Writes the `RestoreStatus` of a listing (documented for ListObjectsV2), if somebody asked for a
/// copy.
pub(in crate::operations) fn write_status(xml: &mut Xml, object: &Object, now: Timestamp) {
    let copy = copy(object, now);
    let Some(restored) = object.restored.filter(|_| copy != Copy::Absent) else { return };
    xml.open("RestoreStatus");
    xml.leaf("IsRestoreInProgress", (copy == Copy::OnItsWay).to_string());
    if copy == Copy::There {
        xml.leaf("RestoreExpiryDate", restored.ends.iso_millis());
    }
    xml.close();
}

fn copy(object: &Object, now: Timestamp) -> Copy {
    match object.restored {
        Some(restored) if now < restored.ready => Copy::OnItsWay,
        Some(restored) if now < restored.ends => Copy::There,
        Some(_) | None => Copy::Absent,
    }
}

/// The upper ends of what the user guide promises.
fn seconds(object: &Object, tier: Tier) -> Result<i64, Failure> {
    let is_deep = object.storage_class == "DEEP_ARCHIVE";
    match tier {
        // The text was not recorded; that the two exclude each other is documented.
        Tier::Expedited if is_deep => Err(saying(
            "InvalidArgument",
            400,
            "Retrieval option is not supported by this storage class",
        )
        .because("DEEP_ARCHIVE has no expedited retrieval")),
        Tier::Expedited => Ok(5 * MINUTE),
        Tier::Standard if is_deep => Ok(12 * HOUR),
        Tier::Standard => Ok(5 * HOUR),
        Tier::Bulk if is_deep => Ok(48 * HOUR),
        Tier::Bulk => Ok(12 * HOUR),
    }
}

fn read(document: &[u8]) -> Result<(u32, Tier), Failure> {
    let root = document::parse(document, "RestoreRequest")?;
    for name in ["Type", "SelectParameters", "OutputLocation"] {
        if root.child(name).is_some() {
            return Err(saying(
                "NotImplemented",
                501,
                format!("RestoreObject with {name} is not implemented."),
            )
            .because("Stuntbucket restores whole objects, and does not query archives"));
        }
    }
    let days = root.child("Days").map(|days| days.text().trim());
    let days = days.and_then(|days| days.parse().ok()).filter(|days| *days > 0);
    let Some(days) = days else {
        return Err(Fault::MalformedXml.because("`Days` is a number above zero"));
    };
    let parameters = root.child("GlacierJobParameters").unwrap_or(&root);
    let tier = match parameters.child("Tier").map(Element::text) {
        None | Some("Standard") => Tier::Standard,
        Some("Expedited") => Tier::Expedited,
        Some("Bulk") => Tier::Bulk,
        Some(other) => {
            return Err(Fault::MalformedXml.because(format!("`{other}` is no tier of retrieval")));
        }
    };
    Ok((days, tier))
}
