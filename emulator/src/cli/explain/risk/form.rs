//! What a reviewer would raise about a form.

use stuntbucket::offline::Asked;
use stuntbucket_signer::verify::ConditionTest;
use stuntbucket_signer::verify::PolicyReading;

use super::super::judge::Times;
use super::super::keys::KnownKeys;
use super::super::sent::SentForm;
use super::Risk;
use super::is_public;
use super::of_host;
use super::of_lifetime;
use super::of_session;

/// A form, as far as it is known.
#[derive(Debug)]
pub(in super::super) struct FormLook<'a> {
    pub(in super::super) form: &'a SentForm,
    pub(in super::super) asked: &'a Asked,
    /// The policy, if it can be read.
    pub(in super::super) reading: Option<&'a PolicyReading>,
    pub(in super::super) times: &'a Times,
    pub(in super::super) access_key: Option<&'a str>,
    pub(in super::super) keys: &'a KnownKeys,
}

/// Finds the risks of a form.
pub(in super::super) fn of_form(look: &FormLook<'_>) -> Vec<Risk> {
    let FormLook { form, asked, reading, times, .. } = look;
    let mut risks = Vec::new();
    if let Some(reading) = reading {
        risks.extend(of_policy(reading, asked.bucket.as_deref()));
    }
    risks.extend(of_lifetime(times.lifetime_seconds, true));
    let has_token = form.field("x-amz-security-token").is_some();
    let end = times.policy_expires;
    risks.extend(of_session(look.access_key, has_token, end, times.session_expires));
    if let Some(acl) = form.field("acl").filter(|acl| is_public(acl)) {
        risks.push(Risk::PublicAcl { acl: acl.to_owned() });
    }
    risks.extend(of_redirect(form));
    let is_secret = |(_, value): &&(String, String)| look.keys.has_secret_in(value);
    if let Some((name, _)) = form.fields.iter().find(is_secret) {
        risks.push(Risk::SecretInUrl { what: format!("The field `{name}`, with a key's secret,") });
    }
    risks.extend(of_host(
        form.request.scheme.as_deref(),
        form.request.host(),
        asked.bucket.as_deref(),
        asked.is_virtual_hosted,
        asked.is_known_host,
    ));
    if !form.after_file.is_empty() {
        risks.push(Risk::FieldsAfterFile { names: form.after_file.clone() });
    }
    if form.request.method.as_deref() != Some("POST") {
        risks.push(Risk::NotPosted);
    }
    risks
}

fn of_policy(reading: &PolicyReading, bucket: Option<&str>) -> Vec<Risk> {
    let mut risks = Vec::new();
    if reading.limits.bytes_max().is_none() {
        risks.push(Risk::NoSizeLimit);
    }
    let mut has_content_type = false;
    for judged in &reading.report.conditions {
        let (field, value, is_start) = match &judged.test {
            ConditionTest::Equals { field, value } => (field, value, false),
            ConditionTest::StartsWith { field, prefix } => (field, prefix, true),
            ConditionTest::SizeWithin { .. } | ConditionTest::Impossible => continue,
        };
        let field = field.to_ascii_lowercase();
        let is_open = is_start && value.is_empty();
        has_content_type |= field == "content-type";
        match field.as_str() {
            "key" if is_open => risks.push(Risk::AnyKey),
            "key" if is_start && !value.ends_with('/') => {
                risks.push(Risk::PrefixWithoutSlash { prefix: value.clone() });
            }
            "content-type" if is_open => risks.push(Risk::AnyContentType),
            "acl" if is_start && "public-read-write".starts_with(value.as_str()) => {
                risks.push(Risk::AnyAcl);
            }
            "success_action_redirect" | "redirect" if is_start && !has_whole_host(value) => {
                risks.push(Risk::AnyRedirect);
            }
            "bucket" if !is_start && bucket.is_some_and(|bucket| bucket != value) => {
                risks.push(Risk::OtherBucket {
                    host: bucket.unwrap_or_default().to_owned(),
                    policy: value.clone(),
                });
            }
            _ => {}
        }
    }
    if !has_content_type {
        risks.push(Risk::NoContentType);
    }
    risks
}

/// Whether the start of a URL leaves no choice of the host.
fn has_whole_host(start: &str) -> bool {
    start.split_once("://").is_some_and(|(_, rest)| rest.contains('/'))
}

fn of_redirect(form: &SentForm) -> Option<Risk> {
    let url = form.field("success_action_redirect").or_else(|| form.field("redirect"))?;
    let lower = url.to_ascii_lowercase();
    if let Some(rest) = lower.strip_prefix("http://") {
        let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
        let is_local = host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1";
        return (!is_local).then(|| Risk::HttpRedirect { url: url.to_owned() });
    }
    (!lower.starts_with("https://")).then(|| Risk::IgnoredRedirect { url: url.to_owned() })
}
