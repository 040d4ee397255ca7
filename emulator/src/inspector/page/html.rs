//! Text as HTML.

/// Text that stands for itself, between tags and in quoted attributes.
pub(super) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(char),
        }
    }
    html
}

/// An explanation, in which what stands between backquotes is quoted.
pub(super) fn explained(text: &str) -> String {
    let parts: Vec<String> = text.split('`').map(escaped).collect();
    // Without its partner a backquote is only a backquote.
    if parts.len().is_multiple_of(2) {
        return escaped(text);
    }
    let quoted = |(index, part): (usize, &String)| match index % 2 {
        0 => part.clone(),
        _ => format!("<code>{part}</code>"),
    };
    parts.iter().enumerate().map(quoted).collect()
}

/// The status of an answer as a badge. The class names the family; the number says it too.
pub(super) fn badge(status: u16) -> String {
    format!("<span class=\"status s{}\">{status}</span>", status / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_markup() {
        assert_eq!(escaped("<a b='c' d=\"&\">é"), "&lt;a b=&#39;c&#39; d=&quot;&amp;&quot;&gt;é");
    }

    #[test]
    fn what_is_quoted_is_shown_as_such() {
        for (text, html) in [
            ("`<a>` is not `b`", "<code>&lt;a&gt;</code> is not <code>b</code>"),
            ("no quotes", "no quotes"),
            ("one ` only", "one ` only"),
            ("`a` and ` alone", "`a` and ` alone"),
            ("", ""),
        ] {
            assert_eq!(explained(text), html);
        }
    }
}
