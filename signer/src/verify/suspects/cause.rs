//! `Cause`: the usual mistakes of signing, each with what the client did.

/// A usual mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Another host was signed than was sent.
    Host {
        /// The client's.
        signed: String,
        /// As received.
        sent: String,
    },
    /// Another method was signed than was sent.
    Method {
        /// The client's.
        signed: String,
        /// As received.
        sent: String,
    },
    /// The path was signed in another way than S3 does.
    Path(PathMistake),
    /// The bucket was signed in the path, and stands in the host.
    BucketInPath {
        /// Its name.
        bucket: String,
    },
    /// The bucket was not signed in the path, and stands there.
    BucketNotInPath {
        /// Its name.
        bucket: String,
    },
    /// The query was signed in another way than S3 does.
    Query(QueryMistake),
    /// Parameters that are sent were not signed: they were added later.
    ParametersAdded {
        /// Their names.
        names: Vec<String>,
    },
    /// A parameter was sent with another value than was signed.
    ParameterChanged {
        /// Its name.
        name: String,
        /// The client's value.
        signed: String,
        /// As received.
        sent: String,
    },
    /// A parameter was signed and did not come.
    ParameterLost {
        /// Its name.
        name: String,
        /// The client's value.
        signed: String,
    },
    /// The path was signed with a first segment that did not come.
    PathPrefix {
        /// The segment.
        prefix: &'static str,
    },
    /// A header is in the list of signed ones, and was empty or absent when it was signed.
    HeaderAdded {
        /// In lower case.
        name: String,
        /// As received.
        sent: String,
    },
    /// A header was sent with another value than was signed.
    HeaderChanged {
        /// In lower case.
        name: String,
        /// The client's value.
        signed: String,
        /// As received, or `None` if it did not come.
        sent: Option<String>,
    },
    /// A header is in the list of signed ones, and has no line in what was signed.
    HeaderNotSigned {
        /// In lower case.
        name: String,
    },
    /// The value of a header was signed with the white space that S3 takes away.
    HeaderUntrimmed {
        /// In lower case.
        name: String,
    },
    /// Of several headers of one name only one was signed.
    HeaderRepeated {
        /// In lower case.
        name: String,
        /// The value that was signed.
        signed: String,
    },
    /// The names of headers were signed in capitals.
    HeaderNames,
    /// The headers were signed in the order of the list, which is not sorted.
    HeaderOrder,
    /// The last line is another one.
    Payload {
        /// The client's.
        signed: String,
        /// The verifier's.
        sent: String,
    },
    /// The canonical request has its line ends or separators elsewhere.
    Layout(LayoutMistake),
    /// The string to sign was put together in another way.
    Text(TextMistake),
    /// The secret has something that does not belong to it, or lacks something.
    Secret(SecretMistake),
    /// The secret belongs to another access key.
    SecretOfOther {
        /// Whose it is.
        access_key_id: String,
    },
    /// The key, or the scope, was made with another part.
    Scope {
        /// Which one.
        part: ScopePart,
        /// The client's.
        signed: String,
        /// That of the credential.
        sent: String,
    },
    /// The signing key was derived in another way.
    Derivation(DerivationMistake),
    /// The signature is right, and written in another way.
    Spelling(SpellingMistake),
    /// The one version of signatures was put where the other belongs.
    Version {
        /// The client's.
        signed: u8,
    },
    /// A URL's lifetime was replaced, or a line of Version 2 is another.
    Line {
        /// What the line is.
        name: &'static str,
        /// The client's.
        signed: String,
        /// The verifier's.
        sent: String,
    },
    /// The policy was signed in another form than it was sent.
    Policy(PolicyMistake),
}

/// How a path was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathMistake {
    /// Encoded twice.
    EncodedTwice,
    /// Encoded once, and sent encoded twice.
    SentTwice,
    /// Not encoded.
    NotEncoded,
    /// With two slashes, or `/./`, where one slash came.
    SegmentLost,
    /// In small letters.
    LowerCase,
    /// As it was sent, which is not encoded as S3 does it.
    AsSent,
    /// A plus stands for a space.
    PlusForSpace,
    /// A plus that was sent as it is was taken for a plus.
    PlusIsPlus,
    /// Without `//`, `/./` and `/../`.
    Normalized,
    /// With escapes in small letters.
    LowerCaseEscapes,
    /// With the slashes of the key as `%2F`.
    SlashesEncoded,
    /// With characters left as they are that S3 wants encoded.
    CharactersKept,
    /// With a slash at the end that was not sent, or without one that was.
    SlashAtEnd,
    /// Without the slash at its start.
    NoSlashAtStart,
    /// As `/`, whatever it is.
    LeftOut,
}

/// How a query was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryMistake {
    /// In the order in which it was sent.
    Unsorted,
    /// Sorted without regard to capitals.
    SortedIgnoringCase,
    /// As it was sent.
    AsSent,
    /// Not encoded.
    NotEncoded,
    /// Encoded twice.
    EncodedTwice,
    /// A plus stands for a space.
    PlusForSpace,
    /// A plus that was sent as it is was taken for a plus.
    PlusIsPlus,
    /// With slashes as they are.
    SlashesKept,
    /// With characters left as they are that S3 wants encoded.
    CharactersKept,
    /// With escapes in small letters.
    LowerCaseEscapes,
    /// A parameter without a value has no `=`.
    NoEquals,
    /// With the question mark before it.
    QuestionMark,
    /// In the line of the path.
    InPath,
    /// Not at all.
    LeftOut,
}

/// How a canonical request is put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LayoutMistake {
    /// No empty line behind the headers.
    NoEmptyLine,
    /// A line end behind the last line.
    LineEndAtEnd,
    /// CR LF.
    CarriageReturns,
    /// Spaces behind the colons of the headers.
    SpacesAfterColons,
    /// Commas between the names of the headers.
    Commas,
}

/// How a string to sign was put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextMistake {
    /// The canonical request itself in place of its hash.
    NotHashed,
    /// The hash in capitals.
    HashInCapitals,
    /// The canonical request is all there is.
    CanonicalRequestOnly,
    /// The scope without its end.
    NoTerminal,
    /// The whole credential in place of the scope.
    CredentialForScope,
    /// The time without its hours.
    DayForTime,
    /// The time in another form.
    TimeForm,
    /// A line end behind the last line.
    LineEndAtEnd,
    /// CR LF.
    CarriageReturns,
}

/// What is the matter with a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretMistake {
    /// White space about it, named.
    Space(&'static str),
    /// It is in quotes.
    Quoted,
    /// It is percent-encoded.
    Encoded,
    /// It lacks its first or its last character.
    Cut,
    /// It is escaped as in JSON, or in base64.
    Escaped,
    /// It is in other letters.
    Case,
    /// It is empty.
    Empty,
    /// It is the access key id.
    KeyId,
    /// It is one of those that examples have.
    Placeholder(&'static str),
}

/// A part of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopePart {
    /// The day.
    Date,
    /// The region.
    Region,
    /// The service.
    Service,
}

/// How a key was derived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DerivationMistake {
    /// Not at all: the secret signs.
    Secret,
    /// Not at all: the secret signs with `AWS4` before it.
    SecretWithPrefix,
    /// Without `AWS4`.
    NoPrefix,
    /// Without the last step.
    NoTerminal,
    /// With the digits of each step in place of its bytes.
    Digits,
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpellingMistake {
    /// In capitals.
    Capitals,
    /// In base64 in place of hexadecimal digits.
    Base64,
    /// In hexadecimal digits in place of base64.
    Hex,
    /// Its end is missing.
    Cut,
    /// Something stands about it.
    Space,
}

/// In which form a policy was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyMistake {
    /// As JSON.
    Decoded,
    /// With line ends in its base64.
    Wrapped,
    /// With a line end behind its base64, or without the one that was sent.
    LineEnd,
    /// In the base64 of URLs.
    UrlSafe,
    /// Without its padding.
    NoPadding,
    /// In base64 twice.
    EncodedTwice,
    /// Its hash in a string to sign, as of a request.
    AsRequest,
    /// With other white space in its JSON.
    OtherSpace,
    /// With the members of its JSON in another order.
    OtherOrder,
}
