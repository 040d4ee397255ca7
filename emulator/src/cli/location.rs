//! `Location`: `s3://bucket/key`.

use std::str::FromStr;

/// A bucket, and perhaps something in it. The key is as it is, not percent-encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) bucket: String,
    /// Empty where the bucket itself is meant.
    pub(super) key: String,
}

impl FromStr for Location {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix("s3://").ok_or("not of the form s3://bucket/key")?;
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        if bucket.is_empty() {
            return Err("it names no bucket; the form is s3://bucket/key");
        }
        Ok(Self { bucket: bucket.to_owned(), key: key.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_bucket_and_a_key() {
        for (text, bucket, key) in [
            ("s3://photos", "photos", ""),
            ("s3://photos/", "photos", ""),
            ("s3://photos/cat.jpg", "photos", "cat.jpg"),
            ("s3://photos/a b/?#%20+", "photos", "a b/?#%20+"),
            ("s3://photos//", "photos", "/"),
        ] {
            let expected = Location { bucket: bucket.to_owned(), key: key.to_owned() };
            assert_eq!(text.parse(), Ok(expected));
        }
        for text in ["", "photos/cat.jpg", "s3://", "s3:///key", "http://photos/cat.jpg"] {
            assert!(text.parse::<Location>().is_err(), "{text}");
        }
    }
}
