//! The mistakes of each kind that a `Cause` names.

/// How a path was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathMistake {
    /// Encoded twice.
    EncodedTwice,
    /// Encoded once, and sent encoded twice.
    SentTwice,
    /// As it was sent, before something on the way decoded it.
    DecodedOnTheWay,
    /// Not encoded.
    NotEncoded,
    /// With two slashes, or `/./`, where one slash came.
    SegmentLost,
    /// In small letters.
    LowerCase,
    /// Encoded over ISO 8859-1, and not over UTF-8.
    Latin1,
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
    /// With `~` as `%7E`.
    TildeEncoded,
    /// With a segment and the `..` that takes it back.
    ParentLost,
    /// As a whole URL.
    WholeUrl,
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
    /// With `~` as `%7E`.
    TildeEncoded,
    /// With an empty `X-Amz-Signature`.
    EmptySignature,
    /// Without `X-Amz-SignedHeaders`.
    NoSignedHeaders,
    /// With its values percent-encoded, in Version 2.
    ValuesEncoded,
    /// With escapes in small letters.
    LowerCaseEscapes,
    /// A parameter without a value has no `=`.
    NoEquals,
    /// With `&`, and it was sent with `&amp;` as in the source of a page.
    AmpersandsEscaped,
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
    /// No line for the query, which is empty.
    NoQueryLine,
    /// No line with the names of the headers.
    NoNames,
    /// No last line.
    NoPayload,
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
    /// The hash of the hash.
    HashedTwice,
    /// The hash in capitals.
    HashInCapitals,
    /// Without its first line.
    NoAlgorithm,
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
    /// It was percent-decoded once too often.
    Decoded,
    /// It lacks its first or its last character.
    Cut,
    /// It ends before its first such character.
    CutAt(char),
    /// It has the name of its variable before it.
    Assignment(&'static str),
    /// It is escaped as in JSON.
    Escaped,
    /// It is in base64.
    Base64,
    /// It is in other letters.
    Case,
    /// One character is missing, doubled, exchanged with the next, or taken for one like it.
    Misspelt,
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
    /// With HMAC-SHA256, where Version 2 has HMAC-SHA1.
    Sha256,
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
    /// Something stands behind it that does not belong to it.
    Followed,
    /// It is percent-encoded once too often.
    Encoded,
    /// It lacks the `=` at its end.
    NoPadding,
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
    /// Its hash.
    Hashed,
    /// With a plus where a space was sent.
    PlusAsSpace,
    /// As it was before it was percent-encoded.
    PercentEncoded,
    /// With other white space in its JSON.
    OtherSpace,
    /// With letters escaped in its JSON, or not.
    OtherEscapes,
    /// With the members of its JSON in another order.
    OtherOrder,
}

/// How a chunk of a body was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChunkMistake {
    /// With the signature of the request before it, though it is not the first.
    ChainedToRequest,
    /// With the signature of an earlier chunk than the one before it.
    ChainedToEarlier,
    /// With no signature before it.
    NotChained,
    /// It has the signature of the request.
    SignatureOfRequest,
    /// It has the signature of a chunk before it.
    SignatureOfPrevious,
    /// The string to sign begins with this name.
    Algorithm(&'static str),
    /// With the hash of nothing in place of that of its data.
    HashOfNothing,
    /// With the hash of what came before it: of the body, if that was one chunk.
    HashOfPrevious,
    /// With the line end behind its data.
    DataWithLineEnd,
    /// With its framing.
    Framed,
    /// Without the line that has the hash of nothing.
    NoHashOfNothing,
    /// With its two hashes in the other order.
    HashesExchanged,
    /// With its hash in capitals.
    HashInCapitals,
    /// With a word in place of its hash.
    NotHashed,
}

/// How the trailer of a body was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrailerMistake {
    /// Without the line feed at its end.
    NoLineEnd,
    /// With CR LF.
    CarriageReturns,
    /// With an empty line at its end.
    LineEndAdded,
    /// With spaces behind the colons.
    SpaceAfterColon,
    /// In the letters and with the spaces that were sent.
    AsSent,
    /// In another order than was sent.
    Unsorted,
    /// Only its values.
    ValueOnly,
    /// With the name of its signature.
    WithSignatureName,
    /// Not at all: nothing was signed in its place.
    LeftOut,
    /// Itself, in place of its hash.
    NotHashed,
    /// As a chunk is, with the hash of nothing before its own.
    AsChunk,
}
