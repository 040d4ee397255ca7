//! The browser form: its fields up to the file, and the file's bytes as they come.

mod file;
mod gate;
mod head;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use self::file::FormFile;
use self::file::Parts;
use self::head::Disposition;
use super::Request;
use super::headers::Parameters;
use super::headers::add;
use super::headers::tags_of_xml;
use super::text;
use crate::body::ByteStream;
use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;

/// The fields of a form that stand before its file. Those after it do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Form {
    /// Names as sent, values with `${filename}` replaced, in order.
    pub(crate) fields: Vec<(String, String)>,
    /// The file's name without folders, if the file came with one; it may be empty.
    pub(crate) filename: Option<String>,
}

/// Stands for the file's name in every field.
const FILENAME: &str = "${filename}";

impl Form {
    /// Reads a form up to its file.
    ///
    /// Without a file, a missing `key` is told first, which agrees with all recorded answers.
    pub(crate) async fn read(
        request: &Request,
        body: ByteStream,
    ) -> Result<(Self, FormFile), Failure> {
        let content_type = request.header("content-type").unwrap_or_default();
        let boundary = head::boundary(&content_type)?;
        let mut parts = Parts::new(body, boundary);
        let mut form = Self::default();
        while let Some(part) = parts.next().await? {
            let disposition = Disposition::read(part.headers())?;
            if disposition.is_file() {
                form.name_file(disposition.filename.as_deref());
                return Ok((form, parts.into_file(part)));
            }
            let value = parts.whole(part).await?;
            form.fields.push((disposition.name, text(&value).into_owned()));
        }
        if form.get("key").is_none() {
            return Err(missing_field("key"));
        }
        Err(file_count(0))
    }

    /// The value of a field, by its name in any case. Several of one name make a list, as AWS's
    /// page on browser-based uploads documents it.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut values = self
            .fields
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str());
        let first = values.next()?;
        Some(values.fold(Cow::Borrowed(first), |list, value| Cow::Owned(format!("{list},{value}"))))
    }

    /// Puts the file's name in its places. If the file came without one, the places stay as they
    /// are, recorded by LocalStack in `test_post_object_with_file_as_string`.
    fn name_file(&mut self, filename: Option<&str>) {
        let Some(filename) = filename else { return };
        let filename = filename.rsplit(['/', '\\']).next().unwrap_or_default();
        for (_, value) in &mut self.fields {
            if value.contains(FILENAME) {
                *value = value.replace(FILENAME, filename);
            }
        }
        self.filename = Some(filename.to_owned());
    }
}

impl Parameters for Form {
    fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        self.get(name)
    }

    fn with_prefix(&self, prefix: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for (name, value) in &self.fields {
            let name = name.to_ascii_lowercase();
            if let Some(rest) = name.strip_prefix(prefix) {
                add(&mut found, rest, value);
            }
        }
        found
    }

    /// Nothing comes after a form's body, so a form has no trailers to announce.
    fn promise(&self, name: &str) -> Option<Cow<'_, str>> {
        if name == "x-amz-trailer" { None } else { self.get(name) }
    }

    fn tags(&self) -> Result<Vec<(String, String)>, Failure> {
        self.get("tagging").map_or_else(|| Ok(Vec::new()), |document| tags_of_xml(&document))
    }
}

/// A form lacks a field, or has it only after the file. Two spaces, as S3 writes them: recorded in
/// nukulb/s3-angular-file-upload#1, grafana/k6#1382.
pub(crate) fn missing_field(name: &'static str) -> Failure {
    let message = format!(
        "Bucket POST must contain a field named '{name}'.  If it is specified, please check the \
         order of the fields."
    );
    invalid_argument(message, name).with("ArgumentValue", "")
}

/// A form has no file, or more than one; recorded in rowanwins/vue-dropzone#303.
fn file_count(count: u8) -> Failure {
    let note = match count {
        0 => "the form has no field `file`, which holds what is uploaded and is the last one",
        _ => "the form has more than one field `file`",
    };
    let failure = Fault::FileCount.with("ArgumentName", "file");
    failure.with("ArgumentValue", count.to_string()).because(note)
}
