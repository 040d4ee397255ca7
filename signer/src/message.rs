//! `Message`: the part of a request that a signature can cover.

/// A request without its body, as it is on the wire. Borrowed; nothing is rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The method as sent.
    pub method: &'a str,
    /// The path as sent, percent-encoded, without the query. An empty one means `/`.
    pub path: &'a str,
    /// The query as sent, without the `?`.
    pub query: &'a str,
    /// The headers in the order received, with `Host`.
    pub headers: &'a [Header<'a>],
}

/// One header field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The name in any case.
    pub name: &'a str,
    /// The value as sent.
    pub value: &'a [u8],
}

impl<'a> Header<'a> {
    /// A header of a name and a text.
    pub const fn new(name: &'a str, value: &'a str) -> Self {
        Self { name, value: value.as_bytes() }
    }
}

impl<'a> Message<'a> {
    /// The value of the first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&'a [u8]> {
        self.headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name))
            .map(|header| header.value)
    }
}
