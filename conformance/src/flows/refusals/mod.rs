//! The matrix of refusals, `fixtures/refusals/matrix.toml`: each cell is a flow of one request.
//!
//! `docs/order-of-faults.md` says how the order of the faults was found, [`faults`] what each of them is.

mod faults;
mod requests;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use self::requests::REQUESTS;
use self::requests::Whole;
use crate::flow::Bucket;
use crate::flow::Expect;
use crate::flow::Expect::Refused;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Spoil;
use crate::flow::Step;

const MATRIX: &str = include_str!("../../../../fixtures/refusals/matrix.toml");

/// The source of a cell that nothing settles.
const GUESSED: &str = "settled by no recording: docs/order-of-faults.md";

/// Whole requests, and how each is answered when it is spoiled.
type Matrix = BTreeMap<String, Cells>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cells {
    alone: Vec<Alone>,
    pairs: Vec<Pair>,
}

/// One fault, and what it is answered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Alone {
    fault: String,
    status: u16,
    code: String,
    message: String,
    verified: bool,
    source: Option<String>,
}

/// Two faults, and which is answered.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    faults: [String; 2],
    wins: String,
    verified: bool,
    source: Option<String>,
}

/// The cells in the order of the file, and before each section the request that is not spoiled.
pub(super) fn flows() -> &'static [Flow] {
    static FLOWS: LazyLock<Vec<Flow>> = LazyLock::new(|| {
        let matrix = matrix();
        REQUESTS
            .iter()
            .filter_map(|whole| Some((whole, matrix.get(whole.name)?)))
            .flat_map(|(whole, cells)| flows_of(whole, cells))
            .collect()
    });
    &FLOWS
}

fn matrix() -> Matrix {
    toml::from_str(MATRIX).unwrap_or_else(|error| panic!("the matrix of refusals: {error}"))
}

fn flows_of(whole: &Whole, cells: &Cells) -> Vec<Flow> {
    let alone = cells.alone.iter().map(|alone| Cell {
        faults: vec![&alone.fault],
        answer: alone,
        source: alone.source.as_deref().filter(|_| alone.verified),
    });
    let pairs = cells.pairs.iter().filter_map(|pair| {
        Some(Cell {
            faults: pair.faults.iter().map(String::as_str).collect(),
            answer: cells.alone.iter().find(|alone| alone.fault == pair.wins)?,
            source: pair.source.as_deref().filter(|_| pair.verified),
        })
    });
    let not_spoiled = whole.is_accepted().then(|| whole.not_spoiled());
    not_spoiled.into_iter().chain(alone.chain(pairs).map(|cell| cell.flow(whole))).collect()
}

/// One request with one fault or two.
struct Cell<'a> {
    faults: Vec<&'a str>,
    answer: &'a Alone,
    /// What settles it.
    source: Option<&'a str>,
}

impl Cell<'_> {
    /// The flow of this cell. Its texts live as long as the program, as those of all flows do.
    fn flow(&self, whole: &Whole) -> Flow {
        // What S3 asks about first goes wrong last, so that it cannot undo the other.
        let spoil: Vec<Spoil> = self
            .faults
            .iter()
            .rev()
            .filter_map(|fault| whole.spoils(fault))
            .flatten()
            .copied()
            .collect();
        let expect: &[Expect] = vec![Refused(
            self.answer.status,
            leaked(&self.answer.code),
            leaked(&self.answer.message),
        )]
        .leak();
        Flow {
            name: leaked(&format!("{}/{}", whole.family, self.faults.join("-and-"))),
            source: self.source.map_or(GUESSED, leaked),
            is_verified: self.source.is_some(),
            needs: needs(&spoil).leak(),
            bucket: Bucket::Shared,
            steps: vec![Step { spoil: spoil.leak(), expect, ..whole.step }].leak(),
        }
    }
}

/// What a target must have, so that a request can be spoiled in these ways.
fn needs(spoils: &[Spoil]) -> Vec<Feature> {
    let by = |spoil: &Spoil| match spoil {
        Spoil::SignedBy(account) => Some(*account),
        _ => None,
    };
    match spoils.iter().find_map(by) {
        Some(account) => account.feature().into_iter().collect(),
        None if spoils.iter().any(|spoil| matches!(spoil, Spoil::Token(_))) => {
            vec![Feature::StaticKeys]
        }
        None => Vec::new(),
    }
}

fn leaked(text: &str) -> &'static str {
    String::leak(text.to_owned())
}
