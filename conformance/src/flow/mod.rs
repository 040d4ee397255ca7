//! What a flow is: steps as data, which do not know where they run.
//!
//! Texts may hold places such as `{bucket}`: a word of lower-case letters, digits and `_` in braces.
//! [`crate::fill`] lists the places that every run offers; a step adds its own with `keep`.

mod spoil;

pub use self::spoil::Spoil;

/// One promise of S3, as a short conversation.
#[derive(Debug)]
pub struct Flow {
    /// The family and the promise, such as `post-form/key-outside-prefix`.
    pub name: &'static str,
    /// Where it is known from: a public URL, or who recorded it.
    pub source: &'static str,
    /// Whether that settles it. Else it is the best guess, and a target that answers otherwise is a
    /// finding and no deviation.
    pub is_verified: bool,
    /// What a target must offer; without it the flow is skipped, and counted as skipped.
    pub needs: &'static [Feature],
    /// What stands before the first step.
    pub bucket: Bucket,
    /// The conversation.
    pub steps: &'static [Step],
}

impl Flow {
    /// A flow without a promise, in a bucket with S3's defaults, on every target.
    pub const PLAIN: Self = Self {
        name: "",
        source: "",
        is_verified: true,
        needs: &[],
        bucket: Bucket::Default,
        steps: &[],
    };
}

/// Something that not every target has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Feature {
    /// A clock that can be moved forward.
    Clock,
    /// Keys of a session that is over.
    EndedSession,
    /// It takes what S3 takes over HTTPS only, such as keys of clients.
    Https,
    /// What S3 offers and this target does not, it refuses by name.
    NamesWhatItLacks,
    /// Buckets may be opened to everyone: no account-wide Block Public Access stands above them.
    PublicBuckets,
    /// Keys of a second account.
    SecondAccount,
    /// The owner's keys are no temporary ones.
    StaticKeys,
    /// Keys of a session of the owner that goes on.
    TemporaryKeys,
    /// It serves websites, at an endpoint of their own.
    Website,
}

impl Feature {
    /// Every feature.
    pub const ALL: [Self; 9] = [
        Self::Clock,
        Self::EndedSession,
        Self::Https,
        Self::NamesWhatItLacks,
        Self::PublicBuckets,
        Self::SecondAccount,
        Self::StaticKeys,
        Self::TemporaryKeys,
        Self::Website,
    ];

    /// The name on the command line and in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::EndedSession => "ended-session",
            Self::Https => "https",
            Self::NamesWhatItLacks => "names-what-it-lacks",
            Self::PublicBuckets => "public-buckets",
            Self::SecondAccount => "second-account",
            Self::StaticKeys => "static-keys",
            Self::TemporaryKeys => "temporary-keys",
            Self::Website => "website",
        }
    }
}

/// The bucket that the runner makes before the first step and removes after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bucket {
    /// None: the flow makes its own.
    None,
    /// With S3's defaults: ACLs off, public access blocked.
    Default,
    /// As by default, with one object `k`, and the same for all flows of a run that ask for it: they
    /// change nothing.
    Shared,
    /// With `ObjectWriter` ownership and without Block Public Access, so that ACLs count.
    WithAcls,
}

/// One request and what must be true of its answer.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// Method and target in path style, percent-encoded: `PUT /{bucket}/cat.jpg?acl`.
    pub call: &'static str,
    /// Which of S3's services is asked.
    pub service: Service,
    /// Who asks, and how they prove it.
    pub identity: Identity,
    /// Headers besides those of the signature. All are signed.
    pub headers: &'static [(&'static str, &'static str)],
    /// What is sent.
    pub body: Body,
    /// What a header signature promises about the body.
    pub payload: Payload,
    /// What goes wrong, each thing in this order.
    pub spoil: &'static [Spoil],
    /// Moves the clock forward before the request. Needs [`Feature::Clock`].
    pub advance_seconds: u64,
    /// What must be true of the answer.
    pub expect: &'static [Expect],
    /// Values of the answer that later steps name in braces.
    pub keep: &'static [(&'static str, Place)],
}

impl Step {
    /// A request of the owner, signed by header, without a body and without expectations.
    pub const PLAIN: Self = Self {
        call: "",
        service: Service::Api,
        identity: Identity::Signed(Account::Owner),
        headers: &[],
        body: Body::Empty,
        payload: Payload::Hashed,
        spoil: &[],
        advance_seconds: 0,
        expect: &[],
        keep: &[],
    };
}

/// Which of S3's services a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// The API.
    Api,
    /// The website that the bucket of the call is. Nobody signs there. Needs [`Feature::Website`].
    Website,
}

/// Whose keys sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// The account whose buckets these are.
    Owner,
    /// The same, by keys of a session that is over. Needs [`Feature::EndedSession`].
    OwnerInEndedSession,
    /// The same, by keys of a session that goes on. Needs [`Feature::TemporaryKeys`].
    OwnerInSession,
    /// A second account, which knows the first by name only. Needs [`Feature::SecondAccount`].
    Stranger,
}

impl Account {
    /// What a target must offer for its keys.
    pub const fn feature(self) -> Option<Feature> {
        match self {
            Self::Owner => None,
            Self::OwnerInEndedSession => Some(Feature::EndedSession),
            Self::OwnerInSession => Some(Feature::TemporaryKeys),
            Self::Stranger => Some(Feature::SecondAccount),
        }
    }
}

/// Who asks, and how they prove it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// Nobody: no signature at all.
    Anonymous,
    /// The body is a form whose policy this account signed.
    Form(Account),
    /// The URL carries the signature, for so many seconds.
    Presigned {
        /// Whose keys sign.
        account: Account,
        /// `X-Amz-Expires`.
        lifetime_seconds: u64,
    },
    /// The `Authorization` header carries the signature.
    Signed(Account),
}

/// What is sent.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// Nothing.
    Empty,
    /// One byte, many times.
    Fill {
        /// The byte.
        byte: u8,
        /// How many.
        count: usize,
    },
    /// A browser's form.
    Form(Form),
    /// A text, in which places are filled.
    Text(&'static str),
}

/// A browser's form: fields, the file, and what comes after the file.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// The conditions of the policy as JSON, besides those on the bucket and on the signature's own
    /// fields.
    pub conditions: &'static [&'static str],
    /// How long after the signing the policy ends. Negative: it ended before.
    pub lifetime_seconds: i64,
    /// The fields before the file, besides those of the signature.
    pub fields: &'static [(&'static str, &'static str)],
    /// The file.
    pub file: File,
    /// The fields after the file, which S3 ignores.
    pub fields_after_file: &'static [(&'static str, &'static str)],
}

impl Form {
    /// A form for any name below `user/`, with a file of four bytes.
    pub const PLAIN: Self = Self {
        conditions: &[r#"["starts-with", "$key", "user/"]"#],
        lifetime_seconds: 600,
        fields: &[("key", "user/${filename}")],
        file: File { name: "cat.jpg", content: "meow" },
        fields_after_file: &[],
    };
}

/// The file of a form.
#[derive(Clone, Copy, Debug)]
pub struct File {
    /// Its name on the sender's disk.
    pub name: &'static str,
    /// Its bytes.
    pub content: &'static str,
}

/// What a header signature promises about the body, in `x-amz-content-sha256`.
#[derive(Clone, Copy, Debug)]
pub enum Payload {
    /// Its hash.
    Hashed,
    /// Chunks, each signed.
    SignedChunks {
        /// The size of all chunks but the last.
        chunk_bytes: usize,
    },
    /// Chunks, each signed, and a signed trailer.
    SignedChunksWithTrailer {
        /// The size of all chunks but the last.
        chunk_bytes: usize,
        /// The name of the trailer and its value.
        trailer: (&'static str, &'static str),
    },
    /// Nothing.
    Unsigned,
    /// One chunk and a trailer, unsigned.
    UnsignedChunksWithTrailer {
        /// The name of the trailer and its value.
        trailer: (&'static str, &'static str),
    },
}

/// What must be true of an answer.
#[derive(Clone, Copy, Debug)]
pub enum Expect {
    /// The body is so many times this byte.
    BodyFill {
        /// The byte.
        byte: u8,
        /// How many.
        count: usize,
    },
    /// The body as text.
    BodyText(Text),
    /// The document has so many elements at this path.
    Count(&'static str, usize),
    /// A header.
    Header(&'static str, Text),
    /// The status, and S3's error document with this code and message.
    Refused(u16, &'static str, &'static str),
    /// The name of the document's root.
    Root(&'static str),
    /// The status.
    Status(u16),
    /// The element at this path below the root, such as `Contents[2]/Key`.
    Xml(&'static str, Text),
}

/// What must be true of a text. Places are filled.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    /// It is not there.
    Absent,
    /// It has this inside.
    Contains(&'static str),
    /// It ends so.
    EndsWith(&'static str),
    /// It is this.
    Is(&'static str),
    /// It is there, and it is not empty.
    Present,
    /// It starts so.
    StartsWith(&'static str),
}

/// Where a value of an answer stands.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// In a header.
    Header(&'static str),
    /// In the element at this path below the root.
    Xml(&'static str),
}
