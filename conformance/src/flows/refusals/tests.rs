//! The matrix as data: whole, and each cell of it a flow.

use std::collections::BTreeSet;

use super::*;

#[test]
fn each_section_is_of_a_request_and_each_row_of_known_faults() {
    let matrix = matrix();
    let sections: BTreeSet<_> = matrix.keys().map(String::as_str).collect();
    assert_eq!(sections, REQUESTS.iter().map(|whole| whole.name).collect());
    for whole in REQUESTS {
        let (request, cells) = (whole.name, &matrix[whole.name]);
        let names: BTreeSet<_> = cells.alone.iter().map(|alone| &alone.fault).collect();
        assert_eq!(names.len(), cells.alone.len(), "{request} names a fault twice");
        let mut seen = BTreeSet::new();
        for Pair { faults, wins, .. } in &cells.pairs {
            assert!(faults.iter().all(|fault| names.contains(fault)), "{request} {faults:?}");
            assert!(faults.contains(wins), "{request} {faults:?}: {wins}");
            assert!(seen.insert(faults.iter().collect::<BTreeSet<_>>()), "{request} {faults:?}");
        }
        for name in names {
            assert!(whole.spoils(name).is_some(), "{request}: nobody knows the fault {name}");
        }
    }
}

#[test]
fn what_is_verified_has_a_source_and_nothing_else_has() {
    for (request, cells) in matrix() {
        let alone = cells.alone.iter().map(|row| (&row.fault, row.verified, &row.source));
        let pairs = cells.pairs.iter().map(|row| (&row.wins, row.verified, &row.source));
        for (fault, is_verified, source) in alone.chain(pairs) {
            assert_eq!(is_verified, source.is_some(), "{request} {fault}");
        }
    }
}

#[test]
fn every_fault_is_asked() {
    let matrix = matrix();
    let asked =
        |request: &str, name: &str| matrix[request].alone.iter().any(|alone| alone.fault == name);
    for whole in REQUESTS {
        for (name, _) in whole.faults {
            assert!(asked(whole.name, name), "{}: {name}", whole.name);
        }
    }
    for (name, _) in faults::OF_A_SIGNED_REQUEST {
        assert!(REQUESTS.iter().any(|whole| asked(whole.name, name)), "{name}");
    }
}

#[test]
fn a_cell_is_a_flow_of_its_family() {
    let flows = flows();
    let rows: usize = matrix().values().map(|cells| cells.alone.len() + cells.pairs.len()).sum();
    let accepted = REQUESTS.iter().filter(|whole| whole.is_accepted()).count();
    assert_eq!(flows.len(), rows + accepted);
    let pair = flows.iter().find(|flow| flow.name == "refusals-header/skew-and-region").unwrap();
    assert!(pair.is_verified);
    assert_eq!(pair.steps[0].spoil, [Spoil::RegionWrong, Spoil::SignedAt(-1200)]);
    let denied = flows.iter().find(|flow| flow.name == "refusals-form/denied").unwrap();
    assert_eq!(denied.needs, [Feature::SecondAccount]);
}
