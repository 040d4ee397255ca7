//! What a write says of its object: metadata, storage class, tags, and the checksums it promises.
//!
//! A PUT says it in headers, a presigned URL also in its query, a form in its fields.

mod encoded_word;
mod promised;
mod tagging;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub(crate) use self::encoded_word::encoded;
pub(crate) use self::promised::Promised;
pub(crate) use self::promised::SentMd5;
pub(crate) use self::tagging::TagsOf;
pub(crate) use self::tagging::tags_of_header;
pub(crate) use self::tagging::tags_of_set;
pub(crate) use self::tagging::tags_of_xml;
use super::Request;
use super::text;
use crate::failure::Failure;
use crate::failure::Fault;

/// Where the parameters of a write are found. Names are asked for in lower case.
pub(crate) trait Parameters {
    /// The value of a parameter.
    fn parameter(&self, name: &str) -> Option<Cow<'_, str>>;

    /// All parameters whose names begin so: the rest of each name, in lower case, and its value.
    fn with_prefix(&self, prefix: &str) -> Vec<(String, String)>;

    /// The value of a parameter that promises something about the body. The query of a presigned
    /// URL, which is made before the body is known, promises nothing.
    fn promise(&self, name: &str) -> Option<Cow<'_, str>>;

    /// The object's tags, which headers and forms write differently.
    fn tags(&self) -> Result<Vec<(String, String)>, Failure>;
}

/// What a write says of its object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written {
    /// System metadata by header name in lower case; `content-type` is always there.
    pub(crate) headers: Vec<(String, String)>,
    /// User metadata, named without `x-amz-meta-`, in lower case.
    pub(crate) metadata: Vec<(String, String)>,
    pub(crate) storage_class: String,
    /// In the order of their keys.
    pub(crate) tags: Vec<(String, String)>,
}

/// What an object's type is if nobody says.
const DEFAULT_CONTENT_TYPE: &str = "binary/octet-stream";

const REDIRECT_LOCATION: &str = "x-amz-website-redirect-location";

/// The headers that are kept and sent again as they came, besides `content-type`.
const SYSTEM_HEADERS: [&str; 6] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "expires",
    REDIRECT_LOCATION,
];

/// The storage classes that PutObject takes, recorded by LocalStack: `test_put_object_storage_class`.
pub(crate) const STORAGE_CLASSES: [&str; 8] = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER",
    "DEEP_ARCHIVE",
    "GLACIER_IR",
];

/// The largest sum of names and values, for user metadata and for system metadata.
const METADATA_BYTES_MAX: usize = 2048;

impl Written {
    /// Reads and checks it all.
    pub(crate) fn read(parameters: &dyn Parameters) -> Result<Self, Failure> {
        let metadata = parameters.with_prefix("x-amz-meta-");
        // Names count without `x-amz-meta-`, as treeverse/lakeFS#9909 found on S3.
        check_size(&metadata)?;
        let headers = system_headers(parameters)?;
        let storage_class = match parameters.parameter("x-amz-storage-class") {
            Some(class) if !STORAGE_CLASSES.contains(&&*class) => {
                return Err(Fault::InvalidStorageClass.with("StorageClassRequested", class));
            }
            Some(class) => class.into_owned(),
            None => "STANDARD".to_owned(),
        };
        Ok(Self { headers, metadata, storage_class, tags: parameters.tags()? })
    }
}

fn system_headers(parameters: &dyn Parameters) -> Result<Vec<(String, String)>, Failure> {
    let value = |name: &str| parameters.parameter(name).filter(|value| !value.is_empty());
    let mut headers = Vec::new();
    for name in SYSTEM_HEADERS {
        let Some(value) = value(name) else { continue };
        let value = match name {
            "content-encoding" => without_aws_chunked(&value),
            REDIRECT_LOCATION => {
                check_redirect_location(&value)?;
                value.into_owned()
            }
            _ => value.into_owned(),
        };
        if !value.is_empty() {
            headers.push((name.to_owned(), value));
        }
    }
    let content_type = value("content-type").map(Cow::into_owned);
    let is_default = content_type.is_none();
    let content_type = content_type.unwrap_or_else(|| DEFAULT_CONTENT_TYPE.to_owned());
    headers.push(("content-type".to_owned(), content_type));
    // What nobody sent does not count.
    let sent = if is_default { &headers[..headers.len() - 1] } else { &headers[..] };
    check_size(sent)?;
    Ok(headers)
}

fn check_size(sent: &[(String, String)]) -> Result<(), Failure> {
    let bytes: usize = sent.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > METADATA_BYTES_MAX {
        return Err(Fault::MetadataTooLarge
            .with("Size", bytes.to_string())
            .with("MaxSizeAllowed", METADATA_BYTES_MAX.to_string()));
    }
    Ok(())
}

fn check_redirect_location(location: &str) -> Result<(), Failure> {
    let is_one = ["/", "http://", "https://"].iter().any(|prefix| location.starts_with(prefix));
    if is_one { Ok(()) } else { Err(Fault::InvalidRedirectLocation.failure()) }
}

/// The encoding without the one that belongs to the transfer. The other text stays as it is,
/// pinned by argmin's tests against AWS.
fn without_aws_chunked(encoding: &str) -> String {
    let is_chunked = |item: &&str| item.trim().eq_ignore_ascii_case("aws-chunked");
    if !encoding.split(',').any(|item| is_chunked(&item)) {
        return encoding.to_owned();
    }
    let rest: Vec<&str> = encoding.split(',').filter(|item| !is_chunked(item)).collect();
    rest.join(",").trim().to_owned()
}

impl Parameters for Request {
    fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        Self::parameter(self, name)
    }

    fn with_prefix(&self, prefix: &str) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        for (name, value) in &self.headers {
            let Some(rest) = name.as_str().strip_prefix(prefix) else { continue };
            add(&mut found, rest, &text(value.as_bytes()));
        }
        if self.query.is_signed() {
            let in_headers = found.len();
            for (name, value) in self.query.iter() {
                let name = name.to_ascii_lowercase();
                let Some(rest) = name.strip_prefix(prefix) else { continue };
                if found[..in_headers].iter().all(|(known, _)| known != rest) {
                    found.push((rest.to_owned(), value.to_owned()));
                }
            }
        }
        found
    }

    fn promise(&self, name: &str) -> Option<Cow<'_, str>> {
        self.header(name)
    }

    fn tags(&self) -> Result<Vec<(String, String)>, Failure> {
        self.parameter("x-amz-tagging").map_or_else(|| Ok(Vec::new()), |tags| tags_of_header(&tags))
    }
}

/// Adds a value; several of one name become a list.
pub(super) fn add(found: &mut Vec<(String, String)>, name: &str, value: &str) {
    match found.iter_mut().find(|(known, _)| known == name) {
        Some((_, values)) => {
            values.push(',');
            values.push_str(value);
        }
        None => found.push((name.to_owned(), value.to_owned())),
    }
}
