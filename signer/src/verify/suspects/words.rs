//! What a mistake is called: what happened, and what to change.

use super::cause::Cause;
use super::mistake::ChunkMistake;
use super::mistake::DerivationMistake;
use super::mistake::LayoutMistake;
use super::mistake::PathMistake;
use super::mistake::PolicyMistake;
use super::mistake::QueryMistake;
use super::mistake::ScopePart;
use super::mistake::SecretMistake;
use super::mistake::SpellingMistake;
use super::mistake::TextMistake;
use super::mistake::TrailerMistake;

#[rustfmt::skip]
impl Cause {
    /// What the client did, as the rest of a sentence.
    pub fn what(&self) -> String {
        match self {
            Self::Host { signed, sent } => format!("the client signed the host `{signed}`, and the request came with `{sent}`"),
            Self::Method { signed, sent } => format!("it was signed for {signed}, and was sent as {sent}"),
            Self::Path(mistake) => format!("the client signed the path {}", path(*mistake).0),
            Self::Style { signed, sent } => format!("the client signed `{signed}`, and the request came to `{sent}`: one has the bucket in the host, the other in the path"),
            Self::BucketInPath { bucket } => format!("the client signed a path that begins with the bucket, `/{bucket}/`, and the bucket stands in the host"),
            Self::BucketNotInPath { bucket } => format!("the client signed a path without the bucket, and the path that was sent begins with `/{bucket}`"),
            Self::Query(mistake) => format!("the client signed the query {}", query(*mistake).0),
            Self::ParametersAdded { names } => format!("`{}` of the query was added after signing", names.join("`, `")),
            Self::NotSubresources { names } => format!("the client signed `{}` of the query, and Version 2 signs subresources only", names.join("`, `")),
            Self::ParameterLost { name, signed } => format!("`{name}={signed}` was signed in the query, and did not come"),
            Self::PathPrefix { prefix } => format!("the client signed a path that begins with `/{prefix}/`, which did not come"),
            Self::HeaderAdded { name, sent } => format!("the client signed an empty `{name}`, and `{name}: {sent}` was sent"),
            Self::ParameterChanged { name, signed, sent } | Self::HeaderChanged { name, signed, sent: Some(sent) } => format!("`{name}` was signed as `{signed}`, and came as `{sent}`"),
            Self::HeaderChanged { name, signed, sent: None } => format!("`{name}` was signed as `{signed}`, and did not come"),
            Self::HeaderNotSigned { name } => format!("`{name}` is in the list of signed headers, and its line is not in what the client signed"),
            Self::HeaderUntrimmed { name } => format!("the client signed `{name}` with white space that S3 takes away"),
            Self::HeaderRepeated { name, signed } => format!("`{name}` came several times, and the client signed `{signed}` only"),
            Self::HeaderNames => "the client signed the names of the headers in capitals".to_owned(),
            Self::HeaderOrder => "the client signed the headers unsorted".to_owned(),
            Self::Payload { signed, sent } => format!("the last line of what the client signed is `{signed}`, and not `{sent}`"),
            Self::PayloadHashAdded { sent } => format!("the link was signed for `UNSIGNED-PAYLOAD`, and `x-amz-content-sha256: {sent}` was added to it"),
            Self::Layout(mistake) => format!("the client's canonical request has {}", layout(*mistake).0),
            Self::Text(mistake) => format!("the client's string to sign has {}", text(*mistake).0),
            Self::Secret(mistake) => secret(mistake).0,
            Self::SecretOfOther { access_key_id } => format!("the client signed with the secret of the access key `{access_key_id}`"),
            Self::Scope { part, signed, sent } => format!("the client made its key for the {} `{signed}`, and the credential says `{sent}`", scope(*part)),
            Self::Line { name, signed, sent } if sent.is_empty() => format!("the client signed `{signed}` as its {name}, and that line is empty"),
            Self::Derivation(mistake) => format!("the client {}", derivation(*mistake).0),
            Self::Spelling(mistake) => format!("the signature is right, but {}", spelling(*mistake).0),
            Self::Version { signed } => format!("the client made a signature of Version {signed}"),
            Self::Line { name, signed, sent } => format!("the client signed `{signed}` as its {name}, and the verifier has `{sent}`"),
            Self::Policy(mistake) => format!("the client signed the policy {}", policy(*mistake).0),
            Self::Chunk(mistake) => chunk(*mistake).0,
            Self::Trailer(mistake) => format!("the client signed the trailer {}", trailer(*mistake).0),
        }
    }

    /// What to change, as a sentence.
    pub fn advice(&self) -> String {
        match self {
            Self::Host { .. } => "Sign the host, and its port, under which the request is sent; a proxy must hand `Host` on as it came.".to_owned(),
            Self::Method { sent, .. } => format!("Sign for {sent}: a link is good for one method only, and one for GET not for HEAD."),
            Self::Path(mistake) => path(*mistake).1.to_owned(),
            Self::Style { .. } => "Set the client and the URL to the same style: path style, or virtual-hosted style.".to_owned(),
            Self::BucketInPath { .. } => "Sign the path that is sent: in virtual-hosted style without the bucket, or set the client to path style.".to_owned(),
            Self::BucketNotInPath { .. } => "Sign the path that is sent: in path style with the bucket, or set the client to virtual-hosted style.".to_owned(),
            Self::Query(mistake) => query(*mistake).1.to_owned(),
            Self::ParametersAdded { .. } => "Sign with the parameter, or do not add it; every parameter of the query counts.".to_owned(),
            Self::ParameterChanged { .. } => "Use the URL as it was signed, or sign a new one.".to_owned(),
            Self::NotSubresources { names } => format!("Leave `{}` out of what is signed: only subresources such as `acl` and `uploadId`, and `response-*`, belong to it.", names.join("`, `")),
            Self::ParameterLost { .. } => "Send the whole query; a proxy or a router may drop what it does not know.".to_owned(),
            Self::PathPrefix { .. } => "Sign the path that arrives here: a proxy that takes a part of the path away breaks each signature.".to_owned(),
            Self::HeaderAdded { name, .. } => format!("Sign `{name}` with the value that is sent, or keep the client's HTTP library from adding it."),
            Self::HeaderChanged { name, signed, .. } => format!("Send `{name}: {signed}`, or sign the value that is sent; libraries, browsers and proxies change headers."),
            Self::HeaderNotSigned { name } => format!("Sign `{name}`, or take it off the list."),
            Self::HeaderUntrimmed { .. } => "Trim values before they are signed, and leave one of several spaces.".to_owned(),
            Self::HeaderRepeated { .. } => "Join the values with commas, in the order in which they are sent.".to_owned(),
            Self::HeaderNames => "Write names in lower case.".to_owned(),
            Self::HeaderOrder => "Sort headers by their names in lower case.".to_owned(),
            Self::Payload { sent, .. } => format!("Sign `{sent}`: a URL's last line is `UNSIGNED-PAYLOAD`, that of other requests the value of `x-amz-content-sha256`."),
            Self::PayloadHashAdded { .. } => "Send no `x-amz-content-sha256` with a link that was signed without one.".to_owned(),
            Self::Layout(mistake) => layout(*mistake).1.to_owned(),
            Self::Text(mistake) => text(*mistake).1.to_owned(),
            Self::Secret(mistake) => secret(mistake).1.to_owned(),
            Self::SecretOfOther { .. } => "Take key and secret from the same user.".to_owned(),
            Self::Scope { part, sent, .. } => format!("Derive the key with the {} of the credential, `{sent}`, and write the same in the string to sign.", scope(*part)),
            Self::Derivation(mistake) => derivation(*mistake).1.to_owned(),
            Self::Spelling(mistake) => spelling(*mistake).1.to_owned(),
            Self::Version { signed: 2 } => "Sign with Version 4 (`AWS4-HMAC-SHA256`), as the request says.".to_owned(),
            Self::Version { .. } => "Sign with HMAC-SHA1 in base64, as Version 2 has it, or use Version 4 throughout.".to_owned(),
            Self::Line { name: "date", sent, .. } if sent.is_empty() => "Leave the line of the date empty where `x-amz-date` is sent, which has a line of its own.".to_owned(),
            Self::Line { name, sent, .. } => format!("Sign `{sent}` as the {name}."),
            Self::Policy(mistake) => policy(*mistake).1.to_owned(),
            Self::Chunk(mistake) => chunk(*mistake).1.to_owned(),
            Self::Trailer(mistake) => trailer(*mistake).1.to_owned(),
        }
    }
}

#[rustfmt::skip]
fn path(mistake: PathMistake) -> (&'static str, &'static str) {
    const ONCE: &str = "Encode each segment of the path once, over UTF-8: letters, digits and `-._~` stay, all else becomes `%XX`.";
    match mistake {
        PathMistake::EncodedTwice => ("encoded twice", "Encode the path once: S3 is the service that does not encode it again for signing."),
        PathMistake::SentTwice => ("encoded once, and sent it encoded twice", "Send the path that is signed: a client or proxy encoded it once more."),
        PathMistake::DecodedOnTheWay => ("as it was sent, and a proxy decoded that once on the way", "Hand the path on as it came, still encoded."),
        PathMistake::TildeEncoded => ("with `~` as `%7E`", "Leave `-`, `.`, `_` and `~` as they are; `URLEncoder` of Java does not."),
        PathMistake::ParentLost => ("with a segment and the `..` behind it, which did not come", "Send the path as it is signed: HTTP libraries and proxies resolve `..`, and in S3 these are other keys."),
        PathMistake::WholeUrl => ("as a whole URL", "Sign the path alone, from the slash behind the host up to the question mark."),
        PathMistake::SegmentLost => ("with `//` or `/./` where one slash came", "Send the path as it is signed: HTTP libraries and proxies make one slash of `//` and `/./`, and in S3 these are other keys."),
        PathMistake::LowerCase => ("in small letters", "Keep capitals: keys differ by them."),
        PathMistake::Latin1 => ("encoded over ISO 8859-1 (Latin-1)", ONCE),
        PathMistake::NotEncoded => ("without encoding it", ONCE),
        PathMistake::AsSent => ("as it was sent, and not as S3 encodes it", ONCE),
        PathMistake::PlusForSpace => ("with a `+` for a space", "Write a space as `%20`."),
        PathMistake::PlusIsPlus => ("with a plus where S3 reads a space", "Send a plus of the key as `%2B`: S3 reads a `+` in a path as a space."),
        PathMistake::Normalized => ("without its `//`, `/./` or `/../`", "Switch off the normalization of paths: S3 takes a key as it is."),
        PathMistake::LowerCaseEscapes => ("with escapes in small letters", "Write escapes in capitals, such as `%2B`."),
        PathMistake::SlashesEncoded => ("with the slashes of the key as `%2F`", "Leave the slashes of a key as they are."),
        PathMistake::CharactersKept => ("with characters left as they are that S3 wants encoded", "Encode `!`, `'`, `(`, `)`, `*` and the like too; `encodeURIComponent` and `encodeURI` do not."),
        PathMistake::SlashAtEnd => ("with another end: the slash at its end differs", "Sign the path that is sent; no slash may be added or taken away on the way."),
        PathMistake::NoSlashAtStart => ("without the slash at its start", "Begin the path with a slash."),
        PathMistake::LeftOut => ("`/`, and not the one that was sent", "Sign the path that is sent."),
    }
}

#[rustfmt::skip]
fn query(mistake: QueryMistake) -> (&'static str, &'static str) {
    const ONCE: &str = "Encode names and values once, over UTF-8: letters, digits and `-._~` stay, all else becomes `%XX`.";
    match mistake {
        QueryMistake::Unsorted => ("in the order in which it was sent", "Sort the parameters by their encoded names."),
        QueryMistake::SortedIgnoringCase => ("sorted without regard to capitals", "Sort the parameters by code point: capitals come first."),
        QueryMistake::AsSent => ("as it was sent", "Sort the parameters, encode names and values, and give one without a value an `=`."),
        QueryMistake::NotEncoded => ("without encoding it", ONCE),
        QueryMistake::EncodedTwice => ("encoded twice", ONCE),
        QueryMistake::PlusForSpace => ("with a `+` for a space", "Write a space as `%20`."),
        QueryMistake::PlusIsPlus => ("with a plus where S3 reads a space", "Send a plus as `%2B`: S3 reads a `+` in a query as a space."),
        QueryMistake::SlashesKept => ("with slashes as they are", "Write a slash in a query as `%2F`."),
        QueryMistake::CharactersKept => ("with characters left as they are that S3 wants encoded", "Encode `!`, `'`, `(`, `)` and `*` too; `encodeURIComponent` does not."),
        QueryMistake::TildeEncoded => ("with `~` as `%7E`", "Leave `-`, `.`, `_` and `~` as they are; `URLEncoder` of Java does not."),
        QueryMistake::EmptySignature => ("with an empty `X-Amz-Signature`", "Add `X-Amz-Signature` after signing only: all other parameters are signed."),
        QueryMistake::NoSignedHeaders => ("without `X-Amz-SignedHeaders`", "Sign all parameters but `X-Amz-Signature`."),
        QueryMistake::ValuesEncoded => ("with its values percent-encoded", "Sign the decoded value of `response-*` and the like: in Version 2 only the path stays encoded."),
        QueryMistake::LowerCaseEscapes => ("with escapes in small letters", "Write escapes in capitals, such as `%2F`."),
        QueryMistake::AmpersandsEscaped => ("with `&` between its parameters, and sent it with `&amp;`", "Write `&`: a URL that was copied from the source of a page has to be unescaped."),
        QueryMistake::QuestionMark => ("with the question mark before it", "Leave the question mark away."),
        QueryMistake::InPath => ("in the line of the path", "Give the query a line of its own, without the question mark."),
        QueryMistake::NoEquals => ("with a parameter without `=`", "Give a parameter without a value an `=`, as in `acl=`."),
        QueryMistake::LeftOut => ("as an empty one", "Sign the query that is sent."),
    }
}

#[rustfmt::skip]
fn layout(mistake: LayoutMistake) -> (&'static str, &'static str) {
    match mistake {
        LayoutMistake::NoEmptyLine => ("no empty line behind the headers", "End each header with a line feed, and put another one before the list of names."),
        LayoutMistake::NoQueryLine => ("no line for its query", "Write an empty line for an empty query."),
        LayoutMistake::NoNames => ("no line with the list of signed headers", "Put the names of the signed headers, with semicolons between them, in the line before the last."),
        LayoutMistake::NoPayload => ("no last line", "End it with the hash of the payload, or `UNSIGNED-PAYLOAD`."),
        LayoutMistake::LineEndAtEnd => ("a line end behind its last line", "End it with the hash of the payload, without a line feed."),
        LayoutMistake::SpacesAfterColons => ("spaces behind the colons of its headers", "Write `name:value` without a space."),
        LayoutMistake::Commas => ("other separators between the names of its headers", "Put semicolons between the names, without spaces."),
        LayoutMistake::CarriageReturns => ("CR LF for its line ends", "End lines with LF alone."),
    }
}

#[rustfmt::skip]
fn text(mistake: TextMistake) -> (&'static str, &'static str) {
    match mistake {
        TextMistake::NotHashed => ("the canonical request where its hash belongs", "Write the SHA-256 of the canonical request, in 64 small hexadecimal digits."),
        TextMistake::HashedTwice => ("the hash of the canonical request hashed once more", "Write the SHA-256 of the canonical request, hashed once."),
        TextMistake::NoAlgorithm => ("no algorithm in its first line", "Begin it with `AWS4-HMAC-SHA256`."),
        TextMistake::HashInCapitals => ("the hash of the canonical request in capitals", "Write hexadecimal digits in small letters."),
        TextMistake::CanonicalRequestOnly => ("nothing but the canonical request", "Write algorithm, time, scope and the hash of the canonical request, a line each."),
        TextMistake::NoTerminal => ("a scope without `aws4_request`", "End the scope in `/aws4_request`."),
        TextMistake::CredentialForScope => ("the whole credential where the scope belongs", "Leave the access key away: the scope begins with the day."),
        TextMistake::DayForTime => ("the day where the time belongs", "Write the time of `x-amz-date`, such as `20130524T000000Z`."),
        TextMistake::TimeForm => ("the time in another form", "Write the time as it stands in `x-amz-date`, such as `20130524T000000Z`."),
        TextMistake::LineEndAtEnd => ("a line end behind its last line", "End it without a line feed."),
        TextMistake::CarriageReturns => ("CR LF for its line ends", "End lines with LF alone."),
    }
}

#[rustfmt::skip]
fn secret(mistake: &SecretMistake) -> (String, &'static str) {
    match mistake {
        SecretMistake::Space(place) => (format!("the client's secret has {place}"), "Trim the secret where it is read: a file or a variable often ends in a line feed."),
        SecretMistake::Quoted => ("the client's secret is in quotes".to_owned(), "Take the quotes off: not every program that reads such files does."),
        SecretMistake::Encoded => ("the client's secret is percent-encoded".to_owned(), "Decode the secret before it signs."),
        SecretMistake::Decoded => ("the client's secret was percent-decoded once too often, so that a `+` in it became a space".to_owned(), "Keep the secret as it is: a `+` of it is a plus."),
        SecretMistake::CutAt(at) => (format!("the client's secret is cut before its first `{at}`"), "Copy the whole secret, and quote it: shells, URLs and regular expressions end at such characters."),
        SecretMistake::Assignment(before) => (format!("the client's secret has `{before}` before it"), "Take the value alone, without the name of its variable."),
        SecretMistake::Base64 => ("the client's secret is encoded in base64".to_owned(), "Decode the secret before it signs; what Kubernetes shows of one is in base64."),
        SecretMistake::Cut => ("the client's secret lacks its first or its last character".to_owned(), "Copy the whole secret."),
        SecretMistake::Escaped => ("the client's secret is escaped as in JSON".to_owned(), "Undo the escaping before the secret signs."),
        SecretMistake::Case => ("the client's secret is in other letters".to_owned(), "Keep small letters small and capitals large."),
        SecretMistake::Misspelt => ("the client's secret is misspelt in one place: a character is missing, twice, exchanged with the next, or taken for one that looks like it".to_owned(), "Copy the secret, and do not type it."),
        SecretMistake::Empty => ("the client's secret is empty".to_owned(), "Check where the client takes its secret from."),
        SecretMistake::KeyId => ("the client signed with its access key id for a secret".to_owned(), "Take the secret that belongs to the access key."),
        SecretMistake::Placeholder(secret) => (format!("the client's secret is `{secret}`"), "Give the client the secret that belongs to the access key."),
    }
}

const fn scope(part: ScopePart) -> &'static str {
    match part {
        ScopePart::Date => "day",
        ScopePart::Region => "region",
        ScopePart::Service => "service",
    }
}

#[rustfmt::skip]
fn derivation(mistake: DerivationMistake) -> (&'static str, &'static str) {
    const STEPS: &str = "Derive the key: `AWS4` and the secret, then day, region, service and `aws4_request`, an HMAC-SHA256 each.";
    match mistake {
        DerivationMistake::Secret => ("signed with the secret itself, and not with a key derived from it", STEPS),
        DerivationMistake::SecretWithPrefix => ("signed with `AWS4` and the secret, and not with a key derived from them", STEPS),
        DerivationMistake::NoPrefix => ("derived its key without `AWS4` before the secret", STEPS),
        DerivationMistake::NoTerminal => ("derived its key without the last step, `aws4_request`", STEPS),
        DerivationMistake::Sha256 => ("signed the text of Version 2 with HMAC-SHA256", "Sign it with HMAC-SHA1, or use Version 4 throughout."),
        DerivationMistake::Digits => ("derived its key with the hexadecimal digits of each step", "Hand the bytes of each HMAC to the next, and write digits only at the end."),
    }
}

#[rustfmt::skip]
fn spelling(mistake: SpellingMistake) -> (&'static str, &'static str) {
    match mistake {
        SpellingMistake::Capitals => ("it is written in capitals", "Write its hexadecimal digits in small letters."),
        SpellingMistake::Base64 => ("it is written in base64", "Write it in 64 small hexadecimal digits."),
        SpellingMistake::Hex => ("it is written in hexadecimal digits", "Write it in base64, as Version 2 has it."),
        SpellingMistake::Cut => ("its end is missing", "Send all of it; a column of a database or a line of a mail may be too short."),
        SpellingMistake::Followed => ("something stands behind its 64 digits", "Take away what is behind it: a full stop or a bracket of the text that the URL stood in, or the start of something else."),
        SpellingMistake::Encoded => ("it is percent-encoded twice", "Encode the signature once in a URL, and not at all in a header."),
        SpellingMistake::NoPadding => ("it lacks the `=` at its end", "Send all of it, with the padding of its base64."),
        SpellingMistake::Space => ("something stands about it", "Send it without quotes and white space."),
    }
}

#[rustfmt::skip]
fn policy(mistake: PolicyMistake) -> (&'static str, &'static str) {
    const AS_SENT: &str = "Sign the text of the field `policy` exactly as it is sent: encode it once, keep it, and use it for both.";
    match mistake {
        PolicyMistake::Decoded => ("as JSON, and sent it in base64", AS_SENT),
        PolicyMistake::Wrapped => ("in base64 with line ends, and sent it in another way", AS_SENT),
        PolicyMistake::LineEnd => ("with another line end behind its base64", AS_SENT),
        PolicyMistake::UrlSafe => ("in the base64 of URLs, and sent it in the other one", AS_SENT),
        PolicyMistake::NoPadding => ("without the padding of its base64", AS_SENT),
        PolicyMistake::EncodedTwice => ("in base64 twice", AS_SENT),
        PolicyMistake::AsRequest => ("as if it were a canonical request: its hash in a string to sign", "Sign the base64 text itself; a form has no string to sign."),
        PolicyMistake::Hashed => ("by its hash", "Sign the base64 text itself, not its SHA-256."),
        PolicyMistake::PlusAsSpace => ("with a `+` in its base64, and sent it with a space there", "Send a plus of the field `policy` as it is: somebody decoded the text as that of a URL."),
        PolicyMistake::PercentEncoded => ("in base64, and sent it percent-encoded", "Send the field `policy` as it is signed: a form is not percent-encoded."),
        PolicyMistake::OtherOrder => ("with the members of its JSON in another order", AS_SENT),
        PolicyMistake::OtherEscapes => ("with other escapes in its JSON", AS_SENT),
        PolicyMistake::OtherSpace => ("with other white space in its JSON", AS_SENT),
    }
}

#[rustfmt::skip]
fn chunk(mistake: ChunkMistake) -> (String, &'static str) {
    const CHAIN: &str = "Chain each chunk with the signature of the chunk before it, the first one with that of the request.";
    const LINES: &str = "End the string to sign of a chunk with two lines: the SHA-256 of nothing, and that of the chunk's data.";
    const DATA: &str = "Hash the data of the chunk alone, without its size, its signature and its line ends.";
    const OWN: &str = "Sign each chunk, the last and empty one too.";
    let (what, advice) = match mistake {
        ChunkMistake::Algorithm(name) => return (format!("the client's string to sign begins with `{name}`"), "Begin that of a chunk with `AWS4-HMAC-SHA256-PAYLOAD`, and that of a trailer with `AWS4-HMAC-SHA256-TRAILER`."),
        ChunkMistake::ChainedToRequest => ("the client chained it with the signature of the request, and not with that of the chunk before it", CHAIN),
        ChunkMistake::ChainedToEarlier => ("the client chained it with the signature of an earlier chunk than the one before it", CHAIN),
        ChunkMistake::NotChained => ("the client chained it with no signature at all", CHAIN),
        ChunkMistake::SignatureOfRequest => ("it is the signature of the request, sent once more", OWN),
        ChunkMistake::SignatureOfPrevious => ("it is the signature of a chunk before it, sent once more", OWN),
        ChunkMistake::HashOfNothing => ("the client signed the hash of nothing in place of that of the chunk's data", DATA),
        ChunkMistake::HashOfPrevious => ("the client signed the hash of the data that came before", DATA),
        ChunkMistake::DataWithLineEnd => ("the client signed the chunk's data with the line end behind it", DATA),
        ChunkMistake::Framed => ("the client signed the last chunk with its framing", "Sign the last chunk over nothing: its hash is that of no data."),
        ChunkMistake::NoHashOfNothing => ("the client's string to sign has no line with the hash of nothing", LINES),
        ChunkMistake::HashesExchanged => ("the client's string to sign has its two hashes in the other order", LINES),
        ChunkMistake::HashInCapitals => ("the client wrote the hash of the chunk in capitals", "Write hexadecimal digits in small letters."),
        ChunkMistake::NotHashed => ("the client's string to sign has a word of `x-amz-content-sha256` where the hash of the chunk belongs", LINES),
    };
    (what.to_owned(), advice)
}

#[rustfmt::skip]
fn trailer(mistake: TrailerMistake) -> (&'static str, &'static str) {
    const LINES: &str = "Sign the SHA-256 of the trailer's lines: each `name:value`, the name in small letters, with one line feed behind it.";
    match mistake {
        TrailerMistake::NoLineEnd => ("without the line feed at its end", LINES),
        TrailerMistake::CarriageReturns => ("with CR LF for its line ends", LINES),
        TrailerMistake::LineEndAdded => ("with an empty line at its end", LINES),
        TrailerMistake::SpaceAfterColon => ("with spaces behind its colons", LINES),
        TrailerMistake::AsSent => ("in the letters and with the spaces in which it was sent", LINES),
        TrailerMistake::Unsorted => ("in another order than it was sent", "Sign the lines in the order in which they are sent."),
        TrailerMistake::ValueOnly => ("without the names", LINES),
        TrailerMistake::WithSignatureName => ("with the name of its signature", "Sign the lines before `x-amz-trailer-signature`, and nothing of that one."),
        TrailerMistake::LeftOut => ("as if there were none", LINES),
        TrailerMistake::NotHashed => ("itself, where its hash belongs", LINES),
        TrailerMistake::AsChunk => ("as a chunk, with the hash of nothing before its own", "Give the string to sign of a trailer one hash, that of its lines."),
    }
}
