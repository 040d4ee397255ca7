//! Configurations of which a bucket has one.

use http::StatusCode;

use crate::answer::Answer;
use crate::authenticate::VerifiedBody;
use crate::authorize::Permit;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::operations::document;
use crate::operations::settings::change;
use crate::operations::settings::schema;
use crate::operations::settings::schema::Part;
use crate::store::Configuration;
use crate::xml::Element;
use crate::xml::Xml;

/// What there is to know of one kind of document.
pub(super) struct Form {
    pub(super) about: Configuration,
    pub(super) root: &'static str,
    pub(super) parts: &'static [Part],
    pub(super) digest: Digest,
    /// What the schema cannot say.
    pub(super) check: fn(&Permit<'_>, &Element) -> Result<(), Failure>,
    pub(super) absent: Absent,
}

/// Whether the document must come with `Content-MD5` or a checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digest {
    Needed,
    NotNeeded,
}

/// What is read before anything was put.
#[derive(Clone, Copy, Debug)]
pub(super) enum Absent {
    /// A document with this in its root.
    Document(&'static str),
    Refusal(Fault),
}

pub(super) fn read(permit: &Permit<'_>, form: &Form) -> Result<Answer, Failure> {
    let bucket = permit.bucket()?;
    let found = bucket.settings.configurations.find(form.about, "");
    let content = match (found, form.absent) {
        (Some(content), _) | (None, Absent::Document(content)) => content,
        (None, Absent::Refusal(fault)) => return Err(fault.with("BucketName", &*bucket.name)),
    };
    Ok(Answer::xml(StatusCode::OK, write_document(form.root, content)))
}

pub(super) async fn write(
    permit: &Permit<'_>,
    form: &Form,
    body: VerifiedBody,
) -> Result<Answer, Failure> {
    let document = match form.digest {
        Digest::Needed => document::with_digest(body).await?,
        Digest::NotNeeded => document::needed(body).await?,
    };
    let root = document::parse(&document, form.root)?;
    let content = schema::canonical(&root, form.parts, &permit.world().ids)?;
    (form.check)(permit, &root)?;
    change(permit, StatusCode::OK, |bucket| {
        bucket.settings.configurations.put(form.about, "", content.clone());
    })
    .await
}

pub(super) async fn delete(permit: &Permit<'_>, form: &Form) -> Result<Answer, Failure> {
    change(permit, StatusCode::NO_CONTENT, |bucket| {
        bucket.settings.configurations.remove(form.about, "");
    })
    .await
}

/// For forms about which the schema says all.
#[allow(clippy::unnecessary_wraps)] // The other checks refuse.
pub(super) fn nothing_more(_: &Permit<'_>, _: &Element) -> Result<(), Failure> {
    Ok(())
}

pub(super) fn write_document(root: &'static str, content: &str) -> String {
    let mut xml = Xml::document();
    xml.open_s3(root);
    xml.part(content);
    xml.close();
    xml.finish()
}
