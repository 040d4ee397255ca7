//! The writer of documents: S3's form, in which nothing but the declaration has a line of its own.

use std::fmt::Write;

/// The namespace of S3's documents.
const S3_NAMESPACE: &str = "http://s3.amazonaws.com/doc/2006-03-01/";

/// A document that is being written.
#[derive(Debug)]
pub(crate) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// Begins a document with its declaration and one line feed.
    pub(crate) fn document() -> Self {
        Self { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(), open: Vec::new() }
    }

    /// Begins a part of a document.
    pub(crate) fn fragment() -> Self {
        Self { text: String::new(), open: Vec::new() }
    }

    /// Writes a part of a document that was written before.
    pub(crate) fn part(&mut self, fragment: &str) {
        self.text.push_str(fragment);
    }

    /// Opens an element.
    pub(crate) fn open(&mut self, name: &'static str) {
        self.open_with(name, &[]);
    }

    /// Opens an element in S3's namespace, which its children are in too.
    pub(crate) fn open_s3(&mut self, name: &'static str) {
        self.open_with(name, &[("xmlns", S3_NAMESPACE)]);
    }

    /// Writes a root in S3's namespace that holds nothing, and is closed at once.
    pub(crate) fn empty_s3(&mut self, name: &str) {
        self.begin(name, &[("xmlns", S3_NAMESPACE)]);
        self.text.push_str("/>");
    }

    /// Opens an element with attributes.
    pub(crate) fn open_with(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.begin(name, attributes);
        self.text.push('>');
        self.open.push(name);
    }

    fn begin(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape(value, Place::Attribute, &mut self.text);
            self.text.push('"');
        }
    }

    /// Writes an element that holds nothing but a text.
    pub(crate) fn leaf(&mut self, name: &str, text: impl AsRef<str>) {
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
        escape(text.as_ref(), Place::Text, &mut self.text);
        self.end(name);
    }

    /// Writes a leaf in which quotes stay as they are.
    pub(crate) fn leaf_with_quotes(&mut self, name: &str, text: &str) {
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
        for (index, part) in text.split('"').enumerate() {
            if index > 0 {
                self.text.push('"');
            }
            escape(part, Place::Text, &mut self.text);
        }
        self.end(name);
    }

    /// Writes the text of the element that is open.
    pub(crate) fn text(&mut self, text: &str) {
        escape(text, Place::Text, &mut self.text);
    }

    /// Closes the element that was opened last.
    pub(crate) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.end(name);
        }
    }

    /// Closes what is open and ends the document.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn end(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Attribute,
}

/// Characters that XML 1.0 does not allow become references all the same, as S3 writes them
/// (aws/aws-sdk-go#1914), although a strict reader refuses those too.
fn escape(text: &str, place: Place, into: &mut String) {
    for character in text.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            // A reader would take these for a space.
            '\t' | '\n' if place == Place::Attribute => reference(character, into),
            '\t' | '\n' => into.push(character),
            '\0'..' ' | '\u{fffe}' | '\u{ffff}' => reference(character, into),
            _ => into.push(character),
        }
    }
}

fn reference(character: char, into: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(into, "&#x{:X};", u32::from(character));
}

#[cfg(test)]
mod tests {
    use super::Xml;

    #[test]
    fn a_document_is_one_line_after_its_declaration() {
        let mut xml = Xml::document();
        xml.open_s3("ListBucketResult");
        xml.leaf("Name", "bucket");
        xml.leaf("Prefix", "");
        xml.open("Contents");
        xml.leaf("ETag", "\"abc\"");
        xml.close();
        xml.open_with("Grantee", &[("xmlns:xsi", "http://x/"), ("xsi:type", "a\"b")]);
        assert_eq!(
            xml.finish(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
             <Name>bucket</Name><Prefix></Prefix><Contents><ETag>&quot;abc&quot;</ETag></Contents>\
             <Grantee xmlns:xsi=\"http://x/\" xsi:type=\"a&quot;b\"></Grantee></ListBucketResult>"
        );
    }

    #[track_caller]
    fn check(text: &str, written: &str) {
        let mut xml = Xml::document();
        xml.leaf("K", text);
        let document = xml.finish();
        let line = document.lines().nth(1).unwrap();
        assert_eq!(line, format!("<K>{written}</K>"));
    }

    #[test]
    fn texts_are_escaped() {
        check("a&b<c>d\"e'f", "a&amp;b&lt;c&gt;d&quot;e'f");
        check("\r", "&#xD;");
        check("\u{4}\0\u{1f}", "&#x4;&#x0;&#x1F;");
        check("\u{ffff}\u{85}ü漢\t", "&#xFFFF;\u{85}ü漢\t");
    }

    #[test]
    fn closing_too_often_changes_nothing() {
        let mut xml = Xml::document();
        xml.close();
        xml.open("A");
        xml.close();
        xml.close();
        assert!(xml.finish().ends_with("\n<A></A>"));
    }
}
