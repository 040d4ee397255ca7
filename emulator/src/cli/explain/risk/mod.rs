//! `Risk`: what a reviewer would raise, though S3 accepts it.

mod form;
mod request;

use std::fmt;

use serde::Serialize;
use serde::Serializer;
use serde::ser::SerializeStruct;
use stuntbucket::Timestamp;

pub(super) use self::form::FormLook;
pub(super) use self::form::of_form;
pub(super) use self::request::RequestLook;
pub(super) use self::request::of_request;

/// Something to think about, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Risk {
    /// A form without `content-length-range`.
    NoSizeLimit,
    /// A URL to upload to that does not sign `content-length`.
    UrlWithoutSizeLimit,
    /// `starts-with` with an empty start, for the key.
    AnyKey,
    /// A prefix of keys that does not end in a slash.
    PrefixWithoutSlash { prefix: String },
    /// A lifetime near the longest one.
    LongLived { seconds: i64 },
    /// An hour and more in which anybody may upload.
    LongLivedUpload { seconds: i64 },
    /// It is signed with temporary keys, whose end is not known here.
    EndsWithSession,
    /// It says that it is good for longer than its session.
    OutlivesSession { expires: Timestamp, session_expires: Timestamp },
    /// A temporary key, by its letters, and no token.
    TemporaryKeyWithoutToken { access_key: String },
    /// An ACL that lets others in.
    PublicAcl { acl: String },
    /// The policy lets the sender choose the ACL.
    AnyAcl,
    /// The policy lets the sender choose the content type.
    AnyContentType,
    /// A URL to upload to that does not sign `content-type`.
    UrlWithAnyContentType,
    /// The policy allows no field for a content type at all.
    NoContentType,
    /// A redirect without encryption.
    HttpRedirect { url: String },
    /// A redirect that S3 ignores.
    IgnoredRedirect { url: String },
    /// A redirect to another host than the page's is the sender's choice.
    AnyRedirect,
    /// Something in the URL that looks like a secret.
    SecretInUrl { what: String },
    /// An upload whose bytes nothing vouches for.
    UncheckedUpload,
    /// An answer that a browser runs.
    ActiveContent { content_type: String },
    /// No encryption on the way.
    HttpEndpoint { host: String },
    /// The host is none that is known as S3's.
    UnknownHost { host: String },
    /// The bucket stands before the host and in the path.
    BucketTwice { bucket: String },
    /// The form goes to another bucket than its policy is for.
    OtherBucket { host: String, policy: String },
    /// The certificate of S3 does not cover such a name.
    DottedBucket { bucket: String },
    /// Fields that S3 does not read.
    FieldsAfterFile { names: Vec<String> },
    /// A form that a browser does not post.
    NotPosted,
}

impl Risk {
    /// A name that stays.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::NoSizeLimit | Self::UrlWithoutSizeLimit => "no-size-limit",
            Self::AnyKey => "any-key",
            Self::PrefixWithoutSlash { .. } => "prefix-without-slash",
            Self::LongLived { .. } => "long-lived",
            Self::LongLivedUpload { .. } => "long-lived-upload",
            Self::EndsWithSession => "ends-with-session",
            Self::OutlivesSession { .. } => "outlives-session",
            Self::TemporaryKeyWithoutToken { .. } => "temporary-key-without-token",
            Self::PublicAcl { .. } => "public-acl",
            Self::AnyAcl => "any-acl",
            Self::AnyContentType | Self::UrlWithAnyContentType => "any-content-type",
            Self::NoContentType => "no-content-type",
            Self::HttpRedirect { .. } => "http-redirect",
            Self::IgnoredRedirect { .. } => "ignored-redirect",
            Self::AnyRedirect => "any-redirect",
            Self::SecretInUrl { .. } => "secret-in-url",
            Self::UncheckedUpload => "unchecked-upload",
            Self::ActiveContent { .. } => "active-content",
            Self::HttpEndpoint { .. } => "http-endpoint",
            Self::UnknownHost { .. } => "unknown-host",
            Self::BucketTwice { .. } => "bucket-twice",
            Self::OtherBucket { .. } => "other-bucket",
            Self::DottedBucket { .. } => "dotted-bucket",
            Self::FieldsAfterFile { .. } => "fields-after-file",
            Self::NotPosted => "not-posted",
        }
    }
}

#[rustfmt::skip]
impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSizeLimit => write!(f, "The policy has no `content-length-range`, so a file may have up to 5 GiB. Add one."),
            Self::UrlWithoutSizeLimit => write!(f, "Whoever has the URL may upload up to 5 GiB. Sign `content-length`, or use a form, whose policy can limit the size."),
            Self::AnyKey => write!(f, "The policy lets the sender choose any key of the bucket, also one that exists. Give the key, or a prefix of one's own for each sender."),
            Self::PrefixWithoutSlash { prefix } => write!(f, "The prefix `{prefix}` does not end in `/`, so keys such as `{prefix}x` in a neighbour's folder are allowed too. End it in `/`."),
            Self::LongLived { seconds } => write!(f, "It is good for {}, and seven days are the limit of Version 4. Whoever finds it in a log or a history can use it; make it shorter.", span(*seconds)),
            Self::LongLivedUpload { seconds } => write!(f, "It allows uploads for {}. Whoever has it can overwrite what was uploaded, again and again; an upload seldom needs more than minutes.", span(*seconds)),
            Self::EndsWithSession => write!(f, "It is signed with temporary keys and dies with their session, whatever its own lifetime says: after one hour for most roles, after 36 hours at the latest."),
            Self::OutlivesSession { expires, session_expires } => write!(f, "It says that it is good until {expires}, and the session that signed it ends at {session_expires}; from then on S3 answers ExpiredToken."),
            Self::TemporaryKeyWithoutToken { access_key } => write!(f, "`{access_key}` is the name of a temporary key, and there is no session token with it: S3 refuses that. Sign with the token as well."),
            Self::PublicAcl { acl } => write!(f, "The ACL `{acl}` lets others read what is uploaded; a bucket of today refuses it with AccessControlListNotSupported or AccessDenied."),
            Self::AnyAcl => write!(f, "The policy lets the sender choose the ACL, also `public-read`. Fix it, or leave it out."),
            Self::AnyContentType => write!(f, "The policy lets the sender choose any content type, also `text/html`, which a browser runs under the bucket's name. Give the type, or the start of one such as `image/`."),
            Self::UrlWithAnyContentType => write!(f, "The URL does not sign `content-type`, so the sender chooses it, also `text/html`, which a browser runs under the bucket's name. Sign it."),
            Self::NoContentType => write!(f, "The policy has no condition for `Content-Type`: every file is stored as `binary/octet-stream`, and a form that sends the field is refused."),
            Self::HttpRedirect { url } => write!(f, "After the upload the browser goes to `{url}` without encryption, with bucket and key in its query. Use https."),
            Self::IgnoredRedirect { url } => write!(f, "The redirect `{url}` is no absolute URL of http or https; S3 ignores it and answers 204."),
            Self::AnyRedirect => write!(f, "The policy lets the sender choose where the browser goes after the upload. Give the URL, or its start with the whole host."),
            Self::SecretInUrl { what } => write!(f, "{what} in the URL looks like a secret; URLs end up in logs, histories and Referer headers."),
            Self::UncheckedUpload => write!(f, "The body is not signed, and no checksum or `Content-MD5` goes with it, so that S3 stores whatever arrives. Sign a checksum if the content is known."),
            Self::ActiveContent { content_type } => write!(f, "The answer says `{content_type}`, which a browser runs as a page of the bucket's host. Use it only for content that you made yourself, or add `response-content-disposition=attachment`."),
            Self::HttpEndpoint { host } => write!(f, "It goes to `{host}` without encryption: who listens can use it as well. Use https."),
            Self::UnknownHost { host } => write!(f, "`{host}` is not known as a host of S3, so the path was read as `/bucket/key`; `--domain` makes it known, also with bucket names before it."),
            Self::BucketTwice { bucket } => write!(f, "The bucket `{bucket}` stands before the host and in the path, so the key starts with `{bucket}/`. One of the two is usually a mistake."),
            Self::OtherBucket { host, policy } => write!(f, "The form goes to the bucket `{host}`, and its policy is for `{policy}`."),
            Self::DottedBucket { bucket } => write!(f, "The name of the bucket `{bucket}` has dots, and the certificate of `*.s3.amazonaws.com` does not cover it before the host; clients refuse the connection. Use path style."),
            Self::FieldsAfterFile { names } => write!(f, "S3 reads no field after the file, and these come after it: `{}`. Put the file last.", names.join("`, `")),
            Self::NotPosted => write!(f, "The form has no `method=\"post\"`, so a browser would send a GET with the fields in the query."),
        }
    }
}

impl Serialize for Risk {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut written = to.serialize_struct("Risk", 2)?;
        written.serialize_field("name", self.name())?;
        written.serialize_field("text", &self.to_string())?;
        written.end()
    }
}

/// A span of time as a person says it, in its two largest units.
pub(super) fn span(seconds: i64) -> String {
    const UNITS: [(i64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let mut rest = seconds.max(0);
    let mut parts = Vec::new();
    for (unit_seconds, unit) in UNITS {
        let count = rest / unit_seconds;
        rest %= unit_seconds;
        if count > 0 && parts.len() < 2 {
            parts.push(format!("{count} {unit}"));
        } else if !parts.is_empty() {
            break;
        }
    }
    if parts.is_empty() { "0 s".to_owned() } else { parts.join(" ") }
}

/// From when on a lifetime is near the longest one: six days.
const LONG_SECONDS: i64 = 6 * 86_400;
/// How long an upload may take without a question.
const UPLOAD_SECONDS: i64 = 3_600;

fn of_lifetime(seconds: Option<i64>, is_upload: bool) -> Option<Risk> {
    let seconds = seconds?;
    if seconds >= LONG_SECONDS {
        Some(Risk::LongLived { seconds })
    } else if is_upload && seconds > UPLOAD_SECONDS {
        Some(Risk::LongLivedUpload { seconds })
    } else {
        None
    }
}

/// The ACLs that let others in than the owner and the bucket's owner.
fn is_public(acl: &str) -> bool {
    matches!(acl, "public-read" | "public-read-write" | "authenticated-read")
}

/// What the key and its token say about the session.
fn of_session(
    access_key: Option<&str>,
    has_token: bool,
    end: Option<Timestamp>,
    session_end: Option<Timestamp>,
) -> Option<Risk> {
    // Temporary keys start so, documented in "IAM identifiers".
    let temporary = access_key.filter(|id| id.starts_with("ASIA"));
    match (has_token, session_end, end) {
        (_, Some(session_expires), Some(expires)) if session_expires < expires => {
            Some(Risk::OutlivesSession { expires, session_expires })
        }
        (_, Some(_), _) => None,
        (true, None, _) => Some(Risk::EndsWithSession),
        (false, None, _) => {
            temporary.map(|id| Risk::TemporaryKeyWithoutToken { access_key: id.to_owned() })
        }
    }
}

/// What the way to the host says.
fn of_host(
    scheme: Option<&str>,
    host: &str,
    bucket: Option<&str>,
    is_virtual_hosted: bool,
    is_known: bool,
) -> Vec<Risk> {
    let mut risks = Vec::new();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_local = name == "localhost"
        || name.ends_with(".localhost")
        || name == "[::1]"
        || name.starts_with("127.");
    if scheme == Some("http") && !is_local {
        risks.push(Risk::HttpEndpoint { host: host.to_owned() });
    }
    if !is_known {
        risks.push(Risk::UnknownHost { host: host.to_owned() });
    }
    let dotted = bucket.filter(|bucket| bucket.contains('.'));
    if let (Some(bucket), true, Some("https")) = (dotted, is_virtual_hosted, scheme) {
        risks.push(Risk::DottedBucket { bucket: bucket.to_owned() });
    }
    risks
}
