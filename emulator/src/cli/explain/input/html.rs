//! The forms of an HTML page, as a browser would send them.

/// A form of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct HtmlForm {
    pub(super) action: String,
    /// In lower case; `get` is what a browser takes for none.
    pub(super) method: String,
    /// In lower case.
    pub(super) enctype: String,
    /// The fields before the file.
    pub(super) fields: Vec<(String, String)>,
    /// The names of those after it.
    pub(super) after_file: Vec<String>,
    pub(super) has_file: bool,
}

/// Finds the forms of a page.
pub(super) fn forms(page: &str) -> Vec<HtmlForm> {
    let mut forms: Vec<HtmlForm> = Vec::new();
    let mut open: Option<HtmlForm> = None;
    let mut select: Option<Select> = None;
    let mut rest = page;
    while let Some((tag, after)) = next_tag(rest) {
        rest = after;
        match (tag.name.as_str(), &mut open) {
            ("form", _) => {
                forms.extend(open.take());
                open = Some(tag.form());
            }
            ("/form", _) => forms.extend(open.take()),
            ("script" | "style", _) => {
                let end = find_ignoring_case(rest, &format!("</{}", tag.name));
                rest = end.map_or("", |at| &rest[at..]);
            }
            ("input", Some(form)) => tag.input(form),
            ("textarea", Some(form)) => {
                let end = find_ignoring_case(rest, "</textarea").unwrap_or(rest.len());
                let text = rest[..end].strip_prefix('\n').unwrap_or(&rest[..end]);
                form.add(tag.attribute("name"), &decoded(text));
                rest = &rest[end..];
            }
            ("select", Some(_)) => {
                select =
                    Some(Select { name: tag.attribute("name"), value: None, is_chosen: false });
            }
            ("option", Some(_)) => {
                if let Some(select) = &mut select {
                    let text = decoded(rest.split('<').next().unwrap_or_default().trim());
                    select.option(tag.attribute("value").unwrap_or(text), tag.has("selected"));
                }
            }
            ("/select", Some(form)) => {
                if let Some(Select { name, value: Some(value), .. }) = select.take() {
                    form.add(name, &value);
                }
            }
            _ => {}
        }
    }
    forms.extend(open);
    forms
}

/// A list to choose from. Without a choice the first one counts.
struct Select {
    name: Option<String>,
    value: Option<String>,
    is_chosen: bool,
}

impl Select {
    fn option(&mut self, value: String, is_selected: bool) {
        if self.value.is_none() || (is_selected && !self.is_chosen) {
            self.value = Some(value);
            self.is_chosen |= is_selected;
        }
    }
}

impl HtmlForm {
    fn add(&mut self, name: Option<String>, value: &str) {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return };
        if self.has_file {
            self.after_file.push(name);
        } else {
            self.fields.push((name, value.to_owned()));
        }
    }
}

/// A tag with its attributes, decoded.
struct Tag {
    /// In lower case, with the slash of an end.
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<String> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }

    fn has(&self, name: &str) -> bool {
        self.attribute(name).is_some()
    }

    fn form(&self) -> HtmlForm {
        let lower = |name| self.attribute(name).map(|value| value.trim().to_ascii_lowercase());
        HtmlForm {
            action: self.attribute("action").unwrap_or_default().trim().to_owned(),
            method: lower("method").unwrap_or_else(|| "get".to_owned()),
            enctype: lower("enctype")
                .unwrap_or_else(|| "application/x-www-form-urlencoded".to_owned()),
            ..HtmlForm::default()
        }
    }

    fn input(&self, form: &mut HtmlForm) {
        if self.has("disabled") {
            return;
        }
        let kind = self.attribute("type").unwrap_or_default().to_ascii_lowercase();
        let name = self.attribute("name");
        match kind.as_str() {
            // Only a part of this name is the file for S3.
            "file" if name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("file")) => {
                form.has_file = true;
            }
            "file" | "submit" | "button" | "reset" | "image" => {}
            "checkbox" | "radio" if !self.has("checked") => {}
            "checkbox" | "radio" => {
                form.add(name, &self.attribute("value").unwrap_or_else(|| "on".to_owned()));
            }
            _ => form.add(name, &self.attribute("value").unwrap_or_default()),
        }
    }
}

/// The next tag, and what comes after it. Comments are passed over.
fn next_tag(text: &str) -> Option<(Tag, &str)> {
    let mut rest = text;
    loop {
        rest = &rest[rest.find('<')? + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '/' || c == '-';
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let name = rest[..end].trim_end_matches('/').to_ascii_lowercase();
        if name.trim_start_matches('/').is_empty() {
            continue;
        }
        let (attributes, after) = attributes(&rest[end..]);
        return Some((Tag { name, attributes }, after));
    }
}

/// The attributes up to the end of the tag, and what comes after it.
fn attributes(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if rest.is_empty() {
            return (found, rest);
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (found, after);
        }
        let is_end = |c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/');
        // An equals sign where a name should be is part of it.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find(is_end).map_or(rest.len(), |end| end + first);
        let name = rest[..end].to_ascii_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            (value, rest) = attribute_value(after.trim_start());
        }
        if !found.iter().any(|(known, _)| *known == name) {
            found.push((name, value));
        }
    }
}

fn attribute_value(text: &str) -> (String, &str) {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (value, rest) = match quote {
        Some(quote) => text[1..].split_once(quote).unwrap_or((&text[1..], "")),
        None => {
            text.split_at(text.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(text.len()))
        }
    };
    (decoded(value), rest)
}

/// The text that character references stand for.
fn decoded(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest.split_once(';').map(|(name, after)| (&name[1..], after));
        let found = reference.and_then(|(name, after)| Some((character(name)?, after)));
        let (character, after) = found.unwrap_or(('&', &rest[1..]));
        decoded.push(character);
        rest = after;
    }
    decoded.push_str(rest);
    decoded
}

/// The character of a reference, of those that those who write forms write.
fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(number.ok()?)
        }
    }
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.to_ascii_lowercase().find(wanted)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_form_is_what_a_browser_would_send() {
        let page = r#"<!DOCTYPE html><!-- <form action="no"> --><script>"<form>"</script>
            <FORM ACTION="https://b.h/?a&amp;b" Method=POST enctype='multipart/form-data'>
            <input type="hidden" name="key" value="a/${filename}"><input name=acl value=private>
            <input type=hidden name=note value='&lt;&quot;&#39;&#x41;&unknown;'/>
            <input type="submit" name="go" value="x"><input type=checkbox name=off>
            <select name=s><option value=1>one<option selected>two</select>
            <textarea name="t">
a &amp; b</textarea><input type="file" name="file"><input name="late" value="1"></form>"#;
        let forms = forms(page);
        let [form] = forms.as_slice() else { panic!("{forms:?}") };
        assert_eq!(form.action, "https://b.h/?a&b");
        assert_eq!((form.method.as_str(), form.enctype.as_str()), ("post", "multipart/form-data"));
        let expected = [
            ("key", "a/${filename}"),
            ("acl", "private"),
            ("note", "<\"'A&unknown;"),
            ("s", "two"),
            ("t", "a & b"),
        ];
        assert_eq!(form.fields, pairs(&expected));
        assert!(form.has_file);
        assert_eq!(form.after_file, ["late"]);
    }

    #[test]
    fn what_a_page_leaves_out_is_what_a_browser_takes() {
        let [form] = forms("<form><input name=a>").try_into().unwrap();
        assert_eq!(form.method, "get");
        assert_eq!(form.enctype, "application/x-www-form-urlencoded");
        assert_eq!(form.fields, pairs(&[("a", "")]));
        assert!(forms("<p>nothing").is_empty());
        assert_eq!(forms("<form></form><form></form>").len(), 2);
    }

    proptest! {
        #[test]
        fn no_page_is_too_odd(text in ".*", odd in "(<|>|form|input|/|=|\"|'|&|;|#x|é| |name|textarea|script|!--)*") {
            let _ = (forms(&text), forms(&odd), decoded(&odd));
        }
    }
}
