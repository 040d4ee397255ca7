//! What goes wrong with a request of a flow.

use super::Account;

/// Something that goes wrong: first what is wrong from the beginning and is signed as it is, then what
/// is changed after the signing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoil {
    /// Signs with a key id that no account has.
    AccessKeyUnknown,
    /// Asks for a bucket that is never made.
    BucketMissing,
    /// Replaces a text of the call.
    CallText(&'static str, &'static str),
    /// Cuts the body into chunks of another size.
    ChunkBytes(usize),
    /// Leaves out a header that announces a body in chunks.
    NotSent(&'static str),
    /// Ends the form's policy so many seconds from now; negative is in the past.
    PolicyEnds(i64),
    /// Replaces a text in what the form's policy says.
    PolicySays(&'static str, &'static str),
    /// Signs with another secret.
    SecretWrong,
    /// Sends one header more, or another value of one that announces a body in chunks.
    SentHeader(&'static str, &'static str),
    /// Signs for another region.
    RegionWrong,
    /// Signs so many seconds from now; negative is in the past.
    SignedAt(i64),
    /// Signs with the keys of another account.
    SignedBy(Account),
    /// Signs with the token of a session that is none.
    Token(&'static str),

    /// Replaces a text in the body, form fields and chunk frames included.
    BodyText(&'static str, &'static str),
    /// Changes a digit of the first chunk's signature.
    ChunkSignature,
    /// Replaces the credential, wherever it stands. `{key}`, `{day}`, `{region}`, `{service}` and `{end}`
    /// stand for the parts of the right one.
    Credential(&'static str),
    /// Replaces a field of the form, or adds one before the file.
    Field(&'static str, &'static str),
    /// Removes a field of the form.
    FieldRemoved(&'static str),
    /// Replaces a header, or adds one that is not signed.
    Header(&'static str, &'static str),
    /// Ends a header before this text.
    HeaderCut(&'static str, &'static str),
    /// Removes a header.
    HeaderRemoved(&'static str),
    /// Replaces a text in a header.
    HeaderText(&'static str, &'static str, &'static str),
    /// Uses another method.
    Method(&'static str),
    /// Replaces a text in the path.
    PathText(&'static str, &'static str),
    /// Replaces a text in the decoded policy of the form, and encodes it again.
    PolicyText(&'static str, &'static str),
    /// Replaces a parameter of the query, or adds one.
    Query(&'static str, &'static str),
    /// Removes a parameter of the query.
    QueryRemoved(&'static str),
    /// Changes a digit of the signature, wherever it stands.
    SignatureCharacter,
}
