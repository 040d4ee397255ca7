//! All flows pass on the emulator, and none is skipped there.

use stuntbucket_conformance::EmulatorTarget;
use stuntbucket_conformance::End;
use stuntbucket_conformance::Known;
use stuntbucket_conformance::Outcome;
use stuntbucket_conformance::Report;
use stuntbucket_conformance::Suite;
use stuntbucket_conformance::flows;

#[test]
fn all_flows_pass_and_none_is_skipped() {
    let all = flows::all();
    let mut target = EmulatorTarget::start().unwrap();
    let run = Suite::new(all.clone()).run(&mut target, &|| false, &mut |_| ()).unwrap();
    let known = Known::default();
    let judgement = known.judge(&run, &all);
    let report = Report { run: &run, known: &known, judgement: &judgement };
    assert!(judgement.is_good(), "{}", report.text());
    assert_eq!((run.end, run.entries.len()), (End::Complete, all.len()));
    for entry in &run.entries {
        assert_eq!(entry.outcome, Outcome::Passed, "{}", entry.flow.name);
        assert!(entry.left_behind.is_empty(), "{}: {:?}", entry.flow.name, entry.left_behind);
    }
}
