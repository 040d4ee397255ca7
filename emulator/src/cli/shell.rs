//! `Shell`: how words and variables are spelled for those who read them.

use clap::ValueEnum;

use super::CliError;
use super::json_object::JsonObject;

/// Who reads the variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Shell {
    /// sh, bash and zsh
    Sh,
    /// fish
    Fish,
    /// PowerShell
    Powershell,
    /// Whatever reads `.env` files
    Dotenv,
    /// A program: one object
    Json,
}

impl Shell {
    /// The text that sets these variables.
    pub(super) fn assign(self, variables: &[(&str, String)]) -> Result<String, CliError> {
        let line = |(name, value): &(&str, String)| match self {
            Self::Sh => format!("export {name}={}", word(value)),
            Self::Fish => format!("set -gx {name} {}", fish_word(value)),
            Self::Powershell => format!("$env:{name} = '{}'", value.replace('\'', "''")),
            Self::Dotenv | Self::Json => format!("{name}={}", dotenv_value(value)),
        };
        if self == Self::Json {
            return serde_json::to_string_pretty(&JsonObject(variables))
                .map_err(|error| CliError::Failed(error.to_string()));
        }
        Ok(variables.iter().map(line).collect::<Vec<_>>().join("\n"))
    }
}

/// A word for sh: as it is where that is safe, else in quotes.
pub(super) fn word(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

/// A word for fish, which knows two escapes between single quotes.
fn fish_word(text: &str) -> String {
    let escaped = || text.replace('\\', r"\\").replace('\'', r"\'");
    if is_plain(text) { text.to_owned() } else { format!("'{}'", escaped()) }
}

/// The readers of `.env` files agree on plain values, and most of them on these escapes.
fn dotenv_value(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let text = text.replace('\\', r"\\").replace('"', r#"\""#).replace('$', r"\$");
    format!("\"{}\"", text.replace('\n', r"\n"))
}

fn is_plain(text: &str) -> bool {
    let is_safe = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:+,@%".contains(&byte);
    !text.is_empty() && text.bytes().all(is_safe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_words_stay_and_others_are_quoted() {
        for (text, expected) in [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$HOME", "'$HOME'"),
            ("it's", r"'it'\''s'"),
        ] {
            assert_eq!(word(text), expected);
        }
    }

    #[test]
    fn every_shell_has_its_own_quotes() {
        for (shell, expected) in [
            (Shell::Sh, r#"export A='it'\''s "$b" \'"#),
            (Shell::Fish, r#"set -gx A 'it\'s "$b" \\'"#),
            (Shell::Powershell, r#"$env:A = 'it''s "$b" \'"#),
            (Shell::Dotenv, r#"A="it's \"\$b\" \\""#),
            (Shell::Json, "{\n  \"A\": \"it's \\\"$b\\\" \\\\\"\n}"),
        ] {
            let variables = [("A", r#"it's "$b" \"#.to_owned())];
            assert_eq!(shell.assign(&variables).unwrap(), expected);
        }
    }
}
