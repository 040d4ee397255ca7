//! What came of a run, for a person (text, HTML) and for a machine (JSON, JUnit XML).

mod html;
mod json;
mod junit;
mod text;

#[cfg(test)]
pub(crate) mod tests;

use crate::known::Judgement;
use crate::known::Known;
use crate::run::Entry;
use crate::run::Outcome;
use crate::suite::Run;

/// A run, what was known before it, and how the two agree.
#[derive(Debug)]
pub struct Report<'a> {
    /// The run.
    pub run: &'a Run,
    /// What the target is known to do otherwise.
    pub known: &'a Known,
    /// How the run agrees with that.
    pub judgement: &'a Judgement<'a>,
}

/// How many flows ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) deviated: usize,
    pub(crate) known: usize,
    pub(crate) skipped: usize,
}

/// How a flow ended, held against what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Passed,
    Deviated,
    Known,
    Skipped,
    Interrupted,
}

impl Mark {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Deviated => "deviated",
            Self::Known => "known",
            Self::Skipped => "skipped",
            Self::Interrupted => "interrupted",
        }
    }
}

impl Report<'_> {
    /// One line a flow, the deviations at length, and a summary.
    pub fn text(&self) -> String {
        text::write(self)
    }

    /// Everything that a program may want to know, exchanges of deviations included.
    pub fn json(&self) -> String {
        json::write(self)
    }

    /// The form that build servers read.
    pub fn junit(&self) -> String {
        junit::write(self)
    }

    /// A page that needs nothing else.
    pub fn html(&self) -> String {
        html::write(self)
    }

    fn mark(&self, entry: &Entry) -> Mark {
        match &entry.outcome {
            Outcome::Passed => Mark::Passed,
            Outcome::Skipped { .. } => Mark::Skipped,
            Outcome::Interrupted => Mark::Interrupted,
            Outcome::Deviated(_) if self.known.reason(entry.flow.name).is_some() => Mark::Known,
            Outcome::Deviated(_) => Mark::Deviated,
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.run.entries {
            match self.mark(entry) {
                Mark::Passed => counts.passed += 1,
                Mark::Deviated => counts.deviated += 1,
                Mark::Known => counts.known += 1,
                Mark::Skipped => counts.skipped += 1,
                Mark::Interrupted => {}
            }
        }
        counts
    }

    fn left_behind(&self) -> impl Iterator<Item = &str> {
        self.run.entries.iter().flat_map(|entry| &entry.left_behind).map(String::as_str)
    }
}

/// A text between tags or in quotes, in XML and in HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(character),
            // XML 1.0 cannot hold other control characters in any spelling.
            control if control.is_control() => escaped.push('\u{FFFD}'),
            other => escaped.push(other),
        }
    }
    escaped
}
