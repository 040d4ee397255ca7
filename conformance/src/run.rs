//! One flow on one target: set up, step by step, cleaned up.

use crate::check;
use crate::compose;
use crate::exchange::Exchange;
use crate::exchange::Request;
use crate::exchange::Response;
use crate::fill::Names;
use crate::flow::Bucket;
use crate::flow::Feature;
use crate::flow::Flow;
use crate::flow::Step;
use crate::housekeeping;
use crate::target::Target;

/// A flow and what came of it.
#[derive(Debug)]
pub struct Entry {
    /// The flow.
    pub flow: &'static Flow,
    /// What came of it.
    pub outcome: Outcome,
    /// What was said, set-up included and cleaning up left out.
    pub exchanges: Vec<Exchange>,
    /// The values that filled the flow's places.
    pub names: Names,
    /// Buckets that could not be removed.
    pub left_behind: Vec<String>,
}

/// What came of a flow.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All was as promised.
    Passed,
    /// The target lacks something that the flow needs.
    Skipped {
        /// What it needs.
        feature: Feature,
        /// Why the target lacks it.
        reason: String,
    },
    /// The target did something else.
    Deviated(Box<Deviation>),
    /// The run was stopped in the middle of it.
    Interrupted,
}

/// Where a target did other than S3 promises, with all that is needed to look at it.
#[derive(Debug, PartialEq, Eq)]
pub struct Deviation {
    /// The step, counted from 1; 0 is the set-up.
    pub step: usize,
    /// The call as the flow writes it.
    pub call: &'static str,
    /// What was sent, if anything could be.
    pub request: Option<Request>,
    /// What came back, if anything did.
    pub response: Option<Response>,
    /// What was not true, each in words.
    pub complaints: Vec<String>,
    /// What the target itself says about it.
    pub journal: Option<String>,
}

/// Runs one flow. `names` holds what every flow may name; `is_stopped` is asked before each step.
/// `made` are the buckets that earlier flows left for this one, and then those that this one leaves.
pub(crate) fn flow(
    flow: &'static Flow,
    target: &mut dyn Target,
    names: Names,
    is_stopped: &dyn Fn() -> bool,
    made: &mut Vec<String>,
) -> Entry {
    let lacking = flow.needs.iter().find_map(|&feature| Some((feature, target.lacks(feature)?)));
    let mut talk = Talk { target, names, exchanges: Vec::new(), made };
    let outcome = match lacking {
        Some((feature, reason)) => Outcome::Skipped { feature, reason },
        None => talk.all_steps(flow, is_stopped),
    };
    let Talk { names, exchanges, .. } = talk;
    let done = if flow.bucket == Bucket::Shared { Vec::new() } else { std::mem::take(made) };
    let left_behind = housekeeping::clean_up(&done, target);
    Entry { flow, outcome, exchanges, names, left_behind }
}

struct Talk<'a> {
    target: &'a mut dyn Target,
    names: Names,
    exchanges: Vec<Exchange>,
    /// The buckets that were made on the way.
    made: &'a mut Vec<String>,
}

impl Talk<'_> {
    fn all_steps(&mut self, flow: &Flow, is_stopped: &dyn Fn() -> bool) -> Outcome {
        let is_there = self.made.iter().any(|made| self.names.value("bucket") == Some(made));
        let before = if is_there { &[] } else { housekeeping::set_up(flow.bucket) };
        let before_count = before.len();
        for (index, step) in before.iter().chain(flow.steps).enumerate() {
            if is_stopped() {
                return Outcome::Interrupted;
            }
            if let Err(mut deviation) = self.step(step) {
                deviation.step = (index + 1).saturating_sub(before_count);
                deviation.journal = self.target.journal();
                return Outcome::Deviated(deviation);
            }
            if changes_settings(step) {
                self.target.settle();
            }
            // How a shared bucket was made belongs to no flow.
            if flow.bucket == Bucket::Shared && index + 1 == before_count {
                self.exchanges.clear();
            }
        }
        Outcome::Passed
    }

    fn step(&mut self, step: &Step) -> Result<(), Box<Deviation>> {
        if step.advance_seconds > 0 {
            self.target.advance(step.advance_seconds);
        }
        let mut deviation = Box::new(Deviation {
            step: 0,
            call: step.call,
            request: None,
            response: None,
            complaints: Vec::new(),
            journal: None,
        });
        let request = match compose::request(step, &self.names, self.target) {
            Ok(request) => request,
            Err(error) => {
                deviation.complaints.push(error.to_string());
                return Err(deviation);
            }
        };
        let answer = self.target.send(&request);
        let exchange =
            Exchange { request: request.clone(), response: answer.as_ref().ok().cloned() };
        self.exchanges.push(exchange);
        let response = match answer {
            Ok(response) => response,
            Err(error) => {
                deviation.complaints.push(format!("no answer: {error}"));
                deviation.request = Some(request);
                return Err(deviation);
            }
        };
        self.note_made_bucket(step, &response);
        let mut complaints =
            check::complaints(step.expect, &response, &self.names, &request.method);
        for (name, place) in step.keep {
            match check::value_at(*place, &response) {
                Some(value) => self.names.set(name, value),
                None => complaints.push(format!("nothing to keep as `{name}` at {place:?}")),
            }
        }
        if complaints.is_empty() {
            return Ok(());
        }
        deviation.complaints = complaints;
        deviation.request = Some(request);
        deviation.response = Some(response);
        Err(deviation)
    }

    fn note_made_bucket(&mut self, step: &Step, response: &Response) {
        let call = self.names.fill_call(step.call).unwrap_or_default();
        let bucket = call.strip_prefix("PUT /").filter(|name| !name.contains(['/', '?']));
        if let (Some(bucket), 200) = (bucket, response.status)
            && !self.made.iter().any(|made| made == bucket)
        {
            self.made.push(bucket.to_owned());
        }
    }
}

/// Whether the step changes who may do what, or what is kept, which takes a while to hold everywhere.
fn changes_settings(step: &Step) -> bool {
    let is_change = step.call.starts_with("PUT ") || step.call.starts_with("DELETE ");
    let settings = [
        "?acl",
        "?cors",
        "?encryption",
        "?lifecycle",
        "?ownershipControls",
        "?policy",
        "?publicAccessBlock",
        "?versioning",
        "?website",
    ];
    is_change && settings.iter().any(|setting| step.call.ends_with(setting))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Expect;
    use crate::flow::Identity;
    use crate::flow::Place;
    use crate::flow::Text;
    use crate::scripted::Scripted;
    use crate::scripted::answer;

    const ASK: Step = Step { call: "GET /b/k", identity: Identity::Anonymous, ..Step::PLAIN };

    static KEEPS: Flow = Flow {
        name: "test/keeps",
        source: "made up",
        needs: &[],
        bucket: Bucket::None,
        steps: &[
            Step { expect: &[Expect::Status(200)], keep: &[("id", Place::Xml("Id"))], ..ASK },
            Step {
                call: "GET /b/k?id={id}",
                expect: &[Expect::Status(200), Expect::Xml("Id", Text::Is("{id}"))],
                advance_seconds: 60,
                ..ASK
            },
        ],
        ..Flow::PLAIN
    };

    fn run(flow: &'static Flow, target: &mut Scripted) -> Entry {
        super::flow(flow, target, Names::default(), &|| false, &mut Vec::new())
    }

    #[test]
    fn what_a_step_keeps_fills_a_later_one() {
        let document = "<R><Id>a/1</Id></R>";
        let mut target = Scripted::answering([answer(200, document), answer(200, document)]);
        let before = target.now;
        let entry = run(&KEEPS, &mut target);
        assert_eq!(entry.outcome, Outcome::Passed);
        assert_eq!(entry.exchanges.len(), 2);
        assert_eq!(target.asked[1].url, "http://127.0.0.1:9000/b/k?id=a%2F1");
        assert_eq!(target.now, before.plus_seconds(60));
    }

    #[test]
    fn a_deviation_has_the_step_and_both_sides() {
        let mut target = Scripted::answering([
            answer(200, "<R><Id>1</Id></R>"),
            answer(404, "<R><Id>2</Id></R>"),
        ]);
        let Outcome::Deviated(deviation) = run(&KEEPS, &mut target).outcome else { panic!() };
        assert_eq!(deviation.step, 2);
        assert_eq!(deviation.call, "GET /b/k?id={id}");
        assert_eq!(deviation.response.unwrap().status, 404);
        assert_eq!(
            deviation.complaints,
            ["status 404, expected 200", "element `Id` is `2`, expected exactly `1`"],
        );
    }

    #[test]
    fn no_answer_and_nothing_to_keep_are_deviations() {
        let Outcome::Deviated(deviation) = run(&KEEPS, &mut Scripted::default()).outcome else {
            panic!()
        };
        assert_eq!(deviation.complaints, ["no answer: the script is at its end"]);
        assert_eq!(deviation.response, None);

        let mut target = Scripted::answering([answer(200, "<R/>")]);
        let Outcome::Deviated(deviation) = run(&KEEPS, &mut target).outcome else { panic!() };
        assert_eq!(deviation.complaints, ["nothing to keep as `id` at Xml(\"Id\")"]);
    }

    static NEEDS: Flow = Flow { name: "test/needs", needs: &[Feature::Clock], ..KEEPS_AGAIN };
    const KEEPS_AGAIN: Flow = Flow {
        name: "",
        source: "made up",
        needs: &[],
        bucket: Bucket::None,
        steps: &[ASK],
        ..Flow::PLAIN
    };

    #[test]
    fn a_flow_is_skipped_without_a_request_where_something_lacks() {
        let mut target = Scripted { lacking: vec![Feature::Clock], ..Scripted::default() };
        let entry = run(&NEEDS, &mut target);
        let reason = "the script says so".to_owned();
        assert_eq!(entry.outcome, Outcome::Skipped { feature: Feature::Clock, reason });
        assert!(target.asked.is_empty());
    }

    #[test]
    fn a_stopped_run_asks_nothing_more() {
        let mut target = Scripted::default();
        let entry = super::flow(&KEEPS, &mut target, Names::default(), &|| true, &mut Vec::new());
        assert_eq!(entry.outcome, Outcome::Interrupted);
        assert!(target.asked.is_empty());
    }
}
