//! Two texts, line by line: what both have, and what only one has.

use std::fmt;

use crate::credentials::first_letters;

use super::super::verdict::Difference;
use super::super::verdict::Signed;
use super::Suspect;
use super::TOKEN;
use super::policy;

/// The client's text beside the verifier's, line by line. Of a session token it has the first
/// letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff {
    /// Which texts.
    pub of: Compared,
    /// All lines of both.
    pub lines: Vec<DiffLine>,
}

/// Which texts are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// Of Version 4.
    CanonicalRequest,
    /// Where a request has no canonical request, or both have the same.
    StringToSign,
    /// A form's, decoded if the documents differ, else as they were signed.
    Policy,
}

impl Compared {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::CanonicalRequest => "canonical request",
            Self::StringToSign => "string to sign",
            Self::Policy => "policy",
        }
    }
}

impl Diff {
    pub(super) fn of(of: Compared, client: &str, verifier: &str) -> Self {
        let mut lines = diff(client, verifier);
        for line in &mut lines {
            line.text = without_token(&line.text);
        }
        Self { of, lines }
    }
}

impl Suspect {
    /// The client's text beside the verifier's; `None` where they are alike, or the client's is not
    /// known.
    pub fn diff(&self, difference: &Difference) -> Option<Diff> {
        if let (Some(client), Some(verifier)) =
            (&self.canonical_request, &difference.canonical_request)
        {
            return Some(Diff::of(Compared::CanonicalRequest, client.text(), verifier.text()));
        }
        let (client, verifier) = (self.string_to_sign.as_ref()?.text(), &difference.string_to_sign);
        Some(match difference.signed {
            Signed::Policy => policy::diff(client, verifier.text()),
            Signed::Request | Signed::Chunk(_) | Signed::Trailer => {
                Diff::of(Compared::StringToSign, client, verifier.text())
            }
        })
    }
}

/// The first line that differs is marked.
impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "The client's {} (-) and the verifier's (+):", self.of.name())?;
        for line in &self.lines {
            let mark = if line.is_first_difference { '>' } else { ' ' };
            write!(f, "\n{mark} {} {}", line.side.sign(), line.text)?;
        }
        Ok(())
    }
}

/// A line without the token that it may hold, as a header or in a query.
fn without_token(line: &str) -> String {
    if let Some((name, token)) = line.split_once(':')
        && name.eq_ignore_ascii_case(TOKEN)
    {
        return format!("{name}:{}", first_letters(token));
    }
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, token)) if name.trim_start_matches('?').eq_ignore_ascii_case(TOKEN) => {
            format!("{name}={}", first_letters(token))
        }
        _ => pair.to_owned(),
    };
    line.split('&').map(pair).collect::<Vec<_>>().join("&")
}

/// Whose a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Both have it.
    Both,
    /// The client signed it.
    Client,
    /// The verifier signed it.
    Verifier,
}

impl Side {
    /// The character that stands before a line of it.
    pub fn sign(self) -> char {
        match self {
            Self::Both => ' ',
            Self::Client => '-',
            Self::Verifier => '+',
        }
    }
}

/// A line of a diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// Whose it is.
    pub side: Side,
    /// Without its end.
    pub text: String,
    /// Whether it is the first line that differs.
    pub is_first_difference: bool,
}

/// More lines than a request has; then all lines are laid out one side after the other.
const LINES_MAX: usize = 300;

/// Lays the lines of two texts next to each other.
fn diff(client: &str, verifier: &str) -> Vec<DiffLine> {
    let (client, verifier): (Vec<_>, Vec<_>) =
        (client.split('\n').collect(), verifier.split('\n').collect());
    let common = common_lines(&client, &verifier);
    let mut lines = Vec::new();
    let mut push = |side, text: &str| {
        let is_first_difference =
            side != Side::Both && lines.iter().all(|line: &DiffLine| line.side == Side::Both);
        lines.push(DiffLine { side, text: text.to_owned(), is_first_difference });
    };
    let (mut one, mut other) = (0, 0);
    while one < client.len() || other < verifier.len() {
        if one < client.len() && other < verifier.len() && client[one] == verifier[other] {
            push(Side::Both, client[one]);
            (one, other) = (one + 1, other + 1);
        } else if other == verifier.len()
            || (one < client.len() && common(one + 1, other) >= common(one, other + 1))
        {
            push(Side::Client, client[one]);
            one += 1;
        } else {
            push(Side::Verifier, verifier[other]);
            other += 1;
        }
    }
    lines
}

/// How many lines the rests of two texts have in common, in order.
fn common_lines(one: &[&str], other: &[&str]) -> impl Fn(usize, usize) -> usize {
    let (rows, columns) = (one.len() + 1, other.len() + 1);
    let is_small = rows.max(columns) <= LINES_MAX;
    let mut lengths = vec![0; if is_small { rows * columns } else { 0 }];
    if is_small {
        for row in (0..one.len()).rev() {
            for column in (0..other.len()).rev() {
                lengths[row * columns + column] = if one[row] == other[column] {
                    lengths[(row + 1) * columns + column + 1] + 1
                } else {
                    lengths[(row + 1) * columns + column].max(lengths[row * columns + column + 1])
                };
            }
        }
    }
    move |row, column| lengths.get(row * columns + column).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(client: &str, verifier: &str, expected: &str) {
        let line = |line: DiffLine| {
            let mark = if line.is_first_difference { '>' } else { ' ' };
            format!("{mark}{}{}", line.side.sign(), line.text)
        };
        let found: Vec<_> = diff(client, verifier).into_iter().map(line).collect();
        assert_eq!(found.join("|"), expected);
    }

    #[test]
    fn the_first_difference_is_marked() {
        check("a\nb\nc", "a\nx\nc", "  a|>-b| +x|  c");
        check("a\nc", "a\nb\nc", "  a|>+b|  c");
        check("a\nb", "a", "  a|>-b");
        check("a", "a", "  a");
        check("a\nb\nc\nd", "b\nd\ne", ">-a|  b| -c|  d| +e");
    }
}
