//! What a target is known to do otherwise, each flow with the reason; and entries that rot.
//!
//! ```toml
//! [deviations]
//! "listing/encoding-type" = "answers without EncodingType since version 3"
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::flow::Flow;
use crate::run::Outcome;
use crate::suite::Run;

/// The deviations that are expected of a target: the name of a flow, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    #[serde(default)]
    deviations: BTreeMap<String, String>,
}

impl Known {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// If it is not TOML of this shape, or a reason is empty.
    pub fn parse(text: &str) -> Result<Self, NotKnown> {
        let known: Self =
            toml::from_str(text).map_err(|error| NotKnown::Shape(error.to_string()))?;
        match known.deviations.iter().find(|(_, reason)| reason.trim().is_empty()) {
            Some((name, _)) => Err(NotKnown::NoReason(name.clone())),
            None => Ok(known),
        }
    }

    /// Why this flow is expected to deviate.
    pub fn reason(&self, flow: &str) -> Option<&str> {
        self.deviations.get(flow).map(String::as_str)
    }

    /// Holds a run against the list. `all` are the flows there are, whether they ran or not.
    pub fn judge<'a>(&'a self, run: &'a Run, all: &[&'static Flow]) -> Judgement<'a> {
        let mut judgement = Judgement::default();
        for entry in &run.entries {
            let reason = self.reason(entry.flow.name);
            match (&entry.outcome, reason) {
                (Outcome::Deviated(_), None) if !entry.flow.is_verified => {
                    judgement.findings.push(entry.flow.name);
                }
                (Outcome::Deviated(_), None) => judgement.unexpected.push(entry.flow.name),
                (Outcome::Deviated(_), Some(_)) => judgement.expected.push(entry.flow.name),
                (Outcome::Passed, Some(_)) => {
                    judgement.rotten.push(Rotten::Passes(entry.flow.name));
                }
                _ => {}
            }
        }
        let names = self.deviations.keys();
        let gone = names.filter(|name| !all.iter().any(|flow| flow.name == **name));
        judgement.rotten.extend(gone.map(|name| Rotten::MatchesNoFlow(name)));
        judgement
    }
}

/// A run held against what is known.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Judgement<'a> {
    /// Flows that deviate though nobody said so.
    pub unexpected: Vec<&'a str>,
    /// Flows that deviate where nothing had settled what is promised.
    pub findings: Vec<&'a str>,
    /// Flows that deviate as the list says.
    pub expected: Vec<&'a str>,
    /// Entries of the list that are no longer true.
    pub rotten: Vec<Rotten<'a>>,
}

impl Judgement<'_> {
    /// Whether no promise is broken: no deviation that the list lacks, no entry that has rotted.
    /// Findings break none.
    pub fn is_good(&self) -> bool {
        self.unexpected.is_empty() && self.rotten.is_empty()
    }
}

/// An entry that is no longer true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotten<'a> {
    /// The flow passes.
    Passes(&'a str),
    /// There is no such flow.
    MatchesNoFlow(&'a str),
}

impl Rotten<'_> {
    /// The name of the entry.
    pub fn name(&self) -> &str {
        match self {
            Self::Passes(name) | Self::MatchesNoFlow(name) => name,
        }
    }
}

impl fmt::Display for Rotten<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passes(name) => write!(f, "`{name}` is listed as a known deviation, and passes"),
            Self::MatchesNoFlow(name) => {
                write!(f, "`{name}` is listed as a known deviation, and is no flow")
            }
        }
    }
}

/// Why a list of known deviations cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub enum NotKnown {
    /// An entry without a reason.
    NoReason(String),
    /// Not the shape of such a list.
    Shape(String),
}

impl fmt::Display for NotKnown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoReason(name) => write!(f, "the known deviation `{name}` has no reason"),
            Self::Shape(error) => f.write_str(error),
        }
    }
}

impl std::error::Error for NotKnown {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::run_of;

    const ALL: [&Flow; 4] = [
        &crate::report::tests::PASSES,
        &crate::report::tests::DEVIATES,
        &crate::report::tests::SURPRISES,
        &crate::report::tests::SKIPS,
    ];

    #[test]
    fn what_nobody_expected_is_told_from_what_somebody_did() {
        let run = run_of();
        let nothing = Known::default();
        let judgement = nothing.judge(&run, &ALL);
        assert_eq!(judgement.unexpected, ["test/deviates"]);
        assert_eq!(judgement.findings, ["test/surprises"]);
        assert!(!judgement.is_good());

        let known = Known::parse("[deviations]\n\"test/deviates\" = \"old\"\n").unwrap();
        let judgement = known.judge(&run, &ALL);
        assert_eq!(judgement.expected, ["test/deviates"]);
        assert!(judgement.is_good());
    }

    #[test]
    fn entries_that_rot_fail_the_run() {
        let text = "[deviations]\n\"test/deviates\" = \"a\"\n\"test/gone\" = \"b\"\n\
                    \"test/passes\" = \"c\"\n\"test/skips\" = \"d\"\n";
        let known = Known::parse(text).unwrap();
        let run = run_of();
        let judgement = known.judge(&run, &ALL);
        let rotten = [Rotten::Passes("test/passes"), Rotten::MatchesNoFlow("test/gone")];
        assert_eq!(judgement.rotten, rotten);
        assert!(judgement.unexpected.is_empty() && !judgement.is_good());
    }

    #[test]
    fn a_list_needs_reasons_and_its_own_shape() {
        assert_eq!(Known::parse(""), Ok(Known::default()));
        let error = Known::parse("[deviations]\n\"a/b\" = \" \"\n").unwrap_err();
        assert_eq!(error.to_string(), "the known deviation `a/b` has no reason");
        assert!(Known::parse("[known]\n").unwrap_err().to_string().contains("known"));
    }
}
