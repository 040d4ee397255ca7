//! A small tree of an XML document, and paths into it.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// An element with what it holds. Namespaces and attributes are left out: S3 says nothing in them that
/// the flows ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// Reads a document. Nothing if it is not well formed.
    pub(crate) fn parse(document: &str) -> Option<Self> {
        let mut reader = Reader::from_str(document);
        // The one below all others, which ends up holding the root.
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().ok()? {
                Event::Start(start) => open.push(Self::named(start.local_name().as_ref())),
                Event::Empty(start) => {
                    open.last_mut()?.children.push(Self::named(start.local_name().as_ref()));
                }
                Event::End(_) => {
                    let closed = open.pop()?;
                    open.last_mut()?.children.push(closed);
                }
                Event::Text(text) => {
                    open.last_mut()?.text.push_str(&text);
                }
                Event::CData(text) => {
                    open.last_mut()?.text.push_str(&text);
                }
                Event::GeneralRef(name) => {
                    let reference = format!("&{};", &*name);
                    open.last_mut()?.text.push_str(&unescape(&reference).ok()?);
                }
                Event::Eof => break,
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) | Event::DocType(_) => {}
            }
        }
        let is_closed = open.len() == 1;
        open.pop()?.children.pop().filter(|_| is_closed)
    }

    /// The element at a path below this one, such as `Contents[2]/Key`. Counting starts at 1.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('/').try_fold(self, |element, step| {
            let (name, number) = match step.strip_suffix(']').and_then(|s| s.split_once('[')) {
                Some((name, number)) => (name, number.parse().ok()?),
                None => (step, 1_usize),
            };
            element.children.iter().filter(|child| child.name == name).nth(number.checked_sub(1)?)
        })
    }

    /// How many elements there are at a path, of which only the last step is counted.
    pub(crate) fn count(&self, path: &str) -> usize {
        let (parent, name) = match path.rsplit_once('/') {
            Some((parent, name)) => (self.at(parent), name),
            None => (Some(self), path),
        };
        let children = parent.into_iter().flat_map(|parent| &parent.children);
        children.filter(|child| child.name == name).count()
    }

    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LISTING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult \
        xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Contents><Key>a</Key>\
        <ETag>&quot;1&#50;&quot;</ETag></Contents><Contents><Key>b</Key></Contents>\
        <Prefix/></ListBucketResult>";

    #[test]
    fn paths_lead_to_elements() {
        let root = Element::parse(LISTING).unwrap();
        assert_eq!(root.name, "ListBucketResult");
        assert_eq!(root.at("Contents/Key").unwrap().text, "a");
        assert_eq!(root.at("Contents[2]/Key").unwrap().text, "b");
        assert_eq!(root.at("Contents/ETag").unwrap().text, "\"12\"");
        assert_eq!(root.at("Prefix").unwrap().text, "");
        for path in ["Contents[3]", "Contents[0]", "Key", "Contents[x]", ""] {
            assert_eq!(root.at(path), None, "{path}");
        }
        assert_eq!(root.count("Contents"), 2);
        assert_eq!(root.count("Contents/Key"), 1);
        assert_eq!(root.count("CommonPrefixes"), 0);
    }

    #[test]
    fn what_is_not_well_formed_is_no_document() {
        for text in ["", "text", "<a>", "<a></b>", "</a>"] {
            assert_eq!(Element::parse(text), None, "{text}");
        }
    }
}
