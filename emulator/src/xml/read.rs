//! The reader of documents: a small tree without namespaces, types or entities of its own.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::BytesRef;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;

/// Deeper documents are refused; none of S3's is half as deep.
const DEPTH_MAX: usize = 32;

/// Larger documents are refused. That of an upload of ten thousand parts, with a checksum each, has a
/// quarter of it.
const NODES_MAX: usize = 150_000;

/// An element with all that it holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    name: String,
    text: String,
    attributes: Vec<(String, String)>,
    children: Vec<Element>,
}

/// Why bytes are not a document that can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotXml {
    #[error("the document is not UTF-8")]
    NotUtf8,
    /// In the words of the parser.
    #[error("the document is not well-formed: {0}")]
    NotWellFormed(String),
    #[error("the document has a `<!DOCTYPE`, which is not read")]
    Doctype,
    #[error("the document uses `&{0};`, which is no entity of XML")]
    UnknownEntity(String),
    #[error("the document is nested deeper than {DEPTH_MAX} elements")]
    TooDeep,
    #[error("the document has more than {NODES_MAX} elements and attributes")]
    TooLarge,
    #[error("the document has no root element, or more than one")]
    RootCount,
}

impl Element {
    /// Reads a document and returns its root.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, NotXml> {
        let text = std::str::from_utf8(bytes).map_err(|_| NotXml::NotUtf8)?;
        let mut reader = Reader::from_str(text.strip_prefix('\u{feff}').unwrap_or(text));
        let mut tree = Tree::default();
        let mut nodes = 0;
        loop {
            let event =
                reader.read_event().map_err(|why| NotXml::NotWellFormed(why.to_string()))?;
            match event {
                Event::Start(tag) => tree.open(Self::begin(&tag, &mut nodes)?)?,
                Event::Empty(tag) => {
                    tree.open(Self::begin(&tag, &mut nodes)?)?;
                    tree.close()?;
                }
                Event::End(_) => tree.close()?,
                Event::Text(text) => tree.say(&text.xml10_content())?,
                Event::CData(text) => tree.say(&text.xml10_content())?,
                Event::GeneralRef(reference) => tree.say(resolve(&reference)?.as_str())?,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
                Event::DocType(_) => return Err(NotXml::Doctype),
                Event::Eof => return tree.end(),
            }
        }
    }

    /// Counts the element and its attributes with those that were before.
    fn begin(tag: &BytesStart<'_>, nodes: &mut usize) -> Result<Self, NotXml> {
        let mut attributes = Vec::new();
        count(nodes)?;
        for attribute in tag.attributes() {
            count(nodes)?;
            let attribute = attribute.map_err(|why| NotXml::NotWellFormed(why.to_string()))?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|why| NotXml::NotWellFormed(why.to_string()))?;
            let name = attribute.key.local_name().as_ref().to_owned();
            attributes.push((name, value.into_owned()));
        }
        let name = tag.local_name().as_ref().to_owned();
        Ok(Self { name, attributes, ..Self::default() })
    }

    /// Its name, without the prefix of a namespace.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The text that it holds itself, with its spaces.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The first child of that name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All children of that name, in order.
    pub(crate) fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// All children, in order.
    pub(crate) fn elements(&self) -> &[Self] {
        &self.children
    }

    /// The attribute of that name, in whatever namespace.
    pub(crate) fn attribute(&self, local_name: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == local_name).map(|(_, value)| value.as_str())
    }
}

fn count(nodes: &mut usize) -> Result<(), NotXml> {
    *nodes += 1;
    if *nodes > NODES_MAX { Err(NotXml::TooLarge) } else { Ok(()) }
}

/// The elements that are open, the innermost last, and the root once it was closed.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
}

impl Tree {
    fn open(&mut self, element: Element) -> Result<(), NotXml> {
        if self.root.is_some() {
            return Err(NotXml::RootCount);
        }
        if self.open.len() == DEPTH_MAX {
            return Err(NotXml::TooDeep);
        }
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) -> Result<(), NotXml> {
        let Some(element) = self.open.pop() else {
            return Err(NotXml::NotWellFormed("an element ends that did not begin".to_owned()));
        };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn say(&mut self, text: &str) -> Result<(), NotXml> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if text.chars().all(char::is_whitespace) => {}
            None => {
                let why = "there is text outside of the root element";
                return Err(NotXml::NotWellFormed(why.to_owned()));
            }
        }
        Ok(())
    }

    fn end(self) -> Result<Element, NotXml> {
        match self.open.last() {
            Some(element) => {
                Err(NotXml::NotWellFormed(format!("`<{}>` is never closed", element.name)))
            }
            None => self.root.ok_or(NotXml::RootCount),
        }
    }
}

/// The text that a reference stands for.
///
/// Read more widely than XML 1.0 allows: S3 writes and takes references to control characters, and
/// a key may hold any of them.
fn resolve(reference: &BytesRef<'_>) -> Result<String, NotXml> {
    let name: &str = reference;
    let character = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name
            .strip_prefix("#x")
            .map(|digits| (digits, 16))
            .or_else(|| name.strip_prefix('#').map(|digits| (digits, 10)))
        {
            // The parser of integers would take a sign.
            Some((digits, radix)) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                u32::from_str_radix(digits, radix).ok().and_then(char::from_u32)
            }
            _ => None,
        },
    };
    character.map(String::from).ok_or_else(|| NotXml::UnknownEntity(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::xml::Xml;

    #[test]
    fn a_document_becomes_a_tree() {
        let root = Element::parse(
            b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- c --><a:Acl xmlns:a='urn:x' xmlns='urn:y'>\n\
              <Owner><ID> 1&amp;2 </ID></Owner><Grant xsi:type=\"A&#65;&lt;\"/>\
              <Grant><![CDATA[<raw&>]]></Grant></a:Acl>\n",
        )
        .unwrap();
        assert_eq!((root.name(), root.children("Grant").count()), ("Acl", 2));
        assert_eq!(root.child("Owner").unwrap().child("ID").unwrap().text(), " 1&2 ");
        assert_eq!(root.child("Grant").unwrap().attribute("type"), Some("AA<"));
        assert_eq!(root.children("Grant").nth(1).unwrap().text(), "<raw&>");
        assert_eq!((root.attribute("a"), root.attribute("xmlns")), (None, None));
        assert_eq!(root.child("Absent"), None);
    }

    #[track_caller]
    fn refused(document: &str) -> NotXml {
        Element::parse(document.as_bytes()).unwrap_err()
    }

    #[test]
    fn what_is_not_a_document_is_refused_with_its_reason() {
        for document in ["<a", "<a>", "<a></b>", "</a>", "<a/>text", "text<a/>", "<a b=1/>", "<a>&"]
        {
            assert!(matches!(refused(document), NotXml::NotWellFormed(_)), "{document}");
        }
        for document in ["", "  \n", "<!-- only a comment -->", "<a/><b/>"] {
            assert_eq!(refused(document), NotXml::RootCount, "{document}");
        }
        for entity in ["bomb", "#x110000", "#xD800", "#", "#x", "#+5", "#xg"] {
            let expected = NotXml::UnknownEntity(entity.to_owned());
            assert_eq!(refused(&format!("<a>&{entity};</a>")), expected);
        }
        assert_eq!(refused("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), NotXml::Doctype);
        assert_eq!(Element::parse(b"<a>\xff</a>"), Err(NotXml::NotUtf8));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(Element::parse(nested(DEPTH_MAX).as_bytes()).is_ok());
        assert_eq!(refused(&nested(DEPTH_MAX + 1)), NotXml::TooDeep);
        assert_eq!(refused(&"<a>".repeat(100_000)), NotXml::TooDeep);
    }

    #[test]
    fn size_is_bounded() {
        let elements = |count: usize| format!("<a>{}</a>", "<b/>".repeat(count - 1));
        assert!(Element::parse(elements(NODES_MAX).as_bytes()).is_ok());
        assert_eq!(refused(&elements(NODES_MAX + 1)), NotXml::TooLarge);
        let names: Vec<_> = (0..NODES_MAX).map(|n| format!(" a{n}='1'")).collect();
        assert_eq!(refused(&format!("<a{}/>", names.concat())), NotXml::TooLarge);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(text in any::<String>(), controls in "[\0-\u{20}<>&\"']*") {
            for text in [&text, &controls] {
                let mut xml = Xml::document();
                xml.open_s3("Root");
                xml.leaf("Key", text);
                xml.leaf("Nothing", "");
                let root = Element::parse(xml.finish().as_bytes()).unwrap();
                prop_assert_eq!(root.child("Key").unwrap().text(), text);
                prop_assert_eq!(root.child("Nothing").unwrap().text(), "");
            }
        }

        #[test]
        fn attributes_are_read_back(value in "[ -~\t\n\r\u{80}-\u{2fff}]*") {
            let mut xml = Xml::document();
            xml.open_with("Root", &[("a", &value)]);
            let root = Element::parse(xml.finish().as_bytes()).unwrap();
            prop_assert_eq!(root.attribute("a"), Some(value.as_str()));
        }

        #[test]
        fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Element::parse(&bytes);
        }

        #[test]
        fn no_markup_is_too_odd(text in "([<>/&;#x\"' =!?a\\[\\]-]|<a>|</a>|<!\\[CDATA\\[|<!DOCTYPE|&#x)*") {
            let _ = Element::parse(text.as_bytes());
        }
    }
}
