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
