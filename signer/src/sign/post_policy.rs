//! `PostPolicy`: a form that uploads from a browser, and the policy that is signed for it.

use std::ops::RangeInclusive;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::canonical::ALGORITHM;
use crate::credentials::Credentials;
use crate::key::SignatureV2;
use crate::key::SigningKey;
use crate::scope::Scope;
use crate::time::Timestamp;

/// What a form shall allow. Without a key any key will do, and it is the file's name.
///
/// ```
/// use stuntbucket_signer::sign::PostPolicy;
/// use stuntbucket_signer::{Credentials, Timestamp};
///
/// let now = Timestamp::parse_basic("20151229T000000Z").unwrap();
/// let form = PostPolicy::new("uploads", now.plus_seconds(3600))
///     .key_prefix("user/alice/")
///     .content_length_range(1..=1_000_000)
///     .sign(&Credentials::new("AKIDEXAMPLE", "secret"), "us-east-1", now);
/// assert_eq!(form.fields[0], ("key".to_owned(), "user/alice/${filename}".to_owned()));
/// ```
#[derive(Clone, Debug)]
pub struct PostPolicy {
    bucket: String,
    expiration: Timestamp,
    key: Key,
    fields: Vec<(String, String)>,
    /// As JSON, in the order in which they were added.
    conditions: Vec<String>,
}

#[derive(Clone, Debug)]
enum Key {
    Exact(String),
    Prefix(String),
}

/// A form that is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresignedForm {
    /// Name and value, in the order of the form; the file comes after them.
    pub fields: Vec<(String, String)>,
}

impl PostPolicy {
    /// A policy for forms that are sent to this bucket, until that time.
    pub fn new(bucket: &str, expiration: Timestamp) -> Self {
        Self {
            bucket: bucket.to_owned(),
            expiration,
            key: Key::Prefix(String::new()),
            fields: Vec::new(),
            conditions: Vec::new(),
        }
    }

    /// The object has this key.
    pub fn key(mut self, key: &str) -> Self {
        self.key = Key::Exact(key.to_owned());
        self
    }

    /// The object's key starts so. The field is `prefix${filename}`, the condition `starts-with`.
    pub fn key_prefix(mut self, prefix: &str) -> Self {
        self.key = Key::Prefix(prefix.to_owned());
        self
    }

    /// The file has so many bytes.
    pub fn content_length_range(mut self, bytes: RangeInclusive<u64>) -> Self {
        let (min, max) = bytes.into_inner();
        self.conditions.push(format!("[\"content-length-range\", {min}, {max}]"));
        self
    }

    /// The object has this content type.
    pub fn content_type(self, name: &str) -> Self {
        self.exactly("Content-Type", name)
    }

    /// The object's content type starts so. The form needs a field `Content-Type` besides those
    /// that are made here.
    pub fn content_type_prefix(mut self, prefix: &str) -> Self {
        self.conditions.push(starts_with("Content-Type", prefix));
        self
    }

    /// The object has this canned ACL.
    pub fn acl(self, acl: &str) -> Self {
        self.exactly("acl", acl)
    }

    /// Where the browser is sent after the upload.
    pub fn success_action_redirect(self, url: &str) -> Self {
        self.exactly("success_action_redirect", url)
    }

    /// The status of the answer, if there is no redirect: 200, 201 or 204.
    pub fn success_action_status(self, status: u16) -> Self {
        self.exactly("success_action_status", &status.to_string())
    }

    /// The object has this metadata; the name goes without `x-amz-meta-`.
    pub fn metadata(self, name: &str, value: &str) -> Self {
        self.exactly(&format!("x-amz-meta-{}", name.to_ascii_lowercase()), value)
    }

    /// Signs the form. It can be used until the policy's expiration, and with temporary keys not
    /// longer than their session.
    ///
    /// The conditions that were added come before those of every form, as botocore does it.
    pub fn sign(&self, credentials: &Credentials, region: &str, now: Timestamp) -> PresignedForm {
        let scope = Scope::s3(now, region);
        let mut signing = vec![
            ("x-amz-algorithm", ALGORITHM.to_owned()),
            ("x-amz-credential", format!("{}/{scope}", credentials.access_key_id)),
            ("x-amz-date", now.basic()),
        ];
        signing
            .extend(credentials.session_token.clone().map(|token| ("x-amz-security-token", token)));
        let signing_key = SigningKey::derive(&credentials.secret_key, &scope);
        let make = |policy: &str| signing_key.sign(policy.as_bytes()).to_hex();
        self.form(&signing, &[], "x-amz-signature", make)
    }

    /// Signs the form with Signature Version 2, which regions that were opened before 2014 honour.
    pub fn sign_v2(&self, credentials: &Credentials) -> PresignedForm {
        let token = credentials.session_token.clone().map(|token| ("x-amz-security-token", token));
        let unsigned = [("AWSAccessKeyId", credentials.access_key_id.clone())];
        let make = |policy: &str| {
            SignatureV2::sign(&credentials.secret_key, policy.as_bytes()).to_string()
        };
        self.form(token.as_slice(), &unsigned, "signature", make)
    }

    /// The form with these fields, of which the first ones get conditions.
    fn form(
        &self,
        signing: &[(&str, String)],
        unsigned: &[(&str, String)],
        signature: &str,
        make: impl Fn(&str) -> String,
    ) -> PresignedForm {
        let mut conditions = self.conditions.clone();
        conditions.push(equals("bucket", &self.bucket));
        let key = match &self.key {
            Key::Exact(key) => {
                conditions.push(equals("key", key));
                key.clone()
            }
            Key::Prefix(prefix) => {
                conditions.push(starts_with("key", prefix));
                format!("{prefix}${{filename}}")
            }
        };
        conditions.extend(signing.iter().map(|(name, value)| equals(name, value)));
        let policy = STANDARD.encode(format!(
            "{{\"expiration\": {}, \"conditions\": [{}]}}",
            json(&self.expiration.iso()),
            conditions.join(", ")
        ));
        let made = make(&policy);
        let mut fields = vec![("key".to_owned(), key)];
        fields.extend(self.fields.iter().cloned());
        let added = signing.iter().chain(unsigned);
        fields.extend(added.map(|(name, value)| ((*name).to_owned(), value.clone())));
        fields.push(("policy".to_owned(), policy));
        fields.push((signature.to_owned(), made));
        PresignedForm { fields }
    }

    /// A field, and the condition that it has just this value.
    fn exactly(mut self, name: &str, value: &str) -> Self {
        self.conditions.push(equals(name, value));
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

fn equals(name: &str, value: &str) -> String {
    format!("{{{}: {}}}", json(name), json(value))
}

fn starts_with(name: &str, prefix: &str) -> String {
    format!("[\"starts-with\", {}, {}]", json(&format!("${name}")), json(prefix))
}

/// A text as JSON, in its quotes.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with botocore, which signs its forms so.
    #[test]
    fn the_form_is_botocores() {
        let credentials =
            Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
        let now = Timestamp::parse_basic("20151229T000000Z").unwrap();
        let form = PostPolicy::new("sigv4examplebucket", now.plus_seconds(3600))
            .key("user/user1/photo.jpg")
            .sign(&credentials, "us-east-1", now);
        let field = |name: &str| &form.fields.iter().find(|(other, _)| other == name).unwrap().1;
        let policy = String::from_utf8(STANDARD.decode(field("policy")).unwrap()).unwrap();
        assert_eq!(
            policy,
            "{\"expiration\": \"2015-12-29T01:00:00Z\", \"conditions\": [\
             {\"bucket\": \"sigv4examplebucket\"}, {\"key\": \"user/user1/photo.jpg\"}, \
             {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"}, \
             {\"x-amz-credential\": \"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"}, \
             {\"x-amz-date\": \"20151229T000000Z\"}]}"
        );
        assert_eq!(
            field("x-amz-signature"),
            "3364624b39010d9b06f5d9b8c9a18a6e478d261c048159c92f2fd6fa885f14e6"
        );
    }

    #[test]
    fn conditions_come_in_the_order_in_which_they_were_added() {
        let now = Timestamp::parse_basic("20151229T000000Z").unwrap();
        let mut credentials = Credentials::new("AKID", "secret");
        credentials.session_token = Some("token".to_owned());
        let form = PostPolicy::new("b", now)
            .acl("private")
            .content_length_range(1..=9)
            .content_type_prefix("image/")
            .metadata("Name", "\"x\"")
            .key_prefix("p/")
            .sign(&credentials, "us-east-1", now);
        let names: Vec<_> = form.fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "key",
                "acl",
                "x-amz-meta-name",
                "x-amz-algorithm",
                "x-amz-credential",
                "x-amz-date",
                "x-amz-security-token",
                "policy",
                "x-amz-signature"
            ]
        );
        let policy = String::from_utf8(STANDARD.decode(&form.fields[7].1).unwrap()).unwrap();
        let start = "{\"expiration\": \"2015-12-29T00:00:00Z\", \"conditions\": [\
                     {\"acl\": \"private\"}, [\"content-length-range\", 1, 9], \
                     [\"starts-with\", \"$Content-Type\", \"image/\"], \
                     {\"x-amz-meta-name\": \"\\\"x\\\"\"}, {\"bucket\": \"b\"}, \
                     [\"starts-with\", \"$key\", \"p/\"], ";
        assert!(policy.starts_with(start), "{policy}");
        assert!(policy.ends_with("{\"x-amz-security-token\": \"token\"}]}"), "{policy}");
    }
}
