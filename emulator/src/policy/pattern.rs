//! `Pattern`: text with wildcards and policy variables.

use super::Context;
use super::context_key;

/// A text that a policy compares with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    pieces: Vec<Piece>,
}

/// Whether `*` and `?` stand for other characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wildcards {
    Count,
    AreLiteral,
}

/// Whether `${...}` stands for a value of the request. Policies of 2008 have no variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variables {
    Count,
    AreLiteral,
}

/// Whether letters are compared with their case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Counts,
    IsIgnored,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Character(char),
    /// `*`: any characters, also none, also slashes.
    Any,
    /// `?`: one character.
    One,
    /// `${key}` or `${key, 'default'}`.
    Variable {
        key: String,
        default: Option<String>,
    },
}

impl Pattern {
    pub(super) fn new(text: &str, wildcards: Wildcards, variables: Variables) -> Self {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            if variables == Variables::Count
                && let Some((piece, after)) = variable(rest)
            {
                pieces.push(piece);
                rest = after;
                continue;
            }
            pieces.push(match character {
                '*' if wildcards == Wildcards::Count => Piece::Any,
                '?' if wildcards == Wildcards::Count => Piece::One,
                other => Piece::Character(other),
            });
            rest = &rest[character.len_utf8()..];
        }
        Self { pieces }
    }

    /// Whether the whole text fits. A variable that has no value fits nothing.
    pub(super) fn matches(&self, text: &str, case: Case, context: &dyn Context) -> bool {
        let Some(pieces) = self.resolved(context) else { return false };
        let text: Vec<char> = text.chars().collect();
        fits(&pieces, &text, case)
    }

    /// Whether the text of the pattern is one text for every request.
    pub(super) fn is_fixed(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Character(_)))
    }

    /// What comes before the first wildcard or variable.
    pub(super) fn fixed_beginning(&self) -> String {
        let characters = self.pieces.iter().map_while(|piece| match piece {
            Piece::Character(character) => Some(*character),
            Piece::Any | Piece::One | Piece::Variable { .. } => None,
        });
        characters.collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    fn resolved(&self, context: &dyn Context) -> Option<Vec<Piece>> {
        let mut resolved = Vec::with_capacity(self.pieces.len());
        for piece in &self.pieces {
            match piece {
                Piece::Variable { key, default } => {
                    // A key with several values cannot stand in a text.
                    let value = match context.values(key).as_deref() {
                        Some([value]) => value.clone(),
                        _ => default.clone()?,
                    };
                    resolved.extend(value.chars().map(Piece::Character));
                }
                other => resolved.push(other.clone()),
            }
        }
        Some(resolved)
    }
}

/// The variable at the start of a text, and what follows it.
fn variable(text: &str) -> Option<(Piece, &str)> {
    let (inside, after) = text.strip_prefix("${")?.split_once('}')?;
    let piece = match inside {
        "*" => Piece::Character('*'),
        "?" => Piece::Character('?'),
        "$" => Piece::Character('$'),
        _ => {
            let (key, default) = match inside.split_once(',') {
                Some((key, default)) => {
                    let default = default.trim().strip_prefix('\'')?.strip_suffix('\'')?;
                    (key, Some(default.to_owned()))
                }
                None => (inside, None),
            };
            Piece::Variable { key: context_key(key.trim()), default }
        }
    };
    Some((piece, after))
}

/// Each `*` first takes nothing, and a character more whenever what follows it does not fit.
fn fits(pieces: &[Piece], text: &[char], case: Case) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match pieces.get(at) {
            Some(Piece::Any) => {
                star = Some((at, read));
                at += 1;
            }
            Some(Piece::One) => {
                at += 1;
                read += 1;
            }
            Some(Piece::Character(wanted)) if is_same(*wanted, text[read], case) => {
                at += 1;
                read += 1;
            }
            _ => match &mut star {
                Some((after, taken)) => {
                    *taken += 1;
                    at = *after + 1;
                    read = *taken;
                }
                None => return false,
            },
        }
    }
    pieces[at..].iter().all(|piece| *piece == Piece::Any)
}

fn is_same(one: char, other: char, case: Case) -> bool {
    one == other || case == Case::IsIgnored && one.to_lowercase().eq(other.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, text: &str, expected: bool) {
        let context = |key: &str| match key {
            "aws:username" => Some(vec!["ali*ce".to_owned()]),
            "aws:tagkeys" => Some(vec!["a".to_owned(), "b".to_owned()]),
            _ => None,
        };
        let pattern = Pattern::new(pattern, Wildcards::Count, Variables::Count);
        assert_eq!(pattern.matches(text, Case::Counts, &context), expected, "{pattern:?} {text}");
    }

    #[test]
    fn wildcards_span_everything() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("a", "A", false),
            ("a*c", "abbc", true),
            ("a*c", "abbcd", false),
            ("a*b*c", "a/b:b//c", true),
            ("?", "ü", true),
            ("?", "", false),
            ("a?c*", "abc", true),
            ("**a", "aaa", true),
            // Documented as an example of resources in the IAM guide.
            ("b/*/test/*", "b/1///test///object.jpg", true),
            ("b/*/test/*", "b//test/object.jpg", true),
            ("b/*/test/*", "b/1/test/", true),
            ("b/*/test/*", "b/1-test/object.jpg", false),
            ("b/*/test/*", "b/test/object.jpg", false),
        ] {
            check(pattern, text, expected);
        }
    }

    #[test]
    fn variables_stand_for_values_of_the_request() {
        for (pattern, text, expected) in [
            ("home/${aws:username}/*", "home/ali*ce/a", true),
            ("home/${AWS:UserName}/*", "home/ali*ce/a", true),
            ("home/${aws:username}", "home/alixce", false),
            ("${aws:userid}", "", false),
            ("${aws:userid, 'nobody'}", "nobody", true),
            ("${aws:username, 'nobody'}", "nobody", false),
            ("${aws:tagkeys}", "a", false),
            ("${*}${?}${$}", "*?$", true),
            ("${*}", "a", false),
            ("${unfinished", "${unfinished", true),
            ("$a{b}", "$a{b}", true),
        ] {
            check(pattern, text, expected);
        }
    }

    #[test]
    fn an_old_policy_has_no_variables() {
        let pattern = Pattern::new("${aws:username}", Wildcards::Count, Variables::AreLiteral);
        let context = |_: &str| Some(vec!["alice".to_owned()]);
        assert!(pattern.matches("${aws:username}", Case::Counts, &context));
        assert!(!pattern.matches("alice", Case::Counts, &context));
    }
}
