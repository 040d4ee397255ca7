//! `Fields`: a form as conditions see it.

use std::collections::HashMap;

use super::condition::Condition;

/// The fields that need no condition, besides those that start with `x-ignore-` (documented in
/// "POST Policy").
///
/// Checksum fields are not among them: the documentation wants conditions for them. Ceph's s3-tests
/// send an uncovered one and expect success, which was not seen on AWS.
const EXEMPT: [&str; 3] = ["x-amz-signature", "file", "policy"];
/// The same for a form of Signature Version 2 (documented in "Browser-Based Uploads Using POST").
const EXEMPT_V2: [&str; 4] = ["AWSAccessKeyId", "signature", "file", "policy"];

/// The values by lower-case name. Several fields of one name are one value, joined with `,`
/// (documented in "Browser-Based Uploads Using POST", of Signature Version 2).
pub(in super::super) struct Fields<'a> {
    sent: &'a [(String, String)],
    values: HashMap<String, String>,
    bucket: &'a str,
    exempt: &'static [&'static str],
}

impl<'a> Fields<'a> {
    /// The fields of a form that is signed with Version 4.
    pub(in super::super) fn of_v4(sent: &'a [(String, String)], bucket: &'a str) -> Self {
        Self::new(sent, bucket, &EXEMPT)
    }

    /// The fields of a form that is signed with Version 2.
    pub(in super::super) fn of_v2(sent: &'a [(String, String)], bucket: &'a str) -> Self {
        Self::new(sent, bucket, &EXEMPT_V2)
    }

    fn new(sent: &'a [(String, String)], bucket: &'a str, exempt: &'static [&'static str]) -> Self {
        let mut values: HashMap<String, String> = HashMap::with_capacity(sent.len());
        for (name, value) in sent {
            values
                .entry(name.to_ascii_lowercase())
                .and_modify(|joined| {
                    joined.push(',');
                    joined.push_str(value);
                })
                .or_insert_with(|| value.clone());
        }
        Self { sent, values, bucket, exempt }
    }

    /// The values that a condition on this field is judged by: all of them must meet it.
    ///
    /// The bucket is the one that the form is sent to. A field `bucket` must agree as well.
    pub(super) fn values(&self, name: &str) -> impl Iterator<Item = &str> {
        let name = name.to_ascii_lowercase();
        let bucket = (name == "bucket").then_some(self.bucket);
        bucket.into_iter().chain(self.values.get(&name).map(String::as_str))
    }

    /// The fields that no condition is about, as sent, each once; then `bucket`, if the policy
    /// does not name it. How S3 lists several is a guess.
    pub(super) fn uncovered(&self, conditions: &[Condition]) -> Vec<String> {
        let mut uncovered: Vec<String> = Vec::new();
        for (name, _) in self.sent {
            let is_listed = uncovered.iter().any(|other| other.eq_ignore_ascii_case(name));
            let is_bucket = name.eq_ignore_ascii_case("bucket");
            let is_covered = conditions.iter().any(|condition| condition.is_about(name));
            if !is_listed && !is_bucket && !is_covered && !self.is_exempt(name) {
                uncovered.push(name.clone());
            }
        }
        // `Bucket` in a condition does not cover it (pinned by argmin's tests against AWS).
        if !conditions.iter().any(|condition| condition.field() == Some("bucket")) {
            uncovered.push("bucket".to_owned());
        }
        uncovered
    }

    fn is_exempt(&self, name: &str) -> bool {
        self.exempt.iter().any(|exempt| exempt.eq_ignore_ascii_case(name))
            || name.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("x-ignore-"))
    }
}
