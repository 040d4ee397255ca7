//! `Arguments`: the words of the command line, and what they ask for.

use std::ffi::OsString;

use clap::Parser;
use clap::Subcommand;

use super::CliError;
use super::env::EnvFlags;
use super::explain::ExplainFlags;
use super::post_form::PostFormFlags;
use super::presign::PresignFlags;
use super::serve_flags::ServeFlags;

/// Stands in for Amazon S3 in tests: says no where S3 would say no, and tells you why.
#[derive(Debug, Parser)]
#[command(name = "stuntbucket", version, args_conflicts_with_subcommands = true)]
#[command(max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    /// `serve` is what is meant when no command is named.
    #[command(flatten)]
    serve: ServeFlags,
}

/// What is asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Runs an emulator until it is told to stop. This is the default command.
    Serve(ServeFlags),
    /// Prints a presigned URL; needs no running emulator.
    Presign(PresignFlags),
    /// Prints a form with which a browser uploads a file; needs no running emulator.
    PostForm(PostFormFlags),
    /// Says what S3 would say of a URL, a form or a request, and why; needs no running emulator.
    Explain(ExplainFlags),
    /// Prints the environment that points AWS clients at a running emulator.
    Env(EnvFlags),
}

impl Arguments {
    /// Reads the command line, of which the first word is the program itself.
    ///
    /// Where help or the version is asked for, it is printed and the process ends.
    pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Command, CliError> {
        match Self::try_parse_from(words) {
            Ok(arguments) => Ok(arguments.command.unwrap_or(Command::Serve(arguments.serve))),
            Err(error) if error.use_stderr() => Err(CliError::Usage(one_line(&error.to_string()))),
            Err(help) => help.exit(),
        }
    }
}

/// The complaint and the tips, without the usage that clap prints below them.
fn one_line(complaint: &str) -> String {
    let paragraphs = complaint.trim_start_matches("error: ").split("\n\n");
    let to_say = paragraphs.take_while(|text| !is_usage(text));
    let lines = to_say.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.collect::<Vec<_>>().join("; ")
}

fn is_usage(paragraph: &str) -> bool {
    let paragraph = paragraph.trim_start();
    paragraph.starts_with("Usage:") || paragraph.starts_with("For more information")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn read(line: &str) -> Result<Command, CliError> {
        Arguments::read(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn serve_is_what_is_meant_when_no_command_is_named() {
        for line in ["stuntbucket", "stuntbucket serve", "stuntbucket --region eu-west-1"] {
            assert!(matches!(read(line), Ok(Command::Serve(_))), "{line}");
        }
        assert!(matches!(read("stuntbucket env"), Ok(Command::Env(_))));
    }

    #[track_caller]
    fn check(line: &str, complaint: &str) {
        let error = read(line).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert_eq!(error.to_string(), complaint);
    }

    #[test]
    fn a_bad_flag_is_one_line_that_names_it() {
        check("stuntbucket --seed gallery", "unexpected argument '--seed' found");
        check(
            "stuntbucket --lisen 1",
            "unexpected argument '--lisen' found; tip: a similar argument exists: '--listen'",
        );
        check(
            "stuntbucket --listen everywhere",
            "invalid value 'everywhere' for '--listen <ADDR>': \
             not an address and port such as 127.0.0.1:9000",
        );
        check(
            "stuntbucket serve --relax everything",
            "invalid value 'everything' for '--relax <CHECK>' [possible values: signature, expiry, \
             skew, region, unsigned-headers, payload-hash, form-policy, access, \
             public-access-block, ownership, https, sse-c]",
        );
        check(
            "stuntbucket presign",
            "the following required arguments were not provided: <METHOD> <S3_URL>",
        );
    }
}
