//! Tags: the query-like form of a header, the document of a form's field, and that of an operation.

use stuntbucket_signer::encode;

use crate::failure::Failure;
use crate::failure::Fault;
use crate::failure::invalid_argument;
use crate::failure::saying;
use crate::xml::Element;

/// What tags belong to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TagsOf {
    Object,
    Bucket,
    /// What S3 says of these differs (recorded by LocalStack: `test_create_bucket_with_tags_exc`).
    NewBucket,
}

const OBJECT_TAGS_MAX: usize = 10;
const BUCKET_TAGS_MAX: usize = 50;
const KEY_CHARACTERS_MAX: usize = 128;
const VALUE_CHARACTERS_MAX: usize = 256;

/// Reads `x-amz-tagging`, such as `project=blue&draft`, into tags in the order of their keys.
///
/// That `a=1,b=2` is refused is recorded by LocalStack; here because of its second `=`.
pub(crate) fn tags_of_header(header: &str) -> Result<Vec<(String, String)>, Failure> {
    let malformed = || {
        invalid_argument(
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query \
             parameters without tag name duplicates.",
            "x-amz-tagging",
        )
        .with("ArgumentValue", header)
    };
    let mut tags: Vec<(String, String)> = Vec::new();
    for part in header.split('&').filter(|part| !part.is_empty()) {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        if value.contains('=') {
            return Err(malformed());
        }
        let (Some(key), Some(value)) = (decoded(key), decoded(value)) else {
            return Err(malformed());
        };
        if tags.iter().any(|(known, _)| *known == key) {
            return Err(malformed());
        }
        tags.push((key, value));
    }
    Ok(sorted(checked(tags, TagsOf::Object)?))
}

/// Reads a `<Tagging>` document into tags in the order of their keys.
///
/// Pinned by argmin's tests against AWS: another document has no tags; what is no document is
/// refused.
pub(crate) fn tags_of_xml(document: &str) -> Result<Vec<(String, String)>, Failure> {
    let root = Element::parse(document.as_bytes())
        .map_err(|why| Fault::MalformedXml.because(why.to_string()))?;
    let tag_set =
        Some(&root).filter(|root| root.name() == "Tagging").and_then(|root| root.child("TagSet"));
    let tags = tag_set.map_or_else(|| Ok(Vec::new()), |set| tags_of_set(set, TagsOf::Object))?;
    Ok(sorted(tags))
}

/// Reads the `<Tag>` elements of a set, and keeps their order.
pub(crate) fn tags_of_set(set: &Element, of: TagsOf) -> Result<Vec<(String, String)>, Failure> {
    let mut tags: Vec<(String, String)> = Vec::new();
    for tag in set.children("Tag") {
        let (Some(key), Some(value)) = (tag.child("Key"), tag.child("Value")) else {
            return Err(Fault::MalformedXml.because("a `<Tag>` has no `<Key>` or no `<Value>`"));
        };
        if tags.iter().any(|(known, _)| known == key.text()) {
            if of == TagsOf::NewBucket {
                return Err(Fault::Internal.because(format!(
                    "two tags have the key `{}`, and S3 fails so where they come with a new bucket",
                    key.text()
                )));
            }
            let message = "Cannot provide multiple Tags with the same key";
            return Err(invalid_tag(message).with("TagKey", key.text()));
        }
        tags.push((key.text().to_owned(), value.text().to_owned()));
    }
    checked(tags, of)
}

/// `None` with a broken escape. Bytes that are no UTF-8 become a character that no tag may have
/// (captured from AWS in 2026).
fn decoded(text: &str) -> Option<String> {
    let is_encoded = |(index, _): (usize, &str)| {
        let digits = text.as_bytes().get(index + 1..index + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    if !text.match_indices('%').all(is_encoded) {
        return None;
    }
    let bytes = encode::decode(text, encode::Plus::Space);
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn sorted(mut tags: Vec<(String, String)>) -> Vec<(String, String)> {
    tags.sort();
    tags
}

fn checked(tags: Vec<(String, String)>, of: TagsOf) -> Result<Vec<(String, String)>, Failure> {
    let (max, fault, prefixed) = match of {
        TagsOf::Object => {
            (OBJECT_TAGS_MAX, Fault::TooManyObjectTags, "Your TagKey cannot be prefixed with aws:")
        }
        TagsOf::Bucket => (
            BUCKET_TAGS_MAX,
            Fault::TooManyBucketTags,
            "System tags cannot be added/updated by requester",
        ),
        TagsOf::NewBucket => (
            BUCKET_TAGS_MAX,
            Fault::TooManyBucketTags,
            "User-defined tag keys can't start with \"aws:\". This prefix is reserved for system \
             tags. Remove \"aws:\" from your tag keys and try again.",
        ),
    };
    if tags.len() > max {
        return Err(fault.because(format!("there are {} tags, and {max} are allowed", tags.len())));
    }
    for (key, value) in &tags {
        if key.starts_with("aws:") {
            return Err(invalid_tag(prefixed).with("TagKey", key));
        }
        if key.is_empty() || !is_valid(key, KEY_CHARACTERS_MAX) {
            let failure = invalid_tag("The TagKey you have provided is invalid");
            return Err(failure.with("TagKey", key));
        }
        if !is_valid(value, VALUE_CHARACTERS_MAX) {
            let failure = invalid_tag("The TagValue you have provided is invalid");
            return Err(failure.with("TagKey", key).with("TagValue", value));
        }
    }
    Ok(tags)
}

fn is_valid(text: &str, characters_max: usize) -> bool {
    let is_allowed = |character: char| {
        character.is_alphanumeric()
            || "+-=._:/@".contains(character)
            || (character.is_whitespace() && !character.is_control())
    };
    text.chars().count() <= characters_max && text.chars().all(is_allowed)
}

fn invalid_tag(message: &'static str) -> Failure {
    saying("InvalidTag", 400, message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Read = fn(&str) -> Result<Vec<(String, String)>, Failure>;

    #[track_caller]
    fn check(read: Read, text: &str, expected: &[(&str, &str)]) {
        let expected = expected.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        assert_eq!(read(text).unwrap(), expected.collect::<Vec<_>>(), "{text}");
    }

    #[track_caller]
    fn refused(read: Read, text: &str, code: &str, elements: &[(&str, &str)]) {
        let failure = read(text).unwrap_err();
        assert_eq!(failure.error.code, code, "{text}");
        let found: Vec<(&str, &str)> =
            failure.elements.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(found, elements, "{text}");
    }

    #[test]
    fn headers() {
        check(tags_of_header, "", &[]);
        check(tags_of_header, "foo=bar&bar", &[("bar", ""), ("foo", "bar")]);
        check(tags_of_header, "b=x%3Dy&a+a=%C3%BC%20/:@", &[("a a", "ü /:@"), ("b", "x=y")]);
        for header in ["a=1&a=2", "a=1,b=2", "a=%zz", "a=%f"] {
            let elements = [("ArgumentName", "x-amz-tagging"), ("ArgumentValue", header)];
            refused(tags_of_header, header, "InvalidArgument", &elements);
        }
        let (key, value) = ("k".repeat(129), "v".repeat(257));
        refused(tags_of_header, &key, "InvalidTag", &[("TagKey", &key)]);
        let elements = [("TagKey", "k"), ("TagValue", value.as_str())];
        refused(tags_of_header, &format!("k={value}"), "InvalidTag", &elements);
        let elements = [("TagKey", "foo"), ("TagValue", "\u{fffd}")];
        refused(tags_of_header, "foo=%FF", "InvalidTag", &elements);
        refused(tags_of_header, "k%26=v", "InvalidTag", &[("TagKey", "k&")]);
        refused(tags_of_header, "=v", "InvalidTag", &[("TagKey", "")]);
        refused(tags_of_header, "aws:k=v", "InvalidTag", &[("TagKey", "aws:k")]);
        let many = |count| (0..count).map(|n| format!("k{n}")).collect::<Vec<String>>().join("&");
        assert_eq!(tags_of_header(&many(10)).unwrap().len(), 10);
        refused(tags_of_header, &many(11), "BadRequest", &[]);
    }

    #[test]
    fn documents() {
        let tag =
            |key: &str, value: &str| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
        let document = |tags: &str| format!("<Tagging><TagSet>{tags}</TagSet></Tagging>");
        let two = document(&(tag("b", "") + &tag("a", "1 2")));
        check(tags_of_xml, &two, &[("a", "1 2"), ("b", "")]);
        for other in ["<Tagging/>", "<Tagging><TagSet/></Tagging>", "<Other><TagSet/></Other>"] {
            check(tags_of_xml, other, &[]);
        }
        refused(tags_of_xml, "", "MalformedXML", &[]);
        refused(tags_of_xml, "a=b", "MalformedXML", &[]);
        refused(tags_of_xml, &document("<Tag><Key>a</Key></Tag>"), "MalformedXML", &[]);
        let twice = document(&(tag("a", "1") + &tag("a", "2")));
        refused(tags_of_xml, &twice, "InvalidTag", &[("TagKey", "a")]);
        refused(tags_of_xml, &document(&tag("a\tb", "")), "InvalidTag", &[("TagKey", "a\tb")]);
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(text in ".*", like_a_header in "[a-c=&%+0-9]*") {
            let _ = (tags_of_header(&text), tags_of_header(&like_a_header), tags_of_xml(&text));
        }
    }
}
