//! Two texts, line by line: what both have, and what only one has.

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
pub(super) fn diff(client: &str, verifier: &str) -> Vec<DiffLine> {
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
            let side = match line.side {
                Side::Both => ' ',
                Side::Client => '-',
                Side::Verifier => '+',
            };
            let mark = if line.is_first_difference { '>' } else { ' ' };
            format!("{mark}{side}{}", line.text)
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
