//! `post-form`: a signed form with which a browser uploads a file.

use clap::Args;
use clap::ValueEnum;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use http::Uri;
use serde::Serialize;
use stuntbucket::CannedAcl;
use stuntbucket::Timestamp;
use stuntbucket_signer::sign::PostPolicy;

use super::CliError;
use super::duration;
use super::environment::Environment;
use super::form_page;
use super::json_object::JsonObject;
use super::location::Location;
use super::signer_flags::SignerFlags;

/// The largest object that one request can write: 5 GiB.
const FILE_BYTES_MAX: u64 = 5 * 1024 * 1024 * 1024;

/// What the form lets a browser do.
#[derive(Debug, Args)]
pub(crate) struct PostFormFlags {
    /// s3://bucket/key for this one key; s3://bucket/prefix/ for the name of the file under a prefix
    #[arg(value_name = "S3_URL")]
    location: Location,

    /// The file has at most so many bytes
    #[arg(long, value_name = "N")]
    max_bytes: Option<u64>,

    /// The file has at least so many bytes
    #[arg(long, value_name = "N")]
    min_bytes: Option<u64>,

    /// Where the browser goes after the upload
    #[arg(long, value_name = "URL", value_parser = redirect)]
    redirect: Option<String>,

    /// The status of the answer where there is no redirect
    #[arg(long, value_parser = status())]
    status: Option<u16>,

    /// The file's content type, or how it starts: image/png, image/*
    #[arg(long, value_name = "TYPE")]
    content_type: Option<ContentType>,

    /// A canned ACL for the object, such as public-read
    #[arg(long, value_name = "ACL", value_parser = acl)]
    acl: Option<CannedAcl>,

    /// Metadata of the object; repeatable
    #[arg(long = "meta", value_name = "NAME=VALUE", value_parser = metadata)]
    metadata: Vec<(String, String)>,

    /// How long the form is good for
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = duration::seconds)]
    expires: u64,

    #[command(flatten)]
    signer: SignerFlags,

    /// A page for a browser, or the URL and the fields for a program
    #[arg(long, default_value = "html")]
    format: FormFormat,
}

/// How the form is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormFormat {
    Html,
    Json,
}

/// What the policy says about `Content-Type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ContentType {
    Exact(String),
    Prefix(String),
}

impl From<String> for ContentType {
    fn from(text: String) -> Self {
        match text.strip_suffix('*') {
            Some(prefix) => Self::Prefix(prefix.to_owned()),
            None => Self::Exact(text),
        }
    }
}

/// Signs the form at the time `now`.
pub(crate) fn form(
    flags: &PostFormFlags,
    environment: &Environment,
    now: Timestamp,
) -> Result<String, CliError> {
    let signer = flags.signer.signer(environment)?;
    let bucket = Location { key: String::new(), ..flags.location.clone() };
    let url = signer.url_of(&bucket)?;
    let mut form = policy(flags, now)?.sign(&signer.credentials, &signer.region, now);
    match flags.format {
        FormFormat::Html => {
            // The condition wants a field, which the user of the page may then complete.
            if let Some(ContentType::Prefix(prefix)) = &flags.content_type {
                form.fields.push(("Content-Type".to_owned(), prefix.clone()));
            }
            Ok(form_page::html(&url, &form.fields, flags.content_type.as_ref()))
        }
        FormFormat::Json => {
            let form = JsonForm { url: &url, fields: JsonObject(&form.fields) };
            serde_json::to_string_pretty(&form).map_err(|error| CliError::Failed(error.to_string()))
        }
    }
}

/// The members that the AWS SDKs give a presigned form.
#[derive(Serialize)]
struct JsonForm<'a> {
    url: &'a str,
    fields: JsonObject<'a, String>,
}

fn policy(flags: &PostFormFlags, now: Timestamp) -> Result<PostPolicy, CliError> {
    let Location { bucket, key } = &flags.location;
    let lifetime_seconds = i64::try_from(flags.expires).unwrap_or(i64::MAX);
    let mut policy = PostPolicy::new(bucket, now.plus_seconds(lifetime_seconds));
    let is_prefix = key.is_empty() || key.ends_with('/');
    policy = if is_prefix { policy.key_prefix(key) } else { policy.key(key) };
    if flags.min_bytes.is_some() || flags.max_bytes.is_some() {
        let bytes = flags.min_bytes.unwrap_or(0)..=flags.max_bytes.unwrap_or(FILE_BYTES_MAX);
        if bytes.is_empty() {
            return Err(CliError::Usage(format!(
                "--min-bytes {} is more than --max-bytes {}",
                bytes.start(),
                bytes.end()
            )));
        }
        policy = policy.content_length_range(bytes);
    }
    policy = match &flags.content_type {
        Some(ContentType::Exact(name)) => policy.content_type(name),
        Some(ContentType::Prefix(prefix)) => policy.content_type_prefix(prefix),
        None => policy,
    };
    if let Some(acl) = flags.acl {
        policy = policy.acl(acl.name());
    }
    if let Some(url) = &flags.redirect {
        policy = policy.success_action_redirect(url);
    }
    if let Some(status) = flags.status {
        policy = policy.success_action_status(status);
    }
    Ok(flags.metadata.iter().fold(policy, |policy, (name, value)| policy.metadata(name, value)))
}

/// S3 takes every other status for 204.
fn status() -> impl TypedValueParser<Value = u16> {
    PossibleValuesParser::new(["200", "201", "204"]).try_map(|status| status.parse::<u16>())
}

/// S3 ignores a redirect that is not an absolute URL.
fn redirect(text: &str) -> Result<String, &'static str> {
    let uri = text.parse::<Uri>();
    let is_absolute = uri.is_ok_and(|uri| matches!(uri.scheme_str(), Some("http" | "https")));
    is_absolute.then(|| text.to_owned()).ok_or("not a URL with http:// or https://")
}

fn acl(name: &str) -> Result<CannedAcl, &'static str> {
    CannedAcl::parse(name).ok_or("not a canned ACL such as private or public-read")
}

fn metadata(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("not of the form NAME=VALUE")?;
    http::HeaderName::from_bytes(name.as_bytes()).map_err(|_| "its name cannot be a header's")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use serde_json::Value;

    use super::super::Arguments;
    use super::super::Command;
    use super::*;

    const KEYS: &str = "--user AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    fn sign(line: &str) -> Result<String, CliError> {
        let line = format!("stuntbucket post-form {line}");
        let words = line.split_whitespace().map(OsString::from);
        let now = Timestamp::parse_iso("2015-12-29T00:00:00Z").unwrap();
        match Arguments::read(words)? {
            Command::PostForm(flags) => form(&flags, &Environment::default(), now),
            other => panic!("{other:?}"),
        }
    }

    fn fields(line: &str) -> Value {
        let form: Value =
            serde_json::from_str(&sign(&format!("{line} --format json")).unwrap()).unwrap();
        form["fields"].clone()
    }

    /// What botocore's `generate_presigned_post` makes of the same request.
    #[test]
    fn an_exact_key_is_signed_as_the_aws_sdk_for_python_signs_it() {
        let form = sign(&format!(
            "s3://sigv4examplebucket/user/user1/photo.jpg {KEYS} --format json \
             --endpoint https://s3.amazonaws.com",
        ));
        let form: Value = serde_json::from_str(&form.unwrap()).unwrap();
        assert_eq!(form["url"], "https://sigv4examplebucket.s3.amazonaws.com/");
        assert_eq!(form["fields"]["key"], "user/user1/photo.jpg");
        assert_eq!(form["fields"]["x-amz-date"], "20151229T000000Z");
        assert_eq!(
            form["fields"]["x-amz-signature"],
            "3364624b39010d9b06f5d9b8c9a18a6e478d261c048159c92f2fd6fa885f14e6",
        );
    }

    #[test]
    fn a_folder_stands_for_the_name_of_the_file_in_it() {
        assert_eq!(fields("s3://photos/user/")["key"], "user/${filename}");
        assert_eq!(fields("s3://photos/")["key"], "${filename}");
        assert_eq!(fields("s3://photos")["key"], "${filename}");
        assert_eq!(fields("s3://photos/user")["key"], "user");
    }

    #[test]
    fn every_flag_becomes_a_field() {
        let fields = fields(
            "s3://photos/user/ --max-bytes 1000 --redirect http://localhost:3000/done --status 201 \
             --content-type image/* --acl public-read --meta uuid=14 --meta tag=",
        );
        for (name, value) in [
            ("success_action_redirect", "http://localhost:3000/done"),
            ("success_action_status", "201"),
            ("acl", "public-read"),
            ("x-amz-meta-uuid", "14"),
            ("x-amz-meta-tag", ""),
        ] {
            assert_eq!(fields[name], value, "{fields}");
        }
    }

    #[track_caller]
    fn check(flags: &str, complaint: &str) {
        let error = sign(&format!("s3://photos/user/ {flags}")).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains(complaint), "{error}");
    }

    #[test]
    fn what_s3_would_refuse_or_ignore_is_refused() {
        check("--min-bytes 2 --max-bytes 1", "--min-bytes 2 is more than --max-bytes 1");
        check("--max-bytes 1k", "'--max-bytes <N>'");
        check("--redirect /done", "not a URL");
        check("--status 202", "'--status <STATUS>'");
        check("--acl secret", "not a canned ACL");
        check("--meta uuid", "not of the form NAME=VALUE");
        check("--meta u=1 --meta =", "its name cannot be a header's");
    }
}
