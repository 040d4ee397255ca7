//! `CorsRule`: what a bucket lets scripts of other origins do.

use std::fmt;

use serde::Deserialize;
use serde::Serialize;

/// One rule of a bucket's CORS configuration.
///
/// ```
/// use stuntbucket::Bucket;
/// use stuntbucket::CorsMethod;
/// use stuntbucket::CorsRule;
/// use stuntbucket::Stuntbucket;
///
/// let rule = CorsRule::new("http://localhost:3000")
///     .methods([CorsMethod::Get, CorsMethod::Put])
///     .header("content-type")
///     .expose("ETag");
/// let s3 = Stuntbucket::builder().bucket(Bucket::new("uploads").cors([rule])).start()?;
/// # Ok::<(), stuntbucket::StartError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorsRule {
    pub(crate) id: Option<String>,
    pub(crate) origins: Vec<String>,
    pub(crate) methods: Vec<CorsMethod>,
    pub(crate) headers: Vec<String>,
    pub(crate) exposed: Vec<String>,
    pub(crate) max_age_seconds: Option<u32>,
}

impl CorsRule {
    /// A rule for an origin such as `http://localhost:3000`, in which one `*` stands for any text.
    /// It allows nothing yet.
    pub fn new(origin: impl Into<String>) -> Self {
        Self { origins: vec![origin.into()], ..Self::empty() }
    }

    /// Lets scripts of any origin do and see everything that S3 can allow them.
    pub fn permissive() -> Self {
        let exposed = ["ETag", "Location", "Content-Range", "x-amz-request-id", "x-amz-version-id"];
        Self::new("*")
            .methods(CorsMethod::ALL.map(|(method, _)| method))
            .header("*")
            .expose_all(exposed)
    }

    /// A rule without anything in it, which S3 does not accept.
    pub(crate) fn empty() -> Self {
        Self {
            id: None,
            origins: Vec::new(),
            methods: Vec::new(),
            headers: Vec::new(),
            exposed: Vec::new(),
            max_age_seconds: None,
        }
    }

    /// Names the rule.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Adds a further origin.
    pub fn origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.push(origin.into());
        self
    }

    /// Allows methods.
    pub fn methods(mut self, methods: impl IntoIterator<Item = CorsMethod>) -> Self {
        self.methods.extend(methods);
        self
    }

    /// Allows a request header, in whose name one `*` stands for any text.
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.headers.push(name.into());
        self
    }

    /// Shows a header of the answer to scripts.
    pub fn expose(mut self, name: impl Into<String>) -> Self {
        self.exposed.push(name.into());
        self
    }

    fn expose_all<const N: usize>(self, names: [&str; N]) -> Self {
        names.into_iter().fold(self, Self::expose)
    }

    /// Lets browsers remember the answer to a preflight for so long.
    pub fn max_age_seconds(mut self, seconds: u32) -> Self {
        self.max_age_seconds = Some(seconds);
        self
    }

    /// Whether S3 would accept the rule.
    pub(crate) fn check(&self) -> Result<(), CorsMistake> {
        if self.origins.is_empty() {
            return Err(CorsMistake::NoOrigin);
        }
        if self.methods.is_empty() {
            return Err(CorsMistake::NoMethod);
        }
        let has_many = |text: &&String| text.matches('*').count() > 1;
        if let Some(origin) = self.origins.iter().find(has_many) {
            return Err(CorsMistake::WildcardsInOrigin(origin.clone()));
        }
        if let Some(header) = self.headers.iter().find(has_many) {
            return Err(CorsMistake::WildcardsInHeader(header.clone()));
        }
        if let Some(header) = self.exposed.iter().find(|header| header.contains('*')) {
            return Err(CorsMistake::WildcardInExposed(header.clone()));
        }
        Ok(())
    }
}

/// A method that a rule can allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum CorsMethod {
    /// Reading.
    Get,
    /// Writing, as with a presigned URL.
    Put,
    /// Sending a form.
    Post,
    /// Deleting.
    Delete,
    /// Asking for headers.
    Head,
}

impl CorsMethod {
    pub(crate) const ALL: [(Self, &'static str); 5] = [
        (Self::Get, "GET"),
        (Self::Put, "PUT"),
        (Self::Post, "POST"),
        (Self::Delete, "DELETE"),
        (Self::Head, "HEAD"),
    ];

    /// The method as HTTP writes it.
    pub fn name(self) -> &'static str {
        super::access::name_in(&Self::ALL, self)
    }

    /// The method of that name, which is compared with its case.
    pub fn parse(name: &str) -> Option<Self> {
        super::access::named_in(&Self::ALL, name)
    }
}

/// Why a rule is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CorsMistake {
    NoOrigin,
    NoMethod,
    WildcardsInOrigin(String),
    WildcardsInHeader(String),
    WildcardInExposed(String),
}

impl fmt::Display for CorsMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOrigin => f.write_str("a CORS rule allows no origin"),
            Self::NoMethod => f.write_str("a CORS rule allows no method"),
            Self::WildcardsInOrigin(origin) => {
                write!(f, "AllowedOrigin \"{origin}\" can not have more than one wildcard.")
            }
            Self::WildcardsInHeader(header) => {
                write!(f, "AllowedHeader \"{header}\" can not have more than one wildcard.")
            }
            Self::WildcardInExposed(header) => write!(
                f,
                "ExposeHeader \"{header}\" contains wildcard. We currently do not support wildcard \
                 for ExposeHeader."
            ),
        }
    }
}
