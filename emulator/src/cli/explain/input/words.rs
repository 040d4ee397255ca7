//! The words of a shell line, as sh and bash read them.

/// Splits a line into words: quotes, backslashes, `$'...'`, and lines that go on. Nothing is
/// expanded. The line ends at an operator outside of quotes.
pub(super) fn split(line: &str) -> Result<Vec<String>, &'static str> {
    const OPEN: &str = "a quote of the command line is not closed";
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next().ok_or(OPEN)? {
                        '\'' => break,
                        letter => word.push(letter),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match letters.next().ok_or(OPEN)? {
                        '"' => break,
                        '\\' => match letters.next().ok_or(OPEN)? {
                            '\n' => {}
                            escaped @ ('"' | '\\' | '$' | '`' | '!') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        letter => word.push(letter),
                    }
                }
            }
            '$' if letters.peek() == Some(&'\'') => {
                letters.next();
                ansi_c(&mut letters, word.get_or_insert_default()).ok_or(OPEN)?;
            }
            '\\' => match letters.next() {
                Some('\n') | None => {}
                // A file from another system.
                Some('\r') if letters.peek() == Some(&'\n') => {
                    letters.next();
                }
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            ' ' | '\t' | '\r' => words.extend(word.take()),
            '\n' | ';' | '|' | '&' | '>' | '<' => {
                // Only the line itself is wanted, not what its output goes to.
                words.extend(word.take());
                if !words.is_empty() {
                    break;
                }
            }
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    Ok(words)
}

/// The inside of `$'...'`, with its escapes; `None` if it has no end.
fn ansi_c(letters: &mut std::iter::Peekable<std::str::Chars<'_>>, word: &mut String) -> Option<()> {
    loop {
        match letters.next()? {
            '\'' => return Some(()),
            '\\' => match letters.next()? {
                'n' => word.push('\n'),
                'r' => word.push('\r'),
                't' => word.push('\t'),
                'x' => word.push(numbered(letters, 2)?),
                'u' => word.push(numbered(letters, 4)?),
                'U' => word.push(numbered(letters, 8)?),
                other => word.push(other),
            },
            letter => word.push(letter),
        }
    }
}

/// The character of at most so many hexadecimal digits.
fn numbered(
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
    digits_max: u32,
) -> Option<char> {
    let mut number = 0_u32;
    for _ in 0..digits_max {
        let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(16)) else { break };
        number = number.checked_mul(16)?.checked_add(digit)?;
        letters.next();
    }
    Some(char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        assert_eq!(split(line).unwrap(), expected, "{line}");
    }

    #[test]
    fn words_are_split_as_a_shell_splits_them() {
        check("curl 'a b' \"c d\" e\\ f", &["curl", "a b", "c d", "e f"]);
        check("a'b'\"c\"d", &["abcd"]);
        check("'' \"\"", &["", ""]);
        check("a \\\n  b \\\r\n c", &["a", "b", "c"]);
        check(r#""x\"y\\z\n" '\n'"#, &["x\"y\\z\\n", "\\n"]);
        check(r"$'a\'b\n\u0021\x41'", &["a'b\n!A"]);
        check("curl 'u?a&b' | less", &["curl", "u?a&b"]);
        check("curl u?a&b=c", &["curl", "u?a"]);
        check("\n curl x\necho", &["curl", "x"]);
        check("", &[]);
        for line in ["'a", "\"a", "$'a", "\"a\\"] {
            assert!(split(line).is_err(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_odd(text in ".*", odd in "(['\"\\\\$ \n]|a|u|x|0)*") {
            let _ = (split(&text), split(&odd));
        }

        #[test]
        fn a_quoted_word_comes_back(word in "[^']*") {
            prop_assert_eq!(split(&format!("x '{word}'")).unwrap(), ["x", &word]);
        }
    }
}
