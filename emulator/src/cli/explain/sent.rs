//! `Sent`: what an input holds: requests and forms, as they are or would be sent.

use stuntbucket::offline::Refused;

/// One thing to judge.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// Where in the input it stood, if there may be several.
    pub(super) place: Option<String>,
    pub(super) content: Content,
}

/// What it is.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Request(Sent),
    Form(SentForm),
}

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sent {
    /// `None` if the input does not say it, as a bare URL.
    pub(super) method: Option<String>,
    /// `http` or `https`, if the input says it.
    pub(super) scheme: Option<String>,
    /// As sent, percent-encoded.
    pub(super) path: String,
    /// As sent, without the question mark.
    pub(super) query: String,
    /// With `Host`.
    pub(super) headers: Vec<(String, String)>,
    /// Whether these are all headers.
    pub(super) headers_are: Known,
    pub(super) body: Body,
    /// `user:password@` of the URL.
    pub(super) user_info: Option<String>,
}

/// Whether something is said in full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Known {
    Whole,
    #[default]
    InPart,
}

/// The body of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Body {
    /// Not said, or not in full.
    #[default]
    Unknown,
    Whole(Vec<u8>),
}

/// A browser's form.
#[derive(Clone, Debug, Default)]
pub(super) struct SentForm {
    /// The request that it is sent with; its body does not matter any more.
    pub(super) request: Sent,
    /// The fields before the file.
    pub(super) fields: Vec<(String, String)>,
    /// The names of those after it, which S3 does not read.
    pub(super) after_file: Vec<String>,
    /// The size of the file, if it is there.
    pub(super) file_bytes: Option<u64>,
    /// What S3 answers to the form as it is sent.
    pub(super) refused: Option<Refused>,
}

impl Sent {
    /// The value of the first header of that name, in any case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let header = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        header.map(|(_, value)| value.as_str())
    }

    /// The host as sent.
    pub(super) fn host(&self) -> &str {
        self.header("host").unwrap_or_default()
    }

    /// The URL without its query, which holds what is secret.
    pub(super) fn url(&self) -> String {
        let scheme = self.scheme.as_deref().map(|scheme| format!("{scheme}://"));
        format!("{}{}{}", scheme.unwrap_or_default(), self.host(), self.path)
    }
}

impl SentForm {
    /// The value of the first field of that name, in any case.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let field = self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        field.map(|(_, value)| value.as_str())
    }
}
