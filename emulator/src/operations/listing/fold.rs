//! From keys in order to a page with common prefixes. Pure: the keys come from a [`Source`].

use crate::store::From;

/// Keys in the order of their bytes, from any place on.
pub(super) trait Source {
    type Item;
    type Error;

    /// Begins to walk.
    fn walk(&self, from: From) -> impl Iterator<Item = Result<(String, Self::Item), Self::Error>>;
}

/// What a page is made of.
#[derive(Clone, Debug)]
pub(super) struct Ask<'a> {
    pub(super) prefix: &'a str,
    pub(super) delimiter: Option<&'a str>,
    /// The page begins after this key or group.
    pub(super) after: Option<After<'a>>,
    pub(super) entries_max: usize,
}

/// Where the page before ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After<'a> {
    /// After this key; if it lies in a group, the group may still come.
    Key(&'a str),
    /// After this key and, if it lies in a group, after the group.
    KeyAndGroup(&'a str),
    /// In the middle of this key, of which the source knows more, or after its group.
    InKey(&'a str),
}

/// One line of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line<T> {
    Key(String, T),
    /// All keys that begin so stand for one line.
    Group(String),
}

impl<T> Line<T> {
    /// The key or the common prefix.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Key(name, _) | Self::Group(name) => name,
        }
    }
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Page<T> {
    pub(super) lines: Vec<Line<T>>,
    /// Whether there is more.
    pub(super) is_truncated: bool,
}

/// Makes a page: one seek for each common prefix, one step for each key.
pub(super) fn fold<S: Source>(source: &S, ask: &Ask<'_>) -> Result<Page<S::Item>, S::Error> {
    let mut page = Page { lines: Vec::new(), is_truncated: false };
    // As on S3, a page of no entries is the last one.
    if ask.entries_max == 0 {
        return Ok(page);
    }
    let mut walk = source.walk(start(ask));
    while let Some(next) = walk.next() {
        let (key, item) = next?;
        if !key.starts_with(ask.prefix) {
            break;
        }
        if page.lines.len() == ask.entries_max {
            page.is_truncated = true;
            break;
        }
        match group_of(&key, ask.prefix, ask.delimiter) {
            Some(group) => {
                walk = source.walk(From::AfterPrefix(group.to_owned()));
                page.lines.push(Line::Group(group.to_owned()));
            }
            None => page.lines.push(Line::Key(key, item)),
        }
    }
    Ok(page)
}

fn start(ask: &Ask<'_>) -> From {
    let (after, skips_group) = match ask.after {
        Some(After::Key(key)) => (key, false),
        Some(After::KeyAndGroup(key) | After::InKey(key)) => (key, true),
        None => ("", false),
    };
    // A page never begins before the prefix.
    if after < ask.prefix {
        return From::At(ask.prefix.to_owned());
    }
    match group_of(after, ask.prefix, ask.delimiter).filter(|_| skips_group) {
        Some(group) => From::AfterPrefix(group.to_owned()),
        None if after.is_empty() => From::At(String::new()),
        None if matches!(ask.after, Some(After::InKey(_))) => From::At(after.to_owned()),
        None => From::After(after.to_owned()),
    }
}

/// The common prefix that a key folds into: up to and with the first delimiter after the prefix.
fn group_of<'k>(key: &'k str, prefix: &str, delimiter: Option<&str>) -> Option<&'k str> {
    let delimiter = delimiter?;
    let rest = key.strip_prefix(prefix)?;
    let end = rest.find(delimiter)? + delimiter.len();
    Some(&key[..prefix.len() + end])
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeSet;
    use std::convert::Infallible;

    use proptest::prelude::*;

    use super::*;

    #[derive(Default)]
    struct Keys {
        all: BTreeSet<String>,
        seeks: Cell<usize>,
        steps: Cell<usize>,
    }

    impl Source for Keys {
        type Item = ();
        type Error = Infallible;

        fn walk(&self, from: From) -> impl Iterator<Item = Result<(String, ()), Infallible>> {
            self.seeks.set(self.seeks.get() + 1);
            let keys = self.all.iter().skip_while(move |key| match &from {
                From::At(at) => *key < at,
                From::After(after) => *key <= after,
                From::AfterPrefix(prefix) => *key <= prefix || key.starts_with(prefix.as_str()),
            });
            keys.map(|key| {
                self.steps.set(self.steps.get() + 1);
                Ok((key.clone(), ()))
            })
        }
    }

    fn keys(names: &str) -> Keys {
        Keys { all: names.split_whitespace().map(str::to_owned).collect(), ..Keys::default() }
    }

    fn page(keys: &Keys, ask: &Ask<'_>) -> Page<()> {
        let Ok(page) = fold(keys, ask);
        page
    }

    #[track_caller]
    fn check(names: &str, ask: &Ask<'_>, expected: &str, is_truncated: bool) {
        let page = page(&keys(names), ask);
        let lines: Vec<_> = page.lines.iter().map(Line::name).collect();
        assert_eq!((lines.join(" ").as_str(), page.is_truncated), (expected, is_truncated));
    }

    const ALL: Ask<'static> = Ask { prefix: "", delimiter: None, after: None, entries_max: 1000 };

    #[test]
    fn keys_fold_at_the_delimiter() {
        let names = "a a/1 a/2 b/c/1 b/d z";
        let slash = Ask { delimiter: Some("/"), ..ALL };
        check(names, &ALL, names, false);
        check(names, &slash, "a a/ b/ z", false);
        check(names, &Ask { prefix: "b/", ..slash.clone() }, "b/c/ b/d", false);
        check(names, &Ask { entries_max: 2, ..slash.clone() }, "a a/", true);
        check(names, &Ask { entries_max: 4, ..slash.clone() }, "a a/ b/ z", false);
        check(names, &Ask { entries_max: 0, ..slash.clone() }, "", false);
        check(names, &Ask { delimiter: Some("/c/"), ..ALL }, "a a/1 a/2 b/c/ b/d z", false);
    }

    #[test]
    fn a_marker_inside_a_group_skips_it_or_not() {
        let names = "a/1 a/2 b";
        let slash = Ask { delimiter: Some("/"), ..ALL };
        for marker in ["a/", "a/1"] {
            check(
                names,
                &Ask { after: Some(After::KeyAndGroup(marker)), ..slash.clone() },
                "b",
                false,
            );
            check(names, &Ask { after: Some(After::Key(marker)), ..slash.clone() }, "a/ b", false);
        }
        check(names, &Ask { after: Some(After::Key("a/2")), ..slash.clone() }, "b", false);
        check(names, &Ask { after: Some(After::InKey("a/2")), ..slash.clone() }, "b", false);
        check(names, &Ask { after: Some(After::InKey("a/2")), ..ALL }, "a/2 b", false);
        check(names, &Ask { after: Some(After::Key("0")), prefix: "a/", ..ALL }, "a/1 a/2", false);
        check(names, &Ask { after: Some(After::Key("z")), prefix: "a/", ..ALL }, "", false);
    }

    #[test]
    fn a_folded_prefix_costs_one_seek() {
        let names: Vec<_> = (0..1000).map(|n| format!("a/{n:04}")).collect();
        let keys = keys(&format!("{} b", names.join(" ")));
        let lines = page(&keys, &Ask { delimiter: Some("/"), ..ALL }).lines.len();
        assert_eq!((lines, keys.seeks.get(), keys.steps.get()), (2, 2, 2));
    }

    proptest! {
        /// Pages of any size, one after the other, are the listing in one piece.
        #[test]
        fn pages_join_to_the_whole(
            names in proptest::collection::btree_set("[ab/]{1,5}", 0..30),
            prefix in "[ab/]{0,2}",
            entries_max in 1_usize..5,
            has_delimiter: bool,
        ) {
            let keys = Keys { all: names, ..Keys::default() };
            let delimiter = has_delimiter.then_some("/");
            let ask = Ask { prefix: &prefix, delimiter, ..ALL };
            let whole = page(&keys, &ask).lines;
            let mut lines: Vec<Line<()>> = Vec::new();
            loop {
                let last = lines.last().map(|line| line.name().to_owned());
                let after = last.as_deref().map(After::KeyAndGroup);
                let next = page(&keys, &Ask { after, entries_max, ..ask.clone() });
                lines.extend(next.lines);
                if !next.is_truncated {
                    break;
                }
            }
            prop_assert_eq!(lines, whole);
        }
    }
}
