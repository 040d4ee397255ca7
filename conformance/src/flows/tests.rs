//! What holds for every flow, wherever it runs.

use std::collections::BTreeSet;

use super::*;
use crate::flow::Bucket;
use crate::flow::Feature;
use crate::flow::Identity;
use crate::flow::Service;
use crate::flow::Spoil;

#[test]
fn names_are_of_one_form_and_each_is_there_once() {
    let mut seen = BTreeSet::new();
    for flow in all() {
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let (family, name) = flow.name.split_once('/').unwrap();
        assert!(!family.is_empty() && family.bytes().all(is_word), "{}", flow.name);
        assert!(!name.is_empty() && name.bytes().all(is_word), "{}", flow.name);
        assert!(seen.insert(flow.name), "{} is there twice", flow.name);
    }
}

/// The rows of `docs/operations.md` that are offered: the operation, and the request that asks for it.
fn offered() -> Vec<(&'static str, &'static str)> {
    let rows = include_str!("../../../docs/operations.md").lines().filter_map(|line| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let (operation, request, asks) = (cells.next()?, cells.next()?, cells.next()?);
        (request.starts_with('`') && !asks.starts_with("not offered"))
            .then_some((operation, request))
    });
    rows.collect()
}

/// Whether a step asks for this, such as `` `PUT /bucket/key?uploadId` with `x-amz-copy-source` ``.
fn asks(step: &Step, request: &str) -> bool {
    let mut words = request.split('`').skip(1).step_by(2);
    let (method, target) = words.next().and_then(|call| call.split_once(' ')).unwrap();
    let (service, target) = match target.split_once(".s3-website.localhost") {
        Some((bucket, path)) => (Service::Website, format!("/{bucket}{path}")),
        None => (Service::Api, target.to_owned()),
    };
    let (asked_method, asked) = step.call.split_once(' ').unwrap();
    // No bucket, a bucket, or a key.
    let depth = |target: &str| {
        let path = target.split('?').next().unwrap();
        path.split('/').filter(|part| !part.is_empty()).count().min(2)
    };
    asked_method == method
        && step.service == service
        && depth(asked) == depth(&target)
        && parameters(&target).all(|name| parameters(asked).any(|other| other == name))
        && words.all(|header| step.headers.iter().any(|(name, _)| *name == header))
}

/// The names of the parameters of a target.
fn parameters(target: &str) -> impl Iterator<Item = &str> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter_map(|pair| pair.split('=').next()).filter(|name| !name.is_empty())
}

#[test]
fn every_offered_operation_is_asked_for() {
    let offered = offered();
    assert!(offered.len() > 90, "{}", offered.len());
    let flows = all();
    let steps = || flows.iter().flat_map(|flow| flow.steps);
    for (operation, request) in offered {
        assert!(steps().any(|step| asks(step, request)), "{operation}: {request}");
    }
}

#[test]
fn every_flow_has_a_source_and_every_step_an_expectation() {
    for flow in all() {
        let source = flow.source;
        let is_source = source.starts_with("https://")
            || source.starts_with("recorded by ")
            || source.starts_with("pinned by ");
        assert_eq!(is_source, flow.is_verified, "{}: {source}", flow.name);
        assert!(!flow.steps.is_empty(), "{}", flow.name);
        for step in flow.steps {
            assert!(!step.expect.is_empty(), "{}: {}", flow.name, step.call);
        }
    }
}

/// On a real account nothing outside of the run's own buckets may be touched.
#[test]
fn every_call_is_to_a_bucket_of_the_run() {
    for flow in all() {
        for step in flow.steps {
            let (method, path) = step.call.split_once(' ').unwrap();
            let is_own = ["/{bucket}", "/{other}", "/{missing}"].iter().any(|own| {
                path.strip_prefix(own)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
            });
            assert!(is_own || step.call == "GET /", "{}: {}", flow.name, step.call);
            assert!(method.bytes().all(|byte| byte.is_ascii_uppercase()), "{}", step.call);
        }
    }
}

#[test]
fn what_a_step_needs_its_flow_names() {
    for flow in all() {
        let needs = |feature| flow.needs.contains(&feature);
        for step in flow.steps {
            let account = match step.identity {
                Identity::Anonymous => None,
                Identity::Form(account)
                | Identity::Signed(account)
                | Identity::Presigned { account, .. } => Some(account),
            };
            let spoiled = step.spoil.iter().find_map(|spoil| match spoil {
                Spoil::SignedBy(account) => Some(*account),
                _ => None,
            });
            for account in account.into_iter().chain(spoiled) {
                assert!(account.feature().is_none_or(needs), "{}", flow.name);
            }
            assert!(step.service == Service::Api || needs(Feature::Website), "{}", flow.name);
            assert!(step.advance_seconds == 0 || needs(Feature::Clock), "{}", flow.name);
        }
        if flow.bucket == Bucket::WithAcls {
            assert!(needs(Feature::PublicBuckets), "{}", flow.name);
        }
    }
}
