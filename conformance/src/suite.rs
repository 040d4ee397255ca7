//! Many flows on one target: what it will cost, the run, and what came of it.

use std::fmt;
use std::hash::BuildHasher;
use std::hash::RandomState;
use std::io;

use stuntbucket_signer::Timestamp;

use crate::compose;
use crate::fill::Names;
use crate::flow::Account;
use crate::flow::Body;
use crate::flow::Bucket;
use crate::flow::Flow;
use crate::flow::Step;
use crate::housekeeping;
use crate::run;
use crate::run::Entry;
use crate::run::Outcome;
use crate::target::Target;
use crate::xml::Element;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Suite {
    flows: Vec<&'static Flow>,
    prefix: String,
}

/// What came of a run.
#[derive(Debug)]
pub struct Run {
    /// The name of the target.
    pub target: String,
    /// Its endpoint.
    pub endpoint: String,
    /// Its region.
    pub region: String,
    /// When the run began, by the clock of the target.
    pub began: Timestamp,
    /// The flows in the order in which they ran.
    pub entries: Vec<Entry>,
    /// Whether every flow had its turn.
    pub end: End,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Every flow had its turn.
    Complete,
    /// It was stopped, and cleaned up.
    Interrupted,
}

impl Suite {
    /// These flows, in buckets whose names start with a prefix made for this run.
    pub fn new(flows: Vec<&'static Flow>) -> Self {
        // A hasher of the standard library starts from a random number.
        let random = RandomState::new().hash_one(flows.len());
        Self { flows, prefix: format!("stuntbucket-{random:016x}") }
    }

    /// What the names of this run's buckets start with.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The flows.
    pub fn flows(&self) -> &[&'static Flow] {
        &self.flows
    }

    /// About how many requests the run takes on this target, set-up and cleaning up included.
    pub fn estimated_requests(&self, target: &dyn Target) -> usize {
        let runs = |flow: &&&'static Flow| {
            flow.needs.iter().all(|&feature| target.lacks(feature).is_none())
        };
        let of_flow = |flow: &&'static Flow| {
            let before = housekeeping::set_up(flow.bucket);
            let steps = || before.iter().chain(flow.steps);
            let is_creation = |step: &&Step| {
                step.call.starts_with("PUT /{")
                    && step.call.ends_with('}')
                    && !step.call.contains("}/")
            };
            let buckets = steps().filter(is_creation).count();
            let is_write = |step: &&Step| {
                // Where versions are kept, a deletion leaves a marker.
                ["PUT /{bucket}/", "DELETE /{bucket}/"]
                    .iter()
                    .any(|call| step.call.starts_with(call))
                    || matches!(step.body, Body::Form(_))
            };
            let writes = steps().filter(is_write).count();
            steps().count() + housekeeping::clean_up_requests(buckets, writes)
        };
        let (shared, own): (Vec<&&Flow>, Vec<_>) =
            self.flows.iter().filter(runs).partition(|flow| flow.bucket == Bucket::Shared);
        let of_shared = shared.iter().map(|flow| flow.steps.len()).sum::<usize>()
            + shared.first().map_or(0, |flow| of_flow(flow) - flow.steps.len());
        1 + own.into_iter().map(of_flow).sum::<usize>() + of_shared
    }

    /// Runs all flows, one after the other, and cleans up after each.
    ///
    /// `is_stopped` is asked before each step; `on_entry` is told of each flow when it is done.
    ///
    /// # Errors
    ///
    /// If the target does not answer, or does not accept the keys.
    pub fn run(
        &self,
        target: &mut dyn Target,
        is_stopped: &dyn Fn() -> bool,
        on_entry: &mut dyn FnMut(&Entry),
    ) -> Result<Run, CannotRun> {
        let mut names = names_of(target);
        names.set("owner_id", canonical_id(Account::Owner, target)?);
        if target.credentials(Account::Stranger).is_some() {
            names.set("stranger_id", canonical_id(Account::Stranger, target)?);
        }
        Ok(self.run_with(&names, target, is_stopped, on_entry))
    }

    fn run_with(
        &self,
        names: &Names,
        target: &mut dyn Target,
        is_stopped: &dyn Fn() -> bool,
        on_entry: &mut dyn FnMut(&Entry),
    ) -> Run {
        let mut run = Run {
            target: target.name().to_owned(),
            endpoint: target.endpoint().to_owned(),
            region: target.region().to_owned(),
            began: target.now(),
            entries: Vec::with_capacity(self.flows.len()),
            end: End::Complete,
        };
        let mut made = Vec::new();
        for (index, flow) in self.flows.iter().enumerate() {
            if is_stopped() {
                run.end = End::Interrupted;
                break;
            }
            let bucket = match flow.bucket {
                Bucket::Shared => format!("{}-shared", self.prefix),
                Bucket::None | Bucket::Default | Bucket::WithAcls => {
                    format!("{}-{index}", self.prefix)
                }
            };
            let names = with_buckets(names.clone(), &bucket, target);
            let entry = run::flow(flow, target, names, is_stopped, &mut made);
            on_entry(&entry);
            let is_interrupted = entry.outcome == Outcome::Interrupted;
            run.entries.push(entry);
            if is_interrupted {
                run.end = End::Interrupted;
                break;
            }
        }
        let left_behind = housekeeping::clean_up(&made, target);
        if let Some(last) = run.entries.last_mut() {
            last.left_behind.extend(left_behind);
        }
        run
    }
}

/// Why no flow could be run.
#[derive(Debug)]
pub enum CannotRun {
    /// There is no connection.
    NoAnswer {
        /// Where the target should be.
        endpoint: String,
        /// What went wrong.
        error: io::Error,
    },
    /// The keys of an account are not accepted.
    Refused {
        /// Whose keys.
        account: Account,
        /// What the target said.
        answer: String,
    },
    /// The first request could not be made.
    NotComposed(String),
}

impl fmt::Display for CannotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer { endpoint, error } => {
                write!(f, "`{endpoint}` does not answer: {error}")
            }
            Self::Refused { account: Account::Stranger, answer } => {
                write!(f, "the keys of the second account are not accepted: {answer}")
            }
            Self::Refused { account: _, answer } => {
                write!(f, "the keys are not accepted: {answer}")
            }
            Self::NotComposed(error) => f.write_str(error),
        }
    }
}

impl std::error::Error for CannotRun {}

/// The id of an account, which the list of its buckets names. It also tells whether the keys work.
fn canonical_id(account: Account, target: &mut dyn Target) -> Result<String, CannotRun> {
    let step =
        Step { call: "GET /", identity: crate::flow::Identity::Signed(account), ..Step::PLAIN };
    let request = compose::request(&step, &Names::default(), target)
        .map_err(|error| CannotRun::NotComposed(error.to_string()))?;
    let response = target
        .send(&request)
        .map_err(|error| CannotRun::NoAnswer { endpoint: target.endpoint().to_owned(), error })?;
    let root = Element::parse(&response.text());
    let id = root.as_ref().and_then(|root| root.at("Owner/ID"));
    match (response.status, id) {
        (200, Some(id)) => Ok(id.text.clone()),
        _ => Err(CannotRun::Refused { account, answer: response.to_string() }),
    }
}

/// Adds the buckets that one flow may name.
pub(crate) fn with_buckets(mut names: Names, bucket: &str, target: &dyn Target) -> Names {
    let url = target.addressing().url(target.endpoint(), &format!("/{bucket}"));
    names.set("bucket_url", url.trim_end_matches('/'));
    names.set("other", format!("{bucket}-other"));
    names.set("missing", format!("{bucket}-missing"));
    if let Some(website) = target.website(bucket) {
        names.set("website_host", website.host());
    }
    names.set("now", target.now().basic());
    names.set("today", target.now().date());
    names.set("tomorrow", target.now().plus_seconds(24 * 60 * 60).iso());
    names.set("bucket", bucket);
    names
}

/// What every flow may name, besides its buckets.
pub(crate) fn names_of(target: &dyn Target) -> Names {
    let mut names = Names::default();
    let region = target.region();
    names.set("region", region);
    names.set("wrong_region", compose::wrong_region(region));
    let host = target.endpoint().split_once("://").map_or("", |(_, host)| host);
    names.set("host", host);
    // Only in us-east-1 a bucket is created without a word about where.
    let document = match region {
        "us-east-1" => String::new(),
        _ => format!(
            "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
             <LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>",
        ),
    };
    names.set("create_bucket", document);
    for (name, account) in
        [("access_key", Account::Owner), ("stranger_access_key", Account::Stranger)]
    {
        if let Some(credentials) = target.credentials(account) {
            names.set(name, credentials.access_key_id);
        }
    }
    names.set("hour_ago_http", target.now().plus_seconds(-3600).http());
    names.set("in_an_hour_http", target.now().plus_seconds(3600).http());
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::Bucket;
    use crate::flow::Expect;
    use crate::flow::Identity;
    use crate::scripted::Scripted;
    use crate::scripted::answer;

    static ASKS: Flow = Flow {
        name: "test/asks",
        source: "made up",
        needs: &[],
        bucket: Bucket::None,
        steps: &[Step {
            call: "GET /{bucket}/k",
            identity: Identity::Anonymous,
            expect: &[Expect::Status(200)],
            ..Step::PLAIN
        }],
        ..Flow::PLAIN
    };

    static CREATES: Flow = Flow {
        name: "test/creates",
        bucket: Bucket::WithAcls,
        steps: &[
            Step { call: "PUT /{bucket}/k", ..Step::PLAIN },
            Step { call: "PUT /{other}", ..Step::PLAIN },
            Step { call: "GET /{bucket}/k", ..Step::PLAIN },
        ],
        source: "made up",
        needs: &[crate::flow::Feature::PublicBuckets],
        ..Flow::PLAIN
    };

    #[test]
    fn each_flow_has_a_bucket_name_of_its_own() {
        let suite = Suite::new(vec![&ASKS, &ASKS]);
        let mut target = Scripted::answering([answer(200, ""), answer(404, "")]);
        let mut told = 0;
        let names = names_of(&target);
        let run = suite.run_with(&names, &mut target, &|| false, &mut |_| told += 1);
        assert_eq!((run.end, run.entries.len(), told), (End::Complete, 2, 2));
        assert_eq!(run.entries[0].outcome, Outcome::Passed);
        assert!(matches!(run.entries[1].outcome, Outcome::Deviated(_)));
        let prefix = suite.prefix();
        assert_eq!(target.asked[0].url, format!("http://127.0.0.1:9000/{prefix}-0/k"));
        assert_eq!(target.asked[1].url, format!("http://127.0.0.1:9000/{prefix}-1/k"));
        assert!(prefix.len() < 40, "{prefix}");
    }

    static SHARES: Flow = Flow {
        name: "test/shares",
        bucket: Bucket::Shared,
        steps: &[Step { call: "GET /{bucket}/missing", ..ASK }],
        ..Flow::PLAIN
    };
    const ASK: Step = Step { expect: &[Expect::Status(404)], ..Step::PLAIN };

    #[test]
    fn flows_that_share_a_bucket_make_it_once_and_leave_none_behind() {
        let suite = Suite::new(vec![&SHARES, &SHARES]);
        let made = [answer(200, ""), answer(200, "")];
        let listing = "<R><Version><Key>k</Key><VersionId>null</VersionId></Version></R>";
        let cleaned = [answer(200, listing), answer(204, ""), answer(200, "<R/>"), answer(204, "")];
        let asked = [answer(404, ""), answer(404, "")];
        let mut target = Scripted::answering(made.into_iter().chain(asked).chain(cleaned));
        let run = suite.run_with(&names_of(&target), &mut target, &|| false, &mut |_| ());
        assert!(run.entries.iter().all(|entry| entry.outcome == Outcome::Passed));
        assert!(run.entries.iter().all(|entry| entry.left_behind.is_empty()));
        assert!(run.entries.iter().all(|entry| entry.exchanges.len() == 1));
        assert!(target.asked.iter().all(|asked| asked.url.contains("-shared")));
        assert_eq!(target.asked.len(), 8);
        // The first request, two of set-up, two steps, one bucket, one object.
        assert_eq!(suite.estimated_requests(&target), 1 + 2 + 2 + 2 + 1);
    }

    #[test]
    fn a_run_that_is_stopped_says_so() {
        let suite = Suite::new(vec![&ASKS]);
        let mut target = Scripted::default();
        let run = suite.run_with(&Names::default(), &mut target, &|| true, &mut |_| ());
        assert_eq!((run.end, run.entries.len()), (End::Interrupted, 0));
        assert!(target.asked.is_empty());
    }

    #[test]
    fn the_estimate_counts_what_is_made_and_removed() {
        let estimate = |target: &Scripted| Suite::new(vec![&CREATES]).estimated_requests(target);
        // The first request, two of set-up, three steps, two buckets, one object.
        assert_eq!(estimate(&Scripted::default()), 1 + 2 + 3 + 2 * 2 + 1);
        let lacking = vec![crate::flow::Feature::PublicBuckets];
        assert_eq!(estimate(&Scripted { lacking, ..Scripted::default() }), 1);
    }

    #[test]
    fn other_regions_are_named_when_a_bucket_is_created() {
        let names = names_of(&Scripted::default());
        assert_eq!(names.value("create_bucket"), Some(""));
        assert_eq!(names.value("host"), Some("127.0.0.1:9000"));
        assert_eq!(names.value("hour_ago_http"), Some("Wed, 31 Dec 2025 23:00:00 GMT"));
    }
}
