//! `Cause`: the usual mistakes of signing, each with what the client did.

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
    /// Signed in virtual-hosted style and sent in path style, or the other way round.
    Style {
        /// The client's host and path.
        signed: String,
        /// As received.
        sent: String,
    },
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
    /// Parameters were signed that Version 2 does not sign.
    NotSubresources {
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
    /// A link was signed without a hash, and was sent with one.
    PayloadHashAdded {
        /// As received.
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
    /// A chunk of a body was signed in another way.
    Chunk(ChunkMistake),
    /// The trailer of a body was signed in another way.
    Trailer(TrailerMistake),
}
