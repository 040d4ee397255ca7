//! What conditions of policies see of a request.

use std::borrow::Cow;

use stuntbucket_signer::Timestamp;
use stuntbucket_signer::encode;

use crate::authenticate::Caller;
use crate::names::Retention;
use crate::names::VersionId;
use crate::policy::Context;
use crate::request::Request;
use crate::request::Scheme;
use crate::request::form::Form;
use crate::request::headers::Parameters;
use crate::route::Operation;
use crate::store::Bucket;

/// A request with all that is known around it. Where only a right is asked for, there is no
/// request, and what only a request has is missing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    pub(super) request: Option<&'a Request>,
    pub(super) form: Option<&'a Form>,
    pub(super) operation: Option<Operation>,
    pub(super) caller: &'a Caller,
    pub(super) bucket: Option<&'a Bucket>,
    /// The name of the bucket that is meant, which need not exist.
    pub(super) name: Option<&'a str>,
    pub(super) now: Timestamp,
    pub(super) region: &'a str,
}

/// The same about one object, whose tags count.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) asked: &'a Asked<'a>,
    /// The tags of the object as it is, for actions that look at them.
    pub(super) tags: &'a [(String, String)],
    /// The key that is looked for in place of a listing, for 403 or 404.
    pub(super) sought: Option<&'a str>,
    /// The version that a document or the source of a copy names.
    pub(super) version: Option<VersionId>,
    /// The retention that a document names.
    pub(super) retention: Option<Retention>,
}

impl Context for Seen<'_> {
    fn values(&self, key: &str) -> Option<Vec<String>> {
        if let Some(tag) = key.strip_prefix("s3:existingobjecttag/") {
            return value_of(self.tags, tag).map(|value| vec![value.to_owned()]);
        }
        if let Some(retention) = self.retention
            && let Some(value) = of_retention(key, retention, self.asked.now)
        {
            return Some(vec![value]);
        }
        match (key, self.sought, self.version) {
            ("s3:prefix", Some(sought), _) => Some(vec![sought.to_owned()]),
            ("s3:versionid", _, Some(version)) => Some(vec![version.to_string()]),
            _ => self.asked.values(key),
        }
    }
}

impl Asked<'_> {
    fn values(&self, key: &str) -> Option<Vec<String>> {
        if let Some(tag) = key.strip_prefix("s3:requestobjecttag/") {
            return value_of(&self.tags(), tag).map(|value| vec![value.to_owned()]);
        }
        if key == "s3:requestobjecttagkeys" {
            let names: Vec<_> = self.tags().into_iter().map(|(name, _)| name).collect();
            return (!names.is_empty()).then_some(names);
        }
        let value = match key.split_once(':')? {
            ("s3", name) => self.of_s3(name),
            ("aws", name) => self.global(name),
            _ => None,
        };
        value.map(|value| vec![value])
    }

    fn of_s3(&self, name: &str) -> Option<String> {
        match name {
            "authtype" => self.auth_type().map(str::to_owned),
            "signatureversion" => self.signature_version(),
            "signatureage" => self.signature_age(),
            "resourceaccount" => self.bucket.map(|bucket| bucket.account.clone()),
            "versionid" => self.request?.query.get("versionId").map(str::to_owned),
            "prefix" | "delimiter" | "max-keys" if self.is_listing() => {
                self.request?.query.get(name).map(str::to_owned)
            }
            "if-match" | "if-none-match" => self.parameter(name),
            "objectcreationoperation" => self.creates().map(|creates| creates.to_string()),
            "object-lock-mode" | "object-lock-retain-until-date" | "object-lock-legal-hold" => {
                self.parameter(&format!("x-amz-{name}"))
            }
            "object-lock-remaining-retention-days" => {
                let until = self.parameter("x-amz-object-lock-retain-until-date")?;
                Some(remaining_days(Timestamp::parse_iso(&until)?, self.now))
            }
            // The hash that the request promises; a link's query promises none.
            "x-amz-content-sha256" => self.header(name),
            "x-amz-copy-source" => self.parameter(name).map(|source| copy_source(&source)),
            _ if name.starts_with("x-amz-") => self.parameter(name),
            _ => None,
        }
    }

    fn global(&self, name: &str) -> Option<String> {
        let user = match self.caller {
            Caller::Anonymous => None,
            Caller::User(user) => Some(user),
        };
        match name {
            "currenttime" => Some(self.now.iso()),
            "epochtime" => Some(self.now.unix().to_string()),
            "sourceip" => Some(self.request?.peer.ip().to_canonical().to_string()),
            "referer" => self.header("referer"),
            "useragent" => self.header("user-agent"),
            "requestedregion" => Some(self.region.to_owned()),
            "resourceaccount" => self.bucket.map(|bucket| bucket.account.clone()),
            "principaltype" => Some(user.map_or("Anonymous", |user| user.kind()).to_owned()),
            "userid" => Some(user.map_or("anonymous".to_owned(), |user| user.unique_id())),
            "username" => user.filter(|user| !user.is_root()).map(|user| user.name().to_owned()),
            "principalarn" => user.map(|user| user.arn()),
            "principalaccount" => user.map(|user| user.account_id().to_owned()),
            "securetransport" => Some((self.request?.scheme == Scheme::Https).to_string()),
            // No service of AWS calls an emulator.
            "principalisawsservice" | "viaawsservice" => Some(false.to_string()),
            _ => None,
        }
    }

    fn auth_type(&self) -> Option<&'static str> {
        let request = self.request?;
        if self.caller.is_anonymous() {
            None
        } else if self.form.is_some() {
            Some("POST")
        } else if request.header("authorization").is_some() {
            Some("REST-HEADER")
        } else {
            Some("REST-QUERY-STRING")
        }
    }

    /// The algorithm's name, which was `AWS` in the days of Signature Version 2.
    fn signature_version(&self) -> Option<String> {
        let request = self.request?;
        let named = match self.auth_type()? {
            "POST" => self.form?.get("x-amz-algorithm").map(Cow::into_owned),
            "REST-HEADER" => {
                let header = request.header("authorization")?;
                header.split_whitespace().next().map(str::to_owned)
            }
            _ => request.query.get("X-Amz-Algorithm").map(str::to_owned),
        };
        Some(named.unwrap_or_else(|| "AWS".to_owned()))
    }

    /// Milliseconds since a link or a form was signed.
    fn signature_age(&self) -> Option<String> {
        let date = match self.auth_type()? {
            "POST" => self.form?.get("x-amz-date")?.into_owned(),
            "REST-QUERY-STRING" => self.request?.query.get("X-Amz-Date")?.to_owned(),
            _ => return None,
        };
        let signed = Timestamp::parse_basic(&date)?;
        Some((self.now.seconds_since(signed) * 1000).to_string())
    }

    fn is_listing(&self) -> bool {
        matches!(
            self.operation,
            Some(
                Operation::ListObjects
                    | Operation::ListObjectsV2
                    | Operation::ListObjectVersions
                    | Operation::ListMultipartUploads
            )
        )
    }

    /// Whether the request makes an object, or only a part of one.
    fn creates(&self) -> Option<bool> {
        match self.operation? {
            Operation::PutObject | Operation::CopyObject | Operation::CompleteMultipartUpload => {
                Some(true)
            }
            Operation::CreateMultipartUpload
            | Operation::UploadPart
            | Operation::UploadPartCopy => Some(false),
            _ => None,
        }
    }

    fn header(&self, name: &str) -> Option<String> {
        self.request?.header(name).map(Cow::into_owned)
    }

    /// A parameter, which a form writes as a field.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        match (self.form, name) {
            (Some(form), "x-amz-acl") => form.get("acl").map(Cow::into_owned),
            (Some(form), _) => form.get(name).map(Cow::into_owned),
            (None, _) => self.request?.parameter(name).map(Cow::into_owned),
        }
    }

    /// The tags that the request gives to an object. Tags that are no tags are refused later.
    pub(super) fn tags(&self) -> Vec<(String, String)> {
        let tags = match (self.form, self.request) {
            (Some(form), _) => form.tags(),
            (None, Some(request)) => Parameters::tags(request),
            (None, None) => return Vec::new(),
        };
        tags.unwrap_or_default()
    }
}

/// What a retention says under a key that is about retentions.
fn of_retention(key: &str, retention: Retention, now: Timestamp) -> Option<String> {
    match key {
        "s3:object-lock-mode" => Some(retention.mode.name().to_owned()),
        "s3:object-lock-retain-until-date" => Some(retention.until.iso()),
        "s3:object-lock-remaining-retention-days" => Some(remaining_days(retention.until, now)),
        _ => None,
    }
}

/// That a day which has begun counts is not recorded.
fn remaining_days(until: Timestamp, now: Timestamp) -> String {
    const DAY: i64 = 24 * 60 * 60;
    (until.seconds_since(now) + DAY - 1).div_euclid(DAY).to_string()
}

/// `bucket/key`, as policies write it: without a slash before it, and decoded.
fn copy_source(source: &str) -> String {
    let source = source.strip_prefix('/').unwrap_or(source);
    let path = source.split_once("?versionId=").map_or(source, |(path, _)| path);
    String::from_utf8_lossy(&encode::decode(path, encode::Plus::Literal)).into_owned()
}

fn value_of<'a>(tags: &'a [(String, String)], name: &str) -> Option<&'a str> {
    tags.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}
