//! XML: documents out, and documents in. What they say is the business of each operation.

mod read;
mod write;

pub(crate) use self::read::Element;
pub(crate) use self::write::Xml;
