//! What came of a run, for a person (text, HTML) and for a machine (JSON, JUnit XML).

mod html;
mod json;
mod junit;
mod text;

#[cfg(test)]
pub(crate) mod tests;

use std::fmt;

use crate::known::Judgement;
use crate::known::Known;
use crate::run::Deviation;
use crate::run::Entry;
use crate::run::Outcome;
use crate::suite::Run;
use crate::xml::Element;

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
    /// Those among the passed whose promise nothing had settled.
    pub(crate) passed_unverified: usize,
    pub(crate) deviated: usize,
    pub(crate) known: usize,
    pub(crate) findings: usize,
    pub(crate) skipped: usize,
}

/// How a flow ended, held against what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Passed,
    Deviated,
    Known,
    Finding,
    Skipped,
    Interrupted,
}

impl Mark {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Deviated => "deviated",
            Self::Known => "known",
            Self::Finding => "finding",
            Self::Skipped => "skipped",
            Self::Interrupted => "interrupted",
        }
    }
}

impl Report<'_> {
    /// One line a flow, the deviations at length, the findings, and a summary.
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
            Outcome::Deviated(_) if !entry.flow.is_verified => Mark::Finding,
            Outcome::Deviated(_) => Mark::Deviated,
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for entry in &self.run.entries {
            match self.mark(entry) {
                Mark::Passed => {
                    counts.passed += 1;
                    counts.passed_unverified += usize::from(!entry.flow.is_verified);
                }
                Mark::Deviated => counts.deviated += 1,
                Mark::Known => counts.known += 1,
                Mark::Finding => counts.findings += 1,
                Mark::Skipped => counts.skipped += 1,
                Mark::Interrupted => {}
            }
        }
        counts
    }

    /// The flows whose promise nothing had settled, and what was answered otherwise.
    fn findings(&self) -> impl Iterator<Item = (&str, &Deviation)> {
        self.run.entries.iter().filter_map(|entry| match (self.mark(entry), &entry.outcome) {
            (Mark::Finding, Outcome::Deviated(deviation)) => Some((entry.flow.name, &**deviation)),
            _ => None,
        })
    }

    fn left_behind(&self) -> impl Iterator<Item = &str> {
        self.run.entries.iter().flat_map(|entry| &entry.left_behind).map(String::as_str)
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { passed, passed_unverified, deviated, known, findings, skipped } = self;
        write!(
            f,
            "{passed} passed ({passed_unverified} of them unverified), {deviated} deviated, \
             {known} deviated as known, {findings} findings, {skipped} skipped",
        )
    }
}

/// What a target answered where something else was written down, in the words of the matrix.
fn answered(deviation: &Deviation) -> String {
    let Some(response) = &deviation.response else { return deviation.complaints.join("; ") };
    let root = Element::parse(&response.text());
    let text = |name: &str| {
        let element = root.as_ref().and_then(|root| root.at(name));
        element.map_or("", |element| element.text.as_str()).to_owned()
    };
    format!("{} {} {}", response.status, text("Code"), text("Message")).trim_end().to_owned()
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
